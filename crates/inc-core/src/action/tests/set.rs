//! Setting properties one by one: all or nothing, in the past, and judged again where the impact changed.

use super::*;

#[test]
fn properties_are_set_and_taken_out_together() {
    let outcome = outcome(&declared(), set(&[("summary.cause", "crossplane"), ("environment", "")]));
    assert_eq!(outcome.subject, "edit: summary.cause, environment");
    assert_eq!(outcome.incident.summary.cause, Some(prose("crossplane")));
    assert_eq!(outcome.incident.environment, None);
    assert_eq!(outcome.incident.timeline, declared_timeline(&outcome.incident));
    assert!(outcome.remarks.is_empty(), "{:?}", outcome.remarks);
}

/// The timeline of an incident that was only declared.
fn declared_timeline(incident: &Incident) -> Vec<Entry> {
    incident.timeline[..1].to_vec()
}

#[test]
fn one_bad_value_refuses_all() {
    let before = declared();
    for (path, bad) in [
        ("impact.customers", "-1"),
        ("impact.customers_percent", "NaN"),
        ("impact.transactions", "1e9"),
        ("impact.money_at_risk", "-5 EUR"),
        ("impact.customer_impact", "XXL"),
        ("links.graph", "javascript:alert(1)"),
        ("summary.cause", "a\u{1b}[31mb"),
    ] {
        refused(&before, set(&[("environment", "production"), (path, bad)]), &[path]);
    }
    refused(&before, set(&[("title", "")]), &["title cannot be left out"]);
}

#[test]
fn instants_lie_in_the_past_and_in_order() {
    for path in ["started_at", "detected_at", "declared_at", "mitigated_at", "resolved_at"] {
        refused(&declared(), set(&[(path, "today 15:00")]), &[path, "cannot lie in the future"]);
    }
    for path in ["started_at", "detected_at", "declared_at"] {
        done(&declared(), set(&[(path, "today 14:35")]));
    }
    let ended = Incident {
        status: Status::Resolved,
        mitigated_at: Some(at("14:10")),
        resolved_at: Some(at("14:13")),
        ..declared()
    };
    for path in ["mitigated_at", "resolved_at"] {
        refused(&ended, set(&[(path, "12:58")]), &[&format!("{path} ("), "would lie before"]);
    }
    refused(&ended, set(&[("resolved_at", "14:09")]), &["before mitigated_at"]);
    refused(&ended, set(&[("started_at", "14:12")]), &["mitigated_at", "before started_at"]);
    done(&ended, set(&[("started_at", "14:11"), ("mitigated_at", "14:12")]));
}

#[test]
fn a_record_in_disorder_can_be_changed_elsewhere() {
    let mut incident = declared();
    incident.status = Status::Resolved;
    incident.resolved_at = Some(at("12:00"));
    incident.mitigated_at = Some(Instant::parse("2030-01-01T00:00:00+00:00").unwrap());
    done(&incident, note(None, "still going"));
    done(&incident, set(&[("environment", "production")]));
    done(&incident, set(&[("resolved_at", "14:00"), ("mitigated_at", "13:30")]));
    refused(&incident, set(&[("resolved_at", "12:01")]), &["would lie before"]);
}

#[test]
fn responders_set_as_a_list_are_told_one_by_one() {
    let first = done(&declared(), set(&[("responders", "Jane, Bob")]));
    let second = done(&first, set(&[("responders", "Bob, Ann")]));
    assert_eq!(second.responders, [line("Bob"), line("Ann")]);
    assert_eq!(
        texts(&second)[1..],
        ["Jane is responder", "Bob is responder", "Jane is no longer responder", "Ann is responder"]
    );
}
