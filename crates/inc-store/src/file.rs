//! Reading and writing one file of the repository: whole, inside the repository, and never over someone's work.
//!
//! Deliberately not here: what the bytes mean (`yaml`), git and the lock between writers (`git`). A caller takes the
//! lock first; what is checked here is that nobody *without* the lock (an editor, a `git checkout`) came in between.
//! Between that check and the rename lie a few microseconds which no portable call can close.
//!
//! The temporary file is our own rather than the `atomic-write-file` crate's: 0.3.1 marks a file as finished before
//! it renames, so that a rename refused by a full disk leaves its temporary file behind, and it cannot create a file
//! without overwriting one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

mod error;
mod temporary;
#[cfg(test)]
mod tests;

pub use error::FileError;
pub(crate) use error::reason;
use temporary::Temporary;

/// What the writer believes to lie at the path, checked right before the new content takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect<'a> {
    /// Nothing: the file is created, and one that exists is never overwritten.
    Absent,
    /// These bytes, those that were read.
    Unchanged(&'a [u8]),
}

/// A write that took place, and what it takes to put the file back.
#[derive(Debug)]
pub struct Written {
    path: PathBuf,
    previous: Option<Vec<u8>>,
    bytes: Vec<u8>,
    created: Vec<PathBuf>,
}

impl Written {
    /// The file that holds the bytes: absolute, symbolic links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file back as it was: its previous bytes, or gone where it was new (with the folders made for it).
    ///
    /// Errs with [`FileError::ChangedMeanwhile`], and touches nothing, where someone has changed the file since.
    pub fn restore(self) -> Result<(), FileError> {
        if let Some(previous) = &self.previous {
            return replace(&self.path, previous, &self.bytes);
        }
        unchanged(&self.path, &self.bytes)?;
        fs::remove_file(&self.path).map_err(FileError::io("remove", &self.path))?;
        sync_folder_of(&self.path)?;
        remove_empty(&self.created);
        Ok(())
    }
}

/// Reads a text file of the repository whole.
///
/// A relative `path` is taken from `root`. Refused without reading: what is not there, a folder, a pipe or device, a
/// symbolic link that leads out of `root` (one that stays inside is followed), and more than `max_bytes`.
pub fn read(root: &Path, path: &Path, max_bytes: u64) -> Result<String, FileError> {
    let place = resolve(root, path)?;
    let metadata = fs::metadata(&place).map_err(FileError::io("read", path))?;
    ordinary(path, &metadata)?;
    let bytes = read_at_most(&place, path, max_bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let upto = error.utf8_error().valid_up_to();
        FileError::not_utf8(path, error.as_bytes(), upto)
    })
}

/// Writes a file of the repository so that a reader, or a power cut, sees the old content or the new, never a mix.
///
/// Missing folders on the way are created. The file keeps its mode and, where we may, its owner; a symbolic link
/// stays one and its target inside `root` is written. On any error nothing is changed and nothing left behind, but
/// for [`FileError::Unsynced`], which says otherwise.
pub fn write_atomic(
    root: &Path,
    path: &Path,
    bytes: &[u8],
    expected: Expect<'_>,
) -> Result<Written, FileError> {
    let place = match resolve(root, path) {
        Err(FileError::DanglingLink { path, .. }) if expected == Expect::Absent => {
            return Err(FileError::AlreadyExists { path });
        }
        other => other?,
    };
    let mut written = Written { path: place, previous: None, bytes: bytes.to_vec(), created: Vec::new() };
    match expected {
        Expect::Unchanged(previous) => {
            replace(&written.path, bytes, previous)?;
            written.previous = Some(previous.to_vec());
        }
        Expect::Absent => {
            written.created = create_folders(&written.path)?;
            if let Err(error) = create(&written.path, bytes) {
                remove_empty(&written.created);
                return Err(error);
            }
        }
    }
    Ok(written)
}

/// Where `path` really lies, with every symbolic link resolved, provided that this is below `root`.
///
/// The last parts may be missing (a file or folder still to be created); `.git` is no place for records.
pub(crate) fn resolve(root: &Path, path: &Path) -> Result<PathBuf, FileError> {
    let root = root.canonicalize().map_err(FileError::io("open", root))?;
    let place = resolve_missing(&root.join(path), path)?;
    let inside = place.strip_prefix(&root).ok().and_then(|rest| rest.components().next());
    match inside {
        Some(Component::Normal(first)) if !first.eq_ignore_ascii_case(".git") => Ok(place),
        _ => Err(FileError::Outside { path: path.into(), root }),
    }
}

