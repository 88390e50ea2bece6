//! `inc-merge`: git's merge driver for incidents and PDCAs, and what mends them where it was not asked.
//!
//! Its exit codes are those that git asks of a driver. Git takes 1 to 128 for "conflict" and keeps *our* side in the
//! file, so a panic (101) or a usage error (2) would drop the other side's edits by the next `git add`: whatever is
//! neither done nor a conflict that git itself marked ends above 128, upon which git stops and touches nothing. `resolve`,
//! which people call, has the exit codes of every other verb.

mod driver;
mod resolve;
mod setup;
mod team;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{FromArgMatches, Parser, Subcommand};

use crate::failure;
use crate::session::{Session, Shared};

/// The exit code of a failure: above 128, and git's own for a wrong call.
const FAILED: u8 = 129;

/// By what a line of the driver's is known that tells of a contested value; `inc-sync` tells of them in its own words.
pub(crate) const CONTESTED: &str = ": contested: ";

/// Merge incidents and PDCAs as records, for git
///
/// Git runs `inc-merge driver` by itself wherever two people changed the same record: in merge, pull, rebase,
/// cherry-pick and stash. A clone is told of it once, by `inc init` or `inc-merge setup`; without that, git merges the
/// lines, as it always did.
#[derive(Debug, Parser)]
#[command(
    name = "inc-merge",
    after_help = "Example:
  inc-merge setup
  inc-merge resolve"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Merge three versions of one record into the second; git calls this
    ///
    /// On any doubt the files go to `git merge-file`. Exit codes: 0 merged, 1 conflict (the file has git's markers),
    /// above 128 a failure (the file is as it was).
    #[command(after_help = "Example:
  inc-merge driver base.yaml ours.yaml theirs.yaml")]
    Driver(driver::Args),
    /// Bring together records that git left in conflict: in a clone without the driver, or at a forge
    ///
    /// From the three versions in git's index the record is merged as the driver does it, and added to the index; the merge
    /// itself is left to you, or to `inc-sync --continue`. Where only the markers are there, as after a merge at a forge, the
    /// sides are taken from the commits that were merged, or from the markers, and the record is committed. A file that
    /// somebody edited since git wrote its conflict is left. Prints the files that came together. Exit codes: 0 all of them,
    /// 1 something is left.
    #[command(after_help = "Example:
  git merge topic || inc-merge resolve
  inc-merge resolve --dry-run
  inc-merge resolve incidents/2023/2023-03-27-disk-full.yaml --format json")]
    Resolve(resolve::Args),
    /// Tell this clone's git of the driver
    ///
    /// Sets `merge.inc.name` and `merge.inc.driver` in the clone's own settings; says which lines `.gitattributes` lacks.
    #[command(after_help = "Example:
  inc-merge setup")]
    Setup,
}

/// The program itself, on arguments the first of which is its name.
pub fn main(args: Vec<OsString>) -> ExitCode {
    // Whatever was written until then is whole; the message stands on stderr already.
    catch_unwind(AssertUnwindSafe(|| run(args))).unwrap_or(ExitCode::from(FAILED))
}

fn run(args: Vec<OsString>) -> ExitCode {
    let verb =
        args.iter().find(|word| ["driver", "resolve", "setup"].map(|verb| *word == verb).contains(&true));
    let is_for_people = verb.is_some_and(|verb| verb == "resolve");
    let parsed = crate::full_command::<Args>().try_get_matches_from(args).and_then(|matches| {
        let args = Args::from_arg_matches(&matches)?;
        Ok((args, Shared::from_arg_matches(&matches)?))
    });
    let (args, shared) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if error.use_stderr() => {
            // Only git takes our exit code for an answer of the driver's.
            let code = failure::of_usage(error);
            return if is_for_people { code } else { ExitCode::from(FAILED) };
        }
        Err(help) => return failure::of_usage(help),
    };
    let session = Session::new(shared);
    match args.verb {
        Verb::Driver(args) => driver::run(&args, &session),
        Verb::Resolve(args) => {
            let result = resolve::run(&args, &session);
            session.share();
            failure::end(result)
        }
        Verb::Setup => failure::end(run_setup(&session)),
    }
}

/// Tells the clone of the driver, whoever asks.
///
/// # Errors
/// No repository; settings that git cannot read or write.
pub(crate) fn run_setup(session: &Session) -> Result<()> {
    let made = clone(session.store()?.repository())?;
    session.answer(&made, || made.words())
}

pub(crate) use resolve::marked;
pub(crate) use setup::{attributes, clone, told};

/// A path as git gives it: from the folder to work in.
fn from(session: &Session, path: &std::path::Path) -> PathBuf {
    session.dir().join(path)
}
