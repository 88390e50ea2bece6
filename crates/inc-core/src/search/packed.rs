//! Postings as bytes: each word with the rows that have it. A question reads the postings of its own words alone.

use std::collections::HashMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::columns::{Bytes, Texts};

/// How many bytes tell where postings end.
const END: usize = 8;

/// Words in their order, and the rows of each.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Packed<'a> {
    #[serde(borrow)]
    terms: Texts<'a>,
    #[serde(borrow)]
    ends: Bytes<'a>,
    /// Of each word the rows, each as the distance from the one before and the count, both as LEB128.
    #[serde(borrow)]
    postings: Bytes<'a>,
}

/// A row and how often it has a word.
pub type Posting = (u32, u32);

/// Postings that are being made, of rows in their order.
#[derive(Debug, Default)]
pub struct Packing {
    lists: HashMap<Box<str>, List>,
}

#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    last: u32,
}

impl List {
    fn push(&mut self, row: u32, count: u32) {
        put(&mut self.bytes, row.saturating_sub(self.last));
        put(&mut self.bytes, count);
        self.last = row;
    }
}

impl Packing {
    /// Adds a row, which comes after those before.
    pub fn add<'w>(&mut self, row: u32, words: impl IntoIterator<Item = (&'w str, u32)>) {
        for (word, count) in words {
            match self.lists.get_mut(word) {
                Some(list) => list.push(row, count),
                None => {
                    let mut list = List::default();
                    list.push(row, count);
                    self.lists.insert(word.into(), list);
                }
            }
        }
    }

    /// These postings, and those of `old` whose rows have a new number.
    pub fn finish(mut self, old: &Packed<'_>, rows: &[Option<u32>]) -> Packed<'static> {
        let mut packed = Packed::default();
        let mut words: Vec<Box<str>> = self.lists.keys().cloned().collect();
        words.extend((0..old.terms.len()).map(|place| Box::from(old.terms.text(place))));
        words.sort_unstable();
        words.dedup();
        for word in words {
            let there = |(row, count): Posting| Some(((*rows.get(row as usize)?)?, count));
            let mut list: Vec<Posting> = old.find(&word).filter_map(there).collect();
            let new = self.lists.remove(&word).unwrap_or_default();
            match list.is_empty() {
                true if new.bytes.is_empty() => {}
                true => packed.put(&word, &new.bytes),
                false => {
                    list.extend(decoded(&new.bytes));
                    list.sort_unstable();
                    let mut merged = List::default();
                    list.into_iter().for_each(|(row, count)| merged.push(row, count));
                    packed.put(&word, &merged.bytes);
                }
            }
        }
        packed
    }
}

impl Packed<'_> {
    fn put(&mut self, word: &str, list: &[u8]) {
        self.postings.extend(list);
        self.terms.push(word.as_bytes());
        self.ends.push_cell(END, self.postings.as_slice().len() as u64);
    }

    /// Whether there is an end for each word: what was read from a file is asked so.
    pub fn is_whole(&self) -> bool {
        self.ends.as_slice().len() == self.terms.len() * END
    }

    /// The rows that have a word, in their order.
    pub fn find(&self, word: &str) -> impl Iterator<Item = Posting> {
        let place = self.first(word.as_bytes());
        let is_it = place < self.terms.len() && self.terms.get(place) == word.as_bytes();
        is_it.then(|| self.at(place)).into_iter().flatten()
    }

    /// The words that begin so.
    pub fn beginning(&self, beginning: &str) -> impl Iterator<Item = &str> {
        let from = self.first(beginning.as_bytes());
        let words = (from..self.terms.len()).map(|place| self.terms.text(place));
        words.take_while(move |word| word.starts_with(beginning))
    }

    /// The place of the first word that is not less.
    fn first(&self, word: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.terms.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.terms.get(middle) < word {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    fn at(&self, place: usize) -> impl Iterator<Item = Posting> {
        decoded(self.postings.as_slice().get(self.range(place)).unwrap_or_default())
    }

    fn range(&self, place: usize) -> Range<usize> {
        let end = |place| usize::try_from(self.ends.cell(END, place)).unwrap_or(0);
        place.checked_sub(1).map_or(0, end)..end(place)
    }
}

/// What a list holds, up to where it makes no sense.
fn decoded(mut bytes: &[u8]) -> impl Iterator<Item = Posting> {
    let mut row = 0u32;
    std::iter::from_fn(move || {
        row = row.checked_add(get(&mut bytes)?)?;
        Some((row, get(&mut bytes)?))
    })
}

fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn get(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..u32::BITS).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_are_found_by_word_and_beginning_and_move_with_their_rows() {
        let mut new = Packing::default();
        new.add(0, [("pool", 1), ("poor", 300)]);
        new.add(200, [("pool", 2), ("é", 1)]);
        let packed = new.finish(&Packed::default(), &[]);
        assert!(packed.is_whole());
        assert_eq!(packed.find("pool").collect::<Vec<_>>(), [(0, 1), (200, 2)]);
        assert_eq!(packed.find("poor").collect::<Vec<_>>(), [(0, 300)]);
        assert_eq!(packed.find("poo").count(), 0);
        assert_eq!(packed.find("zzz").count(), 0);
        assert_eq!(packed.beginning("poo").collect::<Vec<_>>(), ["pool", "poor"]);

        let mut rows = vec![None; 201];
        rows[200] = Some(1);
        let mut new = Packing::default();
        new.add(0, [("new", 1), ("pool", 7)]);
        let moved = new.finish(&packed, &rows);
        assert_eq!(moved.find("pool").collect::<Vec<_>>(), [(0, 7), (1, 2)]);
        assert_eq!(moved.beginning("").collect::<Vec<_>>(), ["new", "pool", "é"]);
    }

    #[test]
    fn broken_bytes_end_a_list() {
        for bytes in [&[0x80][..], &[0xff; 12], &[1], &[]] {
            let mut packed = Packed::default();
            packed.terms.push(b"a");
            packed.postings.extend(bytes);
            packed.ends.push_cell(END, 99);
            assert_eq!(packed.find("a").count(), 0, "{bytes:?}");
        }
    }
}
