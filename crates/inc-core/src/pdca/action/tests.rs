//! Actions on a PDCA, step by step: the talk's own, each rule in rows, and whatever chance types.

mod edits;
mod proof;
mod settle;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::{Id, Uid};
use crate::incident::Team;
use crate::instant::Instant;
use crate::pdca::{ActStatus, Countermeasure, CountermeasureStatus, Source, SourceKind, Status};
use crate::pdca::{CheckResult, CountermeasureKind};

const ID: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn line(text: &str) -> Line {
    text.parse().unwrap()
}

fn prose(text: &str) -> Prose {
    text.parse().unwrap()
}

/// Mints uids that no other call of the same test has minted.
struct Mint(u64);

impl Mint {
    fn stamped<T>(&mut self, at: &str, act: impl FnOnce(&mut Stamp<'_>) -> T) -> T {
        let mut mint = || {
            self.0 += 1;
            Uid::from_parts(1_680_786_060_000, self.0.into())
        };
        act(&mut Stamp { at: Instant::parse(at).unwrap(), by: line("Mathieu Corbin"), mint: &mut mint })
    }
}

fn new_pdca() -> NewPdca {
    NewPdca {
        title: "Staging: Kubernetes cluster 3 is misbehaving".parse().unwrap(),
        source: Source {
            kind: SourceKind::Incident,
            reference: Some(line("2023-03-27-staging-kubernetes-cluster-3-is-misbehaving")),
        },
        owner: Some(line("Mathieu Corbin")),
        participants: vec![],
        cft: None,
        problem_statement: Some(prose("The staging3 kubernetes cluster is misbehaving")),
        context: None,
    }
}

/// A PDCA under work, and the clock, ids and last words that go with it.
struct Desk {
    pdca: Pdca,
    mint: Mint,
    now: &'static str,
    last: Option<Outcome>,
}

impl Desk {
    fn new() -> Self {
        let (mut mint, now) = (Mint(0), "2023-04-06T15:01:00+02:00");
        let outcome = mint.stamped(now, |stamp| create(new_pdca(), ID.parse().unwrap(), stamp)).unwrap();
        assert_eq!(outcome.said.as_deref(), Some(ID));
        Self { pdca: outcome.pdca, mint, now, last: None }
    }

    /// With one root cause in each tree: RC2 at o1, RC1 at n1.
    fn planned() -> Self {
        let mut desk = Self::new();
        desk.does(why(WhyParent::Occurrence, "Crossplane was deployed on staging", Some("RC2")));
        desk.does(why(WhyParent::NonDetection, "A regression of the metric", Some("RC1")));
        desk
    }

    /// With C1 for RC1 and C2 for RC2, neither done.
    fn cured() -> Self {
        let mut desk = Self::planned();
        desk.does(Action::AddCountermeasure(countermeasure("Fix the alert", &["RC1"])));
        desk.does(Action::AddCountermeasure(countermeasure("Allow only some CRDs", &["RC2"])));
        desk
    }

    fn tries(&mut self, action: Action) -> Result<Outcome, Refusal> {
        let pdca = &self.pdca;
        self.mint.stamped(self.now, |stamp| pdca.apply(action, stamp))
    }

    /// What is said on stdout.
    #[track_caller]
    fn does(&mut self, action: Action) -> String {
        let outcome = self.tries(action).unwrap_or_else(|refusal| panic!("{refusal}"));
        self.pdca = outcome.pdca.clone();
        let said = outcome.said.clone().unwrap_or_default();
        self.last = Some(outcome);
        said
    }

    fn subject(&self) -> &str {
        &self.last.as_ref().unwrap().subject
    }

    #[track_caller]
    fn remarked(&self, words: &str) {
        let remarks = &self.last.as_ref().unwrap().remarks;
        assert!(remarks.iter().any(|remark| remark.contains(words)), "{words:?} in {remarks:?}");
    }

