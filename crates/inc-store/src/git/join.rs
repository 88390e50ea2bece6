//! Bringing two histories together, by the user's own git: fast forward, merge, rebase; going on with one and dropping it.
//!
//! What git leaves in a conflict stays as it is. The caller holds our lock, so that no record is written meanwhile.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::program::{Answer, text_path};
use super::words::{cleaned, with_lock};
use super::{Author, Blocked, GitError, Lock, Repository, Setup, Upstream, text};

/// How to bring two histories together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There is nothing of ours to merge.
    Forward,
    /// `git merge`
    Merge,
    /// `git rebase`; with `merges`, merges of ours stay merges.
    Rebase {
        /// As `pull.rebase=merges` asks.
        merges: bool,
    },
}

impl Way {
    /// As the user's git is told to pull this branch: `branch.<name>.rebase`, else `pull.rebase`, else a merge.
    pub fn of(setup: &Setup, branch: &str) -> Way {
        let own = format!("branch.{branch}.rebase");
        let name = if setup.get(&own).is_some() { &own } else { "pull.rebase" };
        match setup.get(name) {
            Some("merges" | "m") => Way::Rebase { merges: true },
            _ if setup.is_on(name, false) => Way::Rebase { merges: false },
            _ => Way::Merge,
        }
    }
}

/// How that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Done; with what git and the merge driver said.
    Done(String),
    /// Git waits for somebody to settle conflicts or to say why it stopped.
    Stopped(String),
    /// Git refused, and nothing has changed.
    Refused(String),
}

/// Who signs what git commits, where that is not left to its settings.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Name and address.
    pub author: Option<Author>,
    /// The instant, as RFC 3339.
    pub at: Option<String>,
}

impl Repository {
    /// Brings in what the upstream has.
    ///
    /// # Errors
    /// No `git` program.
    pub fn join(
        &self,
        _lock: &Lock,
        upstream: &Upstream,
        way: Way,
        by: &Signature,
    ) -> Result<Joined, GitError> {
        let mut command = self.git();
        // Our own words say what to do next.
        command.args(["-c", "advice.mergeConflict=false"]);
        match way {
            Way::Forward => command.args(["merge", "--quiet", "--ff-only", &upstream.name]),
            Way::Merge => command.args(["merge", "--quiet", "--no-edit", &upstream.name]),
            Way::Rebase { merges: true } => {
                command.args(["rebase", "--quiet", "--rebase-merges", &upstream.name])
            }
            Way::Rebase { merges: false } => command.args(["rebase", "--quiet", &upstream.name]),
        };
        self.joined(command, by, matches!(way, Way::Rebase { .. }))
    }

    /// Finishes the merge or rebase under way.
    ///
    /// # Errors
    /// No `git` program.
    pub fn go_on(&self, _lock: &Lock, with: Blocked, by: &Signature) -> Result<Joined, GitError> {
        let mut command = self.git();
        match with {
            Blocked::Merge => command.args(["commit", "--quiet", "--no-edit"]),
            _ => command.args(["-c", "advice.mergeConflict=false", "rebase", "--continue"]),
        };
        self.joined(command, by, with != Blocked::Merge)
    }

    /// Gives back the state from before the merge or rebase under way.
    ///
    /// # Errors
    /// No `git` program, or one that cannot do that; files that were edited since.
    pub fn drop_it(&self, _lock: &Lock, with: Blocked) -> Result<(), GitError> {
        // Git refuses where edits would be lost in a merge, and loses them without a word in a rebase.
        if with == Blocked::Rebase && !self.rebase_died() {
            let files = self.edited_since(with)?;
            if !files.is_empty() {
                return Err(GitError::EditedSince { command: "rebase --abort", files });
            }
        }
        let mut command = self.git();
        command.args([if with == Blocked::Merge { "merge" } else { "rebase" }, "--abort"]);
        let answer = self.program.write(command, b"")?;
        match answer.success() || (with == Blocked::Rebase && self.forget_rebase()?) {
            true => Ok(()),
            false => Err(self.not_given_up(with, &answer)),
        }
    }

    /// Why git did not give up: edits made since stand in its way, or what it says.
    fn not_given_up(&self, with: Blocked, answer: &Answer) -> GitError {
        let command = if with == Blocked::Merge { "merge --abort" } else { "rebase --abort" };
        match self.edited_since(with) {
            Ok(files) if !files.is_empty() => GitError::EditedSince { command, files },
            _ => self.failure(command, answer),
        }
    }

