//! A record and a template -> a report: gathers what the report says, and has it laid out; and feeds for calendars.
//!
//! Deliberately absent: what a report says (`view`), and how it looks (`templates/`).

pub mod calendar;
mod choice;
mod file;
mod format;
pub mod markdown;
mod mermaid;
pub mod templates;

use anyhow::Result;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::{Finding, Pdca};
use inc_store::store::{Loaded, Store};

use crate::session::Session;
use crate::view::incident_report::{IncidentReport, LastEdited, LinkedPdca, Surroundings};
use crate::view::pdca_report::{PdcaReport, Standing};

pub use choice::{Document, lay_out, refuse_template};
pub use file::hand_over;
pub use templates::{BUILT_IN, Templates};

/// The template of the digest of what is late.
pub const OVERDUE: &str = "overdue.md.j2";

/// The report of an incident as a view, with what git and the repository say about it.
///
/// A PDCA that cannot be read is told in the view, with why.
///
/// # Errors
/// Settings, a policy or a repository that cannot be read.
pub fn incident_view(session: &Session, loaded: &Loaded<Incident>) -> Result<IncidentReport> {
    incident_view_of(session, loaded, last_edited(session.store()?, loaded)?)
}

/// As [`incident_view`], of any version of the record: `last_edited` is what git says of that version.
///
/// # Errors
/// As [`incident_view`].
pub fn incident_view_of(
    session: &Session,
    loaded: &Loaded<Incident>,
    last_edited: LastEdited,
) -> Result<IncidentReport> {
    let incident = &loaded.record;
    let store = session.store()?;
    let around = Surroundings {
        settings: session.settings()?,
        policy: session.policy()?,
        pdcas: incident.pdcas.iter().map(|id| linked_pdca(store, id)).collect(),
        last_edited,
    };
    Ok(IncidentReport::of(incident, around))
}

/// The report of a PDCA as a view; `incident` is the one that it comes from, where it can be read, `findings` what lint
/// found in it.
///
/// # Errors
/// Settings that cannot be read.
pub fn pdca_view(
    session: &Session,
    pdca: &Pdca,
    incident: Option<&Incident>,
    findings: Vec<Finding>,
) -> Result<PdcaReport> {
    let zone = &session.settings()?.timezone;
    let levels = &session.policy_at_hand()?.levels;
    Ok(PdcaReport::of(pdca, Standing::of(pdca), incident, findings, levels, zone))
}

fn linked_pdca(store: &Store, id: &Id) -> LinkedPdca {
    let loaded = store.named::<Pdca>(id).and_then(|path| store.load::<Pdca>(&path));
    match loaded {
        Ok(Loaded { record, .. }) => {
            let status = record.status();
            LinkedPdca {
                id: id.to_string(),
                title: Some(record.title.to_string()),
                status: Some(status),
                status_label: Some(status.label().to_owned()),
                problem: None,
            }
        }
        Err(error) => LinkedPdca {
            id: id.to_string(),
            title: None,
            status: None,
            status_label: None,
            problem: Some(error.to_string()),
        },
    }
}

fn last_edited(store: &Store, loaded: &Loaded<Incident>) -> Result<LastEdited> {
    let repository = store.repository();
    let Some(change) = repository.last_change(&loaded.path)? else {
        return Ok(LastEdited::never());
    };
    let has_edits = repository.has_edits(&loaded.path)?;
    let is_shallow = repository.common_dir().join("shallow").exists();
    let zone = &loaded.record.timezone;
    // A commit from before 1970 or with a forged date tells nothing that could be shown.
    Ok(LastEdited::of(&change.at, &change.by, has_edits, is_shallow, zone).unwrap_or_else(LastEdited::never))
}

#[cfg(test)]
mod tests;
