//! What the template of an incident's report is given: the talk's page, in its order and with its labels.
//!
//! Decides what is shown and in which words; how it is laid out is the template's.

mod properties;

use inc_core::field::custom_texts;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::{Instant, Zone};
use inc_core::measure::Measures;
use inc_core::pdca;
use inc_core::settings::{Contact, Settings};
use inc_core::severity::{Case, Levels, Policy};
use inc_core::status::{Missing, Status};
use serde::Serialize;
use serde_json::{Map, Value};

use super::contested::{ContestedView, contested};
use super::property::Property;
use super::story::TimelineView;
use super::{IncidentView, next_status};

pub use properties::when;

/// Everything that the report of an incident says.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentReport {
    /// The record, as `--format json` shows it.
    pub incident: IncidentView,
    /// The facts for a reader in a hurry: severity, status, time to resolve where it is known, commander.
    pub headline: Vec<String>,
    /// What a reader must know first: a drill, a cancelled incident.
    pub banner: Option<String>,
    /// The talk's properties in its order, then the team's roles.
    pub properties: Vec<Property>,
    /// What contradicts itself.
    pub warnings: Vec<String>,
    /// Values that did not win a merge.
    pub contested: Vec<ContestedView>,
    /// The page is still being filled in, so that it says how.
    pub guidance: bool,
    /// Whom to call for what, from `inc.yaml`.
    pub contacts: Vec<Contact>,
    /// The four parts.
    pub summary: Vec<SummaryPart>,
    /// What happened, by day.
    pub timeline: TimelineView,
    /// Every link of the record and of its entries, once.
    pub evidence: Vec<Evidence>,
    /// The PDCAs that learn from it.
    pub pdcas: Vec<LinkedPdca>,
    /// The team's own keys.
    pub custom: Vec<CustomView>,
    /// What is still missing, by the step that waits for it.
    pub missing: Vec<MissingFor>,
    /// When its file was last changed.
    pub last_edited: LastEdited,
}

/// One part of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryPart {
    /// `Description`, …
    pub label: &'static str,
    /// `what is happening?`, …
    pub question: &'static str,
    /// The answer, where it is written.
    pub text: Option<String>,
}

/// A link, and where in the record it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// What it leads to.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// The time of the entry that it belongs to, `2023-03-27 13:10`; absent for the record's own.
    pub told_at: Option<String>,
}

/// A PDCA that an incident names.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedPdca {
    /// Its id.
    pub id: String,
    /// What it is called, where it can be read.
    pub title: Option<String>,
    /// Where it is, where it can be read: `check-done`.
    pub status: Option<pdca::Status>,
    /// The same in words.
    pub status_label: Option<String>,
    /// Why it cannot be read.
    pub problem: Option<String>,
}

/// A key of the team's own.
#[derive(Debug, Clone, Serialize)]
pub struct CustomView {
    /// The key.
    pub key: String,
    /// Its value on one line.
    pub value: String,
}

/// What one step waits for, less what an earlier step waits for as well.
#[derive(Debug, Clone, Serialize)]
pub struct MissingFor {
    /// The step, `2 - mitigated`.
    pub step: String,
    /// What is missing, with the command for each.
    pub items: Vec<Missing>,
}

/// When a record's file was last changed, by git.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastEdited {
    /// When its last commit was made, and the clock in the record's zone; absent without a commit.
    pub at: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// The file has edits that are not committed.
    pub has_edits: bool,
    /// The clone holds the newest commits only, so that the change may be older than it looks.
    pub is_shallow: bool,
}

/// What a report needs to know beside the record.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The team's settings.
    pub settings: &'a Settings,
    /// The severity policy.
    pub policy: &'a Policy,
    /// Each PDCA that the record names.
    pub pdcas: Vec<LinkedPdca>,
    /// What git says of the file.
    pub last_edited: LastEdited,
}

impl IncidentReport {
    /// The report of a record.
    pub fn of(incident: &Incident, around: Surroundings<'_>) -> Self {
        let linked: Vec<_> = incident
            .pdcas
            .iter()
            .zip(&around.pdcas)
            .filter_map(|(id, pdca)| pdca.status.map(|status| (id.clone(), status)))
            .collect();
        let steps = &around.settings.steps;
        let levels = &around.policy.levels;
        let warnings = match around.policy.judge(&Case::of(incident, around.settings)) {
            Ok(judgement) => judgement.warnings,
            Err(why) => vec![format!("the severity cannot be computed: {why}")],
        };
        Self {
            incident: IncidentView::of(incident, steps, &linked, levels),
            headline: headline(incident, levels),
            banner: banner(incident),
            properties: properties::of(incident, &around),
            warnings: warnings.into_iter().chain(incident.severity_drift()).collect(),
            contested: contested(&incident.contested, &incident.timezone),
            guidance: (Status::Investigating..Status::PostmortemCompleted).contains(&incident.status),
            contacts: around.settings.contacts.clone(),
            summary: summary(incident),
            timeline: TimelineView::of(incident),
            evidence: evidence(incident),
            custom: custom(&incident.custom),
            missing: missing(incident, |step| steps.missing(incident, step, &linked, levels)),
            pdcas: around.pdcas,
            last_edited: around.last_edited,
        }
    }
}

