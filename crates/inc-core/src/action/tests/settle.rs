//! Settling what a merge left contested.

use serde_json::{Value, json};

use super::*;
use crate::incident::Contested;

fn contested(mut incident: Incident, all: &[(&str, Value, Value)]) -> Incident {
    let one = |(path, ours, theirs): &(&str, Value, Value)| Contested {
        path: path.parse().unwrap(),
        ours: ours.clone(),
        theirs: theirs.clone(),
        by: None,
        at: None,
    };
    incident.contested = all.iter().map(one).collect();
    incident
}

fn settle(words: &[&str]) -> Action {
    Action::Settle(words.iter().map(|word| word.parse().unwrap()).collect())
}

#[test]
fn a_value_stands_and_leaves_the_list() {
    let before = contested(
        declared(),
        &[("title", json!("One"), json!("Two")), ("summary.cause", Value::Null, json!("A full disk"))],
    );
    for (words, subject, title, cause, left) in [
        (
            &["title=ours"][..],
            "settle: title stays Staging: Kubernetes cluster 3 is misbehaving",
            None,
            None,
            1,
        ),
        (&["title=theirs"], "settle: title is now Two", Some("Two"), None, 1),
        (&["title=12"], "settle: title is now 12", Some("12"), None, 1),
        (&["summary.cause=ours"], "settle: summary.cause stays out", None, None, 1),
        (
            &["title=Three", "summary.cause=theirs"],
            "settle: title is now Three; summary.cause is now A full disk",
            Some("Three"),
            Some("A full disk"),
            0,
        ),
    ] {
        let after = outcome(&before, settle(words));
        assert_eq!(after.subject, subject);
        let after = after.incident;
        assert_eq!(after.title.as_str(), title.unwrap_or(before.title.as_str()));
        assert_eq!(after.summary.cause.as_ref().map(Prose::as_str), cause);
        assert_eq!(after.contested.len(), left);
        assert_eq!(after.timeline, before.timeline);
    }
    let gone = contested(before, &[("environment", json!("staging"), Value::Null)]);
    let after = outcome(&gone, settle(&["environment=theirs"]));
    assert_eq!((after.subject.as_str(), after.incident.environment), ("settle: environment is out", None));
}

#[test]
fn what_follows_from_a_value_follows() {
    let assessed = done(&declared(), seed_impact());
    let before = contested(
        assessed,
        &[
            ("impact.customer_impact", json!("XL"), json!("none")),
            ("commander", json!("Mathieu Corbin"), json!("Ada")),
            ("roles.scribe", Value::Null, json!("Bob")),
            ("assessment.override", Value::Null, json!({"to": "SEV-2", "reason": "the board"})),
        ],
    );
    let lower = done(&before, settle(&["impact.customer_impact=none"]));
    assert_eq!(lower.severity, Severity::Sev4);
    assert!(texts(&lower).last().unwrap().starts_with("Severity SEV-3 to SEV-4"), "{:?}", texts(&lower));
    let roles = done(&before, settle(&["commander=theirs", "roles.scribe=theirs"]));
    assert_eq!(roles.commander, Some(line("Ada")));
    let told = texts(&roles);
    assert_eq!(told[told.len() - 2..], ["Mathieu Corbin hands over as commander to Ada", "Bob is scribe"]);
    let decided = done(&before, settle(&["assessment.override=theirs"]));
    assert_eq!(decided.severity, Severity::Sev2);
    assert_eq!(*texts(&decided).last().unwrap(), "Severity SEV-3 to SEV-2: the board");
    let back = contested(decided, &[("assessment.override", json!({}), Value::Null)]);
    let cleared = done(&back, settle(&["assessment.override=theirs"]));
    assert_eq!((cleared.severity, cleared.assessment.overridden), (Severity::Sev3, None));
}

#[test]
fn what_is_wrong_is_refused_whole() {
    let id = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving";
    let before = contested(
        declared(),
        &[
            ("title", json!("One"), json!("Two")),
            ("status", json!("investigating"), json!("mitigated")),
            ("assessment.override", Value::Null, json!({"to": "SEV-2", "reason": "the board"})),
            ("started_at", json!("x"), json!("2023-03-27T18:00:00+02:00")),
            ("timeline[01ABC].text", json!("x"), json!("y")),
            ("kind", json!("incident"), json!("disaster")),
            ("declared_at", json!("x"), Value::Null),
        ],
    );
    for (word, said) in [
        ("titel=ours", "did you mean `title`?"),
        ("status=theirs", &*format!("`inc-status set {id} mitigated`")),
        ("assessment.override=SEV-1", &*format!("`inc-severity override {id} SEV-1 --reason TEXT`")),
        ("started_at=theirs", "cannot lie in the future"),
        ("started_at=no time", "started_at: "),
        ("timeline[01ABC].text=theirs", &*format!("`inc-edit {id}`")),
        ("kind=theirs", "kind cannot be disaster: "),
        ("declared_at=theirs", "declared_at cannot be nothing: "),
    ] {
        refused(&before, settle(&["title=theirs", word]), &[said]);
    }
    assert_eq!(done(&before, settle(&["status=ours"])).status, before.status);
    refused(&declared(), settle(&["title=ours"]), &["nothing is contested in 2023-03-27-staging"]);
}

#[test]
fn what_is_contested_and_set_is_settled() {
    let assessed = done(&declared(), seed_impact());
    let before = contested(
        assessed,
        &[
            ("title", json!("One"), json!("Two")),
            ("impact.customer_impact", json!("XL"), json!("none")),
            ("commander", json!("Mathieu Corbin"), json!("Ada")),
            ("status", json!("investigating"), json!("mitigated")),
        ],
    );
    let set = |path: &str, text: &str| Action::Set(vec![(path.parse().unwrap(), Some(text.to_owned()))]);
    let step = Move { to: Status::Mitigated, at: None, reason: Some("over".parse().unwrap()), force: true };
    let mut edited = before.clone();
    edited.title = "By hand".parse().unwrap();
    for (action, subject, remark) in [
        (set("title", "Two"), "edit: title; settles title", "settles title: Two stands"),
        (set("title", "Three"), "edit: title; settles title", "settles title: Three stands, not Two"),
        (
            set("impact.customer_impact", "S"),
            "; settles impact.customer_impact",
            "settles impact.customer_impact: S stands, not none",
        ),
        (
            Action::Assign { role: "commander".parse().unwrap(), to: line("Bob") },
            "; settles commander",
            "settles commander: Bob stands, not Ada",
        ),
        (Action::Move(step), "; settles status", "settles status: mitigated stands"),
        (
            Action::Replace(Box::new(edited)),
            "edit by hand; settles title",
            "settles title: By hand stands, not Two",
        ),
    ] {
        let after = outcome(&before, action);
        assert!(after.subject.ends_with(subject), "{}", after.subject);
        assert!(after.remarks.iter().any(|known| known == remark), "{remark}: {:?}", after.remarks);
        assert_eq!(after.incident.contested.len(), 3, "{remark}");
    }
    // What changes nothing there settles nothing.
    for action in [set("environment", "test"), Action::Assess, set("title", before.title.as_str())] {
        let after = outcome(&before, action);
        assert_eq!(after.incident.contested, before.contested);
        assert!(!after.subject.contains("settles"), "{}", after.subject);
    }
}
