//! Why a file of the repository cannot be read or written. It knows no exit codes.

use std::io;
use std::path::{Path, PathBuf};

use super::shown;

/// Why a file of the repository cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("{verb} {}: {}", shown(path), reason(source))]
    Io {
        /// What was tried: read, write, create, …
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path leads out of the repository, perhaps through a symbolic link, or into `.git`.
    #[error(
        "{} is not a place for records in the repository {}: use a path inside it",
        shown(path),
        shown(root)
    )]
    Outside {
        /// The path as given.
        path: PathBuf,
        /// The top of the work tree.
        root: PathBuf,
    },
    /// A symbolic link to nothing.
    #[error(
        "{} is a symbolic link to {}, which does not exist: create that file or remove the link",
        shown(path),
        shown(target)
    )]
    DanglingLink {
        /// The link.
        path: PathBuf,
        /// Where it points.
        target: PathBuf,
    },
    /// A folder where a file is needed.
    #[error("{} is a folder, not a file: name a file", shown(path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// A pipe, socket or device: reading one could wait for ever.
    #[error("{} is not a plain file but a pipe, socket or device: move it away", shown(path))]
    Special {
        /// The thing.
        path: PathBuf,
    },
    /// Larger than a record may be.
    #[error(
        "{} holds {bytes} bytes, and at most {max_bytes} are read: move long logs to a linked page",
        shown(path)
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, or what was read of it when the reading stopped.
        bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// Not UTF-8 text.
    #[error(
        "{} is not UTF-8 text: byte 0x{byte:02x} at line {line}, column {column}; save it as UTF-8",
        shown(path)
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Line of the first bad byte, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
        /// The bad byte.
        byte: u8,
    },
    /// There is already something at the path of a new file.
    #[error("{} already exists and is left as it is: choose another name", shown(path))]
    AlreadyExists {
        /// The path.
        path: PathBuf,
    },
    /// Someone changed, replaced or removed the file after it was read; it was left as it is now.
    #[error("{} was changed by someone else in the meantime, and is left as it is: try again", shown(path))]
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// The new content is in place, but the system could not promise that it survives a power cut.
    #[error(
        "{} is written, but its folder could not be synced to disk: {}; check the disk",
        shown(path),
        reason(source)
    )]
    Unsynced {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FileError {
    /// Wraps a system error, for `map_err`.
    pub(crate) fn io(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
        let path = path.to_path_buf();
        move |source| FileError::Io { verb, path, source }
    }

    /// The error for text that stops being UTF-8 after `upto` bytes.
    pub(super) fn not_utf8(path: &Path, bytes: &[u8], upto: usize) -> FileError {
        let good = String::from_utf8_lossy(&bytes[..upto]);
        let last_line = good.rsplit('\n').next().unwrap_or_default();
        FileError::NotUtf8 {
            path: path.into(),
            line: 1 + good.matches('\n').count(),
            column: 1 + last_line.chars().count(),
            byte: bytes[upto],
        }
    }
}

/// The system's reason with what to do about it, where we know.
pub(crate) fn reason(error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; free some space, then try again",
        io::ErrorKind::PermissionDenied => "; check who owns it and its permissions",
        io::ErrorKind::ReadOnlyFilesystem => "; the file system is mounted read-only",
        io::ErrorKind::NotFound => "; check the path",
        _ => "",
    };
    format!("{error}{advice}")
}
