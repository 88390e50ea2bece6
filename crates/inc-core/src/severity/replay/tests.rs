//! Replays over the seed's incident and its variations: what moves, what is provisional, what cannot be judged.

use super::*;
use crate::action::Action;
use crate::action::tests::{apply, at, declared, prose, seed_impact};
use crate::answer::Answer;
use crate::impact::{Breadth, Count, Currency, Depth, Money};
use crate::severity::Severity::{Sev1, Sev2, Sev3, Sev4};
use crate::severity::{Dimension, Unknown};

/// The seed's incident, judged SEV-3, under another id.
fn judged(id: &str) -> Incident {
    let id = id.parse().unwrap();
    Incident { id, ..apply(&declared(), "13:09", seed_impact()).unwrap().incident }
}

/// The default policy, in which the cell of the seed's incident is SEV-2.
fn stricter() -> Policy {
    let mut policy = Policy::default();
    policy.matrix.xl.s = Sev2;
    policy
}

fn asking_for_countries(unknown: Unknown) -> Policy {
    let dimension = serde_json::json!({"input": "third_parties", "floors": [{"from": 1, "level": "SEV-3"}]});
    let dimensions: Vec<Dimension> = vec![serde_json::from_value(dimension).unwrap()];
    Policy { dimensions, unknown, ..Policy::default() }
}

fn replay(incidents: &[Incident], policy: &Policy, other: Option<&Policy>) -> Replay {
    Replay::of(incidents, policy, other, &Settings::default())
}

#[test]
fn the_same_policy_moves_nothing() {
    let incidents = [judged("a"), declared()];
    let same = replay(&incidents, &Policy::default(), None);
    assert_eq!(same, Replay { judged: 2, ..Replay::default() });
}

#[test]
fn what_moves_is_told_with_the_rule_the_newest_first() {
    let older = Incident { declared_at: at("11:00"), ..judged("older") };
    let mut wide = judged("wide");
    wide.impact.customer_impact = Answer::Known(Breadth::S);
    let replay = replay(&[older, judged("a"), wide, judged("b")], &stricter(), None);
    assert_eq!((replay.judged, replay.worse, replay.milder), (4, 3, 1));
    let ids: Vec<&str> = replay.moves.iter().map(|moved| moved.id.as_str()).collect();
    assert_eq!(ids, ["wide", "b", "a", "older"]);
    assert_eq!((replay.moves[0].from.level, replay.moves[0].to.level), (Sev3, Sev4));
    assert_eq!(
        (replay.moves[1].from.to_string(), replay.moves[1].to.to_string()),
        ("SEV-3".into(), "SEV-2".into())
    );
    assert_eq!(replay.moves[1].decided_by, "customer impact XL x single-customer impact S");
    assert_eq!((replay.became_provisional, replay.lacks.len()), (0, 0));
}

#[test]
fn an_override_still_holds_what_it_held() {
    let to = Action::Override { to: Sev1, reason: prose("the board watches") };
    let decided = apply(&judged("a"), "13:29", to).unwrap().incident;
    let replay = replay(&[decided], &stricter(), None);
    assert_eq!(replay.moves[0].overridden, Some(Sev1));
    assert_eq!(replay.moves[0].from.level, Sev3, "what was computed, not what holds");
}

#[test]
fn a_record_from_before_an_input_is_judged_and_provisional() {
    let ignoring = replay(&[judged("a"), judged("b")], &asking_for_countries(Unknown::Ignore), None);
    assert_eq!((ignoring.judged, ignoring.became_provisional, ignoring.moves.len()), (2, 2, 0));
    let path = "impact.third_parties".to_owned();
    assert_eq!(ignoring.lacks, [Lack { name: "third parties".to_owned(), path, count: 2 }]);

    let mut mild = judged("mild");
    mild.impact.single_customer_impact = Answer::Known(Depth::S);
    mild.impact.customer_impact = Answer::Known(Breadth::S);
    mild.assessment.computed = Sev4;
    let worst = replay(&[mild], &asking_for_countries(Unknown::AssumeWorst), None);
    assert_eq!(worst.moves[0].to.to_string(), "SEV-3?");

    // What was provisional before does not become so.
    let open = replay(&[declared()], &asking_for_countries(Unknown::AssumeWorst), None);
    assert_eq!((open.judged, open.became_provisional, open.lacks.len()), (1, 0, 0));
}

#[test]
fn lacks_are_counted_by_input_the_most_frequent_first() {
    let mut unknown = judged("a");
    unknown.impact.transactions = Answer::Unknown;
    let replay = replay(&[unknown, judged("b")], &asking_for_countries(Unknown::Ignore), None);
    let lacks: Vec<_> = replay.lacks.iter().map(|lack| (lack.name.as_str(), lack.count)).collect();
    assert_eq!(lacks, [("third parties", 2), ("transactions", 1)]);
}

#[test]
fn what_cannot_be_judged_is_named_and_not_counted() {
    let mut dollars = judged("dollars");
    let usd = "USD".parse::<Currency>().unwrap();
    dollars.impact.money_at_risk = Answer::Known(Money::parse("12", usd).unwrap());
    let rated = {
        let mut policy = stricter();
        policy.floors.money_at_risk.rates.insert(usd, 0.9);
        policy
    };
    let all = [dollars, judged("a")];
    let refused = replay(&all, &stricter(), None);
    assert_eq!((refused.judged, refused.moves.len(), refused.unjudgeable.len()), (1, 1, 1));
    let one = &refused.unjudgeable[0];
    assert_eq!(
        (one.id.as_str(), one.path.as_str(), one.by_other),
        ("dollars", "impact.money_at_risk", false)
    );
    assert!(one.why.starts_with("12 USD is not in EUR"), "{}", one.why);
    assert_eq!(replay(&all, &rated, None).judged, 2);
    let by_other = replay(&all, &rated, Some(&Policy::default()));
    assert!(by_other.unjudgeable[0].by_other);
}

#[test]
fn against_another_policy_the_record_does_not_count() {
    let mut typed = judged("a");
    typed.assessment.computed = Sev1;
    let replay = replay(&[typed], &stricter(), Some(&Policy::default()));
    assert_eq!((replay.moves[0].from.level, replay.moves[0].to.level), (Sev3, Sev2));
}

#[test]
fn the_base_of_customers_and_the_time_it_took_are_looked_at() {
    let mut incident = judged("a");
    incident.impact.customer_impact = Answer::Missing;
    incident.impact.customers = Answer::Known(Count::try_from(4).unwrap());
    let customer_base = Some(Count::try_from(100).unwrap());
    let settings = Settings { customer_base, ..Settings::default() };
    let replay = Replay::of([&incident], &Policy::default(), None, &settings);
    assert_eq!((replay.moves[0].to.level, replay.moves[0].to.provisional), (Sev4, false));
}
