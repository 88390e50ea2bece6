//! The statuses' words, and a team's own table of steps.

use serde_json::{Value, json};

use super::*;
use crate::action::tests::{at, declared};
use crate::answer::Answer;
use crate::impact::Impact;
use crate::severity::{Assessment, Case, Levels, Policy, Severity};

#[test]
fn a_status_reads_as_it_is_written() {
    for (number, status) in Status::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(status.number()), number);
        assert_eq!(status.name().parse(), Ok(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.name());
    }
    assert_eq!(Status::PostmortemCompleted.label(), "4 - post-mortem completed");
    assert_eq!(Status::Resolved.label(), "3 - resolved");
    assert_eq!("Resolved".parse(), Ok(Status::Resolved));
    for (text, words) in [
        ("resolvd", "did you mean `resolved`?"),
        ("postmortem", "did you mean `postmortem-completed`?"),
        ("banana", "known are: cancelled, investigating,"),
        ("\u{1b}[2J", "unknown status `\\u{1b}[2J`"),
    ] {
        assert!(text.parse::<Status>().unwrap_err().contains(words), "{text}");
    }
}

/// What a team's table reads as and is written as, or a piece of the message after `!`.
#[track_caller]
fn check(table: Value, expected: Result<Steps, &str>) {
    match (serde_json::from_value::<Steps>(table.clone()), expected) {
        (Ok(steps), Ok(expected)) => {
            assert_eq!(steps, expected, "{table}");
            let written = serde_json::to_value(&steps).unwrap();
            assert_eq!(serde_json::from_value::<Steps>(written).unwrap(), steps);
        }
        (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{table}: {error}"),
        (read, _) => panic!("{table}: {read:?}"),
    }
}

#[test]
fn a_teams_own_table_replaces_a_row_whole() {
    use Requirement::{Answered, Summary};
    let ours = Steps::default;
    check(json!({}), Ok(ours()));
    check(json!({"mitigated": []}), Ok(Steps { mitigated: vec![], ..ours() }));
    let row = vec![Summary, Answered(Field::Stack), Answered("custom.ticket".parse().unwrap())];
    check(
        json!({"postmortem-completed": ["summary", "team.stack", "custom.ticket"]}),
        Ok(Steps { postmortem_completed: row, ..ours() }),
    );
}

#[test]
fn an_unknown_requirement_or_step_gets_the_nearest() {
    for (word, hint) in [
        ("sumary", "unknown requirement `sumary`; did you mean `summary`?"),
        ("summry.cause", "did you mean `summary.cause`?"),
        ("cause", "did you mean `summary.cause`?"),
        ("pdcas_closed", "did you mean `pdcas-closed`?"),
        ("Impact", "did you mean `impact`?"),
        ("banana", "known are: impact, severity, summary, pdca, pdcas-closed, title,"),
        ("a\u{1b}[2J", "`a\\u{1b}[2J`"),
    ] {
        check(json!({"closed": ["pdcas-closed", word]}), Err(hint));
    }
    check(json!({"closd": []}), Err("unknown field `closd`"));
    check(json!({"cancelled": []}), Err("unknown field `cancelled`"));
    check(json!({"closed": "pdcas-closed"}), Err("invalid type"));
}

#[test]
fn the_default_table_is_written_in_words() {
    let table = json!({
        "mitigated": ["mitigated_at", "summary.mitigation"],
        "resolved": ["resolved_at", "impact", "severity"],
        "postmortem-completed": ["summary", "root_cause", "pdca"],
        "closed": ["pdcas-closed"],
    });
    assert_eq!(serde_json::to_value(Steps::default()).unwrap(), table);
}

/// A table with one requirement for `resolved` and none beside it.
fn only(requirement: Requirement) -> Steps {
    Steps { mitigated: vec![], resolved: vec![requirement], postmortem_completed: vec![], closed: vec![] }
}

#[test]
fn each_requirement_is_met_by_what_it_names() {
    let id = |text: &str| -> Id { text.parse().unwrap() };
    let mut whole = declared();
    let impact = Impact {
        customers: "0".parse().unwrap(),
        customer_impact: "XL".parse().unwrap(),
        single_customer_impact: "S".parse().unwrap(),
        transactions: "unknown".parse().unwrap(),
        money_at_risk: Answer::None,
        features: Answer::None,
        countries: Answer::NotApplicable,
        ..Impact::default()
    };
    whole.assessment = Assessment::from(&Policy::default().judge(&Case::bare(&impact)).unwrap());
    whole.impact = impact;
    whole.pdcas = vec![id("2023-04-06-a"), id("2023-04-06-b")];
    let closed = [(id("2023-04-06-a"), pdca::Status::ActDone), (id("2023-04-06-b"), pdca::Status::Abandoned)];
    let open = [(id("2023-04-06-a"), pdca::Status::CheckDone)];

    let lacks = |requirement: Requirement, incident: &Incident, linked: &[(Id, pdca::Status)]| {
        only(requirement).missing(incident, Status::Resolved, linked, &Levels::default()).len()
    };
    assert_eq!(lacks(Requirement::Impact, &declared(), &[]), 7);
    assert_eq!(lacks(Requirement::Impact, &whole, &[]), 0, "`unknown` is an answer");
    assert_eq!(lacks(Requirement::Severity, &whole, &[]), 1, "but not one to settle a severity");
    assert_eq!(lacks(Requirement::Summary, &whole, &[]), 3);
    assert_eq!(lacks(Requirement::Pdca, &declared(), &[]), 1);
    assert_eq!(lacks(Requirement::Pdca, &whole, &[]), 0);
    assert_eq!(lacks(Requirement::PdcasClosed, &declared(), &[]), 0);
    assert_eq!(lacks(Requirement::PdcasClosed, &whole, &open), 2, "one open, one not read");
    assert_eq!(lacks(Requirement::PdcasClosed, &whole, &closed), 0);

    for (severity, lacking) in Severity::ALL.into_iter().zip([1, 1, 1, 0]) {
        let incident = Incident { severity, ..declared() };
        assert_eq!(
            lacks(Requirement::Pdca, &incident, &[]),
            lacking,
            "only SEV-3 and worse need one: {severity}"
        );
    }
    let share = Field::CustomerImpact;
    whole.impact.customer_impact = Answer::Missing;
    whole.impact.customers_percent = "2".parse().unwrap();
    assert_eq!(lacks(Requirement::Answered(share), &whole, &[]), 0, "a share of customers answers the band");
}

#[test]
fn nothing_is_asked_twice_nor_of_a_way_out() {
    let steps = Steps { closed: vec![Requirement::Summary, Requirement::PdcasClosed], ..Steps::default() };
    let missing = steps.missing(&declared(), Status::Closed, &[], &Levels::default());
    let mut whats: Vec<&str> = missing.iter().map(|lack| lack.what.as_str()).collect();
    whats.sort_unstable();
    let asked = whats.len();
    whats.dedup();
    assert_eq!(whats.len(), asked);
    for free in [Status::Cancelled, Status::Investigating] {
        assert_eq!(steps.missing(&declared(), free, &[], &Levels::default()), []);
    }
}

/// `inc-status set ID resolved` would lead a later status back.
#[test]
fn an_instant_is_supplied_without_going_back() {
    let resolved_at = |status: Status| {
        let incident = Incident { status, mitigated_at: Some(at("14:10")), ..declared() };
        let steps = only(Requirement::Answered(Field::ResolvedAt));
        steps.missing(&incident, Status::Closed, &[], &Levels::default())[0]
            .command
            .replace(incident.id.as_str(), "ID")
    };
    assert_eq!(resolved_at(Status::Mitigated), "inc-status set ID resolved --at TIME");
    assert_eq!(resolved_at(Status::Resolved), "inc-status set ID resolved --at TIME");
    assert_eq!(resolved_at(Status::PostmortemCompleted), "inc-edit ID --set resolved_at=TIME");
}
