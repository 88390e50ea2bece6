//! Check: what proves a countermeasure, and what follows from the proof.

use super::cures::live;
use super::{Found, Look, Rule, cure};
use crate::pdca::finding::Level;
use crate::pdca::{Check, CheckResult, Countermeasure, command};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "check-missing",
        level: Level::Warning,
        title: "nothing tells how a countermeasure is checked",
        teaches: "Before anything is done, say what will prove that it cures: provoke the failure, and see that it is \
                  stopped or seen. \"Deployed\" proves nothing.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, check: {on: 2023-03-28}}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD that is not in the list, on: 2023-03-28}",
        look: missing,
    },
    Rule {
        code: "check-no-day",
        level: Level::Warning,
        title: "a check has no day",
        teaches: "A check without a day is never made. The day may lie before the PDCA was begun, where the check was made \
                  during the incident.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, check: {how: Create a CRD}}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-28}",
        look: no_day,
    },
    Rule {
        code: "check-no-result",
        level: Level::Warning,
        title: "a check has evidence and no result",
        teaches: "Somebody checked, and did not say what came out: ok or ko. Without it nothing counts as proven.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2023-03-28, evidence: It was refused}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-28, evidence: It was refused, result: ok}",
        look: no_result,
    },
    Rule {
        code: "check-no-evidence",
        level: Level::Note,
        title: "a check is OK, and nothing shows it",
        teaches: "Who reads it in a year wants to see what was seen: a log line, a screenshot's address, a sentence.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2023-03-28, result: ok}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-28, result: ok, evidence: \"admission webhook: denied\"}",
        look: no_evidence,
    },
    Rule {
        code: "ko-unanswered",
        level: Level::Warning,
        title: "a check is KO, and no other countermeasure follows",
        teaches: "A KO is no shame, it sends the loop round: another countermeasure for the same root cause, or a deeper why, \
                  should that not have been the cause.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2023-03-28, result: ko}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-28, result: ko}\n\
               \x20 - {id: C2, root_causes: [RC1], title: Refuse every CRD on staging}",
        look: ko_unanswered,
    },
    Rule {
        code: "ok-no-act",
        level: Level::Warning,
        title: "a countermeasure is proven and applied nowhere else",
        teaches: "What cures here cures elsewhere (yokoten): apply it to the rest of systems and company, or say why there is \
                  nothing to apply.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2023-03-28, result: ok}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-28, result: ok}\n\
               \x20   acts: [{id: A1, title: The same on every cluster, owner: Ada Lovelace, due: 2023-04-28}]",
        look: no_act,
    },
];

/// The countermeasures that still count and whose check is so, each with the path of a key of the check.
fn wherever(
    look: &Look<'_>,
    key: &str,
    is_so: impl Fn(&Check) -> bool,
    tell: impl Fn(&Countermeasure) -> (&'static str, Vec<String>),
) -> Vec<Found> {
    let none = Check::default();
    let so = live(look).filter(|(_, it)| is_so(it.check.as_ref().unwrap_or(&none)));
    so.map(|(at, it)| {
        let (why, help) = tell(it);
        Found { path: cure(at).key("check").key(key), label: it.id.to_string(), why: why.to_owned(), help }
    })
    .collect()
}

fn missing(look: &Look<'_>) -> Vec<Found> {
    wherever(
        look,
        "how",
        |check| check.how.is_none(),
        |it| {
            (
                "nothing tells how it is checked",
                vec![command::amend(look.id(), it.id.as_str(), "--check HOW")],
            )
        },
    )
}

fn no_day(look: &Look<'_>) -> Vec<Found> {
    wherever(
        look,
        "on",
        |check| check.on.is_none(),
        |it| ("its check has no day", vec![command::amend(look.id(), it.id.as_str(), "--check-on DAY")]),
    )
}

fn no_result(look: &Look<'_>) -> Vec<Found> {
    let is_so = |check: &Check| check.evidence.is_some() && check.result.is_none();
    wherever(look, "result", is_so, |it| {
        ("its check has evidence and no result", vec![command::result(look.id(), it.id.as_str())])
    })
}

fn no_evidence(look: &Look<'_>) -> Vec<Found> {
    let is_so = |check: &Check| check.evidence.is_none() && check.result == Some(CheckResult::Ok);
    wherever(look, "evidence", is_so, |it| {
        ("its check is OK, and nothing shows it", vec![command::check(look.id(), it.id.as_str())])
    })
}

fn ko_unanswered(look: &Look<'_>) -> Vec<Found> {
    let all = look.pdca.countermeasures.iter().enumerate();
    let failed = all.filter(|(_, it)| it.result() == Some(CheckResult::Ko));
    failed
        .filter_map(|(at, it)| {
            let is_open = |cause: &&crate::text::Line| {
                !look.pdca.countermeasures_for(cause.as_str()).any(|it| it.is_live())
            };
            // The label may have moved to a deeper why: then that one lacks a countermeasure.
            let cause = it.root_causes.iter().find(is_open)?;
            let mut help = vec![command::countermeasure(look.id(), cause.as_str())];
            let why = look.whys.iter().find(|node| node.why.root_cause.as_ref() == Some(cause));
            help.extend(why.map(|node| command::why_under(look.id(), node.why.id.as_str())));
            Some(Found {
                path: cure(at).key("check").key("result"),
                label: it.id.to_string(),
                why: format!("it was checked KO, and nothing else answers {cause}"),
                help,
            })
        })
        .collect()
}

fn no_act(look: &Look<'_>) -> Vec<Found> {
    let proven =
        live(look).filter(|(_, it)| it.result().is_some() && it.acts.is_empty() && it.no_act.is_none());
    proven
        .map(|(at, it)| Found {
            path: cure(at).key("acts"),
            label: it.id.to_string(),
            why: "it is proven, and applied nowhere else".to_owned(),
            help: vec![command::act(look.id(), it.id.as_str()), command::no_act(look.id(), it.id.as_str())],
        })
        .collect()
}
