//! Why a record cannot be found, read or written. It knows no exit codes.

use std::path::{Path, PathBuf};

use inc_core::id::Id;
use inc_core::severity::PolicyError;
use thiserror::Error;

use crate::edit::EditError;
use crate::file::FileError;
use crate::git::GitError;
use crate::yaml::ReadError;

/// Why a record cannot be found, read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Git, or the repository's state.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is no record.
    #[error("{}", error.render(&path.display().to_string()))]
    Read {
        /// The file, from the top.
        path: PathBuf,
        /// What is wrong with it, and where.
        error: Box<ReadError>,
    },
    /// A record that cannot be changed in place.
    #[error("{}: cannot {source}; nothing was written", path.display())]
    Edit {
        /// The file, from the top.
        path: PathBuf,
        /// Why not.
        source: EditError,
    },
    /// A policy that contradicts itself.
    #[error("{}: {source}", path.display())]
    Policy {
        /// The file, from the top.
        path: PathBuf,
        /// What is wrong.
        source: PolicyError,
    },
    /// A file whose name is not its record's id.
    #[error("{}: the record's id is `{id}`: rename the file to {id}.yaml, or correct the id", path.display())]
    Misnamed {
        /// The file, from the top.
        path: PathBuf,
        /// The id inside.
        id: Id,
    },
    /// A name that no record has.
    #[error("{}", no_such(kind, given, candidates))]
    NoSuch {
        /// `incident` or `PDCA`.
        kind: &'static str,
        /// What was given.
        given: String,
        /// The nearest or newest ids.
        candidates: Vec<Id>,
    },
    /// A name that several records have.
    #[error("`{given}` is part of several {kind} ids; give more of the one you mean:{}", list(candidates))]
    Ambiguous {
        /// `incident` or `PDCA`.
        kind: &'static str,
        /// What was given.
        given: String,
        /// The ids.
        candidates: Vec<Id>,
    },
    /// A name that cannot be one.
    #[error("{why}")]
    NotAnId {
        /// What was given, cleaned.
        given: String,
        /// Why; it repeats what was given.
        why: String,
    },
    /// Edits by hand that nobody committed lie in the file that a command is to change and commit.
    #[error(
        "{} has changes of yours that are not committed: commit them (git commit -- {}), or say --include-edits to commit them with this change, or --no-commit to leave both to you",
        path.display(), path.display()
    )]
    Edits {
        /// The file, from the top.
        path: PathBuf,
    },
}

impl StoreError {
    pub(super) fn read(path: impl AsRef<Path>, error: ReadError) -> Self {
        Self::Read { path: path.as_ref().into(), error: Box::new(error) }
    }
}

fn no_such(kind: &str, given: &str, candidates: &[Id]) -> String {
    match candidates {
        [] => format!("no {kind} `{given}`: this repository has none yet"),
        some => format!("no {kind} `{given}`; there are:{}", list(some)),
    }
}

fn list(ids: &[Id]) -> String {
    ids.iter().map(|id| format!("\n  {id}")).collect()
}
