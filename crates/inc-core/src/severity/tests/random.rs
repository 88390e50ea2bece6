//! Properties over random impacts and random valid policies.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;
use crate::answer::Answer;
use crate::impact::{Amount, Breadth, Count, Currency, Depth, Impact, Money, Percent};
use crate::incident::Kind;
use crate::text::Line;

fn answer<T: Clone + fmt::Debug + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Answer<T>> {
    prop_oneof![
        4 => known.prop_map(Answer::Known),
        1 => Just(Answer::Missing),
        1 => Just(Answer::Unknown),
        1 => Just(Answer::None),
        1 => Just(Answer::NotApplicable),
    ]
    .boxed()
}

fn count(most: u64) -> impl Strategy<Value = Count> {
    (0..=most).prop_map(|n| Count::try_from(n).unwrap())
}

fn own_inputs() -> impl Strategy<Value = serde_json::Map<String, Value>> {
    let word = |word: &str| Just(json!(word));
    let security =
        prop_oneof![any::<bool>().prop_map(Value::from), word("unknown"), word("n/a"), Just(Value::Null)];
    let press = prop_oneof![word("quiet"), word("local"), word("national"), word("unknown")];
    (security, press).prop_map(|(security, press)| {
        json!({"security": security, "press": press}).as_object().unwrap().clone()
    })
}

prop_compose! {
    fn any_impact()(
        customers in answer(count(2000)),
        percent in answer((0..=10_000u32).prop_map(|n| Percent::try_from(f64::from(n) / 100.0).unwrap())),
        customer_impact in answer(prop::sample::select(Breadth::ALL.to_vec())),
        single_customer_impact in answer(prop::sample::select(Depth::ALL.to_vec())),
        money_at_risk in answer((0..2_000_000u64).prop_map(|n| Money { amount: Amount::whole(n), currency: Currency::EUR })),
        transactions in answer(count(20_000)),
        duration in answer((0..100u64).prop_map(crate::span::Span::hours)),
        custom in own_inputs(),
    ) -> Impact {
        Impact {
            customers, customers_percent: percent, customer_impact, single_customer_impact, money_at_risk,
            transactions, duration, custom, ..Impact::default()
        }
    }
}

/// Rising floors over rising values, worse and worse.
fn floors(most: u64) -> impl Strategy<Value = Vec<(u64, Severity)>> {
    (
        prop::collection::btree_set(0..most, 0..4),
        prop::collection::vec(prop::sample::select(Severity::ALL.to_vec()), 4),
    )
        .prop_map(|(from, mut levels)| {
            levels.sort_by(|a, b| b.cmp(a));
            from.into_iter().zip(levels).collect()
        })
}

prop_compose! {
    fn any_policy()(
        ends in prop::collection::btree_set(0..10_000u32, 4),
        cells in prop::collection::vec(prop::sample::select(Severity::ALL.to_vec()), 20),
        money in floors(2_000_000),
        transactions in floors(20_000),
        duration in floors(100),
        security in prop::option::of(prop::sample::select(Severity::ALL.to_vec())),
        press in prop::option::of(prop::sample::select(Severity::ALL.to_vec())),
        optional: bool,
        bound in prop::option::of((prop::sample::select(Severity::ALL.to_vec()), any::<bool>())),
        ignore: bool,
    ) -> Policy {
        let mut policy = serde_json::to_value(Policy::default()).unwrap();
        policy.as_object_mut().unwrap().shift_remove("examples");
        for (name, end) in ["NONE", "S", "M", "L"].iter().zip(ends) {
            policy["customer_impact"][*name]["up_to_percent"] = json!(f64::from(end) / 100.0);
        }
        let (rows, columns) = (["NONE", "S", "M", "L", "XL"], ["S", "M", "L", "XL"]);
        for (r, row) in rows.iter().enumerate() {
            for (c, column) in columns.iter().enumerate() {
                // The worst of everything above and to the left: no milder to the right or downwards.
                let worst = (0..=r).flat_map(|r| (0..=c).map(move |c| r * 4 + c)).map(|n| cells[n]).min();
                policy["matrix"][*row][*column] = json!(worst);
            }
        }
        let list = |floors: &[(u64, Severity)]| -> Value {
            floors.iter().map(|(from, level)| json!({"from": from, "level": level})).collect()
        };
        policy["floors"]["money_at_risk"]["from"] = list(&money);
        policy["floors"]["transactions"] = list(&transactions);
        let mut dimensions = vec![];
        if !duration.is_empty() {
            let floors: Value =
                duration.iter().map(|(hours, level)| json!({"from": format!("{hours}h"), "level": level})).collect();
            dimensions.push(json!({"input": "duration", "optional": optional, "floors": floors}));
        }
        dimensions.extend(security.map(|level| {
            json!({"input": "custom.security", "type": "flag", "floors": [{"from": true, "level": level}]})
        }));
        dimensions.extend(press.map(|level| {
            json!({"input": "custom.press", "type": "choice", "values": ["quiet", "local", "national"],
                   "floors": [{"from": "local", "level": level}]})
        }));
        policy["dimensions"] = json!(dimensions);
        if let Some((level, is_cap)) = bound {
            let key = if is_cap { "cap" } else { "floor" };
            policy["conditions"] = json!([{"when": {"environment": ["staging"]}, key: level, "why": "so"}]);
        }
        policy["unknown"] = json!(if ignore { "ignore" } else { "assume-worst" });
        serde_json::from_value(policy).unwrap()
    }
}

