//! The parts of a commit, each one step of the user's git: what speaks against it, trees, hooks, signing, refs.
//!
//! None of them touches the user's index or their files; the index to work on is named each time. In which order they
//! are taken, and what is undone after an error, is `land`'s business. Git is told to sync all that it writes.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::{Answer, literal, text};
use super::{Author, GitError, Repository, Setup};
use crate::file::sync_folder_of;

/// Git syncs nothing but packs by itself.
const DURABLE: [&str; 4] = ["-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync"];

/// Set while a `post-commit` hook runs.
const IN_HOOK: &str = "INC_POST_COMMIT";

impl Repository {
    /// Refuses what must not be committed: a file with conflicts, one that git is told not to look at, a new one that it
    /// ignores; and a commit that nobody signs. The files need not exist yet.
    pub(crate) fn vet(&self, paths: &[PathBuf], author: Option<&Author>) -> Result<(), GitError> {
        let mut new: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        for (letter, path) in self.index_entries(&new)? {
            match letter {
                b'M' => return Err(GitError::Unmerged { path }),
                b'S' => return Err(GitError::Skipped { path }),
                // Lower case: `git update-index --assume-unchanged`.
                b'a'..=b'z' => return Err(GitError::AssumedUnchanged { path }),
                _ => new.retain(|candidate| *candidate != path),
            }
        }
        for path in new {
            if let Some(rule) = self.ignored_by(path)? {
                return Err(GitError::Ignored { path: path.to_path_buf(), rule });
            }
        }
        match author {
            None if self.identity()?.is_none() => Err(GitError::NoIdentity),
            _ => Ok(()),
        }
    }

    /// Fills an index with a commit, or with nothing before the first one.
    pub(crate) fn read_tree(&self, commit: Option<&str>, index: &Path) -> Result<(), GitError> {
        let mut command = self.with_index(index);
        match commit {
            Some(commit) => command.args(["read-tree", "--reset", commit]),
            None => command.args(["read-tree", "--empty"]),
        };
        self.done("read-tree", command, b"").map(drop)
    }

    /// Puts files into an index as they lie in the work tree, through the user's filters.
    pub(crate) fn stage(&self, paths: &[PathBuf], index: &Path) -> Result<(), GitError> {
        let mut command = self.with_index(index);
        // --sparse: a record may be declared outside of what the user has checked out; --force: one that git knows may
        // lie in a folder that it ignores.
        command.args(["add", "--force", "--sparse", "--"]).args(paths.iter().map(|path| literal(path)));
        self.done("add", command, b"").map(drop)
    }

    /// The tree that an index holds.
    pub(crate) fn write_tree(&self, index: &Path) -> Result<String, GitError> {
        let mut command = self.with_index(index);
        command.arg("write-tree");
        self.done("write-tree", command, b"")
    }

    /// The tree of a commit.
    pub(crate) fn tree_of(&self, commit: &str) -> Result<String, GitError> {
        let mut command = self.git();
        command.args(["rev-parse", "--verify", &format!("{commit}^{{tree}}")]);
        self.done("rev-parse", command, b"")
    }

    /// Writes a commit, signed where that is asked for; no ref moves.
    pub(crate) fn commit_tree(
        &self,
        tree: &str,
        parent: Option<&str>,
        message: &str,
        author: Option<&Author>,
        at: Option<&str>,
        is_signed: bool,
    ) -> Result<String, GitError> {
        let mut command = self.git();
        command.args(DURABLE).args(["-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-F", "-"]);
        if let Some(parent) = parent {
            command.args(["-p", parent]);
        }
        if is_signed {
            command.arg("-S");
        }
        command.arg(tree);
        for role in ["AUTHOR", "COMMITTER"] {
            if let Some(author) = author {
                command.env(format!("GIT_{role}_NAME"), author.name());
                command.env(format!("GIT_{role}_EMAIL"), author.email());
            }
            if let Some(at) = at {
                command.env(format!("GIT_{role}_DATE"), at);
            }
        }
        self.done("commit-tree", command, message.as_bytes())
    }

    /// Copies the entries of these paths from one index into another, with the dates of the files.
    pub(crate) fn copy_entries(&self, paths: &[PathBuf], from: &Path, to: &Path) -> Result<(), GitError> {
        let mut list = self.with_index(from);
        list.args(["ls-files", "--stage", "-z", "--"]).args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(list, b"")?;
        if !answer.success() {
            return Err(self.failure("ls-files", &answer));
        }
        // A git that cannot write its answer does not always say so, and what is missing would be a removal.
        if answer.stdout.iter().filter(|byte| **byte == 0).count() < paths.len() {
            let words = "its answer is cut off".to_owned();
            return Err(GitError::Failed { what: "ls-files", words });
        }
        let mut enter = self.with_index(to);
        enter.args(["update-index", "--add", "-z", "--index-info"]);
        self.done("update-index", enter, &answer.stdout)?;
        let mut refresh = self.with_index(to);
        refresh
            .args(["add", "--refresh", "--force", "--sparse", "--"])
            .args(paths.iter().map(|path| literal(path)));
        // Without the dates git looks at the content the next time.
        self.program.read(refresh, b"").map(drop)
    }

