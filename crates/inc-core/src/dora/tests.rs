//! Worked examples of each outcome with their articles, and the boundaries: a threshold is met above it, not at it.

mod clock;
mod properties;
mod recurring;

use super::*;
use crate::action::tests::{declared, zone};
use crate::field::{Field as Property, Reading};
use crate::settings::Settings;

/// Nothing touched: every threshold is answered, and none is met.
const NOTHING: [(&str, &str); 16] = [
    ("impact.customers", "0"),
    ("impact.customers_percent", "0"),
    ("impact.countries", "none"),
    ("impact.duration", "1h"),
    ("impact.downtime", "none"),
    ("impact.data_losses", "none"),
    ("impact.malicious_access", "no"),
    ("impact.economic_impact", "0"),
    ("impact.transactions", "0"),
    ("impact.dora.critical_services", "yes"),
    ("impact.dora.counterparts_percent", "0"),
    ("impact.dora.transactions_percent", "0"),
    ("impact.dora.transactions_amount", "none"),
    ("impact.dora.transactions_amount_percent", "n/a"),
    ("impact.dora.relevant_clients", "no"),
    ("impact.dora.reputation", "none"),
];

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn now() -> Instant {
    instant("2023-03-27T14:30:00+02:00")
}

/// The declared incident with these properties; an empty text takes one out.
fn with(settings: &[(&str, &str)]) -> Incident {
    changed(declared(), settings)
}

fn changed(mut incident: Incident, settings: &[(&str, &str)]) -> Incident {
    let (zone, defaults) = (zone(), Settings::default());
    let reading = Reading { now: now(), zone: &zone, settings: &defaults };
    for (path, text) in settings {
        let field: Property = path.parse().unwrap_or_else(|error| panic!("{error}"));
        match text.is_empty() {
            true => field.clear(&mut incident),
            false => field.set(&mut incident, text, &reading),
        }
        .unwrap_or_else(|error| panic!("{error}"));
    }
    incident
}

/// An incident on which nothing is open and nothing met but critical services, changed by `settings`.
fn case(settings: &[(&str, &str)]) -> Incident {
    changed(with(&NOTHING), settings)
}

fn classify(incident: &Incident) -> Classification {
    Rules { policy: &Policy::default(), customer_base: None, now: now() }.classify(incident)
}

fn criterion<'a>(classification: &'a Classification, article: &str) -> &'a Criterion {
    classification.criteria.iter().find(|one| one.article == article).unwrap()
}

#[test]
fn two_thresholds_make_it_major() {
    let incident = case(&[("impact.duration", "30h"), ("impact.countries", "France, DE, CH")]);
    let it = classify(&incident);
    assert_eq!(it.major, Verdict::Met);
    assert_eq!(
        it.why,
        "critical services affected, and 2 thresholds met (2 needed): duration and downtime; geographical spread \
         (art. 8(1)(b))"
    );
    assert_eq!(criterion(&it, "art. 9(3)").why, "duration: 30h, above 24h");
    assert_eq!(criterion(&it, "art. 9(4)").why, "member states touched: DE, FR, 2 needed");
    assert_eq!(criterion(&it, "art. 9(6)").why, "costs and losses: 0 EUR, not above 100000 EUR");
    assert_eq!(it.missing, []);
    let articles: Vec<&str> = it.criteria.iter().map(|one| one.article).collect();
    assert_eq!(
        articles,
        [
            "art. 6",
            "art. 9(1)",
            "art. 9(2)",
            "art. 9(3)",
            "art. 9(4)",
            "art. 9(5)(a)",
            "art. 9(5)(b)",
            "art. 9(6)"
        ]
    );
}

#[test]
fn malicious_access_makes_it_major_by_itself() {
    let it = classify(&case(&[("impact.malicious_access", "yes")]));
    assert_eq!(it.major, Verdict::Met);
    assert_eq!(it.why, "critical services affected, and malicious access (art. 8(1)(a))");
    assert_eq!(criterion(&it, "art. 9(5)(b)").verdict, Verdict::Met);
    // Also where all else is open.
    let bare = with(&[("impact.malicious_access", "yes"), ("impact.dora.critical_services", "yes")]);
    assert_eq!(classify(&bare).major, Verdict::Met);
}

