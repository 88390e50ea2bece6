//! The records of a repository: find, load, create and change them, one commit a change.
//!
//! Decides nothing about their content: a caller brings the new record, this module puts it into the file.

mod error;
mod find;
mod history;
mod policy;
#[cfg(test)]
pub(crate) mod survival;
#[cfg(test)]
mod tests;
pub(crate) mod write;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inc_core::dora;
use inc_core::id::Id;
use inc_core::incident::{Contested, Incident};
use inc_core::pdca::Pdca;
use inc_core::settings::Settings;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::git::{Author, Repository};
use crate::{file, land, yaml};

pub use error::StoreError;
pub use history::{Past, Standing, Then};
pub use policy::policy_of;
pub use write::{Change, Saved, Writing};

/// The file of the settings, from the top of the repository.
pub const SETTINGS: &str = "inc.yaml";
/// The file of the severity policy.
pub const POLICY: &str = "policies/severity.yaml";
/// The file of the regulator's thresholds and time limits.
pub const DORA: &str = "policies/dora.yaml";
/// The built-in ones as such a file, commented, for a team to start from.
pub const DORA_TEXT: &str = include_str!("store/dora.yaml");
/// The folder of a team's own templates.
pub const TEMPLATES: &str = "templates";

/// A kind of record that a repository holds.
pub trait Record: Serialize + DeserializeOwned {
    /// What it is called in messages.
    const NAME: &'static str;
    /// The folder of its files.
    const FOLDER: &'static str;
    /// The trailer by which a commit names it.
    const TRAILER: &'static str;
    /// The first line of a new file, for whoever opens it.
    const HEADER: &'static str;
    /// The record's id, which is also its file's name.
    fn id(&self) -> &Id;
    /// What a merge left to be settled.
    fn contested(&mut self) -> &mut [Contested];
}

impl Record for Incident {
    const NAME: &'static str = "incident";
    const FOLDER: &'static str = "incidents";
    const TRAILER: &'static str = "Incident";
    const HEADER: &'static str =
        "An incident, kept by inc: edit it by hand or with inc-timeline, inc-severity, inc-status, inc-edit";
    fn id(&self) -> &Id {
        &self.id
    }

    fn contested(&mut self) -> &mut [Contested] {
        &mut self.contested
    }
}

impl Record for Pdca {
    const NAME: &'static str = "PDCA";
    const FOLDER: &'static str = "pdcas";
    const TRAILER: &'static str = "Pdca";
    const HEADER: &'static str =
        "A PDCA, kept by inc: edit it by hand or with pdca why, countermeasure, check, act";
    fn id(&self) -> &Id {
        &self.id
    }

    fn contested(&mut self) -> &mut [Contested] {
        &mut self.contested
    }
}

/// A record with the file that it was read from: text and record say the same.
#[derive(Debug, Clone)]
pub struct Loaded<R> {
    /// The file, from the top of the repository.
    pub path: PathBuf,
    /// Its text, byte for byte.
    pub text: String,
    /// What it says.
    pub record: R,
}

/// A repository with records.
#[derive(Debug)]
pub struct Store {
    repository: Repository,
}

impl Store {
    /// The store of the repository around `folder`.
    ///
    /// # Errors
    /// No repository, or one without a work tree.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self { repository: Repository::discover(folder)? })
    }

    /// The store of a repository that is known.
    pub fn of(repository: Repository) -> Self {
        Self { repository }
    }

    /// Ends what a dead process left half-way, if anything; `tell` says what became of it.
    ///
    /// For commands that only look: they go on where that cannot be done, as a change says why.
    pub fn mend(&self, tell: fn(&str)) {
        let repository = &self.repository;
        if !land::is_unfinished(repository) {
            return;
        }
        if let Ok(lock) = repository.lock(Duration::ZERO, &mut |_| {})
            && let Ok(Some(told)) = land::recover(repository, &lock, Duration::ZERO, &mut |_| {})
        {
            tell(&told);
        }
    }

    /// The repository below.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        self.repository.top()
    }

    /// A path as records have theirs: from the top of the work tree.
    ///
    /// # Errors
    /// One that leads elsewhere.
    pub fn from_top(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let full = std::path::absolute(path).map_err(file::FileError::io("open", path))?;
        let place = file::resolve(self.top(), &full)?;
        Ok(place.strip_prefix(self.top()).map(Path::to_path_buf).unwrap_or(place))
    }

    /// The name and address that git would sign with, or `None` where nobody said.
    ///
    /// # Errors
    /// No `git` program to ask.
    pub fn identity(&self) -> Result<Option<Author>, StoreError> {
        Ok(self.repository.identity()?.cloned())
    }

    /// The settings, or the defaults where there is no `inc.yaml`.
    ///
    /// # Errors
    /// A file that cannot be read whole.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        match self.text_of(Path::new(SETTINGS))? {
            Some(text) => yaml::read_unversioned(&text).map_err(|e| StoreError::read(SETTINGS, e)),
            None => Ok(Settings::default()),
        }
    }

    /// The regulator's thresholds and time limits, or the built-in ones where there is no `policies/dora.yaml`.
    ///
    /// # Errors
    /// A file that cannot be read whole, or holds a value that makes no sense; with its place.
    pub fn dora_policy(&self) -> Result<dora::Policy, StoreError> {
        match self.text_of(Path::new(DORA))? {
            Some(text) => yaml::read(&text, inc_core::SCHEMA).map_err(|e| StoreError::read(DORA, e)),
            None => Ok(dora::Policy::default()),
        }
    }

    /// A team's own template of this file name, where there is one.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn template(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.text_of(&Path::new(TEMPLATES).join(name))
    }

    /// The text of a file, or `None` where there is none.
    fn text_of(&self, path: &Path) -> Result<Option<String>, StoreError> {
        let found = self.top().join(path).symlink_metadata();
        if found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(None);
        }
        Ok(Some(file::read(self.top(), path, yaml::MAX_BYTES as u64)?))
    }

    /// Reads the record of a file, given from the top of the repository.
    ///
    /// # Errors
    /// A file that cannot be read whole, or whose name is not the record's id.
    pub fn load<R: Record>(&self, path: &Path) -> Result<Loaded<R>, StoreError> {
        let text = file::read(self.top(), path, yaml::MAX_BYTES as u64)?;
        let record: R = yaml::read(&text, inc_core::SCHEMA).map_err(|e| StoreError::read(path, e))?;
        if path.file_stem().and_then(|stem| stem.to_str()) != Some(record.id().as_str()) {
            return Err(StoreError::Misnamed { path: path.into(), id: record.id().clone() });
        }
        Ok(Loaded { path: path.into(), text, record })
    }
}
