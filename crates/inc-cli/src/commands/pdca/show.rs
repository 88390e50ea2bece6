//! `pdca show` and `pdca report`: where a PDCA stands, and the whole of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use inc_core::id::{Id, IdError};
use inc_core::incident::Incident;
use inc_core::pdca::{
    Act, ActStatus, Branch, Countermeasure, CountermeasureStatus, Factor, Pdca, SourceKind,
};
use inc_core::text::{clean, clean_line};
use inc_store::store::Loaded;

use super::load;
use super::others::Repository;
use crate::failure::Failure;
use crate::output::Format;
use crate::report::{self, Document};
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
    /// Lay it out by templates/NAME.md.j2, or by templates/NAME.j2 where NAME has an ending of its own; `a3` is built in
    #[arg(long, value_name = "NAME", default_value = "pdca")]
    template: String,
}

pub(super) fn run(show: Show, session: &Session) -> Result<()> {
    let pdca = load(show.pdca.as_deref(), session)?.record;
    let view = PdcaView::of(&pdca);
    session.answer(&view, || text_of(&pdca, &view))
}

pub(super) fn run_report(args: Report, session: &mut Session) -> Result<()> {
    let loaded = load(args.pdca.as_deref(), session)?;
    let text = match session.format() {
        Format::Json => {
            report::refuse_template(&args.template, Document::Pdca)?;
            serde_json::to_string_pretty(&PdcaView::of(&loaded.record)).context("write the JSON")? + "\n"
        }
        _ => laid_out(&loaded, &args.template, session)?,
    };
    report::hand_over(session, &text, args.output.as_deref())
}

/// The report with what lint finds; of other records that cannot be read lint warns, and the report goes on.
fn laid_out(loaded: &Loaded<Pdca>, template: &str, session: &mut Session) -> Result<String> {
    let pdca = &loaded.record;
    let incident = source(pdca, session)?;
    let repository = Repository::read(BTreeSet::from([loaded.path.clone()]), session)?;
    let findings = pdca.lint(&repository.others(), session.now()?);
    let view = report::pdca_view(session, pdca, incident.as_ref(), findings)?;
    report::lay_out(session, Document::Pdca, template, &view)
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
pub(super) fn text_of(pdca: &Pdca, view: &PdcaView) -> String {
    let mut lines = vec![
        format!("{}  {}", view.status_label, view.id),
        format!("  {}", clean_line(&view.why)),
        String::new(),
        format!(
            "Problem: {}",
            pdca.problem_statement
                .as_ref()
                .map_or("not stated".into(), |text| clean(text.as_str()).replace('\n', "\n         "))
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
    lines.extend(factor_lines(pdca));
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
    let day = match (countermeasure.status(), countermeasure.due, countermeasure.done_on) {
        (CountermeasureStatus::Planned, Some(due), _) => format!(", due {due}"),
        (CountermeasureStatus::Done, _, Some(done_on)) => format!(" on {done_on}"),
        _ => String::new(),
    };
    let mut lines = vec![format!("{}{}{day}", clean_line(&title), countermeasure.status().label())];
    if let Some(check) = &countermeasure.check {
        let how = check.how.as_ref().map(|how| how.as_str()).unwrap_or("not said how");
        let on = check.on.map(|on| format!(" ({on})")).unwrap_or_default();
        let evidence = check.evidence.as_ref().map(|text| format!(" → {text}")).unwrap_or_default();
        lines.push(format!("     check{on}: {}", clean_line(&format!("{how}{evidence}"))));
    }
    lines.extend(earlier_line(countermeasure));
    lines.extend(countermeasure.acts.iter().map(act_line));
    if let Some(reason) = &countermeasure.no_act {
        lines.push(format!("     applied nowhere else: {}", clean_line(reason.as_str())));
    }
    lines
}

/// `earlier: Check KO on 2023-03-20 (the CRD was taken), and 2 before`.
fn earlier_line(countermeasure: &Countermeasure) -> Option<String> {
    let (last, before) = countermeasure.earlier_checks.split_last()?;
    let on = last.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let evidence = last.evidence.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
    let more = if before.is_empty() { String::new() } else { format!(", and {} before", before.len()) };
    Some(clean_line(&format!("     earlier: {}{on}{evidence}{more}", last.result.label())))
}

fn act_line(act: &Act) -> String {
    let (done, of) = act.progress();
    let targets =
        if act.targets.is_empty() { String::new() } else { format!(", {done} of {of} targets done") };
    let title = clean_line(&format!("     {} {}", act.id, act.title));
    let due = act.due.filter(|_| act.status() != ActStatus::Done).map(|due| format!(", due {due}"));
    format!("{title}: {}{targets}{}", act.status().label(), due.unwrap_or_default())
}

fn factor_lines(pdca: &Pdca) -> Vec<String> {
    if pdca.contributing_factors.is_empty() {
        return vec![];
    }
    let of = |factor: &Factor| clean_line(&format!("  {} {}", factor.id, factor.factor));
    let head = [String::new(), "Contributing factors".to_owned()];
    head.into_iter().chain(pdca.contributing_factors.iter().map(of)).collect()
}
