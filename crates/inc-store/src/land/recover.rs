//! A change that is noted in the journal, and how it is ended: landed, taken back, or finished after a crash.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::journal::{Intent, Journal};
use super::latch::{Latch, lock_of, release_ours};
use super::scratch::{Scratch, second_name};
use super::tip::Tip;
use crate::file::{FileError, Placement, shown, sync_folder_of};
use crate::git::{GitError, Lock, Repository, refused};

/// A change that is noted in the journal.
pub(super) struct Underway {
    pub(super) repository: Repository,
    pub(super) intent: Intent,
    pub(super) journal: Journal,
    pub(super) scratch: Scratch,
}

/// Finishes or undoes the change that a dead process left, if there is one.
///
/// Returns what a user should be told. Lock files of the dead process go; those of anybody else stay.
///
/// # Errors
/// A journal that cannot be read; another git that holds the index for longer than `patience`; a full disk.
pub fn recover(
    repository: &Repository,
    _lock: &Lock,
    patience: Duration,
    on_wait: &mut dyn FnMut(&str),
) -> Result<Option<String>, GitError> {
    let journal = Journal::of(repository);
    let Some(intent) = journal.read()? else {
        return Ok(None);
    };
    let scratch = Scratch::of(repository, &intent.scratch);
    let Ok(repository) = repository.beside(&intent.top, &intent.git_dir) else {
        // Its work tree was removed since, and the files with it; not so the branch and its lock.
        if let Some(Tip::File(branch)) = intent.tip.as_ref().filter(|tip| **tip != Tip::File("HEAD".into())) {
            release_ours(&journal, &repository.common_dir().join(branch))?;
        }
        journal.drop()?;
        journal.sync_folder()?;
        scratch.remove()?;
        return Ok(None);
    };
    let underway = Underway { repository, intent, journal, scratch };
    let what = format!("process {} was cut off in `{}`", underway.intent.process, underway.intent.subject);
    let words = match underway.end(patience, on_wait)? {
        End::Landed => return Ok(None),
        End::Finished => format!("{what}: its change was complete, and is committed now"),
        End::Undone(left) if left.is_empty() => format!("{what}: its change was taken back; enter it again"),
        End::Undone(left) => {
            let left: Vec<String> = left.iter().map(FileError::to_string).collect();
            format!("{what}, and has left:\n  {}\n`git diff` shows it", left.join("\n  "))
        }
    };
    Ok(Some(words))
}

/// Whether a change is under way, or was when its process died.
pub fn is_unfinished(repository: &Repository) -> bool {
    Journal::of(repository).path().exists()
}

/// How a change of a dead process ended.
enum End {
    /// It had been made; there was only something to clear away.
    Landed,
    /// Its commit was ready and has been made.
    Finished,
    /// It was not ready and has been taken back, but for these files.
    Undone(Vec<FileError>),
}

impl Underway {
    pub(super) fn new(repository: Repository, intent: Intent, journal: Journal) -> Underway {
        let scratch = Scratch::of(&repository, &intent.scratch);
        Underway { repository, intent, journal, scratch }
    }

