//! Labels for people after a merge: each names one thing, and whoever had it first keeps it.
//!
//! What the base has keeps its label; then comes what is new, the older one first, and takes its own label if it is free,
//! else the lowest above those of the base that no *older* one has. A younger one that has it gives way in its turn. So
//! three clones come to the same labels in whatever order they meet: the labels that a merge gave do not count as wishes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::three::{KEPT, Three};
use super::whys::Node;
use crate::id::Uid;
use crate::pdca::{Pdca, Target, label};
use crate::text::{Line, brief, ours as own};

/// Gives each root cause a label of its own; a why that a countermeasure answers has one, though a side took it away.
pub(super) fn root_causes(
    nodes: &mut [Node],
    lists: [&[Value]; 3],
    causes: &BTreeSet<String>,
    three: &mut Three,
) {
    let label_in = |list: &[Value], uid: &str| {
        let same = |why: &&Value| why.get("uid").and_then(Value::as_str) == Some(uid);
        list.iter().find(same)?.get("root_cause")?.as_str().map(str::to_owned)
    };
    for node in nodes.iter_mut().filter(|node| causes.contains(&node.uid)) {
        if node.part("root_cause").is_none()
            && let Some(label) = lists.iter().filter_map(|list| label_in(list, &node.uid)).min()
        {
            three.remarks.push(format!(
                "{KEPT} the root cause {label}, which one side took away and the other answers"
            ));
            node.map.insert("root_cause".to_owned(), Value::String(label));
        }
    }
    for node in nodes.iter_mut() {
        if let Some(label) = agreed(&node.uid, lists) {
            node.map.insert("root_cause".to_owned(), Value::String(label));
        }
    }
    let mut claims: Vec<(bool, String, usize, String)> = vec![];
    for (at, node) in nodes.iter().enumerate() {
        if let Some(label) = node.part("root_cause") {
            let key = label::root_cause_key(label);
            let had = label_in(lists[0], &node.uid).is_some_and(|was| label::root_cause_key(&was) == key);
            claims.push((!had, node.uid.clone(), at, label.to_owned()));
        }
    }
    claims.sort();
    let had: Vec<String> = lists[0]
        .iter()
        .filter_map(|why| why.get("root_cause")?.as_str())
        .map(label::root_cause_key)
        .collect();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (_, _, at, label) in claims {
        let part = |key: &str| brief(nodes[at].part(key).unwrap_or_default());
        let words = format!("{} \"{}\"", part("id"), part("why"));
        let mut key = label::root_cause_key(&label);
        if let Some(holder) = taken.get(&key) {
            let new = label::next("RC", had.iter().map(String::as_str), |new| taken.contains_key(new));
            let told = given_twice(&label, holder, &words, &new);
            three.remarks.push(format!("{told}, and so its countermeasures say"));
            nodes[at].map.insert("root_cause".to_owned(), Value::String(new.clone()));
            key = new;
        }
        taken.insert(key, words);
    }
}

/// The label of a why to which both sides gave another one: not the one that the base gave to another why, then the lower
/// one. What a merge gives is higher than all of the base, so that what people gave stands beside it.
fn agreed(uid: &str, lists: [&[Value]; 3]) -> Option<String> {
    let label_of = |list: &[Value]| {
        let why = list.iter().find(|why| why.get("uid").and_then(Value::as_str) == Some(uid))?;
        why.get("root_cause")?.as_str().map(str::to_owned)
    };
    let [base, ours, theirs] = lists.map(label_of);
    let (ours, theirs) = (ours?, theirs?);
    if ours == theirs || base.as_ref() == Some(&ours) || base.as_ref() == Some(&theirs) {
        return None;
    }
    let is_anothers = |label: &str| {
        let same = |why: &&Value| {
            let own = why.get("root_cause").and_then(Value::as_str);
            own.is_some_and(|own| label::root_cause_key(own) == label::root_cause_key(label))
        };
        lists[0].iter().any(|why| same(&why) && why.get("uid").and_then(Value::as_str) != Some(uid))
    };
    let rank = |label: &String| (is_anothers(label), label::root_cause_order(label), label.clone());
    [ours, theirs].into_iter().min_by_key(rank)
}

