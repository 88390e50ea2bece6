//! Sides that are not what a merge would like: each is merged all the same, or left to git with both sides in the file.

use std::fs;

use crate::support::{Output, TestRepo};

/// The incident at hand, at its three times.
const BASE: &str = include_str!("../cases/two-appends/base.yaml");
const OURS: &str = include_str!("../cases/two-appends/ours.yaml");
const THEIRS: &str = include_str!("../cases/two-appends/theirs.yaml");

/// Runs the driver on three texts, and gives what it left in the file.
fn driver(base: &str, ours: &str, theirs: &str) -> (Output, String) {
    let repo = TestRepo::new();
    for (name, text) in [("O", base), ("A", ours), ("B", theirs)] {
        fs::write(repo.top().join(name), text).unwrap();
    }
    let output = repo.run("inc-merge driver O A B 7 incidents/2023/x.yaml", &[]);
    (output, fs::read_to_string(repo.top().join("A")).unwrap())
}

/// Both ways round, it is git's: a conflict with markers, and the words of both sides in the file.
#[track_caller]
fn is_gits(ours: &str, theirs: &str, why: &str) {
    for (one, other) in [(ours, theirs), (theirs, ours)] {
        let (output, text) = driver(BASE, one, other);
        assert_eq!(output.code, 1, "{output:?}\n{text}");
        output.says(&[why, "git merges its lines"]);
        assert!(text.contains("<<<<<<<") && text.contains(">>>>>>>"), "{text}");
        let mut words = one.lines().chain(other.lines());
        assert!(words.all(|line| text.contains(line)), "a line is gone: {text}");
    }
}

fn last_line_of(text: &str) -> &str {
    text.lines().last().unwrap()
}

#[test]
fn a_newer_schema_on_one_side() {
    let newer = OURS.replace("schema: 1\n", "schema: 2\n");
    assert_ne!(newer, OURS);
    for (one, other) in [(newer.as_str(), THEIRS), (THEIRS, newer.as_str())] {
        let (output, text) = driver(BASE, one, other);
        assert_eq!(output.code, 1, "{output:?}");
        output.says(&["newer", "git merges its lines"]);
        for line in [last_line_of(OURS), last_line_of(THEIRS), "schema: 2"] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
}

#[test]
fn a_malformed_side() {
    is_gits(&format!("{OURS}    by: [Ada\n"), THEIRS, "as a record");
    is_gits(&format!("{OURS}  - text: without a time\n"), THEIRS, "as a record");
}

#[test]
fn a_title_that_one_side_changed_keeps_the_id_and_the_entries() {
    let titled = OURS.replace("title: Disk full", "title: The disk of the registry is full");
    assert_ne!(titled, OURS);
    let mut texts = vec![];
    for (one, other) in [(titled.as_str(), THEIRS), (THEIRS, titled.as_str())] {
        let (output, text) = driver(BASE, one, other);
        assert_eq!(output.code, 0, "{output:?}");
        assert!(
            text.contains("title: The disk of the registry is full") && !text.contains("contested"),
            "{text}"
        );
        assert!(text.contains("id: 2023-03-27-disk-full\n"), "{text}");
        assert!(text.contains(last_line_of(OURS)) && text.contains(last_line_of(THEIRS)), "{text}");
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn line_ends_of_windows_on_one_side_or_on_both() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let (plain, expected) = driver(BASE, OURS, THEIRS);
    assert_eq!(plain.code, 0, "{plain:?}");
    for (base, ours, theirs) in [
        (BASE.to_owned(), windows(OURS), THEIRS.to_owned()),
        (BASE.to_owned(), OURS.to_owned(), windows(THEIRS)),
        (windows(BASE), windows(OURS), windows(THEIRS)),
    ] {
        let (output, text) = driver(&base, &ours, &theirs);
        assert_eq!(output.code, 0, "{output:?}");
        let bare = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.trim_end().replace(['"', '\''], "")).collect()
        };
        assert_eq!(bare(&text), bare(&expected), "{text:?}");
    }
}

#[test]
fn one_id_for_two_entries_keeps_both() {
    let own = last_line_of(THEIRS);
    let twin = OURS.replace(last_line_of(OURS), own);
    assert!(twin != OURS && own.trim().starts_with("id: "), "{own}");
    let mut texts = vec![];
    for (one, other) in [(twin.as_str(), THEIRS), (THEIRS, twin.as_str())] {
        let (output, text) = driver(BASE, one, other);
        assert_eq!(output.code, 0, "{output:?}");
        for side in [OURS, THEIRS] {
            let words = side.lines().rfind(|line| line.trim().starts_with("text: ")).unwrap();
            assert_eq!(text.matches(words).count(), 1, "{words}: {text}");
        }
        texts.push(text);
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn an_entry_of_a_laptop_whose_clock_is_hours_late_stands_by_its_time() {
    let time = THEIRS.lines().filter_map(|line| line.strip_prefix("  - at: ")).next_back().unwrap();
    let late = THEIRS.replace(time, "\"2023-03-27T04:00:00+02:00\"");
    let (output, text) = driver(BASE, OURS, &late);
    assert_eq!(output.code, 0, "{output:?}");
    let first = text.lines().find(|line| line.starts_with("  - at: ")).unwrap();
    assert!(first.contains("04:00:00"), "{text}");
}
