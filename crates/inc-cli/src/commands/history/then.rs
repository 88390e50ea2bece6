//! `--at`: the record as it was known then.

use std::path::Path;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::instant::{Instant, Zone};
use inc_core::pdca::Pdca;
use inc_core::text::clean_line;
use inc_store::git::Commit;
use inc_store::store::{Loaded, Then};

use super::Kept;
use crate::commands::pdca;
use crate::failure::{Failure, say};
use crate::output::Format;
use crate::report::{self, Document};
use crate::session::Session;
use crate::view::incident_report::LastEdited;
use crate::view::pdca::PdcaView;

/// Who committed the version that is shown, and when.
#[derive(Clone, Copy)]
pub(super) struct Edited<'a> {
    commit: &'a Commit,
    is_shallow: bool,
}

pub(super) fn run<R: Kept>(path: &Path, at: &str, format: Format, session: &Session) -> Result<()> {
    if !matches!(format, Format::Text | Format::Json | Format::Markdown) {
        return Err(Failure::usage("--at shows one record: as text or with --format json"));
    }
    let zone = &session.settings()?.timezone;
    let at = session.understand("--at", at, zone)?;
    let store = session.store()?;
    let is_shallow = !store.repository().shallow_ends().is_empty();
    match store.past_at::<R>(path, at.unix_seconds())? {
        Then::NotYet(first) => Err(not_yet(path, at, first.as_ref(), is_shallow, zone)),
        Then::Stood(standing) => {
            let commit = &standing.commit;
            let by = who_and_when(commit, zone);
            match &standing.record {
                None => {
                    Err(Failure::refused(format!("there was no such record at that time: {by} deleted it")))
                }
                Some(Err(why)) => Err(Failure::data(format!("the record of {by} cannot be read: {why}"))),
                Some(Ok(loaded)) => {
                    say(&clean_line(&format!(
                        "as committed by {by}; policy, settings and linked records are today's"
                    )));
                    R::show(session, loaded, Edited { commit, is_shallow })
                }
            }
        }
    }
}

/// `Ada, 2023-03-27 13:01 (1a2b3c4)`, the time of the commit.
fn who_and_when(commit: &Commit, zone: &Zone) -> String {
    let at = commit.committed_at.map(|at| format!(", {}", zone.local(at))).unwrap_or_default();
    format!("{}{at} ({})", commit.author, commit.short())
}

fn not_yet(path: &Path, at: Instant, first: Option<&Commit>, is_shallow: bool, zone: &Zone) -> anyhow::Error {
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    let why = match first {
        None => "nothing of it is committed".to_owned(),
        Some(first) => format!("its first commit is that of {}", who_and_when(first, zone)),
    };
    let shallow = if is_shallow { "; this clone is shallow and lacks older ones" } else { "" };
    Failure::refused(format!("git does not know {id} as of {}: {why}{shallow}", zone.local(at)))
}

/// As `inc-report` does.
pub(super) fn show_incident(session: &Session, loaded: &Loaded<Incident>, edited: Edited<'_>) -> Result<()> {
    let zone = &loaded.record.timezone;
    let at = edited.commit.authored_at.map(|at| at.to_string()).unwrap_or_default();
    let last = LastEdited::of(&at, &edited.commit.author, false, edited.is_shallow, zone);
    let view = report::incident_view_of(session, loaded, last.unwrap_or_else(LastEdited::never))?;
    match session.format() {
        Format::Json => session.answer(&view.incident, String::new),
        _ => session.print(&report::lay_out(session, Document::Incident, "incident", &view)?),
    }
}

/// As `pdca show` does.
pub(super) fn show_pdca(session: &Session, pdca: &Pdca) -> Result<()> {
    let view = PdcaView::of(pdca);
    session.answer(&view, || pdca::shown(pdca, &view))
}
