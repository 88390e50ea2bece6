//! `inc init`: make a repository ready for incidents.

use std::path::PathBuf;

use anyhow::Result;
use inc_core::instant::Zone;
use inc_store::git::Repository;
use inc_store::store::{POLICY, SETTINGS, Store};
use serde::Serialize;

use crate::commands::merge;
use crate::failure::{Failure, say};
use crate::session::{Session, WriteOptions};

/// The settings that a new repository begins with, commented.
const SETTINGS_TEXT: &str = include_str!("init/inc.yaml");
/// The policy that a new repository begins with, commented; the same as the built-in default.
pub(crate) const POLICY_TEXT: &str = include_str!("init/severity.yaml");

/// What `inc init` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where; created if it is not there, and made a git repository if it is none
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The zone in which your team types and reads times, such as Europe/Paris
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = parse_zone)]
    timezone: Zone,
    #[command(flatten)]
    write: WriteOptions,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Made {
    folder: String,
    files: Vec<String>,
    commit: Option<String>,
}

/// Writes the settings, the policy and who merges records where they are not there yet, in one commit, and tells this
/// clone of the merge driver.
///
/// # Errors
/// A folder that cannot be made, a repository that cannot be committed to.
pub fn run(args: Args, session: &Session) -> Result<()> {
    if args.write.sync {
        return Err(Failure::usage(
            "--sync: a new repository goes nowhere yet: `git remote add origin URL` first",
        ));
    }
    let repository = Repository::init(&session.dir().join(&args.folder))?;
    let store = Store::of(repository);
    // Before the first commit, which would tell the clone that it does not know the driver.
    merge::told(store.repository())?;
    let writing = session.writing_unsigned(&args.write)?;
    let mut change = store.change(&writing, say)?;
    let mut there = vec![];
    for (path, text) in files(&args.timezone) {
        if store.top().join(&path).symlink_metadata().is_ok() {
            there.push(path.display().to_string());
        } else {
            change.add_file(path, text);
        }
    }
    let saved = change.save("inc: settings, severity policy and merge driver")?;
    // A `.gitattributes` of the team's own may lack the lines.
    merge::clone(store.repository())?;
    for remark in &saved.remarks {
        say(remark);
    }
    for path in &there {
        say(&format!("{path} is there already and stays as it is"));
    }
    if !saved.paths.is_empty() {
        say("next: inc declare \"What is broken\" in that folder; whom to call goes into inc.yaml");
    }
    let made = Made {
        folder: store.top().display().to_string(),
        files: saved.paths.iter().map(|path| path.display().to_string()).collect(),
        commit: saved.commit,
    };
    session.answer(&made, || made.folder.clone())
}

/// The files of a new repository, from its top.
fn files(zone: &Zone) -> [(PathBuf, String); 3] {
    let settings = SETTINGS_TEXT.replace("timezone: UTC", &format!("timezone: {}", zone.name()));
    let (attributes, merged_by) = merge::attributes();
    [
        (SETTINGS.into(), settings),
        (POLICY.into(), POLICY_TEXT.to_owned()),
        (attributes.into(), merged_by.to_owned()),
    ]
}

fn parse_zone(text: &str) -> Result<Zone, String> {
    Zone::named(text).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use inc_core::settings::Settings;
    use inc_core::severity::Policy;
    use inc_store::yaml;

    #[test]
    fn what_init_writes_is_the_default_said_aloud() {
        let settings: Settings = yaml::read_unversioned(SETTINGS_TEXT).unwrap();
        assert_eq!(settings, Settings::default());
        let policy: Policy = yaml::read(POLICY_TEXT, inc_core::SCHEMA).unwrap();
        assert_eq!(policy, Policy::default());
        assert_eq!(policy.check(), Ok(()));
    }

    #[test]
    fn the_zone_is_written_into_the_settings() {
        let [(_, text), _, _] = files(&Zone::named("Europe/Paris").unwrap());
        let settings: Settings = yaml::read_unversioned(&text).unwrap();
        assert_eq!(settings.timezone.name(), "Europe/Paris");
    }
}
