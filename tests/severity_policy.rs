//! A team's own policy through the programs: what is refused of it and where, its test, its tables, and what follows from it.

use std::fs;

use crate::support::{IMPACT, TestRepo};

const POLICY: &str = "policies/severity.yaml";

/// A repository with an open incident whose policy is the default with this put before its `unknown:`.
fn with(more: &str) -> TestRepo {
    let repo = TestRepo::with_incident();
    let text = default_policy(&repo).replace("\nunknown:", &format!("\n{more}\nunknown:"));
    fs::write(repo.top().join(POLICY), text).unwrap();
    repo
}

fn default_policy(repo: &TestRepo) -> String {
    fs::read_to_string(repo.top().join(POLICY)).unwrap()
}

const STAGING: &str =
    "conditions:\n  - {when: {environment: [staging]}, cap: SEV-3, why: only colleagues work there}";
const SECURITY: &str = "dimensions:\n  - input: custom.security\n    type: flag\n    words: a breach of security\n    floors: [{from: true, level: SEV-2}]";

#[test]
fn each_mistake_is_refused_with_its_line() {
    let repo = TestRepo::with_incident();
    let good = default_policy(&repo);
    let line = |text: &str, needle: &str| {
        let at = text.lines().position(|line| line.contains(needle)).unwrap() + 1;
        format!("{POLICY}:{at}:")
    };
    for (from, to, needle, said) in [
        (
            "  XL:   {S: SEV-3, M: SEV-2, L: SEV-1, XL: SEV-1}",
            "  XL:   {S: SEV-3, M: SEV-2, XL: SEV-1}",
            "  XL:   {S",
            "missing key `L`",
        ),
        ("  XL:   {S: SEV-3, M: SEV-2, L: SEV-1, XL: SEV-1}\n", "", "matrix:", "missing key `XL`"),
        (
            "L: {up_to_percent: 15",
            "L: {up_to_percent: 4",
            "up_to_percent: 4",
            "band L ends at 4 %, and M before it at 5 %",
        ),
        (
            "  M: {words: \"a feature",
            "  S: {words: x}\n  M: {words: \"a feature",
            "  S: {words: x}",
            "stands twice",
        ),
        (
            "      - {from: 100000, level: SEV-2}",
            "      - {from: 100000}",
            "{from: 100000}",
            "missing key `level`",
        ),
        (
            "from: 1000, level: SEV-2",
            "from: 50, level: SEV-2",
            "from: 50,",
            "the floor begins where the one before it does",
        ),
        ("from: 1000, level: SEV-2", "from: 1000, level: SEV-9", "SEV-9", "unknown value `SEV-9`"),
        ("colour: orange", "colour: pink", "colour: pink", "unknown value `pink`"),
        ("communicate_every: 1h", "communicate_every: 1", "communicate_every: 1", "is not a length of time"),
        ("    expect: SEV-2", "    expect: SEV-3", "    expect: SEV-3\n", "gives SEV-2, not SEV-3"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        fs::write(repo.top().join(POLICY), &text).unwrap();
        let place = match needle.strip_suffix('\n') {
            // The second of its kind: the first stood there before.
            Some(_) => format!("{POLICY}:1"),
            None => line(&text, needle),
        };
        for command in ["inc-severity assess --transactions 5", "inc-severity explain"] {
            repo.assert_untouched(|repo| repo.fails(4, command, &[]).prints("").says(&[&place, said]));
        }
    }
}

#[test]
fn a_policy_is_tested_by_its_examples_and_properties() {
    let repo = TestRepo::with_incident();
    let passed = repo.ok("inc-severity test", &[]).stdout;
    assert!(passed.contains("ok    Few customers, but a thousand transactions hang: SEV-2\n"), "{passed}");
    assert!(passed.contains("ok    every cell of the matrix can decide (20 cases)"), "{passed}");
    let good = default_policy(&repo);
    fs::write(repo.top().join(POLICY), good.replacen("    expect: SEV-2", "    expect: SEV-1", 1)).unwrap();
    let failed = repo.fails(1, "inc-severity test", &[]);
    assert!(failed.stdout.contains("FAIL  the example \"Few customers"), "{}", failed.stdout);
    failed.says(&["1 of 4 examples and 0 of 4 properties fail"]);
    let hidden = good.replacen("    - {from: 100, level: SEV-3}", "    - {from: 0, level: SEV-3}", 1);
    let hidden = hidden.replace("    expect: SEV-4", "    expect: SEV-3");
    fs::write(repo.top().join(POLICY), hidden).unwrap();
    let view = repo.fails(1, "inc-severity test --format json", &[]);
    let view: serde_json::Value = serde_json::from_str(&view.stdout).unwrap();
    assert_eq!(view["failures"], 2);
    assert_eq!(view["properties"][3]["failures"][0], "nothing gives SEV-4");
    let draft = repo.beside("draft.yaml");
    fs::write(&draft, good.replace("schema: 1", "schema: 1\nx: 2")).unwrap();
    repo.fails(4, "inc-severity test --policy", &[draft.to_str().unwrap()])
        .says(&["draft.yaml:", "unknown key `x`"]);
    repo.fails(3, "inc-severity test --policy", &["nowhere.yaml"]).says(&["nowhere.yaml"]);
}

#[test]
fn a_policy_is_shown_as_tables_markdown_and_json() {
    let repo = with(&format!("{STAGING}\n{SECURITY}"));
    let text = repo.ok("inc-severity policy", &[]).stdout;
    for line in [
        "XL       SEV-3  SEV-2  SEV-1  SEV-1\n",
        "transactions          1000         SEV-2\n",
        "a breach of security  yes          SEV-2\n",
        "With environment staging: never worse than SEV-3 (only colleagues work there).\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    let page = repo.ok("inc-severity policy --markdown", &[]).stdout;
    insta::assert_snapshot!("severity_policy", page);
    let json = repo.ok("inc-severity policy --format json", &[]).json();
    assert_eq!(json["matrix"]["XL"]["S"], "SEV-3");
    assert_eq!(json["conditions"][0]["cap"], "SEV-3");
    repo.fails(2, "inc-severity policy --policy", &[]);
}

#[test]
fn a_condition_is_judged_again_when_the_environment_changes() {
    let repo = with(STAGING);
    let id = repo.declare("Another");
    let assess = format!("inc-severity assess {id} {IMPACT} --single-customer-impact XL");
    let assess = assess.replacen("--single-customer-impact S", "", 1);
    repo.ok(&assess, &[]).prints("SEV-1 (provisional)\n").says(&["missing environment (not asked)"]);
    repo.ok(&format!("inc-edit {id} --set environment=staging"), &[])
        .says(&["SEV-3 (moderate) demands: communicate every 4h; a PDCA is needed"]);
    repo.ok(&format!("inc-severity show {id}"), &[]).prints("SEV-3\n");
    let told = repo.ok(&format!("inc-timeline list {id}"), &[]).stdout;
    assert!(told.contains("never worse than SEV-3 (only colleagues work there)"), "{told}");
    let explained = repo.ok(&format!("inc-severity explain {id}"), &[]).stdout;
    assert!(explained.contains("* SEV-3  environment staging: never worse than SEV-3"), "{explained}");
    assert!(explained.contains("  in any other environment: SEV-1\n"), "{explained}");
}

#[test]
fn a_teams_own_input_is_set_and_wrong_ones_are_refused() {
    let repo = with(SECURITY);
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[])
        .says(&["missing a breach of security (not asked)"]);
    repo.ok("inc-severity assess --set custom.security=yes", &[]).prints("SEV-2\n");
    for (line, said) in [
        (
            "inc-severity assess --set custom.security=perhaps",
            "impact.custom.security: expected `true` or `false`, found `perhaps`",
        ),
        ("inc-severity assess --set security=yes", "no property `impact.security` can be set"),
        (
            "inc-severity assess --set summary.cause=x",
            "`summary.cause` is no part of the impact: use `inc-edit --set summary.cause=VALUE`",
        ),
        ("inc-severity assess --set transactions=5 --transactions 6", "`impact.transactions` is given twice"),
        ("inc-severity assess --set downtime=1h --set downtime=2h", "`impact.downtime` is given twice"),
        ("inc-severity assess --set nothing", "write NAME=VALUE"),
        (
            "inc-edit --set custom.security=true",
            "the policy's input of that name is impact.custom.security: set that",
        ),
        (
            "inc-declare Another --set custom.security=true",
            "the policy's input of that name is impact.custom.security: set that",
        ),
        ("inc-severity assess --countries ,,", "no item stands between the commas"),
        ("inc-severity assess --money-at-risk 0.00000001", "an amount goes to the hundredth"),
        ("inc-severity policy --markdown --format json", "keep one"),
        (
            "inc-severity assess --money-at-risk 12USD",
            "12 USD is not in EUR, the policy's currency, and the policy has no rate for it",
        ),
        ("inc-severity assess --customers-percent 100.1", "100.1 is not a share in percent"),
    ] {
        repo.assert_untouched(|repo| repo.fails(2, line, &[]).prints("").says(&[said]));
    }
    repo.ok("inc-severity assess --set impact.downtime=45min --set custom.security=false", &[])
        .prints("SEV-3\n");
}

#[test]
fn the_policy_says_which_severity_needs_a_pdca() {
    let repo = TestRepo::with_incident();
    let before = repo.ok("inc-status show --format json", &[]).json();
    let relaxed = default_policy(&repo).replace("pdca: true", "pdca: false");
    fs::write(repo.top().join(POLICY), relaxed).unwrap();
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[]);
    let refused = repo.fails(1, "inc-status set postmortem-completed", &[]);
    assert!(!refused.stderr.contains("a PDCA"), "{}", refused.stderr);
    assert_eq!(before["status"]["name"], "investigating");
}

#[test]
fn a_report_shows_what_more_was_asked() {
    let repo = TestRepo::with_incident();
    let before = repo.ok("inc-report", &[]).stdout;
    assert!(!before.contains("Downtime"), "{before}");
    repo.ok(
        "inc-severity assess --downtime 45min --data-losses integrity,confidentiality --malicious-access no \
         --economic-impact 1200 --duration unknown --set custom.press_interest=local",
        &[],
    );
    let report = repo.ok("inc-report", &[]).stdout;
    for row in [
        "| Downtime | 45min |",
        "| Data losses | integrity, confidentiality |",
        "| Malicious access | no |",
        "| Economic impact | 1200 EUR |",
        "| Duration | _unknown_ |",
        "| Press interest | local |",
    ] {
        assert!(report.contains(row), "{row} is not in {report}");
    }
}
