//! Writing down what was read. Whatever fails here only costs that it is read again.

use std::collections::{BTreeMap, HashMap};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use inc_core::columns::{Columns, Row};

use super::answer::{Answer, Entry};
use super::file::Draft;
use super::table::Table;
use super::walk::{ENDING, Folder};
use super::{Indexed, recent};
use crate::store::Store;

/// The most rows of the table of what changed lately: about 100 KB, written by every look that finds a change.
pub(super) const MOST: usize = 256;

/// Writes down what was read: among what changed lately, or the whole where that is much.
pub fn keep<R: Indexed>(store: &Store, answer: &Answer<'_, R::Row>, draft: Draft) {
    let is_kept = |entry: &&Entry| match entry {
        Entry::Base(_) => false,
        Entry::Recent(_) => true,
        Entry::Read(_) => stamp(answer, **entry).is_some(),
    };
    let lately: Vec<Entry> = answer.entries().iter().filter(is_kept).copied().collect();
    let has_read = answer.read.stamps.iter().any(Option::is_some);
    if !has_read {
        return;
    }
    if lately.len() <= MOST {
        let table = of(answer, &lately, Columns::default());
        let _ = draft.put::<R>(&recent(R::FILE), &table);
        return;
    }
    let most = if answer.seen.base.rows.len() >= answer.read.rows.len() { 0 } else { 2 };
    let table = whole(answer, most);
    if draft.put::<R>(R::FILE, &table).is_ok() {
        // What stood there stands in the whole; another's news are read again.
        let _ = std::fs::remove_file(super::file::folder(store).join(recent(R::FILE)));
    }
}

/// The stamp under which a record may be stored.
pub(super) fn stamp<'a, R: Row>(answer: &'a Answer<'_, R>, entry: Entry) -> Option<&'a [u8]> {
    match entry {
        Entry::Base(row) => Some(answer.seen.base.stamp(row as usize)),
        Entry::Recent(row) => Some(answer.seen.recent.stamp(row as usize)),
        Entry::Read(_) => {
            let (_, row) = answer.place(entry)?;
            answer.read.stamps[row].as_ref().map(|stamp| stamp.bytes().as_slice())
        }
    }
}

/// A table of these records.
pub(super) fn of<'t, R: Row>(
    answer: &Answer<'_, R>,
    entries: &[Entry],
    rows: Columns<'t, R>,
) -> Table<'t, R> {
    let mut folders: BTreeMap<String, Vec<(usize, Entry)>> = BTreeMap::new();
    for (rank, entry) in entries.iter().enumerate() {
        folders.entry(folder(answer, *entry)).or_default().push((rank, *entry));
    }
    let mut table = Table::with(rows);
    let mut ranks = vec![];
    for (folder, entries) in &folders {
        for (rank, entry) in entries {
            let (Some(stamp), Some(row)) = (stamp(answer, *entry), answer.row(*entry)) else { continue };
            table.rows.push(&row);
            table.push_file(stamp);
            ranks.push(*rank);
        }
        table.push_folder(folder.as_bytes());
    }
    table.push_order(by_rank(&ranks));
    table
}

/// The table of all records. The rows of the largest of the answer's tables are taken over as they are.
fn whole<R: Row>(answer: &Answer<'_, R>, largest: usize) -> Table<'static, R> {
    let source = answer.tables()[largest];
    let mut table = Table::with(Columns::beside(source));
    let mut ranks = vec![];
    let listing = Listing::of(answer, |entry| stamp(answer, entry).is_some());
    for (folder, entries) in answer.seen.folders.iter().zip(&listing.folders) {
        for (rank, entry) in entries {
            let (Some(stamp), Some((from, row))) = (stamp(answer, *entry), answer.place(*entry)) else {
                continue;
            };
            if from == largest {
                table.rows.take_over(source, row);
            } else {
                let Some(row) = answer.tables()[from].row(row) else { continue };
                table.rows.push(&row);
            }
            table.push_file(stamp);
            ranks.push(*rank);
        }
        table.push_folder(folder.path.as_os_str().as_bytes());
    }
    table.push_order(by_rank(&ranks));
    table
}

fn folder<R: Row>(answer: &Answer<'_, R>, entry: Entry) -> String {
    let path = answer.path(entry);
    path.parent().and_then(Path::to_str).unwrap_or_default().to_owned()
}

/// The rows in the order of their ranks.
pub(super) fn by_rank(ranks: &[usize]) -> impl Iterator<Item = usize> + use<> {
    let mut rows: Vec<(usize, usize)> = ranks.iter().copied().zip(0..).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, row)| row)
}

/// Records in the order in which the system lists their files, each with its rank in the order of the paths.
pub(super) struct Listing {
    /// Those of each of the answer's folders.
    pub folders: Vec<Vec<(usize, Entry)>>,
    /// Those that were not listed as plain files.
    pub others: Vec<(usize, Entry)>,
}

impl Listing {
    /// Those of an answer that can be read and pass a test.
    pub fn of<R: Row>(answer: &Answer<'_, R>, passes: impl Fn(Entry) -> bool) -> Self {
        let folders = &answer.seen.folders;
        let bytes = |folder: &Folder| folder.path.as_os_str().as_bytes().to_vec();
        let numbers: HashMap<Vec<u8>, usize> = folders.iter().map(bytes).zip(0..).collect();
        let base = &answer.seen.base;
        let of_base: Vec<Option<usize>> =
            (0..base.folders.len()).map(|number| numbers.get(base.folders.get(number)).copied()).collect();
        let mut by_stem: Vec<HashMap<&[u8], (usize, Entry)>> = vec![HashMap::new(); folders.len()];
        let mut others = vec![];
        for (rank, entry) in answer.entries().iter().enumerate().filter(|(_, entry)| passes(**entry)) {
            let Some((table, row)) = answer.place(*entry) else { continue };
            let number = match entry {
                Entry::Base(row) => of_base.get(base.folder_of(*row as usize)).copied().flatten(),
                _ => numbers.get(folder(answer, *entry).as_bytes()).copied(),
            };
            match number {
                Some(number) => {
                    by_stem[number].insert(answer.tables()[table].id_bytes(row), (rank, *entry));
                }
                None => others.push((rank, *entry)),
            }
        }
        let listed = folders.iter().zip(&mut by_stem).map(|(folder, by_stem)| {
            let names = (0..folder.len()).map(|place| folder.name(place).to_bytes());
            let stems = names.filter_map(|name| name.strip_suffix(ENDING));
            stems.filter_map(|stem| by_stem.remove(stem)).collect()
        });
        let listed = listed.collect();
        others.extend(by_stem.into_iter().flat_map(HashMap::into_values));
        others.sort_unstable_by_key(|(rank, _)| *rank);
        Self { folders: listed, others }
    }
}
