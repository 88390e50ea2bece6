//! What is found in a PDCA that reads well: where, how grave, why, and what to type.
//!
//! A finding is no error: the record is whole, and every verb goes on. Which findings there are stands in
//! [`super::rules`].

use serde::Serialize;

use crate::severity::Path;

/// How grave a finding is; the gravest is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The record contradicts itself, or other records.
    Error,
    /// A good PDCA does not have this: something is missing, late or weak.
    Warning,
    /// Worth a thought; nothing is wrong.
    Note,
}

/// One thing found in one PDCA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's stable code, such as `act-no-owner`.
    pub code: &'static str,
    /// The rule's level.
    pub level: Level,
    /// The value concerned; one that is missing is named all the same.
    pub path: Path,
    /// What people call the place: `C1`, `o1.2`, `problem`.
    pub label: String,
    /// What is found, in a sentence without a full stop.
    pub why: String,
    /// What to type, the likeliest first; each mends it.
    pub help: Vec<String>,
}
