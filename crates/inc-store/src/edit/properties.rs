//! What holds for any data in any layout: an edit is exact or refused, refusals are rare, comments
//! stay, and lines that the change does not touch stay as they are.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};
use serde_json::{Map, Value, json};

use super::mangle::{Dice, Taste, mangle, read};
use super::{emit, rewrite, tree};

const QUIET: Taste = Taste { anchors: false, comments: true };
const ANCHORED: Taste = Taste { anchors: true, comments: true };

/// Run a property over `cases` inputs; the environment's PROPTEST_CASES overrides the number.
fn run<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value) -> TestCaseResult) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    match TestRunner::new(config).run(&strategy, property) {
        Ok(()) => {}
        Err(TestError::Fail(why, input)) => panic!("{why}\nfor {input:?}"),
        Err(TestError::Abort(why)) => panic!("aborted: {why}"),
    }
}

fn nasty() -> impl Strategy<Value = String> {
    const LIST: [&str; 60] = [
        "", " ", "a", "no", "Yes", "y", "~", "null", "NULL", "true", "1", "0x10", "0o7", "1_000", "1e3", ".5", "-1",
        "+1", ".inf", "12:30", "190:20:30", "2023-03-27", "2023-03-27T12:59:00+02:00", "01", "=", "<<", "- a", "-",
        "? a", ": a", "a: b", "a:", "a #b", "#a", "a#b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'a'", "\"a\"",
        "[a]", "{a: b}", "a, b", "---", "...", "a\n", "a\nb", "\na", "  a\n b\n", "a\n\n\n", "a\tb", "\ta\nb",
        "a\r\nb", "a\u{85}b\u{2028}c\u{feff}", "d\u{e9}j\u{e0} vu \u{1f468}\u{200d}\u{1f4bb}",
    ];
    prop_oneof![
        3 => (0..LIST.len()).prop_map(|index| LIST[index].to_owned()),
        4 => "[a-z]{1,8}( [a-z]{1,8}){0,4}",
        1 => "[a-z ]{90,140}",
        1 => "[ -~\n\t\u{85}\u{a0}é]{0,20}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => "( {0,2}[a-z#:-]{1,6}\n){1,4}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-h]{1,2}",
        1 => prop_oneof![Just("id".to_owned()), Just("uid".to_owned()), Just("name".to_owned())],
        1 => nasty().prop_map(|key| if key == "<<" { "m".into() } else { key.chars().take(20).collect() }),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => nasty().prop_map(Value::String),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => (-1000_i32..1000).prop_map(|n| json!(f64::from(n) / 8.0)),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::Array),
            vec((key(), inner), 0..5).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn record() -> impl Strategy<Value = Map<String, Value>> {
    vec((key(), value()), 1..7).prop_map(|pairs| pairs.into_iter().collect())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Set,
    Insert,
    Remove,
}

/// Change one place in `value` at random; tells what was done.
fn mutate(value: &mut Value, dice: &mut Dice, news: &[Value]) -> Kind {
    let new = news[dice.roll(news.len())].clone();
    match value {
        Value::Array(items) if !items.is_empty() && dice.roll(3) > 0 => {
            let index = dice.roll(items.len());
            mutate(&mut items[index], dice, news)
        }
        Value::Object(map) if !map.is_empty() && dice.roll(3) > 0 => {
            let index = dice.roll(map.len());
            let inner = map.values_mut().nth(index).expect("the index is below the length");
            mutate(inner, dice, news)
        }
        Value::Array(items) => match dice.roll(2) {
            0 if !items.is_empty() => {
                items.remove(dice.roll(items.len()));
                Kind::Remove
            }
            _ => {
                items.insert(dice.roll(items.len() + 1), new);
                Kind::Insert
            }
        },
        Value::Object(map) => match dice.roll(2) {
            0 if !map.is_empty() => {
                let name = map.keys().nth(dice.roll(map.len())).cloned().unwrap_or_default();
                map.shift_remove(&name);
                Kind::Remove
            }
            _ => {
                let name = format!("new{}", map.len());
                map.shift_remove(&name);
                map.shift_insert(dice.roll(map.len() + 1), name, new);
                Kind::Insert
            }
        },
        other => {
            *other = new;
            Kind::Set
        }
    }
}

fn comments(text: &str) -> Vec<String> {
    let tree = tree::parse(text).expect("the text parses");
    let mut found: Vec<_> = tree.comments.into_iter().map(|range| text[range].to_owned()).collect();
    found.sort();
    found
}

/// How many old lines are not in the new text, in order, each as it was.
fn lines_changed(old: &str, new: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut best = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i][j] = if a[i] == b[j] { best[i + 1][j + 1] + 1 } else { best[i + 1][j].max(best[i][j + 1]) };
        }
    }
    a.len() - best[0][0]
}

