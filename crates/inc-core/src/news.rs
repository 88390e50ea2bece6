//! What became of a record between two looks at it, in words: what a sync tells. Values in, words out.
//!
//! It tells what a responder wants to hear first; the whole difference is git's to show.

mod incident;
mod pdca;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::incident::Contested;
use crate::settle;
use crate::text::clean_line;

pub(crate) use incident::fresh;
pub use incident::of_incident;
pub use pdca::of_pdca;

/// `3 new entries`, `1 new entry`; `None` where there is nothing to count.
fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    }
}

/// As many contested properties as the story names.
const NAMED: usize = 3;

/// What is contested now and was not before, by property and in few words, and how much was settled.
fn contested_briefly(before: &[Contested], after: &[Contested]) -> Vec<String> {
    let mut paths: Vec<&str> = vec![];
    for one in after.iter().filter(|one| !before.contains(one)) {
        if !paths.contains(&one.path.as_str()) {
            paths.push(one.path.as_str());
        }
    }
    let named = paths.iter().take(NAMED).map(|path| {
        // With the one that stands.
        let values = settle::candidates(after, path).len() + 1;
        format!("{} ({values} values)", clean_line(path))
    });
    let more = paths.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more"));
    let named: Vec<String> = named.chain(more).collect();
    let new = (!named.is_empty()).then(|| format!("contested: {}", named.join(", ")));
    new.into_iter().chain(settled(before, after)).collect()
}

/// What is contested now and was not before, with the values, and how much was settled.
pub(crate) fn contested(before: &[Contested], after: &[Contested]) -> Vec<String> {
    let new = after.iter().filter(|value| !before.contains(value)).map(|value| {
        let by = value.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        format!(
            "contested: {}: {} stands, {}{by} does not",
            value.path,
            short(&value.ours),
            short(&value.theirs)
        )
    });
    new.chain(settled(before, after)).collect()
}

fn settled(before: &[Contested], after: &[Contested]) -> Option<String> {
    // One that lost to yet another value is contested still.
    let is_left = |value: &&Contested| {
        after
            .iter()
            .any(|other| other.path == value.path && [&value.ours, &value.theirs].contains(&&other.theirs))
    };
    let gone = before.iter().filter(|value| !is_left(value)).count();
    counted(gone, "contested value settled", "contested values settled")
}

/// A value in one line, a text in quotes.
pub(crate) fn short(value: &Value) -> String {
    match value {
        Value::String(_) => format!("\"{}\"", settle::shown(value)),
        _ => settle::shown(value),
    }
}

/// The properties that differ and that no other line tells of: `also changed: title, summary.cause`.
fn others<R: Serialize>(before: &R, after: &R, told: &[&str]) -> Option<String> {
    let fields = |record: &R| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let names = differing(&fields(before), &fields(after), told);
    (!names.is_empty()).then(|| format!("also changed: {}", names.join(", ")))
}

/// The names of what differs; inside a group such as `summary`, those of its members.
fn differing(before: &Map<String, Value>, after: &Map<String, Value>, told: &[&str]) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut differing = vec![];
    for name in names.into_iter().filter(|name| !told.contains(&name.as_str())) {
        match (before.get(name), after.get(name)) {
            (was, is) if was == is => {}
            (Some(Value::Object(was)), Some(Value::Object(is))) => {
                let members = self::differing(was, is, &[]);
                differing.extend(members.into_iter().map(|member| format!("{name}.{member}")));
            }
            _ => differing.push(clean_line(name)),
        }
    }
    differing
}
