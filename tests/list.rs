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
        ("inc-list --since 2023-03-28", &[], &[]),
    ] {
        let rows = repo.ok(&line.replace("inc-list", "inc-list --format json"), words).json();
        let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{line} {words:?}");
    }
    repo.ok("inc-list --status closed", &[]).prints("").says(&["no incident matches"]);
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
        ("inc-list --format xml", "[possible values: text, json]"),
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
