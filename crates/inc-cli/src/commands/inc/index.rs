//! `inc index`: the derived index, looked at, compared with a full read, and built anew.

mod verify;

use std::time::SystemTime;

use anyhow::{Context, Result};
use clap::Parser;
use inc_core::columns::Row;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::search::Searchable;
use inc_core::text::clean_line;
use inc_store::index::{Answer, Indexed, Searched, Why};
use inc_store::store::Record;
use serde::Serialize;

use crate::failure::Failure;
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

/// What is told of one part of the index; the array of all is what `--stat` and `--rebuild` print as JSON.
#[derive(Debug, Serialize)]
struct KindView {
    /// `incident` or `PDCA`; `incident words` and `PDCA words` are what `inc-search` asks.
    kind: &'static str,
    /// How many files there are.
    records: usize,
    /// How many of them cannot be read; of words 0, for which nothing is read here.
    unreadable: usize,
    /// How many bytes the index has; 0 where there is none.
    bytes: u64,
    /// How long ago it was last written, in seconds.
    age_seconds: Option<u64>,
    /// How many files had to be read for this answer; of words how many the next search has to read.
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

/// Looks at the index, or builds it anew.
///
/// # Errors
/// An index that tells something else than the files; one that cannot be written when it was to be.
pub fn run(args: &Args, session: &mut Session) -> Result<()> {
    if args.verify {
        return verify::run(session);
    }
    if args.rebuild {
        session.store()?.forget_index::<Incident>().context("forget the index")?;
        session.store()?.forget_index::<Pdca>().context("forget the index")?;
        // What the search needs is built anew by the next one.
        session.store()?.forget_index::<Searched<Incident>>().context("forget the index")?;
        session.store()?.forget_index::<Searched<Pdca>>().context("forget the index")?;
    }
    let views = [
        of::<Incident>(args.rebuild, session)?,
        of::<Pdca>(args.rebuild, session)?,
        words::<Incident>("incident words", session)?,
        words::<Pdca>("PDCA words", session)?,
    ];
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

fn view<R: Record>(answer: &Answer<'_, impl Row>, bytes: u64, written: Option<SystemTime>) -> KindView {
    let why: Vec<Why> = answer.read_anew().map(|(_, why)| why).collect();
    let unreadable = answer.failures().count();
    KindView { unreadable, ..counted(R::NAME, answer.entries().len(), &why, bytes, written) }
}

fn words<R: Record + Searchable + Send>(kind: &'static str, session: &Session) -> Result<KindView> {
    let store = session.store()?;
    let (bytes, written) = store.index_size::<Searched<R>>();
    let (records, why) = store.words_to_read::<R>(&store.index_files::<Searched<R>>())?;
    Ok(counted(kind, records, &why, bytes, written))
}

fn counted(
    kind: &'static str,
    records: usize,
    why: &[Why],
    bytes: u64,
    written: Option<SystemTime>,
) -> KindView {
    let count = |wanted| why.iter().filter(|why| **why == wanted).count();
    KindView {
        kind,
        records,
        unreadable: 0,
        bytes,
        age_seconds: age(written),
        read: why.len(),
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
