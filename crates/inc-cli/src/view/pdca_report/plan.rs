//! Plan: the why-trees, and what made it worse.

use inc_core::pdca::{Branch, Factor, Pdca, Why};
use inc_core::timeline::Link;
use serde::Serialize;

use super::brief::brief;
use crate::view::pdca::end_of;

/// How long a why may be on a page of one sheet.
const BRIEF: usize = 110;

/// One of the two why-trees.
#[derive(Debug, Clone, Serialize)]
pub struct BranchView {
    /// `Occurrence` or `Non-detection`.
    pub label: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// Why it does not apply, where it does not.
    pub na: Option<String>,
    /// The first answers.
    pub whys: Vec<WhyView>,
}

/// One answer to "why?", and the whys below it.
#[derive(Debug, Clone, Serialize)]
pub struct WhyView {
    /// The label for people, `o1.2`.
    pub id: String,
    /// The answer.
    pub why: String,
    /// The same, shortened to one line.
    pub brief: String,
    /// Its label as a root cause.
    pub root_cause: Option<String>,
    /// How its branch ends without one: out of control or unknown, with the reason.
    pub end: Option<String>,
    /// Evidence, fixes.
    pub links: Vec<Link>,
    /// Why that, again?
    pub whys: Vec<WhyView>,
}

/// What made the problem worse or likelier, and is no cause.
#[derive(Debug, Clone, Serialize)]
pub struct FactorView {
    /// The label for people, `F1`.
    pub id: String,
    /// What it was.
    pub factor: String,
    /// Evidence.
    pub links: Vec<Link>,
}

/// Both trees, in the order of the record.
pub fn branches(pdca: &Pdca) -> Vec<BranchView> {
    let of = |branch: Branch| BranchView {
        label: branch.label(),
        question: branch.question(),
        na: pdca.branch_na(branch).map(ToString::to_string),
        whys: pdca.branch(branch).iter().map(WhyView::of).collect(),
    };
    Branch::ALL.map(of).into()
}

/// What made it worse, in the order of the record.
pub fn factors(pdca: &Pdca) -> Vec<FactorView> {
    let of = |factor: &Factor| FactorView {
        id: factor.id.to_string(),
        factor: factor.factor.to_string(),
        links: factor.links.clone(),
    };
    pdca.contributing_factors.iter().map(of).collect()
}

impl WhyView {
    fn of(why: &Why) -> Self {
        Self {
            id: why.id.to_string(),
            why: why.why.to_string(),
            brief: brief(why.why.as_str(), BRIEF),
            root_cause: why.root_cause.as_ref().map(ToString::to_string),
            end: end_of(why),
            links: why.links.clone(),
            whys: why.whys.iter().map(Self::of).collect(),
        }
    }
}
