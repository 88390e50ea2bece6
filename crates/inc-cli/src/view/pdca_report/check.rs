//! Do and check as rows: countermeasures by root cause, and their checks, those of before among them.

use inc_core::answer::Answer;
use inc_core::incident::Team;
use inc_core::pdca::{Check, CheckResult, Countermeasure, EarlierCheck, Pdca, Why};
use inc_core::text::Line;
use serde::Serialize;

/// The countermeasures of one root cause.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `RC1`; absent for countermeasures that name none.
    pub root_cause: Option<String>,
    /// The root cause itself; absent where no why-tree has it.
    pub why: Option<String>,
    /// How many countermeasures answer it.
    pub count: usize,
    /// Those countermeasures, in the order of the record.
    pub rows: Vec<CheckRow>,
}

/// One countermeasure and its check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckRow {
    /// `C1`.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Who does it.
    pub owner: Option<String>,
    /// Whose system it is, a value for each of the report's `team_columns`.
    pub team: Vec<String>,
    /// What it does against the cause, and how long it may take: a value for each of the report's `plan_columns`.
    pub plan: Vec<String>,
    /// By when it shall be done.
    pub due: Option<String>,
    /// When it was done.
    pub done_on: Option<String>,
    /// How it is checked.
    pub check: Option<String>,
    /// On which day.
    pub check_on: Option<String>,
    /// What shows the result.
    pub evidence: Option<String>,
    /// Who checked.
    pub checked_by: Option<String>,
    /// `Check OK`, `Check KO`, or how far it is.
    pub status: String,
}

/// A check that no longer counts.
#[derive(Debug, Clone, Serialize)]
pub struct EarlierView {
    /// The countermeasure: its label.
    pub from: String,
    /// `Check OK` or `Check KO`.
    pub status: &'static str,
    /// On which day.
    pub on: Option<String>,
    /// Who checked.
    pub by: Option<String>,
    /// How.
    pub how: Option<String>,
    /// What showed it.
    pub evidence: Option<String>,
    /// Why it no longer counts, where that is not simply that a later check came.
    pub superseded: Option<String>,
}

type TeamColumn = (&'static str, fn(&Team) -> &Answer<Line>);

const TEAM: [TeamColumn; 4] = [
    ("Department", |team| &team.department),
    ("Stack", |team| &team.stack),
    ("CFT", |team| &team.cft),
    ("Tech team", |team| &team.tech_team),
];

/// The team's properties that some countermeasure answers: an empty column tells nobody anything.
fn used_columns(pdca: &Pdca) -> Vec<TeamColumn> {
    let is_used = |(_, of): &TeamColumn| pdca.countermeasures.iter().any(|one| of(&one.team).is_asked());
    TEAM.into_iter().filter(is_used).collect()
}

/// The heads of the columns that tell whose system it is.
pub fn team_columns(pdca: &Pdca) -> Vec<&'static str> {
    used_columns(pdca).into_iter().map(|(head, _)| head).collect()
}

type PlanColumn = (&'static str, fn(&Countermeasure) -> Option<String>);

const PLAN: [PlanColumn; 2] = [
    ("Type", |one| one.kind.map(|kind| kind.to_string())),
    ("Timebox", |one| one.timebox.as_ref().map(ToString::to_string)),
];

fn used_plan(pdca: &Pdca) -> Vec<PlanColumn> {
    PLAN.into_iter().filter(|(_, of)| pdca.countermeasures.iter().any(|one| of(one).is_some())).collect()
}

/// The heads of the columns that tell what a countermeasure does, and how long it may take.
pub fn plan_columns(pdca: &Pdca) -> Vec<&'static str> {
    used_plan(pdca).into_iter().map(|(head, _)| head).collect()
}

/// The countermeasures by root cause: first those of the why-trees by number, then others that are named, then none.
pub fn groups(pdca: &Pdca) -> Vec<Group> {
    let (columns, plan) = (used_columns(pdca), used_plan(pdca));
    let mut causes = vec![];
    for why in pdca.occurrence.iter().chain(&pdca.non_detection) {
        collect(why, &mut causes);
    }
    for label in pdca.countermeasures.iter().flat_map(|one| &one.root_causes) {
        if causes.iter().all(|(known, _)| known != label) {
            causes.push((label.clone(), None));
        }
    }
    causes.sort_by_cached_key(|(label, why)| (why.is_none(), by_number(label.as_str())));
    let group = |label: Option<&Line>, why: Option<String>| {
        let is_in = |one: &&Countermeasure| match label {
            Some(label) => one.root_causes.contains(label),
            None => one.root_causes.is_empty(),
        };
        let rows: Vec<CheckRow> =
            pdca.countermeasures.iter().filter(is_in).map(|one| row(one, &columns, &plan)).collect();
        Group { root_cause: label.map(ToString::to_string), why, count: rows.len(), rows }
    };
    let named = causes.iter().map(|(label, why)| group(Some(label), why.clone()));
    let nameless = Some(group(None, None)).filter(|group| group.count > 0);
    named.chain(nameless).collect()
}

