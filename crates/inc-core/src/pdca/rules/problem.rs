//! Plan: the problem, framed, and both questions asked.

use super::{Found, Look, Rule, key_of, top, wording};
use crate::pdca::command;
use crate::pdca::finding::Level;
use crate::pdca::tree::Branch;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "problem-missing",
        level: Level::Warning,
        title: "no problem statement",
        teaches: "A problem that nobody framed is solved by accident. Say what deviates from which standard, where, since \
                  when and how much; say nothing of the cause.",
        bad: "problem_statement: TODO",
        good: "problem_statement: |-\n  From 12:59 to 14:13 no new pod was scheduled on staging3: 60 of 60 nodes were full.",
        look: missing,
    },
    Rule {
        code: "problem-unmeasurable",
        level: Level::Note,
        title: "the problem statement counts nothing",
        teaches: "Without a number nobody can tell later whether the problem is gone. How many, how often, how long, \
                  against which standard? A number within a name, such as staging3, counts nothing.",
        bad: "problem_statement: The cluster is slow and a lot of branches do not work",
        good: "problem_statement: 40 of 55 branches on staging3 did not start between 12:59 and 14:13",
        look: unmeasurable,
    },
    Rule {
        code: "branch-missing",
        level: Level::Warning,
        title: "one of the two questions is not asked",
        teaches: "Ask both: why did it occur, and why didn't we detect it sooner? The second finds what would have made \
                  the harm small. Where a question truly does not apply, say why.",
        bad: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}",
        good: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}\n\
               non_detection_na: The alert fired within a minute",
        look: branch_missing,
    },
    Rule {
        code: "branch-contradiction",
        level: Level::Error,
        title: "a question is answered and does not apply",
        teaches: "A tree with whys says that the question applies, its `…_na` key that it does not. Take one of them out.",
        bad: "non_detection:\n  - {id: n1, why: The alert was broken, root_cause: RC1}\nnon_detection_na: We saw it at once",
        good: "non_detection:\n  - {id: n1, why: The alert was broken, root_cause: RC1}",
        look: branch_contradiction,
    },
];

fn missing(look: &Look<'_>) -> Vec<Found> {
    let why = match &look.pdca.problem_statement {
        None => "the problem is not stated",
        Some(text) if wording::is_placeholder(text.as_str()) => {
            "the problem statement only holds the place for one"
        }
        Some(_) => return vec![],
    };
    vec![problem(look, why)]
}

fn unmeasurable(look: &Look<'_>) -> Vec<Found> {
    let text = look.pdca.problem_statement.as_ref().map(|text| text.as_str());
    let text = text.filter(|text| !wording::is_placeholder(text) && !wording::counts(text));
    text.map(|_| problem(look, "it counts nothing: how many, how often, since when?")).into_iter().collect()
}

fn problem(look: &Look<'_>, why: &str) -> Found {
    Found {
        path: top("problem_statement"),
        label: "problem".to_owned(),
        why: why.to_owned(),
        help: vec![command::problem(look.id())],
    }
}

fn branch_missing(look: &Look<'_>) -> Vec<Found> {
    let absent = Branch::ALL
        .into_iter()
        .filter(|branch| look.pdca.branch(*branch).is_empty() && look.pdca.branch_na(*branch).is_none());
    absent
        .map(|branch| Found {
            path: top(key_of(branch)),
            label: branch.name().to_owned(),
            why: format!("not asked yet: {}", branch.question()),
            help: vec![command::why(look.id(), branch.name()), command::na(look.id(), branch.name())],
        })
        .collect()
}

fn branch_contradiction(look: &Look<'_>) -> Vec<Found> {
    let both = Branch::ALL
        .into_iter()
        .filter(|branch| !look.pdca.branch(*branch).is_empty() && look.pdca.branch_na(*branch).is_some());
    both.map(|branch| Found {
        path: top(&format!("{}_na", key_of(branch))),
        label: branch.name().to_owned(),
        why: "the tree has whys, and its question does not apply: take one out".to_owned(),
        help: vec![command::edit(look.id())],
    })
    .collect()
}
