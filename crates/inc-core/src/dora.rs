//! The regulator's view: is an incident *major* for the EU's financial sector (DORA), and when are its reports due?
//!
//! An aid, not legal advice: [`NOTICE`] goes with every answer. The rules are those of Commission Delegated Regulation
//! (EU) 2024/1772 (classification) and (EU) 2025/301 (time limits); their numbers are a [`Policy`]. What cannot be
//! computed is named with what is missing, and counts neither way.

mod classification;
mod clock;
mod countries;
mod facts;
mod field;
mod policy;
mod recurring;
mod tally;
mod times;
mod verdict;

use crate::impact::Count;
use crate::incident::{Incident, Kind};
use crate::instant::Instant;
use crate::span::Span;
use crate::status::Status;

pub use classification::{Classification, Criterion};
pub use clock::{Clock, Report, Standing};
pub use countries::{Code, Country, MemberStates};
pub use facts::{Facts, Reputation};
pub use field::Field;
pub(crate) use field::Readers;
pub use policy::{
    Costs, DailyAverage, Limits, Number, Over, Policy, Positive, Rate, Recurrence, Thresholds, Worded,
};
pub use recurring::{Onset, Recurring};
pub use verdict::{Missing, Verdict};

use tally::Tally;

/// What every answer says of itself.
pub const NOTICE: &str = "an aid, not legal advice: Commission Delegated Regulations (EU) 2024/1772 and (EU) 2025/301 \
                          and your authority decide";

/// What an incident is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The thresholds and time limits.
    pub policy: &'a Policy,
    /// How many customers there are in all, where the team says so.
    pub customer_base: Option<Count>,
    /// The present.
    pub now: Instant,
}

impl Rules<'_> {
    /// Whether the incident is major alone, criterion by criterion.
    pub fn classify(&self, incident: &Incident) -> Classification {
        Classification::of(&Tally::of(incident, self), self.policy)
    }
}

/// Why nothing is to be reported of it, whatever its values: reports are owed for real incidents.
pub fn owes_nothing(incident: &Incident) -> Option<&'static str> {
    match (incident.kind, incident.status) {
        (Kind::Drill, _) => Some("it is a drill"),
        (Kind::NearMiss, _) => Some("it is a near miss"),
        (Kind::Incident, Status::Cancelled) => Some("it is cancelled"),
        (Kind::Incident, _) => None,
    }
}

/// `30h`, `2h 1s`: the regulations count in hours; only what is longer than a week is told in days.
fn in_hours(seconds: u64) -> String {
    match Span::try_from(seconds) {
        // Sums of several incidents may be longer than a span.
        Err(_) => format!("{}d", seconds / 86_400),
        Ok(_) if (3600..=7 * 86_400).contains(&seconds) => {
            let below = Span::try_from(seconds % 3600).unwrap_or_default();
            let rest = if below == Span::default() { String::new() } else { format!(" {below}") };
            format!("{}h{rest}", seconds / 3600)
        }
        Ok(span) => span.to_string(),
    }
}

#[cfg(test)]
mod tests;
