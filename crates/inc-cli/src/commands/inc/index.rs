//! `inc index`: the derived index, looked at, compared with a full read, and built anew.

use std::time::SystemTime;

use anyhow::{Context, Result};
use clap::Parser;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::text::{clean, clean_line};
use inc_store::index::{Answer, Indexed, Why};
use inc_store::store::Record;
use serde::Serialize;

use crate::failure::{Failure, say};
use crate::output::table;
use crate::session::Session;

#[derive(Debug, Parser)]
pub struct Args {
    /// Forget the index, and read every record anew
    #[arg(long, conflicts_with_all = ["verify", "stat"])]
    rebuild: bool,
    /// Read every record and compare it with what the index answers; exit code 1 on any difference
    #[arg(long, conflicts_with = "stat")]
    verify: bool,
    /// Show how large and how old it is, and what had to be read anew (as without an option)
    #[arg(long)]
    stat: bool,
}

/// What is told of the index of one kind; the array of both is what `--stat` and `--rebuild` print as JSON.
#[derive(Debug, Serialize)]
struct KindView {
    /// `incident` or `PDCA`.
    kind: &'static str,
    /// How many files there are.
    records: usize,
    /// How many of them cannot be read.
    unreadable: usize,
    /// How many bytes the index has; 0 where there is none.
    bytes: u64,
    /// How long ago it was last written, in seconds.
    age_seconds: Option<u64>,
    /// How many files had to be read for this answer.
    read: usize,
    /// Of these: not in the index, be it because they cannot be read.
    unknown: usize,
    /// Changed since.
    changed: usize,
    /// Read too soon after they had been written.
    unsure: usize,
    /// Links, and what else is read every time.
    odd: usize,
}

/// What `--verify` prints as JSON.
#[derive(Debug, Serialize)]
struct VerifyView {
    /// How many files were compared.
    records: usize,
    /// The files of which the index tells something else.
    differences: Vec<String>,
}

/// Looks at the index, or builds it anew.
///
/// # Errors
/// An index that tells something else than the files; one that cannot be written when it was to be.
pub fn run(args: &Args, session: &mut Session) -> Result<()> {
    if args.verify {
        return verify(session);
    }
    if args.rebuild {
        session.store()?.forget_index::<Incident>().context("forget the index")?;
        session.store()?.forget_index::<Pdca>().context("forget the index")?;
        // What the search needs is built anew by the next one.
        session
            .store()?
            .forget_index::<inc_store::index::Searched<Incident>>()
            .context("forget the index")?;
        session.store()?.forget_index::<inc_store::index::Searched<Pdca>>().context("forget the index")?;
    }
    let views = [of::<Incident>(args.rebuild, session)?, of::<Pdca>(args.rebuild, session)?];
    session.answer(&views, || text(&views))
}

fn of<R: Indexed>(is_wanted: bool, session: &mut Session) -> Result<KindView>
where
    R::Row: Sync,
{
    let (bytes, written) = session.store()?.index_size::<R>();
    let files = session.store()?.index_files::<R>();
    let answer = session.ask::<R>(&files)?;
    let view = view::<R>(&answer, bytes, written);
    if !is_wanted {
        return Ok(view);
    }
    let (bytes, written) = session.store()?.index_size::<R>();
    if bytes == 0 && view.records > view.unreadable + view.odd {
        let folder = session.store()?.index_folder();
        let folder = clean_line(&folder.to_string_lossy()).clone();
        return Err(Failure::surroundings(format!(
            "cannot write the index in {folder}: make that folder writable; until then every record is read each time"
        )));
    }
    Ok(KindView { bytes, age_seconds: age(written), ..view })
}

fn view<R: Record>(
    answer: &Answer<'_, impl inc_core::columns::Row>,
    bytes: u64,
    written: Option<SystemTime>,
) -> KindView {
    let count = |wanted| answer.read_anew().filter(|(_, why)| *why == wanted).count();
    KindView {
        kind: R::NAME,
        records: answer.entries().len(),
        unreadable: answer.failures().count(),
        bytes,
        age_seconds: age(written),
        read: answer.read_anew().count(),
        unknown: count(Why::Unknown),
        changed: count(Why::Changed),
        unsure: count(Why::Unsure),
        odd: count(Why::Odd),
    }
}

/// `None` as well where the clock was set back since.
fn age(written: Option<SystemTime>) -> Option<u64> {
    written.and_then(|at| at.elapsed().ok()).map(|age| age.as_secs())
}

fn text(views: &[KindView]) -> String {
    let header =
        ["kind", "records", "unreadable", "bytes", "age", "read", "unknown", "changed", "unsure", "odd"];
    table(
        &header,
        views.iter().map(|view| {
            let age = view.age_seconds.map_or("-".to_owned(), |age| format!("{age}s"));
            let counts = [view.read, view.unknown, view.changed, view.unsure, view.odd];
            let first = [view.kind.to_owned(), view.records.to_string(), view.unreadable.to_string()];
            let size = [view.bytes.to_string(), age];
            first.into_iter().chain(size).chain(counts.map(|count| count.to_string())).collect()
        }),
    )
}

fn verify(session: &mut Session) -> Result<()> {
    let (mut records, incidents) = different::<Incident>(session)?;
    let (more, pdcas) = different::<Pdca>(session)?;
    records += more;
    let differences: Vec<String> = incidents.into_iter().chain(pdcas).collect();
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

/// The files of which the index tells something else, twice: between two looks somebody may have written.
fn different<R: Indexed>(session: &mut Session) -> Result<(usize, Vec<String>)>
where
    R::Row: Sync,
{
    let (records, first) = compared::<R>(session)?;
    if first.is_empty() {
        return Ok((records, first));
    }
    let (records, second) = compared::<R>(session)?;
    Ok((records, second.into_iter().filter(|path| first.contains(path)).collect()))
}

fn compared<R: Indexed>(session: &Session) -> Result<(usize, Vec<String>)>
where
    R::Row: Sync,
{
    let store = session.store()?;
    let files = store.index_files::<R>();
    let answer = session.look::<R>(&files)?;
    let paths = store.paths::<R>()?;
    let told: Vec<_> = answer.entries().iter().map(|entry| answer.path(*entry)).collect();
    let mut differences = vec![];
    for (entry, path) in answer.entries().iter().zip(&told) {
        let row = store.load::<R>(path).ok().map(|loaded| loaded.record.row());
        if row != answer.row(*entry) {
            differences.push(path.to_string_lossy().into_owned());
        }
    }
    let one_sided = told.iter().filter(|path| paths.binary_search(path).is_err());
    let one_sided = one_sided.chain(paths.iter().filter(|path| told.binary_search(path).is_err()));
    differences.extend(one_sided.map(|path| path.to_string_lossy().into_owned()));
    if differences.is_empty() {
        say(&format!("{} {} files compared", told.len(), R::NAME));
    }
    Ok((told.len(), differences))
}
