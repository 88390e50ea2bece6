//! A repository with one record, some other files, and the means to bring it into a state.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::{Change, NOW, RECORD, TITLE};
use crate::support::{Output, TestRepo, programs};

/// A repository, and how our programs are started in it.
pub struct Ground {
    repo: TestRepo,
    way: Option<&'static str>,
    /// The top of the work tree, where git is run.
    pub top: PathBuf,
    /// The folder in which our programs are started.
    pub from: PathBuf,
    /// Changes to the environment of our programs: set, or taken out.
    pub env: Vec<(String, Option<OsString>)>,
    /// Options for our programs.
    pub options: Vec<&'static str>,
    /// Starts our programs, if set: its words, then the program with its own.
    pub starter: Vec<String>,
    index: OnceCell<PathBuf>,
}

/// What `inc init` and a declaration write, made once.
fn files() -> &'static [(&'static str, String)] {
    static FILES: OnceLock<Vec<(&str, String)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let repo = TestRepo::new();
        repo.declare(TITLE);
        let read = |name| (name, fs::read_to_string(repo.top().join(name)).unwrap());
        ["inc.yaml", "policies/severity.yaml", RECORD].map(read).into()
    })
}

impl Ground {
    /// A repository on branch `main` with a record and some more files, committed unless `unborn`.
    pub fn new(init: &[&str], way: Option<&'static str>, unborn: bool) -> Self {
        let repo = TestRepo::without_git();
        let top = repo.top().canonicalize().unwrap();
        let (from, env, options, starter) = (top.clone(), vec![], vec![], vec![]);
        let ground = Self { repo, way, top, from, env, options, starter, index: OnceCell::new() };
        ground.git_words(&[&["init", "--quiet", "--initial-branch=main", "--template="], init].concat());
        for (name, text) in files() {
            ground.write(name, text);
        }
        for name in ["staged.txt", "partly.txt", "dirty.txt", "gone.txt", "docs/a.md"] {
            ground.write(name, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");
        }
        if !unborn {
            ground.git("add --all");
            ground.git("commit --quiet --message first");
        }
        ground
    }

    /// What a user may have under way beside the record: staged, staged in part, edited, removed, new, untracked.
    pub fn stage_and_edit_neighbours(&self) {
        let nine = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
        self.write("staged.txt", &format!("staged\n{nine}"));
        self.write("partly.txt", &format!("staged\n{nine}"));
        self.write("added.txt", "new\n");
        self.git("add staged.txt partly.txt added.txt");
        self.git("rm --quiet --cached --ignore-unmatch gone.txt");
        self.write("partly.txt", &format!("staged\n{nine}edited\n"));
        self.write("dirty.txt", &format!("{nine}edited\n"));
        self.write("untracked.txt", "?\n");
    }

    /// A folder beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.top_of_test().join(name)
    }

    /// The folder of the whole test.
    pub fn top_of_test(&self) -> PathBuf {
        self.repo.beside("").canonicalize().unwrap()
    }

    /// Works in another work tree from here on.
    pub fn go_to(&mut self, top: &Path) {
        self.top = top.canonicalize().unwrap();
        self.from = self.top.clone();
    }

    /// Sets a variable for our programs.
    pub fn set_env(&mut self, name: &str, value: impl Into<OsString>) {
        self.env.push((name.to_owned(), Some(value.into())));
    }

    /// Takes a variable away from our programs.
    pub fn unset_env(&mut self, name: &str) {
        self.env.push((name.to_owned(), None));
    }

    /// Makes a change through our programs.
    pub fn run(&self, change: Change) -> Output {
        let (program, words) = change.line();
        self.start(program, &[words, &self.options].concat())
    }

    /// Runs one of our programs.
    pub fn start(&self, program: &str, words: &[&str]) -> Output {
        let mut command = match self.starter.split_first() {
            None => self.repo.command(program),
            Some((first, rest)) => {
                let mut command = self.repo.command(first);
                command.args(rest).arg(programs().join(program));
                command
            }
        };
        command.args(words).current_dir(&self.from).env("INC_NOW", NOW);
        if let Some(way) = self.way {
            command.env("INC_GIT", way);
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Output::of(&mut command)
    }

    /// A git at the top, as its user starts it.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.env_clear().envs(self.repo.environment()).env("GIT_OPTIONAL_LOCKS", "0");
        command.args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]);
        command.args([
            "-c",
            "safe.directory=*",
            "-c",
            "protocol.file.allow=always",
            "-c",
            "advice.sparseIndexExpanded=false",
            // A repack in the background would race with what a test looks at.
            "-c",
            "maintenance.auto=false",
        ]);
        command.args(words).current_dir(&self.top).stdin(Stdio::null());
        command
    }

    /// Git's answer to a line that is split at its blanks, and that must succeed.
    #[track_caller]
    pub fn git(&self, line: &str) -> String {
        self.git_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// As `git`, with the words as they are.
    #[track_caller]
    pub fn git_words(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "git {words:?}: {stderr}{}",
            String::from_utf8_lossy(&output.stdout)
        );
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// A git line that must fail, such as a merge with a conflict.
    #[track_caller]
    pub fn git_fails(&self, line: &str) {
        let words: Vec<_> = line.split_whitespace().collect();
        let output = self.command(&words).output().unwrap();
        assert!(!output.status.success(), "git {line} succeeded");
    }

    /// Git's answer, or nothing where it fails.
    pub fn ask(&self, line: &str) -> String {
        let words: Vec<_> = line.split_whitespace().collect();
        let output = self.command(&words).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// The commit that HEAD names, or nothing.
    pub fn head(&self) -> String {
        self.ask("rev-parse --quiet --verify HEAD")
    }

    /// A setting of the repository.
    pub fn config(&self, name: &str, value: &str) {
        self.git_words(&["config", "set", name, value]);
    }

    /// A folder of git's own, for this work tree.
    pub fn git_path(&self, name: &str) -> PathBuf {
        self.top.join(self.git_words(&["rev-parse", "--git-path", name]))
    }

    /// The index; asked for when the work tree stays where it is.
    pub fn index(&self) -> &Path {
        self.index.get_or_init(|| self.top.join(self.ask("rev-parse --git-path index")))
    }

    /// Writes a file below the top.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.top.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file below the top.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.top.join(name)).unwrap()
    }

    /// Adds a comment to the record, as a person does in an editor.
    pub fn edit_record(&self, comment: &str) {
        self.write(RECORD, &format!("{}# {comment}\n", self.read(RECORD)));
    }

    /// Commits all that is there.
    pub fn commit_all(&self) {
        self.git("add --all");
        self.git("commit --quiet --message more");
    }

    /// A hook of the repository.
    pub fn hook(&self, name: &str, script: &str) {
        let path = self.git_path("hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        self.script(&path, script);
    }

    /// A shell script.
    pub fn script(&self, path: &Path, script: &str) {
        fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A commit of the branch `side` that changes `docs/a.md`, and one of `main` that conflicts with it.
    pub fn fork(&self) {
        self.git("switch --quiet --create side");
        self.write("docs/a.md", "side\n");
        self.git("commit --quiet --all --message side");
        self.git("switch --quiet main");
        self.write("docs/a.md", "main\n");
        self.git("commit --quiet --all --message main");
    }
}
