//! `inc-list`: look at many incidents.

use anyhow::Result;
use chrono::NaiveDate;
use clap::Parser;
use inc_core::answer::Answer;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::Instant;
use inc_core::measure::{Measure, Measures};
use inc_core::severity::{Levels, Severity};
use inc_core::status::Status;
use serde::Serialize;

use super::arguments::{parse_kind, past_day};
use crate::failure::Failure;
use crate::output::table;
use crate::session::Session;
use crate::view::{SeverityView, StatusView};

/// List incidents, the newest first
///
/// Several values of one option widen it (--status resolved --status closed); several options narrow the list. A
/// record that cannot be read is named on stderr, the others are listed, and the exit code is 4.
#[derive(Debug, Parser)]
#[command(
    name = "inc-list",
    after_help = "Example:
  inc-list --open
  inc-list --severity SEV-1 --severity SEV-2 --since 2023-01-01 --format json
  inc-list --text crossplane

SEV-2? is provisional: inputs are missing. SEV-2! was decided by a person, against or without the policy."
)]
pub struct Args {
    /// Only these statuses: investigating, mitigated, resolved, postmortem-completed, closed, cancelled
    #[arg(long, value_name = "STATUS")]
    status: Vec<Status>,
    /// Only what people still work on: investigating and mitigated
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Only these severities: SEV-1 (worst) to SEV-4
    #[arg(long, value_name = "SEVERITY")]
    severity: Vec<Severity>,
    /// Only these environments
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Only these commanders; a part of the name is enough
    #[arg(long, value_name = "NAME")]
    commander: Vec<String>,
    /// Only incidents, drills or near-misses
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Vec<Kind>,
    /// Only what was declared on this day or later: 2023-03-27, monday, yesterday, 7 days ago
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only what was declared on this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only those whose title, summary or timeline holds this text, in any case
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<String>,
}

/// One line of the list; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    kind: Kind,
    status: StatusView,
    severity: SeverityView,
    environment: Option<String>,
    commander: Option<String>,
    started_at: Answer<Instant>,
    declared_at: Instant,
    resolved_at: Option<Instant>,
    time_to_resolve: Measure,
    #[serde(skip)]
    declared: String,
}

/// Lists the incidents that pass every filter.
///
/// # Errors
/// A day that is none; records that cannot be read (after the list).
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let filter = Filter::of(&args, session)?;
    let zone = session.settings()?.timezone.clone();
    let levels = &session.policy_at_hand()?.levels.clone();
    let mut rows: Vec<Row> = vec![];
    let mut contested = vec![];
    for loaded in session.all::<Incident>()? {
        let incident = &loaded.record;
        let local = zone.local(incident.declared_at);
        if filter.passes(incident, local.date) {
            rows.push(row(incident, levels, local.to_string()));
            contested.extend((!incident.contested.is_empty()).then(|| incident.id.to_string()));
        }
    }
    rows.sort_by(|a, b| (b.declared_at.unix_millis(), &b.id).cmp(&(a.declared_at.unix_millis(), &a.id)));
    let is_empty = rows.is_empty();
    session.answer(&rows, || text_of(&rows))?;
    if is_empty {
        crate::failure::say("no incident matches");
    }
    if !contested.is_empty() {
        let ids = contested.join(", ");
        crate::failure::say(&format!("contested since a merge: {ids}; `inc-status show ID` tells what"));
    }
    Ok(())
}

fn row(incident: &Incident, levels: &Levels, declared: String) -> Row {
    Row {
        id: incident.id.to_string(),
        title: incident.title.to_string(),
        kind: incident.kind,
        status: StatusView::of(incident.status),
        severity: SeverityView::of(incident, levels),
        environment: incident.environment.as_ref().map(ToString::to_string),
        commander: incident.commander.as_ref().map(ToString::to_string),
        started_at: incident.started_at.clone(),
        declared_at: incident.declared_at,
        resolved_at: incident.resolved_at,
        time_to_resolve: Measures::of(incident).time_to_resolve,
        declared,
    }
}

fn text_of(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cells = rows.iter().map(|row| {
        let kind = if row.kind == Kind::Incident { String::new() } else { format!("[{}] ", row.kind.name()) };
        vec![
            row.severity.short(),
            row.status.name.clone(),
            row.declared.clone(),
            row.commander.clone().unwrap_or_else(|| "-".to_owned()),
            format!("{kind}{}", row.id),
        ]
    });
    table(&["severity", "status", "declared", "commander", "id"], cells)
}

/// What an incident must be to be listed.
struct Filter<'a> {
    args: &'a Args,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    text: Option<String>,
}

impl<'a> Filter<'a> {
    fn of(args: &'a Args, session: &Session) -> Result<Self> {
        // An INC_NOW that is no instant is refused, whether or not a day is asked for.
        session.now()?;
        let day = |option: &str, text: &Option<String>| {
            text.as_ref().map(|text| past_day(option, text, session)).transpose()
        };
        let (since, until) = (day("--since", &args.since)?, day("--until", &args.until)?);
        if let (Some(since), Some(until)) = (since, until)
            && until < since
        {
            return Err(Failure::usage(format!(
                "--until {until} lies before --since {since}: no day is left"
            )));
        }
        Ok(Self { args, since, until, text: args.text.as_ref().map(|text| text.to_lowercase()) })
    }

    fn passes(&self, incident: &Incident, declared_on: NaiveDate) -> bool {
        let args = self.args;
        let holds = |name: &Option<inc_core::text::Line>, wanted: &String| {
            name.as_ref().is_some_and(|name| name.as_str().to_lowercase().contains(&wanted.to_lowercase()))
        };
        let is = |name: &Option<inc_core::text::Line>, wanted: &String| {
            name.as_ref().is_some_and(|name| name.as_str().eq_ignore_ascii_case(wanted))
        };
        (args.status.is_empty() || args.status.contains(&incident.status))
            && (!args.open || incident.status.is_open())
            && (args.severity.is_empty() || args.severity.contains(&incident.severity))
            && (args.kind.is_empty() || args.kind.contains(&incident.kind))
            && (args.environment.is_empty()
                || args.environment.iter().any(|name| is(&incident.environment, name)))
            && (args.commander.is_empty()
                || args.commander.iter().any(|name| holds(&incident.commander, name)))
            && self.since.is_none_or(|since| declared_on >= since)
            && self.until.is_none_or(|until| declared_on <= until)
            && self
                .text
                .as_ref()
                .is_none_or(|text| texts(incident).any(|found| found.to_lowercase().contains(text)))
    }
}

/// Every text of an incident that a search looks at.
fn texts(incident: &Incident) -> impl Iterator<Item = &str> {
    let summary = &incident.summary;
    let parts = [&summary.description, &summary.cause, &summary.impact, &summary.mitigation];
    let entries = incident.timeline.iter().flat_map(|entry| {
        std::iter::once(entry.text.as_str()).chain(entry.details.iter().map(|detail| detail.as_str()))
    });
    std::iter::once(incident.title.as_str())
        .chain(parts.into_iter().flatten().map(|part| part.as_str()))
        .chain(entries)
}
