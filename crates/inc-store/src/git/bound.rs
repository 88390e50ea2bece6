//! Where a branch may not go: what the user has told git of it. A push that names both ends, as ours does, would pass
//! over it.

use super::{GitError, Repository, Setup, Upstream};

/// Why git itself would not push a branch to where we are about to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// A setting sends it to another remote.
    Remote {
        /// The setting: `branch.private.pushRemote`.
        setting: String,
        /// Where it goes.
        remote: String,
    },
    /// The remote has a list of what is pushed to it, and the branch is not in it: `remote.origin.push`.
    Unlisted {
        /// The setting.
        setting: String,
    },
    /// The branch there has another name, and nobody has said that this is meant.
    Name,
}

impl Repository {
    /// Whether git is told to push a branch elsewhere; `is_named` where the user named the remote for this once.
    ///
    /// # Errors
    /// No `git` program; settings that it cannot read.
    pub fn elsewhere(&self, upstream: &Upstream, is_named: bool) -> Result<Option<Elsewhere>, GitError> {
        Ok(judge(&self.setup()?, upstream, is_named))
    }

    /// The remote to which the settings send a branch that has no upstream.
    ///
    /// # Errors
    /// No `git` program; settings that it cannot read.
    pub fn push_remote(&self, branch: &str) -> Result<Option<String>, GitError> {
        Ok(sent(&self.setup()?, branch, false).map(|(_, remote)| remote))
    }
}

fn judge(setup: &Setup, upstream: &Upstream, is_named: bool) -> Option<Elsewhere> {
    let (branch, remote) = (&upstream.branch, &upstream.remote);
    if let Some((setting, other)) = sent(setup, branch, is_named).filter(|(_, other)| other != remote) {
        return Some(Elsewhere::Remote { setting, remote: other });
    }
    let setting = format!("remote.{remote}.push");
    let listed: Vec<&str> = setup.all(&setting).collect();
    if !listed.is_empty() {
        let is_listed = listed.iter().any(|spec| covers(spec, branch));
        return (!is_listed).then_some(Elsewhere::Unlisted { setting });
    }
    // As `push.default=simple`, which is git's own default.
    let is_meant = matches!(setup.get("push.default"), Some("upstream" | "tracking"));
    (!is_meant && !upstream.has_its_name()).then_some(Elsewhere::Name)
}

/// The setting that sends a branch somewhere, and where.
fn sent(setup: &Setup, branch: &str, is_named: bool) -> Option<(String, String)> {
    let own = setup.get(&format!("branch.{branch}.pushremote"));
    let own = own.map(|remote| (format!("branch.{branch}.pushRemote"), remote.to_owned()));
    let all =
        || setup.get("remote.pushdefault").map(|remote| ("remote.pushDefault".to_owned(), remote.to_owned()));
    own.or_else(|| if is_named { None } else { all() })
}

/// Whether a refspec takes a branch along: `main`, `refs/heads/*:refs/heads/*`, `HEAD`, `:`.
fn covers(spec: &str, branch: &str) -> bool {
    let from = spec.trim_start_matches('+').split(':').next().unwrap_or_default();
    let full = format!("refs/heads/{branch}");
    match from.split_once('*') {
        Some((before, after)) => {
            full.len() >= before.len() + after.len() && full.starts_with(before) && full.ends_with(after)
        }
        None => ["", "HEAD", "@", branch, &full].contains(&from),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_refspec_covers_what_it_names() {
        for spec in ["main", "+refs/heads/main:refs/heads/x", "refs/heads/*", ":", "HEAD", "refs/heads/m*n"] {
            assert!(covers(spec, "main"), "{spec}");
        }
        for spec in
            ["private", "refs/tags/*", "refs/heads/team/*", "^refs/heads/main", "refs/heads/main*main"]
        {
            assert!(!covers(spec, "main"), "{spec}");
        }
    }
}
