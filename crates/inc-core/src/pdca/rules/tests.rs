//! Each rule in rows: what makes it speak, what does not; the table itself; and the oddities that pass.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

const INCIDENT: &str = "2023-03-27-staging-is-slow";

/// A PDCA in which nothing is found, not even a note: half its acts are done.
fn sound() -> Value {
    json!({
        "schema": 1, "id": "2023-04-06-staging-is-slow", "uid": "01GXBAFWQ08JWG1PT837J58KFE",
        "title": "Staging is slow", "source": {"kind": "incident", "ref": INCIDENT}, "owner": "Ada Lovelace",
        "created_at": "2023-04-06T15:01:00+02:00",
        "problem_statement": "From 12:59 to 14:13 no new pod was scheduled: 60 of 60 nodes were full",
        "occurrence": [{"id": "o1", "why": "The API server timed out", "whys": [
            {"id": "o1.1", "why": "Nothing limits the CRDs of a cluster", "root_cause": "RC2"},
            {"id": "o1.2", "why": "The provider's disks were slow", "out_of_control": "Their own hardware"},
            {"id": "o1.3", "why": "A controller crashed", "unknown": "Its logs are gone"},
        ]}],
        "non_detection": [{"id": "n1", "why": "The metric never reaches 100 %", "root_cause": "RC1"}],
        "countermeasures": [
            {
                "id": "C1", "root_causes": ["RC1"], "title": "Fix the alert", "type": "detect", "owner": "Ada Lovelace",
                "timebox": "1d", "due": "2023-03-20",
                "check": {"how": "Fill the group", "on": "2023-03-28", "result": "ok", "evidence": "It fired"},
                "acts": [
                    {"id": "A1", "title": "On every group", "owner": "Bob", "due": "2023-04-01", "done_on": "2023-04-05"},
                    {"id": "A2", "title": "On every cluster", "owner": "Bob", "due": "2023-05-01"},
                ],
            },
            {
                "id": "C2", "root_causes": ["RC2"], "title": "Allow only some CRDs", "type": "prevent", "owner": "Bob",
                "check": {"how": "Create a CRD", "on": "2023-04-20"},
            },
        ],
    })
}

