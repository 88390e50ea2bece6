//! Changing records: under the lock, each change one atomic write a file and one commit of those files alone.

use std::path::PathBuf;
use std::time::Duration;

use inc_core::id::Id;
use serde_json::Value;

use super::{Loaded, Record, Store, StoreError};
use crate::file::{self, Expect, FileError, Written};
use crate::git::{Author, CommitRequest, Committed, Lock};
use crate::{edit, yaml};

/// How changes are written.
#[derive(Debug, Clone)]
pub struct Writing {
    /// Whether a change is committed; else that is left to the user.
    pub commit: bool,
    /// Whether edits by hand in the same file may go into the commit.
    pub include_edits: bool,
    /// Who signs; git's own settings, where `None`.
    pub author: Option<Author>,
    /// The date of the commit where the clock is pinned, RFC 3339.
    pub at: Option<String>,
    /// How long to wait for another writer.
    pub patience: Duration,
}

/// The right to change records, until it is dropped: read what is to be changed only while holding it.
pub struct Change<'a> {
    store: &'a Store,
    writing: &'a Writing,
    _lock: Lock,
    files: Vec<File>,
    trailers: Vec<(&'static str, Id)>,
}

/// One file to write.
struct File {
    path: PathBuf,
    before: Option<String>,
    after: String,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The files that were written, from the top.
    pub paths: Vec<PathBuf>,
    /// The commit, where one was made.
    pub commit: Option<String>,
}

impl Store {
    /// Takes the lock for a change.
    ///
    /// # Errors
    /// Another writer holds it for longer than the patience.
    pub fn change<'a>(
        &'a self,
        writing: &'a Writing,
        on_wait: &mut dyn FnMut(&str),
    ) -> Result<Change<'a>, StoreError> {
        let lock = self.repository().lock(writing.patience, on_wait)?;
        Ok(Change { store: self, writing, _lock: lock, files: vec![], trailers: vec![] })
    }
}

