//! The severity policy of a repository, and one in any text: read strictly, checked, and blamed by line and column.

use std::path::Path;

use inc_core::severity::{Policy, PolicyError};

use super::{POLICY, Store, StoreError};
use crate::yaml;

impl Store {
    /// The severity policy, or the default where there is no `policies/severity.yaml`.
    ///
    /// # Errors
    /// A file that cannot be read whole, or says something that is no policy; a policy whose examples fail is none.
    pub fn policy(&self) -> Result<Policy, StoreError> {
        match self.text_of(Path::new(POLICY))? {
            Some(text) => policy_of(&text, Path::new(POLICY), Policy::check),
            None => Ok(Policy::default()),
        }
    }

    /// Whether the repository has a policy of its own.
    pub fn has_policy(&self) -> bool {
        self.top().join(POLICY).symlink_metadata().is_ok()
    }

    /// The severity policy whose examples may fail, with its file; `None` where there is no file.
    ///
    /// # Errors
    /// A file that cannot be read whole, or says something that is no policy.
    pub fn policy_under_test(&self) -> Result<Option<Policy>, StoreError> {
        let text = self.text_of(Path::new(POLICY))?;
        text.map(|text| policy_of(&text, Path::new(POLICY), Policy::check_rules)).transpose()
    }
}

/// The policy that a text is; `check` says how much of it must hold.
///
/// # Errors
/// A text that is no policy, with the line of `path` that is to blame.
pub fn policy_of(
    text: &str,
    path: &Path,
    check: impl Fn(&Policy) -> Result<(), PolicyError>,
) -> Result<Policy, StoreError> {
    let policy: Policy = yaml::read(text, inc_core::SCHEMA).map_err(|e| StoreError::read(path, e))?;
    match check(&policy) {
        Ok(()) => Ok(policy),
        Err(wrong) => {
            let error = yaml::blame(text, wrong.path.steps(), &wrong.problem, &wrong.help);
            Err(StoreError::read(path, error))
        }
    }
}
