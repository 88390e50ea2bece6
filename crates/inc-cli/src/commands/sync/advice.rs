//! What to do about each file that git left in conflict: what helps where it lies, and nothing that cannot.

use std::path::{Path, PathBuf};

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::text::{clean_line, shell_arg};
use inc_store::git::{Repository, Unmerged};
use inc_store::store::Record;
use inc_store::yaml;

use crate::commands::merge::marked;
use crate::failure::Failure;

/// The files with conflicts and what to do about them, as the error by which a sync ends.
pub(super) fn conflict(repository: &Repository, files: &[PathBuf]) -> anyhow::Error {
    words(repository, files).map_or_else(|error| error, Failure::refused)
}

fn words(repository: &Repository, files: &[PathBuf]) -> Result<String> {
    let end = "then `inc-sync --continue`; or `inc-sync --abort`, which gives back the state from before";
    if files.is_empty() {
        return Ok(format!("a merge or rebase is under way: look at `git status`, {end}"));
    }
    let unmerged = repository.conflicts()?;
    let of = |file: &PathBuf| unmerged.iter().find(|one| one.path == *file);
    let line = |file: &PathBuf| format!("  {}", of_file(file, of(file), repository));
    let lines: Vec<String> = files.iter().map(line).collect();
    Ok(format!("conflicts wait for you:\n{}\n{end}", lines.join("\n")))
}

fn of_file(file: &Path, unmerged: Option<&Unmerged>, repository: &Repository) -> String {
    let shown = clean_line(&file.display().to_string());
    let name = shell_arg(&shown);
    match unmerged.map(|one| &one.versions) {
        Some([_, ours, theirs]) if ours.is_none() || theirs.is_none() => {
            format!(
                "{shown}: one side took it out, or renamed it: `git add -- {name}` keeps it, `git rm -- {name}` takes it out"
            )
        }
        _ if !is_record(file) => format!("{shown}: settle it, then `git add -- {name}`"),
        Some(versions) if let Some(marked) = marked(versions.each_ref().map(Option::as_ref), repository) => {
            format!("{shown}: {}", marked.advice())
        }
        Some([_, Some(ours), Some(theirs)]) if let Some(why) = unread(file, [ours, theirs]) => format!(
            "{shown}: one side cannot be read ({why}): mend that in the file, take out the markers, `git add -- {name}`"
        ),
        // Two may have begun a file of one name.
        Some([None, Some(_), Some(_)]) => format!(
            "{shown}: both sides added it: `inc-merge resolve` brings it together where title and day agree; else, if it is \
             one story, keep one and bring over the entries of the other; if it is two, keep one here and put the other \
             into a file of its own, with another id and uid; then `git add -- {name}`"
        ),
        _ => format!(
            "{shown}: `inc-merge resolve` may bring it together; else keep whole entries of both sides, take out the \
             markers, `git add -- {name}`"
        ),
    }
}

/// Why one of the sides is no record, where one is none.
fn unread(file: &Path, sides: [&Vec<u8>; 2]) -> Option<String> {
    let why = |side: &Vec<u8>| match file.starts_with(Pdca::FOLDER) {
        true => why_not::<Pdca>(side),
        false => why_not::<Incident>(side),
    };
    sides.into_iter().find_map(why)
}

fn why_not<R: Record>(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("it is not UTF-8".to_owned()) };
    yaml::read::<R>(text, inc_core::SCHEMA).err().map(|error| clean_line(&error.to_string()))
}

/// Whether it lies where records lie.
pub(super) fn is_record(file: &Path) -> bool {
    file.starts_with(Incident::FOLDER) || file.starts_with(Pdca::FOLDER)
}
