//! One id in several files: of an answer only the first counts, and the id is named.

use std::collections::HashMap;
use std::path::PathBuf;

use inc_core::columns::Row;

use super::answer::{Answer, Entry};

/// An id with all its files, from the top; the first one counts.
pub type Twice = (String, Vec<PathBuf>);

impl<R: Row> Answer<'_, R> {
    /// Takes out all but the first of the records of one id, and tells of each such id where it stands.
    ///
    /// A folder of a year holds the ids of that year, so that as a rule a look at where each folder begins and ends
    /// tells that there are none.
    pub fn only_first(&mut self) -> Vec<Twice> {
        if self.folders_follow() {
            return vec![];
        }
        let mut places: HashMap<&str, Vec<Entry>> = HashMap::new();
        for entry in self.entries() {
            if let Some((table, row)) = self.place(*entry) {
                places.entry(self.tables()[table].id(row)).or_default().push(*entry);
            }
        }
        let twice = places.into_iter().filter(|(_, entries)| entries.len() > 1);
        let mut told: Vec<(Twice, Vec<Entry>)> = twice
            .map(|(id, entries)| {
                let paths = entries.iter().map(|entry| self.path(*entry)).collect();
                ((id.to_owned(), paths), entries[1..].to_vec())
            })
            .collect();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        let (told, out): (Vec<_>, Vec<_>) = told.into_iter().unzip();
        let out: Vec<Entry> = out.concat();
        self.keep(|entry| !out.contains(entry));
        told
    }

    /// Whether each name comes before the next one: so it is within a folder.
    fn folders_follow(&self) -> bool {
        let name = |entry: &Entry| self.path(*entry).file_name().map(ToOwned::to_owned);
        self.entries().windows(2).all(|pair| match pair {
            [Entry::Base(one), Entry::Base(next)] if self.is_one_folder(*one, *next) => true,
            [one, next] => name(one) < name(next),
            _ => true,
        })
    }
}
