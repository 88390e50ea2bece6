//! The team's rules by which records are merged, read from the top of a work tree that may be in the middle of a merge.

use std::path::Path;

use inc_core::settings::Settings;
use inc_core::severity::Policy;
use inc_store::file;
use inc_store::merge::{Past, Revision, Rules};
use inc_store::store::{POLICY, SETTINGS, policy_of};
use inc_store::yaml;

/// The policy, where it can be read, and the settings.
pub(super) struct Team {
    policy: Option<Policy>,
    settings: Settings,
}

impl Team {
    pub(super) fn at(top: &Path) -> Self {
        let settings = text(top, SETTINGS).and_then(|text| match text {
            Some(text) => yaml::read_unversioned::<Settings>(&text).map_err(drop),
            None => Ok(Settings::default()),
        });
        let policy = text(top, POLICY).and_then(|text| match text {
            Some(text) => policy_of(&text, Path::new(POLICY), Policy::check).map_err(drop),
            None => Ok(Policy::default()),
        });
        // What is computed by other rules than the team's would be a guess.
        let policy = policy.ok().filter(|_| settings.is_ok());
        Self { policy, settings: settings.unwrap_or_default() }
    }

    /// The rules, where `past` tells who edited the record.
    pub(super) fn rules<'r>(&'r self, past: &'r dyn Fn() -> Vec<Revision>) -> Rules<'r> {
        Rules { policy: self.policy.as_ref(), settings: &self.settings, past: Past(Some(past)) }
    }
}

fn text(top: &Path, name: &str) -> Result<Option<String>, ()> {
    if top.join(name).symlink_metadata().is_err() {
        return Ok(None);
    }
    file::read(top, Path::new(name), yaml::MAX_BYTES as u64).map(Some).map_err(drop)
}
