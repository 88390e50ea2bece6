//! The times that the record gives for the classification and the reports, and which of them cannot be true.

use chrono::TimeDelta;

use super::{Field as DoraField, Missing};
use crate::answer::Answer;
use crate::field::Field;
use crate::incident::Incident;
use crate::instant::{Instant, Zone};

/// The times of one incident.
pub(super) struct Times {
    pub classified: Told,
    pub notified: Told,
    pub intermediate: Told,
    pub last: Told,
}

/// One time.
pub(super) struct Told {
    field: DoraField,
    at: Option<Instant>,
    /// Why it cannot be true.
    wrong: Option<String>,
}

impl Times {
    /// A time lies neither in the future nor before the one that it follows.
    pub fn of(incident: &Incident, aware: (Instant, &'static str), now: Instant) -> Self {
        let judged = |field, answer: &Answer<Instant>, after: Option<(Instant, &'static str)>| {
            let at = answer.known().copied();
            let wrong = at.and_then(|at| match after {
                _ if at.since(&now) > TimeDelta::zero() => Some("lies in the future".to_owned()),
                Some((first, path)) if is_before(at, first) => Some(format!("lies before {path}")),
                _ => None,
            });
            Told { field, at, wrong }
        };
        let facts = &incident.impact.dora;
        let classified = judged(DoraField::ClassifiedAt, &facts.classified_at, None);
        let notified = judged(DoraField::NotifiedAt, &facts.notified_at, Some(aware));
        let after = notified.usable_or(aware);
        let intermediate = judged(DoraField::IntermediateAt, &facts.intermediate_at, Some(after));
        let after = intermediate.usable_or(after);
        let last = judged(DoraField::FinalAt, &facts.final_at, Some(after));
        Self { classified, notified, intermediate, last }
    }
}

impl Told {
    /// The time, where it can be true.
    pub fn usable(&self) -> Option<Instant> {
        self.at.filter(|_| self.wrong.is_none())
    }

    fn usable_or(&self, other: (Instant, &'static str)) -> (Instant, &'static str) {
        self.usable().map_or(other, |at| (at, self.field.path()))
    }

    /// What is told of a time that cannot be true, with what comes of it.
    pub fn contradiction(&self, zone: &Zone, so: &str) -> Option<String> {
        let (at, wrong) = self.at.zip(self.wrong.as_ref())?;
        let path = self.field.path();
        Some(format!("{path}, {}, {wrong}: it cannot be true, and {so}", zone.instant(at)))
    }

    /// A lack, where the time is there and cannot be true.
    pub fn missing(&self, incident: &Incident) -> Option<Missing> {
        let (at, wrong) = self.at.zip(self.wrong.as_ref())?;
        Some(Missing {
            incident: incident.id.clone(),
            path: self.field.path().to_owned(),
            why: format!("{} {wrong}", incident.timezone.instant(at)),
            command: Field::Dora(self.field).command(&incident.id),
        })
    }
}

/// By a minute or more: people give times to the minute.
pub(super) fn is_before(at: Instant, first: Instant) -> bool {
    first.since(&at) >= TimeDelta::minutes(1)
}
