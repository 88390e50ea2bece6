//! Running the user's `git` program: its environment, its input and its words. Never through a shell.
//!
//! **Environment.** Git hands its hooks and aliases the variables listed in `LOCAL`, which name *its* repository,
//! index and current folder. Were they kept, a program of ours run from a hook would write to the index of the
//! commit that is just being made, or to another repository than the one found from the current folder. They are
//! removed; so are the variables that would change how a path is read. Kept on purpose: identity and dates
//! (`GIT_AUTHOR_*`, `GIT_COMMITTER_*`), settings (`GIT_CONFIG_*`, also those of `git -c`), ssh, askpass and tracing.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::GitError;
use super::error::OLDEST;
use super::words::{advised, cleaned};

/// Variables that tie a `git` to another repository or index, or change the meaning of a path.
const LOCAL: [&str; 18] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REFLOG_ACTION",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// How long to wait for the last words of a `git` that has ended: a hook may leave a process in the background that
/// keeps its error output open for hours.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The `git` on the PATH, with changes to its environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    env: Vec<(OsString, Option<OsString>)>,
}

/// What a `git` process left.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its exit code, or `None` where a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Answer {
    pub(super) fn success(&self) -> bool {
        self.code == Some(0)
    }

    /// What git said, fit for a message.
    pub(super) fn words(&self) -> String {
        let words = cleaned(&text(&self.stderr));
        if words.is_empty() {
            let end = self.code.map(|code| format!("with exit code {code}"));
            let end = end.unwrap_or_else(|| "by a signal".into());
            return format!("it ended {end} and said nothing");
        }
        words
    }
}

impl Program {
    pub(super) fn extend_env(&mut self, env: impl IntoIterator<Item = (OsString, Option<OsString>)>) {
        self.env.extend(env);
    }

    /// The value that a variable has for git.
    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        let set = self.env.iter().rev().find(|(known, _)| known == name);
        match set {
            Some((_, value)) => value.clone(),
            None if LOCAL.contains(&name) => None,
            None => std::env::var_os(name),
        }
    }

    /// The names of all variables that git is given.
    pub(super) fn variables(&self) -> Vec<OsString> {
        let inherited = std::env::vars_os().map(|(name, _)| name);
        let all = inherited.chain(self.env.iter().map(|(name, _)| name.clone()));
        all.filter(|name| name.to_str().is_none_or(|name| self.variable(name).is_some())).collect()
    }

    /// A `git` that works in `folder`, with a clean environment and no editor.
    pub(super) fn at(&self, folder: &Path) -> Command {
        let mut command = Command::new("git");
        for name in LOCAL {
            command.env_remove(name);
        }
        command.env("GIT_EDITOR", ":");
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.arg("-C").arg(folder);
        command
    }

    /// Runs a command that only looks, or whose output is read: in English, and without refreshing the index.
    pub(super) fn read(
        &self,
        mut command: impl std::borrow::BorrowMut<Command>,
        input: &[u8],
    ) -> Result<Answer, GitError> {
        let command = command.borrow_mut();
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        command.stdout(Stdio::piped());
        run(command, input)
    }

    /// Runs a command that changes something and may run hooks, which inherit its environment.
    pub(super) fn write(&self, mut command: Command, input: &[u8]) -> Result<Answer, GitError> {
        command.stdout(Stdio::null());
        run(&mut command, input)
    }

    /// The error for a command that failed; only now is git's version worth a process.
    pub(super) fn failure(&self, what: &'static str, answer: &Answer) -> GitError {
        const USAGE: Option<i32> = Some(129);
        if answer.code == USAGE
            && let Some(found) = self.version()
            && older(&found, OLDEST)
        {
            return GitError::TooOld { found };
        }
        GitError::Failed { what, words: advised(&answer.words()) }
    }

    fn version(&self) -> Option<String> {
        let mut command = self.at(Path::new("."));
        let answer = self.read(command.arg("--version"), b"").ok()?;
        let line = text(&answer.stdout);
        Some(line.split_whitespace().nth(2)?.into())
    }
}

fn run(command: &mut Command, input: &[u8]) -> Result<Answer, GitError> {
    let spawned = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => start_failed(error),
    })?;
    let words = child.stderr.take().map(listen);
    let fed = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input));
    let mut stdout = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut stdout).map_err(start_failed)?;
    }
    let status = child.wait().map_err(start_failed)?;
    match fed {
        // A git that ends before it has read everything says why by itself.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(start_failed(error)),
        _ => {}
    }
    Ok(Answer { code: status.code(), stdout, stderr: words.map(Words::last).unwrap_or_default() })
}

fn start_failed(error: io::Error) -> GitError {
    GitError::io("run", Path::new("git"))(error)
}

/// The error output of a process, collected while it runs.
struct Words {
    bytes: Arc<Mutex<Vec<u8>>>,
    done: Receiver<()>,
}

fn listen(mut pipe: ChildStderr) -> Words {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let (tell, done) = mpsc::channel::<()>();
    let collected = Arc::clone(&bytes);
    thread::spawn(move || {
        let _tell = tell; // dropped at the end, which wakes the listener
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = pipe.read(&mut buffer) {
            let mut bytes = collected.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.extend_from_slice(&buffer[..length]);
        }
    });
    Words { bytes, done }
}

impl Words {
    fn last(self) -> Vec<u8> {
        let _ = self.done.recv_timeout(LAST_WORDS);
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut bytes)
    }
}

/// A pathspec that means this one path and nothing else.
///
/// By magic rather than by GIT_LITERAL_PATHSPECS: hooks inherit that variable, and their own `git diff -- '*.yaml'`
/// would then match nothing.
pub(super) fn literal(path: &Path) -> OsString {
    let mut spec = OsString::from(":(top,literal)");
    for (number, part) in path.components().enumerate() {
        if number > 0 {
            spec.push("/");
        }
        spec.push(part);
    }
    spec
}

/// Git's bytes as text; what is not UTF-8 is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Git's bytes as a path.
#[cfg(unix)]
pub(super) fn text_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

/// Git's bytes as a path: outside of Unix it writes UTF-8.
#[cfg(not(unix))]
pub(super) fn text_path(bytes: &[u8]) -> PathBuf {
    OsStr::new(&text(bytes)).into()
}

/// Whether a version such as `2.39.5` is older; one that we cannot read is not.
fn older(version: &str, than: (u32, u32)) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < than,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{literal, older};
    use std::path::Path;

    #[test]
    fn versions_compare_by_number() {
        assert!(older("2.39.5", (2, 40)) && older("1.99", (2, 40)));
        assert!(!older("2.40.0", (2, 40)) && !older("2.100", (2, 40)) && !older("3.0.rc1", (2, 40)));
        assert!(!older("who knows", (2, 40)));
    }

    #[test]
    fn a_pathspec_is_literal() {
        assert_eq!(literal(Path::new("a/*.yaml")), ":(top,literal)a/*.yaml");
    }
}
