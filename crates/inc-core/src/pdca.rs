//! The PDCA record: what one YAML file below `pdcas/` holds. Plan, Do, Check, Act.
//!
//! Only the shape is here. What follows from it is in [`status`] and [`due`], how people name its parts in [`tree`], and what may
//! happen to it in [`action`]; what a good one holds, in [`rules`]. What many of them tell together: [`board`], [`rollout`],
//! [`recurrence`].

pub mod action;
pub mod board;
pub mod coach;
mod command;
pub mod due;
pub mod finding;
pub(crate) mod label;
pub mod recurrence;
pub mod rollout;
#[cfg(test)]
mod rows;
pub mod rules;
pub mod status;
pub mod summary;
pub mod tree;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::{Id, Uid};
use crate::incident::{Contested, Team};
use crate::instant::Instant;
use crate::span::Span;
use crate::text::{Line, Prose, Title};
use crate::timeline::{Link, Url};

pub use action::{Action, NewPdca, Outcome, Refusal, create};
pub use due::{Agenda, Ahead, Due, Step, StepKind};
pub use finding::{Finding, Level};
pub use status::{ActStatus, CountermeasureStatus, Open, Standing, Status};
pub use tree::{Branch, RootCause, WhyNode};

/// One PDCA, in the order in which its file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pdca {
    /// The version of the format, [`crate::SCHEMA`].
    pub schema: u64,
    /// The name that reads aloud; also the file's name.
    pub id: Id,
    /// Minted once, never changed.
    pub uid: Uid,
    /// What it is called.
    pub title: Title,
    /// What it comes from.
    pub source: Source,
    /// Who drives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Line>,
    /// Who takes part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Line>,
    /// When it was begun.
    pub created_at: Instant,
    /// The cross-functional team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cft: Option<Line>,
    /// Plan: the problem, framed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem_statement: Option<Prose>,
    /// Plan: what happened; absent where the source is an incident, whose timeline is shown instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Prose>,
    /// Plan: why did the problem occur?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occurrence: Vec<Why>,
    /// Why that question does not apply, where it does not.
    ///
    /// A key of its own rather than a tag in `occurrence`: files written before read as they are, and a list stays a
    /// list to the editor of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence_na: Option<Prose>,
    /// Plan: why didn't we detect it sooner? (8D calls it the escape point.)
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub non_detection: Vec<Why>,
    /// Why that question does not apply: it was seen at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_detection_na: Option<Prose>,
    /// Plan: what made it worse or likelier, and is no cause that a countermeasure shall answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributing_factors: Vec<Factor>,
    /// Do, Check, Act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countermeasures: Vec<Countermeasure>,
    /// Where a problem too deep for a PDCA went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// Why the PDCA was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned: Option<Prose>,
    /// A team's own keys, kept and shown.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
    /// Values that did not win a merge, until someone settles them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contested: Vec<Contested>,
}

/// What a PDCA comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Which sort of source.
    pub kind: SourceKind,
    /// The incident's id, or what the other source calls itself.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<Line>,
}

/// The sorts of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// An incident of this repository.
    Incident,
    /// A rejected part of the process.
    RedBin,
    /// Something that came back from quality assurance.
    QaReturn,
    /// Anything else.
    Other,
}

/// One answer to "why?", and the whys below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The label for people: `o1.2` in the occurrence tree, `n1` in the other.
    pub id: Line,
    /// What merges go by; one typed by hand lacks it until a command next writes the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// The answer.
    pub why: Prose,
    /// Its label as a root cause, where a countermeasure shall answer it: `RC2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<Line>,
    /// The branch ends here, and nobody of us can act on it: the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_control: Option<Prose>,
    /// The branch ends here, and why that is so cannot be found out: the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Prose>,
    /// Evidence, fixes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Why that, again?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whys: Vec<Why>,
}

/// Something that made the problem worse or likelier, without being why it occurred or was not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The label for people: `F1`.
    pub id: Line,
    /// What merges go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// What it was.
    pub factor: Prose,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A simple, timeboxed action against a root cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countermeasure {
    /// The label for people: `C1`.
    pub id: Line,
    /// What merges go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// The root causes that it answers.
    pub root_causes: Vec<Line>,
    /// What is done.
    pub title: Line,
    /// What it does against the cause.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CountermeasureKind>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Line>,
    /// Whose system it is.
    #[serde(default, skip_serializing_if = "Team::is_empty")]
    pub team: Team,
    /// How long it may take; what takes longer is no countermeasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timebox: Option<Span>,
    /// By when it shall be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
    /// How it is proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// Checks that no longer count, the oldest first: it was checked anew, or what they proved has changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_checks: Vec<EarlierCheck>,
    /// Where else it is applied once it is proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
    /// Why nothing is to be rolled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_act: Option<Prose>,
}

/// What a countermeasure does against its causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountermeasureKind {
    /// It does not happen again.
    Prevent,
    /// It is seen sooner.
    Detect,
    /// It hurts less.
    Contain,
}

/// How, when and with what result a countermeasure proved effective.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// How it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Prose>,
    /// On which day it is or was checked; it may lie before the PDCA's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// What came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<CheckResult>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Prose>,
    /// Who checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
}

/// A check of before, with what came out of it then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierCheck {
    /// What merges go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// How it was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Prose>,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// What came out.
    pub result: CheckResult,
    /// What showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Prose>,
    /// Who checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// Why it no longer counts, where that is not simply that a later check came: what it proved has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Prose>,
}

/// What came out of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckResult {
    /// Check OK: it cures.
    Ok,
    /// Check KO: it does not.
    Ko,
}

/// Applies a proven countermeasure to the rest of systems and company (yokoten).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The label for people: `A1`.
    pub id: Line,
    /// What merges go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// What is applied.
    pub title: Line,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Line>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// When it was done, for an act without targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
    /// Where it is applied, ticked one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// When the act was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
}

/// One place where an act is applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Where.
    pub name: Line,
    /// What merges go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uid>,
    /// When it was applied there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<NaiveDate>,
}

/// Where a problem too deep for a PDCA went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The method.
    pub to: EscalationKind,
    /// Where it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Url>,
}

/// The methods for deep problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EscalationKind {
    /// Continuous improvement with the people concerned.
    Kaizen,
    /// Toyota's one-page problem report.
    A3,
}
