//! What is there is told better, moved, taken out and taken back.

use super::*;

fn edit(why: &str, edit: WhyEdit) -> Action {
    Action::EditWhy { why: why.to_owned(), edit }
}

fn moved(why: &str, parent: WhyParent) -> Action {
    edit(why, WhyEdit { parent: Some(parent), ..WhyEdit::default() })
}

fn remove_why(why: &str, recursive: bool) -> Action {
    Action::RemoveWhy { why: why.to_owned(), recursive }
}

fn remove_cure(label: &str, recursive: bool) -> Action {
    Action::RemoveCountermeasure { countermeasure: label.to_owned(), recursive }
}

fn remove_act(label: &str, recursive: bool) -> Action {
    Action::RemoveAct { act: label.to_owned(), recursive }
}

/// Every why's label, those of one branch below another as the tree has them.
fn tree(desk: &Desk) -> String {
    let whys = desk.pdca.whys().map(|node| format!("{}{}", ">".repeat(node.depth), node.why.id));
    whys.collect::<Vec<_>>().join(" ")
}

/// o1 (o1.1 (o1.1.1 RC3), o1.2), RC2 at o2, RC1 at n1; C1 for RC1, C2 for RC2, C3 for RC2 and RC3.
fn grown() -> Desk {
    let mut desk = Desk::new();
    for (parent, root_cause) in [
        (WhyParent::Occurrence, None),
        (under("o1"), None),
        (under("o1.1"), Some("RC3")),
        (under("o1"), None),
        (WhyParent::Occurrence, Some("RC2")),
        (WhyParent::NonDetection, Some("RC1")),
    ] {
        desk.does(why(parent, "Because", root_cause));
    }
    for (title, causes) in [("Alert", &["RC1"][..]), ("Limit", &["RC2"]), ("Both", &["RC2", "RC3"])] {
        desk.does(Action::AddCountermeasure(countermeasure(title, causes)));
    }
    assert_eq!(tree(&desk), "o1 >o1.1 >>o1.1.1 >o1.2 o2 n1");
    desk
}

#[test]
fn a_why_moves_with_all_below_it_and_its_label_tells_where() {
    for (why, parent, said, expected) in [
        ("o1.1", WhyParent::NonDetection, "n2", "o1 >o1.2 o2 n1 n2 >n2.1"),
        ("o1.1", under("n1"), "n1.1", "o1 >o1.2 o2 n1 >n1.1 >>n1.1.1"),
        ("O1.2", under("o1.1.1"), "o1.1.1.1", "o1 >o1.1 >>o1.1.1 >>>o1.1.1.1 o2 n1"),
        ("o1.1", under("o1"), "o1.3", "o1 >o1.2 >o1.3 >>o1.3.1 o2 n1"),
        ("n1", WhyParent::Occurrence, "o3", "o1 >o1.1 >>o1.1.1 >o1.2 o2 o3"),
    ] {
        let mut desk = grown();
        let uid = desk.pdca.find_why(why).unwrap().uid;
        assert_eq!(desk.does(moved(why, parent)), said);
        assert_eq!(tree(&desk), expected, "{why}");
        assert_eq!(desk.pdca.find_why(said).unwrap().uid, uid);
        assert!(desk.pdca.countermeasures.iter().all(|cure| !cure.root_causes.is_empty()));
    }
    let mut desk = grown();
    desk.does(moved("o1.1", WhyParent::NonDetection));
    desk.remarked("o1.1 is n2 now, and so are the 1 below it");
    assert_eq!(desk.subject(), "pdca: move why o1.1, now n2");
}

