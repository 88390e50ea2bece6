//! What `--format json` and `ndjson` print of an incident: a promise to scripts.

use inc_core::answer::Answer;
use inc_core::incident::Kind;
use inc_core::instant::Instant;
use inc_core::measure::Measure;
use inc_core::query::{Cell, Column};
use inc_core::severity::Levels;
use inc_core::summary::Summary;
use serde::{Serialize, Serializer};

use crate::view::{SeverityView, StatusView};

/// One line of the list; the array of them is what `--format json` prints where no columns are asked for.
#[derive(Debug, Serialize)]
pub struct Row {
    id: String,
    title: String,
    kind: Kind,
    status: StatusView,
    severity: SeverityView,
    environment: Option<String>,
    commander: Option<String>,
    started_at: Answer<Instant>,
    declared_at: Instant,
    resolved_at: Option<Instant>,
    time_to_resolve: Measure,
    /// Whether values of a merge wait to be settled.
    contested: bool,
}

/// One incident as it is printed as JSON.
#[derive(Serialize)]
#[serde(untagged)]
pub enum RowView {
    /// With what most ask for.
    Usual(Box<Row>),
    /// With the columns that were asked for.
    Chosen(Chosen),
}

/// The columns that were asked for, by their names, in their order.
pub struct Chosen(Vec<(String, Cell)>);

impl Serialize for Chosen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, cell)| (name, cell)))
    }
}

impl RowView {
    /// An incident with these columns; with the usual ones where there are none.
    pub fn of(summary: &Summary, columns: &[Column], levels: &Levels) -> Self {
        match columns.is_empty() {
            true => Self::Usual(Box::new(usual(summary, levels))),
            false => Self::Chosen(Chosen(
                columns.iter().map(|column| (column.to_string(), column.read(summary))).collect(),
            )),
        }
    }
}

fn usual(summary: &Summary, levels: &Levels) -> Row {
    Row {
        id: summary.id.to_string(),
        title: summary.title.to_string(),
        kind: summary.kind,
        status: StatusView::of(summary.status),
        severity: SeverityView::with(summary.severity, &summary.assessment, levels),
        environment: summary.environment.as_ref().map(ToString::to_string),
        commander: summary.commander.as_ref().map(ToString::to_string),
        started_at: summary.moments.started_at.clone(),
        declared_at: summary.moments.declared_at,
        resolved_at: summary.moments.resolved_at,
        time_to_resolve: summary.measures().time_to_resolve,
        contested: summary.contested,
    }
}
