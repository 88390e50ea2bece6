//! What a PDCA comes from: its incident, or another source.

use inc_core::incident::Incident;
use inc_core::pdca::{Pdca, SourceKind};
use inc_core::severity::Levels;
use serde::Serialize;

use crate::view::incident_report::when;
use crate::view::property::Property;

/// The incident that a PDCA comes from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceIncident {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its severity with its mark, `🟡 SEV-3`.
    pub severity: String,
    /// Its status, `4 - post-mortem completed`.
    pub status: String,
    /// When it began and ended, and how long that took.
    pub facts: Vec<Property>,
}

impl SourceIncident {
    /// What is shown of an incident.
    pub fn of(incident: &Incident, levels: &Levels) -> Self {
        Self {
            id: incident.id.to_string(),
            title: incident.title.to_string(),
            severity: format!("{} {}", levels.of(incident.severity).colour.mark(), incident.severity),
            status: incident.status.label(),
            facts: when(incident),
        }
    }
}

/// Why there is no context, where there is none.
pub fn context_gap(pdca: &Pdca, incident: Option<&Incident>) -> Option<&'static str> {
    match (&pdca.context, incident, pdca.source.kind) {
        (Some(_), ..) | (_, Some(_), _) => None,
        (None, None, SourceKind::Incident) => Some("The incident that it comes from cannot be read here."),
        (None, None, _) => Some("Not written yet."),
    }
}

/// The property that names the source.
pub fn source(pdca: &Pdca, incident: Option<&Incident>) -> Property {
    let reference = pdca.source.reference.as_ref().map(ToString::to_string);
    let words = match pdca.source.kind {
        SourceKind::Incident => return source_incident(pdca, reference, incident),
        SourceKind::RedBin => "red bin",
        SourceKind::QaReturn => "QA return",
        SourceKind::Other => "other",
    };
    let value = reference.map_or_else(|| words.to_owned(), |reference| format!("{words}: {reference}"));
    Property::known("source", "Source", value)
}

fn source_incident(pdca: &Pdca, reference: Option<String>, incident: Option<&Incident>) -> Property {
    let note = match incident {
        None => Some("no such record can be read here".to_owned()),
        Some(incident) => Some(incident.title.to_string()).filter(|title| title != pdca.title.as_str()),
    };
    Property::of_option("source", "Incident", reference.as_ref()).noted(note)
}
