//! What came back, beside what, and what does not count.

use serde_json::{Value, json};

use super::*;
use crate::pdca::rows;

/// A PDCA begun on that day with one cause.
fn with_cause(name: &str, begun: &str, label: &str, why: &str, keys: Value) -> Pdca {
    let mut whole = json!({
        "created_at": format!("{begun}T12:00:00+02:00"),
        "occurrence": [{"id": "o1", "why": why, "root_cause": label}],
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    rows::pdca(name, whole)
}

/// Countermeasures against RC1 and `no-limit`, with these keys each.
fn cures(all: &[Value]) -> Value {
    let cures = all.iter().enumerate().map(|(n, keys)| {
        let mut whole =
            json!({"id": format!("C{}", n + 1), "root_causes": ["RC1", "no-limit"], "title": "X"});
        whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        whole
    });
    json!({"countermeasures": cures.collect::<Vec<_>>()})
}

fn ok(on: &str) -> Value {
    json!({"check": {"on": on, "result": "ok"}})
}

const LIMIT: &str = "Nothing limits the CRDs of a cluster";

/// `b RC1 < a RC1 tag [C1 2023-01-02]`, of each pair.
fn words(pdcas: &[Pdca], scope: &Scope) -> Vec<String> {
    let all: Vec<&Pdca> = pdcas.iter().collect();
    let causes = Causes::of(&all);
    let name = |cause: &Cause<'_>| format!("{} {}", &cause.pdca.id.to_string()[11..], cause.label);
    let mut words = vec![];
    for one in causes.returns(scope) {
        for earlier in &one.earlier {
            let cure = |cure: &Cure<'_>| {
                let on = cure.on.map_or("?".to_owned(), |on| on.to_string());
                format!("{} {on}", cure.countermeasure.id)
            };
            let cures: Vec<String> = earlier.cures.iter().map(cure).collect();
            let by = if earlier.is_same_tag { "tag" } else { "words" };
            words.push(format!("{} < {} {by} [{}]", name(one.cause), name(earlier.cause), cures.join(", ")));
        }
    }
    words
}

#[track_caller]
fn check(pdcas: &[Pdca], expected: &[&str]) {
    assert_eq!(words(pdcas, &Scope::default()), expected);
}

#[test]
fn by_its_words_or_by_its_tag_and_never_by_a_number() {
    let later = |label: &str, why: &str| with_cause("b", "2023-04-06", label, why, json!({}));
    let first = |label: &str| with_cause("a", "2023-01-01", label, LIMIT, cures(&[ok("2023-01-02")]));
    check(
        &[first("RC1"), later("RC9", "nothing limits the CRDs of a cluster.")],
        &["b RC9 < a RC1 words [C1 2023-01-02]"],
    );
    check(&[first("RC1"), later("RC9", "Nothing limits the CRDs of this one")], &[]);
    check(&[first("RC1"), later("RC1", "The disk was full")], &[]);
    check(
        &[first("no-limit"), later("No-Limit", "The disk was full")],
        &["b No-Limit < a no-limit tag [C1 2023-01-02]"],
    );
    check(&[first("no-limit"), later("no-limits", "The disk was full")], &[]);
    // The order of the records is no matter, but that of their days.
    check(&[later("RC1", LIMIT), first("RC1")], &["b RC1 < a RC1 words [C1 2023-01-02]"]);
}

#[test]
fn what_is_one_story_did_not_come_back() {
    let source = json!({"source": {"kind": "incident", "ref": "2023-03-27-x"}});
    let [a, b] = [("a", "2023-01-01"), ("b", "2023-04-06")]
        .map(|(name, begun)| with_cause(name, begun, "RC1", LIMIT, source.clone()));
    check(&[a, b.clone()], &[]);
    let other = with_cause("a", "2023-01-01", "RC1", LIMIT, json!({}));
    check(&[other, b.clone()], &["b RC1 < a RC1 words []"]);
    check(&[b.clone(), with_cause("c", "2023-04-06", "RC1", LIMIT, json!({}))], &[]);
}

#[test]
fn whether_it_was_cured_then() {
    let pair = |all: &[Value]| {
        let first = with_cause("a", "2023-01-01", "RC1", LIMIT, cures(all));
        words(&[first, with_cause("b", "2023-04-06", "RC1", LIMIT, json!({}))], &Scope::default())
    };
    let found = |cures: &str| vec![format!("b RC1 < a RC1 words [{cures}]")];
    assert_eq!(pair(&[]), found(""));
    assert_eq!(pair(&[ok("2023-04-07")]), found(""), "cured since");
    assert_eq!(pair(&[ok("2023-04-06")]), found("C1 2023-04-06"));
    assert_eq!(pair(&[json!({"check": {"result": "ok"}})]), found("C1 ?"));
    assert_eq!(pair(&[ok("2023-02-01"), ok("2023-03-01")]), found("C1 2023-02-01, C2 2023-03-01"));
    // A check OK that was taken back after it came back was OK then; one that was taken back before was not.
    let again = |on: &str, result: &str| json!({"earlier_checks": [{"on": "2023-02-01", "result": "ok"}], "check": {"on": on, "result": result}});
    assert_eq!(pair(&[again("2023-04-20", "ko")]), found("C1 2023-02-01"));
    assert_eq!(pair(&[again("2023-03-01", "ko")]), found(""));
    assert_eq!(pair(&[again("2023-03-01", "ok")]), found("C1 2023-03-01"));
    assert_eq!(
        pair(&[json!({"earlier_checks": [{"on": "2023-02-01", "result": "ok"}]})]),
        found("C1 2023-02-01")
    );
    // One against another cause cures nothing here.
    let mut other = ok("2023-02-01");
    other["root_causes"] = json!(["RC2"]);
    assert_eq!(pair(&[other]), found(""));
}

#[test]
fn the_newest_first_and_the_cured_before_the_others() {
    let bare = |name: &str, begun: &str| with_cause(name, begun, "RC1", LIMIT, json!({}));
    let cured = with_cause("a", "2023-01-01", "RC1", LIMIT, cures(&[ok("2023-01-02")]));
    let all = [cured, bare("b", "2023-02-01"), bare("c", "2023-03-01")];
    check(
        &all,
        &[
            "c RC1 < a RC1 words [C1 2023-01-02]",
            "c RC1 < b RC1 words []",
            "b RC1 < a RC1 words [C1 2023-01-02]",
        ],
    );

    let scoped = |scope: Scope| words(&all, &scope);
    let since = Some("2023-03-01".parse().unwrap());
    assert_eq!(scoped(Scope { since, ..Scope::default() }).len(), 2);
    let within = |text: &str| Scope { within: Some(text.parse().unwrap()), ..Scope::default() };
    assert_eq!(scoped(within("1mo")), ["c RC1 < b RC1 words []", "b RC1 < a RC1 words [C1 2023-01-02]"]);
    assert_eq!(scoped(within("29d")), ["c RC1 < b RC1 words []"]);
    let of = |pdca: &Pdca| Scope { pdca: Some(pdca.uid), ..Scope::default() };
    assert_eq!(scoped(of(&all[1])), ["c RC1 < b RC1 words []", "b RC1 < a RC1 words [C1 2023-01-02]"]);
    assert_eq!(scoped(of(&all[0])).len(), 2);
}

#[test]
fn what_came_back_often_is_told_by_its_newest_and_counted() {
    let day = |n: usize| format!("2023-01-{:02}", n + 1);
    let all: Vec<Pdca> = (0..14)
        .map(|n| with_cause(&format!("p{n}"), &day(n), "no-limit", &format!("Text {n}"), json!({})))
        .collect();
    let all: Vec<&Pdca> = all.iter().collect();
    let causes = Causes::of(&all);
    let returns = causes.returns(&Scope::default());
    assert_eq!(returns.len(), 13);
    assert_eq!((returns[0].earlier.len(), returns[0].count), (MOST_EARLIER, 13));
    assert_eq!(returns[0].earlier[0].cause.pdca.id, all[12].id);
    assert_eq!(causes.in_common(returns[0].cause, returns[0].earlier[0].cause), (1, 3));
}
