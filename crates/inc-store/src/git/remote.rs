//! The other end: where a branch is pushed to, fetch and push, by the user's own git with its credentials and proxies.
//!
//! Nothing here holds our lock: a network may take its time. Nothing here forces.

use std::process::Command;

use super::program::{Answer, text};
use super::words::cleaned;
use super::{GitError, Repository};

/// A branch with the place to which it is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// The branch here: `main`.
    pub branch: String,
    /// The remote's name: `origin`.
    pub remote: String,
    /// The branch there: `refs/heads/main`.
    theirs: String,
    /// Where what was fetched of it stands: `refs/remotes/origin/main`.
    tracking: String,
    /// The same for people: `origin/main`.
    pub name: String,
}

impl Upstream {
    /// Whether the branch has the same name there.
    pub(super) fn has_its_name(&self) -> bool {
        self.theirs.strip_prefix("refs/heads/") == Some(&self.branch)
    }
}

/// What a branch lacks to be shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoUpstream {
    /// HEAD is on no branch.
    Detached,
    /// The branch has no commit.
    Unborn {
        /// Its name.
        branch: String,
    },
    /// It is not told where to go.
    Unset {
        /// Its name.
        branch: String,
        /// The remotes that are known.
        remotes: Vec<String>,
    },
    /// The remote that was named is not known.
    NoRemote {
        /// The remotes that are known.
        remotes: Vec<String>,
    },
}

/// How a fetch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// What the other end has is here.
    Done,
    /// Another git of this clone fetches at this moment, or has died and left its lock; with git's words.
    Busy(String),
    /// The other end cannot be reached.
    Unreachable(String),
}

/// How a push ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The other end has it.
    Done,
    /// Others were faster, or have died there and left a lock: fetch, merge and push again; with git's words.
    Behind(String),
    /// The other end, or a hook, says no.
    Refused(String),
    /// The other end cannot be reached.
    Unreachable(String),
}

/// What git says at the other end where somebody else moves the branch at this moment.
const RACES: [&str; 7] = [
    "fetch first",
    "non-fast-forward",
    "cannot lock ref",
    "failed to update ref",
    "failed to lock",
    "incorrect old value",
    "reference already exists",
];

/// What git says where another git of the same clone moves the same refs.
const BUSY: [&str; 2] = ["cannot lock ref", "unable to update local ref"];

