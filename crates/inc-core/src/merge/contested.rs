//! What is contested after a merge: every value that did not win, once, beside the one that stands.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::incident::Contested;

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

fn is_same(one: &Contested, other: &Contested) -> bool {
    one.path == other.path && one.theirs == other.theirs
}

/// What is told of who and when; nothing comes last.
fn earlier(contested: &Contested) -> (bool, Option<i64>, Option<String>) {
    let at = contested.at.map(|at| at.unix_millis());
    (at.is_none(), at, contested.by.as_ref().map(ToString::to_string))
}
