//! The programs of inc: each parses its arguments, asks the session for a record, lets the core decide, and says
//! what came of it.
//!
//! Deliberately absent: what may happen to a record (`inc-core`), and how it lies in a file (`inc-store`).

pub mod commands;
pub mod failure;
pub mod input;
pub mod output;
pub mod report;
pub mod session;
pub mod view;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::Resettable;
use clap::{Args, CommandFactory, FromArgMatches, Parser};

use session::{Session, Shared};

/// Runs the program of `command` on this process's arguments and returns its exit code.
pub fn run<A: Parser>(command: fn(A, &mut Session) -> Result<()>) -> ExitCode {
    run_on(command, std::env::args_os().collect())
}

/// Runs a program on `args`, the first of which is its name.
pub fn run_on<A: Parser>(command: fn(A, &mut Session) -> Result<()>, args: Vec<OsString>) -> ExitCode {
    let parsed = full_command::<A>().try_get_matches_from(args).and_then(|matches| {
        let args = A::from_arg_matches(&matches)?;
        Ok((args, Shared::from_arg_matches(&matches)?))
    });
    let (args, shared) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return failure::of_usage(error),
    };
    let mut session = Session::new(shared);
    let result = command(args, &mut session).and_then(|()| session.finish());
    session.share();
    failure::end(result)
}

/// A program's arguments together with those that every program has.
pub fn full_command<A: CommandFactory>() -> clap::Command {
    let command = A::command();
    // `augment_args` brings the words about `Shared` along, which are not the program's.
    let about = Resettable::from(command.get_about().cloned());
    let long_about = Resettable::from(command.get_long_about().cloned());
    let command = with_shared(command).about(about).long_about(long_about);
    command.version(env!("CARGO_PKG_VERSION"))
}

/// Adds the options of every program, but for those that this one declares in a way of its own.
fn with_shared(command: clap::Command) -> clap::Command {
    let is_own = |id: &clap::Id| command.get_arguments().any(|own| own.get_id() == id);
    if !is_own(&"format".into()) {
        return Shared::augment_args(command);
    }
    let shared = Shared::augment_args(clap::Command::new("shared"));
    let missing: Vec<clap::Arg> =
        shared.get_arguments().filter(|arg| !is_own(arg.get_id())).cloned().collect();
    command.args(missing)
}
