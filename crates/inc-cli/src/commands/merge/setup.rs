//! Telling a clone of the driver: two settings of its git's, and the lines that its repository needs.

use std::fs;

use anyhow::Result;
use inc_store::git::Repository;
use inc_store::merge::{ATTRIBUTES, DRIVER, DRIVER_NAME, missing_attributes};
use serde::Serialize;

use crate::failure::say;

/// The file of git's in which a repository says how its files are merged.
pub(crate) const FILE: &str = ".gitattributes";

/// What `inc-merge setup --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Made {
    /// The settings that were set; none where the clone knew them.
    settings: Vec<&'static str>,
    /// The lines that `.gitattributes` lacks.
    missing_attributes: Vec<&'static str>,
}

impl Made {
    pub(super) fn words(&self) -> String {
        match self.settings.is_empty() {
            true => "this clone knows the merge driver already".to_owned(),
            false => format!("set {}", self.settings.join(", ")),
        }
    }
}

/// Tells the clone, and says what its repository lacks.
///
/// # Errors
/// Settings that git cannot read or write.
pub(crate) fn clone(repository: &Repository) -> Result<Made> {
    let made = told(repository)?;
    if !made.missing_attributes.is_empty() {
        say(&format!(
            "{FILE} does not name the driver yet: `inc init` writes it where there is none, else add\n  {}",
            made.missing_attributes.join("\n  ")
        ));
    }
    Ok(made)
}

/// Tells the clone, without a word.
///
/// # Errors
/// Settings that git cannot read or write.
pub(crate) fn told(repository: &Repository) -> Result<Made> {
    let known = repository.setup()?;
    let mut settings = vec![];
    for (name, value) in [("merge.inc.name", DRIVER_NAME), ("merge.inc.driver", DRIVER)] {
        if known.get(name) != Some(value) {
            repository.set(name, value)?;
            settings.push(name);
        }
    }
    let text = fs::read_to_string(repository.top().join(FILE)).unwrap_or_default();
    let missing_attributes = missing_attributes(&text);
    Ok(Made { settings, missing_attributes })
}

/// The file for a new repository.
pub(crate) fn attributes() -> (&'static str, &'static str) {
    (FILE, ATTRIBUTES)
}
