//! The words of all records of a kind, for the search: postings of those whose files are as they were, under the same
//! rules as the rest of the index, and the words of the others as they were just read.
//!
//! What changed lately lies in a small table with its words. Once that is too much, table and postings are made anew,
//! where the postings of the rows that stay are taken over.

use std::path::PathBuf;

use inc_core::id::Id;
use inc_core::incident::Contested;
use inc_core::search::packed::{Packed, Packing};
use inc_core::search::shelf::Shelf;
use inc_core::search::{Card, Searchable};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Entry};
use super::file::Draft;
use super::read::{self, Progress};
use super::stamp::Stamp;
use super::table::Table;
use super::{Files, Indexed, keep, look, recent};
use crate::store::{Record, Store, StoreError};

/// A record as the search looks at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Searched<R>(pub R);

impl<R: Record> Record for Searched<R> {
    const NAME: &'static str = R::NAME;
    const FOLDER: &'static str = R::FOLDER;
    const TRAILER: &'static str = R::TRAILER;
    const HEADER: &'static str = R::HEADER;

    fn id(&self) -> &Id {
        self.0.id()
    }

    fn contested(&mut self) -> &mut [Contested] {
        self.0.contested()
    }
}

impl<R: Record + Searchable + Send> Indexed for Searched<R> {
    type Row = Card;
    const FILE: &'static str = match R::KIND {
        0 => "incidents.words",
        _ => "pdcas.words",
    };

    fn row(&self) -> Card {
        Card::of(&self.0)
    }
}

/// What the large file holds: the cards without their words, and who has which word.
#[derive(Default, Serialize, Deserialize)]
struct Volume<'a> {
    #[serde(borrow)]
    table: Table<'a, Card>,
    #[serde(borrow)]
    packed: Packed<'a>,
}

/// The words of all records of a kind that can be read.
pub struct Words<'f> {
    answer: Answer<'f, Card>,
    packed: Packed<'f>,
    /// All anew, where much was read, and which record each row is.
    anew: Option<(Volume<'static>, Vec<Entry>)>,
    /// Else the cards of what lies in no postings.
    cards: Vec<(Entry, Card)>,
}

impl Store {
    /// The words of all records of a kind as they are now; what was read is written down for the next time, where that
    /// can be done. `files` are those of [`Searched`].
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn words<'f, R: Record + Searchable + Send>(
        &self,
        files: &'f Files,
        progress: &mut Progress<'_>,
    ) -> Result<Words<'f>, StoreError> {
        let words = self.words_within::<R>(files, usize::MAX, progress)?;
        Ok(words.unwrap_or_else(|| unreachable!("any number may be read")))
    }

    /// The same, or `None` where more than so many records would have to be read.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn words_within<'f, R: Record + Searchable + Send>(
        &self,
        files: &'f Files,
        most: usize,
        progress: &mut Progress<'_>,
    ) -> Result<Option<Words<'f>>, StoreError> {
        let Volume { table, packed } = volume(&files.base);
        let seen = look::look::<Searched<R>>(self, table, Table::of(&files.recent))?;
        if seen.strays.len() > most {
            return Ok(None);
        }
        // Before anything is read: what changes later than this is seen next time.
        let draft = if seen.strays.is_empty() { None } else { Draft::begin(self) };
        let read = read::read::<Searched<R>>(self, &seen.strays, draft.as_ref(), progress);
        let answer = Answer::of(seen, read);
        let others: Vec<Entry> = answer.entries().iter().filter(|it| !is_base(**it)).copied().collect();
        let mut words = Words { answer, packed, anew: None, cards: vec![] };
        if others.len() > keep::MOST {
            words.anew = Some(words.volume());
        } else {
            let card = |entry: &Entry| Some((*entry, words.answer.row(*entry)?));
            words.cards = others.iter().filter_map(card).collect();
        }
        if let Some(draft) = draft.filter(|_| words.answer.read.stamps.iter().any(Option::is_some)) {
            words.keep::<Searched<R>>(self, &others, draft);
        }
        Ok(Some(words))
    }
}

