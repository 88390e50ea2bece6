//! How a repository and a clone are told of the driver: a line of `.gitattributes` each, and two settings of git's.

use std::fs;

use crate::git::{Repository, Setup};

/// What `.gitattributes` says: which files the driver is asked about.
pub const ATTRIBUTES: &str = "\
# Incidents and PDCAs are merged as records, by inc-merge: `inc-merge setup` tells a clone of it.
incidents/**/*.yaml merge=inc
pdcas/**/*.yaml merge=inc
";

/// The setting `merge.inc.name`.
pub const DRIVER_NAME: &str = "incidents and PDCAs, merged as records";

/// The setting `merge.inc.driver`.
///
/// Where the program is missing or cannot be run, the shell's 127 or 126 would pass for a conflict that leaves our side in
/// the file without a mark, and the other side would be lost by the next `git add`: git's own merge is asked instead.
pub const DRIVER: &str = "if command -v inc-merge >/dev/null 2>&1; then inc-merge driver %O %A %B %L %P; else (exit 127); fi; s=$?; case $s in 126|127) git merge-file --marker-size=%L %A %O %B;; *) exit $s;; esac";

/// The lines of [`ATTRIBUTES`] that a `.gitattributes` lacks.
pub fn missing_attributes(text: &str) -> Vec<&'static str> {
    let wanted = ATTRIBUTES.lines().filter(|line| !line.starts_with('#'));
    wanted.filter(|line| !text.lines().any(|own| own.trim() == *line)).collect()
}

/// What a clone is told, once, whose repository names a driver that its git does not know.
pub(crate) fn remind(repository: &Repository, setup: &Setup) -> Option<String> {
    if setup.get("merge.inc.driver").is_some() {
        return None;
    }
    let attributes = fs::read_to_string(repository.top().join(".gitattributes")).ok()?;
    let told = repository.own_folder().join("told-of-merge");
    if !attributes.lines().any(|line| line.trim().ends_with(" merge=inc")) || told.exists() {
        return None;
    }
    fs::write(told, "").ok()?;
    let words = "this clone's git merges incidents and PDCAs line by line, and may ask: `inc-merge setup` tells it to merge them as records";
    Some(words.to_owned())
}
