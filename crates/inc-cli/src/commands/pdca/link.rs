//! `pdca link`: a PDCA and an incident name each other, or no longer do; both records are one commit.

use anyhow::Result;
use inc_core::action::Action as IncidentAction;
use inc_core::incident::Incident;
use inc_core::pdca::action::{Action, Outcome, Setting};
use inc_core::pdca::{Pdca, Source, SourceKind};
use inc_store::store::Loaded;

use super::{answer, apply, load};
use crate::failure::{Failure, say};
use crate::session::{Session, WriteOptions, incident_and};

#[derive(Debug, clap::Args)]
pub(super) struct Link {
    /// The incident; a PDCA may stand before it
    #[arg(required = true, num_args = 1..=2, value_name = "INCIDENT")]
    words: Vec<String>,
    /// The PDCA comes from this incident from now on, though it comes from another one
    #[arg(long)]
    as_source: bool,
    /// Take the link out
    #[arg(long, conflicts_with = "as_source")]
    remove: bool,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run(link: Link, session: &Session) -> Result<()> {
    let (pdca, [incident]) = incident_and(link.words.clone())?;
    let pdca = load(pdca.as_deref(), session)?.path;
    let incident = session.find_incident(Some(&incident))?;
    let writing = session.writing(&link.write)?;
    let store = session.store()?;
    let mut change = store.change(&writing, say)?;
    let pdca: Loaded<Pdca> = store.load(&pdca)?;
    let incident: Loaded<Incident> = store.load(&incident)?;
    let outcome = match link.remove {
        true => {
            let unlinked = session.apply(&incident.record, IncidentAction::Unlink(pdca.record.id.clone()))?;
            refuse_source(&pdca.record, &incident.record)?;
            change.update(&incident, &unlinked.incident)?;
            told(&pdca.record, format!("pdca: no link to {}", incident.record.id), unlinked.remarks)
        }
        false => {
            let linked = session.apply(&incident.record, IncidentAction::Link(pdca.record.id.clone()))?;
            let outcome = sourced(&link, &pdca.record, &incident.record, session)?;
            change.update(&incident, &linked.incident)?;
            change.update(&pdca, &outcome.pdca)?;
            outcome
        }
    };
    let saved = change.save(&outcome.subject)?;
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    answer(outcome, saved, session)
}

/// The PDCA with the incident as its source, unless it comes from another incident and that is not asked for.
fn sourced(link: &Link, pdca: &Pdca, incident: &Incident, session: &Session) -> Result<Outcome> {
    let subject = format!("pdca: link to {}", incident.id);
    let is_another = pdca.source.kind == SourceKind::Incident && !comes_from(pdca, incident);
    if is_another && !link.as_source {
        let source = pdca.source.reference.as_ref().map(ToString::to_string).unwrap_or_default();
        let remark =
            format!("{} comes from {source} still; --as-source makes it come from this one", pdca.id);
        return Ok(told(pdca, subject, vec![remark]));
    }
    let source = Source { kind: SourceKind::Incident, reference: Some(incident.id.as_str().parse()?) };
    let outcome = apply(pdca, Action::Set(vec![Setting::Source(source)]), session)?;
    Ok(Outcome { subject, ..outcome })
}

/// What a PDCA comes from cannot be left without it: it would name an incident that does not name it.
fn refuse_source(pdca: &Pdca, incident: &Incident) -> Result<()> {
    if !comes_from(pdca, incident) {
        return Ok(());
    }
    let id = &pdca.id;
    Err(Failure::refused(format!(
        "{id} comes from {}: give it another source first, with `pdca link {id} INCIDENT --as-source` or `pdca edit {id}`",
        incident.id
    )))
}

fn comes_from(pdca: &Pdca, incident: &Incident) -> bool {
    pdca.source.kind == SourceKind::Incident
        && pdca.source.reference.as_ref().is_some_and(|id| id.as_str() == incident.id.as_str())
}

fn told(pdca: &Pdca, subject: String, remarks: Vec<String>) -> Outcome {
    Outcome { pdca: pdca.clone(), subject, said: None, remarks }
}
