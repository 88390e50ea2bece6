//! The coach, in rows: a record and the question that comes next; whole sessions; and whatever chance answers.

use std::cell::Cell;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::Stamp;
use crate::id::Uid;
use crate::instant::{Instant, Zone};
use crate::pdca::Status;
use crate::pdca::rules::{Others, rules};

/// A record with these keys beside the ones that each has.
fn record(keys: Value) -> Pdca {
    let mut whole = json!({
        "schema": 1,
        "id": "2023-04-06-x",
        "uid": "01GWH7Q3M8Z0V8T3J4K5N6P7R9",
        "title": "X",
        "source": {"kind": "incident", "ref": "2023-03-27-x"},
        "created_at": "2023-04-06T15:01:00+02:00",
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// A record whose analysis is through, with RC1 in the first tree, and these countermeasures.
fn analysed(countermeasures: Value) -> Pdca {
    record(json!({
        "problem_statement": "60 of 60 nodes were full",
        "occurrence": [{"id": "o1", "why": "Because", "root_cause": "RC1"}],
        "non_detection_na": "Seen at once",
        "countermeasures": countermeasures,
    }))
}

fn cure(keys: Value) -> Value {
    let mut whole = json!({"id": "C1", "root_causes": ["RC1"], "title": "Cure"});
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    whole
}

fn planned(check: Value, keys: Value) -> Value {
    let mut whole = json!({"how": "Look", "on": "2023-04-01"});
    whole.as_object_mut().unwrap().extend(check.as_object().unwrap().clone());
    let mut cure = cure(json!({"owner": "Ada", "check": whole}));
    cure.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    cure
}

/// 6 April 2023 in Paris.
const NOW: &str = "2023-04-06T15:01:00+02:00";

fn today() -> NaiveDate {
    "2023-04-06".parse().unwrap()
}

fn keys(pdca: &Pdca) -> Vec<String> {
    questions(pdca, today()).iter().map(Question::key).collect()
}

thread_local! {
    static MINTED: Cell<u128> = const { Cell::new(0) };
}

/// The record after an answer, or what is wrong with the answer.
fn answered(pdca: &Pdca, question: &Question, text: &str) -> Result<Pdca, String> {
    let zone = Zone::named("Europe/Paris").unwrap();
    let now = Instant::parse(NOW).unwrap();
    let answer = question.read(text, pdca, &Reading { now, zone: &zone })?;
    let mut mint = || Uid::from_parts(1_680_786_060_000, MINTED.replace(MINTED.get() + 1));
    let mut stamp = Stamp { at: now, by: "Ada Lovelace".parse().unwrap(), mint: &mut mint };
    pdca.apply(answer.action, &mut stamp).map(|outcome| outcome.pdca).map_err(|refusal| refusal.to_string())
}

/// A session: each question must have this key, and gets this answer; returns what the record is then.
#[track_caller]
fn session(mut pdca: Pdca, talk: &[(&str, &str)]) -> Pdca {
    let mut asked = BTreeSet::new();
    for (key, text) in talk {
        let question = next(&pdca, today(), &asked).unwrap_or_else(|| panic!("{key} is not asked"));
        assert_eq!(question.key(), *key);
        if !question.is_skipped_by(text) {
            pdca = answered(&pdca, &question, text).unwrap_or_else(|why| panic!("{key}: {text}: {why}"));
        }
        asked.insert(question.key());
    }
    pdca
}

#[test]
fn what_comes_next_is_read_off_the_record() {
    let bare = json!({});
    let parts = "frame What,frame Where,frame Since,frame How many,frame Standard";
    let trees = "first-why occurrence,first-why non-detection";
    let many = "problem_statement";
    for (pdca, expected) in [
        (record(bare), format!("owner ,{parts},{trees}")),
        (record(json!({"source": {"kind": "red-bin"}, "owner": "Ada"})), format!("context ,{parts},{trees}")),
        (record(json!({"owner": "Ada", many: "TODO"})), format!("{parts},{trees}")),
        (record(json!({"owner": "Ada", many: "In other words"})), trees.to_owned()),
        (
            record(json!({"owner": "Ada", many: "What: it hurts\nSince: Monday"})),
            format!("frame How many,frame Standard,{trees}"),
        ),
        (
            record(json!({"owner": "Ada", many: "x", "occurrence_na": "x", "non_detection":
                [{"id": "n1", "why": "a", "whys": [{"id": "n1.1", "why": "b"}]}, {"id": "n2", "why": "c"}]})),
            "go-on n1.1 0,go-on n2 0,another non-detection 3".to_owned(),
        ),
        // A link is no answer; nothing that ends is asked on.
        (
            record(json!({"owner": "Ada", many: "x", "non_detection_na": "x", "occurrence": [
                {"id": "o1", "why": "a", "whys": [{"id": "o1.1", "why": "PR #12"}]},
                {"id": "o2", "why": "a", "unknown": "x"}, {"id": "o3", "why": "a", "out_of_control": "x"}]})),
            "go-on o1 1,another occurrence 4".to_owned(),
        ),
        // Both trees end, and in no root cause: another reason is looked for in each.
        (
            record(
                json!({"owner": "Ada", many: "x", "occurrence": [{"id": "o1", "why": "a", "unknown": "x"}],
                "non_detection": [{"id": "n1", "why": "a", "unknown": "x"}]}),
            ),
            "another occurrence 2,another non-detection 2".to_owned(),
        ),
        (analysed(json!([])), "cure RC1 ".to_owned()),
        (
            analysed(json!([cure(json!({}))])),
            "plan C1 Owner,plan C1 Kind,plan C1 Timebox,plan C1 Due,plan C1 How,plan C1 On,done C1"
                .to_owned(),
        ),
        (
            analysed(json!([cure(json!({"owner": "Ada", "timebox": "2d"}))])),
            "plan C1 Due,plan C1 How,plan C1 On,done C1".to_owned(),
        ),
        (analysed(json!([planned(json!({}), json!({}))])), "done C1".to_owned()),
        (analysed(json!([planned(json!({}), json!({"done_on": "2023-04-01"}))])), "result C1".to_owned()),
        // Not before its day.
        (
            analysed(json!([planned(json!({"on": "2023-04-07"}), json!({"done_on": "2023-04-01"}))])),
            String::new(),
        ),
        (analysed(json!([planned(json!({"result": "ok"}), json!({}))])), "evidence C1,rollout C1".to_owned()),
        (
            analysed(json!([planned(json!({"result": "ko"}), json!({}))])),
            "evidence C1,below RC1 C1,cure RC1 C1".to_owned(),
        ),
        (
            analysed(json!([planned(
                json!({"result": "ok"}),
                json!({"acts": [{"id": "A1", "title": "x"}]})
            )])),
            "act A1 Owner,act A1 Targets,act A1 Due,act-done A1".to_owned(),
        ),
        (
            analysed(json!([planned(
                json!({"result": "ok"}),
                json!({"acts": [{"id": "A1", "title": "x", "owner": "x",
                "due": "2023-05-01", "targets": [{"name": "a"}, {"name": "b", "done_on": "2023-04-01"}]}]})
            )])),
            "target A1 a".to_owned(),
        ),
        (
            analysed(json!([planned(json!({"result": "ok", "evidence": "x"}), json!({"no_act": "x"}))])),
            String::new(),
        ),
        (record(json!({"abandoned": "x"})), String::new()),
    ] {
        assert_eq!(keys(&pdca).join(","), expected, "{pdca:?}");
    }
}

/// A whole PDCA by answers alone; each is the only one that the question needs.
const WHOLE: &[(&str, &str)] = &[
    ("owner ", "Ada Lovelace"),
    ("frame What", "Pods were not scheduled"),
    ("frame Where", "staging3"),
    ("frame Since", "12:59 to 14:13 on 27 March"),
    ("frame How many", "60 of 60 nodes were full"),
    ("frame Standard", "A pod starts within a minute"),
    ("first-why occurrence", "The API server was lagging"),
    ("go-on o1 0", "890 CRDs were installed for a test"),
    ("go-on o1.1 0", "root cause"),
    ("another occurrence 2", "o1: The disks were slow"),
    ("go-on o1.2 0", "Out of control: the provider's"),
    ("another occurrence 3", "no"),
    ("first-why non-detection", "The alert was broken"),
    ("go-on n1 0", "rc7"),
    ("another non-detection 4", "Nobody looks at night"),
    ("go-on n2 0", "unknown: nobody remembers"),
    ("another non-detection 5", ""),
    ("cure RC1 ", "Allow only some CRDs"),
    ("plan C1 Owner", "Ada Lovelace"),
    ("plan C1 Kind", "Prevent"),
    ("plan C1 Timebox", "2d"),
    ("plan C1 Due", "friday"),
    ("plan C1 How", "Create another one"),
    ("plan C1 On", "today"),
    ("cure RC7 ", "Fix the alert"),
    ("plan C2 Owner", "Grace Hopper"),
    ("plan C2 Kind", "detect"),
    ("plan C2 Timebox", ""),
    ("plan C2 Due", ""),
    ("plan C2 How", "Provoke it"),
    ("plan C2 On", "yesterday"),
    ("done C1", "yes"),
    ("done C2", "2023-04-05"),
    ("result C1", "ok: it was refused"),
    ("result C2", "OK"),
    ("evidence C2", "It rang"),
    ("rollout C1", "The same everywhere"),
    ("act A1 Owner", "Ada Lovelace"),
    ("act A1 Targets", "production, preproduction,"),
    ("act A1 Due", "in 2 weeks"),
    ("target A1 production", "yes"),
    ("target A1 preproduction", "2023-04-06"),
    ("rollout C2", "none: it is the only one"),
];

#[test]
fn a_whole_pdca_is_run_by_answers_alone() {
    let pdca = session(record(json!({})), WHOLE);
    assert_eq!(pdca.status(), Status::ActDone);
    let statement = pdca.problem_statement.as_ref().unwrap().as_str();
    assert!(statement.starts_with("What: Pods were not scheduled\nWhere: staging3\n"), "{statement}");
    assert_eq!(statement.lines().count(), 5);
    let tree: Vec<String> =
        pdca.whys().map(|node| format!("{}{:?}", node.why.id, node.why.root_cause)).collect();
    assert_eq!(tree.len(), 5, "{tree:?}");
    assert_eq!(
        pdca.root_causes().iter().map(|cause| cause.label.as_str()).collect::<Vec<_>>(),
        ["RC1", "RC7"]
    );
    // Everything that the rules can judge in one record is as they want it.
    let found = pdca.lint(&Others::default(), Instant::parse(NOW).unwrap());
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["source-missing"]);
    assert_eq!(keys(&pdca), [""; 0]);
}

#[test]
fn the_parts_of_a_problem_stand_in_their_order_and_its_own_words_are_left_alone() {
    let stated = |statement: &str, part, text: &str| {
        let pdca = record(json!({"problem_statement": statement}));
        let pdca = answered(&pdca, &Question::Frame(part), text).unwrap();
        pdca.problem_statement.unwrap().to_string()
    };
    assert_eq!(
        stated("Since: Monday\nStandard: none falls off", Part::Where, "line 3"),
        "Where: line 3\nSince: Monday\nStandard: none falls off"
    );
    assert_eq!(stated("TODO", Part::What, "Labels: they fall off"), "What: Labels: they fall off");
    for statement in ["Labels fall off", "What: Labels fall off\nSo they do", "What labels fall off"] {
        assert_eq!(frame::to_come(statement), [], "{statement}");
    }
}

#[test]
fn who_stops_after_any_answer_goes_on_with_the_next_one() {
    for stop in 0..WHOLE.len() {
        let (first, rest) = WHOLE.split_at(stop);
        let pdca = session(record(json!({})), first);
        // What was left open is asked again, unless something after it was answered.
        let next = next(&pdca, today(), &BTreeSet::new()).unwrap().key();
        let reopened = first.iter().rev().take_while(|(_, text)| matches!(*text, "" | "no")).count();
        let expected = WHOLE[stop - reopened];
        assert_eq!(next, expected.0, "after {first:?}");
        let again = [&WHOLE[stop - reopened..stop], rest].concat();
        let resumed = session(pdca, &again);
        assert_eq!(without_uids(&resumed), without_uids(&session(record(json!({})), WHOLE)), "{stop}");
    }
}

fn without_uids(pdca: &Pdca) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("uid");
                map.values_mut().for_each(strip);
            }
            Value::Array(all) => all.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(pdca).unwrap();
    strip(&mut value);
    value
}

