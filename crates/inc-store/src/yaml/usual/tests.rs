//! What is read here is what the library reads, or nothing; and what we write ourselves is read here.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use inc_core::answer::Answer;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::read;
use crate::yaml::read_by_library;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    schema: u64,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    number: Option<u64>,
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    flag: Option<bool>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    answer: Answer<u64>,
    #[serde(default)]
    answers: Answer<Vec<String>>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    custom: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    below: Vec<Record>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Incident,
    NearMiss,
}

/// Whether it is read here; what is must be what the library reads.
#[track_caller]
fn is_usual(text: &str) -> bool {
    agrees::<Record>(text)
}

#[test]
fn the_usual_layout_is_read_here() {
    for text in [
        "schema: 1\n",
        "# a record\n\nschema: 1 # the first\ntext: it is slow; 5 % fail (see #12)\n\n# the end\n",
        "schema: 1\ntext: \"a \\\"b\\\" \\\\ c\\n\\td\"\ntexts: [a, b c, \"d, e\", 'f']\n",
        "schema: 1\ntext: |-\n  one\n    two # no comment\n\n  three\n\nnumber: 12\n",
        "schema: 1\ntext: |\n  one\n\n\nshare: 0.25\nflag: true\nkind: near-miss\n",
        "schema: 1\ntexts:\n- one\n- two: no\n",
        "schema: 1\ntexts:\n- one\n# between\n- two\n\n- \"three\"\nnumber: 0\n",
        "schema: 1\ntexts:\n  - |-\n    a\n    b\n  - c\nnames:\n  lead: Ada Lovelace\n  scribe: Jörg Müller\n",
        "schema: 1\nanswer: unknown\nanswers: n/a\n",
        "schema: 1\nanswer: 5\nanswers: [one, two]\ncustom: {a: 1, b: [x, 2.5], c: {}, d: true}\n",
        "schema: 1\ncustom:\n  ticket: OPS-12\n  deep:\n    list:\n      - a: 1\n        b: yes it is\n      - c\n",
        "schema: 1\nbelow:\n  - schema: 1\n    text: a\n    below:\n      - schema: 2\n        text: |-\n          x\n  - schema: 3\n",
        "schema: 1\ntext:\nnumber:\ntexts: []\nnames: {}\n",
    ] {
        let expected = !text.contains("two: no");
        assert_eq!(is_usual(text), expected, "{text}");
    }
}

/// Scalars of every sort: what some reader takes for something else.
const SCALARS: &[&str] = &[
    "a",
    "a b",
    "a: b",
    "a:",
    "a:b",
    "a #b",
    "a # b",
    "a#b",
    "#",
    "\"a\"",
    "\"a\" # c",
    "\"a\"#c",
    "\"a\" b",
    "'a'",
    "'it''s'",
    "\"\\x41\"",
    "\"\\u00e9\"",
    "\"\\e\"",
    "\"a\\\"",
    "\"",
    "'",
    "-",
    "- a",
    "-5",
    "+5",
    "5",
    "05",
    "0",
    "00",
    "0x1F",
    "0o17",
    "1_000",
    "1e3",
    "1.5",
    "1.",
    ".5",
    "1.0",
    "-0.0",
    "1:30",
    "12:59:00",
    "2023-03-27",
    "2023-03-27T12:59:00+02:00",
    "~",
    "null",
    "Null",
    "NULL",
    "nUll",
    "true",
    "True",
    "TRUE",
    "tRue",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    ".nan",
    ".inf",
    "nan",
    "inf",
    "Infinity",
    "NaN",
    "18446744073709551615",
    "18446744073709551616",
    "999999999999999",
    "1e999",
    "|",
    "|-",
    "|+",
    ">",
    ">-",
    "|2",
    "| # c",
    "&a b",
    "*a",
    "!a b",
    "!!str 5",
    "? a",
    "@a",
    "`a`",
    "%a",
    "[a]",
    "[a, b]",
    "[a,b]",
    "[a, ]",
    "[ ]",
    "[a: b]",
    "[[a]]",
    "[a] # c",
    "[a] b",
    "[a",
    "{a: b}",
    "{a: 1, a: 2}",
    "{a}",
    "{a: }",
    "{a: b,}",
    "{}",
    "[true, null, 5, 05, 1.5]",
    "[\"a\", 'b']",
    "{\"a\": b}",
    "a\tb",
    "\ta",
    "a\t",
    "é",
    "\u{85}",
    "a\u{a0}b",
    "a\u{2028}b",
    "\u{feff}",
    "(a)",
    "/a/b",
    "$a",
    "_a",
    "=",
    "<<",
    "...",
    "---",
    "a,b",
    "a, b",
    "a]",
    "a}",
    "a\"b",
    "a'b",
    "a\\b",
    "🔥",
    "🔥 a",
    "日本",
    "ﬁ",
    "none",
    "unknown",
    "n/a",
    "None",
    "incident",
    "\"incident\"",
    "Incident",
    "1 000",
    "1,5",
    "a  ",
    "1a",
    "0b1",
    "1e",
    "e1",
    "infinite",
    "nano",
    "nullable",
    "trueish",
    "[infinity, nan]",
    "[~]",
    "[1:30]",
    "[a b, c-d]",
    "[a #b]",
    "[a/b, 5%]",
];

