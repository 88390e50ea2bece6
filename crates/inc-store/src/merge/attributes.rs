//! How a repository and a clone are told of the driver: a line of `.gitattributes` each, and two settings of git's.

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
/// Where the program is missing, the shell's 127 would pass for a conflict that leaves our side in the file without a
/// mark, and the other side would be lost by the next `git add`: git's own merge is asked instead.
pub const DRIVER: &str = "if command -v inc-merge >/dev/null 2>&1; then inc-merge driver %O %A %B %L %P; else git merge-file --marker-size=%L %A %O %B; fi";

/// The lines of [`ATTRIBUTES`] that a `.gitattributes` lacks.
pub fn missing_attributes(text: &str) -> Vec<&'static str> {
    let wanted = ATTRIBUTES.lines().filter(|line| !line.starts_with('#'));
    wanted.filter(|line| !text.lines().any(|own| own.trim() == *line)).collect()
}
