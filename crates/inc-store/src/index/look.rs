//! Holding the files of a kind against the index: which rows are still true, and which files have to be read.

use std::collections::HashMap;
use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use inc_core::columns::Row;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, open, statat};

use super::Indexed;
use super::belt::{Belt, Closing};
use super::read::threads;
use super::stamp::Stamp;
use super::table::Table;
use super::walk::{ENDING, Folder, walk};
use crate::store::{Store, StoreError};

/// Below this a second thread costs more than it brings.
const FEW: usize = 1024;
/// How far from where it is expected a row is looked for before a search.
const NEAR: usize = 16;

/// What the look brought.
pub struct Seen<'f, R> {
    pub base: Table<'f, R>,
    pub recent: Table<'f, R>,
    pub folders: Vec<Folder>,
    /// The rows of the base that are still true.
    pub base_fresh: Vec<bool>,
    /// The rows of the recent table that are, where the base's are not.
    pub recent_fresh: Vec<u32>,
    /// What has to be read, in the order of the paths.
    pub strays: Vec<Stray>,
}

/// A file that has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where it is, from the top.
    pub path: PathBuf,
    /// Why.
    pub why: Why,
}

/// Why a file has to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// The index does not know it, be it because it could not be read.
    Unknown,
    /// It is not the file that was read.
    Changed,
    /// It was read too soon after it had been written to be sure that this was the last time.
    Unsure,
    /// No plain file, or one below a link.
    Odd,
}

/// Looks at every file of a kind.
///
/// # Errors
/// A folder that cannot be listed.
pub fn look<'f, R: Indexed>(
    store: &Store,
    base: Table<'f, R::Row>,
    recent: Table<'f, R::Row>,
) -> Result<Seen<'f, R::Row>, StoreError>
where
    R::Row: Sync,
{
    let (folders, found) = Look::new(store, &base, &recent).all(R::FOLDER)?;
    let mut base_fresh = vec![false; base.rows.len()];
    let (mut recent_fresh, mut strays) = (vec![], vec![]);
    for piece in found {
        piece.base.into_iter().for_each(|row| base_fresh[row as usize] = true);
        recent_fresh.extend(piece.recent);
        strays.extend(piece.strays);
    }
    let odd = folders.iter().flat_map(|folder| folder.odd.iter().map(|name| folder.path.join(name)));
    strays.extend(odd.map(|path| Stray { path, why: Why::Odd }));
    strays.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Seen { base, recent, folders, base_fresh, recent_fresh, strays })
}

/// What one thread found.
#[derive(Default)]
struct Found {
    base: Vec<u32>,
    recent: Vec<u32>,
    strays: Vec<Stray>,
}

struct Look<'l, 'f, R> {
    store: &'l Store,
    base: &'l Table<'f, R>,
    recent: &'l Table<'f, R>,
    recent_rows: HashMap<String, u32>,
    /// The base's folders by path.
    numbers: HashMap<&'l [u8], usize>,
}

/// A folder, and what the base knows of it.
struct Known<'l> {
    path: PathBuf,
    here: Option<OwnedFd>,
    rows: std::ops::Range<usize>,
    /// Its rows by name, made where the order of listing has changed.
    by_stem: OnceLock<HashMap<&'l [u8], u32>>,
}

/// Some files of a folder: their names, each ended by a zero, and the place of the first.
struct Piece<'l> {
    known: Arc<Known<'l>>,
    from: usize,
    names: Vec<u8>,
}

impl<'l, 'f, R: Row + Sync> Look<'l, 'f, R> {
    fn new(store: &'l Store, base: &'l Table<'f, R>, recent: &'l Table<'f, R>) -> Self {
        let numbers = (0..base.folders.len()).map(|number| (base.folders.get(number), number)).collect();
        let recent_rows = (0..recent.rows.len()).map(|row| (recent.path(row), row as u32)).collect();
        Self { store, base, recent, recent_rows, numbers }
    }

