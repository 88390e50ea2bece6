//! Rows for every message, and the traps of YAML 1.1. Texts meant to do harm are in `hostile`.
//!
//! The record is made up: it has the shapes of the real ones, not their keys.

mod hostile;

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error as _, Unexpected, Visitor};
use serde::{Deserialize, de};

use inc_core::severity::Path;

use super::{MAX_BYTES, Places, ReadError, excerpt, peek_schema, read, read_unversioned};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    schema: u64,
    title: String,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    open: Option<bool>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    impact: Option<Impact>,
    #[serde(default)]
    alerts: Vec<String>,
    #[serde(default)]
    timeline: Vec<Entry>,
    #[serde(default)]
    custom: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Incident,
    Drill,
    NearMiss,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Impact {
    customers: Option<u64>,
    share: Option<f64>,
    customers_percent: Option<Percent>,
    customer_impact: Option<String>,
    money: Option<Money>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Money {
    amount: u64,
    currency: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at: At,
    text: String,
    #[serde(default)]
    kind: Option<Kind>,
}

/// Its own words through `try_from`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
struct At(String);

impl TryFrom<String> for At {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.contains('T') {
            true => Ok(Self(text)),
            false => Err(format!("`{text}` is no instant")),
        }
    }
}

/// A number from 0 to 100, or a word, through a visitor.
#[derive(Debug, PartialEq)]
enum Percent {
    Number(f64),
    Word(String),
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Percent;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number from 0 to 100, or `unknown`")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Percent, E> {
                match value {
                    0..=100 => Ok(Percent::Number(value as f64)),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
                }
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Percent, E> {
                match (0.0..=100.0).contains(&value) {
                    true => Ok(Percent::Number(value)),
                    false => Err(E::custom(format!("{value} is beyond 100 percent"))),
                }
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Percent, E> {
                Ok(Percent::Word(value.to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

fn fails(text: &str) -> ReadError {
    read::<Record>(text, 1).expect_err(text)
}

/// What `text` is told: its place as `line:column` or `-`, its path or `-`, its problem, its help or ``.
#[track_caller]
fn check(text: &str, place: &str, path: &str, problem: &str, help: &str) {
    let error = fails(text);
    let at = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("{line}:{column}"),
        _ => "-".to_owned(),
    };
    let told = (
        at.as_str(),
        error.path.as_deref().unwrap_or("-"),
        error.problem.as_str(),
        error.help.as_deref().unwrap_or(""),
    );
    assert_eq!(told, (place, path, problem, help), "{text}");
}

/// As [`check`], below a good first two lines.
#[track_caller]
fn check_rest(rest: &str, place: &str, path: &str, problem: &str, help: &str) {
    check(&format!("schema: 1\ntitle: T\n{rest}"), place, path, problem, help);
}

fn record(rest: &str) -> Record {
    let text = format!("schema: 1\ntitle: T\n{rest}");
    read(&text, 1).unwrap_or_else(|error| panic!("{}", error.render("x.yaml")))
}

const WHOLE: &str = r#"schema: 1
title: "Staging: cluster 3 is misbehaving"
kind: near-miss    # a comment
open: true
summary: |
  <<<<<<< not a marker
  =======
  >>>>>>> neither
impact:
  customers: 0
  share: 1e-2
  customers_percent: unknown
  customer_impact: XL
  money: {amount: 0, currency: EUR}
alerts: ["97562", 97563]
timeline:
  - at: "2023-03-27T12:59:00+02:00"
    text: Incident created
  - {at: 2023-03-27T13:59:00+02:00, text: "é \U0001F600", kind: incident}
custom: {ours: [1, x, ~]}
"#;

#[test]
fn reads_a_whole_record() {
    let read: Record = read(WHOLE, 1).unwrap();
    assert_eq!(read.kind, Some(Kind::NearMiss));
    assert_eq!(read.alerts, ["97562", "97563"]);
    assert_eq!(read.timeline[1].text, "é 😀");
    assert_eq!(read.custom["ours"], serde_json::json!([1, "x", null]));
    assert_eq!(read.summary.as_deref(), Some("<<<<<<< not a marker\n=======\n>>>>>>> neither\n"));
}

#[test]
fn bom_and_line_ends_change_nothing() {
    let plain: Record = read(WHOLE, 1).unwrap();
    for text in [
        format!("\u{FEFF}{WHOLE}"),
        WHOLE.replace('\n', "\r\n"),
        WHOLE.replace('\n', "\r"),
        WHOLE.trim_end().to_owned(),
        format!("---\n{WHOLE}...\n"),
    ] {
        assert_eq!(read::<Record>(&text, 1).unwrap(), plain);
    }
    assert_eq!(record("summary: a\u{85}b").summary.as_deref(), Some("a\u{85}b"));
}

#[test]
fn many_comments_in_a_row_are_no_trouble() {
    let comments = "  # a remark\n".repeat(500);
    assert_eq!(record(&format!("alerts:\n{comments}  - a\n")).alerts, ["a"]);
}

#[test]
fn traps_of_yaml_1_1() {
    for word in ["no", "yes", "on", "1:30", "010", "1_000", "0x1F", "1e3", ".nan", "2023-03-27", "true"] {
        assert_eq!(record(&format!("summary: {word}")).summary.as_deref(), Some(word));
    }
    for nothing in ["~", "null", "", "NULL"] {
        assert_eq!(record(&format!("summary: {nothing}")).summary, None);
    }
    assert_eq!(record("summary: ''").summary.as_deref(), Some(""));
    let percent = |word: &str| {
        let read = record(&format!("impact: {{customers_percent: {word}}}"));
        read.impact.unwrap().customers_percent
    };
    for word in ["no", "1:30", "010", "1_0", "unknown", "\"12\""] {
        assert_eq!(percent(word), Some(Percent::Word(word.trim_matches('"').to_owned())));
    }
    for (word, value) in [("12", 12.0), ("0.5", 0.5), ("1e1", 10.0), ("0x10", 16.0), ("00.5", 0.5)] {
        assert_eq!(percent(word), Some(Percent::Number(value)));
    }
    assert_eq!(percent("~"), None);
    let impact = |text: &str| record(&format!("impact: {{{text}}}")).impact.unwrap();
    for (word, value) in [("1_000", 1000), ("0x1F", 31), ("0o17", 15), ("+12", 12), ("\"12\"", 12)] {
        assert_eq!(impact(&format!("customers: {word}")).customers, Some(value), "{word}");
    }
    assert!(impact("share: .nan").share.unwrap().is_nan());
    assert_eq!(record("custom: {a: 010, b: 1_0, c: no, 1: x}").custom["a"], "010");
}

#[test]
fn unknown_keys() {
    let top = "`schema`, `title`, `kind`, `open`, `summary`, `impact`, `alerts`, `timeline`, `custom`";
    check_rest(
        "titel: x",
        "3:1",
        "titel",
        "unknown key `titel`",
        &format!("the keys here are {top}; a key of your own goes below `custom`"),
    );
    check_rest("Time-Line: []", "3:1", "Time-Line", "unknown key `Time-Line`", "did you mean `timeline`?");
    check_rest(
        "impact:\n  customers: 0\n  custmer_impact: XL\n",
        "5:3",
        "impact.custmer_impact",
        "unknown key `custmer_impact` in impact",
        "did you mean `customer_impact`?",
    );
    check_rest(
        "impact: {money: {amount: 0, zzz: 1}}",
        "3:29",
        "impact.money.zzz",
        "unknown key `zzz` in impact.money",
        "the keys here are `amount`, `currency`",
    );
    check_rest(
        "timeline:\n  - {at: T, text: a}\n  - at: T\n    txt: b\n",
        "6:5",
        "timeline[1].txt",
        "unknown key `txt` in timeline[1]",
        "did you mean `text`?",
    );
    check_rest(
        "\"\": x",
        "3:1",
        "-",
        "unknown key ``",
        &format!("the keys here are {top}; a key of your own goes below `custom`"),
    );
}

#[test]
fn missing_keys() {
    check("schema: 1\nkind: drill\n", "-", "title", "missing key `title`", "add `title: …` at the top level");
    check_rest(
        "impact:\n  money:\n    # nothing yet\n    amount: 1\n",
        "4:3",
        "impact.money.currency",
        "missing key `currency` in impact.money",
        "add `currency: …` there",
    );
    check_rest(
        "timeline:\n  - at: T\n    text: a\n  - text: b\n",
        "6:5",
        "timeline[1].at",
        "missing key `at` in timeline[1]",
        "add `at: …` there",
    );
}

#[test]
fn unknown_values() {
    let values = "the values are `incident`, `drill`, `near-miss`";
    check_rest(
        "kind: near-mis",
        "3:7",
        "kind",
        "unknown value `near-mis` for `kind`",
        &format!("did you mean `near-miss`? {values}"),
    );
    check_rest(
        "kind: Near Miss",
        "3:7",
        "kind",
        "unknown value `Near Miss` for `kind`",
        &format!("did you mean `near-miss`? {values}"),
    );
    check_rest("kind: earthquake", "3:7", "kind", "unknown value `earthquake` for `kind`", values);
    check_rest("kind: \"\"", "3:7", "kind", "unknown value `` for `kind`", values);
    check_rest("kind: [a]", "3:7", "kind", "expected a single word, found a list", "");
    check_rest("kind: {zz: a}", "3:7", "kind", "unknown value `zz` for `kind`", values);
    check_rest(
        "timeline:\n  - at: T\n    kind: dril\n    text: x",
        "5:11",
        "timeline[0].kind",
        "unknown value `dril` for `kind`",
        &format!("did you mean `drill`? {values}"),
    );
}

#[test]
fn wrong_types() {
    let whole = "expected a whole number, 0 or more";
    let customers = |value: &str, found: &str, help: &str| {
        let text = format!("impact:\n  customers: {value}");
        check_rest(&text, "4:14", "impact.customers", &format!("{whole}, found {found}"), help);
    };
    customers("abc", "the text `abc`", "");
    customers("-1", "the number `-1`", "");
    customers("1.5", "the number `1.5`", "");
    customers("010", "the number `010`", "write the number without leading zeros");
    customers("99999999999999999999", "the number `99999999999999999999`", "the number is too large");

    customers("true", "`true`", "");
    check_rest(
        "impact: {share: 1e999}",
        "3:17",
        "impact.share",
        "expected a number, found the number `1e999`",
        "the number is too large",
    );
    check_rest(
        "impact: {customers: {a: 1}}",
        "3:21",
        "impact.customers",
        "expected a single value, found keys and values",
        "",
    );
    check_rest(
        "open: yes",
        "3:7",
        "open",
        "expected `true` or `false`, found the text `yes`",
        "write `true`",
    );
    check_rest("open: no", "3:7", "open", "expected `true` or `false`, found the text `no`", "write `false`");
    check_rest("impact: foo", "3:9", "impact", "expected keys and values, found the text `foo`", "");
    check_rest(
        "timeline: foo",
        "3:11",
        "timeline",
        "expected a list, found the text `foo`",
        "put each item on a line of its own after `- `, or write [item, item]",
    );
    check_rest("alerts:\n  - a\n  - [b]", "5:5", "alerts[1]", "expected a single value, found a list", "");
    check_rest(
        "alerts:\n  - a\n  -\n",
        "5:4",
        "alerts[1]",
        "expected a text, found no value",
        "write a value, or remove the key",
    );
    check_rest(
        "timeline:",
        "3:1",
        "timeline",
        "expected a list, found no value",
        "write a value, or remove the key",
    );
    check(
        "schema: 1\ntitle: ~\n",
        "2:1",
        "title",
        "expected a text, found no value",
        "write a value, or remove the key",
    );
    check_rest(
        "custom: {a: {b: .inf}}",
        "3:17",
        "custom.a.b",
        "expected a finite number, found the text `.inf`",
        "",
    );
}

#[test]
fn a_type_keeps_its_own_words() {
    let text = "timeline:\n  - {at: T, text: a}\n  - text: b\n    at: noon\n";
    check_rest(text, "6:9", "timeline[1].at", "`noon` is no instant", "");
    let percent = |value, problem| {
        let text = format!("impact:\n  customers: 3\n  customers_percent: {value}\n");
        check_rest(&text, "5:22", "impact.customers_percent", problem, "");
    };
    percent("120.5", "120.5 is beyond 100 percent");
    percent("120", "expected a number from 0 to 100, or `unknown`, found the number `120`");
    percent("[1]", "expected a number from 0 to 100, or `unknown`, found a list");
    percent("true", "expected a number from 0 to 100, or `unknown`, found `true`");
    percent(".nan", "expected a finite number, found the text `.nan`");
}

#[test]
fn a_whole_record_may_refuse_too() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "BTreeMap<String, u64>")]
    struct Odd;
    impl TryFrom<BTreeMap<String, u64>> for Odd {
        type Error = &'static str;
        fn try_from(_: BTreeMap<String, u64>) -> Result<Self, Self::Error> {
            Err("is odd")
        }
    }
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(rename = "in")]
        _inner: Odd,
    }
    let error = read_unversioned::<Odd>("a: 1\n").unwrap_err();
    assert_eq!((error.line, error.problem.as_str()), (Some(1), "is odd"));
    let error = read_unversioned::<Outer>("# c\nin:\n  a: 1\n").unwrap_err();
    assert_eq!((error.line, error.column, error.path.as_deref()), (Some(3), Some(3), Some("in")));
}