    /// Whether the branch holds the commit.
    pub(super) fn is_landed(&self) -> Result<bool, GitError> {
        match (self.scratch.ready(), &self.intent.tip) {
            (Some(commit), Some(tip)) => match tip.commit(&self.repository)? {
                Some(now) => Ok(now == commit || self.repository.is_ancestor(&commit, &now)?),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    /// Puts the index that was made ready into its place; the old one is kept beside it, to be taken back.
    pub(super) fn install_index(&self) -> Result<(), GitError> {
        let (index, old) = (self.repository.index_file(), self.scratch.old_index());
        let kept = match fs::remove_file(&old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ if index.exists() => second_name(&index, &old),
            // An empty file stands for none.
            _ => File::create(&old).map(drop),
        };
        kept.map_err(GitError::io("write", &old))?;
        fs::rename(self.scratch.index(), &index).map_err(GitError::io("write", &index))?;
        Ok(sync_folder_of(&index)?)
    }

    /// Whether the user's index has been replaced, and not been taken back.
    fn index_is_installed(&self) -> bool {
        self.scratch.ready().is_some()
            && !self.scratch.index().exists()
            && self.scratch.old_index().exists()
            && self.repository.index_file().exists()
    }

    /// Puts the user's index and the first files back, the last one first; returns what had to stay, and why.
    ///
    /// The lock on the index must be held.
    pub(super) fn take_back(&self, files: usize) -> Vec<FileError> {
        let mut left = vec![];
        if self.index_is_installed()
            && let Err(error) = self.take_back_index()
        {
            left.push(error);
        }
        left.extend(self.take_back_files(files));
        left
    }

    fn take_back_files(&self, files: usize) -> Vec<FileError> {
        self.intent.files.iter().take(files).rev().filter_map(|file| file.take_back().err()).collect()
    }

    fn take_back_index(&self) -> Result<(), FileError> {
        let (index, old) = (self.repository.index_file(), self.scratch.old_index());
        let was_none = fs::metadata(&old).is_ok_and(|old| old.len() == 0);
        let result = if was_none { fs::remove_file(&index) } else { fs::rename(&old, &index) };
        result.map_err(FileError::io("write", &index))?;
        sync_folder_of(&index)
    }

    /// Removes what was kept for taking back; returns what was found instead (see `Placement::settle`).
    pub(super) fn settle(&self) -> Result<Vec<PathBuf>, FileError> {
        let settled = self.intent.files.iter().map(Placement::settle);
        Ok(settled.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Lets go of git's locks, as far as they are ours.
    pub(super) fn release(&self) -> Result<(), GitError> {
        self.guarded().iter().try_for_each(|guarded| release_ours(&self.journal, guarded))
    }

    /// Removes what the change leaves in git's folder.
    ///
    /// The journal goes after the locks, which it names, and before the folder by which it would be judged.
    pub(super) fn close(&self) -> Result<(), GitError> {
        self.release()?;
        self.journal.drop()?;
        self.journal.sync_folder()?;
        self.scratch.remove()
    }

    /// The same for a change that was committed in process: should a power cut bring the journal back, HEAD holds the very
    /// bytes (`head_holds_it`).
    pub(super) fn close_landed(&self) -> Result<(), GitError> {
        self.release()?;
        self.journal.drop()?;
        self.scratch.remove()
    }

    /// What the change's lock files guard: the branch first, as the index is released last.
    fn guarded(&self) -> Vec<PathBuf> {
        let tip = self.intent.tip.as_ref();
        let branch = tip.and_then(|tip| tip.file(&self.repository));
        branch.into_iter().chain([self.repository.index_file()]).collect()
    }

    /// Ends what a dead process began.
    fn end(&self, patience: Duration, on_wait: &mut dyn FnMut(&str)) -> Result<End, GitError> {
        let Some(tip) = &self.intent.tip else {
            let left = self.take_back(self.intent.files.len());
            self.close()?;
            return Ok(End::Undone(left));
        };
        let index = self.repository.index_file();
        // Where the dead one's lock is still there, no git has touched index and branch since.
        let is_undisturbed = self.journal.owns(&lock_of(&index));
        let mut latches = vec![Latch::take(&self.journal, &index, patience, on_wait)?];
        if let Some(branch) = tip.file(&self.repository) {
            latches.push(Latch::take(&self.journal, &branch, patience, on_wait)?);
        }
        let end = self.settle_or_finish(tip, is_undisturbed);
        latches.into_iter().rev().try_for_each(Latch::release)?;
        let end = end?;
        self.close()?;
        Ok(end)
    }

    fn settle_or_finish(&self, tip: &Tip, is_undisturbed: bool) -> Result<End, GitError> {
        if self.is_landed()? || (!is_undisturbed && self.head_holds_it()?) {
            self.settle()?;
            return Ok(End::Landed);
        }
        if let Some(commit) = self.scratch.ready() {
            let old = tip.commit(&self.repository)?;
            let follows = self.repository.parent_of(&commit)? == old;
            let can_finish = follows
                && match self.index_is_installed() {
                    true => is_undisturbed || self.repository.index_agrees_with(&commit, &self.paths())?,
                    // The index that is ready is good only while nobody has changed theirs.
                    false => is_undisturbed && self.scratch.index().exists(),
                };
            if can_finish {
                if !self.index_is_installed() {
                    self.install_index()?;
                }
                tip.move_to(&self.repository, &self.scratch, &commit, old.as_deref())?;
                self.settle()?;
                return Ok(End::Finished);
            }
            if self.index_is_installed() && !is_undisturbed {
                // Somebody removed the lock and went on: only what is still ours in the index goes back.
                let agrees = self.repository.index_agrees_with(&commit, &self.paths())?;
                let left = self.take_back_files(self.intent.files.len());
                if agrees {
                    self.reset_index()?;
                }
                return Ok(End::Undone(left));
            }
        }
        let left = self.take_back(self.intent.files.len());
        if !is_undisturbed && self.is_staged()? {
            self.reset_index()?;
        }
        Ok(End::Undone(left))
    }

    /// Whether somebody has committed what the change had written.
    fn head_holds_it(&self) -> Result<bool, GitError> {
        self.is_everywhere("HEAD:")
    }

    /// Whether somebody has staged what the change had written.
    fn is_staged(&self) -> Result<bool, GitError> {
        self.is_everywhere(":")
    }

    fn is_everywhere(&self, before_path: &str) -> Result<bool, GitError> {
        for (file, path) in self.intent.files.iter().zip(self.paths()) {
            let found = self.repository.object_at(before_path, &path)?;
            let blob = git2::Oid::hash_object(git2::ObjectType::Blob, file.after().as_bytes());
            let blob = blob.map_err(refused("hash-object"))?;
            if found != Some(blob.to_string()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes the index hold the change's files as HEAD does, by way of a copy: the lock on it is ours.
    fn reset_index(&self) -> Result<(), GitError> {
        let (index, copy) = (self.repository.index_file(), self.scratch.index());
        fs::copy(&index, &copy).map_err(GitError::io("write", &copy))?;
        self.repository.reset_in_index(&copy, &self.paths())?;
        fs::rename(&copy, &index).map_err(GitError::io("write", &index))?;
        Ok(sync_folder_of(&index)?)
    }

    /// The files of the change, from the top.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let top = self.repository.top();
        let from_top = |place: &Path| place.strip_prefix(top).unwrap_or(place).to_owned();
        self.intent.files.iter().map(|file| from_top(file.place())).collect()
    }
}

/// The words for a commit that a reset took off the branch.
pub fn dropped(commit: &str) -> String {
    let short = commit.get(..10).unwrap_or(commit);
    format!(
        "a `git reset` or `git stash` of the same moment has taken commit {short} off this branch, as git's own may: look at it \
         with `git show {short}`, and bring it back with `git cherry-pick {short}`"
    )
}

/// The words for a file that was kept because an editor wrote into it.
pub fn kept(file: &Path) -> String {
    format!("an editor wrote into the file while it was being replaced; its text is kept in {}", shown(file))
}
