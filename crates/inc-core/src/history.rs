//! What happened to a record, read off its versions: facts in words, each with when it happened. Values in, facts out.
//!
//! [`crate::news`] tells what a responder wants to hear first; this tells everything that changed, fact by fact.

mod differ;
mod incident;
mod lag;
mod pdca;
mod story;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::id::Uid;
use crate::instant::Instant;

pub use lag::Lag;
pub use story::{Side, Step, story};

/// One thing that a change of a record tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What sort of fact.
    pub kind: Kind,
    /// What it is, in words; text of the record is in it as it stands there.
    pub what: String,
    /// When it happened, where the record tells.
    pub happened: Option<Happened>,
    /// What it comes to, whatever was before: two sides of a merge agree on it or not.
    mark: String,
}

/// What sort of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Told for the first time: what happened, and how long it took to be written.
    Added,
    /// What stood there reads otherwise now.
    Changed,
    /// What stood there is gone.
    Removed,
    /// The file has another name.
    Moved,
    /// Comments or layout alone.
    Layout,
    /// Two histories came together, and the merge itself added nothing.
    Merged,
    /// The version cannot be read as a record.
    Unreadable,
    /// The clone holds nothing older; the record may well be older.
    Begins,
}

impl Kind {
    /// The kind's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Layout => "layout",
            Self::Merged => "merged",
            Self::Unreadable => "unreadable",
            Self::Begins => "begins",
        }
    }
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// At a moment.
    At(Instant),
    /// On a day.
    On(NaiveDate),
}

impl Serialize for Happened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(at) => serializer.collect_str(at),
            Self::On(day) => serializer.collect_str(day),
        }
    }
}

/// A record whose changes can be told.
pub trait Recorded {
    /// What is told by; another uid is another record.
    fn uid(&self) -> Uid;
    /// What a change of it tells; without `before` it is new. Nothing where both say the same.
    fn facts(before: Option<&Self>, after: &Self) -> Vec<Fact>;
    /// It as a whole, in a line.
    fn whole(&self) -> String;
}

impl Fact {
    fn new(kind: Kind, what: impl Into<String>, mark: impl Into<String>) -> Self {
        Self { kind, what: what.into(), happened: None, mark: mark.into() }
    }

    fn happened(self, happened: Option<Happened>) -> Self {
        Self { happened, ..self }
    }
}