#[test]
fn keys_twice_and_other_structure() {
    let one = "keep one of the two and delete the other";
    check_rest("kind: drill\ntitle: b", "4:1", "title", "the key `title` stands twice, first on line 2", one);
    check_rest(
        "impact:\n  customers: 1\n  \"customers\": 2",
        "5:3",
        "impact.customers",
        "the key `customers` stands twice in impact, first on line 4",
        one,
    );
    check_rest(
        "custom: {a: {b: 1, b: 2}}",
        "3:20",
        "custom.a.b",
        "the key `b` stands twice in custom.a, first on line 3",
        one,
    );
    check_rest(
        "<<: {kind: drill}",
        "3:1",
        "<<",
        "the merge key `<<` is not read here",
        "write out the keys that it stands for",
    );
    let second = "a file holds one record: move the second to a file of its own, or delete the `---` or `...` before it";
    check_rest("---\nschema: 1", "4:1", "-", "a second document begins here", second);
    check_rest("...\nfoo", "4:1", "-", "a second document begins here", second);
    let tag = "remove it; quote the text if the `!` belongs to it";
    check_rest("summary: !foo x", "3:10", "summary", "the tag `!foo` has no meaning here", tag);
    check_rest(
        "? [a]\n: b",
        "3:3",
        "?",
        "a key must be a plain text",
        "write it as `key: value`, the key on one line and not empty",
    );
    check("foo", "1:1", "-", "expected keys and values, found the text `foo`", "");
    check("- foo", "1:1", "-", "expected keys and values, found a list", "");
}

