//! Entries: their place, their telling, their taking out, and how people name them.

use super::*;
use crate::timeline::Link;

fn told() -> Incident {
    let texts = [("13:10", "crossplane"), ("13:00", "alerts"), ("13:44", "3 CRDs stuck")];
    texts.iter().fold(declared(), |incident, (clock, text)| done(&incident, note(Some(clock), text)))
}

fn pick(selector: &str) -> EntrySelector {
    selector.parse().unwrap()
}

/// The last characters of an entry's id, which tell it from the others.
fn tail(incident: &Incident, index: usize) -> String {
    incident.timeline[index].id.unwrap().to_string()[16..].to_owned()
}

#[test]
fn an_entry_is_added_where_its_time_belongs() {
    let incident = told();
    assert_eq!(texts(&incident), ["Incident declared", "alerts", "crossplane", "3 CRDs stuck"]);
    let outcome = outcome(&incident, note(None, &"long ".repeat(30)));
    assert_eq!(outcome.incident.timeline[4].at, at("14:30"), "now, where no time is given");
    assert_eq!(outcome.incident.timeline[4].by, Some(line("Mathieu Corbin")));
    assert!(outcome.subject.starts_with("timeline: long long") && outcome.subject.chars().count() < 75);
}

#[test]
fn an_entry_tells_of_the_past_by_hand() {
    refused(&declared(), note(Some("14:36"), "x"), &["an entry cannot lie in the future"]);
    done(&declared(), note(Some("14:35"), "clocks disagree by five minutes"));
    for kind in [EntryKind::Declared, EntryKind::Status, EntryKind::Severity, EntryKind::Role] {
        let entry = NewEntry { at: None, kind, text: prose("x"), details: vec![], links: vec![] };
        refused(&declared(), Action::Append(entry), &["is written by the change", "note, decision, action"]);
        let edit = EntryEdit { kind: Some(kind), ..EntryEdit::default() };
        refused(&told(), Action::Amend(pick("2"), edit), &["is written by the change"]);
    }
}

#[test]
fn each_property_of_an_entry_can_be_told_better() {
    let link: Link = "graph=https://example.com/g".parse().unwrap();
    let edit = EntryEdit::default;
    let before = told();
    let check = |edit: EntryEdit, index: usize, changed: &dyn Fn(&mut Entry)| {
        let after = done(&before, Action::Amend(pick("2"), edit));
        let mut expected = before.timeline[1].clone();
        changed(&mut expected);
        assert_eq!(after.timeline[index], expected);
        assert_eq!(after.timeline.len(), before.timeline.len());
    };
    check(EntryEdit { at: Some(at("13:20")), ..edit() }, 1, &|entry| entry.at = at("13:20"));
    check(EntryEdit { at: Some(at("12:00")), ..edit() }, 1, &|entry| entry.at = at("12:00"));
    let decision = Some(EntryKind::Decision);
    check(EntryEdit { kind: decision, ..edit() }, 1, &|entry| entry.kind = EntryKind::Decision);
    check(EntryEdit { text: Some(prose("pages")), ..edit() }, 1, &|entry| entry.text = prose("pages"));
    let details = vec![prose("a"), prose("b")];
    let both =
        EntryEdit { details: Some(details[..1].to_vec()), more_details: details[1..].to_vec(), ..edit() };
    check(both, 1, &|entry| entry.details = details.clone());
    let links = vec![link.clone()];
    check(EntryEdit { more_links: links.clone(), ..edit() }, 1, &|entry| entry.links = links.clone());
    check(edit(), 1, &|_| ());
    let late = EntryEdit { at: Some(at("14:36")), ..edit() };
    refused(&before, Action::Amend(pick("2"), late), &["cannot lie in the future"]);
}

#[test]
fn an_entry_of_the_same_moment_keeps_its_place() {
    let incident = done(&done(&declared(), note(Some("13:00"), "a")), note(Some("13:00"), "b"));
    let same = EntryEdit { at: Some(at("13:00")), text: Some(prose("A")), ..EntryEdit::default() };
    assert_eq!(texts(&done(&incident, Action::Amend(pick("2"), same))), ["Incident declared", "A", "b"]);
}

#[test]
fn the_words_of_a_trace_stay() {
    let incident = told();
    let words = EntryEdit { text: Some(prose("x")), ..EntryEdit::default() };
    refused(&incident, Action::Amend(pick("1"), words), &["a change of declared: its words stay"]);
    let kind = EntryEdit { kind: Some(EntryKind::Note), ..EntryEdit::default() };
    refused(&incident, Action::Amend(pick("1"), kind), &["its words stay"]);
    refused(&incident, Action::Strike(pick("1")), &["a change of declared and stays"]);
    let more = EntryEdit { more_details: vec![prose("by phone")], ..EntryEdit::default() };
    let after = done(&incident, Action::Amend(pick("1"), more));
    assert_eq!(after.timeline[0].details, [prose("by phone")]);
}

#[test]
fn an_entry_is_taken_out_alone() {
    let incident = told();
    let outcome = outcome(&incident, Action::Strike(pick(&tail(&incident, 2))));
    assert_eq!(outcome.subject, "timeline: remove \"crossplane\"");
    assert_eq!(texts(&outcome.incident), ["Incident declared", "alerts", "3 CRDs stuck"]);
}

