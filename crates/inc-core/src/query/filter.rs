//! Filters as data: each tells from a summary alone whether the incident is meant.

use std::str::FromStr;

use chrono::NaiveDate;

use super::{Cell, SeverityRange};
use crate::answer::Answer;
use crate::incident::{Kind, Team};
use crate::instant::{Instant, Zone};
use crate::nearest;
use crate::status::Status;
use crate::summary::Summary;
use crate::text::{Line, clean_line};

/// What an incident must be; several values are alternatives.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One of these statuses.
    Status(Vec<Status>),
    /// Investigating or mitigated.
    Open,
    /// In one of these ranges.
    Severity(Vec<SeverityRange>),
    /// Of one of these kinds.
    Kind(Vec<Kind>),
    /// In one of these environments, in any case.
    Environment(Vec<String>),
    /// Under a commander whose name holds one of these, in any case.
    Commander(Vec<String>),
    /// A property of the team is one of these, in any case.
    Team(TeamField, Vec<String>),
    /// Noticed in one of these ways, in any case.
    DetectedVia(Vec<String>),
    /// The root cause's category begins with one of these paths, in any case.
    RootCause(Vec<Vec<String>>),
    /// Began then or later.
    Since(Bound),
    /// Began then or earlier.
    Until(Bound),
    /// A team's own key holds one of these, in any case.
    Custom(String, Vec<String>),
}

/// A day in the repository's zone, the whole of it; or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The day.
    Day(NaiveDate),
    /// The moment.
    At(Instant),
}

/// A property of the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the properties' own names")]
pub enum TeamField {
    Department,
    Cft,
    Stack,
    TechTeam,
}

impl TeamField {
    const NAMES: [(&'static str, Self); 4] = [
        ("department", Self::Department),
        ("cft", Self::Cft),
        ("stack", Self::Stack),
        ("tech_team", Self::TechTeam),
    ];

    /// Its name in records.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    fn of(self, team: &Team) -> &Answer<Line> {
        match self {
            Self::Department => &team.department,
            Self::Cft => &team.cft,
            Self::Stack => &team.stack,
            Self::TechTeam => &team.tech_team,
        }
    }
}

impl FromStr for TeamField {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text).map(|(_, field)| *field);
        let names = Self::NAMES.map(|(name, _)| name);
        found.ok_or_else(|| {
            format!("unknown team property `{}`; {}", clean_line(text), nearest::hint(text, &names))
        })
    }
}

impl Filter {
    /// Whether the incident is meant; `zone` tells which day it began on.
    pub fn passes(&self, summary: &Summary, zone: &Zone) -> bool {
        match self {
            Self::Status(wanted) => wanted.contains(&summary.status),
            Self::Open => summary.status.is_open(),
            Self::Severity(ranges) => ranges.iter().any(|range| range.holds(summary.severity)),
            Self::Kind(wanted) => wanted.contains(&summary.kind),
            Self::Environment(wanted) => is_one(&Cell::text(summary.environment.as_ref()), wanted),
            Self::Commander(wanted) => {
                summary.commander.as_ref().is_some_and(|name| Self::holds_part(name.as_str(), wanted))
            }
            Self::Team(field, wanted) => is_one(&of_answer(field.of(&summary.team)), wanted),
            Self::DetectedVia(wanted) => is_one(&of_answer(&summary.detected_via), wanted),
            Self::RootCause(paths) => paths.iter().any(|path| begins_with(&summary.root_cause, path)),
            Self::Since(_) | Self::Until(_) => self.began_passes(summary.began_at(), zone),
            Self::Custom(key, wanted) => {
                summary.custom.get(key).is_some_and(|value| is_one(&Cell::Own(value.clone()), wanted))
            }
        }
    }

    /// Whether what began then is meant, as far as the bounds go.
    pub(super) fn began_passes(&self, began: Instant, zone: &Zone) -> bool {
        match self {
            Self::Since(Bound::Day(day)) => zone.local(began).date >= *day,
            Self::Since(Bound::At(at)) => began >= *at,
            Self::Until(Bound::Day(day)) => zone.local(began).date <= *day,
            Self::Until(Bound::At(at)) => began <= *at,
            _ => true,
        }
    }

    /// Whether a name holds one of these, in any case.
    pub(super) fn holds_part(name: &str, wanted: &[String]) -> bool {
        let name = name.to_lowercase();
        wanted.iter().any(|part| name.contains(&part.to_lowercase()))
    }

    /// What it asks for, after "none" or "3 of them": `with severity SEV-1`.
    pub fn words(&self) -> String {
        match self {
            Self::Status(wanted) => format!("with status {}", either(wanted)),
            Self::Open => "open".to_owned(),
            Self::Severity(ranges) => format!("with severity {}", either(ranges)),
            Self::Kind(wanted) => {
                format!("of kind {}", either(&wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>()))
            }
            Self::Environment(wanted) => format!("with environment {}", either(wanted)),
            Self::Commander(wanted) => format!("with commander {}", either(wanted)),
            Self::Team(field, wanted) => format!("with team.{} {}", field.name(), either(wanted)),
            Self::DetectedVia(wanted) => format!("detected via {}", either(wanted)),
            Self::RootCause(paths) => {
                format!(
                    "with root cause {}",
                    either(&paths.iter().map(|path| path.join("/")).collect::<Vec<_>>())
                )
            }
            Self::Since(bound) => format!("since {}", bound.words()),
            Self::Until(bound) => format!("until {}", bound.words()),
            Self::Custom(key, wanted) => format!("with custom.{key} {}", either(wanted)),
        }
    }
}

impl Bound {
    /// The day or the moment.
    pub fn words(&self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::At(at) => at.to_string(),
        }
    }
}

fn either(words: &[impl ToString]) -> String {
    words.iter().map(|word| clean_line(&word.to_string())).collect::<Vec<_>>().join(" or ")
}

pub(super) fn of_answer(answer: &Answer<impl ToString>) -> Cell {
    Cell::answer(answer, |line| Cell::Text(line.to_string()))
}

/// `unknown`, `none` and `n/a` can be asked for by their words; what was not asked is never meant.
pub(super) fn is_one(cell: &Cell, wanted: &[String]) -> bool {
    let text = cell.to_string().to_lowercase();
    *cell != Cell::Nothing && wanted.iter().any(|word| word.to_lowercase() == text)
}

pub(super) fn begins_with(cause: &Answer<Vec<Line>>, path: &[String]) -> bool {
    match cause {
        Answer::Known(parts) => {
            path.len() <= parts.len()
                && path.iter().zip(parts).all(|(a, b)| a.to_lowercase() == b.as_str().to_lowercase())
        }
        other => path.len() == 1 && other.word() == Some(path[0].to_lowercase().as_str()),
    }
}
