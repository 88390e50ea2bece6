//! Many summaries as columns: what filters ask of each in columns of their own, the rest of each together.
//!
//! What a file holds of it is borrowed: reading 100,000 rows copies nothing, and a row becomes a value only where
//! somebody wants it.

mod bytes;
mod parts;
#[cfg(test)]
mod tests;
mod words;

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::id::Id;

pub use bytes::{Bytes, Texts};
pub(crate) use parts::{Moment, Own, Told};
pub use words::Words;

/// What can be a row.
pub trait Row: Sized {
    /// How many bytes each cell has that is asked for without the rest.
    const WIDTHS: &'static [usize];

    /// Its id, which is the name of the record's file too.
    fn id(&self) -> &Id;

    /// Its cells, and all else that [`Row::read`] makes it of.
    fn store(&self, words: &mut Words<'_>) -> (Vec<u64>, Vec<u8>);

    /// The row as it was stored; `None` where nobody stored that.
    fn read(stored: &Stored<'_>) -> Option<Self>;
}

/// One row as it is stored.
pub struct Stored<'c> {
    /// Its id.
    pub id: &'c str,
    /// All but id and cells.
    pub rest: &'c [u8],
    /// What its numbers of words mean.
    pub words: &'c Words<'c>,
    cells: &'c [Bytes<'c>],
    widths: &'static [usize],
    row: usize,
}

impl Stored<'_> {
    /// A cell; 0 where there is none.
    pub fn cell(&self, column: usize) -> u64 {
        self.cells.get(column).map_or(0, |cells| cells.cell(self.widths[column], self.row))
    }
}

/// Rows in the order in which they were pushed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Columns<'a, R> {
    #[serde(borrow)]
    ids: Texts<'a>,
    #[serde(borrow)]
    cells: Vec<Bytes<'a>>,
    #[serde(borrow)]
    rest: Texts<'a>,
    #[serde(borrow)]
    words: Words<'a>,
    #[serde(skip)]
    of: PhantomData<fn() -> R>,
}

impl<R: Row> Default for Columns<'_, R> {
    fn default() -> Self {
        Self::with(Words::default())
    }
}

impl<'a, R: Row> Columns<'a, R> {
    fn with(words: Words<'a>) -> Self {
        let cells = vec![Bytes::default(); R::WIDTHS.len()];
        Self { ids: Texts::default(), cells, rest: Texts::default(), words, of: PhantomData }
    }

    /// No rows, but the words of `other`, so that its rows can be taken over as they are.
    pub fn beside(other: &Columns<'_, R>) -> Self {
        Self::with(other.words.owned())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether each column has as many rows as the others: what was read from a file is asked so.
    pub fn is_whole(&self) -> bool {
        let cells = self.cells.iter().zip(R::WIDTHS);
        self.rest.len() == self.len()
            && self.cells.len() == R::WIDTHS.len()
            && cells.into_iter().all(|(cells, width)| cells.as_slice().len() == self.len() * width)
    }

    /// Adds a row.
    pub fn push(&mut self, row: &R) {
        let (cells, rest) = row.store(&mut self.words);
        self.ids.push(row.id().as_str().as_bytes());
        self.rest.push(&rest);
        for ((column, width), cell) in self.cells.iter_mut().zip(R::WIDTHS).zip(cells) {
            column.push_cell(*width, cell);
        }
    }

    /// Adds a row of `other`, whose words these columns began with, or which have begun with theirs.
    pub fn take_over(&mut self, other: &Columns<'_, R>, row: usize) {
        self.ids.push(other.ids.get(row));
        self.rest.push(other.rest.get(row));
        for ((column, width), from) in self.cells.iter_mut().zip(R::WIDTHS).zip(&other.cells) {
            column.push_cell(*width, from.cell(*width, row));
        }
    }

    /// The id of a row; empty where there is no such row.
    pub fn id(&self, row: usize) -> &str {
        self.ids.text(row)
    }

    /// The id of a row as bytes, for a comparison that need not be of characters.
    pub fn id_bytes(&self, row: usize) -> &[u8] {
        self.ids.get(row)
    }

    /// One cell of a row.
    pub(crate) fn cell(&self, column: usize, row: usize) -> u64 {
        self.cells.get(column).map_or(0, |cells| cells.cell(R::WIDTHS[column], row))
    }

    /// What the numbers of words mean.
    pub(crate) fn words(&self) -> &Words<'a> {
        &self.words
    }

    /// A row as it was pushed; `None` where it cannot be made out.
    pub fn row(&self, row: usize) -> Option<R> {
        R::read(&self.stored(row)?)
    }

    /// A row as it is stored.
    pub(crate) fn stored(&self, row: usize) -> Option<Stored<'_>> {
        (row < self.len()).then(|| Stored {
            id: self.ids.text(row),
            rest: self.rest.get(row),
            words: &self.words,
            cells: &self.cells,
            widths: R::WIDTHS,
            row,
        })
    }
}
