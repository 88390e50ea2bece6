//! Do: countermeasures that are simple, owned, timeboxed, and more than good advice.

use super::{Found, Look, Rule, cure, top, wording};
use crate::pdca::finding::Level;
use crate::pdca::tree::Branch;
use crate::pdca::{Countermeasure, CountermeasureKind, command};
use crate::span::Span;

/// The longest timebox of a countermeasure: what takes longer is a project, for an A3.
const MOST: Span = Span::hours(14 * 24);

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "cure-no-cause",
        level: Level::Error,
        title: "a countermeasure answers no root cause",
        teaches: "A good idea that answers nothing of the analysis is no countermeasure. Name the root cause, or put it \
                  into a ticket of its own.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [], title: Allow only some CRDs}",
        good: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs}",
        look: no_cause,
    },
    Rule {
        code: "cure-no-owner",
        level: Level::Warning,
        title: "a countermeasure has no owner",
        teaches: "What everybody should do nobody does. One name, of a person who agreed.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs}",
        good: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, owner: Ada Lovelace}",
        look: no_owner,
    },
    Rule {
        code: "cure-weak",
        level: Level::Warning,
        title: "a root cause is answered by good advice alone",
        teaches: "Reminders and trainings wear off, and new people come. They may stand beside a countermeasure that changes \
                  the system: a default, a guard, an alert. Alone they cure nothing.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Remind the team not to test on staging}",
        good: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Remind the team not to test on staging}\n\
               \x20 - {id: C2, root_causes: [RC1], title: Allow only some CRDs on staging}",
        look: weak,
    },
    Rule {
        code: "cure-one-sided",
        level: Level::Warning,
        title: "all countermeasures prevent and none detects, or the reverse",
        teaches: "Where both trees have root causes, one kind of countermeasure is half an answer: prevent the cause, and \
                  see it sooner should it come all the same. Looked at once every countermeasure has its `type`.",
        bad: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}\n\
              non_detection:\n  - {id: n1, why: The alert was broken, root_cause: RC2}\n\
              countermeasures:\n  - {id: C1, root_causes: [RC1, RC2], title: Allow only some CRDs, type: prevent}",
        good: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}\n\
               non_detection:\n  - {id: n1, why: The alert was broken, root_cause: RC2}\n\
               countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, type: prevent}\n\
               \x20 - {id: C2, root_causes: [RC2], title: Fix the alert, type: detect}",
        look: one_sided,
    },
    Rule {
        code: "cure-too-long",
        level: Level::Warning,
        title: "a timebox of more than two weeks",
        teaches: "A countermeasure is a simple action. What takes longer is a deep problem: take a small step that can be \
                  checked soon, and hand the rest to an A3 or a kaizen; once the PDCA has an `escalation`, this is silent.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Rebuild the clusters, timebox: 60d}",
        good: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, timebox: 2d}",
        look: too_long,
    },
];

/// The countermeasures that still count, with their places.
pub(super) fn live<'a>(look: &Look<'a>) -> impl Iterator<Item = (usize, &'a Countermeasure)> + use<'a> {
    look.pdca.countermeasures.iter().enumerate().filter(|(_, cure)| cure.is_live())
}

fn found(at: usize, key: &str, it: &Countermeasure, why: &str, help: Vec<String>) -> Found {
    Found { path: cure(at).key(key), label: it.id.to_string(), why: why.to_owned(), help }
}

fn no_cause(look: &Look<'_>) -> Vec<Found> {
    let bare = look.pdca.countermeasures.iter().enumerate().filter(|(_, it)| it.root_causes.is_empty());
    bare.map(|(at, it)| {
        let help = command::amend(look.id(), it.id.as_str(), "--root-cause RC");
        found(at, "root_causes", it, "it answers no root cause", vec![help])
    })
    .collect()
}

fn no_owner(look: &Look<'_>) -> Vec<Found> {
    let unowned = live(look).filter(|(_, it)| it.owner.is_none());
    unowned
        .map(|(at, it)| {
            let help = command::amend(look.id(), it.id.as_str(), "--owner NAME");
            found(at, "owner", it, "nobody owns it", vec![help])
        })
        .collect()
}

fn weak(look: &Look<'_>) -> Vec<Found> {
    let is_weak = |it: &Countermeasure| wording::is_weak(it.title.as_str());
    let mut all = vec![];
    for (at, it) in live(look).filter(|(_, it)| is_weak(it)) {
        let alone = it.root_causes.iter().find(|cause| {
            let mut answers = look.pdca.countermeasures_for(cause.as_str()).filter(|cure| cure.is_live());
            answers.all(is_weak)
        });
        if let Some(cause) = alone {
            let why = format!("{cause} is answered by good advice alone, which wears off");
            let help = command::countermeasure(look.id(), cause.as_str());
            all.push(found(at, "title", it, &why, vec![help]));
        }
    }
    all
}

fn one_sided(look: &Look<'_>) -> Vec<Found> {
    let kinds: Option<Vec<CountermeasureKind>> = live(look).map(|(_, it)| it.kind).collect();
    let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) else { return vec![] };
    if !Branch::ALL.into_iter().all(|branch| look.has_cause(branch)) {
        return vec![];
    }
    let sides = [
        (CountermeasureKind::Prevent, Branch::Occurrence, "prevents"),
        (CountermeasureKind::Detect, Branch::NonDetection, "detects"),
    ];
    let absent = sides.into_iter().filter(|(kind, ..)| !kinds.contains(kind));
    absent
        .map(|(kind, branch, words)| {
            let cause = look.pdca.root_causes().into_iter().find(|cause| cause.branch == branch);
            let cause = cause.map_or("RC", |cause| cause.label.as_str());
            Found {
                path: top("countermeasures"),
                label: branch.name().to_owned(),
                why: format!("no countermeasure {words}, though the tree has a root cause"),
                help: vec![format!("{} --type {kind}", command::countermeasure(look.id(), cause))],
            }
        })
        .collect()
}

fn too_long(look: &Look<'_>) -> Vec<Found> {
    if look.pdca.escalation.is_some() {
        return vec![];
    }
    let long = live(look).filter_map(|(at, it)| Some((at, it, it.timebox.filter(|span| *span > MOST)?)));
    long.map(|(at, it, span)| {
        let why = format!("{span} is no simple action: take a small step, and the rest to an A3");
        let help = vec![
            command::escalate(look.id(), "a3"),
            command::amend(look.id(), it.id.as_str(), "--timebox 2d"),
        ];
        found(at, "timebox", it, &why, help)
    })
    .collect()
}
