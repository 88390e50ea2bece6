//! Recurring incidents: (EU) 2024/1772, article 8(2).

use super::*;
use crate::incident::Kind;
use crate::status::Status;

/// An incident of its own that began on this day, at noon in Paris.
fn on(day: &str, settings: &[(&str, &str)]) -> Incident {
    let offset = if day < "2023-03-26" { "+01:00" } else { "+02:00" };
    let start = format!("{day}T12:00:00{offset}");
    let mut incident = case(&[("started_at", &start), ("root_cause", "internal, disk")]);
    incident.id = format!("{day}-disk").parse().unwrap();
    changed(incident, settings)
}

fn together(incidents: &[Incident]) -> Recurring {
    let policy = Policy::default();
    let all: Vec<&Incident> = incidents.iter().collect();
    Rules { policy: &policy, customer_base: None, now: now() }.recurring(&incidents[0], &all)
}

/// Not major alone: 12 h and 60,000 EUR each.
const HALF: [(&str, &str); 2] = [("impact.duration", "13h"), ("impact.economic_impact", "60000")];

#[test]
fn two_of_the_same_cause_may_be_major_together() {
    let (first, second) = (on("2023-01-10", &HALF), on("2023-05-20", &HALF));
    let it = together(&[second.clone(), first.clone()]);
    assert_eq!(it.major, Verdict::Met);
    assert!(
        it.why.starts_with("2 incidents with the same root cause within 6 months (art. 8(2))"),
        "{}",
        it.why
    );
    assert_eq!(it.incidents, [first.id.clone(), second.id.clone()], "oldest first");
    let sum = it.together.unwrap();
    assert_eq!(criterion(&sum, "art. 9(3)").why, "duration: 26h, above 24h");
    assert_eq!(criterion(&sum, "art. 9(6)").why, "costs and losses: 120000 EUR, above 100000 EUR");
    assert!(it.remarks[0].contains("counted twice"));
}

#[test]
fn what_keeps_them_apart() {
    let first = || on("2023-01-10", &HALF);
    for (name, other, expected, words) in [
        (
            "another cause",
            on("2023-02-10", &[HALF[0], HALF[1], ("root_cause", "internal")]),
            Verdict::NotMet,
            "no other",
        ),
        ("too far", on("2023-07-11", &HALF), Verdict::NotMet, "within 6 months"),
        ("the last day", on("2023-07-10", &HALF), Verdict::Met, "2 incidents"),
        ("too little", on("2023-02-10", &[]), Verdict::NotMet, "no threshold met"),
        (
            "major alone",
            on("2023-02-10", &[HALF[0], HALF[1], ("impact.malicious_access", "yes")]),
            Verdict::NotMet,
            "no other",
        ),
        (
            "no cause yet",
            on("2023-02-10", &[HALF[0], HALF[1], ("root_cause", "")]),
            Verdict::NotComputable,
            "may be one",
        ),
        (
            "open alone",
            on("2023-02-10", &[HALF[0], HALF[1], ("impact.malicious_access", "")]),
            Verdict::NotComputable,
            "may be one",
        ),
    ] {
        let it = together(&[first(), other]);
        assert_eq!(it.major, expected, "{name}: {}", it.why);
        assert!(it.why.contains(words) && it.why.contains("art. 8(2)"), "{name}: {}", it.why);
    }
    for change in
        [|one: &mut Incident| one.kind = Kind::Drill, |one: &mut Incident| one.status = Status::Cancelled]
    {
        let mut other = on("2023-02-10", &HALF);
        change(&mut other);
        assert_eq!(together(&[first(), other.clone()]).major, Verdict::NotMet);
        assert_eq!(together(&[other, first()]).major, Verdict::NotMet);
    }
}

#[test]
fn without_its_root_cause_it_is_not_computable() {
    let other = on("2023-02-10", &HALF);
    for (cause, expected, why) in [
        ("", Verdict::NotComputable, "root_cause not asked (art. 8(2))"),
        ("unknown", Verdict::NotComputable, "root_cause unknown (art. 8(2))"),
        ("n/a", Verdict::NotMet, "root_cause is n/a (art. 8(2))"),
    ] {
        let it = together(&[on("2023-01-10", &[HALF[0], ("root_cause", cause)]), other.clone()]);
        assert_eq!((it.major, it.why.as_str()), (expected, why));
        assert_eq!(it.missing.len(), usize::from(expected == Verdict::NotComputable));
    }
    let alone = together(&[on("2023-01-10", &[("impact.malicious_access", "yes")]), other]);
    assert_eq!((alone.major, alone.why.contains("major alone")), (Verdict::NotMet, true));
}

