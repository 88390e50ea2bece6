//! Figures as tables with words: what a terminal and `stats.md.j2` show.

mod tables;

use inc_core::incident::Kind;
use inc_core::instant::Instant;
use serde::Serialize;

use super::{KindView, Question, StatsView};

/// Everything that is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    /// `Incidents by severity and month`.
    pub title: String,
    /// The day and the zone; what stands apart.
    pub lines: Vec<String>,
    /// One part for each kind that was asked for.
    pub parts: Vec<Part>,
}

/// The figures of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// `23 incidents: 2 open, 1 cancelled; 2022-04-03 to 2023-04-09`.
    pub headline: String,
    /// The tables.
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell a column.
    pub rows: Vec<Vec<String>>,
    /// What must be known to read it.
    pub notes: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers.
    pub right: bool,
}

impl Page {
    /// The page of these figures.
    pub fn of(view: &StatsView) -> Self {
        let mut lines = vec![format!("As of {} ({})", view.today, view.timezone)];
        lines.extend(view.apart.iter().map(|apart| {
            let name = apart.kind.name();
            format!("Apart: {} of kind {name} (--kind {name})", apart.count)
        }));
        let title = match view.question {
            Question::Overview => "Incidents".to_owned(),
            Question::By => format!("Incidents by {}", view.by.join(" and ")),
            Question::Trend => format!("Incidents, each {} against the one before", view.by.join("")),
            Question::Pareto => "Root causes".to_owned(),
            Question::Pdca => "What PDCAs make of incidents".to_owned(),
        };
        Self { title, lines, parts: view.kinds.iter().map(|kind| Part::of(kind, view)).collect() }
    }
}

impl Part {
    fn of(kind: &KindView, view: &StatsView) -> Self {
        let mut tables = vec![];
        tables.extend(kind.severities.as_ref().map(tables::severities));
        if let Some(cells) = &kind.cells {
            tables.extend(tables::by(cells, &view.by));
        }
        tables.extend(kind.trend.iter().flat_map(|rows| tables::trend(rows)));
        if view.question == Question::Overview {
            tables.extend(tables::durations(kind));
        }
        tables.extend(kind.pareto.as_ref().map(tables::pareto));
        tables.extend(kind.pdca.as_ref().map(tables::learning));
        Self { headline: headline(kind), tables: if kind.count == 0 { vec![] } else { tables } }
    }
}

fn headline(kind: &KindView) -> String {
    let (one, many) = match kind.kind {
        Kind::Incident => ("incident", "incidents"),
        Kind::Drill => ("drill", "drills"),
        Kind::NearMiss => ("near miss", "near misses"),
    };
    let mut words = match kind.count {
        0 => return format!("no {one}"),
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    };
    let states = [(kind.open, "open"), (kind.cancelled, "cancelled")];
    let states: Vec<String> = states
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if !states.is_empty() {
        words = format!("{words}: {}", states.join(", "));
    }
    let day = |at: &Instant| at.datetime().date_naive().to_string();
    match kind.first_at.as_ref().zip(kind.last_at.as_ref()) {
        Some((first, last)) => format!("{words}; {} to {}", day(first), day(last)),
        None => words,
    }
}

/// Heights of a row of numbers against the greatest of them; zero is the lowest.
pub fn spark(numbers: &[usize]) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = numbers.iter().copied().max().unwrap_or_default().max(1);
    // Whatever happened is higher than nothing.
    let level = |number: usize| (number * 7).div_ceil(most);
    numbers.iter().map(|number| LEVELS[level(*number).min(7)]).collect()
}

/// Minutes in as few characters as tell them: `45m`, `1h14m`, `2d3h`; business time has no days: `51h`.
pub fn short(minutes: Option<i64>, hours: &str) -> String {
    let Some(minutes) = minutes else {
        return "-".to_owned();
    };
    let (sign, minutes) = if minutes < 0 { ("-", -minutes) } else { ("", minutes) };
    let words = match (minutes, hours) {
        (0..60, _) => format!("{minutes}m"),
        (60..1440, _) => two(minutes / 60, "h", minutes % 60, "m"),
        (1440..6000, "business") => two(minutes / 60, "h", minutes % 60, "m"),
        (_, "business") => format!("{}h", minutes / 60),
        (1440..144_000, _) => two(minutes / 1440, "d", minutes / 60 % 24, "h"),
        _ => format!("{}d", minutes / 1440),
    };
    format!("{sign}{words}")
}

fn two(first: i64, unit: &str, second: i64, small: &str) -> String {
    if second == 0 { format!("{first}{unit}") } else { format!("{first}{unit}{second}{small}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_tells_nothing_from_little() {
        for (numbers, expected) in [
            (&[][..], ""),
            (&[0, 0], "▁▁"),
            (&[0, 1, 100], "▁▂█"),
            (&[1, 1], "██"),
            (&[0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ] {
            assert_eq!(spark(numbers), expected, "{numbers:?}");
        }
    }

    #[test]
    fn minutes_are_told_in_six_characters() {
        for (minutes, calendar, business) in [
            (0, "0m", "0m"),
            (59, "59m", "59m"),
            (60, "1h", "1h"),
            (74, "1h14m", "1h14m"),
            (1439, "23h59m", "23h59m"),
            (1440, "1d", "24h"),
            (1565, "1d2h", "26h5m"),
            (5999, "4d3h", "99h59m"),
            (6000, "4d4h", "100h"),
            (144_000, "100d", "2400h"),
            (-74, "-1h14m", "-1h14m"),
        ] {
            assert_eq!(short(Some(minutes), "calendar"), calendar);
            assert_eq!(short(Some(minutes), "business"), business);
        }
        assert_eq!(short(None, "calendar"), "-");
    }
}
