//! What is contested after a merge: every value that did not win, once, beside the one that stands.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::incident::Contested;
use crate::instant::Instant;
use crate::settle::value_at;
use crate::text::Line;

/// Adds `new` to what is `known` on either side; what the base had stands as it was told.
///
/// A value that lost at a place stands there once, whichever merge it lost in, and beside it the value that stands now.
/// So the list is the same in whatever order three clones meet.
pub(super) fn add(known: &mut Vec<Contested>, base: &[Contested], new: Vec<Contested>) {
    let stands: BTreeMap<String, Value> =
        new.iter().map(|contested| (contested.path.to_string(), contested.ours.clone())).collect();
    let (old, since): (Vec<_>, Vec<_>) = known.drain(..).partition(|contested| base.contains(contested));
    let mut found: BTreeMap<(String, String), Contested> = BTreeMap::new();
    for mut contested in since.into_iter().chain(new) {
        if let Some(stands) = stands.get(contested.path.as_str()) {
            contested.ours = stands.clone();
        }
        if contested.ours == contested.theirs || old.iter().any(|old| is_same(old, &contested)) {
            continue;
        }
        let slot = found.entry((contested.path.to_string(), contested.theirs.to_string()));
        let told = slot.or_insert_with(|| contested.clone());
        if earlier(&contested) < earlier(told) {
            *told = contested;
        }
    }
    known.extend(old);
    known.extend(found.into_values());
}

/// The paths that are contested in a record.
pub(super) fn paths(record: &Value) -> Vec<String> {
    let list = record.get("contested").and_then(Value::as_array);
    let path = |contested: &Value| Some(contested.get("path")?.as_str()?.to_owned());
    list.into_iter().flatten().filter_map(path).collect()
}

fn is_same(one: &Contested, other: &Contested) -> bool {
    one.path == other.path && one.theirs == other.theirs
}

/// What is told of who and when; nothing comes last.
fn earlier(contested: &Contested) -> (bool, Option<i64>, Option<String>) {
    let at = contested.at.map(|at| at.unix_millis());
    (at.is_none(), at, contested.by.as_ref().map(ToString::to_string))
}

/// What somebody committed of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The record before, as plain data; `None` where this made it, or it could not be read.
    pub before: Option<Value>,
    /// The record after.
    pub after: Value,
    /// Who.
    pub by: Option<Line>,
    /// When.
    pub at: Instant,
}

/// Says of what is contested since the base who brought each value in, and when: the first of the edits since the base that
/// did. What none of them tells stays as it is.
pub fn attribute(contested: &mut [Contested], base: &[Contested], edits: &[Edit]) {
    for contested in contested.iter_mut().filter(|contested| !base.contains(contested)) {
        let holds = |record: &Value| {
            value_at(record, contested.path.as_str()).unwrap_or(&Value::Null) == &contested.theirs
        };
        let brought_in = |edit: &&Edit| holds(&edit.after) && !edit.before.as_ref().is_some_and(holds);
        let first = edits
            .iter()
            .filter(brought_in)
            .min_by_key(|edit| (edit.at.unix_millis(), edit.by.as_ref().map(ToString::to_string)));
        if let Some(edit) = first {
            contested.by.clone_from(&edit.by);
            contested.at = Some(edit.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edit(before: Option<Value>, after: Value, by: &str, at: &str) -> Edit {
        let at = serde_json::from_value(json!(at)).unwrap();
        Edit { before, after, by: Some(by.parse().unwrap()), at }
    }

    #[test]
    fn whoever_brought_a_value_in_is_named_and_nobody_who_carried_it_on() {
        let (was, lost) = (json!({"title": "a", "summary": {"what": "x"}}), json!({"title": "b"}));
        let edits = [
            edit(Some(lost.clone()), lost.clone(), "carries on", "2023-03-27T09:00:00Z"),
            edit(Some(was.clone()), lost.clone(), "first", "2023-03-27T10:00:00Z"),
            edit(Some(was), lost, "second", "2023-03-27T11:00:00Z"),
        ];
        for (path, theirs, expected) in [
            ("title", json!("b"), Some("first")),
            ("title", json!("c"), None),
            // A value that was taken out.
            ("summary.what", Value::Null, Some("first")),
        ] {
            let known =
                Contested { path: path.parse().unwrap(), ours: json!("z"), theirs, by: None, at: None };
            let mut told = vec![known.clone()];
            attribute(&mut told, &[], &edits);
            assert_eq!(told[0].by.as_ref().map(Line::as_str), expected, "{path}");
            let mut old = vec![known.clone()];
            attribute(&mut old, std::slice::from_ref(&known), &edits);
            assert_eq!(old, [known], "what the base had stays");
        }
    }
}
