//! A severity policy as tables of words: levels, bands, matrix, floors; then conditions and notes.

use inc_core::impact::{Breadth, Depth};
use inc_core::severity::{Condition, Policy, Severity, Unknown};
use serde::Serialize;

/// A policy for people.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyView {
    /// Where it is from: a file, or the built-in one.
    pub from: String,
    /// Its tables, in the order in which people read them.
    pub tables: Vec<TableView>,
    /// Bounds under circumstances, a sentence each.
    pub conditions: Vec<String>,
    /// How the rest is taken, a sentence each.
    pub notes: Vec<String>,
}

/// One table.
#[derive(Debug, Clone, Serialize)]
pub struct TableView {
    /// What it shows.
    pub title: String,
    /// The heads of its columns.
    pub header: Vec<String>,
    /// Its rows, as wide as the header.
    pub rows: Vec<Vec<String>>,
}

impl TableView {
    fn new(title: &str, header: &[&str], rows: Vec<Vec<String>>) -> Self {
        let header = header.iter().map(ToString::to_string).collect();
        Self { title: title.to_owned(), header, rows }
    }
}

impl PolicyView {
    /// The view of a policy that is `from` somewhere.
    pub fn of(policy: &Policy, from: &str) -> Self {
        let mut tables = vec![levels(policy), breadths(policy), depths(policy), matrix(policy)];
        tables.push(floors(policy));
        let unknown = match policy.unknown {
            Unknown::AssumeWorst => "A missing or unknown input counts as the worst that it may be",
            Unknown::Ignore => "A missing or unknown input is left out",
        };
        Self {
            from: from.to_owned(),
            tables,
            conditions: policy.conditions.iter().map(condition).collect(),
            notes: vec![
                "The worst of the matrix's cell and the floors holds.".to_owned(),
                format!("{unknown}; either way the severity is provisional then."),
            ],
        }
    }
}

fn levels(policy: &Policy) -> TableView {
    let row = |severity: Severity| {
        let level = policy.levels.of(severity);
        let demands = level.demands().join("; ");
        vec![
            format!("{} {severity}", level.colour.mark()),
            level.label.to_string(),
            level.means.to_string(),
            if demands.is_empty() { "nothing".to_owned() } else { demands },
        ]
    };
    let rows = Severity::ALL.into_iter().map(row).collect();
    TableView::new("Levels", &["severity", "label", "means", "demands"], rows)
}

fn breadths(policy: &Policy) -> TableView {
    let bands = &policy.customer_impact;
    let ends = [&bands.none, &bands.s, &bands.m, &bands.l].map(|band| band.up_to_percent);
    let row = |(n, band): (usize, Breadth)| {
        let share = match ends.get(n) {
            Some(end) => format!("up to {end} %"),
            None => format!("above {} %", bands.l.up_to_percent),
        };
        vec![band.to_string(), share, policy.breadth_words(band).to_string()]
    };
    let rows = Breadth::ALL.into_iter().enumerate().map(row).collect();
    TableView::new("Customer impact (breadth)", &["band", "share of customers", "words"], rows)
}

fn depths(policy: &Policy) -> TableView {
    let row = |band: Depth| vec![band.to_string(), policy.depth_words(band).to_string()];
    let rows = Depth::ALL.into_iter().map(row).collect();
    TableView::new("Single-customer impact (depth)", &["band", "words"], rows)
}

fn matrix(policy: &Policy) -> TableView {
    let row = |breadth: Breadth| {
        let cells = Depth::ALL.into_iter().map(|depth| policy.cell(breadth, depth).to_string());
        std::iter::once(breadth.to_string()).chain(cells).collect()
    };
    let rows = Breadth::ALL.into_iter().map(row).collect();
    TableView::new("Matrix: rows are breadth, columns depth", &["breadth", "S", "M", "L", "XL"], rows)
}

fn floors(policy: &Policy) -> TableView {
    let rows = policy.floor_lines().into_iter().map(|line| {
        let optional = if line.optional { ", if asked" } else { "" };
        vec![format!("{}{optional}", line.input), line.from, line.level.to_string()]
    });
    TableView::new(
        "Floors: from this value on, at least this severity",
        &["input", "from", "severity"],
        rows.collect(),
    )
}

fn condition(condition: &Condition) -> String {
    let bounds = [("worse", condition.cap), ("milder", condition.floor)];
    let bounds = bounds.into_iter().filter_map(|(than, level)| Some(format!("never {than} than {}", level?)));
    format!(
        "With {}: {} ({}).",
        condition.when.words(),
        bounds.collect::<Vec<_>>().join(" and "),
        condition.why
    )
}