fn headline(incident: &Incident, levels: &Levels) -> Vec<String> {
    let doubt = if incident.assessment.is_provisional() { " (provisional)" } else { "" };
    let severity = format!("{} {}{doubt}", levels.of(incident.severity).colour.mark(), incident.severity);
    let resolved = Measures::of(incident).time_to_resolve;
    let resolved = resolved.minutes.map(|_| format!("{} to resolve", resolved.text));
    let commander = incident.commander.as_ref().map(|who| format!("commander {who}"));
    [Some(severity), Some(incident.status.label()), resolved, commander].into_iter().flatten().collect()
}

fn banner(incident: &Incident) -> Option<String> {
    let kind = match incident.kind {
        Kind::Incident => None,
        Kind::Drill => Some("Drill: an exercise, not the real thing."),
        Kind::NearMiss => Some("Near miss: it could have hurt, and did not."),
    };
    let cancelled = (incident.status == Status::Cancelled).then_some("Cancelled: see the timeline for why.");
    let words: Vec<&str> = kind.into_iter().chain(cancelled).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn summary(incident: &Incident) -> Vec<SummaryPart> {
    let summary = &incident.summary;
    [
        ("Description", "what is happening?", &summary.description),
        ("Cause", "why did it happen?", &summary.cause),
        ("Impact", "how bad is it?", &summary.impact),
        ("Mitigation", "how did we react?", &summary.mitigation),
    ]
    .into_iter()
    .map(|(label, question, text)| SummaryPart {
        label,
        question,
        text: text.as_ref().map(ToString::to_string),
    })
    .collect()
}

fn evidence(incident: &Incident) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = vec![];
    let own = incident.links.iter().map(|link| (link, None));
    let told = inc_core::timeline::in_order(&incident.timeline).into_iter().flat_map(|entry| {
        let at = incident.timezone.local(entry.at).to_string();
        entry.links.iter().map(move |link| (link, Some(at.clone())))
    });
    for (link, told_at) in own.chain(told) {
        if all.iter().all(|other| other.url != link.url.as_str()) {
            all.push(Evidence { name: link.name.to_string(), url: link.url.as_str().to_owned(), told_at });
        }
    }
    all
}

/// The team's own keys, for any record.
pub fn custom(custom: &Map<String, Value>) -> Vec<CustomView> {
    custom_texts(custom).into_iter().map(|(key, value)| CustomView { key, value }).collect()
}

/// What the next step waits for, then the post-mortem, which the page is there to complete.
fn missing(incident: &Incident, lacks: impl Fn(Status) -> Vec<Missing>) -> Vec<MissingFor> {
    let Some(next) = next_status(incident.status) else {
        return vec![];
    };
    let last = next.max(Status::PostmortemCompleted);
    let mut known: Vec<Missing> = vec![];
    let mut groups = vec![];
    for step in Status::ALL.into_iter().filter(|step| (next..=last).contains(step)) {
        let mut items = lacks(step);
        items.retain(|item| !known.contains(item));
        known.extend(items.iter().cloned());
        if !items.is_empty() {
            groups.push(MissingFor { step: step.label(), items });
        }
    }
    groups
}

impl LastEdited {
    /// No commit holds the file yet.
    pub fn never() -> Self {
        Self { at: None, by: None, has_edits: true, is_shallow: false }
    }

    /// What the last commit says, its time as the clock in `zone` shows it; `None` where its time cannot be read.
    pub fn of(at: &str, by: &str, has_edits: bool, is_shallow: bool, zone: &Zone) -> Option<Self> {
        let at = zone.local(Instant::parse(at).ok()?).to_string();
        Some(Self { at: Some(at), by: Some(by.to_owned()), has_edits, is_shallow })
    }

    /// In words: `2023-09-01 13:49 by Ada Lovelace`, and what keeps that from being the whole truth.
    pub fn words(&self) -> String {
        let (Some(at), Some(by)) = (&self.at, &self.by) else {
            return "not committed yet".to_owned();
        };
        let earlier = if self.is_shallow { ", or earlier: this clone is shallow" } else { "" };
        let since = if self.has_edits { ", with edits since that are not committed" } else { "" };
        format!("{at} by {by}{earlier}{since}")
    }
}
