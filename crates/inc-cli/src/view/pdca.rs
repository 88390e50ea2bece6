//! What we show of a PDCA.

use inc_core::instant::Instant;
use inc_core::pdca::status::Open;
use inc_core::pdca::{Countermeasure, CountermeasureStatus, Escalation, Pdca, Source, Status, Why};
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
    /// Do, check, act; each with its derived status.
    pub countermeasures: Vec<CountermeasureView>,
    /// Where a problem too deep for a PDCA went.
    pub escalation: Option<Escalation>,
    /// Why it was given up.
    pub abandoned: Option<String>,
    /// The team's own keys.
    pub custom: serde_json::Map<String, serde_json::Value>,
}

/// A countermeasure with its derived status.
#[derive(Debug, Clone, Serialize)]
pub struct CountermeasureView {
    /// Where it stands.
    pub status: CountermeasureStatus,
    /// What the record says.
    #[serde(flatten)]
    pub record: Countermeasure,
}

impl PdcaView {
    /// The view of a record.
    pub fn of(pdca: &Pdca) -> Self {
        let standing = pdca.standing();
        let countermeasure =
            |record: &Countermeasure| CountermeasureView { status: record.status(), record: record.clone() };
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
            countermeasures: pdca.countermeasures.iter().map(countermeasure).collect(),
            escalation: pdca.escalation.clone(),
            abandoned: pdca.abandoned.as_ref().map(ToString::to_string),
            custom: pdca.custom.clone(),
        }
    }
}

/// How the branch of a why ends, where it ends without a root cause: `out of control: …`, `unknown: …`.
pub fn end_of(why: &Why) -> Option<String> {
    let out = why.out_of_control.as_ref().map(|reason| format!("out of control: {reason}"));
    out.or(why.unknown.as_ref().map(|reason| format!("unknown: {reason}")))
}