#[test]
fn a_ko_sends_the_loop_round_by_another_cure_or_a_deeper_cause() {
    let failed = || analysed(json!([planned(json!({}), json!({"done_on": "2023-04-01"}))]));
    let another = session(
        failed(),
        &[
            ("result C1", "ko: it happened again"),
            ("below RC1 C1", "no"),
            ("cure RC1 C1", "Another"),
            ("plan C2 Owner", "Ada"),
        ],
    );
    assert_eq!(another.status(), Status::PlanInProgress);
    assert_eq!(another.countermeasures.len(), 2);
    let deeper = session(
        failed(),
        &[
            ("result C1", "ko"),
            ("evidence C1", "It happened again"),
            ("below RC1 C1", "Something deeper"),
            ("go-on o1.1 0", "root"),
            ("cure RC1 C1", "Another"),
        ],
    );
    // The label is where the cause is now, and the failed one is kept.
    assert_eq!(deeper.root_causes()[0].why.id.as_str(), "o1.1");
    assert_eq!(deeper.root_causes().len(), 1);
    assert_eq!(keys(&deeper)[0], "plan C2 Owner");
}

#[test]
fn an_answer_that_makes_no_sense_is_met_with_what_would() {
    let go_on = || Question::GoOn { why: "o1".into(), links: 0 };
    let plan = |lacks| Question::Plan { countermeasure: "C1".into(), lacks };
    let c1 = || "C1".to_owned();
    for (question, text, said) in [
        (Question::Owner, "a\u{1b}b", "control character U+001B"),
        (Question::FirstWhy(Branch::Occurrence), "n/a", "the reason is missing: n/a:"),
        (Question::FirstWhy(Branch::Occurrence), "no", "yes or no is no answer"),
        (Question::Rollout { countermeasure: c1() }, "No", "yes or no is no answer"),
        (Question::Another { branch: Branch::Occurrence, whys: 2 }, "yes", "type it"),
        (go_on(), "unknown", "the reason is missing: unknown:"),
        (go_on(), "Out of control:", "the reason is missing"),
        (go_on(), "no", "then type the next why: why is o1 so?"),
        (go_on(), "rc1", "RC1 is o9 already"),
        (plan(CurePart::On), "2023-02-30", "there is no 2023-02-30"),
        (plan(CurePart::Due), "soon", "soon"),
        (plan(CurePart::Kind), "prevnt", "did you mean `prevent`?"),
        (plan(CurePart::Timebox), "long", "long"),
        (Question::Done { countermeasure: c1() }, "tomorrow", "that day is yet to come"),
        (Question::Result { countermeasure: c1() }, "maybe", "known are: ok, ko"),
        (Question::Rollout { countermeasure: c1() }, "none", "the reason is missing: none:"),
        (Question::Act { act: "A1".into(), lacks: ActPart::Targets }, ", ,", "name one target at least"),
        (Question::Cure { root_cause: "RC1".into(), failed: vec![c1()] }, "c1", "C1 was checked KO"),
    ] {
        let pdca = record(json!({
            "occurrence": [{"id": "o1", "why": "a"}, {"id": "o9", "why": "a", "root_cause": "RC1"}],
            "countermeasures": [planned(json!({"result": "ko"}), json!({}))],
        }));
        let why = answered(&pdca, &question, text).unwrap_err();
        assert!(why.contains(said), "{question:?} {text:?}: {why}");
    }
}

