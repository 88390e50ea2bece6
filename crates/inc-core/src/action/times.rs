//! Times that cannot be: an end before the start, a thing that happened in the future.

use chrono::TimeDelta;

use super::Refusal;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::timeline::Entry;

/// How far a time may lie ahead of our clock: laptops disagree by that much.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

impl Incident {
    /// Refuses an order of instants that this change would break; one that was broken by hand stays readable.
    pub(super) fn check_order(&self, before: &Self) -> Result<(), Refusal> {
        let instants = |incident: &Self| {
            [
                ("started_at", incident.start()),
                ("mitigated_at", incident.mitigated_at),
                ("resolved_at", incident.resolved_at),
            ]
        };
        let (now, was) = (instants(self), instants(before));
        for (first, second) in [(0, 1), (1, 2), (0, 2)] {
            let changed = now[first] != was[first] || now[second] != was[second];
            if let ((earlier, Some(earlier_at)), (later, Some(later_at))) = (now[first], now[second])
                && changed
                && later_at.since(&earlier_at) < TimeDelta::zero()
            {
                return Err(Refusal::Disorder { earlier, earlier_at, later, later_at });
            }
        }
        Ok(())
    }

    pub(super) fn check_future(&self, before: &Self, now: Instant) -> Result<(), Refusal> {
        for (what, at, was) in [
            ("started_at", self.start(), before.start()),
            ("detected_at", self.detection(), before.detection()),
            ("declared_at", Some(self.declared_at), Some(before.declared_at)),
            ("mitigated_at", self.mitigated_at, before.mitigated_at),
            ("resolved_at", self.resolved_at, before.resolved_at),
        ] {
            if let Some(at) = at
                && Some(at) != was
            {
                not_in_future(what, at, now)?;
            }
        }
        Ok(())
    }

    /// Tells of a detection before the start: possible, but no time to detect can be computed from it.
    pub(super) fn remark_detection(&self, before: &Self, remarks: &mut Vec<String>) {
        let changed = self.detected_at != before.detected_at || self.started_at != before.started_at;
        if let (Some(started), Some(detected)) = (self.start(), self.detection())
            && changed
            && detected.since(&started) < TimeDelta::zero()
        {
            remarks.push(format!(
                "warning: detected_at ({detected}) lies before started_at ({started}): one of them is likely wrong"
            ));
        }
    }

    /// Refuses a time to come in an entry that `before` does not have.
    pub(super) fn check_future_entries(&self, before: &Self, now: Instant) -> Result<(), Refusal> {
        let told = |entry: &Entry| before.timeline.iter().any(|old| old.id == entry.id && old.at == entry.at);
        let mut new = self.timeline.iter().filter(|entry| !told(entry));
        new.try_for_each(|entry| not_in_future("an entry", entry.at, now))
    }
}

/// Refuses a time that has not come.
pub(super) fn not_in_future(what: &str, at: Instant, now: Instant) -> Result<(), Refusal> {
    if at.since(&now) > CLOCK_SKEW {
        return Err(Refusal::Future { what: what.to_owned(), at, now });
    }
    Ok(())
}