/// Canonicalizes what exists of `full` and appends the rest.
fn resolve_missing(full: &Path, asked: &Path) -> Result<PathBuf, FileError> {
    let mut existing = full.to_path_buf();
    let mut missing = Vec::new();
    loop {
        match existing.canonicalize() {
            Ok(place) => return Ok(missing.iter().rev().fold(place, |at, name| at.join(name))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(FileError::io("open", asked)(error));
            }
            Err(_) if existing.symlink_metadata().is_ok() => {
                return Err(FileError::DanglingLink {
                    path: existing.clone(),
                    target: existing.read_link().unwrap_or_default(),
                });
            }
            Err(error) => {
                let Some(name) = existing.file_name() else {
                    return Err(FileError::io("open", asked)(error));
                };
                missing.push(name.to_os_string());
                existing.pop();
            }
        }
    }
}

/// Refuses what is not a plain file.
fn ordinary(path: &Path, metadata: &fs::Metadata) -> Result<(), FileError> {
    let path = path.to_path_buf();
    if metadata.is_dir() {
        Err(FileError::Folder { path })
    } else if !metadata.is_file() {
        Err(FileError::Special { path })
    } else {
        Ok(())
    }
}

/// Reads a plain file, but never more than one byte beyond the limit.
fn read_at_most(place: &Path, path: &Path, max_bytes: u64) -> Result<Vec<u8>, FileError> {
    let file = File::open(place).map_err(FileError::io("read", path))?;
    let metadata = file.metadata().map_err(FileError::io("read", path))?;
    ordinary(path, &metadata)?;
    let too_large = |bytes| FileError::TooLarge { path: path.into(), bytes, max_bytes };
    if metadata.len() > max_bytes {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(FileError::io("read", path))?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Errs unless the file holds exactly these bytes.
fn unchanged(path: &Path, expected: &[u8]) -> Result<(), FileError> {
    let changed = || FileError::ChangedMeanwhile { path: path.into() };
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() && metadata.len() == expected.len() as u64 => {}
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(FileError::io("read", path)(error));
        }
        _ => return Err(changed()),
    }
    let found = fs::read(path).map_err(FileError::io("read", path))?;
    if found == expected { Ok(()) } else { Err(changed()) }
}

/// Puts `bytes` in the place of the file that holds `expected`.
fn replace(path: &Path, bytes: &[u8], expected: &[u8]) -> Result<(), FileError> {
    unchanged(path, expected)?;
    let temporary = Temporary::beside(path)?;
    temporary.look_like(path)?;
    temporary.fill(bytes)?;
    unchanged(path, expected)?;
    temporary.rename()?;
    sync_folder_of(path)
}

/// Creates the file whole, or errs where there is one.
fn create(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let temporary = Temporary::beside(path)?;
    temporary.fill(bytes)?;
    temporary.link()?;
    sync_folder_of(path)
}

/// Creates the missing folders above `path`, outermost first, and returns them.
fn create_folders(path: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut missing: Vec<&Path> =
        path.ancestors().skip(1).take_while(|folder| folder.symlink_metadata().is_err()).collect();
    missing.reverse();
    let mut created = Vec::new();
    for folder in missing {
        let made = match fs::create_dir(folder) {
            Ok(()) => {
                created.push(folder.to_path_buf());
                sync_folder_of(folder)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(FileError::io("create", folder)(error)),
        };
        if let Err(error) = made {
            remove_empty(&created);
            return Err(error);
        }
    }
    Ok(created)
}

/// Removes folders that we made, innermost first, as far as they are still empty.
fn remove_empty(created: &[PathBuf]) {
    for folder in created.iter().rev() {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}

/// Makes the entry of `path` in its folder survive a power cut.
fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    // Windows opens no folder as a file, and some network file systems do not sync one.
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Err(FileError::Unsynced { path: path.into(), source: error })
        }
        _ => Ok(()),
    }
}

/// A path as a message may show it: control characters escaped, unreadable bytes replaced.
pub(crate) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        if c.is_control() || is_direction(c) {
            text.extend(c.escape_default());
        } else {
            text.push(c);
        }
    }
    text
}

/// Whether the character turns the direction of the text around it, and so can disguise what is written.
pub(crate) fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
