//! What holds for any data in any layout: an edit is exact or refused, refusals are rare, comments
//! stay, and lines that the change does not touch stay as they are.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};
use serde_json::{Map, Value, json};

use super::mangle::{Dice, Taste, mangle, read};
use super::{Step, emit, locate, rewrite, tree};

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
        "",
        " ",
        "a",
        "no",
        "Yes",
        "y",
        "~",
        "null",
        "NULL",
        "true",
        "1",
        "0x10",
        "0o7",
        "1_000",
        "1e3",
        ".5",
        "-1",
        "+1",
        ".inf",
        "12:30",
        "190:20:30",
        "2023-03-27",
        "2023-03-27T12:59:00+02:00",
        "01",
        "=",
        "<<",
        "- a",
        "-",
        "? a",
        ": a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "a#b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'a'",
        "\"a\"",
        "[a]",
        "{a: b}",
        "a, b",
        "---",
        "...",
        "a\n",
        "a\nb",
        "\na",
        "  a\n b\n",
        "a\n\n\n",
        "a\tb",
        "\ta\nb",
        "a\r\nb",
        "a\u{85}b\u{2028}c\u{feff}",
        "d\u{e9}j\u{e0} vu \u{1f468}\u{200d}\u{1f4bb}",
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

/// Change one place in `value` at random; tells what was done, and adds the path to it (to the
/// collection, for an insertion) to `path`.
fn mutate(value: &mut Value, dice: &mut Dice, news: &[Value], path: &mut Vec<Step>) -> Kind {
    let new = news[dice.roll(news.len())].clone();
    match value {
        Value::Array(items) if !items.is_empty() && dice.roll(3) > 0 => {
            let index = dice.roll(items.len());
            path.push(Step::Index(index));
            mutate(&mut items[index], dice, news, path)
        }
        Value::Object(map) if !map.is_empty() && dice.roll(3) > 0 => {
            let index = dice.roll(map.len());
            let (name, inner) = map.iter_mut().nth(index).expect("the index is below the length");
            path.push(Step::Key(name.clone()));
            mutate(inner, dice, news, path)
        }
        Value::Array(items) => match dice.roll(2) {
            0 if !items.is_empty() => {
                let index = dice.roll(items.len());
                path.push(Step::Index(index));
                items.remove(index);
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
                path.push(Step::Key(name));
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
            best[i][j] =
                if a[i] == b[j] { best[i + 1][j + 1] + 1 } else { best[i + 1][j].max(best[i][j + 1]) };
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
    run(count, cases(), |(mut record, layout, edit, news)| {
        if taste.anchors {
            // Something for aliases to stand for.
            record.insert("twins".into(), json!(["shared", {"k": "shared"}, "shared"]));
        }
        let text = mangle(&record, layout, taste);
        let before = Value::Object(record);
        let got = read(&text);
        prop_assert_eq!(got.as_ref(), Ok(&before), "the mangler is wrong:\n{}", text);
        let mut after = before.clone();
        let mut dice = Dice::new(edit);
        let done: Vec<_> = (0..edits)
            .map(|_| {
                let mut path = Vec::new();
                (mutate(&mut after, &mut dice, &news, &mut path), path)
            })
            .collect();
        tried.set(tried.get() + 1);
        match rewrite(&text, &before, &after, &read) {
            Ok(new) => {
                let got = read(&new);
                prop_assert_eq!(got.as_ref(), Ok(&after), "read otherwise:\n{}\n->\n{}", text, new);
                if let [(kind, path)] = &done[..]
                    && !(taste.anchors || has_twins(&before) || has_twins(&after) || is_identity(path))
                {
                    check_reach(&text, &new, *kind, path)?;
                }
            }
            Err(error) => {
                if std::env::var_os("INC_SHOW_REFUSALS").is_some() {
                    println!("--- {error}\n{text}\n--- to {after}");
                }
                refused.set(refused.get() + 1);
            }
        }
        Ok(())
    });
    println!("{edits} edits, {taste:?}: {} of {} refused", refused.get(), tried.get());
    refused.get() * 1000 / tried.get().max(1)
}

/// Whether a list holds two items that are alike, so that a change of one may show at the other.
fn has_twins(value: &Value) -> bool {
    let bare = |value: &Value| {
        let mut value = value.clone();
        for id in ["id", "uid"] {
            value.as_object_mut().map(|map| map.shift_remove(id));
        }
        value
    };
    match value {
        Value::Array(items) => {
            let bare: Vec<_> = items.iter().map(bare).collect();
            let twin = |(index, item): (usize, &Value)| bare[..index].contains(item);
            bare.iter().enumerate().any(twin) || items.iter().any(has_twins)
        }
        Value::Object(map) => map.values().any(has_twins),
        _ => false,
    }
}

/// Whether the path is to what identifies an item: with another, it is another item.
fn is_identity(path: &[Step]) -> bool {
    let names = ["uid", "id", "name"];
    path.iter().any(|step| matches!(step, Step::Key(key) if names.contains(&key.as_str())))
}

/// One change must reach no further than the lines of the node that it is about: all other lines
/// stay, and all comments on them.
fn check_reach(old: &str, new: &str, kind: Kind, path: &[Step]) -> TestCaseResult {
    let changed = lines_changed(old, new);
    let gone = comments(old).into_iter().filter(|comment| !comments(new).contains(comment));
    let gone: Vec<_> = gone.collect();
    if kind == Kind::Insert {
        prop_assert!(gone.is_empty() && changed <= 2, "{} lines, {:?}:\n{}\n->\n{}", changed, gone, old, new);
        return Ok(());
    }
    let lines = lines_of(old, path);
    // And the lines of brackets that close up, or of a key that gets its empty value.
    let most = lines.len() + 2;
    prop_assert!(changed <= most, "{} of {} lines changed:\n{}\n->\n{}", changed, most, old, new);
    for comment in gone {
        let line = old.split('\n').position(|line| line.contains(&comment));
        let inside = line.is_some_and(|line| lines.contains(&line));
        prop_assert!(inside, "{} is lost:\n{}\n->\n{}", comment, old, new);
    }
    Ok(())
}

/// The lines, from 0, of an entry or item with all comments and blank lines up to the next.
fn lines_of(text: &str, path: &[Step]) -> std::ops::Range<usize> {
    let tree = tree::parse(text).expect("the text parses");
    let mut node = tree.root.as_ref().expect("the text has content");
    let (mut head, mut end) = (node.start, node.end);
    for step in path {
        match (&node.kind, step) {
            (tree::Kind::Map { entries, .. }, Step::Key(name)) => {
                let entry =
                    entries.iter().find(|entry| entry.name() == Some(name)).expect("the key is there");
                (head, end, node) = (entry.head, entry.end(), &entry.value);
            }
            (tree::Kind::List { items, .. }, Step::Index(index)) => {
                let item = &items[*index];
                (head, end, node) = (item.head(), item.end(), &item.node);
            }
            _ => panic!("{path:?} is not in the text"),
        }
    }
    let line = |at: usize| text[..at].matches('\n').count();
    let after = text.split('\n').skip(line(end) + 1);
    let loose = after.take_while(|line| line.trim().is_empty() || line.trim().starts_with('#')).count();
    line(head)..line(end) + 1 + loose
}

#[test]
fn what_is_emitted_reads_back() {
    run(400, record(), |record| {
        let value = Value::Object(record);
        let text = emit("header", &value);
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
        let written = emit("", &map);
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
    assert!(rate < 20, "{rate} of 1000 refused");
}

#[test]
fn anchored_records_are_edited_exactly_or_refused() {
    let rate = refused(200, ANCHORED, 1);
    assert!(rate < 250, "{rate} of 1000 refused");
}

#[test]
fn no_text_makes_it_panic() {
    let input = (cases(), vec((any::<usize>(), ".{0,2}|[-:?#&*!|>'\"%@`{},\\[\\] \n\r\t]"), 1..5));
    run(600, input, |((record, layout, edit, news), harm)| {
        let mut text: Vec<char> = mangle(&record, layout, ANCHORED).chars().collect();
        for (at, new) in harm {
            let at = at % (text.len() + 1);
            let end = (at + edit as usize % 3).min(text.len());
            text.splice(at..end, new.chars());
        }
        let text: String = text.into_iter().collect();
        let _ = locate(&text, &[Step::Key("a".into()), Step::Index(0)]);
        if let Ok(before) = read(&text) {
            let mut after = before.clone();
            mutate(&mut after, &mut Dice::new(edit), &news, &mut Vec::new());
            if let Ok(new) = rewrite(&text, &before, &after, &read) {
                prop_assert_eq!(read(&new), Ok(after));
            }
        }
        Ok(())
    });
}
