//! What people type for `--settle`, which value it means, and where it goes.

use serde_json::json;

use super::*;

fn one(path: &str, ours: Value, theirs: Value) -> Contested {
    Contested { path: path.parse().unwrap(), ours, theirs, by: None, at: None }
}

fn list() -> Vec<Contested> {
    vec![
        one("title", json!("A"), json!("B")),
        one("summary.cause", json!("A"), json!("B")),
        one("summary.cause", json!("A"), json!("C")),
        one("summary.cause", json!("A"), json!("B")),
        one("impact.customers", json!(1), Value::Null),
    ]
}

#[test]
fn what_is_typed_is_a_path_and_a_choice() {
    let typed = |text: &str| Choice::Typed(text.to_owned());
    for (text, path, choice) in [
        ("title=ours", "title", Choice::Ours),
        ("title= theirs ", "title", Choice::Theirs(None)),
        ("title=theirs:2", "title", Choice::Theirs(Some(2))),
        ("title=theirs are slow", "title", typed("theirs are slow")),
        ("title=", "title", typed("")),
        ("title=a=b", "title", typed("a=b")),
        ("acts[A1].targets[a=b].done_on=2023-04-01", "acts[A1].targets[a=b].done_on", typed("2023-04-01")),
    ] {
        assert_eq!(text.parse(), Ok(Settlement { path: path.to_owned(), choice }), "{text}");
    }
    for text in ["title", "=ours", "", "title=theirs:x", "title=theirs:", "title=Ours", "title=their"] {
        assert!(text.parse::<Settlement>().is_err(), "{text}");
    }
}

#[test]
fn a_choice_is_one_value_or_refused_with_what_to_type() {
    let decide = |words: &[&str]| {
        let all = words.iter().map(|word| word.parse().unwrap()).collect();
        decided("x", &list(), all)
    };
    for (words, expected) in [
        ("title=ours", Wanted::Standing),
        ("title=theirs", Wanted::Value(json!("B"))),
        ("title=theirs:1", Wanted::Value(json!("B"))),
        ("title=C", Wanted::Typed("C".to_owned(), false)),
        ("summary.cause=theirs:2", Wanted::Value(json!("C"))),
        ("impact.customers=theirs", Wanted::Value(Value::Null)),
        ("impact.customers=12", Wanted::Typed("12".to_owned(), true)),
    ] {
        assert_eq!(decide(&[words]).unwrap()[0].value, expected, "{words}");
    }
    let refusals: [(&[&str], &str); 7] = [
        (&["titel=ours"], "did you mean `title`? contested are: title, summary.cause, impact.customers"),
        (&["owner=ours"], "`owner` is not contested; contested are: title, "),
        (&["summary.cause=theirs"], "\n  summary.cause=theirs:1  B\n  summary.cause=theirs:2  C"),
        (&["summary.cause=theirs:3"], "name one:\n  summary.cause=theirs:1  B"),
        (&["summary.cause=theirs:0"], "name one:"),
        (&["title=theirs:2"], "title has one value that did not win: `title=theirs` takes it  B"),
        (&["title=ours", "title=theirs"], "`title` is settled twice"),
    ];
    for (words, said) in refusals {
        let refused = decide(words).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(decided("x", &[], vec![]), Err(Unsettled::Nothing("x".to_owned())));
}

#[test]
fn the_words_for_each_are_ready_to_type() {
    let mut list = list();
    list.push(one("whys[o1].why", json!("A"), json!("B")));
    for (at, theirs) in [(0, "title=theirs"), (1, "summary.cause=theirs:1"), (2, "summary.cause=theirs:2")] {
        assert_eq!(words(&list, at)[1], theirs);
    }
    assert_eq!(words(&list, 5), ["'whys[o1].why=ours'", "'whys[o1].why=theirs'"]);
}

#[test]
fn a_path_leads_to_one_place() {
    let record = json!({
        "title": "T",
        "custom": {"a.b": 1, "odd": {"x": 2}},
        "timeline": [{"id": "01A", "text": "one"}, {"at": "no id"}],
        "occurrence": [{"id": "o1", "why": "w", "whys": [{"id": "o1.1", "why": "v"}]}],
        "countermeasures": [
            {"id": "C1", "uid": "U1", "check": {"how": "h"}, "acts": [{"id": "A1", "targets": [{"name": "p.q"}]}]},
            {"id": "C2"}, {"id": "C2"},
        ],
        "links": [{"name": "v1.2 notes", "url": "u"}, {"name": "twin", "url": "u"}, {"name": "twin", "url": "v"}],
        "contributing_factors": [{"id": "F1", "links": [{"name": "graph", "url": "u"}]}],
        "contested": [{"path": "title", "ours": 1}],
    });
    for (path, pointer) in [
        ("title", "/title"),
        ("custom.a.b", "/custom/a.b"),
        ("custom.c.d", "/custom/c.d"),
        ("summary.cause", "/summary/cause"),
        ("roles.scribe", "/roles/scribe"),
        ("impact.custom.x.y", "/impact/custom/x.y"),
        ("timeline[01A].text", "/timeline/0/text"),
        ("whys[o1].why", "/occurrence/0/why"),
        ("whys[o1.1].why", "/occurrence/0/whys/0/why"),
        ("whys[o1.1].unknown", "/occurrence/0/whys/0/unknown"),
        ("countermeasures[C1].check.how", "/countermeasures/0/check/how"),
        ("countermeasures[C1].check.evidence", "/countermeasures/0/check/evidence"),
        ("countermeasures[C1].team.stack", "/countermeasures/0/team/stack"),
        ("links.v1.2 notes", "/links/0/url"),
        ("contributing_factors[F1].links.graph", "/contributing_factors/0/links/0/url"),
        ("countermeasures[C1].acts[A1].targets[p.q].done_on", "/countermeasures/0/acts/0/targets/0/done_on"),
    ] {
        let mut after = record.clone();
        assert_eq!(place::put(&mut after, path, json!("new")), Some(()), "{path}");
        assert_eq!(after.pointer(&pointer.replace("~", "~0")), Some(&json!("new")), "{path}: {after}");
        assert_eq!(place::get(&after, path), Some(&json!("new")), "{path}");
        place::put(&mut after, path, Value::Null).unwrap();
        assert_eq!(place::get(&after, path), None, "{path}");
    }
    for path in [
        "countermeasures[C3].title",
        "countermeasures[C2].title",
        "whys[o9].why",
        "summary.",
        "timeline[01A]",
        "links.twin",
        "links.gone",
        "links.gone.too",
        "contributing_factors[F1].links.gone",
        "whys[o1].links.none.yet",
    ] {
        assert_eq!(place::put(&mut record.clone(), path, json!("new")), None, "{path}");
    }
}
