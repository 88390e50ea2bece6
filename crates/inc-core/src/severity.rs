//! Severity: computed from impact by a policy, with the rule that decided and what is still missing.

mod case;
mod gauge;
mod history;
mod input;
mod judgement;
mod level;
mod next;
mod policy;
mod properties;
mod replay;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::text::{Line, Prose, clean_line};

pub use case::Case;
pub use gauge::FloorLine;
pub use history::{History, SeverityChange, Spent, Stay, Told, Until};
pub use judgement::{Judgement, Reading, Rule, Unjudgeable};
pub use level::{Colour, Level, Levels};
pub use next::{NextStep, NextSteps};
pub use policy::{
    Condition, Dimension, Example, ExampleRun, Floor, InputName, MoneyFloors, Path, Policy, PolicyError, Row,
    Step, Type, Unknown, When,
};
pub use properties::Property;
pub use replay::{Lack, Moved, Replay, Said, Unjudged};

/// How severe an incident is. Smaller is worse: `SEV-1 < SEV-4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// The worst.
    #[serde(rename = "SEV-1")]
    Sev1,
    /// Bad.
    #[serde(rename = "SEV-2")]
    Sev2,
    /// The talk's incident.
    #[serde(rename = "SEV-3")]
    Sev3,
    /// The mildest.
    #[serde(rename = "SEV-4")]
    Sev4,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4];

    /// `SEV-1` … `SEV-4`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sev1 => "SEV-1",
            Self::Sev2 => "SEV-2",
            Self::Sev3 => "SEV-3",
            Self::Sev4 => "SEV-4",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// `SEV-3`, `sev3` or `3`.
impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let folded = text.trim().to_lowercase();
        let number = folded.strip_prefix("sev").map_or(folded.as_str(), |rest| rest.trim_start_matches('-'));
        match number {
            "1" => Ok(Self::Sev1),
            "2" => Ok(Self::Sev2),
            "3" => Ok(Self::Sev3),
            "4" => Ok(Self::Sev4),
            _ => Err(format!(
                "unknown severity `{}`; known are: SEV-1 (worst), SEV-2, SEV-3, SEV-4",
                clean_line(text)
            )),
        }
    }
}

/// Where a record's severity comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// What the policy says of the impact.
    pub computed: Severity,
    /// Inputs are missing or unknown, so that the answer may move when they come.
    pub provisional: bool,
    /// The rule that decided, in words.
    pub decided_by: Line,
    /// A decision by a person, which holds until it is cleared.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Override>,
}

impl Assessment {
    /// The severity that holds: the override's, else the computed one.
    pub fn holds(&self) -> Severity {
        self.overridden.as_ref().map_or(self.computed, |decision| decision.to)
    }

    /// What holds rests on inputs that are missing, and no person decided.
    pub fn is_provisional(&self) -> bool {
        self.provisional && self.overridden.is_none()
    }
}

/// A severity that a person decided on, against or without the policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which.
    pub to: Severity,
    /// Why.
    pub reason: Prose,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Line>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
}

#[cfg(test)]
mod tests;
