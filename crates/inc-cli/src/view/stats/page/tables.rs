//! The tables of a page, one function a question.

use super::{Column, Table, short, spark};
use crate::view::stats::{
    CellView, ChangeView, KindView, LearningView, MeasureView, ParetoView, SeveritiesView, TrendView,
};

/// How many periods a sparkline shows at the most: as many as fit beside a name and a number.
const LINE: usize = 24;

const FIGURES: [&str; 6] = ["n", "median", "p90", "min", "max", "mean"];

fn columns(texts: &[&str], numbers: &[&str]) -> Vec<Column> {
    let column = |right| move |name: &&str| Column { name: (*name).to_owned(), right };
    texts.iter().map(column(false)).chain(numbers.iter().map(column(true))).collect()
}

/// Counts by severity, with the last twelve months.
pub fn severities(view: &SeveritiesView) -> Table {
    let all: usize = view.rows.iter().map(|row| row.count).sum();
    let mut columns = columns(&["severity"], &["n", "share"]);
    let (first, last) = (view.months.first(), view.months.last());
    let name = first.zip(last).map(|(first, last)| format!("{first} to {last}")).unwrap_or_default();
    columns.push(Column { name, right: false });
    let rows = view.rows.iter().map(|row| {
        vec![row.severity.clone(), row.count.to_string(), share(row.count, all), spark(&row.by_month)]
    });
    Table { title: "By severity".to_owned(), columns, rows: rows.collect(), notes: vec![] }
}

/// `8.7%`.
fn share(part: usize, of: usize) -> String {
    percent(super::super::percent(part, of))
}

fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1}%"))
}

/// Durations of all of a kind together, a row each.
pub fn durations(kind: &KindView) -> Vec<Table> {
    let each = ["calendar", "business"].into_iter().filter_map(|hours| {
        let of: Vec<&MeasureView> = kind.measures.iter().filter(|it| it.hours == hours).collect();
        if of.is_empty() {
            return None;
        }
        let rows = of.iter().map(|it| row(&label(it), it)).collect();
        let notes = of.iter().filter_map(|it| uncomputable(it)).collect();
        let title = format!("How long ({hours} hours)");
        Some(Table { title, columns: columns(&["time"], &FIGURES), rows, notes })
    });
    each.collect()
}

/// `to resolve`, `in SEV-1`.
fn label(it: &MeasureView) -> String {
    let words = it.measure.trim_start_matches("time_");
    match words.strip_prefix("in_sev_") {
        Some(number) => format!("in SEV-{number}"),
        None => words.replace('_', " "),
    }
}

fn row(name: &str, it: &MeasureView) -> Vec<String> {
    let figures = [it.median, it.p90, it.min, it.max, it.mean].map(|minutes| short(minutes, it.hours));
    [name.to_owned(), it.n.to_string()].into_iter().chain(figures).collect()
}

/// `to resolve: 2 of 23 not computable: 1 started_at unknown; 1 resolved_at missing`.
fn uncomputable(it: &MeasureView) -> Option<String> {
    let why: Vec<String> =
        it.missing.iter().map(|missing| format!("{} {}", missing.count, missing.why)).collect();
    let of = it.n + it.uncomputable;
    (it.uncomputable > 0)
        .then(|| format!("{}: {} of {of} not computable: {}", label(it), it.uncomputable, why.join("; ")))
}

/// Counts by the groups, then each duration.
pub fn by(cells: &[CellView], by: &[&str]) -> Vec<Table> {
    let mut tables = vec![counts(cells, by)];
    let asked = cells.first().map(|cell| cell.measures.len()).unwrap_or_default();
    for place in 0..asked {
        // With two groups there is a table for each value of the first, so that it is no wider.
        for part in cells.chunk_by(|a, b| by.len() < 2 || a.keys[0] == b.keys[0]) {
            tables.extend(measured(part, by, place));
        }
    }
    tables
}

