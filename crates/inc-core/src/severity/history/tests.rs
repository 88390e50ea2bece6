//! Histories of the seed's incident: what the entries tell, and what they leave open.

use super::*;
use crate::action::tests::{apply, at, declared, prose, seed_impact};
use crate::action::{Action, Move};
use crate::severity::Severity::{Sev1, Sev2, Sev3, Sev4};

#[track_caller]
fn after(incident: &Incident, clock: &str, action: Action) -> Incident {
    apply(incident, clock, action).unwrap_or_else(|refusal| panic!("refused: {refusal}")).incident
}

fn decide(to: Severity) -> Action {
    Action::Override { to, reason: prose("the board watches") }
}

fn to_status(to: Status) -> Action {
    Action::Move(Move { to, at: None, reason: Some(prose("told")), force: true })
}

/// SEV-1 (provisional) at 12:59, SEV-3 at 13:09, SEV-2 by decision at 13:29, SEV-3 again at 13:59.
fn eventful() -> Incident {
    let judged = after(&declared(), "13:09", seed_impact());
    let decided = after(&judged, "13:29", decide(Sev2));
    after(&decided, "13:59", Action::ClearOverride { reason: None })
}

/// The minutes in SEV-1 to SEV-4.
fn minutes(history: &History) -> [Option<i64>; 4] {
    std::array::from_fn(|n| history.spent[n].time.minutes)
}

/// No time can be told, and why.
#[track_caller]
fn check_uncomputable(history: &History, why: &str) {
    for spent in &history.spent {
        assert_eq!(spent.time.minutes, None, "{}", spent.severity);
        assert!(spent.time.text.starts_with("not computable: "), "{}", spent.time.text);
        assert!(spent.time.text.contains(why), "{why:?} is not in {}", spent.time.text);
        assert_eq!(spent.time.missing.len(), 1);
    }
}

/// Takes the data out of the `n`-th severity entry, as if somebody had typed it.
fn typed(incident: &mut Incident, n: usize) -> &mut Entry {
    let mut told = incident.timeline.iter_mut().filter(|entry| entry.kind == EntryKind::Severity);
    told.nth(n).unwrap()
}

#[test]
fn without_a_change_the_severity_always_held() {
    let history = History::of(&declared(), at("13:29"));
    assert_eq!((history.changes.len(), history.remarks.len()), (0, 0));
    assert_eq!((history.at_declaration.severity, history.peak.severity), (Some(Sev1), Some(Sev1)));
    assert_eq!(minutes(&history), [Some(30), Some(0), Some(0), Some(0)]);
    assert_eq!((history.until, history.counted_until), (Until::Now, Some(at("13:29"))));
    assert_eq!(history.spent[0].time.text, "30min");
}

#[test]
fn each_change_is_told_with_who_and_why() {
    let history = History::of(&eventful(), at("14:13"));
    let told: Vec<_> = history.changes.iter().map(|change| (change.from, change.to, change.how)).collect();
    assert_eq!(
        told,
        [
            (Some(Sev1), Some(Sev3), Some(How::Policy)),
            (Some(Sev3), Some(Sev2), Some(How::Override)),
            (Some(Sev2), Some(Sev3), Some(How::OverrideCleared)),
        ]
    );
    assert_eq!(history.changes[1].at, at("13:29"));
    assert_eq!(history.changes[1].by.as_ref().map(Line::as_str), Some("Mathieu Corbin"));
    assert_eq!(history.changes[1].reason, Some(prose("the board watches")));
    assert_eq!(
        history.changes[0].reason.as_ref().map(Prose::as_str),
        Some("customer impact XL x single-customer impact S")
    );
    assert_eq!((history.at_declaration.text.as_str(), history.peak.text.as_str()), ("SEV-1", "SEV-1"));
    assert_eq!(minutes(&history), [Some(10), Some(30), Some(34), Some(0)]);
    assert_eq!(history.remarks, [""; 0]);
}

