//! The reporting clock: when each report is due, and which is late ((EU) 2025/301, article 5).
//!
//! Not reckoned: the relief for weekends and bank holidays, which differs by country and kind of entity.

use chrono::{Months, TimeDelta};

use super::times::{Times, Told, is_before};
use super::verdict::why_open;
use super::{Field as DoraField, Missing, Onset, Rules, in_hours};
use crate::answer::Answer;
use crate::field::Field;
use crate::incident::Incident;
use crate::instant::{Instant, TimeError, Zone};
use crate::measure::words;

/// The three reports of one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// From when on the entity counts as aware of the incident.
    pub aware_at: Instant,
    /// `detected_at`, or `declared_at` where that is not known.
    pub aware_by: &'static str,
    /// Where it is major with others: with which, and since when.
    pub onset: Onset,
    /// The initial notification, the intermediate and the final report.
    pub reports: Vec<Report>,
}

/// One report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// `initial`, `intermediate`, `final`: for programs.
    pub key: &'static str,
    /// `art. 5(1)(a)`.
    pub article: &'static str,
    /// `initial notification`, …
    pub name: &'static str,
    /// In the incident's zone; `None` where it cannot be computed.
    pub due_at: Option<Instant>,
    /// From what that is reckoned.
    pub rule: String,
    /// In the incident's zone; `None` where it was not sent, as far as the record knows.
    pub sent_at: Option<Instant>,
    /// How it stands.
    pub standing: Standing,
    /// What is missing to know when it is due, or to settle it.
    pub missing: Vec<Missing>,
    /// Times in the record that cannot be true, and what comes of that.
    pub contradictions: Vec<String>,
    /// What a reader should know of how it was taken.
    pub remarks: Vec<String>,
}

/// How a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Sent by the time it was due.
    InTime,
    /// Sent so much too late.
    SentLate(TimeDelta),
    /// Not sent, and due in so much.
    DueIn(TimeDelta),
    /// Not sent, and due so much ago.
    Overdue(TimeDelta),
    /// The latest one was sent after the time of the first, of which the record does not tell.
    LatestAfter,
    /// When it is due cannot be computed.
    NotComputable,
}

impl Standing {
    /// `late`, `in-time`, …: for programs.
    pub fn key(self) -> &'static str {
        match self {
            Self::InTime => "in-time",
            Self::SentLate(_) => "sent-late",
            Self::DueIn(_) => "due",
            Self::Overdue(_) => "overdue",
            Self::LatestAfter | Self::NotComputable => "not-computable",
        }
    }

    /// For people.
    pub fn words(self) -> String {
        match self {
            Self::InTime => "sent in time".to_owned(),
            Self::SentLate(by) => format!("sent late, by {}", words(by)),
            Self::DueIn(left) => format!("due in {}", words(left)),
            Self::Overdue(by) => format!("LATE by {}", words(by)),
            Self::LatestAfter => {
                "not computable: the record knows the latest one only, which was sent later".to_owned()
            }
            Self::NotComputable => "not computable".to_owned(),
        }
    }

    /// Whether it was, or is being, sent too late.
    pub fn is_late(self) -> bool {
        matches!(self, Self::SentLate(_) | Self::Overdue(_))
    }

    /// By how much, in whole seconds; negative where there is time left.
    pub fn late_by(self) -> Option<i64> {
        match self {
            Self::SentLate(by) | Self::Overdue(by) => Some(by.num_seconds()),
            Self::DueIn(left) => Some(-left.num_seconds()),
            _ => None,
        }
    }

    fn of(due: Option<Instant>, sent: Option<Instant>, now: Instant) -> Self {
        let Some(due) = due else { return Self::NotComputable };
        let late = sent.unwrap_or(now).since(&due);
        match (sent.is_some(), late > TimeDelta::zero()) {
            (true, true) => Self::SentLate(late),
            (true, false) => Self::InTime,
            (false, true) => Self::Overdue(late),
            (false, false) => Self::DueIn(-late),
        }
    }
}