fn incident(keys: Value) -> Incident {
    let mut whole = json!({
        "schema": 1, "id": INCIDENT, "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R9", "title": "Staging is slow",
        "status": "resolved", "severity": "SEV-3", "timezone": "Europe/Paris", "commander": "Grace Hopper",
        "assessment": {"computed": "SEV-3", "provisional": false, "decided_by": "x"},
        "declared_at": "2023-03-27T12:59:00+02:00", "pdcas": ["2023-04-06-staging-is-slow"],
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// An earlier PDCA whose one cause is cured, with these keys instead of its own.
fn earlier(keys: Value) -> Pdca {
    let mut whole = json!({
        "schema": 1, "id": "2023-01-10-x", "uid": "01GXBAFWQ08JWG1PT837J58KF0", "title": "X", "source": {"kind": "other"},
        "created_at": "2023-01-10T15:01:00+01:00",
        "occurrence": [{"id": "o1", "why": "nothing limits the CRDs of a cluster.", "root_cause": "RC1"}],
        "countermeasures": [{"id": "C4", "root_causes": ["RC1"], "title": "Y",
            "check": {"on": "2022-12-24", "result": "ok"}}],
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// Puts a value where the pointer says; `null` takes it out.
fn put(record: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        other => panic!("{pointer}: {other}"),
    }
}

fn changed(changes: &[(&str, Value)]) -> Pdca {
    let mut record = sound();
    for (pointer, value) in changes {
        put(&mut record, pointer, value.clone());
    }
    serde_json::from_value(record).unwrap_or_else(|error| panic!("{error}: {changes:?}"))
}

fn now() -> Instant {
    Instant::parse("2023-04-07T12:59:00+02:00").unwrap()
}

fn lint_among(pdca: &Pdca, incidents: &[&Incident], pdcas: &[&Pdca]) -> Vec<Finding> {
    let others = Others::of(pdcas, incidents.to_vec(), BTreeSet::new());
    pdca.lint(&others, now())
}

fn lint(pdca: &Pdca) -> Vec<Finding> {
    lint_among(pdca, &[&incident(json!({}))], &[pdca])
}

/// `act-no-owner countermeasures[0].acts[0].owner A1`, of each finding.
fn words(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|one| format!("{} {} {}", one.code, one.path, one.label)).collect()
}

/// Exactly these are found, once the sound record is changed so.
#[track_caller]
fn check(changes: &[(&str, Value)], expected: &[&str]) {
    assert_eq!(words(&lint(&changed(changes))), expected, "{changes:?}");
}

#[test]
fn nothing_is_found_in_a_sound_record() {
    check(&[], &[]);
}

#[test]
fn labels() {
    let twin = json!({"id": "O1", "why": "x", "unknown": "The logs are gone"});
    check(&[("/occurrence/-", twin)], &["label-twice occurrence[1].id O1"]);
    let factors = json!([{"id": "F1", "factor": "x"}, {"id": "f1", "factor": "y"}]);
    check(&[("/contributing_factors", factors)], &["label-twice contributing_factors[1].id f1"]);
    let factors = json!([{"id": "F1", "factor": "x"}, {"id": "F2", "factor": "y"}]);
    check(&[("/contributing_factors", factors)], &[]);
}

#[test]
fn plan() {
    check(&[("/problem_statement", Value::Null)], &["problem-missing problem_statement problem"]);
    check(&[("/problem_statement", json!("TBD"))], &["problem-missing problem_statement problem"]);
    check(
        &[("/problem_statement", json!("It is slow"))],
        &["problem-unmeasurable problem_statement problem"],
    );
    let bare = ("/countermeasures", json!([]));
    check(
        &[("/non_detection", json!([])), ("/occurrence/0/whys/0/root_cause", Value::Null), bare.clone()],
        &["branch-missing non_detection non-detection", "leaf-open occurrence[0].whys[0].why o1.1"],
    );
    // An n/a branch with its reason is asked.
    let na = ("/non_detection_na", json!("It was seen at once"));
    let cures = ("/countermeasures/0/root_causes", json!(["RC2"]));
    check(&[("/non_detection", json!([])), na.clone(), cures], &[]);
    check(&[na], &["branch-contradiction non_detection_na non-detection"]);
}

#[test]
fn leaves() {
    let leaf = |key: &str, value: Value| (format!("/occurrence/0/whys/1/{key}"), value);
    let at = |changes: &[(String, Value)], expected: &[&str]| {
        let changes: Vec<(&str, Value)> =
            changes.iter().map(|(at, value)| (at.as_str(), value.clone())).collect();
        check(&changes, expected);
    };
    at(&[leaf("out_of_control", Value::Null)], &["leaf-open occurrence[0].whys[1].why o1.2"]);
    let pr = json!([{"id": "o1.2.1", "why": "PR to fix it"}]);
    at(
        &[leaf("out_of_control", Value::Null), leaf("whys", pr.clone())],
        &[
            "leaf-open occurrence[0].whys[1].why o1.2",
            "leaf-is-link occurrence[0].whys[1].whys[0].why o1.2.1",
        ],
    );
    check(&[("/non_detection/0/whys", pr)], &["leaf-is-link non_detection[0].whys[0].why o1.2.1"]);
    at(&[leaf("unknown", json!("No logs"))], &["leaf-contradiction occurrence[0].whys[1].unknown o1.2"]);
    at(
        &[leaf("whys", json!([{"id": "o1.2.1", "why": "Old", "unknown": "x"}]))],
        &["leaf-contradiction occurrence[0].whys[1].out_of_control o1.2"],
    );
    at(&[leaf("why", json!("The operator forgot it"))], &["why-blames occurrence[0].whys[1].why o1.2"]);
    at(
        &[leaf("why", json!("Grace Hopper drained the node"))],
        &["why-blames occurrence[0].whys[1].why o1.2"],
    );
    at(&[leaf("why", json!("Bob the builder image was old"))], &[]);
}

#[test]
fn causes() {
    check(
        &[("/occurrence/0/whys/1", json!({"id": "o1.2", "why": "Slow", "root_cause": "rc 2"}))],
        &["rc-duplicate occurrence[0].whys[1].root_cause o1.2"],
    );
    check(
        &[("/countermeasures/1/root_causes", json!(["RC2", "RC7"]))],
        &["rc-dangling countermeasures[1].root_causes[1] C2"],
    );
    check(
        &[("/non_detection/-", json!({"id": "n2", "why": "So", "root_cause": "RC9"}))],
        &["rc-unanswered non_detection[1].root_cause RC9"],
    );
    // Numbers out of order are no fault.
    check(
        &[
            ("/occurrence/0/whys/0/root_cause", json!("RC40")),
            ("/countermeasures/1/root_causes", json!(["40"])),
        ],
        &[],
    );
}

#[test]
fn a_cause_that_came_back() {
    let recurs = |keys: Value| {
        let (pdca, other) = (changed(&[]), earlier(keys));
        words(&lint_among(&pdca, &[&incident(json!({}))], &[&pdca, &other]))
    };
    let found = ["rc-recurred occurrence[0].whys[0].root_cause RC2"];
    assert_eq!(recurs(json!({})), found);
    // A number belongs to its PDCA: another cause under the same number is another cause.
    let other_words = json!([{"id": "o1", "why": "The disk was full", "root_cause": "RC2"}]);
    let cure = |day: &str, result: &str| json!([{"id": "C4", "root_causes": ["RC2", "RC1"], "title": "Y", "check": {"on": day, "result": result}}]);
    let none: [&str; 0] = [];
    assert_eq!(recurs(json!({"occurrence": other_words, "countermeasures": cure("2022-12-24", "ok")})), none);
    assert_eq!(recurs(json!({"countermeasures": cure("2022-10-06", "ok")})), found);
    assert_eq!(recurs(json!({"countermeasures": cure("2022-10-05", "ok")})), none, "more than six months");
    assert_eq!(recurs(json!({"countermeasures": cure("2023-04-07", "ok")})), none, "cured since");
    assert_eq!(recurs(json!({"countermeasures": cure("2022-12-24", "ko")})), none);
    assert_eq!(recurs(json!({"source": {"kind": "incident", "ref": INCIDENT}})), none, "a second try");
    assert_eq!(recurs(json!({"created_at": "2023-04-08T12:00:00+02:00"})), none, "the later one");
    // A label of words is the same tag everywhere.
    let tag = |words: &str| json!([{"id": "o1", "why": words, "root_cause": "no-limit"}]);
    let cures = json!([{"id": "C4", "root_causes": ["no-limit"], "title": "Y", "check": {"on": "2022-12-24", "result": "ok"}}]);
    let other = earlier(json!({"occurrence": tag("The quota was lifted"), "countermeasures": cures}));
    let pdca = changed(&[
        ("/occurrence/0/whys/0/root_cause", json!("No-Limit")),
        ("/countermeasures/1/root_causes", json!(["no-limit"])),
    ]);
    let found = lint_among(&pdca, &[&incident(json!({}))], &[&other]);
    assert_eq!(words(&found), ["rc-recurred occurrence[0].whys[0].root_cause No-Limit"]);
    assert_eq!(found[0].why, "the cure did not hold: C4 of 2023-01-10-x was checked OK on 2022-12-24");
}

#[test]
fn cures() {
    check(
        &[(
            "/countermeasures/-",
            json!({"id": "C3", "root_causes": [], "title": "Z", "type": "contain", "owner": "Bob",
            "check": {"how": "x", "on": "2023-05-01"}}),
        )],
        &["cure-no-cause countermeasures[2].root_causes C3"],
    );
    check(&[("/countermeasures/1/owner", Value::Null)], &["cure-no-owner countermeasures[1].owner C2"]);
    let weak = json!("Remind the team of the list");
    check(&[("/countermeasures/1/title", weak.clone())], &["cure-weak countermeasures[1].title C2"]);
    let strong = ("/countermeasures/0/root_causes", json!(["RC1", "RC2"]));
    check(&[("/countermeasures/1/title", weak), strong], &[]);
    let one = "cure-one-sided countermeasures occurrence";
    check(&[("/countermeasures/1/type", json!("detect"))], &[one]);
    check(&[("/countermeasures/1/type", json!("contain"))], &[one]);
    check(
        &[("/countermeasures/0/type", json!("prevent"))],
        &["cure-one-sided countermeasures non-detection"],
    );
    // One without a type may be the one that lacks.
    check(&[("/countermeasures/1/type", Value::Null)], &[]);
    check(&[("/countermeasures/1/timebox", json!("15d"))], &["cure-too-long countermeasures[1].timebox C2"]);
    check(&[("/countermeasures/1/timebox", json!("2w"))], &[]);
    check(&[("/countermeasures/1/timebox", json!("60d")), ("/escalation", json!({"to": "a3"}))], &[]);
}

#[test]
fn checks() {
    check(
        &[("/countermeasures/1/check", Value::Null)],
        &["check-missing countermeasures[1].check.how C2", "check-no-day countermeasures[1].check.on C2"],
    );
    check(&[("/countermeasures/1/check/on", Value::Null)], &["check-no-day countermeasures[1].check.on C2"]);
    check(
        &[("/countermeasures/1/check/evidence", json!("It was refused"))],
        &["check-no-result countermeasures[1].check.result C2"],
    );
    check(
        &[("/countermeasures/0/check/evidence", Value::Null)],
        &["check-no-evidence countermeasures[0].check.evidence C1"],
    );
    let ko = ("/countermeasures/1/check", json!({"how": "x", "on": "2023-04-01", "result": "ko"}));
    check(
        std::slice::from_ref(&ko),
        &["cure-one-sided countermeasures occurrence", "ko-unanswered countermeasures[1].check.result C2"],
    );
    let next = json!({"id": "C3", "root_causes": ["RC2"], "title": "Z", "type": "prevent", "owner": "Bob",
        "check": {"how": "x", "on": "2023-05-01"}});
    check(&[ko, ("/countermeasures/-", next)], &[]);
    check(&[("/countermeasures/0/acts", json!([]))], &["ok-no-act countermeasures[0].acts C1"]);
    check(
        &[("/countermeasures/0/acts", json!([])), ("/countermeasures/0/no_act", json!("Nowhere else"))],
        &[],
    );
}

#[test]
fn acts() {
    check(
        &[("/countermeasures/0/acts/1/owner", Value::Null), ("/countermeasures/0/acts/1/due", Value::Null)],
        &["act-no-owner countermeasures[0].acts[1].owner A2", "act-no-due countermeasures[0].acts[1].due A2"],
    );
    // Of what is done nothing more is asked.
    check(
        &[("/countermeasures/0/acts/0/owner", Value::Null), ("/countermeasures/0/acts/0/due", Value::Null)],
        &[],
    );
    let targets = json!([{"name": "staging", "done_on": "2023-04-01"}, {"name": "production"}]);
    check(
        &[("/countermeasures/0/acts/1/targets", targets.clone())],
        &["act-targets-open countermeasures[0].acts[1].targets A2"],
    );
    check(
        &[("/countermeasures/0/acts/0/targets", targets)],
        &[
            "act-not-everywhere countermeasures[0].acts[0].done_on A1",
            "due-passed countermeasures[0].acts[0].due A1",
        ],
    );
}

#[test]
fn days() {
    check(&[("/countermeasures/1/due", json!("2023-04-06"))], &["due-passed countermeasures[1].due C2"]);
    check(&[("/countermeasures/1/due", json!("2023-04-07"))], &[]);
    check(
        &[("/countermeasures/0/acts/1/due", json!("2023-04-01"))],
        &["due-passed countermeasures[0].acts[1].due A2"],
    );
    // What need not be applied is not late.
    let nowhere = ("/countermeasures/0/no_act", json!("Nowhere else"));
    check(&[("/countermeasures/0/acts/1/due", json!("2023-04-01")), nowhere], &[]);
    check(
        &[("/countermeasures/1/check/on", json!("2023-04-06"))],
        &["check-passed countermeasures[1].check.on C2"],
    );
    check(&[("/countermeasures/1/check/on", json!("2023-04-07"))], &[]);
    check(
        &[("/countermeasures/0/check/on", json!("2023-04-08"))],
        &["day-ahead countermeasures[0].check.on C1"],
    );
    check(
        &[("/countermeasures/1/done_on", json!("2023-04-08"))],
        &["day-ahead countermeasures[1].done_on C2"],
    );
    // A check may be older than the PDCA: it was made during the incident.
    check(&[("/countermeasures/0/check/on", json!("2022-01-01"))], &[]);
    let late = &lint(&changed(&[("/countermeasures/1/due", json!("2023-04-06"))]))[0];
    assert_eq!(late.why, "due 2023-04-06, yesterday, and not done");
    assert_eq!(late.help[0], "pdca done 2023-04-06-staging-is-slow C2");
}

#[test]
fn links() {
    let pdca = changed(&[]);
    let among = |pdca: &Pdca, incident: &Incident| words(&lint_among(pdca, &[incident], &[pdca]));
    let whole = incident(json!({}));
    let one_way = ["link-one-way source.ref source"];
    assert_eq!(among(&pdca, &incident(json!({"pdcas": []}))), one_way);
    assert_eq!(words(&lint_among(&pdca, &[], &[])), ["source-missing source.ref source"]);
    // One that is there and cannot be read is told elsewhere.
    let unread = Others::of(&[], vec![], [INCIDENT.parse().unwrap()].into());
    assert_eq!(pdca.lint(&unread, now()), []);
    let bare = changed(&[("/source", json!({"kind": "incident"}))]);
    assert_eq!(among(&bare, &whole), ["source-missing source.kind source"]);
    let other = changed(&[("/source", json!({"kind": "red-bin", "ref": "BIN-1"}))]);
    assert_eq!(among(&other, &whole), one_way);
    assert_eq!(among(&other, &incident(json!({"pdcas": []}))), [""; 0]);
    // One PDCA that learns from two incidents names one of them.
    let second = incident(json!({"id": "2023-03-28-again", "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R8"}));
    let found = words(&lint_among(&pdca, &[&whole, &second], &[]));
    assert_eq!(found, ["link-shared source.ref source"]);
}

#[test]
fn of_what_was_given_up_only_contradictions_are_told() {
    let given_up = ("/abandoned", json!("The cluster is gone"));
    check(
        &[given_up, ("/problem_statement", Value::Null), ("/countermeasures/1/root_causes", json!(["RC7"]))],
        &["rc-dangling countermeasures[1].root_causes[0] C2"],
    );
}

#[test]
fn what_a_merge_left_open_is_told() {
    let one = json!([{"path": "title", "ours": "Disk full", "theirs": null}]);
    check(&[("/contested", one)], &["contested contested[0] title"]);
}

#[test]
fn the_table_of_rules_is_whole() {
    let codes: Vec<&str> = rules().map(|rule| rule.code).collect();
    let once: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(once.len(), codes.len(), "{codes:?}");
    for rule in rules() {
        assert!(rule.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.code);
        for text in [rule.title, rule.teaches, rule.bad, rule.good] {
            assert!(!text.is_empty() && !text.contains("  -  "), "{}", rule.code);
        }
        assert!(!rule.title.ends_with('.') && rule.teaches.ends_with(['.', '?']), "{}", rule.code);
        assert_ne!(rule.bad, rule.good, "{}", rule.code);
    }
    // The rows above: each code stands in one of them.
    let rows = include_str!("tests.rs");
    for code in codes {
        assert!(rows.contains(&format!("\"{code} ")), "no row makes `{code}` speak");
    }
}
