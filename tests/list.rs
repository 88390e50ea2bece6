//! `inc-list`, and how every program finds the incident that is meant.

use crate::support::{ID, TITLE, TestRepo};

/// Three incidents: one resolved, one drill, one of yesterday.
fn three() -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.ok("inc-role assign", &[ID, "commander", "Ada Lovelace"]);
    repo.ok("inc-status set --force --reason x", &[ID, "resolved"]);
    repo.ok(
        "inc-declare --environment production",
        &["Checkout answers 500", "--description", "Crossplane again"],
    );
    repo.ok(
        "inc-declare --kind drill --customers-percent 0 --single-customer-impact S --money-at-risk 0 --transactions 0",
        &["Fire drill"],
    );
    repo
}

#[test]
fn the_newest_is_first() {
    three().ok("inc-list", &[]).prints(&format!(
        "SEVERITY  STATUS         DECLARED          COMMANDER     ID
SEV-4     investigating  2023-03-27 13:03  -             [drill] 2023-03-27-fire-drill
SEV-1?    investigating  2023-03-27 13:02  -             2023-03-27-checkout-answers-500
SEV-1?    resolved       2023-03-27 12:59  Ada Lovelace  {ID}
"
    ));
}

#[test]
fn filters_narrow_and_their_values_widen() {
    let repo = three();
    for (line, words, expected) in [
        ("inc-list --open", &[][..], &["2023-03-27-fire-drill", "2023-03-27-checkout-answers-500"][..]),
        ("inc-list --status resolved --status closed", &[], &[ID]),
        ("inc-list --severity 1", &[], &["2023-03-27-checkout-answers-500", ID]),
        ("inc-list --severity sev-4 --severity SEV-3", &[], &["2023-03-27-fire-drill"]),
        ("inc-list --kind drill", &[], &["2023-03-27-fire-drill"]),
        ("inc-list --environment Production", &[], &["2023-03-27-checkout-answers-500"]),
        ("inc-list --commander lovelace", &[], &[ID]),
        ("inc-list --text crossplane", &[], &["2023-03-27-checkout-answers-500"]),
        ("inc-list --text", &[TITLE], &[ID]),
        ("inc-list --since monday --until today --kind drill", &[], &["2023-03-27-fire-drill"]),
        ("inc-list --until yesterday", &[], &[]),
        ("inc-list --since", &["2023-03-27 13:03"], &["2023-03-27-fire-drill"]),
        ("inc-list --severity ..SEV-2 --severity 3", &[], &["2023-03-27-checkout-answers-500", ID]),
        (
            "inc-list -F crossplane -e",
            &["^fire .rill$"],
            &["2023-03-27-fire-drill", "2023-03-27-checkout-answers-500"],
        ),
        ("inc-list -e", &["(?-i)CROSSPLANE"], &[]),
        ("inc-list --sort title --limit 1", &[], &["2023-03-27-checkout-answers-500"]),
        (
            "inc-list --sort -severity,id",
            &[],
            &["2023-03-27-fire-drill", "2023-03-27-checkout-answers-500", ID],
        ),
        ("inc-list --reverse --limit 1", &[], &[ID]),
        ("inc-list --since 2023-03-28", &[], &[]),
    ] {
        let rows = repo.ok(&line.replace("inc-list", "inc-list --format json"), words).json();
        let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{line} {words:?}");
    }
    repo.ok("inc-list --status closed", &[])
        .prints("")
        .says(&["no incident matches: 3 incidents, none with status closed"]);
    repo.ok("inc-list --open --severity SEV-4 --kind near-miss", &[]).prints("").says(&[
        "3 incidents, 2 of them open, 1 of them with severity SEV-4, none of these of kind near-miss",
    ]);
    repo.ok("inc-list --format json --status closed", &[]).prints("[]\n");
    for line in ["inc-list -1 --status closed", "inc-list --format ndjson --status closed"] {
        repo.ok(line, &[]).prints("");
    }
}