impl Repository {
    /// Where the present branch is pushed to.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn upstream(&self) -> Result<Result<Upstream, NoUpstream>, GitError> {
        let Some(branch) = self.branch()? else { return Ok(Err(NoUpstream::Detached)) };
        if self.head()?.is_none() {
            return Ok(Err(NoUpstream::Unborn { branch }));
        }
        let format =
            "--format=%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream:short)";
        let listed =
            self.asked("for-each-ref", &["for-each-ref", format, &format!("refs/heads/{branch}")])?;
        let fields: Vec<&str> = listed.split('\0').collect();
        let [tracking, remote, theirs, name] = fields[..] else { return Ok(Err(self.unset(branch)?)) };
        if tracking.is_empty() || remote.is_empty() || theirs.is_empty() {
            return Ok(Err(self.unset(branch)?));
        }
        let [remote, theirs, tracking, name] = [remote, theirs, tracking, name].map(str::to_owned);
        Ok(Ok(Upstream { branch, remote, theirs, tracking, name }))
    }

    /// Where the present branch goes on a remote that is named: to its upstream where that is there, else to the branch of
    /// its own name.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn upstream_on(&self, remote: &str) -> Result<Result<Upstream, NoUpstream>, GitError> {
        let branch = match self.upstream()? {
            Ok(upstream) if upstream.remote == remote => return Ok(Ok(upstream)),
            Ok(Upstream { branch, .. }) | Err(NoUpstream::Unset { branch, .. }) => branch,
            Err(why) => return Ok(Err(why)),
        };
        let remotes = self.remotes()?;
        if !remotes.iter().any(|known| known == remote) {
            return Ok(Err(NoUpstream::NoRemote { remotes }));
        }
        let name = format!("{remote}/{branch}");
        Ok(Ok(Upstream {
            remote: remote.to_owned(),
            theirs: format!("refs/heads/{branch}"),
            tracking: format!("refs/remotes/{name}"),
            branch,
            name,
        }))
    }

    fn remotes(&self) -> Result<Vec<String>, GitError> {
        Ok(self.asked("remote", &["remote"])?.lines().map(str::to_owned).collect())
    }

    fn unset(&self, branch: String) -> Result<NoUpstream, GitError> {
        Ok(NoUpstream::Unset { branch, remotes: self.remotes()? })
    }

    /// Whether HEAD still names the upstream's branch.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn is_on(&self, upstream: &Upstream) -> Result<bool, GitError> {
        Ok(self.branch()?.as_deref() == Some(&upstream.branch))
    }

    /// The branch that HEAD names, or `None` where it is detached.
    pub(super) fn branch(&self) -> Result<Option<String>, GitError> {
        let mut command = self.git();
        command.args(["symbolic-ref", "--quiet", "HEAD"]);
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) if answer.stdout.is_empty() => {
                Err(GitError::Failed { what: "symbolic-ref", words: "it did not say which branch".into() })
            }
            Some(0) => Ok(text(&answer.stdout).trim_end().strip_prefix("refs/heads/").map(str::to_owned)),
            Some(1) => Ok(None),
            _ => Err(self.failure("symbolic-ref", &answer)),
        }
    }

    /// The commit at which the upstream stood when it was last fetched, or `None` where it has none yet.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn tip_of(&self, upstream: &Upstream) -> Result<Option<String>, GitError> {
        self.verified(&format!("{}^{{commit}}", upstream.tracking))
    }

    /// The commit of the branch.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn tip(&self) -> Result<Option<String>, GitError> {
        self.head()
    }

    /// How many commits `of` has that `without` lacks.
    ///
    /// # Errors
    /// No `git` program, or commits that it does not have.
    pub fn count(&self, of: &str, without: Option<&str>) -> Result<usize, GitError> {
        let without = without.map(|commit| format!("^{commit}"));
        let mut args = vec!["rev-list", "--count", of];
        args.extend(without.as_deref());
        // A git that could not write its answer may exit 0 all the same.
        let unanswered = |_| GitError::Failed { what: "rev-list", words: "it did not say how many".into() };
        self.asked("rev-list", &args)?.trim().parse().map_err(unanswered)
    }

    /// How many commits `one` has that `other` lacks, and the other way round.
    ///
    /// # Errors
    /// No `git` program, or commits that it does not have.
    pub fn apart(&self, one: &str, other: &str) -> Result<(usize, usize), GitError> {
        let counted =
            self.asked("rev-list", &["rev-list", "--left-right", "--count", &format!("{one}...{other}")])?;
        let mut counts = counted.split_whitespace().map(str::parse);
        match (counts.next(), counts.next()) {
            (Some(Ok(one)), Some(Ok(other))) => Ok((one, other)),
            // A git that could not write its answer may exit 0 all the same.
            _ => Err(GitError::Failed { what: "rev-list", words: "it did not say how many".into() }),
        }
    }

    /// The commit from which both came apart, or `None` where they have nothing in common.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn base_of(&self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        let mut command = self.git();
        command.args(["merge-base", one, other]);
        let answer = self.program.read(command, b"")?;
        match answer.code {
            Some(0) => Ok(Some(text(&answer.stdout).trim().to_owned())),
            Some(1) => Ok(None),
            _ => Err(self.failure("merge-base", &answer)),
        }
    }

    /// Fetches the upstream's remote as the user's git is told to.
    ///
    /// `asks` lets git ask for a password at the terminal.
    ///
    /// # Errors
    /// No `git` program.
    pub fn fetch(&self, upstream: &Upstream, asks: bool) -> Result<Fetched, GitError> {
        let mut command = self.networked(asks)?;
        command.args(["fetch", "--quiet", "--", &upstream.remote]);
        let answer = self.program.read(command, b"")?;
        Ok(fetched(&answer))
    }

    /// Pushes the branch to its upstream and nothing else; never forces.
    ///
    /// # Errors
    /// No `git` program.
    pub fn push(&self, upstream: &Upstream, asks: bool) -> Result<Pushed, GitError> {
        let mut command = self.networked(asks)?;
        let what = format!("refs/heads/{}:{}", upstream.branch, upstream.theirs);
        command.args(["push", "--porcelain", "--no-force", "--", &upstream.remote, &what]);
        let answer = self.program.read(command, b"")?;
        Ok(pushed(&answer))
    }

    /// A `git` that may use the network, and asks nobody where nobody is: ssh would ask at the terminal by itself.
    fn networked(&self, asks: bool) -> Result<Command, GitError> {
        let mut command = self.git();
        if asks {
            return Ok(command);
        }
        let is_free = |name| self.program.variable(name).is_none();
        if is_free("GIT_TERMINAL_PROMPT") {
            command.env("GIT_TERMINAL_PROMPT", "0");
        }
        let is_theirs = !is_free("GIT_SSH_COMMAND")
            || !is_free("GIT_SSH")
            || self.setup()?.get("core.sshcommand").is_some();
        if !is_theirs {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        } else if is_free("SSH_ASKPASS_REQUIRE") {
            // Their own command stays as it is; OpenSSH then asks a program, which says no, instead of the terminal.
            command.env("SSH_ASKPASS_REQUIRE", "force");
            if is_free("SSH_ASKPASS") {
                command.env("SSH_ASKPASS", "false");
            }
        }
        Ok(command)
    }

    /// What a `git` that only looks prints.
    pub(super) fn asked(&self, what: &'static str, args: &[&str]) -> Result<String, GitError> {
        let mut command = self.git();
        command.args(args);
        let answer = self.program.read(command, b"")?;
        if !answer.success() {
            return Err(self.failure(what, &answer));
        }
        Ok(text(&answer.stdout).trim_end_matches('\n').to_owned())
    }
}

