//! Clones of one repository: made beside it, and worked on by the user's own git.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ID, Output, TestRepo};

/// A clone, beside the repository, of what lies at `from`.
pub fn clone(repo: &TestRepo, from: &Path, name: &str) -> PathBuf {
    let folder = repo.beside(name);
    repo.git(&["clone", "--quiet", &from.display().to_string(), &folder.display().to_string()]);
    folder
}

/// A bare copy, beside the repository, for clones to meet at.
pub fn bare(repo: &TestRepo, name: &str) -> PathBuf {
    let folder = repo.beside(name);
    repo.git(&["clone", "--quiet", "--bare", ".", &folder.display().to_string()]);
    folder
}

/// A clone of the repository that knows the merge driver.
pub fn told(repo: &TestRepo, from: &Path, name: &str) -> PathBuf {
    let folder = clone(repo, from, name);
    repo.ok("inc-merge setup -C", &[&folder.display().to_string()]);
    folder
}

/// Git in a folder, by Ada; `line` is split at its blanks.
pub fn git(repo: &TestRepo, folder: &Path, line: &str) -> Output {
    let mut command = assert_cmd::Command::new("git");
    command.env_clear().envs(repo.environment()).current_dir(repo.top());
    let folder = folder.display().to_string();
    command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-C", &folder]);
    Output::of(command.args(line.split(' ')))
}

/// Git in a folder, where it must succeed.
#[track_caller]
pub fn gits(repo: &TestRepo, folder: &Path, line: &str) -> Output {
    let output = git(repo, folder, line);
    assert_eq!(output.code, 0, "git {line}: {output:?}");
    output
}

/// The file of the seed's incident in a clone.
pub fn path(folder: &Path) -> PathBuf {
    folder.join(format!("incidents/2023/{ID}.yaml"))
}

/// The text of the seed's incident in a clone.
pub fn text(folder: &Path) -> String {
    fs::read_to_string(path(folder)).unwrap()
}
