//! A change on its way into the repository: its files and one commit of them, together or not at all.
//!
//! The order, each step on disk before the next; what a process that dies in between leaves is finished or undone by
//! the next one (`recover`), as the journal tells:
//!
//! 1. the intent is written into the journal;
//! 2. git's own `index.lock` and the lock of the branch are taken, as hard links of the journal;
//! 3. the files are put in place (`file::Placement`);
//! 4. commit and next index are made ready in a scratch folder: *in process* for a plain repository (`plain`), else
//!    *through the user's git* (`program`), with its hooks, filters and signing;
//! 5. a mark says that they are ready: from here on the change is finished, before it, undone;
//! 6. the next index takes its place, and only then the branch moves: a commit whose file is missing in the index
//!    would be undone in silence by the user's next commit;
//! 7. locks, journal and scratch folder go, in this order.
//!
//! It does not take our own lock: the caller holds it, from before the files are read. It knows no records.

mod error;
mod journal;
mod latch;
mod plain;
mod program;
mod recover;
mod scratch;
#[cfg(test)]
mod tests;
mod tip;

use std::path::PathBuf;
use std::time::Duration;

pub use error::LandError;
pub use recover::{dropped, is_unfinished, kept, recover};

use crate::file::{FileError, Placement};
use crate::git::{Author, GitError, Lock, Repository, Setup};
use journal::{Intent, Journal};
use latch::Latch;
use recover::Underway;
use scratch::Scratch;
use tip::Tip;

/// A file that a change writes.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// From the top of the work tree, or absolute.
    pub path: PathBuf,
    /// What was read from it, or `None` where there must be none.
    pub before: Option<String>,
    /// What it is to hold.
    pub after: String,
}

/// The commit of a change.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// How the user set git up, read before our lock was taken.
    pub setup: &'a Setup,
    /// Author and committer, or `None` for those of git's settings.
    pub author: Option<&'a Author>,
    /// The date of both, RFC 3339, where the clock is pinned; `None` = now.
    pub at: Option<&'a str>,
    /// Whether edits by hand in the same files go into the commit.
    pub include_edits: bool,
    /// Whether the commit is made by the user's git, however plain the repository is.
    pub through_git: bool,
}

/// A change to make.
#[derive(Clone, Copy, Debug)]
pub struct Landing<'a> {
    /// The files.
    pub files: &'a [FileChange],
    /// The whole message with its trailers; lines that begin with `#` stay.
    pub message: &'a str,
    /// The commit, or `None` where that is left to the user.
    pub commit: Option<Signed<'a>>,
    /// How long to wait for another git.
    pub patience: Duration,
}

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landed {
    /// The commit, where one was made.
    pub commit: Option<String>,
    /// Whether the user's git made it, so that its `post-commit` hook is due.
    pub through_git: bool,
    /// Files in which the work of an editor was kept that wrote into a file while it was being replaced.
    pub kept: Vec<PathBuf>,
    /// A commit that a `git reset` of the same moment took off the branch, before this change.
    pub dropped: Option<String>,
}

/// The two ways to make a commit ready.
enum Maker<'a> {
    Plain(Box<plain::Plain<'a>>),
    Program(program::Program<'a>),
}

/// Makes the change. Under the same lock [`recover()`] must have been called before the files were read.
///
/// # Errors
/// Everything is as it was, but for [`LandError::NotPutBack`], which says what is not; [`LandError::Unfinished`] and
/// [`LandError::Open`], after which the next command ends the change; and [`LandError::Unsynced`], where it is committed.
pub fn land(
    repository: &Repository,
    _lock: &Lock,
    landing: &Landing<'_>,
    on_wait: &mut dyn FnMut(&str),
) -> Result<Landed, LandError> {
    if let Some(blocked) = repository.blocked().filter(|_| landing.commit.is_some()) {
        return Err(GitError::Blocked(blocked).into());
    }
    let scratch = Scratch::of(repository, &Scratch::name());
    let placements = landing.files.iter().enumerate().map(|(number, file)| {
        let plan = Placement::plan(repository.top(), &file.path, file.before.as_deref(), &file.after)?;
        Ok(plan.keeping_old_at(scratch.file(&format!("old-{number}"))))
    });
    let placements: Vec<Placement> = placements.collect::<Result<_, FileError>>()?;
    if landing.commit.is_some() {
        not_nested(repository, &placements)?;
    }
    let tip = landing.commit.map(|signed| Tip::of(repository, signed.setup)).transpose()?;
    let subject = landing.message.lines().next().unwrap_or_default();
    let intent = Intent::new(repository, subject, tip, placements);
    let journal = Journal::of(repository);
    let noted = scratch.make().and_then(|()| journal.write(&intent));
    if let Err(error) = noted {
        let _ = journal.drop().and_then(|()| scratch.remove());
        return Err(error.into());
    }
    let underway = Underway::new(repository.clone(), intent, journal);
    let mut flight = Flight { underway: &underway, landing, latches: vec![], put: 0, has_put: false };
    match flight.run(on_wait) {
        Ok(landed) => flight.end(landed),
        Err(error) => Err(flight.abandon(error)),
    }
}

/// Refuses files that belong to a repository inside this one, of which this one's index knows nothing.
fn not_nested(repository: &Repository, placements: &[Placement]) -> Result<(), GitError> {
    let top = repository.top();
    let folders = placements.iter().flat_map(|file| file.place().ancestors().skip(1));
    let mut inside = folders.filter(|folder| *folder != top && folder.starts_with(top));
    match inside.find(|folder| folder.join(".git").symlink_metadata().is_ok()) {
        Some(folder) => Err(GitError::Nested { path: folder.strip_prefix(top).unwrap_or(folder).to_owned() }),
        None => Ok(()),
    }
}

/// A change between its journal and its end.
struct Flight<'a> {
    underway: &'a Underway,
    landing: &'a Landing<'a>,
    latches: Vec<Latch>,
    /// How many files were begun to be put in place.
    put: usize,
    /// Whether all files were put in place.
    has_put: bool,
}

