//! The facts in which two versions of a record differ, found over plain data: properties by their path, items of lists by
//! their ids.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Fact, Happened, Kind};
use crate::instant::Instant;
use crate::news;

/// The lists whose items come and go one by one; of every other list the whole is a value.
const LISTS: [&str; 6] =
    ["timeline", "contributing_factors", "countermeasures", "earlier_checks", "acts", "targets"];

/// Told by other facts, or of no interest to people.
const SILENT: [&str; 2] = ["uid", "whys"];

/// The facts found so far.
#[derive(Default)]
pub(super) struct Found(pub Vec<Fact>);

impl Found {
    /// The properties in which a record, or an item called `of`, differs. Names in `told` are left out.
    pub(super) fn properties(&mut self, of: &str, was: &Value, is: &Value, told: &[&str]) {
        let empty = Map::new();
        let (was, is) = (was.as_object().unwrap_or(&empty), is.as_object().unwrap_or(&empty));
        self.group(of, "", (was, is), told);
    }

    fn group(&mut self, of: &str, above: &str, (was, is): Sides<'_>, told: &[&str]) {
        let gone = was.keys().filter(|name| !is.contains_key(*name));
        for name in is.keys().chain(gone).filter(|name| !told.contains(&name.as_str())) {
            let (before, after) = (was.get(name), is.get(name));
            // Below a group, such as a team's own keys, names mean what they like.
            let is_of = |names: &[&str]| above.is_empty() && names.contains(&name.as_str());
            if before == after || is_of(&SILENT) {
                continue;
            }
            if is_of(&LISTS) {
                self.items(name, of, list(before), list(after));
                continue;
            }
            let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            match (before, after) {
                (Some(Value::Object(before)), Some(Value::Object(after))) => {
                    self.group(of, &path, (before, after), &[]);
                }
                (None, Some(Value::Object(after))) => self.group(of, &path, (&Map::new(), after), &[]),
                (Some(Value::Object(before)), None) => self.group(of, &path, (before, &Map::new()), &[]),
                _ => self.0.push(property(of, &path, before, after, is)),
            }
        }
    }

    /// The items of a list that came, went or changed; `of` is what the list belongs to.
    pub(super) fn items(&mut self, list: &str, of: &str, was: &[Value], is: &[Value]) {
        let (before, after) = (Items::of(was), Items::of(is));
        for item in is {
            let called = called(list, of, item);
            match before.find(item) {
                None => {
                    let mark = format!("{list} {of}+{item}");
                    let fact = Fact::new(Kind::Added, told(list, of, &called, item), mark);
                    self.0.push(fact.happened(moment(item, &["at", "created_at"])));
                    self.happenings(&called, item);
                }
                Some(before) if before == item => {}
                Some(before) => self.properties(&called, before, item, &edited(list, before, item)),
            }
        }
        for item in was.iter().filter(|item| after.find(item).is_none()) {
            let what = format!("taken out: {}", told(list, of, &called(list, of, item), item));
            self.0.push(Fact::new(Kind::Removed, what, format!("{list} {of}-{item}")));
        }
    }

    /// What is told along with a new item: that it is done or checked, and its own items.
    fn happenings(&mut self, called: &str, item: &Value) {
        let Some(item) = item.as_object() else { return };
        for (name, value) in item {
            match name.as_str() {
                "done_on" => self.0.push(property(called, name, None, Some(value), item)),
                "check" => {
                    let check = value.as_object();
                    if let Some((check, result)) = check.and_then(|check| Some((check, check.get("result")?)))
                    {
                        self.0.push(property(called, "check.result", None, Some(result), check));
                    }
                }
                list if LISTS.contains(&list) => self.items(list, called, &[], self::list(Some(value))),
                _ => {}
            }
        }
    }
}

type Sides<'a> = (&'a Map<String, Value>, &'a Map<String, Value>);

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The items of a list, to be found without looking at each: a long timeline is told once for each of its commits.
struct Items<'v> {
    all: &'v [Value],
    by_id: HashMap<&'v str, &'v Value>,
}

impl<'v> Items<'v> {
    fn of(all: &'v [Value]) -> Self {
        Self { all, by_id: all.iter().filter_map(|item| Some((id(item)?, item))).collect() }
    }

    /// The one that is the same as another list's.
    fn find(&self, item: &Value) -> Option<&'v Value> {
        let likely = id(item).and_then(|id| self.by_id.get(id).copied());
        likely
            .filter(|other| is_same(other, item))
            .or_else(|| self.all.iter().find(|other| is_same(other, item)))
    }
}

