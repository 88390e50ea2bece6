//! The coach: which question a good PDCA asks next of this one.
//!
//! The state is the record and nothing else, so that one may stop after any answer, and another go on. A question that
//! may be left open, such as a timebox, is asked only until what comes after it is answered: nobody is nagged for ever.
//! What an answer makes happen is in `answer`, the words are in `words`, what is shown beside them in `around`.

mod answer;
mod around;
mod frame;
mod question;
mod remark;
mod words;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::rules::{is_placeholder, lacks_verdict};
use super::{ActStatus, Branch, Check, Countermeasure, CountermeasureStatus, Pdca, SourceKind};

pub use answer::{Answer, Reading};
pub use frame::Part;
pub use question::{ActPart, CurePart, Question};
pub use remark::{first_remarks, remarks};

/// The next question that is not among those that were `asked` already, by their keys; `None` where none is left.
pub fn next(pdca: &Pdca, today: NaiveDate, asked: &BTreeSet<String>) -> Option<Question> {
    questions(pdca, today).into_iter().find(|question| !asked.contains(&question.key()))
}

/// Every question that is open, in the order of a good PDCA; none of one that was given up.
///
/// A check is asked about from its day on.
pub fn questions(pdca: &Pdca, today: NaiveDate) -> Vec<Question> {
    if pdca.abandoned.is_some() {
        return vec![];
    }
    let mut all = beginning(pdca);
    for branch in Branch::ALL {
        all.extend(tree(pdca, branch));
    }
    all.extend(cures(pdca));
    all.extend(done(pdca));
    all.extend(checks(pdca, today));
    all.extend(acts(pdca));
    all
}

/// Who, what happened, and the problem; until the first why is answered.
fn beginning(pdca: &Pdca) -> Vec<Question> {
    let is_early = Branch::ALL.into_iter().all(|branch| !is_begun(pdca, branch));
    let is_told = pdca.context.is_some() || pdca.source.kind == SourceKind::Incident;
    let optional = [(Question::Owner, pdca.owner.is_none()), (Question::Context, !is_told)];
    let mut all: Vec<Question> = optional
        .into_iter()
        .filter(|(_, is_open)| is_early && *is_open)
        .map(|(question, _)| question)
        .collect();
    let stated = pdca.problem_statement.as_ref().filter(|text| !is_placeholder(text.as_str()));
    let missing = match stated {
        None => Part::ALL.to_vec(),
        Some(text) if is_early => frame::to_come(text.as_str()),
        Some(_) => vec![],
    };
    all.extend(missing.into_iter().map(Question::Frame));
    all
}

fn tree(pdca: &Pdca, branch: Branch) -> Vec<Question> {
    if pdca.branch(branch).is_empty() {
        let is_open = pdca.branch_na(branch).is_none();
        return is_open.then_some(Question::FirstWhy(branch)).into_iter().collect();
    }
    let whys = || pdca.whys().filter(|node| node.branch == branch).map(|node| node.why);
    let open = whys().filter(|why| lacks_verdict(why));
    let mut all: Vec<Question> =
        open.map(|why| Question::GoOn { why: why.id.to_string(), links: why.whys.len() }).collect();
    let is_last = match branch {
        Branch::Occurrence => !is_begun(pdca, Branch::NonDetection),
        Branch::NonDetection => true,
    };
    let is_fruitless =
        pdca.root_causes().is_empty() && Branch::ALL.into_iter().all(|branch| is_begun(pdca, branch));
    if pdca.countermeasures.is_empty() && (is_last || is_fruitless) {
        all.push(Question::Another { branch, whys: pdca.whys().count() });
    }
    all
}

fn is_begun(pdca: &Pdca, branch: Branch) -> bool {
    !pdca.branch(branch).is_empty() || pdca.branch_na(branch).is_some()
}

