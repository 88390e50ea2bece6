//! The news of a PDCA: its status, whys, countermeasures with what came of them, acts, and which properties else changed.

use super::{contested_briefly, counted, others};
use crate::pdca::{CheckResult, Countermeasure, Pdca};

/// What other lines tell of.
const TOLD: [&str; 2] = ["countermeasures", "contested"];

/// What became of a PDCA, the most telling first; without `before` it is new. Nothing where both say the same.
pub fn of_pdca(before: Option<&Pdca>, after: &Pdca) -> Vec<String> {
    let Some(before) = before else { return new(after) };
    let mut words = vec![];
    if before.status() != after.status() {
        words.push(format!("{} to {}", before.status().label(), after.status().label()));
    }
    let known = |uid| before.whys().any(|other| other.why.uid.is_some() && other.why.uid == uid);
    let whys = after.whys().filter(|node| node.why.uid.is_some() && !known(node.why.uid)).count();
    words.extend(counted(whys, "new why", "new whys"));
    words.extend(countermeasures(before, after));
    words.extend(contested_briefly(&before.contested, &after.contested));
    let told =
        if whys > 0 { &["countermeasures", "contested", "occurrence", "non_detection"][..] } else { &TOLD };
    words.extend(others(before, after, told));
    words
}

fn new(pdca: &Pdca) -> Vec<String> {
    let mut words = vec![format!("new PDCA: {}", pdca.title), pdca.status().label().to_owned()];
    words.extend(contested_briefly(&[], &pdca.contested));
    words
}

fn countermeasures(before: &Pdca, after: &Pdca) -> Vec<String> {
    let mut words = vec![];
    for now in &after.countermeasures {
        match before.countermeasures.iter().find(|was| is_same(was, now)) {
            None => words.push(format!("new countermeasure {}: {}", now.id, now.title)),
            Some(was) if was != now => words.push(change(was, now)),
            Some(_) => {}
        }
    }
    let is_gone = |was: &&Countermeasure| !after.countermeasures.iter().any(|now| is_same(was, now));
    words.extend(before.countermeasures.iter().filter(is_gone).map(|was| format!("{} taken out", was.id)));
    words
}

fn is_same(one: &Countermeasure, other: &Countermeasure) -> bool {
    match (one.uid, other.uid) {
        (Some(one), Some(other)) => one == other,
        _ => one.id == other.id,
    }
}

/// What came of one countermeasure, in the order of the loop; `changed` where it is none of these.
fn change(was: &Countermeasure, now: &Countermeasure) -> String {
    let mut words = vec![];
    if was.done_on.is_none() && now.done_on.is_some() {
        words.push("done".to_owned());
    }
    if was.result() != now.result() {
        words.push(match now.result() {
            Some(CheckResult::Ok) => "checked OK".to_owned(),
            Some(CheckResult::Ko) => "checked KO".to_owned(),
            None => "to be checked again".to_owned(),
        });
    }
    let acts = now.acts.len().saturating_sub(was.acts.len());
    words.extend(counted(acts, "new act", "new acts"));
    if words.is_empty() {
        words.push("changed".to_owned());
    }
    format!("{} {}", now.id, words.join(", "))
}
