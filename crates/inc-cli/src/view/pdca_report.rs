//! What the template of a PDCA's report is given: the talk's page, from the problem statement to the acts.
//!
//! Decides what is shown and in which words; how it is laid out is the template's.

mod act;
mod brief;
mod check;
mod flow;
mod plan;

use inc_core::incident::Incident;
use inc_core::instant::Zone;
use inc_core::pdca::{ActStatus, tree::RootCause};
use inc_core::pdca::{CheckResult, Countermeasure, EscalationKind, Finding, Level, Pdca, SourceKind, Status};
use inc_core::severity::Levels;
use serde::Serialize;

use super::incident_report::{ContestedView, CustomView, contested, custom, when};
use super::property::Property;
use super::story::TimelineView;

pub use act::{ActRow, NoAct, TargetView};
pub use check::{CheckRow, EarlierView, Group};
pub use flow::{Edge, Flow, Node};
pub use plan::{BranchView, FactorView, WhyView};

/// Everything that the report of a PDCA says.
#[derive(Debug, Clone, Serialize)]
pub struct PdcaReport {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who drives it.
    pub owner: Option<String>,
    /// On which day it was begun.
    pub created_on: String,
    /// Where it is, derived from its content.
    pub status: Standing,
    /// The columns of the talk's table of PDCAs.
    pub properties: Vec<Property>,
    /// Plan: the problem, framed.
    pub problem_statement: Option<String>,
    /// Plan: what happened, in the PDCA's own words.
    pub context: Option<String>,
    /// Plan: why there is no context, where there is none.
    pub context_gap: Option<&'static str>,
    /// Plan: the incident that it comes from, where it can be read.
    pub incident: Option<SourceIncident>,
    /// Plan: the incident's timeline, read from its record.
    pub timeline: Option<TimelineView>,
    /// Plan: `[Occurrence] Why did the problem occur?` and its sister.
    pub branches: Vec<BranchView>,
    /// Plan: what made it worse, and is no cause.
    pub factors: Vec<FactorView>,
    /// The same as a flowchart, down to the acts; absent while no why is answered, and where it is too large to draw.
    pub flow: Option<Flow>,
    /// Why there is no flowchart, where it would be too large.
    pub flow_gap: Option<String>,
    /// Plan: what is to be reached: the team's own key `goal`.
    pub goal: Option<String>,
    /// How much of it is: `1 of 2 root causes …`.
    pub reached: String,
    /// Do and check: countermeasures by root cause.
    pub groups: Vec<Group>,
    /// The team's properties that some countermeasure has, as the heads of columns.
    pub team_columns: Vec<&'static str>,
    /// `Type` and `Timebox`, where some countermeasure has them.
    pub plan_columns: Vec<&'static str>,
    /// Do and check: each countermeasure once, in the order of the record.
    pub countermeasures: Vec<CheckRow>,
    /// How many countermeasures there are; one that answers two root causes stands in two groups.
    pub count: usize,
    /// Checks that no longer count.
    pub earlier: Vec<EarlierView>,
    /// Act: what is applied elsewhere.
    pub acts: Vec<ActRow>,
    /// Act: why nothing is to be applied elsewhere.
    pub no_acts: Vec<NoAct>,
    /// Where a problem too deep for a PDCA went.
    pub escalation: Option<EscalationView>,
    /// Why the PDCA was given up.
    pub abandoned: Option<String>,
    /// The team's own keys.
    pub custom: Vec<CustomView>,
    /// Values that did not win a merge.
    pub contested: Vec<ContestedView>,
    /// What lint finds: errors and warnings, by the day of the report.
    pub findings: Vec<FindingView>,
    /// What it finds worth a thought.
    pub notes: Vec<FindingView>,
}

/// One thing that lint found.
#[derive(Debug, Clone, Serialize)]
pub struct FindingView {
    /// `error`, `warning` or `note`.
    pub level: Level,
    /// The rule's stable code.
    pub code: &'static str,
    /// What people call the place: `C1`.
    pub label: String,
    /// What is found.
    pub why: String,
    /// What to type, the likeliest first.
    pub help: Vec<String>,
}

/// Where a PDCA is, why, and what comes next.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// The word for programs, `check-done`.
    pub name: Status,
    /// The words for people, `Check done`.
    pub label: String,
    /// Why it is this one.
    pub why: Option<String>,
    /// What is missing next, with the command for each.
    pub open: Vec<OpenView>,
}

/// Something missing, and what to type.
#[derive(Debug, Clone, Serialize)]
pub struct OpenView {
    /// What is missing.
    pub what: String,
    /// The command that supplies it.
    pub command: String,
}

/// The incident that a PDCA comes from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceIncident {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its severity with its mark, `🟡 SEV-3`.
    pub severity: String,
    /// Its status, `4 - post-mortem completed`.
    pub status: String,
    /// When it began and ended, and how long that took.
    pub facts: Vec<Property>,
}

/// Where a problem too deep for a PDCA went.
#[derive(Debug, Clone, Serialize)]
pub struct EscalationView {
    /// `Kaizen` or `A3`.
    pub to: &'static str,
    /// Where it is told.
    pub url: Option<String>,
}

impl Standing {
    /// Where a PDCA is. The only place that asks the core for it.
    pub fn of(pdca: &Pdca) -> Self {
        let standing = pdca.standing();
        let open = standing.open.into_iter().map(|open| OpenView { what: open.what, command: open.command });
        Self {
            name: standing.status,
            label: standing.status.label().to_owned(),
            why: Some(standing.why),
            open: open.collect(),
        }
    }
}

