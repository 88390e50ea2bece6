//! Declaring: what a record holds from the first moment.

use super::*;
use crate::answer::Answer;

#[test]
fn a_title_alone_is_enough() {
    let Outcome { incident, subject, remarks } = try_declare(newly("Disk full")).unwrap();
    assert_eq!(subject, "declare: Disk full");
    assert_eq!((incident.status, incident.kind), (Status::Investigating, Kind::Incident));
    assert_eq!((incident.declared_at, incident.started_at), (at("12:59"), Answer::Missing));
    assert_eq!(incident.reporter, Some(line("Mathieu Corbin")), "the author reports");
    assert_eq!(incident.severity, Severity::Sev1, "nothing is known: the worst case");
    assert!(incident.assessment.is_provisional());
    assert!(
        remarks[0].starts_with("SEV-1 is provisional: missing customer impact (not asked)"),
        "{remarks:?}"
    );
    let [entry] = incident.timeline.as_slice() else { panic!("{:?}", incident.timeline) };
    assert_eq!(
        (entry.kind, entry.at, entry.text.as_str()),
        (EntryKind::Declared, at("12:59"), "Incident declared")
    );
    assert_eq!(entry.by, Some(line("Mathieu Corbin")));
    assert!(entry.id.is_some_and(|id| id != incident.uid));
}

#[test]
fn settings_are_applied_and_judged() {
    let new = NewIncident {
        reporter: Some(line("Jane")),
        settings: fields(&[
            ("environment", "staging"),
            ("impact.customer_impact", "XL"),
            ("impact.single_customer_impact", "S"),
            ("impact.customers", "0"),
            ("impact.money_at_risk", "0"),
            ("impact.transactions", "0"),
            ("links.dashboard", "https://example.com/d"),
        ]),
        ..newly("Disk full")
    };
    let Outcome { incident, remarks, .. } = try_declare(new).unwrap();
    assert_eq!(incident.environment, Some(line("staging")));
    assert_eq!(incident.reporter, Some(line("Jane")));
    assert_eq!(incident.links[0].url.as_str(), "https://example.com/d");
    assert_eq!((incident.severity, incident.assessment.is_provisional()), (Severity::Sev3, false));
    assert!(remarks[0].starts_with("warning: 0 customers"), "{remarks:?}");
    assert_eq!(remarks[1..], ["SEV-3 (moderate) demands: communicate every 4h; a PDCA is needed"]);
    assert_eq!(incident.timeline.len(), 1, "the first severity is no change");
    assert_eq!(incident.detected_via, Answer::Missing);
}

#[test]
fn a_late_declaration_is_told_at_its_own_time() {
    let new = NewIncident { settings: fields(&[("declared_at", "12:30")]), ..newly("Disk full") };
    let incident = try_declare(new).unwrap().incident;
    assert_eq!((incident.declared_at, incident.timeline[0].at), (at("12:30"), at("12:30")));
}

#[test]
fn times_to_come_and_times_in_disorder_are_refused() {
    let given = |started: Option<&str>, detected: Option<&str>, settings: &[(&str, &str)]| NewIncident {
        started_at: started.map(at).into(),
        detected_at: detected.map(at).into(),
        settings: fields(settings),
        ..newly("Disk full")
    };
    for (new, words) in [
        (given(Some("13:05"), None, &[]), "started_at cannot lie in the future"),
        (given(None, Some("13:05"), &[]), "detected_at cannot lie in the future"),
        (given(None, None, &[("resolved_at", "today 14:00")]), "resolved_at cannot lie in the future"),
        (given(None, None, &[("declared_at", "today 14:00")]), "declared_at cannot lie in the future"),
        (given(Some("12:50"), None, &[("resolved_at", "12:40")]), "would lie before started_at"),
        (given(None, None, &[("impact.customers", "many")]), "impact.customers: `many` is not a count"),
    ] {
        let refusal = try_declare(new).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
    assert!(try_declare(given(Some("13:04"), None, &[])).is_ok(), "clocks disagree by five minutes");
}
