//! `inc-sync`: fetch, merge and push through the user's own git, and tell what came in.
//!
//! The lock is held while histories are brought together and never while the network is waited for.

mod advice;
mod after;
mod round;
mod stopped;
mod told;
mod unread;

use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use inc_core::nearest;
use inc_core::text::clean_line;
use inc_store::git::{Elsewhere, Lock, NoUpstream, Repository, Signature, Upstream};
use inc_store::land;

use super::merge;
use crate::failure::{Failure, say};
use crate::session::Session;
pub use after::after_change;
use round::Round;
use told::Told;

/// Fetch, merge and push, and tell what came in
///
/// Your own git does it all, with its credentials, hooks and settings: it merges, or rebases where pull.rebase or
/// branch.NAME.rebase says so. Only the branch that is checked out is pushed, and only to where git is told that it may
/// go. Where others push at the same moment it tries again, for a while; it never forces. A
/// conflict is left as git leaves it.
///
/// Exit codes: 0 all is shared; 1 a conflict, or git says no; 3 the other end cannot be reached, and nothing is lost;
/// 4 all is shared, and a record that came in or was pushed cannot be read.
#[derive(Debug, Parser)]
#[command(
    name = "inc-sync",
    after_help = "Example:
  inc-sync
  inc-sync --dry-run
  inc-sync --remote usb
  inc-sync --format json | jq .received.records"
)]
pub struct Args {
    /// Fetch, tell what would come in and go out, and change nothing else
    #[arg(long, group = "what")]
    dry_run: bool,
    /// Finish the merge or rebase that stopped, then go on
    #[arg(long = "continue", group = "what")]
    go_on: bool,
    /// Give up the merge or rebase that stopped: all is as it was before
    #[arg(long, group = "what")]
    abort: bool,
    /// Only tell this clone's git how records are merged, as `inc-merge setup` does
    #[arg(long, group = "what")]
    setup: bool,
    /// Sync with the branch of the same name on this remote instead of the upstream; it need not exist there yet
    #[arg(long, value_name = "NAME", conflicts_with_all = ["abort", "setup"])]
    remote: Option<String>,
    /// How long to try again where others push first, in seconds; eight times at the least
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    retry_for: u64,
    /// How long to wait for another program that writes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    lock_timeout: u64,
}

/// Syncs, or what is asked for instead.
///
/// # Errors
/// No repository or upstream; a conflict; a remote that cannot be reached; records that came in or were pushed and cannot be read.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    if args.setup {
        return merge::run_setup(session);
    }
    let patience = Duration::from_secs(args.lock_timeout);
    let repository = session.store()?.repository();
    if args.abort {
        return stopped::abort(repository, patience);
    }
    let by = signature(session)?;
    let gone_on = match args.go_on {
        true => Some(stopped::go_on(repository, patience, &by)?),
        false => stopped::refuse(repository).map(|()| None)?,
    };
    let remote = args.remote.as_deref();
    let upstream = destination(repository, remote)?;
    let mut told = Told::new(&upstream, args.dry_run);
    let mut round = Round {
        repository,
        upstream: &upstream,
        by: &by,
        patience,
        retry_for: Duration::from_secs(args.retry_for),
        asks: session.is_interactive(),
        span: None,
        way: None,
    };
    let end = match args.dry_run {
        true => round.look(&mut told),
        false => tell_clone(repository).and_then(|()| round.run(gone_on, &mut told)),
    };
    told.stopped = end.is_err();
    session.answer(&told, || told.words())?;
    told.contested().iter().for_each(|line| say(line));
    end.and_then(|()| told.unreadable())
}

/// Who signs a merge: `INC_AUTHOR` and `INC_NOW` where they are set, else git knows.
fn signature(session: &Session) -> Result<Signature> {
    let (author, at) = session.given_signature()?;
    Ok(Signature { author, at })
}