    #[track_caller]
    fn refused(&mut self, action: Action, words: &[&str]) {
        let refusal = self.tries(action).expect_err("refused").to_string();
        for words in words {
            assert!(refusal.contains(words), "{words:?} in {refusal}");
        }
    }
}

fn why(parent: WhyParent, text: &str, root_cause: Option<&str>) -> Action {
    let root_cause = root_cause.map(|label| Tag::Named(label.to_owned()));
    Action::AddWhy(NewWhy { parent, why: prose(text), root_cause, end: None, links: vec![] })
}

fn under(label: &str) -> WhyParent {
    WhyParent::Under(label.to_owned())
}

fn tag(why: &str, root_cause: Option<&str>, moving: bool) -> Action {
    let root_cause = root_cause.map(str::to_owned).into();
    Action::TagRootCause { why: why.to_owned(), root_cause, moving }
}

fn countermeasure(title: &str, root_causes: &[&str]) -> NewCountermeasure {
    NewCountermeasure {
        title: line(title),
        root_causes: root_causes.iter().map(|label| (*label).to_owned()).collect(),
        kind: None,
        owner: Some(line("Mathieu Corbin")),
        team: Team::default(),
        timebox: None,
        due: None,
        check_how: Some(prose("The alert was executed in staging")),
        check_on: Some(day("2023-03-28")),
    }
}

fn check(label: &str, result: CheckResult) -> NewCheck {
    let countermeasure = label.to_owned();
    NewCheck { countermeasure, result, on: None, evidence: None, by: None, how: None, correct: false }
}

fn ok(label: &str) -> Action {
    Action::Check(check(label, CheckResult::Ok))
}

fn ko(label: &str) -> Action {
    Action::Check(check(label, CheckResult::Ko))
}

fn act(label: &str, title: &str, targets: &[&str]) -> Action {
    Action::AddAct(NewAct {
        countermeasure: label.to_owned(),
        title: line(title),
        owner: None,
        due: None,
        targets: targets.iter().map(|name| line(name)).collect(),
    })
}

fn done(label: &str, on: Option<&str>) -> Action {
    Action::Done { countermeasure: label.to_owned(), on: on.map(day) }
}

fn done_act(label: &str, target: Option<&str>) -> Action {
    Action::DoneAct { act: label.to_owned(), target: target.map(str::to_owned), on: None }
}

#[test]
fn the_pdca_of_the_talk() {
    let mut desk = Desk::new();
    assert_eq!(desk.pdca.status(), Status::PlanInProgress);
    let o = desk.does(why(WhyParent::Occurrence, "The API server was lagging", None));
    let o = desk.does(why(
        under(&o),
        "Crossplane was installed on the staging3 for testing purposes and its installation",
        None,
    ));
    assert_eq!(
        desk.subject(),
        "pdca: why o1.1: Crossplane was installed on the staging3 for testing purpose…"
    );
    let leaf = desk.does(why(under(&o), "Crossplane was deployed directly on staging", Some("RC2")));
    assert_eq!((o.as_str(), leaf.as_str()), ("o1.1", "o1.1.1"));
    let n = desk.does(why(WhyParent::NonDetection, "We hit the maximum size", None));
    let n = desk.does(why(under(&n), "We had a lot branches deployed", None));
    assert_eq!(desk.does(why(under(&n), "We introduced a regression", Some("RC1"))), "n1.1.1");
    assert_eq!(desk.pdca.status(), Status::PlanInProgress);
    let c1 = desk.does(Action::AddCountermeasure(countermeasure("Fix the alert", &["RC1"])));
    assert_eq!(desk.pdca.status(), Status::PlanInProgress);
    let c2 =
        desk.does(Action::AddCountermeasure(countermeasure("Allow only some CRDs to be deployed", &["RC2"])));
    assert_eq!((c1.as_str(), c2.as_str()), ("C1", "C2"));
    assert_eq!(desk.pdca.status(), Status::PlanDone);
    let evidence = Some(prose("The alert fired in staging"));
    desk.does(Action::Check(NewCheck { evidence, ..check(&c1, CheckResult::Ok) }));
    assert_eq!(desk.subject(), "pdca: check C1 OK on 2023-03-28");
    assert_eq!(desk.pdca.status(), Status::PlanDone);
    desk.does(ok(&c2));
    assert_eq!(desk.pdca.status(), Status::CheckDone);
    desk.now = "2023-04-06T15:19:00+02:00";
    assert_eq!(desk.does(act(&c1, "Make sure that this alert exists", &[])), "A1");
    desk.now = "2023-04-06T15:27:00+02:00";
    assert_eq!(desk.does(act(&c2, "Deploy the configuration on all environments", &[])), "A2");
    assert_eq!(desk.pdca.status(), Status::CheckDone);
    let checks: Vec<_> = desk.pdca.countermeasures.iter().filter_map(|c| c.check.as_ref()?.on).collect();
    assert_eq!(checks, [day("2023-03-28"); 2]);
    let created = desk.pdca.find_act("a2").unwrap().1.created_at.unwrap().to_string();
    assert_eq!(created, "2023-04-06T15:27:00+02:00");
    let causes: Vec<String> = desk
        .pdca
        .root_causes()
        .iter()
        .map(|c| format!("{} {} {}", c.label, c.why.id, c.branch.name()))
        .collect();
    assert_eq!(causes, ["RC1 n1.1.1 non-detection", "RC2 o1.1.1 occurrence"]);
    desk.does(done_act("A1", None));
    desk.does(done_act("a2", None));
    assert_eq!(desk.pdca.status(), Status::ActDone);
    assert!(desk.pdca.status().is_closed());
}

#[test]
fn a_why_gets_the_next_label_of_its_siblings() {
    for (parent, expected) in [
        (WhyParent::Occurrence, "o2"),
        (WhyParent::NonDetection, "n2"),
        (under("o1"), "o1.1"),
        (under("O1"), "o1.1"),
        (under(" n1 "), "n1.1"),
    ] {
        assert_eq!(Desk::planned().does(why(parent.clone(), "Because", None)), expected, "{parent:?}");
    }
    let mut desk = Desk::planned();
    desk.pdca.occurrence[0].id = line("o7");
    desk.pdca.non_detection[0].id = line("o8");
    assert_eq!(desk.does(why(WhyParent::Occurrence, "Because", None)), "o9");
    assert_eq!(desk.does(why(WhyParent::Occurrence, "Because", None)), "o10");
    desk.refused(why(under("o77"), "x", None), &["no why `o77`", "did you mean `o7`?", "o7, o9, o10, o8"]);
    Desk::new().refused(why(under("o1"), "x", None), &["none yet", "pdca why", "--occurrence TEXT"]);
}

#[test]
fn a_tree_has_an_end() {
    let mut desk = Desk::new();
    let mut label = desk.does(why(WhyParent::Occurrence, "Because", None));
    for _ in 1..30 {
        label = desk.does(why(under(&label), "Because", None));
    }
    desk.refused(why(under(&label), "Because", None), &["30 whys deep", "--escalation kaizen"]);
    let long = line(&"x".repeat(crate::text::LINE_CHARS));
    desk.pdca.occurrence[0].id = long.clone();
    desk.refused(why(under(long.as_str()), "Because", None), &["label of xxx", "pdca edit"]);
}

#[test]
fn a_root_cause_has_one_label_and_a_label_one_root_cause() {
    let mut desk = Desk::planned();
    desk.does(why(under("o1"), "Deeper", None));
    desk.remarked("--tag o1.1 --root-cause RC2 --move");
    desk.refused(
        tag("o1.1", Some("rc2"), false),
        &["RC2 is o1 already", "take RC3", "--tag o1.1 --root-cause RC2 --move"],
    );
    desk.refused(tag("o1.1", Some("cause"), false), &["`cause`", "such as RC3"]);
    desk.refused(tag("o1", Some("RC9"), false), &["o1 is RC2 already", "--edit o1 --root-cause RC"]);
    desk.refused(why(under("n1"), "x", Some("1")), &["RC1 is n1 already", "RC3"]);
    assert_eq!(desk.does(tag("o1", Some("[RC 2]"), false)), "RC2");
    desk.remarked("o1 is RC2 already");
    assert_eq!(desk.does(tag("o1.1", None, false)), "RC3");
    assert_eq!(desk.does(why(WhyParent::Occurrence, "Other", Some("rc 12"))), "o2");
    assert_eq!(desk.pdca.find_why("O2").unwrap().root_cause, Some(line("RC12")));
    desk.does(Action::AddWhy(NewWhy {
        parent: under("o2"),
        why: prose("Next"),
        root_cause: Some(Tag::NextFree),
        end: None,
        links: vec![],
    }));
    assert_eq!(desk.subject(), "pdca: why o2.1 (RC13): Next");
}

#[test]
fn the_label_of_a_root_cause_moves_to_the_deeper_one() {
    let mut desk = Desk::cured();
    desk.does(why(under("o1"), "Deeper", None));
    assert_eq!(desk.does(tag("o1.1", Some("RC2"), true)), "RC2");
    desk.remarked("o1 is no longer a root cause");
    assert_eq!(desk.pdca.find_why("o1").unwrap().root_cause, None);
    assert_eq!(desk.pdca.find_why("o1.1").unwrap().root_cause, Some(line("RC2")));
    assert_eq!(desk.pdca.countermeasures_for("rc2").count(), 1);
}

#[test]
fn a_countermeasure_answers_root_causes_that_are_there() {
    let mut desk = Desk::planned();
    for (given, expected) in [
        (&["rc1"][..], &["RC1"][..]),
        (&["RC1", "1", "[RC 1]"], &["RC1"]),
        (&["RC2", "rc1"], &["RC2", "RC1"]),
    ] {
        desk.does(Action::AddCountermeasure(countermeasure("Cure", given)));
        let labels: Vec<&str> =
            desk.pdca.countermeasures.last().unwrap().root_causes.iter().map(Line::as_str).collect();
        assert_eq!(labels, expected);
    }
    for (given, words) in [
        (&["RC3"][..], &["no root cause `RC3`", "did you mean `RC1`?", "known are: RC1, RC2"][..]),
        (&["crossplane"], &["no root cause `crossplane`; known are: RC1, RC2"]),
        (&[], &["--root-cause LABEL", "known are: RC1, RC2"]),
    ] {
        desk.refused(Action::AddCountermeasure(countermeasure("Cure", given)), words);
    }
    let mut bare = Desk::new();
    let action = || Action::AddCountermeasure(countermeasure("Cure", &["RC1"]));
    bare.refused(action(), &["none yet", "--occurrence TEXT"]);
    bare.does(why(WhyParent::Occurrence, "Because", None));
    bare.refused(action(), &["none yet", "--tag o1 --root-cause RC1"]);
}

#[test]
fn days_in_the_past_are_remarked_on_and_proofs_in_the_future_refused() {
    let mut desk = Desk::cured();
    desk.remarked("the day of the check, 2023-03-28, is past");
    let late = NewCountermeasure { due: Some(day("2023-04-05")), ..countermeasure("Late", &["RC1"]) };
    desk.does(Action::AddCountermeasure(late));
    desk.remarked("the due day of C3 lies in the past: 2023-04-05, today is 2023-04-06");
    desk.refused(
        done("C1", Some("2023-04-07")),
        &["C1 done on 2023-04-07", "today is 2023-04-06", "--on DAY"],
    );
    let tomorrow = NewCheck { on: Some(day("2023-04-07")), ..check("C1", CheckResult::Ok) };
    desk.refused(Action::Check(tomorrow), &["C1 checked on 2023-04-07", "yet to come"]);
    assert_eq!(desk.does(done("c1", Some("2023-03-01"))), "");
    assert_eq!(desk.subject(), "pdca: C1 done on 2023-03-01");
    // What a hand typed before is left to lint, and holds up nothing else.
    desk.pdca.countermeasures[1].done_on = Some(day("2030-01-01"));
    desk.does(done("C3", None));
}

#[test]
fn a_check_takes_the_day_given_else_the_planned_one_else_today() {
    for (planned, given, expected) in [
        (Some("2023-03-28"), None, "2023-03-28"),
        (Some("2023-04-06"), None, "2023-04-06"),
        (Some("2023-04-20"), None, "2023-04-06"),
        (None, None, "2023-04-06"),
        (Some("2023-03-28"), Some("2023-04-01"), "2023-04-01"),
    ] {
        let mut desk = Desk::cured();
        desk.pdca.countermeasures[0].check.as_mut().unwrap().on = planned.map(day);
        desk.does(Action::Check(NewCheck { on: given.map(day), ..check("C1", CheckResult::Ok) }));
        let check = desk.pdca.countermeasures[0].check.clone().unwrap();
        assert_eq!(
            (check.on, check.by),
            (Some(day(expected)), Some(line("Mathieu Corbin"))),
            "{planned:?} {given:?}"
        );
    }
}

#[test]
fn a_second_result_is_another_check_and_the_same_one_an_amendment() {
    let mut desk = Desk::cured();
    let evidence = |text: &str| Some(prose(text));
    desk.does(Action::Check(NewCheck { evidence: evidence("It fired"), ..check("C1", CheckResult::Ok) }));
    desk.refused(ok("C1"), &["C1 is Check OK already", "--evidence"]);
    desk.does(Action::Check(NewCheck {
        evidence: evidence("It fired twice"),
        ..check("C1", CheckResult::Ok)
    }));
    desk.remarked("C1: Check OK on 2023-03-28 (It fired twice) replaces Check OK on 2023-03-28 (It fired)");
    desk.does(ko("C1"));
    desk.remarked("C1: Check OK on 2023-03-28 (It fired twice) is kept among its earlier checks");
    desk.remarked("RC1 lacks a countermeasure again");
    assert_eq!(desk.pdca.countermeasures[0].check.as_ref().unwrap().evidence, None);
    assert!(desk.pdca.countermeasures[0].check.as_ref().unwrap().how.is_some());
}

#[test]
fn a_ko_sends_the_loop_round() {
    let mut desk = Desk::cured();
    desk.does(ok("C2"));
    desk.does(ko("C1"));
    let standing = desk.pdca.standing();
    assert_eq!(standing.status, Status::PlanInProgress);
    assert_eq!(standing.why, "the plan lacks a new countermeasure for RC1 (C1 checked KO)");
    assert!(
        standing.open[0].command.starts_with(&format!("pdca countermeasure {ID} TITLE --root-cause RC1"))
    );
    assert_eq!(standing.open[1].command, format!("pdca why {ID} --under n1 TEXT"));
    desk.refused(act("C1", "Roll out", &[]), &["C1 is checked KO", "pdca countermeasure"]);
    desk.does(Action::AddCountermeasure(countermeasure("Another alert", &["RC1"])));
    assert_eq!(desk.pdca.status(), Status::PlanDone);
    desk.does(ok("C3"));
    assert_eq!(desk.pdca.status(), Status::CheckDone);
}

#[test]
fn only_what_is_proven_is_applied_elsewhere() {
    let mut desk = Desk::cured();
    let no_act = |label: &str| Action::NoAct { countermeasure: label.to_owned(), reason: prose("Only here") };
    let words = ["C1 is not checked yet", "pdca check 2023-04-06-staging", "C1 ok --evidence TEXT"];
    desk.refused(act("C1", "Roll out", &[]), &words);
    desk.refused(no_act("C1"), &words);
    desk.does(ok("C1"));
    desk.does(ok("C2"));
    desk.does(no_act("c1"));
    assert_eq!(desk.pdca.countermeasures[0].status(), CountermeasureStatus::Applied);
    desk.does(act("C1", "Roll out", &["production", "Production", "sandbox"]));
    desk.remarked("taken back: Only here");
    desk.remarked("the target Production is there already");
    desk.refused(no_act("C1"), &["C1 has acts (A1)", "pdca done"]);
    desk.refused(done_act("A1", None), &["open: production, sandbox", "--target production"]);
    desk.refused(done_act("A1", Some("prodction")), &["target of A1", "did you mean `production`?"]);
    desk.refused(done_act("A7", None), &["no act `A7`", "A1"]);
    desk.does(done_act("a1", Some("PRODUCTION")));
    assert_eq!(desk.subject(), "pdca: A1 applied to production on 2023-04-06");
    let act = desk.pdca.find_act("A1").unwrap().1;
    assert_eq!((act.status(), act.progress()), (ActStatus::Partly, (1, 2)));
    desk.does(done_act("A1", Some("sandbox")));
    desk.does(done_act("A1", Some("sandbox")));
    desk.remarked("A1 for sandbox was done already, on 2023-04-06");
    assert_eq!(desk.pdca.status(), Status::CheckDone);
    desk.does(no_act("C2"));
    assert_eq!(desk.pdca.status(), Status::ActDone);
    desk.refused(Action::Abandon { reason: prose("Bored") }, &["is through", "pdca edit"]);
    desk.does(ko("C1"));
    desk.remarked("what was not proven is applied elsewhere by A1");
}

#[test]
fn a_roll_out_finds_more_targets() {
    let mut desk = Desk::cured();
    desk.does(ok("C1"));
    desk.does(act("C1", "Roll out", &[]));
    let edit = |edit: ActEdit| Action::AmendAct { act: "a1".to_owned(), edit };
    desk.refused(edit(ActEdit::default()), &["nothing to change", "--target NAME"]);
    desk.does(done_act("A1", None));
    desk.does(edit(ActEdit { more_targets: vec![line("eu"), line("us")], ..ActEdit::default() }));
    desk.remarked("A1 was done already: from now on its targets count");
    assert_eq!(desk.pdca.find_act("A1").unwrap().1.progress(), (0, 2));
    let due = Some(day("2023-04-01"));
    desk.does(edit(ActEdit {
        due,
        owner: Some(line("Ada")),
        more_targets: vec![line("EU")],
        ..ActEdit::default()
    }));
    desk.remarked("the due day of A1 lies in the past");
    desk.remarked("the target EU is there already");
    assert_eq!(desk.subject(), "pdca: edit A1: targets, owner, due");
}

#[test]
fn a_plan_is_completed_piece_by_piece() {
    let mut desk = Desk::planned();
    let bare = NewCountermeasure {
        owner: None,
        check_how: None,
        check_on: None,
        ..countermeasure("Cure", &["1", "2"])
    };
    desk.does(Action::AddCountermeasure(bare));
    assert_eq!(desk.pdca.countermeasures[0].check, None);
    let commands: Vec<String> = desk.pdca.standing().open.into_iter().map(|open| open.command).collect();
    let amend = |rest: &str| format!("pdca countermeasure {ID} --edit C1 {rest}");
    assert_eq!(commands, [amend("--owner NAME"), amend("--check HOW"), amend("--check-on DAY")]);
    let edit =
        |edit: CountermeasureEdit| Action::Amend { countermeasure: "c1".to_owned(), edit: Box::new(edit) };
    desk.refused(edit(CountermeasureEdit::default()), &["nothing to change", "--owner NAME"]);
    desk.does(edit(CountermeasureEdit { owner: Some(line("Ada")), ..Default::default() }));
    desk.does(edit(CountermeasureEdit {
        check_how: Some(prose("Look")),
        check_on: Some(day("2023-05-01")),
        ..Default::default()
    }));
    assert_eq!(desk.subject(), "pdca: edit C1: check.how, check.on");
    let (kind, timebox) = (Some(CountermeasureKind::Detect), "2d".parse().ok());
    desk.does(edit(CountermeasureEdit { kind, timebox, ..Default::default() }));
    assert_eq!(desk.subject(), "pdca: edit C1: type, timebox");
    assert_eq!((desk.pdca.countermeasures[0].kind, desk.pdca.countermeasures[0].timebox), (kind, timebox));
    assert_eq!(desk.pdca.status(), Status::PlanDone);
    desk.does(done("C1", None));
    assert_eq!(desk.pdca.status(), Status::DoDone);
}

#[test]
fn a_branch_ends_where_nobody_can_act_or_know() {
    let mut desk = Desk::new();
    let end = |why: &str, end: End| Action::EndWhy { why: why.to_owned(), end };
    let out = || End::OutOfControl(prose("The provider's own"));
    desk.does(why(WhyParent::Occurrence, "The zone was down", None));
    desk.does(end("O1", out()));
    assert_eq!(desk.subject(), "pdca: why o1 is out of control: The provider's own");
    desk.does(end("o1", End::Unknown(prose("No logs"))));
    desk.remarked("it replaces out of control: The provider's own");
    let o1 = desk.pdca.find_why("o1").unwrap();
    assert_eq!((&o1.out_of_control, &o1.unknown), (&None, &Some(prose("No logs"))));
    // Whoever asks on has not come to the end.
    desk.does(why(under("o1"), "No second zone", Some("RC1")));
    desk.remarked("o1 no longer ends there: unknown: No logs");
    desk.refused(end("o1", out()), &["o1 has o1.1 below it", "say it of a leaf"]);
    desk.refused(end("o1.1", out()), &["o1.1 is RC1", "pdca edit"]);
    desk.refused(end("o9", out()), &["there is no why `o9`"]);
    desk.does(Action::AddWhy(NewWhy {
        parent: WhyParent::Occurrence,
        why: prose("A bolt of lightning"),
        root_cause: None,
        end: Some(out()),
        links: vec![],
    }));
    desk.does(tag("o2", None, false));
    desk.remarked("o2 no longer ends there: out of control: The provider's own");
    assert_eq!(desk.pdca.find_why("o2").unwrap().out_of_control, None);
}

#[test]
fn a_question_that_does_not_apply_is_answered() {
    let mut desk = Desk::new();
    let na = |reason: &str| Action::NotApplicable { branch: Branch::NonDetection, reason: prose(reason) };
    desk.does(na("The alert fired at once"));
    assert_eq!(desk.subject(), "pdca: non-detection n/a: The alert fired at once");
    desk.does(na("An alert fired"));
    desk.remarked("it replaces the reason: The alert fired at once");
    desk.does(why(WhyParent::Occurrence, "Because", Some("RC1")));
    let open: Vec<String> = desk.pdca.standing().open.into_iter().map(|open| open.what).collect();
    assert_eq!(open, ["a countermeasure for RC1"]);
    desk.does(why(WhyParent::NonDetection, "It fired late", None));
    desk.remarked("non-detection applies after all; it was n/a: An alert fired");
    assert_eq!(desk.pdca.non_detection_na, None);
    desk.refused(na("x"), &["the non-detection tree is begun (n1)", "--remove n1 --recursive"]);
}

#[test]
fn what_is_given_up_rests_until_it_is_taken_up_again() {
    let mut desk = Desk::cured();
    let reason = || line("The cluster is back");
    desk.refused(Action::Resume { reason: reason() }, &["not abandoned", "plan-done"]);
    desk.does(Action::Abandon { reason: prose("The cluster is gone\nfor good") });
    assert_eq!(desk.subject(), "pdca: abandon: The cluster is gone");
    assert_eq!(desk.pdca.status(), Status::Abandoned);
    assert_eq!(desk.pdca.standing().why, "abandoned: The cluster is gone");
    desk.refused(ok("C1"), &["abandoned", "pdca resume"]);
    desk.does(Action::Set(vec![Setting::Owner(Some(line("Ada"))), Setting::Participants(vec![line("Bob")])]));
    assert_eq!(desk.subject(), "pdca: set owner, participants");
    desk.does(Action::Abandon { reason: prose("Told elsewhere") });
    desk.remarked("abandoned already: The cluster is gone");
    desk.does(Action::Resume { reason: reason() });
    desk.remarked("had been abandoned: Told elsewhere; it is at Plan done now");
    assert_eq!(desk.pdca.status(), Status::PlanDone);
    desk.refused(Action::Set(vec![]), &["nothing to change"]);
}

#[test]
fn a_pdca_of_an_incident_names_it() {
    for (kind, reference, refused) in [
        (SourceKind::Incident, Some("2023-03-27-x"), None),
        (SourceKind::Incident, None, Some("--incident ID")),
        (SourceKind::Incident, Some("../x"), Some("never paths")),
        (SourceKind::RedBin, None, None),
        (SourceKind::QaReturn, Some("QA 17"), None),
    ] {
        let source = Source { kind, reference: reference.map(line) };
        let new = NewPdca { source, ..new_pdca() };
        let result = Mint(0).stamped("2023-04-06T15:01:00+02:00", |s| create(new, ID.parse().unwrap(), s));
        match (result, refused) {
            (Ok(outcome), None) => assert_eq!(outcome.remarks, [""; 0]),
            (Err(refusal), Some(words)) => assert!(refusal.to_string().contains(words), "{refusal}"),
            (result, _) => panic!("{kind:?} {reference:?}: {result:?}"),
        }
    }
}

#[test]
fn an_edit_by_hand_keeps_what_never_changes_and_does_not_contradict_itself() {
    type Edit = fn(&mut Pdca);
    let rows: &[(Edit, &str)] = &[
        (|p| p.id = "2023-04-06-other".parse().unwrap(), "`id` never changes"),
        (|p| p.uid = Uid::from_parts(1, 1), "`uid` never changes"),
        (|p| p.schema = 2, "`schema` never changes"),
        (|p| p.countermeasures[1].id = line("c1"), "C1 stands twice"),
        (|p| p.non_detection[0].id = line("O1"), "why o1 stands twice"),
        (|p| p.non_detection[0].root_cause = Some(line("rc2")), "the root cause RC2 is two whys"),
        (|p| p.non_detection[0].root_cause = None, "C1 answers RC1, and no why has that label"),
        (|p| p.countermeasures[0].root_causes.clear(), "C1 answers no root cause"),
        (|p| p.countermeasures[1].uid = p.countermeasures[0].uid, "C1 and C2 have the same uid"),
        (|p| p.countermeasures[0].done_on = Some(day("2024-01-01")), "yet to come"),
    ];
    for (edit, words) in rows {
        let mut desk = Desk::cured();
        let mut edited = desk.pdca.clone();
        edit(&mut edited);
        desk.refused(Action::Replace(Box::new(edited.clone())), &[words]);
        // A fault that was there before holds up no other edit.
        if (&edited.id, edited.uid, edited.schema) == (&desk.pdca.id, desk.pdca.uid, desk.pdca.schema) {
            desk.pdca = edited.clone();
            edited.cft = Some(line("Platform"));
            desk.does(Action::Replace(Box::new(edited)));
        }
    }
}

#[test]
fn an_item_typed_by_hand_gets_a_uid_and_an_old_one_gets_its_own_back() {
    let mut desk = Desk::cured();
    let before = desk.pdca.clone();
    let mut edited = before.clone();
    edited.countermeasures[0].uid = None;
    edited.occurrence[0].uid = None;
    edited.countermeasures.push(Countermeasure { id: line("C9"), ..edited.countermeasures[0].clone() });
    edited.countermeasures.remove(1);
    desk.does(Action::Replace(Box::new(edited)));
    desk.remarked("taken out: C2; git keeps the old record");
    assert_eq!(desk.pdca.countermeasures[0].uid, before.countermeasures[0].uid);
    assert_eq!(desk.pdca.occurrence[0].uid, before.occurrence[0].uid);
    let minted = desk.pdca.countermeasures[1].uid.unwrap();
    assert!(before.countermeasures.iter().all(|countermeasure| countermeasure.uid != Some(minted)));
}

#[test]
fn any_action_mints_the_missing_uids_and_nothing_else() {
    let mut desk = Desk::cured();
    desk.does(ok("C1"));
    desk.does(act("C1", "Roll out", &["production"]));
    let whole = desk.pdca.clone();
    let act = &mut desk.pdca.countermeasures[0].acts[0];
    (act.uid, act.targets[0].uid) = (None, None);
    desk.pdca.non_detection[0].uid = None;
    desk.does(Action::Set(vec![Setting::Cft(Some(line("Platform")))]));
    assert!(uids(&desk.pdca).iter().all(Option::is_some));
    let act = &mut desk.pdca.countermeasures[0].acts[0];
    (act.uid, act.targets[0].uid) =
        (whole.countermeasures[0].acts[0].uid, whole.countermeasures[0].acts[0].targets[0].uid);
    desk.pdca.non_detection[0].uid = whole.non_detection[0].uid;
    desk.pdca.cft = None;
    assert_eq!(desk.pdca, whole);
}

#[test]
fn a_label_that_stands_twice_names_nothing() {
    let mut desk = Desk::cured();
    desk.pdca.countermeasures[1].id = line("c1");
    desk.refused(ok("C1"), &["several have the label `C1`", "pdca edit"]);
}

fn uids(pdca: &Pdca) -> Vec<Option<Uid>> {
    let mut uids: Vec<Option<Uid>> = pdca.whys().map(|node| node.why.uid).collect();
    uids.extend(pdca.countermeasures.iter().map(|c| c.uid));
    uids.extend(pdca.countermeasures.iter().flat_map(|c| c.earlier_checks.iter().map(|check| check.uid)));
    uids.extend(pdca.contributing_factors.iter().map(|factor| factor.uid));
    uids.extend(pdca.acts().map(|(_, act)| act.uid));
    uids.extend(pdca.acts().flat_map(|(_, act)| act.targets.iter().map(|target| target.uid)));
    uids
}

/// How many checks have a result, those that no longer count among them.
fn results(pdca: &Pdca) -> usize {
    let of = |it: &Countermeasure| usize::from(it.result().is_some()) + it.earlier_checks.len();
    pdca.countermeasures.iter().map(of).sum()
}

fn labels(pdca: &Pdca) -> Vec<String> {
    let mut labels: Vec<String> = pdca.whys().map(|node| node.why.id.to_string()).collect();
    labels.extend(pdca.root_causes().iter().map(|cause| cause.label.to_string()));
    labels.extend(pdca.countermeasures.iter().map(|c| c.id.to_string()));
    labels.extend(pdca.acts().map(|(_, act)| act.id.to_string()));
    labels.extend(pdca.contributing_factors.iter().map(|factor| factor.id.to_string()));
    labels
}

fn any_label() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[on][12](\\.[12]){0,2}",
        4 => "[RrCcAa][Cc]?[1-4]",
        1 => ".{0,6}",
    ]
}

