//! Do, check and act as rows: countermeasures by root cause, and what is applied elsewhere.

use inc_core::answer::Answer;
use inc_core::incident::Team;
use inc_core::instant::Zone;
use inc_core::pdca::{Act, Check, CheckResult, Countermeasure, Pdca, Why};
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

/// Something applied to the rest of systems and company.
#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    /// `A1`.
    pub id: String,
    /// What is applied.
    pub title: String,
    /// The countermeasure that it applies: its label and title.
    pub from: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// `1/2`, or nothing for an act without targets.
    pub progress: Option<String>,
    /// Where it is applied.
    pub targets: Vec<TargetView>,
    /// When it was done, for an act without targets.
    pub done_on: Option<String>,
    /// When it was decided.
    pub created_at: Option<String>,
}

/// One place where an act is applied.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    /// Where.
    pub name: String,
    /// When it was applied there; absent while it is not.
    pub done_on: Option<String>,
}

/// Why a countermeasure is applied nowhere else.
#[derive(Debug, Clone, Serialize)]
pub struct NoAct {
    /// The countermeasure: its label and title.
    pub from: String,
    /// Why.
    pub reason: String,
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

/// The countermeasures by root cause: first those of the why-trees by number, then others that are named, then none.
pub fn groups(pdca: &Pdca) -> Vec<Group> {
    let columns = used_columns(pdca);
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
            pdca.countermeasures.iter().filter(is_in).map(|one| row(one, &columns)).collect();
        Group { root_cause: label.map(ToString::to_string), why, count: rows.len(), rows }
    };
    let named = causes.iter().map(|(label, why)| group(Some(label), why.clone()));
    let nameless = Some(group(None, None)).filter(|group| group.count > 0);
    named.chain(nameless).collect()
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

fn row(one: &Countermeasure, columns: &[TeamColumn]) -> CheckRow {
    let check = one.check.as_ref();
    let text = |of: fn(&Check) -> Option<String>| check.and_then(of);
    CheckRow {
        id: one.id.to_string(),
        title: one.title.to_string(),
        owner: one.owner.as_ref().map(ToString::to_string),
        team: columns.iter().map(|(_, of)| of(&one.team)).map(team_words).collect(),
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

/// What is applied elsewhere, in the order of the record.
pub fn acts(pdca: &Pdca, zone: &Zone) -> Vec<ActRow> {
    let of_one = |one| {
        let from = name(one);
        one.acts.iter().map(move |act| act_row(act, from.clone(), zone))
    };
    pdca.countermeasures.iter().flat_map(of_one).collect()
}

fn act_row(act: &Act, from: String, zone: &Zone) -> ActRow {
    let done = act.targets.iter().filter(|target| target.done_on.is_some()).count();
    let target = |target: &inc_core::pdca::Target| TargetView {
        name: target.name.to_string(),
        done_on: target.done_on.map(day),
    };
    ActRow {
        id: act.id.to_string(),
        title: act.title.to_string(),
        from,
        owner: act.owner.as_ref().map(ToString::to_string),
        due: act.due.map(day),
        progress: (!act.targets.is_empty()).then(|| format!("{done}/{}", act.targets.len())),
        targets: act.targets.iter().map(target).collect(),
        done_on: act.done_on.map(day),
        created_at: act.created_at.map(|at| zone.local(at).to_string()),
    }
}

/// Why nothing is to be applied elsewhere, in the order of the record.
pub fn no_acts(pdca: &Pdca) -> Vec<NoAct> {
    let of_one = |one: &Countermeasure| {
        one.no_act.as_ref().map(|reason| NoAct { from: name(one), reason: reason.to_string() })
    };
    pdca.countermeasures.iter().filter_map(of_one).collect()
}

fn name(one: &Countermeasure) -> String {
    format!("{} {}", one.id, one.title)
}

/// A day as ISO 8601 writes it, `2023-03-28`; chrono's own way to show one.
fn day(day: impl ToString) -> String {
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
