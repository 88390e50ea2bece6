//! Policies of a team's own: dimensions, conditions, rates, examples; and what is refused of them, with its place.

use serde_json::{Value, json};

use super::super::*;
use super::impact;
use crate::answer::Answer;
use crate::impact::Impact;

/// The default policy as JSON, changed.
fn changed(change: impl FnOnce(&mut Value)) -> Policy {
    let mut policy = serde_json::to_value(Policy::default()).unwrap();
    change(&mut policy);
    serde_json::from_value(policy).unwrap_or_else(|error| panic!("{error}"))
}

fn with(key: &str, value: Value) -> Policy {
    changed(|policy| policy[key] = value)
}

fn refusal(policy: &Policy) -> String {
    policy.check().unwrap_err().to_string()
}

fn calm() -> Impact {
    impact("NONE", "S", "0", "0")
}

fn judged(policy: &Policy, custom: Value) -> Result<Judgement, Unjudgeable> {
    let mut impact = calm();
    impact.custom = custom.as_object().unwrap().clone();
    policy.judge(&Case::bare(&impact))
}

#[test]
fn the_default_policy_holds_what_it_says() {
    let policy = Policy::default();
    assert_eq!(policy.check(), Ok(()));
    let failed: Vec<String> = policy.try_properties().into_iter().flat_map(|tried| tried.failures).collect();
    assert_eq!(failed, [""; 0]);
    let written = serde_json::to_value(&policy).unwrap();
    assert_eq!(serde_json::from_value::<Policy>(written).unwrap(), policy);
}

#[test]
fn a_file_without_the_newer_keys_is_a_policy() {
    let old = changed(|policy| {
        for key in ["levels", "examples", "dimensions", "conditions"] {
            policy.as_object_mut().unwrap().shift_remove(key);
        }
    });
    assert_eq!(old, Policy { examples: vec![], ..Policy::default() });
}

