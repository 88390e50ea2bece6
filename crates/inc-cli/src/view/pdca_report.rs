//! What the template of a PDCA's report is given: the talk's page, from the problem statement to the acts.
//!
//! Decides what is shown and in which words; how it is laid out is the template's.

mod act;
mod brief;
mod check;
mod flow;
mod origin;
mod plan;
mod standing;

use inc_core::incident::Incident;
use inc_core::instant::Zone;
use inc_core::pdca::{EscalationKind, Finding, Level, Pdca};
use inc_core::severity::Levels;
use serde::Serialize;

use super::contested::{ContestedView, contested};
use super::incident_report::{CustomView, custom};
use super::property::Property;
use super::story::TimelineView;

pub use act::{ActRow, NoAct, TargetView};
pub use check::{CheckRow, EarlierView, Group};
pub use flow::{Edge, Flow, Node};
pub use origin::SourceIncident;
pub use plan::{BranchView, FactorView, WhyView};
pub use standing::{OpenView, Standing};

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
    /// The way from the problem to the acts as a flowchart; absent while no why is answered, and where it is too large to draw.
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

/// Where a problem too deep for a PDCA went.
#[derive(Debug, Clone, Serialize)]
pub struct EscalationView {
    /// `Kaizen` or `A3`.
    pub to: &'static str,
    /// Where it is told.
    pub url: Option<String>,
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
            context_gap: origin::context_gap(pdca, incident),
            incident: incident.map(|incident| SourceIncident::of(incident, levels)),
            timeline: incident.map(TimelineView::of),
            branches: plan::branches(pdca),
            factors: plan::factors(pdca),
            flow: Flow::of(pdca),
            flow_gap: flow::gap(pdca),
            goal: pdca.custom.get("goal").and_then(|goal| goal.as_str()).map(str::to_owned),
            reached: standing::reached(pdca),
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

impl FindingView {
    fn of(finding: Finding) -> Self {
        let Finding { level, code, label, why, help, .. } = finding;
        Self { level, code, label, why, help }
    }

    fn is_note(&self) -> bool {
        self.level == Level::Note
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
        origin::source(pdca, incident),
    ]
}
