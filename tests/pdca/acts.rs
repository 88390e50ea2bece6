//! `pdca acts`: what is proven and not applied, and what is applied and not proven.

use serde_json::{Value, json};

use crate::support::TestRepo;

/// Countermeasures of each sort: open, unsaid, applied, declined, not proven any more, of a PDCA that was given up.
fn several() -> TestRepo {
    let cure = |label: &str, title: &str, result: &str, keys: Value| {
        let mut whole = json!({"id": label, "root_causes": ["RC1"], "title": title,
            "check": {"how": "x", "on": "2023-03-01", "result": result}});
        whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        whole
    };
    let act = |label: &str, targets: Value| json!({"id": label, "title": "Everywhere", "targets": targets});
    let half =
        json!([{"name": "staging", "done_on": "2023-03-02"}, {"name": "production"}, {"name": "Search"}]);
    let mut late = act("A1", half.clone());
    (late["owner"], late["due"]) = (json!("Grace Hopper"), json!("2023-03-20"));
    TestRepo::with_pdcas(&[
        (
            "2023-01-10-a",
            json!({"owner": "Ada", "cft": "Platform", "countermeasures": [
                cure("C1", "Limit CRDs", "ok", json!({"acts": [late, act("A2", json!([]))], "owner": "Bob"})),
                cure("C2", "Alert sooner", "ok", json!({"team": {"tech_team": "SRE"}})),
            ]}),
        ),
        (
            "2023-02-10-b",
            json!({"countermeasures": [
                cure("C1", "Rotate logs", "ok", json!({"acts": [act("A1", json!([{"name": "search", "done_on": "2023-03-02"}]))]})),
                cure("C2", "Bigger disks", "ok", json!({"no_act": "Disks grow by themselves now"})),
                cure("C3", "More nodes", "ko", json!({"acts": [act("A2", half.clone()), act("A3", json!([{"name": "search"}]))],
                    "earlier_checks": [{"result": "ok", "on": "2023-02-12"}]})),
                cure("C4", "Search twice", "ok", json!({"acts": [act("A4", json!([{"name": "search"}]))]})),
            ]}),
        ),
        (
            "2023-03-10-c",
            json!({"abandoned": "Gone", "countermeasures": [cure("C1", "Old", "ok", json!({}))]}),
        ),
    ])
}

#[test]
fn what_is_proven_is_told_with_where_it_lacks() {
    several().ok("pdca acts", &[]).says(&["1 countermeasure of PDCAs that were given up not shown"]).prints(
        "2023-01-10-a C1 Limit CRDs, checked OK on 2023-03-01
  A1 Everywhere: 1 of 3, lacks production, Search; Grace Hopper; due 2023-03-20, 7 days late
  A2 Everywhere: open, names no target; Bob (of the countermeasure); no due day
2023-01-10-a C2 Alert sooner, checked OK on 2023-03-01
  applied nowhere, and nobody said why; Ada (of the PDCA)
      pdca act 2023-01-10-a C2 TITLE --target NAME
      pdca act 2023-01-10-a C2 --none REASON
2023-02-10-b C4 Search twice, checked OK on 2023-03-01
  A4 Everywhere: 0 of 1, lacks search; nobody; no due day

Applied, and not proven (any more)
2023-02-10-b C3 More nodes: checked KO on 2023-03-01
  A2 Everywhere: applied to staging
",
    );
    let all = several().ok("pdca acts --all", &[]);
    assert_eq!(all.stderr, "");
    for line in [
        "2023-02-10-b C1 Rotate logs, checked OK on 2023-03-01\n  A1 Everywhere: applied to all: search\n",
        "2023-02-10-b C2 Bigger disks, checked OK on 2023-03-01\n  to be applied nowhere else: Disks grow",
        "2023-03-10-c C1 Old, checked OK",
    ] {
        assert!(all.stdout.contains(line), "{line:?} is not in {}", all.stdout);
    }
}

#[test]
fn each_place_is_told_what_it_lacks() {
    let repo = several();
    repo.ok("pdca acts --by target", &[]).prints(
        "TARGET         LACKS     TITLE         OWNER                        DUE                      PDCA
production     A1 of C1  Everywhere    Grace Hopper                 2023-03-20, 7 days late  2023-01-10-a
Search         A1 of C1  Everywhere    Grace Hopper                 2023-03-20, 7 days late  2023-01-10-a
Search         A4 of C4  Everywhere    nobody                       no due day               2023-02-10-b
(not named)    A2 of C1  Everywhere    Bob (of the countermeasure)  no due day               2023-01-10-a
(nobody said)  C2        Alert sooner  Ada (of the PDCA)            no act                   2023-01-10-a

Applied, and not proven (any more)
2023-02-10-b C3 More nodes: checked KO on 2023-03-01
  A2 Everywhere: applied to staging
",
    );
    let view = repo.ok("pdca acts --by target --target SEAR --format json", &[]).json();
    assert_eq!(view["targets"].as_array().unwrap().len(), 1, "{view}");
    assert_eq!(view["not_proven"], json!([]));
    assert_eq!(
        view["targets"][0]["lacks"][1],
        json!({"pdca": "2023-02-10-b", "countermeasure": "C4", "title": "Search twice", "act": "A4",
            "act_title": "Everywhere", "owner": null, "owner_of": null, "due": null, "late_days": null})
    );
}

