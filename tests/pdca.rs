//! `pdca`: the loop from the first why to the last act, as people type it.

mod acts;
mod begin;
mod board;
mod broken;
mod change;
mod coach;
mod cure;
mod edit;
mod lint;
mod look;
mod overdue;
mod plan;
mod recur;
mod three_ways;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{ID, TestRepo};

/// The PDCA of the seed's incident, begun on the same day: the same title gives the same id.
const P: &str = ID;

impl TestRepo {
    /// The seed's incident and its PDCA, with an owner and a problem.
    fn with_pdca() -> Self {
        let repo = Self::with_incident();
        repo.ok("pdca new --owner Ada --problem", &["Pods are not scheduled"]).prints(&format!("{P}\n"));
        repo
    }

    /// The same with both trees, two root causes and a countermeasure against each: the plan is done.
    fn with_plan() -> Self {
        let repo = Self::with_pdca();
        repo.ok("pdca why --occurrence", &["The API server was lagging"]);
        repo.ok("pdca why --under o1 --root-cause RC2", &["890 CRDs were installed"]);
        repo.ok("pdca why --non-detection --root-cause RC1", &["The alert was broken"]);
        for (title, root_cause) in [("Fix the alert", "RC1"), ("Allow only some CRDs", "RC2")] {
            repo.ok(
                "pdca countermeasure --owner Ada --check",
                &["Try it", "--check-on", "2023-03-27", "--root-cause", root_cause, title],
            );
        }
        repo
    }

    /// A repository with these PDCAs alone, each its id and the keys that it has beside those that every one must have.
    fn with_pdcas(all: &[(&str, Value)]) -> Self {
        let repo = Self::new();
        for (number, (id, keys)) in all.iter().enumerate() {
            let mut whole = json!({
                "schema": 1, "id": id, "uid": format!("01GXBAFWQ08JWG1PT837J58K{number:02}"), "title": "X",
                "source": {"kind": "other"}, "created_at": format!("{}T12:00:00+02:00", &id[..10]),
            });
            whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
            let path = repo.pdca_path(id);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // JSON is YAML.
            fs::write(path, serde_json::to_string_pretty(&whole).unwrap()).unwrap();
        }
        repo
    }

    /// Where the seed's PDCA stands.
    #[track_caller]
    fn stands(&self, status: &str) {
        assert_eq!(self.ok("pdca show --format json", &[P]).json()["status"], status);
    }

    fn pdca_path(&self, id: &str) -> PathBuf {
        self.top().join("pdcas").join(&id[..4]).join(format!("{id}.yaml"))
    }

    /// The text of the seed's PDCA.
    fn pdca_text(&self) -> String {
        fs::read_to_string(self.pdca_path(P)).unwrap()
    }

    /// Every one of these stands in the text of the seed's PDCA.
    #[track_caller]
    fn pdca_holds(&self, parts: &[&str]) {
        let text = self.pdca_text();
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }

    /// Writes the seed's PDCA, and commits it.
    fn put_pdca(&self, text: &str) {
        fs::write(self.pdca_path(P), text).unwrap();
        self.git(&["commit", "--quiet", "--all", "--message", "by hand"]);
    }
}

#[test]
fn the_loop_from_the_first_why_to_the_closed_incident() {
    let repo = TestRepo::with_pdca();
    repo.stands("plan-in-progress");
    repo.ok("pdca why", &[P, "The API server was lagging", "--occurrence"]).prints("o1\n");
    repo.ok("pdca why --under o1 --root-cause RC2", &["890 CRDs were installed"]).prints("o1.1\n");
    repo.ok("pdca why --non-detection --root-cause RC1", &["The alert was broken"]).prints("n1\n");
    let shown = repo.ok("pdca show", &[P]).stdout;
    assert!(
        shown.contains("  the plan lacks a countermeasure for RC1; a countermeasure for RC2\n"),
        "{shown}"
    );
    let check = ["--check", "Try it", "--check-on", "2023-03-28", "--owner", "Ada"];
    repo.ok("pdca countermeasure --root-cause RC1", &[&["Fix the alert"][..], &check].concat())
        .prints("C1\n");
    repo.stands("plan-in-progress");
    repo.ok("pdca countermeasure --root-cause RC2", &[&["Allow some CRDs"][..], &check].concat())
        .prints("C2\n");
    repo.stands("plan-done");
    repo.ok("pdca done C1", &[]);
    repo.stands("plan-done");
    repo.ok("pdca done C2", &[]);
    repo.stands("do-done");
    repo.on("2023-03-28");
    repo.ok("pdca check C1 ok", &[]);
    repo.stands("do-done");

    // A KO sends the loop round: RC2 lacks a countermeasure again.
    repo.ok("pdca check C2 ko --evidence", &["The CRD was taken"]).says(&[&format!(
        "RC2 lacks a countermeasure again, or a deeper why: pdca countermeasure {P} TITLE"
    )]);
    repo.stands("plan-in-progress");
    let next = repo.ok("pdca show --format json", &[]).json()["open"].clone();
    assert_eq!(next[0]["what"], "a new countermeasure for RC2 (C2 checked KO)");
    assert_eq!(next[1]["what"], "or a new why below o1.1, should RC2 not be the root cause");
    assert_eq!((&next[0]["blocks"], &next[1]["blocks"]), (&true.into(), &false.into()));
    repo.fails(1, "pdca act C2 everywhere", &[])
        .says(&["C2 is checked KO, and only what is proven is applied"]);
    repo.ok("pdca countermeasure --root-cause RC2", &[&["Refuse all CRDs"][..], &check].concat())
        .prints("C3\n");
    repo.stands("plan-done");
    repo.ok("pdca check C3 ok", &[]);
    repo.stands("check-done");

    repo.ok("pdca act C1 everywhere", &[]).prints("A1\n");
    repo.ok("pdca act C3 everywhere --target staging --target production", &[]).prints("A2\n");
    repo.ok("pdca done A1", &[]);
    repo.ok("pdca done A2 --target staging", &[]);
    repo.stands("check-done");
    repo.ok("pdca done A2 --target production", &[]);
    repo.stands("act-done");
    // Each change was a commit of its own file, with its trailer.
    assert_eq!(repo.message(), format!("pdca: A2 applied to production on 2023-03-28\n\nPdca: {P}"));
    assert_eq!(repo.changed_files(), [format!("pdcas/2023/{P}.yaml")]);
    assert_eq!(repo.commits().len(), 3 + 5 + 4 + 2 + 2 + 2 + 1);
}

#[test]
fn an_incident_is_closed_only_once_its_pdca_is_through() {
    let repo = TestRepo::of_the_project();
    let pdca = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";
    let refused = format!(
        "error: {ID} cannot become closed yet; missing:\n  PDCA {pdca} through its acts\n      pdca show {pdca}\n"
    );
    repo.fails(1, "inc-status set", &[ID, "closed"]).says(&[&refused]);
    repo.ok("pdca done A1", &[]);
    repo.fails(1, "inc-status set", &[ID, "closed"]).says(&[&refused]);
    repo.ok("pdca done A2", &[]);
    repo.ok("inc-status set", &[ID, "closed"]).prints("closed\n");

    // One that is given up with a reason is through as well.
    let repo = TestRepo::of_the_project();
    repo.ok("pdca abandon --reason", &["The cluster is gone"]);
    repo.ok("inc-status set", &[ID, "closed"]).prints("closed\n");
}
