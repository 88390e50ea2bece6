//! The policy that is meant: a file, the repository's own, or the built-in one.

use std::path::{Path, PathBuf};

use anyhow::Result;
use inc_core::severity::{Policy, PolicyError};
use inc_store::store::{POLICY, policy_of};

use crate::input::read_whole;
use crate::session::Session;

/// The option that names a policy.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PolicyFile {
    /// The policy to take, `-` for stdin; by default the repository's own
    #[arg(long = "policy", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

/// A policy, and where it is from, for people.
pub(super) struct Given {
    pub(super) policy: Policy,
    pub(super) from: String,
}

impl PolicyFile {
    /// The policy of a file that another option names.
    ///
    /// # Errors
    /// A file that cannot be read, or is no policy.
    pub(super) fn of_file(file: &Path) -> Result<Given> {
        given(file, Policy::check)
    }

    /// The policy, whole: its examples hold.
    ///
    /// # Errors
    /// A file that cannot be read, or is no policy.
    pub(super) fn read(&self, session: &Session) -> Result<Given> {
        match &self.file {
            Some(file) => given(file, Policy::check),
            None if session.is_in_repository()? => {
                let policy = session.policy()?.clone();
                let from = if session.store()?.has_policy() { POLICY } else { "the built-in policy" };
                Ok(Given { policy, from: from.to_owned() })
            }
            None => Ok(built_in()),
        }
    }

    /// The policy, though its examples may fail.
    ///
    /// # Errors
    /// A file that cannot be read, or is no policy.
    pub(super) fn read_to_test(&self, session: &Session) -> Result<Given> {
        let own = match &self.file {
            Some(file) => return given(file, Policy::check_rules),
            None if session.is_in_repository()? => session.store()?.policy_under_test()?,
            None => None,
        };
        Ok(own.map_or_else(built_in, |policy| Given { policy, from: POLICY.to_owned() }))
    }
}

fn given(file: &Path, check: impl Fn(&Policy) -> Result<(), PolicyError>) -> Result<Given> {
    let text = read_whole(file)?;
    let name = if file == Path::new("-") { Path::new("stdin") } else { file };
    Ok(Given { policy: policy_of(&text, name, check)?, from: name.display().to_string() })
}

fn built_in() -> Given {
    Given { policy: Policy::default(), from: "the built-in policy".to_owned() }
}