#[test]
fn aliases() {
    assert_eq!(record("summary: &a x\nalerts: [*a]").alerts, ["x"]);
    check_rest(
        "summary: &a x\nimpact: {customers: *a}",
        "4:21",
        "impact.customers",
        "expected a whole number, 0 or more, found the text `x`, which the alias takes from line 3",
        "",
    );
    check_rest(
        "summary: *bold* text",
        "3:10",
        "-",
        "`*bold*` refers to an anchor that the file does not have",
        "quote the text if the `*` belongs to it; else write the value out",
    );
    check_rest(
        "timeline: &a\n  - *a",
        "4:5",
        "timeline[0]",
        "an alias refers to the very block that holds it",
        "write the values out: a record needs no anchors and aliases",
    );
}

#[test]
fn syntax() {
    let row = |rest, place, problem| {
        let error = fails(&format!("schema: 1\ntitle: T\n{rest}"));
        let at = format!("{}:{}", error.line.unwrap(), error.column.unwrap());
        assert_eq!((at.as_str(), error.problem.as_str()), (place, problem), "{rest}");
        assert!(error.help.is_some());
    };
    row("summary: a: b", "3:11", "a `:` stands where no key can be");
    row("  summary: b", "3:10", "a `:` stands where no key can be");
    row("summary", "3:1", "this is no `key: value`");
    row("summary:x\nkind: drill", "3:1", "this is no `key: value`");
    row("summary: |\n  a\n b\n", "5:2", "this does not line up with the keys above");
    row("timeline:\n- at: T\n  text: a\n -at: T\n", "6:2", "this does not line up with the keys above");
    row("summary: - a", "3:10", "a list item cannot begin here");
    row("summary: 'it's'", "3:14", "something follows the closing quote");
    row("summary: \"\\q\"", "3:10", "a backslash in this text begins no escape that YAML knows");
    row("summary: @a", "3:10", "a text cannot begin with `@`");
    row("summary: `a`", "3:10", "a text cannot begin with a backquote");
    row("summary: %a", "3:10", "a text cannot begin with `%`");
    row("impact:\n\tcustomers: 1", "4:1", "a tab stands where only spaces may indent");
    row("impact:\n  customers: 1\n\tshare: 1", "5:1", "a tab stands where only spaces may indent");
    row("summary: \"abc\nkind: drill\n", "3:10", "the quoted text that begins here is not closed");
    row("summary: 'abc", "3:10", "the quoted text that begins here is not closed");
    row(
        "alerts: [a, b\nkind: drill\n",
        "3:9",
        "the bracket opened here is not closed, or a comma is missing by line 4",
    );
    row("impact: {customers: 1, share: [}", "3:31", "`[` is closed by `}`");
    row("alerts: ]", "3:9", "this closing bracket was never opened");
}

