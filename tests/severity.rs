//! `inc-severity`.

use crate::support::{ID, IMPACT, TestRepo};

/// The seed's impact: XL breadth, S depth, nothing lost.
#[test]
fn the_seeds_impact_is_a_sev_3() {
    let repo = TestRepo::with_incident();
    let output = repo.ok(&format!("inc-severity assess {IMPACT}"), &[ID]).prints("SEV-3\n");
    output.says(&[
        "warning: 0 customers touched, and yet customer impact XL (Over 15% of customers)",
        "severity: SEV-1 to SEV-3 [commit ",
    ]);
    assert_eq!(repo.message(), format!("severity: SEV-1 to SEV-3\n\nIncident: {ID}"));
    let text = repo.record_text(ID);
    for lines in [
        "severity: SEV-3\n",
        "  computed: SEV-3\n  provisional: false\n  decided_by: \"customer impact XL x single-customer impact S\"\n",
        "  customers: 0\n  customer_impact: XL\n  single_customer_impact: S\n",
        "  features: none\n  countries: n/a\n",
        "    kind: severity\n",
        "Severity SEV-1 (provisional) to SEV-3: customer impact XL x single-customer impact S",
    ] {
        assert!(text.contains(lines), "{lines:?} is not in {text}");
    }
    repo.ok("inc-severity show", &[]).prints("SEV-3\n");
    let explained = repo.ok("inc-severity explain", &[]).stdout;
    for line in [
        &format!("SEV-3 moderate  {ID}\n"),
        "* SEV-3  customer impact XL x single-customer impact S\n",
        "  -      money at risk 0 EUR\n",
        "customer impact: XL - Over 15% of customers\n",
        "  from 1000 transactions on: SEV-2\n",
        "warning: 0 customers touched",
    ] {
        assert!(explained.contains(line), "{line:?} is not in {explained}");
    }
    let view = repo.ok("inc-severity explain --format json", &[]).json();
    assert_eq!(view["severity"]["level"], "SEV-3");
    assert_eq!(view["judgement"]["rules"][0]["decided"], true);
    assert_eq!(view["judgement"]["missing"], serde_json::json!([]));
}

#[test]
fn a_person_may_decide_otherwise_and_take_it_back() {
    let repo = TestRepo::with_incident();
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[]);
    let reason = ["--reason", "The press: \"down\" # again"];
    repo.ok("inc-severity override --to sev-2", &reason)
        .prints("SEV-2 (decided; computed SEV-3)\n")
        .says(&["severity: SEV-2 by decision (was SEV-3) [commit "]);
    let view = repo.ok("inc-severity show --format json", &[]).json();
    assert_eq!(view["severity"]["level"], "SEV-2");
    assert_eq!(view["severity"]["computed"], "SEV-3");
    assert_eq!(view["severity"]["override"]["reason"], reason[1]);
    assert_eq!(view["severity"]["override"]["by"], "Mathieu Corbin");
    repo.ok("inc-severity assess --transactions 5", &[])
        .says(&["the override to SEV-2 stands; the policy says SEV-3"]);
    let cleared = repo.ok("inc-severity override --clear --format json", &[]).json();
    assert_eq!(cleared["severity"]["level"], "SEV-3");
    assert_eq!(cleared["was"], "SEV-2");
    assert_eq!(cleared["commit"], repo.head());
    repo.fails(1, "inc-severity override --clear", &[]).says(&["no override stands"]);
}

#[test]
fn what_is_not_known_makes_it_provisional() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-severity assess --customers-percent 15 --single-customer-impact S", &[])
        .prints("SEV-1 (provisional)\n")
        .says(&["provisional: missing money at risk (not asked), transactions (not asked)"]);
    repo.ok("inc-severity assess --money-at-risk unknown --transactions none", &[])
        .says(&["provisional: missing money at risk (unknown)"]);
    repo.ok("inc-severity assess --money-at-risk none", &[]).prints("SEV-4\n");
    let head = repo.head();
    repo.ok("inc-severity assess", &[]).says(&["[nothing to change]"]);
    assert_eq!(repo.head(), head);
}

#[test]
fn bad_words_and_numbers_are_refused() {
    let repo = TestRepo::with_incident();
    for (line, words) in [
        (
            "inc-severity assess --customers -3",
            "impact.customers: `-3` is not a count: a whole number from 0",
        ),
        ("inc-severity assess --customers 1e9", "`1e9` is not a count"),
        ("inc-severity assess --customers NaN", "`NaN` is not a count"),
        ("inc-severity assess --customers 1000000000000000000000000000000", "is not a count"),
        ("inc-severity assess --customer-impact huge", "NONE, S, M, L or XL"),
        ("inc-severity assess --money-at-risk -0.01", "is not an amount"),
        ("inc-severity assess --money-at-risk 0.001", "to the hundredth"),
        ("inc-severity override --to SEV-5 --reason x", "unknown severity `SEV-5`; known are: SEV-1 (worst)"),
        ("inc-severity override --to SEV-1", "--reason"),
        ("inc-severity override --clear --to SEV-1 --reason x", "cannot be used with"),
        ("inc-severity override", "--to"),
        ("inc-severity asses", "a similar subcommand exists: 'assess'"),
        ("inc-severity", "Usage: inc-severity"),
    ] {
        if line == "inc-severity" {
            assert_eq!(repo.run(line, &[]).says(&[words]).code, 2);
        } else {
            repo.fails(2, line, &[]).prints("").says(&[words]);
        }
    }
}

#[test]
fn a_teams_own_policy_decides() {
    let repo = TestRepo::with_incident();
    let policy = repo.top().join("policies/severity.yaml");
    let text = std::fs::read_to_string(&policy).unwrap();
    let lenient = text.replace("unknown: assume-worst", "unknown: ignore");
    std::fs::write(&policy, &lenient).unwrap();
    repo.fails(4, "inc-severity assess", &[]).says(&[
        "policies/severity.yaml:1",
        "the example \"Nothing is known yet: treated as the worst that it may be\" gives SEV-4, not SEV-1",
        "help: correct the example or the rule; `inc-severity test` runs them all",
    ]);
    std::fs::write(&policy, lenient.replace("    expect: SEV-1", "    expect: SEV-4")).unwrap();
    repo.ok("inc-severity assess --transactions 1000", &[]).prints("SEV-2 (provisional)\n");
}
