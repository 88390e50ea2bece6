//! The facts of an incident: entries, steps, severity, moments, what is contested, and every other property.

use serde_json::Value;

use super::differ::Found;
use super::{Fact, Happened, Kind, Recorded};
use crate::id::Uid;
use crate::incident::Incident;
use crate::news::{contested, fresh};
use crate::timeline::EntryKind;

/// Told by facts of their own, or following from them.
const TOLD: [&str; 4] = ["timeline", "assessment", "contested", "schema"];

/// The moments that a record tells beside its declaration.
const MOMENTS: [&str; 4] = ["started_at", "detected_at", "mitigated_at", "resolved_at"];

impl Recorded for Incident {
    fn uid(&self) -> Uid {
        self.uid
    }

    fn facts(before: Option<&Self>, after: &Self) -> Vec<Fact> {
        let Some(before) = before else { return new(after) };
        let (was, is) = (value(before), value(after));
        let mut found = Found::default();
        found.items("timeline", "", array(&was), array(&is));
        let mut told = TOLD.to_vec();
        for (of, differs, to) in [
            ("status", before.status != after.status, Some(after.status.name())),
            ("severity", before.severity != after.severity, Some(after.severity.name())),
            (
                "commander",
                before.commander != after.commander,
                after.commander.as_ref().map(|name| name.as_str()),
            ),
        ] {
            if differs && is_told(before, after, of, to) {
                told.push(of);
            }
        }
        // The moment of a step goes with the entry that tells of it.
        if told.contains(&"status") {
            told.extend(["mitigated_at", "resolved_at"]);
        }
        found.properties("", &was, &is, &told);
        found.0.extend(of_contested(contested(&before.contested, &after.contested)));
        if found.0.is_empty() {
            found.properties("", &was, &is, &[]);
        }
        found.0
    }

    fn whole(&self) -> String {
        let doubt = if self.assessment.is_provisional() { " provisional" } else { "" };
        format!("{} ({}{doubt}, {})", self.title, self.severity, self.status)
    }
}

pub(super) fn of_contested(words: Vec<String>) -> impl Iterator<Item = Fact> {
    words.into_iter().map(|words| Fact::new(Kind::Changed, words.clone(), words))
}

fn new(incident: &Incident) -> Vec<Fact> {
    let what = format!("new {}: {}", incident.kind.name(), incident.whole());
    let declared = Fact::new(Kind::Added, what, "new").happened(Some(Happened::At(incident.declared_at)));
    let is = value(incident);
    let mut found = Found(vec![declared]);
    // The declaration's own entry says the same once more.
    let declared = Value::from(EntryKind::Declared.name());
    let entries: Vec<Value> =
        array(&is).iter().filter(|entry| entry.get("kind") != Some(&declared)).cloned().collect();
    found.items("timeline", "", &[], &entries);
    let moments = MOMENTS.iter().filter_map(|name| Some(((*name).to_owned(), is.get(name)?.clone())));
    let moments = moments.filter(|(_, at)| Some(at) != is.get("declared_at")).collect();
    found.properties("", &Value::Null, &Value::Object(moments), &[]);
    found.0.extend(of_contested(contested(&[], &incident.contested)));
    found.0
}

/// Whether a new entry tells that the property came to this.
fn is_told(before: &Incident, after: &Incident, of: &str, to: Option<&str>) -> bool {
    fresh(before, after)
        .filter_map(|entry| entry.change.as_ref())
        .any(|change| change.of.as_str() == of && change.to.as_ref().map(|line| line.as_str()) == to)
}

fn value(incident: &Incident) -> Value {
    serde_json::to_value(incident).unwrap_or_default()
}

fn array(record: &Value) -> &[Value] {
    record.get("timeline").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
