//! Every property by its path: set, answered and taken out; and what is said of a path or a value that is none.

use std::collections::BTreeSet;

use super::*;
use crate::action::tests::{at, declared, zone};

/// A sensible text for each property; a new one does not compile until it has its own.
fn sample(field: &Field) -> &'static str {
    match field {
        Field::Title => "Another title",
        Field::Kind => "near-miss",
        Field::Environment => "staging",
        Field::DetectedVia => "manual-check",
        Field::StartedAt | Field::DetectedAt | Field::DeclaredAt => "12:59",
        Field::MitigatedAt | Field::ResolvedAt => "10 min ago",
        Field::Reporter => "Mathieu Corbin",
        Field::Responders => "Jane, Bob",
        Field::Customers | Field::Transactions => "0",
        Field::CustomersPercent => "2.5 %",
        Field::CustomerImpact => "xl",
        Field::SingleCustomerImpact => "S",
        Field::MoneyAtRisk => "12000.50 EUR",
        Field::Features | Field::Countries | Field::ThirdParties | Field::RootCause => {
            "internal, system-failure"
        }
        Field::Department | Field::Cft | Field::Stack | Field::TechTeam => "SRE Backend / Platform",
        Field::Description | Field::Cause | Field::ImpactSummary | Field::Mitigation => "two\nlines",
        Field::Alerts => "97562, 97563",
        Field::Link(_) => "https://example.com/d?x=1",
        Field::Duration | Field::Downtime => "2h 30min",
        Field::DataLosses => "Integrity, confidentiality",
        Field::MaliciousAccess => "yes",
        Field::EconomicImpact => "CHF 120000",
        Field::Dora(field) => match field {
            dora::Field::CriticalServices | dora::Field::RelevantClients => "no",
            dora::Field::CounterpartsPercent | dora::Field::TransactionsPercent => "12.5",
            dora::Field::TransactionsAmount => "9000000 EUR",
            dora::Field::TransactionsAmountPercent => "100",
            dora::Field::Reputation => "media, Clients-Lost",
            dora::Field::ClassifiedAt | dora::Field::NotifiedAt => "12:59",
            dora::Field::IntermediateAt | dora::Field::FinalAt => "10 min ago",
        },
        Field::Custom(_) => "JIRA-12",
        Field::ImpactCustom(_) => "true",
    }
}

fn every() -> Vec<Field> {
    let mut every = Field::all();
    every.extend(
        ["links.dashboard", "custom.ticket", "impact.custom.security"].map(|path| path.parse().unwrap()),
    );
    every
}

fn try_set(incident: &mut Incident, field: &Field, text: &str) -> Result<(), FieldError> {
    let zone = zone();
    field.set(incident, text, &Reading { now: at("14:30"), zone: &zone, settings: &Settings::default() })
}

#[test]
fn every_property_is_set_answered_and_taken_out() {
    for field in every() {
        let path = field.path();
        assert_eq!(path.parse::<Field>().unwrap(), field, "{path}");
        let before = declared();
        let mut incident = before.clone();
        try_set(&mut incident, &field, sample(&field)).unwrap_or_else(|error| panic!("{error}"));
        assert!(field.is_answered(&incident), "{path}");
        assert_eq!(incident.impact != before.impact, field.is_impact(), "{path}");
        let written = serde_json::to_value(&incident).unwrap();
        assert_eq!(serde_json::from_value::<Incident>(written).unwrap(), incident, "{path}");
        if matches!(field, Field::Title | Field::Kind | Field::DeclaredAt) {
            assert_eq!(field.clear(&mut incident), Err(FieldError::Needed(path)));
            continue;
        }
        field.clear(&mut incident).unwrap();
        assert!(!field.is_answered(&incident), "{path}");
    }
}

/// Setting one property changes that property and nothing beside it.
#[test]
fn each_property_is_a_key_of_its_own() {
    fn collect(path: &str, value: &Value, leaves: &mut BTreeSet<String>) {
        // An amount with its currency is one value.
        match value.as_object().filter(|inner| !inner.contains_key("currency") && path != "assessment") {
            Some(inner) => {
                let dot = if path.is_empty() { "" } else { "." };
                inner.iter().for_each(|(name, value)| collect(&format!("{path}{dot}{name}"), value, leaves));
            }
            None => _ = leaves.insert(format!("{path} {value}")),
        }
    }
    let leaves = |incident: &Incident| {
        let mut leaves = BTreeSet::new();
        collect("", &serde_json::to_value(incident).unwrap(), &mut leaves);
        leaves
    };
    for field in every() {
        let mut before = declared();
        if field.clear(&mut before).is_err() {
            continue;
        }
        let mut after = before.clone();
        try_set(&mut after, &field, sample(&field)).unwrap();
        let new: Vec<String> = leaves(&after).difference(&leaves(&before)).cloned().collect();
        let path = field.path();
        let key = if let Field::Link(_) = field { "links" } else { &path };
        assert!(matches!(new.as_slice(), [one] if one.starts_with(&format!("{key} "))), "{path}: {new:?}");
    }
}

