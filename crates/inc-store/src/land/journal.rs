//! The intent journal: what a change is about to do, on disk before it does anything.
//!
//! There is one at most, as our lock lets in one writer at a time: a journal that is found under the lock belongs to a
//! process that died. Its file is also what git's lock files are made of: they are hard links to it, so that a lock is
//! known as ours by its inode alone, and a lock of anybody else's is never touched.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use serde::{Deserialize, Serialize};

use super::scratch::Scratch;
use super::tip::Tip;
use crate::file::{Placement, sync_folder_of, text_of_path};
use crate::git::{GitError, Repository};

const VERSION: u32 = 1;

/// What a change is about to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Intent {
    version: u32,
    /// The process, for people.
    pub(super) process: u32,
    /// What the change is called, for people.
    pub(super) subject: String,
    #[serde(with = "text_of_path")]
    pub(super) top: PathBuf,
    #[serde(with = "text_of_path")]
    pub(super) git_dir: PathBuf,
    /// The folder in which the change is made ready, beside the journal.
    pub(super) scratch: String,
    /// The ref that a commit is to move; `None` where there is to be no commit.
    pub(super) tip: Option<Tip>,
    pub(super) files: Vec<Placement>,
}

impl Intent {
    pub(super) fn new(
        repository: &Repository,
        subject: &str,
        tip: Option<Tip>,
        files: Vec<Placement>,
    ) -> Intent {
        Intent {
            version: VERSION,
            process: process::id(),
            subject: subject.to_owned(),
            top: repository.top().to_owned(),
            git_dir: repository.git_dir().to_owned(),
            scratch: Scratch::name(),
            tip,
            files,
        }
    }
}

/// The journal of a repository, all its work trees together.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    path: PathBuf,
}

impl Journal {
    pub(super) fn of(repository: &Repository) -> Journal {
        Journal { path: repository.own_folder().join("journal") }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the intent, so that it and the scratch folder, which it names and which is beside it, survive whatever comes.
    pub(super) fn write(&self, intent: &Intent) -> Result<(), GitError> {
        let draft = self.path.with_extension("draft");
        let write = || -> io::Result<()> {
            // A dead process's draft may be another user's, who shares the folder.
            let mut file = match File::create_new(&draft) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    fs::remove_file(&draft)?;
                    File::create_new(&draft)?
                }
                other => other?,
            };
            file.write_all(&serde_json::to_vec(intent)?)?;
            file.sync_all()?;
            fs::rename(&draft, &self.path)
        };
        write().map_err(GitError::io("write", &self.path)).inspect_err(|_| {
            let _ = fs::remove_file(&draft);
        })?;
        sync_folder_of(&self.path)?;
        Ok(())
    }

    /// What a dead process left, or `None`.
    pub(super) fn read(&self) -> Result<Option<Intent>, GitError> {
        let bytes = match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(GitError::io("read", &self.path))?,
        };
        let broken = |why: String| GitError::Journal { path: self.path.clone(), why };
        let intent: Intent = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        match intent.version {
            VERSION => Ok(Some(intent)),
            other => Err(broken(format!("its version is {other}, and this inc knows {VERSION}"))),
        }
    }

    /// Ends the change: nothing is left to be finished or undone.
    pub(super) fn drop(&self) -> Result<(), GitError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(GitError::io("remove", &self.path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Makes what was done to the journal's entry survive a power cut.
    pub(super) fn sync_folder(&self) -> Result<(), GitError> {
        Ok(sync_folder_of(&self.path)?)
    }

    /// Whether a lock file was made by the change of this journal.
    pub(super) fn owns(&self, lock: &Path) -> bool {
        matches!((identity(lock), identity(&self.path)), (Some(lock), Some(ours)) if lock == ours)
    }
}

/// What tells a file from any other as long as it exists: device and inode.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.symlink_metadata().ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Unknown here: no lock file counts as ours.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}
