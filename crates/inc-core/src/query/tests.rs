//! Which incidents each filter means, and in which order each key puts them.

use serde_json::json;

use super::*;
use crate::action::tests::{at, declared, zone};
use crate::answer::Answer;
use crate::incident::Kind;
use crate::severity::Severity;
use crate::status::Status;
use crate::summary::Summary;

/// A bad one with everything, a mild drill with little, and one that was never asked.
fn three() -> Vec<Summary> {
    let mut base = Summary::of(&declared());
    (base.environment, base.detected_via) = (None, Answer::Missing);
    let line = |text: &str| text.parse().unwrap();
    let mut bad = Summary { severity: Severity::Sev1, status: Status::Investigating, ..base.clone() };
    bad.id = "2023-03-27-bad".parse().unwrap();
    bad.environment = Some(line("Production"));
    bad.commander = Some(line("Ada Lovelace"));
    bad.team.stack = Answer::Known(line("Crossplane"));
    bad.detected_via = Answer::Known(line("automatic-alert"));
    bad.root_cause = Answer::Known(vec![line("Software"), line("Migration")]);
    bad.moments.started_at = Answer::Known(at("12:00"));
    bad.moments.declared_at = at("12:10");
    bad.moments.resolved_at = Some(at("13:00"));
    bad.custom.insert("ticket".into(), json!(9));
    let mut mild =
        Summary { severity: Severity::Sev4, status: Status::Resolved, kind: Kind::Drill, ..base.clone() };
    mild.id = "2023-03-27-mild".parse().unwrap();
    mild.environment = Some(line("staging"));
    mild.root_cause = Answer::Unknown;
    mild.moments.started_at = Answer::Known(at("12:05"));
    mild.moments.declared_at = at("12:20");
    mild.moments.resolved_at = Some(at("12:15"));
    mild.custom.insert("ticket".into(), json!(10));
    let mut bare = Summary { severity: Severity::Sev2, status: Status::Closed, ..base };
    bare.id = "2023-03-27-bare".parse().unwrap();
    bare.moments.started_at = Answer::Unknown;
    bare.moments.declared_at = at("12:30");
    vec![bad, mild, bare]
}

fn ids(rows: &[Summary]) -> Vec<&str> {
    rows.iter().map(|row| &row.id.as_str()[11..]).collect()
}

#[test]
fn each_filter_means_these() {
    let words = |text: &str| vec![text.to_owned()];
    let range = |text: &str| vec![text.parse::<SeverityRange>().unwrap()];
    let day = |text: &str| Bound::Day(text.parse().unwrap());
    for (filter, expected, said) in [
        (
            Filter::Status(vec![Status::Closed, Status::Resolved]),
            &["mild", "bare"][..],
            "with status closed or resolved",
        ),
        (Filter::Open, &["bad"], "open"),
        (Filter::Severity(range("SEV-2")), &["bare"], "with severity SEV-2"),
        (Filter::Severity(range("..2")), &["bad", "bare"], "with severity SEV-1 to SEV-2"),
        (Filter::Severity(range("SEV-2..")), &["mild", "bare"], "with severity SEV-2 to SEV-4"),
        (Filter::Kind(vec![Kind::Drill]), &["mild"], "of kind drill"),
        (Filter::Environment(words("PRODUCTION")), &["bad"], "with environment PRODUCTION"),
        (Filter::Commander(words("lovelace")), &["bad"], "with commander lovelace"),
        (Filter::Team(TeamField::Stack, words("crossplane")), &["bad"], "with team.stack crossplane"),
        (Filter::DetectedVia(words("Automatic-Alert")), &["bad"], "detected via Automatic-Alert"),
        (Filter::RootCause(vec![words("software")]), &["bad"], "with root cause software"),
        (Filter::RootCause(vec![words("soft")]), &[], "with root cause soft"),
        (Filter::RootCause(vec![words("unknown")]), &["mild"], "with root cause unknown"),
        (Filter::Since(day("2023-03-27")), &["bad", "mild", "bare"], "since 2023-03-27"),
        (Filter::Since(day("2023-03-28")), &[], "since 2023-03-28"),
        (Filter::Since(Bound::At(at("12:05"))), &["mild", "bare"], "since 2023-03-27T12:05:00+02:00"),
        (Filter::Until(Bound::At(at("12:05"))), &["bad", "mild"], "until 2023-03-27T12:05:00+02:00"),
        (Filter::Custom("ticket".into(), words("9")), &["bad"], "with custom.ticket 9"),
        (Filter::Custom("other".into(), words("")), &[], "with custom.other "),
    ] {
        let mut rows = three();
        rows.retain(|row| filter.passes(row, &zone()));
        assert_eq!(ids(&rows), expected, "{filter:?}");
        assert_eq!(filter.words(), said);
    }
}

#[test]
fn each_key_gives_this_order() {
    for (keys, expected) in [
        ("", ["bare", "mild", "bad"]),
        ("severity", ["bad", "bare", "mild"]),
        ("-severity", ["mild", "bare", "bad"]),
        ("status", ["bad", "mild", "bare"]),
        ("id", ["bad", "bare", "mild"]),
        // What is missing or cannot be computed is last either way.
        ("time_to_resolve", ["mild", "bad", "bare"]),
        ("-time_to_resolve", ["bad", "mild", "bare"]),
        ("environment", ["bad", "mild", "bare"]),
        ("-environment", ["mild", "bad", "bare"]),
        ("custom.ticket", ["bad", "mild", "bare"]),
        ("kind,-declared_at", ["bare", "bad", "mild"]),
    ] {
        let keys: Vec<SortKey> =
            keys.split(',').filter(|key| !key.is_empty()).map(|key| key.parse().unwrap()).collect();
        let rows = three();
        let placed = |row| {
            let Summary { id, moments, .. }: &Summary = row;
            Placed::new((), id.as_str(), moments.declared_at.unix_millis()).by(&keys, row)
        };
        let mut rows: Vec<_> = rows.iter().map(placed).collect();
        sort(&mut rows, &keys);
        let ids: Vec<&str> = rows.iter().map(|row| &row.id()[11..]).collect();
        assert_eq!(ids, expected, "{keys:?}");
    }
}

#[test]
fn what_is_mistyped_is_refused() {
    for (text, said) in [
        ("sevrity", "did you mean `severity`?"),
        ("custom.", "unknown column `custom.`"),
        ("team", "did you mean"),
        ("", "unknown column ``"),
    ] {
        assert!(text.parse::<SortKey>().unwrap_err().contains(said), "{text}");
    }
    for (text, said) in [
        (">=SEV-2", "..SEV-2 for SEV-2 and worse"),
        ("3..2", "holds none"),
        ("SEV-0..", "unknown severity `SEV-0`"),
        ("1..2..3", "unknown severity `2..3`"),
    ] {
        assert!(text.parse::<SeverityRange>().unwrap_err().contains(said), "{text}");
    }
    assert!("tech-teem".parse::<TeamField>().unwrap_err().contains("did you mean `tech_team`?"));
}

#[test]
fn every_column_is_named_once_and_read() {
    let rows = three();
    for known in COLUMNS {
        let column: Column = known.name.parse().unwrap();
        assert_eq!(column.to_string(), known.name);
        let _ = column.read(&rows[0]);
    }
}