#[test]
fn one_threshold_is_not_enough() {
    let it = classify(&case(&[("impact.data_losses", "integrity")]));
    assert_eq!(it.major, Verdict::NotMet);
    assert_eq!(it.why, "no malicious access, and 1 threshold met (2 needed): data losses (art. 8(1))");
    assert!(it.remarks[0].contains("art. 9(5)(a)"), "{:?}", it.remarks);
    let none = classify(&case(&[]));
    assert_eq!(none.why, "no malicious access, and no threshold met (2 needed) (art. 8(1))");
}

#[test]
fn without_critical_services_it_is_not_major_whatever_is_missing() {
    let it = classify(&with(&[("impact.dora.critical_services", "no"), ("impact.malicious_access", "yes")]));
    assert_eq!(it.major, Verdict::NotMet);
    assert_eq!(it.why, "no critical services affected (art. 8(1), art. 6)");
    assert!(it.remarks[0].contains("art. 6(c)"), "the two flags contradict each other");
}

#[test]
fn what_is_missing_is_named_with_its_command() {
    let it = classify(&case(&[("impact.data_losses", "integrity"), ("impact.countries", "unknown")]));
    assert_eq!(it.major, Verdict::NotComputable);
    assert_eq!(it.why, "1 threshold met (2 needed): data losses (art. 8(1)); open: geographical spread");
    let [missing] = it.missing.as_slice() else { panic!("{:?}", it.missing) };
    let id = declared().id;
    assert_eq!((missing.path.as_str(), missing.why.as_str()), ("impact.countries", "unknown"));
    assert_eq!(missing.command, format!("inc-severity assess {id} --countries VALUE"));

    let bare = classify(&declared());
    assert_eq!(bare.major, Verdict::NotComputable);
    for command in [
        "--set impact.dora.critical_services=VALUE",
        "--set impact.dora.counterparts_percent=VALUE",
        "--malicious-access VALUE",
        "inc-status set",
    ] {
        assert!(bare.missing.iter().any(|one| one.command.contains(command)), "{command}: {bare:?}");
    }
    // Two are met: only the critical services are still wanted.
    let open = case(&[
        ("impact.dora.critical_services", ""),
        ("impact.data_losses", "integrity"),
        ("impact.countries", "FR, DE"),
        ("impact.economic_impact", ""),
    ]);
    let it = classify(&open);
    let paths: Vec<&str> = it.missing.iter().map(|one| one.path.as_str()).collect();
    assert_eq!((it.major, paths), (Verdict::NotComputable, vec!["impact.dora.critical_services"]));
}

