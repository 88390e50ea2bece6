//! What the repository is in the middle of, read off the files that git leaves for it.
//!
//! It only looks; nothing is continued or aborted here.

use std::fmt;
use std::fs;

use super::Repository;

/// An operation under way in which a commit of ours would do damage: refused before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// `git merge`
    Merge,
    /// `git rebase`
    Rebase,
    /// `git am`
    Am,
    /// `git cherry-pick`
    CherryPick,
    /// `git revert`
    Revert,
}

impl Blocked {
    fn command(self) -> &'static str {
        match self {
            Blocked::Merge => "merge",
            Blocked::Rebase => "rebase",
            Blocked::Am => "am",
            Blocked::CherryPick => "cherry-pick",
            Blocked::Revert => "revert",
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let git = self.command();
        write!(
            f,
            "a `git {git}` is under way in this repository: finish it with `git {git} --continue` or drop it with \
             `git {git} --abort`, then try again"
        )
    }
}

/// A commit is possible, but belongs to no branch: worth a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detached {
    /// `git bisect` is searching.
    Bisect,
    /// A commit or tag is checked out instead of a branch.
    Head,
}

impl fmt::Display for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Detached::Bisect => {
                "a `git bisect` is under way, so this commit is on no branch: keep it with `git branch <name>` \
                 before `git bisect reset`"
            }
            Detached::Head => {
                "HEAD is detached, so this commit is on no branch: keep it with `git switch -c <name>`"
            }
        })
    }
}

impl Repository {
    /// The operation under way that forbids a commit, or `None`; ask before writing a file.
    pub fn blocked(&self) -> Option<Blocked> {
        if self.has_state("rebase-merge") {
            Some(Blocked::Rebase)
        } else if self.has_state("rebase-apply") {
            let am = self.has_state("rebase-apply/applying");
            Some(if am { Blocked::Am } else { Blocked::Rebase })
        } else if self.has_ref("MERGE_HEAD") {
            Some(Blocked::Merge)
        } else if self.has_ref("CHERRY_PICK_HEAD") {
            Some(Blocked::CherryPick)
        } else if self.has_ref("REVERT_HEAD") {
            Some(Blocked::Revert)
        } else {
            self.sequence()
        }
    }

    /// Why a commit made now would be on no branch, or `None` on one.
    pub fn detached(&self) -> Option<Detached> {
        // With reftable HEAD is a file that names no branch at all (`refs/heads/.invalid`).
        let head = fs::read_to_string(self.git_dir.join("HEAD")).unwrap_or_default();
        if head.strip_prefix("ref: refs/heads/").is_some_and(|branch| !branch.starts_with('.')) {
            return None;
        }
        let mut command = self.git();
        command.args(["symbolic-ref", "--quiet", "HEAD"]);
        let answer = self.program.read(command, b"").ok()?;
        match answer.code {
            Some(1) if self.has_state("BISECT_LOG") => Some(Detached::Bisect),
            Some(1) => Some(Detached::Head),
            _ => None,
        }
    }

    /// A series of picks or reverts of which the current one is committed and others are to come.
    fn sequence(&self) -> Option<Blocked> {
        let todo = fs::read_to_string(self.git_dir.join("sequencer/todo")).ok()?;
        match todo.split_whitespace().next()? {
            "revert" => Some(Blocked::Revert),
            _ => Some(Blocked::CherryPick),
        }
    }

    /// Whether git holds this special ref: a file, or with reftable an entry that only git can read.
    fn has_ref(&self, name: &str) -> bool {
        if self.has_state(name) {
            return true;
        }
        if !self.common_dir.join("reftable").is_dir() {
            return false;
        }
        let mut command = self.git();
        command.args(["rev-parse", "--quiet", "--verify", name]);
        let answer = self.program.read(command, b"");
        answer.is_ok_and(|answer| answer.success())
    }
}
