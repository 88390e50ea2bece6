//! `inc-severity what-if`: judged on the side, nothing written, also without an incident or a repository.

use std::fs;

use crate::support::{ID, IMPACT, TestRepo};

#[test]
fn an_incident_is_judged_with_other_inputs_and_stays_as_it_is() {
    let repo = TestRepo::with_incident();
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[]);
    repo.assert_untouched(|repo| {
        let answer = repo.ok("inc-severity what-if --transactions 1000", &[]).stdout;
        for line in [
            &format!("SEV-2 major, now SEV-3  {ID}\n") as &str,
            "by policies/severity.yaml\n",
            "* SEV-2  transactions 1000 (from 1000 on: SEV-2)\n",
            "  below 1000 transactions: SEV-3\n",
            "  from 10000 transactions on: SEV-1\n",
        ] {
            assert!(answer.contains(line), "{line:?} is not in {answer}");
        }
        let same = repo.ok("inc-severity what-if --environment production --kind drill", &[]).stdout;
        assert!(same.starts_with(&format!("SEV-3 moderate, as now  {ID}\n")), "{same}");
        let json =
            repo.ok("inc-severity what-if --set downtime=2h --transactions 10000 --format json", &[]).json();
        assert_eq!((&json["now"], &json["would_be"]), (&"SEV-3".into(), &"SEV-1".into()));
        assert_eq!(json["would_be_milder"][0], "below 10000 transactions: SEV-2");
    });
}

#[test]
fn another_policy_may_judge() {
    let repo = TestRepo::with_incident();
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[]);
    let draft = repo.beside("draft.yaml");
    let text = fs::read_to_string(repo.top().join("policies/severity.yaml")).unwrap();
    let stricter =
        text.replace("XL:   {S: SEV-3", "XL:   {S: SEV-2").replacen("expect: SEV-3", "expect: SEV-2", 1);
    fs::write(&draft, stricter).unwrap();
    let answer = repo.ok("inc-severity what-if --policy", &[draft.to_str().unwrap()]).stdout;
    assert!(answer.starts_with("SEV-2 major, now SEV-3"), "{answer}");
    assert!(answer.contains("draft.yaml\n"), "{answer}");
}

#[test]
fn without_an_incident_it_starts_from_nothing() {
    let line = "inc-severity what-if --customers-percent 15.01 --single-customer-impact S --money-at-risk none --transactions 0";
    let bare = TestRepo::without_git();
    let outside = bare.ok(line, &[]).says(&["no incident is open: what if, from nothing"]);
    assert!(
        outside.stdout.starts_with("SEV-3 moderate, without an incident\nby the built-in policy\n"),
        "{}",
        outside.stdout
    );
    let empty = TestRepo::new();
    let inside = empty.ok(line, &[]).says(&["no incident is open"]);
    assert!(
        inside.stdout.contains("customer impact: XL, read off 15.01 % of customers"),
        "{}",
        inside.stdout
    );
    let busy = TestRepo::with_incident();
    let beside = busy.ok(&format!("{line} --no-incident"), &[]);
    assert!(beside.stdout.starts_with("SEV-3 moderate, without an incident\n"), "{}", beside.stdout);
    busy.fails(2, "inc-severity what-if --no-incident some-incident", &[]);
    busy.fails(2, "inc-severity what-if nothing-of-this-name", &[])
        .says(&["no incident `nothing-of-this-name`"]);
    busy.declare("Another");
    busy.fails(2, line, &[]).says(&["which incident?"]);
}

#[test]
fn the_base_of_customers_makes_a_number_a_share() {
    let repo = TestRepo::with_incident();
    let settings = repo.top().join("inc.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\ncustomer_base: 2000\n")).unwrap();
    let of = |customers: &str| {
        let words = format!(
            "inc-severity what-if --no-incident --customers {customers} --single-customer-impact S --money-at-risk 0 --transactions 0"
        );
        repo.ok(&words, &[]).stdout
    };
    assert!(of("300").contains("customer impact: L, read off 300 of 2000 customers (15 %)"), "{}", of("300"));
    assert!(of("301").starts_with("SEV-3 moderate"), "{}", of("301"));
    assert!(of("2001").contains("2001 customers are more than the customer_base of 2000 in inc.yaml"));
    repo.ok("inc-severity assess --customers 301 --customer-impact S", &[]).says(&[
        "warning: 301 of 2000 customers (15.05 %) are band XL, and yet customer impact S is given; S is used",
    ]);
}
