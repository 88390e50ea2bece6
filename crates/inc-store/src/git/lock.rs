//! One writer at a time in a repository, all its work trees together.
//!
//! It keeps our programs apart, not an editor or the user's own git: those are met by checks right before a rename
//! (`file`) and by git's own lock on the index. The system releases it when its process dies, so it never goes stale.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{GitError, Repository};
use crate::file::shown;

const TELL_AFTER: Duration = Duration::from_secs(1);

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
        let folder = self.own_folder();
        if !folder.is_dir() {
            self.make_own_folder(&folder)?;
        }
        let path = folder.join("lock");
        let mut file =
            self.lock_file(&path).map_err(|source| GitError::LockFile { path: path.clone(), source })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => file = wait_for(file, &path, timeout, on_wait)?,
            Err(TryLockError::Error(error)) => return Err(GitError::io("lock", &path)(error)),
        }
        // For the message to those who wait; a lock without it is as good.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", process::id()));
        Ok(Lock { file })
    }
}

impl Repository {
    fn make_own_folder(&self, folder: &Path) -> Result<(), GitError> {
        match fs::create_dir(folder) {
            Ok(()) => share_as(&self.common_dir, folder, 0o7777).map_err(GitError::io("create", folder)),
            // Another of us was faster.
            Err(_) if folder.is_dir() => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(GitError::NoFolder { path: folder.into() })
            }
            Err(error) => Err(GitError::io("create", folder)(error)),
        }
    }

    /// Makes a folder in git's own, for all who share the repository.
    pub(crate) fn make_folder(&self, folder: &Path) -> io::Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => share_as(&self.common_dir, folder, 0o7777),
            Err(_) if folder.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn lock_file(&self, path: &Path) -> io::Result<File> {
        let open = || OpenOptions::new().read(true).write(true).open(path);
        match OpenOptions::new().read(true).write(true).create_new(true).open(path) {
            Ok(file) => share_as(&self.common_dir, path, 0o666).map(|()| file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open(),
            Err(error) => Err(error),
        }
    }
}

/// In a repository that several users share, what we make in git's folder is theirs too, as its own mode says.
#[cfg(unix)]
fn share_as(folder: &Path, made: &Path, most: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = folder.metadata()?.permissions().mode() & most;
    fs::set_permissions(made, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn share_as(_: &Path, _: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Waits in the system's own queue, which lets nobody wait for ever while others come and go, as polling would.
fn wait_for(
    file: File,
    path: &Path,
    timeout: Duration,
    on_wait: &mut dyn FnMut(&str),
) -> Result<File, GitError> {
    let locked = || GitError::Locked { path: path.into(), seconds: timeout.as_secs(), holder: holder(path) };
    if timeout.is_zero() {
        return Err(locked());
    }
    let (give, got) = mpsc::channel();
    thread::spawn(move || {
        let done = file.lock();
        // Where nobody waits any more the file is closed, and the lock with it.
        let _ = give.send(done.map(|()| file));
    });
    let first = got.recv_timeout(timeout.min(TELL_AFTER)).or_else(|_| {
        let rest = timeout.saturating_sub(TELL_AFTER);
        if !rest.is_zero() {
            on_wait(&waiting(holder(path), path));
        }
        got.recv_timeout(rest)
    });
    first.map_err(|_| locked())?.map_err(GitError::io("lock", path))
}

fn waiting(holder: Option<Holder>, path: &Path) -> String {
    let who = holder.map(|holder| format!(" ({holder})"));
    format!("waiting for another inc{} to finish with {}", who.unwrap_or_default(), shown(path))
}

/// The process that wrote its number into the lock file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub process: u32,
    /// Whether it was stopped (Ctrl-Z, `kill -STOP`), where the system tells.
    pub is_stopped: bool,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Holder { process, is_stopped } = *self;
        match is_stopped {
            true => write!(f, "process {process}, which is stopped: `kill -CONT {process}` lets it go on"),
            false => write!(f, "process {process}"),
        }
    }
}

fn holder(lock: &Path) -> Option<Holder> {
    let digits = fs::read_to_string(lock).ok()?;
    let process = digits.trim().parse().ok()?;
    // The state is the first word after the name, which is in brackets and may hold anything.
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let is_stopped = status.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['T', 't']));
    Some(Holder { process, is_stopped })
}
