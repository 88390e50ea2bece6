//! `inc-status`: where in its life an incident is, and moving it on.

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::{Action, Move};
use inc_core::incident::Contested;
use inc_core::status::{Missing, Status};
use inc_core::text::{Prose, clean_line};
use serde::Serialize;

use crate::failure::Failure;
use crate::session::{Session, WriteOptions, incident_and};
use crate::view::{StatusView, next_status};

/// Show where in its life an incident is, or move it on
///
/// The statuses: investigating, mitigated, resolved, postmortem-completed, closed; and cancelled. What each step
/// requires stands in inc.yaml under `steps`. Going back (reopening) and cancelling need a reason.
#[derive(Debug, Parser)]
#[command(
    name = "inc-status",
    after_help = "Example:
  inc-status set mitigated --at 14:10
  inc-status set kubernetes-cluster-3 resolved
  inc-status set kubernetes-cluster-3 investigating --reason \"The alert fires again\"

Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the status, and what the next one requires
    #[command(after_help = "Example:
  inc-status show kubernetes-cluster-3")]
    Show {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Move to another status; refused, with what is missing, where its requirements are not met
    #[command(
        override_usage = "inc-status set [OPTIONS] [INCIDENT] STATUS",
        after_help = "Example:
  inc-status set mitigated --at 14:10
  inc-status set kubernetes-cluster-3 cancelled --reason \"A planned test\""
    )]
    Set {
        /// The new status; an incident may stand before it
        #[arg(required = true, num_args = 1..=2, value_name = "STATUS")]
        words: Vec<String>,
        /// When it came to be (`14:10`, `5 min ago`, …); by default now
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        at: Option<String>,
        /// Why; needed to reopen, to cancel and to force
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        reason: Option<Prose>,
        /// Pass though requirements are not met; the timeline keeps what was missing
        #[arg(long, requires = "reason")]
        force: bool,
        #[command(flatten)]
        write: WriteOptions,
    },
}

/// What `show --format json` prints.
#[derive(Debug, Serialize)]
struct Standing {
    incident: String,
    status: StatusView,
    next: Option<StatusView>,
    missing: Vec<Missing>,
    /// Values that did not win a merge, until someone settles them.
    contested: Vec<Contested>,
}

/// What `set --format json` prints.
#[derive(Debug, Serialize)]
struct Moved {
    incident: String,
    status: StatusView,
    was: StatusView,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Runs one verb.
///
/// # Errors
/// A step whose requirements are not met, a status or time that is none.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Show { incident } => run_show(incident.as_deref(), session),
        Verb::Set { words, at, reason, force, write } => {
            let (incident, [to]) = incident_and(words)?;
            let to: Status = to.parse().map_err(Failure::usage)?;
            let changed = session.change(incident.as_deref(), &write, |incident| {
                let at =
                    at.as_deref().map(|at| session.understand("--at", at, &incident.timezone)).transpose()?;
                Ok(Action::Move(Move { to, at, reason, force }))
            })?;
            let view = Moved {
                incident: changed.incident.id.to_string(),
                status: StatusView::of(changed.incident.status),
                was: StatusView::of(changed.before.status),
                commit: changed.saved.commit,
                remarks: changed.remarks,
            };
            session.answer(&view, || view.status.name.clone())
        }
    }
}

fn run_show(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let next = next_status(incident.status);
    let linked = next.map(|next| session.linked(&incident, next)).transpose()?.unwrap_or_default();
    let steps = &session.settings()?.steps;
    let levels = &session.policy_at_hand()?.levels;
    let view = Standing {
        incident: incident.id.to_string(),
        status: StatusView::of(incident.status),
        next: next.map(StatusView::of),
        missing: next.map(|next| steps.missing(&incident, next, &linked, levels)).unwrap_or_default(),
        contested: incident.contested,
    };
    session.answer(&view, || text_of(&view))
}

fn text_of(view: &Standing) -> String {
    let mut lines = vec![format!("{}  {}", view.status.label, view.incident)];
    if let Some(next) = &view.next {
        lines.push(match view.missing.is_empty() {
            true => format!(
                "next: {}; nothing is missing: inc-status set {} {}",
                next.label, view.incident, next.name
            ),
            false => format!("next: {}; missing:", next.label),
        });
    }
    for missing in &view.missing {
        lines.push(format!("  {}", clean_line(&missing.what)));
        lines.push(format!("      {}", missing.command));
    }
    lines.join("\n")
}