/// A property of the record that people may not set names the program that does, so that none is forgotten.
#[test]
fn every_key_of_the_record_is_settable_or_belongs_to_a_program() {
    let mut incident = declared();
    for field in every() {
        try_set(&mut incident, &field, sample(&field)).unwrap();
    }
    incident.pdcas = vec!["2023-04-06-x".parse().unwrap()];
    for (key, value) in serde_json::to_value(&incident).unwrap().as_object().unwrap() {
        let settable = |path: &str| path.parse::<Field>().is_ok();
        let inner =
            value.as_object().filter(|_| ["impact", "team", "summary", "custom"].contains(&key.as_str()));
        match inner {
            Some(inner) => {
                let groups = ["custom", "dora"];
                let single = |name: &&String| key != "impact" || !groups.contains(&name.as_str());
                assert!(inner.keys().filter(single).all(|name| settable(&format!("{key}.{name}"))), "{key}");
            }
            None => assert!(settable(key) || key == "links" || owner(key).is_some(), "{key}"),
        }
    }
}

/// The words that name the program to which a path belongs.
fn owner(path: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(name, _)| *name == path).map(|(_, how)| *how)
}

#[test]
fn a_path_that_is_none_gets_the_nearest_or_its_owner() {
    for (path, words) in [
        ("summry.cause", "no property `summry.cause` can be set; did you mean `summary.cause`?"),
        ("cause", "did you mean `summary.cause`?"),
        ("critical_services", "did you mean `impact.dora.critical_services`?"),
        ("impact.dora.clasified_at", "did you mean `impact.dora.classified_at`?"),
        ("customers_percent", "did you mean `impact.customers_percent`?"),
        ("Environment", "did you mean `environment`?"),
        ("root-cause", "did you mean `root_cause`?"),
        ("links", "did you mean `links.NAME`?"),
        ("status", "use `inc-status set`"),
        ("severity", "use `inc-severity assess` or `inc-severity override`"),
        ("assessment.override.to", "it is computed"),
        ("commander", "use `inc-role assign commander NAME`"),
        ("roles.scribe", "use `inc-role assign ROLE NAME`"),
        ("timeline[0].text", "use `inc-timeline add`, `edit` or `remove`"),
        ("pdcas", "use `pdca new --incident`"),
        ("id", "an id never changes"),
        ("uid", "a uid never changes"),
        ("schema", "the schema is the program's"),
        ("timezone", "inc-edit"),
        ("contested[0]", "inc-edit"),
        ("zzzz", "known are: title, kind,"),
        ("", "known are: title, kind,"),
        ("links.", "the text is empty"),
        ("custom.a\u{7}b", "control character U+0007"),
        ("x\u{1b}[2J", "no property `x\\u{1b}[2J` can be set"),
    ] {
        let error = path.parse::<Field>().unwrap_err().to_string();
        assert!(error.contains(words), "{path}: {error}");
    }
}

#[test]
fn a_value_that_is_none_is_refused_with_its_path() {
    let long = "x".repeat(501);
    for (path, bad) in [
        ("impact.customers", &["-1", "1e9", "NaN", "1.5", "", "99999999999999999999"][..]),
        ("impact.transactions", &["-1", "1e9", "inf", "0x10"]),
        ("impact.customers_percent", &["-1", "1e1", "NaN", "100.1", "", "%"]),
        ("impact.money_at_risk", &["-1", "1e9", "NaN EUR", "1.234", "12 euros", ""]),
        ("impact.customer_impact", &["XXL", "", "12"]),
        ("impact.single_customer_impact", &["NONE!", "XXL", ""]),
        ("impact.dora.critical_services", &["maybe", ""]),
        ("impact.dora.counterparts_percent", &["100.1", "-1", ""]),
        ("impact.dora.reputation", &["", "press"]),
        ("impact.dora.notified_at", &["teatime", ""]),
        ("links.graph", &["example.com", "javascript:alert(1)", "https://a b", "https://a\u{7}", ""]),
        ("started_at", &["teatime", "", "2023-02-30 12:00", "25:00"]),
        ("declared_at", &["", "2023-03-26 02:30"]),
        ("title", &["", " \t", "a\nb", "a\u{1b}b", &long]),
        ("kind", &["", "accident", "a\u{1b}"]),
        ("reporter", &["", "a\nb", "\u{202e}a"]),
        ("summary.cause", &["", "  \n ", "a\u{0}b", "a\u{9b}b"]),
        ("root_cause", &["", " ", "a, b\u{7}", "a\nb, c"]),
        ("alerts", &["1, \u{1b}2"]),
        ("team.stack", &["", "a\nb"]),
        ("custom.ticket", &["", "a\u{1b}b"]),
    ] {
        let field: Field = path.parse().unwrap();
        for text in bad {
            let mut incident = declared();
            let error = try_set(&mut incident, &field, text).expect_err(&format!("{path}={text:?}"));
            let said = error.to_string();
            assert!(said.starts_with(&format!("{path}: ")), "{text:?}: {said}");
            assert!(!said.contains(['\u{1b}', '\u{7}', '\u{0}']), "{text:?}: {said:?}");
            assert!(said.len() > path.len() + 10, "{said}");
        }
    }
}

