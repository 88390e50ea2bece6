//! What one cell of a table holds: a count, and of each duration the values and what stands in the way of others.

use super::measured::{Hours, Measured, Why};
use super::spread::Spread;

/// A count and the durations behind it.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many incidents.
    pub count: usize,
    /// Each duration that was asked for, in each sort of hours.
    pub(super) values: Vec<Values>,
}

/// One duration of many incidents.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    minutes: Vec<i64>,
    hindered: Vec<(Why, usize)>,
}

/// One duration of a cell, as figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Which.
    pub measured: Measured,
    /// In which hours.
    pub hours: Hours,
    /// Of how many incidents it is known.
    pub known: usize,
    /// Its figures; `None` where it is known of none.
    pub spread: Option<Spread>,
    /// Why it is not known of others, and of how many; the most frequent first.
    pub hindered: Vec<(Why, usize)>,
}

impl Values {
    pub(super) fn add(&mut self, read: Result<Option<i64>, Why>) {
        match read {
            Ok(minutes) => self.minutes.extend(minutes),
            Err(why) => self.hinder(why, 1),
        }
    }

    fn hinder(&mut self, why: Why, count: usize) {
        match self.hindered.iter_mut().find(|(known, _)| *known == why) {
            Some((_, have)) => *have += count,
            None => self.hindered.push((why, count)),
        }
    }

    fn join(&mut self, other: &Self) {
        self.minutes.extend(&other.minutes);
        for (why, count) in &other.hindered {
            self.hinder(*why, *count);
        }
    }
}

impl Tally {
    /// Takes the incidents of another cell in as well.
    pub(super) fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.values.resize(self.values.len().max(other.values.len()), Values::default());
        for (mine, theirs) in self.values.iter_mut().zip(&other.values) {
            mine.join(theirs);
        }
    }

    /// The figures of what was `asked`.
    pub fn measurements(&self, asked: &[(Measured, Hours)]) -> Vec<Measurement> {
        let nothing = Values::default();
        let each = asked.iter().enumerate();
        each.map(|(place, (measured, hours))| {
            let values = self.values.get(place).unwrap_or(&nothing);
            let mut hindered = values.hindered.clone();
            hindered.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            Measurement {
                measured: *measured,
                hours: *hours,
                known: values.minutes.len(),
                spread: Spread::of(&values.minutes),
                hindered,
            }
        })
        .collect()
    }
}

impl Measurement {
    /// Of how many incidents it could not be computed.
    pub fn uncomputable(&self) -> usize {
        self.hindered.iter().map(|(_, count)| count).sum()
    }
}
