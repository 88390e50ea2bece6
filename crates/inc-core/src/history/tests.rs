//! Facts, lags and stories, in rows.

use serde_json::{Value, json};

use super::{Fact, Happened, Kind, Lag, Recorded, Side, Step, story};
use crate::id::Uid;
use crate::incident::Incident;
use crate::instant::{Instant, Zone};
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

fn pdca() -> Value {
    json!({
        "schema": 1, "id": "2023-04-06-disk-full", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7R0", "title": "Disk full",
        "source": {"kind": "other"}, "created_at": "2023-04-06T15:01:00+02:00",
        "occurrence": [{"id": "o1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RA", "why": "Old builds", "root_cause": "RC1"}],
        "countermeasures": [{"id": "C1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RD", "root_causes": ["RC1"], "title": "Own it",
            "acts": [{"id": "A1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RE", "title": "All of them", "targets": [{"name": "prod"}]}]}],
    })
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// `added 2023-03-27T13:01:00+02:00 note: 98 %`.
fn told(fact: &Fact) -> String {
    let happened = match fact.happened {
        None => "-".to_owned(),
        Some(Happened::At(at)) => at.to_string(),
        Some(Happened::On(day)) => day.to_string(),
    };
    format!("{} {happened} {}", fact.kind.name(), fact.what)
}

fn facts<R: Recorded + serde::de::DeserializeOwned>(before: Option<&Value>, after: &Value) -> Vec<String> {
    let read = |value: &Value| serde_json::from_value::<R>(value.clone()).unwrap();
    R::facts(before.map(read).as_ref(), &read(after)).iter().map(told).collect()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Value), expected: &[&str]) {
    let mut after = incident();
    change(&mut after);
    assert_eq!(facts::<Incident>(Some(&incident()), &after), expected);
}

#[track_caller]
fn check_pdca(change: impl FnOnce(&mut Value), expected: &[&str]) {
    let mut after = pdca();
    change(&mut after);
    assert_eq!(facts::<Pdca>(Some(&pdca()), &after), expected);
}

fn add(list: &mut Value, item: Value) {
    list.as_array_mut().unwrap().push(item);
}

#[test]
fn an_incident_begins_with_its_declaration() {
    let mut new = incident();
    new["started_at"] = json!("2023-03-27T12:39:00+02:00");
    new["detected_at"] = new["declared_at"].clone();
    assert_eq!(
        facts::<Incident>(None, &new),
        [
            "added 2023-03-27T12:59:00+02:00 new incident: Disk full (SEV-3 provisional, investigating)",
            "added 2023-03-27T13:01:00+02:00 note: 98 %",
            "added 2023-03-27T12:39:00+02:00 started_at: \"2023-03-27T12:39:00+02:00\"",
        ]
    );
}

#[test]
fn nothing_new_is_no_fact() {
    check(|_| {}, &[]);
    check_pdca(|_| {}, &[]);
}

#[test]
fn entries_come_change_and_go() {
    check(
        |after| {
            add(
                &mut after["timeline"],
                json!({"at": "2023-03-27T13:05:00+02:00", "kind": "action", "text": "Deleted"}),
            );
            after["timeline"][1]["text"] = json!("99 %");
        },
        &[
            "changed - entry \"99 %\": text: \"98 %\" to \"99 %\"",
            "added 2023-03-27T13:05:00+02:00 action: Deleted",
        ],
    );
    check(
        |after| after["timeline"][1]["at"] = json!("2023-03-27T13:00:00+02:00"),
        &["changed - entry \"98 %\": at: \"2023-03-27T13:01:00+02:00\" to \"2023-03-27T13:00:00+02:00\""],
    );
    check(
        |after| drop(after["timeline"].as_array_mut().unwrap().pop()),
        &["removed - taken out: note: 98 %"],
    );
    // One typed by hand gets its id later.
    let mut before = incident();
    before["timeline"][1].as_object_mut().unwrap().remove("id");
    assert_eq!(facts::<Incident>(Some(&before), &incident()), Vec::<String>::new());
}

#[test]
fn a_step_is_told_once_by_its_entry_or_else_by_itself() {
    let resolved = |after: &mut Value| {
        after["status"] = json!("resolved");
        after["resolved_at"] = json!("2023-03-27T14:13:00+02:00");
    };
    check(
        |after| {
            resolved(after);
            let change = json!({"of": "status", "from": "investigating", "to": "resolved"});
            add(
                &mut after["timeline"],
                json!({"at": "2023-03-27T14:13:00+02:00", "kind": "status", "text": "Status to resolved", "change": change}),
            );
        },
        &["added 2023-03-27T14:13:00+02:00 Status to resolved"],
    );
    check(
        resolved,
        &[
            "changed - status: \"investigating\" to \"resolved\"",
            "added 2023-03-27T14:13:00+02:00 resolved_at: \"2023-03-27T14:13:00+02:00\"",
        ],
    );
}

