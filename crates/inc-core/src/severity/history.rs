//! How the severity of one incident went: each change, the worst of it, and the time in each; or what stands in the way.
//!
//! Read off the entries of kind `severity` and nothing else. Where they do not tell all, it is said and not guessed.

mod stay;

use chrono::TimeDelta;
use serde::Serialize;

use super::Severity;
use crate::incident::Incident;
use crate::instant::{Instant, Zone};
use crate::measure::{Measure, words};
use crate::status::Status;
use crate::text::{Line, Prose, brief};
use crate::timeline::{Entry, EntryKind, How, in_order};

pub use stay::Stay;

/// The severities of one incident over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    /// What held when it was declared.
    pub at_declaration: Told,
    /// The worst that ever held.
    pub peak: Told,
    /// What the record says now; a view has it already.
    #[serde(skip)]
    pub now: Severity,
    /// Each change, by time.
    pub changes: Vec<SeverityChange>,
    /// From when the time is counted: the declaration.
    pub counted_from: Instant,
    /// Until when; `None` where that cannot be told.
    pub counted_until: Option<Instant>,
    /// What ends the count.
    pub until: Until,
    /// The time in each severity, worst first, all four; those of them that never held have none.
    pub spent: Vec<Spent>,
    /// Where the entries contradict each other or the record, so that something cannot be told; and where two changes came
    /// together that were made at once, which hinders nothing.
    pub remarks: Vec<String>,
}

/// One change of severity, as its entry tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeverityChange {
    /// When.
    pub at: Instant,
    /// What held before; `None` where the entry does not tell it.
    pub from: Option<Severity>,
    /// What holds from then on; `None` where the entry does not tell it.
    pub to: Option<Severity>,
    /// Whether the policy or a person changed it; `None` where the entry does not tell it.
    pub how: Option<How>,
    /// Who.
    pub by: Option<Line>,
    /// Why; `None` where the entry gives no reason.
    pub reason: Option<Prose>,
    /// The entry's own words.
    pub text: Prose,
}

/// A severity, or why it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Which; `None` where it cannot be told.
    pub severity: Option<Severity>,
    /// `SEV-1`, or `not computable: …`.
    pub text: String,
}

/// The time in one severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// Which.
    pub severity: Severity,
    /// How long, all its stretches together.
    pub time: Measure,
}

/// What ends the count of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// `resolved_at`.
    Resolved,
    /// The entry that tells of the cancellation.
    Cancelled,
    /// The incident is open: the present, and the figures grow.
    Now,
}

impl History {
    /// The history of `incident`, as it stands at `now`.
    ///
    /// Time runs from the declaration to `resolved_at`, to the cancellation, or to `now` while it is open. Of one that
    /// was reopened, the pause counts too; what is changed after the end is told and adds no time.
    pub fn of(incident: &Incident, now: Instant) -> Self {
        let entries = in_order(&incident.timeline);
        let entries = entries.into_iter().filter(|entry| entry.kind == EntryKind::Severity);
        let changes: Vec<SeverityChange> = entries.map(|entry| SeverityChange::of(entry, incident)).collect();
        let (gaps, meetings) = gaps(incident, &changes);
        let first = changes.first().map_or(Some(incident.severity), |change| change.from);
        let early = changes
            .first()
            .filter(|change| change.at.since(&incident.declared_at) < TimeDelta::zero())
            .map(|change| {
                let (zone, declared_at) = (&incident.timezone, incident.declared_at);
                let at = clock(zone, change.at);
                format!("the change of {at} lies before declared_at, {}", clock(zone, declared_at))
            });
        let at_declaration = match (&early, first) {
            (None, Some(first)) if !changes.is_empty() || gaps.is_empty() => Told::known(first),
            (Some(why), _) => Told::unknown(why),
            _ => Told::unknown(gaps.first().map_or("", String::as_str)),
        };
        let (until, end) = end(incident, now);
        let hindered: Vec<&str> = gaps.iter().chain(&early).map(String::as_str).collect();
        let spent = match end {
            _ if !hindered.is_empty() => unspent(&hindered.join("; "), "timeline"),
            Err(missing) => {
                unspent(missing, if until == Until::Resolved { "resolved_at" } else { "timeline" })
            }
            Ok(end) if end.since(&incident.declared_at) < TimeDelta::zero() => {
                unspent(&format!("{} lies before declared_at", until.words()), "declared_at")
            }
            Ok(end) => spent(incident, &changes, end),
        };
        Self {
            at_declaration,
            peak: peak(incident, &changes, &gaps),
            now: incident.severity,
            counted_from: incident.declared_at,
            counted_until: end.ok(),
            until,
            spent,
            remarks: gaps.into_iter().chain(early).chain(meetings).collect(),
            changes,
        }
    }
}

impl SeverityChange {
    fn of(entry: &Entry, incident: &Incident) -> Self {
        let change = entry.change.as_ref().filter(|change| change.of.as_str() == "severity");
        let severity = |line: &Line| line.as_str().parse::<Severity>().ok();
        let to = change.and_then(|change| change.to.as_ref()).and_then(severity);
        // An override that stands says itself when it was made.
        let standing = incident.assessment.overridden.as_ref();
        let standing = standing.filter(|decision| decision.at == Some(entry.at) && Some(decision.to) == to);
        Self {
            at: entry.at,
            from: change.and_then(|change| change.from.as_ref()).and_then(severity),
            to,
            how: change.and_then(|change| change.how).or(standing.map(|_| How::Override)),
            by: entry.by.clone(),
            reason: change.and_then(|change| change.reason.clone()),
            text: entry.text.clone(),
        }
    }
}