#[test]
fn the_teams_own_properties_can_be_asked_for() {
    let repo = three();
    repo.ok(
        "inc-edit --set team.stack=Crossplane --set detected_via=customer-report --set custom.ticket=OPS-12",
        &[ID],
    );
    repo.ok("inc-edit --set", &["root_cause=Software, Migration", ID]);
    for line in [
        "--team stack=crossplane",
        "--team team.stack=x --team stack=crossplane",
        "--detected-via Customer-Report",
        "--custom ticket=ops-12",
        "--custom custom.ticket=OPS-12",
        "--root-cause software",
        "--root-cause Software/Migration",
    ] {
        repo.ok(&format!("inc-list --ids {line}"), &[]).prints(&format!("{ID}\n"));
    }
    repo.ok("inc-list --count --root-cause Software/Other", &[]).prints("0\n");
}

#[test]
fn each_format_says_the_same() {
    let repo = three();
    repo.mangle(ID, "title: \"Staging", "title: \"# a \\\"b\\\", 数据 Staging");
    let title = "# a \"b\", 数据 Staging: Kubernetes cluster 3 is misbehaving";
    repo.ok("inc-list --format csv --status resolved --columns title,severity,time_to_resolve,environment,started_at", &[])
        .prints(&format!(
            "title,severity,time_to_resolve,environment,started_at\n\"{}\",SEV-1,2,,2023-03-27T12:59:00+02:00\n",
            title.replace('"', "\"\"")
        ));
    let rows = repo
        .ok("inc-list --format json --status resolved --columns title,time_to_resolve,environment", &[])
        .json();
    assert_eq!(rows, serde_json::json!([{ "title": title, "time_to_resolve": 2, "environment": null }]));
    repo.ok("inc-list --format ndjson --columns id,open", &[]).prints(&format!(
        "{{\"id\":\"2023-03-27-fire-drill\",\"open\":true}}\n\
         {{\"id\":\"2023-03-27-checkout-answers-500\",\"open\":true}}\n{{\"id\":\"{ID}\",\"open\":false}}\n"
    ));
    let whole = repo.ok("inc-list --format json", &[]).json();
    let lines = repo.ok("inc-list --format ndjson", &[]).stdout;
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(whole, serde_json::Value::from(lines));
    repo.ok("inc-list --columns title,id --status resolved", &[])
        .prints(&format!("TITLE{}  ID\n{title}  {ID}\n", " ".repeat(title.chars().count() + 2 - 5)));
    repo.ok("inc-list --count --open", &[]).prints("2\n");
    repo.ok("inc-list -1 --sort id", &[])
        .prints(&format!("2023-03-27-checkout-answers-500\n2023-03-27-fire-drill\n{ID}\n"));
    repo.ok(
        "inc-list --status resolved --format-template",
        &["{{ severity }}\t{{ commander }}|{{ environment }}|"],
    )
    .prints("SEV-1\tAda Lovelace||\n");
}

/// Every way to print a list says the same of records from the large table, from the small one and as they are read.
#[test]
fn every_format_is_the_same_with_an_index_and_without() {
    let repo = three();
    repo.mangle(ID, "title: \"Staging", "title: \"# a \\\"b\\\", 数据 Staging");
    let index = repo.top().join(".git/inc/index");
    let ways = [
        ("inc-list", &[][..]),
        ("inc-list -1", &[]),
        ("inc-list --count", &[]),
        ("inc-list --format json", &[]),
        ("inc-list --format json --columns title,severity,time_to_resolve", &[]),
        ("inc-list --format json --status closed", &[]),
        ("inc-list --format ndjson", &[]),
        ("inc-list --format ndjson --columns id,open,responders", &[]),
        ("inc-list --format csv", &[]),
        ("inc-list --format csv --columns title", &[]),
        ("inc-list --columns title,kind,id --sort -title,severity --reverse", &[]),
        ("inc-list --sort severity --limit 2", &[]),
        ("inc-list --open --format-template", &["{{ id }}\t{{ declared_at }}"]),
        ("inc-list -1 --where", &["open and 'fire' in id"]),
    ];
    let told = |(line, words): &(&str, &[&str])| {
        let told = repo.ok(line, words);
        (told.stdout, told.stderr)
    };
    let without: Vec<_> = (ways.iter())
        .map(|way| {
            let _ = std::fs::remove_dir_all(&index);
            told(way)
        })
        .collect();
    assert!(without.iter().any(|(stdout, _)| stdout.contains("数据")));
    std::thread::sleep(std::time::Duration::from_millis(40));
    repo.ok("inc index --rebuild", &[]);
    assert_eq!(ways.iter().map(told).collect::<Vec<_>>(), without, "all from the index");
    // The same text anew: among what changed lately.
    std::fs::write(repo.path(ID), repo.record_text(ID)).unwrap();
    assert_eq!(ways.iter().map(told).collect::<Vec<_>>(), without, "one was written again");
    std::thread::sleep(std::time::Duration::from_millis(40));
    assert_eq!(ways.iter().map(told).collect::<Vec<_>>(), without, "and has aged");
}

