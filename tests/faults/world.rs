//! One repository to hurt: its copies, its environment, and programs run in it to the end of their last child.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that runs longer is ended, and counts as blocked. Three times our default wait for a lock.
const LONGEST_SECONDS: u64 = 30;

/// A folder with the repository `repo`, its linked work tree `linked` where there is one, `home`, and `ctl`, which
/// belongs to the bed.
pub struct World {
    root: PathBuf,
    linked: bool,
}

/// How a program ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// `None`: by a signal.
    pub code: Option<i32>,
    pub stderr: String,
    /// It did not end by itself.
    pub too_long: bool,
}

impl Ended {
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// For a message: one line.
    pub fn words(&self) -> String {
        let end = match (self.too_long, self.code) {
            (true, _) => "did not end".to_owned(),
            (_, None) => "killed".to_owned(),
            (_, Some(code)) => format!("exit {code}"),
        };
        format!("{end}: {}", self.stderr.trim().replace('\n', " | "))
    }
}

impl World {
    /// A new, empty one.
    pub fn create(root: PathBuf) -> Self {
        for name in ["repo", "home", "ctl"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        Self { root, linked: false }
    }

    /// From here on programs run in the linked work tree.
    pub fn move_to_linked(&mut self) {
        self.linked = true;
    }

    /// The same once more, at another place; git's notes of what the files were like are renewed.
    pub fn copy_to(&self, root: PathBuf) -> Self {
        let copied = Command::new("cp").arg("-a").arg(&self.root).arg(&root).status().unwrap();
        assert!(copied.success(), "cp -a {:?} {root:?}", self.root);
        let copy = Self { root, linked: self.linked };
        if copy.linked {
            // A linked work tree and its repository know each other by absolute paths.
            for name in ["linked/.git", "repo/.git/worktrees/linked/gitdir"] {
                let path = copy.root.join(name);
                let text = fs::read_to_string(&path).unwrap();
                let text = text.replace(self.root.to_str().unwrap(), copy.root.to_str().unwrap());
                fs::write(&path, text).unwrap();
            }
        }
        copy.git(&["update-index", "-q", "--refresh"]);
        copy
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The top of the work tree in which the programs run.
    pub fn top(&self) -> PathBuf {
        self.root.join(if self.linked { "linked" } else { "repo" })
    }

    /// The folder that all work trees share.
    pub fn common_dir(&self) -> PathBuf {
        self.root.join("repo/.git")
    }

    /// The bed's own files.
    pub fn ctl(&self, name: &str) -> PathBuf {
        self.root.join("ctl").join(name)
    }

    /// What every program sees; `first` goes before everything else on the PATH.
    pub fn environment(&self, now: &str, first: &[PathBuf]) -> Vec<(&'static str, OsString)> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            first.iter().cloned().chain([programs().to_owned()]).chain(std::env::split_paths(&path));
        vec![
            ("PATH", std::env::join_paths(folders).unwrap()),
            ("HOME", self.root.join("home").into()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
            ("GIT_CONFIG_SYSTEM", "/dev/null".into()),
            ("GIT_CEILING_DIRECTORIES", self.root.clone().into()),
            ("TZ", "UTC".into()),
            ("LC_ALL", "C".into()),
            ("NO_COLOR", "1".into()),
            ("INC_AUTHOR", "Ada Lovelace <ada@example.com>".into()),
            ("INC_NOW", now.into()),
        ]
    }

    /// Runs a program with its words until it *and all that it started* have ended: whoever outlives it still holds
    /// a copy of its stdout as file 9, and we read that to its end.
    pub fn run(&self, words: &[OsString], env: &[(&'static str, OsString)]) -> Ended {
        let mut command = Command::new("timeout");
        command.args(["-s", "KILL", &LONGEST_SECONDS.to_string()]);
        command.args(["sh", "-c", r#"echo $$ >"$0"; exec "$@" 9>&1"#]).arg(self.ctl("pid")).args(words);
        // The answers to what is asked, where there are some.
        let stdin = fs::File::open(self.ctl("stdin")).map_or(Stdio::null(), Stdio::from);
        command.env_clear().envs(env.iter().cloned()).current_dir(self.top()).stdin(stdin);
        let start = Instant::now();
        let output = command.output().unwrap();
        let too_long = start.elapsed() >= Duration::from_secs(LONGEST_SECONDS);
        Ended {
            // `sh` is replaced by the program, and `timeout` tells a signal as 128 and more.
            code: output.status.code().filter(|code| *code < 128),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            too_long,
        }
    }

    /// Runs one of ours, in the way that `way` says, unharmed.
    pub fn inc(&self, line: &[&str], now: &str, way: Option<&str>) -> Ended {
        let mut env = self.environment(now, &[]);
        env.extend(way.map(|way| ("INC_GIT", way.into())));
        let words: Vec<OsString> = line.iter().map(OsString::from).collect();
        self.run(&words, &env)
    }

    /// The user's own git: what it prints, and what it says where that is asked for.
    pub fn git(&self, args: &[&str]) -> String {
        let (_, text) = self.git_result(args);
        text
    }

    /// Whether git was content, and what it printed and said.
    pub fn git_result(&self, args: &[&str]) -> (bool, String) {
        let mut command = Command::new("git");
        command
            .env_clear()
            .envs(self.environment("2023-03-27T12:00:00Z", &[]))
            .env("GIT_OPTIONAL_LOCKS", "0");
        command.args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]);
        command.args(["-c", "core.fsync=none", "-c", "maintenance.auto=false"]);
        let output = command.args(args).current_dir(self.top()).stdin(Stdio::null()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

/// Where cargo put the programs.
pub fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_inc")).parent().unwrap()
}
