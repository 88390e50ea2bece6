//! Why a change did not land, and what is left of it. It knows no exit codes.

use std::path::PathBuf;

use crate::file::{FileError, shown};
use crate::git::GitError;

/// Why a change did not land.
#[derive(Debug, thiserror::Error)]
pub enum LandError {
    /// Git, or the repository's state; nothing was written.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file; nothing was written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Edits by hand that nobody committed lie in a file of the change.
    #[error(
        "{} has changes of yours that are not committed: commit them (git add {} && git commit {}), or say --include-edits to commit them with this change, or --no-commit to leave both to you",
        shown(path),
        shown(path),
        shown(path)
    )]
    Edits {
        /// The file, from the top.
        path: PathBuf,
    },
    /// The files were written and the commit was not made; they are as they were.
    #[error("{source}")]
    NotCommitted {
        /// Why.
        source: Box<LandError>,
    },
    /// A change failed, and a file that it had written could not be put back.
    #[error("{error}")]
    NotPutBack {
        /// Why the change failed.
        error: Box<LandError>,
        /// What stands as it was written, and why.
        left: Vec<FileError>,
    },
    /// A change failed, every file is as it was, and something of ours is left in git's folder.
    #[error(
        "{error}\nand what is left of it in git's folder could not be removed: {closing}; the next command will"
    )]
    Unfinished {
        /// Why the change failed.
        error: Box<LandError>,
        /// What could not be removed.
        closing: GitError,
    },
    /// The files are written, and the journal that says so half-way could not be removed.
    #[error(
        "{closing}; the change is written, and will be taken back by the next command: make it again after that"
    )]
    Open {
        /// What could not be removed.
        closing: GitError,
    },
    /// The change is made and committed, and the disk did not say that it keeps it.
    #[error("the change is committed, but that it is safe on the disk cannot be said: {source}")]
    Unsynced {
        /// What failed after the commit.
        source: Box<LandError>,
    },
}