#[test]
fn people_name_an_entry_by_its_number_or_a_part_of_its_id() {
    let mut incident = told();
    // A file that people sorted otherwise: numbers go by time.
    incident.timeline.reverse();
    let tails: Vec<String> = (0..4).map(|index| tail(&incident, index)).collect();
    let lower = tails[1].to_lowercase();
    for (selector, expected) in
        [("1", 3), ("#2", 2), (" 3 ", 1), ("4", 0), (&tails[0], 0), (&lower, 1), (&tails[3], 3)]
    {
        assert_eq!(incident.find_entry(&pick(selector)).unwrap(), expected, "{selector}");
    }
    for (selector, words) in [
        (pick("5"), "there is no entry 5: the timeline has 4"),
        (EntrySelector::Number(0), "there is no entry 0"),
        (pick("01GWH"), "4 entries have `01GWH` in their ids: give more of it"),
        (pick("ZZZZ"), "no entry has `ZZZZ` in its id"),
    ] {
        assert!(incident.find_entry(&selector).unwrap_err().to_string().contains(words), "{selector:?}");
    }
    for bad in ["", "0", "abc", "-1", "../../x", "a\u{1b}[2Jbcd", &"A".repeat(27)] {
        let error = bad.parse::<EntrySelector>().unwrap_err();
        assert!(error.contains("names no entry") && !error.contains('\u{1b}'), "{error}");
    }
}

#[test]
fn an_entry_typed_by_hand_gets_its_id_from_whatever_comes_next() {
    let mut incident = told();
    incident.timeline[1].id = None;
    incident.timeline[3].id = None;
    let by_hand = incident.timeline.clone();
    let role = Role::Named("scribe".parse().unwrap());
    for action in [
        note(Some("14:00"), "another"),
        Action::Amend(pick("3"), EntryEdit { more_details: vec![prose("d")], ..EntryEdit::default() }),
        Action::Strike(pick("3")),
        set(&[("environment", "production")]),
        seed_impact(),
        Action::Assess,
        Action::Override { to: Severity::Sev2, reason: prose("r") },
        Action::Move(Move { to: Status::Cancelled, at: None, reason: Some(prose("r")), force: false }),
        Action::Assign { role, to: line("Jane") },
        Action::Assign { role: Role::Commander, to: line("Mathieu Corbin") },
        Action::Release { role: Role::Commander, who: None },
        Action::Link("2023-04-06-x".parse().unwrap()),
        Action::Replace(Box::new(incident.clone())),
    ] {
        let name = format!("{action:?}");
        let after = done(&incident, action);
        assert!(after.timeline.iter().all(|entry| entry.id.is_some()), "{name}");
        for old in [&by_hand[1], &by_hand[3]] {
            let new = after.timeline.iter().find(|entry| entry.text == old.text).unwrap();
            assert_eq!(&Entry { id: None, ..new.clone() }, old, "{name}");
        }
    }
}

#[test]
fn an_entry_copied_with_its_id_gets_its_own() {
    let mut incident = told();
    let copy = Entry { text: prose("a copy"), ..incident.timeline[1].clone() };
    incident.timeline.push(copy);
    let after = done(&incident, Action::Assess);
    assert_eq!(after.timeline[1], incident.timeline[1], "the first keeps it");
    let copied = after.timeline.iter().find(|entry| entry.text == prose("a copy")).unwrap();
    assert!(copied.id.is_some() && copied.id != incident.timeline[1].id);
}

#[test]
fn the_time_of_a_trace_is_corrected_where_it_is_kept() {
    let later = EntryEdit { at: Some(at("13:05")), ..EntryEdit::default() };
    refused(&told(), Action::Amend(pick("1"), later), &["--set declared_at=TIME"]);
}

#[test]
fn what_happens_within_one_second_keeps_its_order() {
    let mut left = 100;
    let mut falling = || {
        left -= 1;
        Uid::from_parts(1_679_914_740_000, left)
    };
    let mut incident = declared();
    let (policy, steps, zone, settings) = (Policy::default(), Steps::default(), zone(), Settings::default());
    for text in ["one", "two", "three", "four"] {
        let reading = Reading { now: at("13:05"), zone: &zone, settings: &settings };
        let rules = Rules { policy: &policy, steps: &steps, linked: &[], reading };
        let mut stamp = Stamp { at: at("13:05"), by: line("Ada"), mint: &mut falling };
        let entry =
            NewEntry { at: None, kind: EntryKind::Note, text: prose(text), details: vec![], links: vec![] };
        incident = incident.apply(Action::Append(entry), &rules, &mut stamp).unwrap().incident;
    }
    let mut entries: Vec<_> = incident.timeline.iter().filter(|entry| entry.at == at("13:05")).collect();
    entries.sort_by_key(|entry| entry.id);
    let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three", "four"]);
    // Another laptop's clock, far ahead, draws nobody's ids after it.
    let far = Uid::from_parts(1_679_914_740_000 + 3_600_000, 1);
    let own = Uid::from_parts(1_679_914_740_000, 7);
    assert_eq!(own.behind([far]), own);
    assert!(own.behind([own, far]) > own && own.behind([own, far]) < far);
}
