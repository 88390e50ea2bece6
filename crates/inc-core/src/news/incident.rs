//! The news of an incident: entries, severity, status, commander, what is contested, and which properties else changed.

use super::{contested_briefly, counted, others};
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
    words.extend(contested_briefly(&before.contested, &after.contested));
    // The instants of a step go with the status; changed alone, they are a change of their own.
    let told = if before.status == after.status { &TOLD[..6] } else { &TOLD };
    words.extend(others(before, after, told));
    words
}

fn new(incident: &Incident) -> Vec<String> {
    let what = format!("new {}: {}", incident.kind.name(), incident.title);
    let mut words = vec![what, incident.severity.to_string(), format!("status {}", incident.status)];
    words.extend(contested_briefly(&[], &incident.contested));
    words
}

fn entries(before: &Incident, after: &Incident) -> impl Iterator<Item = String> {
    let (pairs, fresh) = paired(before, after);
    let is_edited = |(one, other): &&(&Entry, &Entry)| **one != Entry { id: one.id, ..(*other).clone() };
    let edited = pairs.iter().filter(is_edited).count();
    let gone = before.timeline.len() - pairs.len();
    [
        counted(fresh.len(), "new entry", "new entries"),
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
    paired(before, after).1.into_iter()
}

/// Each entry of before with what it is now, and those that are new.
///
/// One entry by its id. One typed by hand gets its id later, and another where two clones gave it one each: it is known
/// by its time, kind and text.
fn paired<'a>(before: &'a Incident, after: &'a Incident) -> (Vec<(&'a Entry, &'a Entry)>, Vec<&'a Entry>) {
    let by_id = |one: &Entry, other: &Entry| one.id.is_some() && one.id == other.id;
    let by_words = |one: &Entry, other: &Entry| {
        one.at.unix_millis() == other.at.unix_millis() && one.kind == other.kind && one.text == other.text
    };
    let mut pairs = vec![];
    let mut old: Vec<&Entry> = before.timeline.iter().collect();
    let mut new: Vec<&Entry> = after.timeline.iter().collect();
    for is_same in [&by_id as &dyn Fn(&Entry, &Entry) -> bool, &by_words] {
        old.retain(|one| {
            let Some(at) = new.iter().position(|other| is_same(one, other)) else { return true };
            pairs.push((*one, new.remove(at)));
            false
        });
    }
    (pairs, new)
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
