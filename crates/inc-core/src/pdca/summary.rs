//! What figures and lists ask of a PDCA: everything but its texts. An index may hold it in the record's place.

mod columns;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ActStatus, Check, CheckResult, CountermeasureStatus, Pdca, Source, Status};
use crate::id::{Id, Uid};
use crate::instant::Instant;
use crate::text::{Line, Title};

/// The columns of one PDCA.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The name that reads aloud.
    pub id: Id,
    /// The name that never collides.
    pub uid: Uid,
    /// What it is called.
    pub title: Title,
    /// What it comes from.
    pub source: Source,
    /// Who drives it.
    pub owner: Option<Line>,
    /// Whose it is, each team once.
    pub teams: Vec<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// Where it stands.
    pub status: Status,
    /// How many root causes it names.
    pub root_causes: usize,
    /// Its countermeasures.
    pub countermeasures: Vec<Cure>,
    /// The acts of all of them.
    pub acts: Vec<Rollout>,
    /// Values of a merge wait to be settled.
    pub contested: bool,
}

/// One countermeasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cure {
    /// Where it stands.
    pub status: CountermeasureStatus,
    /// By when it shall be done.
    pub due: Option<NaiveDate>,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
    /// On which day it is or was checked.
    pub check_on: Option<NaiveDate>,
    /// What came out of the check that counts; it is proven where that is OK.
    pub result: Option<CheckResult>,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// Where it stands.
    pub status: ActStatus,
    /// By when it shall be done.
    pub due: Option<NaiveDate>,
}

impl Summary {
    /// The summary of a record.
    pub fn of(pdca: &Pdca) -> Self {
        let cures = pdca.countermeasures.iter().map(|it| Cure {
            status: it.status(),
            due: it.due,
            done_on: it.done_on,
            check_on: it.check.as_ref().and_then(|check: &Check| check.on),
            result: it.result(),
        });
        Self {
            id: pdca.id.clone(),
            uid: pdca.uid,
            title: pdca.title.clone(),
            source: pdca.source.clone(),
            owner: pdca.owner.clone(),
            teams: pdca.teams().into_iter().map(str::to_owned).collect(),
            created_at: pdca.created_at,
            status: pdca.status(),
            root_causes: pdca.root_causes().len(),
            countermeasures: cures.collect(),
            acts: pdca.acts().map(|(_, act)| Rollout { status: act.status(), due: act.due }).collect(),
            contested: !pdca.contested.is_empty(),
        }
    }
}
