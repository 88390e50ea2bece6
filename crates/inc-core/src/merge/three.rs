//! The machinery: one value from three, by the rule of its path.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::check;
use super::contested;
use super::links;
use super::order::order;
use super::rule::{Rule, rule};
use super::weight::Weight;
use crate::id::Uid;
use crate::incident::Contested;
use crate::instant::Instant;
use crate::settle;
use crate::text::{Line, brief, clean_line};

/// What a remark begins with that tells of something that stays though one side took it out.
pub(super) const KEPT: &str = "kept:";

/// What a merge goes by and what it has to tell.
pub(super) struct Three {
    /// Who wrote last on each side, and when.
    wrote: [Option<(Option<Line>, Instant)>; 2],
    /// Values that did not win, each with the one that stands.
    pub(super) contested: Vec<Contested>,
    /// What people should know.
    pub(super) remarks: Vec<String>,
    /// The keys of items that stay, whatever the sides say: others need them.
    pub(super) needed: BTreeSet<String>,
    /// Where a value was contested and both sides have settled it: what one of them left as it stood, it decided too.
    settled: BTreeSet<String>,
}

/// Where a value stands: for the rules, and for people.
#[derive(Clone)]
pub(super) struct At {
    pattern: String,
    shown: String,
}

impl At {
    pub(super) fn top(key: &str) -> Self {
        Self { pattern: key.to_owned(), shown: key.to_owned() }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        Self { pattern: format!("{}.{key}", self.pattern), shown: format!("{}.{key}", self.shown) }
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    fn item(&self, name: &str) -> Self {
        let shown = match rule(&self.pattern) {
            Rule::Links => format!("{}.{name}", self.shown),
            _ => format!("{}[{name}]", self.shown),
        };
        Self { pattern: format!("{}[]", self.pattern), shown }
    }
}

/// One value on the three sides.
pub(super) type Values<'v> = [Option<&'v Value>; 3];

impl Three {
    /// A merge of two sides.
    pub(super) fn of(wrote: [Option<(Option<Line>, Instant)>; 2]) -> Self {
        Self { wrote, contested: vec![], remarks: vec![], needed: BTreeSet::new(), settled: BTreeSet::new() }
    }

    /// Adds what is contested to what is already; gives the remarks, and whether something stays that one side took
    /// out.
    pub(super) fn finish(self, known: &mut Vec<Contested>, base: &[Contested]) -> (Vec<String>, bool) {
        contested::add(known, base, self.contested);
        let keeps = self.remarks.iter().any(|remark| remark.starts_with(KEPT));
        (self.remarks, keeps)
    }

    /// Merges two records key by key.
    pub(super) fn record(
        &mut self,
        base: Option<&Value>,
        ours: &Value,
        theirs: &Value,
    ) -> Map<String, Value> {
        let empty = Value::Object(Map::new());
        let sides = [base.unwrap_or(&empty), ours, theirs];
        let [was, ours, theirs] = sides.map(contested::paths);
        self.settled =
            was.into_iter().filter(|path| !ours.contains(path) && !theirs.contains(path)).collect();
        self.map(sides.map(Value::as_object), At::top)
    }

    /// Merges one value; `None` is an absent key.
    pub(super) fn value(&mut self, at: &At, values: Values<'_>) -> Option<Value> {
        let [_, ours, theirs] = values;
        if let Some(plain) = unilateral(values)
            && !(ours != theirs && self.is_settled_below(at))
        {
            return plain.cloned();
        }
        match rule(&at.pattern) {
            Rule::Map if objects(values) => {
                let below = at.clone();
                let map =
                    self.map(values.map(|value| value.and_then(Value::as_object)), |key| below.key(key));
                Some(Value::Object(map))
            }
            Rule::Cure if objects(values) => {
                let below = at.clone();
                let mut map =
                    self.map(values.map(|value| value.and_then(Value::as_object)), |key| below.key(key));
                check::settle(self, at, values, &mut map);
                Some(Value::Object(map))
            }
            Rule::Set if lists([ours, theirs]) => Some(Value::Array(set(values))),
            Rule::Items(by) if lists([ours, theirs]) => {
                Some(Value::Array(self.items(at, by, values.map(items))))
            }
            Rule::Links if lists([ours, theirs]) => {
                Some(Value::Array(self.keyed(at, links::keyed(values.map(items)))))
            }
            Rule::Link => links::stands(self, at, ours, theirs),
            Rule::Silent => Self::winner(ours, theirs).0.cloned(),
            _ => self.leaf(at, ours, theirs),
        }
    }

