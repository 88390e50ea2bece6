//! One commit of one or two files, whatever else is staged or dirty.
//!
//! It neither writes nor restores the files, and takes no lock: the caller holds it, from reading the file until
//! here. `git commit --only` makes the commit in an index of its own and then updates just these paths in the
//! user's; so what the user staged stays staged.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::program::{Answer, literal};
use super::{Author, GitError, Repository};

/// How long to wait for another git (an editor's, a prompt's) that holds the index for a moment.
const INDEX_PATIENCE: Duration = Duration::from_secs(3);
const INDEX_PAUSE: Duration = Duration::from_millis(40);

/// What to commit.
#[derive(Clone, Copy, Debug)]
pub struct CommitRequest<'a> {
    /// The files: absolute, or from the top of the work tree. One that was removed is committed as removed.
    pub paths: &'a [PathBuf],
    /// The whole message with its trailers; lines that begin with `#` stay.
    pub message: &'a str,
    /// Author and committer, or `None` for those of git's settings.
    pub author: Option<&'a Author>,
    /// The date of both, RFC 3339, where the clock is pinned; `None` = now.
    pub at: Option<&'a str>,
}

/// How a commit went that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// There is a new commit.
    Made {
        /// Its id in hexadecimal; empty where git failed to tell it afterwards.
        oid: String,
    },
    /// The files are already committed as they are; there is no new commit.
    Nothing,
}

impl Repository {
    /// Refuses what [`Repository::commit`] would refuse anyway, but before the caller has written anything.
    ///
    /// Checked: an operation under way, a file that git ignores, is told not to look at, or that has conflicts,
    /// and a missing identity. The files need not exist yet.
    pub fn may_commit(&self, paths: &[PathBuf], author: Option<&Author>) -> Result<(), GitError> {
        self.vet(&self.all_relative(paths)?, author).map(drop)
    }

    /// Commits these files as they lie in the work tree, and nothing else.
    ///
    /// On an error the index is as it was; the files are left to the caller, who may want to put them back.
    pub fn commit(&self, request: &CommitRequest<'_>) -> Result<Committed, GitError> {
        let paths = self.all_relative(request.paths)?;
        if paths.is_empty() {
            return Ok(Committed::Nothing);
        }
        let new = self.vet(&paths, request.author)?;
        if let Some(missing) = new.iter().find(|path| !self.exists(path)) {
            return Err(GitError::NoSuchFile { path: missing.to_path_buf() });
        }
        let made = self.intend(&new).and_then(|()| self.differs_from_head(&paths)).and_then(|differs| {
            if differs {
                self.commit_only(&paths, request)?;
            }
            Ok(differs)
        });
        match made {
            Ok(true) => Ok(Committed::Made {
                // The commit stands whether or not git can still name it.
                oid: self.head().ok().flatten().unwrap_or_default(),
            }),
            Ok(false) => self.forget(&new).map(|()| Committed::Nothing),
            Err(error) => Err(self.undo(&new, error)),
        }
    }

