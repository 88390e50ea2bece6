//! Links go by their names: two addresses of one name are two values of one thing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::three::{At, Three};

/// The links of the three sides, each with its name; where a side has two of one name, as a hand may write them, all of
/// that name go by their content.
pub(super) fn keyed(lists: [&[Value]; 3]) -> [Vec<(String, &Value)>; 3] {
    let mut twins: BTreeSet<&str> = BTreeSet::new();
    for list in lists {
        let mut seen = BTreeSet::new();
        twins.extend(list.iter().map(name).filter(|name| !seen.insert(*name)));
    }
    lists.map(|list| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        let key = |link: &Value| match twins.contains(name(link)) {
            false => name(link).to_owned(),
            true => {
                let count = count.entry(link.to_string()).or_default();
                *count += 1;
                format!("~{link}{}", "+".repeat(*count))
            }
        };
        list.iter().map(key).collect::<Vec<_>>().into_iter().zip(list).collect()
    })
}

fn name(link: &Value) -> &str {
    link.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// The link that stands; the address of the other is contested.
pub(super) fn stands(
    three: &mut Three,
    at: &At,
    ours: Option<&Value>,
    theirs: Option<&Value>,
) -> Option<Value> {
    let url = |link: Option<&Value>| link.and_then(|link| link.get("url")).cloned();
    let (ours_url, theirs_url) = (url(ours), url(theirs));
    let (winner, loser, lost) = Three::winner(ours_url.as_ref(), theirs_url.as_ref());
    three.contest(at.shown(), winner, loser, lost);
    [theirs, ours][lost].cloned()
}
