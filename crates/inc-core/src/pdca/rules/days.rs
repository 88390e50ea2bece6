//! Days: what is late and open, and what is said to be done on a day that has not come.

use chrono::NaiveDate;

use super::acts::acts;
use super::{Found, Look, Rule, cure};
use crate::pdca::finding::Level;
use crate::pdca::{Step, StepKind, command};
use crate::severity::Path;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "due-passed",
        level: Level::Warning,
        title: "a countermeasure or an act is late",
        teaches: "Its due day is past and it is not done. Do it, or agree on a new day and say so. What was done late is done: \
                  that passes.",
        bad: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, due: 2023-03-01}",
        good: "countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs, due: 2023-03-01, \
               done_on: 2023-03-20}",
        look: due_passed,
    },
    Rule {
        code: "check-passed",
        level: Level::Warning,
        title: "the day of a check is past, and it has no result",
        teaches: "A countermeasure that nobody checks is a hope. Check it now, and give the result; or plan another day.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2023-03-01}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2023-03-01, result: ok}",
        look: check_passed,
    },
    Rule {
        code: "day-ahead",
        level: Level::Error,
        title: "something is done or checked on a day that has not come",
        teaches: "A result or a day of doing lies in the future: the day is mistyped, or the result was only expected. A check \
                  that is planned has a day and no result.",
        bad: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
              \x20   check: {how: Create a CRD, on: 2999-03-28, result: ok}",
        good: "countermeasures:\n  - id: C1\n    root_causes: [RC1]\n    title: Allow only some CRDs\n\
               \x20   check: {how: Create a CRD, on: 2999-03-28}",
        look: day_ahead,
    },
];

/// `3 days ago`, `yesterday`.
fn ago(day: NaiveDate, today: NaiveDate) -> String {
    match (today - day).num_days() {
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// The open steps of a kind whose day is past, each with it.
fn late<'a>(look: &Look<'a>, kind: StepKind) -> impl Iterator<Item = (Step<'a>, NaiveDate)> {
    let today = look.today;
    let steps = look.pdca.open_steps().filter(move |step| step.kind == kind);
    steps.filter_map(move |step| Some((step, step.late(today)?)))
}

fn due_passed(look: &Look<'_>) -> Vec<Found> {
    let late = late(look, StepKind::Do).chain(late(look, StepKind::Act));
    late.map(|(step, due)| {
        let open: Vec<&str> = step.open_targets().map(|target| target.name.as_str()).collect();
        let rest = if open.is_empty() { "not done".to_owned() } else { format!("open: {}", open.join(", ")) };
        Found {
            path: step.path(),
            label: step.label().to_owned(),
            why: format!("due {due}, {}, and {rest}", ago(due, look.today)),
            help: vec![step.command(), step.day_command()],
        }
    })
    .collect()
}

fn check_passed(look: &Look<'_>) -> Vec<Found> {
    late(look, StepKind::Check)
        .map(|(step, on)| Found {
            path: step.path(),
            label: step.label().to_owned(),
            why: format!("its check was planned for {on}, {}, and has no result", ago(on, look.today)),
            help: vec![step.command(), step.day_command()],
        })
        .collect()
}

fn day_ahead(look: &Look<'_>) -> Vec<Found> {
    let mut days: Vec<(Path, String, &str, Option<NaiveDate>)> = vec![];
    for (at, it) in look.pdca.countermeasures.iter().enumerate() {
        let label = it.id.to_string();
        let checked = it.check.as_ref().filter(|check| check.result.is_some()).and_then(|check| check.on);
        days.push((cure(at).key("done_on"), label.clone(), "done", it.done_on));
        for (n, check) in it.earlier_checks.iter().enumerate() {
            let path = cure(at).key("earlier_checks").index(n).key("on");
            days.push((path, label.clone(), "checked", check.on));
        }
        days.push((cure(at).key("check").key("on"), label, "checked", checked));
    }
    for (path, act) in acts(look) {
        days.push((path.key("done_on"), act.id.to_string(), "done", act.done_on));
        for (n, target) in act.targets.iter().enumerate() {
            let path = path.key("targets").index(n).key("done_on");
            days.push((path, format!("{} {}", act.id, target.name), "applied", target.done_on));
        }
    }
    let ahead = days.into_iter().filter_map(|(path, label, what, day)| Some((path, label, what, day?)));
    ahead
        .filter(|(.., day)| *day > look.today)
        .map(|(path, label, what, day)| Found {
            path,
            label,
            why: format!("{what} on {day}, and today is {}", look.today),
            help: vec![command::edit(look.id())],
        })
        .collect()
}
