//! What git knows of files in conflict: the versions in the index, and the merge that committed markers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::program::{literal, text, text_path};
use super::{Blocked, GitError, Lock, Repository};

/// How many merges of a file are looked at for the one that left its markers.
const MERGES: &str = "--max-count=50";

/// A file that git left unmerged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged {
    /// From the top.
    pub path: PathBuf,
    /// The base, ours and theirs, each `None` where that version has no such file.
    pub versions: [Option<Vec<u8>>; 3],
}

/// What a merge was made from, for one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedFrom {
    /// The base, `None` where it has no such file.
    pub base: Option<Vec<u8>>,
    /// Both sides.
    pub sides: [Vec<u8>; 2],
    /// What was committed, where it was.
    pub left: Option<Vec<u8>>,
}

impl Repository {
    /// The files that git left unmerged, with their versions.
    ///
    /// # Errors
    /// No `git` program, or objects that it does not have.
    pub fn conflicts(&self) -> Result<Vec<Unmerged>, GitError> {
        let mut command = self.git();
        let answer = self.program.read(command.args(["ls-files", "--unmerged", "-z"]), b"")?;
        if !answer.success() {
            return Err(self.failure("ls-files", &answer));
        }
        let mut found: BTreeMap<PathBuf, [Option<Vec<u8>>; 3]> = BTreeMap::new();
        for entry in answer.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            let unreadable =
                || GitError::Failed { what: "ls-files", words: "its answer makes no sense".into() };
            let tab = entry.iter().position(|byte| *byte == b'\t').ok_or_else(unreadable)?;
            let head = text(&entry[..tab]);
            let mut words = head.split(' ').skip(1);
            let object = words.next().ok_or_else(unreadable)?;
            let stage: usize = words.next().and_then(|word| word.parse().ok()).ok_or_else(unreadable)?;
            let versions = found.entry(text_path(&entry[tab + 1..])).or_default();
            *versions.get_mut(stage.wrapping_sub(1)).ok_or_else(unreadable)? = self.blob(object)?;
        }
        Ok(found.into_iter().map(|(path, versions)| Unmerged { path, versions }).collect())
    }

    /// What the merge was made from that is under way, or that committed markers into this file, as `has_markers` tells;
    /// `None` where there is none, or it had no two sides of this name.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn merged_from(
        &self,
        path: &Path,
        has_markers: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<MergedFrom>, GitError> {
        if self.blocked() == Some(Blocked::Merge) {
            return self.joined_from(path, ["HEAD", "MERGE_HEAD"], None);
        }
        if self.head()?.is_none() {
            return Ok(None);
        }
        let mut command = self.git();
        command.args(["rev-list", "--full-history", "--merges", "--parents", MERGES, "HEAD", "--"]);
        let answer = self.program.read(command.arg(literal(path)), b"")?;
        if !answer.success() {
            return Err(self.failure("rev-list", &answer));
        }
        for line in text(&answer.stdout).lines() {
            let commits: Vec<&str> = line.split(' ').collect();
            let [commit, first, second] = commits[..] else { continue };
            let Some(left) = self.version(commit, path)?.filter(|left| has_markers(left)) else { continue };
            let from = self.joined_from(path, [first, second], Some(left))?;
            // Markers on a side came from an earlier merge.
            if let Some(from) = from.filter(|from| !from.sides.iter().any(|side| has_markers(side))) {
                return Ok(Some(from));
            }
        }
        Ok(None)
    }

    fn joined_from(
        &self,
        path: &Path,
        parents: [&str; 2],
        left: Option<Vec<u8>>,
    ) -> Result<Option<MergedFrom>, GitError> {
        let sides = (self.version(parents[0], path)?, self.version(parents[1], path)?);
        let (Some(ours), Some(theirs)) = sides else { return Ok(None) };
        let mut command = self.git();
        let answer = self.program.read(command.args(["merge-base", parents[0], parents[1]]), b"")?;
        let base = match answer.code {
            Some(0) => self.version(text(&answer.stdout).trim_end(), path)?,
            Some(1) => None,
            _ => return Err(self.failure("merge-base", &answer)),
        };
        Ok(Some(MergedFrom { base, sides: [ours, theirs], left }))
    }

    /// A file as a commit has it.
    fn version(&self, commit: &str, path: &Path) -> Result<Option<Vec<u8>>, GitError> {
        let mut command = self.git();
        command.args(["ls-tree", "-z", "--full-tree", commit, "--"]).arg(path);
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("ls-tree", &answer));
        }
        let entry = text(&answer.stdout);
        let mut words = entry.split(['\t', ' ']);
        let is_file = words.next().is_some_and(|mode| mode.starts_with("100"));
        match words.nth(1).filter(|_| is_file) {
            Some(object) => self.blob(object),
            None => Ok(None),
        }
    }

    fn blob(&self, object: &str) -> Result<Option<Vec<u8>>, GitError> {
        let mut command = self.git();
        let answer = self.program.read(command.args(["cat-file", "blob", object]), b"")?;
        if answer.success() { Ok(Some(answer.stdout)) } else { Err(self.failure("cat-file", &answer)) }
    }

    /// Adds one file to the index, and nothing else: its conflict is settled.
    ///
    /// # Errors
    /// No `git` program, or one that refuses.
    pub fn add(&self, _lock: &Lock, path: &Path) -> Result<(), GitError> {
        let mut command = self.git();
        command.args(["add", "--"]).arg(literal(path));
        let answer = self.program.write(command, b"")?;
        if answer.success() { Ok(()) } else { Err(self.failure("add", &answer)) }
    }
}
