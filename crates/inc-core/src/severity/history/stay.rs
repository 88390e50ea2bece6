//! The time in each severity without the present, so that an index can keep it: the last stretch of an open incident is
//! told by its start.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{History, Until, sums};
use crate::incident::Incident;
use crate::instant::Instant;
use crate::severity::Severity;

/// How long an incident was in each severity, as far as the record alone tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// Whole seconds in each severity, the worst first; or why they cannot be told.
    pub seconds: Result<[i64; Severity::ALL.len()], String>,
    /// Of an open incident, which severity holds since when: that time grows, and is not in `seconds`.
    pub growing: Option<(Severity, Instant)>,
}

impl Stay {
    /// The stay of a record.
    pub fn of(incident: &Incident) -> Self {
        let first = History::of(incident, incident.declared_at);
        let last = first.changes.iter().map(|change| change.at).chain([incident.declared_at]).max();
        let last = last.unwrap_or(incident.declared_at);
        if let Some(hindered) = first.spent.iter().find(|spent| spent.time.minutes.is_none()) {
            return Self { seconds: Err(hindered.time.text.clone()), growing: None };
        }
        let is_open = first.until == Until::Now;
        let end = if is_open { last } else { first.counted_until.unwrap_or(last) };
        Self {
            seconds: Ok(sums(incident, &first.changes, end).map(|sum| sum.num_seconds())),
            growing: is_open.then_some((incident.severity, last)),
        }
    }

    /// The time in each severity at `now`, the worst first.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn at(&self, now: Instant) -> Result<[TimeDelta; Severity::ALL.len()], &str> {
        let mut seconds = *self.seconds.as_ref().map_err(String::as_str)?;
        if let Some((severity, since)) = self.growing {
            seconds[severity as usize] += now.since(&since).num_seconds().max(0);
        }
        Ok(seconds.map(TimeDelta::seconds))
    }
}