#[test]
fn a_sentence_that_begins_with_a_word_of_ours_is_a_why() {
    for text in [
        "Unknown regression of the metric",
        "Rooted devices were allowed",
        "RC builds were deployed",
        "n/a values crashed it",
    ] {
        let pdca = record(json!({"occurrence": [{"id": "o1", "why": "a"}]}));
        let question = Question::GoOn { why: "o1".into(), links: 0 };
        let pdca = answered(&pdca, &question, text).unwrap();
        assert_eq!(pdca.find_why("o1.1").unwrap().why.as_str(), text);
    }
}

#[test]
fn a_countermeasure_may_answer_two_causes() {
    let mut pdca = analysed(json!([planned(json!({}), json!({}))]));
    pdca.occurrence
        .push(serde_json::from_value(json!({"id": "o2", "why": "b", "root_cause": "RC2"})).unwrap());
    let pdca = session(pdca, &[("cure RC2 ", "c1"), ("done C1", "yes")]);
    assert_eq!(pdca.countermeasures.len(), 1);
    assert_eq!(pdca.countermeasures[0].root_causes.len(), 2);
}

#[test]
fn the_words_of_an_answer_are_judged_and_what_is_asked_next_is_not() {
    let hints = |pdca: &Pdca, question: &Question, text: &str| -> Vec<&'static str> {
        let after = answered(pdca, question, text).unwrap();
        let found = remarks(question, pdca, &after, &Others::default(), Instant::parse(NOW).unwrap());
        found.iter().map(|one| one.code).collect()
    };
    let why = Question::FirstWhy(Branch::Occurrence);
    let cause = Question::Cure { root_cause: "RC1".into(), failed: vec![] };
    let timebox = Question::Plan { countermeasure: "C1".into(), lacks: CurePart::Timebox };
    let bare = record(json!({}));
    let none: [&str; 0] = [];
    assert_eq!(hints(&bare, &why, "The operator forgot it"), ["why-blames"]);
    assert_eq!(hints(&bare, &why, "Nothing limits it"), none);
    assert_eq!(hints(&bare, &why, "PR #12"), ["leaf-is-link"]);
    assert_eq!(hints(&bare, &Question::Frame(Part::What), "It is slow"), none);
    assert_eq!(hints(&bare, &Question::Frame(Part::HowMany), "a lot"), ["problem-unmeasurable"]);
    assert_eq!(hints(&bare, &Question::Frame(Part::HowMany), "40 of 60"), none);
    let first = |statement: &str, rest: &str| {
        let pdca = record(json!({"problem_statement": format!("{statement}{rest}")}));
        first_remarks(&pdca, &Others::default(), Instant::parse(NOW).unwrap()).len()
    };
    assert_eq!(
        (first("It is slow", ""), first("60 of 60 are full", ""), first("What: It is slow", "")),
        (1, 0, 0)
    );
    assert_eq!(hints(&analysed(json!([])), &cause, "Remind the team"), ["cure-weak"]);
    assert_eq!(hints(&analysed(json!([])), &cause, "Fix the alert"), none);
    assert_eq!(hints(&analysed(json!([cure(json!({}))])), &timebox, "30d"), ["cure-too-long"]);

    // That none detects is told once no cause is left that one may be for.
    let kind = |countermeasure: &str| Question::Plan {
        countermeasure: countermeasure.into(),
        lacks: CurePart::Kind,
    };
    let mut both = analysed(json!([cure(json!({}))]));
    both.non_detection_na = None;
    both.non_detection
        .push(serde_json::from_value(json!({"id": "n1", "why": "b", "root_cause": "RC2"})).unwrap());
    assert_eq!(hints(&both, &kind("C1"), "prevent"), none);
    let mut both = answered(&both, &kind("C1"), "prevent").unwrap();
    both.countermeasures
        .push(serde_json::from_value(json!({"id": "C2", "root_causes": ["RC2"], "title": "x"})).unwrap());
    assert_eq!(hints(&both, &kind("C2"), "detect"), none);
    assert_eq!(hints(&both, &kind("C2"), "prevent"), ["cure-one-sided"]);
}