fn any_environment() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![None, Some("staging"), Some("production")])
}

fn case<'a>(impact: &'a Impact, environment: Option<&'a str>) -> Case<'a> {
    Case { environment, customer_base: Count::try_from(3000).ok(), ..Case::bare(impact) }
}

proptest! {
    /// A random policy is a policy, and holds its own properties.
    #[test]
    fn a_valid_policy_is_monotone_by_its_own_test(policy in any_policy()) {
        prop_assert_eq!(policy.check(), Ok(()));
        prop_assert_eq!(&policy.try_properties()[0].failures, &Vec::<String>::new());
    }

    /// More harm is never milder, whatever else is known, under both ways of taking the unknown.
    #[test]
    fn severity_is_monotone(
        policy in any_policy(), base in any_impact(), environment in any_environment(), low in 0..20_000u64, more in 0..20_000u64,
    ) {
        let judge = |impact: Impact| policy.judge(&case(&impact, environment)).unwrap().severity;
        for breadth in Breadth::ALL.windows(2) {
            let with = |band| Impact { customer_impact: Answer::Known(band), ..base.clone() };
            prop_assert!(judge(with(breadth[1])) <= judge(with(breadth[0])));
        }
        for depth in Depth::ALL.windows(2) {
            let with = |band| Impact { single_customer_impact: Answer::Known(band), ..base.clone() };
            prop_assert!(judge(with(depth[1])) <= judge(with(depth[0])));
        }
        let with = |n: u64| Impact { transactions: Answer::Known(Count::try_from(n).unwrap()), ..base.clone() };
        prop_assert!(judge(with(low + more)) <= judge(with(low)));
        let with = |n: u64| Impact {
            money_at_risk: Answer::Known(Money { amount: Amount::whole(n * 100), currency: Currency::EUR }), ..base.clone()
        };
        prop_assert!(judge(with(low + more)) <= judge(with(low)));
        let with = |n: u64| Impact { duration: Answer::Known(crate::span::Span::hours(n / 200)), ..base.clone() };
        prop_assert!(judge(with(low + more)) <= judge(with(low)));
        let with = |n: u64| Impact {
            customer_impact: Answer::Missing,
            customers_percent: Percent::try_from(n as f64 / 400.0).map_or(Answer::Missing, Answer::Known), ..base.clone()
        };
        prop_assert!(judge(with(low + more)) <= judge(with(low)));
    }

    /// One floor more never makes anything better.
    #[test]
    fn adding_a_floor_never_makes_it_better(
        policy in any_policy(), impact in any_impact(), environment in any_environment(),
        level in prop::sample::select(Severity::ALL.to_vec()), from in 0..3000u64,
    ) {
        let mut more = policy.clone();
        more.dimensions.push(serde_json::from_value(
            json!({"input": "customers", "floors": [{"from": from, "level": level}]})
        ).unwrap());
        prop_assert_eq!(more.check(), Ok(()));
        let judge = |policy: &Policy| policy.judge(&case(&impact, environment)).unwrap().severity;
        prop_assert!(judge(&more) <= judge(&policy));
    }

    /// Judging again gives the same; the answer lies between the bounds that it names; one rule decides.
    #[test]
    fn a_judgement_is_stable_and_within_its_bounds(
        policy in any_policy(), impact in any_impact(), environment in any_environment(),
    ) {
        let judgement = policy.judge(&case(&impact, environment)).unwrap();
        prop_assert_eq!(&policy.judge(&case(&impact, environment)).unwrap(), &judgement);
        let (worst, mildest) = judgement.between;
        prop_assert!(worst <= judgement.severity && judgement.severity <= mildest);
        prop_assert_eq!(judgement.provisional, !judgement.missing.is_empty());
        prop_assert!(judgement.provisional || worst == mildest);
        prop_assert_eq!(judgement.rules.iter().filter(|rule| rule.decided).count(), 1);
        prop_assert!(judgement.decided_by.parse::<Line>().is_ok());
        let open = judgement.inputs.iter().filter(|input| input.open.is_some()).count();
        prop_assert!(open >= judgement.missing.len());
    }

    /// What explain says would change the result does, and in that direction.
    #[test]
    fn the_next_steps_are_true(policy in any_policy(), impact in any_impact(), environment in any_environment()) {
        let here = case(&impact, environment);
        let now = policy.judge(&here).unwrap().severity;
        let steps = policy.next_steps(&here).unwrap();
        for (step, worse) in steps.worse.iter().map(|step| (step, true)).chain(steps.milder.iter().map(|step| (step, false))) {
            let environment = step.environment.as_deref().or(environment);
            let then = policy.judge(&Case { impact: &step.impact, environment, kind: Kind::Incident, ..here.clone() }).unwrap();
            prop_assert_eq!(then.severity, step.severity, "{}", step);
            prop_assert_eq!(then.severity < now, worse, "{}", step);
            prop_assert!(then.severity != now);
        }
    }
}
