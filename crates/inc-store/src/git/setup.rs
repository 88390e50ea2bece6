//! How the user set git up, and whether that asks for their own `git` program to make a commit.
//!
//! A plain repository is one in which a commit made in process is, to the byte, the one that `git commit` would have
//! made. What is not known to be plain is not: an unknown setting, variable or extension sends us to the program. It
//! decides nothing about one record (`land` does), and never reads a settings file itself: git does, with its includes,
//! its environment and its idea of where the system's files lie.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::program::{Program, text};
use super::{GitError, Repository};

/// The settings as git reads them here, the last one of a name counting.
#[derive(Clone, Debug)]
pub struct Setup {
    settings: Vec<(String, String)>,
    /// Variables of git's that would have a say in a commit, and that we do not know.
    odd_variable: Option<String>,
}

/// Settings below `core.` that do not change what a commit of a text file without carriage returns holds.
const HARMLESS_CORE: [&str; 45] = [
    "abbrev",
    "alternaterefscommand",
    "askpass",
    "attributesfile", // `git check-attr` is asked
    "bigfilethreshold",
    "checkstat",
    "commentchar",
    "commentstring",
    "commitgraph",
    "compression",
    "deltabasecachelimit",
    "editor",
    "eol", // matters with attributes only
    "excludesfile",
    "filemode", // `land::plain` looks at the mode
    "filesreflocktimeout",
    "fscache",
    "fsync",
    "fsyncmethod",
    "fsyncobjectfiles",
    "gitproxy",
    "logallrefupdates", // looked at below
    "longpaths",
    "loosecompression",
    "maxtreedepth",
    "multipackindex",
    "notesref",
    "packedgitlimit",
    "packedgitwindowsize",
    "packedrefstimeout",
    "pager",
    "precomposeunicode", // our names are ASCII
    "preloadindex",
    "protecthfs",
    "protectntfs",
    "quotepath",
    "repositoryformatversion", // looked at below
    "restrictinheritedhandles",
    "safecrlf",
    "sshcommand",
    "symlinks",
    "trustctime",
    "warnambiguousrefs",
    "whitespace",
    "worktree",
];

/// Settings below `core.` that are harmless while they are off.
const HARMLESS_WHEN_OFF: [&str; 10] = [
    "core.autocrlf",
    "core.bare",
    "core.fsmonitor",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.splitindex",
    "core.untrackedcache",
    "commit.gpgsign",
    "index.skiphash",
    "index.sparse",
];

/// Git's variables that we handle ourselves, that only touch its network and its words, or that `git config` has
/// told us about.
const HARMLESS_VARIABLES: [&str; 23] = [
    "GIT_ASKPASS",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EDITOR",
    "GIT_EXEC_PATH",
    "GIT_MERGE_AUTOEDIT",
    "GIT_OPTIONAL_LOCKS",
    "GIT_PAGER",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_TERMINAL_PROMPT",
    "GIT_TRACE",
    "GIT_USER_AGENT",
];

impl Repository {
    /// Reads the settings, through the user's git.
    ///
    /// # Errors
    /// No `git` program; a settings file that git cannot read.
    pub fn setup(&self) -> Result<Setup, GitError> {
        let mut command = self.git();
        command.args(["config", "--list", "--null"]);
        let answer = self.program.read(command, b"")?;
        // A git that could not write its answer may exit 0 all the same, and no repository is without settings.
        if !answer.success() || answer.stdout.last() != Some(&0) {
            return Err(self.failure("config", &answer));
        }
        Ok(Setup { settings: settings(&text(&answer.stdout)), odd_variable: odd_variable(&self.program) })
    }

    /// Sets one of the clone's own settings.
    ///
    /// # Errors
    /// No `git` program; a settings file that git cannot write.
    pub fn set(&self, name: &str, value: &str) -> Result<(), GitError> {
        let mut command = self.git();
        command.args(["config", "--local", name, value]);
        let answer = self.program.read(command, b"")?;
        if answer.success() {
            return Ok(());
        }
        let lock = self.common_dir.join("config.lock");
        // Git does not say which file it is.
        match lock.metadata() {
            Ok(metadata) if answer.words().contains("could not lock") => {
                let age = metadata.modified().ok().and_then(|made| made.elapsed().ok());
                Err(GitError::IndexLocked { path: lock, age, holder: None })
            }
            _ => Err(self.failure("config", &answer)),
        }
    }
}

impl Setup {
    /// The value of a setting, by its lower-case name; one that is named without a value counts as `true`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.settings.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a setting that may have several.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.settings.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on, or `unset` where nobody set it.
    pub fn is_on(&self, name: &str, unset: bool) -> bool {
        self.get(name).map_or(unset, |value| !is_off(value))
    }

    /// Whether every move of a ref is noted in its reflog, as it is unless the user said otherwise.
    pub(crate) fn has_usual_reflogs(&self) -> bool {
        self.get("core.logallrefupdates").is_none_or(|value| !is_off(value))
    }

    /// Whether refs are plain files with the usual reflogs, which we can move ourselves.
    pub(crate) fn has_plain_refs(&self) -> bool {
        let is = |name: &str, value: &str| self.get(name).is_none_or(|found| found == value);
        is("extensions.objectformat", "sha1")
            && is("extensions.refstorage", "files")
            && self.has_usual_reflogs()
            && !self.shares()
            && !self.is_on("core.prefersymlinkrefs", false)
    }

