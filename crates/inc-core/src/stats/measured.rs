//! What is measured of each incident, and in which hours.

use std::fmt;
use std::str::FromStr;

use crate::instant::Instant;
use crate::measure::{Obstacle, TimeTo};
use crate::nearest;
use crate::severity::Severity;
use crate::summary::Summary;
use crate::text::clean_line;

use super::Working;

/// A duration of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Between two of its moments.
    TimeTo(TimeTo),
    /// The time it was in a severity; only of incidents that ever were in it.
    TimeIn(Severity),
}

/// Which minutes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// All of them.
    Calendar,
    /// Those in which people work.
    Business,
}

/// Why a duration is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// A moment is missing, or two are in disorder.
    Obstacle(Obstacle),
    /// It is open and in that severity: the time grows.
    Growing,
    /// Its entries do not tell which severity held when.
    Untold,
    /// The time in a severity is kept as a sum, of which nobody can say which hours it holds.
    Sum,
}

impl Measured {
    /// What is measured where nobody says what.
    pub const USUAL: [Self; 4] = [
        Self::TimeTo(TimeTo::Detect),
        Self::TimeTo(TimeTo::Acknowledge),
        Self::TimeTo(TimeTo::Mitigate),
        Self::TimeTo(TimeTo::Resolve),
    ];

    /// Every duration.
    pub fn all() -> impl Iterator<Item = Self> {
        let to = TimeTo::ALL.into_iter().map(Self::TimeTo);
        to.chain(Severity::ALL.into_iter().map(Self::TimeIn))
    }

    /// Its name in views and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeTo(which) => which.name(),
            Self::TimeIn(Severity::Sev1) => "time_in_sev_1",
            Self::TimeIn(Severity::Sev2) => "time_in_sev_2",
            Self::TimeIn(Severity::Sev3) => "time_in_sev_3",
            Self::TimeIn(Severity::Sev4) => "time_in_sev_4",
        }
    }

    /// How long it was, in whole minutes; `None` where there is nothing to measure.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn read(self, of: &Summary, hours: Hours, working: &mut Working) -> Result<Option<i64>, Why> {
        match self {
            Self::TimeTo(which) => {
                let (from, to) = which.ends(&of.moments).map_err(Why::Obstacle)?;
                Ok(Some(minutes(from, to, hours, working)))
            }
            Self::TimeIn(severity) => {
                let is_growing = of.stay.growing.is_some_and(|(held, _)| held == severity);
                let seconds = of.stay.seconds.as_ref().map_err(|_| Why::Untold)?[severity as usize];
                match hours {
                    _ if is_growing => Err(Why::Growing),
                    _ if seconds == 0 => Ok(None),
                    Hours::Business => Err(Why::Sum),
                    Hours::Calendar => Ok(Some(seconds / 60)),
                }
            }
        }
    }
}

fn minutes(from: Instant, to: Instant, hours: Hours, working: &mut Working) -> i64 {
    match hours {
        Hours::Calendar => to.minutes_since(&from),
        Hours::Business => working.minutes(from, to),
    }
}

impl Hours {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Business => "business",
        }
    }
}

impl FromStr for Measured {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.replace('-', "_").to_lowercase();
        Self::all().find(|known| known.name() == wanted).ok_or_else(|| {
            let names: Vec<&str> = Self::all().map(Self::name).collect();
            format!("unknown duration `{}`; {}", clean_line(text), nearest::hint(text, &names))
        })
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Obstacle(obstacle) => obstacle.fmt(f),
            Self::Growing => f.write_str("still open in that severity"),
            Self::Untold => f.write_str("the timeline does not tell the severities"),
            Self::Sum => f.write_str("kept as a sum without hours"),
        }
    }
}
