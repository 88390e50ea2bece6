//! One file on its way into its place: planned, put there in one step, and taken back in one step.
//!
//! A plan can be written down (`Serialize`) before anything is touched, so that whoever finds it after a crash can take
//! the file back. New content is exchanged with the old one in a single rename: what lay in the place is then beside it
//! and is looked at, so that the work of an editor who saved in the last microsecond is put back and not lost.
//! It takes no lock and knows nothing of git.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::temporary::Temporary;
use super::{FileError, resolve, sync_folder_of, text_of_path, unchanged};

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A file to be written: where, over what, and through which temporary name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placement {
    #[serde(with = "text_of_path")]
    place: PathBuf,
    /// The temporary name beside it, which never ends in `.yaml`, so that no reader takes it for a record.
    spare: String,
    /// Where the old file is kept meanwhile, if it can be moved there: a hook's `git add` shall not find it.
    #[serde(with = "text_of_path")]
    home: PathBuf,
    before: Option<String>,
    after: String,
    /// How many of the folders above the file were missing.
    missing_folders: usize,
}

impl Placement {
    /// Plans to write `after` where `before` lies, or where nothing lies (`None`); touches nothing.
    ///
    /// A relative `path` is taken from `root`; a symbolic link stays one and its target inside `root` is meant.
    ///
    /// # Errors
    /// A path outside of `root`; something else than `before` in the place.
    pub fn plan(root: &Path, path: &Path, before: Option<&str>, after: &str) -> Result<Self, FileError> {
        let place = match resolve(root, path) {
            Err(FileError::DanglingLink { path, .. }) if before.is_none() => {
                return Err(FileError::AlreadyExists { path });
            }
            other => other?,
        };
        match before {
            Some(before) => unchanged(&place, before.as_bytes())?,
            None if place.symlink_metadata().is_ok() => {
                return Err(FileError::AlreadyExists { path: path.into() });
            }
            None => {}
        }
        let missing = place.ancestors().skip(1).take_while(|folder| folder.symlink_metadata().is_err());
        Ok(Self {
            missing_folders: missing.count(),
            spare: free_name(&place),
            home: PathBuf::new(),
            place,
            before: before.map(str::to_owned),
            after: after.to_owned(),
        })
    }

    /// Keeps the old file under this name, outside of the work tree, until the change is over.
    pub fn keeping_old_at(self, home: PathBuf) -> Self {
        Self { home, ..self }
    }

    /// The file: absolute, symbolic links resolved.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// What lay there before.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// What shall lie there.
    pub fn after(&self) -> &str {
        &self.after
    }

    /// Whether the file holds the new content now.
    pub fn is_in_place(&self) -> bool {
        bytes_of(&self.place).is_ok_and(|bytes| bytes.as_deref() == Some(self.after.as_bytes()))
    }

    /// Puts the new content in place and syncs it to disk: a reader, or a power cut, sees the old or the new whole.
    ///
    /// The file keeps its mode and, where we may, its owner. After an error [`Placement::take_back`] is due.
    ///
    /// # Errors
    /// [`FileError::ChangedMeanwhile`] or [`FileError::AlreadyExists`] where someone was faster, whose work stays.
    pub fn put(&self) -> Result<(), FileError> {
        if self.before() == Some(self.after()) {
            return unchanged(&self.place, self.after.as_bytes());
        }
        self.create_folders()?;
        let temporary = Temporary::create(self.beside(), &self.place)?;
        match &self.before {
            Some(before) => {
                temporary.look_like(&self.place)?;
                temporary.fill(self.after.as_bytes())?;
                temporary.exchange(before.as_bytes())?;
                // On another file system it stays beside.
                let _ = fs::rename(self.beside(), &self.home);
            }
            None => {
                temporary.fill(self.after.as_bytes())?;
                temporary.appear()?;
            }
        }
        sync_folder_of(&self.place)
    }

