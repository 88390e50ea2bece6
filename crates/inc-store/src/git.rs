//! The user's git repository: where it is, what state it is in, who changed what, and commits of single files.
//!
//! With `land`, which makes the commits, this is the only place that touches git. Finding the repository happens in
//! process, through libgit2; all else goes through the user's own `git` program, so that hooks, signing, filters and
//! exotic formats work as the user set them up. Deliberately not here: reading and writing the files themselves
//! (`file`), what they mean, in which order a commit is made and undone (`land`). Only `remote` uses the network.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

mod author;
mod bound;
mod changes;
mod commit;
mod conflicts;
mod crowd;
mod discover;
mod error;
mod history;
mod join;
mod lock;
mod program;
mod remote;
mod revisions;
mod setup;
mod state;
#[cfg(test)]
pub(crate) mod tests;
mod words;

pub use author::{Author, AuthorError};
pub use bound::Elsewhere;
pub use changes::{ChangedFile, Texts};
pub use conflicts::{MergedFrom, Unmerged};
pub use error::GitError;
pub use history::{Blob, Commit, SignatureState, Touch};
pub use join::{Joined, Signature, Way};
pub use lock::{Holder, Lock};
pub use remote::{Fetched, NoUpstream, Pushed, Upstream};
pub use setup::Setup;
pub use state::{Blocked, Detached};
pub use words::set_off;

use crate::file;
use program::{Program, literal, text, text_path};

/// A repository with a work tree, which may be a linked one (`git worktree`).
#[derive(Clone, Debug)]
pub struct Repository {
    top: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    program: Program,
    /// Asked once: a process each time would be a good part of what a change costs.
    identity: OnceLock<Option<Author>>,
}

/// Wraps an error of libgit2's, for `map_err`.
pub(crate) fn refused(what: &'static str) -> impl FnOnce(git2::Error) -> GitError {
    move |error| GitError::Failed { what, words: words::advised(error.message()) }
}

/// The last commit that touched a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// When its author made it, RFC 3339 with the author's offset.
    pub at: String,
    /// The author's name, as `.mailmap` spells it.
    pub by: String,
}

impl Repository {
    /// Sets (`Some`) or removes (`None`) environment variables for every `git` process from here on.
    pub fn with_env(mut self, env: impl IntoIterator<Item = (OsString, Option<OsString>)>) -> Repository {
        self.program.extend_env(env);
        self.identity = OnceLock::new();
        self
    }

    /// The top folder of the work tree, symbolic links resolved.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The folder of this work tree's own state: `.git`, or `.git/worktrees/<name>` in a linked work tree.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The folder that all work trees of the repository share, where the lock and the index of records live.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Our own folder in the common one: the lock, the journal, what is being made ready.
    pub(crate) fn own_folder(&self) -> PathBuf {
        self.common_dir.join("inc")
    }

    /// The index of this work tree.
    pub(crate) fn index_file(&self) -> PathBuf {
        self.git_dir.join("index")
    }

    /// Another work tree of the same repository, or this one.
    ///
    /// # Errors
    /// It is no longer there.
    pub(crate) fn beside(&self, top: &Path, git_dir: &Path) -> Result<Repository, GitError> {
        let canonical = |path: &Path| path.canonicalize().map_err(GitError::io("open", path));
        let (top, git_dir) = (canonical(top)?, canonical(git_dir)?);
        Ok(Repository { top, git_dir, ..self.clone() })
    }

    /// Who the next commit's author would be by git's settings and environment, or `None` where nobody said.
    ///
    /// A name that git would merely guess from the machine's user and host counts as nobody: an incident's record
    /// signed `root@ip-10-0-3-7` helps no one.
    ///
    /// # Errors
    /// No `git` program to ask.
    pub fn identity(&self) -> Result<Option<&Author>, GitError> {
        if let Some(known) = self.identity.get() {
            return Ok(known.as_ref());
        }
        let asked = self.ask_identity()?;
        Ok(self.identity.get_or_init(|| asked).as_ref())
    }

