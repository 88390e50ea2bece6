//! All PDCAs at a glance: whose each is, what of it is late, and how many stand where.
//!
//! A team that no record tells is nobody's: it is never guessed from an owner.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::status::{Standing, Status};
use super::{Countermeasure, Pdca, StepKind};
use crate::incident::Team;

/// One PDCA on the board.
#[derive(Debug)]
pub struct Card<'a> {
    /// The record.
    pub pdca: &'a Pdca,
    /// Where it stands, why, and what comes next.
    pub standing: Standing,
    /// Whose it is, each team once; empty where the record does not tell.
    pub teams: Vec<&'a str>,
    /// What of it is late, in the order of the record.
    pub late: Vec<Late>,
}

/// Something whose day is past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// What people call it: `C1`, `A2`.
    pub label: String,
    /// What was meant to happen by then.
    pub step: StepKind,
    /// The day on which it was due.
    pub due: NaiveDate,
}

impl<'a> Card<'a> {
    /// The card of a record, on that day.
    pub fn of(pdca: &'a Pdca, today: NaiveDate) -> Self {
        Self { pdca, standing: pdca.standing(), teams: pdca.teams(), late: pdca.late(today) }
    }
}

impl Pdca {
    /// Whose it is: its own team, else those of its countermeasures, each once.
    pub fn teams(&self) -> Vec<&str> {
        if let Some(cft) = &self.cft {
            return vec![cft.as_str()];
        }
        let mut teams: Vec<&str> = vec![];
        for name in self.countermeasures.iter().filter_map(|it| name_of(&it.team)) {
            if !teams.iter().any(|team| is_same(team, name)) {
                teams.push(name);
            }
        }
        teams
    }

    /// What is open though its day is past; nothing of a PDCA that was given up, as nobody works on it.
    pub fn late(&self, today: NaiveDate) -> Vec<Late> {
        let steps = self.open_steps();
        let late = steps.filter_map(|step| Some((step, step.day.filter(|day| *day < today)?)));
        late.map(|(step, due)| Late { label: step.label().to_owned(), step: step.kind, due }).collect()
    }
}

impl Countermeasure {
    /// Whose system it is, else whose the PDCA is; `None` where neither is told.
    pub fn team_in<'a>(&'a self, pdca: &'a Pdca) -> Option<&'a str> {
        name_of(&self.team).or(pdca.cft.as_ref().map(|cft| cft.as_str()))
    }
}

/// The one name of a team: the cross-functional one, else the technical one. A department or a stack is no team.
fn name_of(team: &Team) -> Option<&str> {
    team.cft.known().or(team.tech_team.known()).map(|name| name.as_str())
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// How many PDCAs stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// The plan lacks something.
    pub plan_in_progress: usize,
    /// Planned, and not all done.
    pub plan_done: usize,
    /// Done, and not all checked.
    pub do_done: usize,
    /// Proven, and not all applied.
    pub check_done: usize,
    /// Through.
    pub act_done: usize,
    /// Given up.
    pub abandoned: usize,
    /// All of them.
    pub total: usize,
}

impl Counts {
    /// How many stand there.
    pub fn of(&self, status: Status) -> usize {
        match status {
            Status::PlanInProgress => self.plan_in_progress,
            Status::PlanDone => self.plan_done,
            Status::DoDone => self.do_done,
            Status::CheckDone => self.check_done,
            Status::ActDone => self.act_done,
            Status::Abandoned => self.abandoned,
        }
    }

    fn add(&mut self, status: Status) {
        let count = match status {
            Status::PlanInProgress => &mut self.plan_in_progress,
            Status::PlanDone => &mut self.plan_done,
            Status::DoDone => &mut self.do_done,
            Status::CheckDone => &mut self.check_done,
            Status::ActDone => &mut self.act_done,
            Status::Abandoned => &mut self.abandoned,
        };
        *count += 1;
        self.total += 1;
    }
}

/// The counts of one team, or of those PDCAs that tell none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamCounts {
    /// The team as the first record spells it; `null` where none is told.
    pub team: Option<String>,
    /// How many of its PDCAs stand where.
    #[serde(flatten)]
    pub counts: Counts,
}