impl Rules<'_> {
    /// When each report of the incident is due, if it is major; where it is so with others, from their onset.
    pub fn clock(&self, incident: &Incident, onset: &Onset) -> Clock {
        let (aware_at, aware_by) = awareness(incident);
        let times = Times::of(incident, (aware_at, aware_by), self.now);
        Clock {
            aware_at: incident.timezone.instant(aware_at),
            aware_by,
            onset: onset.clone(),
            reports: vec![
                self.initial(incident, (aware_at, aware_by), &times, onset),
                self.intermediate(incident, &times),
                self.last(incident, &times),
            ],
        }
    }

    /// 4 h after the classification, and no later than 24 h after becoming aware; 4 h where it was classified later.
    fn initial(
        &self,
        incident: &Incident,
        (aware, aware_by): (Instant, &str),
        times: &Times,
        onset: &Onset,
    ) -> Report {
        let limits = &self.policy.clock;
        let (after, at_most) = (limits.after_classification.get(), limits.after_awareness.get());
        let facts = &incident.impact.dora;
        let (since, of) = match onset {
            Onset::With(_, at) => (*at, " of the incident that makes them major together"),
            Onset::Itself | Onset::Open => (aware, ""),
        };
        let last = since.plus(at_most.delta());
        let (after_words, at_most) = (in_hours(after.seconds()), in_hours(at_most.seconds()));
        let (due, rule, article, missing) = match times.classified.usable() {
            None => {
                let wrong = times.classified.missing(incident);
                let how = if wrong.is_some() { "no usable classification" } else { "not classified yet" };
                let missing = wrong.unwrap_or_else(|| {
                    let command = format!("inc-edit {} --set impact.dora.classified_at=now", incident.id);
                    Missing { command, ..missing(incident, DoraField::ClassifiedAt, &facts.classified_at) }
                });
                let (last, rule) = match onset {
                    Onset::Open => {
                        (None, format!("{how}, and open with which incident they are major together"))
                    }
                    _ => (last, format!("{how}: at the last {at_most} after becoming aware{of}")),
                };
                (last, rule, "art. 5(1)(a)", vec![missing])
            }
            Some(classified) => {
                let soon = classified.plus(after.delta());
                let was_late = last.is_some_and(|last| classified.since(&last) > TimeDelta::zero());
                match was_late {
                    true => {
                        let rule = format!(
                            "{after_words} after the classification, which came later than {at_most} after becoming aware{of}"
                        );
                        (soon, rule, "art. 5(2)", vec![])
                    }
                    false => {
                        let is_first = |a: &Instant, b: &Instant| a.unix_millis() <= b.unix_millis();
                        match soon.zip(last) {
                            Some((soon, last)) if is_first(&soon, &last) => (
                                Some(soon),
                                format!("{after_words} after the classification"),
                                "art. 5(1)(a)",
                                vec![],
                            ),
                            _ => {
                                (last, format!("{at_most} after becoming aware{of}"), "art. 5(1)(a)", vec![])
                            }
                        }
                    }
                }
            }
        };
        let names = ("initial", article, "initial notification");
        let mut report = self.report(incident, names, due, rule, &times.notified, missing);
        let zone = &incident.timezone;
        report.contradictions.extend(times.classified.contradiction(zone, "nothing is reckoned from it"));
        if let Some(classified) = times.classified.usable() {
            if is_before(classified, aware) {
                report.remarks.push(format!(
                    "impact.dora.classified_at, {}, lies before {aware_by}: one of them is wrong",
                    zone.instant(classified)
                ));
            }
            if times.notified.usable().is_some_and(|notified| is_before(notified, classified)) {
                report.remarks.push(format!(
                    "sent before the classification, {}: taken as a voluntary notification",
                    zone.instant(classified)
                ));
            }
        }
        report
    }

    /// 72 h after the initial notification.
    fn intermediate(&self, incident: &Incident, times: &Times) -> Report {
        let limit = self.policy.clock.intermediate.get();
        let facts = &incident.impact.dora;
        let due = times.notified.usable().and_then(|at| at.plus(limit.delta()));
        let missing = match due {
            Some(_) => vec![],
            None => vec![
                (times.notified.missing(incident))
                    .unwrap_or_else(|| missing(incident, DoraField::NotifiedAt, &facts.notified_at)),
            ],
        };
        let rule = format!("{} after the initial notification", in_hours(limit.seconds()));
        let names = ("intermediate", "art. 5(1)(b)", "intermediate report");
        let mut report = self.report(incident, names, due, rule, &times.intermediate, missing);
        // An update may follow a first one that was in time.
        if matches!(report.standing, Standing::SentLate(_)) {
            report.standing = Standing::LatestAfter;
        }
        report
    }

    /// A month after the latest intermediate report.
    fn last(&self, incident: &Incident, times: &Times) -> Report {
        let months = self.policy.clock.final_months.get();
        let facts = &incident.impact.dora;
        let due = times.intermediate.usable().and_then(|at| month_later(at, months, &incident.timezone));
        let missing = match due {
            Some(_) => vec![],
            None => vec![
                (times.intermediate.missing(incident))
                    .unwrap_or_else(|| missing(incident, DoraField::IntermediateAt, &facts.intermediate_at)),
            ],
        };
        let month = if months == 1 { "month" } else { "months" };
        let rule = format!("{months} {month} after the latest intermediate report");
        self.report(incident, ("final", "art. 5(1)(c)", "final report"), due, rule, &times.last, missing)
    }

    fn report(
        &self,
        incident: &Incident,
        (key, article, name): (&'static str, &'static str, &'static str),
        due: Option<Instant>,
        rule: String,
        sent: &Told,
        missing: Vec<Missing>,
    ) -> Report {
        let local = |at: Option<Instant>| at.map(|at| incident.timezone.instant(at));
        let standing = Standing::of(due, sent.usable(), self.now);
        let contradictions =
            sent.contradiction(&incident.timezone, "counts as not sent").into_iter().collect();
        let (due_at, sent_at) = (local(due), local(sent.usable()));
        let remarks = vec![];
        Report { key, article, name, due_at, rule, sent_at, standing, missing, contradictions, remarks }
    }
}

/// From when on the entity counts as aware of it, and which property says so.
pub(super) fn awareness(incident: &Incident) -> (Instant, &'static str) {
    match incident.detection() {
        Some(at) => (at, "detected_at"),
        None => (incident.declared_at, "declared_at"),
    }
}

fn missing(incident: &Incident, field: DoraField, answer: &Answer<Instant>) -> Missing {
    let why = why_open(answer).or(answer.word()).unwrap_or("out of range").to_owned();
    let command = Field::Dora(field).command(&incident.id);
    Missing { incident: incident.id.clone(), path: field.path().to_owned(), why, command }
}

/// The same day and time of a later month in the zone, or the month's last day. Where daylight saving makes that no
/// time or two, the earlier reading: a limit is better kept an hour too soon.
fn month_later(at: Instant, months: u32, zone: &Zone) -> Option<Instant> {
    let local = zone.local(at);
    let later = local.date.and_time(local.time).checked_add_months(Months::new(months))?;
    match zone.resolve(later) {
        Ok(at) => Some(at),
        Err(TimeError::Skipped { earlier, .. } | TimeError::Twice { earlier, .. }) => Some(earlier),
        Err(_) => None,
    }
}
