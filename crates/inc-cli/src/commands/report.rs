//! `inc-report`: one incident as Markdown, or as JSON. It looks, and changes nothing.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use crate::failure::Failure;
use crate::output::Format;
use crate::report::{self, Document};
use crate::session::Session;
use crate::view::incident_report::IncidentReport;

/// Print the report of one incident
///
/// The same record gives the same report, byte for byte. A template in the repository's own folder templates/
/// replaces the built-in one of that name, and so does each part of it, such as templates/_timeline.md.j2.
#[derive(Debug, Parser)]
#[command(
    name = "inc-report",
    after_help = "Example:
  inc-report kubernetes-cluster-3 --output report.md
  inc-report --format json | jq .measures.time_to_resolve.minutes
  inc-report --template customers        # the team's own templates/customers.md.j2

Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    /// Which incident: an id, a unique beginning or part of one
    incident: Option<String>,
    /// Write to FILE instead of stdout
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
    /// Lay it out by templates/NAME.md.j2, or by templates/NAME.j2 where NAME has an ending of its own
    #[arg(long, value_name = "NAME", default_value = "incident")]
    template: String,
}

/// Prints the report, or writes it to a file.
///
/// # Errors
/// No such incident or template, a template that cannot be rendered, a file that cannot be written. A linked PDCA
/// that cannot be read is told in the report, and is an error after it.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let loaded = session.load_incident(args.incident.as_deref())?;
    let view = report::incident_view(session, &loaded)?;
    let text = match session.format() {
        Format::Json => {
            report::refuse_template(&args.template, Document::Incident)?;
            serde_json::to_string_pretty(&view.incident).context("write the JSON")? + "\n"
        }
        _ => report::lay_out(session, Document::Incident, &args.template, &view)?,
    };
    report::hand_over(session, &text, args.output.as_deref())?;
    unreadable(&view)
}

fn unreadable(view: &IncidentReport) -> Result<()> {
    let problems: Vec<String> = view
        .pdcas
        .iter()
        .filter_map(|pdca| pdca.problem.as_ref().map(|why| format!("{}: {why}", pdca.id)))
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::data(format!("the report leaves out a PDCA that cannot be read: {}", problems.join("; "))))
}

#[cfg(test)]
mod tests;
