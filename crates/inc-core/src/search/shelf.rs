//! All records that can be found now: those whose words lie in postings, and those that were read just now.

use std::collections::{BTreeSet, HashMap};

use super::packed::{Packed, Posting};

/// One record on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Book<'a> {
    /// Its id.
    pub id: &'a str,
    /// When it began, in milliseconds since 1970.
    pub began: i64,
    /// Which kind of record it is.
    pub kind: u8,
    /// How many words it has by weight.
    pub length: u32,
}

/// Records by number, and who has which word.
#[derive(Debug, Default)]
pub struct Shelf<'a> {
    books: Vec<Book<'a>>,
    packed: Vec<(&'a Packed<'a>, Vec<Option<u32>>)>,
    read: HashMap<&'a str, Vec<Posting>>,
    length: u64,
}

impl<'a> Shelf<'a> {
    /// Puts a record there that has these words, or whose words are in postings that follow; its number.
    pub fn put(&mut self, book: Book<'a>, words: &'a [(String, u32)]) -> u32 {
        let number = u32::try_from(self.books.len()).unwrap_or(u32::MAX);
        self.length += u64::from(book.length);
        self.books.push(book);
        for (word, count) in words {
            self.read.entry(word).or_default().push((number, *count));
        }
        number
    }

    /// Adds postings; `rows` are the numbers of those of their rows that are there now.
    pub fn add(&mut self, packed: &'a Packed<'a>, rows: Vec<Option<u32>>) {
        self.packed.push((packed, rows));
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.books.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.books.is_empty()
    }

    /// A record.
    pub fn book(&self, number: u32) -> &Book<'a> {
        &self.books[number as usize]
    }

    /// How many words a record has on average, by weight; never 0.
    pub fn usual_length(&self) -> f64 {
        (self.length as f64 / self.books.len().max(1) as f64).max(1.0)
    }

    /// The records that have a word, with how often, in no order.
    pub fn find(&self, word: &str) -> Vec<Posting> {
        let mut found: Vec<Posting> = self.read.get(word).cloned().unwrap_or_default();
        for (packed, rows) in &self.packed {
            let there = |(row, count): Posting| Some(((*rows.get(row as usize)?)?, count));
            found.extend(packed.find(word).filter_map(there));
        }
        found
    }

    /// The words that begin so, each once, in their order; some may be of records that are gone.
    pub fn beginning(&self, beginning: &str) -> Vec<&str> {
        let packed = self.packed.iter().flat_map(|(packed, _)| packed.beginning(beginning));
        let read = self.read.keys().copied().filter(|word| word.starts_with(beginning));
        packed.chain(read).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The word nearest to one that nobody has: what was meant, perhaps.
    pub fn nearest(&self, word: &str) -> Option<String> {
        // Who mistypes mostly has the first letter right.
        let first = word.chars().next()?.to_string();
        let apart = |other: &str| strsim::normalized_damerau_levenshtein(word, other);
        let near = self.beginning(&first).into_iter().map(|other| (apart(other), other));
        let mut near: Vec<(f64, &str)> = near.filter(|(alike, _)| *alike >= 0.6).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let there = near.into_iter().map(|(_, other)| other).find(|other| !self.find(other).is_empty());
        there.map(str::to_owned)
    }
}
