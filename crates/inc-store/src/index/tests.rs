//! The index against full reads: whatever happened to the files, the answers are the same.

mod crowd;
mod damage;
mod edits;
mod trust;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inc_core::incident::Incident;

use super::{Answer, Indexed};
use crate::git::tests::Ground;
use crate::store::Store;

/// A record that takes little to read; `note` is one digit, so that another one is as long.
fn text(id: &str, note: usize) -> String {
    let status = ["investigating", "mitigated"][note % 2];
    format!(
        "schema: 1\nid: {id}\nuid: 01GWHBHA90SZ60SM0KFA601FP2\ntitle: disk {}\nkind: incident\nstatus: {status}\n\
         severity: SEV-{}\nassessment: {{computed: SEV-3, provisional: false, decided_by: x}}\n\
         timezone: Europe/Paris\ndeclared_at: \"2023-03-27T12:59:00+02:00\"\n",
        note % 10,
        note % 4 + 1
    )
}

fn path(id: &str) -> PathBuf {
    PathBuf::from(format!("incidents/{}/{id}.yaml", &id[..4]))
}

/// A repository with so many records.
fn ground(records: usize) -> (Ground, Store) {
    let ground = Ground::unborn();
    for number in 0..records {
        put(&ground, &format!("20{:02}-01-01-x{number}", 20 + number % 2), number);
    }
    let store = Store::of(ground.repository());
    (ground, store)
}

fn put(ground: &Ground, id: &str, note: usize) {
    ground.write(path(id).to_str().unwrap(), &text(id, note));
}

/// A row for each file, or the words of why there is none.
type Told<R> = Vec<(PathBuf, Result<R, String>)>;

/// What a full read says.
fn truth<R: Indexed>(store: &Store) -> Told<R::Row> {
    let read = |path: PathBuf| {
        let row = store.load::<R>(&path).map(|loaded| loaded.record.row());
        (path, row.map_err(|error| error.to_string()))
    };
    store.paths::<R>().unwrap().into_iter().map(read).collect()
}

/// What the index says, and how many files were read for it.
fn told<R: Indexed>(store: &Store) -> (Told<R::Row>, usize)
where
    R::Row: Sync + Clone,
{
    let files = store.index_files::<R>();
    let answer = store.ask::<R>(&files, &mut |_, _| {}).unwrap();
    (all(&answer), answer.read_anew().count())
}

fn all<R: inc_core::columns::Row>(answer: &Answer<'_, R>) -> Told<R> {
    let mut failures = answer.failures();
    let one = |entry: &super::Entry| {
        let row = answer.place(*entry).map(|_| answer.row(*entry).unwrap());
        let row = row.ok_or_else(|| failures.next().unwrap().1.to_string());
        (answer.path(*entry), row)
    };
    answer.entries().iter().map(one).collect()
}

/// The index says what a full read says; returns how many files were read for it.
#[track_caller]
fn check(store: &Store) -> usize {
    let (told, read) = told::<Incident>(store);
    assert_eq!(told, truth::<Incident>(store));
    read
}

/// Long enough for files to have aged, and for the index to be sure of them.
fn age() {
    std::thread::sleep(Duration::from_millis(35));
}

/// Everything aged and stored.
fn settle(store: &Store) {
    age();
    check(store);
    assert_eq!(check(store), 0);
}

fn index_file(ground: &Ground, name: &str) -> PathBuf {
    ground.top().join(".git/inc/index").join(name)
}

/// Puts a text in the place of a file, as editors do.
fn replace(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).unwrap();
    fs::rename(draft, path).unwrap();
}