/// Each row: what is set, the article, what comes of it, and a piece of the words.
#[test]
fn a_threshold_is_met_above_it_and_not_at_it() {
    use Verdict::{Met, NotComputable as Open, NotMet};
    for (path, text, article, expected, words) in [
        ("impact.customers_percent", "10", "art. 9(1)", NotMet, ""),
        // The number given is 0, so that the two contradict each other.
        (
            "impact.customers_percent",
            "10.01",
            "art. 9(1)",
            Open,
            "10.01 %, though by impact.customers it is 0 %",
        ),
        ("impact.customers", "100000", "art. 9(1)", NotMet, "clients: 100000, not above 100000"),
        ("impact.customers", "100001", "art. 9(1)", Met, "clients: 100001, above 100000"),
        ("impact.dora.counterparts_percent", "30", "art. 9(1)", NotMet, "30 %, not above 30 %"),
        ("impact.dora.counterparts_percent", "30.5", "art. 9(1)", Met, "30.5 %, above 30 %"),
        ("impact.dora.relevant_clients", "yes", "art. 9(1)", Met, "count as relevant: yes"),
        (
            "impact.dora.relevant_clients",
            "unknown",
            "art. 9(1)",
            Open,
            "unknown: impact.dora.relevant_clients",
        ),
        ("impact.dora.reputation", "media, complaints", "art. 9(2)", Met, "complaints, media"),
        ("impact.dora.reputation", "", "art. 9(2)", Open, "not asked: impact.dora.reputation"),
        ("impact.duration", "24h", "art. 9(3)", NotMet, "24h, not above 24h"),
        ("impact.duration", "24h 1s", "art. 9(3)", Met, "duration: 24h 1s, above 24h"),
        ("impact.downtime", "2h", "art. 9(3)", NotMet, "2h, not above 2h"),
        ("impact.downtime", "2h 1s", "art. 9(3)", Met, "2h 1s, above 2h"),
        ("impact.countries", "France", "art. 9(4)", NotMet, "FR, 2 needed"),
        ("impact.countries", "France, FR, fr", "art. 9(4)", NotMet, "FR, 2 needed"),
        ("impact.countries", "CH, US", "art. 9(4)", NotMet, "none, 2 needed"),
        ("impact.countries", "France, Narnia", "art. 9(4)", Open, "`Narnia`"),
        ("impact.countries", "France, Narnia, DE", "art. 9(4)", Met, "DE, FR"),
        ("impact.data_losses", "availability", "art. 9(5)(a)", Met, "availability"),
        ("impact.malicious_access", "unknown", "art. 9(5)(b)", Open, "unknown: impact.malicious_access"),
        ("impact.economic_impact", "100000", "art. 9(6)", NotMet, "100000 EUR, not above 100000 EUR"),
        ("impact.economic_impact", "100000.01", "art. 9(6)", Met, "100000.01 EUR, above 100000 EUR"),
        ("impact.economic_impact", "1 USD", "art. 9(6)", Open, "1 USD is not in EUR, and policies/dora.yaml"),
        ("impact.economic_impact", "0 USD", "art. 9(6)", NotMet, "0 EUR"),
    ] {
        let mut settings = vec![(path, text)];
        if path == "impact.customers" {
            settings.push(("impact.customers_percent", "0.1"));
            settings.push(("impact.dora.relevant_clients", "no"));
        }
        let incident = case(&settings);
        // The share of a number without a base is not reckoned.
        let it = classify(&incident);
        let criterion = criterion(&it, article);
        let contradicts = path == "impact.customers_percent" && text == "10";
        let expected = if contradicts { NotMet } else { expected };
        assert_eq!(criterion.verdict, expected, "{path}={text}: {}", criterion.why);
        assert!(criterion.why.contains(words), "{path}={text}: {}", criterion.why);
    }
}

#[test]
fn numbers_become_shares_by_base_and_average() {
    let mut policy = Policy::default();
    policy.daily_average.transactions = Some(Positive::of(Count::whole(120_000)));
    policy.daily_average.amount =
        serde_json::from_value(serde_json::json!({"amount": 1000000, "currency": "EUR"})).unwrap();
    policy.thresholds.economic_impact.rates =
        serde_json::from_value(serde_json::json!({"USD": 0.92})).unwrap();
    let rules = Rules { policy: &policy, customer_base: Some(Count::whole(1000)), now: now() };
    use Verdict::{Met, NotComputable as Open, NotMet};
    let free = [
        ("impact.customers_percent", ""),
        ("impact.dora.transactions_percent", ""),
        ("impact.dora.transactions_amount_percent", ""),
    ];
    for (path, text, expected, words) in [
        ("impact.customers", "100", NotMet, "clients who use the service: 10 %, not above 10 %"),
        ("impact.customers", "101", Met, "10.1 %, above 10 %"),
        ("impact.customers", "1001", Open, "1001 is more than 1000, the customer_base of inc.yaml"),
        ("impact.customers", "unknown", Open, "unknown: impact.customers"),
        ("impact.transactions", "12000", NotMet, "number of transactions: 10 %, not above 10 %"),
        ("impact.transactions", "12001", Met, ": 10.0008 %, above 10 %"),
        ("impact.transactions", "240000", Met, "200 %, above 10 %"),
        ("impact.dora.transactions_amount", "100000", NotMet, "amount of transactions: 10 %"),
        ("impact.dora.transactions_amount", "110000 USD", Met, "10.12 %, above 10 %"),
        ("impact.dora.transactions_amount", "1 CHF", Open, "1 CHF is not in EUR"),
    ] {
        let incident = changed(case(&free), &[(path, text)]);
        let it = rules.classify(&incident);
        let clients = criterion(&it, "art. 9(1)");
        assert_eq!(clients.verdict, expected, "{path}={text}: {}", clients.why);
        assert!(clients.why.contains(words), "{path}={text}: {}", clients.why);
    }
    // 0.92 of 108695.65 is 99999.998, the threshold itself to the hundredth.
    for (money, expected) in [("108695.65 USD", NotMet), ("108695.67 USD", Met), ("2 CHF", Open)] {
        let it = rules.classify(&case(&[("impact.economic_impact", money)]));
        assert_eq!(criterion(&it, "art. 9(6)").verdict, expected, "{money}");
    }
}