#[test]
fn a_template_that_fails_late_prints_nothing() {
    let repo = three();
    // The newest has no commander, the oldest has one.
    let line = "{{ id }} {% if commander %}{{ commander.nothing() }}{% endif %}";
    repo.fails(2, "inc-list --format-template", &[line]).prints("").says(&["has no method", ID]);
}

/// The examples of docs/list.md.
#[test]
fn the_expressions_of_the_docs_hold() {
    let repo = three();
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/list.md")).unwrap();
    for (expression, expected) in [
        ("severity <= 'SEV-2' and 'Staging' in title", &[ID][..]),
        ("commander is none and open", &["2023-03-27-fire-drill", "2023-03-27-checkout-answers-500"]),
        ("time_to_resolve is not none and time_to_resolve < 60", &[ID]),
        (
            "environment in ['production', 'staging'] or kind == 'drill'",
            &["2023-03-27-fire-drill", "2023-03-27-checkout-answers-500"],
        ),
        ("declared_at >= '2023-03-27T13:02' and not provisional", &["2023-03-27-fire-drill"]),
        ("custom.ticket is none and 'ada' in commander|default('', true)|lower", &[ID]),
    ] {
        assert!(docs.contains(expression), "{expression}");
        let ids = repo.ok("inc-list -1 --where", &[expression]).stdout;
        assert_eq!(ids.lines().collect::<Vec<_>>(), expected, "{expression}");
    }
}

#[test]
fn the_docs_and_the_help_name_every_column() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/list.md")).unwrap();
    let help = TestRepo::without_git().ok("inc-list --help", &[]).stdout;
    for column in inc_core::query::COLUMNS {
        assert!(docs.contains(&format!("| `{}` | {} |", column.name, column.about)), "{}", column.name);
        let is_named = |word: &str| word.trim_end_matches(',') == column.name;
        assert!(help.split_whitespace().any(is_named), "{}", column.name);
    }
}

#[test]
fn a_repository_without_anything_answers() {
    let repo = TestRepo::without_git();
    repo.git(&["init", "--quiet", "--initial-branch=main"]);
    repo.ok("inc-list", &[]).prints("").says(&["this repository has no incident"]);
    repo.ok("inc-list --where open --format csv --columns id", &[]).prints("id\n");
}

#[test]
fn json_has_what_a_script_wants() {
    let rows = three().ok("inc-list --format json --status resolved", &[]).json();
    assert_eq!(rows[0]["title"], TITLE);
    assert_eq!(rows[0]["status"]["number"], 3);
    assert_eq!(rows[0]["severity"]["provisional"], true);
    assert_eq!(rows[0]["resolved_at"], "2023-03-27T13:01:00+02:00");
    assert_eq!(rows[0]["time_to_resolve"]["minutes"], 2);
    assert_eq!(rows[0]["environment"], serde_json::Value::Null);
}

