//! `pdca recur`: causes that came back.

use serde_json::{Value, json};

use crate::support::TestRepo;

const LIMIT: &str = "Nothing limits the CRDs of a cluster";

fn cause(label: &str, why: &str, cures: Value) -> Value {
    json!({"occurrence": [{"id": "o1", "why": why, "root_cause": label}], "countermeasures": cures})
}

/// One that came back by its words after a check OK, and one by its tag that nothing had cured.
fn several() -> TestRepo {
    let cured = json!([{"id": "C1", "root_causes": ["RC1"], "title": "Allow only some CRDs",
        "check": {"on": "2023-01-20", "result": "ok", "evidence": "It was \"refused\""},
        "acts": [{"id": "A1", "title": "Everywhere", "targets": [{"name": "staging", "done_on": "2023-01-25"}, {"name": "production"}]}]}]);
    TestRepo::with_pdcas(&[
        ("2023-01-10-pods-hang", cause("RC1", LIMIT, cured)),
        ("2023-02-10-disk-full", cause("log-rotation", "Logs are never rotated", json!([]))),
        (
            "2023-03-01-given-up",
            json!({"abandoned": "x", "occurrence": [{"id": "o1", "why": "Y", "root_cause": "RC1"}]}),
        ),
        ("2023-03-20-again", cause("Log-Rotation", "The log of the proxy grows", json!([]))),
        ("2023-03-25-crds", cause("RC7", "nothing limits the CRDs of a cluster.", json!([]))),
    ])
}

#[test]
fn what_came_back_is_told_beside_what_had_cured_it() {
    several()
        .ok("pdca recur", &[])
        .says(&[
            "2 causes came back, 1 of them after a check OK\n",
            "1 by similar words alone, which is a guess: read both\n",
        ])
        .prints(
            "2023-03-25-crds RC7, begun 2023-03-25
  o1 nothing limits the CRDs of a cluster.
  before: 2023-01-10-pods-hang RC1, begun 2023-01-10; a guess by its words, 100 % in common
    o1 Nothing limits the CRDs of a cluster
    C1 Allow only some CRDs: checked OK on 2023-01-20, back after 64 days
      evidence: It was \"refused\"
      A1 Everywhere: lacks production

2023-03-20-again Log-Rotation, begun 2023-03-20
  o1 The log of the proxy grows
  before: 2023-02-10-disk-full log-rotation, begun 2023-02-10; the same tag, 0 % of the words in common
    o1 Logs are never rotated
    not cured then: nothing against it had been checked OK; back after 38 days
",
        );
}

#[test]
fn the_causes_are_narrowed_and_checked() {
    let repo = several();
    for (options, expected) in [
        ("", &["crds", "again"][..]),
        ("--since 2023-03-25", &["crds"]),
        ("--within 40d", &["again"]),
        ("--within 1y", &["crds", "again"]),
        ("--pdca pods-hang", &["crds"]),
        ("--pdca again", &["again"]),
        ("--pdca given-up", &[]),
        ("--since tomorrow", &[]),
    ] {
        let rows = repo.ok(&format!("pdca recur --format json {options}"), &[]).json();
        let ids: Vec<&str> =
            rows.as_array().unwrap().iter().map(|row| &row["pdca"].as_str().unwrap()[11..]).collect();
        assert_eq!(ids, expected, "{options}");
        let code = i32::from(!expected.is_empty());
        assert_eq!(repo.run(&format!("pdca recur --check {options}"), &[]).code, code, "{options}");
    }
    repo.fails(1, "pdca recur --check", &[]).says(&["error: 2 causes came back\n"]);
    repo.fails(2, "pdca recur --within 6m", &[]).says(&["such as 90d, 6mo or 1y"]);
    repo.fails(2, "pdca recur --pdca nothing-like-it", &[]).says(&["no PDCA `nothing-like-it`"]);
}

#[test]
fn the_view_of_what_came_back_is_a_promise() {
    let rows = several().ok("pdca recur --format json", &[]).json();
    let mut row = rows[0].clone();
    assert_eq!(
        row["earlier"][0].take(),
        json!({
            "pdca": "2023-01-10-pods-hang", "title": "X", "abandoned": false, "begun_on": "2023-01-10",
            "root_cause": "RC1", "why_id": "o1", "why": LIMIT, "alike": {"by": "words", "words": 1.0},
            "cures": [{
                "countermeasure": "C1", "title": "Allow only some CRDs", "checked_on": "2023-01-20",
                "evidence": "It was \"refused\"", "days": 64, "state": "open", "not_proven": null, "no_act": null,
                "open_acts": [{"act": "A1", "title": "Everywhere", "open": ["production"]}],
            }],
            "days": 64,
        })
    );
    assert_eq!(
        row,
        json!({
            "pdca": "2023-03-25-crds", "title": "X", "abandoned": false, "begun_on": "2023-03-25",
            "root_cause": "RC7", "why_id": "o1", "why": "nothing limits the CRDs of a cluster.", "was_cured": true,
            "count": 1, "earlier": [null],
        })
    );
    assert_eq!(rows[1]["earlier"][0]["alike"]["by"], "tag");
}

#[test]
fn lint_says_the_same_of_what_was_cured() {
    let repo = several();
    let rows = repo.fails(1, "pdca lint --format json", &[]).json();
    let found: Vec<&Value> =
        rows.as_array().unwrap().iter().filter(|row| row["code"] == "rc-recurred").collect();
    assert_eq!(found.len(), 1, "{rows}");
    assert_eq!(
        found[0]["why"],
        "the cure did not hold: C1 of 2023-01-10-pods-hang was checked OK on 2023-01-20"
    );
}

#[test]
fn text_from_outside_stays_in_its_line() {
    let repo = TestRepo::with_pdcas(&[
        ("2023-01-10-a", cause("no-limit", "One\nTwo", json!([]))),
        ("2023-03-10-b", cause("no-limit", "Three\n\nbefore: four", json!([]))),
    ]);
    let shown = repo.ok("pdca recur", &[]).stdout;
    assert_eq!(shown.lines().count(), 5, "{shown}");
}