#[test]
fn the_peak_is_the_worst_that_held() {
    let calm = after(&after(&declared(), "13:00", seed_impact()), "13:00", decide(Sev4));
    let mut incident = after(&calm, "13:30", decide(Sev2));
    // As if it had been declared with its impact.
    incident.timeline.retain(|entry| !entry.text.as_str().contains("(provisional)"));
    let history = History::of(&incident, at("14:00"));
    assert_eq!((history.at_declaration.severity, history.peak.severity), (Some(Sev3), Some(Sev2)));
    assert_eq!(minutes(&history), [Some(0), Some(30), Some(1), Some(30)]);
}

#[test]
fn time_ends_with_the_resolution_and_a_later_change_adds_none() {
    let resolved = after(&eventful(), "14:13", to_status(Status::Resolved));
    let later = after(&resolved, "15:00", decide(Sev1));
    let history = History::of(&later, at("18:00"));
    assert_eq!(history.changes.len(), 4);
    assert_eq!(minutes(&history), [Some(10), Some(30), Some(34), Some(0)]);
    assert_eq!((history.until, history.counted_until), (Until::Resolved, Some(at("14:13"))));

    let reopened = after(&later, "16:13", to_status(Status::Investigating));
    let history = History::of(&reopened, at("16:23"));
    assert_eq!(history.until, Until::Now);
    assert_eq!(minutes(&history), [Some(10 + 83), Some(30), Some(34 + 47), Some(0)]);
}

#[test]
fn time_ends_with_the_cancellation() {
    let cancelled = after(&eventful(), "14:09", to_status(Status::Cancelled));
    let history = History::of(&cancelled, at("18:00"));
    assert_eq!((history.until, history.counted_until), (Until::Cancelled, Some(at("14:09"))));
    assert_eq!(minutes(&history), [Some(10), Some(30), Some(30), Some(0)]);
    let mut silent = cancelled.clone();
    silent.timeline.retain(|entry| entry.kind != EntryKind::Status);
    let history = History::of(&silent, at("18:00"));
    check_uncomputable(&history, "no entry tells of the cancellation");
    assert_eq!((history.peak.severity, history.counted_until), (Some(Sev1), None));
}

#[test]
fn an_end_that_is_missing_or_in_disorder_is_named() {
    let mut incident = after(&eventful(), "14:13", to_status(Status::Resolved));
    incident.resolved_at = None;
    check_uncomputable(&History::of(&incident, at("18:00")), "resolved_at missing");
    incident.resolved_at = Some(at("12:00"));
    check_uncomputable(&History::of(&incident, at("18:00")), "resolved_at lies before declared_at");
    check_uncomputable(&History::of(&declared(), at("12:00")), "now lies before declared_at");
    let mut early = eventful();
    early.declared_at = at("13:10");
    let history = History::of(&early, at("14:13"));
    let why = "the change of 2023-03-27 13:09 lies before declared_at, 2023-03-27 13:10";
    check_uncomputable(&history, why);
    assert_eq!(history.remarks, [why]);
    assert_eq!((history.at_declaration.severity, history.peak.severity), (None, Some(Sev1)));
}

#[test]
fn an_entry_typed_by_hand_is_listed_and_nothing_is_guessed() {
    for change in [None, Some(("role", "SEV-3")), Some(("severity", "bad"))] {
        let mut incident = eventful();
        let entry = typed(&mut incident, 1);
        let data = entry.change.take().unwrap();
        entry.change = change.map(|(of, to)| crate::timeline::Change {
            of: of.parse().unwrap(),
            to: to.parse().ok(),
            ..data
        });
        let history = History::of(&incident, at("14:13"));
        assert_eq!(history.changes.len(), 3);
        assert_eq!(history.changes[1].to, None);
        let why = "the entry \"Severity SEV-3 to SEV-2: the board watches\" of 2023-03-27 13:29 does not say";
        assert!(history.remarks.len() == 1 && history.remarks[0].starts_with(why), "{:?}", history.remarks);
        check_uncomputable(&history, why);
        assert_eq!(history.at_declaration.severity, Some(Sev1), "told by the first entry");
        assert_eq!(history.peak.severity, Some(Sev1), "nothing is worse");
    }
    let mut incident = eventful();
    typed(&mut incident, 0).change = None;
    let history = History::of(&incident, at("14:13"));
    assert_eq!((history.at_declaration.severity, history.peak.severity), (None, None));
    assert!(
        history.peak.text.starts_with("not computable: the entry \"Severity SEV-1 (provisional) to SEV-3")
    );
}

