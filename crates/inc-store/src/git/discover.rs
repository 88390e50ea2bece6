//! Finding the repository, or making one. Git's own GIT_DIR is not asked: see `program`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::program::{Program, text, text_path};
use super::words::with_lock;
use super::{GitError, Repository};

impl Repository {
    /// Finds the repository whose work tree holds the folder `from`.
    ///
    /// A bare repository has no files to work with and is refused. Formats that libgit2 does not read (reftable,
    /// sha256) are left to `git rev-parse`.
    pub fn discover(from: &Path) -> Result<Repository, GitError> {
        discover(from, Program::default())
    }

    /// Makes `path` a repository, creating the folder where it is missing.
    ///
    /// An existing folder that already lies in a repository is taken as it is: nothing is initialised again, and no
    /// repository is put inside another.
    pub fn init(path: &Path) -> Result<Repository, GitError> {
        init(path, Program::default())
    }
}

pub(super) fn discover(from: &Path, program: Program) -> Result<Repository, GitError> {
    let from = from.canonicalize().map_err(GitError::io("open", from))?;
    match git2::Repository::open_ext(&from, git2::RepositoryOpenFlags::empty(), ceilings(&program)) {
        Ok(found) => match found.workdir() {
            Some(top) => repository(top, found.path(), found.commondir(), program),
            None => Err(GitError::Bare { path: found.path().into() }),
        },
        Err(error) => match ask_git(&from, program) {
            // Without git, libgit2 has the last word.
            Err(GitError::Missing) if error.code() == git2::ErrorCode::NotFound => {
                Err(GitError::NoRepository { from })
            }
            other => other,
        },
    }
}

/// The folders above which git is told not to look for a repository.
fn ceilings(program: &Program) -> Vec<PathBuf> {
    let variable = program.variable("GIT_CEILING_DIRECTORIES");
    variable.map(|folders| std::env::split_paths(&folders).collect()).unwrap_or_default()
}

pub(super) fn init(path: &Path, program: Program) -> Result<Repository, GitError> {
    if path.exists() {
        match discover(path, program.clone()) {
            Err(GitError::NoRepository { .. }) => {}
            other => return other,
        }
    }
    let created = missing_folders(path);
    fs::create_dir_all(path).map_err(GitError::io("create", path))?;
    init_here(path, program).inspect_err(|_| {
        for folder in &created {
            let _ = fs::remove_dir(folder);
        }
    })
}

fn init_here(path: &Path, program: Program) -> Result<Repository, GitError> {
    let folder = path.canonicalize().map_err(GitError::io("open", path))?;
    let mut command = program.at(&folder);
    command.args(["init", "--quiet", "--initial-branch=main"]);
    let answer = program.read(command, b"")?;
    if !answer.success() {
        // Git names the settings, not the lock that a git which died has left there.
        return Err(match program.failure("init", &answer) {
            GitError::Failed { what, words } => GitError::Failed { what, words: with_lock(words) },
            error => error,
        });
    }
    discover(&folder, program)
}

/// The folders of `path` that do not exist yet, innermost first.
fn missing_folders(path: &Path) -> Vec<PathBuf> {
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    path.ancestors().take_while(missing).map(Path::to_path_buf).collect()
}

/// The same answers from `git rev-parse`, one process each: a path may contain any separator.
fn ask_git(from: &Path, program: Program) -> Result<Repository, GitError> {
    let ask = |question: &[&str]| {
        let mut command = program.at(from);
        command.args(["rev-parse", "--path-format=absolute"]);
        let answer = program.read(command.args(question), b"")?;
        if answer.success() {
            let line = answer.stdout.strip_suffix(b"\n");
            Ok(line.unwrap_or(&answer.stdout).to_vec())
        } else if text(&answer.stderr).contains("not a git repository") {
            Err(GitError::NoRepository { from: from.into() })
        } else {
            Err(program.failure("rev-parse", &answer))
        }
    };
    let git_dir = text_path(&ask(&["--git-dir"])?);
    if ask(&["--is-bare-repository"])? == b"true" {
        return Err(GitError::Bare { path: git_dir });
    }
    let top = text_path(&ask(&["--show-toplevel"])?);
    let common_dir = text_path(&ask(&["--git-common-dir"])?);
    repository(&top, &git_dir, &common_dir, program.clone())
}

fn repository(
    top: &Path,
    git_dir: &Path,
    common_dir: &Path,
    program: Program,
) -> Result<Repository, GitError> {
    let canonical = |path: &Path| -> Result<PathBuf, GitError> {
        path.canonicalize().map_err(GitError::io("open", path))
    };
    Ok(Repository {
        top: canonical(top)?,
        git_dir: canonical(git_dir)?,
        common_dir: canonical(common_dir)?,
        identity: OnceLock::new(),
        program,
    })
}