    /// The files, but those in conflict, that were edited since and that to give up would touch: of a merge those that it
    /// brought in, of a rebase all.
    fn edited_since(&self, with: Blocked) -> Result<Vec<PathBuf>, GitError> {
        let unmerged = self.unmerged()?;
        let merged: BTreeSet<PathBuf> = self.staged()?.into_iter().map(|file| file.path).collect();
        let mut command = self.git();
        let answer = self.program.read(command.args(["diff-files", "--name-only", "-z"]), b"")?;
        if !answer.success() {
            return Err(self.failure("diff-files", &answer));
        }
        let edited = answer.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(text_path);
        let touches = |path: &PathBuf| with == Blocked::Rebase || merged.contains(path);
        Ok(edited.filter(|path| touches(path) && !unmerged.contains(path)).collect())
    }

    /// Removes what git noted for a rebase over which it died before HEAD left the branch: nothing has moved, and git
    /// cannot give up what it did not finish noting.
    fn forget_rebase(&self) -> Result<bool, GitError> {
        let folder = self.git_dir.join("rebase-merge");
        if self.branch()?.is_none() || !folder.is_dir() || folder.join("autostash").exists() {
            return Ok(false);
        }
        fs::remove_dir_all(&folder).map_err(GitError::io("remove", &folder))?;
        Ok(true)
    }

    /// The files whose conflicts nobody settled, from the top.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn unmerged(&self) -> Result<Vec<PathBuf>, GitError> {
        let mut command = self.git();
        command.args(["ls-files", "--unmerged", "-z"]);
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("ls-files", &answer));
        }
        let entries = answer.stdout.split(|byte| *byte == 0);
        let paths = entries.filter_map(|entry| entry.splitn(2, |byte| *byte == b'\t').nth(1));
        Ok(paths.map(text_path).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// The files that were in conflict and are settled, from the top, as far as the index remembers.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn resolved(&self) -> Result<BTreeSet<PathBuf>, GitError> {
        let mut command = self.git();
        let answer = self.program.read(command.args(["ls-files", "--resolve-undo", "-z"]), b"")?;
        if !answer.success() {
            return Err(self.failure("ls-files", &answer));
        }
        let entries = answer.stdout.split(|byte| *byte == 0);
        Ok(entries.filter_map(|entry| entry.splitn(2, |byte| *byte == b'\t').nth(1)).map(text_path).collect())
    }

    /// The commits that the merge or rebase under way brings together: where the branch stood, and what comes in.
    ///
    /// # Errors
    /// No `git` program, or a state that nobody can read.
    pub fn sides(&self, of: Blocked) -> Result<(String, String), GitError> {
        let sides = match of {
            Blocked::Merge => (self.verified("HEAD")?, self.verified("MERGE_HEAD")?),
            _ => (self.noted("orig-head"), self.noted("onto")),
        };
        let unknown =
            || GitError::Failed { what: "rebase", words: "it does not say what it brings together".into() };
        sides.0.zip(sides.1).ok_or_else(unknown)
    }

    /// Whether the git that rebased has died over a commit: git itself would go on behind that one.
    pub fn rebase_died(&self) -> bool {
        self.has_state("rebase-merge") && !self.has_state("rebase-merge/stopped-sha")
    }

    /// What a rebase under way has noted.
    fn noted(&self, name: &str) -> Option<String> {
        let read = |folder: &str| fs::read_to_string(self.git_dir.join(folder).join(name));
        let commit = read("rebase-merge").or_else(|_| read("rebase-apply")).ok()?;
        Some(commit.trim().to_owned())
    }

    /// With the lock of the index, which git does not always name where it is in the way; where it does, it explains at
    /// length what we say in a line.
    fn with_index_lock(&self, words: String) -> String {
        let is_named = words.contains("index.lock");
        match self.has_state("index.lock") && (is_named || !words.contains(".lock")) {
            true => {
                let lock = self.git_dir.join("index.lock");
                let words = words.split("\n\nAnother git process").next().unwrap_or_default();
                format!("{words}\nif no other git is at work here, remove {}", lock.display())
            }
            false => words,
        }
    }

    fn joined(&self, mut command: Command, by: &Signature, is_rebase: bool) -> Result<Joined, GitError> {
        // A rebase keeps the author of each commit.
        let roles = if is_rebase { &["COMMITTER"][..] } else { &["COMMITTER", "AUTHOR"] };
        for role in roles {
            if let Some(author) = &by.author {
                command.env(format!("GIT_{role}_NAME"), author.name());
                command.env(format!("GIT_{role}_EMAIL"), author.email());
            }
            if let Some(at) = &by.at {
                command.env(format!("GIT_{role}_DATE"), at);
            }
        }
        let answer = self.program.write(command, b"")?;
        let words = with_lock(cleaned(&text(&answer.stderr)));
        Ok(match self.blocked() {
            None if answer.success() => Joined::Done(words),
            None => Joined::Refused(self.with_index_lock(with_lock(answer.words()))),
            Some(_) => Joined::Stopped(words),
        })
    }
}
