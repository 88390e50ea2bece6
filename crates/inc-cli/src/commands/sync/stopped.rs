//! A merge or rebase that stopped: what to say about it, finishing it, giving it up.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::text::clean_line;
use inc_store::git::{Blocked, GitError, Joined, Repository, Signature};
use inc_store::store::Record;

use super::locked;
use super::round::say_words;
use crate::failure::{Failure, say};

/// What a merge or rebase that was finished brought in.
pub(super) struct GoneOn {
    /// Where the branch stood before.
    pub(super) before: String,
    /// Where it stands now.
    pub(super) after: String,
    /// How many commits came in.
    pub(super) commits: usize,
}

/// Refuses to begin while something is under way.
pub(super) fn refuse(repository: &Repository) -> Result<()> {
    match repository.blocked() {
        None => Ok(()),
        Some(Blocked::Merge | Blocked::Rebase) => Err(conflict(&repository.unmerged()?)),
        Some(other) => Err(GitError::Blocked(other).into()),
    }
}

/// The files with conflicts and what to do about them.
pub(super) fn conflict(files: &[PathBuf]) -> anyhow::Error {
    let end = "then `inc-sync --continue`; or `inc-sync --abort`, which gives back the state from before";
    if files.is_empty() {
        return Failure::refused(format!("a merge or rebase is under way: look at `git status`, {end}"));
    }
    let lines: Vec<String> = files.iter().map(|file| format!("  {}", advice(file))).collect();
    Failure::refused(format!("conflicts wait for you:\n{}\n{end}", lines.join("\n")))
}

fn advice(file: &Path) -> String {
    let name = clean_line(&file.display().to_string());
    match is_record(file) {
        true => {
            format!(
                "{name}: `inc-merge resolve` may bring it together; else keep whole entries of both sides, take out the markers, `git add -- {name}`"
            )
        }
        false => format!("{name}: settle it, then `git add -- {name}`"),
    }
}

fn is_record(file: &Path) -> bool {
    file.starts_with(Incident::FOLDER) || file.starts_with(Pdca::FOLDER)
}

/// Finishes what stopped.
pub(super) fn go_on(repository: &Repository, patience: Duration, by: &Signature) -> Result<GoneOn> {
    let lock = locked(repository, patience)?;
    let blocked = under_way(repository)?;
    let files = repository.unmerged()?;
    if !files.is_empty() {
        return Err(conflict(&files));
    }
    no_markers(repository)?;
    if blocked == Blocked::Rebase && repository.rebase_died() {
        return Err(Failure::refused(
            "the git that rebased has died, and to go on might leave a commit of yours out: `inc-sync --abort` gives \
             back the state from before, then `inc-sync`",
        ));
    }
    let (before, theirs) = repository.sides(blocked)?;
    let commits = repository.count(&theirs, Some(&before))?;
    match repository.go_on(&lock, blocked, by)? {
        Joined::Done(words) => {
            say_words(&words);
            let after = repository.tip()?.unwrap_or_else(|| before.clone());
            Ok(GoneOn { before, after, commits })
        }
        Joined::Refused(words) => Err(Failure::refused(format!("git does not finish it: {words}"))),
        Joined::Stopped(words) => {
            say_words(&words);
            Err(conflict(&repository.unmerged()?))
        }
    }
}

/// Gives up what stopped.
pub(super) fn abort(repository: &Repository, patience: Duration) -> Result<()> {
    let lock = locked(repository, patience)?;
    repository.drop_it(&lock, under_way(repository)?)?;
    say("given up: all is as it was before; your changes wait to be pushed");
    Ok(())
}

fn under_way(repository: &Repository) -> Result<Blocked> {
    match repository.blocked() {
        Some(blocked @ (Blocked::Merge | Blocked::Rebase)) => Ok(blocked),
        Some(other) => Err(GitError::Blocked(other).into()),
        None => Err(Failure::refused("no merge or rebase is under way: `inc-sync` begins one where it must")),
    }
}

/// Refuses records that hold git's markers: they were added too early.
fn no_markers(repository: &Repository) -> Result<()> {
    let mut files = repository.staged()?;
    files.retain(|file| is_record(&file.path));
    let texts = repository.texts(&files)?;
    let marked = files.iter().zip(texts).filter(|(_, (_, after))| after.as_deref().is_some_and(has_markers));
    let marked: Vec<PathBuf> = marked.map(|(file, _)| file.path.clone()).collect();
    if marked.is_empty() { Ok(()) } else { Err(conflict(&marked)) }
}

/// Whether a line is one of git's markers; `=======` alone may be anybody's.
fn has_markers(text: &[u8]) -> bool {
    let is_marker = |line: &[u8]| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> ");
    text.split(|byte| *byte == b'\n').any(is_marker)
}