fn name(key: &Option<String>) -> String {
    key.clone().unwrap_or_else(|| "(not asked)".to_owned())
}

fn measured(cells: &[CellView], by: &[&str], place: usize) -> Option<Table> {
    let cells: Vec<&CellView> = cells.iter().filter(|cell| cell.count > 0).collect();
    let of = |cell: &&CellView| cell.measures[place].clone();
    let first = cells.first()?;
    let it = of(first);
    let part = if by.len() < 2 { String::new() } else { format!(", {}", name(&first.keys[0])) };
    let title = format!("Time {}{part} ({} hours)", label(&it), it.hours);
    let last = |cell: &CellView| cell.keys.last().map(name).unwrap_or_default();
    let rows = cells.iter().map(|cell| row(&last(cell), &of(cell))).collect();
    let lacking = cells.iter().filter_map(|cell| Some((cell, uncomputable(&of(cell))?)));
    let notes = lacking.map(|(cell, why)| format!("{}, {why}", last(cell)));
    Some(Table { title, columns: columns(&by[by.len() - 1..], &FIGURES), rows, notes: notes.collect() })
}

fn counts(cells: &[CellView], by: &[&str]) -> Table {
    let all: usize = cells.iter().map(|cell| cell.count).sum();
    let is_period = |name: &str| matches!(name, "month" | "quarter" | "year");
    match by {
        [a, b] if is_period(b) => lines(cells, a, (0, 1)),
        [a, b] if is_period(a) => lines(cells, b, (1, 0)),
        _ => {
            let rows = cells.iter().map(|cell| {
                let names = cell.keys.iter().map(name);
                names.chain([cell.count.to_string(), share(cell.count, all)]).collect()
            });
            let mut notes = vec![];
            if by.len() == 1 && by.first().is_some_and(|name| is_period(name)) {
                let numbers: Vec<usize> = cells.iter().map(|cell| cell.count).collect();
                notes.extend(numbers.chunks(LINE).map(spark));
            }
            Table {
                title: "How many".to_owned(),
                columns: columns(by, &["n", "share"]),
                rows: rows.collect(),
                notes,
            }
        }
    }
}

/// A row for each value of the one group, with a sparkline over the periods of the other.
fn lines(cells: &[CellView], group: &str, (row, column): (usize, usize)) -> Table {
    let mut keys: Vec<&Option<String>> = vec![];
    let mut periods: Vec<&Option<String>> = vec![];
    for cell in cells {
        for (have, key) in [(&mut keys, &cell.keys[row]), (&mut periods, &cell.keys[column])] {
            if !have.contains(&key) {
                have.push(key);
            }
        }
    }
    let from = periods.len().saturating_sub(LINE);
    let mut columns = columns(&[group], &["n"]);
    let (first, last) = (periods.get(from), periods.last());
    let span = first.zip(last).map(|(first, last)| format!("{} to {}", name(first), name(last)));
    columns.push(Column { name: span.unwrap_or_default(), right: false });
    let rows = keys.into_iter().map(|key| {
        let of: Vec<usize> =
            cells.iter().filter(|cell| cell.keys[row] == *key).map(|cell| cell.count).collect();
        vec![name(key), of.iter().sum::<usize>().to_string(), spark(&of[from.min(of.len())..])]
    });
    let notes = (from > 0).then(|| format!("The line shows the last {LINE} of {}.", periods.len()));
    Table { title: "How many".to_owned(), rows: rows.collect(), columns, notes: notes.into_iter().collect() }
}