/// Answers that lead on.
fn right(question: &Question) -> &'static [&'static str] {
    match question {
        Question::FirstWhy(_) => &["Because", "n/a: so"],
        Question::GoOn { .. } => &["root", "root", "Deeper", "unknown: x"],
        Question::Another { .. } => &["no", "no", "o1: below"],
        Question::Below { .. } => &["no", "Deeper still"],
        Question::Plan { lacks: CurePart::Kind, .. } => &["prevent"],
        Question::Plan { lacks: CurePart::Timebox, .. } => &["2d"],
        Question::Plan { lacks: CurePart::On | CurePart::Due, .. } => &["today"],
        Question::Done { .. } | Question::ActDone { .. } | Question::Target { .. } => &["yes"],
        Question::Result { .. } => &["ok", "ok: seen", "ko"],
        Question::Act { lacks: ActPart::Due, .. } => &["2023-05-01"],
        _ => &["Ada, Grace"],
    }
}

/// Answers to a question, right ones and wrong ones.
fn candidates(question: &Question) -> &'static [&'static str] {
    match question {
        Question::FirstWhy(_) => &["", "Because", "n/a: so", "PR #12", "no"],
        Question::GoOn { .. } => {
            &["", "Deeper", "root", "RC3", "unknown: x", "out of control: x", "unknown", "see #1"]
        }
        Question::Another { .. } => &["no", "Another", "o1: below", "n1: below", "n/a: x"],
        Question::Below { .. } => &["no", "Deeper still"],
        Question::Cure { .. } => &["", "Do it", "C1", "c2"],
        Question::Plan { lacks: CurePart::Kind, .. } => &["", "prevent", "detect", "x"],
        Question::Plan { lacks: CurePart::Timebox, .. } => &["", "2d", "40d"],
        Question::Plan { lacks: CurePart::On | CurePart::Due, .. } => {
            &["", "today", "tomorrow", "2023-03-01", "x"]
        }
        Question::Done { .. } | Question::ActDone { .. } | Question::Target { .. } => {
            &["no", "yes", "yesterday", "tomorrow"]
        }
        Question::Result { .. } => &["", "ok", "ko", "ok: seen", "ko: seen", "x"],
        Question::Rollout { .. } => &["", "Everywhere", "none: x", "none"],
        Question::Act { lacks: ActPart::Targets, .. } => &["", "a, b", "a, A", ","],
        Question::Act { lacks: ActPart::Due, .. } => &["", "2023-05-01", "yesterday"],
        _ => &["", "Ada Lovelace"],
    }
}

