//! A repository to test in, with an environment in which nothing of the machine's own shows.

pub mod clones;
pub mod crowd;
pub mod ledger;
pub mod person;
pub mod terminal;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The title of the seed's incident.
pub const TITLE: &str = "Staging: Kubernetes cluster 3 is misbehaving";
/// Its id in a repository whose clock stands at 27 March 2023.
pub const ID: &str = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving";

/// The seed's impact, as options.
pub const IMPACT: &str = "--customer-impact XL --single-customer-impact S --customers 0 --money-at-risk 0 \
                      --transactions 0 --features none --countries n/a";

/// Where cargo put the programs.
pub fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_inc")).parent().unwrap()
}

/// A folder for one test, with a clock that goes on by a minute a command, from 12:59 on 27 March 2023 in Paris.
pub struct TestRepo {
    folder: TempDir,
    day: Cell<&'static str>,
    minutes: Cell<u32>,
}

impl TestRepo {
    /// A repository as `inc init` makes it.
    pub fn new() -> Self {
        let repo = Self::without_git();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.ok("inc init --timezone Europe/Paris", &[]);
        repo.minutes.set(0);
        repo
    }

    /// A folder that is no repository.
    pub fn without_git() -> Self {
        let folder = tempfile::Builder::new().prefix("inc-test-").tempdir().unwrap();
        for name in ["home", "repo"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, day: Cell::new("2023-03-27"), minutes: Cell::new(0) }
    }

    /// A repository with the seed's incident in it.
    pub fn with_incident() -> Self {
        let repo = Self::new();
        assert_eq!(repo.declare(TITLE), ID);
        repo
    }

    /// A repository with the records that lie at the root of the project, on the day after their last.
    pub fn of_the_project() -> Self {
        let repo = Self::without_git();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for name in ["inc.yaml", "incidents", "pdcas"] {
            copy(&root.join(name), &repo.top().join(name));
        }
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.git(&["add", "--all"]);
        let when = "--date=2023-09-01T13:49:00+02:00";
        repo.git(&[
            "commit",
            "--quiet",
            "--message=the project's own",
            when,
            "--author=Ada <ada@example.com>",
        ]);
        repo.on("2023-04-07");
        repo
    }

    /// Goes on at 12:59 of another day of that summer.
    pub fn on(&self, day: &'static str) {
        self.day.set(day);
        self.minutes.set(0);
    }

    /// The top of the work tree.
    pub fn top(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// A folder beside the work tree.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program at the top, in the fixed environment, a minute after the one before.
    pub fn command(&self, program: &str) -> assert_cmd::Command {
        let minutes = 59 + self.minutes.replace(self.minutes.get() + 1);
        let now = format!("{}T{:02}:{:02}:00+02:00", self.day.get(), 12 + minutes / 60, minutes % 60);
        let mut command = assert_cmd::Command::new(programs().join(program));
        command.env_clear().envs(self.environment()).env("INC_NOW", now);
        command.current_dir(self.top()).timeout(Duration::from_secs(60));
        command
    }

    /// The fixed environment, but for the clock.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(programs().to_owned()).chain(std::env::split_paths(&path));
        vec![
            ("PATH", std::env::join_paths(folders).unwrap()),
            ("HOME", self.folder.path().join("home").into()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
            ("GIT_CONFIG_SYSTEM", "/dev/null".into()),
            // The search for a repository ends at the test's own folder.
            ("GIT_CEILING_DIRECTORIES", self.folder.path().into()),
            ("TZ", "UTC".into()),
            ("LC_ALL", "C".into()),
            ("NO_COLOR", "1".into()),
            ("INC_AUTHOR", "Mathieu Corbin <mathieu@example.com>".into()),
        ]
    }

    /// Runs a program: `line` is split at its blanks, `words` are not.
    pub fn run(&self, line: &str, words: &[&str]) -> Output {
        self.run_with(line, words, |_| {})
    }

    /// As `run`, after a change to the command.
    pub fn run_with(
        &self,
        line: &str,
        words: &[&str],
        change: impl FnOnce(&mut assert_cmd::Command),
    ) -> Output {
        let mut line = line.split_whitespace();
        let mut command = self.command(line.next().unwrap());
        command.args(line).args(words);
        change(&mut command);
        Output::of(&mut command)
    }

    /// Runs a program that must succeed.
    #[track_caller]
    pub fn ok(&self, line: &str, words: &[&str]) -> Output {
        let output = self.run(line, words);
        assert_eq!(output.code, 0, "{line} {words:?}: {output:?}");
        output
    }

    /// Runs a program that must fail with `code`, say why on stderr, and write nothing.
    #[track_caller]
    pub fn fails(&self, code: i32, line: &str, words: &[&str]) -> Output {
        self.fails_with(code, line, words, |_| {})
    }

    /// As `fails`, after a change to the command.
    #[track_caller]
    pub fn fails_with(
        &self,
        code: i32,
        line: &str,
        words: &[&str],
        change: impl FnOnce(&mut assert_cmd::Command),
    ) -> Output {
        let output = self.assert_untouched(|repo| {
            let output = repo.run_with(line, words, change);
            assert_eq!(output.code, code, "{line} {words:?}: {output:?}");
            output
        });
        assert!(output.stderr.contains("error: "), "{line} {words:?}: {output:?}");
        for machine_words in ["panicked", "os error 0", "Some(", "None)"] {
            assert!(!output.stderr.contains(machine_words), "{line} {words:?}: {output:?}");
        }
        output
    }

    /// Does something that must leave the repository byte for byte as it is.
    #[track_caller]
    pub fn assert_untouched<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        let before = self.snapshot();
        let result = work(self);
        let after = self.snapshot();
        for (path, bytes) in &before {
            let now = after.get(path).unwrap_or_else(|| panic!("{path} is gone"));
            assert!(now == bytes, "{path} was {bytes:?}\nand is {now:?}");
        }
        let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        assert!(new.is_empty(), "new: {new:?}");
        result
    }