    /// Puts back what lay there before, however far [`Placement::put`] came, in this process or in a dead one.
    ///
    /// # Errors
    /// [`FileError::ChangedMeanwhile`] where someone has gone on from the new content: their work stays.
    pub fn take_back(&self) -> Result<(), FileError> {
        let here = bytes_of(&self.place)?;
        let is_new = here.as_deref() == Some(self.after.as_bytes());
        match self.before() {
            Some(before) if before == self.after => return Ok(()),
            Some(before) if is_new => self.restore(before)?,
            Some(before) if here.as_deref() == Some(before.as_bytes()) => self.drop_spare()?,
            None if is_new => self.remove()?,
            None if here.is_none() => {
                self.drop_spare()?;
                self.remove_folders();
            }
            _ => {
                self.settle()?;
                return Err(FileError::ChangedMeanwhile { path: self.place.clone() });
            }
        }
        Ok(())
    }

    /// Removes what was kept for taking back. Returns the file in which the work of an editor was found who wrote into
    /// the old file while it was being replaced; it is left for them.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn settle(&self) -> Result<Option<PathBuf>, FileError> {
        let spare = self.spare();
        let Some(bytes) = bytes_of(&spare)? else {
            return Ok(None);
        };
        let is_ours = |text: &str| text.as_bytes().starts_with(&bytes);
        if self.before().is_some_and(is_ours) || is_ours(&self.after) {
            self.drop_spare()?;
            return Ok(None);
        }
        if spare == self.home {
            fs::rename(&spare, self.beside()).map_err(FileError::io("write", &self.beside()))?;
        }
        Ok(Some(self.beside()))
    }

    /// The temporary file in the work tree.
    pub(super) fn beside(&self) -> PathBuf {
        self.place.with_file_name(&self.spare)
    }

    /// Where the temporary file, or the old one, is now.
    fn spare(&self) -> PathBuf {
        if self.home.is_file() { self.home.clone() } else { self.beside() }
    }

    /// The old file itself comes back, which needs no room on a full disk; its text, where the file is gone.
    fn restore(&self, before: &str) -> Result<(), FileError> {
        let spare = self.spare();
        let kept = bytes_of(&spare)?;
        if kept.is_none_or(|kept| kept == self.after.as_bytes()) {
            self.drop_spare()?;
            let temporary = Temporary::create(self.beside(), &self.place)?;
            temporary.look_like(&self.place)?;
            temporary.fill(before.as_bytes())?;
            temporary.exchange(self.after.as_bytes())?;
        } else {
            Temporary::found(spare, &self.place).exchange(self.after.as_bytes())?;
        }
        sync_folder_of(&self.place)?;
        self.drop_spare()
    }

    fn remove(&self) -> Result<(), FileError> {
        self.drop_spare()?;
        fs::remove_file(&self.place).map_err(FileError::io("remove", &self.place))?;
        sync_folder_of(&self.place)?;
        self.remove_folders();
        Ok(())
    }

    fn drop_spare(&self) -> Result<(), FileError> {
        for spare in [self.beside(), self.spare()] {
            match fs::remove_file(&spare) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(FileError::io("remove", &spare)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The folders that were missing, innermost first.
    fn folders(&self) -> impl DoubleEndedIterator<Item = &Path> {
        self.place.ancestors().skip(1).take(self.missing_folders).collect::<Vec<_>>().into_iter()
    }

    fn create_folders(&self) -> Result<(), FileError> {
        for folder in self.folders().rev() {
            match fs::create_dir(folder) {
                Ok(()) => sync_folder_of(folder)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FileError::io("create", folder)(error)),
            }
        }
        Ok(())
    }

    /// Removes the folders that we made, as far as they are still empty.
    fn remove_folders(&self) {
        for folder in self.folders() {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// A name beside the file that nobody uses.
fn free_name(place: &Path) -> String {
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!(".inc-{}-{number}.tmp", process::id());
        if place.with_file_name(&name).symlink_metadata().is_err() {
            return name;
        }
    }
}

/// What a file holds, or `None` where there is none.
fn bytes_of(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // A file stands where a folder was to be; a name is too long to be anything's.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename) =>
        {
            Ok(None)
        }
        Err(error) => Err(FileError::io("read", path)(error)),
    }
}
