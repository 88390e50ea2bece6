//! A filter over columns: what [`Filter::passes`] says of each row, without making the row a value.

use chrono::{DateTime, NaiveDate, TimeDelta};

use super::{Bound, Filter};
use crate::answer::Answer;
use crate::columns::{Columns, Words};
use crate::instant::Zone;
use crate::summary::{Summary, Worded};

/// Whether a row passes.
pub type Sieve<'c> = Box<dyn Fn(usize) -> bool + 'c>;

impl Filter {
    /// The filter over these rows: true of a row exactly where the summary passes.
    pub fn over<'c>(&'c self, rows: &'c Columns<'c, Summary>, zone: &'c Zone) -> Sieve<'c> {
        match self {
            Self::Status(wanted) => Box::new(|row| rows.status(row).is_some_and(|it| wanted.contains(&it))),
            Self::Open => Box::new(|row| rows.status(row).is_some_and(|status| status.is_open())),
            Self::Severity(ranges) => Box::new(|row| {
                rows.severity(row).is_some_and(|it| ranges.iter().any(|range| range.holds(it)))
            }),
            Self::Kind(wanted) => Box::new(|row| rows.kind(row).is_some_and(|it| wanted.contains(&it))),
            Self::Environment(wanted) => worded(rows, Worded::Environment, |word| is_one(word, wanted)),
            Self::DetectedVia(wanted) => worded(rows, Worded::DetectedVia, |word| is_one(word, wanted)),
            Self::Team(field, wanted) => {
                worded(rows, Worded::Team(*field as usize), |word| is_one(word, wanted))
            }
            Self::Commander(wanted) => worded(rows, Worded::Commander, |word| match word {
                Answer::Known(name) => Self::holds_part(name, wanted),
                _ => false,
            }),
            Self::RootCause(paths) => worded(rows, Worded::RootCause, |word| {
                let cause = word.map(|path| path.lines().map(crate::text::Line::kept).collect());
                paths.iter().any(|path| super::filter::begins_with(&cause, path))
            }),
            Self::Since(Bound::Day(day)) => by_day(self, rows, zone, *day, true),
            Self::Until(Bound::Day(day)) => by_day(self, rows, zone, *day, false),
            Self::Since(Bound::At(at)) => {
                Box::new(|row| rows.began_at(row).is_some_and(|began| began >= *at))
            }
            Self::Until(Bound::At(at)) => {
                Box::new(|row| rows.began_at(row).is_some_and(|began| began <= *at))
            }
            Self::Custom(..) => Box::new(|row| {
                rows.has_custom(row) && rows.row(row).is_some_and(|summary| self.passes(&summary, zone))
            }),
        }
    }
}

/// Looks at each word once, and then at numbers.
fn worded<'c>(
    rows: &'c Columns<'c, Summary>,
    column: Worded,
    passes: impl Fn(&Answer<&str>) -> bool,
) -> Sieve<'c> {
    let words: &Words<'_> = rows.words();
    let meant: Vec<bool> = (0..words.numbers()).map(|number| passes(&words.told(number))).collect();
    Box::new(move |row| {
        usize::try_from(rows.worded(column, row)).is_ok_and(|it| meant.get(it) == Some(&true))
    })
}

fn is_one(word: &Answer<&str>, wanted: &[String]) -> bool {
    super::filter::is_one(&super::filter::of_answer(word), wanted)
}

/// The zone is asked only about rows within two days of the bound: no offset reaches further.
fn by_day<'c>(
    filter: &'c Filter,
    rows: &'c Columns<'c, Summary>,
    zone: &'c Zone,
    day: NaiveDate,
    later_passes: bool,
) -> Sieve<'c> {
    Box::new(move |row| {
        let began = DateTime::from_timestamp(rows.began_seconds(row), 0).map(|at| at.date_naive());
        match began {
            Some(began) if began - day > TimeDelta::days(2) => later_passes,
            Some(began) if day - began > TimeDelta::days(2) => !later_passes,
            _ => rows.began_at(row).is_some_and(|at| filter.began_passes(at, zone)),
        }
    })
}