/// Each period against the one before: the count, and each median.
pub fn trend(rows: &[TrendView]) -> Vec<Table> {
    let change = |change: Option<ChangeView>, words: &dyn Fn(i64) -> String| {
        change
            .and_then(|it| it.by)
            .map_or_else(|| "-".to_owned(), |by| if by > 0 { format!("+{}", words(by)) } else { words(by) })
    };
    let remark = |row: &TrendView, few: bool| {
        let words = [(row.so_far, "so far"), (row.in_part, "in part"), (few, "too few")];
        words.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
    };
    let few = |change: Option<ChangeView>| change.is_some_and(|it| it.too_few);
    let table = |title: &str, figures: &[&str], rows: Vec<Vec<String>>| {
        let mut columns = columns(&["period"], figures);
        columns.push(Column { name: "remark".to_owned(), right: false });
        let is_few = rows.iter().any(|row| row.last().is_some_and(|it| it.contains("too few")));
        let notes = is_few.then(|| {
            format!(
                "too few: fewer than {} on either side; the change says nothing.",
                inc_core::stats::TOO_FEW
            )
        });
        Table { title: title.to_owned(), columns, rows, notes: notes.into_iter().collect() }
    };
    let counts = rows.iter().map(|row| {
        let by = change(row.change, &|by| by.to_string());
        vec![row.period.clone(), row.count.to_string(), by, remark(row, few(row.change))]
    });
    let mut tables = vec![table("How many", &["n", "change"], counts.collect())];
    let asked = rows.first().map(|row| row.measures.len()).unwrap_or_default();
    for place in 0..asked {
        let of = |row: &TrendView| row.measures[place].clone();
        let lines = rows.iter().map(|row| {
            let it = of(row);
            let by = change(it.change, &|by| short(Some(by), it.figures.hours));
            let median = short(it.figures.median, it.figures.hours);
            vec![row.period.clone(), it.figures.n.to_string(), median, by, remark(row, few(it.change))]
        });
        let it = of(&rows[0]).figures;
        let title = format!("Time {} ({} hours)", label(&it), it.hours);
        let mut table = table(&title, &["n", "median", "change"], lines.collect());
        let lacking = rows.iter().filter_map(|row| Some((row, uncomputable(&of(row).figures)?)));
        table.notes.extend(lacking.map(|(row, why)| format!("{}, {why}", row.period)));
        tables.push(table);
    }
    tables
}

/// Root causes, the most frequent first.
pub fn pareto(view: &ParetoView) -> Table {
    let rows = view.causes.iter().map(|cause| {
        let shares = [cause.percent, cause.cumulative_percent].map(|it| percent(Some(it)));
        [cause.root_cause.clone(), cause.count.to_string()].into_iter().chain(shares).collect()
    });
    let words = view.words.iter().map(|(word, count)| format!("Left out: {count} answered {word}"));
    let not_asked = (view.not_asked > 0).then(|| format!("Left out: {} not asked yet", view.not_asked));
    Table {
        title: format!("{} with a known root cause", view.known),
        columns: columns(&["root cause"], &["n", "share", "sum"]),
        rows: rows.collect(),
        notes: words.chain(not_asked).collect(),
    }
}

/// What PDCAs make of incidents.
pub fn learning(view: &LearningView) -> Table {
    let rows = view.shares.iter().map(|it| {
        let of = format!("{} of {}", it.count, it.of);
        let out = if it.left_out == 0 { "-".to_owned() } else { it.left_out.to_string() };
        vec![it.words.to_owned(), percent(it.percent), of, out]
    });
    let checks = &view.checks;
    let mut notes = vec![format!(
        "Checks: {} done, {} open, {} overdue, {} without a day",
        checks.done, checks.open, checks.overdue, checks.undated
    )];
    if view.abandoned > 0 {
        notes.push(format!("Left out: checks and due days of {} abandoned", view.abandoned));
    }
    if view.other_pdcas > 0 {
        notes.push(format!("Left out: {} of other sources or other incidents", view.other_pdcas));
    }
    Table {
        title: format!("PDCA: {} of these incidents", view.pdcas),
        columns: columns(&["figure"], &["share", "of", "left out"]),
        rows: rows.collect(),
        notes,
    }
}
