//! Circumstances that bound the severity: on staging never worse than this, in a drill never milder than that.

use serde::{Deserialize, Serialize};

use super::PolicyError;
use super::check::Path;
use crate::incident::Kind;
use crate::severity::Severity;
use crate::severity::case::Case;
use crate::text::Line;

/// A bound of the severity, under circumstances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// When it holds.
    pub when: When,
    /// Never worse than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Severity>,
    /// Never milder than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Severity>,
    /// Why, in one line; explanations quote it.
    pub why: Line,
}

/// Circumstances; all that are given must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// It happens in one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Line>,
    /// It is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<Kind>,
}

/// Whether circumstances hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Yes,
    No,
    /// They would in some environment, and nobody said in which one it happens.
    Open,
}

impl When {
    pub(crate) fn holds(&self, case: &Case<'_>) -> Holds {
        if !self.kind.is_empty() && !self.kind.contains(&case.kind) {
            return Holds::No;
        }
        match case.environment {
            _ if self.environment.is_empty() => Holds::Yes,
            None if case.is_example => Holds::No,
            None => Holds::Open,
            Some(name) => {
                let named = |one: &Line| one.as_str().eq_ignore_ascii_case(name);
                if self.environment.iter().any(named) { Holds::Yes } else { Holds::No }
            }
        }
    }

    /// The circumstances in words: `environment staging or test, kind drill`.
    pub fn words(&self) -> String {
        let environments: Vec<&str> = self.environment.iter().map(Line::as_str).collect();
        let kinds: Vec<&str> = self.kind.iter().map(|kind| kind.name()).collect();
        [("environment", environments), ("kind", kinds)]
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(what, names)| format!("{what} {}", names.join(" or ")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Condition {
    pub(super) fn check(&self, path: &Path) -> Result<(), PolicyError> {
        if self.when == When::default() {
            return Err(path.key("when").error(
                "the condition names no circumstance",
                "write `environment: [staging]` or `kind: [drill]` below it",
            ));
        }
        match (self.cap, self.floor) {
            (None, None) => Err(path.error(
                "the condition bounds nothing",
                "add `cap: SEV-3` (never worse) or `floor: SEV-3` (never milder)",
            )),
            (Some(cap), Some(floor)) if floor < cap => Err(path.key("floor").error(
                format!("never milder than {floor} and never worse than {cap} cannot both hold"),
                "make the floor as mild as the cap, or milder",
            )),
            _ => Ok(()),
        }
    }
}