#[test]
fn bad_filters_are_refused() {
    let repo = three();
    for (line, said) in [
        ("inc-list --status open", "unknown status `open`; known are: cancelled, investigating"),
        ("inc-list --severity SEV-0", "unknown severity `SEV-0`"),
        ("inc-list --kind fire", "incident, drill, near-miss"),
        ("inc-list --since soon", "--since: `soon` is not a day: write for example 2023-03-28, today"),
        ("inc-list --until 2023-02-30", "there is no 2023-02-30 in the calendar"),
        ("inc-list --since today --until yesterday", "--until 2023-03-26 lies before --since 2023-03-27"),
        ("inc-list --open --status resolved", "cannot be used with"),
        ("inc-list extra", "unexpected argument 'extra'"),
        ("inc-list --format xml", "[possible values: text, json, ndjson, csv]"),
        ("inc-timeline list --format csv", "[possible values: text, json]"),
        ("inc-list --severity >=SEV-2", "write ..SEV-2 for SEV-2 and worse"),
        ("inc-list --sort sevrity", "unknown column `sevrity`; did you mean `severity`?"),
        ("inc-list --columns id,titel", "did you mean `title`?"),
        ("inc-list --team teck_team=x", "did you mean `tech_team`?"),
        ("inc-list --custom x", "write KEY=VALUE"),
        ("inc-list --root-cause a//b", "has an empty part"),
        ("inc-list --limit x", "invalid value 'x'"),
        ("inc-list --ids --count", "cannot be used with"),
        ("inc-list --regex (a", "--regex: regex parse error:\n    (a\n    ^"),
        ("inc-list --regex (\\w{500}){500}", "becomes larger than 1 MiB"),
        ("inc-list --where severty=='SEV-1'", "--where: unknown name `severty`; did you mean `severity`?"),
        ("inc-list --where team.stak=='x'", "did you mean `stack`?"),
        (
            "inc-list --where severity=='SEV-1'and",
            "error: --where: syntax error: unexpected end of input, expected expression, at column 18\n",
        ),
        ("inc-list --where severity", "not true or false"),
        ("inc-list --where title+1==2", "--where: "),
        ("inc-list --where id.nothing()", "has no method"),
        ("inc-list --format-template {{title", "--format-template: syntax error"),
        ("inc-list --format-template {{titel}}", "did you mean `title`?"),
    ] {
        repo.fails(2, line, &[]).prints("").says(&[said]);
    }
}

#[test]
fn one_bad_record_does_not_hide_the_others_and_is_not_hidden() {
    let repo = three();
    repo.mangle(ID, "status: resolved", "status: sleeping");
    let output = repo.fails(4, "inc-list --format json", &[]);
    assert_eq!(output.json().as_array().unwrap().len(), 2);
    output.says(&[
        &format!("error: incidents/2023/{ID}.yaml:"),
        "unknown value `sleeping` for `status`",
        "error: 1 record could not be read; the answer leaves it out",
    ]);
    // Whether it is the one that is open cannot be said.
    repo.fails(4, "inc-status show", &[]).says(&["unknown value `sleeping`"]);
    repo.ok("inc-status show fire", &[]);
}

#[test]
fn titles_and_names_cannot_move_the_cursor() {
    let repo = three();
    repo.mangle(ID, "commander: Ada Lovelace", "commander: \"Ada\\e[2J\"");
    let output = repo.fails(4, "inc-list", &[]).says(&["U+001B"]);
    assert!(!output.stdout.contains('\u{1b}') && !output.stderr.contains('\u{1b}'), "{output:?}");
}

// -- which incident is meant ---------------------------------------------------------------------------------------

#[test]
fn the_only_open_one_is_meant() {
    let repo = TestRepo::new();
    repo.fails(2, "inc-status show", &[]).says(&[
        "which incident? None is open",
        "inc-list",
        "inc-declare TITLE",
    ]);
    repo.declare(TITLE);
    repo.ok("inc-status show", &[]).says(&[&format!("incident: {ID} (the only open one)")]);
    repo.declare("Disk full");
    repo.fails(2, "inc-timeline add", &["hello"]).says(&[
        "which incident? Name one, or choose with `inc use`; open are:\n",
        &format!("\n  {ID}"),
        "\n  2023-03-27-disk-full",
    ]);
}

