//! What a merge left open: two people said two things, and nobody decided.

use super::{Found, Look, Rule, top};
use crate::pdca::command;
use crate::pdca::finding::Level;
use crate::settle::{self, shown};
use crate::text::brief;

pub(super) const RULES: &[Rule] = &[Rule {
    code: "contested",
    level: Level::Warning,
    title: "two people set one value, and nobody decided",
    teaches: "A merge never asks: of two values that two people set at the same time one stands, the same in every clone, \
              and the other is kept here. Decide which of them is right.",
    bad: "owner: Ada\ncontested:\n  - {path: owner, ours: Ada, theirs: Bob}",
    good: "owner: Ada",
    look: contested,
}];

fn contested(look: &Look<'_>) -> Vec<Found> {
    let contested = look.pdca.contested.iter().enumerate();
    contested
        .map(|(at, one)| Found {
            path: top("contested").index(at),
            label: brief(one.path.as_str()),
            why: format!(
                "{} stood after a merge, and {} was said as well",
                shown(&one.ours),
                shown(&one.theirs)
            ),
            help: settle::words(&look.pdca.contested, at)
                .map(|words| format!("{} --settle {words}", command::edit(look.id())))
                .to_vec(),
        })
        .collect()
}
