//! Settling what a merge left contested.

use serde_json::{Value, json};

use super::*;
use crate::incident::Contested;

fn contests(desk: &mut Desk, path: &str, ours: Value, theirs: Value) {
    let one = Contested { path: path.parse().unwrap(), ours, theirs, by: None, at: None };
    desk.pdca.contested.push(one);
}

fn settle(word: &str) -> Action {
    Action::Settle(vec![word.parse().unwrap()])
}

fn grown() -> Desk {
    let mut desk = Desk::new();
    desk.does(why(WhyParent::Occurrence, "It was slow", None));
    desk.does(why(under("o1"), "It was full", Some("RC1")));
    desk.does(Action::AddCountermeasure(countermeasure("Alert", &["RC1"])));
    desk
}

#[test]
fn a_value_of_an_item_stands_and_leaves_the_list() {
    for (path, theirs, word, pointer, expected) in [
        ("countermeasures[C1].title", json!("Page"), "theirs", "/countermeasures/0/title", json!("Page")),
        (
            "countermeasures[C1].due",
            json!("2023-05-01"),
            "2023-05-02",
            "/countermeasures/0/due",
            json!("2023-05-02"),
        ),
        (
            "countermeasures[C1].check.how",
            json!("Run it"),
            "theirs",
            "/countermeasures/0/check/how",
            json!("Run it"),
        ),
        (
            "whys[o1.1].why",
            json!("It was empty"),
            "theirs",
            "/occurrence/0/whys/0/why",
            json!("It was empty"),
        ),
        ("owner", Value::Null, "theirs", "/owner", Value::Null),
        ("cft", Value::Null, "Core", "/cft", json!("Core")),
        ("cft", Value::Null, "12", "/cft", json!("12")),
    ] {
        let mut desk = grown();
        contests(&mut desk, path, Value::Null, theirs);
        desk.does(settle(&format!("{path}={word}")));
        let after = serde_json::to_value(&desk.pdca).unwrap();
        assert_eq!(after.pointer(pointer).cloned().unwrap_or_default(), expected, "{path}={word}");
        assert!(desk.pdca.contested.is_empty());
    }
}

#[test]
fn what_contradicts_the_rest_is_refused() {
    for (path, theirs, said) in [
        ("occurrence_na", json!("It did not"), "the occurrence tree is begun"),
        ("whys[o1].unknown", json!("Nobody knows"), "o1 ends its branch in two ways"),
        ("whys[o1.1].out_of_control", json!("The vendor"), "o1.1 ends its branch in two ways"),
        ("countermeasures[C1].root_causes", json!(["RC9"]), "C1 answers RC9"),
        ("countermeasures[C9].title", json!("x"), "pdca edit"),
        ("countermeasures[C1].due", json!("soon"), "countermeasures[C1].due cannot be soon"),
    ] {
        let mut desk = grown();
        contests(&mut desk, path, Value::Null, theirs);
        desk.refused(settle(&format!("{path}=theirs")), &[said]);
    }
}

#[test]
fn what_is_contested_and_set_is_settled() {
    let mut desk = grown();
    contests(&mut desk, "countermeasures[C1].title", json!("Alert"), json!("Page"));
    contests(&mut desk, "whys[o1.1].why", json!("It was full"), json!("It was empty"));
    let edit = WhyEdit { text: Some("It was slow".parse().unwrap()), ..WhyEdit::default() };
    desk.does(Action::EditWhy { why: "o1.1".into(), edit });
    assert!(desk.subject().ends_with("; settles whys[o1.1].why"), "{}", desk.subject());
    let said = desk.last.as_ref().unwrap().remarks.last().unwrap();
    assert_eq!(said, "settles whys[o1.1].why: It was slow stands, not It was empty");
    assert_eq!(desk.pdca.contested.len(), 1);
    desk.does(Action::RemoveCountermeasure { countermeasure: "C1".into(), recursive: false });
    assert!(desk.pdca.contested.is_empty());
}

#[test]
fn a_value_that_is_none_is_told_with_what_is_possible() {
    for (path, word, said) in [
        (
            "countermeasures[C1].due",
            "soon",
            &["due cannot be soon: ", "due=ours keeps what stands", "due=theirs takes the other"][..],
        ),
        ("countermeasures[C1].title", "", &["title cannot be an empty text: ", "title=ours"]),
        (
            "whys[o1.1].out_of_control",
            "theirs",
            &["--edit o1.1 --untag` first", "--settle 'whys[o1.1].out_of_control=ours'"],
        ),
        ("whys[o1].unknown", "theirs", &["--remove o1.1` first"]),
    ] {
        let mut desk = grown();
        contests(&mut desk, path, Value::Null, json!("2023-05-01"));
        desk.refused(settle(&format!("{path}={word}")), said);
    }
}
