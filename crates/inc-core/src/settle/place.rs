//! Where in a record, seen as plain data, the path of a contested value leads.
//!
//! Paths are not taken apart: they may hold people's own keys and names. The record is walked instead, each place is
//! named as the merge names it, and the one of that name is meant.

use serde_json::{Map, Value};

use crate::severity::Step;
use crate::text::clean_line;

/// The longest path that `contested` keeps, in characters; see [`crate::merge`].
const KEPT_CHARS: usize = 200;

/// The longest name of an item in one.
const NAME_CHARS: usize = 60;

/// Keys below which everything is one name, with whatever dots are in it.
const OWN_KEYS: [&str; 3] = ["custom", "roles", "impact.custom"];

/// The value at `path`, or `None` where there is none, or more than one place.
pub(super) fn get<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    single(record, path).and_then(|steps| {
        steps.iter().try_fold(record, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    })
}

/// Puts the value there, or takes out what stands there where it is null; `None` where the record has no such place.
pub(super) fn put(record: &mut Value, path: &str, value: Value) -> Option<()> {
    let steps = match all(record, path) {
        found if found.is_empty() => absent(record, path)?,
        mut found if found.len() == 1 => found.remove(0),
        _ => return None,
    };
    let (Step::Key(last), above) = steps.split_last()? else { return None };
    let mut place = record;
    for step in above {
        place = match step {
            Step::Key(key) => place.as_object_mut()?.entry(key).or_insert_with(|| Value::Object(Map::new())),
            Step::Index(index) => place.get_mut(index)?,
        };
    }
    let map = place.as_object_mut()?;
    match value {
        Value::Null => drop(map.shift_remove(last)),
        value => drop(map.insert(last.clone(), value)),
    }
    Some(())
}

fn single(record: &Value, path: &str) -> Option<Vec<Step>> {
    let mut found = all(record, path);
    if found.len() == 1 { found.pop() } else { None }
}

/// Every place that the merge would name so.
fn all(record: &Value, path: &str) -> Vec<Vec<Step>> {
    let mut found = vec![];
    walk(record, "", &mut vec![], &mut |name, steps, _| {
        if kept(name) == path {
            found.push(steps.to_vec());
        }
    });
    found
}

/// Where the property would stand that the record does not have: below the innermost block that is there.
fn absent(record: &Value, path: &str) -> Option<Vec<Step>> {
    let (mut blocks, top) = (vec![], (String::new(), vec![]));
    walk(record, "", &mut vec![], &mut |name, steps, value| {
        let is_above = path.strip_prefix(&kept(name)).is_some_and(|rest| rest.starts_with('.'));
        if value.is_object() && is_above {
            blocks.push((kept(name), steps.to_vec()));
        }
    });
    let longest = blocks.iter().map(|(name, _)| name.len()).max();
    blocks.retain(|(name, _)| Some(name.len()) == longest);
    let (name, mut steps) = match blocks.len() {
        0 => top,
        1 => blocks.remove(0),
        _ => return None,
    };
    steps.extend(keys(&name, path)?.into_iter().map(Step::Key));
    Some(steps)
}

/// The keys from the block `above` down to `path`.
fn keys(above: &str, path: &str) -> Option<Vec<String>> {
    let mut keys = vec![];
    let (mut above, mut rest) = (above.to_owned(), path.strip_prefix(above)?);
    rest = rest.strip_prefix('.').unwrap_or(rest);
    while !OWN_KEYS.contains(&above.as_str())
        && let Some((key, below)) = rest.split_once('.')
    {
        keys.push(key.to_owned());
        above = if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        rest = below;
        // A link that is gone has no place: an address alone makes none.
        if is_links(&above) {
            return None;
        }
    }
    keys.push(rest.to_owned());
    let is_key = |key: &String| !key.is_empty() && (!key.contains('[') || OWN_KEYS.contains(&above.as_str()));
    keys.iter().all(is_key).then_some(keys)
}

/// Visits every value below, with its name and the steps to it.
fn walk(value: &Value, name: &str, steps: &mut Vec<Step>, visit: &mut impl FnMut(&str, &[Step], &Value)) {
    let depth = steps.len();
    for (own, more, value) in below(value, name) {
        steps.extend(more);
        visit(&own, steps, value);
        walk(value, &own, steps, visit);
        steps.truncate(depth);
    }
}

/// What stands in a block or a list, each with its name.
fn below<'v>(value: &'v Value, name: &str) -> Vec<(String, Vec<Step>, &'v Value)> {
    match value {
        // What is contested is no part of what it is about.
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !(name.is_empty() && *key == "contested"))
            .map(|(key, value)| (name_below(name, key), vec![Step::Key(key.clone())], value))
            .collect(),
        // A link is its address to the merge, below its name.
        Value::Array(items) if is_links(name) => {
            let named = |(index, item): (usize, &'v Value)| {
                let own: String = item.get("name")?.as_str()?.chars().take(NAME_CHARS).collect();
                let steps = vec![Step::Index(index), Step::Key("url".to_owned())];
                Some((format!("{name}.{own}"), steps, item.get("url")?))
            };
            items.iter().enumerate().filter_map(named).collect()
        }
        Value::Array(items) => {
            let named = |(index, item): (usize, &'v Value)| {
                let part = |key: &str| item.get(key).and_then(Value::as_str);
                let own = part("id").or_else(|| part("name")).or_else(|| part("uid"))?;
                let own: String = own.chars().take(NAME_CHARS).collect();
                Some((format!("{name}[{own}]"), vec![Step::Index(index)], item))
            };
            items.iter().enumerate().filter_map(named).collect()
        }
        _ => vec![],
    }
}

/// Whether a list of this name is of links: the record's own, or those of an item.
fn is_links(name: &str) -> bool {
    name == "links" || name.ends_with("].links")
}

/// Both trees of whys are one list to the merge, and so is what lies below each why.
fn name_below(name: &str, key: &str) -> String {
    match key {
        "occurrence" | "non_detection" if name.is_empty() => "whys".to_owned(),
        "whys" if name.starts_with("whys[") => "whys".to_owned(),
        key if name.is_empty() => key.to_owned(),
        key => format!("{name}.{key}"),
    }
}

/// A path as `contested` keeps it.
fn kept(path: &str) -> String {
    clean_line(path).chars().take(KEPT_CHARS).collect()
}
