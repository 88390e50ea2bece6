//! The policy engine: the talk's case, every boundary, and properties over random impacts.

use super::*;
use crate::answer::Answer;
use crate::impact::{Breadth, Count, Currency, Impact, Money};

fn judge(policy: &Policy, impact: &Impact) -> Judgement {
    policy.judge(&Case::bare(impact)).unwrap()
}

fn impact(breadth: &str, depth: &str, money: &str, transactions: &str) -> Impact {
    Impact {
        customer_impact: breadth.parse().unwrap(),
        single_customer_impact: depth.parse().unwrap(),
        money_at_risk: match money.parse::<Answer<String>>().unwrap() {
            Answer::Known(text) => Answer::Known(Money::parse(&text, Currency::EUR).unwrap()),
            other => other.map(|_| unreachable!()),
        },
        transactions: transactions.parse::<Answer<Count>>().unwrap(),
        ..Impact::default()
    }
}

#[test]
fn the_talks_case_is_sev_3_by_the_cell() {
    let mut talk = impact("XL", "S", "0", "0");
    talk.customers = "0".parse().unwrap();
    let judgement = judge(&Policy::default(), &talk);
    assert_eq!(judgement.severity, Severity::Sev3);
    assert!(!judgement.provisional);
    assert_eq!(judgement.decided_by, "customer impact XL x single-customer impact S");
    assert_eq!(judgement.warnings.len(), 1, "0 customers beside band XL");
}

#[test]
fn the_worst_of_cell_and_floors_holds() {
    for (breadth, depth, money, transactions, expected, decided_by) in [
        ("NONE", "S", "9999.99", "99", Severity::Sev4, "customer impact NONE x"),
        ("NONE", "S", "10000", "0", Severity::Sev3, "money at risk 10000 EUR (from 10000 EUR on"),
        ("NONE", "S", "100000", "100", Severity::Sev2, "money at risk 100000 EUR"),
        ("NONE", "S", "none", "10000", Severity::Sev1, "transactions 10000 (from 10000 on"),
        ("XL", "L", "0", "0", Severity::Sev1, "customer impact XL x single-customer impact L"),
        ("M", "M", "n/a", "n/a", Severity::Sev3, "customer impact M x single-customer impact M"),
    ] {
        let judgement = judge(&Policy::default(), &impact(breadth, depth, money, transactions));
        assert_eq!(judgement.severity, expected, "{breadth} {depth} {money} {transactions}");
        assert!(judgement.decided_by.starts_with(decided_by), "{}", judgement.decided_by);
        assert!(!judgement.provisional);
    }
}

#[test]
fn a_boundary_belongs_to_the_lower_band() {
    let policy = Policy::default();
    for (percent, band) in [
        (0.0, Breadth::None),
        (0.01, Breadth::S),
        (1.0, Breadth::S),
        (1.01, Breadth::M),
        (5.0, Breadth::M),
        (15.0, Breadth::L),
        (15.01, Breadth::Xl),
        (100.0, Breadth::Xl),
    ] {
        assert_eq!(policy.breadth_at(percent), band, "{percent}");
    }
}

#[test]
fn what_is_missing_is_named_and_makes_it_provisional() {
    let policy = Policy::default();
    let nothing = judge(&policy, &Impact::default());
    assert!(nothing.provisional);
    assert_eq!(nothing.between, (Severity::Sev1, Severity::Sev4));
    assert_eq!(nothing.missing.len(), 4);
    let lenient = Policy { unknown: Unknown::Ignore, ..Policy::default() };
    let judgement = judge(&lenient, &impact("L", "unknown", "0", "0"));
    assert_eq!((judgement.severity, judgement.provisional), (Severity::Sev4, true));
    assert_eq!(judgement.missing, ["single-customer impact (unknown)"]);
    let dollars = impact("S", "S", "12 USD", "0");
    let refused = policy.judge(&Case::bare(&dollars)).unwrap_err();
    assert_eq!(refused.path, "impact.money_at_risk");
    assert!(
        refused.why.contains("12 USD is not in EUR") && refused.why.contains("rates: {USD: …}"),
        "{refused}"
    );
}

