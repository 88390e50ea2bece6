//! `inc-report` and `pdca report`, over the records at the root of this project.

use std::fs;

use comrak::nodes::NodeValue;

use crate::support::{ID, TestRepo};

/// The PDCA of the project's incident.
const PDCA: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

/// Markup of every kind, on one line.
const LINE: &str = "<script>alert(1)</script> **b** _e_ ~~s~~ `c` [x](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example> | &lt;b&gt; {{ 7 * 191 }} {% raw %}";

/// Markup of every kind, on lines of its own.
const PROSE: &str = "# heading\n\n- item\n1. one\n\n    code\n\n```sh\n<b>x</b>\n```\n| a | b |\n| - | - |\n> quote\n===\n---\n[x]: https://evil.example\n<!-- x\n<div onclick=x>";

#[test]
fn the_report_of_the_incident() {
    let repo = TestRepo::of_the_project();
    insta::assert_snapshot!(repo.ok("inc-report", &[ID]).stdout);
}

#[test]
fn the_report_of_the_pdca() {
    let repo = TestRepo::of_the_project();
    insta::assert_snapshot!(repo.ok("pdca report", &[PDCA]).stdout);
}

#[test]
fn the_report_of_the_pdca_on_one_page() {
    let repo = TestRepo::of_the_project();
    let a3 = repo.ok("pdca report --template a3", &[PDCA]).stdout;
    assert!(a3.lines().count() <= 70, "{} lines", a3.lines().count());
    insta::assert_snapshot!(a3);
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let (repo, other) = (TestRepo::of_the_project(), TestRepo::of_the_project());
    for (line, id) in [("inc-report", ID), ("inc-report --format json", ID), ("pdca report", PDCA)] {
        let first = repo.ok(line, &[id]).stdout;
        // A minute later, from another zone, in another clone.
        let again = repo.run_with(line, &[id], |command| {
            command.env("TZ", "Asia/Tokyo").env("INC_NOW", "2031-01-01T00:00:00Z").env("LC_ALL", "C.UTF-8");
        });
        assert_eq!(again.stdout, first, "{line}");
        assert_eq!(other.ok(line, &[id]).stdout, first, "{line}");
        assert_eq!(
            repo.ok(&line.replace("inc-report", "inc report").replace("pdca", "inc pdca"), &[id]).stdout,
            first
        );
    }
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_teams_own_part_replaces_that_part_alone() {
    let repo = TestRepo::of_the_project();
    let (incident, pdca) = (repo.ok("inc-report", &[ID]).stdout, repo.ok("pdca report", &[PDCA]).stdout);
    fs::create_dir(repo.top().join("templates")).unwrap();
    let own = repo.top().join("templates/_timeline.md.j2");
    fs::write(&own, "\n## Our story\n\n{{ timeline.days | length }} day(s)\n").unwrap();
    for (line, id, before) in [("inc-report", ID, incident), ("pdca report", PDCA, pdca)] {
        let after = repo.ok(line, &[id]).stdout;
        assert!(after.contains("\n## Our story\n\n1 day(s)\n"), "{after}");
        // Every other line is as it was, in its order; only the timeline's are gone.
        let mut rest =
            after.lines().filter(|line| !line.contains("Our story") && *line != "1 day(s)").peekable();
        let gone: Vec<&str> =
            before.lines().filter(|line| rest.next_if_eq(line).is_none() && !line.is_empty()).collect();
        assert_eq!(rest.next(), None);
        assert!(gone[0].ends_with("# Timeline") && gone.last().unwrap().contains("14:10"), "{gone:?}");
        assert_eq!(gone.len(), 3 + 6 + 3, "{gone:?}");
    }
    fs::write(&own, "{{ timeline.dayz }}").unwrap();
    repo.fails(4, "inc-report", &[ID])
        .says(&["templates/_timeline.md.j2:1: undefined value", "{{ timeline.dayz }}"]);
    repo.fails(2, "inc-report --template nothing", &[ID])
        .says(&["no template templates/nothing.md.j2; there are: incident"]);
}

#[test]
fn the_json_is_a_promise() {
    let repo = TestRepo::of_the_project();
    let view = repo.ok("inc-report --format json", &[ID]).json();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(&view),
        [
            "id",
            "uid",
            "title",
            "kind",
            "status",
            "severity",
            "environment",
            "timezone",
            "started_at",
            "detected_at",
            "declared_at",
            "mitigated_at",
            "resolved_at",
            "reporter",
            "commander",
            "roles",
            "responders",
            "detected_via",
            "impact",
            "root_cause",
            "team",
            "summary",
            "links",
            "alerts",
            "timeline",
            "pdcas",
            "custom",
            "contested",
            "measures",
            "missing",
        ]
    );
    assert_eq!(
        keys(&view["measures"]),
        ["time_to_detect", "time_to_acknowledge", "time_to_declare", "time_to_mitigate", "time_to_resolve"]
    );
    assert_eq!(
        view["measures"]["time_to_resolve"],
        serde_json::json!({"minutes": 74, "text": "1h 14min", "missing": []})
    );
    assert_eq!(view["measures"]["time_to_detect"]["missing"], serde_json::json!(["detected_at"]));
    assert_eq!(view["detected_at"], serde_json::Value::Null);
}

