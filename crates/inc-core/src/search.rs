//! Full-text search over incidents and PDCAs: what is found, how it is ranked, and what is shown of it.
//!
//! A record is a bag of [`word`]s from its [`passage`]s. Ranking is BM25 (S. Robertson and H. Zaragoza, "The Probabilistic
//! Relevance Framework: BM25 and Beyond", 2009) with the weights of the fields applied to the counts before they are saturated
//! (Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields", 2004). [`like`] asks the same
//! postings for the records that are most like one.
//!
//! Deliberately absent: stemming and synonyms, which would need a language. Words of which only the beginning is known
//! are found by it.

pub mod excerpt;
pub mod like;
pub mod packed;
pub mod passage;
pub mod query;
pub mod rank;
pub mod shelf;
#[cfg(test)]
mod tests;
pub mod word;

use std::collections::HashMap;

use crate::columns::{Columns, Row, Stored, Words};
use crate::id::Id;
use crate::incident::Incident;
use crate::pdca::Pdca;

use passage::{Passage, of_incident, of_pdca};
use shelf::Book;

/// A record that can be searched.
pub trait Searchable {
    /// The number of its kind in [`Card::kind`].
    const KIND: u8;
    /// Its texts, in the order in which they are read.
    fn passages(&self) -> Vec<Passage<'_>>;
    /// What it has in common with others without a word: see [`like`].
    fn features(&self) -> Vec<String>;
    /// Its id.
    fn id(&self) -> &Id;
    /// When it began, in milliseconds since 1970: of equals the newest comes first.
    fn began(&self) -> i64;
}

impl Searchable for Incident {
    const KIND: u8 = 0;

    fn passages(&self) -> Vec<Passage<'_>> {
        of_incident(self)
    }

    fn features(&self) -> Vec<String> {
        like::features(self)
    }

    fn id(&self) -> &Id {
        &self.id
    }

    fn began(&self) -> i64 {
        self.start().unwrap_or(self.declared_at).unix_millis()
    }
}

impl Searchable for Pdca {
    const KIND: u8 = 1;

    fn passages(&self) -> Vec<Passage<'_>> {
        of_pdca(self)
    }

    fn features(&self) -> Vec<String> {
        vec![]
    }

    fn id(&self) -> &Id {
        &self.id
    }

    fn began(&self) -> i64 {
        self.created_at.unix_millis()
    }
}

/// What the search keeps of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The record's id.
    pub id: Id,
    /// When it began, in milliseconds since 1970.
    pub began: i64,
    /// Which kind of record it is: [`Searchable::KIND`].
    pub kind: u8,
    /// How many words it has, each counted by the weight of its field.
    pub length: u32,
    /// Each word once, with how often it occurs by weight, in the order of the words. Empty where the postings tell it.
    pub words: Vec<(String, u32)>,
}

impl Card {
    /// The card of a record.
    pub fn of<R: Searchable>(record: &R) -> Self {
        let (words, length) = counted(&record.passages(), &record.features());
        Self { id: record.id().clone(), began: record.began(), kind: R::KIND, length, words }
    }

    /// The record as it stands on a shelf.
    pub fn book(&self) -> Book<'_> {
        Book { id: self.id.as_str(), began: self.began, kind: self.kind, length: self.length }
    }
}

/// The words of passages with their counts by weight, and the sum of these. Features count once, and towards no length.
pub fn counted(passages: &[Passage<'_>], features: &[String]) -> (Vec<(String, u32)>, u32) {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut length = 0u32;
    for passage in passages {
        word::each(&passage.text, |word| {
            if !word.is_joined {
                length = length.saturating_add(passage.weight);
            }
            match counts.get_mut(word.text) {
                Some(count) => *count = count.saturating_add(passage.weight),
                None => {
                    counts.insert(word.text.to_owned(), passage.weight);
                }
            }
        });
    }
    counts.extend(features.iter().map(|feature| (feature.clone(), 1)));
    let mut words: Vec<(String, u32)> = counts.into_iter().collect();
    words.sort_unstable();
    (words, length)
}

const BEGAN: usize = 0;
const LENGTH: usize = 1;
const KIND: usize = 2;

impl Row for Card {
    const WIDTHS: &'static [usize] = &[8, 4, 1];

    fn id(&self) -> &Id {
        &self.id
    }

    fn store(&self, _: &mut Words<'_>) -> (Vec<u64>, Vec<u8>) {
        let cells = vec![self.began as u64, u64::from(self.length), u64::from(self.kind)];
        let words = match self.words.is_empty() {
            true => vec![],
            false => postcard::to_stdvec(&self.words)
                .unwrap_or_else(|_| unreachable!("plain data, and room for it")),
        };
        (cells, words)
    }

    fn read(stored: &Stored<'_>) -> Option<Self> {
        let words = if stored.rest.is_empty() { vec![] } else { postcard::from_bytes(stored.rest).ok()? };
        Some(Self {
            id: Id::kept(stored.id),
            began: stored.cell(BEGAN) as i64,
            kind: u8::try_from(stored.cell(KIND)).ok()?,
            length: u32::try_from(stored.cell(LENGTH)).ok()?,
            words,
        })
    }
}

impl Columns<'_, Card> {
    /// A row as it stands on a shelf.
    pub fn book(&self, row: usize) -> Book<'_> {
        let cell = |column| self.cell(column, row);
        Book {
            id: self.id(row),
            began: cell(BEGAN) as i64,
            kind: cell(KIND) as u8,
            length: cell(LENGTH) as u32,
        }
    }
}