#[test]
fn properties_are_told_with_their_values() {
    check(
        |after| {
            after["title"] = json!("Disc full");
            after["responders"] = json!(["Ada", "Bob"]);
            after["impact"] = json!({"customers": 3, "money_at_risk": {"amount": 10, "currency": "EUR"}});
            // A team's own keys mean what the team likes.
            after["custom"] = json!({"timeline": [1], "uid": "x"});
        },
        &[
            "changed - title: \"Disk full\" to \"Disc full\"",
            "added - responders: \"Ada, Bob\"",
            "added - impact.customers: 3",
            "added - impact.money_at_risk.amount: 10",
            "added - impact.money_at_risk.currency: \"EUR\"",
            "added - custom.timeline: [1]",
            "added - custom.uid: \"x\"",
        ],
    );
    let mut before = incident();
    before["started_at"] = json!("2023-03-27T12:39:00+02:00");
    let gone = facts::<Incident>(Some(&before), &incident());
    assert_eq!(gone, ["removed - started_at taken out, was \"2023-03-27T12:39:00+02:00\""]);
    let mut after = before.clone();
    after["started_at"] = json!("unknown");
    let words = ["changed - started_at: \"2023-03-27T12:39:00+02:00\" to \"unknown\""];
    assert_eq!(facts::<Incident>(Some(&before), &after), words);
}

#[test]
fn what_follows_from_the_rest_is_told_where_nothing_else_is() {
    check(
        |after| after["assessment"]["provisional"] = json!(false),
        &["changed - assessment.provisional: true to false"],
    );
    let contested = json!([{"path": "title", "ours": "One", "theirs": null}]);
    check(
        |after| after["contested"] = contested,
        &["changed - contested: title: \"One\" stands, nothing does not"],
    );
}

#[test]
fn a_pdca_is_told_by_its_parts() {
    assert_eq!(
        facts::<Pdca>(None, &pdca()),
        [
            "added 2023-04-06T15:01:00+02:00 new PDCA: Disk full (Plan in progress)",
            "added - why o1 [RC1]: Old builds",
            "added - countermeasure C1: Own it",
            "added - act A1 of C1: All of them",
            "added - target of A1: prod",
        ]
    );
    check_pdca(
        |after| {
            after["countermeasures"][0]["done_on"] = json!("2023-04-07");
            after["countermeasures"][0]["check"] =
                json!({"how": "Fill it", "on": "2023-04-08", "result": "ok"});
            after["countermeasures"][0]["acts"][0]["targets"][0]["done_on"] = json!("2023-04-09");
            after["occurrence"][0]["why"] = json!("Old logs");
            let under =
                json!([{"id": "o1.1", "uid": "01GXB7Q3M8Z0V8T3J4K5N6P7RF", "why": "Nobody owns them"}]);
            after["occurrence"][0]["whys"] = under;
        },
        &[
            "changed - why o1 why: \"Old builds\" to \"Old logs\"",
            "added - why o1.1: Nobody owns them",
            "added 2023-04-07 C1 done",
            "added - C1 check.how: \"Fill it\"",
            "added - C1 check.on: \"2023-04-08\"",
            "added 2023-04-08 C1 checked OK",
            "added 2023-04-09 A1 at prod done",
        ],
    );
    check_pdca(
        |after| after["abandoned"] = json!("Out of scope"),
        &["added - abandoned: \"Out of scope\"", "changed - Plan in progress to Abandoned"],
    );
    check_pdca(
        |after| after["countermeasures"] = json!([]),
        &["removed - taken out: countermeasure C1: Own it"],
    );
}

#[test]
fn the_lag_is_from_the_happening_to_the_writing() {
    let day = |text: &str| Some(Happened::On(text.parse().unwrap()));
    let moment = |text: &str| Some(Happened::At(at(text)));
    let written = at("2023-03-28T00:10:59+02:00");
    for (kind, happened, expected) in [
        (Kind::Added, moment("2023-03-28T00:10:00+02:00"), Some("0min")),
        (Kind::Added, moment("2023-03-27T22:00:00+00:00"), Some("10min")),
        (Kind::Added, moment("2023-03-27T12:00:00+02:00"), Some("12h 10min")),
        (Kind::Added, moment("2023-03-20T12:00:00+02:00"), Some("7d 12h")),
        (Kind::Added, moment("2023-03-28T00:20:59+02:00"), Some("-10min")),
        (Kind::Added, day("2023-03-28"), Some("0d")),
        (Kind::Added, day("2023-03-20"), Some("8d")),
        (Kind::Added, day("2023-03-29"), Some("-1d")),
        (Kind::Added, None, None),
        (Kind::Changed, moment("2023-03-27T12:00:00+02:00"), None),
    ] {
        let fact = Fact::new(kind, "x", "x").happened(happened);
        let lag = Lag::of(&fact, written, &Zone::named("Europe/Paris").unwrap());
        assert_eq!(lag.map(|lag| lag.to_string()).as_deref(), expected, "{happened:?}");
    }
}