    /// Whether both sides settled this value, or one in it.
    fn is_settled_below(&self, at: &At) -> bool {
        let below = |path: &String| {
            path.strip_prefix(&at.shown).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.settled.iter().any(below)
    }

    fn map(
        &mut self,
        sides: [Option<&Map<String, Value>>; 3],
        at: impl Fn(&str) -> At,
    ) -> Map<String, Value> {
        let mut merged = Map::new();
        // The base's keys first, then the new ones by name: the same on both sides.
        let mut keys: Vec<&String> = sides[0].into_iter().flat_map(Map::keys).collect();
        let mut new: Vec<&String> = sides[1..].iter().flatten().flat_map(|side| side.keys()).collect();
        new.sort();
        keys.extend(new);
        let mut seen = BTreeSet::new();
        for key in keys.into_iter().filter(|key| seen.insert(key.as_str())) {
            if let Some(value) = self.value(&at(key), sides.map(|side| side.and_then(|side| side.get(key)))) {
                merged.insert(key.clone(), value);
            }
        }
        merged
    }

    /// One of two values stands, the other is kept.
    pub(super) fn leaf(&mut self, at: &At, ours: Option<&Value>, theirs: Option<&Value>) -> Option<Value> {
        let (winner, loser, lost) = Self::winner(ours, theirs);
        self.contest(&at.shown, winner, loser, lost);
        winner.cloned()
    }

    /// The value that stands, the one that does not, and whose the latter is (0 ours, 1 theirs).
    ///
    /// The greater one stands, and any value stands before none. No clock and no side decides, so that any number of
    /// clones come to the same value in whatever order they meet.
    pub(super) fn winner<'v>(
        ours: Option<&'v Value>,
        theirs: Option<&'v Value>,
    ) -> (Option<&'v Value>, Option<&'v Value>, usize) {
        let weight = |value: Option<&Value>| value.map(Weight::of);
        match weight(ours).cmp(&weight(theirs)) {
            Ordering::Less => (theirs, ours, 0),
            _ => (ours, theirs, 1),
        }
    }

    /// Keeps a value that did not win.
    pub(super) fn contest(&mut self, path: &str, winner: Option<&Value>, loser: Option<&Value>, lost: usize) {
        let short: String = clean_line(path).chars().take(200).collect();
        let Ok(path) = short.parse::<Line>() else { return };
        let show = |value: Option<&Value>| settle::shown(value.unwrap_or(&Value::Null));
        self.remarks.push(format!("contested: {path}: {} stands; not {}", show(winner), show(loser)));
        let (by, at) = self.wrote[lost].clone().map_or((None, None), |(by, at)| (by, Some(at)));
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        self.contested.push(Contested { path, ours: value(winner), theirs: value(loser), by, at });
    }

    /// Merges a list of items that go by one key.
    pub(super) fn items(&mut self, at: &At, by: &str, lists: [&[Value]; 3]) -> Vec<Value> {
        self.keyed(at, lists.map(|list| keyed(list, by)))
    }

    /// Merges lists in which each item has what it goes by.
    fn keyed(&mut self, at: &At, keyed: [Vec<(String, &Value)>; 3]) -> Vec<Value> {
        let keys = [0, 1, 2].map(|side| keyed[side].iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
        let found = keyed.map(|list| list.into_iter().collect::<BTreeMap<String, &Value>>());
        let all: BTreeSet<&String> = keys.iter().flatten().collect();
        let mut kept: BTreeMap<String, Value> = BTreeMap::new();
        for key in all {
            let values = found.each_ref().map(|side| side.get(key).copied());
            if at.pattern == "timeline"
                && let [None, Some(ours), Some(theirs)] = values
                && ours != theirs
            {
                kept.extend(collided(key, ours, theirs));
                continue;
            }
            if let Some(item) = self.item(at, key, values) {
                kept.insert(key.clone(), item);
            }
        }
        let names: Vec<String> = kept.keys().cloned().collect();
        let sorted = order(&keys[0], &keys[1], &keys[2], &names);
        sorted.iter().filter_map(|key| kept.remove(key)).collect()
    }

    /// One item; `None` where a side took it out and the other left it as it was.
    fn item(&mut self, at: &At, key: &str, values: Values<'_>) -> Option<Value> {
        let [base, ours, theirs] = values;
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let name =
                    base.map_or_else(|| shown(ours, key).min(shown(theirs, key)), |base| shown(base, key));
                self.value(&at.item(&name), values)
            }
            (None, None) => base.filter(|_| self.needed.contains(key)).cloned(),
            (Some(only), None) | (None, Some(only)) => {
                let is_edited = base.is_some_and(|base| base != only);
                if is_edited {
                    self.remarks.push(format!(
                        "{KEPT} {}, which one side took out and the other changed",
                        name_of(only, key)
                    ));
                } else if base.is_some() && self.needed.contains(key) {
                    self.remarks.push(format!(
                        "{KEPT} {}, which one side took out and the other still needs",
                        name_of(only, key)
                    ));
                }
                (base.is_none() || is_edited || self.needed.contains(key)).then(|| only.clone())
            }
        }
    }
}

