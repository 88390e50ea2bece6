//! From three texts to one: what is kept of each, and when it is left to git.

use super::*;

const BASE: &str = "\
# The talk's own
schema: 1
id: 2023-03-27-disk-full
uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R9
title: Disk full   # as the alert says
status: investigating
severity: SEV-4
assessment: {computed: SEV-4, provisional: true, decided_by: \"customer impact missing\"}
timezone: Europe/Paris
declared_at: \"2023-03-27T12:59:00+02:00\"
timeline:
  - at: \"2023-03-27T12:59:00+02:00\"
    kind: declared
    by: Ada
    text: Disk full
    id: 01GWH7Q3M8Z0V8T3J4K5N6P7RA
";

fn entry(minute: u32, text: &str, id: &str) -> String {
    format!(
        "  - at: \"2023-03-27T13:{minute:02}:00+02:00\"\n    by: Ada\n    text: {text}\n    id: 01GWH7Q3M8Z0V8T3J4K5N6P7{id}\n"
    )
}

fn merge(base: &str, ours: &str, theirs: &str) -> Result<Clean, Doubt> {
    let (policy, settings) = (Policy::default(), Settings::default());
    texts(
        Texts { base, ours, theirs },
        Rules { policy: Some(&policy), settings: &settings, past: Past(None) },
    )
}

fn clean(ours: &str, theirs: &str) -> String {
    merge(BASE, ours, theirs).unwrap_or_else(|doubt| panic!("{doubt}\n{ours}\n{theirs}")).text
}

#[test]
fn both_append_and_the_words_of_both_stand_as_they_were() {
    let ours = format!("{BASE}{}", entry(5, "'ours'   # said Ada", "RB"));
    let theirs = format!("{BASE}{}", entry(2, "\"theirs\"  # said Bob", "RC"));
    let expected = format!(
        "{BASE}{}{}",
        entry(2, "\"theirs\"  # said Bob", "RC"),
        entry(5, "'ours'   # said Ada", "RB")
    );
    assert_eq!(clean(&ours, &theirs), expected);
    assert_eq!(clean(&theirs, &ours), expected);
}

#[test]
fn a_comment_of_either_side_stays() {
    let ours = BASE.replace("status: inv", "# who is on call?\nstatus: inv");
    let theirs = format!(
        "{}{}",
        BASE.replace("# The talk's own", "# The talk's own, told again"),
        entry(5, "x", "RB")
    );
    let text = clean(&ours, &theirs);
    for part in ["# who is on call?", "# The talk's own, told again", "# as the alert says", "text: x"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_scalar_of_both_sides_is_contested() {
    let ours = BASE.replace("title: Disk full  ", "title: Disk is full  ");
    let theirs = BASE.replace("title: Disk full  ", "title: No space left  ");
    let text = clean(&ours, &theirs);
    assert_eq!(text, clean(&theirs, &ours));
    assert!(text.contains("title: No space left   # as the alert says"), "{text}");
    assert!(
        text.contains("contested:\n  - path: title\n    ours: No space left\n    theirs: Disk is full\n"),
        "{text}"
    );
}

#[test]
fn what_is_not_known_for_certain_is_left_to_git() {
    let newer = BASE.replace("schema: 1", "schema: 99");
    let other = BASE.replace("id: 2023-03-27-disk-full", "id: 2023-03-27-disk-empty");
    let twin = BASE.replace("uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R9", "uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R8");
    let appended = format!("{BASE}{}", entry(5, "x", "RB"));
    for (side, words) in [
        ("title: [", "our side"),
        (newer.as_str(), "newer"),
        (other.as_str(), "`id` differs"),
        (twin.as_str(), "`uid` differs"),
        ("<<<<<<< HEAD\n", "our side"),
    ] {
        let error = merge(BASE, side, &appended).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
        assert!(merge(BASE, &appended, side).is_err(), "{side}");
    }
    assert!(matches!(
        merge("no: record\n", &appended, BASE),
        Err(Doubt::Unreadable { side: "the base", .. })
    ));
}

#[test]
fn both_added_it() {
    let theirs = BASE.replace("uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R9", "uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R8");
    let theirs = format!("{theirs}{}", entry(5, "x", "RB"));
    let text = merge("", BASE, &theirs).unwrap().text;
    assert!(text.contains("uid: 01GWH7Q3M8Z0V8T3J4K5N6P7R8") && text.contains("text: x"), "{text}");
    let other = theirs.replace("title: Disk full", "title: Disk on fire");
    let error = merge("", BASE, &other).unwrap_err().to_string();
    assert!(error.contains("title differs"), "{error}");
}

#[test]
fn line_ends_are_merged_like_any_value() {
    let appended = format!("{BASE}{}", entry(6, "y", "RC"));
    let other = format!("{BASE}{}", entry(7, "z", "RD"));
    let turned = |text: &str| text.replace('\n', "\r\n");
    let both = format!("{appended}{}", entry(7, "z", "RD"));
    for (base, ours, theirs, expected) in [
        // One side turned all of them, and did nothing else.
        (BASE.to_owned(), turned(BASE), appended.clone(), turned(&appended)),
        (turned(BASE), BASE.to_owned(), turned(&appended), appended.clone()),
        (BASE.to_owned(), turned(&other), appended.clone(), turned(&both)),
        (BASE.to_owned(), turned(&other), turned(&appended), turned(&both)),
        (turned(BASE), other.clone(), appended.clone(), both.clone()),
        (turned(BASE), turned(&other), turned(&appended), turned(&both)),
        // Some lines so, some so: whoever brought order into it has it.
        (BASE.replacen('\n', "\r\n", 3), turned(BASE), appended.replacen('\n', "\r\n", 3), turned(&appended)),
    ] {
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            assert_eq!(merge(&base, ours, theirs).unwrap().text, expected, "{base:?}\n{ours:?}\n{theirs:?}");
        }
    }
}

#[test]
fn line_ends_of_one_side_lose_nothing() {
    let ours = format!("{BASE}{}", entry(5, "x", "RB")).replace('\n', "\r\n");
    let theirs = format!("{BASE}{}", entry(6, "y", "RC"));
    let text = clean(&ours, &theirs);
    for words in ["x", "y"] {
        assert!(
            text.contains(&format!("text: {words}")) || text.contains(&format!("text: \"{words}\"")),
            "{text}"
        );
    }
    assert!(text.contains("# as the alert says"), "{text}");
}

#[test]
fn a_comment_stays_at_its_line_where_both_changed_it() {
    let ours = BASE.replace("status: inv", "# ours\nstatus: inv").replace("Paris", "Paris   # ours too");
    let theirs = BASE
        .replace("status: inv", "# theirs\nstatus: inv")
        .replace("Europe/Paris", "Asia/Tokyo   # theirs too");
    let merged = merge(BASE, &ours, &theirs).unwrap();
    // Two beside one line are one beside and one above it.
    let expected = BASE
        .replace("status: inv", "# ours\n# theirs\nstatus: inv")
        .replace("timezone: Europe/Paris", "# theirs too\ntimezone: Asia/Tokyo   # ours too");
    assert_eq!(merged.text, expected);
    assert_eq!(merged.remarks.len(), 0, "{:?}", merged.remarks);
    assert_eq!(merge(BASE, &theirs, &ours).unwrap().text, merged.text);
}

#[test]
fn a_comment_goes_with_its_entry_wherever_that_comes_to_stand() {
    let ours = format!("{BASE}  # ours\n{}", entry(5, "x   # beside", "RB"));
    let theirs = format!("{BASE}{}  # behind\n", entry(5, "y", "RC"));
    let merged = clean(&ours, &theirs);
    let expected =
        format!("{BASE}  # ours\n{}{}  # behind\n", entry(5, "x   # beside", "RB"), entry(5, "y", "RC"));
    assert_eq!(merged, expected);
    assert_eq!(clean(&theirs, &ours), expected);
}

#[test]
fn a_comment_whose_line_is_gone_stands_at_the_end_of_what_that_was_part_of() {
    let base = format!("{BASE}{}{}", entry(5, "x", "RB"), entry(6, "y", "RC"));
    // One side notes something at the entry that the other takes out, and says so at another that it changes as well.
    let ours = base.replace("text: x", "text: x   # noted");
    let theirs = format!("{BASE}{}", entry(6, "z   # as said", "RC"));
    let (one, other) = (merge(&base, &ours, &theirs).unwrap(), merge(&base, &theirs, &ours).unwrap());
    assert_eq!(one, other);
    assert!(one.text.contains("text: z   # as said"), "{}", one.text);
    assert!(one.text.contains("# noted"), "{}", one.text);
}

#[test]
fn a_side_that_went_back_to_the_base_hides_nobody() {
    let titled = |title: &str| BASE.replace("title: Disk full  ", &format!("title: {title}  "));
    let long = "x".repeat(200);
    let (ours, theirs) = (titled("Zero space left"), titled(&long));
    let revision = |before: &str, after: &str, by: &str| Revision {
        before: Some(before.to_owned()),
        after: after.to_owned(),
        is_merge: false,
        by: by.to_owned(),
        at: serde_json::from_value("2023-03-27T14:00:00+02:00".into()).unwrap(),
    };
    // The newest first: one side tried a title, took it back, and gave another; then the other side.
    let all = || {
        vec![
            revision(BASE, &theirs, "Bob"),
            revision(&titled("Tried"), BASE, "Bob"),
            revision(BASE, &titled("Tried"), "Bob"),
            revision(BASE, &ours, "Ada"),
            revision("", BASE, "Eve"),
        ]
    };
    let (policy, settings) = (Policy::default(), Settings::default());
    let past = Past(Some(&all));
    let rules = Rules { policy: Some(&policy), settings: &settings, past };
    let text = texts(Texts { base: BASE, ours: &ours, theirs: &theirs }, rules).unwrap().text;
    assert!(text.contains("    theirs: Zero space left\n    by: Ada\n    at:"), "{text}");
}