proptest! {
    #[test]
    fn a_session_never_repeats_itself_and_always_ends(picks in prop::collection::vec((0_u8..10, any::<prop::sample::Index>()), 0..120)) {
        let (mut pdca, mut asked) = (record(json!({})), BTreeSet::new());
        for (luck, pick) in picks {
            let Some(question) = next(&pdca, today(), &asked) else { break };
            prop_assert!(rules().any(|rule| rule.code == question.rule()), "{question:?}");
            let answers = if luck < 8 { right(&question) } else { candidates(&question) };
            let text = *pick.get(answers);
            let after = match question.is_skipped_by(text) {
                true => pdca.clone(),
                // A wrong answer changes nothing, and the question is asked again: here it is left then.
                false => answered(&pdca, &question, text).unwrap_or_else(|_| pdca.clone()),
            };
            if after != pdca {
                let is_ko = after.status() < pdca.status();
                prop_assert!(!is_ko || text.starts_with("ko"), "{question:?} {text}: {:?}", after.status());
                let is_open = questions(&after, today()).contains(&question);
                prop_assert!(!is_open || matches!(question, Question::Below { .. }), "{question:?} {text}");
            }
            prop_assert!(asked.insert(question.key()), "asked twice: {question:?}");
            pdca = after;
        }
        // Whoever only leaves questions open comes to an end.
        for _ in 0..500 {
            let Some(question) = next(&pdca, today(), &asked) else { return Ok(()) };
            prop_assert!(asked.insert(question.key()));
        }
        prop_assert!(false, "it never ends: {pdca:?}");
    }
}
