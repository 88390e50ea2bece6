//! A temporary file beside the one to be written, which is gone again unless it took that one's place.
//!
//! Its name never ends in `.yaml`, so that no reader takes it for a record. It does not check what it replaces.

use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::FileError;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A file `.inc-<process>-<number>.tmp` in the folder of its target; dropping it removes it.
pub(super) struct Temporary {
    file: File,
    path: PathBuf,
    target: PathBuf,
    renamed: Cell<bool>,
}

impl Temporary {
    /// Creates the temporary file with the mode that the umask leaves.
    pub(super) fn beside(target: &Path) -> Result<Temporary, FileError> {
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let path = target.with_file_name(format!(".inc-{}-{number}.tmp", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok(Temporary { file, path, target: target.into(), renamed: Cell::new(false) });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FileError::io("write", target)(error)),
            }
        }
    }

    /// Takes over the mode of `other`, and its owner where we may.
    pub(super) fn look_like(&self, other: &Path) -> Result<(), FileError> {
        let metadata = fs::metadata(other).map_err(FileError::io("read", other))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            // Only root may give files away; for anybody else the new content matters more than the old owner.
            let _ = fchown(&self.file, Some(metadata.uid()), Some(metadata.gid()));
        }
        self.file.set_permissions(metadata.permissions()).map_err(FileError::io("write", other))
    }

    /// Writes the content and waits until the disk has it.
    pub(super) fn fill(&self, bytes: &[u8]) -> Result<(), FileError> {
        (&self.file)
            .write_all(bytes)
            .and_then(|()| self.file.sync_all())
            .map_err(FileError::io("write", &self.target))
    }

    /// Takes the target's place.
    pub(super) fn rename(self) -> Result<(), FileError> {
        fs::rename(&self.path, &self.target).map_err(FileError::io("write", &self.target))?;
        self.renamed.set(true);
        Ok(())
    }

    /// Takes the target's place unless there is something at it.
    pub(super) fn link(self) -> Result<(), FileError> {
        let exists = || FileError::AlreadyExists { path: self.target.clone() };
        match fs::hard_link(&self.path, &self.target) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            // FAT and some network file systems have no hard links: there the lock must do.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
            {
                if self.target.symlink_metadata().is_ok() {
                    return Err(exists());
                }
                self.rename()
            }
            Err(error) => Err(FileError::io("write", &self.target)(error)),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed.get() {
            let _ = fs::remove_file(&self.path);
        }
    }
}
