//! Figures as bars: where each begins, how long it is and what it is called; `stats.svg.j2` draws them.
//!
//! All lengths are whole pixels by integers, so that the same figures are the same bytes everywhere.

use inc_core::text::clean_line;
use serde::Serialize;

use super::{KindView, Question, StatsView};
use crate::output::cut;

/// Where the bars begin, how long the longest is, and how high a row is.
const LEFT: usize = 190;
const LENGTH: usize = 380;
const ROW: usize = 22;
/// How many parts of a bar have a colour of their own; the rest share the last.
const COLOURS: usize = 8;
/// How much of a name stands beside its bar.
const NAME: usize = 26;

/// A chart of horizontal bars, one part below the other for each kind.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The same with the figures, for who hears it.
    pub description: String,
    /// How wide it is.
    pub width: usize,
    /// How high it is.
    pub height: usize,
    /// What the colours mean; empty where there is one.
    pub legend: Vec<Entry>,
    /// The headings.
    pub headings: Vec<Heading>,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// One colour.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// What it means.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Where it stands.
    pub x: usize,
    /// How deep it stands.
    pub y: usize,
}

/// A line of words.
#[derive(Debug, Clone, Serialize)]
pub struct Heading {
    /// The words.
    pub text: String,
    /// How deep they stand.
    pub y: usize,
}

/// One bar.
#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// The same whole, where it was cut.
    pub whole: String,
    /// What stands at its end.
    pub number: String,
    /// How deep it stands.
    pub y: usize,
    /// Where its end is.
    pub end: usize,
    /// Its parts.
    pub parts: Vec<Piece>,
}

/// One part of a bar.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    /// Where it begins.
    pub x: usize,
    /// How long it is.
    pub width: usize,
    /// Its colour.
    pub class: String,
    /// What it is, for who points at it.
    pub title: String,
}

/// A bar before it is measured: its name, each part by colour, and the words at its end.
struct Row {
    name: String,
    parts: Vec<(usize, usize)>,
    number: String,
}

/// The rows of one kind, and by what they are coloured.
struct Rows {
    colours: Vec<String>,
    by_severity: bool,
    rows: Vec<Row>,
}

impl Chart {
    /// The chart of these figures: how many, or for PDCAs which share.
    pub fn of(view: &StatsView) -> Self {
        let parts: Vec<(&KindView, Rows)> =
            view.kinds.iter().map(|kind| (kind, Rows::of(kind, view))).collect();
        let most =
            parts.iter().flat_map(|(_, rows)| &rows.rows).map(Row::sum).max().unwrap_or_default().max(1);
        let most = if view.question == Question::Pdca { 1000 } else { most };
        let title = super::page::Page::of(view).title;
        let mut chart = Self {
            title: format!("{title}, {}", view.today),
            description: String::new(),
            width: LEFT + LENGTH + 70,
            height: 44,
            legend: vec![],
            headings: vec![],
            bars: vec![],
        };
        for (kind, rows) in &parts {
            chart.add(kind, rows, most);
        }
        let told = chart.bars.iter().map(|bar| format!("{}: {}", bar.whole, bar.number));
        chart.description = told.collect::<Vec<_>>().join("; ");
        chart.height += 8;
        chart
    }

    fn add(&mut self, kind: &KindView, rows: &Rows, most: usize) {
        self.height += 20;
        self.headings
            .push(Heading { text: format!("{}: {}", kind.kind.name(), kind.count), y: self.height - 6 });
        self.add_legend(rows);
        for row in &rows.rows {
            let mut sum = 0;
            let mut parts = vec![];
            for (colour, count) in row.parts.iter().filter(|(_, count)| *count > 0) {
                let (from, to) = (sum * LENGTH / most, (sum + count) * LENGTH / most);
                sum += count;
                let title = rows.colours.get(*colour).map_or_else(
                    || format!("{}: {}", clean_line(&row.name), row.number),
                    |name| format!("{}, {}: {count}", clean_line(&row.name), clean_line(name)),
                );
                parts.push(Piece {
                    x: LEFT + from,
                    width: (to - from).max(1),
                    class: rows.class(*colour),
                    title,
                });
            }
            let whole = clean_line(&row.name);
            self.bars.push(Bar {
                name: cut(&whole, NAME),
                whole,
                number: row.number.clone(),
                y: self.height,
                end: LEFT + sum * LENGTH / most + 6,
                parts,
            });
            self.height += ROW;
        }
    }

