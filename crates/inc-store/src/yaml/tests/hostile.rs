//! Texts made to exhaust or to upset the reader, by hand and by chance.
//!
//! Asks only that each ends soon, in a record or in an error that can be shown.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::excerpt::lines;
use super::super::{MAX_BYTES, MAX_DEPTH, ReadError, peek_schema, read, read_unversioned};
use super::{Record, WHOLE, fails};

/// Texts made to exhaust a reader.
fn hostile() -> Vec<(&'static str, String)> {
    let laughs: String = (1..10)
        .map(|n| format!("  l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); 10].join(", ")))
        .collect();
    // An eighth of what is let in: enough to show a cost that grows faster than the text.
    let half = MAX_BYTES / 16;
    let staircase: String = (0..1_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let anchors: String = (0..20_000).map(|n| format!("  - &a{n} x\n")).collect();
    let wide: String = (0..8_000).map(|n| format!("k{n}: 1\n")).collect();
    vec![
        ("laughs", format!("custom:\n  l0: &l0 lol\n{laughs}")),
        (
            "one anchor, many aliases",
            format!("custom:\n  a: &a [1, 2, 3]\n  b: [{}]\n", vec!["*a"; 50_000].join(", ")),
        ),
        ("anchors", format!("alerts:\n{anchors}")),
        ("brackets", format!("custom: {}", "[".repeat(10_000))),
        ("closed brackets", format!("custom: {}{}", "[".repeat(10_000), "]".repeat(10_000))),
        ("braces", "{".repeat(half)),
        ("pairs", "{a: ".repeat(half / 4)),
        ("dashes", "- ".repeat(half)),
        ("questions", "? ".repeat(half)),
        ("colons", ": ".repeat(half)),
        ("staircase", staircase),
        ("quotes", "\"".repeat(half)),
        ("open quote", format!("title: \"{}", "a\n ".repeat(half / 3))),
        ("exclamations", "!".repeat(half)),
        ("ampersands", "&a ".repeat(half / 3)),
        ("one long word", "a".repeat(MAX_BYTES / 8)),
        ("one long key", format!("schema: 1\ntitle: a\n? {}\n: 1", "a".repeat(half))),
        ("one long value", format!("schema: 1\ntitle: a\nkind: {}", "near-miss".repeat(half / 9))),
        ("unknown keys", format!("schema: 1\ntitle: a\nimpact: 3\n{wide}")),
        ("custom keys", format!("custom:\n{}impact: 3", wide.replace('k', "  k"))),
        ("many empty lines", "\n".repeat(MAX_BYTES / 8)),
        ("many comments", "# a\n".repeat(MAX_BYTES / 32)),
        ("tabs", "\t".repeat(half)),
        ("many commas", format!("alerts: [{}", ",".repeat(half))),
        ("items", format!("alerts: [{}]\nkind: x", "a,".repeat(half / 2))),
        ("items of items", format!("alerts:\n{}", " - a\n".repeat(half / 5))),
        ("markers", "<<<<<<< a\n=======\n".repeat(half / 20)),
        ("block text", format!("summary: |\n{}x", "  a\n".repeat(half / 4))),
        ("directives", "%FOO bar\n".repeat(half / 9)),
        ("documents", "---\na\n".repeat(half / 6)),
        ("returns", "\r".repeat(half)),
        ("spaces then colon", format!("a{}: b", " ".repeat(half))),
    ]
}

#[test]
fn hostile_texts_end_soon() {
    for (name, text) in hostile() {
        for text in [format!("schema: 1\ntitle: a\n{text}"), text] {
            let begun = Instant::now();
            let outcome = read::<Record>(&text, 1);
            let _ = read_unversioned::<serde_json::Value>(&text);
            let _ = peek_schema(&text);
            if let Err(error) = &outcome {
                sound(&text, error);
            }
            // Generous: unoptimised, the slowest takes a fraction of a second.
            assert!(begun.elapsed() < Duration::from_secs(3), "{name}: {:?}", begun.elapsed());
        }
    }
}

#[test]
fn limits_have_words() {
    let told = |name: &str| {
        let (_, text) = hostile().into_iter().find(|(other, _)| *other == name).unwrap();
        fails(&format!("schema: 1\ntitle: a\n{text}")).problem
    };
    assert_eq!(told("laughs"), "its aliases stand for more than 10000 values");
    for deep in ["brackets", "closed brackets", "staircase"] {
        assert_eq!(told(deep), "is nested deeper than 64 levels", "{deep}");
    }
    assert_eq!(told("anchors"), "holds more values, anchors or aliases than a record may");
}

/// Whatever the text, an error can be shown and names a place that exists, or the whole file.
fn sound(text: &str, error: &ReadError) {
    let report = error.render("x.yaml");
    assert!(!error.problem.is_empty());
    assert!(report.len() < 8_000, "{}", report.len());
    assert!(!report.chars().any(|c| c.is_control() && c != '\n'), "{report:?}");
    let lines = lines(text).count();
    match (error.line, error.column) {
        (Some(line), Some(column)) => {
            assert!((1..=lines).contains(&line) && column >= 1, "{line}:{column} of {lines}: {text:?}");
            assert!(error.excerpt.is_some());
        }
        (None, None) => {
            let whole = ["is empty", "holds only comments", "is too large", "missing key"];
            assert!(whole.iter().any(|start| error.problem.starts_with(start)), "{report}\n{text:?}");
        }
        other => panic!("{other:?}"),
    }
}

fn try_everything(text: &str) {
    if let Err(error) = read::<Record>(text, 1) {
        sound(text, &error);
    }
    if let Err(error) = read_unversioned::<Record>(text) {
        sound(text, &error);
    }
    let _ = peek_schema(text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_explained(text in any::<String>()) {
        try_everything(&text);
    }

    #[test]
    fn yaml_like_text_is_read_or_explained(text in "(\\PC|[-:\\[\\]{}&*!|>'\"%@`,?#~<= \\t\\r\\n]|schema: 1\\n|timeline:|\\n  |- |---\\n){0,60}") {
        try_everything(&text);
    }

    #[test]
    fn a_mutated_record_is_read_or_explained(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, "(\\PC|[-:\\[\\]{}&*!|>'\"%,?#\\t\\r\\n ]|\\n<<: |é|\u{FEFF}|\0){0,3}"), 1..5),
    ) {
        let mut text: Vec<char> = WHOLE.chars().collect();
        for (at, cut, put) in edits {
            let from = at.index(text.len());
            let until = (from + cut).min(text.len());
            text.splice(from..until, put.chars());
        }
        try_everything(&text.into_iter().collect::<String>());
    }
}

#[test]
fn as_deep_as_allowed() {
    let nested = |levels: usize| format!("a: {}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read_unversioned::<serde_json::Value>(&nested(MAX_DEPTH - 1)).is_ok());
    let error = read_unversioned::<serde_json::Value>(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(error.problem, "is nested deeper than 64 levels");
}

#[test]
fn aliases_do_not_smuggle_depth_in() {
    let chain: String = (1..500).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    let text = format!("a0: &a0 [x]\n{chain}");
    let error = read_unversioned::<serde_json::Value>(&text).unwrap_err();
    sound(&text, &error);
}
