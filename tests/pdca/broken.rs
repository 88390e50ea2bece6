//! An incident and its PDCA, one of which is missing or malformed: whoever needs it says which file.

use std::fs;

use super::P;
use crate::support::{ID, TestRepo};

/// What needs no PDCA goes on: the responder's commands at 3 a.m.
#[track_caller]
fn the_incident_goes_on(repo: &TestRepo) {
    for (line, words) in [
        ("inc-timeline add", &[ID, "hello"][..]),
        ("inc-timeline list", &[ID]),
        ("inc-status show", &[ID]),
        ("inc-severity assess", &[ID, "--customers", "1"]),
        ("inc-role assign", &[ID, "commander", "Ada"]),
        ("inc-edit --set summary.mitigation=Done", &[ID]),
        ("inc-status set", &[ID, "mitigated"]),
        ("inc-list", &[]),
    ] {
        repo.ok(line, words);
    }
}

#[test]
fn a_missing_pdca_is_named_by_what_needs_it() {
    let repo = TestRepo::with_pdca();
    repo.git(&["rm", "--quiet", "-r", "pdcas"]);
    repo.git(&["commit", "--quiet", "--message", "gone"]);
    let said = format!("no PDCA `{P}`: this repository has none yet");
    let closed = [ID, "closed", "--force", "--reason", "x"];
    repo.fails(4, "inc-status set", &closed).says(&[&format!("error: {ID} names its PDCA: {said}")]);
    let report =
        repo.fails(4, "inc-report", &[ID]).says(&["the report leaves out a PDCA that cannot be read", &said]);
    assert!(report.stdout.contains(&format!("{P} (cannot be read)")), "{report:?}");
    repo.fails(2, "pdca show", &[P]).says(&[&said]);
    the_incident_goes_on(&repo);
}

#[test]
fn a_namesake_is_not_taken_for_a_missing_pdca() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca new", &[]).prints(&format!("{P}-2\n"));
    repo.ok("pdca abandon --reason x", &[&format!("{P}-2")]);
    repo.git(&["rm", "--quiet", &format!("pdcas/2023/{P}.yaml")]);
    repo.git(&["commit", "--quiet", "--message", "gone"]);
    let said = format!("no PDCA `{P}`; there are:\n  {P}-2");
    let closed = [ID, "closed", "--force", "--reason", "x"];
    repo.fails(4, "inc-status set", &closed).says(&[&said]);
    repo.fails(4, "inc-report", &[ID]).says(&[&said]);
}

#[test]
fn a_malformed_pdca_is_shown_with_its_place_by_what_needs_it() {
    let repo = TestRepo::with_pdca();
    repo.put_pdca(&repo.pdca_text().replace("owner: ", "onwer: "));
    let said = format!("pdcas/2023/{P}.yaml:9:1: unknown key `onwer`");
    for (line, words) in [
        ("pdca show", &[][..]),
        ("pdca show", &[P]),
        ("pdca why --occurrence", &[P, "x"]),
        ("pdca set --owner x", &[P]),
        ("pdca report", &[P]),
        ("pdca edit", &[P]),
        ("pdca list", &[]),
        ("inc-report", &[ID]),
        ("inc-status set", &[ID, "closed", "--force", "--reason", "x"]),
    ] {
        repo.fails(4, line, words).says(&[&said, "did you mean `owner`?"]);
    }
    repo.ok("pdca new --incident", &[ID]).prints(&format!("{P}-2\n"));
    the_incident_goes_on(&repo);
}

#[test]
fn a_report_whose_incident_is_gone_or_broken_says_so() {
    let repo = TestRepo::with_pdca();
    repo.mangle(ID, "kind: incident", "kind: incidnet");
    repo.fails(4, "pdca report", &[])
        .says(&[&format!("incidents/2023/{ID}.yaml:6:7: unknown value `incidnet`")]);
    repo.ok("pdca show", &[]);
    fs::remove_file(repo.path(ID)).unwrap();
    repo.fails(4, "pdca report", &[]).says(&[&format!("{P} names its incident: no incident `{ID}`")]);
    // What does not look at the incident goes on.
    repo.ok("pdca why --occurrence x", &[]);
}

#[test]
fn a_day_that_does_not_exist_is_told_with_its_place_and_what_would_be_one() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca countermeasure --edit C1 --due 2023-04-14", &[]);
    for day in ["2023-02-30", "2023-13-01", "tomorrow", "2023-04", "2023-04-14 12:00"] {
        let text = repo.pdca_text().replace("2023-04-14", day);
        fs::write(repo.pdca_path(P), &text).unwrap();
        let line = text.lines().position(|line| line.contains("due:")).unwrap() + 1;
        repo.fails(4, "pdca show", &[P]).says(&[
            &format!("{P}.yaml:{line}:"),
            "expected a day of the calendar, such as 2023-04-14, found the text",
        ]);
        repo.git(&["checkout", "--quiet", "pdcas"]);
    }
}
