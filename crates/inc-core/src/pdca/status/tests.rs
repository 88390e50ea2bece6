//! Statuses, in rows: records as hands type them, and what is derived.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::pdca::tree::WhyNode;

/// A record with these keys beside the ones that each has.
fn record(keys: Value) -> Pdca {
    let mut whole = json!({
        "schema": 1,
        "id": "2023-04-06-x",
        "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R9",
        "title": "X",
        "source": {"kind": "other"},
        "created_at": "2023-04-06T15:01:00+02:00",
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// A problem, and one root cause in each tree.
fn plan(countermeasures: Value) -> Value {
    json!({
        "problem_statement": "It hurts",
        "occurrence": [{"id": "o1", "why": "Because", "root_cause": "RC2"}],
        "non_detection": [{"id": "n1", "why": "Because", "whys": [{"id": "n1.1", "why": "So", "root_cause": "RC1"}]}],
        "countermeasures": countermeasures,
    })
}

/// A countermeasure whose plan is whole, with these keys beside.
fn cure(id: &str, root_cause: &str, keys: Value) -> Value {
    let mut whole = json!({
        "id": id, "root_causes": [root_cause], "title": "Cure", "owner": "Ada",
        "check": {"how": "Look", "on": "2023-05-01"},
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    whole
}

fn ok() -> Value {
    json!({"check": {"how": "Look", "on": "2023-05-01", "result": "ok"}})
}

fn ko() -> Value {
    json!({"check": {"how": "Look", "on": "2023-05-01", "result": "ko"}})
}

fn with(mut one: Value, other: Value) -> Value {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

/// The status, and what is missing: those that block plain, advice in brackets.
#[track_caller]
fn check(keys: Value, status: Status, open: &[&str]) {
    let standing = record(keys).standing();
    let words: Vec<String> = standing
        .open
        .iter()
        .map(|open| if open.blocks { open.what.clone() } else { format!("({})", open.what) })
        .collect();
    assert_eq!(
        (standing.status, words.iter().map(String::as_str).collect::<Vec<_>>()),
        (status, open.to_vec())
    );
    assert!(standing.open.iter().all(|open| open.command.contains("2023-04-06-x")));
}

const NO_O: &str = "the occurrence tree: Why did the problem occur?";
const NO_N: &str = "the non-detection tree: Why didn't we detect it sooner?";

#[test]
fn the_plan() {
    let none = "a root cause: ask why, until the answer can be cured";
    check(json!({}), Status::PlanInProgress, &["a problem statement", NO_O, NO_N, none]);
    let untagged = json!({"problem_statement": "x", "occurrence": [{"id": "o1", "why": "x"}]});
    let end = [
        "an end of the branch at o1: a root cause, if you could act on it tomorrow",
        "(or the next why: why is o1 so?)",
        "(or nobody can act on o1, or know more (--unknown))",
    ];
    check(untagged, Status::PlanInProgress, &[&[NO_N], &end[..]].concat());
    let ended =
        json!({"problem_statement": "x", "occurrence": [{"id": "o1", "why": "x", "unknown": "gone"}]});
    check(ended, Status::PlanInProgress, &[NO_N, "a root cause: a leaf of a why-tree that is tagged"]);
    let mut open = plan(json!([cure("C1", "rc1", json!({})), cure("C2", "rc2", json!({}))]));
    let whys = open["occurrence"].as_array_mut().unwrap();
    whys.push(json!({"id": "o1", "why": "Nobody asked further"}));
    check(open, Status::PlanInProgress, &end);
    let lacking = ["a countermeasure for RC1", "a countermeasure for RC2"];
    check(plan(json!([])), Status::PlanInProgress, &lacking);
    let one = json!([cure("C1", "rc1", json!({}))]);
    check(plan(one), Status::PlanInProgress, &["a countermeasure for RC2"]);
    let both = json!([cure("C1", "RC 1", json!({})), cure("C2", "rc2", json!({}))]);
    check(plan(both.clone()), Status::PlanDone, &["C1 done", "C2 done"]);
    let half = with(plan(both), json!({"occurrence": []}));
    check(half, Status::PlanInProgress, &[NO_O]);
    let bare =
        json!([cure("C1", "RC1", json!({"owner": null, "check": null})), cure("C2", "RC2", json!({}))]);
    let lacking = ["an owner of C1", "how to check C1", "on which day to check C1"];
    check(plan(bare), Status::PlanInProgress, &lacking);
}

#[test]
fn do_and_check() {
    let done = json!({"done_on": "2023-04-10"});
    let rows = [
        (done.clone(), json!({}), Status::PlanDone, vec!["C2 done"]),
        (done.clone(), done.clone(), Status::DoDone, vec!["the check of C1", "the check of C2"]),
        (ok(), json!({}), Status::PlanDone, vec!["C2 done"]),
        (ok(), done, Status::DoDone, vec!["the check of C2"]),
        (
            ko(),
            ok(),
            Status::PlanInProgress,
            vec![
                "a new countermeasure for RC1 (C1 checked KO)",
                "(or a new why below n1.1, should RC1 not be the root cause)",
            ],
        ),
        (
            ok(),
            ok(),
            Status::CheckDone,
            vec![
                "an act that applies C1 elsewhere",
                "(or the reason why C1 is applied nowhere else)",
                "an act that applies C2 elsewhere",
                "(or the reason why C2 is applied nowhere else)",
            ],
        ),
    ];
    for (one, other, status, open) in rows {
        check(plan(json!([cure("C1", "RC1", one), cure("C2", "RC2", other)])), status, &open);
    }
}

#[test]
fn a_ko_beside_an_ok_or_a_live_one_does_not_count() {
    let c = |id, rc, keys| cure(id, rc, keys);
    let three = json!([c("C1", "RC1", ko()), c("C2", "RC2", ok()), c("C3", "RC1", json!({}))]);
    check(plan(three), Status::PlanDone, &["C3 done"]);
    // A countermeasure that is KO needs no owner either.
    let bare = with(ko(), json!({"owner": null}));
    let done = json!([
        c("C1", "RC1", bare),
        c("C2", "RC2", with(ok(), json!({"no_act": "Only here"}))),
        c("C3", "RC1", with(ok(), json!({"no_act": "Only here"})))
    ]);
    check(plan(done), Status::ActDone, &[]);
}

#[test]
fn acts() {
    let no_act = with(ok(), json!({"no_act": "Only here"}));
    let acting = |acts: Value, keys: Value| {
        let one = with(with(ok(), json!({"acts": acts})), keys);
        plan(json!([cure("C1", "RC1", one), cure("C2", "RC2", no_act.clone())]))
    };
    let plain = |done_on: Value| json!([{"id": "A1", "title": "x", "done_on": done_on}]);
    let targets = |one: Value, other: Value| {
        json!([{"id": "A1", "title": "x", "done_on": "2023-05-02",
            "targets": [{"name": "prod", "done_on": one}, {"name": "all of it", "done_on": other}]}])
    };
    let day = || json!("2023-05-02");
    check(acting(plain(json!(null)), json!({})), Status::CheckDone, &["A1 done"]);
    check(acting(plain(day()), json!({})), Status::ActDone, &[]);
    // The targets count, whatever the act says of itself.
    let rest = ["A1 applied to prod", "A1 applied to all of it"];
    check(acting(targets(json!(null), json!(null)), json!({})), Status::CheckDone, &rest);
    check(acting(targets(day(), json!(null)), json!({})), Status::CheckDone, &rest[1..]);
    check(acting(targets(day(), day()), json!({})), Status::ActDone, &[]);
    // A reason for no act is the last word; what stays open beside it is told.
    check(acting(plain(json!(null)), json!({"no_act": "Stopped"})), Status::ActDone, &["(A1 done)"]);
    let command = record(acting(targets(day(), json!(null)), json!({}))).standing().open[0].command.clone();
    assert_eq!(command, "pdca done 2023-04-06-x A1 --target 'all of it'");
}

#[test]
fn what_a_hand_typed_out_of_order_has_a_status_too() {
    // Acts before any check, a result without a day or a plan, a countermeasure against nothing known.
    let early = json!({"acts": [{"id": "A1", "title": "x", "done_on": "2023-01-01"}]});
    let rows = [
        (plan(json!([cure("C1", "RC1", early), cure("C2", "RC2", ok())])), Status::PlanDone),
        (
            plan(json!([cure("C1", "RC1", json!({"check": {"result": "ok"}})), cure("C2", "RC2", ok())])),
            Status::PlanInProgress,
        ),
        (plan(json!([cure("C1", "RC9", ok())])), Status::PlanInProgress),
        (with(plan(json!([])), json!({"abandoned": "Enough"})), Status::Abandoned),
        (json!({"countermeasures": [cure("C1", "RC1", ok())]}), Status::PlanInProgress),
    ];
    for (keys, status) in rows {
        assert_eq!(record(keys.clone()).status(), status, "{keys}");
    }
}

#[test]
fn a_countermeasure_has_a_status_of_its_own() {
    let rows = [
        (json!({}), CountermeasureStatus::Planned),
        (json!({"done_on": "2023-04-10"}), CountermeasureStatus::Done),
        (ok(), CountermeasureStatus::CheckOk),
        (ko(), CountermeasureStatus::CheckKo),
        (with(ok(), json!({"no_act": "x"})), CountermeasureStatus::Applied),
        (with(ok(), json!({"acts": [{"id": "A1", "title": "x"}]})), CountermeasureStatus::CheckOk),
        (
            with(ok(), json!({"acts": [{"id": "A1", "title": "x", "done_on": "2023-05-02"}]})),
            CountermeasureStatus::Applied,
        ),
        (with(ko(), json!({"no_act": "x"})), CountermeasureStatus::CheckKo),
    ];
    for (keys, status) in rows {
        let pdca = record(plan(json!([cure("C1", "RC1", keys.clone())])));
        assert_eq!(pdca.find_countermeasure("c1").unwrap().status(), status, "{keys}");
    }
}

#[test]
fn whys_are_walked_as_they_are_read() {
    let tree = json!({
        "occurrence": [
            {"id": "o1", "why": "x", "whys": [{"id": "o1.1", "why": "x", "whys": [{"id": "o1.1.1", "why": "x"}]}, {"id": "o1.2", "why": "x"}]},
            {"id": "o2", "why": "x"},
        ],
        "non_detection": [{"id": "n1", "why": "x"}],
    });
    let pdca = record(tree);
    let walked: Vec<String> = pdca
        .whys()
        .map(|WhyNode { branch, depth, why }| format!("{}{depth} {}", branch.prefix(), why.id))
        .collect();
    assert_eq!(walked, ["o0 o1", "o1 o1.1", "o2 o1.1.1", "o1 o1.2", "o0 o2", "n0 n1"]);
}

fn any_cure() -> impl Strategy<Value = Value> {
    let day = || prop::option::of(Just("2023-05-01"));
    let check = prop::option::of((
        prop::option::of(Just("Look")),
        day(),
        prop::option::of(prop::sample::select(vec!["ok", "ko"])),
    ));
    let act = (day(), prop::collection::vec(day(), 0..3)).prop_map(|(done_on, targets)| {
        let targets: Vec<Value> = targets.iter().map(|on| json!({"name": "prod", "done_on": on})).collect();
        json!({"id": "A1", "title": "x", "done_on": done_on, "targets": targets})
    });
    (
        prop::collection::vec(prop::sample::select(vec!["RC1", "rc 2", "odd", "RC9"]), 0..3),
        prop::option::of(Just("Ada")),
        day(),
        check,
        prop::collection::vec(act, 0..3),
        prop::option::of(Just("Only here")),
    )
        .prop_map(|(root_causes, owner, done_on, check, acts, no_act)| {
            let check = check.map(|(how, on, result)| json!({"how": how, "on": on, "result": result}));
            json!({"id": "C1", "root_causes": root_causes, "title": "x", "owner": owner, "done_on": done_on,
                "check": check, "acts": acts, "no_act": no_act})
        })
}

proptest! {
    #[test]
    fn any_record_has_a_status_and_either_waits_or_is_through(
        cures in prop::collection::vec(any_cure(), 0..4),
        tags in prop::collection::vec(prop::option::of(prop::sample::select(vec!["RC1", "RC2", "odd", "RC1"])), 0..4),
        problem in prop::option::of(Just("It hurts")),
        abandoned in prop::option::weighted(0.1, Just("Enough")),
    ) {
        let whys: Vec<Value> = tags.iter().map(|tag| json!({"id": "o1", "why": "x", "root_cause": tag})).collect();
        let pdca = record(json!({
            "problem_statement": problem, "abandoned": abandoned, "occurrence": whys, "countermeasures": cures,
        }));
        let standing = pdca.standing();
        prop_assert_eq!(pdca.status(), standing.status);
        prop_assert!(!standing.why.is_empty());
        prop_assert_eq!(standing.open.iter().any(|open| open.blocks), !standing.status.is_closed());
        let live: Vec<_> = pdca.countermeasures.iter().filter(|c| c.is_live()).collect();
        let answered = |ok: &dyn Fn(&Countermeasure) -> bool| {
            pdca.root_causes().iter().all(|cause| pdca.countermeasures_for(cause.label.as_str()).any(ok))
        };
        if (Status::PlanDone..=Status::ActDone).contains(&standing.status) {
            prop_assert!(pdca.problem_statement.is_some() && !pdca.root_causes().is_empty());
            prop_assert!(answered(&|c| c.is_live()) && live.iter().all(|c| c.owner.is_some()));
        }
        if (Status::DoDone..=Status::ActDone).contains(&standing.status) {
            prop_assert!(live.iter().all(|c| c.status() != CountermeasureStatus::Planned));
        }
        if (Status::CheckDone..=Status::ActDone).contains(&standing.status) {
            prop_assert!(answered(&|c| c.result() == Some(CheckResult::Ok)));
        }
        if standing.status == Status::ActDone {
            prop_assert!(live.iter().all(|c| c.status() == CountermeasureStatus::Applied));
        }
    }
}
