//! The folder in which a change is made ready, in our part of git's common folder: no git looks there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::file::sync_folder_of;
use crate::git::{GitError, Repository};

/// What the names of such folders begin with.
const PREFIX: &str = "change-";

/// The folder; its name stands in the journal.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// The name of this process's folder.
    pub(super) fn name() -> String {
        format!("{PREFIX}{}", process::id())
    }

    pub(super) fn of(repository: &Repository, name: &str) -> Scratch {
        Scratch { folder: repository.own_folder().join(name) }
    }

    /// Makes the folder, empty; those of dead processes go.
    pub(super) fn make(&self) -> Result<(), GitError> {
        self.sweep();
        fs::create_dir(&self.folder).map_err(GitError::io("create", &self.folder))?;
        let mark = self.mark();
        File::create_new(&mark).map_err(GitError::io("create", &mark))?;
        // The entry must be there when the mark is set; that of the folder itself is synced with the journal's.
        Ok(sync_folder_of(&mark)?)
    }

    /// Our lock is held, so that no other such folder is in use.
    fn sweep(&self) {
        let folder = self.folder.parent().and_then(|parent| fs::read_dir(parent).ok());
        for entry in folder.into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    pub(super) fn remove(&self) -> Result<(), GitError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(GitError::io("remove", &self.folder)(error))
            }
            _ => Ok(()),
        }
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The user's index as it is to be.
    pub(super) fn index(&self) -> PathBuf {
        self.file("index")
    }

    /// The user's index as it was.
    pub(super) fn old_index(&self) -> PathBuf {
        self.file("index.old")
    }

    /// Notes that commit and index are ready, so that the change can be finished by whoever comes next.
    ///
    /// The file holds what a ref's file holds: the commit's id and a line feed. It was made with the folder, so that
    /// only its content is to be synced now.
    pub(super) fn mark_ready(&self, commit: &str) -> Result<(), GitError> {
        let mark = self.mark();
        let write = || -> io::Result<()> {
            let mut file = File::options().write(true).open(&mark)?;
            file.write_all(format!("{commit}\n").as_bytes())?;
            file.sync_all()
        };
        write().map_err(GitError::io("write", &mark))
    }

    /// The commit that is ready, or `None`; a note that was cut off counts as none.
    pub(super) fn ready(&self) -> Option<String> {
        let text = fs::read_to_string(self.mark()).ok()?;
        let commit = text.strip_suffix('\n')?;
        let is_id = matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| commit.to_owned())
    }

    /// The file by which the commit is known as ready.
    pub(super) fn mark(&self) -> PathBuf {
        self.file("commit")
    }
}

/// The same content under a second name: a hard link, or a copy where there are none.
pub(super) fn second_name(file: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(file, name) {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
        {
            fs::copy(file, name)?;
            File::open(name)?.sync_all()
        }
        other => other,
    }
}