/// What is told of a label that two things had: which of them has it, and what the other has now.
pub(super) fn given_twice(label: &str, holder: &str, younger: &str, new: &str) -> String {
    let label = brief(label);
    format!("{label} was given twice: {holder} is {label}, and {younger} was {label} and is {new} now")
}

/// Renumbers the younger of two countermeasures, acts or factors to which both sides gave one label.
pub(super) fn items(merged: &mut Pdca, base: Option<&Pdca>, three: &mut Three) {
    let had = |labels: Vec<(Option<Uid>, String)>| labels.into_iter().collect::<BTreeMap<_, _>>();
    let cures =
        had(base.into_iter().flat_map(|pdca| &pdca.countermeasures).map(|c| key(c.uid, &c.id)).collect());
    let acts = had(base.into_iter().flat_map(Pdca::acts).map(|(_, act)| key(act.uid, &act.id)).collect());
    let factors = base.into_iter().flat_map(|pdca| &pdca.contributing_factors);
    let factors = had(factors.map(|factor| key(factor.uid, &factor.id)).collect());
    single(
        "C",
        merged.countermeasures.iter_mut().map(|c| (c.uid, &mut c.id, c.title.as_str())).collect(),
        &cures,
        three,
    );
    let all = merged.countermeasures.iter_mut().flat_map(|cure| &mut cure.acts);
    single("A", all.map(|act| (act.uid, &mut act.id, act.title.as_str())).collect(), &acts, three);
    let all = merged.contributing_factors.iter_mut();
    single(
        "F",
        all.map(|factor| (factor.uid, &mut factor.id, factor.factor.as_str())).collect(),
        &factors,
        three,
    );
}

fn key(uid: Option<Uid>, label: &Line) -> (Option<Uid>, String) {
    (uid, label::fold(label.as_str()))
}

/// Labels of one kind, each with the uid and the title of what has it.
fn single(
    prefix: &str,
    mut labels: Vec<(Option<Uid>, &mut Line, &str)>,
    had: &BTreeMap<Option<Uid>, String>,
    three: &mut Three,
) {
    labels.sort_by_key(|(uid, label, _)| (had.get(uid) != Some(&label::fold(label.as_str())), *uid));
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (_, label, title) in labels {
        let words = format!("\"{}\"", brief(title));
        let mut key = label::fold(label.as_str());
        if let Some(holder) = taken.get(&key) {
            let is_taken = |new: &str| taken.contains_key(&label::fold(new));
            let new = label::next(prefix, had.values().map(String::as_str), is_taken);
            three.remarks.push(given_twice(label.as_str(), holder, &words, &new));
            key = label::fold(&new);
            *label = own(&new);
        }
        taken.insert(key, words);
    }
}

/// A target that both sides added to an act is one target, done when the first of them says so.
pub(super) fn targets(merged: &mut Pdca, base: Option<&Pdca>) {
    let known: BTreeSet<Option<Uid>> = base
        .into_iter()
        .flat_map(Pdca::acts)
        .flat_map(|(_, act)| &act.targets)
        .map(|target| target.uid)
        .collect();
    for act in merged.countermeasures.iter_mut().flat_map(|cure| &mut cure.acts) {
        let mut kept: Vec<Target> = vec![];
        for target in act.targets.drain(..) {
            let same = |other: &&mut Target| label::same(other.name.as_str(), target.name.as_str());
            match kept.iter_mut().find(same).filter(|_| !known.contains(&target.uid)) {
                None => kept.push(target),
                Some(other) => {
                    other.done_on = [other.done_on, target.done_on].into_iter().flatten().min();
                    if !known.contains(&other.uid) {
                        other.uid = other.uid.min(target.uid);
                    }
                }
            }
        }
        act.targets = kept;
    }
}
