//! `inc index --verify`: what the index tells, rows and words, held against a full read.

use std::path::PathBuf;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::search::Searchable;
use inc_core::text::clean;
use inc_store::index::{Indexed, Searched};
use inc_store::store::Record;
use serde::Serialize;

use crate::failure::{Failure, say};
use crate::session::{Bar, Session};

/// What `--verify` prints as JSON.
#[derive(Debug, Serialize)]
struct VerifyView {
    /// How many files were compared.
    records: usize,
    /// The files of which the index tells something else, be it a row or the words.
    differences: Vec<String>,
}

/// Compares the whole index.
///
/// # Errors
/// An index that tells something else than the files.
pub fn run(session: &mut Session) -> Result<()> {
    let (incidents, mut differences) = of::<Incident>(session)?;
    let (pdcas, more) = of::<Pdca>(session)?;
    differences.extend(more);
    let records = incidents + pdcas;
    let view = VerifyView { records, differences };
    session.answer(&view, || match view.differences.as_slice() {
        [] => format!("the index answers for {} files as they are", view.records),
        some => some.iter().map(|path| format!("{}\n", clean(path))).collect(),
    })?;
    match view.differences.len() {
        0 => Ok(()),
        n => Err(Failure::refused(format!(
            "the index tells something else than {n} of {records} files: run `inc index --rebuild`, and please report it"
        ))),
    }
}

/// How many files of a kind there are, and those of which rows or words tell something else.
fn of<R: Indexed + Searchable>(session: &Session) -> Result<(usize, Vec<String>)>
where
    R::Row: Sync,
{
    let (records, mut differ) = twice(|| rows::<R>(session))?;
    differ.extend(twice(|| words::<R>(session))?.1);
    differ.sort();
    differ.dedup();
    Ok((records, differ.iter().map(|path| path.to_string_lossy().into_owned()).collect()))
}

/// What differs both times: between two looks somebody may have written.
fn twice(look: impl Fn() -> Result<(usize, Vec<PathBuf>)>) -> Result<(usize, Vec<PathBuf>)> {
    let (records, first) = look()?;
    if first.is_empty() {
        return Ok((records, first));
    }
    let (records, second) = look()?;
    Ok((records, second.into_iter().filter(|path| first.contains(path)).collect()))
}

fn rows<R: Indexed>(session: &Session) -> Result<(usize, Vec<PathBuf>)>
where
    R::Row: Sync,
{
    let store = session.store()?;
    let files = store.index_files::<R>();
    let answer = session.look::<R>(&files)?;
    let paths = store.paths::<R>()?;
    let told: Vec<_> = answer.entries().iter().map(|entry| answer.path(*entry)).collect();
    let mut differ = vec![];
    for (entry, path) in answer.entries().iter().zip(&told) {
        let row = store.load::<R>(path).ok().map(|loaded| loaded.record.row());
        if row != answer.row(*entry) {
            differ.push(path.clone());
        }
    }
    let unlisted = told.iter().filter(|path| paths.binary_search(path).is_err());
    let untold = paths.iter().filter(|path| told.binary_search(path).is_err());
    differ.extend(unlisted.chain(untold).cloned());
    if differ.is_empty() {
        say(&format!("{} {} files compared", told.len(), R::NAME));
    }
    Ok((told.len(), differ))
}

/// Where nobody has searched yet, no words are stored that could be wrong.
fn words<R: Record + Searchable + Send>(session: &Session) -> Result<(usize, Vec<PathBuf>)> {
    let store = session.store()?;
    if store.index_size::<Searched<R>>().0 == 0 {
        return Ok((0, vec![]));
    }
    let files = store.index_files::<Searched<R>>();
    let mut bar = Bar::new(R::NAME);
    let compared = store.words_that_differ::<R>(&files, &mut |done, all| bar.tell(done, all));
    bar.end();
    let (count, differ) = compared?;
    if differ.is_empty() {
        say(&format!("{count} {} files compared with their words", R::NAME));
    }
    Ok((count, differ))
}
