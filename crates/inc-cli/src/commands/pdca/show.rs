//! `pdca show` and `pdca report`: where a PDCA stands, and the whole of it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use inc_core::id::{Id, IdError};
use inc_core::incident::Incident;
use inc_core::pdca::{Branch, Countermeasure, Pdca, SourceKind};
use inc_core::text::{clean, clean_line};

use super::load;
use crate::failure::Failure;
use crate::output::Format;
use crate::report;
use crate::session::Session;
use crate::view::pdca::PdcaView;

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
    /// Write to FILE instead of stdout
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(show: Show, session: &Session) -> Result<()> {
    let pdca = load(show.pdca.as_deref(), session)?.record;
    let view = PdcaView::of(&pdca);
    session.answer(&view, || text_of(&pdca, &view))
}

pub(super) fn run_report(report: Report, session: &Session) -> Result<()> {
    let pdca = load(report.pdca.as_deref(), session)?.record;
    let text = match session.format() {
        Format::Json => serde_json::to_string_pretty(&PdcaView::of(&pdca)).context("write the JSON")? + "\n",
        _ => report::pdca_report(session, &pdca, source(&pdca, session)?.as_ref())?,
    };
    report::hand_over(session, &text, report.output.as_deref())
}

/// The incident that the PDCA comes from, whose timeline is its context.
fn source(pdca: &Pdca, session: &Session) -> Result<Option<Incident>> {
    let (SourceKind::Incident, Some(id)) = (pdca.source.kind, &pdca.source.reference) else {
        return Ok(None);
    };
    let id: Id = id
        .as_str()
        .parse()
        .map_err(|why: IdError| Failure::data(format!("{} names its incident: {why}", pdca.id)))?;
    Ok(Some(session.follow::<Incident>(&id, &pdca.id)?.record))
}

/// The PDCA for a terminal: where it stands, the trees, the countermeasures, what comes next.
fn text_of(pdca: &Pdca, view: &PdcaView) -> String {
    let mut lines = vec![
        format!("{}  {}", view.status_label, view.id),
        format!("  {}", clean_line(&view.why)),
        String::new(),
        format!(
            "Problem: {}",
            pdca.problem_statement.as_ref().map_or("not stated".into(), |text| clean(text.as_str()))
        ),
    ];
    for branch in Branch::ALL {
        lines.push(String::new());
        lines.push(format!("{}: {}", branch.label(), branch.question()));
        if let Some(reason) = pdca.branch_na(branch) {
            lines.push(format!("  n/a: {}", clean_line(reason.as_str())));
        }
        lines.extend(pdca.whys().filter(|node| node.branch == branch).map(|node| {
            let tag = node.why.root_cause.as_ref().map(|tag| format!("[{tag}] ")).unwrap_or_default();
            let text = clean_line(node.why.why.as_str());
            let end = crate::view::pdca::end_of(node.why).map(|end| format!(" ({end})")).unwrap_or_default();
            let text = format!("{text}{}", clean_line(&end));
            format!("  {}{} {}{text}", "  ".repeat(node.depth), node.why.id, clean_line(&tag))
        }));
    }
    if !pdca.countermeasures.is_empty() {
        lines.push(String::new());
        lines.push("Countermeasures".to_owned());
        lines.extend(pdca.countermeasures.iter().flat_map(countermeasure_lines));
    }
    if !view.open.is_empty() {
        lines.push(String::new());
        lines.push("Next".to_owned());
    }
    for open in &view.open {
        lines.push(format!("  {}", clean_line(&open.what)));
        lines.push(format!("      {}", open.command));
    }
    lines.join("\n")
}

fn countermeasure_lines(countermeasure: &Countermeasure) -> Vec<String> {
    let causes = countermeasure.root_causes.iter().map(|cause| format!("[{cause}]")).collect::<String>();
    let owner = countermeasure.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
    let title = format!("  {} {causes} {}{owner}: ", countermeasure.id, countermeasure.title);
    let mut lines = vec![format!("{}{}", clean_line(&title), countermeasure.status().label())];
    if let Some(check) = &countermeasure.check {
        let how = check.how.as_ref().map(|how| how.as_str()).unwrap_or("not said how");
        let on = check.on.map(|on| format!(" ({on})")).unwrap_or_default();
        lines.push(format!("     check{on}: {}", clean_line(how)));
    }
    for act in &countermeasure.acts {
        let (done, of) = act.progress();
        let progress = match (act.targets.is_empty(), done) {
            (true, 0) => "open".to_owned(),
            (true, _) => "done".to_owned(),
            (false, _) => format!("{done} of {of} targets done"),
        };
        lines.push(format!("     {} {}: {progress}", act.id, clean_line(act.title.as_str())));
    }
    lines
}