/// What a file holds; nothing, where that makes no sense.
fn volume(bytes: &[u8]) -> Volume<'_> {
    let volume: Option<Volume<'_>> = postcard::from_bytes(bytes).ok();
    volume.filter(|volume| volume.table.is_whole() && volume.packed.is_whole()).unwrap_or_default()
}

fn is_base(entry: Entry) -> bool {
    matches!(entry, Entry::Base(_))
}

impl<'f> Words<'f> {
    /// What could not be read.
    pub fn failures(&self) -> impl Iterator<Item = &StoreError> {
        self.answer.failures().map(|(_, error)| error)
    }

    /// The file of a record, from the top.
    pub fn path(&self, entry: Entry) -> PathBuf {
        self.answer.path(entry)
    }

    /// Puts all that can be found on the shelf; the records in the order of the numbers that they have there.
    pub fn fill<'a>(&'a self, shelf: &mut Shelf<'a>) -> Vec<Entry> {
        if let Some((anew, entries)) = &self.anew {
            let rows = (0..anew.table.rows.len()).map(|row| Some(shelf.put(anew.table.rows.book(row), &[])));
            let rows = rows.collect();
            shelf.add(&anew.packed, rows);
            return entries.clone();
        }
        let base = &self.answer.seen.base.rows;
        let mut rows = vec![None; base.len()];
        let mut entries = vec![];
        for entry in self.answer.entries() {
            let Entry::Base(row) = entry else { continue };
            rows[*row as usize] = Some(shelf.put(base.book(*row as usize), &[]));
            entries.push(*entry);
        }
        shelf.add(&self.packed, rows);
        for (entry, card) in &self.cards {
            shelf.put(card.book(), &card.words);
            entries.push(*entry);
        }
        entries
    }

    /// Writes down what was read.
    fn keep<S: Indexed<Row = Card>>(&self, store: &Store, others: &[Entry], draft: Draft) {
        if let Some((anew, _)) = &self.anew {
            if draft.put::<S>(S::FILE, anew).is_ok() {
                let _ = std::fs::remove_file(super::file::folder(store).join(recent(S::FILE)));
            }
            return;
        }
        let kept = |entry: &&Entry| keep::stamp(&self.answer, **entry).is_some();
        let others: Vec<Entry> = others.iter().filter(kept).copied().collect();
        let table = keep::of(&self.answer, &others, Default::default());
        let _ = draft.put::<S>(&recent(S::FILE), &table);
    }

    /// Table and postings of all that can be read. What may not be stored has a stamp that no file has.
    fn volume(&self) -> (Volume<'static>, Vec<Entry>) {
        let answer = &self.answer;
        let listing = keep::Listing::of(answer, |_| true);
        let mut anew = Anew::default();
        let mut packing = Packing::default();
        let mut rows = vec![None; answer.seen.base.rows.len()];
        let mut put = |anew: &mut Anew, (rank, entry): (usize, Entry), is_listed: bool| {
            let Some(card) = answer.row(entry) else { return };
            let number = anew.entries.len() as u32;
            match entry {
                Entry::Base(row) => rows[row as usize] = Some(number),
                _ => packing.add(number, card.words.iter().map(|(word, count)| (word.as_str(), *count))),
            }
            anew.table.rows.push(&Card { words: vec![], ..card });
            let stamp = keep::stamp(answer, entry).filter(|_| is_listed);
            anew.table.push_file(stamp.unwrap_or(Stamp::UNSURE.bytes()));
            anew.entries.push(entry);
            anew.ranks.push(rank);
        };
        for (folder, entries) in answer.seen.folders.iter().zip(listing.folders) {
            entries.into_iter().for_each(|one| put(&mut anew, one, true));
            anew.table.push_folder(folder.path.as_os_str().as_encoded_bytes());
        }
        listing.others.into_iter().for_each(|one| put(&mut anew, one, false));
        let Anew { mut table, entries, ranks } = anew;
        table.push_order(keep::by_rank(&ranks));
        (Volume { table, packed: packing.finish(&self.packed, &rows) }, entries)
    }
}

/// A table as it is made: the record of each row, and its rank in the order of the paths.
#[derive(Default)]
struct Anew {
    table: Table<'static, Card>,
    entries: Vec<Entry>,
    ranks: Vec<usize>,
}

mod verify;

#[cfg(test)]
mod tests;
