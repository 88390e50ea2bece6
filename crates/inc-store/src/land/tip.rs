//! The ref that a commit moves: the branch that HEAD names, or HEAD itself.
//!
//! Where refs are plain files we move them ourselves, under git's own lock, so that a lock left behind is known as
//! ours; where they are not, or a hook wants to be asked, `git update-ref` does.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::scratch::{Scratch, second_name};
use crate::file::sync_folder_of;
use crate::git::{GitError, Repository, Setup, refused};

/// How much of a reflog is looked at for what happened since the last commit.
const REFLOG_TAIL: u64 = 8 * 1024;

/// How a ref is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tip {
    /// A file of this name: `refs/heads/main`, or `HEAD` where it is detached.
    File(String),
    /// Whatever HEAD leads to, by the user's git.
    Git,
}

impl Tip {
    /// Where HEAD leads now.
    pub(super) fn of(repository: &Repository, setup: &Setup) -> Result<Tip, GitError> {
        if !setup.has_plain_refs() || repository.has_hook(setup, "reference-transaction")? {
            return Ok(Tip::Git);
        }
        let Ok(opened) = git2::Repository::open(repository.top()) else {
            return Ok(Tip::Git);
        };
        let Ok(head) = fs::read_to_string(repository.git_dir().join("HEAD")) else {
            return Ok(Tip::Git);
        };
        let name = match head.trim_end().strip_prefix("ref: ") {
            Some(name) if name.starts_with("refs/heads/") && git2::Reference::is_valid_name(name) => name,
            Some(_) => return Ok(Tip::Git),
            None => "HEAD",
        };
        // A branch that is another name for a branch.
        let is_alias =
            opened.find_reference(name).is_ok_and(|found| found.kind() != Some(git2::ReferenceType::Direct));
        Ok(if is_alias { Tip::Git } else { Tip::File(name.to_owned()) })
    }

    /// The ref's file, if it is one.
    pub(super) fn file(&self, repository: &Repository) -> Option<PathBuf> {
        match self {
            Tip::File(name) => Some(folder_of(repository, name).join(name)),
            Tip::Git => None,
        }
    }

    /// The commit that the ref stands at, or `None` before the first one.
    pub(super) fn commit(&self, repository: &Repository) -> Result<Option<String>, GitError> {
        let Tip::File(name) = self else {
            return repository.head();
        };
        let opened = git2::Repository::open(repository.top()).map_err(refused("discover"))?;
        match opened.refname_to_id(name) {
            Ok(commit) if commit.is_zero() => {
                Err(GitError::Failed { what: "rev-parse HEAD", words: format!("{name} names no commit") })
            }
            Ok(commit) => Ok(Some(commit.to_string())),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(error) => Err(refused("rev-parse HEAD")(error)),
        }
    }

    /// Moves the ref from `old` to the commit that is ready, and notes it in the reflog.
    pub(super) fn move_to(
        &self,
        repository: &Repository,
        scratch: &Scratch,
        commit: &str,
        old: Option<&str>,
    ) -> Result<(), GitError> {
        let Tip::File(name) = self else {
            let subject = repository.subject_of(commit)?;
            return repository.update_head(commit, old, &reflog_message(&subject, old));
        };
        let file = folder_of(repository, name).join(name);
        let line = reflog_line(repository, commit, old)?;
        let logs = self.reflogs(repository, name);
        for log in &logs {
            append_once(log, &line).map_err(GitError::io("write", log))?;
        }
        let fresh = scratch.file("ref");
        let moved = match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => second_name(&scratch.mark(), &fresh).and_then(|()| replace(&fresh, &file)),
        };
        moved.map_err(GitError::io("write", &file)).inspect_err(|_| {
            for log in &logs {
                let _ = cut_off(log, &line);
            }
        })?;
        Ok(sync_folder_of(&file)?)
    }

    /// The commit that was taken off the branch, since the last commit, by a `git reset` to HEAD as it had been a moment
    /// before. Git looks up HEAD before it takes any lock, so that a commit of that moment is undone in silence; `git
    /// stash` ends in such a reset.
    pub(super) fn dropped_commit(&self, repository: &Repository) -> Option<String> {
        let Tip::File(name) = self else { return None };
        let log = folder_of(repository, name).join("logs").join(name);
        let text = tail(&log, REFLOG_TAIL).ok()?;
        let since_commit = text.lines().rev().take_while(|line| !line.contains("\tcommit"));
        let mut resets = since_commit.filter_map(|line| {
            let (head, message) = line.split_once('\t')?;
            let mut ids = head.split(' ');
            let (old, new) = (ids.next()?, ids.next()?);
            (message == "reset: moving to HEAD" && old != new).then(|| old.to_owned())
        });
        resets.next()
    }

    fn reflogs(&self, repository: &Repository, name: &str) -> Vec<PathBuf> {
        let head = repository.git_dir().join("logs/HEAD");
        match name {
            "HEAD" => vec![head],
            branch => vec![head, repository.common_dir().join("logs").join(branch)],
        }
    }
}

