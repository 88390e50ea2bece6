//! `pdca lint`: what it finds in the talk's own PDCA, how it says so, its exit codes, and that every explanation is true.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use inc_core::instant::Instant;
use inc_core::pdca::Pdca;
use inc_core::pdca::rules::{Others, rules};
use inc_store::yaml;

use super::P;
use crate::support::{ID, TestRepo};

/// The talk's PDCA.
const TALK: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

#[test]
fn the_talks_pdca_has_the_findings_that_its_page_deserves() {
    let repo = TestRepo::of_the_project();
    let file = format!("pdcas/2023/{TALK}.yaml");
    let expected = format!(
        "{file}:46:22: warning leaf-is-link n1.1.1.1: it is a link, not a cause: put it into `links` of the why above
    help: pdca why {TALK} --edit n1.1.1 --link NAME=URL && pdca why {TALK} --remove n1.1.1.1
{file}:59:9: warning act-no-owner A1: nobody owns it
    help: pdca act {TALK} --edit A1 --owner NAME
{file}:59:9: warning act-no-due A1: it has no due day
    help: pdca act {TALK} --edit A1 --due DAY
{file}:74:9: warning act-no-owner A2: nobody owns it
    help: pdca act {TALK} --edit A2 --owner NAME
{file}:74:9: warning act-no-due A2: it has no due day
    help: pdca act {TALK} --edit A2 --due DAY
"
    );
    let said = "error: 5 warnings in 1 of 1 PDCA; `pdca lint --explain CODE` teaches a rule\n";
    for words in [&[][..], &["--all"], &[TALK], &["kubernetes", TALK]] {
        repo.fails(1, "pdca lint", words)
            .says(&["3 milder findings not shown; --level note shows all\n", said])
            .prints(&expected);
    }
    // Nothing is graver than a warning; and what is only a hint is just that.
    let graver = repo.ok("pdca lint --level error", &[]).prints("");
    assert_eq!(graver.stderr, "8 milder findings not shown; --level note shows all\n");
    let all = repo.fails(1, "pdca lint --level note --format json", &[]).json();
    let notes = all.as_array().unwrap().iter().filter(|row| row["level"] == "note");
    let notes: Vec<String> = notes.map(|row| format!("{} {}", row["code"], row["label"])).collect();
    let evidence = "\"check-no-evidence\"";
    assert_eq!(
        notes,
        [
            "\"problem-unmeasurable\" \"problem\"",
            &format!("{evidence} \"C1\""),
            &format!("{evidence} \"C2\"")
        ]
    );
}

#[test]
fn what_the_help_says_mends_the_finding() {
    let repo = TestRepo::of_the_project();
    repo.ok("pdca act --edit A1 --owner", &["Ada Lovelace", "--due", "2023-05-01"]);
    repo.ok("pdca act --edit A2 --owner", &["Ada Lovelace", "--due", "2023-05-01"]);
    let left = repo.fails(1, "pdca lint --format json", &[]).json();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    let keys: Vec<&str> = left[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["file", "line", "column", "level", "code", "pdca", "label", "path", "why", "help"]);
    assert_eq!(left[0]["path"], "non_detection[0].whys[0].whys[0].whys[0].why");
    let path = repo.top().join(format!("pdcas/2023/{TALK}.yaml"));
    let text = fs::read_to_string(&path).unwrap();
    let (before, leaf) = text.split_once("            whys:\n              # On the page").unwrap();
    let (_, after) = leaf.split_once("why: PR to fix it\n").unwrap();
    fs::write(&path, format!("{before}{after}")).unwrap();
    repo.ok("pdca lint", &[]).says(&["3 milder findings not shown"]).prints("");
    repo.ok("pdca lint --format json", &[]).prints("[]\n");
    // A month later, and nobody came back.
    repo.on("2023-05-02");
    let late = repo.fails(1, "pdca lint", &[]).stdout;
    assert!(late.contains("warning due-passed A1: due 2023-05-01, yesterday, and not done\n"), "{late}");
    assert!(late.contains(&format!(
        "    help: pdca done {TALK} A1\n      or: pdca act {TALK} --edit A1 --due DAY\n"
    )));
}