#[test]
fn unfinished_merges() {
    let help = "`inc-merge resolve FILE` brings both sides together; or keep the lines that are right, delete the marker lines (<<<<<<<, =======, >>>>>>>), `git add` the file, then run the command again";
    let both = "<<<<<<< HEAD\nkind: drill\n=======\nkind: incident\n>>>>>>> theirs\n";
    check_rest(both, "3:1", "-", "an unfinished merge: git's conflict markers stand from line 3 to 7", help);
    check_rest(
        &both.replace('\n', "\r\n"),
        "3:1",
        "-",
        "an unfinished merge: git's conflict markers stand from line 3 to 7",
        help,
    );
    let base = both.replace("=======", "||||||| 1a2b3c4\nkind: near-miss\n=======");
    check_rest(&base, "3:1", "-", "an unfinished merge: git's conflict markers stand from line 3 to 9", help);
    check_rest(
        &both.repeat(2),
        "3:1",
        "-",
        "2 unfinished merges: git's conflict markers, the first from line 3 to 7",
        help,
    );
    check_rest("kind: drill\n=======\n", "4:1", "-", "a conflict marker that a merge left behind", help);
    check_rest(
        "kind: drill\n>>>>>>> theirs\n",
        "4:1",
        "-",
        "a conflict marker that a merge left behind",
        help,
    );
    assert!(record("summary: |\n <<<<<<< a\n =======\n >>>>>>> b\n").summary.is_some());
}

