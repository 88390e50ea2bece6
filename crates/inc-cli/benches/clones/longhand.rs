//! Records of any length, and what two people make of one: texts as the programs write them.

use inc_core::incident::Incident;
use inc_core::{SCHEMA, id::Uid};
use inc_store::{edit, yaml};
use serde_json::{Value, json};

/// A merge to measure: its name and its three texts.
pub struct Story {
    pub name: &'static str,
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

/// Two people's work on an incident with so many entries, three ways.
pub fn stories(entries: usize) -> Vec<Story> {
    let (base, value) = base(entries);
    let append = |value: &mut Value, by: &str, nth: usize| push(value, entries + nth, by);
    let middle = |value: &mut Value, by: &str, at: usize| {
        value["timeline"][at]["text"] = json!(format!("put right by {by}"));
    };
    let story = |name, change: &dyn Fn(&mut Value, &str, usize)| {
        let side = |by: &str, nth: usize| {
            let mut after = value.clone();
            change(&mut after, by, nth);
            edit::rewrite(&base, &value, &after, &read).unwrap_or_else(|error| panic!("{error}"))
        };
        Story { name, base: base.clone(), ours: side("Ada", 1), theirs: side("Bob", 2) }
    };
    vec![
        story("both append", &|value, by, nth| append(value, by, nth)),
        story("both edit the middle and append", &|value, by, nth| {
            middle(value, by, entries / 2 + nth);
            append(value, by, nth);
        }),
        story("one title two ways", &|value, by, _| value["title"] = json!(format!("As {by} calls it"))),
    ]
}

fn base(entries: usize) -> (String, Value) {
    let mut value = json!({
        "schema": SCHEMA, "id": "2023-03-27-disk-full", "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R9",
        "title": "Disk full", "kind": "incident", "status": "investigating", "severity": "SEV-4",
        "assessment": {"computed": "SEV-4", "provisional": true, "decided_by": "customer impact missing"},
        "timezone": "Europe/Paris", "declared_at": "2023-03-27T12:59:00+02:00", "timeline": [],
    });
    (0..entries).for_each(|nth| push(&mut value, nth, "Grace"));
    let text = edit::emit("An incident with a long story.", &value);
    let value = read(&text).unwrap_or_else(|error| panic!("{error}"));
    (text, value)
}

/// One entry more; a quarter of them have details.
fn push(value: &mut Value, nth: usize, by: &str) {
    let minutes = 13 * 60 + nth;
    let id = Uid::from_parts(1_679_914_740_000 + nth as u64, nth as u128 * 7 + by.len() as u128);
    let mut entry = json!({
        "at": format!("2023-03-27T{:02}:{:02}:00+02:00", minutes / 60, minutes % 60), "kind": "note", "by": by,
        "text": format!("ASG for cluster {nth} is full: we scale it to {}, and look at it again", nth * 2),
        "id": id.to_string(),
    });
    if nth.is_multiple_of(4) {
        entry["details"] = json!(["Pods not being provisioned", "External secret controller crashing"]);
    }
    if let Some(timeline) = value["timeline"].as_array_mut() {
        timeline.push(entry);
    }
}

fn read(text: &str) -> Result<Value, String> {
    let incident: Incident = yaml::read(text, SCHEMA).map_err(|error| error.to_string())?;
    serde_json::to_value(incident).map_err(|error| error.to_string())
}
