//! Three answers: met, not met, not computable; and what is known of a value for sure.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use crate::answer::Answer;
use crate::id::Id;

/// Whether something is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is, whatever is still missing.
    Met,
    /// It is not, whatever is still missing.
    NotMet,
    /// It hangs on what is missing.
    NotComputable,
}

impl Verdict {
    /// `met`, `not met`, `not computable`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::NotComputable => "not computable",
        }
    }

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMet, _) | (_, Self::NotMet) => Self::NotMet,
            (Self::Met, Self::Met) => Self::Met,
            _ => Self::NotComputable,
        }
    }

    /// One of them, or both.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Met, _) | (_, Self::Met) => Self::Met,
            (Self::NotMet, Self::NotMet) => Self::NotMet,
            _ => Self::NotComputable,
        }
    }
}

/// Something that is needed and not there, or that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// In which record.
    pub incident: Id,
    /// Which property.
    pub path: String,
    /// `not asked`, `unknown`, or what is wrong with it.
    pub why: String,
    /// The command that supplies it.
    pub command: String,
}

/// The same lack is told once.
pub(super) fn distinct<'a>(missing: impl IntoIterator<Item = &'a Missing>) -> Vec<Missing> {
    let mut told = HashSet::new();
    let mut distinct = vec![];
    for one in missing {
        if told.insert((one.incident.as_str(), one.path.as_str())) {
            distinct.push(one.clone());
        }
    }
    distinct
}

/// What is known of a value: it is at least this, at most that, and what is missing to know it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound<T> {
    pub least: T,
    /// `None`: no end is known.
    pub most: Option<T>,
    pub open: Vec<Missing>,
}

impl<T: Clone + PartialEq> Bound<T> {
    pub fn known(value: T) -> Self {
        Self { least: value.clone(), most: Some(value), open: vec![] }
    }

    pub fn open(least: T, missing: Missing) -> Self {
        Self { least, most: None, open: vec![missing] }
    }

    /// What an answer says: `none` and `n/a` are `zero`; a value that cannot be used is open, and why.
    pub fn of<A>(
        answer: &Answer<A>,
        zero: T,
        value: impl FnOnce(&A) -> Result<T, String>,
        missing: impl FnOnce(String) -> Missing,
    ) -> Self {
        match (answer, why_open(answer)) {
            (_, Some(why)) => Self::open(zero, missing(why.to_owned())),
            (Answer::Known(known), None) => match value(known) {
                Ok(value) => Self::known(value),
                Err(why) => Self::open(zero, missing(why)),
            },
            _ => Self::known(zero),
        }
    }

    pub fn bare(self) -> Self {
        Self { open: vec![], ..self }
    }

    /// It is one value.
    pub fn is_exact(&self) -> bool {
        self.most.as_ref() == Some(&self.least)
    }
}

/// `not asked`, `unknown`, or nothing where the answer can be reckoned with.
pub(super) fn why_open<T>(answer: &Answer<T>) -> Option<&'static str> {
    match answer {
        Answer::Missing => Some("not asked"),
        Answer::Unknown => Some("unknown"),
        Answer::None | Answer::NotApplicable | Answer::Known(_) => None,
    }
}

/// Values of several incidents taken together.
pub(super) trait Together {
    fn together(self, other: Self) -> Self;
}

impl Together for bool {
    fn together(self, other: Self) -> Self {
        self || other
    }
}

impl Together for u64 {
    fn together(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

/// Shares in percent: no more than all.
impl Together for f64 {
    fn together(self, other: Self) -> Self {
        (self + other).min(100.0)
    }
}

impl<T: Ord> Together for BTreeSet<T> {
    fn together(mut self, other: Self) -> Self {
        self.extend(other);
        self
    }
}

impl<T: Together> Together for Bound<T> {
    fn together(self, other: Self) -> Self {
        let most = self.most.zip(other.most).map(|(one, another)| one.together(another));
        let mut open = self.open;
        open.extend(other.open);
        Self { least: self.least.together(other.least), most, open }
    }
}
