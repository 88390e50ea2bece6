//! Who judges the judge: what it lets pass, and beside it the true loss that it must not let pass.

use serde_json::Value;

use super::check;

/// The judge's word on a change that `new` has come of, both read as they stand.
fn judged(old: &str, new: &str) -> Result<(), String> {
    let read = |text: &str| -> Value { crate::yaml::read_unversioned(text).expect("the text reads") };
    check(old, new, &read(old), &read(new))
}

#[track_caller]
fn passes(old: &str, new: &str) {
    assert_eq!(judged(old, new), Ok(()), "{old:?} -> {new:?}");
}

#[track_caller]
fn complains(old: &str, new: &str, words: &str) {
    let why = judged(old, new).expect_err("a complaint");
    assert!(why.contains(words), "{why}: {old:?} -> {new:?}");
}

#[test]
fn of_comments_that_read_alike_the_one_outside_stays() {
    let flow = "l: [\n  {a: 1, # c\n   b: 2}, # c\n  3\n]\n";
    passes(flow, "l: [\n   # c\n  3\n]\n");
    complains(flow, "l: [\n  3\n]\n", "# c");
    let block = "a: 1\nb: #\n#\n";
    passes(block, "a: 1\n#\n");
    complains(block, "a: 1\n", "is touched: \"#\"");
    complains(block, "a: 1\n#\n#\n#\n", "new comments");
    let line = "l: [{a: 1, # c\n  b: 2}, 3] # c\n";
    passes(line, "l: [3] # c\n");
    complains(line, "l: [3]\n", "# c");
}

#[test]
fn a_file_keeps_its_end_unless_an_old_blank_line_comes_to_stand_there() {
    let open = "a: 1\n\nb: 2";
    passes(open, "a: 1\n");
    complains(open, "a: 1", "is touched: \"\"");
    complains(open, "a: 1\n\n", "the end of the file");
    passes("a: |\n  x\n\nb: 2", "a: 1\n");
    complains("a: |\n  x\nb: 2", "a: 1\n", "the end of the file");
    complains("a: 1\nb: 2", "a: 1\n", "the end of the file");
    complains("\na: 1\nb: 2", "\na: 1\n", "the end of the file");
    complains("a: 1\nb: 2\n", "a: 1", "the end of the file");
    passes("a: 1\r\n\r\nb: 2", "a: 1\r\n");
    complains("a: 1\r\nb: 2", "a: 1\r\n", "the end of the file");
}

#[test]
fn brackets_close_up_when_all_between_them_goes() {
    passes("a: [\n  x,\n  v\n]\nb: 1\n", "a: []\nb: 1\n");
    passes("{\ne\n\n}\n# r\n", "{}\n# r\n");
    complains("a: [\n  x\n] # c\nb: 1\n", "a: []\nb: 1\n", "# c");
}

#[test]
fn an_anchor_stays_when_all_behind_it_goes() {
    passes("a: &x # c\n  - 1\nb: 2\n", "a: &x [] # c\nb: 2\n");
    complains("a: &x # c\n  - 1\nb: 2\n", "a: [] # c\nb: 2\n", "&x");
    complains("a: &x # c\n  - 1\nb: 2\n", "a: &x []\nb: 2\n", "# c");
}