#[test]
fn output_goes_into_a_file() {
    let repo = TestRepo::of_the_project();
    let report = repo.ok("inc-report", &[ID]).stdout;
    let file = repo.beside("report.md");
    fs::write(&file, "something older and longer\n".repeat(1000)).unwrap();
    let name = file.display().to_string();
    repo.ok("inc-report --output", &[&name, ID]).prints("").says(&[&format!("written to {name}")]);
    assert_eq!(fs::read_to_string(&file).unwrap(), report);
    repo.ok("inc-report --format json -o", &[&name, ID]);
    assert!(fs::read_to_string(&file).unwrap().starts_with("{\n  \"id\": "));
    repo.fails(3, "inc-report -o /nowhere/x.md", &[ID]).prints("").says(&["cannot write /nowhere/x.md"]);
}

/// A repository in which every text that somebody can type is markup.
fn hostile() -> (TestRepo, String) {
    let repo = TestRepo::new();
    let given = [LINE, "--description", PROSE, "--commander", LINE, "--environment", LINE];
    let more = ["--alert", LINE, "--link", "<b>|x=https://good.example/**x**"];
    let declared = repo.ok("inc-declare", &[&given[..], &more].concat());
    let id = declared.stdout.trim_end().to_owned();
    let detail = ["--detail", PROSE, "--link", "](evil) [y=https://good.example/1"];
    repo.ok("inc-timeline add", &[&[id.as_str(), PROSE][..], &detail].concat());
    repo.ok("inc-role assign", &[&id, "scribe", LINE]);
    for path in [
        "reporter",
        "responders",
        "team.department",
        "team.cft",
        "team.stack",
        "team.tech_team",
        "impact.features",
        "impact.third_parties",
        "root_cause",
    ] {
        repo.ok("inc-edit --set", &[&format!("{path}={}", LINE.replace(',', "")), &id]);
    }
    for path in ["summary.cause", "summary.impact", "summary.mitigation"] {
        repo.ok("inc-edit --set", &[&format!("{path}={PROSE}"), &id]);
    }
    repo.ok("inc-severity override", &[&id, "--to", "SEV-2", "--reason", PROSE]);
    repo.ok("inc-status set", &[&id, "mitigated", "--force", "--reason", PROSE]);
    repo.ok("pdca new --owner", &[LINE, "--participant", LINE, "--cft", LINE, "--problem", PROSE]);
    repo.ok("pdca set --context", &[PROSE]);
    repo.ok("pdca why --occurrence --root-cause RC1", &[PROSE, "--link", "<b>=https://good.example/2"]);
    let team = ["--department", LINE, "--cft", LINE, "--stack", LINE, "--tech-team", LINE];
    let check = ["--root-cause", "RC1", "--owner", LINE, "--check", PROSE, LINE];
    repo.ok("pdca countermeasure", &[&team[..], &check].concat());
    repo.ok("pdca check C1 ok --evidence", &[PROSE, "--by", LINE]);
    repo.ok("pdca act C1 --owner", &[LINE, "--target", LINE, LINE]);
    repo.ok("pdca why --non-detection --root-cause RC2", &[PROSE]);
    repo.ok("pdca countermeasure --root-cause RC2", &[LINE]);
    repo.ok("pdca check C2 ok", &[]);
    repo.ok("pdca act C2 --none", &[PROSE]);
    let second = repo.ok("pdca new --title", &["Second"]).stdout;
    repo.ok("pdca abandon --reason", &[PROSE, second.trim_end()]);
    (repo, id)
}