    /// Whether the index holds these files as the commit does.
    pub(crate) fn index_agrees_with(&self, commit: &str, paths: &[PathBuf]) -> Result<bool, GitError> {
        let mut command = self.git();
        command.args(["diff-index", "--cached", "--quiet", "--no-ext-diff", commit, "--"]);
        command.args(paths.iter().map(|path| literal(path)));
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(self.failure("diff-index", &answer)),
        }
    }

    /// Makes the user's index hold these files as HEAD does.
    pub(crate) fn reset_in_index(&self, index: &Path, paths: &[PathBuf]) -> Result<(), GitError> {
        let mut command = self.with_index(index);
        command.args(["reset", "--quiet", "--"]).args(paths.iter().map(|path| literal(path)));
        self.done("reset", command, b"").map(drop)
    }

    /// Moves what HEAD leads to, if it still stands at `old`.
    pub(crate) fn update_head(&self, commit: &str, old: Option<&str>, message: &str) -> Result<(), GitError> {
        let nothing = "0".repeat(commit.len());
        let mut command = self.git();
        command.args(DURABLE).args(["update-ref", "-m", message, "HEAD", commit]);
        command.arg(old.unwrap_or(&nothing));
        let answer = self.program.write(command, b"")?;
        // A hook may end git after the ref has moved.
        if answer.success() || self.head()?.as_deref() == Some(commit) {
            return Ok(());
        }
        Err(self.failure("update-ref", &answer))
    }

    /// The commit before this one, or `None` for a first one.
    pub(crate) fn parent_of(&self, commit: &str) -> Result<Option<String>, GitError> {
        self.verified(&format!("{commit}^"))
    }

    /// The object that a file has in a commit (`HEAD:`) or in the index (`:`), or `None`.
    pub(crate) fn object_at(&self, before_path: &str, path: &Path) -> Result<Option<String>, GitError> {
        let mut name = OsString::from(before_path);
        name.push(path);
        let mut command = self.git();
        command.args(["rev-parse", "--quiet", "--verify"]).arg(name);
        let answer = self.program.read(command, b"")?;
        Ok(answer.success().then(|| text(&answer.stdout).trim_end().to_owned()))
    }

    /// Whether one commit is the other, or lies before it.
    pub(crate) fn is_ancestor(&self, commit: &str, of: &str) -> Result<bool, GitError> {
        let mut command = self.git();
        command.args(["merge-base", "--is-ancestor", commit, of]);
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(self.failure("merge-base", &answer)),
        }
    }

    /// The first line of a commit's message.
    pub(crate) fn subject_of(&self, commit: &str) -> Result<String, GitError> {
        let mut command = self.git();
        command.args(["rev-list", "-1", "--no-commit-header", "--format=%s", commit]);
        self.done("rev-list", command, b"")
    }

    /// Whether there can be hooks at all.
    pub(crate) fn may_have_hooks(&self, setup: &Setup) -> bool {
        setup.names_hooks() || super::setup::has_hooks(&self.common_dir.join("hooks"))
    }

    /// Whether there may be this hook.
    pub(crate) fn has_hook(&self, setup: &Setup, name: &str) -> Result<bool, GitError> {
        if !setup.names_hooks() {
            return Ok(self.common_dir.join("hooks").join(name).exists());
        }
        let mut command = self.git();
        command.args(["rev-parse", "--git-path", &format!("hooks/{name}")]);
        let path = self.done("rev-parse", command, b"")?;
        Ok(setup.has_hooks_in_settings() || self.top.join(path).exists())
    }

    /// Runs one hook, if there is one, with an index of ours as the one that it sees.
    ///
    /// # Errors
    /// [`GitError::CommitRefused`] with what the hook said.
    pub(crate) fn run_hook(&self, name: &str, args: &[&OsStr], index: &Path) -> Result<(), GitError> {
        let mut command = self.with_index(index);
        command.args(["hook", "run", "--ignore-missing", name, "--"]).args(args);
        let answer = self.program.write(command, b"")?;
        if answer.success() { Ok(()) } else { Err(GitError::CommitRefused { words: answer.words() }) }
    }

    /// What git does after a commit: the hook that cannot refuse, and the tidying of a folder that fills with objects.
    ///
    /// A commit that the hook itself makes through us does not run it again, without end.
    pub(crate) fn after_commit(&self, setup: &Setup, through_git: bool) {
        if through_git && self.may_have_hooks(setup) && self.program.variable(IN_HOOK).is_none() {
            let mut command = self.with_index(&self.index_file());
            command.args(["hook", "run", "--ignore-missing", "post-commit"]).env(IN_HOOK, "1");
            let _ = self.program.write(command, b"");
        }
        if self.has_many_objects(setup) {
            let mut command = self.git();
            command.args(["maintenance", "run", "--auto", "--quiet"]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            // It goes on when we have ended; whether it succeeds is git's affair.
            let _ = command.spawn();
        }
    }

    /// Whether a sample of the loose objects is as large as makes `git gc --auto` look closer.
    fn has_many_objects(&self, setup: &Setup) -> bool {
        let limit = setup.get("gc.auto").map_or(Ok(6700), str::parse::<usize>).unwrap_or(0);
        if limit == 0 || !setup.is_on("maintenance.auto", true) {
            return false;
        }
        let sample = fs::read_dir(self.common_dir.join("objects/17"));
        sample.is_ok_and(|sample| sample.count() > limit.div_ceil(256))
    }

    /// Whether any file can give attributes to these paths: only then is git worth asking.
    pub(crate) fn may_have_attributes(&self, paths: &[&str], is_in_index: &dyn Fn(&Path) -> bool) -> bool {
        let system =
            ["/etc/gitattributes", "/usr/local/etc/gitattributes", "/opt/homebrew/etc/gitattributes"];
        let variable = |name: &str| self.program.variable(name).map(PathBuf::from);
        let settings =
            variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")));
        let own = settings.map(|settings| settings.join("git/attributes"));
        let everywhere =
            system.iter().map(PathBuf::from).chain(own).chain([self.common_dir.join("info/attributes")]);
        let folders = paths.iter().flat_map(|path| Path::new(path).ancestors().skip(1));
        let mut beside = folders.map(|folder| folder.join(".gitattributes"));
        everywhere.into_iter().any(|file| file.exists())
            || beside.any(|file| match fs::read_to_string(self.top.join(&file)) {
                // The ones that `inc init` writes, as a rule: they spare each change a process.
                Ok(text) => !only_names_mergers(&text),
                Err(_) => self.top.join(&file).symlink_metadata().is_ok() || is_in_index(&file),
            })
    }

    /// Whether an attribute of one of the paths makes git store other bytes than the file's.
    pub(crate) fn attributes_convert(&self, paths: &[&str], has_returns: bool) -> Result<bool, GitError> {
        let mut command = self.git();
        command.args([
            "check-attr",
            "-z",
            "filter",
            "ident",
            "working-tree-encoding",
            "text",
            "eol",
            "crlf",
            "--",
        ]);
        command.args(paths);
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure("check-attr", &answer));
        }
        let words = text(&answer.stdout);
        let fields: Vec<&str> = words.split('\0').collect();
        let converts = |attribute: &str, value: &str| match (attribute, value) {
            (_, "unspecified" | "unset") => false,
            // Line ends are only converted where there is a carriage return.
            ("text", "set" | "auto") | ("eol", "lf") => has_returns,
            _ => true,
        };
        Ok(fields.chunks_exact(3).any(|field| converts(field[1], field[2])))
    }

    /// Makes the folders of a commit's objects survive a power cut; git syncs the files only.
    pub(crate) fn sync_objects(&self, commit: &str, paths: &[PathBuf]) -> Result<(), GitError> {
        let mut command = self.git();
        command.args(["rev-parse", commit, &format!("{commit}^{{tree}}")]);
        for path in paths.iter().flat_map(|path| path.ancestors()).filter(|path| *path != Path::new("")) {
            let mut name = OsString::from(format!("{commit}:"));
            name.push(path);
            command.arg(name);
        }
        let listed = self.done("rev-parse", command, b"")?;
        let objects = self.common_dir.join("objects");
        for object in listed.lines() {
            let folder = objects.join(object.get(..2).unwrap_or_default());
            if folder.is_dir() {
                sync_folder_of(&folder.join(object))?;
            }
        }
        Ok(sync_folder_of(&objects.join("pack"))?)
    }

    fn with_index(&self, index: &Path) -> Command {
        let mut command = self.git();
        command.env("GIT_INDEX_FILE", index).args(DURABLE);
        command
    }

    /// Runs a step that must succeed, and returns what it printed, without the line feed.
    fn done(&self, what: &'static str, command: Command, input: &[u8]) -> Result<String, GitError> {
        let answer: Answer = self.program.read(command, input)?;
        if !answer.success() {
            return Err(self.failure(what, &answer));
        }
        Ok(text(&answer.stdout).trim_end_matches('\n').to_owned())
    }
}

/// Whether a file of attributes says nothing but how files are merged, as `*.yaml merge=inc`.
fn only_names_mergers(text: &str) -> bool {
    let is_merger = |word: &str| word.starts_with("merge=");
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).all(|line| {
        let mut words = line.split_whitespace();
        let is_pattern = |word: &str| !word.starts_with(['"', '[']) && !is_merger(word);
        words.next().is_some_and(is_pattern) && words.all(is_merger)
    })
}

#[cfg(test)]
mod tests {
    use super::only_names_mergers;

    #[test]
    fn a_file_that_names_mergers_changes_no_bytes() {
        for (text, expected) in [
            ("incidents/**/*.yaml merge=inc\npdcas/**/*.yaml merge=inc\n", true),
            ("# ours\n\n*.yaml merge=inc\n", true),
            ("", true),
            ("*.yaml merge=inc text\n", false),
            ("*.yaml merge\n", false),
            ("[attr]binary merge=x\n", false),
            ("\"a b\" merge=inc filter=x\n", false),
            ("* text=auto\n*.yaml merge=inc\n", false),
        ] {
            assert_eq!(only_names_mergers(text), expected, "{text:?}");
        }
    }
}
