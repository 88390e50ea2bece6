//! A temporary file beside the one to be written, which is gone again unless it took that one's place.
//!
//! It does not choose its name and does not check what it replaces before it does so.

use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{FileError, unchanged};

/// A file in the folder of its target; dropping it removes it.
pub(super) struct Temporary {
    file: Option<File>,
    path: PathBuf,
    target: PathBuf,
    /// Whether what lies at the path is no longer ours to remove.
    is_placed: Cell<bool>,
}

impl Temporary {
    /// Creates the temporary file with the mode that the umask leaves.
    pub(super) fn create(path: PathBuf, target: &Path) -> Result<Temporary, FileError> {
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(FileError::io("write", target))?;
        Ok(Temporary { file: Some(file), path, target: target.into(), is_placed: Cell::new(false) })
    }

    /// One that is there already, and stays unless it takes the target's place.
    pub(super) fn found(path: PathBuf, target: &Path) -> Temporary {
        Temporary { file: None, path, target: target.into(), is_placed: Cell::new(true) }
    }

    /// Takes over the mode of `other`, and its owner where we may.
    pub(super) fn look_like(&self, other: &Path) -> Result<(), FileError> {
        let metadata = fs::metadata(other).map_err(FileError::io("read", other))?;
        let Some(file) = &self.file else { return Ok(()) };
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            // Only root may give files away; for anybody else the new content matters more than the old owner.
            let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
        }
        file.set_permissions(metadata.permissions()).map_err(FileError::io("write", other))
    }

    /// Writes the content and waits until the disk has it.
    pub(super) fn fill(&self, bytes: &[u8]) -> Result<(), FileError> {
        let Some(mut file) = self.file.as_ref() else { return Ok(()) };
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(FileError::io("write", &self.target))
    }

    /// Takes the target's place, which must hold `expected`; the old file then lies at the temporary path.
    ///
    /// Where the file system cannot exchange two files, the old one is gone, and a few microseconds lie between the
    /// last look at it and the rename.
    pub(super) fn exchange(self, expected: &[u8]) -> Result<(), FileError> {
        unchanged(&self.target, expected)?;
        match exchange(&self.path, &self.target) {
            Ok(()) => {
                self.is_placed.set(true);
                if fs::read(&self.path).map_err(FileError::io("read", &self.target))? == expected {
                    return Ok(());
                }
                // Someone saved after the look above: theirs goes back, and only then is ours removed.
                exchange(&self.path, &self.target).map_err(FileError::io("write", &self.target))?;
                self.is_placed.set(false);
                Err(FileError::ChangedMeanwhile { path: self.target.clone() })
            }
            Err(error) if is_unsupported(&error) => {
                unchanged(&self.target, expected)?;
                self.rename()
            }
            Err(error) => Err(FileError::io("write", &self.target)(error)),
        }
    }

    /// Takes the target's place unless there is something at it.
    pub(super) fn appear(self) -> Result<(), FileError> {
        let exists = || FileError::AlreadyExists { path: self.target.clone() };
        match rename_to_nothing(&self.path, &self.target) {
            Ok(()) => {
                self.is_placed.set(true);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            // FAT and some network file systems cannot: there the lock must do.
            Err(error) if is_unsupported(&error) => {
                if self.target.symlink_metadata().is_ok() {
                    return Err(exists());
                }
                self.rename()
            }
            Err(error) => Err(FileError::io("write", &self.target)(error)),
        }
    }

    fn rename(&self) -> Result<(), FileError> {
        fs::rename(&self.path, &self.target).map_err(FileError::io("write", &self.target))?;
        self.is_placed.set(true);
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_placed.get() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether the file system, or the system, does not know how, rather than that it went wrong.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput | io::ErrorKind::PermissionDenied
    )
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    renamed(one, other, rustix::fs::RenameFlags::EXCHANGE)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    renamed(from, to, rustix::fs::RenameFlags::NOREPLACE)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn renamed(from: &Path, to: &Path, flags: rustix::fs::RenameFlags) -> io::Result<()> {
    use rustix::fs::{CWD, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, from, CWD, to, flags).map_err(|errno| match errno {
        Errno::NOSYS => io::ErrorKind::Unsupported.into(),
        errno => errno.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}
