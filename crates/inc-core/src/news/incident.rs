//! The news of an incident: entries, severity, status, commander, what is contested, and which properties else changed.

use super::{contested, counted, others};
use crate::incident::Incident;
use crate::timeline::Entry;

/// What other lines tell of, or what follows from it.
const TOLD: [&str; 8] =
    ["timeline", "severity", "assessment", "status", "commander", "contested", "mitigated_at", "resolved_at"];

/// What became of an incident, the most telling first; without `before` it is new. Nothing where both say the same.
pub fn of_incident(before: Option<&Incident>, after: &Incident) -> Vec<String> {
    let Some(before) = before else { return new(after) };
    let mut words: Vec<String> = entries(before, after).collect();
    if before.severity != after.severity {
        let by = teller(before, after, "severity", after.severity.name());
        words.push(format!("{} to {}{by}", before.severity, after.severity));
    }
    if before.status != after.status {
        let by = teller(before, after, "status", after.status.name());
        words.push(format!("status {}{by}", after.status));
    }
    if before.commander != after.commander {
        words.push(match &after.commander {
            Some(commander) => format!("commander {commander}"),
            None => "no commander any more".to_owned(),
        });
    }
    words.extend(contested(&before.contested, &after.contested));
    // The instants of a step go with the status; changed alone, they are a change of their own.
    let told = if before.status == after.status { &TOLD[..6] } else { &TOLD };
    words.extend(others(before, after, told));
    words
}

fn new(incident: &Incident) -> Vec<String> {
    let what = format!("new {}: {}", incident.kind.name(), incident.title);
    let mut words = vec![what, incident.severity.to_string(), format!("status {}", incident.status)];
    words.extend(contested(&[], &incident.contested));
    words
}

fn entries(before: &Incident, after: &Incident) -> impl Iterator<Item = String> {
    let new = fresh(before, after).count();
    let (mut edited, mut gone) = (0, 0);
    for entry in &before.timeline {
        match after.timeline.iter().find(|other| is_same(entry, other)) {
            Some(other) => edited += usize::from(entry != other),
            None => gone += 1,
        }
    }
    [
        counted(new, "new entry", "new entries"),
        counted(edited, "entry edited", "entries edited"),
        counted(gone, "entry taken out", "entries taken out"),
    ]
    .into_iter()
    .flatten()
}

/// The entries that were not there before.
pub(crate) fn fresh<'a>(
    before: &'a Incident,
    after: &'a Incident,
) -> impl DoubleEndedIterator<Item = &'a Entry> {
    after.timeline.iter().filter(|entry| !before.timeline.iter().any(|other| is_same(other, entry)))
}

/// One entry by its id; one without, typed by hand, gets its id later and is known by its time and text.
fn is_same(one: &Entry, other: &Entry) -> bool {
    match (one.id, other.id) {
        (Some(one), Some(other)) => one == other,
        _ => one.at.unix_millis() == other.at.unix_millis() && one.text == other.text,
    }
}

/// ` by Ada`, where a new entry tells who brought it about.
fn teller(before: &Incident, after: &Incident, of: &str, to: &str) -> String {
    let tells = |entry: &&Entry| {
        let change = entry.change.as_ref();
        change.is_some_and(|change| {
            change.of.as_str() == of && change.to.as_ref().is_some_and(|line| line.as_str() == to)
        })
    };
    let last = fresh(before, after).filter(tells).max_by_key(|entry| entry.at.unix_millis());
    last.and_then(|entry| entry.by.as_ref()).map(|by| format!(" by {by}")).unwrap_or_default()
}
