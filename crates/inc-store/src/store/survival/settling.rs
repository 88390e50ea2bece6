//! Contested values of any record, and settling some of them.

use inc_core::incident::Contested;
use inc_core::settle::{Choice, Settlement};
use serde_json::Value;

use super::chance::{Chance, known};

pub(super) fn contested(path: &str, ours: Value, theirs: Value, chance: &mut Chance) -> Contested {
    let (by, at) = (chance.maybe(Chance::name), chance.maybe(Chance::at));
    Contested { path: known(path), ours, theirs, by, at }
}

/// One or two of them are settled, in any way.
pub(super) fn settlements(contested: &[Contested], chance: &mut Chance) -> Vec<Settlement> {
    if contested.is_empty() {
        return vec![Settlement { path: "title".to_owned(), choice: Choice::Ours }];
    }
    let mut paths: Vec<&str> = (0..2).map(|_| chance.pick(contested).path.as_str()).collect();
    paths.dedup();
    let choice = |chance: &mut Chance| match chance.roll(3) {
        0 => Choice::Ours,
        1 => Choice::Theirs(None),
        _ => Choice::Typed(chance.line().to_string()),
    };
    paths.into_iter().map(|path| Settlement { path: path.to_owned(), choice: choice(chance) }).collect()
}