#[test]
fn a_why_cannot_move_below_itself_nor_where_nothing_is_nor_too_deep() {
    let mut desk = grown();
    desk.refused(moved("o1", under("o1.1.1")), &["o1.1.1 stands below o1", "cannot explain itself"]);
    desk.refused(moved("o1", under("O1")), &["cannot explain itself"]);
    desk.refused(moved("o1.2", under("o7")), &["no why `o7`", "known are: o1"]);
    desk.refused(moved("o9", under("o1")), &["no why `o9`"]);
    let mut deep = "o2".to_owned();
    for _ in 0..27 {
        deep = desk.does(why(under(&deep), "Deeper", None));
    }
    desk.refused(moved("o1", under(&deep)), &["30 whys deep"]);
    desk.does(moved("o1.1", under(&deep)));
    desk.refused(
        moved("n1", under(desk.pdca.whys().max_by_key(|node| node.depth).unwrap().why.id.clone().as_str())),
        &["30 whys deep"],
    );
}

#[test]
fn a_first_why_in_a_tree_takes_back_that_its_question_does_not_apply() {
    let mut desk = Desk::new();
    desk.does(why(WhyParent::Occurrence, "Because", None));
    desk.does(Action::NotApplicable { branch: Branch::NonDetection, reason: prose("Seen at once") });
    desk.does(moved("o1", WhyParent::NonDetection));
    desk.remarked("non-detection applies after all");
    assert_eq!(tree(&desk), "n1");
    assert_eq!(desk.pdca.branch_na(Branch::NonDetection), None);
}

#[test]
fn a_why_is_told_better() {
    let link = |text: &str| text.parse::<Link>().unwrap();
    let mut desk = grown();
    let more = WhyEdit {
        text: Some(prose("Other words")),
        more_links: vec![link("graph=https://example.com/1"), link("log=https://example.com/2")],
        ..WhyEdit::default()
    };
    assert_eq!(desk.does(edit("O1.2", more)), "o1.2");
    assert_eq!(desk.subject(), "pdca: edit why o1.2: text, links");
    desk.does(edit("o1.2", WhyEdit { fewer_links: vec!["Graph".to_owned()], ..WhyEdit::default() }));
    let told = desk.pdca.find_why("o1.2").unwrap();
    assert_eq!((told.why.as_str(), told.links.len()), ("Other words", 1));
    let wrong = WhyEdit { fewer_links: vec!["gaph".to_owned()], ..WhyEdit::default() };
    desk.refused(edit("o1.2", wrong), &["no link of o1.2 `gaph`", "known are: log"]);
    desk.refused(edit("o1.2", WhyEdit::default()), &["nothing to change", "--edit o1.2 --text TEXT"]);
}

#[test]
fn a_root_cause_gets_another_label_and_its_countermeasures_go_along() {
    let mut desk = grown();
    let named =
        |label: &str| WhyEdit { root_cause: Some(Tag::Named(label.to_owned())), ..WhyEdit::default() };
    desk.does(edit("o2", named("rc9")));
    desk.remarked("C3 answers RC9 now, which was RC2");
    let labels = |desk: &Desk| -> Vec<String> {
        desk.pdca.countermeasures.iter().flat_map(|cure| &cure.root_causes).map(ToString::to_string).collect()
    };
    assert_eq!(labels(&desk), ["RC1", "RC9", "RC9", "RC3"]);
    desk.refused(edit("o2", named("RC1")), &["RC1 is n1 already"]);
    desk.refused(edit("o2", named("crds")), &["not the label of a root cause"]);
    // One without a label gets its first.
    desk.does(edit("o1.2", named("RC4")));
    assert_eq!(desk.pdca.find_why("o1.2").unwrap().root_cause, Some(line("RC4")));
    let untag = || WhyEdit { untag: true, ..WhyEdit::default() };
    desk.refused(edit("n1", untag()), &["C1 answers RC1", "--move"]);
    desk.does(edit("o1.2", untag()));
    assert_eq!(desk.pdca.find_why("o1.2").unwrap().root_cause, None);
}