#[test]
fn what_is_new_in_the_record_is_typed_and_shown() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca why --non-detection --na", &["The alert fired at once"]);
    repo.ok("pdca why --occurrence", &["The API server was lagging"]);
    repo.ok("pdca why --under o1 --out-of-control", &["Their own hardware", "The disks were slow"]);
    repo.ok("pdca why --under o1", &["A controller crashed"]);
    repo.ok("pdca why --tag o1.2 --unknown", &["Its logs are gone"]);
    repo.ok("pdca why --under o1 --root-cause next", &["Nothing limits the CRDs"]);
    repo.ok("pdca countermeasure --root-cause RC1 --type prevent --timebox 2d", &["Allow only some"]);
    repo.ok("pdca countermeasure --edit C1 --type contain --timebox 36h", &[]);
    repo.pdca_holds(&[
        "non_detection_na: The alert fired at once\n",
        "out_of_control: Their own hardware\n",
        "unknown: Its logs are gone\n",
        "type: contain\n",
        "timebox: \"1d 12h\"\n",
    ]);
    let shown = repo.ok("pdca show", &[]).stdout;
    for part in [
        "    o1.1 The disks were slow (out of control: Their own hardware)\n",
        "    o1.2 A controller crashed (unknown: Its logs are gone)\n",
        "Non-detection: Why didn't we detect it sooner?\n  n/a: The alert fired at once\n",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(!shown.contains("the non-detection tree"), "{shown}");
    let report = repo.ok("pdca report", &[]).stdout;
    for part in [
        "_Does not apply:_ The alert fired at once\n",
        "The disks were slow (out of control: Their own hardware)\n",
    ] {
        assert!(report.contains(part), "{report}");
    }
    let codes = |repo: &TestRepo| -> Vec<String> {
        let found = repo.run("pdca lint --format json", &[]).json();
        found.as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&repo), ["cure-no-owner", "check-missing", "check-no-day"]);

    repo.fails(1, "pdca why --occurrence --na x", &[])
        .says(&["the occurrence tree is begun (o1)", "--remove o1 --recursive"]);
    repo.fails(1, "pdca why --tag o1 --unknown x", &[]).says(&["o1 has o1.1 below it"]);
    repo.fails(1, "pdca why --tag o1.3 --unknown x", &[]).says(&["o1.3 is RC1"]);
    repo.fails(2, "pdca countermeasure --edit C1 --type cure", &[]).says(&["unknown type `cure`"]);
    repo.fails(2, "pdca countermeasure --edit C1 --timebox soon", &[]).says(&["not a length of time"]);
    repo.fails(2, "pdca why --under o1 --na x", &[]);
    repo.fails(2, "pdca why --tag o1.3", &[]);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_others_are_looked_at() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca new", &[]).prints(&format!("{P}-2\n"));
    repo.put_pdca(&repo.pdca_text().replace("owner: ", "onwer: "));
    let bad = format!("pdcas/2023/{P}.yaml:9:1: unknown key `onwer`");
    let found =
        repo.fails(4, "pdca lint", &[]).says(&[&format!("error: {bad}"), "1 record could not be read"]);
    assert!(
        found.stdout.contains("-2.yaml:1:1: warning problem-missing")
            || found.stdout.contains("problem-missing problem"),
        "{found:?}"
    );
    repo.fails(4, "pdca lint", &[P]).says(&[&format!("error: {bad}")]).prints("");
    // Of somebody else's broken record the one that was named is not to blame.
    repo.fails(1, "pdca lint", &[&format!("{P}-2")]).says(&[&format!("warning: {bad}")]);
    // Its own incident is needed, and so is told.
    repo.mangle(ID, "kind: incident", "kind: incidnet");
    repo.fails(4, "pdca lint", &[&format!("{P}-2")]).says(&["unknown value `incidnet`"]);
    repo.fails(2, "pdca lint nothing-like-it", &[]).says(&["no PDCA `nothing-like-it`"]);
}

#[test]
fn links_in_one_direction_are_told_from_the_pdcas_side() {
    let repo = TestRepo::with_pdca();
    let text = repo.record_text(ID);
    let named = format!("pdcas: [{P}]\n");
    assert!(text.contains(&named), "{text}");
    repo.put_record(ID, text.replace(&named, ""));
    let found = repo.fails(1, "pdca lint", &[]).stdout;
    let said = format!(
        "link-one-way source: the incident {ID} does not name it: add it to its `pdcas`\n    help: pdca link {P} {ID}\n"
    );
    assert!(found.contains(&said), "{found}");
    fs::remove_file(repo.path(ID)).unwrap();
    let found = repo.fails(1, "pdca lint --level error", &[]).stdout;
    assert!(found.contains(&format!("error source-missing source: there is no incident {ID}\n")), "{found}");
}

