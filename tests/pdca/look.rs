//! `pdca show`, `list` and `report`.

use std::fs;

use super::P;
use crate::support::{ID, TestRepo};

#[test]
fn show_tells_where_it_stands_and_what_comes_next() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca act C1 Everywhere --target staging --target production", &[]);
    repo.ok("pdca done A1 --target staging", &[]);
    repo.ok("pdca show", &[]).prints(&format!(
        "Plan done  {P}
  every root cause has a countermeasure with an owner and a check; missing: C2 done

Problem: Pods are not scheduled

Occurrence: Why did the problem occur?
  o1 The API server was lagging
    o1.1 [RC2] 890 CRDs were installed

Non-detection: Why didn't we detect it sooner?
  n1 [RC1] The alert was broken

Countermeasures
  C1 [RC1] Fix the alert, Ada: Check OK
     check (2023-03-27): Try it
     A1 Everywhere: 1 of 2 targets done
  C2 [RC2] Allow only some CRDs, Ada: Planned
     check (2023-03-27): Try it

Next
  C2 done
      pdca done {P} C2
"
    ));
    let view = repo.ok("pdca show --format json", &[P]).json();
    let keys: Vec<&str> = view.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "uid",
            "title",
            "source",
            "owner",
            "participants",
            "created_at",
            "cft",
            "status",
            "status_label",
            "why",
            "open",
            "problem_statement",
            "context",
            "occurrence",
            "non_detection",
            "countermeasures",
            "escalation",
            "abandoned",
            "custom",
        ]
    );
    assert_eq!(view["status_label"], "Plan done");
    assert_eq!(
        view["open"][0],
        serde_json::json!({"what": "C2 done", "command": format!("pdca done {P} C2"), "blocks": true})
    );
    assert_eq!(view["countermeasures"][0]["status"], "check-ok");
    assert_eq!(repo.ok("pdca report --format json", &[P]).json(), view);
}

#[test]
fn what_comes_next_can_be_typed_as_it_stands() {
    let repo = TestRepo::with_pdca();
    for round in 0..40 {
        let open = repo.ok("pdca show --format json", &[P]).json()["open"].clone();
        let Some(next) = open.as_array().unwrap().iter().find(|open| open["blocks"] == true) else {
            break;
        };
        assert!(round < 39, "the loop does not end: {next}");
        let command = next["command"].as_str().unwrap();
        let command = command.replace("DAY", "2023-03-27").replace("--target NAME", "--target 'eu west'");
        let output = std::process::Command::new("sh")
            .args(["-c", &command])
            .current_dir(repo.top())
            .env_clear()
            .envs(repo.environment())
            .env("INC_NOW", "2023-03-27T15:00:00+02:00")
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
    }
    repo.stands("act-done");
}

#[test]
fn the_list_is_filtered_the_newest_first() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca new --from red-bin --title Labels --owner", &["Grace Hopper"]);
    repo.ok("pdca new --from other --title Lids", &[]);
    repo.ok("pdca abandon lids --reason x", &[]);
    let ids = |options: &str| -> Vec<String> {
        let rows = repo.ok(&format!("pdca list --format json {options}"), &[]).json();
        rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let (labels, lids) = ("2023-03-27-labels", "2023-03-27-lids");
    for (options, expected) in [
        ("", &[lids, labels, P][..]),
        ("--open", &[labels, P]),
        ("--status abandoned", &[lids]),
        ("--status plan-done --status abandoned", &[lids, P]),
        ("--status act-done", &[]),
        ("--owner hopper", &[labels]),
        ("--owner ADA --owner grace", &[labels, P]),
        ("--open --owner ada", &[P]),
    ] {
        assert_eq!(ids(options), expected, "{options}");
    }
    let row = repo.ok("pdca list --status plan-done --format json", &[]).json()[0].clone();
    assert_eq!(
        row,
        serde_json::json!({
            "id": P,
            "title": "Staging: Kubernetes cluster 3 is misbehaving",
            "status": "plan-done",
            "owner": "Ada",
            "created_at": "2023-03-27T13:00:00+02:00",
            "source": {"kind": "incident", "ref": ID},
            "open": 2,
        })
    );
    repo.ok("pdca list --open", &[]).prints(&format!(
        "STATUS            OPEN  CREATED           OWNER         ID
plan-in-progress  4     2023-03-27 13:06  Grace Hopper  {labels}
plan-done         2     2023-03-27 13:00  Ada           {P}
"
    ));
    repo.ok("pdca list --owner nobody", &[]).prints("").says(&["no PDCA matches"]);
    repo.ok("pdca list --owner nobody --format json", &[]).prints("[]\n");
    repo.fails(2, "pdca list --status done", &[]).says(&["unknown status `done`; did you mean `do-done`?"]);
    repo.fails(2, "pdca list --open --status act-done", &[]).says(&["cannot be used with"]);
}

#[test]
fn the_report_goes_to_stdout_or_into_a_file() {
    let repo = TestRepo::with_plan();
    let report = repo.ok("pdca report", &[]).stdout;
    for said in
        ["# PDCA: Staging: Kubernetes cluster 3", "**Plan done**", "\n## Context\n", "### Timeline", "RC2: 1"]
    {
        assert!(report.contains(said), "{said:?} is not in {report}");
    }
    let file = repo.beside("report.md");
    let name = file.display().to_string();
    repo.ok("pdca report --output", &[&name, P]).prints("").says(&[&format!("written to {name}")]);
    assert_eq!(fs::read_to_string(&file).unwrap(), report);
    repo.ok("pdca report --format json -o", &[&name]);
    let view: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(view["id"], P);
    repo.fails(3, "pdca report -o /nowhere/report.md", &[]).says(&["cannot write /nowhere/report.md"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}