#[test]
fn nothing_that_hangs_on_a_why_is_orphaned() {
    let mut desk = grown();
    desk.refused(
        remove_why("o1", false),
        &["o1 holds the whys below it (o1.1, o1.2)", "pdca why", "--remove o1 --recursive"],
    );
    desk.refused(remove_why("n1", false), &["n1 holds RC1, which C1 answers", "--remove n1 --recursive"]);
    desk.does(remove_why("o1.2", false));
    desk.remarked("taken out: o1.2; git keeps");
    // C3 answers RC2 as well, and stays for it.
    desk.does(remove_why("o1", true));
    desk.remarked("C3 no longer answers RC3");
    assert_eq!(desk.subject(), "pdca: remove why o1, o1.1, o1.1.1");
    assert_eq!(tree(&desk), "o2 n1");
    desk.does(ok("C2"));
    desk.does(act("C2", "Everywhere", &["production"]));
    desk.does(remove_why("o2", true));
    desk.remarked("taken out: o2, C2, A1, C3; git keeps the old record");
    assert_eq!(desk.pdca.countermeasures.len(), 1);
}

#[test]
fn a_label_that_a_hand_gave_twice_keeps_its_countermeasures() {
    let mut desk = grown();
    desk.pdca.occurrence[0].whys[1].root_cause = Some(line("RC2"));
    let other = WhyEdit { root_cause: Some(Tag::NextFree), ..WhyEdit::default() };
    let mut again = Desk { pdca: desk.pdca.clone(), mint: Mint(99), now: desk.now, last: None };
    again.does(edit("o1.2", other));
    assert_eq!(again.pdca.find_why("o1.2").unwrap().root_cause, Some(line("RC4")));
    assert_eq!(again.pdca.countermeasures, desk.pdca.countermeasures);
    desk.does(remove_why("o2", false));
    assert_eq!(desk.pdca.countermeasures.len(), 3);
}

#[test]
fn a_countermeasure_goes_with_what_hangs_on_it_or_not_at_all() {
    let mut desk = grown();
    desk.does(remove_cure("c3", false));
    desk.remarked("nothing answers RC3 any more");
    desk.does(ok("C1"));
    desk.refused(
        remove_cure("C1", false),
        &["C1 holds 1 check with a result", "pdca countermeasure", "--remove C1 --recursive"],
    );
    desk.does(act("C1", "Everywhere", &["production", "staging"]));
    desk.refused(remove_cure("C1", false), &["C1 holds act A1, 1 check with a result"]);
    desk.does(done_act("A1", Some("staging")));
    desk.refused(remove_act("A1", false), &["A1 holds what is done: staging", "pdca act", "--recursive"]);
    desk.does(remove_act("a1", true));
    desk.does(remove_cure("C1", true));
    assert_eq!(desk.subject(), "pdca: remove C1, with 1 check with a result");
    desk.refused(remove_cure("C1", true), &["no countermeasure `C1`"]);
    desk.refused(remove_act("A1", false), &["no act `A1`"]);
}

#[test]
fn a_countermeasure_answers_fewer_causes_but_one() {
    let mut desk = grown();
    let fewer = |label: &str| Action::Amend {
        countermeasure: "C3".to_owned(),
        edit: Box::new(CountermeasureEdit {
            fewer_root_causes: vec![label.to_owned()],
            ..Default::default()
        }),
    };
    desk.refused(fewer("RC1"), &["no root cause of C3 `RC1`", "known are: RC2, RC3"]);
    desk.does(fewer("rc2"));
    desk.refused(fewer("RC3"), &["C3 would answer nothing", "--remove C3"]);
}

#[test]
fn what_was_planned_is_taken_out_again() {
    let mut desk = grown();
    desk.pdca.countermeasures[0].due = Some(day("2023-05-01"));
    let clear = |clear: &[CountermeasureProperty]| Action::Amend {
        countermeasure: "C1".to_owned(),
        edit: Box::new(CountermeasureEdit { clear: clear.to_vec(), ..Default::default() }),
    };
    desk.does(clear(&[CountermeasureProperty::Due, CountermeasureProperty::Owner]));
    assert_eq!(desk.subject(), "pdca: edit C1: due, owner");
    assert_eq!((desk.pdca.countermeasures[0].due, &desk.pdca.countermeasures[0].owner), (None, &None));
    desk.refused(clear(&[CountermeasureProperty::Due]), &["nothing to change"]);
    desk.does(ok("C1"));
    desk.does(act("C1", "Everywhere", &["production", "staging"]));
    desk.does(done_act("A1", Some("staging")));
    let fewer = ActEdit { fewer_targets: vec!["Staging".to_owned()], ..ActEdit::default() };
    desk.does(Action::AmendAct { act: "A1".to_owned(), edit: fewer.clone() });
    desk.remarked("staging was applied on 2023-04-06: it is taken out all the same");
    desk.refused(
        Action::AmendAct { act: "A1".to_owned(), edit: fewer },
        &["no target of A1 `Staging`", "production"],
    );
}

