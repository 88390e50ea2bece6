//! Months, quarters and years, counted so that each has a number and the next one has the next.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "their own names")]
pub enum Unit {
    Month,
    Quarter,
    Year,
}

/// One month, quarter or year of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How long it is.
    pub unit: Unit,
    /// How many of these lie before it since the year 0.
    pub number: i32,
}

impl Unit {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    fn in_a_year(self) -> i32 {
        match self {
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Year => 1,
        }
    }
}

impl Period {
    /// The period that a day lies in.
    pub fn of(unit: Unit, day: NaiveDate) -> Self {
        let count = unit.in_a_year();
        let place = i32::try_from(day.month0()).unwrap_or_default() * count / 12;
        Self { unit, number: day.year() * count + place }
    }

    /// The one that lies so many after it.
    pub fn after(self, steps: i32) -> Self {
        Self { number: self.number + steps, ..self }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let count = self.unit.in_a_year();
        let month = u32::try_from(self.number.rem_euclid(count) * 12 / count + 1).unwrap_or(1);
        NaiveDate::from_ymd_opt(self.number.div_euclid(count), month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.after(1).first_day().pred_opt().unwrap_or(NaiveDate::MAX)
    }
}

/// `2023-03`, `2023-Q1`, `2023`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first_day();
        let year = first.year();
        match self.unit {
            Unit::Month => write!(f, "{year}-{:02}", first.month()),
            Unit::Quarter => write!(f, "{year}-Q{}", first.month0() / 3 + 1),
            Unit::Year => write!(f, "{year}"),
        }
    }
}