#[test]
fn the_acts_are_narrowed() {
    let repo = several();
    for (options, expected) in [
        ("", &["a C1 A1", "a C1 A2", "a C2", "b C4 A4", "b C3! A2"][..]),
        ("--target search", &["a C1 A1", "b C4 A4"]),
        ("--target search --all", &["a C1 A1", "b C1 A1", "b C4 A4"]),
        ("--target stag", &["b C3! A2"]),
        ("--target stag --all", &["a C1 A1", "b C3! A2"]),
        ("--owner grace", &["a C1 A1"]),
        ("--owner bob", &["a C1 A2"]),
        ("--owner ada", &["a C2"]),
        ("--team platform", &["a C1 A1", "a C1 A2"]),
        ("--team sre", &["a C2"]),
        ("--team platform --target search", &["a C1 A1"]),
        ("--target nowhere", &[]),
    ] {
        let view = repo.ok(&format!("pdca acts --format json {options}"), &[]).json();
        let mut found = vec![];
        for (list, mark) in [("proven", ""), ("not_proven", "!")] {
            for row in view[list].as_array().unwrap() {
                let word = |key: &str| row[key].as_str().unwrap().to_owned();
                let name = format!("{} {}{mark}", &word("pdca")[11..], word("countermeasure"));
                let acts = row["acts"].as_array().unwrap();
                found.extend(acts.iter().map(|act| format!("{name} {}", act["act"].as_str().unwrap())));
                found.extend(acts.is_empty().then_some(name));
            }
        }
        assert_eq!(found, expected, "{options}");
    }
    repo.ok("pdca acts --target nowhere", &[])
        .prints("")
        .says(&["nothing that is proven lacks a place", "what was never planned there is not known"]);
}

#[test]
fn the_view_of_the_acts_is_a_promise() {
    let view = several().ok("pdca acts --format json", &[]).json();
    let keys: Vec<&str> = view.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["today", "proven", "not_proven"]);
    assert_eq!(
        view["proven"][1],
        json!({"pdca": "2023-01-10-a", "countermeasure": "C2", "title": "Alert sooner", "team": "SRE",
            "checked_on": "2023-03-01", "state": "unsaid", "owner": "Ada", "owner_of": "pdca", "no_act": null, "acts": [],
            "next": ["pdca act 2023-01-10-a C2 TITLE --target NAME", "pdca act 2023-01-10-a C2 --none REASON"]})
    );
    assert_eq!(
        view["proven"][0]["acts"][0],
        json!({"act": "A1", "title": "Everywhere", "status": "partly", "done": 1, "all": 3,
            "open": ["production", "Search"], "applied": ["staging"], "owner": "Grace Hopper", "owner_of": "act",
            "due": "2023-03-20", "late_days": 7, "next": "pdca done 2023-01-10-a A1 --target production"})
    );
    assert_eq!(
        view["not_proven"][0],
        json!({"pdca": "2023-02-10-b", "countermeasure": "C3", "title": "More nodes", "why": "checked KO on 2023-03-01",
            "acts": [{"act": "A2", "title": "Everywhere", "applied": ["staging"], "owner": null, "owner_of": null}]})
    );
}

#[test]
fn what_is_told_next_can_be_typed() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca check C1 ok", &[]);
    let next = repo.ok("pdca acts --format json", &[]).json()["proven"][0]["next"][0].clone();
    let line = next.as_str().unwrap().replace("TITLE", "Everywhere").replace("NAME", "production");
    repo.ok(&line, &[]);
    let next = repo.ok("pdca acts --format json", &[]).json()["proven"][0]["acts"][0]["next"].clone();
    repo.ok(next.as_str().unwrap(), &[]);
    repo.ok("pdca acts", &[]).prints("").says(&["nothing that is proven lacks a place"]);
}

#[test]
fn the_talks_acts_name_no_target() {
    let repo = TestRepo::of_the_project();
    let shown = repo.ok("pdca acts --team reliability", &[]).stdout;
    assert_eq!(
        shown.matches("open, names no target; Mathieu Corbin (of the countermeasure); no due day").count(),
        2,
        "{shown}"
    );
}
