//! `inc-severity dora`: whether an incident is major for the EU's financial sector, and when its reports are due.

mod text;
mod view;

use anyhow::Result;
use inc_core::dora::Rules;
use inc_core::incident::Incident;
use inc_store::store::DORA_TEXT;

use crate::failure::Failure;
use crate::output::Format;
use crate::session::Session;

use view::View;

/// What `inc-severity dora` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which incident: an id, a unique beginning or part of one
    #[arg(conflicts_with = "print_policy")]
    incident: Option<String>,
    /// Exit with 1 where the incident is major and a report that is due was not sent
    #[arg(long, conflicts_with = "print_policy")]
    check: bool,
    /// Print the built-in thresholds and time limits: a start for your own policies/dora.yaml
    #[arg(long)]
    print_policy: bool,
}

/// Judges one incident beside all others, and says so.
///
/// # Errors
/// No such incident; a policy or a record that cannot be read; with `--check`, a report that is late.
pub fn run(args: &Args, session: &mut Session) -> Result<()> {
    if args.print_policy {
        if session.format() == Format::Json {
            return Err(Failure::usage(
                "--print-policy prints the YAML file as it is: leave out --format json",
            ));
        }
        return session.print(DORA_TEXT);
    }
    let incident = session.load_incident(args.incident.as_deref())?.record;
    let policy = session.store()?.dora_policy()?;
    let (customer_base, now) = (session.settings()?.customer_base, session.now()?);
    let all = session.all::<Incident>()?;
    let all: Vec<&Incident> = all.iter().map(|loaded| &loaded.record).collect();
    let rules = Rules { policy: &policy, customer_base, now };
    let view = View::of(&incident, &all, &rules);
    session.answer(&view, || text::of(&view))?;
    // Records that could not be read come first: the answer may be another.
    session.finish()?;
    match view.overdue().filter(|_| args.check) {
        Some(late) => Err(Failure::refused(format!("late and not sent: {late}"))),
        None => Ok(()),
    }
}
