//! The parts of a PDCA as people name and walk them: whys with their depth, root causes, countermeasures, acts.
//!
//! Labels are compared without regard to case. Where a record typed by hand has a label twice, the first one is found.

use super::label;
use super::{Act, Countermeasure, Pdca, Why};
use crate::text::{Line, Prose};

/// One of the two why-trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Branch {
    /// Why did the problem occur?
    Occurrence,
    /// Why didn't we detect it sooner?
    NonDetection,
}

impl Branch {
    /// Both, in the order of the record.
    pub const ALL: [Self; 2] = [Self::Occurrence, Self::NonDetection];

    /// The word in arguments: `occurrence`, `non-detection`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Occurrence => "occurrence",
            Self::NonDetection => "non-detection",
        }
    }

    /// The word as a title: `Occurrence`, `Non-detection`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Occurrence => "Occurrence",
            Self::NonDetection => "Non-detection",
        }
    }

    /// The question that the tree answers.
    pub fn question(self) -> &'static str {
        match self {
            Self::Occurrence => "Why did the problem occur?",
            Self::NonDetection => "Why didn't we detect it sooner?",
        }
    }

    /// What the labels of its whys begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Occurrence => "o",
            Self::NonDetection => "n",
        }
    }
}

/// A why and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct WhyNode<'a> {
    /// The tree that it is in.
    pub branch: Branch,
    /// How many whys stand above it.
    pub depth: usize,
    /// The why itself.
    pub why: &'a Why,
}

/// A why that a countermeasure shall answer.
#[derive(Debug, Clone, Copy)]
pub struct RootCause<'a> {
    /// Its label: `RC2`.
    pub label: &'a Line,
    /// The tree that it is in.
    pub branch: Branch,
    /// The why that is tagged so.
    pub why: &'a Why,
}

impl Pdca {
    /// The first whys of one tree.
    pub fn branch(&self, branch: Branch) -> &[Why] {
        match branch {
            Branch::Occurrence => &self.occurrence,
            Branch::NonDetection => &self.non_detection,
        }
    }

    /// Why one question does not apply, where it does not.
    pub fn branch_na(&self, branch: Branch) -> Option<&Prose> {
        match branch {
            Branch::Occurrence => self.occurrence_na.as_ref(),
            Branch::NonDetection => self.non_detection_na.as_ref(),
        }
    }

    pub(super) fn branch_na_mut(&mut self, branch: Branch) -> &mut Option<Prose> {
        match branch {
            Branch::Occurrence => &mut self.occurrence_na,
            Branch::NonDetection => &mut self.non_detection_na,
        }
    }

    pub(crate) fn branch_mut(&mut self, branch: Branch) -> &mut Vec<Why> {
        match branch {
            Branch::Occurrence => &mut self.occurrence,
            Branch::NonDetection => &mut self.non_detection,
        }
    }

    /// Every why, as one reads them: each before those below it, occurrence before non-detection.
    pub fn whys(&self) -> impl Iterator<Item = WhyNode<'_>> {
        let top = |branch: Branch| {
            self.branch(branch).iter().rev().map(move |why| WhyNode { branch, depth: 0, why })
        };
        let mut ahead: Vec<WhyNode<'_>> = top(Branch::NonDetection).chain(top(Branch::Occurrence)).collect();
        std::iter::from_fn(move || {
            let node = ahead.pop()?;
            let below = node.why.whys.iter().rev();
            ahead.extend(below.map(|why| WhyNode { depth: node.depth + 1, why, ..node }));
            Some(node)
        })
    }

    /// The why with this label.
    pub fn find_why(&self, label: &str) -> Option<&Why> {
        self.whys().map(|node| node.why).find(|why| label::same(why.id.as_str(), label))
    }

    /// The root causes by the number of their labels, whatever their order in the trees.
    pub fn root_causes(&self) -> Vec<RootCause<'_>> {
        let tagged = self.whys().filter_map(|node| {
            let label = node.why.root_cause.as_ref()?;
            Some(RootCause { label, branch: node.branch, why: node.why })
        });
        let mut found: Vec<RootCause<'_>> = tagged.collect();
        found.sort_by_cached_key(|cause| label::root_cause_order(cause.label.as_str()));
        found
    }

    /// The countermeasures that answer this root cause, those checked KO among them.
    pub fn countermeasures_for(&self, root_cause: &str) -> impl Iterator<Item = &Countermeasure> {
        let key = label::root_cause_key(root_cause);
        self.countermeasures.iter().filter(move |countermeasure| {
            countermeasure.root_causes.iter().any(|label| label::root_cause_key(label.as_str()) == key)
        })
    }

    /// The countermeasure with this label.
    pub fn find_countermeasure(&self, label: &str) -> Option<&Countermeasure> {
        self.countermeasures.iter().find(|countermeasure| label::same(countermeasure.id.as_str(), label))
    }

    /// Every act, with the countermeasure that it applies.
    pub fn acts(&self) -> impl Iterator<Item = (&Countermeasure, &Act)> {
        self.countermeasures
            .iter()
            .flat_map(|countermeasure| countermeasure.acts.iter().map(move |act| (countermeasure, act)))
    }

    /// The act with this label, and the countermeasure that it applies.
    pub fn find_act(&self, label: &str) -> Option<(&Countermeasure, &Act)> {
        self.acts().find(|(_, act)| label::same(act.id.as_str(), label))
    }
}

/// Shows every why of a tree to `visit`, each before those below it.
pub(crate) fn each_why(whys: &mut [Why], visit: &mut dyn FnMut(&mut Why)) {
    for why in whys {
        visit(why);
        each_why(&mut why.whys, visit);
    }
}
