//! Writing down what was read. Whatever fails here only costs that it is read again.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use inc_core::columns::{Columns, Row};

use super::answer::{Answer, Entry};
use super::file::Draft;
use super::table::Table;
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

/// A table of these records, in no folder's order of listing.
pub(super) fn of<'t, R: Row>(
    answer: &Answer<'_, R>,
    entries: &[Entry],
    rows: Columns<'t, R>,
) -> Table<'t, R> {
    let mut table = Table::with(rows);
    let mut folders = HashMap::new();
    for entry in entries {
        let (Some(stamp), Some(row)) = (stamp(answer, *entry), answer.row(*entry)) else {
            continue;
        };
        table.rows.push(&row);
        let folder = folder(answer, *entry);
        let folder = number(&mut table, &mut folders, &folder);
        table.push_file(folder, stamp);
    }
    let orders = (0..table.folders.len()).map(|folder| {
        (0..table.rows.len()).filter(|row| table.folder_of(*row) == folder).collect::<Vec<_>>()
    });
    let orders: Vec<_> = orders.collect();
    orders.into_iter().for_each(|rows| table.push_order(rows.into_iter()));
    table
}

pub(super) fn folder<R: Row>(answer: &Answer<'_, R>, entry: Entry) -> String {
    let path = answer.path(entry);
    path.parent().and_then(Path::to_str).unwrap_or_default().to_owned()
}

fn number<R: Row>(table: &mut Table<'_, R>, folders: &mut HashMap<String, usize>, folder: &str) -> usize {
    if let Some(number) = folders.get(folder) {
        return *number;
    }
    table.folders.push(folder.as_bytes());
    folders.insert(folder.to_owned(), table.folders.len() - 1);
    table.folders.len() - 1
}

/// The table of all records. The rows of the largest of the answer's tables are taken over as they are.
fn whole<R: Row>(answer: &Answer<'_, R>, largest: usize) -> Table<'static, R> {
    let source = answer.tables()[largest];
    let mut table = Table::with(Columns::beside(source));
    let mut numbers: HashMap<Vec<u8>, usize> = HashMap::new();
    for folder in &answer.seen.folders {
        let path = folder.path.as_os_str().as_bytes();
        numbers.insert(path.to_vec(), table.folders.len());
        table.folders.push(path);
    }
    let of_base: Vec<Option<usize>> = (0..answer.seen.base.folders.len())
        .map(|folder| numbers.get(answer.seen.base.folders.get(folder)).copied())
        .collect();
    for entry in answer.entries() {
        let Some((from, row)) = answer.place(*entry) else { continue };
        let folder = match entry {
            Entry::Base(row) => of_base[answer.seen.base.folder_of(*row as usize)],
            _ => numbers.get(folder(answer, *entry).as_bytes()).copied(),
        };
        let (Some(stamp), Some(folder)) = (stamp(answer, *entry), folder) else { continue };
        if from == largest {
            table.rows.take_over(source, row);
        } else {
            let Some(row) = answer.tables()[from].row(row) else { continue };
            table.rows.push(&row);
        }
        table.push_file(folder, stamp);
    }
    order(answer, &mut table);
    table
}

/// Notes in which order the system listed the files.
pub(super) fn order<R: Row>(answer: &Answer<'_, R>, table: &mut Table<'static, R>) {
    let mut rows: Vec<HashMap<Vec<u8>, usize>> = vec![HashMap::new(); table.folders.len()];
    for row in 0..table.rows.len() {
        rows[table.folder_of(row)].insert(table.stem(row).to_vec(), row);
    }
    for (folder, rows) in answer.seen.folders.iter().zip(&rows) {
        let names = (0..folder.len()).map(|place| folder.name(place).to_bytes());
        let stems = names.filter_map(|name| name.strip_suffix(super::walk::ENDING));
        table.push_order(stems.filter_map(|stem| rows.get(stem).copied()));
    }
}
