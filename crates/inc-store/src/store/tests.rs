//! The store over real repositories: finding, reading, and changes that are made whole or not at all.

mod finding;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;

use super::{Loaded, Record, Saved, Store, StoreError, Writing};
use crate::git::tests::Ground;
use crate::yaml;

const DISK: &str = "2023-03-27-disk-full";
const CLUSTER: &str = "2023-03-27-staging-cluster-3";

/// A repository with one commit, and its store.
fn ground() -> (Ground, Store) {
    let ground = Ground::unborn();
    ground.write("README", "a team's own\n");
    ground.git("add .");
    ground.git("commit -q -m first");
    let store = Store::of(ground.repository());
    (ground, store)
}

/// The talk's incident under another id.
fn incident(id: &str) -> Incident {
    let mut incident: Incident = seed(include_str!("survival/seed-incident.yaml"));
    incident.id = self::id(id);
    incident
}

/// The talk's PDCA under another id.
fn pdca(id: &str) -> Pdca {
    let mut pdca: Pdca = seed(include_str!("survival/seed-pdca.yaml"));
    pdca.id = self::id(id);
    pdca
}

fn seed<R: Record>(text: &str) -> R {
    yaml::read(text, inc_core::SCHEMA).unwrap()
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn writing() -> Writing {
    Writing {
        commit: true,
        include_edits: false,
        author: None,
        at: None,
        through_git: false,
        patience: Duration::from_secs(5),
    }
}

fn create<R: Record>(store: &Store, record: &R, writing: &Writing) -> Result<Saved, StoreError> {
    let mut change = store.change(writing, |_| ())?;
    change.create(record)?;
    change.save("declare: it")
}

/// Sets the title of a record that was loaded under the lock.
fn retitle(store: &Store, path: &Path, title: &str, writing: &Writing) -> Result<Saved, StoreError> {
    let mut change = store.change(writing, |_| ())?;
    let loaded: Loaded<Incident> = store.load(path)?;
    let mut incident = loaded.record.clone();
    incident.title = title.parse().unwrap();
    change.update(&loaded, &incident)?;
    change.save("edit: title")
}

/// A repository that holds this incident, committed; with its path.
fn with_incident() -> (Ground, Store, PathBuf) {
    let (ground, store) = ground();
    let saved = create(&store, &incident(DISK), &writing()).unwrap();
    let path = saved.paths[0].clone();
    (ground, store, path)
}

fn text(ground: &Ground, path: &Path) -> String {
    fs::read_to_string(ground.top().join(path)).unwrap()
}

fn head(ground: &Ground) -> String {
    ground.git("rev-parse HEAD").trim().to_owned()
}

/// The words of an error, each of which must be there.
#[track_caller]
fn says<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &[&str]) -> StoreError {
    let error = result.unwrap_err();
    for word in words {
        assert!(error.to_string().contains(word), "{word:?} is not in: {error}");
    }
    error
}

#[test]
fn settings_and_policy_may_be_absent_but_not_wrong() {
    let (ground, store) = ground();
    assert_eq!(store.settings().unwrap(), Default::default());
    assert!(store.policy().is_ok());
    assert_eq!(store.template("incident.md.j2").unwrap(), None);
    ground.write("inc.yaml", "timezone: Europe/Paris\ncurrencey: EUR\n");
    says(store.settings(), &["inc.yaml:2:1", "currencey", "currency"]);
    ground.write("inc.yaml", "timezone: Europe/Paris\n");
    assert_eq!(store.settings().unwrap().timezone.name(), "Europe/Paris");
    ground.write("policies/severity.yaml", "schema: 1\nflors: {}\n");
    says(store.policy(), &["policies/severity.yaml:2:1", "flors"]);
    ground.write("policies/severity.yaml", "schema: 99\n");
    says(store.policy(), &["policies/severity.yaml", "99"]);
    ground.write("templates/incident.md.j2", "mine");
    assert_eq!(store.template("incident.md.j2").unwrap().as_deref(), Some("mine"));
}

#[test]
fn what_stands_in_the_place_of_a_file_is_not_taken_for_its_absence() {
    let (ground, store) = ground();
    fs::create_dir(ground.top().join("inc.yaml")).unwrap();
    says(store.settings(), &["inc.yaml", "folder"]);
    ground.write("policies", "not a folder\n");
    says(store.policy(), &["policies"]);
}