#[test]
fn a_scalar_is_read_as_the_library_reads_it() {
    let mut usual = 0;
    for scalar in SCALARS {
        for key in
            ["text", "number", "share", "flag", "kind", "answer", "answers", "texts", "names", "custom"]
        {
            usual += usize::from(is_usual(&format!("schema: 1\n{key}: {scalar}\n")));
            usual += usize::from(is_usual(&format!("{key}: {scalar}\nschema: 1\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}:\n  - {scalar}\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}:\n- {scalar}\n- b\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}:\n  a: {scalar}\n  b: c\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}: {{a: {scalar}, b: c}}\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}: [{scalar}]\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}: |-\n  {scalar}\n  b\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{key}: b\n  {scalar}\n")));
            usual += usize::from(is_usual(&format!("schema: 1\n{scalar}: b\n")));
            usual += usize::from(is_usual(&format!("schema: {scalar}\n{key}: b\n")));
            usual +=
                usize::from(is_usual(&format!("schema: 1\nbelow:\n  - schema: 1\n    {key}: {scalar}\n")));
        }
    }
    assert!(usual > 1_000, "{usual} are read here");
}

/// Pieces that a text is put together from, in any order.
const PIECES: &[&str] = &[
    "schema: 1\n",
    "text: a\n",
    "text:\n",
    "text: |\n",
    "text: |-\n",
    "texts:\n",
    "custom:\n",
    "names:\n",
    "below:\n",
    "- a\n",
    "- b: c\n",
    "- |-\n",
    "  - a\n",
    "  - schema: 1\n",
    "    text: b\n",
    "  a: b\n",
    "  a:\n",
    "    b: c\n",
    "      c\n",
    "  one\n",
    "   two\n",
    "    three\n",
    "\n",
    "  \n",
    "      \n",
    "# c\n",
    "  # c\n",
    "    # c\n",
    "  \"q\"\n",
    "-\n",
    "--- \n",
    "  -  x\n",
    "  -   a: b\n",
    "      d: e\n",
    "\t\n",
    "  \tx\n",
    "a",
    "\r\n",
    "number: 5\n",
    "  b: [a, b]\n",
    "- - a\n",
    "key: a\n",
    "\"text\": a\n",
    "  \"on\": a\n",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
    #[test]
    fn pieces_in_any_order_are_read_as_the_library_reads_them(
        parts in proptest::collection::vec(0..PIECES.len(), 1..14)
    ) {
        let body: String = parts.iter().map(|&part| PIECES[part]).collect();
        is_usual(&body);
        is_usual(&format!("schema: 1\n{body}"));
        is_usual(&format!("{body}schema: 1\n"));
    }
}

