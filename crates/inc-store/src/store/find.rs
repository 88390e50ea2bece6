//! Finding records: by id, unique prefix or unique substring, from the names of their files alone.

use std::path::{Path, PathBuf};

use inc_core::id::Id;

use super::{Loaded, Record, Store, StoreError};
use crate::git::GitError;
use crate::index::walk::{self, Folder};

/// How many candidates a message shows.
const SHOWN: usize = 10;

impl Store {
    /// The files of all records of a kind, from the top of the repository, in the order of their paths.
    ///
    /// Any `*.yaml` below the kind's folder counts, whatever the sub-folder; hidden files and folders do not.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn paths<R: Record>(&self) -> Result<Vec<PathBuf>, StoreError> {
        let mut paths: Vec<PathBuf> =
            walk::folders(self.top(), R::FOLDER)?.iter().flat_map(Folder::paths).collect();
        paths.sort();
        Ok(paths)
    }

    /// All records of a kind; one that cannot be read stands as its error, in its place.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn all<R: Record>(&self) -> Result<Vec<Result<Loaded<R>, StoreError>>, StoreError> {
        Ok(self.paths::<R>()?.iter().map(|path| self.load(path)).collect())
    }

    /// The file of the one record whose id is `given`, or begins with it, or holds it.
    ///
    /// # Errors
    /// None, or several, are named so; what cannot be part of an id is refused.
    pub fn find<R: Record>(&self, given: &str) -> Result<PathBuf, StoreError> {
        let given = &given.to_lowercase();
        if let Err(why) = given.parse::<Id>()
            && !is_part(given)
        {
            return Err(StoreError::NotAnId { why });
        }
        let all = self.paths::<R>()?;
        let tests: [&dyn Fn(&str) -> bool; 3] =
            [&|id| id == given, &|id| id.starts_with(given), &|id| id.contains(given)];
        for test in tests {
            let found: Vec<&PathBuf> = all.iter().filter(|path| test(&stem(path))).collect();
            match found.as_slice() {
                [] => {}
                [path] => return Ok((*path).clone()),
                several if several.iter().all(|path| stem(path) == stem(several[0])) => {
                    let paths = several.iter().map(|path| (*path).clone()).collect();
                    return Err(StoreError::Twice { kind: R::NAME, id: stem(several[0]), paths });
                }
                several => {
                    let mut candidates: Vec<Id> =
                        several.iter().filter_map(|path| stem(path).parse().ok()).collect();
                    candidates.truncate(SHOWN);
                    let (kind, count, given) = (R::NAME, several.len(), given.to_owned());
                    return Err(StoreError::Ambiguous { kind, given, count, candidates });
                }
            }
        }
        match self.repository().not_checked_out(R::FOLDER, given)? {
            Some(path) => Err(GitError::NotCheckedOut { path }.into()),
            None => Err(no_such::<R>(given, &all)),
        }
    }

    /// The file of the record with exactly this id, as one record names another.
    ///
    /// # Errors
    /// None has it, or several files have.
    pub fn named<R: Record>(&self, id: &Id) -> Result<PathBuf, StoreError> {
        let mut paths = self.paths_of::<R>(id)?;
        match paths.len() {
            1 => Ok(paths.remove(0)),
            0 => Err(no_such::<R>(id.as_str(), &self.paths::<R>()?)),
            _ => Err(StoreError::Twice { kind: R::NAME, id: id.to_string(), paths }),
        }
    }

    /// Whether a record of this id exists.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn exists<R: Record>(&self, id: &Id) -> Result<bool, StoreError> {
        Ok(!self.paths_of::<R>(id)?.is_empty())
    }

    /// The files that have this id for a name: one, unless somebody copied it.
    pub(super) fn paths_of<R: Record>(&self, id: &Id) -> Result<Vec<PathBuf>, StoreError> {
        let mut paths = self.paths::<R>()?;
        paths.retain(|path| path.file_stem().is_some_and(|stem| stem == id.as_str()));
        Ok(paths)
    }
}

/// The name of a record's file, without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned()
}

/// No record of these has that name.
fn no_such<R: Record>(given: &str, paths: &[PathBuf]) -> StoreError {
    let ids: Vec<Id> = paths.iter().filter_map(|path| stem(path).parse().ok()).collect();
    StoreError::NoSuch { kind: R::NAME, given: given.to_owned(), candidates: nearest(given, ids) }
}

/// Whether a text may be a part of an id; a part may begin with `-`.
fn is_part(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
}

/// The ids most like what was given, else the newest.
fn nearest(given: &str, mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort_by(|a, b| b.cmp(a));
    let likeness = |id: &Id| {
        // Without its date an id is compared by what people remember.
        let slug = id.as_str().get(11..).unwrap_or(id.as_str());
        strsim::jaro_winkler(given, slug).max(strsim::jaro_winkler(given, id.as_str()))
    };
    let mut near: Vec<(f64, Id)> = ids.iter().map(|id| (likeness(id), id.clone())).collect();
    near.retain(|(likeness, _)| *likeness > 0.75);
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<Id> = near.into_iter().map(|(_, id)| id).take(SHOWN).collect();
    if near.is_empty() { ids.into_iter().take(SHOWN).collect() } else { near }
}
