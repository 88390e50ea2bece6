//! Until when a proof counts: another check, another way of checking, another cause.

use super::*;

fn amend(label: &str, edit: CountermeasureEdit) -> Action {
    Action::Amend { countermeasure: label.to_owned(), edit: Box::new(edit) }
}

fn proven() -> Desk {
    let mut desk = Desk::cured();
    let evidence = Some(prose("It fired"));
    desk.does(Action::Check(NewCheck { evidence, ..check("C1", CheckResult::Ok) }));
    desk
}

fn earlier(desk: &Desk) -> Vec<(CheckResult, Option<NaiveDate>, Option<String>)> {
    let all = desk.pdca.countermeasures[0].earlier_checks.iter();
    all.map(|check| (check.result, check.on, check.superseded.as_ref().map(ToString::to_string))).collect()
}

#[test]
fn every_result_is_kept_in_the_order_of_the_checks() {
    let mut desk = proven();
    desk.does(ko("C1"));
    assert_eq!(earlier(&desk), [(CheckResult::Ok, Some(day("2023-03-28")), None)]);
    let kept = desk.pdca.countermeasures[0].earlier_checks[0].clone();
    assert_eq!((kept.evidence, kept.by), (Some(prose("It fired")), Some(line("Mathieu Corbin"))));
    assert!(kept.how.is_some() && kept.uid.is_some());
    desk.does(ok("C1"));
    assert_eq!(earlier(&desk).len(), 2);
    assert_eq!(desk.pdca.countermeasures[0].status(), CountermeasureStatus::CheckOk);
    // The same result on another day is another check.
    desk.now = "2023-06-01T10:00:00+02:00";
    desk.does(Action::Check(NewCheck { on: Some(day("2023-06-01")), ..check("C1", CheckResult::Ok) }));
    assert_eq!(earlier(&desk).len(), 3);
    // An older one that is told late does not count instead.
    desk.does(Action::Check(NewCheck { on: Some(day("2023-04-01")), ..check("C1", CheckResult::Ko) }));
    desk.remarked("Check OK on 2023-06-01 still counts");
    let again = NewCheck { on: Some(day("2023-04-01")), ..check("C1", CheckResult::Ko) };
    let mut twice = Desk { pdca: desk.pdca.clone(), mint: Mint(99), now: desk.now, last: None };
    twice.refused(Action::Check(again), &["C1 is Check KO already and nothing else is new"]);
    assert_eq!(desk.subject(), "pdca: earlier check C1 KO on 2023-04-01");
    let days: Vec<Option<NaiveDate>> = earlier(&desk).into_iter().map(|(_, on, _)| on).collect();
    assert_eq!(days, ["2023-03-28", "2023-04-01", "2023-04-06", "2023-04-06"].map(|on| Some(day(on))));
    assert_eq!(desk.pdca.countermeasures[0].status(), CountermeasureStatus::CheckOk);
}

#[test]
fn a_mistyped_result_is_put_right_without_a_trace_in_the_record() {
    let mut desk = proven();
    let right = NewCheck { correct: true, ..check("C1", CheckResult::Ko) };
    desk.does(Action::Check(right.clone()));
    desk.remarked("C1: Check KO on 2023-03-28 replaces Check OK on 2023-03-28 (It fired)");
    assert_eq!(earlier(&desk), []);
    desk.does(Action::Check(NewCheck { on: Some(day("2023-03-01")), ..right }));
    assert_eq!(desk.pdca.countermeasures[0].check.as_ref().unwrap().on, Some(day("2023-03-01")));
    let none = NewCheck { correct: true, ..check("C2", CheckResult::Ok) };
    desk.refused(Action::Check(none), &["C2 has no result to correct", "C2 ok"]);
}