    fn ask_identity(&self) -> Result<Option<Author>, GitError> {
        let mut command = self.git();
        command.args(["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]);
        let answer = self.program.read(command, b"")?;
        let ident = text(&answer.stdout);
        let end = ident.rfind('>').filter(|_| answer.success());
        Ok(end.and_then(|end| Author::parse(&ident[..=end]).ok()))
    }

    /// Whether git knows the file (in its index), committed or not.
    pub fn is_tracked(&self, path: &Path) -> Result<bool, GitError> {
        let path = self.relative(path)?;
        Ok(!self.index_entries(&[&path])?.is_empty())
    }

    /// The rule that makes git ignore the file (`.gitignore:3: *.yaml`), or `None`; a tracked file is never ignored.
    pub fn ignored_by(&self, path: &Path) -> Result<Option<String>, GitError> {
        let path = self.relative(path)?;
        let mut command = self.git();
        command.args(["check-ignore", "-v", "-z", "--stdin"]);
        let answer = self.program.read(command, path.as_os_str().as_encoded_bytes())?;
        match answer.code {
            Some(0) => {
                let mut fields = answer.stdout.split(|byte| *byte == 0).map(text);
                let mut next = || fields.next().unwrap_or_default();
                let (source, line, pattern) = (next(), next(), next());
                // With -v git also reports the rule that takes a file back in.
                Ok((!pattern.starts_with('!'))
                    .then(|| format!("{}:{line}: {pattern}", file::shown(Path::new(&source)))))
            }
            Some(1) => Ok(None),
            _ => Err(self.failure("check-ignore", &answer)),
        }
    }

    /// Whether the file differs from the last commit, staged or not; a file that is not committed yet does.
    pub fn has_edits(&self, path: &Path) -> Result<bool, GitError> {
        let path = self.relative(path)?;
        let mut command = self.git();
        // --branch: an answer that says nothing at all is none.
        command.args(["status", "--porcelain=v2", "--branch", "-z", "--no-renames"]);
        command.args(["--untracked-files=all", "--ignored=matching", "--"]);
        command.arg(literal(&path));
        let answer = self.program.read(command, b"")?;
        if !answer.success() || !answer.stdout.starts_with(b"# ") {
            return Err(self.failure("status", &answer));
        }
        Ok(answer.stdout.split(|byte| *byte == 0).any(|line| !line.is_empty() && !line.starts_with(b"# ")))
    }

    /// A file in `folder` with `part` in its name that a sparse checkout leaves out, or `None`.
    pub(crate) fn not_checked_out(&self, folder: &str, part: &str) -> Result<Option<PathBuf>, GitError> {
        if !self.has_state("info/sparse-checkout") {
            return Ok(None);
        }
        let entries = self.index_entries(&[Path::new(folder)])?;
        let is_meant =
            |path: &Path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains(part));
        let mut skipped = entries.into_iter().filter(|(letter, path)| *letter == b'S' && is_meant(path));
        Ok(skipped.next().map(|(_, path)| path))
    }

    /// The last commit on the way to here that touched the file, or `None` where there is none yet.
    pub fn last_change(&self, path: &Path) -> Result<Option<LastChange>, GitError> {
        let path = self.relative(path)?;
        if self.head()?.is_none() {
            return Ok(None);
        }
        let mut command = self.git();
        command.args(["rev-list", "-1", "--no-commit-header", "--format=%aI%n%aN"]);
        command.args(["HEAD", "--"]).arg(literal(&path));
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("rev-list", &answer));
        }
        let lines = text(&answer.stdout);
        Ok(lines
            .split_once('\n')
            .map(|(at, by)| LastChange { at: at.into(), by: by.trim_end_matches('\n').into() }))
    }

    /// The commit that HEAD stands at, or `None` on a branch without commits.
    pub(crate) fn head(&self) -> Result<Option<String>, GitError> {
        self.verified("HEAD^{commit}")
    }

    /// The object that a name stands for, or `None`.
    fn verified(&self, name: &str) -> Result<Option<String>, GitError> {
        let mut command = self.git();
        command.args(["rev-parse", "--quiet", "--verify", name]);
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) => match text(&answer.stdout).trim_end() {
                // A git that could not write its answer may exit 0 all the same.
                "" => {
                    Err(GitError::Failed { what: "rev-parse", words: "it did not say which commit".into() })
                }
                name => Ok(Some(name.to_owned())),
            },
            Some(1) => Ok(None),
            _ => Err(self.failure("rev-parse", &answer)),
        }
    }

    /// What the index says of these paths, each entry with the letter of `git ls-files -v`.
    fn index_entries(&self, paths: &[&Path]) -> Result<Vec<(u8, PathBuf)>, GitError> {
        let mut command = self.git();
        command.args(["ls-files", "-v", "-z", "--"]);
        command.args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("ls-files", &answer));
        }
        let entries = answer.stdout.split(|byte| *byte == 0);
        Ok(entries.filter(|entry| entry.len() > 2).map(|entry| (entry[0], text_path(&entry[2..]))).collect())
    }

    /// A path below the top as git wants it, with symbolic links resolved; a folder is refused.
    fn relative(&self, path: &Path) -> Result<PathBuf, GitError> {
        let place = file::resolve(&self.top, path)?;
        if place.is_dir() {
            return Err(file::FileError::Folder { path: path.into() }.into());
        }
        Ok(place.strip_prefix(&self.top).unwrap_or(&place).into())
    }

    /// A `git` that runs at the top of this work tree, wherever we were started.
    fn git(&self) -> std::process::Command {
        self.program.at(&self.top)
    }

    /// The error for a `git` command that failed, or for the version that does not know it.
    fn failure(&self, what: &'static str, answer: &program::Answer) -> GitError {
        self.program.failure(what, answer)
    }

    /// Whether there is such a file or folder in this work tree's git folder.
    fn has_state(&self, name: &str) -> bool {
        fs::symlink_metadata(self.git_dir.join(name)).is_ok()
    }
}