impl Change<'_> {
    /// Adds a new record. No file may hold its id yet.
    ///
    /// # Errors
    /// An id that is taken, whatever the sub-folder. A record that would not read back as it is, which would be an error of this program.
    pub fn create<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        let id = record.id();
        if let Some(path) = self.store.paths_of::<R>(id)?.into_iter().next() {
            return Err(FileError::AlreadyExists { path }.into());
        }
        let mut path = PathBuf::from(R::FOLDER);
        path.extend(id.year());
        path.push(format!("{id}.yaml"));
        let value = value_of(record);
        let after = edit::emit(R::HEADER, &value);
        // The same oracle as for edits: what is written must read as what was meant.
        match read_back::<R>(&after) {
            Ok(read) if read == value => {}
            Ok(_) => return Err(StoreError::Edit { path, source: edit::EditError::NotWhatWasRead }),
            Err(why) => return Err(StoreError::Edit { path, source: edit::EditError::Unreadable(why) }),
        }
        self.files.push(File { path, before: None, after });
        self.trailers.push((R::TRAILER, id.clone()));
        Ok(())
    }

    /// Adds a changed record, by an edit in place of the text that it was loaded from.
    ///
    /// # Errors
    /// A text that cannot be edited so, with the line.
    pub fn update<R: Record>(&mut self, loaded: &Loaded<R>, record: &R) -> Result<(), StoreError> {
        let text = rewritten(loaded, record)?;
        self.replace(loaded, text, record.id());
        Ok(())
    }

    /// Adds a record whose whole text a person edited: `edited` in place of `loaded`, and then `record` put into it.
    ///
    /// # Errors
    /// As [`Change::update`], about the edited text.
    pub fn revise<R: Record>(
        &mut self,
        loaded: &Loaded<R>,
        edited: &Loaded<R>,
        record: &R,
    ) -> Result<(), StoreError> {
        let text = rewritten(edited, record)?;
        self.replace(loaded, text, record.id());
        Ok(())
    }

    fn replace<R: Record>(&mut self, loaded: &Loaded<R>, text: String, id: &Id) {
        self.trailers.push((R::TRAILER, id.clone()));
        if text != loaded.text {
            self.files.push(File {
                path: loaded.path.clone(),
                before: Some(loaded.text.clone()),
                after: text,
            });
        }
    }

    /// Adds a file that is no record, such as the settings; its path from the top.
    pub fn add_file(&mut self, path: PathBuf, text: String) {
        self.files.push(File { path, before: None, after: text });
    }

    /// Writes the files and commits them; on any error every file is back as it was.
    ///
    /// # Errors
    /// A refused commit, a full disk, a file that changed meanwhile.
    pub fn save(self, subject: &str) -> Result<Saved, StoreError> {
        let paths: Vec<PathBuf> = self.files.iter().map(|file| file.path.clone()).collect();
        if paths.is_empty() {
            return Ok(Saved { paths, commit: None });
        }
        if self.writing.commit {
            self.store.repository().may_commit(&paths, self.writing.author.as_ref())?;
            self.refuse_edits()?;
        }
        let mut written = vec![];
        for file in &self.files {
            let expected =
                file.before.as_ref().map_or(Expect::Absent, |text| Expect::Unchanged(text.as_bytes()));
            match file::write_atomic(self.store.top(), &file.path, file.after.as_bytes(), expected) {
                Ok(done) => written.push(done),
                Err(error) => return Err(put_back(written, error.into())),
            }
        }
        if !self.writing.commit {
            return Ok(Saved { paths, commit: None });
        }
        let message = self.message(subject);
        let request = CommitRequest {
            paths: &paths,
            message: &message,
            author: self.writing.author.as_ref(),
            at: self.writing.at.as_deref(),
        };
        match self.store.repository().commit(&request) {
            Ok(Committed::Made { oid }) => Ok(Saved { paths, commit: Some(oid) }),
            Ok(Committed::Nothing) => Ok(Saved { paths, commit: None }),
            // Only where every file is back may it be said that nothing was written.
            Err(source) => Err(match put_back(written, source.into()) {
                StoreError::Git(source) => StoreError::NotCommitted { source },
                left => left,
            }),
        }
    }

    fn refuse_edits(&self) -> Result<(), StoreError> {
        if self.writing.include_edits {
            return Ok(());
        }
        for file in self.files.iter().filter(|file| file.before.is_some()) {
            if self.store.repository().has_edits(&file.path)? {
                return Err(StoreError::Edits { path: file.path.clone() });
            }
        }
        Ok(())
    }

    fn message(&self, subject: &str) -> String {
        let trailers: String = self.trailers.iter().map(|(name, id)| format!("{name}: {id}\n")).collect();
        if trailers.is_empty() { format!("{subject}\n") } else { format!("{subject}\n\n{trailers}") }
    }
}

/// Puts all files back, the last one first, and returns the error that made it necessary, with those that stayed.
fn put_back(written: Vec<Written>, error: StoreError) -> StoreError {
    let left: Vec<FileError> = written.into_iter().rev().filter_map(|done| done.restore().err()).collect();
    match left.is_empty() {
        true => error,
        false => StoreError::NotPutBack { error: Box::new(error), left },
    }
}

/// The text of a loaded record, edited in place so that it holds `record`.
pub(super) fn rewritten<R: Record>(loaded: &Loaded<R>, record: &R) -> Result<String, StoreError> {
    let (before, after) = (value_of(&loaded.record), value_of(record));
    edit::rewrite(&loaded.text, &before, &after, &read_back::<R>)
        .map_err(|source| StoreError::Edit { path: loaded.path.clone(), source })
}

pub(super) fn value_of<R: Record>(record: &R) -> Value {
    serde_json::to_value(record).unwrap_or_else(|_| unreachable!("a record is plain data with text keys"))
}

fn read_back<R: Record>(text: &str) -> Result<Value, String> {
    let record: R = yaml::read(text, inc_core::SCHEMA).map_err(|error| error.to_string())?;
    Ok(value_of(&record))
}