#[test]
fn whole_files() {
    let back = "bring back an earlier version with `git log -- FILE` and `git restore`, or remove the file";
    for empty in ["", "\n\n", "\u{FEFF}", " \r\n", "---\n", "---\n...\n"] {
        check(empty, "-", "-", "is empty", back);
    }
    for comments in ["# one\n", "\n# one\n  # two"] {
        check(comments, "-", "-", "holds only comments", back);
    }
    let large = format!("schema: 1\ntitle: {}", "x".repeat(5 << 20));
    let elsewhere = "move logs and other attachments to a place of their own and link to it";
    check(&large, "-", "-", "is too large: 5121 KiB, and 1024 KiB are the most", elsewhere);
    let longest = "x".repeat(MAX_BYTES - 17);
    assert!(read::<Record>(&format!("schema: 1\ntitle: {longest}"), 1).is_ok());
}

#[test]
fn forbidden_characters() {
    let help = "delete it; within double quotes it can be written as an escape such as \"\\x1b\"";
    check_rest("summary: é\0", "3:11", "-", "a NUL character cannot stand in YAML", help);
    check_rest(
        "summary: é\u{1B}[0m",
        "3:11",
        "-",
        "an escape character (U+001B, part of a terminal's colours) cannot stand in YAML",
        help,
    );
    check_rest("# a\u{7F}", "3:4", "-", "the control character U+007F cannot stand in YAML", help);
    assert_eq!(record("summary: \"\\x1b\"").summary.as_deref(), Some("\u{1B}"));
}

