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
     A1 Everywhere: Partly, 1 of 2 targets done
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
            "contributing_factors",
            "countermeasures",
            "escalation",
            "abandoned",
            "custom",
            "contested",
        ]
    );
    assert_eq!(view["status_label"], "Plan done");
    assert_eq!(
        view["open"][0],
        serde_json::json!({"what": "C2 done", "command": format!("pdca done {P} C2"), "blocks": true})
    );
    let countermeasure = &view["countermeasures"][0];
    assert_eq!(countermeasure["status"], "check-ok");
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(countermeasure),
        ["status", "id", "uid", "root_causes", "title", "owner", "check", "earlier_checks", "acts"]
    );
    let act = &countermeasure["acts"][0];
    assert_eq!(keys(act), ["status", "progress", "id", "uid", "title", "targets", "created_at"]);
    assert_eq!(act["status"], "partly");
    assert_eq!(act["progress"], serde_json::json!({"done": 1, "of": 2}));
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

/// The parts of a record that no verb of these tests writes.
fn with_more(repo: &TestRepo) {
    let earlier = "    earlier_checks:
      - {result: ok, \"on\": \"2023-03-19\"}
      - {result: ko, \"on\": \"2023-03-20\", evidence: The alert stayed silent, superseded: the title has changed}
";
    let factors = "contributing_factors:\n  - {id: F1, factor: Nobody was on call}\ncountermeasures:\n";
    let text = repo.pdca_text().replacen("countermeasures:\n", factors, 1);
    let at = text.find("  - id: C2\n").unwrap();
    let at = at + text[at..].find("    title: ").unwrap();
    repo.put_pdca(&format!("{}    type: prevent\n{earlier}{}", &text[..at], &text[at..]));
}

#[test]
fn what_made_it_worse_and_checks_of_before_are_shown() {
    let repo = TestRepo::with_plan();
    with_more(&repo);
    let shown = repo.ok("pdca show", &[]).stdout;
    for part in [
        "\nContributing factors\n  F1 Nobody was on call\n",
        "     earlier: Check KO on 2023-03-20 (The alert stayed silent), and 1 before\n",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let view = repo.ok("pdca show --format json", &[]).json();
    assert_eq!(view["contributing_factors"][0]["factor"], "Nobody was on call");
    let cures = &view["countermeasures"];
    assert_eq!(
        (&cures[1]["earlier_checks"][1]["result"], &cures[1]["type"]),
        (&"ko".into(), &"prevent".into())
    );
    assert_eq!(cures[0]["earlier_checks"], serde_json::json!([]));
    let report = repo.ok("pdca report", &[]).stdout;
    for part in [
        "\n### Contributing factors\n\n- Nobody was on call\n",
        "| Owner | Type | Check |",
        "\nEarlier, and no longer counting:\n\n- C2: Check OK on 2023-03-19\n\
         - C2: Check KO on 2023-03-20 (The alert stayed silent): the title has changed\n",
    ] {
        assert!(report.contains(part), "{report}");
    }
    let a3 = repo.ok("pdca report --template a3", &[]).stdout;
    for part in [
        "- **Contributing factor:** Nobody was on call\n",
        "| C2, earlier |  | | | 2023-03-20 | Check KO | The alert stayed silent |\n",
    ] {
        assert!(a3.contains(part), "{a3}");
    }
}

#[test]
fn the_report_is_laid_out_by_the_template_that_is_named() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca report --template pdca", &[]).prints(&repo.ok("pdca report", &[]).stdout);
    let a3 = repo.ok("pdca report --template a3", &[]).stdout;
    assert!(a3.starts_with("# A3: Staging: Kubernetes cluster 3") && !a3.contains("mermaid"), "{a3}");
    let folder = repo.top().join("templates");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("review.md.j2"), "{{ title }}: {{ findings | length }}\n").unwrap();
    fs::write(folder.join("page.html.j2"), "<p>{{ \"<\" }}{{ goal }}</p>").unwrap();
    repo.ok("pdca report --template review", &[]).prints("Staging: Kubernetes cluster 3 is misbehaving: 0\n");
    repo.ok("pdca report --template page.html", &[]).prints("<p>&lt;not asked yet</p>\n");
    let there_are = "there are: a3, page.html, pdca, review\n";
    repo.fails(2, "pdca report --template nothing", &[])
        .says(&[&format!("error: no template templates/nothing.md.j2; {there_are}")]);
    repo.fails(2, "pdca report --template reveiw", &[]).says(&[
        "no template templates/reveiw.md.j2; did you mean `review`? There are: a3, page.html, pdca, review\n",
    ]);
    repo.fails(2, "pdca report --template ../inc", &[]).says(&["no template templates/../inc.j2; "]);
    repo.fails(2, "pdca report --template incident", &[])
        .says(&[&format!("templates/incident.md.j2 lays out another sort of record; {there_are}")]);
    repo.fails(2, "inc-report --template a3", &[ID]).says(&["another sort of record; there are: incident"]);
    fs::write(folder.join("a3.md.j2"), "\n{{ titel }}").unwrap();
    repo.fails(4, "pdca report --template a3", &[]).says(&["templates/a3.md.j2:2: undefined value"]);
    fs::write(folder.join("a3.md.j2"), "ours\n").unwrap();
    repo.ok("pdca report --template a3", &[]).prints("ours\n");
}

#[test]
fn the_report_ends_with_what_lint_finds_on_that_day() {
    let repo = TestRepo::with_plan();
    let report = repo.ok("pdca report", &[]).stdout;
    assert!(!report.contains("Findings still open"), "{report}");
    repo.on("2023-04-02");
    let late = repo.ok("pdca report", &[]).stdout;
    let found = repo.fails(1, "pdca lint --format json", &[]).json();
    let section = late.split_once("\n## Findings still open\n\n").unwrap().1;
    assert_eq!(section.matches("- **").count(), found.as_array().unwrap().len(), "{section}");
    for finding in found.as_array().unwrap() {
        let code = finding["code"].as_str().unwrap();
        assert!(
            section.contains(&format!("- **warning** `{code}` {}: ", finding["label"].as_str().unwrap()))
        );
        assert!(section.contains(&format!("  - `{}`\n", finding["help"][0].as_str().unwrap())), "{section}");
    }
    // Somebody else's broken record is warned about, and holds nothing up.
    repo.ok("pdca new --from other --title Other", &[]);
    let other = repo.pdca_path("2023-04-02-other");
    fs::write(&other, fs::read_to_string(&other).unwrap().replace("title: ", "titel: ")).unwrap();
    let again = repo.ok("pdca report", &[P]).says(&["warning: pdcas/2023/2023-04-02-other.yaml"]);
    assert_eq!(again.stdout, late);
}
