//! What a list shows of an incident and filters it by: everything but its long texts. An index may hold it in the
//! record's place.

mod columns;

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::id::{Id, Uid};
use crate::incident::{Incident, Kind, Team};
use crate::instant::Instant;
use crate::measure::{Measures, Moments};
use crate::severity::{Assessment, Severity, Stay};
use crate::status::Status;
use crate::text::{Line, Title};

pub(crate) use columns::Worded;

/// The columns of one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The name that reads aloud.
    pub id: Id,
    /// The name that never collides.
    pub uid: Uid,
    /// What it is called.
    pub title: Title,
    /// An incident, a drill or a near miss.
    pub kind: Kind,
    /// Where in its life it is.
    pub status: Status,
    /// The severity that holds.
    pub severity: Severity,
    /// Where that severity comes from.
    pub assessment: Assessment,
    /// Where it happens.
    pub environment: Option<Line>,
    /// The incident commander.
    pub commander: Option<Line>,
    /// Who declared it.
    pub reporter: Option<Line>,
    /// Who responds, and who holds a named role as `role: name`.
    pub responders: Vec<String>,
    /// Whose system it is.
    pub team: Team,
    /// How it was noticed.
    pub detected_via: Answer<Line>,
    /// The category of the root cause, from the widest to the narrowest.
    pub root_cause: Answer<Vec<Line>>,
    /// When what happened.
    pub moments: Moments,
    /// How long it was in each severity.
    pub stay: Stay,
    /// When the last entry of the timeline happened.
    pub last_entry_at: Option<Instant>,
    /// How many entries the timeline has.
    pub entries: usize,
    /// How many PDCAs learn from it.
    pub pdcas: usize,
    /// Values of a merge wait to be settled.
    pub contested: bool,
    /// A team's own keys.
    pub custom: Map<String, Value>,
}

impl Summary {
    /// The summary of a record.
    pub fn of(incident: &Incident) -> Self {
        let roles = incident.roles.iter().map(|(role, who)| format!("{role}: {who}"));
        Self {
            id: incident.id.clone(),
            uid: incident.uid,
            title: incident.title.clone(),
            kind: incident.kind,
            status: incident.status,
            severity: incident.severity,
            assessment: incident.assessment.clone(),
            environment: incident.environment.clone(),
            commander: incident.commander.clone(),
            reporter: incident.reporter.clone(),
            responders: incident.responders.iter().map(ToString::to_string).chain(roles).collect(),
            team: incident.team.clone(),
            detected_via: incident.detected_via.clone(),
            root_cause: incident.root_cause.clone(),
            moments: Moments {
                started_at: incident.started_at.clone(),
                detected_at: incident.detected_at.clone(),
                declared_at: incident.declared_at,
                mitigated_at: incident.mitigated_at,
                resolved_at: incident.resolved_at,
            },
            stay: Stay::of(incident),
            last_entry_at: incident.timeline.iter().map(|entry| entry.at).max(),
            entries: incident.timeline.len(),
            pdcas: incident.pdcas.len(),
            contested: !incident.contested.is_empty(),
            custom: incident.custom.clone(),
        }
    }

    /// The durations, or why there are none.
    pub fn measures(&self) -> Measures {
        Measures::between(&self.moments)
    }

    /// When it began, else when it was declared: the day that `--since` and `--until` go by.
    pub fn began_at(&self) -> Instant {
        self.moments.started_at.known().copied().unwrap_or(self.moments.declared_at)
    }
}
