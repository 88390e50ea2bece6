//! Act: who applies what is proven, by when, and where it still lacks.

use super::{Found, Look, Rule, cure};
use crate::pdca::finding::Level;
use crate::pdca::{Act, ActStatus, command};
use crate::severity::Path;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "act-no-owner",
        level: Level::Warning,
        title: "an open act has no owner",
        teaches: "After the check everyone moves on: an act without a name stays on the page. Of an act that is done nothing \
                  is asked.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   acts: [{id: A1, title: The same on every cluster, due: 2023-04-28}]",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   acts: [{id: A1, title: The same on every cluster, due: 2023-04-28, owner: Ada Lovelace}]",
        look: no_owner,
    },
    Rule {
        code: "act-no-due",
        level: Level::Warning,
        title: "an open act has no due day",
        teaches: "What has no day is never late, and never done. Of an act that is done nothing is asked.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   acts: [{id: A1, title: The same on every cluster, owner: Ada Lovelace}]",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   acts: [{id: A1, title: The same on every cluster, owner: Ada Lovelace, due: 2023-04-28}]",
        look: no_due,
    },
    Rule {
        code: "act-targets-open",
        level: Level::Note,
        title: "an act is not applied to all its targets",
        teaches: "The targets that lack it can fail as this one did. Once the due day is past, `due-passed` says so louder.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n    acts:\n\
              \x20     - {id: A1, title: Everywhere, targets: [{name: staging, done_on: 2023-04-01}, {name: production}]}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n    acts:\n\
               \x20     - id: A1\n        title: Everywhere\n\
               \x20       targets: [{name: staging, done_on: 2023-04-01}, {name: production, done_on: 2023-04-03}]",
        look: targets_open,
    },
    Rule {
        code: "act-not-everywhere",
        level: Level::Warning,
        title: "an act is marked done, and some targets are not",
        teaches: "With targets only these count; the act's own day says more than is true. Tick what is done, or take out the \
                  targets that are none.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   acts: [{id: A1, title: Everywhere, done_on: 2023-04-01, targets: [{name: production}]}]",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   acts: [{id: A1, title: Everywhere, targets: [{name: production, done_on: 2023-04-01}]}]",
        look: not_everywhere,
    },
];

/// Every act with its path.
pub(super) fn acts<'a>(look: &Look<'a>) -> impl Iterator<Item = (Path, &'a Act)> + use<'a> {
    let cures = look.pdca.countermeasures.iter().enumerate();
    cures.flat_map(|(c, it)| {
        it.acts.iter().enumerate().map(move |(a, act)| (cure(c).key("acts").index(a), act))
    })
}

/// The names of the targets that are not ticked, and the command for the first one.
pub(super) fn open_targets(look: &Look<'_>, act: &Act) -> Option<(String, String)> {
    let open: Vec<&str> = act
        .targets
        .iter()
        .filter(|target| target.done_on.is_none())
        .map(|target| target.name.as_str())
        .collect();
    let first = open.first()?;
    Some((open.join(", "), command::done_target(look.id(), act.id.as_str(), first)))
}

fn no_owner(look: &Look<'_>) -> Vec<Found> {
    let unowned = acts(look).filter(|(_, act)| act.owner.is_none() && act.status() != ActStatus::Done);
    unowned
        .map(|(path, act)| Found {
            path: path.key("owner"),
            label: act.id.to_string(),
            why: "nobody owns it".to_owned(),
            help: vec![command::act_owner(look.id(), act.id.as_str())],
        })
        .collect()
}

fn no_due(look: &Look<'_>) -> Vec<Found> {
    let timeless = acts(look).filter(|(_, act)| act.due.is_none() && act.status() != ActStatus::Done);
    timeless
        .map(|(path, act)| Found {
            path: path.key("due"),
            label: act.id.to_string(),
            why: "it has no due day".to_owned(),
            help: vec![command::act_due(look.id(), act.id.as_str())],
        })
        .collect()
}

fn targets_open(look: &Look<'_>) -> Vec<Found> {
    let open =
        acts(look).filter(|(_, act)| act.due.is_none_or(|due| due >= look.today) && act.done_on.is_none());
    open.filter_map(|(path, act)| {
        let (names, help) = open_targets(look, act)?;
        let (done, all) = act.progress();
        let why = format!("applied to {done} of {all} targets; open: {names}");
        Some(Found { path: path.key("targets"), label: act.id.to_string(), why, help: vec![help] })
    })
    .collect()
}

fn not_everywhere(look: &Look<'_>) -> Vec<Found> {
    let done = acts(look).filter_map(|(path, act)| Some((path, act, act.done_on?)));
    done.filter_map(|(path, act, on)| {
        let (names, help) = open_targets(look, act)?;
        let why = format!("it is marked done on {on}, and these targets are not: {names}");
        Some(Found { path: path.key("done_on"), label: act.id.to_string(), why, help: vec![help] })
    })
    .collect()
}
