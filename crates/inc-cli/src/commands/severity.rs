//! `inc-severity`: how bad it is, computed from impact, and why.

mod assess;
mod dora;
mod examples;
mod explain;
mod history;
mod policy;
mod policy_file;
mod replay;
mod what_if;

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::Action;
use inc_core::incident::Contested;
use inc_core::severity::Severity;
use inc_core::text::Prose;
use serde::Serialize;

use super::arguments::{ImpactOptions, ImpactSetting, impact_settings};
use crate::failure::Failure;
use crate::output::coloured;
use crate::session::{Changed, Session, WriteOptions};
use crate::view::SeverityView;
use policy_file::PolicyFile;

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
    ///
    /// With none given, a terminal asks for each input that the policy misses; elsewhere the severity is computed again by
    /// today's policy.
    #[command(after_help = "Example:
  inc-severity assess --customer-impact XL --single-customer-impact S
  inc-severity assess kubernetes-cluster-3 --customers 0 --money-at-risk \"12000 EUR\" --transactions unknown")]
    Assess {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
        #[command(flatten)]
        impact: Box<ImpactOptions>,
        /// Any other property of the impact: custom.security=true; may be repeated
        #[arg(
            long = "set",
            value_name = "NAME=VALUE",
            help_heading = "Impact (each also takes unknown, none or n/a)"
        )]
        settings: Vec<ImpactSetting>,
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
    /// Tell each input and rule, which one decided, what is missing, and what would change it next
    #[command(after_help = "Example:
  inc-severity explain kubernetes-cluster-3")]
    Explain {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Tell what the severity would be with another impact, environment or policy; no record is touched
    #[command(after_help = "Example:
  inc-severity what-if --transactions 2000
  inc-severity what-if kubernetes-cluster-3 --policy draft.yaml
  inc-severity what-if --no-incident --customers-percent 12 --single-customer-impact M

Without INCIDENT: the incident that the other verbs would take; where none is open, or outside a repository, from nothing.")]
    WhatIf(what_if::Args),
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
    /// Run the policy's examples and properties: monotone, every cell reached; exit code 1 where one fails
    #[command(after_help = "Example:
  inc-severity test
  inc-severity test --policy draft.yaml --format json")]
    Test {
        #[command(flatten)]
        policy: PolicyFile,
    },
    /// Print the policy for people: levels, bands, matrix, floors, dimensions, conditions
    #[command(after_help = "Example:
  inc-severity policy
  inc-severity policy --markdown > severity.md
  inc-severity policy --format json")]
    Policy {
        #[command(flatten)]
        policy: PolicyFile,
        /// As Markdown, for a wiki or a report; the template is severity-policy.md.j2
        #[arg(long)]
        markdown: bool,
    },
    /// Tell whether the incident is major under the EU's DORA, and when its reports are due
    #[command(
        long_about = "Tell whether the incident is major under the EU's DORA, and when its reports are due

Criterion by criterion, by Commission Delegated Regulations (EU) 2024/1772 and (EU) 2025/301: met, not met, or not \
computable, with what is missing and the command that supplies it. An aid, not legal advice. The thresholds are those \
of policies/dora.yaml, where there is one. What is not known elsewhere in the record stands under impact.dora.",
        after_help = "Example:
  inc-severity dora kubernetes-cluster-3
  inc-edit kubernetes-cluster-3 --set impact.dora.critical_services=yes
  inc-severity dora --check --format json"
    )]
    Dora(dora::Args),
}

/// What `--format json` prints after a change, and for `show`.
#[derive(Debug, Serialize)]
struct Standing {
    incident: String,
    severity: SeverityView,
    was: Option<Severity>,
    commit: Option<String>,
    remarks: Vec<String>,
    /// Values that did not win a merge, until someone settles them.
    contested: Vec<Contested>,
}

/// Runs one verb.
///
/// # Errors
/// A refused change, a value that is none.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Assess { incident, impact, settings, write } => {
            let given = impact_settings(*impact, settings)?;
            let changed = assess::run(incident.as_deref(), given, &write, session)?;
            answer(session, &changed)
        }
        Verb::WhatIf(args) => what_if::run(args, session),
        Verb::Test { policy } => examples::run(&policy, session),
        Verb::Policy { policy, markdown } => policy::run(&policy, markdown, session),
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
        Verb::Dora(args) => dora::run(&args, session),
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
        contested: changed.incident.contested.clone(),
        severity,
    };
    session.answer(&view, || line(&view.severity))
}

fn run_show(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let severity = SeverityView::of(&incident, &session.policy_at_hand()?.levels);
    let view = Standing {
        incident: incident.id.to_string(),
        severity,
        was: None,
        commit: None,
        remarks: vec![],
        contested: incident.contested,
    };
    session.answer(&view, || line(&view.severity))
}

/// `SEV-3`, or `SEV-1 (provisional)`, in its colour.
fn line(severity: &SeverityView) -> String {
    let provisional = if severity.provisional { " (provisional)" } else { "" };
    let by = match severity.overridden {
        Some(_) if severity.computed != severity.level => {
            format!(" (decided; computed {})", severity.computed)
        }
        Some(_) => " (decided)".to_owned(),
        None => String::new(),
    };
    format!("{}{provisional}{by}", coloured(severity.colour, severity.level.name()))
}
