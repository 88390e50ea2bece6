//! The store over real repositories: finding, reading, and changes that are made whole or not at all.

mod finding;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;

use super::{DORA, DORA_TEXT, Loaded, Record, Saved, Store, StoreError, Writing};
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

/// Each row: a piece of the built-in policy, what stands there instead, its line, and a piece of the message.
#[test]
fn the_regulators_policy_is_read_strictly_with_places() {
    let (ground, store) = ground();
    assert_eq!(store.dora_policy().unwrap(), Default::default(), "absent: the built-in one");
    let text = DORA_TEXT;
    ground.write(DORA, text);
    assert_eq!(store.dora_policy().unwrap(), Default::default(), "the text says what is built in");
    for (from, to, words) in [
        ("clients_percent: {above: 10,", "clients_percent: {above: 110,", "110 is not a share in percent"),
        ("clients_percent: {above: 10,", "clients_percent: {above: .nan,", "is not a share in percent"),
        ("clients: {above: 100000,", "clients: {above: -1,", "above"),
        ("duration: {above: 24h,", "duration: {above: 0s,", "zero makes no sense here"),
        ("downtime: {above: 2h,", "downtime: {above: soon,", "`soon` is not a length of time"),
        ("needed: 2", "needed: 0", "0 is not from 1 to 6"),
        ("needed: 2", "needed: 7", "7 is not from 1 to 6"),
        ("needed: 2", "neded: 2", "neded"),
        ("at_least: 2\n", "at_least: 28\n", "at_least 28 is more than the 27 member states"),
        ("      AT: [Austria]", "      Austria: [AT]", "`Austria` is not the code of a country"),
        (
            "      AT: [Austria]",
            "      AT: [Belgium]",
            "`Belgium` is a name of BE and of another member state",
        ),
        ("currency: EUR}, words", "currency: EUR}, rates: {USD: 0}, words", "0 is not a rate"),
        ("currency: EUR}, words", "currency: EUR}, rates: {EUR: 1}, words", "in EUR itself"),
        ("currency: EUR}, words", "currency: euro}, words", "`euro` is not a currency"),
        (
            "# daily_average: {transactions: 120000,",
            "daily_average: {transactions: 0,",
            "zero makes no sense here",
        ),
        ("recurring: {at_least: 2,", "recurring: {at_least: 1,", "1 is not from 2 to 1000"),
        ("final_months: 1", "final_months: 0", "0 is not from 1 to 120"),
        ("  intermediate: 72h\n", "", "intermediate"),
        ("words: duration", "words: \"\"", "empty"),
    ] {
        assert!(text.contains(from), "{from}");
        ground.write(DORA, &text.replacen(from, to, 1));
        let error = says(store.dora_policy(), &["policies/dora.yaml:", words]).to_string();
        let mut place = error.split(':').skip(1).map_while(|number| number.parse::<usize>().ok());
        let line = 1 + text[..text.find(from).unwrap()].matches('\n').count();
        // A key that is missing is told at the beginning of its block, a contradiction at that of its own.
        assert!(place.next().is_some_and(|told| told.abs_diff(line) <= 3), "{to}: {line}: {error}");
        assert!(place.next().is_some(), "{to}: {error}");
    }
    ground.write(DORA, "schema: 99\n");
    says(store.dora_policy(), &["policies/dora.yaml", "99"]);
}

#[test]
fn what_stands_in_the_place_of_a_file_is_not_taken_for_its_absence() {
    let (ground, store) = ground();
    fs::create_dir(ground.top().join("inc.yaml")).unwrap();
    says(store.settings(), &["inc.yaml", "folder"]);
    ground.write("policies", "not a folder\n");
    says(store.policy(), &["policies"]);
}
