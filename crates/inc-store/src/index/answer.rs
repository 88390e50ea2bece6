//! What is true of all records of a kind, one after the other in the order of their paths.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use inc_core::columns::{Columns, Row};

use super::look::{Seen, Why};
use super::read::Read;
use crate::store::StoreError;

/// All records of a kind: a row each, or why there is none.
pub struct Answer<'f, R> {
    pub(super) seen: Seen<'f, R>,
    pub(super) read: Read<R>,
    entries: Vec<Entry>,
}

/// One record: where its row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// In the large table.
    Base(u32),
    /// Among what changed lately.
    Recent(u32),
    /// Read just now, as the n-th.
    Read(u32),
}

impl<'f, R: Row> Answer<'f, R> {
    pub(super) fn of(seen: Seen<'f, R>, read: Read<R>) -> Self {
        let entries = in_order(&seen);
        Self { seen, read, entries }
    }

    /// The records in the order of their paths.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether two rows of the base are of one folder.
    pub(super) fn is_one_folder(&self, one: u32, other: u32) -> bool {
        let base = &self.seen.base;
        base.folder_of(one as usize) == base.folder_of(other as usize)
    }

    /// Takes out the records that are not to be kept.
    pub(super) fn keep(&mut self, is_kept: impl FnMut(&Entry) -> bool) {
        self.entries.retain(is_kept);
    }

    /// The file of a record, from the top.
    pub fn path(&self, entry: Entry) -> PathBuf {
        match entry {
            Entry::Base(row) => self.seen.base.path(row as usize).into(),
            Entry::Recent(row) => self.seen.recent.path(row as usize).into(),
            Entry::Read(place) => self.seen.strays[place as usize].path.clone(),
        }
    }

    /// Where a record's row stands in [`Answer::tables`]: the table's number, and the row's; `None` for one that could not
    /// be read.
    pub fn place(&self, entry: Entry) -> Option<(usize, usize)> {
        match entry {
            Entry::Base(row) => Some((0, row as usize)),
            Entry::Recent(row) => Some((1, row as usize)),
            Entry::Read(place) => self.read.results[place as usize].as_ref().ok().map(|row| (2, *row)),
        }
    }

    /// The tables that [`Answer::place`] numbers.
    pub fn tables(&self) -> [&Columns<'_, R>; 3] {
        [&self.seen.base.rows, &self.seen.recent.rows, &self.read.rows]
    }

    /// What is told of a record; `None` for one that could not be read.
    pub fn row(&self, entry: Entry) -> Option<R> {
        let (table, row) = self.place(entry)?;
        self.tables()[table].row(row)
    }

    /// Nothing, for a record that could be read.
    ///
    /// # Errors
    /// Why it could not be.
    pub fn readable(mut self, entry: Entry) -> Result<(), StoreError> {
        match entry {
            Entry::Read(place) => self.read.results.swap_remove(place as usize).map(drop),
            _ => Ok(()),
        }
    }

    /// What could not be read, in the order of the paths.
    pub fn failures(&self) -> impl Iterator<Item = (&Path, &StoreError)> {
        let results = self.seen.strays.iter().zip(&self.read.results);
        results.filter_map(|(stray, result)| result.as_ref().err().map(|error| (stray.path.as_path(), error)))
    }

    /// What was read, and why.
    pub fn read_anew(&self) -> impl Iterator<Item = (&Path, Why)> {
        self.seen.strays.iter().map(|stray| (stray.path.as_path(), stray.why))
    }
}

/// The base knows its rows in order; what is not of it comes between them.
fn in_order<R: Row>(seen: &Seen<'_, R>) -> Vec<Entry> {
    let recent = seen.recent_fresh.iter().map(|row| {
        let path = PathBuf::from(seen.recent.path(*row as usize));
        (path, Entry::Recent(*row))
    });
    let strays = seen.strays.iter().enumerate();
    let mut others: Vec<(PathBuf, Entry)> =
        recent.chain(strays.map(|(place, stray)| (stray.path.clone(), Entry::Read(place as u32)))).collect();
    others.sort_by(|a, b| a.0.cmp(&b.0));
    let count = seen.base_fresh.len();
    let mut entries = Vec::with_capacity(count + others.len());
    let mut from = 0;
    let base = |places: std::ops::Range<usize>, entries: &mut Vec<Entry>| {
        let rows = places.map(|place| seen.base.by_path(place));
        let fresh = rows.filter(|row| seen.base_fresh.get(*row) == Some(&true));
        entries.extend(fresh.map(|row| Entry::Base(row as u32)));
    };
    let path_at = |place| seen.base.path(seen.base.by_path(place));
    for (path, entry) in others {
        let upto = from + first_after(from..count, |place| Path::new(&path_at(place)).cmp(&path));
        base(from..upto, &mut entries);
        entries.push(entry);
        from = upto;
    }
    base(from..count, &mut entries);
    entries
}

/// How many rows of a range come before what they are compared with.
fn first_after(range: std::ops::Range<usize>, compare: impl Fn(usize) -> Ordering) -> usize {
    let (mut low, mut high) = (0, range.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(range.start + middle) {
            Ordering::Less => low = middle + 1,
            _ => high = middle,
        }
    }
    low
}