#[test]
fn words_for_nothing_are_answers_where_they_can_be() {
    for path in ["detected_via", "impact.customers", "impact.money_at_risk", "root_cause", "team.cft"] {
        for word in ["unknown", "NONE", "n/a"] {
            let (field, mut incident): (Field, Incident) = (path.parse().unwrap(), declared());
            try_set(&mut incident, &field, word).unwrap();
            assert!(field.is_answered(&incident), "{path}={word}");
            let (parent, name) = path.split_once('.').unwrap_or(("", path));
            let json = serde_json::to_value(&incident).unwrap();
            let holder = if parent.is_empty() { &json } else { &json[parent] };
            assert_eq!(holder[name], word.to_lowercase(), "{path}");
        }
    }
    let mut incident = declared();
    try_set(&mut incident, &Field::CustomerImpact, "none").unwrap();
    assert_eq!(
        incident.impact.customer_impact,
        Answer::Known(crate::impact::Breadth::None),
        "here it is a band"
    );
}

#[test]
fn a_list_may_be_longer_than_a_line() {
    let countries = vec!["Saint Vincent and the Grenadines"; 30].join(", ");
    let mut incident = declared();
    try_set(&mut incident, &Field::Countries, &countries).unwrap();
    assert_eq!(incident.impact.countries.known().map(Vec::len), Some(30));
}

#[test]
fn a_link_is_named_once_and_custom_keys_keep_their_order() {
    let mut incident = declared();
    let link: Field = "links.graph".parse().unwrap();
    try_set(&mut incident, &link, "https://example.com/1").unwrap();
    try_set(&mut incident, &link, "https://example.com/2").unwrap();
    assert_eq!(incident.links.len(), 1);
    assert_eq!(incident.links[0].url.as_str(), "https://example.com/2");
    // A hand wrote two of one name, with another between them.
    let written = ["graph=https://example.com/2", "log=https://example.com/3", "graph=https://example.com/4"];
    incident.links = written.map(|link| link.parse().unwrap()).to_vec();
    try_set(&mut incident, &link, "https://example.com/5").unwrap();
    let left: Vec<_> = incident.links.iter().map(|link| (link.name.as_str(), link.url.as_str())).collect();
    assert_eq!(left, [("graph", "https://example.com/5"), ("log", "https://example.com/3")]);
    for key in ["z", "a", "m"] {
        try_set(&mut incident, &Field::Custom(key.to_owned()), "1").unwrap();
    }
    Field::Custom("z".to_owned()).clear(&mut incident).unwrap();
    try_set(&mut incident, &Field::Custom("a".to_owned()), "2").unwrap();
    assert_eq!(custom_texts(&incident.custom), [("a".into(), "2".into()), ("m".into(), "1".into())]);
}

#[test]
fn an_input_of_the_teams_own_keeps_its_type() {
    for (text, expected) in [
        ("yes", serde_json::json!(true)),
        ("12", serde_json::json!(12)),
        ("2.5", serde_json::json!(2.5)),
        ("unknown", serde_json::json!("unknown")),
        ("010", serde_json::json!("010")),
        ("1.2.3", serde_json::json!("1.2.3")),
        ("2h", serde_json::json!("2h")),
    ] {
        let mut incident = declared();
        try_set(&mut incident, &"impact.custom.x".parse().unwrap(), text).unwrap();
        assert_eq!(incident.impact.custom["x"], expected, "{text}");
    }
}
