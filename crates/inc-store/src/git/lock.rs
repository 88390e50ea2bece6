//! One writer at a time in a repository, all its work trees together.
//!
//! It keeps our programs apart, not an editor or the user's own git: those are met by checks right before a rename
//! (`file`) and by git's own lock on the index. The system releases it when its process dies, so it never goes stale.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::{GitError, Repository};
use crate::file::shown;

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(1);

/// The right to write, until it is dropped. Taking it twice in one process waits for oneself.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Unlocks by name: to close the file is not enough where a child that is just being started holds a copy of it.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Repository {
    /// Takes the lock on the repository, waiting for another writer up to `timeout`.
    ///
    /// After one second `on_wait` is told, once, what we are waiting for.
    pub fn lock(&self, timeout: Duration, on_wait: &mut dyn FnMut(&str)) -> Result<Lock, GitError> {
        let folder = self.common_dir.join("inc");
        fs::create_dir_all(&folder).map_err(GitError::io("create", &folder))?;
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(GitError::io("open", &path))?;
        wait_for(&mut file, &path, timeout, on_wait)?;
        // For the message to those who wait; a lock without it is as good.
        let _ = file.set_len(0).and_then(|()| write!(file, "{}", process::id()));
        Ok(Lock { file })
    }
}

fn wait_for(
    file: &mut File,
    path: &Path,
    timeout: Duration,
    on_wait: &mut dyn FnMut(&str),
) -> Result<(), GitError> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => {
                return file.seek(SeekFrom::Start(0)).map(drop).map_err(GitError::io("lock", path));
            }
            Err(TryLockError::Error(error)) => return Err(GitError::io("lock", path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        let waited = start.elapsed();
        if waited >= timeout {
            return Err(GitError::Locked {
                path: path.into(),
                seconds: timeout.as_secs(),
                holder: holder(file),
            });
        }
        if waited >= PATIENCE && !told {
            told = true;
            on_wait(&waiting(holder(file), path));
        }
        thread::sleep(pause.min(timeout - waited));
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

fn waiting(holder: Option<u32>, path: &Path) -> String {
    let who = holder.map(|pid| format!(" (process {pid})"));
    format!("waiting for another inc{} to finish with {}", who.unwrap_or_default(), shown(path))
}

/// The process that wrote its number into the lock file.
fn holder(file: &mut File) -> Option<u32> {
    let mut digits = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(16).read_to_string(&mut digits).ok()?;
    digits.trim().parse().ok()
}