impl Told {
    fn known(severity: Severity) -> Self {
        Self { severity: Some(severity), text: severity.to_string() }
    }

    fn unknown(why: &str) -> Self {
        Self { severity: None, text: format!("not computable: {why}") }
    }
}

impl Until {
    fn words(self) -> &'static str {
        match self {
            Self::Resolved => "resolved_at",
            Self::Cancelled => "the cancellation",
            Self::Now => "now",
        }
    }
}

/// Where the chain of changes does not tell all that happened; then where two changes came together.
///
/// Two people who change the severity at once, in two clones, both start from what held before. So a change from what held
/// earlier is one that a merge brought in: each holds from its time. A change from what never held has lost one before it.
fn gaps(incident: &Incident, changes: &[SeverityChange]) -> (Vec<String>, Vec<String>) {
    let (mut gaps, mut meetings) = (vec![], vec![]);
    let mut held = None;
    let mut earlier = vec![];
    for change in changes {
        let at = clock(&incident.timezone, change.at);
        match (change.from, change.to) {
            (Some(from), Some(_)) if held.is_some_and(|held| held != from) => {
                let held = held.map_or("", Severity::name);
                let words = format!("the change of {at} is from {from}, and {held} held before it");
                if earlier.contains(&from) {
                    meetings.push(format!(
                        "{words}: a merge brought two changes together, each holds from its time"
                    ));
                } else {
                    gaps.push(words);
                }
            }
            (Some(_), Some(_)) => {}
            _ => {
                let text = brief(change.text.as_str());
                gaps.push(format!("the entry \"{text}\" of {at} does not say from which severity to which"));
            }
        }
        earlier.extend(change.from.into_iter().chain(change.to));
        held = change.to;
    }
    match held {
        Some(last) if last != incident.severity => {
            gaps.push(format!("the last change gives {last}, and the record says {}", incident.severity));
        }
        None if changes.is_empty() => gaps.extend(incident.severity_drift()),
        _ => {}
    }
    (gaps, meetings)
}

fn peak(incident: &Incident, changes: &[SeverityChange], gaps: &[String]) -> Told {
    let told = changes.iter().flat_map(|change| [change.from, change.to]).flatten();
    match told.chain([incident.severity]).min() {
        // There is no worse one that a gap could hide.
        Some(worst) if gaps.is_empty() || worst == Severity::Sev1 => Told::known(worst),
        _ => Told::unknown(&gaps.join("; ")),
    }
}

/// Until when time is counted, or what is missing to know.
fn end(incident: &Incident, now: Instant) -> (Until, Result<Instant, &'static str>) {
    match (incident.resolved_at, incident.status) {
        (Some(at), _) => (Until::Resolved, Ok(at)),
        (None, status) if status.is_open() => (Until::Now, Ok(now)),
        (None, Status::Cancelled) => {
            let cancels = |entry: &&Entry| {
                let to = entry.change.as_ref().and_then(|change| change.to.as_ref());
                entry.kind == EntryKind::Status
                    && to.is_some_and(|to| to.as_str() == Status::Cancelled.name())
            };
            let last = incident.timeline.iter().filter(cancels).max_by_key(|entry| entry.at.unix_millis());
            (Until::Cancelled, last.map(|entry| entry.at).ok_or("no entry tells of the cancellation"))
        }
        _ => (Until::Resolved, Err("resolved_at missing")),
    }
}

/// The time in each severity; the changes are known to join.
fn spent(incident: &Incident, changes: &[SeverityChange], end: Instant) -> Vec<Spent> {
    let measure =
        |sum: TimeDelta| Measure { minutes: Some(sum.num_minutes()), text: words(sum), missing: vec![] };
    let each = Severity::ALL.into_iter().zip(sums(incident, changes, end));
    each.map(|(severity, sum)| Spent { severity, time: measure(sum) }).collect()
}

fn sums(incident: &Incident, changes: &[SeverityChange], end: Instant) -> [TimeDelta; Severity::ALL.len()] {
    let mut sums = [TimeDelta::zero(); Severity::ALL.len()];
    let mut add = |severity: Severity, from: Instant, to: Instant| {
        sums[severity as usize] += to.since(&from).max(TimeDelta::zero());
    };
    let mut held = (changes.first().and_then(|change| change.from), incident.declared_at);
    for change in changes {
        let at = if change.at.since(&end) > TimeDelta::zero() { end } else { change.at };
        if let (Some(severity), from) = held {
            add(severity, from, at);
        }
        held = (change.to, at);
    }
    add(held.0.unwrap_or(incident.severity), held.1, end);
    sums
}

/// No time can be told, for one reason.
fn unspent(why: &str, missing: &'static str) -> Vec<Spent> {
    let text = format!("not computable: {why}");
    let time = Measure { minutes: None, text, missing: vec![missing] };
    Severity::ALL.into_iter().map(|severity| Spent { severity, time: time.clone() }).collect()
}

/// `2023-03-27 13:05`, in the record's zone.
fn clock(zone: &Zone, at: Instant) -> String {
    zone.local(at).to_string()
}

#[cfg(test)]
mod tests;