#[test]
fn a_chain_that_does_not_join_is_named() {
    let mut incident = eventful();
    incident.timeline.retain(|entry| !entry.text.as_str().contains("the board watches"));
    let history = History::of(&incident, at("14:13"));
    let why = "the change of 2023-03-27 13:59 is from SEV-2, and SEV-3 held before it";
    assert_eq!(history.remarks, [why]);
    check_uncomputable(&history, why);
}

/// SEV-1 (provisional) at 12:59; SEV-3 at 13:09 in one clone, SEV-2 at 13:19 in another, and the merge of the two.
fn met() -> Incident {
    let base = declared();
    let ours = after(&base, "13:09", decide(Sev3));
    let theirs = after(&base, "13:19", decide(Sev2));
    let settings = crate::settings::Settings::default();
    let merged = crate::merge::incidents(Some(&base), &ours, &theirs, None, &settings);
    merged.unwrap_or_else(|error| panic!("{error}")).record
}

#[test]
fn two_changes_that_a_merge_brought_together_hold_from_their_times() {
    let met = met();
    let why = "the change of 2023-03-27 13:19 is from SEV-1, and SEV-3 held before it: a merge brought two changes \
               together, each holds from its time";
    let later = after(&met, "13:49", decide(Sev4));
    for (incident, until, expected) in [(&met, "13:59", [10, 40, 10, 0]), (&later, "13:59", [10, 30, 10, 10])]
    {
        let history = History::of(incident, at(until));
        assert_eq!(history.remarks, [why]);
        assert_eq!(minutes(&history), expected.map(Some));
        assert_eq!((history.at_declaration.severity, history.peak.severity), (Some(Sev1), Some(Sev1)));
    }
    // What never held is not from a merge: something was lost.
    let mut damaged = met;
    let change = typed(&mut damaged, 1).change.as_mut().unwrap();
    change.from = "SEV-4".parse().ok();
    check_uncomputable(&History::of(&damaged, at("13:59")), "is from SEV-4, and SEV-3 held before it");
}

#[test]
fn a_record_that_ends_otherwise_is_named() {
    let mut incident = eventful();
    incident.severity = Sev4;
    let history = History::of(&incident, at("14:13"));
    assert_eq!(history.remarks, ["the last change gives SEV-3, and the record says SEV-4"]);
    check_uncomputable(&history, "the last change gives SEV-3");
    let mut typed_over = declared();
    typed_over.severity = Sev2;
    let history = History::of(&typed_over, at("14:13"));
    assert_eq!((history.at_declaration.severity, history.peak.severity), (None, None));
    check_uncomputable(&history, "the record says SEV-2, its assessment SEV-1");
}

#[test]
fn a_standing_override_is_known_by_its_time_too() {
    let mut incident = after(&declared(), "13:09", decide(Sev2));
    let change = typed(&mut incident, 0).change.as_mut().unwrap();
    change.how = None;
    let history = History::of(&incident, at("14:13"));
    assert_eq!(history.changes[0].how, Some(How::Override));
    incident.assessment.overridden.as_mut().unwrap().at = None;
    assert_eq!(History::of(&incident, at("14:13")).changes[0].how, None);
}

#[test]
fn what_an_index_keeps_tells_the_same() {
    let open = eventful();
    let ended = after(&open, "14:13", to_status(Status::Cancelled));
    let mut hindered = open.clone();
    typed(&mut hindered, 1).change = None;
    for (incident, is_told) in
        [(declared(), true), (open, true), (ended, true), (hindered, false), (met(), true)]
    {
        for clock in ["14:20", "15:00"] {
            let history = History::of(&incident, at(clock));
            let stay = Stay::of(&incident);
            assert_eq!(stay.at(at(clock)).is_ok(), is_told, "{stay:?}");
            let kept = stay.at(at(clock)).map(|each| each.map(|time| Some(time.num_minutes())));
            assert_eq!(kept.unwrap_or([None; 4]), minutes(&history), "{} {clock}", incident.status);
        }
    }
}
