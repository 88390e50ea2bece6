//! What became of a record, in rows: a change, and the words for it.

use serde_json::{Value, json};

use super::{of_incident, of_pdca};
use crate::incident::Incident;
use crate::pdca::Pdca;

fn incident() -> Value {
    json!({
        "schema": 1, "id": "2023-03-27-disk-full", "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R0", "title": "Disk full",
        "status": "investigating", "severity": "SEV-3",
        "assessment": {"computed": "SEV-3", "provisional": true, "decided_by": "x"},
        "timezone": "Europe/Paris", "declared_at": "2023-03-27T12:59:00+02:00",
        "timeline": [
            {"at": "2023-03-27T12:59:00+02:00", "kind": "declared", "text": "Disk full", "id": "01GWH7Q3M8Z0V8T3J4K5N6P7RA"},
            {"at": "2023-03-27T13:01:00+02:00", "text": "98 %", "id": "01GWH7Q3M8Z0V8T3J4K5N6P7RB"},
        ],
    })
}

fn read_incident(value: &Value) -> Incident {
    serde_json::from_value(value.clone()).unwrap()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Value), expected: &[&str]) {
    let before = incident();
    let mut after = before.clone();
    change(&mut after);
    assert_eq!(of_incident(Some(&read_incident(&before)), &read_incident(&after)), expected);
}

fn add(record: &mut Value, entry: Value) {
    record["timeline"].as_array_mut().unwrap().push(entry);
}

#[test]
fn an_incident_that_did_not_change_is_no_news() {
    check(|_| {}, &[]);
}

#[test]
fn severity_and_status_are_told_with_who_brought_them() {
    check(
        |after| {
            after["severity"] = json!("SEV-2");
            after["assessment"]["computed"] = json!("SEV-2");
            after["status"] = json!("resolved");
            after["resolved_at"] = json!("2023-03-27T14:13:00+02:00");
            for (id, of, to, by) in [("C", "severity", "SEV-2", "Ada"), ("D", "status", "resolved", "Bob")] {
                let change = json!({"of": of, "to": to});
                let id = format!("01GWH7Q3M8Z0V8T3J4K5N6P7R{id}");
                add(
                    after,
                    json!({"at": "2023-03-27T14:13:00+02:00", "kind": of, "by": by, "text": "x", "change": change, "id": id}),
                );
            }
        },
        &["2 new entries", "SEV-3 to SEV-2 by Ada", "status resolved by Bob"],
    );
    // Typed over by hand: nobody tells.
    check(|after| after["severity"] = json!("SEV-2"), &["SEV-3 to SEV-2"]);
}

#[test]
fn entries_are_counted_by_their_ids() {
    check(
        |after| {
            after["timeline"][1]["text"] = json!("99 %");
            add(after, json!({"at": "2023-03-27T13:05:00+02:00", "text": "98 %"}));
        },
        &["1 new entry", "1 entry edited"],
    );
    check(|after| drop(after["timeline"].as_array_mut().unwrap().pop()), &["1 entry taken out"]);
    // One typed by hand is the same when it gets its id, or another where two clones gave it one each.
    let mut before = incident();
    before["timeline"][1].as_object_mut().unwrap().remove("id");
    let words = of_incident(Some(&read_incident(&before)), &read_incident(&incident()));
    assert_eq!(words, [""; 0]);
    check(|after| after["timeline"][1]["id"] = json!("01GWH7Q3M8Z0V8T3J4K5N6P7RC"), &[]);
    check(
        |after| {
            after["timeline"][1]["id"] = json!("01GWH7Q3M8Z0V8T3J4K5N6P7RC");
            after["timeline"][1]["by"] = json!("Ada");
            add(after, json!({"at": "2023-03-27T13:01:00+02:00", "text": "98 %"}));
        },
        &["1 new entry", "1 entry edited"],
    );
}

#[test]
fn contested_values_and_other_properties_are_named() {
    let contested = json!([{"path": "title", "ours": "One", "theirs": null, "by": "Ada"}]);
    check(|after| after["contested"] = contested.clone(), &["contested: title (2 values)"]);
    let many = ["title", "title", "cft", "a", "b", "c"].iter().enumerate();
    let many: Vec<Value> = many.map(|(n, path)| json!({"path": path, "ours": "x", "theirs": n})).collect();
    check(
        |after| after["contested"] = json!(many),
        &["contested: title (3 values), cft (2 values), a (2 values), 2 more"],
    );
    check(
        |after| {
            after["title"] = json!("Two");
            after["summary"] = json!({"cause": "x"});
            after["commander"] = json!("Ada");
            after["mitigated_at"] = json!("2023-03-27T14:13:00+02:00");
        },
        &["commander Ada", "also changed: mitigated_at, summary, title"],
    );
    let mut before = incident();
    before["contested"] = contested;
    let words = of_incident(Some(&read_incident(&before)), &read_incident(&incident()));
    assert_eq!(words, ["1 contested value settled"]);
}

#[test]
fn a_long_value_is_not_told() {
    let contested = json!([{"path": "summary.cause", "ours": "x".repeat(200), "theirs": "b"}]);
    check(|after| after["contested"] = contested, &["contested: summary.cause (2 values)"]);
}

#[test]
fn a_new_incident_is_told_by_its_title() {
    let words = of_incident(None, &read_incident(&incident()));
    assert_eq!(words, ["new incident: Disk full", "SEV-3", "status investigating"]);
}

#[test]
fn a_pdca_is_told_by_what_came_of_its_countermeasures() {
    let before = json!({
        "schema": 1, "id": "2023-04-06-disk-full", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7R0", "title": "Disk full",
        "source": {"kind": "other"}, "created_at": "2023-04-06T15:01:00+02:00",
        "occurrence": [{"id": "o1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RA", "why": "Old builds", "root_cause": "RC1"}],
        "countermeasures": [{"id": "C1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RD", "root_causes": ["RC1"], "title": "Own it"}],
    });
    let read = |value: &Value| serde_json::from_value::<Pdca>(value.clone()).unwrap();
    assert_eq!(of_pdca(None, &read(&before))[0], "new PDCA: Disk full");
    assert!(of_pdca(Some(&read(&before)), &read(&before)).is_empty());
    let mut after = before.clone();
    after["countermeasures"][0]["done_on"] = json!("2023-04-07");
    after["countermeasures"][0]["check"] = json!({"on": "2023-04-08", "result": "ko"});
    after["countermeasures"].as_array_mut().unwrap().push(json!({
        "id": "C2", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RE", "root_causes": ["RC1"], "title": "Clean it"}));
    after["non_detection"] = json!([{"id": "n1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RF", "why": "No alert"}]);
    after["owner"] = json!("Ada");
    let words = of_pdca(Some(&read(&before)), &read(&after));
    let expected =
        ["1 new why", "C1 done, checked KO", "new countermeasure C2: Clean it", "also changed: owner"];
    assert_eq!(words, expected);
}