#[test]
fn markup_that_somebody_typed_is_shown_and_does_nothing() {
    let (repo, id) = hostile();
    let mut reports = vec![repo.ok("inc-report", &[&id]).stdout];
    for row in repo.ok("pdca list --format json", &[]).json().as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        reports.push(repo.ok("pdca report", &[id]).stdout);
        reports.push(repo.ok("pdca report --template a3", &[id]).stdout);
    }
    assert_eq!(reports.len(), 5);
    let mut charts = 0;
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    for report in reports {
        assert!(report.contains("script>alert(1)") && report.contains("{{ 7"), "{report}");
        assert!(!report.contains("1337"), "{report}");
        let arena = comrak::Arena::new();
        for node in comrak::parse_document(&arena, &report, &options).descendants() {
            match &node.data.borrow().value {
                NodeValue::Link(link) => assert!(link.url.starts_with("https://good.example/"), "{link:?}"),
                NodeValue::Image(image) => panic!("an image: {image:?}"),
                NodeValue::HtmlBlock(html) => panic!("HTML: {html:?}"),
                NodeValue::HtmlInline(html) => panic!("HTML: {html:?}"),
                NodeValue::CodeBlock(code) => {
                    assert_eq!(code.info, "mermaid", "a block of code: {code:?}");
                    // The problem, two questions, two whys, two countermeasures, an act; their arrows; eight classes.
                    assert_eq!(code.literal.lines().count(), 1 + 8 + 7 + 8, "{code:?}");
                    assert!(!code.literal.contains("script>") && !code.literal.contains("%%"), "{code:?}");
                    charts += 1;
                }
                NodeValue::Strikethrough => panic!("something struck through:\n{report}"),
                NodeValue::Code(code) => assert!(!["c", "x"].contains(&code.literal.as_str()), "{code:?}"),
                NodeValue::Text(text) => assert!(!["b", "e"].contains(&text.as_ref()), "{text:?}"),
                _ => {}
            }
        }
    }
    assert_eq!(charts, 1);
    // Tables keep their columns, whatever stands in a cell.
    let report = repo.ok("inc-report", &[&id]).stdout;
    let rows =
        report.lines().skip_while(|line| !line.starts_with("| Property")).take_while(|line| !line.is_empty());
    for row in rows {
        let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert_eq!(bars, 3, "{row}");
    }
}

#[test]
fn a_report_never_takes_the_place_of_a_record() {
    let repo = TestRepo::of_the_project();
    let record = "incidents/2023/2023-03-27-staging-kubernetes-cluster-3-is-misbehaving.yaml";
    for place in [record, "inc.yaml", "pdcas/new.md", "incidents/2023/../2023/x.md"] {
        repo.fails(2, "inc-report kubernetes --output", &[place]).says(&["is not for reports"]);
    }
    repo.ok("inc-report kubernetes --output", &["report.md"]);
}