    /// Whether hooks are looked for elsewhere than in git's folder.
    pub(crate) fn names_hooks(&self) -> bool {
        self.get("core.hookspath").is_some() || self.has_hooks_in_settings()
    }

    /// Whether settings name hooks, as newer gits allow.
    pub(crate) fn has_hooks_in_settings(&self) -> bool {
        self.settings.iter().any(|(name, _)| name.starts_with("hook."))
    }

    /// Whether the repository's files get a mode of their own.
    fn shares(&self) -> bool {
        self.get("core.sharedrepository")
            .is_some_and(|value| !is_off(value) && !value.eq_ignore_ascii_case("umask"))
    }

    /// The first thing that asks for the user's own git, or `None` where the repository is plain as far as settings
    /// and folders tell.
    pub(crate) fn not_plain(&self, repository: &Repository) -> Option<String> {
        if let Some(variable) = &self.odd_variable {
            return Some(variable.clone());
        }
        if self.get("core.repositoryformatversion").is_none() {
            return Some("core.repositoryformatversion is missing".to_owned());
        }
        if let Some((name, value)) = self.settings.iter().find(|(name, _)| !self.is_harmless(name)) {
            return Some(format!("{name}={value}"));
        }
        if has_hooks(&repository.common_dir.join("hooks")) {
            return Some("hooks".to_owned());
        }
        let grafts = repository.common_dir.join("info/grafts");
        grafts.exists().then(|| "info/grafts".to_owned())
    }

    fn is_harmless(&self, name: &str) -> bool {
        let value = self.get(name).unwrap_or_default();
        if HARMLESS_WHEN_OFF.contains(&name) {
            return is_off(value) || (name == "core.untrackedcache" && value.eq_ignore_ascii_case("keep"));
        }
        let (section, rest) = name.split_once('.').unwrap_or((name, ""));
        match section {
            "core" if rest == "logallrefupdates" => self.has_usual_reflogs(),
            "core" if rest == "repositoryformatversion" => matches!(value, "0" | "1"),
            "core" if rest == "sharedrepository" => !self.shares(),
            "core" if rest == "ignorecase" => true, // `land::plain` looks at new names
            "core" => HARMLESS_CORE.contains(&rest),
            "extensions" => match rest {
                "worktreeconfig" => true,
                "objectformat" => value == "sha1",
                "refstorage" => value == "files",
                _ => false,
            },
            "index" => matches!(rest, "threads" | "recordendofindexentries" | "recordoffsettable"),
            // A partial clone lacks objects that only the program can fetch.
            "remote" => !rest.ends_with(".promisor") && !rest.ends_with(".partialclonefilter"),
            "attr" | "author" | "committer" | "feature" | "hook" => false,
            _ => true,
        }
    }

    /// The name and address that git's settings and variables give to an `AUTHOR` or `COMMITTER`, where they say both
    /// in so many words.
    pub(crate) fn person(&self, repository: &Repository, role: &str) -> Option<(String, String)> {
        let part = |variable: &str, setting: &str| {
            let given = repository.program.variable(&format!("GIT_{role}_{variable}"));
            match given {
                Some(given) => given.into_string().ok(),
                None => self.get(setting).map(str::to_owned),
            }
        };
        let (name, email) = (part("NAME", "user.name")?, part("EMAIL", "user.email")?);
        (!name.is_empty() && !email.is_empty()).then_some((name, email))
    }
}

/// `name\nvalue\0` each; without the line feed where there is no value.
fn settings(listed: &str) -> Vec<(String, String)> {
    let entries = listed.split('\0').filter(|entry| !entry.is_empty());
    entries.map(|entry| entry.split_once('\n').unwrap_or((entry, "true"))).map(owned).collect()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Git's words for no.
fn is_off(value: &str) -> bool {
    value.is_empty() || ["false", "no", "off", "0"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether the folder holds anything but git's samples.
pub(super) fn has_hooks(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return folder.exists();
    };
    entries.flatten().any(|entry| !entry.file_name().to_string_lossy().ends_with(".sample"))
}

fn odd_variable(program: &Program) -> Option<String> {
    let is_odd = |name: &OsString| {
        let name = name.to_string_lossy();
        let is_setting = name.starts_with("GIT_CONFIG_KEY_") || name.starts_with("GIT_CONFIG_VALUE_");
        let is_elsewhere = ["TRACE", "PS1_", "HTTP_", "SSL_", "CURL_", "PROXY_", "REDACT_"]
            .iter()
            .any(|word| name.strip_prefix("GIT_").is_some_and(|rest| rest.starts_with(word)));
        name.starts_with("GIT_")
            && !is_setting
            && !is_elsewhere
            && !HARMLESS_VARIABLES.contains(&name.as_ref())
    };
    program.variables().into_iter().find(is_odd).map(|name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_off, settings};

    #[test]
    fn settings_are_read_with_line_feeds_and_without_values() {
        let read = settings("core.bare\0user.name\nA\nB\0alias.x\n\0");
        let expected = [("core.bare", "true"), ("user.name", "A\nB"), ("alias.x", "")];
        assert_eq!(read, expected.map(super::owned));
    }

    #[test]
    fn no_is_said_in_five_ways() {
        assert!(["false", "No", "OFF", "0", ""].into_iter().all(is_off));
        assert!(!["true", "1", "yes", "input", "-1"].into_iter().any(is_off));
    }
}