type Case = (Map<String, Value>, u64, u64, Vec<Value>);

fn cases() -> impl Strategy<Value = Case> {
    (record(), any::<u64>(), any::<u64>(), vec(value(), 1..3))
}

/// Edit mangled records; gives how many edits were refused, in parts of 1000.
fn refused(count: u32, taste: Taste, edits: usize) -> usize {
    let (tried, refused) = (Cell::new(0), Cell::new(0));
    run(count, cases(), |(record, layout, edit, news)| {
        let text = mangle(&record, layout, taste);
        let before = Value::Object(record);
        let got = read(&text);
        prop_assert_eq!(got.as_ref(), Ok(&before), "the mangler is wrong:\n{}", text);
        let mut after = before.clone();
        let mut dice = Dice::new(edit);
        let kinds: Vec<_> = (0..edits).map(|_| mutate(&mut after, &mut dice, &news)).collect();
        tried.set(tried.get() + 1);
        match rewrite(&text, &before, &after, &read) {
            Ok(new) => check_edit(&text, &new, &after, &kinds, !matches!(&news[..], [Value::String(_), ..]))?,
            Err(error) => {
                if std::env::var_os("INC_SHOW_REFUSALS").is_some() {
                    println!("--- {error}\n{text}\n--- to {after}");
                }
                refused.set(refused.get() + 1);
            }
        }
        Ok(())
    });
    println!("{} of {} refused", refused.get(), tried.get());
    refused.get() * 1000 / tried.get().max(1)
}

fn check_edit(old: &str, new: &str, after: &Value, kinds: &[Kind], _: bool) -> TestCaseResult {
    let got = read(new);
    prop_assert_eq!(got.as_ref(), Ok(after), "read otherwise:\n{}\n->\n{}", old, new);
    let insert_only = kinds.iter().all(|kind| *kind == Kind::Insert);
    if insert_only {
        prop_assert_eq!(comments(old), comments(new), "comments:\n{}\n->\n{}", old, new);
        let changed = lines_changed(old, new);
        prop_assert!(changed <= 2 * kinds.len(), "{} lines changed:\n{}\n->\n{}", changed, old, new);
    }
    Ok(())
}

#[test]
fn what_is_emitted_reads_back() {
    run(400, record(), |record| {
        let value = Value::Object(record);
        let text = super::super::edit::emit("header", &value);
        let got = read(&text);
        prop_assert_eq!(got.as_ref(), Ok(&value), "{}", text);
        Ok(())
    });
}

#[test]
fn a_nasty_text_reads_back_in_every_form() {
    run(1500, nasty(), |text| {
        for written in [emit::flow(&json!([text])), format!("[{}]", emit::double_quoted(&text))] {
            prop_assert_eq!(read(&written), Ok(json!([text])), "{}", written);
        }
        let map = json!({"a": {"b": [text.clone(), [text.clone()], {"c": text.clone()}], "d": text.clone()}, "e": 1});
        let written = super::super::edit::emit("", &map);
        let got = read(&written);
        prop_assert_eq!(got.as_ref(), Ok(&map), "{}", written);
        Ok(())
    });
}

#[test]
fn no_change_is_no_change() {
    run(100, (record(), any::<u64>()), |(record, layout)| {
        let text = mangle(&record, layout, ANCHORED);
        let value = Value::Object(record);
        prop_assert_eq!(rewrite(&text, &value, &value, &read), Ok(text));
        Ok(())
    });
}

#[test]
fn one_edit_is_exact_and_rarely_refused() {
    let rate = refused(600, QUIET, 1);
    assert!(rate < 20, "{rate} of 1000 refused");
}

#[test]
fn several_edits_are_exact_and_rarely_refused() {
    let rate = refused(300, QUIET, 4);
    assert!(rate < 40, "{rate} of 1000 refused");
}

#[test]
fn anchored_records_are_edited_exactly_or_refused() {
    let rate = refused(200, ANCHORED, 1);
    assert!(rate < 250, "{rate} of 1000 refused");
}