#[test]
fn what_is_done_is_taken_back() {
    let mut desk = grown();
    let undo = |label: &str| Action::UndoDone { countermeasure: label.to_owned() };
    let undo_act =
        |target: Option<&str>| Action::UndoAct { act: "A1".to_owned(), target: target.map(str::to_owned) };
    desk.refused(undo("C1"), &["C1 is not done"]);
    desk.does(done("C1", None));
    desk.does(undo("C1"));
    assert_eq!(desk.pdca.countermeasures[0].done_on, None);
    desk.does(ok("C1"));
    desk.does(act("C1", "Everywhere", &["production", "staging"]));
    desk.does(done_act("A1", Some("staging")));
    desk.refused(undo_act(None), &["target by target"]);
    desk.refused(undo_act(Some("production")), &["A1 for production is not done"]);
    desk.does(undo_act(Some("staging")));
    assert_eq!(desk.pdca.find_act("A1").unwrap().1.status(), ActStatus::Open);
}

#[test]
fn a_target_alone_names_its_act_where_only_one_can_be_meant() {
    let mut desk = grown();
    desk.does(ok("C1"));
    desk.does(act("C1", "Here", &["production", "staging"]));
    desk.does(act("C1", "There", &["production"]));
    let act_of = |desk: &Desk, target: &str| desk.pdca.act_with_target(target).map_err(|why| why.to_string());
    assert_eq!(act_of(&desk, "Staging"), Ok("A1".to_owned()));
    assert!(act_of(&desk, "production").unwrap_err().starts_with("A1, A2 name the target production"));
    desk.does(done_act("A1", Some("production")));
    assert_eq!(act_of(&desk, "production"), Ok("A2".to_owned()));
    assert!(act_of(&desk, "sandbox").unwrap_err().contains("known are: production, staging"));
}

#[test]
fn contributing_factors_have_labels_of_their_own() {
    let mut desk = Desk::new();
    let add = |text: &str| Action::AddFactor { factor: prose(text), links: vec![] };
    assert_eq!(desk.does(add("It was Friday")), "F1");
    assert_eq!(desk.does(add("Nobody was there")), "F2");
    let edit = |factor: &str, text: Option<&str>| Action::EditFactor {
        factor: factor.to_owned(),
        text: text.map(prose),
        links: vec![],
    };
    desk.does(edit("f1", Some("It was Friday evening")));
    assert_eq!(desk.pdca.contributing_factors[0].factor.as_str(), "It was Friday evening");
    desk.refused(edit("F1", None), &["nothing to change"]);
    desk.refused(edit("F3", Some("x")), &["no contributing factor `F3`", "known are: F1, F2"]);
    desk.does(Action::RemoveFactor { factor: "F1".to_owned() });
    assert_eq!(desk.does(add("A third")), "F3");
}

#[test]
fn participants_come_and_go() {
    let mut desk = Desk::new();
    let set = |setting| Action::Set(vec![setting]);
    desk.does(set(Setting::MoreParticipants(vec![line("Ada"), line("ada"), line("Grace")])));
    desk.remarked("ada takes part already");
    desk.does(set(Setting::FewerParticipants(vec!["ADA".to_owned()])));
    assert_eq!(desk.pdca.participants, [line("Grace")]);
    desk.refused(
        set(Setting::FewerParticipants(vec!["Alan".to_owned()])),
        &["no participant `Alan`", "Grace"],
    );
}
