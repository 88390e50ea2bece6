//! `inc-severity what-if`: what another impact, environment or policy would give. Nothing is written.

use anyhow::Result;
use inc_core::field::{Field, Reading};
use inc_core::impact::Impact;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::Zone;
use inc_core::settings::Settings;
use inc_core::severity::{Case, Judgement, Level, Policy, Severity};
use inc_core::text::{Line, clean_line};
use serde::Serialize;

use super::explain::{of_judgement, of_next};
use super::policy_file::PolicyFile;
use crate::commands::arguments::{ImpactOptions, ImpactSetting, impact_settings, parse_kind};
use crate::failure::say;
use crate::output::coloured;
use crate::session::Session;

/// What `inc-severity what-if` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which incident to start from: an id, a unique beginning or part of one
    incident: Option<String>,
    /// Start from nothing, not from an incident
    #[arg(long, conflicts_with = "incident")]
    no_incident: bool,
    #[command(flatten)]
    impact: Box<ImpactOptions>,
    /// Any other property of the impact: custom.security=true; may be repeated
    #[arg(
        long = "set",
        value_name = "NAME=VALUE",
        help_heading = "Impact (each also takes unknown, none or n/a)"
    )]
    settings: Vec<ImpactSetting>,
    /// In another environment
    #[arg(long, value_name = "NAME")]
    environment: Option<Line>,
    /// As another kind: incident, drill or near-miss
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,
    #[command(flatten)]
    policy: PolicyFile,
}

/// What `what-if --format json` prints.
#[derive(Debug, Serialize)]
struct WhatIf {
    /// The incident that it starts from; `null` for none.
    incident: Option<String>,
    /// The policy that judges.
    policy: String,
    /// What the incident's policy says of it as it is; `null` without an incident.
    now: Option<Severity>,
    would_be: Severity,
    level: Level,
    judgement: Judgement,
    would_be_worse: Vec<String>,
    would_be_milder: Vec<String>,
}

/// What is judged, apart from any record.
struct Supposed {
    impact: Impact,
    environment: Option<Line>,
    kind: Kind,
}

pub(super) fn run(args: Args, session: &Session) -> Result<()> {
    let changes = impact_settings(*args.impact, args.settings)?;
    let base = base(args.incident.as_deref(), args.no_incident, session)?;
    let given = args.policy.read(session)?;
    let defaults = Settings::default();
    let settings = if session.is_in_repository()? { session.settings()? } else { &defaults };
    let mut supposed = Supposed::of(base.as_ref());
    supposed.impact = changed(base.as_ref(), &changes, settings, session)?;
    supposed.environment = args.environment.or(supposed.environment);
    supposed.kind = args.kind.unwrap_or(supposed.kind);
    let elapsed = base.as_ref().and_then(|incident| Case::of(incident, settings).elapsed);
    let case = Case {
        impact: &supposed.impact,
        environment: supposed.environment.as_ref().map(|name| name.as_str()),
        kind: supposed.kind,
        elapsed,
        customer_base: settings.customer_base,
        is_example: false,
    };
    let judgement = given.policy.judge(&case)?;
    let steps = given.policy.next_steps(&case)?;
    let view = WhatIf {
        incident: base.as_ref().map(|incident| incident.id.to_string()),
        policy: given.from,
        now: base.as_ref().map(|incident| incident.assessment.computed),
        would_be: judgement.severity,
        level: given.policy.levels.of(judgement.severity).clone(),
        would_be_worse: steps.worse.iter().map(ToString::to_string).collect(),
        would_be_milder: steps.milder.iter().map(ToString::to_string).collect(),
        judgement,
    };
    session.answer(&view, || {
        let mut lines = head(&view, &given.policy);
        lines.extend(of_judgement(&view.judgement));
        lines.extend(of_next(&steps));
        lines.join("\n")
    })
}

impl Supposed {
    fn of(incident: Option<&Incident>) -> Self {
        Self {
            impact: Impact::default(),
            environment: incident.and_then(|incident| incident.environment.clone()),
            kind: incident.map_or(Kind::Incident, |incident| incident.kind),
        }
    }
}

/// The incident to start from, if any: the one that is named, else the one that other verbs would take.
fn base(given: Option<&str>, no_incident: bool, session: &Session) -> Result<Option<Incident>> {
    if no_incident {
        return Ok(None);
    }
    if given.is_none() && (!session.is_in_repository()? || session.is_nothing_meant()?) {
        say("no incident is open: what if, from nothing");
        return Ok(None);
    }
    Ok(Some(session.load_incident(given)?.record))
}

/// The impact with what was given instead.
fn changed(
    base: Option<&Incident>,
    changes: &[(Field, String)],
    settings: &Settings,
    session: &Session,
) -> Result<Impact> {
    let zone = base.map_or_else(Zone::utc, |incident| incident.timezone.clone());
    let reading = Reading { now: session.now_in(&zone)?, zone: &zone, settings };
    let mut impact = base.map(|incident| incident.impact.clone()).unwrap_or_default();
    for (field, text) in changes {
        field.set_impact(&mut impact, text, &reading)?;
    }
    Ok(impact)
}

fn head(view: &WhatIf, policy: &Policy) -> Vec<String> {
    let level = policy.levels.of(view.would_be);
    let provisional = if view.judgement.provisional { " (provisional)" } else { "" };
    let severity = format!("{}{provisional}", coloured(level.colour, view.would_be.name()));
    let was = match (&view.incident, view.now) {
        (Some(id), Some(now)) if now == view.would_be => format!("as now  {id}"),
        (Some(id), Some(now)) => format!("now {now}  {id}"),
        _ => "without an incident".to_owned(),
    };
    let mut lines = vec![
        format!("{severity} {}, {}", clean_line(level.label.as_str()), clean_line(&was)),
        clean_line(&format!("by {}", view.policy)),
        clean_line(&format!("means: {}", level.means)),
    ];
    let demands = level.demands();
    if !demands.is_empty() {
        lines.push(clean_line(&format!("demands: {}", demands.join("; "))));
    }
    lines
}
