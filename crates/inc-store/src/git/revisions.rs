//! Who committed what of one file, on every branch that the clone knows.

use std::path::Path;

use inc_core::instant::Instant;
use serde_json::Value;

use super::changes::{ChangedFile, changed_file};
use super::program::{literal, text};
use super::{GitError, Repository};
use crate::merge::Revision;

/// How many commits of the file are looked at.
const MOST: &str = "--max-count=2000";

/// Begins a commit, and parts what is told of it: names hold neither.
const COMMIT: char = '\u{1}';
const PART: char = '\u{2}';

impl Repository {
    /// The commits of a file on all branches, each before those that it is made from; a merge once for each side that it
    /// changes. What is being merged is among them, whatever git has it from.
    ///
    /// # Errors
    /// No `git` program, or one that fails, as where nothing is committed.
    pub fn revisions(&self, path: &Path) -> Result<Vec<Revision>, GitError> {
        let mut command = self.git();
        command.args(["log", "-z", "--topo-order", "--full-history", "-m", "--raw", "--no-abbrev"]);
        command.args(["--no-renames", "--no-show-signature", "--format=%x01%P%x02%an%x02%aI", MOST, "--all"]);
        command.args(["--ignore-missing", "HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"]);
        command.args(heads()).arg("--").arg(literal(path));
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("log", &answer));
        }
        let (mut files, mut told) = (vec![], vec![]);
        let mut of = None;
        let mut fields = answer.stdout.split(|byte| *byte == 0);
        while let Some(field) = fields.next() {
            let words = text(field);
            match words.trim_start_matches('\n').strip_prefix(COMMIT) {
                Some(head) => of = commit(head),
                None => {
                    let file = changed_file(field.trim_ascii_start(), fields.next().unwrap_or_default());
                    let (Some(file), Some(of)) = (file.filter(ChangedFile::is_there), &of) else { continue };
                    files.push(file);
                    told.push(Clone::clone(of));
                }
            }
        }
        let texts = self.texts(&files)?.into_iter();
        Ok(texts
            .zip(told)
            .filter_map(|(texts, (is_merge, by, at))| {
                let readable = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| String::from_utf8(bytes).ok());
                Some(Revision { before: readable(texts.0), after: readable(texts.1)?, is_merge, by, at })
            })
            .collect())
    }
}

/// Whether it is a merge, the author, and when.
fn commit(head: &str) -> Option<(bool, String, Instant)> {
    let mut parts = head.split(PART);
    let (parents, by, at) = (parts.next()?, parts.next()?, parts.next()?);
    let at = serde_json::from_value(Value::String(at.to_owned())).ok()?;
    Some((parents.contains(' '), by.to_owned(), at))
}

/// The commits that `git merge` tells its drivers of: no branch need have them.
fn heads() -> Vec<String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let commits = names.filter_map(|name| name.strip_prefix("GITHEAD_").map(str::to_owned));
    commits.filter(|name| name.len() >= 40 && name.chars().all(|c| c.is_ascii_hexdigit())).collect()
}