/// The value where at most one side changed it, or both did alike: `Some` of it, which may be its absence.
pub(super) fn unilateral([base, ours, theirs]: Values<'_>) -> Option<Option<&Value>> {
    if ours == theirs || base == theirs {
        return Some(ours);
    }
    (base == ours).then_some(theirs)
}

/// An absent map is an empty one.
fn objects(values: Values<'_>) -> bool {
    values[1..].iter().flatten().all(|value| value.is_object())
}

/// An absent list is an empty one; a word such as `none` is not.
fn lists(values: [Option<&Value>; 2]) -> bool {
    values.iter().flatten().all(|value| value.is_array())
}

pub(super) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What both sides make of a set: how often each value stands in it is merged like any number.
fn set(values: Values<'_>) -> Vec<Value> {
    let lists = values.map(|value| items(value).iter().map(Value::to_string).collect::<Vec<_>>());
    let mut all: Vec<&String> = lists.iter().flatten().collect();
    all.sort();
    all.dedup();
    let mut kept = vec![];
    for text in all {
        let [base, ours, theirs] =
            [0, 1, 2].map(|side| lists[side].iter().filter(|own| *own == text).count());
        let count = match (base == ours, base == theirs) {
            (true, _) => theirs,
            (_, true) => ours,
            _ => ours.max(theirs),
        };
        kept.extend((0..count).map(|_| text.clone()));
    }
    let find = |text: &String| {
        values.iter().flat_map(|value| items(*value)).find(|value| value.to_string() == *text).cloned()
    };
    order(&lists[0], &lists[1], &lists[2], &kept).iter().filter_map(find).collect()
}

/// Each item with what it goes by: its key, or its content where it has none of its own.
fn keyed<'v>(list: &'v [Value], by: &str) -> Vec<(String, &'v Value)> {
    let mut seen = BTreeSet::new();
    let key = |item: &Value| {
        let own = item.get(by).and_then(Value::as_str).map(str::to_owned);
        let mut key = own.filter(|own| !seen.contains(own)).unwrap_or_else(|| format!("~{item}"));
        while !seen.insert(key.clone()) {
            key.push('+');
        }
        key
    };
    let keys: Vec<String> = list.iter().map(key).collect();
    keys.into_iter().zip(list).collect()
}

/// Two entries that came to one id, as by a copy: both stay, and one of them gets an id of its own when a program next
/// writes the record.
fn collided(key: &str, ours: &Value, theirs: &Value) -> [(String, Value); 2] {
    let mut both = [ours, theirs];
    both.sort_by_cached_key(|entry| entry.to_string());
    let [first, second] = both;
    let mut second = second.clone();
    if let Some(map) = second.as_object_mut() {
        map.shift_remove("id");
    }
    [(key.to_owned(), first.clone()), (format!("{key}~"), second)]
}

/// How an item is named in the path of a contested value: by its label, else by its key.
fn shown(item: &Value, key: &str) -> String {
    let label = item.get("id").or_else(|| item.get("name")).and_then(Value::as_str);
    let name = label.unwrap_or(key);
    name.chars().take(60).collect()
}

/// How an item is named in a remark.
fn name_of(item: &Value, key: &str) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let words = ["text", "why", "factor", "title", "name"].into_iter().find_map(text);
    let label = item.get("id").and_then(Value::as_str).filter(|label| label.parse::<Uid>().is_err());
    match (label, words) {
        (Some(label), Some(words)) => format!("{} (\"{}\")", brief(label), brief(words)),
        (None, Some(words)) => format!("\"{}\"", brief(words)),
        _ => brief(key),
    }
}