#[test]
fn a_percentage_is_read_where_no_band_is_given_and_contradictions_are_told() {
    let policy = Policy::default();
    let mut given = impact("XL", "S", "0", "0");
    given.customers_percent = "2".parse().unwrap();
    assert_eq!(judge(&policy, &given).severity, Severity::Sev3);
    assert_eq!(judge(&policy, &given).warnings.len(), 1);
    for not_said in [Answer::Missing, Answer::Unknown, Answer::NotApplicable] {
        given.customer_impact = not_said;
        assert_eq!(judge(&policy, &given).severity, Severity::Sev4);
        assert_eq!(policy.breadth(&Case::bare(&given)), Some(Breadth::M), "read off the share");
    }
    for (band, share, breadth) in [
        ("unknown", "n/a", None),
        ("unknown", "none", Some(Breadth::None)),
        ("n/a", "n/a", Some(Breadth::None)),
        ("S", "unknown", Some(Breadth::S)),
    ] {
        given.customer_impact = band.parse().unwrap();
        given.customers_percent = share.parse().unwrap();
        assert_eq!(policy.breadth(&Case::bare(&given)), breadth, "{band} {share}");
        assert_eq!(judge(&policy, &given).provisional, breadth.is_none(), "{band} {share}");
    }
}

#[test]
fn explain_tells_the_next_step() {
    let talk = impact("XL", "S", "0", "0");
    let steps = Policy::default().next_steps(&Case::bare(&talk)).unwrap();
    let words = |steps: &[NextStep]| steps.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        words(&steps.worse),
        [
            "from single-customer impact M on: SEV-2",
            "from 100000 EUR at risk on: SEV-2",
            "from 1000 transactions on: SEV-2",
        ]
    );
    assert_eq!(words(&steps.milder), ["down to customer impact L: SEV-4"]);
    let hanging = impact("S", "S", "none", "1500");
    let steps = Policy::default().next_steps(&Case::bare(&hanging)).unwrap();
    assert_eq!(words(&steps.milder), ["below 1000 transactions: SEV-3"]);
}

#[test]
fn a_number_of_customers_becomes_a_share_by_the_base() {
    let policy = Policy::default();
    let mut given = impact("unknown", "S", "0", "0");
    let base = |count: u64| Some(Count::try_from(count).unwrap());
    for (customers, band) in [
        (0, Breadth::None),
        (1, Breadth::S),
        (10, Breadth::S),
        (50, Breadth::M),
        (150, Breadth::L),
        (151, Breadth::Xl),
    ] {
        given.customers = Answer::Known(Count::try_from(customers).unwrap());
        let case = Case { customer_base: base(1000), ..Case::bare(&given) };
        assert_eq!(policy.breadth(&case), Some(band), "{customers} of 1000");
        assert_eq!(policy.judge(&case).unwrap().warnings, [""; 0]);
    }
    let many = Case { customer_base: base(100), ..Case::bare(&given) };
    let judgement = policy.judge(&many).unwrap();
    let why = "151 customers are more than the customer_base of 100 in inc.yaml";
    assert_eq!(judgement.missing, [format!("customer impact ({why})")]);
    let mut contradicting = given.clone();
    contradicting.customer_impact = "S".parse().unwrap();
    contradicting.customers_percent = "2".parse().unwrap();
    let case = Case { customer_base: base(1000), ..Case::bare(&contradicting) };
    let judgement = policy.judge(&case).unwrap();
    assert_eq!(
        judgement.warnings,
        [
            "151 of 1000 customers (15.1 %) are band XL, and yet 2 % is given, which is band M",
            "2 % of customers is band M, and yet customer impact S is given; S is used",
            "151 of 1000 customers (15.1 %) are band XL, and yet customer impact S is given; S is used",
        ]
    );
    assert_eq!(judgement.inputs[0].value.as_deref(), Some("S"));
}

mod policy;
mod random;
