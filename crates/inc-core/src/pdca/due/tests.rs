//! What is due in a record, in rows: the keys of one countermeasure, and what is said of it on one day.

use serde_json::{Value, json};

use super::*;

/// The day of every row.
const TODAY: &str = "2023-04-06";

fn record(countermeasure: Value, keys: Value) -> Pdca {
    let mut cure = json!({"id": "C1", "root_causes": ["RC1"], "title": "Fix the alert", "owner": "Ada"});
    cure.as_object_mut().unwrap().extend(countermeasure.as_object().unwrap().clone());
    let mut whole = json!({
        "schema": 1, "id": "2023-03-27-x", "uid": "01GXBAFWQ08JWG1PT837J58KFE", "title": "X",
        "source": {"kind": "other"}, "owner": "Grace", "created_at": "2023-03-27T15:01:00+02:00",
        "countermeasures": [cure],
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// Each thing due as `words days`, each step without a day as `words -`.
fn told(pdca: &Pdca, ahead: Ahead) -> Vec<String> {
    let agenda = pdca.agenda(TODAY.parse().unwrap(), ahead);
    let due = agenda.due.iter().map(|due| {
        assert_eq!(due.is_late(), due.days < 0);
        format!("{} {}", due.words(), due.days)
    });
    due.chain(agenda.undated.iter().map(|step| format!("{} -", step.words()))).collect()
}

#[track_caller]
fn check(countermeasure: Value, ahead: Ahead, expected: &[&str]) {
    assert_eq!(told(&record(countermeasure, json!({})), ahead), expected);
}

/// An act of a countermeasure that was checked OK.
fn act(keys: Value) -> Value {
    let mut act = json!({"id": "A1", "title": "Everywhere", "due": "2023-04-01"});
    act.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    json!({"check": {"result": "ok"}, "acts": [act]})
}

#[test]
fn a_day_is_late_the_day_after_it_and_soon_up_to_the_windows_last_day() {
    for (due, nothing, week, everything) in [
        ("2023-04-05", true, true, true),
        ("2023-04-06", false, true, true),
        ("2023-04-13", false, true, true),
        ("2023-04-14", false, false, true),
        ("2033-04-14", false, false, true),
        ("0001-01-01", true, true, true),
    ] {
        let pdca = record(json!({"due": due, "check": {"result": null, "on": null}}), json!({}));
        let is_due = |ahead| !pdca.agenda(TODAY.parse().unwrap(), ahead).due.is_empty();
        let found = [Ahead::Nothing, Ahead::Days(7), Ahead::Everything].map(is_due);
        assert_eq!(found, [nothing, week, everything], "{due}");
    }
    check(json!({"due": TODAY}), Ahead::Days(0), &["do C1 0", "check C1 -"]);
    check(json!({"due": "2023-04-07"}), Ahead::Days(0), &["check C1 -"]);
    check(json!({"due": "2023-04-07"}), Ahead::Days(u64::MAX), &["do C1 1", "check C1 -"]);
}

#[test]
fn a_countermeasure_is_to_be_done_and_checked_until_it_is() {
    let on = json!({"on": "2023-04-03"});
    check(json!({"due": "2023-04-01", "check": on}), Ahead::Nothing, &["do C1 -5", "check C1 -3"]);
    check(
        json!({"due": "2023-04-01", "done_on": "2023-04-05", "check": on}),
        Ahead::Nothing,
        &["check C1 -3"],
    );
    for (result, expected) in [("ok", &[][..]), ("ko", &[])] {
        let checked = json!({"due": "2023-04-01", "check": {"on": "2023-04-03", "result": result}});
        check(checked, Ahead::Everything, expected);
    }
    check(json!({}), Ahead::Everything, &["do C1 -", "check C1 -"]);
    check(json!({"check": {"how": "Look"}, "done_on": "2023-04-01"}), Ahead::Everything, &["check C1 -"]);
}

#[test]
fn an_act_is_due_target_by_target() {
    let target = |name: &str, done: bool| json!({"name": name, "done_on": done.then_some("2023-04-02")});
    for (keys, expected) in [
        (json!({}), &["apply A1 -5"][..]),
        (json!({"done_on": "2023-04-05"}), &[]),
        (json!({"due": null}), &["apply A1 -"]),
        (json!({"due": null, "done_on": "2023-04-05"}), &[]),
        (
            json!({"targets": [target("a", true), target("b", false), target("c", false)]}),
            &["apply A1 to b -5", "apply A1 to c -5"],
        ),
        // Only the targets count, whatever the act's own day says.
        (json!({"done_on": "2023-04-05", "targets": [target("a", false)]}), &["apply A1 to a -5"]),
        (json!({"targets": [target("a", true)]}), &[]),
        (json!({"due": null, "targets": [target("a", false), target("b", false)]}), &["apply A1 -"]),
    ] {
        check(act(keys), Ahead::Nothing, expected);
    }
    let pdca = record(act(json!({"targets": [target("eu west", false)]})), json!({}));
    let agenda = pdca.agenda(TODAY.parse().unwrap(), Ahead::Nothing);
    assert_eq!(agenda.due[0].command(), "pdca done 2023-03-27-x A1 --target 'eu west'");
    assert_eq!(agenda.due[0].key(), "01GXBAFWQ08JWG1PT837J58KFE-C1-A1-eu west-act");
}

#[test]
fn nothing_is_due_of_what_was_given_up_failed_or_need_not_be_applied() {
    let mut failed = act(json!({}));
    failed["check"] = json!({"result": "ko"});
    let mut nowhere = act(json!({}));
    nowhere["no_act"] = json!("Only here");
    for cure in [failed, nowhere] {
        check(cure, Ahead::Everything, &[]);
    }
    let late = json!({"due": "2023-04-01"});
    assert_eq!(told(&record(late.clone(), json!({})), Ahead::Nothing).len(), 2);
    assert!(told(&record(late, json!({"abandoned": "The cluster is gone"})), Ahead::Everything).is_empty());
    // An act that a hand wrote before its check is open all the same.
    let mut early = act(json!({}));
    early["check"] = json!({"on": "2023-04-07"});
    early["done_on"] = json!("2023-04-01");
    check(early, Ahead::Nothing, &["apply A1 -5"]);
}

#[test]
fn who_is_asked_owns_the_step_else_what_it_belongs_to() {
    let owners = |owner: Value, keys: Value| -> Vec<String> {
        let pdca = record(
            json!({"owner": owner, "acts": [
                {"id": "A1", "title": "x", "owner": "Bob"}, {"id": "A2", "title": "x"},
            ]}),
            keys,
        );
        pdca.open_steps()
            .map(|step| {
                format!(
                    "{} {:?}",
                    step.words(),
                    step.asked().map(|asked| (asked.owner.as_str(), step.asked_as()))
                )
            })
            .collect()
    };
    assert_eq!(
        owners(json!("Ada"), json!({})),
        [
            "do C1 Some((\"Ada\", None))",
            "check C1 Some((\"Ada\", None))",
            "apply A1 Some((\"Bob\", None))",
            "apply A2 Some((\"Ada\", Some(\"owner of C1\")))"
        ]
    );
    assert_eq!(owners(json!(null), json!({}))[0], "do C1 Some((\"Grace\", Some(\"owner of the PDCA\")))");
    assert_eq!(
        owners(json!(null), json!({"owner": null})),
        ["do C1 None", "check C1 None", "apply A1 Some((\"Bob\", None))", "apply A2 None"]
    );
}

#[test]
fn each_step_says_what_settles_it_and_what_gives_it_a_day() {
    let pdca = record(json!({"check": {"how": "Look"}, "acts": [{"id": "A1", "title": "x"}]}), json!({}));
    let id = "2023-03-27-x";
    let commands: Vec<_> = pdca.open_steps().map(|step| [step.command(), step.day_command()]).collect();
    assert_eq!(
        commands,
        [
            [format!("pdca done {id} C1"), format!("pdca countermeasure {id} --edit C1 --due DAY")],
            [
                format!("pdca check {id} C1 ok --evidence TEXT"),
                format!("pdca countermeasure {id} --edit C1 --check-on DAY")
            ],
            [format!("pdca done {id} A1"), format!("pdca act {id} --edit A1 --due DAY")],
        ]
    );
    let unplanned = record(json!({"done_on": "2023-04-01"}), json!({}));
    let command = unplanned.open_steps().next().unwrap().day_command();
    assert_eq!(command, format!("pdca countermeasure {id} --edit C1 --check HOW --check-on DAY"));
}

#[test]
fn keys_tell_all_steps_of_a_record_apart_and_stay_when_it_is_edited() {
    let cure = |title: &str| {
        json!({"uid": "01GXBAFWQ08JWG1PT837J58KF1", "title": title, "due": "2023-04-01", "check": {"on": "2023-04-02"},
        "acts": [{"id": "A1", "uid": "01GXBAFWQ08JWG1PT837J58KF2", "title": title, "due": "2023-04-03", "targets": [
            {"name": "a", "uid": "01GXBAFWQ08JWG1PT837J58KF3"}, {"name": "b", "uid": "01GXBAFWQ08JWG1PT837J58KF4"},
        ]}]})
    };
    let keys = |pdca: &Pdca| -> Vec<String> {
        pdca.agenda(TODAY.parse().unwrap(), Ahead::Everything).due.iter().map(Due::key).collect()
    };
    let (pdca, uid) = (record(cure("x"), json!({})), "01GXBAFWQ08JWG1PT837J58K");
    assert_eq!(
        keys(&pdca),
        [
            format!("{uid}FE-{uid}F1-do"),
            format!("{uid}FE-{uid}F1-check"),
            format!("{uid}FE-{uid}F1-{uid}F2-{uid}F3-act"),
            format!("{uid}FE-{uid}F1-{uid}F2-{uid}F4-act"),
        ]
    );
    let mut renamed = cure("y");
    renamed["id"] = json!("C7");
    assert_eq!(keys(&record(renamed, json!({"id": "2023-03-27-y"}))), keys(&pdca));
}