fn fetched(answer: &Answer) -> Fetched {
    let words = answer.words();
    match answer.success() {
        true => Fetched::Done,
        false if BUSY.iter().any(|busy| words.contains(busy)) => Fetched::Busy(words),
        false => Fetched::Unreachable(words),
    }
}

fn pushed(answer: &Answer) -> Pushed {
    if answer.success() {
        return Pushed::Done;
    }
    let told = text(&answer.stdout);
    let rejected: Vec<&str> = told.lines().filter(|line| line.starts_with('!')).collect();
    let words = std::iter::once(text(&answer.stderr)).chain(rejected.iter().map(|line| (*line).to_owned()));
    let words = cleaned(&words.collect::<Vec<_>>().join("\n"));
    if rejected.iter().any(|line| RACES.iter().any(|race| line.contains(race))) {
        return Pushed::Behind(words);
    }
    // Git exits 1 where the other end or a hook said no, and 128 where it could not talk to it.
    if rejected.is_empty() && answer.code != Some(1) {
        return Pushed::Unreachable(answer.words());
    }
    Pushed::Refused(words)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Fetched, Pushed, fetched, pushed};

    #[test]
    fn a_fetch_that_meets_a_lock_says_which() {
        let words = "error: cannot lock ref 'refs/remotes/origin/main': Unable to create '/x/main.lock': File exists.";
        let answer = Answer { code: Some(1), stdout: vec![], stderr: words.into() };
        let end = fetched(&answer);
        assert!(matches!(&end, Fetched::Busy(words) if words.contains("/x/main.lock")), "{end:?}");
    }

    #[test]
    fn a_push_that_lost_a_race_is_told_from_one_that_is_refused() {
        let end = |code, stdout: &str| {
            pushed(&Answer { code: Some(code), stdout: stdout.into(), stderr: b"words\n".to_vec() })
        };
        let line = |why: &str| format!("To /x\n!\trefs/heads/main:refs/heads/main\t{why}\nDone\n");
        assert_eq!(end(0, ""), Pushed::Done);
        for why in [
            "[rejected] (fetch first)",
            "[rejected] (non-fast-forward)",
            "[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
            "[remote rejected] (failed to update ref)",
            "[remote rejected] (incorrect old value provided)",
        ] {
            let behind = end(1, &line(why));
            assert!(matches!(&behind, Pushed::Behind(words) if words.contains("words")), "{why}: {behind:?}");
        }
        let refused = end(1, &line("[remote rejected] (pre-receive hook declined)"));
        assert!(matches!(&refused, Pushed::Refused(words) if words.contains("declined")), "{refused:?}");
        assert!(matches!(end(1, ""), Pushed::Refused(_)));
        assert!(matches!(end(128, ""), Pushed::Unreachable(_)));
    }
}
