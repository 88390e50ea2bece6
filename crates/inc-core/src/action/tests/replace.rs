//! A whole edit in an editor: what never changes, what other programs change, and what follows.

use super::*;
use crate::answer::Answer;
use crate::severity::Override;

/// Edits the record by hand.
fn edited(incident: &Incident, edit: impl FnOnce(&mut Incident)) -> Action {
    let mut edited = incident.clone();
    edit(&mut edited);
    Action::Replace(Box::new(edited))
}

type Edit = fn(&mut Incident);

#[test]
fn what_never_changes_or_belongs_to_another_program_is_refused() {
    let before = done(&declared(), seed_impact());
    let edits: [(Edit, &str); 10] = [
        (|it| it.schema = 2, "`schema` never changes"),
        (|it| it.id = "2023-03-27-other".parse().unwrap(), "`id` never changes"),
        (|it| it.uid = "01GWH7Q3M8Z0V8T3J4K5N6P7R9".parse().unwrap(), "`uid` never changes"),
        (|it| it.status = Status::Closed, "use `inc-status set`"),
        (|it| it.severity = Severity::Sev1, "use `inc-severity assess` or `inc-severity override`"),
        (|it| it.assessment.computed = Severity::Sev1, "it is computed"),
        (|it| it.assessment.provisional = true, "it is computed"),
        (|it| it.resolved_at = Some(at("12:00")), "told with the status"),
        (|it| it.detected_at = Answer::Known(at("15:00")), "detected_at cannot lie in the future"),
        (|it| it.timeline[0].at = at("15:00"), "an entry cannot lie in the future"),
    ];
    for (edit, words) in edits {
        refused(&before, edited(&before, edit), &[words]);
    }
}

#[test]
fn an_edited_impact_is_judged_again() {
    let before = declared();
    let whole = done(&before, seed_impact());
    let action = edited(&before, |it| it.impact = whole.impact.clone());
    let after = outcome(&before, action);
    assert_eq!(after.subject, "edit by hand");
    assert_eq!((after.incident.severity, &after.incident.assessment), (Severity::Sev3, &whole.assessment));
    assert_eq!(texts(&after.incident), texts(&whole));
    let known = edited(&before, |it| {
        it.impact = whole.impact.clone();
        (it.severity, it.assessment) = (Severity::Sev3, whole.assessment.clone());
    });
    assert_eq!(done(&before, known).severity, Severity::Sev3, "what was typed is what follows");
    let narrower = edited(&whole, |it| it.impact.customer_impact = Answer::NotApplicable);
    assert_eq!(done(&whole, narrower).severity, Severity::Sev4);
}

#[test]
fn an_override_typed_by_hand_holds_and_is_told_with_its_reason() {
    let decision = Override { to: Severity::Sev2, reason: prose("the board"), by: None, at: None };
    let before = declared();
    let after = done(&before, edited(&before, |it| it.assessment.overridden = Some(decision)));
    assert_eq!(after.severity, Severity::Sev2);
    assert_eq!(texts(&after)[1], "Severity SEV-1 (provisional) to SEV-2: the board");
    let taken_out = done(&after, edited(&after, |it| it.assessment.overridden = None));
    assert_eq!(taken_out.assessment, before.assessment);
    assert!(
        texts(&taken_out)[2].starts_with("Severity SEV-2 to SEV-1 (provisional), override cleared: customer")
    );
}

#[test]
fn everything_else_is_taken_as_typed() {
    let before = declared();
    let action = edited(&before, |it| {
        it.title = "Another title".parse().unwrap();
        it.custom.insert("ticket".to_owned(), 12.into());
        it.commander = Some(line("Jane"));
        it.roles.insert("scribe".parse().unwrap(), line("Bob"));
        it.timeline.insert(0, Entry { id: None, ..it.timeline[0].clone() });
    });
    let after = done(&before, action);
    assert_eq!((after.title.as_str(), &after.custom["ticket"]), ("Another title", &12.into()));
    assert_eq!(after.timeline[1], before.timeline[0]);
    assert!(after.timeline[0].id.is_some_and(|id| Some(id) != before.timeline[0].id));
    assert_eq!(texts(&after)[2..], ["Mathieu Corbin hands over as commander to Jane", "Bob is scribe"]);
}

#[test]
fn an_edit_that_changes_nothing_changes_nothing() {
    let before = done(&declared(), seed_impact());
    assert_eq!(done(&before, edited(&before, |_| ())), before);
}

#[test]
fn traces_of_changes_stay_and_what_else_is_taken_out_is_named() {
    let before = done(&done(&declared(), note(Some("13:10"), "crossplane")), seed_impact());
    let emptied = edited(&before, |it| it.timeline.clear());
    refused(
        &before,
        emptied,
        &["\"Incident declared\"", "Severity SEV-1 (provisional) to SEV-3", "put them back"],
    );
    let linked = done(&before, Action::Link("2023-04-06-x".parse().unwrap()));
    let after = outcome(
        &linked,
        edited(&linked, |it| {
            it.timeline.retain(|entry| entry.text.as_str() != "crossplane");
            it.pdcas.clear();
        }),
    );
    assert_eq!(
        after.remarks,
        ["taken out: entry \"crossplane\"", "taken out: the link to PDCA 2023-04-06-x"]
    );
}

#[test]
fn a_detection_before_the_start_is_told() {
    let before = done(&declared(), set(&[("started_at", "13:05")]));
    let after = outcome(&before, set(&[("detected_at", "13:00")]));
    assert!(after.remarks[0].contains("lies before started_at"), "{:?}", after.remarks);
}