impl<'a> Flight<'a> {
    fn run(&mut self, on_wait: &mut dyn FnMut(&str)) -> Result<Landed, LandError> {
        let (repository, intent) = (&self.underway.repository, &self.underway.intent);
        let scratch = &self.underway.scratch;
        let Some(signed) = self.landing.commit else {
            self.put()?;
            return Ok(Landed::default());
        };
        self.latch(repository.index_file(), on_wait)?;
        let tip = intent.tip.as_ref().unwrap_or(&Tip::Git);
        if let Some(file) = tip.file(repository) {
            self.latch(file, on_wait)?;
        }
        if &Tip::of(repository, signed.setup)? != tip {
            return Err(LandError::Git(GitError::Switched));
        }
        let old = tip.commit(repository)?;
        let dropped = tip.dropped_commit(repository);
        let mut maker = self.maker(signed, old.as_deref())?;
        self.put()?;
        let through_git = matches!(maker, Maker::Program(_));
        let made = match &mut maker {
            Maker::Plain(plain) => plain.make(self.landing.message)?,
            Maker::Program(program) => program.make(self.landing.message)?,
        };
        let Some(commit) = made else {
            return Ok(Landed { through_git, dropped, ..Landed::default() });
        };
        scratch.mark_ready(&commit)?;
        self.underway.install_index()?;
        tip.move_to(repository, scratch, &commit, old.as_deref())?;
        Ok(Landed { commit: Some(commit), through_git, dropped, kept: vec![] })
    }

    /// Decides who makes the commit, and refuses what must not be committed; nothing is written yet.
    fn maker(&self, signed: Signed<'a>, old: Option<&str>) -> Result<Maker<'a>, LandError> {
        let underway = self.underway;
        let plain = plain::Plain::of(underway, signed, self.landing.files, old)?;
        Ok(match plain {
            Some(plain) => Maker::Plain(Box::new(plain)),
            None => Maker::Program(program::Program::of(underway, signed, self.landing.files, old)?),
        })
    }

    fn latch(&mut self, guarded: PathBuf, on_wait: &mut dyn FnMut(&str)) -> Result<(), LandError> {
        let journal = &self.underway.journal;
        self.latches.push(Latch::take(journal, &guarded, self.landing.patience, on_wait)?);
        Ok(())
    }

    fn put(&mut self) -> Result<(), LandError> {
        for placement in &self.underway.intent.files {
            self.put += 1;
            placement.put()?;
        }
        self.has_put = true;
        Ok(())
    }

    /// Clears away what the change no longer needs.
    fn end(mut self, landed: Landed) -> Result<Landed, LandError> {
        let underway = self.underway;
        if landed.commit.is_some() {
            // What cannot be cleared away now, the next command clears away: the journal says that all is made.
            self.release();
            let Ok(kept) = underway.settle() else { return Ok(landed) };
            // Through git the record's bytes may be stored as others, by which HEAD would not tell.
            let _ = if landed.through_git { underway.close() } else { underway.close_landed() };
            return Ok(Landed { kept, ..landed });
        }
        match underway.settle() {
            Ok(kept) => {
                self.release();
                let ended = underway.close();
                ended.map(|()| Landed { kept, ..landed }).map_err(|closing| LandError::Open { closing })
            }
            Err(error) => Err(self.abandon(error.into())),
        }
    }

    fn release(&mut self) {
        // One that cannot be removed is tried again by `close`, and by the next command.
        self.latches.drain(..).rev().for_each(|latch| drop(latch.release()));
    }

    /// Undoes the change, and returns the error that made it necessary, or a worse one.
    fn abandon(mut self, error: LandError) -> LandError {
        let underway = self.underway;
        match underway.is_landed() {
            Ok(false) => {}
            // The branch has moved: what failed came after.
            Ok(true) => {
                self.release();
                let _ = underway.settle().is_ok_and(|_| underway.close().is_ok());
                return LandError::Unsynced { source: Box::new(error) };
            }
            // To take back what may be committed is worse than to leave it to the next command.
            Err(closing) => {
                self.release();
                return LandError::Unfinished { error: Box::new(error), closing };
            }
        }
        let mut left = underway.take_back(self.put);
        if !self.has_put && is_someone_faster(&error) {
            // The last file was never ours.
            left.retain(|left| !matches!(left, FileError::ChangedMeanwhile { .. }));
        }
        self.release();
        let closed = underway.close();
        match (left.is_empty(), closed) {
            (true, Ok(())) if self.has_put => LandError::NotCommitted { source: Box::new(error) },
            (true, Ok(())) => error,
            (true, Err(closing)) => LandError::Unfinished { error: Box::new(error), closing },
            (false, _) => LandError::NotPutBack { error: Box::new(error), left },
        }
    }
}

fn is_someone_faster(error: &LandError) -> bool {
    matches!(error, LandError::File(FileError::ChangedMeanwhile { .. } | FileError::AlreadyExists { .. }))
}
