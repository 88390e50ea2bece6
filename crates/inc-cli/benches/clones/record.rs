//! A record as its file says it, what is wrong with it, and its values by their path.

use std::collections::{BTreeMap, BTreeSet};

use inc_core::SCHEMA;
use inc_core::id::Uid;
use inc_core::incident::Incident;
use inc_core::instant::Instant;
use inc_core::pdca::rules::Others;
use inc_core::pdca::{Level, Pdca};
use inc_core::status::Status;
use inc_store::yaml;
use serde_json::Value;

pub enum Record {
    Incident(Box<Incident>),
    Pdca(Box<Pdca>),
}

impl Record {
    /// Reads it as every program does, or says why that is refused.
    pub fn read(text: &str) -> Result<Self, String> {
        // Only a PDCA has a source.
        let read = match text.lines().any(|line| line.starts_with("source:")) {
            true => yaml::read(text, SCHEMA).map(|pdca| Self::Pdca(Box::new(pdca))),
            false => yaml::read(text, SCHEMA).map(|incident| Self::Incident(Box::new(incident))),
        };
        read.map_err(|error| error.to_string())
    }

    /// Its data.
    pub fn value(&self) -> Value {
        let value = match self {
            Self::Incident(incident) => serde_json::to_value(incident),
            Self::Pdca(pdca) => serde_json::to_value(pdca),
        };
        value.expect("a record is plain data")
    }

    /// A text of it, empty where there is none.
    pub fn text(&self, key: &str) -> String {
        self.value()[key].as_str().unwrap_or_default().to_owned()
    }

    /// Contradictions in it, each by a name that both sides of a merge would give it.
    pub fn errors(&self) -> BTreeSet<String> {
        match self {
            Self::Incident(incident) => of_incident(incident),
            Self::Pdca(pdca) => {
                let now = Instant::parse("2023-03-28T10:00:00Z").expect("an instant");
                let findings = pdca.lint(&Others::default(), now);
                let errors = findings.into_iter().filter(|finding| finding.level == Level::Error);
                errors.map(|finding| finding.code.to_owned()).collect()
            }
        }
    }
}

fn of_incident(incident: &Incident) -> BTreeSet<String> {
    let mut errors = BTreeSet::new();
    if incident.severity_drift().is_some() {
        errors.insert("the severity is not what its assessment says".to_owned());
    }
    let at: Vec<i64> = incident.timeline.iter().map(|entry| entry.at.unix_millis()).collect();
    if !at.is_sorted() {
        errors.insert("the timeline is out of order".to_owned());
    }
    let mut told = incident.timeline.iter().rev().filter_map(|entry| entry.change.as_ref());
    let last = told.find(|change| change.of.as_str() == "status");
    let stands = incident.status.to_string();
    if last.is_some_and(|change| change.to.as_ref().map(ToString::to_string) != Some(stands)) {
        errors.insert("the status is not the one that was told last".to_owned());
    }
    if incident.mitigated_at.is_some() && incident.status < Status::Mitigated {
        errors.insert("mitigated_at, and not mitigated".to_owned());
    }
    errors
}

/// The uids in a record's data, each with how often it stands there.
pub fn uids(value: &Value) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    walk(value, &mut |map| {
        let own = ["id", "uid"].into_iter().filter_map(|key| map.get(key)?.as_str());
        for uid in own.filter(|text| text.parse::<Uid>().is_ok()) {
            *found.entry(uid.to_owned()).or_default() += 1;
        }
    });
    found
}

fn walk(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        Value::Object(map) => {
            look(map);
            // What both sides told is one item: a check that both retired, a target that both added.
            let below = map.iter().filter(|(key, _)| !["earlier_checks", "targets"].contains(&key.as_str()));
            below.for_each(|(_, value)| walk(value, look));
        }
        _ => {}
    }
}

/// The value at a path of keys; null where there is none.
pub fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, key| &value[key])
}

/// Whether a value says this, alone or in a list.
pub fn says(value: &Value, token: &str) -> bool {
    match value {
        Value::String(text) => text == token,
        Value::Number(number) => number.to_string() == token,
        Value::Array(items) => items.iter().any(|item| says(item, token)),
        _ => false,
    }
}
