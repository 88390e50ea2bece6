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

    /// All that is taken out.
    pub(super) fn deleted(&self) -> Merged {
        Merged::new(&self.deleted)
    }

    /// The text with all changes made, or `None` if a place is not a character boundary in it.
    pub(super) fn apply(mut self, text: &str) -> Option<String> {
        // A stable sort keeps the order of what goes in at one place.
        self.inserted.sort_by_key(|(at, rank, _)| (*at, *rank));
        let deleted = self.deleted();
        let mut out = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for (place, _, new) in &self.inserted {
            deleted.copy_rest(text, at..*place, &mut out)?;
            out.push_str(new);
            at = *place;
        }
        deleted.copy_rest(text, at..text.len(), &mut out)?;
        Some(out)
    }
}

/// Ranges in order, none of which overlaps another, so that a place in them is found without looking at all.
#[derive(Debug)]
pub(super) struct Merged(Vec<Range<usize>>);

impl Merged {
    pub(super) fn new(ranges: &[Range<usize>]) -> Self {
        let mut sorted: Vec<_> = ranges.iter().filter(|range| !range.is_empty()).cloned().collect();
        sorted.sort_by_key(|range| range.start);
        sorted.dedup_by(|next, last| {
            let overlaps = next.start <= last.end;
            if overlaps {
                last.end = last.end.max(next.end);
            }
            overlaps
        });
        Self(sorted)
    }

    pub(super) fn contains(&self, at: usize) -> bool {
        self.0.get(self.ending_after(at)).is_some_and(|range| range.contains(&at))
    }

    /// The index of the first range that ends after `at`.
    fn ending_after(&self, at: usize) -> usize {
        self.0.partition_point(|range| range.end <= at)
    }

    /// Copy what of `range` lies outside all of these.
    fn copy_rest(&self, text: &str, range: Range<usize>, out: &mut String) -> Option<()> {
        let mut at = range.start;
        for gap in &self.0[self.ending_after(at)..] {
            if gap.start >= range.end {
                break;
            }
            if at < gap.start {
                out.push_str(text.get(at..gap.start)?);
            }
            at = gap.end;
        }
        if at < range.end {
            out.push_str(text.get(at..range.end)?);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_overlap_are_taken_out_once() {
        let mut splices = Splices::default();
        for range in [6..8, 1..3, 2..4, 4..5, 1..2, 9..9] {
            splices.delete(range);
        }
        splices.insert(2, "X");
        splices.insert_before(2, "W");
        splices.insert(10, "Z");
        let deleted = splices.deleted();
        let gone: Vec<_> = (0..10).filter(|at| deleted.contains(*at)).collect();
        assert_eq!(gone, (0..10).filter(|at| splices.deletes(*at)).collect::<Vec<_>>());
        assert_eq!(gone, [1, 2, 3, 4, 6, 7]);
        assert_eq!(splices.apply("0123456789").as_deref(), Some("0WX589Z"));
        let mut halves = Splices::default();
        halves.delete(0..1);
        assert_eq!(halves.apply("é"), None);
    }
}