impl PdcaReport {
    /// The report of a record; `incident` is the one that it comes from, where it can be read.
    ///
    /// Times are shown in `zone`, those of the incident in the incident's own; `levels` tells the severity's colour,
    /// `findings` are what lint found.
    pub fn of(
        pdca: &Pdca,
        status: Standing,
        incident: Option<&Incident>,
        findings: Vec<Finding>,
        levels: &Levels,
        zone: &Zone,
    ) -> Self {
        let (notes, findings) = findings.into_iter().map(FindingView::of).partition(FindingView::is_note);
        Self {
            id: pdca.id.to_string(),
            title: pdca.title.to_string(),
            owner: pdca.owner.as_ref().map(ToString::to_string),
            created_on: zone.local(pdca.created_at).date.to_string(),
            properties: properties(pdca, &status, incident, zone),
            status,
            problem_statement: pdca.problem_statement.as_ref().map(ToString::to_string),
            context: pdca.context.as_ref().map(ToString::to_string),
            context_gap: context_gap(pdca, incident),
            incident: incident.map(|incident| SourceIncident::of(incident, levels)),
            timeline: incident.map(TimelineView::of),
            branches: plan::branches(pdca),
            factors: plan::factors(pdca),
            flow: Flow::of(pdca),
            flow_gap: flow::gap(pdca),
            goal: pdca.custom.get("goal").and_then(|goal| goal.as_str()).map(str::to_owned),
            reached: reached(pdca),
            groups: check::groups(pdca),
            team_columns: check::team_columns(pdca),
            plan_columns: check::plan_columns(pdca),
            countermeasures: check::rows(pdca),
            count: pdca.countermeasures.len(),
            earlier: check::earlier(pdca),
            acts: act::acts(pdca, zone),
            no_acts: act::no_acts(pdca),
            escalation: pdca.escalation.as_ref().map(|escalation| EscalationView {
                to: match escalation.to {
                    EscalationKind::Kaizen => "Kaizen",
                    EscalationKind::A3 => "A3",
                },
                url: escalation.link.as_ref().map(|url| url.as_str().to_owned()),
            }),
            abandoned: pdca.abandoned.as_ref().map(ToString::to_string),
            custom: custom(&pdca.custom),
            contested: contested(&pdca.contested, zone),
            findings,
            notes,
        }
    }
}

impl SourceIncident {
    fn of(incident: &Incident, levels: &Levels) -> Self {
        Self {
            id: incident.id.to_string(),
            title: incident.title.to_string(),
            severity: format!("{} {}", levels.of(incident.severity).colour.mark(), incident.severity),
            status: incident.status.label(),
            facts: when(incident),
        }
    }
}

impl FindingView {
    fn of(finding: Finding) -> Self {
        let Finding { level, code, label, why, help, .. } = finding;
        Self { level, code, label, why, help }
    }

    fn is_note(&self) -> bool {
        self.level == Level::Note
    }
}

/// How many root causes are cured, and how many acts done.
fn reached(pdca: &Pdca) -> String {
    let is_ok = |one: &Countermeasure| one.result() == Some(CheckResult::Ok);
    let is_cured = |cause: &&RootCause<'_>| pdca.countermeasures_for(cause.label.as_str()).any(is_ok);
    let causes = pdca.root_causes();
    if causes.is_empty() {
        return "no root cause is found yet".to_owned();
    }
    let cured = causes.iter().filter(is_cured).count();
    let cured = format!("{cured} of {} cured and checked OK", counted(causes.len(), "root cause"));
    match pdca.acts().count() {
        0 => cured,
        acts => {
            let done = pdca.acts().filter(|(_, act)| act.status() == ActStatus::Done).count();
            format!("{cured}, {done} of {} done", counted(acts, "act"))
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn context_gap(pdca: &Pdca, incident: Option<&Incident>) -> Option<&'static str> {
    match (&pdca.context, incident, pdca.source.kind) {
        (Some(_), ..) | (_, Some(_), _) => None,
        (None, None, SourceKind::Incident) => Some("The incident that it comes from cannot be read here."),
        (None, None, _) => Some("Not written yet."),
    }
}

fn properties(pdca: &Pdca, status: &Standing, incident: Option<&Incident>, zone: &Zone) -> Vec<Property> {
    let created = format!("{} ({})", zone.local(pdca.created_at), zone.name());
    vec![
        Property::known("status", "Status", status.label.clone()).noted(status.why.clone()),
        Property::of_option("owner", "Owner", pdca.owner.as_ref()),
        Property::of_texts("participants", "Participants", &pdca.participants),
        Property::known("created_at", "Created time", created),
        Property::of_option("cft", "CFT", pdca.cft.as_ref()),
        source(pdca, incident),
    ]
}

fn source(pdca: &Pdca, incident: Option<&Incident>) -> Property {
    let reference = pdca.source.reference.as_ref().map(ToString::to_string);
    let words = match pdca.source.kind {
        SourceKind::Incident => return source_incident(pdca, reference, incident),
        SourceKind::RedBin => "red bin",
        SourceKind::QaReturn => "QA return",
        SourceKind::Other => "other",
    };
    let value = reference.map_or_else(|| words.to_owned(), |reference| format!("{words}: {reference}"));
    Property::known("source", "Source", value)
}

fn source_incident(pdca: &Pdca, reference: Option<String>, incident: Option<&Incident>) -> Property {
    let note = match incident {
        None => Some("no such record can be read here".to_owned()),
        Some(incident) => Some(incident.title.to_string()).filter(|title| title != pdca.title.as_str()),
    };
    Property::of_option("source", "Incident", reference.as_ref()).noted(note)
}
