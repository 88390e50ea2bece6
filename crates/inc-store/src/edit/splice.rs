//! Changes to a text, gathered first and made together. Bytes outside what is deleted are copied
//! as they stand, so nothing else can change.

use std::ops::Range;

/// Which of two insertions at one place comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Before,
    Here,
}

/// The changes gathered for one text. Positions are bytes of the old text, on character boundaries.
#[derive(Clone, Debug, Default)]
pub(super) struct Splices {
    deleted: Vec<Range<usize>>,
    inserted: Vec<(usize, Rank, String)>,
}

impl Splices {
    /// Take the bytes of `range` out; ranges may overlap.
    pub(super) fn delete(&mut self, range: Range<usize>) {
        if range.start < range.end {
            self.deleted.push(range);
        }
    }

    /// Put `new` in before the byte at `at`; several at one place stand in the order given.
    pub(super) fn insert(&mut self, at: usize, new: impl Into<String>) {
        self.inserted.push((at, Rank::Here, new.into()));
    }

    /// The same, and before all that `insert` puts in there: a sibling of what begins at `at`.
    pub(super) fn insert_before(&mut self, at: usize, new: impl Into<String>) {
        self.inserted.push((at, Rank::Before, new.into()));
    }

    /// Whether the byte at `at` is taken out.
    pub(super) fn deletes(&self, at: usize) -> bool {
        self.deleted.iter().any(|range| range.contains(&at))
    }

    /// The text with all changes made, or `None` if a place is not a character boundary in it.
    pub(super) fn apply(mut self, text: &str) -> Option<String> {
        // A stable sort keeps the order of what goes in at one place.
        self.inserted.sort_by_key(|(at, rank, _)| (*at, *rank));
        let mut out = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for (place, _, new) in &self.inserted {
            self.copy(text, at..*place, &mut out)?;
            out.push_str(new);
            at = *place;
        }
        self.copy(text, at..text.len(), &mut out)?;
        Some(out)
    }

    /// Copy what is left of `range`.
    fn copy(&self, text: &str, range: Range<usize>, out: &mut String) -> Option<()> {
        let mut at = range.start;
        while at < range.end {
            let covering = self.deleted.iter().filter(|r| r.contains(&at));
            if let Some(end) = covering.map(|r| r.end).max() {
                at = end;
                continue;
            }
            let ahead = self.deleted.iter().map(|r| r.start);
            let stop = ahead.filter(|start| *start > at).min().unwrap_or(range.end).min(range.end);
            out.push_str(text.get(at..stop)?);
            at = stop;
        }
        Some(())
    }
}