/// Whether a text is read here as this kind of record, which must be what the library reads.
fn agrees<T: DeserializeOwned + PartialEq + Debug>(text: &str) -> bool {
    let Some(record) = read::<T>(text, inc_core::SCHEMA) else {
        return false;
    };
    match read_by_library::<T>(text, inc_core::SCHEMA) {
        Ok(expected) => assert_eq!(record, expected, "{text}"),
        Err(error) => panic!("read here and refused there: {error}\n{text}"),
    }
    let theirs = crate::edit::scanned_comments(text).expect("it can be scanned");
    assert_eq!(super::comments(text).as_ref(), Some(&theirs), "{text}");
    true
}

/// The project's own records, as the programs wrote them.
fn records() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let texts = ["incidents/2023", "pdcas/2023"].map(|folder| {
        let files = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        files.map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>()
    });
    texts.concat()
}

#[test]
fn the_projects_own_records_are_read_here() {
    for text in records() {
        assert!(agrees::<Incident>(&text) || agrees::<Pdca>(&text), "{text}");
    }
}

/// What is put into a record, or in the place of something in it.
const SPLINTERS: &[&str] = &[
    " ",
    "  ",
    "    ",
    "\n",
    "\n  ",
    "\n\n",
    "\n# c\n",
    " # c",
    "#",
    ":",
    ": ",
    "- ",
    "-",
    "\"",
    "'",
    "\\",
    "\\n",
    "\\\"",
    "|",
    "|-",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "&a ",
    "*a",
    "!",
    "?",
    "%",
    "@",
    "`",
    "~",
    "null",
    "true",
    "0",
    "1",
    "1.5",
    "é",
    "\t",
    "\u{a0}",
    "x",
    "\u{85}",
    "...\n",
    "---\n",
    "\r",
    "custom:\n",
    "  a: b\n",
    "<<: {}\n",
    "text: |-\n    ",
    "yes",
    "5",
    "1_0",
    "1e3",
    "{}",
    "[]",
    "\n-",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
    #[test]
    fn a_record_with_splinters_is_read_as_the_library_reads_it(
        which in 0..1000_usize,
        hits in proptest::collection::vec((0..10_000_usize, 0..SPLINTERS.len(), 0..4_usize), 1..4)
    ) {
        let texts = records();
        let mut text = texts[which % texts.len()].clone();
        for (place, splinter, cut) in hits {
            // Near the ends of lines and of words more happens than within them.
            let edges: Vec<usize> = text.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(n, _)| n).collect();
            let start = edges[place % edges.len()] + place % 2;
            let end = text.char_indices().map(|(n, _)| n).find(|&n| n >= start + cut).unwrap_or(text.len());
            if text.is_char_boundary(start) && start <= end {
                text.replace_range(start..end, SPLINTERS[splinter]);
            }
        }
        agrees::<Incident>(&text);
        agrees::<Pdca>(&text);
    }
}

#[test]
fn what_is_too_much_is_left_to_the_library() {
    let deep = |depth: usize| {
        let below: String = (0..depth).map(|n| format!("{}a:\n", "  ".repeat(n + 1))).collect();
        format!("schema: 1\ncustom:\n{below}{}b: c\n", "  ".repeat(depth + 1))
    };
    assert!(is_usual(&deep(10)));
    assert!(!is_usual(&deep(super::DEPTH + 1)));
    assert!(!is_usual(&format!("schema: 1\ncustom: {{a: {}x{}}}\n", "[".repeat(40), "]".repeat(40))));
    assert!(!is_usual("schema: 2\n") && !is_usual("schema: 0\n") && !is_usual("text: a\n"));
    let keys: String = (0..100).map(|n| format!("  k{n}: a\n")).collect();
    assert!(is_usual(&format!("schema: 1\ncustom:\n{keys}")));
    assert!(!is_usual(&format!("schema: 1\ncustom:\n{keys}  k7: b\n")), "a key stands twice");
    let many = "- a\n".repeat(150_000);
    assert!(!is_usual(&format!("schema: 1\ntexts:\n{many}")), "more than the library takes");
}