#[test]
fn every_type_of_dimension_sets_its_floor() {
    let policy = with(
        "dimensions",
        json!([
            {"input": "custom.security", "type": "flag", "words": "a breach of security",
             "floors": [{"from": true, "level": "SEV-2"}]},
            {"input": "custom.tons", "type": "count", "floors": [{"from": 3, "level": "SEV-3"}, {"from": 5, "level": "SEV-1"}]},
            {"input": "custom.quota", "type": "percent", "floors": [{"from": 2.5, "level": "SEV-3"}]},
            {"input": "custom.fine", "type": "money", "currency": "CHF", "rates": {"EUR": 0.9}, "floors": [{"from": 90, "level": "SEV-3"}]},
            {"input": "custom.delay", "type": "duration", "floors": [{"from": "4h", "level": "SEV-3"}]},
            {"input": "custom.press", "type": "choice", "values": ["quiet", "local", "national"],
             "floors": [{"from": "local", "level": "SEV-3"}, {"from": "national", "level": "SEV-1"}]},
        ]),
    );
    assert_eq!(policy.check_rules(), Ok(()));
    let mut all =
        json!({"security": false, "tons": 2, "quota": 2.4, "fine": 0, "delay": "3h 59min", "press": "quiet"});
    assert_eq!(judged(&policy, all.clone()).unwrap().severity, Severity::Sev4);
    for (key, value, severity, decided_by) in [
        ("security", json!(true), Severity::Sev2, "a breach of security: yes (SEV-2)"),
        ("tons", json!(3), Severity::Sev3, "tons 3 (from 3 on: SEV-3)"),
        ("tons", json!(7), Severity::Sev1, "tons 7 (from 5 on: SEV-1)"),
        ("quota", json!(2.5), Severity::Sev3, "quota 2.5 % (from 2.5 % on: SEV-3)"),
        ("fine", json!(90), Severity::Sev3, "fine 90 CHF (from 90 CHF on: SEV-3)"),
        ("fine", json!("100 EUR"), Severity::Sev3, "fine 90 CHF (from 90 CHF on: SEV-3)"),
        ("delay", json!("4h"), Severity::Sev3, "delay 4h (from 4h on: SEV-3)"),
        ("press", json!("local"), Severity::Sev3, "press local (from local on: SEV-3)"),
        ("press", json!("national"), Severity::Sev1, "press national (from national on: SEV-1)"),
        ("delay", json!("none"), Severity::Sev4, "customer impact NONE x single-customer impact S"),
    ] {
        let mut here = all.clone();
        here[key] = value.clone();
        let judgement = judged(&policy, here).unwrap();
        assert_eq!(
            (judgement.severity, judgement.decided_by.as_str()),
            (severity, decided_by),
            "{key} {value}"
        );
        assert!(!judgement.provisional);
    }
    for (key, value, why) in [
        ("security", json!("maybe"), "impact.custom.security: expected `true` or `false`, found `maybe`"),
        ("tons", json!(-1), "impact.custom.tons: expected a whole number from 0, found `-1`"),
        ("quota", json!(101), "impact.custom.quota: expected a number from 0 to 100, found `101`"),
        ("fine", json!("5 USD"), "impact.custom.fine: 5 USD is not in CHF, the policy's currency"),
        ("delay", json!(4), "impact.custom.delay: expected a length of time"),
        ("press", json!("natonal"), "did you mean `national`?"),
    ] {
        let mut here = all.clone();
        here[key] = value;
        let refused = judged(&policy, here).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    all["tons"] = json!("unknown");
    let unknown = judged(&policy, all).unwrap();
    assert_eq!((unknown.severity, unknown.missing), (Severity::Sev1, vec!["tons (unknown)".to_owned()]));
}

#[test]
fn an_optional_dimension_that_nobody_asked_for_is_not_missing() {
    let dimension = |optional: bool| {
        with(
            "dimensions",
            json!([{"input": "duration", "optional": optional, "floors": [{"from": "4h", "level": "SEV-2"}]}]),
        )
    };
    let calm = calm();
    let case = Case::bare(&calm);
    let strict = dimension(false).judge(&case).unwrap();
    assert_eq!((strict.severity, strict.missing), (Severity::Sev2, vec!["duration (not asked)".to_owned()]));
    let lenient = dimension(true).judge(&case).unwrap();
    assert_eq!((lenient.severity, lenient.provisional), (Severity::Sev4, false));
    let long = Case { elapsed: "5h".parse().ok(), ..case.clone() };
    let judgement = dimension(true).judge(&long).unwrap();
    assert_eq!(judgement.decided_by, "duration 5h (from 4h on: SEV-2)");
    let unknown = Impact { duration: "unknown".parse().unwrap(), ..calm.clone() };
    assert!(dimension(true).judge(&Case { impact: &unknown, ..long }).unwrap().provisional);
}

#[test]
fn a_condition_bounds_the_result_and_says_why() {
    let policy = with(
        "conditions",
        json!([
            {"when": {"environment": ["staging", "test"]}, "cap": "SEV-3", "why": "only colleagues work there"},
            {"when": {"kind": ["drill"]}, "floor": "SEV-3", "why": "drills are practised in full"},
        ]),
    );
    assert_eq!(policy.check(), Ok(()), "the examples too");
    let bad = impact("XL", "XL", "0", "0");
    let calm = calm();
    for (impact, environment, kind, severity, provisional) in [
        (&bad, Some("staging"), "incident", Severity::Sev3, false),
        (&bad, Some("Staging"), "incident", Severity::Sev3, false),
        (&bad, Some("production"), "incident", Severity::Sev1, false),
        (&bad, None, "incident", Severity::Sev1, true),
        (&calm, Some("test"), "incident", Severity::Sev4, false),
        (&calm, None, "incident", Severity::Sev4, false),
        (&calm, Some("production"), "drill", Severity::Sev3, false),
    ] {
        let kind = serde_json::from_value(json!(kind)).unwrap();
        let judgement = policy.judge(&Case { environment, kind, ..Case::bare(impact) }).unwrap();
        assert_eq!(
            (judgement.severity, judgement.provisional),
            (severity, provisional),
            "{environment:?} {kind:?}"
        );
    }
    let capped = policy.judge(&Case { environment: Some("staging"), ..Case::bare(&bad) }).unwrap();
    assert_eq!(
        capped.decided_by,
        "environment staging or test: never worse than SEV-3 (only colleagues work there); without it SEV-1 by customer \
         impact XL x single-customer impact XL"
    );
    assert_eq!(capped.rules.iter().filter(|rule| rule.decided).count(), 1);
    let open = policy.judge(&Case::bare(&bad)).unwrap();
    assert_eq!(
        (open.missing, open.between),
        (vec!["environment (not asked)".to_owned()], (Severity::Sev1, Severity::Sev3))
    );
    let steps = policy.next_steps(&Case { environment: Some("test"), ..Case::bare(&bad) }).unwrap();
    assert_eq!(
        steps.worse.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["in any other environment: SEV-1"]
    );
}

#[test]
fn money_is_converted_by_the_policys_rate() {
    let policy = changed(|policy| policy["floors"]["money_at_risk"]["rates"] = json!({"USD": 0.9}));
    for (dollars, severity) in [("11111.12 USD", Severity::Sev3), ("11111.11 USD", Severity::Sev4)] {
        let impact = impact("NONE", "S", dollars, "0");
        let judgement = policy.judge(&Case::bare(&impact)).unwrap();
        assert_eq!(judgement.severity, severity, "{dollars}");
    }
    let pounds = impact("NONE", "S", "1 GBP", "0");
    assert!(policy.judge(&Case::bare(&pounds)).is_err());
    let none = impact("NONE", "S", "0 GBP", "0");
    assert!(policy.judge(&Case::bare(&none)).is_ok(), "nothing is nothing in every currency");
}

#[test]
fn what_is_no_policy_is_refused_at_its_place() {
    let dimension = |value: Value| with("dimensions", json!([value]));
    let condition = |value: Value| with("conditions", json!([value]));
    let floor = json!([{"from": 1, "level": "SEV-3"}]);
    for (policy, words) in [
        (
            changed(|p| p["customer_impact"]["M"]["up_to_percent"] = json!(1)),
            "customer_impact.M.up_to_percent: band M ends at 1 %, and S before it at 1 %",
        ),
        (
            changed(|p| p["customer_impact"]["L"]["up_to_percent"] = json!(101)),
            "customer_impact.L.up_to_percent: band L ends at 101 %",
        ),
        (
            changed(|p| p["matrix"]["L"]["S"] = json!("SEV-2")),
            "matrix.XL.S: cell XL x S is SEV-3, milder than SEV-2 of L x S",
        ),
        (
            changed(|p| p["floors"]["transactions"][1]["from"] = json!(100)),
            "floors.transactions[1].from: the floor begins where",
        ),
        (
            changed(|p| p["floors"]["money_at_risk"]["from"][2]["level"] = json!("SEV-3")),
            "floors.money_at_risk.from[2].level: a higher value gives SEV-3, milder than SEV-2",
        ),
        (
            changed(|p| p["floors"]["money_at_risk"]["rates"] = json!({"USD": 0})),
            "floors.money_at_risk.rates.USD: 0 is no rate",
        ),
        (
            changed(|p| p["floors"]["money_at_risk"]["rates"] = json!({"EUR": 1})),
            "rates.EUR: EUR is the currency of the floors itself",
        ),
        (
            changed(|p| p["examples"][1]["expect"] = json!("SEV-3")),
            "examples[1].expect: the example \"15 % is still L: a boundary belongs to the lower band\" gives SEV-4, not SEV-3: decided by customer impact L x",
        ),
        (changed(|p| p["examples"][3]["provisional"] = json!(false)), "is provisional, and should be not so"),
        (
            dimension(json!({"input": "custom.x", "floors": floor})),
            "dimensions[0].input: custom.x is a team's own input and needs a `type`",
        ),
        (
            dimension(json!({"input": "countries", "type": "count", "floors": floor})),
            "dimensions[0].type: countries has its type already",
        ),
        (
            dimension(json!({"input": "countries", "floors": []})),
            "dimensions[0].floors: a dimension needs a floor",
        ),
        (
            dimension(json!({"input": "duration", "floors": floor})),
            "dimensions[0].floors[0].from: expected a length of time",
        ),
        (dimension(json!({"input": "economic_impact", "floors": floor})), "money needs the `currency`"),
        (
            dimension(json!({"input": "countries", "currency": "EUR", "floors": floor})),
            "only money has a `currency`",
        ),
        (
            dimension(json!({"input": "countries", "rates": {"USD": 1}, "floors": floor})),
            "only money has `rates`",
        ),
        (
            dimension(json!({"input": "countries", "values": ["a"], "floors": floor})),
            "only a choice has `values`",
        ),
        (
            dimension(json!({"input": "custom.x", "type": "choice", "floors": floor})),
            "a choice needs its `values`",
        ),
        (
            dimension(
                json!({"input": "custom.x", "type": "choice", "values": ["a", "a"], "floors": [{"from": "a", "level": "SEV-1"}]}),
            ),
            "dimensions[0].values[1]: the value `a` stands twice",
        ),
        (
            dimension(
                json!({"input": "countries", "floors": [{"from": 2, "level": "SEV-3"}, {"from": 1, "level": "SEV-2"}]}),
            ),
            "dimensions[0].floors[1].from",
        ),
        (
            with(
                "dimensions",
                json!([{"input": "countries", "floors": floor}, {"input": "countries", "floors": floor}]),
            ),
            "dimensions[1].input: the input `countries` has a dimension already",
        ),
        (
            condition(json!({"when": {}, "cap": "SEV-3", "why": "x"})),
            "conditions[0].when: the condition names no circumstance",
        ),
        (
            condition(json!({"when": {"kind": ["drill"]}, "why": "x"})),
            "conditions[0]: the condition bounds nothing",
        ),
        (
            condition(json!({"when": {"kind": ["drill"]}, "cap": "SEV-3", "floor": "SEV-2", "why": "x"})),
            "conditions[0].floor: never milder than SEV-2 and never worse than SEV-3",
        ),
    ] {
        let refused = refusal(&policy);
        assert!(refused.contains(words), "{refused}\nand not {words}");
    }
}

#[test]
fn what_cannot_be_reached_is_told() {
    let told = |policy: &Policy| -> Vec<String> {
        policy.try_properties().into_iter().flat_map(|tried| tried.failures).collect()
    };
    let hidden = changed(|policy| policy["floors"]["transactions"] = json!([{"from": 0, "level": "SEV-3"}]));
    assert_eq!(hidden.check_rules(), Ok(()));
    assert!(
        told(&hidden).contains(&"NONE x S says SEV-4, but without any other harm SEV-3 comes out".to_owned())
    );
    assert!(told(&hidden).contains(&"nothing gives SEV-4".to_owned()));
    let full = changed(|policy| policy["customer_impact"]["L"]["up_to_percent"] = json!(100));
    assert_eq!(told(&full), ["no share of customers is band XL: L ends at 100 %"]);
}

#[test]
fn long_words_of_a_team_still_make_one_line() {
    let long = "x".repeat(490);
    let policy = with("conditions", json!([{"when": {"environment": [long]}, "cap": "SEV-4", "why": long}]));
    let bad = impact("XL", "XL", "0", "0");
    let judgement = policy.judge(&Case { environment: Some(&long), ..Case::bare(&bad) }).unwrap();
    assert_eq!(judgement.decided_by.chars().count(), crate::text::LINE_CHARS);
    assert_eq!(Assessment::from(&judgement).computed, Severity::Sev4);
}

#[test]
fn a_name_that_the_policy_does_not_know_is_told() {
    let security = json!([{"input": "custom.security", "type": "flag", "optional": true, "floors": [{"from": true, "level": "SEV-2"}]}]);
    let policy = with("dimensions", security);
    let judgement = judged(&policy, json!({"securty": true})).unwrap();
    assert_eq!(
        judgement.warnings,
        ["impact.custom.securty is no input of the policy; did you mean `security`?"]
    );
    assert_eq!(judgement.inputs[4].value.as_deref(), Some("not asked, and need not be"));
    assert_eq!(judged(&policy, json!({"security": false})).unwrap().warnings, [""; 0]);
    let mut wrong = policy.clone();
    wrong.examples[0].impact.custom.insert("securty".to_owned(), json!(true));
    assert!(
        refusal(&wrong).starts_with("examples[0].impact.custom.securty: no dimension has the input"),
        "{}",
        refusal(&wrong)
    );
}

#[test]
fn what_is_named_twice_is_touched_once() {
    let policy =
        with("dimensions", json!([{"input": "countries", "floors": [{"from": 2, "level": "SEV-2"}]}]));
    let mut impact = calm();
    impact.countries = Answer::Known(["FR", "fr", "FR"].map(|name| name.parse().unwrap()).to_vec());
    assert_eq!(policy.judge(&Case::bare(&impact)).unwrap().severity, Severity::Sev4);
}

#[test]
fn an_environment_that_undoes_another_bound_is_asked_for() {
    let policy = with(
        "conditions",
        json!([
            {"when": {"kind": ["incident"]}, "cap": "SEV-3", "why": "so far"},
            {"when": {"environment": ["bank"]}, "floor": "SEV-2", "why": "money"},
        ]),
    );
    let bad = impact("XL", "XL", "0", "0");
    let judgement = policy.judge(&Case::bare(&bad)).unwrap();
    assert_eq!(judgement.between, (Severity::Sev2, Severity::Sev3));
    assert_eq!(judgement.missing, ["environment (not asked)"]);
    let asked: Vec<&str> = judgement.open_inputs().map(|input| input.path.as_str()).collect();
    assert_eq!(asked, ["environment"]);
    let calm = calm();
    let settled =
        with("conditions", json!([{"when": {"environment": ["bank"]}, "cap": "SEV-3", "why": "so"}]));
    let judgement = settled.judge(&Case::bare(&calm)).unwrap();
    assert_eq!((judgement.missing.len(), judgement.open_inputs().count()), (0, 0), "it cannot matter");
}
