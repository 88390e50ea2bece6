//! Why something cannot be done with the repository, in words that say what to do next. It knows no exit codes.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Blocked;
use super::lock::Holder;
use super::words::{cleaned, set_off};
use crate::file::{FileError, reason, shown};

/// The oldest `git` that is known to do all we ask.
pub(super) const OLDEST: (u32, u32) = (2, 40);

/// Why something cannot be done with the repository.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// No repository around the folder.
    #[error(
        "no git repository at or above {}: run `inc init` there, or go to a folder inside one",
        shown(from)
    )]
    NoRepository {
        /// Where the search began.
        from: PathBuf,
    },
    /// A repository without files.
    #[error("{} is a bare repository, which has no files to work with: go to a clone of it", shown(path))]
    Bare {
        /// The repository.
        path: PathBuf,
    },
    /// The `git` program is not there.
    #[error("the program `git` is not on the PATH: install git {}.{} or newer (https://git-scm.com)", OLDEST.0, OLDEST.1)]
    Missing,
    /// The `git` program is too old.
    #[error("git {found} is too old: install git {}.{} or newer (https://git-scm.com)", OLDEST.0, OLDEST.1)]
    TooOld {
        /// Its version.
        found: String,
    },
    /// Nobody said who commits.
    #[error(
        "no name to sign the change with: run `git config --global user.name \"Your Name\"` and `git config \
         --global user.email you@example.org`, or set INC_AUTHOR='Your Name <you@example.org>'"
    )]
    NoIdentity,
    /// The repository is in the middle of something.
    #[error("{0}")]
    Blocked(Blocked),
    /// Git is told to ignore the file.
    #[error(
        "git ignores {} because of the rule {rule}: change that rule, or add `!{}` after it",
        shown(path),
        shown(path)
    )]
    Ignored {
        /// The file, from the top.
        path: PathBuf,
        /// Where the rule stands and what it says.
        rule: String,
    },
    /// The user told git not to look at the file.
    #[error(
        "git is told to assume {0} unchanged: run `git update-index --no-assume-unchanged -- {0}` first",
        shown(path)
    )]
    AssumedUnchanged {
        /// The file, from the top.
        path: PathBuf,
    },
    /// The user told git that the file need not be in the work tree.
    #[error(
        "git is told to skip {0} in the work tree: run `git update-index --no-skip-worktree -- {0}` first",
        shown(path)
    )]
    Skipped {
        /// The file, from the top.
        path: PathBuf,
    },
    /// A file that the repository holds and a sparse checkout leaves out.
    #[error(
        "{} is in the repository but not in your sparse checkout: run `git sparse-checkout add {}` first",
        shown(path), shown(path.iter().next().unwrap_or_default().as_ref())
    )]
    NotCheckedOut {
        /// The file, from the top.
        path: PathBuf,
    },
    /// A file in a repository inside this one, or in a submodule.
    #[error(
        "{0} is a repository of its own inside this one: work in it with -C {0}, or move its .git away",
        shown(path)
    )]
    Nested {
        /// The folder, from the top.
        path: PathBuf,
    },
    /// A file that was changed, and in which git sees no change.
    #[error(
        "git sees no change in {}, though its text is another one: look at its attributes and filters",
        shown(path)
    )]
    Unseen {
        /// The file, from the top.
        path: PathBuf,
    },
    /// The file has conflicts that nobody settled.
    #[error("{0} has unsettled conflicts: settle them, then run `git add -- {0}`", shown(path))]
    Unmerged {
        /// The file, from the top.
        path: PathBuf,
    },
    /// A hook said no, or something else in the repository's own rules (an empty message, say).
    #[error("git refused the commit, probably by one of the repository's hooks:{}", set_off(words))]
    CommitRefused {
        /// What git and the hook said, cleaned of control characters.
        words: String,
    },
    /// Another git holds the index or the branch.
    #[error(
        "another git is at work in this repository ({} exists{}{}): wait for it; if none runs, remove that file",
        shown(path), age.map(|age| format!(", made {}", ago(age))).unwrap_or_default(),
        holder.as_ref().map(|holder| format!(", open in {}", cleaned(holder))).unwrap_or_default()
    )]
    IndexLocked {
        /// Git's lock file.
        path: PathBuf,
        /// How long it has been there.
        age: Option<Duration>,
        /// The process that has it open, where the system tells.
        holder: Option<String>,
    },
    /// The branch was switched while we were about to commit.
    #[error("another git has switched the branch in the meantime: look at `git status`, then try again")]
    Switched,
    /// A journal that nobody can read.
    #[error(
        "cannot read {}, in which inc notes a change that is under way: {why}; look at `git status`, then remove that file",
        shown(path)
    )]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another of our programs holds the repository.
    #[error(
        "could not get the lock {} within {seconds} s: another inc has it{}; wait for it or end it, then try again",
        shown(path), holder.map(|holder| format!(" ({holder})")).unwrap_or_default()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long we waited.
        seconds: u64,
        /// Its process, where the file tells.
        holder: Option<Holder>,
    },
    /// Something else stands where our folder is to be.
    #[error("{} is no folder, and inc keeps its lock in one of that name: move it away", shown(path))]
    NoFolder {
        /// Our folder.
        path: PathBuf,
    },
    /// The lock file cannot be opened.
    #[error(
        "cannot open the lock {}: {}; it must be a plain file that you may write",
        shown(path),
        reason(source)
    )]
    LockFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A merge or rebase that is not given up, as files that this would touch were edited since.
    #[error(
        "git {command} would lose edits made since it began, in {}: keep a copy of them, `git checkout -- {}`, \
         and try again (`git stash` does not work here); or settle the conflicts and go on",
        many(files, ", "),
        many(files, " ")
    )]
    EditedSince {
        /// Git's command.
        command: &'static str,
        /// These, from the top.
        files: Vec<PathBuf>,
    },
    /// Git failed for a reason of its own.
    #[error("git {what} failed: {words}")]
    Failed {
        /// Git's command.
        what: &'static str,
        /// What git said, cleaned of control characters.
        words: String,
    },
    /// A path that is no file of the repository.
    #[error(transparent)]
    File(#[from] FileError),
    /// The operating system refused.
    #[error("{verb} {}: {}", shown(path), reason(source))]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl GitError {
    /// Wraps a system error, for `map_err`.
    pub(crate) fn io(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GitError {
        let path = path.to_path_buf();
        move |source| GitError::Io { verb, path, source }
    }
}

/// The paths one after the other.
fn many(paths: &[PathBuf], between: &str) -> String {
    paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(between)
}

/// A span of time in the past, in its largest unit.
fn ago(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86400),
    }
}