    /// Looks at the files of a folder while the next ones are listed. Who lists looks at them himself where nobody else
    /// has time: what was just listed the system has still at hand.
    fn all(&self, kind: &str) -> Result<(Vec<Folder>, Vec<Found>), StoreError> {
        let belt = Belt::default();
        thread::scope(|scope| {
            let _closing = Closing(&belt);
            let (mut own, mut hands, mut seen) = (Found::default(), None, 0);
            let mut last: Option<Arc<Known<'l>>> = None;
            let folders = walk(self.store.top(), kind, &mut |folder, from| {
                let known = match last.take().filter(|known| known.path == folder.path) {
                    Some(known) => known,
                    None => Arc::new(self.known(folder)),
                };
                last = Some(known.clone());
                let names = folder.names_from(from);
                seen += folder.len() - from;
                if seen >= FEW && hands.is_none() {
                    let work =
                        || belt.pieces().fold(Found::default(), |found, piece| self.piece(&piece, found));
                    hands = Some((1..threads()).map(|_| scope.spawn(work)).collect::<Vec<_>>());
                }
                if belt.len() < hands.as_ref().map_or(0, Vec::len) {
                    belt.put(Piece { known, from, names: names.to_vec() });
                } else {
                    self.names(&known, from, names, &mut own);
                }
            });
            belt.close();
            let own = belt.pieces().fold(own, |found, piece| self.piece(&piece, found));
            let others = hands.into_iter().flatten();
            let others = others.map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            let found = std::iter::once(own).chain(others).collect();
            Ok((folders?, found))
        })
    }

    fn known(&self, folder: &Folder) -> Known<'l> {
        let number = self.numbers.get(folder.path.as_os_str().as_bytes());
        let rows = number.map_or(0..0, |number| self.base.rows_of(*number));
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let here = open(self.store.top().join(&folder.path), flags, Mode::empty()).ok();
        Known { path: folder.path.clone(), here, rows, by_stem: OnceLock::new() }
    }

    fn piece(&self, piece: &Piece<'l>, mut found: Found) -> Found {
        self.names(&piece.known, piece.from, &piece.names, &mut found);
        found
    }

    fn names(&self, known: &Known<'l>, from: usize, mut names: &[u8], found: &mut Found) {
        let mut expected = known.rows.start + from;
        while let Ok(name) = CStr::from_bytes_until_nul(names) {
            names = &names[name.count_bytes() + 1..];
            match self.fresh(known, name, &mut expected) {
                Ok(Fresh::Base(row)) => found.base.push(row),
                Ok(Fresh::Recent(row)) => found.recent.push(row),
                Err(why) => {
                    let path = known.path.join(OsStr::from_bytes(name.to_bytes()));
                    found.strays.push(Stray { path, why });
                }
            }
        }
    }

    /// The row that is true of a file, or why there is none.
    fn fresh(&self, known: &Known<'l>, name: &CStr, expected: &mut usize) -> Result<Fresh, Why> {
        let here = known.here.as_ref().ok_or(Why::Unknown)?;
        let stat = statat(here, name, AtFlags::SYMLINK_NOFOLLOW).map_err(|_| Why::Unknown)?;
        let stamp = Stamp::of(&stat).ok_or(Why::Odd)?;
        let bytes = name.to_bytes();
        let row = self.row_of(known, &bytes[..bytes.len() - ENDING.len()], expected);
        if let Some(row) = row
            && self.base.stamp(row) == stamp.bytes()
        {
            return Ok(Fresh::Base(row as u32));
        }
        let recent = (!self.recent_rows.is_empty()).then(|| self.recent_row(&known.path, bytes)).flatten();
        let stored = recent.map(|row| self.recent.stamp(row as usize));
        if let Some(row) = recent
            && stored == Some(stamp.bytes())
        {
            return Ok(Fresh::Recent(row));
        }
        Err(match stored.or(row.map(|row| self.base.stamp(row))) {
            None => Why::Unknown,
            Some(stored) if stored == Stamp::UNSURE.bytes() => Why::Unsure,
            Some(_) => Why::Changed,
        })
    }

    fn recent_row(&self, folder: &Path, name: &[u8]) -> Option<u32> {
        let path = format!("{}/{}", folder.to_str()?, std::str::from_utf8(name).ok()?);
        self.recent_rows.get(&path).copied()
    }

    /// The row of the base for a name: where it is expected, near there, else by a search.
    fn row_of(&self, known: &Known<'l>, stem: &[u8], expected: &mut usize) -> Option<usize> {
        let rows = &known.rows;
        let is_it = |row: &usize| self.base.stem(*row) == stem;
        let near = expected.saturating_sub(NEAR).max(rows.start)..(*expected + NEAR).min(rows.end);
        let hit = Some(*expected).filter(|row| rows.contains(row) && is_it(row));
        if let Some(row) = hit.or_else(|| near.clone().find(is_it)) {
            *expected = row + 1;
            return Some(row);
        }
        let by_stem = known.by_stem.get_or_init(|| {
            let row = |row| (self.base.stem(row), row as u32);
            rows.clone().map(row).collect()
        });
        by_stem.get(stem).map(|row| *row as usize)
    }
}

enum Fresh {
    Base(u32),
    Recent(u32),
}