#[test]
fn text_from_a_record_is_cleaned() {
    let repo = TestRepo::with_plan();
    repo.put_pdca(&repo.pdca_text().replace("id: C1\n", "id: \"C1 \\u202e\"\n"));
    // Control characters are refused by the reader; what remains is one line of plain text.
    let found = repo.fails(4, "pdca lint", &[]);
    assert!(!found.stderr.contains('\u{202e}') && !found.stdout.contains('\u{202e}'), "{found:?}");
}

#[test]
fn every_rule_is_taught_outside_a_repository() {
    let repo = TestRepo::without_git();
    for rule in rules() {
        let taught = repo.ok("pdca lint --explain", &[rule.code]).stdout;
        let head = format!("{} ({}): {}\n\n", rule.code, rule.level, rule.title);
        assert!(
            taught.starts_with(&head) && taught.contains("\nBad:\n  ") && taught.contains("\nGood:\n  "),
            "{taught}"
        );
        let view = repo.ok("pdca lint --format json --explain", &[rule.code]).json();
        assert_eq!(view["bad"], rule.bad);
    }
    let listed = repo.ok("pdca lint --explain", &[]).stdout;
    assert!(rules().all(|rule| listed.contains(rule.code) && listed.contains(rule.title)), "{listed}");
    repo.fails(2, "pdca lint --explain act-no-onwer", &[]).says(&["did you mean `act-no-owner`?"]);
    repo.fails(2, "pdca lint --explain x\u{1b}[2J", &[]).says(&["no rule has the code `x\\u{1b}[2J`"]);
    repo.fails(3, "pdca lint", &[]);
    repo.fails(2, "pdca lint x --explain act-no-owner", &[]);
    TestRepo::new().ok("pdca lint", &[]).says(&["no PDCA to look at\n"]).prints("");
}

/// A record with a part of one, as an explanation shows it, in place of its own keys.
fn with_part(part: &str) -> Pdca {
    let own = [
        ("source", "source: {kind: other}"),
        ("problem_statement", "problem_statement: 60 of 60 nodes were full"),
        ("occurrence", "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}"),
        ("non_detection", "non_detection:\n  - {id: n1, why: The alert was muted, root_cause: RC5}"),
    ];
    let mut text = "schema: 1\nid: 2023-04-06-x\nuid: 01GXBAFWQ08JWG1PT837J58KFE\ntitle: X\n\
                    created_at: \"2023-04-06T15:01:00+02:00\"\n"
        .to_owned();
    let given: BTreeSet<&str> =
        part.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key).collect();
    let is_given = |key: &str| given.contains(key) || given.contains(format!("{key}_na").as_str());
    for (key, line) in own.into_iter().filter(|(key, _)| !is_given(key)) {
        // The example of a missing branch is one without it.
        if key != "non_detection" || !part.starts_with("occurrence") {
            text.push_str(&format!("{line}\n"));
        }
    }
    text.push_str(part);
    yaml::read(&text, inc_core::SCHEMA).unwrap_or_else(|error| panic!("{}", error.render(&text)))
}

#[test]
fn every_example_is_as_bad_and_as_good_as_its_rule_says() {
    let now = Instant::parse("2023-04-07T12:59:00+02:00").unwrap();
    for rule in rules() {
        let codes = |part: &str| -> Vec<&str> {
            with_part(part).lint(&Others::default(), now).iter().map(|finding| finding.code).collect()
        };
        let (bad, good) = (codes(rule.bad), codes(rule.good));
        // These look at other records, of which their examples tell in a comment.
        if !matches!(rule.code, "rc-recurred" | "link-one-way" | "link-shared") {
            assert!(bad.contains(&rule.code), "{}: the bad example is good: {bad:?}", rule.code);
        }
        assert!(!good.contains(&rule.code), "{}: the good example is bad", rule.code);
    }
}

#[test]
fn the_page_lists_the_rules_as_they_are() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pdca-lint.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> =
        rules().map(|rule| format!("| `{}` | {} | {} |", rule.code, rule.level, rule.title)).collect();
    assert_eq!(rows, expected, "docs/pdca-lint.md should hold:\n{}", expected.join("\n"));
}