    /// Everything that a refused command must leave alone: files, HEAD, index; and git's lock files.
    fn snapshot(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        if self.top().join(".git").exists() {
            for question in [
                &["rev-parse", "--verify", "--quiet", "HEAD"][..],
                &["status", "--porcelain", "-z"],
                &["diff", "--cached"],
                &["ls-files", "--stage", "-z"],
            ] {
                all.insert(format!("git {}", question.join(" ")), self.git_answer(question));
            }
        }
        let mut folders = vec![self.top()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                let is_git = path.strip_prefix(self.top()).unwrap().starts_with(".git");
                let kind = entry.file_type().unwrap();
                let name = path.display().to_string();
                if is_git {
                    if kind.is_dir() {
                        folders.push(path);
                    } else if name.ends_with(".lock") {
                        all.insert(name, "git's lock".to_owned());
                    }
                } else if kind.is_dir() {
                    all.insert(name, "a folder".to_owned());
                    folders.push(path);
                } else if kind.is_symlink() {
                    all.insert(name, format!("-> {:?}", fs::read_link(&path).unwrap()));
                } else if kind.is_file() {
                    let mode = entry.metadata().unwrap().permissions().mode();
                    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                    all.insert(name, format!("{mode:o} {text}"));
                } else {
                    all.insert(name, "something else".to_owned());
                }
            }
        }
        all
    }

    fn git_answer(&self, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.env_clear().envs(self.environment()).env("GIT_OPTIONAL_LOCKS", "0");
        let person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
        let output = command.current_dir(self.top()).args(person).args(args).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What git prints, without blanks around it; the user's own git commands in a story.
    pub fn git(&self, args: &[&str]) -> String {
        self.git_answer(args).trim().to_owned()
    }

    /// Declares an incident and returns its id.
    #[track_caller]
    pub fn declare(&self, title: &str) -> String {
        self.ok("inc-declare", &[title]).stdout.trim_end().to_owned()
    }

    /// The file of an incident.
    pub fn path(&self, id: &str) -> PathBuf {
        self.top().join("incidents").join(&id[..4]).join(format!("{id}.yaml"))
    }

    /// The text of an incident's file.
    pub fn record_text(&self, id: &str) -> String {
        fs::read_to_string(self.path(id)).unwrap()
    }

    /// Writes an incident's file, and commits it.
    pub fn put_record(&self, id: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(id), text).unwrap();
        self.git(&["commit", "--quiet", "--all", "--message", "by hand"]);
    }

    /// Replaces `from`, which must be there, in an incident's file, and commits it.
    pub fn mangle(&self, id: &str, from: &str, to: &str) {
        let text = self.record_text(id);
        assert!(text.contains(from), "no {from:?} in {text}");
        self.put_record(id, text.replacen(from, to, 1));
    }

    /// The commit that HEAD names.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// The subjects of all commits, the newest first.
    pub fn commits(&self) -> Vec<String> {
        self.git(&["log", "--format=%s"]).lines().map(ToOwned::to_owned).collect()
    }

    /// The whole message of the newest commit.
    pub fn message(&self) -> String {
        self.git(&["log", "-1", "--format=%B"])
    }

    /// The files that the newest commit changed.
    pub fn changed_files(&self) -> Vec<String> {
        self.git(&["show", "--format=", "--name-only"]).lines().map(ToOwned::to_owned).collect()
    }

    /// The lines that the newest commit took out and put in.
    pub fn changed_lines(&self) -> Vec<String> {
        let diff = self.git(&["show", "--format=", "--unified=0"]);
        let lines = diff.lines().filter(|line| !line.starts_with("+++") && !line.starts_with("---"));
        lines.filter(|line| line.starts_with(['+', '-'])).map(ToOwned::to_owned).collect()
    }

    /// A program for a test's own use, such as an editor.
    pub fn script(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// What a program left.
#[derive(Debug)]
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Runs a command to its end.
    pub fn of(command: &mut assert_cmd::Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every one of these words stands on stderr.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "stderr lacks {word:?}: {}", self.stderr);
        }
        self
    }

    /// Stdout is exactly this.
    #[track_caller]
    pub fn prints(self, expected: &str) -> Self {
        assert_eq!(self.stdout, expected, "{self:?}");
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
