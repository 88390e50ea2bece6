//! Why a record cannot be found, read or written. It knows no exit codes.

use std::path::{Path, PathBuf};

use inc_core::id::{Id, IdError};
use thiserror::Error;

use crate::edit::EditError;
use crate::file::{FileError, shown};
use crate::git::GitError;
use crate::land::LandError;
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
    #[error("{}", error.render(&shown(path)))]
    Read {
        /// The file, from the top.
        path: PathBuf,
        /// What is wrong with it, and where.
        error: Box<ReadError>,
    },
    /// A record that cannot be changed in place.
    #[error("{}: cannot {source}; nothing was written", shown(path))]
    Edit {
        /// The file, from the top.
        path: PathBuf,
        /// Why not.
        source: EditError,
    },
    /// A file whose name is not its record's id.
    #[error("{}: the record's id is `{id}`: rename the file to {id}.yaml, or correct the id", shown(path))]
    Misnamed {
        /// The file, from the top.
        path: PathBuf,
        /// The id inside.
        id: Id,
    },
    /// A commit that was refused or failed; the files are as they were.
    #[error("{source}{}nothing was written (--no-commit writes without a commit)", after(source))]
    NotCommitted {
        /// Why.
        source: Box<StoreError>,
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
    #[error("`{given}` is part of {count} {kind} ids; give more of the one you mean:{}{}", list(candidates), more(*count, candidates))]
    Ambiguous {
        /// `incident` or `PDCA`.
        kind: &'static str,
        /// What was given.
        given: String,
        /// How many there are.
        count: usize,
        /// The ids, or the first of them.
        candidates: Vec<Id>,
    },
    /// One id in several files, of which nobody can say which one counts.
    #[error("{kind} {id} is in {} files:{}; keep one, and give the others ids of their own", paths.len(), places(paths))]
    Twice {
        /// `incident` or `PDCA`.
        kind: &'static str,
        /// The id.
        id: String,
        /// The files, from the top.
        paths: Vec<PathBuf>,
    },
    /// A name that cannot be one.
    #[error("{why}")]
    NotAnId {
        /// Why.
        why: IdError,
    },
    /// A change that did not land.
    #[error(transparent)]
    Land(LandError),
    /// A change failed, and a file that it had written already could not be put back.
    #[error(
        "{error}\nand what had been written could not be taken back:{}\n`git diff` shows it",
        reasons(left)
    )]
    NotPutBack {
        /// Why the change failed.
        error: Box<StoreError>,
        /// What stands as it was written, and why.
        left: Vec<FileError>,
    },
}

impl From<LandError> for StoreError {
    fn from(error: LandError) -> StoreError {
        match error {
            LandError::Git(error) => error.into(),
            LandError::File(error) => error.into(),
            LandError::NotCommitted { source } => {
                StoreError::NotCommitted { source: Box::new((*source).into()) }
            }
            LandError::NotPutBack { error, left } => {
                StoreError::NotPutBack { error: Box::new((*error).into()), left }
            }
            other => StoreError::Land(other),
        }
    }
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

fn more(count: usize, shown: &[Id]) -> String {
    match count - shown.len().min(count) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    }
}

fn places(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("\n  {}", shown(path))).collect()
}

fn reasons(errors: &[FileError]) -> String {
    errors.iter().map(|error| format!("\n  {error}")).collect()
}

fn list(ids: &[Id]) -> String {
    ids.iter().map(|id| format!("\n  {id}")).collect()
}

/// What stands between words and our own behind them: a line of their own where those are several.
fn after(words: &impl ToString) -> &'static str {
    if words.to_string().contains('\n') { "\n" } else { "; " }
}
