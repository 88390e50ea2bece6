//! `pdca board`: all PDCAs at a glance.

use std::fs;

use serde_json::{Value, json};

use super::P;
use crate::support::TestRepo;

/// One PDCA of each sort: two teams, no team, through, given up.
fn several() -> TestRepo {
    let why = |label: &str| json!([{"id": "o1", "why": "A", "root_cause": label}]);
    let plan = |cft: Value, cures: Value| {
        let mut whole = json!({"problem_statement": "3 of 4", "occurrence": why("RC1"), "non_detection_na": "Seen at once",
            "owner": "Ada Lovelace", "countermeasures": cures});
        if !cft.is_null() {
            whole["cft"] = cft;
        }
        whole
    };
    let cure = |label: &str, keys: Value| {
        let mut whole = json!({"id": label, "root_causes": ["RC1"], "title": "X", "owner": "Bob", "due": "2023-03-20",
            "check": {"how": "x", "on": "2023-03-26"}});
        whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        whole
    };
    let ok = json!({"how": "x", "on": "2023-03-01", "result": "ok"});
    TestRepo::with_pdcas(&[
        ("2023-01-10-old", plan(json!("Platform"), json!([cure("C1", json!({}))]))),
        (
            "2023-02-10-two-teams",
            plan(
                Value::Null,
                json!([
                    cure(
                        "C1",
                        json!({"done_on": "2023-03-25", "check": {"how": "x", "on": "2023-04-01"}, "team": {"tech_team": "SRE"}})
                    ),
                    cure(
                        "C2",
                        json!({"done_on": "2023-03-25", "check": {"how": "x", "on": "2023-04-01"}, "team": {"cft": "platform"}})
                    ),
                ]),
            ),
        ),
        (
            "2023-03-10-through",
            plan(json!("SRE"), json!([cure("C1", json!({"check": ok, "no_act": "Nowhere"}))])),
        ),
        ("2023-03-20-given-up", json!({"abandoned": "The cluster is gone"})),
        ("2023-03-26-fresh", json!({"owner": "Grace Hopper"})),
    ])
}

#[test]
fn the_board_counts_all_and_lists_what_is_not_through() {
    let repo = several();
    repo.ok("pdca board", &[]).says(&["1 through and 1 given up only counted; --all lists them\n"]).prints(
        "TEAM      PLAN IN PROGRESS  PLAN DONE  DO DONE  CHECK DONE  ACT DONE  ABANDONED  TOTAL
Platform  -                 1          1        -           -         -          2
SRE       -                 -          1        -           1         -          2
no team   1                 -          -        -           -         1          2
all       1                 1          1        -           1         1          5

Plan in progress: 1 PDCA
AGE  OPEN  OWNER         TEAM     LATE  ID                NEXT
1d   4     Grace Hopper  no team  -     2023-03-26-fresh  a problem statement

Plan done: 1 PDCA
AGE  OPEN  OWNER         TEAM      LATE             ID              NEXT
76d  1     Ada Lovelace  Platform  C1, check of C1  2023-01-10-old  C1 done

Do done: 1 PDCA
AGE  OPEN  OWNER         TEAM           LATE  ID                    NEXT
45d  2     Ada Lovelace  SRE, platform  -     2023-02-10-two-teams  the check of C1
",
    );
    let by_team = repo.ok("pdca board --by team --all", &[]);
    assert_eq!(by_team.stderr, "");
    let headings: Vec<&str> = by_team.stdout.lines().filter(|line| line.contains(": ")).collect();
    assert_eq!(headings, ["Platform: 2 PDCAs", "SRE: 2 PDCAs", "no team: 2 PDCAs"]);
    assert_eq!(by_team.stdout.matches("2023-02-10-two-teams").count(), 2);
}

#[test]
fn the_board_is_filtered_and_the_counts_with_it() {
    let repo = several();
    for (options, listed, total) in [
        ("", &["fresh", "old", "two-teams"][..], 5),
        ("--all", &["fresh", "old", "two-teams", "through", "given-up"], 5),
        ("--team PLATF", &["old", "two-teams"], 2),
        ("--owner grace", &["fresh"], 1),
        ("--owner lovelace --team sre --all", &["two-teams", "through"], 2),
        ("--team nobody", &[], 0),
    ] {
        let view = repo.ok(&format!("pdca board --format json {options}"), &[]).json();
        let ids: Vec<&str> =
            view["pdcas"].as_array().unwrap().iter().map(|row| &row["id"].as_str().unwrap()[11..]).collect();
        assert_eq!(ids, listed, "{options}");
        assert_eq!(view["total"]["total"], total, "{options}");
    }
    let without = repo.ok("pdca board --format json --all --team", &["no team"]).json();
    assert_eq!(without["teams"][0]["team"], Value::Null);
    assert_eq!((&without["total"]["total"], without["teams"].as_array().unwrap().len()), (&json!(2), 1));
    repo.ok("pdca board --team nobody", &[]).prints("").says(&["no PDCA matches"]);
    repo.fails(2, "pdca board --by owner", &[]);
}

#[test]
fn the_view_of_the_board_is_a_promise() {
    let view = several().ok("pdca board --format json --owner ada", &[]).json();
    let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&view), ["today", "teams", "total", "pdcas"]);
    assert_eq!(view["today"], "2023-03-27");
    let counts = ["plan-in-progress", "plan-done", "do-done", "check-done", "act-done", "abandoned", "total"];
    assert_eq!(keys(&view["total"]), counts);
    assert_eq!(keys(&view["teams"][0]), [&["team"][..], &counts].concat());
    assert_eq!(
        view["pdcas"][0],
        json!({
            "id": "2023-01-10-old", "title": "X", "status": "plan-done", "owner": "Ada Lovelace", "teams": ["Platform"],
            "created_at": "2023-01-10T12:00:00+02:00", "age_days": 76, "open": 1,
            "next": {"what": "C1 done", "command": "pdca done 2023-01-10-old C1", "blocks": true},
            "late": [{"label": "C1", "step": "do", "due": "2023-03-20"}, {"label": "C1", "step": "check", "due": "2023-03-26"}],
        })
    );
}

#[test]
fn the_looks_name_a_record_that_cannot_be_read_and_go_on() {
    let repo = TestRepo::with_plan();
    fs::write(repo.pdca_path("2023-03-26-bad"), "schema: 1\nid: [").unwrap();
    for verb in ["board", "acts", "recur", "recur --check"] {
        repo.fails(4, &format!("pdca {verb}"), &[])
            .says(&["2023-03-26-bad.yaml", "1 record could not be read; the answer leaves it out"]);
    }
    assert!(repo.fails(4, "pdca board", &[]).stdout.contains(P));
    let none = TestRepo::new();
    none.ok("pdca board", &[]).prints("").says(&["no PDCA matches"]);
    none.ok("pdca acts", &[]).prints("").says(&["nothing that is proven lacks a place"]);
    none.ok("pdca recur --check", &[]).prints("").says(&["no cause came back"]);
}
