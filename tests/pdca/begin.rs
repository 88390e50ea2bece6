//! `pdca new`.

use super::P;
use crate::support::{ID, TestRepo};

#[test]
fn from_an_incident_both_records_are_one_commit() {
    let repo = TestRepo::with_incident();
    let words =
        ["--problem", "Pods are not scheduled", "--participant", "Grace", "--participant", "Alan Turing"];
    repo.ok("pdca new --incident cluster-3 --owner Ada --cft Cards", &words)
        .prints(&format!("{P}\n"))
        .says(&["pdca: new: Staging: Kubernetes cluster 3 is misbehaving [commit "]);
    assert_eq!(
        repo.message(),
        format!("pdca: new: Staging: Kubernetes cluster 3 is misbehaving\n\nPdca: {P}\nIncident: {ID}")
    );
    assert_eq!(repo.changed_files(), [format!("incidents/2023/{ID}.yaml"), format!("pdcas/2023/{P}.yaml")]);
    assert!(
        repo.changed_lines().iter().any(|line| *line == format!("+pdcas: [{P}]")),
        "{:?}",
        repo.changed_lines()
    );
    assert_eq!(repo.commits().len(), 3);
    let text = repo.pdca_text();
    let (_, text) = text.split_once("\ntitle: ").unwrap();
    assert_eq!(
        text,
        format!(
            "\"Staging: Kubernetes cluster 3 is misbehaving\"
source:
  kind: incident
  ref: {ID}
owner: Ada
participants: [Grace, Alan Turing]
created_at: \"2023-03-27T13:00:00+02:00\"
cft: Cards
problem_statement: Pods are not scheduled
"
        )
    );
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_second_one_of_the_same_title_is_said_and_gets_a_number() {
    let repo = TestRepo::with_pdca();
    let answer = repo.ok("pdca new --format json", &[]).json();
    assert_eq!(answer["pdca"], format!("{P}-2"));
    assert_eq!(answer["said"], answer["pdca"]);
    assert_eq!(answer["status"], "plan-in-progress");
    assert_eq!(answer["commit"], repo.head());
    assert_eq!(answer["remarks"], serde_json::json!([format!("{ID} has a PDCA already: {P}")]));
    repo.ok("pdca new --incident cluster-3 --title", &["Of its own"]).prints("2023-03-27-of-its-own\n");
    assert!(repo.record_text(ID).contains(&format!("pdcas: [{P}, {P}-2, 2023-03-27-of-its-own]\n")));
}

#[test]
fn from_another_source_it_is_a_file_alone() {
    let repo = TestRepo::new();
    for (source, id) in [
        ("red-bin", "2023-03-27-labels"),
        ("qa-return", "2023-03-27-labels-2"),
        ("other", "2023-03-27-labels-3"),
    ] {
        let words = ["--title", "Labels", "--context", "Three fell off: \"loose\"", "--ref", "BIN-12"];
        repo.ok(&format!("pdca new --from {source}"), &words).prints(&format!("{id}\n"));
        assert_eq!(repo.message(), format!("pdca: new: Labels\n\nPdca: {id}"));
        let view = repo.ok("pdca show --format json", &[id]).json();
        assert_eq!(view["source"], serde_json::json!({"kind": source, "ref": "BIN-12"}));
        assert_eq!(view["context"], "Three fell off: \"loose\"");
        let report = repo.ok("pdca report", &[id]).stdout;
        assert!(report.contains("BIN-12") && report.contains("\n## Context\n\nThree fell off"), "{report}");
    }
}

#[test]
fn what_cannot_be_begun_is_refused() {
    let repo = TestRepo::with_incident();
    for (line, said) in [
        ("pdca new --from incident --title x", "name the incident: --incident INCIDENT"),
        ("pdca new --from redbin --title x", "unknown source `redbin`; did you mean `red-bin`?"),
        ("pdca new --from red-bin", "--title <TEXT>"),
        ("pdca new --ref x", "--from <SOURCE>"),
        ("pdca new --incident cluster-3 --from other --title x", "cannot be used with"),
        ("pdca new --incident cluster-3 --context x", "cannot be used with"),
        ("pdca new --incident nothing", "no incident `nothing`"),
        ("pdca new --incident ../x", "never paths"),
    ] {
        repo.fails(2, line, &[]).prints("").says(&[said]);
    }
    repo.fails(2, "pdca new --problem", &[""]).says(&["empty"]);
    repo.declare("Disk full");
    repo.fails(2, "pdca new", &[]).says(&["which incident?", ID, "2023-03-27-disk-full"]);
}

#[test]
fn no_commit_leaves_both_files_to_the_user() {
    let repo = TestRepo::with_incident();
    let head = repo.head();
    repo.ok("pdca new --no-commit", &[]).says(&["[written, not committed]"]);
    assert_eq!(repo.head(), head);
    // git() trims the first line.
    assert_eq!(
        repo.git(&["status", "--porcelain", "-uall"]),
        format!("M incidents/2023/{ID}.yaml\n?? pdcas/2023/{P}.yaml")
    );
}

#[test]
fn edits_of_the_incident_are_committed_along_only_if_that_is_said() {
    let repo = TestRepo::with_incident();
    let text = repo.record_text(ID) + "# mine\n";
    std::fs::write(repo.path(ID), &text).unwrap();
    repo.fails(1, "pdca new", &[]).says(&["has changes of yours that are not committed", "--include-edits"]);
    repo.ok("pdca new --include-edits", &[]);
    assert!(repo.record_text(ID).ends_with("# mine\n"));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}
