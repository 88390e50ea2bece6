//! Whether the words that are stored are those of the files; and, without reading any, how many the next search has to read.

use std::collections::HashMap;
use std::path::PathBuf;

use inc_core::search::shelf::{Book, Shelf};
use inc_core::search::{Card, Searchable};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{Searched, volume};
use crate::index::Files;
use crate::index::look::{self, Why};
use crate::index::read::Progress;
use crate::index::table::Table;
use crate::store::{Record, Store, StoreError};

/// All words of a record as one number, whatever their order: two records alike in it have the same.
type Sum = u64;

impl Store {
    /// How many files of a kind there are, and why those have to be read that the next search reads. `files` are those
    /// of [`Searched`].
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn words_to_read<R: Record + Searchable + Send>(
        &self,
        files: &Files,
    ) -> Result<(usize, Vec<Why>), StoreError> {
        let seen = look::look::<Searched<R>>(self, volume(&files.base).table, Table::of(&files.recent))?;
        let fresh = seen.base_fresh.iter().filter(|fresh| **fresh).count() + seen.recent_fresh.len();
        let why: Vec<Why> = seen.strays.iter().map(|stray| stray.why).collect();
        Ok((fresh + why.len(), why))
    }

    /// The files of a kind of which the index tells other words than a full read, and how many were compared.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn words_that_differ<R: Record + Searchable + Send>(
        &self,
        files: &Files,
        progress: &mut Progress<'_>,
    ) -> Result<(usize, Vec<PathBuf>), StoreError> {
        let words = self.words::<R>(files, progress)?;
        let mut shelf = Shelf::default();
        let entries = words.fill(&mut shelf);
        let sums = sums(&shelf);
        let numbers = (0..).zip(&sums);
        let mut told: HashMap<PathBuf, (Book<'_>, Sum)> = entries
            .iter()
            .zip(numbers)
            .map(|(entry, (n, sum))| (words.path(*entry), (*shelf.book(n), *sum)))
            .collect();
        let paths = self.paths::<R>()?;
        let mut differ = vec![];
        for path in &paths {
            let card = self.load::<R>(path).ok().map(|loaded| Card::of(&loaded.record));
            let is_same = match (&card, told.remove(path)) {
                (Some(card), Some((book, sum))) => book == card.book() && sum == sum_of(card),
                (None, None) => true,
                _ => false,
            };
            if !is_same {
                differ.push(path.clone());
            }
        }
        differ.extend(told.into_keys());
        differ.sort();
        Ok((paths.len(), differ))
    }
}

/// The words of each record on a shelf.
fn sums(shelf: &Shelf<'_>) -> Vec<Sum> {
    let mut sums = vec![0; shelf.len()];
    for word in shelf.beginning("") {
        for (number, count) in shelf.find(word) {
            add(&mut sums[number as usize], word, count);
        }
    }
    sums
}

fn sum_of(card: &Card) -> Sum {
    let mut sum = 0;
    card.words.iter().for_each(|(word, count)| add(&mut sum, word, *count));
    sum
}

fn add(sum: &mut Sum, word: &str, count: u32) {
    *sum = sum.wrapping_add(xxh3_64_with_seed(word.as_bytes(), u64::from(count)));
}
