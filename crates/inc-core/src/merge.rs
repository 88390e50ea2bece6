//! The three-way merge of what two people made of one record: values in, values out.
//!
//! Both sides are merged as data, never as text, and which side is called ours makes no difference to the result: every
//! choice goes by what the sides hold. What a merge decides against is kept: in the timeline where it was told, else
//! under `contested`. What cannot be merged for certain is refused with an [`Unmergeable`], and nothing is guessed.
//! `docs/merge.md` tells users the rules, `rule` holds them.

mod check;
mod contested;
mod incident;
mod labels;
mod links;
mod order;
mod pdca;
mod rule;
mod same;
mod three;
mod weight;
mod whys;

use thiserror::Error;

pub use contested::{Edit, attribute};
pub use incident::incidents;
pub use pdca::pdcas;

/// The record that two sides make together.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged<R> {
    /// The record.
    pub record: R,
    /// What people should know: what was kept though one side took it out, what was renumbered, what is contested.
    pub remarks: Vec<String>,
    /// Whether something stays that one side took out: so do the comments that went with it there.
    pub keeps: bool,
}

impl<R> Merged<R> {
    fn silent(record: &R) -> Self
    where
        R: Clone,
    {
        Self { record: record.clone(), remarks: vec![], keeps: false }
    }
}

/// Why two sides cannot be merged as data; each message finishes the sentence "cannot merge: …".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unmergeable {
    /// The sides are no two versions of one record.
    #[error("`{0}` differs, and never changes: these are two records, not two versions of one")]
    OtherRecord(&'static str),
    /// Both sides added a file of this name, and they tell of different things.
    #[error(
        "both sides added it, and {0} differs: if it is one story, keep one and bring over the entries of the other; if it is two, rename one (its id and its file)"
    )]
    TwoStories(&'static str),
    /// The policy cannot judge what the sides say together.
    #[error("the policy cannot judge what both sides say together: {0}")]
    Unjudgeable(String),
    /// The result would be no record.
    #[error("both sides together are no record: {0}")]
    NoRecord(String),
}
