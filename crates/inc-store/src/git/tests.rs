//! The repository against real temporary ones, in a cleaned environment: nothing of the machine's git settings,
//! and nothing of this process's environment, takes part.

mod contents;
mod hooks;
mod people;
mod places;
mod refusals;
mod writers;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Author, Blocked, Detached, GitError, Repository};
use super::{discover, program::Program};
use crate::file::{self, FileError};
use crate::land::{self, FileChange, LandError, Landing, Signed};

const RECORD: &str = "incidents/2026/x.yaml";

/// A temporary folder with a repository in `repo`, and the environment that its gits run in.
pub(crate) struct Ground {
    folder: TempDir,
    env: Vec<(OsString, Option<OsString>)>,
}

impl Ground {
    /// A folder without any repository.
    pub(crate) fn bare_ground() -> Ground {
        let folder = TempDir::new().unwrap();
        let env = [
            ("GIT_CONFIG_GLOBAL", Some("/dev/null")),
            ("GIT_CONFIG_SYSTEM", Some("/dev/null")),
            ("GIT_CONFIG_NOSYSTEM", Some("1")),
            ("HOME", folder.path().to_str()),
            ("XDG_CONFIG_HOME", folder.path().to_str()),
            ("EMAIL", None),
            ("TZ", Some("UTC")),
            ("LC_ALL", Some("C.UTF-8")),
        ];
        let env = env.map(|(name, value)| (name.into(), value.map(OsString::from)));
        let mut env = env.to_vec();
        for name in std::env::vars_os().map(|(name, _)| name) {
            if name.to_string_lossy().starts_with("GIT_") && !env.iter().any(|(set, _)| *set == name) {
                env.push((name, None));
            }
        }
        Ground { folder, env }
    }

    /// A repository on branch `main`, without a commit, with an identity.
    pub(crate) fn unborn() -> Ground {
        let ground = Ground::bare_ground();
        fs::create_dir(ground.top()).unwrap();
        ground.git("init -q -b main");
        ground.git("config user.name Ada");
        ground.git("config user.email ada@example.org");
        ground
    }

    /// The same with a record and another file committed.
    pub(crate) fn new() -> Ground {
        let ground = Ground::unborn();
        ground.write(RECORD, "title: one\n");
        ground.write("other.txt", "one\ntwo\n");
        ground.git("add .");
        ground.git("commit -q -m first");
        ground
    }

    pub(crate) fn top(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("repo")
    }

    pub(crate) fn repository(&self) -> Repository {
        self.repository_at(&self.top())
    }

    pub(crate) fn repository_at(&self, from: &Path) -> Repository {
        discover::discover(from, self.program()).unwrap()
    }

    fn program(&self) -> Program {
        let mut program = Program::default();
        program.extend_env(self.env.clone());
        program
    }

    pub(crate) fn command(&self, folder: &Path, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(folder).args(args).stdin(Stdio::null());
        command
    }

    /// Runs git at the top, which must succeed, and returns its output.
    pub(crate) fn git(&self, args: &str) -> String {
        self.git_in(&self.top(), &args.split(' ').collect::<Vec<_>>())
    }

    pub(crate) fn git_in(&self, folder: &Path, args: &[&str]) -> String {
        let output = self.command(folder, args).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {words}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs git at the top, which must fail (a merge with a conflict).
    pub(crate) fn git_fails(&self, args: &str) {
        let args: Vec<_> = args.split(' ').collect();
        let output = self.command(&self.top(), &args).output().unwrap();
        assert!(!output.status.success(), "git {args:?} succeeded");
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.top().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn hook(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.top().join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// All entries of the index with their flags, but not the times that a refresh may change.
    pub(crate) fn index(&self) -> String {
        let entries = self.git("ls-files --stage --debug");
        let kept = |line: &&str| !line.starts_with("  ") || line.contains("flags:");
        let flags = |line: &str| line.rsplit("flags:").next().unwrap_or_default().to_owned();
        entries.lines().filter(kept).map(flags).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn staged(&self) -> String {
        self.git("diff --cached --binary")
    }

    pub(crate) fn files_of_head(&self) -> Vec<String> {
        let names = self.git("show --format= --name-only -z HEAD");
        names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// A commit of the branch `side` that changes `other.txt`, and one of `main` that conflicts with it.
    pub(crate) fn fork(&self) {
        self.git("switch -q -c side");
        self.write("other.txt", "side\ntwo\n");
        self.git("commit -q -a -m side");
        self.git("switch -q main");
        self.write("other.txt", "main\ntwo\n");
        self.git("commit -q -a -m main");
    }
}

/// Commits files as they lie in the work tree, edits by hand, with a plain message, and expects a new commit.
fn commit(repository: &Repository, paths: &[&str]) -> String {
    try_commit(repository, paths).unwrap().unwrap_or_else(|| panic!("nothing was committed"))
}

fn try_commit(repository: &Repository, paths: &[&str]) -> Result<Option<String>, GitError> {
    commit_as(repository, paths, None, None)
}

fn commit_as(
    repository: &Repository,
    paths: &[&str],
    author: Option<&Author>,
    at: Option<&str>,
) -> Result<Option<String>, GitError> {
    let mut files = vec![];
    for path in paths {
        let path = Path::new(path);
        let text = file::read(repository.top(), path, 1 << 20)?;
        files.push(FileChange { path: path.into(), before: Some(text.clone()), after: text });
    }
    let setup = repository.setup()?;
    let signed = Signed { setup: &setup, author, at, include_edits: true, through_git: false };
    let landing = Landing {
        files: &files,
        message: "resolve x\n\n# not a comment\n\nIncident: x\n",
        commit: Some(signed),
        patience: Duration::from_secs(3),
    };
    let lock = repository.lock(Duration::from_secs(120), &mut |_| {})?;
    let landed = land::land(repository, &lock, &landing, &mut |_| {}).map_err(of_git)?;
    drop(lock);
    repository.after_commit(&setup, landed.through_git);
    Ok(landed.commit)
}

/// The error of git or a file inside.
fn of_git(error: LandError) -> GitError {
    match error {
        LandError::Git(error) => error,
        LandError::File(error) => error.into(),
        LandError::NotCommitted { source } => of_git(*source),
        other => panic!("{other}"),
    }
}

fn env(name: &str, value: Option<&str>) -> [(OsString, Option<OsString>); 1] {
    [(name.into(), value.map(OsString::from))]
}
