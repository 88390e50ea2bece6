//! Reading and writing one file of the repository: whole, inside the repository, and never over someone's work.
//!
//! Deliberately not here: what the bytes mean (`yaml`), git and the lock between writers (`git`). A caller takes the
//! lock first; what is checked here is that nobody *without* the lock (an editor, a `git checkout`) came in between.
//!
//! `placement` is our own rather than the `atomic-write-file` crate: 0.3.1 leaves its temporary file behind where the
//! rename is refused, cannot create a file without overwriting one, and names its file only when it is there already.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

mod error;
mod placement;
mod temporary;
#[cfg(test)]
mod tests;
pub(crate) mod text_of_path;

pub use error::FileError;
pub(crate) use error::reason;
pub use placement::Placement;

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

/// Makes the entry of `path` in its folder survive a power cut.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), FileError> {
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

/// Puts another text into a file's place, which must still hold `before`: a reader sees the old or the new whole.
///
/// # Errors
/// A file that cannot be written, or that somebody changed; it is as it was.
pub fn exchange(path: &Path, before: &str, after: &str) -> Result<(), FileError> {
    let path = std::path::absolute(path).map_err(FileError::io("open", path))?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let placement = Placement::plan(folder, &path, Some(before), after)?;
    if let Err(error) = placement.put() {
        placement.take_back()?;
        return Err(error);
    }
    placement.settle().map(drop)
}