#[test]
fn schemas() {
    let newer = "is written in schema 2, newer than this program's 1";
    let upgrade = "upgrade inc; the file was left untouched";
    check("schema: 2\nbogus: [", "1:9", "-", newer, upgrade);
    check("# c\nbogus: {schema: 7}\nschema: \"2\"\n", "3:9", "-", newer, upgrade);
    check(
        "schema: 99999999999999999999\n",
        "1:9",
        "-",
        "is written in schema 99999999999999999999, newer than this program's 1",
        upgrade,
    );
    check("title: x\n", "-", "schema", "missing key `schema`", "add the line `schema: 1` at the top");
    check("schema: 0\n", "1:9", "schema", "there is no schema 0", "schemas are 1 to 1");
    check(
        "schema: one\n",
        "1:9",
        "schema",
        "`schema` must be a whole number, found `one`",
        "write `schema: 1`",
    );
    check("schema: [1]\n", "1:9", "schema", "`schema` must be a whole number", "write `schema: 1`");
    check("schema:\ntitle: x\n", "1:7", "schema", "`schema` has no value", "write `schema: 1`");
    assert_eq!(fails("schema: 1\n title: b\n").problem, "a `:` stands where no key can be");
    for (text, schema) in [
        ("schema: 3\n", Some(3)),
        ("a: {schema: 9}\nb: [schema, 8]\nschema: 3\n[", Some(3)),
        ("a: schema\nschema: 99999999999999999999", Some(u64::MAX)),
        ("schema: x", None),
        ("a: 1", None),
        ("- schema: 1", None),
        ("", None),
        ("[", None),
    ] {
        assert_eq!(peek_schema(text), schema, "{text}");
    }
    assert!(read_unversioned::<BTreeMap<String, u64>>("a: 1").is_ok());
}

