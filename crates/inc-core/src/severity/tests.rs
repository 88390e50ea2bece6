//! The policy engine: the talk's case, every boundary, and properties over random impacts.

use proptest::prelude::*;

use super::*;
use crate::answer::Answer;
use crate::impact::{Breadth, Count, Currency, Depth, Impact, Money};

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
    let judgement = Policy::default().judge(&talk);
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
        let judgement = Policy::default().judge(&impact(breadth, depth, money, transactions));
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
    let nothing = policy.judge(&Impact::default());
    assert!(nothing.provisional);
    assert_eq!(nothing.between, (Severity::Sev1, Severity::Sev4));
    assert_eq!(nothing.missing.len(), 4);
    let lenient = Policy { unknown: Unknown::Ignore, ..Policy::default() };
    let judgement = lenient.judge(&impact("L", "unknown", "0", "0"));
    assert_eq!((judgement.severity, judgement.provisional), (Severity::Sev4, true));
    assert_eq!(judgement.missing, ["single-customer impact (unknown)"]);
    let dollars = policy.judge(&impact("S", "S", "12 USD", "0"));
    assert!(
        dollars.provisional && dollars.missing[0].contains("12 USD is not in EUR"),
        "{:?}",
        dollars.missing
    );
}

#[test]
fn a_percentage_is_read_where_no_band_is_given_and_contradictions_are_told() {
    let policy = Policy::default();
    let mut given = impact("XL", "S", "0", "0");
    given.customers_percent = "2".parse().unwrap();
    assert_eq!(policy.judge(&given).severity, Severity::Sev3);
    assert_eq!(policy.judge(&given).warnings.len(), 1);
    for not_said in [Answer::Missing, Answer::Unknown, Answer::NotApplicable] {
        given.customer_impact = not_said;
        assert_eq!(policy.judge(&given).severity, Severity::Sev4);
        assert_eq!(policy.breadth(&given), Some(Breadth::M), "read off the share");
    }
    for (band, share, breadth) in [
        ("unknown", "n/a", None),
        ("unknown", "none", Some(Breadth::None)),
        ("n/a", "n/a", Some(Breadth::None)),
        ("S", "unknown", Some(Breadth::S)),
    ] {
        given.customer_impact = band.parse().unwrap();
        given.customers_percent = share.parse().unwrap();
        assert_eq!(policy.breadth(&given), breadth, "{band} {share}");
        assert_eq!(policy.judge(&given).provisional, breadth.is_none(), "{band} {share}");
    }
}

#[test]
fn a_policy_that_gets_milder_is_refused() {
    let mut policy = Policy::default();
    assert_eq!(policy.check(), Ok(()));
    policy.customer_impact.m.up_to_percent = 1.0;
    assert_eq!(policy.check(), Err(PolicyError::Falling("M")));
    let mut policy = Policy::default();
    policy.matrix.xl.s = Severity::Sev4;
    policy.matrix.l.s = Severity::Sev3;
    assert_eq!(policy.check(), Err(PolicyError::MilderCell("XL x S".into())));
    let mut policy = Policy::default();
    policy.floors.transactions[1].from = 100;
    assert_eq!(policy.check(), Err(PolicyError::FallingFloor("transactions")));
}

#[test]
fn explain_tells_the_next_step() {
    let steps = Policy::default().next_worse(&impact("XL", "S", "0", "0"));
    assert_eq!(
        steps,
        [
            "from single-customer impact M on: SEV-2",
            "from 100000 EUR at risk on: SEV-2",
            "from 1000 transactions on: SEV-2",
        ]
    );
}

fn any_impact() -> impl Strategy<Value = Impact> {
    fn answer<T: Clone + fmt::Debug + 'static>(
        known: impl Strategy<Value = T> + 'static,
    ) -> BoxedStrategy<Answer<T>> {
        prop_oneof![
            4 => known.prop_map(Answer::Known),
            1 => Just(Answer::Missing),
            1 => Just(Answer::Unknown),
            1 => Just(Answer::None),
        ]
        .boxed()
    }
    let count = |most: u64| (0..=most).prop_map(|n| Count::try_from(n).unwrap());
    let money = (0..2_000_000u64)
        .prop_map(|n| Money { amount: crate::impact::Amount::whole(n), currency: Currency::EUR });
    (
        answer(prop::sample::select(Breadth::ALL.to_vec())),
        answer(prop::sample::select(Depth::ALL.to_vec())),
        answer(money),
        answer(count(20_000)),
    )
        .prop_map(|(customer_impact, single_customer_impact, money_at_risk, transactions)| Impact {
            customer_impact,
            single_customer_impact,
            money_at_risk,
            transactions,
            ..Impact::default()
        })
}

proptest! {
    /// More harm is never milder, under both ways of taking the unknown.
    #[test]
    fn severity_is_monotone(base in any_impact(), breadth in 0..5usize, depth in 0..4usize, ignore: bool) {
        let unknown = if ignore { Unknown::Ignore } else { Unknown::AssumeWorst };
        let policy = Policy { unknown, ..Policy::default() };
        let judge = |breadth: Breadth, depth: Depth| policy.judge(&Impact {
            customer_impact: Answer::Known(breadth),
            single_customer_impact: Answer::Known(depth),
            ..base.clone()
        }).severity;
        let here = judge(Breadth::ALL[breadth], Depth::ALL[depth]);
        for wider in &Breadth::ALL[breadth..] {
            prop_assert!(judge(*wider, Depth::ALL[depth]) <= here);
        }
        for deeper in &Depth::ALL[depth..] {
            prop_assert!(judge(Breadth::ALL[breadth], *deeper) <= here);
        }
    }

    /// The answer lies between the bounds that it names; a settled one has no room.
    #[test]
    fn a_judgement_lies_within_its_bounds(impact in any_impact()) {
        let judgement = Policy::default().judge(&impact);
        let (worst, mildest) = judgement.between;
        prop_assert!(worst <= judgement.severity && judgement.severity <= mildest);
        prop_assert_eq!(judgement.provisional, !judgement.missing.is_empty());
        prop_assert!(judgement.provisional || worst == mildest);
        prop_assert_eq!(judgement.rules.iter().filter(|rule| rule.decided).count(), 1);
        prop_assert!(judgement.decided_by.parse::<Line>().is_ok());
    }
}
