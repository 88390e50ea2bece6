//! A record that is shared and that no program can read: its file, why, and what to do next.

use std::path::Path;

use inc_core::text::{clean_line, shell_arg};
use inc_store::store::Record;
use inc_store::yaml;
use serde::Serialize;

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Unread {
    /// Its file, from the top of the repository.
    pub(super) file: String,
    /// Whether it came in or went out.
    pub(super) way: Way,
    /// What is wrong with it, with the line where there is one.
    pub(super) why: String,
    /// What to do about it.
    next: String,
}

/// Which way a record went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Way {
    Received,
    Sent,
}

impl Unread {
    /// `incidents/2023/x.yaml, which came in: line 3, column 9: … : mend it …`
    pub(super) fn line(&self) -> String {
        let way = match self.way {
            Way::Received => "came in",
            Way::Sent => "was pushed",
        };
        clean_line(&format!("  {}, which {way}: {}; {}", self.file, self.why, self.next))
    }
}

/// The record of a file, or why no program reads it: not as a record, or not under its name.
pub(super) fn read<R: Record>(file: &Path, bytes: &[u8], way: Way) -> Result<R, Box<Unread>> {
    let shown = clean_line(&file.display().to_string());
    let name = shell_arg(&shown);
    let unread = |why: String, next: String| Box::new(Unread { file: shown.clone(), way, why, next });
    let list = if R::FOLDER == "pdcas" { "pdca list" } else { "inc-list" };
    let mend = |at: String| format!("mend it{at} (`{list}` shows where), commit, and `inc-sync`");
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(unread("it is not UTF-8".to_owned(), mend(String::new())));
    };
    let record: R = yaml::read(text, inc_core::SCHEMA).map_err(|error| {
        let at = error.line.map(|line| format!(" at line {line}")).unwrap_or_default();
        let next = match first_marker(bytes) {
            Some(_) => format!("`inc-merge resolve {name}`, then `inc-sync`"),
            None => mend(at),
        };
        unread(error.to_string(), next)
    })?;
    let id = record.id().as_str();
    if file.file_stem().and_then(|stem| stem.to_str()) != Some(id) {
        let named = file.with_file_name(format!("{id}.yaml"));
        let named = shell_arg(&named.display().to_string());
        let next = format!("`git mv {name} {named}` or correct the id, commit, and `inc-sync`");
        return Err(unread(format!("its id is {id}, and its file has another name"), next));
    }
    Ok(record)
}

/// The first line, from 1, that is one of git's markers; `=======` alone may be anybody's.
pub(super) fn first_marker(text: &[u8]) -> Option<usize> {
    let is_marker = |line: &[u8]| line.starts_with(b"<<<<<<< ") || line.starts_with(b">>>>>>> ");
    text.split(|byte| *byte == b'\n').position(is_marker).map(|line| line + 1)
}