#[test]
fn duration_is_read_off_the_record_and_an_open_incident_goes_on() {
    use Verdict::{Met, NotComputable as Open, NotMet};
    for (start, resolved, present, expected, words) in [
        (
            "2023-03-26T14:00:00+02:00",
            "2023-03-27T14:00:00+02:00",
            "2023-03-30T00:00:00Z",
            NotMet,
            "24h, not above",
        ),
        (
            "2023-03-26T13:59:59+02:00",
            "2023-03-27T14:00:00+02:00",
            "2023-03-30T00:00:00Z",
            Met,
            "24h 1s, above",
        ),
        (
            "2023-03-27T12:59:00+02:00",
            "",
            "2023-03-28T12:59:00+02:00",
            Open,
            "resolved_at missing: not over yet",
        ),
        (
            "2023-03-27T12:59:00+02:00",
            "",
            "2023-03-28T12:59:01+02:00",
            Met,
            "duration: at least 24h 1s, above 24h",
        ),
        ("unknown", "", "2023-03-28T12:59:01+02:00", Open, "unknown: started_at"),
        (
            "2023-03-27T13:00:00+02:00",
            "2023-03-27T12:00:00+02:00",
            "2023-03-28T12:00:00Z",
            Open,
            "lies before",
        ),
    ] {
        let mut incident = case(&[("impact.duration", ""), ("started_at", start)]);
        incident.resolved_at = Some(resolved).filter(|text| !text.is_empty()).map(instant);
        let policy = Policy::default();
        let it = Rules { policy: &policy, customer_base: None, now: instant(present) }.classify(&incident);
        let duration = criterion(&it, "art. 9(3)");
        assert_eq!(duration.verdict, expected, "{start} {resolved}: {}", duration.why);
        assert!(duration.why.contains(words), "{start} {resolved}: {}", duration.why);
    }
}

/// Downtime counts where critical services are affected.
#[test]
fn downtime_is_that_of_critical_services() {
    use Verdict::{Met, NotComputable as Open, NotMet};
    for (critical, downtime, expected) in [
        ("yes", "3h", Met),
        ("no", "3h", NotMet),
        ("unknown", "3h", Open),
        ("", "3h", Open),
        ("unknown", "1h", NotMet),
        ("no", "unknown", NotMet),
        ("yes", "unknown", Open),
    ] {
        let it =
            classify(&case(&[("impact.dora.critical_services", critical), ("impact.downtime", downtime)]));
        assert_eq!(criterion(&it, "art. 9(3)").verdict, expected, "{critical} {downtime}");
    }
    for (downtime, words) in
        [("2h", "downtime 2h does"), ("none", "downtime does"), ("unknown", "downtime does")]
    {
        let settings = [("impact.dora.critical_services", "no"), ("impact.downtime", downtime)];
        let why = &criterion(&classify(&case(&settings)), "art. 9(3)").why.clone();
        assert!(why.contains(&format!("; {words} not count: no critical service is affected")), "{why}");
        assert!(!why.contains("0s"), "{why}");
    }
}

#[test]
fn a_share_is_told_with_as_many_digits_as_the_comparison_takes() {
    for (share, beside, told) in [
        (10.0, 10.0, "10"),
        (10.01, 10.0, "10.01"),
        (12_001.0 / 1200.0, 10.0, "10.0008"),
        (100.0 / 3.0, 10.0, "33.3333"),
        (9.99999, 10.0, "9.99999"),
        (10.0000004, 10.0, "10.0000004"),
    ] {
        assert_eq!(tally::told_share(share, beside), told);
    }
}

#[test]
fn given_and_reckoned_shares_that_differ_contradict_each_other() {
    let rules = Rules { policy: &Policy::default(), customer_base: Some(Count::whole(1000)), now: now() };
    use Verdict::{Met, NotComputable as Open, NotMet};
    for (share, number, expected) in [
        ("2", "200", Open),
        ("20", "300", Met),
        ("2", "50", NotMet),
        ("n/a", "500", Open),
        ("20", "unknown", Met),
    ] {
        let it = rules.classify(&case(&[("impact.customers_percent", share), ("impact.customers", number)]));
        let clients = criterion(&it, "art. 9(1)");
        assert_eq!(clients.verdict, expected, "{share} {number}: {}", clients.why);
    }
}