    /// Checks all that speaks against a commit of these paths, and returns those that git does not know yet.
    fn vet<'p>(&self, paths: &'p [PathBuf], author: Option<&Author>) -> Result<Vec<&'p Path>, GitError> {
        if let Some(blocked) = self.blocked() {
            return Err(GitError::Blocked(blocked));
        }
        let mut new: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        for (letter, path) in self.index_entries(&new)? {
            match letter {
                b'M' => return Err(GitError::Unmerged { path }),
                // Lower case: `git update-index --assume-unchanged`.
                b'a'..=b'z' => return Err(GitError::AssumedUnchanged { path }),
                _ => new.retain(|candidate| *candidate != path),
            }
        }
        for path in &new {
            if let Some(rule) = self.ignored_by(path)? {
                let path = path.to_path_buf();
                return Err(GitError::Ignored { path, rule });
            }
        }
        if author.is_none() && self.identity()?.is_none() {
            return Err(GitError::NoIdentity);
        }
        Ok(new)
    }

    fn exists(&self, path: &Path) -> bool {
        self.top.join(path).symlink_metadata().is_ok()
    }

    /// `git add --intent-to-add`: `--only` takes no path that the index does not know.
    pub(super) fn intend(&self, new: &[&Path]) -> Result<(), GitError> {
        if new.is_empty() {
            return Ok(());
        }
        let answer = self.retried(b"", || {
            let mut command = self.git();
            command.args(DURABLE);
            // --sparse: a record may be declared outside of what the user has checked out.
            command.args(["add", "--intent-to-add", "--sparse", "--"]);
            command.args(new.iter().map(|path| literal(path)));
            command
        })?;
        if answer.success() { Ok(()) } else { Err(self.failure("add", &answer)) }
    }

    /// The exact reverse of `intend`. `git reset` would put back what HEAD has, even where the user removed it from
    /// the index.
    fn forget(&self, new: &[&Path]) -> Result<(), GitError> {
        if new.is_empty() {
            return Ok(());
        }
        let mut input = Vec::new();
        for path in new {
            input.extend_from_slice(path.as_os_str().as_encoded_bytes());
            input.push(0);
        }
        let answer = self.retried(&input, || {
            let mut command = self.git();
            command.args(["update-index", "--force-remove", "-z", "--stdin"]);
            command
        })?;
        if answer.success() { Ok(()) } else { Err(self.failure("update-index", &answer)) }
    }

    /// Takes the new files out of the index again, and returns the error that led here, or the worse one.
    fn undo(&self, new: &[&Path], error: GitError) -> GitError {
        match self.forget(new) {
            Ok(()) => error,
            Err(worse) => GitError::Failed {
                what: "update-index",
                words: format!("{worse}\nafter: {error}\nthe new files stay in git's index, without content"),
            },
        }
    }

    /// Whether a commit of these paths would change anything. Before the first commit everything does.
    fn differs_from_head(&self, paths: &[PathBuf]) -> Result<bool, GitError> {
        let mut command = self.git();
        command.args(["diff", "--quiet", "--no-ext-diff", "--no-textconv", "HEAD", "--"]);
        command.args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ if self.head()?.is_none() => Ok(true),
            _ => Err(self.failure("diff", &answer)),
        }
    }

    /// Runs `git commit --only`.
    fn commit_only(&self, paths: &[PathBuf], request: &CommitRequest<'_>) -> Result<(), GitError> {
        let answer = self.retried(request.message.as_bytes(), || {
            let mut command = self.git();
            command.args(DURABLE).args(["-c", "i18n.commitEncoding=UTF-8"]);
            command.args(["commit", "--only", "--quiet", "--cleanup=whitespace", "--file=-", "--"]);
            command.args(paths.iter().map(|path| literal(path)));
            sign(&mut command, request);
            command
        })?;
        match answer.code {
            Some(0) => Ok(()),
            Some(1) => Err(GitError::CommitRefused { words: answer.words() }),
            _ if !self.differs_from_head(paths)? => {
                self.catch_up(paths);
                Ok(())
            }
            _ => Err(self.failure("commit", &answer)),
        }
    }

    /// Brings the index up to a commit after which git died (a full disk, a signal) before it could do so itself.
    fn catch_up(&self, paths: &[PathBuf]) {
        // Without it the commit holds all the same, and `git status` shows the files until the next `git add`.
        let _ = self.retried(b"", || {
            let mut command = self.git();
            command.args(["reset", "--quiet", "--"]);
            command.args(paths.iter().map(|path| literal(path)));
            command
        });
    }

    /// Runs a command that writes the index, again while another git holds it.
    ///
    /// Git takes that lock before it runs any hook, so no hook runs twice.
    fn retried(&self, input: &[u8], command: impl Fn() -> Command) -> Result<Answer, GitError> {
        let start = Instant::now();
        loop {
            let answer = self.program.write(command(), input)?;
            if !index_was_locked(&answer) {
                return Ok(answer);
            }
            if start.elapsed() >= INDEX_PATIENCE {
                return Err(GitError::IndexLocked { path: self.git_dir.join("index.lock") });
            }
            thread::sleep(INDEX_PAUSE);
        }
    }
}

/// Git syncs nothing but packs by itself.
const DURABLE: [&str; 4] = ["-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync"];

fn sign(command: &mut Command, request: &CommitRequest<'_>) {
    for role in ["AUTHOR", "COMMITTER"] {
        if let Some(author) = request.author {
            command.env(format!("GIT_{role}_NAME"), author.name());
            command.env(format!("GIT_{role}_EMAIL"), author.email());
        }
        if let Some(at) = request.at {
            command.env(format!("GIT_{role}_DATE"), at);
        }
    }
}

/// Whether git gave up because another one holds the index; the file's name is the same in every language.
fn index_was_locked(answer: &Answer) -> bool {
    const FATAL: Option<i32> = Some(128);
    answer.code == FATAL && answer.stderr.windows(b"index.lock".len()).any(|window| window == b"index.lock")
}