fn any_day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of(prop::sample::select(vec![day("2023-03-28"), day("2023-04-06"), day("2023-04-09")]))
}

fn any_action() -> impl Strategy<Value = Action> {
    let named = || prop::option::of(any_label());
    let result = prop::sample::select(CheckResult::ALL);
    prop_oneof![
        4 => (0..4u8, any_label(), prop::option::of(named())).prop_map(|(parent, label, root_cause)| {
            let parent = match parent {
                0 => WhyParent::Occurrence,
                1 => WhyParent::NonDetection,
                _ => WhyParent::Under(label),
            };
            let root_cause = root_cause.map(Tag::from);
            Action::AddWhy(NewWhy { parent, why: prose("Because"), root_cause, end: None, links: vec![] })
        }),
        1 => (any_label(), named(), any::<bool>())
            .prop_map(|(why, label, moving)| Action::TagRootCause { why, root_cause: label.into(), moving }),
        4 => (prop::collection::vec(any_label(), 0..3), any_day(), any_day()).prop_map(|(root_causes, due, check_on)| {
            let whole = countermeasure("Cure", &[]);
            Action::AddCountermeasure(NewCountermeasure { root_causes, due, check_on, ..whole })
        }),
        1 => (any_label(), any_day(), prop::collection::vec(any_label(), 0..2)).prop_map(|(label, due, more)| {
            let edit = CountermeasureEdit { due, more_root_causes: more, ..Default::default() };
            Action::Amend { countermeasure: label, edit: Box::new(edit) }
        }),
        1 => (any_label(), any_day()).prop_map(|(countermeasure, on)| Action::Done { countermeasure, on }),
        3 => (any_label(), result, any_day())
            .prop_map(|(label, result, on)| Action::Check(NewCheck { on, ..check(&label, result) })),
        2 => (any_label(), prop::collection::vec("[a-c]", 0..3)).prop_map(|(label, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            act(&label, "Roll out", &names)
        }),
        1 => (any_label(), "[a-d]").prop_map(|(act, name)| {
            let edit = ActEdit { more_targets: vec![line(&name)], ..ActEdit::default() };
            Action::AmendAct { act, edit }
        }),
        2 => (any_label(), prop::option::of("[a-c]"), any_day())
            .prop_map(|(act, target, on)| Action::DoneAct { act, target, on }),
        1 => any_label().prop_map(|countermeasure| Action::NoAct { countermeasure, reason: prose("Only here") }),
        1 => prop::option::of(Just(prose("It hurts"))).prop_map(|p| Action::Set(vec![Setting::ProblemStatement(p)])),
        3 => (any_label(), prop::option::of(any_label()), prop::option::of(named())).prop_map(|(why, parent, tag)| {
            let edit = WhyEdit { root_cause: tag.map(Tag::from), parent: parent.map(WhyParent::Under), ..WhyEdit::default() };
            Action::EditWhy { why, edit }
        }),
        1 => (any_label(), any::<bool>()).prop_map(|(why, untag)| {
            let edit = WhyEdit { text: Some(prose("Reworded")), untag, ..WhyEdit::default() };
            Action::EditWhy { why, edit }
        }),
        1 => (any_label(), any::<bool>()).prop_map(|(why, recursive)| Action::RemoveWhy { why, recursive }),
        1 => (any_label(), any::<bool>())
            .prop_map(|(countermeasure, recursive)| Action::RemoveCountermeasure { countermeasure, recursive }),
        1 => (any_label(), any::<bool>()).prop_map(|(act, recursive)| Action::RemoveAct { act, recursive }),
        1 => (any_label(), any_label(), any_day()).prop_map(|(countermeasure, fewer, check_on)| {
            let edit = CountermeasureEdit { fewer_root_causes: vec![fewer], check_on, ..Default::default() };
            Action::Amend { countermeasure, edit: Box::new(edit) }
        }),
        1 => any_label().prop_map(|countermeasure| Action::UndoDone { countermeasure }),
        1 => (any_label(), prop::option::of("[a-c]")).prop_map(|(act, target)| Action::UndoAct { act, target }),
        1 => Just(Action::AddFactor { factor: prose("It was Friday"), links: vec![] }),
        1 => Just(Action::RemoveFactor { factor: "F1".to_owned() }),
        1 => Just(Action::Abandon { reason: prose("Enough") }),
        2 => Just(Action::Resume { reason: line("Not enough") }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_typed_nothing_is_lost_and_labels_and_uids_stay_single(
        actions in prop::collection::vec(any_action(), 0..60),
    ) {
        let mut desk = Desk::new();
        for action in actions {
            let takes_out = matches!(action, Action::RemoveWhy { .. } | Action::RemoveCountermeasure { .. }
                | Action::RemoveAct { .. } | Action::RemoveFactor { .. });
            let renames = takes_out || matches!(action, Action::EditWhy { .. });
            let Ok(outcome) = desk.tries(action) else { continue };
            let (before, after) = (&desk.pdca, &outcome.pdca);
            let uids_after: BTreeSet<Uid> = uids(after).into_iter().flatten().collect();
            prop_assert_eq!(uids_after.len(), uids(after).len());
            prop_assert!(takes_out || results(before) <= results(after), "a result is lost");
            prop_assert!(takes_out || uids(before).into_iter().flatten().all(|uid| uids_after.contains(&uid)));
            let labels_after: BTreeSet<String> = labels(after).iter().map(|label| label.to_lowercase()).collect();
            prop_assert_eq!(labels_after.len(), labels(after).len());
            prop_assert!(renames || labels(before).iter().all(|label| labels_after.contains(&label.to_lowercase())));
            prop_assert!(outcome.subject.starts_with("pdca: ") && !outcome.subject.contains('\n'));
            prop_assert!(outcome.said.iter().all(|said| labels_after.contains(&said.to_lowercase())));
            let standing = after.standing();
            let waits = standing.open.iter().any(|open| open.blocks);
            prop_assert_eq!(waits, !standing.status.is_closed(), "{:?}", standing);
            let known = |label: &Line| after.root_causes().iter().any(|cause| cause.label == label);
            let all_known = after.countermeasures.iter().all(|c| c.root_causes.iter().all(known));
            prop_assert!(all_known);
            // An edit by hand that changes nothing is always allowed, and changes nothing.
            desk.pdca = outcome.pdca.clone();
            let again = desk.tries(Action::Replace(Box::new(outcome.pdca.clone()))).unwrap();
            prop_assert_eq!(&again.pdca, &outcome.pdca);
            // And what we make, a file can hold.
            let text = serde_json::to_string(&outcome.pdca).unwrap();
            prop_assert_eq!(serde_json::from_str::<Pdca>(&text).unwrap(), outcome.pdca);
        }
    }
}

/// The id is checked where it is made.
#[test]
fn the_id_of_these_tests_is_one() {
    assert_eq!(ID.parse::<Id>().unwrap().as_str(), ID);
}
