//! Times that cannot be: an end before the start, a thing that happened in the future.

use chrono::TimeDelta;

use super::Refusal;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::span::Span;
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

    /// Times in the record that cannot be, as after a merge with a laptop whose clock is wrong: an entry for a time to come,
    /// a step before the one that it follows.
    pub fn odd_times(&self, now: Instant) -> Vec<String> {
        let mut odd = vec![];
        let to_come: Vec<&Entry> =
            self.timeline.iter().filter(|entry| not_in_future("", entry.at, now).is_err()).collect();
        if let Some(last) = to_come.iter().max_by_key(|entry| entry.at.unix_millis()) {
            let ahead = Span::of(last.at.since(&now)).unwrap_or(Span::minutes(0));
            let by = last.by.as_ref().map_or("somebody".to_owned(), ToString::to_string);
            let entries = if to_come.len() == 1 { "entry lies" } else { "entries lie" };
            odd.push(format!(
                "{} {entries} ahead of this clock, the last by {ahead}, from {by}: one of the clocks is wrong; \
                 `inc-timeline edit {} {} --at TIME` puts an entry right",
                to_come.len(),
                self.id,
                last.id.map_or("NUMBER".to_owned(), |id| id.to_string()),
            ));
        }
        let steps = [
            ("started_at", self.start()),
            ("mitigated_at", self.mitigated_at),
            ("resolved_at", self.resolved_at),
        ];
        for (first, second) in [(0, 1), (1, 2), (0, 2)] {
            if let ((earlier, Some(earlier_at)), (later, Some(later_at))) = (steps[first], steps[second])
                && later_at.since(&earlier_at) < TimeDelta::zero()
            {
                odd.push(format!(
                    "{later} ({later_at}) lies before {earlier} ({earlier_at}): one of them is wrong; `inc-edit {}` puts it right",
                    self.id
                ));
            }
        }
        odd
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
