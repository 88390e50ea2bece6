//! The contract of a change, over both ways to commit it; and what a dead process leaves, ended by the next one.

mod contract;
mod crashes;
mod ways;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{FileChange, LandError, Landed, Landing, Signed, land, recover};
use crate::file::FileError;
use crate::git::tests::Ground;
use crate::git::{GitError, Lock, Repository};

const RECORD: &str = "incidents/2026/x.yaml";
const NEW: &str = "incidents/2027/new.yaml";

/// Both ways: the first is in process, as the ground is plain.
const WAYS: [bool; 2] = [false, true];

/// A change of one file: its path, what it held, what it is to hold.
fn change(path: &str, before: Option<&str>, after: &str) -> FileChange {
    FileChange { path: path.into(), before: before.map(str::to_owned), after: after.to_owned() }
}

/// Makes the change by one of the ways.
fn make(repository: &Repository, files: &[FileChange], through_git: bool) -> Result<Landed, LandError> {
    let setup = repository.setup()?;
    let signed = Signed { setup: &setup, author: None, at: None, include_edits: false, through_git };
    let patience = Duration::from_secs(3);
    let message = "timeline: x\n\nIncident: x\n";
    let lock = locked(repository);
    let landing = Landing { files, message, commit: Some(signed), patience };
    let landed = land(repository, &lock, &landing, &mut |_| {})?;
    assert!(!through_git || landed.through_git, "it must go the way that it was sent");
    Ok(landed)
}

fn locked(repository: &Repository) -> Lock {
    repository.lock(Duration::from_secs(10), &mut |_| {}).unwrap()
}

/// Makes the change and expects a commit.
fn made(ground: &Ground, files: &[FileChange], through_git: bool) -> String {
    make(&ground.repository(), files, through_git).unwrap().commit.unwrap()
}

/// The change of the record that `Ground::new` holds.
fn edit(after: &str) -> FileChange {
    change(RECORD, Some("title: one\n"), after)
}

fn text(ground: &Ground, path: &str) -> Option<String> {
    fs::read_to_string(ground.top().join(path)).ok()
}

/// Nothing of a change is left but its result: no lock, no journal, no temporary file.
#[track_caller]
fn is_tidy(ground: &Ground) {
    assert_eq!(leftovers(&ground.top()), Vec::<PathBuf>::new());
    ground.git("fsck --strict --no-dangling");
}

fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let is_ours = path.parent().is_some_and(|parent| parent.ends_with(".git/inc")) && name != "lock";
        if name.ends_with(".lock") || name.starts_with(".inc-") || is_ours {
            found.push(path);
        } else if path.is_dir() {
            found.extend(leftovers(&path));
        }
    }
    found
}
