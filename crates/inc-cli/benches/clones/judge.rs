//! Whether a merge that nobody was asked about did damage: judged from the three sides alone, for every tool alike.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::cases::Case;
use crate::record::{Record, uids};

/// What follows from the rest or is told in the timeline as well, and what a merge may move or renumber.
const FREE: [&str; 17] = [
    "id",
    "uid",
    "root_cause",
    "root_causes",
    "status",
    "severity",
    "assessment",
    "commander",
    "roles",
    "mitigated_at",
    "resolved_at",
    "superseded",
    "contested",
    "check",
    "earlier_checks",
    "at",
    "change",
];

/// What is wrong with a merged text, the worst first; `None` where nothing is.
pub fn damage(case: &Case, merged: &str) -> Option<String> {
    let record = match Record::read(merged) {
        Ok(record) => record,
        Err(why) => return Some(format!("unreadable: {}", why.lines().next().unwrap_or_default())),
    };
    let sides = [&case.base, &case.ours, &case.theirs]
        .map(|text| Record::read(text).unwrap_or_else(|why| panic!("{}: {why}", case.path.display())));
    let value = record.value();
    let values = sides.each_ref().map(Record::value);
    of_entries(&values, &value)
        .or_else(|| of_words(&values, &value))
        .or_else(|| of_fields(&values, &value))
        .or_else(|| {
            let known: BTreeSet<String> = sides.iter().flat_map(Record::errors).collect();
            record.errors().difference(&known).next().map(|error| format!("lint: {error}"))
        })
}

/// Entries and items that are lost or doubled.
fn of_entries(sides: &[Value; 3], merged: &Value) -> Option<String> {
    let [base, ours, theirs] = sides.each_ref().map(uids);
    let merged = uids(merged);
    let most = |uid: &String| ours.get(uid).max(theirs.get(uid)).copied().unwrap_or_default();
    if let Some((uid, _)) = merged.iter().find(|(uid, count)| **count > most(uid) && most(uid) > 0) {
        return Some(format!("doubled: {uid}"));
    }
    let lost = |uid: &&String| {
        let is_taken_out = base.contains_key(*uid) && !(ours.contains_key(*uid) && theirs.contains_key(*uid));
        !is_taken_out && !merged.contains_key(*uid)
    };
    ours.keys().chain(theirs.keys()).find(lost).map(|uid| format!("lost: {uid}"))
}

/// What somebody wrote, and nobody finds any more: not even as a value that did not win.
fn of_words(sides: &[Value; 3], merged: &Value) -> Option<String> {
    let [base, ours, theirs] = sides.each_ref().map(words);
    let merged = merged.to_string();
    let new = ours.union(&theirs).filter(|word| !base.contains(*word));
    let mut lost = new.filter(|word| !merged.contains(&Value::from(word.as_str()).to_string()));
    lost.next().map(|word| format!("lost words: {word}"))
}

fn words(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeMap::new();
    leaves(value, String::new(), &mut all);
    all.into_values().filter_map(|value| value.as_str().map(ToOwned::to_owned)).collect()
}

/// Values that say what no side said, or undo what only one side changed.
fn of_fields(sides: &[Value; 3], merged: &Value) -> Option<String> {
    let [base, ours, theirs] = sides.each_ref().map(|value| {
        let mut all = BTreeMap::new();
        leaves(value, String::new(), &mut all);
        all
    });
    let mut has = BTreeMap::new();
    leaves(merged, String::new(), &mut has);
    let paths: BTreeSet<&String> = ours.keys().chain(theirs.keys()).chain(has.keys()).collect();
    let wrong = |path: &&String| {
        let [base, ours, theirs, has] = [&base, &ours, &theirs, &has].map(|side| side.get(*path));
        match (base == ours, base == theirs) {
            // What one side added need not be known to the other.
            (true, _) => has != theirs,
            (_, true) => has != ours,
            _ => has != ours && has != theirs,
        }
    };
    paths.into_iter().find(wrong).map(|path| format!("neither side's: {path}"))
}

/// The values of a record by their path, in which items go by their uid; a set is one path an element.
fn leaves(value: &Value, path: String, all: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| !FREE.contains(&key.as_str())) {
                leaves(value, format!("{path}.{key}"), all);
            }
        }
        Value::Array(items) => {
            for item in items {
                leaves(item, format!("{path}[{}]", name(item)), all);
            }
        }
        _ => {
            all.insert(path, value.clone());
        }
    }
}

fn name(item: &Value) -> String {
    let named = ["uid", "id", "name"].into_iter().find_map(|key| item.get(key)?.as_str());
    named.map_or_else(|| item.to_string(), ToOwned::to_owned)
}
