//! The incident record: what one YAML file below `incidents/` holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::id::{Id, Uid};
use crate::impact::Impact;
use crate::instant::{Instant, Zone};
use crate::role::RoleName;
use crate::severity::{Assessment, Severity};
use crate::status::Status;
use crate::text::{Line, Prose, Title};
use crate::timeline::{Entry, Link};

/// One incident, in the order in which its file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The version of the format, [`crate::SCHEMA`].
    pub schema: u64,
    /// The name that reads aloud; also the file's name.
    pub id: Id,
    /// Minted once, never changed.
    pub uid: Uid,
    /// What it is called.
    pub title: Title,
    /// An incident, a drill or a near miss.
    #[serde(default)]
    pub kind: Kind,
    /// Where in its life it is.
    pub status: Status,
    /// The severity that holds: the policy's answer, or the override.
    pub severity: Severity,
    /// Where that severity comes from.
    pub assessment: Assessment,
    /// Where it happens: `production`, `staging`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Line>,
    /// The zone in which its times are shown and typed.
    pub timezone: Zone,
    /// When it began to hurt.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub started_at: Answer<Instant>,
    /// When somebody or something first saw it.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub detected_at: Answer<Instant>,
    /// When it was declared.
    pub declared_at: Instant,
    /// When it stopped hurting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigated_at: Option<Instant>,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Instant>,
    /// Who declared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<Line>,
    /// The incident commander.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commander: Option<Line>,
    /// Who else holds a named role, by the role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<RoleName, Line>,
    /// Who responds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responders: Vec<Line>,
    /// How it was noticed.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub detected_via: Answer<Line>,
    /// How many are touched, how badly, and what it costs.
    #[serde(default, skip_serializing_if = "Impact::is_empty")]
    pub impact: Impact,
    /// The category of the root cause, from the widest to the narrowest.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub root_cause: Answer<Vec<Line>>,
    /// Whose system it is.
    #[serde(default, skip_serializing_if = "Team::is_empty")]
    pub team: Team,
    /// What is happening, why, how bad, and what was done.
    #[serde(default, skip_serializing_if = "Summary::is_empty")]
    pub summary: Summary,
    /// Where to look: channel, dashboard, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The alerts that told of it, by their numbers elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Line>,
    /// What happened when.
    #[serde(default)]
    pub timeline: Vec<Entry>,
    /// The PDCAs that learn from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pdcas: Vec<Id>,
    /// A team's own keys, kept and shown.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
    /// Values that did not win a merge, until someone settles them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contested: Vec<Contested>,
}

impl Incident {
    /// When it began to hurt, where that is known.
    pub fn start(&self) -> Option<Instant> {
        self.started_at.known().copied()
    }

    /// When it was first seen, where that is known.
    pub fn detection(&self) -> Option<Instant> {
        self.detected_at.known().copied()
    }

    /// What is said where the severity was typed over by hand and is no longer what the assessment gives.
    pub fn severity_drift(&self) -> Option<String> {
        let holds = self.assessment.holds();
        (self.severity != holds).then(|| {
            format!(
                "the record says {}, its assessment {holds}: `inc-severity assess {}` settles it",
                self.severity, self.id
            )
        })
    }
}

/// What sort of event the record tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The real thing.
    #[default]
    Incident,
    /// An exercise.
    Drill,
    /// It could have hurt, and did not.
    NearMiss,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Incident, Self::Drill, Self::NearMiss];

    /// The kind's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Drill => "drill",
            Self::NearMiss => "near-miss",
        }
    }
}

/// Whose system it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// The department.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub department: Answer<Line>,
    /// The cross-functional team.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub cft: Answer<Line>,
    /// The technical stack.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub stack: Answer<Line>,
    /// The technical team.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub tech_team: Answer<Line>,
}

impl Team {
    /// No property has been asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The four parts of the talk's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// What is happening?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Prose>,
    /// Why did it happen?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Prose>,
    /// How bad is it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Prose>,
    /// How did we react?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<Prose>,
}

impl Summary {
    /// Nothing is written yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A value that did not win a merge ([`crate::merge`]).
///
/// The names are those of the file's format; every replica writes the same, whichever side was its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contested {
    /// Which property, as `summary.cause`.
    pub path: Line,
    /// The value that stood when they were merged; null where it was absent.
    #[serde(default)]
    pub ours: Value,
    /// The value that did not win; null where it was absent.
    #[serde(default)]
    pub theirs: Value,
    /// Who committed it, where git tells; else who wrote last on the side that did not win, as far as its entries tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
}
