//! `inc-severity`: how bad it is, computed from impact, and why.

mod explain;
mod history;
mod replay;

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::Action;
use inc_core::severity::Severity;
use inc_core::text::Prose;
use serde::Serialize;

use super::arguments::ImpactOptions;
use crate::failure::Failure;
use crate::output::coloured;
use crate::session::{Changed, Session, WriteOptions};
use crate::view::SeverityView;

/// Compute an incident's severity from its impact, explain it, or decide otherwise
#[derive(Debug, Parser)]
#[command(
    name = "inc-severity",
    after_help = "Example:
  inc-severity assess --customer-impact XL --single-customer-impact S --money-at-risk 0 --transactions 0
  inc-severity explain kubernetes-cluster-3
  inc-severity override --to SEV-2 --reason \"The press has called\"

Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Set impact properties and compute the severity anew; only what is given changes
    #[command(after_help = "Example:
  inc-severity assess --customer-impact XL --single-customer-impact S
  inc-severity assess kubernetes-cluster-3 --customers 0 --money-at-risk \"12000 EUR\" --transactions unknown")]
    Assess {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
        #[command(flatten)]
        impact: Box<ImpactOptions>,
        #[command(flatten)]
        write: WriteOptions,
    },
    /// Print the severity that holds
    #[command(after_help = "Example:
  inc-severity show kubernetes-cluster-3")]
    Show {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Tell which rule decided, what the others say, what is missing, and what would make it worse
    #[command(after_help = "Example:
  inc-severity explain kubernetes-cluster-3")]
    Explain {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Tell each change of the severity with who and why, the peak, and the time spent in each
    #[command(after_help = "Example:
  inc-severity history kubernetes-cluster-3")]
    History {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Judge every past incident by a policy and list those that move; nothing is written
    ///
    /// A severity with a question mark rests on missing inputs. Incidents that cannot be judged, and records that
    /// cannot be read, are named on stderr, and the exit code is 4.
    #[command(after_help = "Example:
  inc-severity replay --policy stricter.yaml --since 2023-01-01
  inc-severity replay --against <(git show main:policies/severity.yaml) --check")]
    Replay(replay::Options),
    /// Decide the severity against the policy, with a reason; or let the policy's answer hold again
    #[command(
        override_usage = "inc-severity override [INCIDENT] --to SEV-n --reason TEXT\n       inc-severity override [INCIDENT] --clear",
        after_help = "Example:
  inc-severity override --to SEV-2 --reason \"The press has called\""
    )]
    Override {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
        /// What shall hold: SEV-1 (worst) to SEV-4
        #[arg(long, value_name = "SEVERITY", required_unless_present = "clear", requires = "reason")]
        to: Option<Severity>,
        /// Why; the timeline keeps it
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        reason: Option<Prose>,
        /// Take the override away
        #[arg(long, conflicts_with = "to")]
        clear: bool,
        #[command(flatten)]
        write: WriteOptions,
    },
}

/// What `--format json` prints after a change, and for `show`.
#[derive(Debug, Serialize)]
struct Standing {
    incident: String,
    severity: SeverityView,
    was: Option<Severity>,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Runs one verb.
///
/// # Errors
/// A refused change, a value that is none.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Assess { incident, impact, write } => {
            let settings =
                impact.settings().into_iter().map(|(field, text)| (field, Some(text))).collect::<Vec<_>>();
            let action = if settings.is_empty() { Action::Assess } else { Action::Set(settings) };
            let changed = session.change(incident.as_deref(), &write, |_| Ok(action))?;
            answer(session, &changed)
        }
        Verb::Override { incident, to, reason, clear, write } => {
            let action = match (to, reason) {
                (Some(to), Some(reason)) => Action::Override { to, reason },
                (None, reason) if clear => Action::ClearOverride { reason },
                _ => return Err(Failure::usage("give --to SEVERITY and --reason TEXT, or --clear")),
            };
            let changed = session.change(incident.as_deref(), &write, |_| Ok(action))?;
            answer(session, &changed)
        }
        Verb::Show { incident } => run_show(incident.as_deref(), session),
        Verb::Explain { incident } => explain::run(incident.as_deref(), session),
        Verb::History { incident } => history::run(incident.as_deref(), session),
        Verb::Replay(options) => replay::run(&options, session),
    }
}

fn answer(session: &Session, changed: &Changed) -> Result<()> {
    let severity = SeverityView::of(&changed.incident, &session.policy_at_hand()?.levels);
    let view = Standing {
        incident: changed.incident.id.to_string(),
        was: Some(changed.before.severity),
        commit: changed.saved.commit.clone(),
        remarks: changed.remarks.clone(),
        severity,
    };
    session.answer(&view, || line(&view.severity))
}

fn run_show(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let severity = SeverityView::of(&incident, &session.policy_at_hand()?.levels);
    let view =
        Standing { incident: incident.id.to_string(), severity, was: None, commit: None, remarks: vec![] };
    session.answer(&view, || line(&view.severity))
}

/// `SEV-3`, or `SEV-1 (provisional)`, in its colour.
fn line(severity: &SeverityView) -> String {
    let provisional = if severity.provisional { " (provisional)" } else { "" };
    let by = if severity.overridden.is_some() { " (decided)" } else { "" };
    format!("{}{provisional}{by}", coloured(severity.colour, severity.level.name()))
}