/// What the countermeasures that count lack, then the root causes that lack one; of what failed, what was seen.
fn cures(pdca: &Pdca) -> Vec<Question> {
    let mut all: Vec<Question> = vec![];
    for it in live(pdca) {
        let plan = parts(it).into_iter();
        all.extend(plan.map(|lacks| Question::Plan { countermeasure: it.id.to_string(), lacks }));
    }
    for cause in pdca.root_causes() {
        let answers: Vec<&Countermeasure> = pdca.countermeasures_for(cause.label.as_str()).collect();
        if answers.iter().any(|it| it.is_live()) {
            continue;
        }
        let root_cause = cause.label.to_string();
        let failed: Vec<String> = answers.iter().map(|it| it.id.to_string()).collect();
        let is_unshown =
            |it: &&&Countermeasure| it.check.as_ref().is_some_and(|check| check.evidence.is_none());
        all.extend(
            answers
                .iter()
                .filter(is_unshown)
                .map(|it| Question::Evidence { countermeasure: it.id.to_string() }),
        );
        if !failed.is_empty() {
            let (root_cause, failed) = (root_cause.clone(), failed.clone());
            all.push(Question::Below { root_cause, why: cause.why.id.to_string(), failed });
        }
        all.push(Question::Cure { root_cause, failed });
    }
    all
}

/// The parts that are open: what may be left open only while none of what comes later is there.
fn parts(it: &Countermeasure) -> Vec<CurePart> {
    let none = Check::default();
    let check = it.check.as_ref().unwrap_or(&none);
    let is_early = check.how.is_none() && check.on.is_none() && it.status() == CountermeasureStatus::Planned;
    [
        (CurePart::Owner, it.owner.is_none()),
        (CurePart::Kind, is_early && it.kind.is_none() && it.timebox.is_none() && it.due.is_none()),
        (CurePart::Timebox, is_early && it.timebox.is_none() && it.due.is_none()),
        (CurePart::Due, is_early && it.due.is_none()),
        (CurePart::How, check.how.is_none()),
        (CurePart::On, check.on.is_none()),
    ]
    .into_iter()
    .filter(|(_, is_open)| *is_open)
    .map(|(part, _)| part)
    .collect()
}

fn live(pdca: &Pdca) -> impl Iterator<Item = &Countermeasure> {
    pdca.countermeasures.iter().filter(|it| it.is_live())
}

fn done(pdca: &Pdca) -> Vec<Question> {
    let planned = live(pdca).filter(|it| it.status() == CountermeasureStatus::Planned);
    planned.map(|it| Question::Done { countermeasure: it.id.to_string() }).collect()
}

/// What is done is checked, from the day that was planned; what is proven is shown, until an act follows from it.
fn checks(pdca: &Pdca, today: NaiveDate) -> Vec<Question> {
    let mut all = vec![];
    for it in live(pdca) {
        let countermeasure = it.id.to_string();
        let check = it.check.as_ref();
        let is_ahead = check.and_then(|check| check.on).is_some_and(|on| on > today);
        let is_shown = check.is_some_and(|check| check.evidence.is_some());
        match it.status() {
            CountermeasureStatus::Done if !is_ahead => all.push(Question::Result { countermeasure }),
            CountermeasureStatus::CheckOk if !is_shown && it.acts.is_empty() => {
                all.push(Question::Evidence { countermeasure });
            }
            _ => {}
        }
    }
    all
}

fn acts(pdca: &Pdca) -> Vec<Question> {
    let mut all = vec![];
    for it in live(pdca).filter(|it| it.result().is_some() && it.no_act.is_none()) {
        if it.acts.is_empty() {
            all.push(Question::Rollout { countermeasure: it.id.to_string() });
        }
        for act in it.acts.iter().filter(|act| act.status() != ActStatus::Done) {
            let parts = [
                (ActPart::Owner, act.owner.is_none()),
                (ActPart::Targets, act.targets.is_empty() && act.due.is_none()),
                (ActPart::Due, act.due.is_none()),
            ];
            let open = parts.into_iter().filter(|(_, is_open)| *is_open);
            all.extend(open.map(|(lacks, _)| Question::Act { act: act.id.to_string(), lacks }));
            if act.targets.is_empty() {
                all.push(Question::ActDone { act: act.id.to_string() });
            }
            let rest = act.targets.iter().filter(|target| target.done_on.is_none());
            all.extend(
                rest.map(|target| Question::Target {
                    act: act.id.to_string(),
                    target: target.name.to_string(),
                }),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests;