#[test]
fn what_is_open_in_one_leaves_the_sum_open_where_it_matters() {
    let first = on("2023-01-10", &[HALF[0], ("impact.economic_impact", "")]);
    let it = together(&[first.clone(), on("2023-02-10", &HALF)]);
    assert_eq!(it.major, Verdict::NotComputable);
    assert!(it.missing.iter().any(|one| one.incident == first.id && one.path == "impact.economic_impact"));
    // At least 110,000 EUR, whatever the third cost.
    let cost = ("impact.economic_impact", "55000");
    let first = on("2023-01-10", &[HALF[0], cost]);
    let third = on("2023-03-10", &[("impact.economic_impact", "")]);
    let it = together(&[first, on("2023-02-10", &[HALF[0], cost]), third]);
    assert_eq!(it.major, Verdict::Met, "{}", it.why);
    let sum = it.together.unwrap();
    assert_eq!(criterion(&sum, "art. 9(6)").why, "costs and losses: at least 110000 EUR, above 100000 EUR");
}

#[test]
fn shares_are_capped_and_lists_united() {
    let one = [("impact.dora.counterparts_percent", "29"), ("impact.countries", "FR")];
    let other = [("impact.dora.counterparts_percent", "80"), ("impact.countries", "Germany")];
    let it = together(&[on("2023-01-10", &one), on("2023-02-10", &other)]);
    assert_eq!(it.major, Verdict::Met, "{}", it.why);
    let sum = it.together.unwrap();
    assert!(criterion(&sum, "art. 9(1)").why.contains("counterparts: 100 %, above 30 %"));
    assert_eq!(criterion(&sum, "art. 9(4)").why, "member states touched: DE, FR, 2 needed");
}

/// The first of three is not late because of what came months after it.
#[test]
fn the_clock_runs_from_the_incident_that_makes_them_major_together() {
    let aware = |day: &str| format!("{day}T13:00:00+02:00");
    let of = |day: &str, settings: &[(&str, &str)]| {
        let at = aware(day);
        let mut all = vec![HALF[0], ("impact.economic_impact", "40000"), ("detected_at", at.as_str())];
        all.extend(settings);
        on(day, &all)
    };
    let policy = Policy::default();
    let rules = Rules { policy: &policy, customer_base: None, now: instant("2023-09-01T00:00:00Z") };
    let days = ["2023-04-10", "2023-05-10", "2023-07-31", "2023-08-10"];
    let mut incidents = days.map(|day| of(day, &[]));
    let onset = |incidents: &[Incident], which: usize| {
        let all: Vec<&Incident> = incidents.iter().collect();
        let recurring = rules.recurring(&incidents[which], &all);
        (rules.clock(&incidents[which], &recurring.onset), recurring.onset)
    };
    for which in [0, 1] {
        let (clock, onset) = onset(&incidents, which);
        assert_eq!(onset, Onset::With(incidents[2].id.clone(), instant(&aware(days[2]))));
        assert_eq!(clock.reports[0].due_at, Some(instant("2023-08-01T13:00:00+02:00")));
        assert!(clock.reports[0].rule.contains("of the incident that makes them major together"));
    }
    for (which, due) in [(2, "2023-08-01T13:00:00+02:00"), (3, "2023-08-11T13:00:00+02:00")] {
        let (clock, onset) = onset(&incidents, which);
        assert_eq!((onset, clock.reports[0].due_at), (Onset::Itself, Some(instant(due))));
    }
    // Open with which: not computable before it is classified.
    incidents[2] = of(days[2], &[("root_cause", "")]);
    let (clock, open) = onset(&incidents[..3], 0);
    assert_eq!((open, clock.reports[0].due_at), (Onset::Open, None));
    assert_eq!(clock.reports[0].missing[0].path, "impact.dora.classified_at");
}
