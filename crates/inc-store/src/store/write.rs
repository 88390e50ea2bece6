//! Changing records: under the lock, each change one atomic write a file and one commit of those files alone.

use std::path::PathBuf;
use std::time::Duration;

use inc_core::id::Id;
use serde_json::Value;

use super::{Loaded, Record, Store, StoreError};
use crate::file::FileError;
use crate::git::{Author, Lock, Setup};
use crate::land::{self, FileChange, Landing, Signed};
use crate::merge::resolve;
use crate::{edit, merge, yaml};

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
    /// Whether the commit is made by the user's git, however plain the repository is.
    pub through_git: bool,
    /// How long to wait for another writer.
    pub patience: Duration,
}

/// The right to change records, until it is dropped: read what is to be changed only while holding it.
pub struct Change<'a> {
    store: &'a Store,
    writing: &'a Writing,
    /// How git is set up, where there is to be a commit.
    setup: Option<Setup>,
    lock: Lock,
    tell: fn(&str),
    files: Vec<FileChange>,
    trailers: Vec<(&'static str, Id)>,
}

/// What came of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// The files that were written, from the top.
    pub paths: Vec<PathBuf>,
    /// The commit, where one was made.
    pub commit: Option<String>,
    /// What the user should be told.
    pub remarks: Vec<String>,
}

impl Store {
    /// Takes the lock for a change; `tell` says what a person should know meanwhile.
    ///
    /// # Errors
    /// Another writer holds it for longer than the patience.
    pub fn change<'a>(&'a self, writing: &'a Writing, tell: fn(&str)) -> Result<Change<'a>, StoreError> {
        let repository = self.repository();
        // Asked before the lock is taken, as others wait for that.
        let setup = writing.commit.then(|| repository.setup()).transpose()?;
        let lock = repository.lock(writing.patience, &mut |waiting| tell(waiting))?;
        if let Some(told) = land::recover(repository, &lock, writing.patience, &mut |waiting| tell(waiting))?
        {
            tell(&told);
        }
        Ok(Change { store: self, writing, setup, lock, tell, files: vec![], trailers: vec![] })
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
        self.files.push(FileChange { path, before: None, after });
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
            self.files.push(FileChange {
                path: loaded.path.clone(),
                before: Some(loaded.text.clone()),
                after: text,
            });
        }
    }

    /// Adds a record whose text held conflict markers, `before`, as it was put together again.
    pub fn mend(&mut self, path: PathBuf, before: String, after: String) {
        self.trailers.extend(resolve::named(&after));
        self.files.push(FileChange { path, before: Some(before), after });
    }

    /// The lock that is held, for a step of git's.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// Adds a file that is no record, such as the settings; its path from the top.
    pub fn add_file(&mut self, path: PathBuf, text: String) {
        self.files.push(FileChange { path, before: None, after: text });
    }

    /// Writes the files and commits them; on any error every file is back as it was.
    ///
    /// # Errors
    /// A refused commit, a full disk, a file that changed meanwhile.
    pub fn save(self, subject: &str) -> Result<Saved, StoreError> {
        let paths: Vec<PathBuf> = self.files.iter().map(|file| file.path.clone()).collect();
        if paths.is_empty() {
            return Ok(Saved::default());
        }
        let repository = self.store.repository();
        let commit = self.setup.as_ref().map(|setup| Signed {
            setup,
            author: self.writing.author.as_ref(),
            at: self.writing.at.as_deref(),
            include_edits: self.writing.include_edits,
            through_git: self.writing.through_git,
        });
        let message = self.message(subject);
        let landing =
            Landing { files: &self.files, message: &message, commit, patience: self.writing.patience };
        let landed = land::land(repository, &self.lock, &landing, &mut |waiting| (self.tell)(waiting))?;
        let mut remarks: Vec<String> = landed.kept.iter().map(|file| land::kept(file)).collect();
        remarks.extend(landed.dropped.as_deref().map(land::dropped));
        // A hook that calls one of our programs must find the lock free.
        drop(self.lock);
        if let (Some(setup), Some(_)) = (&self.setup, &landed.commit) {
            remarks.extend(merge::remind(repository, setup));
            remarks.extend(repository.detached().map(|detached| detached.to_string()));
            repository.after_commit(setup, landed.through_git);
        }
        Ok(Saved { paths, commit: landed.commit, remarks })
    }

    fn message(&self, subject: &str) -> String {
        let trailers: String = self.trailers.iter().map(|(name, id)| format!("{name}: {id}\n")).collect();
        if trailers.is_empty() { format!("{subject}\n") } else { format!("{subject}\n\n{trailers}") }
    }
}

/// The text of a loaded record, edited in place so that it holds `record`.
pub(super) fn rewritten<R: Record>(loaded: &Loaded<R>, record: &R) -> Result<String, StoreError> {
    let (before, after) = (value_of(&loaded.record), value_of(record));
    // What a loaded text says was read with it: others wait for the lock while a long record is read once more.
    edit::rewrite_just_read(&loaded.text, &before, &after, &read_back::<R>)
        .map_err(|source| StoreError::Edit { path: loaded.path.clone(), source })
}

pub(crate) fn value_of<R: Record>(record: &R) -> Value {
    serde_json::to_value(record).unwrap_or_else(|_| unreachable!("a record is plain data with text keys"))
}

/// What a text that is about to be written says, by the library: what is to be proven must not rest on our own reading.
pub(crate) fn read_back<R: Record>(text: &str) -> Result<Value, String> {
    let record: R = yaml::read_by_library(text, inc_core::SCHEMA).map_err(|error| error.to_string())?;
    Ok(value_of(&record))
}
