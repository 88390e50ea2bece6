//! What holds after any sequence of actions.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn any_clock() -> impl Strategy<Value = Option<Instant>> {
    prop::option::of((12..15u32, 0..60u32).prop_map(|(hour, minute)| at(&format!("{hour}:{minute:02}"))))
}

/// A short reason, the longest that can be, or none.
fn any_reason() -> impl Strategy<Value = Option<Prose>> {
    let long = "x".repeat(crate::text::PROSE_CHARS);
    prop::sample::select(vec![None, Some("because".to_owned()), Some("a\nb".to_owned()), Some(long)])
        .prop_map(|text| text.map(|text| prose(&text)))
}

fn any_selector() -> impl Strategy<Value = EntrySelector> {
    prop_oneof![(0..8usize).prop_map(EntrySelector::Number), "[0-9A-Z]{4,6}".prop_map(EntrySelector::Part),]
}

fn any_settings() -> impl Strategy<Value = Action> {
    let texts =
        ["", "0", "3", "XL", "S", "none", "unknown", "n/a", "13:30", "12000 EUR", "a, b", "drill", "\u{7}"];
    let settings = (prop::sample::select(Field::all()), prop::sample::select(texts.to_vec()));
    prop::collection::vec(settings, 1..8).prop_map(|settings| {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Action::Set(settings.into_iter().map(|(field, text)| (field, some(text))).collect())
    })
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec!["commander", "responder", "scribe"]).prop_map(|role| role.parse().unwrap())
}

fn any_person() -> impl Strategy<Value = Line> {
    prop::sample::select(vec!["Ann", "Bob", "Mathieu Corbin"]).prop_map(line)
}

fn any_action() -> impl Strategy<Value = Action> {
    let kinds = [EntryKind::Note, EntryKind::Decision, EntryKind::Status];
    let statuses = prop::sample::select(Status::ALL.to_vec());
    let entry =
        (any_clock(), prop::sample::select(kinds.to_vec()), "[a-z]{1,9}").prop_map(|(at, kind, text)| {
            NewEntry { at, kind, text: prose(&text), details: vec![], links: vec![] }
        });
    let edit = (any_clock(), prop::option::of("[a-z]{1,9}")).prop_map(|(at, text)| EntryEdit {
        at,
        text: text.map(|text| prose(&text)),
        ..EntryEdit::default()
    });
    let step = (statuses, any_clock(), any_reason(), any::<bool>());
    let decision = (prop::sample::select(Severity::ALL.to_vec()), any_reason());
    prop_oneof![
        3 => entry.prop_map(Action::Append),
        2 => (any_selector(), edit).prop_map(|(selector, edit)| Action::Amend(selector, edit)),
        1 => any_selector().prop_map(Action::Strike),
        4 => any_settings(),
        1 => Just(seed_impact()),
        1 => Just(Action::Assess),
        1 => decision.prop_filter_map("a reason", |(to, reason)| reason.map(|reason| Action::Override { to, reason })),
        1 => any_reason().prop_map(|reason| Action::ClearOverride { reason }),
        5 => step.prop_map(|(to, at, reason, force)| Action::Move(Move { to, at, reason, force })),
        1 => (any_role(), any_person()).prop_map(|(role, to)| Action::Assign { role, to }),
        1 => (any_role(), prop::option::of(any_person())).prop_map(|(role, who)| Action::Release { role, who }),
        1 => Just(Action::Link("2023-04-06-x".parse().unwrap())),
    ]
}

/// Applies the actions one after the other; a refused one is passed over.
fn run(actions: Vec<Action>, mut each: impl FnMut(&Incident, &Action, &Incident)) -> Incident {
    let mut incident = declared();
    for action in actions {
        if let Ok(outcome) = apply(&incident, "14:30", action.clone()) {
            each(&incident, &action, &outcome.incident);
            incident = outcome.incident;
        }
    }
    incident
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_step_leaves_a_sound_record(actions in prop::collection::vec(any_action(), 1..25)) {
        run(actions, |before, action, after| {
            assert_eq!(after.severity, after.assessment.holds(), "{action:?}");
            let ids: BTreeSet<_> = after.timeline.iter().map(|entry| entry.id.unwrap()).collect();
            assert_eq!(ids.len(), after.timeline.len(), "ids are unique");
            let lost = before.timeline.iter().filter(|entry| !ids.contains(&entry.id.unwrap())).count();
            assert_eq!(lost, usize::from(matches!(action, Action::Strike(_))), "{action:?}");
            // Whoever edited the file finds each entry where it was, and comments beside theirs.
            let old = before.timeline.iter().map(|entry| entry.id).filter(|id| ids.contains(&id.unwrap()));
            let kept = after.timeline.iter().map(|entry| entry.id);
            let kept = kept.filter(|id| before.timeline.iter().any(|entry| entry.id == *id));
            assert!(old.eq(kept), "{action:?}");
            assert_eq!((before.id.as_str(), before.uid), (after.id.as_str(), after.uid));
        });
    }

    #[test]
    fn a_record_survives_writing(actions in prop::collection::vec(any_action(), 1..25)) {
        let incident = run(actions, |_, _, _| ());
        let text = serde_json::to_string(&incident).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Incident>(&text).unwrap(), &incident, "{}", text);
        let value = serde_json::to_value(&incident).unwrap();
        prop_assert_eq!(&serde_json::from_value::<Incident>(value).unwrap(), &incident);
    }

    #[test]
    fn judging_twice_is_judging_once(actions in prop::collection::vec(any_action(), 1..25)) {
        let once = done(&run(actions, |_, _, _| ()), Action::Assess);
        prop_assert_eq!(&done(&once, Action::Assess), &once);
    }

    #[test]
    fn one_severity_entry_a_change_of_what_holds(actions in prop::collection::vec(any_action(), 1..25)) {
        let told = |incident: &Incident| {
            incident.timeline.iter().filter(|entry| entry.kind == EntryKind::Severity).count()
        };
        run(actions, |before, action, after| {
            if !matches!(action, Action::Override { .. } | Action::ClearOverride { .. }) {
                let changed = usize::from(before.severity != after.severity);
                assert_eq!(told(after) - told(before), changed, "{action:?}");
            }
        });
    }
}
