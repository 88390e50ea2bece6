//! The derived index: what lists and figures ask of records, so that only what changed is read again.
//!
//! It lies beside git's own index, `<git folder of the work tree>/inc/index/`, and is never the truth: each answer is
//! checked against the files as git checks its index, and any doubt means that the file is read. So it may be deleted at
//! any time, and nobody locks it: of two that write at once one is lost, which costs a look at a file.
//!
//! `walk` lists the files, `look` holds them against what `table`s say of them, `read` reads the others, `keep` writes
//! down what was read: into a small table of what changed lately, which is folded into the large one as it grows.

mod answer;
mod belt;
mod file;
mod keep;
mod look;
mod read;
mod stamp;
mod table;
#[cfg(test)]
mod tests;
mod twice;
pub(crate) mod walk;
mod words;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::SystemTime;

use inc_core::columns::Row;
use inc_core::incident::Incident;
use inc_core::pdca::{self, Pdca};
use inc_core::summary::Summary;

use crate::store::{Record, Store, StoreError};

pub use answer::{Answer, Entry};
pub use look::Why;
pub use read::Progress;
pub use words::{Searched, Words};

/// A record that an index can stand in for.
pub trait Indexed: Record + Send {
    /// What stands in for it.
    type Row: Row + Send + PartialEq + std::fmt::Debug;
    /// The name of its file in the index.
    const FILE: &'static str;

    /// The row of a record.
    fn row(&self) -> Self::Row;
}

impl Indexed for Incident {
    type Row = Summary;
    const FILE: &'static str = "incidents";

    fn row(&self) -> Summary {
        Summary::of(self)
    }
}

impl Indexed for Pdca {
    type Row = pdca::summary::Summary;
    const FILE: &'static str = "pdcas";

    fn row(&self) -> pdca::summary::Summary {
        pdca::summary::Summary::of(self)
    }
}

/// The files of the index of one kind, as they were read: sound as far as their checksums tell.
pub struct Files {
    base: Vec<u8>,
    recent: Vec<u8>,
}

impl Store {
    /// What the index of a kind holds; nothing, where there is none that this program wrote.
    pub fn index_files<R: Indexed>(&self) -> Files {
        let folder = file::folder(self);
        Files {
            base: file::read::<R>(&folder.join(R::FILE)).unwrap_or_default(),
            recent: file::read::<R>(&folder.join(recent(R::FILE))).unwrap_or_default(),
        }
    }

    /// What is true of all records of a kind now: from the index where their files are as they were, else read, which
    /// `progress` is told. What was read is written down for the next time, where that can be done.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn ask<'f, R: Indexed>(
        &self,
        files: &'f Files,
        progress: &mut Progress<'_>,
    ) -> Result<Answer<'f, R::Row>, StoreError>
    where
        R::Row: Sync,
    {
        let (base, recent) = (table::Table::of(&files.base), table::Table::of(&files.recent));
        let seen = look::look::<R>(self, base, recent)?;
        // Before anything is read: what changes later than this is seen next time.
        let draft = if seen.strays.is_empty() { None } else { file::Draft::begin(self) };
        let read = read::read::<R>(self, &seen.strays, draft.as_ref(), progress);
        let answer = Answer::of(seen, read);
        if let Some(draft) = draft {
            keep::keep::<R>(self, &answer, draft);
        }
        Ok(answer)
    }

    /// The folder of the index, whether or not it is there.
    pub fn index_folder(&self) -> PathBuf {
        file::folder(self)
    }

    /// How many bytes the index of a kind has on the disk, and when it was last written.
    pub fn index_size<R: Indexed>(&self) -> (u64, Option<SystemTime>) {
        let folder = file::folder(self);
        let found = [R::FILE.to_owned(), recent(R::FILE)].map(|name| folder.join(name).metadata().ok());
        let written = found.iter().flatten().filter_map(|metadata| metadata.modified().ok()).max();
        (found.iter().flatten().map(|metadata| metadata.len()).sum(), written)
    }

    /// Forgets what the index of a kind holds.
    ///
    /// # Errors
    /// A file that is there and cannot be removed.
    pub fn forget_index<R: Indexed>(&self) -> std::io::Result<()> {
        let folder = file::folder(self);
        for name in [R::FILE.to_owned(), recent(R::FILE)] {
            match std::fs::remove_file(folder.join(name)) {
                // Where no folder can be, nothing is to be forgotten.
                Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The file of what changed lately.
fn recent(name: &str) -> String {
    format!("{name}.recent")
}
