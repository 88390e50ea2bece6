//! What we show of a PDCA.

use chrono::NaiveDate;
use inc_core::incident::{Contested, Team};
use inc_core::instant::Instant;
use inc_core::pdca::status::Open;
use inc_core::pdca::{
    Act, ActStatus, Check, Countermeasure, CountermeasureKind, CountermeasureStatus, Target,
};
use inc_core::pdca::{EarlierCheck, Escalation, Factor, Pdca, Source, Status, Why};
use serde::Serialize;

/// One PDCA, whole, with what follows from its content.
#[derive(Debug, Clone, Serialize)]
pub struct PdcaView {
    /// The name that reads aloud.
    pub id: String,
    /// The name that never collides.
    pub uid: String,
    /// What it is called.
    pub title: String,
    /// What it comes from.
    pub source: Source,
    /// Who drives it.
    pub owner: Option<String>,
    /// Who takes part.
    pub participants: Vec<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// The cross-functional team.
    pub cft: Option<String>,
    /// Where it stands, derived from its content.
    pub status: Status,
    /// The same for people: `Plan done`.
    pub status_label: &'static str,
    /// Why it stands there.
    pub why: String,
    /// What comes next, each with its command.
    pub open: Vec<Open>,
    /// The problem, framed.
    pub problem_statement: Option<String>,
    /// What happened, where no incident's timeline tells it.
    pub context: Option<String>,
    /// Why did the problem occur?
    pub occurrence: Vec<Why>,
    /// Why that question does not apply, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence_na: Option<String>,
    /// Why didn't we detect it sooner?
    pub non_detection: Vec<Why>,
    /// Why that question does not apply, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_detection_na: Option<String>,
    /// What made the problem worse or likelier, and is no cause.
    pub contributing_factors: Vec<Factor>,
    /// Do, check, act; each with its derived status.
    pub countermeasures: Vec<CountermeasureView>,
    /// Where a problem too deep for a PDCA went.
    pub escalation: Option<Escalation>,
    /// Why it was given up.
    pub abandoned: Option<String>,
    /// The team's own keys.
    pub custom: serde_json::Map<String, serde_json::Value>,
    /// Values that did not win a merge, until someone settles them.
    pub contested: Vec<Contested>,
}

/// A countermeasure with its derived status.
#[derive(Debug, Clone, Serialize)]
pub struct CountermeasureView {
    /// Where it stands.
    pub status: CountermeasureStatus,
    /// The label for people: `C1`.
    pub id: String,
    /// What merges go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The root causes that it answers.
    pub root_causes: Vec<String>,
    /// What is done.
    pub title: String,
    /// What it does against the cause.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CountermeasureKind>,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whose system it is.
    #[serde(skip_serializing_if = "Team::is_empty")]
    pub team: Team,
    /// How long it may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timebox: Option<String>,
    /// By when it shall be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
    /// How it is proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// Checks that no longer count, the oldest first.
    pub earlier_checks: Vec<EarlierCheck>,
    /// Where else it is applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<ActView>,
    /// Why nothing is to be rolled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_act: Option<String>,
}

/// An act with its derived status.
#[derive(Debug, Clone, Serialize)]
pub struct ActView {
    /// Where it stands.
    pub status: ActStatus,
    /// How many of its targets are done.
    pub progress: Progress,
    /// The label for people: `A1`.
    pub id: String,
    /// What merges go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// What is applied.
    pub title: String,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// When it was done, for an act without targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
    /// Where it is applied, ticked one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// When the act was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
}

/// So many of so many; an act without targets counts as one.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Progress {
    /// How many are done.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

impl CountermeasureView {
    fn of(record: &Countermeasure) -> Self {
        Self {
            status: record.status(),
            id: record.id.to_string(),
            uid: record.uid.as_ref().map(ToString::to_string),
            root_causes: record.root_causes.iter().map(ToString::to_string).collect(),
            title: record.title.to_string(),
            kind: record.kind,
            owner: record.owner.as_ref().map(ToString::to_string),
            team: record.team.clone(),
            timebox: record.timebox.as_ref().map(ToString::to_string),
            due: record.due,
            done_on: record.done_on,
            check: record.check.clone(),
            earlier_checks: record.earlier_checks.clone(),
            acts: record.acts.iter().map(ActView::of).collect(),
            no_act: record.no_act.as_ref().map(ToString::to_string),
        }
    }
}

impl ActView {
    fn of(record: &Act) -> Self {
        let (done, of) = record.progress();
        Self {
            status: record.status(),
            progress: Progress { done, of },
            id: record.id.to_string(),
            uid: record.uid.as_ref().map(ToString::to_string),
            title: record.title.to_string(),
            owner: record.owner.as_ref().map(ToString::to_string),
            due: record.due,
            done_on: record.done_on,
            targets: record.targets.clone(),
            created_at: record.created_at,
        }
    }
}

impl PdcaView {
    /// The view of a record.
    pub fn of(pdca: &Pdca) -> Self {
        let standing = pdca.standing();
        Self {
            id: pdca.id.to_string(),
            uid: pdca.uid.to_string(),
            title: pdca.title.to_string(),
            source: pdca.source.clone(),
            owner: pdca.owner.as_ref().map(ToString::to_string),
            participants: pdca.participants.iter().map(ToString::to_string).collect(),
            created_at: pdca.created_at,
            cft: pdca.cft.as_ref().map(ToString::to_string),
            status: standing.status,
            status_label: standing.status.label(),
            why: standing.why,
            open: standing.open,
            problem_statement: pdca.problem_statement.as_ref().map(ToString::to_string),
            context: pdca.context.as_ref().map(ToString::to_string),
            occurrence: pdca.occurrence.clone(),
            occurrence_na: pdca.occurrence_na.as_ref().map(ToString::to_string),
            non_detection: pdca.non_detection.clone(),
            non_detection_na: pdca.non_detection_na.as_ref().map(ToString::to_string),
            contributing_factors: pdca.contributing_factors.clone(),
            countermeasures: pdca.countermeasures.iter().map(CountermeasureView::of).collect(),
            escalation: pdca.escalation.clone(),
            abandoned: pdca.abandoned.as_ref().map(ToString::to_string),
            custom: pdca.custom.clone(),
            contested: pdca.contested.clone(),
        }
    }
}

/// How the branch of a why ends, where it ends without a root cause: `out of control: …`, `unknown: …`.
pub fn end_of(why: &Why) -> Option<String> {
    let out = why.out_of_control.as_ref().map(|reason| format!("out of control: {reason}"));
    out.or(why.unknown.as_ref().map(|reason| format!("unknown: {reason}")))
}