/// HEAD is each work tree's own, the branches are shared.
fn folder_of<'a>(repository: &'a Repository, name: &str) -> &'a Path {
    if name == "HEAD" { repository.git_dir() } else { repository.common_dir() }
}

/// Renames over a file, or over the empty folders that a deleted branch with a slash in its name has left there.
fn replace(fresh: &Path, file: &Path) -> io::Result<()> {
    match fs::rename(fresh, file) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            remove_empty_folders(file)?;
            fs::rename(fresh, file)
        }
        other => other,
    }
}

fn remove_empty_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty_folders(&entry.path())?;
        }
    }
    // Refused where anything is in it.
    fs::remove_dir(folder)
}

/// What `git commit` writes there.
fn reflog_message(subject: &str, old: Option<&str>) -> String {
    let first = if old.is_none() { " (initial)" } else { "" };
    format!("commit{first}: {subject}")
}

fn reflog_line(repository: &Repository, commit: &str, old: Option<&str>) -> Result<String, GitError> {
    let opened = git2::Repository::open(repository.top()).map_err(refused("discover"))?;
    let id = commit.parse().map_err(refused("log"))?;
    let found = opened.find_commit(id).map_err(refused("log"))?;
    let who = found.committer();
    let (name, email) =
        (String::from_utf8_lossy(who.name_bytes()), String::from_utf8_lossy(who.email_bytes()));
    let minutes = who.when().offset_minutes().abs();
    let time =
        format!("{} {}{:02}{:02}", who.when().seconds(), who.when().sign(), minutes / 60, minutes % 60);
    let subject = String::from_utf8_lossy(found.summary_bytes().unwrap_or_default()).into_owned();
    let message = reflog_message(&subject, old);
    let old = old.map_or_else(|| "0".repeat(commit.len()), str::to_owned);
    Ok(format!("{old} {commit} {name} <{email}> {time}\t{message}\n"))
}

/// Appends the line unless it is the last one already: a change that is finished after a crash is noted once.
fn append_once(log: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(log)?;
    let length = file.metadata()?.len();
    if ends_with(&mut file, length, line)? {
        return Ok(());
    }
    file.write_all(line.as_bytes()).inspect_err(|_| {
        // Half a line would be taken for an entry.
        let _ = file.set_len(length);
    })
}

/// Takes the line off again, where it is the last one.
fn cut_off(log: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(log)?;
    let length = file.metadata()?.len();
    match ends_with(&mut file, length, line)? {
        true => file.set_len(length - line.len() as u64),
        false => Ok(()),
    }
}

/// The last bytes of a file, as text.
fn tail(file: &Path, most: u64) -> io::Result<String> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = fs::File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn ends_with(file: &mut fs::File, length: u64, line: &str) -> io::Result<bool> {
    use std::io::{Read, Seek, SeekFrom};
    let Some(start) = length.checked_sub(line.len() as u64) else {
        return Ok(false);
    };
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.read_to_end(&mut tail)?;
    Ok(tail == line.as_bytes())
}