#[test]
fn an_environment_variable_goes_before_a_choice_and_an_argument_before_both() {
    let repo = TestRepo::with_incident();
    repo.declare("Disk full");
    repo.declare("Printer on fire");
    repo.ok("inc use disk", &[]).prints("2023-03-27-disk-full\n");
    let shown = |repo: &TestRepo, variable: &str, words: &[&str]| {
        let output = repo.run_with("inc-status show --format json", words, |command| {
            command.env("INC_INCIDENT", variable);
        });
        output.json()["incident"].as_str().unwrap().to_owned()
    };
    assert_eq!(shown(&repo, "", &[]), "2023-03-27-disk-full");
    assert_eq!(shown(&repo, "printer", &[]), "2023-03-27-printer-on-fire");
    assert_eq!(shown(&repo, "printer", &[ID]), ID);
    repo.fails_with(2, "inc-status show", &[], |command| {
        command.env("INC_INCIDENT", "nothing");
    })
    .says(&["INC_INCIDENT: no incident `nothing`; there are:"]);
    repo.fails_with(2, "inc-status show", &[], |command| {
        command.env("INC_INCIDENT", "../../etc/passwd");
    })
    .says(&["INC_INCIDENT: `../../etc/passwd` is not an id"]);
}

#[test]
fn a_prefix_or_a_part_is_enough_where_only_one_has_it() {
    let repo = TestRepo::with_incident();
    repo.declare(TITLE);
    repo.declare("Disk full");
    for part in ["2023-03-27-d", "disk", "disk-full", "2023-03-27-disk-full", "full"] {
        let view = repo.ok("inc-status show --format json", &[part]).json();
        assert_eq!(view["incident"], "2023-03-27-disk-full", "{part}");
    }
    // A whole id is meant even where another one begins with it.
    assert_eq!(repo.ok("inc-status show --format json", &[ID]).json()["incident"], ID);
    repo.fails(2, "inc-status show", &["staging"]).says(&[
        "`staging` is part of ",
        " incident ids",
        "give more of the one you mean",
        &format!("\n  {ID}\n"),
        &format!("\n  {ID}-2"),
    ]);
    repo.fails(2, "inc-status show", &["disc-ful"])
        .says(&["no incident `disc-ful`; there are:\n  2023-03-27-disk-full\n"]);
    for path in ["../x", "..", "a/b", "/etc/passwd", "a.yaml", "A", "a b", "", "-\u{1b}[2J"] {
        let output = repo.fails(2, "inc-status show --", &[path]).says(&["error: "]);
        assert!(!output.stderr.contains('\u{1b}'), "{output:?}");
    }
    repo.fails(2, "inc-status show", &["../x"])
        .says(&["error: `../x` is not an id: ids hold only a-z, 0-9 and `-`, and are never paths\n"]);
}

#[test]
fn an_empty_repository_says_so() {
    let repo = TestRepo::new();
    repo.fails(2, "inc-status show", &["disk"]).says(&["no incident `disk`: this repository has none yet"]);
}

#[test]
fn what_a_person_decided_is_marked() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-severity override --to SEV-2 --reason", &["The press has called"]);
    let listed = repo.ok("inc-list", &[]).stdout;
    assert!(listed.contains("\nSEV-2!    investigating"), "{listed}");
}

#[test]
fn where_nothing_can_be_read_that_is_said_and_not_that_nothing_matches() {
    let repo = TestRepo::with_incident();
    repo.put_record(ID, "schema: [\n");
    let listed = repo.fails(4, "inc-list", &[]);
    assert!(!listed.stderr.contains("no incident matches"), "{listed:?}");
    listed.says(&["nothing to list: 1 record cannot be read, and there are no others"]);
    repo.declare("Disk full");
    let listed = repo.fails(4, "inc-list --status closed", &[]);
    listed.says(&["no incident that can be read matches: 1 incident", "; 1 record cannot be read"]);
}