    fn add_legend(&mut self, rows: &Rows) {
        let shared = rows.colours.len() > COLOURS;
        let names = rows.colours.iter().take(if shared { COLOURS - 1 } else { COLOURS });
        let names: Vec<String> = names.cloned().chain(shared.then(|| "others".to_owned())).collect();
        for (place, name) in names.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                self.height += 18;
            }
            self.legend.push(Entry {
                name: cut(&clean_line(name), 18),
                class: rows.class(place),
                x: 10 + place % 4 * 155,
                y: self.height,
            });
        }
        self.height += if names.is_empty() { 0 } else { 24 };
    }
}

impl Row {
    fn sum(&self) -> usize {
        self.parts.iter().map(|(_, count)| count).sum()
    }

    fn plain(name: String, count: usize) -> Self {
        Self { name, parts: vec![(0, count)], number: count.to_string() }
    }
}

impl Rows {
    fn of(kind: &KindView, view: &StatsView) -> Self {
        match view.question {
            Question::Overview => Self::severities(kind),
            Question::By if view.by.len() == 2 => Self::crossed(kind, view),
            Question::By => Self::plain(kind.cells.iter().flatten().map(|cell| {
                Row::plain(cell.keys[0].clone().unwrap_or_else(|| "(not asked)".to_owned()), cell.count)
            })),
            Question::Trend => Self::plain(kind.trend.iter().flatten().map(|row| {
                let so_far = if row.so_far { " so far" } else { "" };
                Row::plain(format!("{}{so_far}", row.period), row.count)
            })),
            Question::Pareto => Self::plain(
                kind.pareto
                    .iter()
                    .flat_map(|it| &it.causes)
                    .map(|cause| Row::plain(cause.root_cause.clone(), cause.count)),
            ),
            Question::Pdca => Self::plain(kind.pdca.iter().flat_map(|it| &it.shares).map(|share| Row {
                name: share.words.to_owned(),
                parts: vec![(0, inc_core::stats::share(share.count, share.of).unwrap_or_default())],
                number: format!("{} of {}", share.count, share.of),
            })),
        }
    }

    fn plain(rows: impl Iterator<Item = Row>) -> Self {
        Self { colours: vec![], by_severity: false, rows: rows.collect() }
    }

    /// A bar a month, a colour a severity.
    fn severities(kind: &KindView) -> Self {
        let Some(view) = &kind.severities else {
            return Self::plain(std::iter::empty());
        };
        let rows = view.months.iter().enumerate().map(|(place, month)| {
            let parts: Vec<(usize, usize)> =
                view.rows.iter().map(|row| row.by_month[place]).enumerate().collect();
            let sum: usize = parts.iter().map(|(_, count)| count).sum();
            Row { name: month.clone(), parts, number: sum.to_string() }
        });
        let colours = view.rows.iter().map(|row| row.severity.clone()).collect();
        Self { colours, by_severity: true, rows: rows.collect() }
    }

    /// A bar for each value of the second group, a colour for each of the first.
    fn crossed(kind: &KindView, view: &StatsView) -> Self {
        let name = |key: &Option<String>| key.clone().unwrap_or_else(|| "(not asked)".to_owned());
        let (mut colours, mut rows): (Vec<String>, Vec<Row>) = (vec![], vec![]);
        for cell in kind.cells.iter().flatten() {
            let (colour, bar) = (name(&cell.keys[0]), name(&cell.keys[1]));
            let colour = colours.iter().position(|known| *known == colour).unwrap_or_else(|| {
                colours.push(colour);
                colours.len() - 1
            });
            match rows.iter_mut().find(|row| row.name == bar) {
                Some(row) => row.parts.push((colour, cell.count)),
                None => {
                    rows.push(Row { name: bar, parts: vec![(colour, cell.count)], number: String::new() })
                }
            }
        }
        for row in &mut rows {
            row.number = row.sum().to_string();
        }
        Self { colours, by_severity: view.by.first() == Some(&"severity"), rows }
    }

    fn class(&self, colour: usize) -> String {
        let letter = if self.by_severity { 's' } else { 'c' };
        format!("{letter}{}", colour.min(COLOURS - 1))
    }
}