fn id(item: &Value) -> Option<&str> {
    item.get("uid").or_else(|| item.get("id")).and_then(Value::as_str)
}

/// One item by its id; one without, typed by hand, gets its id later and is known by what it says.
fn is_same(one: &Value, other: &Value) -> bool {
    for key in ["uid", "id"] {
        if let (Some(one), Some(other)) = (one.get(key), other.get(key)) {
            return one == other;
        }
    }
    ["at", "text", "name", "result", "on"].iter().all(|key| one.get(key) == other.get(key))
}

/// The id that an entry typed by hand gets later is no news.
fn edited<'a>(list: &str, before: &Value, after: &Value) -> Vec<&'a str> {
    let is_minted = list == "timeline" && before.get("id").is_none() && after.get("id").is_some();
    if is_minted { vec!["id"] } else { vec![] }
}

/// A value in one line; a list of words as people write one.
fn short(value: &Value) -> String {
    let words: Option<Vec<&str>> =
        value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    news::short(&words.map_or_else(|| value.clone(), |words| Value::from(words.join(", "))))
}

fn line<'a>(item: &'a Value, key: &str) -> &'a str {
    item.get(key).and_then(Value::as_str).unwrap_or_default().trim_end()
}

/// What an item is called where something of it changes.
fn called(list: &str, of: &str, item: &Value) -> String {
    match list {
        "timeline" => format!("entry {}:", short(&Value::from(line(item, "text")))),
        "whys" => format!("why {}", line(item, "id")),
        "targets" => format!("{of} at {}", line(item, "name")),
        "earlier_checks" => format!("{of} earlier check"),
        _ => line(item, "id").to_owned(),
    }
}

/// An item as a whole.
fn told(list: &str, of: &str, called: &str, item: &Value) -> String {
    match list {
        "timeline" => {
            let kind = item.get("kind").and_then(Value::as_str).unwrap_or("note");
            // What a change wrote of itself says what it is.
            let is_trace = item.get("change").is_some();
            if is_trace { line(item, "text").to_owned() } else { format!("{kind}: {}", line(item, "text")) }
        }
        "whys" => {
            let tag = item.get("root_cause").and_then(Value::as_str);
            let tag = tag.map(|tag| format!(" [{tag}]")).unwrap_or_default();
            format!("{called}{tag}: {}", line(item, "why"))
        }
        "contributing_factors" => format!("factor {called}: {}", line(item, "factor")),
        "countermeasures" => format!("countermeasure {called}: {}", line(item, "title")),
        "acts" => format!("act {called} of {of}: {}", line(item, "title")),
        "targets" => format!("target of {of}: {}", line(item, "name")),
        _ => format!("{called}: {}", line(item, "result").to_uppercase()),
    }
}

/// One property that was set, changed or taken out; `beside` is what stands beside it.
fn property(
    of: &str,
    path: &str,
    was: Option<&Value>,
    is: Option<&Value>,
    beside: &Map<String, Value>,
) -> Fact {
    let name = if of.is_empty() { path.to_owned() } else { format!("{of} {path}") };
    let mark = format!("{name}={}", is.unwrap_or(&Value::Null));
    let Some(value) = is else {
        let what = match path {
            "done_on" => format!("{of} not done any more"),
            _ => format!("{name} taken out, was {}", short(was.unwrap_or(&Value::Null))),
        };
        return Fact::new(Kind::Removed, what, mark);
    };
    let beside = Value::Object(beside.clone());
    if path == "check.result" {
        let what = format!("{of} checked {}", value.as_str().unwrap_or_default().to_uppercase());
        return Fact::new(Kind::Added, what, mark).happened(moment(&beside, &["on"]));
    }
    let what = match was {
        _ if path == "done_on" => format!("{of} done"),
        None => format!("{name}: {}", short(value)),
        Some(was) => format!("{name}: {} to {}", short(was), short(value)),
    };
    let kind = if was.is_none() { Kind::Added } else { Kind::Changed };
    let tells_when = path == "done_on" || path.ends_with("_at");
    Fact::new(kind, what, mark).happened(moment(&beside, &[path]).filter(|_| tells_when))
}

/// The moment or day that the first of these properties names.
fn moment(item: &Value, keys: &[&str]) -> Option<Happened> {
    let text = keys.iter().find_map(|key| item.get(key)).and_then(Value::as_str)?;
    let at = Instant::parse(text).ok().map(Happened::At);
    at.or_else(|| text.parse().ok().map(Happened::On))
}
