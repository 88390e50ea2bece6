//! Git's own lock files, taken by us: while `index.lock` is there, no git changes the index; while
//! `refs/heads/main.lock` is there, none moves that branch.
//!
//! One that is held by somebody else is waited for, told, and never removed.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::journal::Journal;
use crate::file::shown;
use crate::git::GitError;

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
const TELL_AFTER: Duration = Duration::from_secs(1);

/// One of git's lock files, held until it is released or the change is over.
#[derive(Debug)]
pub(super) struct Latch {
    lock: PathBuf,
}

impl Latch {
    /// Takes the lock file beside `guarded`, waiting for another git up to `patience`.
    ///
    /// # Errors
    /// [`GitError::IndexLocked`] with the file, its age and, where that can be known, its holder.
    pub(super) fn take(
        journal: &Journal,
        guarded: &Path,
        patience: Duration,
        on_wait: &mut dyn FnMut(&str),
    ) -> Result<Latch, GitError> {
        let lock = lock_of(guarded);
        let start = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut is_told = false;
        loop {
            match make(journal.path(), &lock) {
                Ok(()) => return Ok(Latch { lock }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => create_folder_of(&lock)?,
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(GitError::io("create", &lock)(error));
                }
                Err(_) if journal.owns(&lock) => return Ok(Latch { lock }),
                Err(_) => {}
            }
            let waited = start.elapsed();
            if waited >= patience {
                return Err(GitError::IndexLocked { age: age(&lock), holder: holder(&lock), path: lock });
            }
            if waited >= TELL_AFTER && !is_told {
                is_told = true;
                on_wait(&format!("waiting for another git to finish with {}", shown(&lock)));
            }
            thread::sleep(pause.min(patience - waited));
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Lets go of it.
    pub(super) fn release(self) -> Result<(), GitError> {
        fs::remove_file(&self.lock).map_err(GitError::io("remove", &self.lock))
    }
}

/// Lets go of the lock file beside `guarded` if it was made by the change of this journal.
pub(super) fn release_ours(journal: &Journal, guarded: &Path) -> Result<(), GitError> {
    let lock = lock_of(guarded);
    if !journal.owns(&lock) {
        return Ok(());
    }
    fs::remove_file(&lock).map_err(GitError::io("remove", &lock))
}

/// `index.lock` for `index`: what git calls the file that locks another.
pub(super) fn lock_of(guarded: &Path) -> PathBuf {
    let mut name = guarded.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

/// A hard link to the journal is made in one step, fails where there is a file, and names its maker.
fn make(journal: &Path, lock: &Path) -> io::Result<()> {
    match fs::hard_link(journal, lock) {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
        {
            // No hard links here (FAT, some network file systems): a lock as git makes it, nameless after a crash.
            OpenOptions::new().write(true).create_new(true).open(lock).map(drop)
        }
        other => other,
    }
}

/// The folder of a branch with a slash in its name goes when git packs its refs.
fn create_folder_of(lock: &Path) -> Result<(), GitError> {
    let folder = lock.parent().unwrap_or(lock);
    if folder.is_dir() {
        // It is the journal that is missing, not the folder.
        return Err(GitError::io("create", lock)(io::ErrorKind::NotFound.into()));
    }
    fs::create_dir_all(folder).map_err(GitError::io("create", folder))
}

fn age(lock: &Path) -> Option<Duration> {
    let made = lock.symlink_metadata().and_then(|metadata| metadata.modified()).ok()?;
    SystemTime::now().duration_since(made).ok()
}

/// The process that has the file open, where the system tells: its number and its name.
fn holder(lock: &Path) -> Option<String> {
    let lock = lock.canonicalize().ok()?;
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut holders = numbers.filter(|number| has_open(*number, &lock));
    let number = holders.next()?;
    let name = fs::read_to_string(format!("/proc/{number}/comm")).unwrap_or_default();
    Some(format!("process {number} ({})", name.trim()))
}

fn has_open(process: u32, file: &Path) -> bool {
    let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    files.filter_map(|entry| entry.path().read_link().ok()).any(|open| open == file)
}
