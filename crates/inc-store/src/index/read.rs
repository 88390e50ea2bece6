//! Reading many records at once, each with the stamp under which it may be stored.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use inc_core::columns::Columns;
use rustix::fs::lstat;

use super::Indexed;
use super::file::Draft;
use super::look::{Stray, Why};
use super::stamp::Stamp;
use crate::store::{Store, StoreError};

/// How many records one thread reads before it hands them over.
const PIECE: usize = 16;

/// Is told how many records have been read, and how many there are to read.
pub type Progress<'p> = dyn FnMut(usize, usize) + 'p;

/// What was read of some records.
pub struct Read<R> {
    /// Those that could be read.
    pub rows: Columns<'static, R>,
    /// Of each record its row or why it could not be read.
    pub results: Vec<Result<usize, StoreError>>,
    /// Of each row the stamp under which it may be stored; `None` where it may not be.
    pub stamps: Vec<Option<Stamp>>,
}

/// As many threads as the machine runs at once.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(16)
}

type One<R> = (Result<R, StoreError>, Option<Stamp>);

/// Reads records, in their order.
pub fn read<R: Indexed>(
    store: &Store,
    strays: &[Stray],
    draft: Option<&Draft>,
    progress: &mut Progress<'_>,
) -> Read<R::Row> {
    let mut read = Read { rows: Columns::default(), results: vec![], stamps: vec![] };
    let mut take = |piece: Vec<One<R::Row>>| {
        for (row, stamp) in piece {
            read.results.push(row.map(|row| {
                read.rows.push(&row);
                read.stamps.push(stamp);
                read.rows.len() - 1
            }));
        }
        progress(read.results.len(), strays.len());
    };
    let pieces = strays.len().div_ceil(PIECE);
    let next = AtomicUsize::new(0);
    let work = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let piece = strays.chunks(PIECE).nth(number)?;
        Some((number, piece.iter().map(|stray| one::<R>(store, stray, draft)).collect::<Vec<_>>()))
    };
    if pieces <= 1 {
        std::iter::from_fn(work).for_each(|(_, piece)| take(piece));
        return read;
    }
    thread::scope(|scope| {
        // Bounded, so that what is not yet taken stays little.
        let (give, got) = mpsc::sync_channel(64);
        for _ in 0..threads().min(pieces) {
            let give = give.clone();
            scope.spawn(move || {
                let _ = std::iter::from_fn(work).try_for_each(|piece| give.send(piece));
            });
        }
        drop(give);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (number, piece) in got {
            early.insert(number, piece);
            while let Some(piece) = early.remove(&wanted) {
                take(piece);
                wanted += 1;
            }
        }
    });
    read
}

/// A record and its stamp, if the file was the same before and after it was read.
fn one<R: Indexed>(store: &Store, stray: &Stray, draft: Option<&Draft>) -> One<R::Row> {
    let full = store.top().join(&stray.path);
    let draft = draft.filter(|_| stray.why != Why::Odd);
    let before = draft.and_then(|_| stamp_of(&full));
    let row = store.load::<R>(&stray.path).map(|loaded| loaded.record.row());
    let stamp = draft.zip(before).filter(|_| row.is_ok()).and_then(|(draft, before)| {
        let after = lstat(&full).ok()?;
        let same = Stamp::of(&after).filter(|after| *after == before)?;
        Some(if draft.is_sure_of(&after) { same } else { Stamp::UNSURE })
    });
    (row, stamp)
}

fn stamp_of(full: &Path) -> Option<Stamp> {
    lstat(full).ok().and_then(|stat| Stamp::of(&stat))
}
