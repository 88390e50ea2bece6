//! Changes of a record's data, chosen by bytes: the fuzzer's own, so that it can learn which bytes do what.
//!
//! No bytes at all choose the most usual change: a property or an entry is added at the end.

use serde_json::{Map, Value, json};

use crate::edit::Step;

/// A source of choices; when its bytes are used up, it always chooses the first.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Choices that follow these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all bytes are used up.
    pub fn is_spent(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// A number below `sides`, or 0 for none.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.byte()) % sides.max(1)
    }

    /// A text of the bytes themselves.
    fn text(&mut self) -> String {
        let length = self.roll(40).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}

/// What was done to the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The place: of what was set or removed, or of the map or list that got a new part.
    pub path: Vec<Step>,
    /// Only a new part was added.
    pub adds: bool,
}

/// Texts that mean something else without quotes, or break a line.
const NASTY: [&str; 44] = [
    "a",
    "",
    " ",
    "no",
    "~",
    "null",
    "true",
    "1",
    "0x10",
    "1_000",
    "1e3",
    ".5",
    ".inf",
    "12:30",
    "190:20:30",
    "2023-03-27T12:59:00+02:00",
    "2023-03-27",
    "010",
    "=",
    "<<",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "'a'",
    "\"a\"",
    "[a]",
    "{a: b}",
    "---",
    "a\nb",
    "  a\n b\n",
    "a\n\n\n",
    "a\tb\u{85}c\u{2028}d\u{feff}",
    "d\u{e9}j\u{e0} \u{1f468}\u{200d}\u{1f4bb}",
];

/// Changes one place of `value`. `model` is a record that has every property, for parts that fit.
pub fn change(value: &mut Value, model: Option<&Value>, choices: &mut Choices<'_>) -> Change {
    let pool = value.clone();
    let mut path = vec![];
    let adds = at(value, model, &pool, choices, &mut path);
    Change { path, adds }
}

fn at(
    value: &mut Value,
    model: Option<&Value>,
    pool: &Value,
    choices: &mut Choices<'_>,
    path: &mut Vec<Step>,
) -> bool {
    match value {
        Value::Array(items) if !items.is_empty() && choices.roll(4) > 1 => {
            let index = choices.roll(items.len());
            path.push(Step::Index(index));
            at(&mut items[index], model_item(model, index), pool, choices, path)
        }
        Value::Object(map) if !map.is_empty() && choices.roll(4) > 1 => {
            let index = choices.roll(map.len());
            let Some((name, inner)) = map.iter_mut().nth(index) else { unreachable!("below the length") };
            path.push(Step::Key(name.clone()));
            at(inner, model.and_then(|model| model.get(name)), pool, choices, path)
        }
        Value::Array(items) => in_list(items, model, pool, choices, path),
        Value::Object(map) => in_map(map, model, pool, choices, path),
        other => {
            *other = match (choices.roll(3), model) {
                (0, Some(model)) => model.clone(),
                _ => fresh(pool, choices),
            };
            false
        }
    }
}

/// The item of the model's list that stands for any.
fn model_item(model: Option<&Value>, index: usize) -> Option<&Value> {
    let items = model?.as_array().filter(|items| !items.is_empty())?;
    items.get(index % items.len())
}

fn in_list(
    items: &mut Vec<Value>,
    model: Option<&Value>,
    pool: &Value,
    choices: &mut Choices<'_>,
    path: &mut Vec<Step>,
) -> bool {
    let (what, index) = (choices.roll(6), choices.roll(items.len()));
    match what {
        3 if !items.is_empty() => {
            path.push(Step::Index(index));
            items.remove(index);
            false
        }
        4 if !items.is_empty() => {
            items.rotate_left(index);
            false
        }
        5 if !items.is_empty() => {
            let twin = items[index].clone();
            items.push(twin);
            false
        }
        _ => {
            let new = match (what, model_item(model, choices.roll(8))) {
                (0 | 1, Some(model)) => model.clone(),
                _ => fresh(pool, choices),
            };
            // Where two items bear one name, nobody can say which of them is new.
            let id = |item: &Value| ["uid", "id", "name"].map(|key| item.get(key).cloned());
            let same = |old: &Value| {
                *old == new || id(old).iter().zip(&id(&new)).any(|(a, b)| a.is_some() && a == b)
            };
            let is_new = !items.iter().any(same);
            // Counted from the end, where most things are added.
            let end = items.len();
            items.insert(end - choices.roll(end + 1), new);
            is_new
        }
    }
}

fn in_map(
    map: &mut Map<String, Value>,
    model: Option<&Value>,
    pool: &Value,
    choices: &mut Choices<'_>,
    path: &mut Vec<Step>,
) -> bool {
    let (what, index) = (choices.roll(6), choices.roll(map.len()));
    let name = map.keys().nth(index).cloned();
    match (what, name) {
        (3, Some(name)) => {
            map.shift_remove(&name);
            path.push(Step::Key(name));
            false
        }
        (4, Some(name)) => {
            let new = model.and_then(|model| model.get(&name)).cloned();
            let new = new.unwrap_or_else(|| fresh(pool, choices));
            map.insert(name.clone(), new);
            path.push(Step::Key(name));
            false
        }
        (5, Some(name)) => {
            // As the editor sees it, another key with the same value.
            let value = map.shift_remove(&name).unwrap_or_default();
            map.shift_insert(index, fresh_name(map, choices), value);
            path.push(Step::Key(name));
            false
        }
        _ => {
            let missing: Vec<(&String, &Value)> = model
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(name, _)| !map.contains_key(*name))
                .collect();
            let (name, new) = match missing.get(choices.roll(missing.len())) {
                Some((name, new)) if what != 2 => ((*name).clone(), (*new).clone()),
                _ => (fresh_name(map, choices), fresh(pool, choices)),
            };
            let end = map.len();
            map.shift_insert(end - choices.roll(end + 1), name, new);
            true
        }
    }
}

fn fresh_name(map: &Map<String, Value>, choices: &mut Choices<'_>) -> String {
    let name = match choices.roll(3) {
        0 => format!("new{}", map.len()),
        1 => NASTY[choices.roll(NASTY.len())].to_owned(),
        _ => choices.text(),
    };
    // The reader takes no merge keys, and a key once.
    if name == "<<" || map.contains_key(&name) { format!("other {}", map.len()) } else { name }
}

/// A new value, or a copy of some part of the record.
fn fresh(pool: &Value, choices: &mut Choices<'_>) -> Value {
    match choices.roll(9) {
        0 | 1 => Value::String(NASTY[choices.roll(NASTY.len())].to_owned()),
        2 => Value::String(choices.text()),
        3 => part(pool, choices).clone(),
        4 => Value::Null,
        5 => [json!(true), json!(0), json!(-1), json!(u64::MAX), json!(0.1), json!(-0.0), json!(1e300)]
            [choices.roll(7)]
        .clone(),
        6 => Value::Array((0..choices.roll(4)).map(|_| fresh(pool, choices)).collect()),
        7 => {
            let mut map = Map::new();
            for _ in 0..choices.roll(4) {
                let name = fresh_name(&map, choices);
                map.insert(name, fresh(pool, choices));
            }
            Value::Object(map)
        }
        _ => Value::String(vec![choices.text(); choices.roll(8)].join("\n")),
    }
}

fn part<'v>(mut value: &'v Value, choices: &mut Choices<'_>) -> &'v Value {
    while choices.roll(3) > 0 {
        let inner = match value {
            Value::Array(items) => items.get(choices.roll(items.len())),
            Value::Object(map) => map.values().nth(choices.roll(map.len())),
            _ => None,
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    value
}