#[test]
fn renders_a_report() {
    let text = "schema: 1\ntitle: T\n\n\n\n\n\n\n\n\nimpact:\n  custmer_impact: XL\n";
    assert_eq!(
        fails(text).render("incidents/2023/x.yaml"),
        "incidents/2023/x.yaml:12:3: unknown key `custmer_impact` in impact\n   |\n12 |   custmer_impact: XL\n   |   ^^^^^^^^^^^^^^\n   help: did you mean `customer_impact`?"
    );
    assert_eq!(fails(text).to_string(), "line 12, column 3: unknown key `custmer_impact` in impact");
    assert_eq!(
        fails("schema: 1\ntitle: T\nopen: 1\n").render("x\u{1B}.yaml"),
        "x\u{FFFD}.yaml:3:7: expected `true` or `false`, found the number `1` (at open)\n  |\n3 | open: 1\n  |       ^"
    );
    let message =
        fails("schema: 1\ntitle: T\ntimeline: [{at: \"\\e[31m\\u202E\\n\", text: x}]").render("x.yaml");
    assert!(
        message.starts_with("x.yaml:3:17: `\u{FFFD}[31m\u{FFFD} ` is no instant (at timeline[0].at)\n"),
        "{message}"
    );
}

#[test]
fn excerpts() {
    assert_eq!(excerpt("a\r\nbc\rd", 2, 2, 9), "  |\n2 | bc\n  |  ^");
    assert_eq!(excerpt("\u{FEFF}abc", 1, 2, 2), "  |\n1 | abc\n  |  ^^");
    assert_eq!(excerpt("a\tb", 1, 3, 1), "  |\n1 | a b\n  |   ^");
    assert_eq!(excerpt("a", 1, 99, 3), "  |\n1 | a\n  |  ^");
    assert_eq!(excerpt("a", 2, 1, 1), "");
    assert_eq!(excerpt("a", 0, 0, 0), "");
    let long = format!("{}X{}", "é".repeat(300), "b".repeat(300));
    let shown = excerpt(&long, 1, 301, 1);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[1], format!("1 | …{}X{}…", "é".repeat(50), "b".repeat(49)));
    assert_eq!(lines[2].chars().position(|c| c == '^'), lines[1].chars().position(|c| c == 'X'));
    let end = excerpt(&long, 1, 602, 1);
    assert!(end.lines().nth(1).unwrap().ends_with('b'));
}

#[test]
fn custom_errors_may_come_from_anywhere() {
    #[derive(Debug)]
    struct Never;
    impl<'de> Deserialize<'de> for Never {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(D::Error::custom("never"))
        }
    }
    let error = read_unversioned::<BTreeMap<String, Vec<Never>>>("a:\n  - 1\n").unwrap_err();
    assert_eq!((error.line, error.column, error.path.as_deref()), (Some(2), Some(5), Some("a[0]")));
}

#[test]
fn a_missing_key_and_an_empty_one_can_be_told_apart() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Asked {
        #[serde(default, deserialize_with = "present")]
        a: Option<Option<u64>>,
    }
    fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
    let asked = |text| read_unversioned::<Asked>(text).unwrap().a;
    assert_eq!(asked("b: 1"), None);
    assert_eq!(asked("a:"), Some(None));
    assert_eq!(asked("a: ~ # later"), Some(None));
    assert_eq!(asked("a: 1"), Some(Some(1)));
}

#[test]
fn a_value_is_found_or_the_nearest_one_above_it() {
    let text = "# a comment\nschema: 1\nlist:\n  - id: C1\n    check: {how: x, on: y}\n  - &two\n    id: C2\nsame: *two\n";
    let places = Places::of(text);
    let top = Path::default();
    let item = |n: usize| top.key("list").index(n);
    for (path, expected) in [
        (top.clone(), (2, 1)),
        (top.key("absent"), (2, 1)),
        (top.key("schema"), (2, 9)),
        (item(0).key("id"), (4, 9)),
        (item(0).key("check").key("on"), (5, 25)),
        (item(0).key("check").key("result"), (5, 12)),
        (item(0).key("owner"), (4, 5)),
        (item(7), (4, 3)),
        (top.key("same").key("id"), (8, 7)),
    ] {
        assert_eq!(places.at(path.steps()), expected, "{path}");
    }
    assert_eq!(Places::of("").at(top.steps()), (1, 1));
}
