//! Which record is meant: an incident, else a PDCA.

use std::path::PathBuf;

use anyhow::Result;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::text::clean_line;
use inc_store::store::{Store, StoreError};

use crate::commands::pdca;
use crate::failure::say;
use crate::session::Session;

/// A record's file.
pub(super) enum Found {
    Incident(PathBuf),
    Pdca(PathBuf),
}

/// The record that was named, or the one that is meant when none is.
///
/// A whole id means the record that has it. A part of one is looked for in the incidents first.
pub(super) fn find(given: Option<&str>, pdca_alone: bool, session: &Session) -> Result<Found> {
    let store = session.store()?;
    match given {
        None if pdca_alone => Ok(Found::Pdca(pdca::load_quietly(None, session)?.path)),
        None => Ok(Found::Incident(session.find_incident(None)?)),
        Some(given) if pdca_alone => Ok(Found::Pdca(store.find::<Pdca>(given)?)),
        Some(given) => Ok(either(given, store)?),
    }
}

fn either(given: &str, store: &Store) -> Result<Found, StoreError> {
    let id: Option<Id> = given.to_lowercase().parse().ok();
    let is_whole =
        |is_there: &dyn Fn(&Id) -> Result<bool, StoreError>| id.as_ref().map_or(Ok(false), is_there);
    let is_incident = is_whole(&|id| store.exists::<Incident>(id))?;
    let is_pdca = is_whole(&|id| store.exists::<Pdca>(id))?;
    if is_pdca && !is_incident {
        return Ok(Found::Pdca(store.find::<Pdca>(given)?));
    }
    let path = match store.find::<Incident>(given) {
        Ok(path) => path,
        Err(StoreError::NoSuch { candidates, .. }) => return in_pdcas(given, candidates, store),
        Err(other) => return Err(other),
    };
    let is_unsure = is_incident == is_pdca;
    if is_unsure && matches!(store.find::<Pdca>(given), Ok(_) | Err(StoreError::Ambiguous { .. })) {
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        say(&clean_line(&format!("the incident {id}; for the PDCA of that name add --pdca")));
    }
    Ok(Found::Incident(path))
}

fn in_pdcas(given: &str, incidents: Vec<Id>, store: &Store) -> Result<Found, StoreError> {
    store.find::<Pdca>(given).map(Found::Pdca).map_err(|error| match error {
        StoreError::NoSuch { given, candidates, .. } => {
            let candidates = incidents.into_iter().chain(candidates).take(10).collect();
            StoreError::NoSuch { kind: "incident or PDCA", given, candidates }
        }
        other => other,
    })
}