/// Each countermeasure once, in the order of the record.
pub fn rows(pdca: &Pdca) -> Vec<CheckRow> {
    let (columns, plan) = (used_columns(pdca), used_plan(pdca));
    pdca.countermeasures.iter().map(|one| row(one, &columns, &plan)).collect()
}

fn collect(why: &Why, causes: &mut Vec<(Line, Option<String>)>) {
    if let Some(label) = &why.root_cause
        && causes.iter().all(|(known, _)| known != label)
    {
        causes.push((label.clone(), Some(why.why.to_string())));
    }
    for below in &why.whys {
        collect(below, causes);
    }
}

/// `RC10` after `RC9`; two root causes of one number by their whole label.
fn by_number(label: &str) -> (u64, String) {
    let digits = label.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    (digits[..end].parse().unwrap_or(u64::MAX), label.to_owned())
}

fn row(one: &Countermeasure, columns: &[TeamColumn], plan: &[PlanColumn]) -> CheckRow {
    let check = one.check.as_ref();
    let text = |of: fn(&Check) -> Option<String>| check.and_then(of);
    CheckRow {
        id: one.id.to_string(),
        title: one.title.to_string(),
        owner: one.owner.as_ref().map(ToString::to_string),
        team: columns.iter().map(|(_, of)| of(&one.team)).map(team_words).collect(),
        plan: plan.iter().map(|(_, of)| of(one).unwrap_or_default()).collect(),
        due: one.due.map(day),
        done_on: one.done_on.map(day),
        check: text(|check| check.how.as_ref().map(ToString::to_string)),
        check_on: text(|check| check.on.map(day)),
        evidence: text(|check| check.evidence.as_ref().map(ToString::to_string)),
        checked_by: text(|check| check.by.as_ref().map(ToString::to_string)),
        status: status(one),
    }
}

fn team_words(answer: &Answer<Line>) -> String {
    if answer.is_missing() { String::new() } else { answer.to_string() }
}

/// How far a countermeasure is, in the talk's words where it has some.
fn status(one: &Countermeasure) -> String {
    match (one.check.as_ref().and_then(|check| check.result), one.done_on, one.due) {
        (Some(CheckResult::Ok), ..) => "Check OK".to_owned(),
        (Some(CheckResult::Ko), ..) => "Check KO".to_owned(),
        (None, Some(done_on), _) => format!("Done on {}", day(done_on)),
        (None, None, Some(due)) => format!("Planned, due {}", day(due)),
        (None, None, None) => "Planned".to_owned(),
    }
}

/// The checks that no longer count, in the order of the record.
pub fn earlier(pdca: &Pdca) -> Vec<EarlierView> {
    let of_one = |one: &Countermeasure| {
        let view = |check| earlier_view(one, check);
        one.earlier_checks.iter().map(view).collect::<Vec<_>>()
    };
    pdca.countermeasures.iter().flat_map(of_one).collect()
}

fn earlier_view(one: &Countermeasure, check: &EarlierCheck) -> EarlierView {
    EarlierView {
        from: one.id.to_string(),
        status: check.result.label(),
        on: check.on.map(day),
        by: check.by.as_ref().map(ToString::to_string),
        how: check.how.as_ref().map(ToString::to_string),
        evidence: check.evidence.as_ref().map(ToString::to_string),
        superseded: check.superseded.as_ref().map(ToString::to_string),
    }
}

/// A countermeasure by its label and title.
pub fn name(one: &Countermeasure) -> String {
    format!("{} {}", one.id, one.title)
}

/// A day as ISO 8601 writes it, `2023-03-28`; chrono's own way to show one.
pub fn day(day: impl ToString) -> String {
    day.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_causes_go_by_their_numbers() {
        let mut labels = ["RC10", "RC2", "other", "RC1"];
        labels.sort_by_cached_key(|label| by_number(label));
        assert_eq!(labels, ["RC1", "RC2", "RC10", "other"]);
    }
}
