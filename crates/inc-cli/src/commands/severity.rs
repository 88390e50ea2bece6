//! `inc-severity`: how bad it is, computed from impact, and why.

mod dora;

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::Action;
use inc_core::severity::{Judgement, Rule, Severity};
use inc_core::text::{Prose, clean_line};
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
}

/// What `explain --format json` prints.
#[derive(Debug, Serialize)]
struct Explanation {
    incident: String,
    severity: SeverityView,
    judgement: Judgement,
    words: Vec<String>,
    would_be_worse: Vec<String>,
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
        Verb::Explain { incident } => run_explain(incident.as_deref(), session),
        Verb::Dora(args) => dora::run(&args, session),
    }
}

fn answer(session: &Session, changed: &Changed) -> Result<()> {
    let severity = SeverityView::of(&changed.incident);
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
    let severity = SeverityView::of(&incident);
    let view =
        Standing { incident: incident.id.to_string(), severity, was: None, commit: None, remarks: vec![] };
    session.answer(&view, || line(&view.severity))
}

/// `SEV-3`, or `SEV-1 (provisional)`, in its colour.
fn line(severity: &SeverityView) -> String {
    let provisional = if severity.provisional { " (provisional)" } else { "" };
    let by = if severity.overridden.is_some() { " (decided)" } else { "" };
    format!("{}{provisional}{by}", coloured(severity.level, severity.level.name()))
}

fn run_explain(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let policy = session.policy()?;
    let judgement = policy.judge(&incident.impact);
    let breadth = policy.breadth(&incident.impact);
    let mut words = vec![];
    words.extend(breadth.map(|band| format!("customer impact {band}: {}", policy.breadth_words(band))));
    let depth = incident.impact.single_customer_impact.known();
    words.extend(depth.map(|band| format!("single-customer impact {band}: {}", policy.depth_words(*band))));
    let view = Explanation {
        incident: incident.id.to_string(),
        severity: SeverityView::of(&incident),
        would_be_worse: policy.next_worse(&incident.impact),
        judgement,
        words,
    };
    session.answer(&view, || text_of(&view))
}

fn text_of(view: &Explanation) -> String {
    let judgement = &view.judgement;
    let mut lines = vec![format!("{}  {}", line(&view.severity), view.incident)];
    if let Some(decision) = &view.severity.overridden {
        let by = decision.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        lines.push(clean_line(&format!(
            "decided{by}: {}; the policy says {}",
            decision.reason, judgement.severity
        )));
    }
    if judgement.severity != view.severity.computed {
        lines.push(format!(
            "the record says {}, today's policy {}: `inc-severity assess` takes it over",
            view.severity.computed, judgement.severity
        ));
    }
    lines.push(String::new());
    lines.push("Rules, the worst decides:".to_owned());
    lines.extend(judgement.rules.iter().map(rule_line));
    lines.extend(view.words.iter().map(|words| format!("          {}", clean_line(words))));
    if judgement.provisional {
        let (worst, mildest) = judgement.between;
        lines.push(String::new());
        lines.push(format!("Provisional, between {worst} and {mildest}; missing:"));
        lines.extend(judgement.missing.iter().map(|missing| format!("  {missing}")));
    }
    if !view.would_be_worse.is_empty() {
        lines.push(String::new());
        lines.push("It would be worse:".to_owned());
        lines.extend(view.would_be_worse.iter().map(|step| format!("  {step}")));
    }
    if !judgement.warnings.is_empty() {
        lines.push(String::new());
        lines.extend(judgement.warnings.iter().map(|warning| format!("warning: {warning}")));
    }
    lines.join("\n")
}

fn rule_line(rule: &Rule) -> String {
    let level = rule.severity.map_or("-", Severity::name);
    format!("{} {level:<6} {}", if rule.decided { "*" } else { " " }, clean_line(&rule.words))
}