/// Tells a clone of the merge driver that was not told yet.
fn tell_clone(repository: &Repository) -> Result<()> {
    if repository.setup()?.get("merge.inc.driver").is_none() {
        merge::clone(repository)?;
        say("this clone's git merges incidents and PDCAs as records from now on (see `inc-merge --help`)");
    }
    Ok(())
}

/// Where the branch goes, and may go: what git is told of it holds for us too.
///
/// # Errors
/// As [`upstream`]; a branch that git is told to push elsewhere.
fn destination(repository: &Repository, remote: Option<&str>) -> Result<Upstream> {
    let upstream = upstream(repository, remote)?;
    let Some(why) = repository.elsewhere(&upstream, remote.is_some())? else { return Ok(upstream) };
    let (branch, name, to) = (&upstream.branch, &upstream.name, &upstream.remote);
    Err(Failure::refused(match why {
        Elsewhere::Remote { setting, remote } => format!(
            "{setting} sends the branch {branch} to {remote}, so nothing goes to {name}: `inc-sync --remote {remote}`, or \
             for good `git push -u {remote} {branch}`"
        ),
        Elsewhere::Unlisted { setting } => format!(
            "{setting} names what goes to {to}, and the branch {branch} is not among it, so nothing goes to {name}: \
             `git push -u REMOTE {branch}` gives it another place"
        ),
        Elsewhere::Name => format!(
            "the branch {branch} has the upstream {name}, of another name, so nothing goes there: \
             `git push -u REMOTE {branch}` gives it a place of its own; if {name} is meant: `git config push.default upstream`"
        ),
    }))
}

/// Where the branch goes: to its upstream, or to the remote that is named.
///
/// # Errors
/// A branch that does not say where it goes, a remote that is not there.
pub(crate) fn upstream(repository: &Repository, remote: Option<&str>) -> Result<Upstream> {
    let found = remote.map_or_else(|| repository.upstream(), |remote| repository.upstream_on(remote))?;
    let why = match found {
        Ok(upstream) => return Ok(upstream),
        Err(why) => why,
    };
    Err(match why {
        NoUpstream::Detached => {
            Failure::refused("HEAD is on no branch, so there is nothing to push: `git switch BRANCH` first")
        }
        NoUpstream::Unborn { branch } => {
            Failure::refused(format!("the branch {branch} has no commit yet: `git pull`, or make one"))
        }
        NoUpstream::NoRemote { remotes } => no_remote(remote.unwrap_or_default(), &remotes),
        NoUpstream::Unset { branch, remotes } if remotes.is_empty() => Failure::surroundings(format!(
            "there is no remote to sync with: `git remote add origin URL`, then `git push -u origin {branch}`"
        )),
        NoUpstream::Unset { branch, remotes } => {
            let told = repository.push_remote(&branch)?;
            let remote = match remotes.as_slice() {
                _ if told.is_some() => told.unwrap_or_default(),
                [only] => only.clone(),
                // Which of several may have it is not ours to guess.
                _ => "REMOTE".to_owned(),
            };
            let which =
                if remote == "REMOTE" { format!(" (one of {})", remotes.join(", ")) } else { String::new() };
            Failure::surroundings(format!(
                "the branch {branch} does not say where it goes: `git push -u {remote} {branch}` tells it{which}"
            ))
        }
    })
}

fn no_remote(given: &str, remotes: &[String]) -> anyhow::Error {
    let known: Vec<&str> = remotes.iter().map(String::as_str).collect();
    let hint = match known.as_slice() {
        [] => "there is none yet".to_owned(),
        known => nearest::hint(given, known),
    };
    Failure::usage(format!(
        "--remote: `{}` is no remote here: {hint}; `git remote add NAME URL` adds one",
        clean_line(given)
    ))
}

/// The lock on the repository, with whatever a dead process left mended.
fn locked(repository: &Repository, patience: Duration) -> Result<Lock> {
    let lock = repository.lock(patience, &mut say)?;
    if let Some(words) = land::recover(repository, &lock, patience, &mut say)? {
        say(&words);
    }
    Ok(lock)
}
