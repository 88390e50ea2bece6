//! Holding the files of a kind against the index: which rows are still true, and which files have to be read.

use std::collections::HashMap;
use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use inc_core::columns::Row;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, open, statat};

use super::Indexed;
use super::stamp::Stamp;
use super::table::Table;
use super::walk::{ENDING, Folder, folders};
use crate::store::{Store, StoreError};

/// How many files one thread looks at before it takes the next ones.
const PIECE: usize = 2048;
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
    let folders = folders(store.top(), R::FOLDER)?;
    let found = Look::new(store, &base, &recent, &folders).all();
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

/// What one thread found in one piece.
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
    folders: Vec<Known<'l>>,
}

/// A folder, and what the base knows of it.
struct Known<'l> {
    folder: &'l Folder,
    /// The places of its rows in the order of listing.
    places: std::ops::Range<usize>,
    /// Its rows by name, made where the order of listing has changed.
    by_stem: OnceLock<HashMap<&'l [u8], u32>>,
}

impl<'l, 'f, R: Row + Sync> Look<'l, 'f, R> {
    fn new(
        store: &'l Store,
        base: &'l Table<'f, R>,
        recent: &'l Table<'f, R>,
        folders: &'l [Folder],
    ) -> Self {
        let numbers: HashMap<&[u8], usize> =
            (0..base.folders.len()).map(|number| (base.folders.get(number), number)).collect();
        let known = |folder: &'l Folder| {
            let number = numbers.get(folder.path.as_os_str().as_bytes());
            let places = number.map_or(0..0, |number| base.places(*number));
            Known { folder, places, by_stem: OnceLock::new() }
        };
        let recent_rows = (0..recent.rows.len()).map(|row| (recent.path(row), row as u32)).collect();
        Self { store, base, recent, recent_rows, folders: folders.iter().map(known).collect() }
    }

    fn all(&self) -> Vec<Found> {
        let pieces: Vec<(usize, usize)> = (self.folders.iter().enumerate())
            .flat_map(|(number, known)| {
                (0..known.folder.len()).step_by(PIECE).map(move |from| (number, from))
            })
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Found::default();
            while let Some((number, from)) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.piece(&self.folders[*number], *from, &mut found);
            }
            found
        };
        let many: usize = self.folders.iter().map(|known| known.folder.len()).sum();
        let threads = if many < FEW { 1 } else { super::read::threads().min(pieces.len()) };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others = others
                .into_iter()
                .map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            std::iter::once(own).chain(others).collect()
        })
    }

    fn piece(&self, known: &Known<'l>, from: usize, found: &mut Found) {
        let folder = known.folder;
        let full = self.store.top().join(&folder.path);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let here = open(full, flags, Mode::empty()).ok();
        let mut expected = known.places.start + from;
        for place in from..folder.len().min(from + PIECE) {
            let name = folder.name(place);
            match self.fresh(known, here.as_ref(), name, &mut expected) {
                Ok(Fresh::Base(row)) => found.base.push(row),
                Ok(Fresh::Recent(row)) => found.recent.push(row),
                Err(why) => {
                    let path = folder.path.join(OsStr::from_bytes(name.to_bytes()));
                    found.strays.push(Stray { path, why });
                }
            }
        }
    }

    /// The row that is true of a file, or why there is none.
    fn fresh(
        &self,
        known: &Known<'l>,
        here: Option<&OwnedFd>,
        name: &CStr,
        expected: &mut usize,
    ) -> Result<Fresh, Why> {
        let stat =
            here.and_then(|here| statat(here, name, AtFlags::SYMLINK_NOFOLLOW).ok()).ok_or(Why::Unknown)?;
        let stamp = Stamp::of(&stat).ok_or(Why::Odd)?;
        let bytes = name.to_bytes();
        let row = self.row_of(known, &bytes[..bytes.len() - ENDING.len()], expected);
        if let Some(row) = row
            && self.base.stamp(row) == stamp.bytes()
        {
            return Ok(Fresh::Base(row as u32));
        }
        let recent = (!self.recent_rows.is_empty()).then(|| self.recent_row(known.folder, bytes)).flatten();
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

    fn recent_row(&self, folder: &Folder, name: &[u8]) -> Option<u32> {
        let path = format!("{}/{}", folder.path.to_str()?, std::str::from_utf8(name).ok()?);
        self.recent_rows.get(&path).copied()
    }

    /// The row of the base for a name: where it is expected, near there, else by a search.
    fn row_of(&self, known: &Known<'l>, stem: &[u8], expected: &mut usize) -> Option<usize> {
        let places = &known.places;
        let is_it = |place: &usize| self.base.stem(self.base.listed(*place)) == stem;
        let near = expected.saturating_sub(NEAR).max(places.start)..(*expected + NEAR).min(places.end);
        let hit = Some(*expected).filter(|place| places.contains(place) && is_it(place));
        if let Some(place) = hit.or_else(|| near.clone().find(is_it)) {
            *expected = place + 1;
            return Some(self.base.listed(place)).filter(|row| *row < self.base.rows.len());
        }
        let rows = known.by_stem.get_or_init(|| {
            let row = |place| (self.base.stem(self.base.listed(place)), self.base.listed(place) as u32);
            places.clone().map(row).collect()
        });
        rows.get(stem).map(|row| *row as usize).filter(|row| *row < self.base.rows.len())
    }
}

enum Fresh {
    Base(u32),
    Recent(u32),
}