#[test]
fn a_proof_is_of_its_check_and_of_its_causes() {
    type Change = fn(&mut Desk);
    let rows: [(Change, &str); 5] = [
        (
            |desk| {
                desk.does(amend(
                    "C1",
                    CountermeasureEdit { check_how: Some(prose("Else")), ..Default::default() },
                ));
            },
            "it is checked in another way now",
        ),
        (
            |desk| {
                let on = Some(day("2023-05-01"));
                desk.does(amend("C1", CountermeasureEdit { check_on: on, ..Default::default() }));
            },
            "it is checked anew",
        ),
        (
            |desk| {
                let more = vec!["RC2".to_owned()];
                desk.does(amend("C1", CountermeasureEdit { more_root_causes: more, ..Default::default() }));
            },
            "it answers RC2 as well now",
        ),
        (
            |desk| {
                desk.does(why(under("n1"), "Deeper", None));
                desk.does(tag("n1.1", Some("RC1"), true));
            },
            "RC1 is n1.1 now, it was n1",
        ),
        (
            |desk| {
                // A countermeasure whose check was KO lives again once another check is planned; the KO is kept.
                desk.does(ko("C1"));
                desk.does(amend(
                    "C1",
                    CountermeasureEdit { check_on: Some(day("2023-05-01")), ..Default::default() },
                ));
            },
            "it is checked anew",
        ),
    ];
    for (change, reason) in rows {
        let mut desk = proven();
        change(&mut desk);
        let kept = earlier(&desk);
        let (_, _, superseded) = kept.last().unwrap();
        assert_eq!(superseded.as_deref(), Some(reason));
        desk.remarked("no longer counts");
        let check = desk.pdca.countermeasures[0].check.clone().unwrap();
        assert_eq!((check.result, check.evidence), (None, None), "{reason}");
        assert!(check.how.is_some() && desk.pdca.countermeasures[0].is_live());
        desk.refused(act("C1", "Roll out", &[]), &["not checked yet"]);
    }
}

#[test]
fn what_failed_is_not_live_again_by_answering_another_cause() {
    let mut desk = proven();
    desk.does(ko("C1"));
    desk.does(amend(
        "C1",
        CountermeasureEdit { more_root_causes: vec!["RC2".to_owned()], ..Default::default() },
    ));
    assert_eq!(desk.pdca.countermeasures[0].status(), CountermeasureStatus::CheckKo);
    assert_eq!(earlier(&desk).len(), 1);
    assert_eq!(desk.pdca.status(), Status::PlanInProgress);
}

#[test]
fn what_changes_no_proof_leaves_it() {
    let mut desk = proven();
    let how = desk.pdca.countermeasures[0].check.as_ref().unwrap().how.clone();
    let edit = CountermeasureEdit {
        title: Some(line("Mend the alert")),
        check_how: how,
        check_on: Some(day("2023-03-28")),
        more_root_causes: vec!["rc1".to_owned()],
        ..Default::default()
    };
    desk.does(amend("C1", edit));
    desk.does(Action::EditWhy {
        why: "n1".to_owned(),
        edit: WhyEdit { text: Some(prose("Reworded")), ..WhyEdit::default() },
    });
    desk.remarked("C1 was checked OK against the old words");
    assert_eq!(earlier(&desk), []);
    assert_eq!(desk.pdca.countermeasures[0].status(), CountermeasureStatus::CheckOk);
}

#[test]
fn a_hand_that_keeps_a_result_is_asked_whether_it_holds() {
    let desk = proven();
    type Edit = fn(&mut Pdca);
    let rows: [(Edit, Option<&str>); 4] = [
        (
            |pdca| pdca.countermeasures[0].check.as_mut().unwrap().how = Some(prose("Else")),
            Some("the way to check"),
        ),
        (|pdca| pdca.non_detection[0].why = prose("Another"), Some("a root cause that it answers")),
        (|pdca| pdca.occurrence[0].why = prose("Another"), None),
        (
            |pdca| {
                let check = pdca.countermeasures[0].check.as_mut().unwrap();
                (check.how, check.result) = (Some(prose("Else")), None);
            },
            None,
        ),
    ];
    for (edit, expected) in rows {
        let mut desk = Desk { pdca: desk.pdca.clone(), mint: Mint(99), now: desk.now, last: None };
        let mut edited = desk.pdca.clone();
        edit(&mut edited);
        desk.does(Action::Replace(Box::new(edited)));
        let remarks = desk.last.as_ref().unwrap().remarks.join("\n");
        assert_eq!(remarks.contains("C1 keeps its result"), expected.is_some(), "{remarks}");
        assert!(remarks.contains(expected.unwrap_or_default()));
    }
}
