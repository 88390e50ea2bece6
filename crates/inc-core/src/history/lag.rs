//! How long it took until what had happened was written down.

use std::fmt;

use super::{Fact, Happened, Kind};
use crate::instant::{Instant, Zone};
use crate::span::Span;

/// The time from when something happened to when it was written; negative where it was written before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// Whole minutes, a started one not counted.
    Minutes(i64),
    /// Days of the calendar, where only the day is known on which it happened.
    Days(i64),
}

impl Lag {
    /// The lag of a fact that was written then; `None` where it is not told for the first time, or not when it happened.
    ///
    /// `zone` tells on which day it was written.
    pub fn of(fact: &Fact, written: Instant, zone: &Zone) -> Option<Self> {
        if fact.kind != Kind::Added {
            return None;
        }
        Some(match fact.happened? {
            Happened::At(at) => Self::Minutes(written.minutes_since(&at)),
            Happened::On(day) => Self::Days((zone.local(written).date - day).num_days()),
        })
    }

    /// The minutes, where it is told in minutes.
    pub fn minutes(self) -> Option<i64> {
        match self {
            Self::Minutes(minutes) => Some(minutes),
            Self::Days(_) => None,
        }
    }

    /// The days, where it is told in days.
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Days(days) => Some(days),
            Self::Minutes(_) => None,
        }
    }
}

/// `6min`, `2h 30min`, `3d`, `-15min`; from two days on without the minutes.
impl fmt::Display for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, text) = match *self {
            Self::Days(days) => (days < 0, format!("{}d", days.unsigned_abs())),
            Self::Minutes(0) => (false, "0min".to_owned()),
            Self::Minutes(minutes) => {
                let all = minutes.unsigned_abs();
                let told = if all >= 2 * 1440 { all - all % 60 } else { all };
                (minutes < 0, Span::minutes(told).to_string())
            }
        };
        f.pad(&format!("{}{text}", if sign { "-" } else { "" }))
    }
}
