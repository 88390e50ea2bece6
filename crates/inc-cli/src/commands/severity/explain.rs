//! `inc-severity explain`: each input and its band, each rule, the one that decided, and what would change it next.

use anyhow::Result;
use inc_core::incident::Contested;
use inc_core::severity::{Case, Judgement, Level, NextStep, NextSteps, Reading, Rule, Severity};
use inc_core::text::clean_line;
use serde::Serialize;

use super::line;
use crate::session::Session;
use crate::view::SeverityView;

/// What `explain --format json` prints.
#[derive(Debug, Serialize)]
struct Explanation {
    incident: String,
    severity: SeverityView,
    /// What that severity means and demands.
    level: Level,
    judgement: Judgement,
    would_be_worse: Vec<String>,
    would_be_milder: Vec<String>,
    /// Where the record and today's policy differ, or the severity was typed over.
    remarks: Vec<String>,
    /// Values that did not win a merge, until someone settles them.
    contested: Vec<Contested>,
}

pub(super) fn run(incident: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.load_incident(incident)?.record;
    let policy = session.policy()?;
    let case = Case::of(&incident, session.settings()?);
    let judgement = policy.judge(&case)?;
    let steps = policy.next_steps(&case)?;
    let severity = SeverityView::of(&incident, &policy.levels);
    let moved = judgement.severity != severity.computed;
    let moved = moved.then(|| {
        format!(
            "the record says {}, today's policy {}: `inc-severity assess {}` takes it over",
            severity.computed, judgement.severity, incident.id
        )
    });
    let view = Explanation {
        incident: incident.id.to_string(),
        level: policy.levels.of(severity.level).clone(),
        severity,
        would_be_worse: words(&steps.worse),
        would_be_milder: words(&steps.milder),
        judgement,
        remarks: moved.into_iter().chain(incident.severity_drift()).collect(),
        contested: incident.contested,
    };
    session.answer(&view, || text_of(&view))
}

fn words(steps: &[NextStep]) -> Vec<String> {
    steps.iter().map(|step| clean_line(&step.to_string())).collect()
}

fn text_of(view: &Explanation) -> String {
    let judgement = &view.judgement;
    let mut lines =
        vec![format!("{} {}  {}", line(&view.severity), clean_line(&view.severity.label), view.incident)];
    if let Some(decision) = &view.severity.overridden {
        let by = decision.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        lines.push(clean_line(&format!(
            "decided{by}: {}; the policy says {}",
            decision.reason, judgement.severity
        )));
    }
    lines.extend(view.remarks.iter().map(|remark| clean_line(remark)));
    lines.push(clean_line(&format!("means: {}", view.level.means)));
    let demands = view.level.demands();
    if !demands.is_empty() {
        lines.push(clean_line(&format!("demands: {}", demands.join("; "))));
    }
    lines.extend(of_judgement(judgement));
    lines.extend(of_steps(&view.would_be_worse, &view.would_be_milder));
    lines.join("\n")
}

/// The ways out of a provisional severity.
const MEND: &str = "`inc-severity assess` asks for them (`inc-edit --set environment=NAME` for the environment); \
                    `inc-severity override` decides without";

/// The inputs, the rules, what is missing and what contradicts, as lines.
pub(super) fn of_judgement(judgement: &Judgement) -> Vec<String> {
    let mut lines = vec![String::new(), "Inputs:".to_owned()];
    lines.extend(judgement.inputs.iter().map(input_line));
    lines.extend([String::new(), "Rules, the worst decides; a condition may bound it:".to_owned()]);
    lines.extend(judgement.rules.iter().map(rule_line));
    if judgement.provisional {
        let (worst, mildest) = judgement.between;
        lines.extend([String::new(), format!("Provisional, between {worst} and {mildest}; missing:")]);
        lines.extend(judgement.missing.iter().map(|missing| format!("  {}", clean_line(missing))));
        lines.push(MEND.to_owned());
    }
    if !judgement.warnings.is_empty() {
        lines.push(String::new());
        lines.extend(judgement.warnings.iter().map(|warning| format!("warning: {}", clean_line(warning))));
    }
    lines
}

/// What would change the result next, as lines.
fn of_steps(worse: &[String], milder: &[String]) -> Vec<String> {
    let mut lines = vec![];
    for (title, steps) in [("It would be worse:", worse), ("It would be milder:", milder)] {
        if !steps.is_empty() {
            lines.extend([String::new(), title.to_owned()]);
            lines.extend(steps.iter().map(|step| format!("  {step}")));
        }
    }
    lines
}

/// As `of_steps`, of steps that were just tried.
pub(super) fn of_next(steps: &NextSteps) -> Vec<String> {
    of_steps(&words(&steps.worse), &words(&steps.milder))
}

fn input_line(input: &Reading) -> String {
    let words = input.words.as_ref().map(|words| format!(" - {words}")).unwrap_or_default();
    let value = match (&input.value, &input.open) {
        (Some(value), _) => format!("{value}{words}"),
        (None, why) => why.clone().unwrap_or_default(),
    };
    clean_line(&format!("  {}: {value}", input.name))
}

fn rule_line(rule: &Rule) -> String {
    let level = rule.severity.map_or("-", Severity::name);
    format!("{} {level:<6} {}", if rule.decided { "*" } else { " " }, clean_line(&rule.words))
}
