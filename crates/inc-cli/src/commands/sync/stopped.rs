//! A merge or rebase that stopped: what to say about it, finishing it, giving it up.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use inc_core::text::clean_line;
use inc_store::git::{Blocked, GitError, Joined, Repository, Signature, set_off};

use super::advice::{conflict, is_record};
use super::locked;
use super::round::say_words;
use super::unread::first_marker;
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
        Some(Blocked::Merge | Blocked::Rebase) => Err(conflict(repository, &repository.unmerged()?)),
        Some(other) => Err(GitError::Blocked(other).into()),
    }
}

/// Finishes what stopped.
pub(super) fn go_on(repository: &Repository, patience: Duration, by: &Signature) -> Result<GoneOn> {
    let lock = locked(repository, patience)?;
    let blocked = under_way(repository)?;
    let files = repository.unmerged()?;
    if !files.is_empty() {
        return Err(conflict(repository, &files));
    }
    no_markers(repository)?;
    remark_on_markers(repository)?;
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
        Joined::Refused(words) => {
            Err(Failure::refused(format!("git does not finish it:{}", set_off(&words))))
        }
        Joined::Stopped(words) => {
            say_words(&words);
            Err(conflict(repository, &repository.unmerged()?))
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
    let marked =
        files.iter().zip(texts).filter(|(_, (_, after))| after.as_deref().and_then(first_marker).is_some());
    let marked: Vec<PathBuf> = marked.map(|(file, _)| file.path.clone()).collect();
    if marked.is_empty() { Ok(()) } else { Err(conflict(repository, &marked)) }
}

/// Remarks on a file that was in conflict, is no record, and goes in with a marker: whoever added it may mean it.
fn remark_on_markers(repository: &Repository) -> Result<()> {
    let was_in_conflict = repository.resolved()?;
    let mut files = repository.staged()?;
    files.retain(|file| !is_record(&file.path) && was_in_conflict.contains(&file.path));
    let texts = repository.texts(&files)?;
    for (file, (_, after)) in files.iter().zip(texts) {
        if let Some(line) = after.as_deref().and_then(first_marker) {
            let file = file.path.display();
            say(&clean_line(&format!(
                "remark: {file}, line {line}: a conflict marker is still there, and goes in with it"
            )));
        }
    }
    Ok(())
}
