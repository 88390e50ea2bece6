//! The incidents of a list in its order: each is made when it is shown, so that a list of all takes little memory.

use anyhow::Result;
use inc_core::query::{Placed, SortKey};
use inc_core::summary::Summary;
use inc_store::index::{Answer, Entry};

use crate::session::made;

/// Those that are listed.
pub struct Rows<'r, 'f> {
    answer: &'r Answer<'f, Summary>,
    placed: Vec<Placed<'r, Entry>>,
}

impl<'r, 'f> Rows<'r, 'f> {
    /// These of an answer, in this order.
    pub fn new(answer: &'r Answer<'f, Summary>, placed: Vec<Placed<'r, Entry>>) -> Self {
        Self { answer, placed }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = &'r str> {
        self.placed.iter().map(Placed::id)
    }

    /// The ids of those with values of a merge that wait to be settled.
    pub fn contested(&self) -> impl Iterator<Item = &'r str> {
        self.placed.iter().filter(|placed| is_contested(self.answer, placed.item)).map(Placed::id)
    }

    /// Hands each on, one at a time.
    ///
    /// # Errors
    /// A row that cannot be made; what `take` makes of one.
    pub fn each(&self, mut take: impl FnMut(&Summary) -> Result<()>) -> Result<()> {
        self.placed.iter().try_for_each(|placed| take(&made(self.answer, placed.item)?))
    }
}

/// A record with its place in an order; its row is made only where a key asks for that.
///
/// # Errors
/// A row that cannot be made.
pub fn placed<'r>(
    answer: &'r Answer<'_, Summary>,
    entry: Entry,
    keys: &[SortKey],
) -> Result<Placed<'r, Entry>> {
    let (id, declared_millis) = match answer.place(entry) {
        Some((table, row)) => {
            let rows = answer.tables()[table];
            (rows.id(row), rows.declared_millis(row))
        }
        None => ("", 0),
    };
    let placed = Placed::new(entry, id, declared_millis);
    Ok(if keys.is_empty() { placed } else { placed.by(keys, &made(answer, entry)?) })
}

/// Whether values of a merge wait to be settled in a record.
pub fn is_contested(answer: &Answer<'_, Summary>, entry: Entry) -> bool {
    answer.place(entry).is_some_and(|(table, row)| answer.tables()[table].contested(row))
}
