//! By what incidents are put together.

use std::fmt;
use std::str::FromStr;

use super::period::Unit;
use crate::nearest;
use crate::query::TeamField;
use crate::text::clean_line;

/// A property by whose value incidents are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the properties' own names")]
pub enum Group {
    Severity,
    Status,
    /// When it began, in the repository's zone.
    Period(Unit),
    Environment,
    Team(TeamField),
    Commander,
    DetectedVia,
    RootCause,
}

impl Group {
    /// Every group by its name.
    pub const NAMES: [(&'static str, Self); 13] = [
        ("severity", Self::Severity),
        ("status", Self::Status),
        ("month", Self::Period(Unit::Month)),
        ("quarter", Self::Period(Unit::Quarter)),
        ("year", Self::Period(Unit::Year)),
        ("environment", Self::Environment),
        ("team.department", Self::Team(TeamField::Department)),
        ("team.cft", Self::Team(TeamField::Cft)),
        ("team.stack", Self::Team(TeamField::Stack)),
        ("team.tech_team", Self::Team(TeamField::TechTeam)),
        ("commander", Self::Commander),
        ("detected_via", Self::DetectedVia),
        ("root_cause", Self::RootCause),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, group)| *group == self).map_or("", |(name, _)| name)
    }

    /// Whether its values are periods of the calendar.
    pub fn is_period(self) -> bool {
        matches!(self, Self::Period(_))
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Group {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.replace('-', "_");
        let name = match wanted.as_str() {
            "team" | "tech_team" => "team.tech_team",
            other => other,
        };
        let found = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, group)| *group);
        found.ok_or_else(|| {
            let names = Self::NAMES.map(|(name, _)| name);
            format!("unknown group `{}`; {}", clean_line(text), nearest::hint(text, &names))
        })
    }
}

/// Whether these groups make a table: two at the most, different ones, and one of the calendar at the most.
///
/// # Errors
/// Why they do not.
pub fn check_groups(groups: &[Group]) -> Result<(), String> {
    match groups {
        [a, b] if a == b => Err(format!("{a} stands twice: group by it once")),
        [a, b] if a.is_period() && b.is_period() => {
            Err(format!("{a} and {b} are both of the calendar: take one of them"))
        }
        [_, _, _, ..] => Err(format!("{} groups are given: two at the most", groups.len())),
        _ => Ok(()),
    }
}
