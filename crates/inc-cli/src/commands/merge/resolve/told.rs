//! What `inc-merge resolve` says: each file that came together, and each that is left, with why.

use std::path::Path;

use anyhow::Result;
use inc_core::text::{clean, clean_line};
use serde::Serialize;

use crate::failure::{Failure, say};

/// What `--format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    dry_run: bool,
    /// Whether files were named, of each of which it is said that it has no conflict.
    #[serde(skip)]
    named: bool,
    resolved: Vec<Resolved>,
    left: Vec<LeftFile>,
}

/// A record that came together.
#[derive(Debug, Serialize)]
pub(super) struct Resolved {
    /// From the top of the repository.
    file: String,
    from: From,
    /// Whether it was added to the index, for the merge under way.
    pub(super) staged: bool,
    /// The commit, where one was made.
    pub(super) commit: Option<String>,
    /// What people should know, as the merge driver tells it.
    pub(super) remarks: Vec<String>,
}

/// Where both sides were found.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum From {
    Index,
    Markers,
}

/// A file that stays as it is.
#[derive(Debug, Serialize)]
struct LeftFile {
    file: String,
    why: String,
}

impl Resolved {
    pub(super) fn new(path: &Path, from: From, remarks: Vec<String>) -> Self {
        let file = clean_line(&path.display().to_string());
        Self { file, from, staged: false, commit: None, remarks }
    }

    fn words(&self, dry_run: bool) -> String {
        let source = match self.from {
            From::Index => "the index",
            From::Markers => "its markers",
        };
        let how = match (&self.commit, self.staged) {
            _ if dry_run => return format!("{} would come together from {source}", self.file),
            (Some(oid), _) => format!("commit {}", oid.get(..10).unwrap_or(oid)),
            (None, true) => "added to the index".to_owned(),
            (None, false) => "written, not committed".to_owned(),
        };
        format!("{} came together from {source} [{how}]", self.file)
    }
}

impl Told {
    pub(super) fn new(dry_run: bool, named: bool) -> Self {
        Self { dry_run, named, resolved: vec![], left: vec![] }
    }

    pub(super) fn resolved(&mut self, resolved: Resolved) {
        for remark in &resolved.remarks {
            say(&clean(&format!("{}: {remark}", resolved.file)));
        }
        say(&resolved.words(self.dry_run));
        self.resolved.push(resolved);
    }

    pub(super) fn left(&mut self, path: &Path, why: &str) {
        self.failed(path, why);
        self.left.last().into_iter().for_each(|one| say(&format!("{}: {}", one.file, one.why)));
    }

    /// One that is left, of which the error tells by which all ends.
    pub(super) fn failed(&mut self, path: &Path, why: &str) {
        self.left.push(LeftFile { file: clean_line(&path.display().to_string()), why: clean(why) });
    }

    pub(super) fn nothing(&self, path: &Path) {
        say(&format!("{}: it has no conflict", clean_line(&path.display().to_string())));
    }

    /// The files that came together, each on its line.
    pub(super) fn words(&self) -> String {
        self.resolved.iter().map(|one| format!("{}\n", one.file)).collect()
    }

    /// Whether all is settled; then, where a merge waits for that, what comes next.
    pub(super) fn end(&self) -> Result<()> {
        if self.left.is_empty() {
            if self.resolved.is_empty() && !self.named {
                say("no record is in conflict");
            }
            if self.resolved.iter().any(|one| one.staged) {
                say("look at it with `git diff --cached`; then `inc-sync --continue`, or git's own");
            }
            return Ok(());
        }
        let names: Vec<&str> = self.left.iter().map(|one| one.file.as_str()).collect();
        Err(Failure::refused(format!("left as it was: {}", names.join(", "))))
    }
}
