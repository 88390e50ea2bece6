//! The problem statement, framed in parts: one line each, `What: …`, so that one can stop after any of them.
//!
//! A statement written in other words is the people's own, and counts as framed.

use crate::pdca::Pdca;
use crate::text::{Line, Prose, TextError};

/// What a problem statement tells, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What deviates.
    What,
    /// In which place.
    Where,
    /// Since when, and until when.
    Since,
    /// How many, how often, how long.
    HowMany,
    /// Against which standard.
    Standard,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 5] = [Self::What, Self::Where, Self::Since, Self::HowMany, Self::Standard];

    /// What its line begins with.
    pub fn head(self) -> &'static str {
        match self {
            Self::What => "What",
            Self::Where => "Where",
            Self::Since => "Since",
            Self::HowMany => "How many",
            Self::Standard => "Standard",
        }
    }
}

/// The parts with their words, or `None` where the statement is written otherwise.
fn parts(statement: &str) -> Option<Vec<(Part, &str)>> {
    let of = |line| {
        let (head, words) = str::split_once(line, ": ")?;
        Some((Part::ALL.into_iter().find(|part| part.head() == head)?, words))
    };
    statement.lines().map(of).collect()
}

/// The parts behind the last one that a statement has; one written otherwise lacks none.
pub(super) fn to_come(statement: &str) -> Vec<Part> {
    let Some(told) = parts(statement) else { return vec![] };
    let last = told.iter().map(|(part, _)| *part).max();
    Part::ALL.into_iter().filter(|part| last.is_none_or(|last| *part > last)).collect()
}

/// The statement with one part more.
///
/// # Errors
/// A statement that gets too long.
pub(super) fn with(pdca: &Pdca, part: Part, words: &Line) -> Result<Prose, TextError> {
    let statement = pdca.problem_statement.as_ref().map(Prose::as_str).unwrap_or_default();
    let mut told = parts(statement).unwrap_or_default();
    told.retain(|(other, _)| *other != part);
    told.push((part, words.as_str()));
    told.sort_by_key(|(part, _)| *part);
    let lines: Vec<String> = told.iter().map(|(part, words)| format!("{}: {words}", part.head())).collect();
    lines.join("\n").parse()
}