/// The counts by team, in the order of their names, those without a team last; and of all, each PDCA once.
///
/// A PDCA of several teams counts in each that `is_meant`.
pub fn tally(cards: &[Card<'_>], is_meant: impl Fn(Option<&str>) -> bool) -> (Vec<TeamCounts>, Counts) {
    let mut teams: BTreeMap<String, TeamCounts> = BTreeMap::new();
    let (mut without, mut total) = (Counts::default(), Counts::default());
    for card in cards {
        let status = card.standing.status;
        total.add(status);
        if card.teams.is_empty() && is_meant(None) {
            without.add(status);
        }
        for team in card.teams.iter().filter(|team| is_meant(Some(team))) {
            let new = || TeamCounts { team: Some((*team).to_owned()), counts: Counts::default() };
            teams.entry(team.to_lowercase()).or_insert_with(new).counts.add(status);
        }
    }
    let mut all: Vec<TeamCounts> = teams.into_values().collect();
    if without.total > 0 {
        all.push(TeamCounts { team: None, counts: without });
    }
    (all, total)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::pdca::rows::pdca;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_team_is_told_or_it_is_none() {
        let of = |teams: &[Value]| {
            json!(
                teams
                    .iter()
                    .enumerate()
                    .map(|(n, team)| json!({
            "id": format!("C{n}"), "root_causes": ["RC1"], "title": "X", "team": team}))
                    .collect::<Vec<_>>()
            )
        };
        for (keys, expected) in [
            (json!({}), &[][..]),
            (json!({"cft": "Cards", "countermeasures": of(&[json!({"cft": "Other"})])}), &["Cards"]),
            (
                json!({"countermeasures": of(&[json!({"tech_team": "SRE"}), json!({"cft": "Cards"}), json!({"cft": "cards"}),
                json!({"cft": "none", "tech_team": "sre"})])}),
                &["SRE", "Cards"],
            ),
            (
                json!({"countermeasures": of(&[json!({"department": "IT", "stack": "Back"}), json!({"cft": "unknown"})])}),
                &[],
            ),
            (json!({"owner": "Ada of Cards"}), &[]),
        ] {
            assert_eq!(pdca("a", keys.clone()).teams(), expected, "{keys}");
        }
    }

    #[test]
    fn what_is_late() {
        let late = |keys: Value| -> Vec<String> {
            let all = pdca("a", keys).late(day("2023-04-07"));
            all.iter().map(|late| format!("{} {:?} {}", late.label, late.step, late.due)).collect()
        };
        let cure = |keys: Value| {
            let mut whole = json!({"id": "C1", "root_causes": ["RC1"], "title": "X"});
            whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
            json!({"countermeasures": [whole]})
        };
        assert_eq!(late(cure(json!({"due": "2023-04-06"}))), ["C1 Do 2023-04-06"]);
        assert_eq!(late(cure(json!({"due": "2023-04-07"}))), [""; 0], "today is not late");
        assert_eq!(late(cure(json!({"due": "2023-04-06", "done_on": "2023-04-07"}))), [""; 0]);
        assert_eq!(late(cure(json!({"check": {"on": "2023-04-01"}}))), ["C1 Check 2023-04-01"]);
        assert_eq!(late(cure(json!({"check": {"on": "2023-04-01", "result": "ko"}}))), [""; 0]);
        let act = |targets: Value| {
            cure(json!({"check": {"result": "ok"}, "acts": [
            {"id": "A1", "title": "X", "due": "2023-04-01", "targets": targets}]}))
        };
        assert_eq!(late(act(json!([{"name": "x"}]))), ["A1 Act 2023-04-01"]);
        assert_eq!(late(act(json!([{"name": "x", "done_on": "2023-04-05"}]))), [""; 0]);
        let mut given_up = cure(json!({"due": "2023-04-06"}));
        given_up["abandoned"] = json!("The cluster is gone");
        assert_eq!(late(given_up), [""; 0]);
    }

    #[test]
    fn a_pdca_of_two_teams_counts_in_both_and_once_in_the_whole() {
        let both = json!({"countermeasures": [
            {"id": "C1", "root_causes": ["RC1"], "title": "X", "team": {"cft": "b"}},
            {"id": "C2", "root_causes": ["RC1"], "title": "X", "team": {"cft": "A"}}]});
        let given_up = json!({"cft": "B", "abandoned": "x"});
        let all = [pdca("a", both), pdca("b", given_up), pdca("c", json!({}))];
        let cards: Vec<Card<'_>> = all.iter().map(|one| Card::of(one, day("2023-04-07"))).collect();
        let (teams, total) = tally(&cards, |_| true);
        let words: Vec<String> = teams
            .iter()
            .map(|row| {
                format!(
                    "{:?} {} {} {}",
                    row.team, row.counts.plan_in_progress, row.counts.abandoned, row.counts.total
                )
            })
            .collect();
        assert_eq!(words, ["Some(\"A\") 1 0 1", "Some(\"b\") 1 1 2", "None 1 0 1"]);
        assert_eq!((total.plan_in_progress, total.abandoned, total.total), (2, 1, 3));
        for status in Status::ALL {
            assert_eq!(total.of(*status), all.iter().filter(|one| one.status() == *status).count());
        }
        let (teams, _) = tally(&cards, |team| team == Some("A"));
        assert_eq!(teams.len(), 1);
    }
}