fn read(value: &Value) -> Result<Incident, String> {
    Ok(serde_json::from_value(value.clone()).unwrap())
}

fn titled(title: &str) -> Result<Incident, String> {
    let mut value = incident();
    value["title"] = json!(title);
    read(&value)
}

fn step(sides: &[(Option<usize>, Option<usize>)]) -> Step {
    let sides = sides.iter().map(|(before, after)| Side { before: *before, after: *after });
    Step { sides: sides.collect(), ..Step::default() }
}

#[track_caller]
fn check_story(steps: &[Step], versions: &[Result<Incident, String>], expected: &[&[&str]]) {
    let uid: Uid = "01GWH7Q3M8Z0V8T3J4K5N6P7R0".parse().unwrap();
    let told: Vec<Vec<String>> =
        story(steps, versions, uid).iter().map(|facts| facts.iter().map(told).collect()).collect();
    assert_eq!(told, expected);
}

#[test]
fn what_cannot_be_read_is_named_and_stepped_over() {
    let versions = [titled("One"), Err("line 3: x".to_owned()), titled("Two")];
    let first = step(&[(None, Some(0))]);
    let begun: &[&str] = &[
        "added 2023-03-27T12:59:00+02:00 new incident: One (SEV-3 provisional, investigating)",
        "added 2023-03-27T13:01:00+02:00 note: 98 %",
    ];
    check_story(
        &[first.clone(), step(&[(Some(0), Some(1))]), step(&[(Some(1), Some(2))])],
        &versions,
        &[begun, &["unreadable - cannot be read: line 3: x"], &["changed - title: \"One\" to \"Two\""]],
    );
    // Mended to what it was before.
    check_story(
        &[first, step(&[(Some(0), Some(1))]), step(&[(Some(1), Some(0))])],
        &versions,
        &[begun, &["unreadable - cannot be read: line 3: x"], &["layout - comments or layout only"]],
    );
}

#[test]
fn a_merge_tells_what_no_side_had() {
    let versions = [titled("One"), titled("Two"), titled("Three")];
    let merge =
        |before: [usize; 2], after| step(&[(Some(before[0]), Some(after)), (Some(before[1]), Some(after))]);
    check_story(&[merge([0, 1], 1)], &versions, &[&["merged - two histories merged"]]);
    check_story(&[merge([0, 1], 2)], &versions, &[&["changed - title: \"One\" to \"Three\""]]);
}

#[test]
fn a_file_goes_comes_back_and_moves() {
    let versions = [titled("One"), titled("Two")];
    let mut moved = step(&[(Some(0), Some(1))]);
    moved.moved = Some(("a.yaml".to_owned(), "b.yaml".to_owned()));
    check_story(
        &[moved, step(&[(Some(1), None)]), step(&[(None, Some(0))])],
        &versions,
        &[
            &["moved - file a.yaml moved to b.yaml", "changed - title: \"One\" to \"Two\""],
            &["removed - file deleted"],
            &["added - file is back", "changed - title: \"Two\" to \"One\""],
        ],
    );
    let mut begins = step(&[(None, Some(0))]);
    begins.begins = true;
    let words = "begins - older than this shallow clone, or new: One (SEV-3 provisional, investigating)";
    check_story(&[begins], &versions, &[&[words]]);
}

#[test]
fn another_record_of_the_same_file_is_none_of_its_facts() {
    let mut other = incident();
    other["uid"] = json!("01GWH7Q3M8Z0V8T3J4K5N6P7R9");
    let versions = [read(&other), titled("One")];
    check_story(
        &[step(&[(None, Some(0))]), step(&[(Some(0), Some(1))]), step(&[(Some(1), Some(0))])],
        &versions,
        &[
            &[],
            &[
                "added 2023-03-27T12:59:00+02:00 new incident: One (SEV-3 provisional, investigating)",
                "added 2023-03-27T13:01:00+02:00 note: 98 %",
            ],
            &["removed - its file holds another record"],
        ],
    );
}
