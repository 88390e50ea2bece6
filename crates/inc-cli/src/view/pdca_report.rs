//! What the template of a PDCA's report is given: the talk's page, from the problem statement to the acts.
//!
//! Decides what is shown and in which words; how it is laid out is the template's.

mod check;

use inc_core::incident::Incident;
use inc_core::instant::Zone;
use inc_core::pdca::{EscalationKind, Pdca, SourceKind, Status, Why};
use inc_core::severity::Levels;
use inc_core::timeline::Link;
use serde::Serialize;

use super::incident_report::{ContestedView, CustomView, contested, custom};
use super::property::Property;
use super::story::TimelineView;

pub use check::{ActRow, CheckRow, Group, NoAct, TargetView};

/// Everything that the report of a PDCA says.
#[derive(Debug, Clone, Serialize)]
pub struct PdcaReport {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
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
    /// Do and check: countermeasures by root cause.
    pub groups: Vec<Group>,
    /// The team's properties that some countermeasure has, as the heads of columns.
    pub team_columns: Vec<&'static str>,
    /// How many countermeasures there are; one that answers two root causes stands in two groups.
    pub count: usize,
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
}

/// One of the two why-trees.
#[derive(Debug, Clone, Serialize)]
pub struct BranchView {
    /// `Occurrence` or `Non-detection`.
    pub label: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// Why it does not apply, where it does not.
    pub na: Option<String>,
    /// The first answers.
    pub whys: Vec<WhyView>,
}

/// One answer to "why?", and the whys below it.
#[derive(Debug, Clone, Serialize)]
pub struct WhyView {
    /// The label for people, `o1.2`.
    pub id: String,
    /// The answer.
    pub why: String,
    /// Its label as a root cause.
    pub root_cause: Option<String>,
    /// How its branch ends without one: out of control or unknown, with the reason.
    pub end: Option<String>,
    /// Evidence, fixes.
    pub links: Vec<Link>,
    /// Why that, again?
    pub whys: Vec<WhyView>,
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
    /// Times are shown in `zone`, those of the incident in the incident's own; `levels` tells the severity's colour.
    pub fn of(
        pdca: &Pdca,
        status: Standing,
        incident: Option<&Incident>,
        levels: &Levels,
        zone: &Zone,
    ) -> Self {
        Self {
            id: pdca.id.to_string(),
            title: pdca.title.to_string(),
            properties: properties(pdca, &status, incident, zone),
            status,
            problem_statement: pdca.problem_statement.as_ref().map(ToString::to_string),
            context: pdca.context.as_ref().map(ToString::to_string),
            context_gap: context_gap(pdca, incident),
            incident: incident.map(|incident| SourceIncident::of(incident, levels)),
            timeline: incident.map(TimelineView::of),
            branches: branches(pdca),
            groups: check::groups(pdca),
            team_columns: check::team_columns(pdca),
            count: pdca.countermeasures.len(),
            acts: check::acts(pdca, zone),
            no_acts: check::no_acts(pdca),
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
        }
    }
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

fn branches(pdca: &Pdca) -> Vec<BranchView> {
    vec![
        BranchView {
            label: "Occurrence",
            question: "Why did the problem occur?",
            na: pdca.occurrence_na.as_ref().map(ToString::to_string),
            whys: pdca.occurrence.iter().map(WhyView::of).collect(),
        },
        BranchView {
            label: "Non-detection",
            question: "Why didn't we detect it sooner?",
            na: pdca.non_detection_na.as_ref().map(ToString::to_string),
            whys: pdca.non_detection.iter().map(WhyView::of).collect(),
        },
    ]
}

impl WhyView {
    fn of(why: &Why) -> Self {
        Self {
            id: why.id.to_string(),
            why: why.why.to_string(),
            root_cause: why.root_cause.as_ref().map(ToString::to_string),
            end: super::pdca::end_of(why),
            links: why.links.clone(),
            whys: why.whys.iter().map(Self::of).collect(),
        }
    }
}
