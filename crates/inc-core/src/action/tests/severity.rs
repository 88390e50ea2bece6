//! Judging again: told once where what holds changes, and never against a person's decision.

use super::*;
use crate::timeline::How;

/// What the severity entries tell, in the file's order.
fn severities(incident: &Incident) -> Vec<&str> {
    let told = incident.timeline.iter().filter(|entry| entry.kind == EntryKind::Severity);
    told.map(|entry| entry.text.as_str()).collect()
}

fn overridden(to: Severity) -> Incident {
    done(&done(&declared(), seed_impact()), Action::Override { to, reason: prose("the board watches") })
}

#[test]
fn a_changed_impact_is_judged_again_and_told_once() {
    let judged = outcome(&declared(), seed_impact());
    assert_eq!(judged.subject, "severity: SEV-1 to SEV-3");
    assert!(judged.remarks[0].starts_with("warning: 0 customers"), "{:?}", judged.remarks);
    let words = ["Severity SEV-1 (provisional) to SEV-3: customer impact XL x single-customer impact S"];
    assert_eq!(severities(&judged.incident), words);
    let change = judged.incident.timeline.last().unwrap().change.clone().unwrap();
    assert_eq!((change.from, change.to), (Some(line("SEV-1")), Some(line("SEV-3"))));

    let same = outcome(&judged.incident, set(&[("impact.customers", "12")]));
    assert_eq!(same.subject, "impact: SEV-3 stays");
    assert_eq!(severities(&same.incident), words, "what holds has not changed");
    let nothing = outcome(&same.incident, set(&[("impact.customers", "12")]));
    assert_eq!(nothing.subject, "impact: as it was");
    let more = outcome(&declared(), set(&[("impact.customers", "12"), ("summary.cause", "x")]));
    assert_eq!(more.subject, "impact: SEV-1 stays (provisional); edit: summary.cause");
    let partly = outcome(&declared(), set(&[("impact.customer_impact", "XL")]));
    assert_eq!(partly.subject, "impact: SEV-1 stays (provisional)");
    assert!(partly.remarks[0].starts_with("provisional: missing single-customer impact"));
    assert_eq!(severities(&partly.incident), [""; 0]);
}

#[test]
fn an_override_stands_and_is_told() {
    let incident = overridden(Severity::Sev2);
    assert_eq!((incident.severity, incident.assessment.computed), (Severity::Sev2, Severity::Sev3));
    let decision = incident.assessment.overridden.clone().unwrap();
    assert_eq!((decision.by, decision.at), (Some(line("Mathieu Corbin")), Some(at("14:30"))));
    assert_eq!(severities(&incident)[1], "Severity SEV-3 to SEV-2: the board watches");

    let after = outcome(&incident, set(&[("impact.single_customer_impact", "XL")]));
    assert_eq!(
        (after.incident.severity, after.incident.assessment.computed),
        (Severity::Sev2, Severity::Sev1)
    );
    assert_eq!(severities(&after.incident).len(), 2, "what holds has not changed");
    assert!(
        after.remarks.iter().any(|remark| remark == "the override to SEV-2 stands; the policy says SEV-1"),
        "{:?}",
        after.remarks
    );
}

#[test]
fn an_override_that_agrees_is_not_told() {
    let after = outcome(&overridden(Severity::Sev3), set(&[("impact.customers", "12")]));
    assert_eq!(after.remarks, [""; 0]);
}

#[test]
fn an_override_settles_a_provisional_severity() {
    let action = Action::Override { to: Severity::Sev4, reason: prose("one pod") };
    let incident = done(&declared(), action);
    assert!(incident.assessment.provisional && !incident.assessment.is_provisional());
    assert_eq!(severities(&incident), ["Severity SEV-1 (provisional) to SEV-4: one pod"]);
}

/// Also where somebody writes the override into the file, or takes it out there.
#[test]
fn each_change_says_who_changed_it() {
    let hows = |incident: &Incident| -> Vec<How> {
        incident.timeline.iter().filter_map(|entry| entry.change.as_ref()?.how).collect()
    };
    let decided = overridden(Severity::Sev2);
    let cleared = done(&decided, Action::ClearOverride { reason: None });
    assert_eq!(hows(&cleared), [How::Policy, How::Override, How::OverrideCleared]);
    let mut edited = decided.clone();
    edited.assessment.overridden = None;
    let edited = done(&decided, Action::Replace(Box::new(edited)));
    assert_eq!(hows(&edited), [How::Policy, How::Override, How::OverrideCleared]);
    assert!(severities(&edited)[2].starts_with("Severity SEV-2 to SEV-3, override cleared: customer impact"));
    let mut back = edited.clone();
    back.assessment.overridden = decided.assessment.overridden.clone();
    let back = done(&edited, Action::Replace(Box::new(back)));
    assert_eq!(hows(&back)[3], How::Override);
}

#[test]
fn an_override_is_cleared_once() {
    let incident = overridden(Severity::Sev1);
    let cleared = outcome(&incident, Action::ClearOverride { reason: Some(prose("calm")) });
    assert_eq!(cleared.subject, "severity: SEV-3 again, override cleared");
    assert_eq!(cleared.incident.severity, Severity::Sev3);
    assert_eq!(cleared.incident.assessment.overridden, None);
    assert_eq!(severities(&cleared.incident)[2], "Severity SEV-1 to SEV-3, override cleared: calm");
    let again = Action::ClearOverride { reason: None };
    refused(&cleared.incident, again.clone(), &["no override stands"]);
    let silent = done(&incident, again);
    assert!(
        severities(&silent)[2].ends_with("override cleared: customer impact XL x single-customer impact S")
    );
}

#[test]
fn judging_again_without_a_change_changes_nothing() {
    for incident in [declared(), overridden(Severity::Sev2), done(&declared(), seed_impact())] {
        assert_eq!(done(&incident, Action::Assess), incident);
    }
}

/// A reason may be as long as a text can be: the sentence leaves it out, the change keeps it whole.
#[test]
fn the_longest_reason_is_kept() {
    let long = prose(&"x".repeat(crate::text::PROSE_CHARS));
    let last_reason = |incident: &Incident| incident.timeline.last().unwrap().change.clone().unwrap().reason;
    let decided = done(&declared(), Action::Override { to: Severity::Sev2, reason: long.clone() });
    assert_eq!(severities(&decided), ["Severity SEV-1 (provisional) to SEV-2"]);
    assert_eq!(last_reason(&decided), Some(long.clone()));
    let cleared = done(&decided, Action::ClearOverride { reason: Some(long.clone()) });
    assert_eq!(last_reason(&cleared), Some(long.clone()));
    let cancel = Move { to: Status::Cancelled, at: None, reason: Some(long.clone()), force: false };
    let cancelled = done(&declared(), Action::Move(cancel));
    assert_eq!(texts(&cancelled)[1], "Status investigating to cancelled");
    assert_eq!(last_reason(&cancelled), Some(long));
}
