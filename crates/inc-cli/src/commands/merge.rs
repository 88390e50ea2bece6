//! `inc-merge`: git's merge driver for incidents and PDCAs.
//!
//! Its exit codes are those that git asks of a driver. Git takes 1 to 128 for "conflict" and keeps *our* side in the
//! file, so a panic (101) or a usage error (2) would drop the other side's edits by the next `git add`: whatever is
//! neither done nor a conflict that git itself marked ends above 128, upon which git stops and touches nothing.

mod driver;
mod setup;

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

/// Merge incidents and PDCAs as records, for git
///
/// Git runs `inc-merge driver` by itself wherever two people changed the same record: in merge, pull, rebase,
/// cherry-pick and stash. A clone is told of it once, by `inc init` or `inc-merge setup`; without that, git merges the
/// lines, as it always did.
#[derive(Debug, Parser)]
#[command(
    name = "inc-merge",
    after_help = "Example:
  inc-merge setup"
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
    let parsed = crate::full_command::<Args>().try_get_matches_from(args).and_then(|matches| {
        let args = Args::from_arg_matches(&matches)?;
        Ok((args, Shared::from_arg_matches(&matches)?))
    });
    let (args, shared) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if error.use_stderr() => {
            failure::of_usage(error);
            return ExitCode::from(FAILED);
        }
        Err(help) => return failure::of_usage(help),
    };
    let session = Session::new(shared);
    match args.verb {
        Verb::Driver(args) => driver::run(&args, &session),
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

pub(crate) use setup::{attributes, clone};

/// A path as git gives it: from the folder to work in.
fn from(session: &Session, path: &std::path::Path) -> PathBuf {
    session.dir().join(path)
}
