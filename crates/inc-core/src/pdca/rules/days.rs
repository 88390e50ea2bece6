//! Days: what is late and open, and what is said to be done on a day that has not come.

use chrono::NaiveDate;

use super::acts::{acts, open_targets};
use super::cures::live;
use super::{Found, Look, Rule, cure};
use crate::pdca::finding::Level;
use crate::pdca::{ActStatus, CountermeasureStatus, command};
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

fn due_passed(look: &Look<'_>) -> Vec<Found> {
    let is_late = |due: Option<NaiveDate>| due.filter(|due| *due < look.today);
    let mut all = vec![];
    for (at, it) in live(look).filter(|(_, it)| it.status() == CountermeasureStatus::Planned) {
        if let Some(due) = is_late(it.due) {
            let label = it.id.as_str();
            all.push(Found {
                path: cure(at).key("due"),
                label: label.to_owned(),
                why: format!("due {due}, {}, and not done", ago(due, look.today)),
                help: vec![command::done(look.id(), label), command::amend(look.id(), label, "--due DAY")],
            });
        }
    }
    for (path, act) in acts(look).filter(|(_, act)| act.status() != ActStatus::Done) {
        if let Some(due) = is_late(act.due) {
            let label = act.id.as_str();
            let (rest, done) = match open_targets(look, act) {
                Some((names, command)) => (format!("open: {names}"), command),
                None => ("not done".to_owned(), command::done(look.id(), label)),
            };
            all.push(Found {
                path: path.key("due"),
                label: label.to_owned(),
                why: format!("due {due}, {}, and {rest}", ago(due, look.today)),
                help: vec![done, command::act_due(look.id(), label)],
            });
        }
    }
    all
}

fn check_passed(look: &Look<'_>) -> Vec<Found> {
    let open = live(look).filter(|(_, it)| it.result().is_none());
    open.filter_map(|(at, it)| {
        let on = it.check.as_ref()?.on.filter(|on| *on < look.today)?;
        let label = it.id.as_str();
        Some(Found {
            path: cure(at).key("check").key("on"),
            label: label.to_owned(),
            why: format!("its check was planned for {on}, {}, and has no result", ago(on, look.today)),
            help: vec![command::check(look.id(), label), command::amend(look.id(), label, "--check-on DAY")],
        })
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
