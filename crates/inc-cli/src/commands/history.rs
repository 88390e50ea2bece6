//! `inc-history`: what happened to a record, from git; and the record as it was known at a time.

mod found;
mod then;
mod told;

use std::path::Path;

use anyhow::Result;
use clap::Parser;
use inc_core::history::{Kind, Recorded};
use inc_core::incident::Incident;
use inc_core::instant::{Instant, Zone};
use inc_core::pdca::Pdca;
use inc_core::query::Bound;
use inc_core::text::clean_line;
use inc_store::store::{Loaded, Past, Record};

use self::found::{Found, find};
use self::told::{FactView, views};
use super::which::{bound, in_order};
use crate::failure::{Failure, say};
use crate::output::Format;
use crate::session::Session;

/// Tell what happened to a record, fact by fact, from git
///
/// Each fact stands with when it happened, when it was written (the author's date of the commit), the lag between the two, and by
/// whom; the oldest first, what is not committed last. Renames of the file are followed. docs/history.md tells the rest.
#[derive(Debug, Parser)]
#[command(
    name = "inc-history",
    after_help = "Example:
  inc-history kubernetes-cluster-3
  inc-history --since yesterday --signatures
  inc-history --at \"2023-03-27 13:30\"                  # the record as it was known then
  inc-history --format json | jq 'map(.lag_minutes | numbers) | max'

Without RECORD: $INC_INCIDENT, else the incident chosen by `inc use`, else the only open one."
)]
pub struct Args {
    /// Which incident or PDCA: an id, a unique beginning or part of one; incidents are looked through first
    record: Option<String>,
    /// Look through PDCAs alone
    #[arg(long)]
    pdca: bool,
    /// Show the record as it was known then: 2023-03-27 13:30, 1h ago, yesterday 14:00
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with_all = ["since", "until", "limit", "reverse", "signatures"])]
    at: Option<String>,
    /// Only what was written then or later: 2023-03-27, monday, 7 days ago, 2023-03-27 12:59
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only what was written then or earlier; a day is meant whole
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// At most so many facts, the newest ones
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// The newest first
    #[arg(long)]
    reverse: bool,
    /// Tell the state of each commit's signature; git starts a program for each that is signed
    #[arg(long)]
    signatures: bool,
    /// How to print the answer
    // The same id as everywhere else: the programs' own `--format` gives way to this one, which knows more formats.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Everywhere",
        value_parser = Format::of_lists()
    )]
    format: Format,
}

/// A record of either kind, as this program needs it.
trait Kept: Record + Recorded + Send {
    /// The zone of its times, where it has one of its own.
    fn zone(&self) -> Option<&Zone>;
    /// Prints it as it was.
    fn show(session: &Session, loaded: &Loaded<Self>, edited: then::Edited<'_>) -> Result<()>;
}

impl Kept for Incident {
    fn zone(&self) -> Option<&Zone> {
        Some(&self.timezone)
    }

    fn show(session: &Session, loaded: &Loaded<Self>, edited: then::Edited<'_>) -> Result<()> {
        then::show_incident(session, loaded, edited)
    }
}

impl Kept for Pdca {
    fn zone(&self) -> Option<&Zone> {
        None
    }

    fn show(session: &Session, loaded: &Loaded<Self>, _: then::Edited<'_>) -> Result<()> {
        then::show_pdca(session, &loaded.record)
    }
}

/// Tells the history of one record, or shows the record as it was.
///
/// # Errors
/// No such record; with `--at`, a time at which it was not committed yet. A record that cannot be read as it stands now
/// is told in its line, and an error after it.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match find(args.record.as_deref(), args.pdca, session)? {
        Found::Incident(path) => run_on::<Incident>(&path, &args, session),
        Found::Pdca(path) => run_on::<Pdca>(&path, &args, session),
    }
}

fn run_on<R: Kept>(path: &Path, args: &Args, session: &Session) -> Result<()> {
    match &args.at {
        Some(at) => then::run::<R>(path, at, args.format, session),
        None => tell::<R>(path, args, session),
    }
}

fn tell<R: Kept>(path: &Path, args: &Args, session: &Session) -> Result<()> {
    let written = Written::of(args, session)?;
    let past = session.store()?.past::<R>(path, args.signatures)?;
    let zone = past.last.as_ref().and_then(R::zone).unwrap_or(&session.settings()?.timezone);
    let mut facts = views(&past, zone);
    let all = facts.len();
    facts.retain(|fact| written.holds(fact));
    let is_empty = facts.is_empty();
    facts.drain(..facts.len().saturating_sub(args.limit.unwrap_or(usize::MAX)));
    if args.reverse {
        facts.reverse();
    }
    told::print(&facts, args.format, args.signatures, zone, session)?;
    remark(&past, path);
    if is_empty && all > 0 {
        say(&format!("nothing was written in that time; there are {all} facts in all"));
    }
    match past.changes.last() {
        Some((_, facts)) if facts.iter().any(|fact| fact.kind == Kind::Unreadable) => {
            Err(Failure::data("the record cannot be read as it stands now: the last line tells why"))
        }
        _ => Ok(()),
    }
}

/// What the facts alone do not tell.
fn remark<R>(past: &Past<R>, path: &Path) {
    let path = clean_line(&path.display().to_string());
    if !past.is_committed {
        say(&format!(
            "nothing of it is committed, so that git knows no history of it: `git add -- {path}`, then commit"
        ));
    }
    if past.is_shallow {
        say(
            "this clone is shallow: what was before its oldest commits is not in it; `git fetch --unshallow` brings it",
        );
    }
    match past.others {
        0 => {}
        1 => say("left out: 1 commit of another record, with another uid, in a file of this name"),
        n => say(&format!("left out: {n} commits of other records, with other uids, in files of this name")),
    }
}

/// When a fact was written, as far as that is asked.
struct Written {
    since: Option<Bound>,
    until: Option<Bound>,
    now: Instant,
    zone: Zone,
}

impl Written {
    fn of(args: &Args, session: &Session) -> Result<Self> {
        let since = bound("--since", args.since.as_deref(), session)?;
        let until = bound("--until", args.until.as_deref(), session)?;
        let zone = session.settings()?.timezone.clone();
        in_order(since, until, &zone)?;
        Ok(Self { since, until, now: session.now()?, zone })
    }

    /// What is not committed is being written now.
    fn holds(&self, fact: &FactView) -> bool {
        let at = fact.written_at.unwrap_or(self.now);
        let day = self.zone.local(at).date;
        let is_late = match self.since {
            None => true,
            Some(Bound::Day(since)) => day >= since,
            Some(Bound::At(since)) => at.unix_millis() >= since.unix_millis(),
        };
        let is_early = match self.until {
            None => true,
            Some(Bound::Day(until)) => day <= until,
            Some(Bound::At(until)) => at.unix_millis() <= until.unix_millis(),
        };
        is_late && is_early
    }
}
