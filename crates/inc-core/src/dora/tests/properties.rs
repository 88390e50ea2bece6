//! Three-valued logic over random records: an answer that is computed stays, whatever is answered afterwards.

use proptest::prelude::*;

use super::*;

/// Each property that the classification reads, and texts for it; the first is "not asked".
const ANSWERS: [(&str, &[&str]); 17] = [
    ("impact.customers", &["", "unknown", "none", "0", "50000", "100001"]),
    ("impact.customers_percent", &["", "unknown", "n/a", "5", "10", "60"]),
    ("impact.countries", &["", "unknown", "none", "FR", "FR, DE", "Narnia", "US, CH"]),
    ("impact.downtime", &["", "unknown", "none", "1h", "3h"]),
    ("impact.data_losses", &["", "unknown", "none", "integrity"]),
    ("impact.malicious_access", &["", "unknown", "yes", "no", "n/a"]),
    ("impact.economic_impact", &["", "unknown", "none", "5 USD", "99 CHF", "100001"]),
    ("impact.transactions", &["", "unknown", "none", "10", "90000"]),
    ("impact.dora.critical_services", &["", "unknown", "yes", "yes", "yes", "no"]),
    ("impact.dora.counterparts_percent", &["", "unknown", "n/a", "5", "31"]),
    ("impact.dora.transactions_percent", &["", "unknown", "none", "5", "11"]),
    ("impact.dora.transactions_amount", &["", "unknown", "none", "10", "900000"]),
    ("impact.dora.transactions_amount_percent", &["", "unknown", "none", "5", "11"]),
    ("impact.dora.relevant_clients", &["", "unknown", "yes", "no", "no"]),
    ("impact.dora.reputation", &["", "unknown", "none", "media"]),
    ("started_at", &["", "unknown", "2023-03-27T12:59:00+02:00", "2023-03-20T12:59:00+02:00"]),
    ("impact.duration", &["", "unknown", "none", "1h", "30h"]),
];

fn any_answers() -> impl Strategy<Value = Vec<usize>> {
    ANSWERS.iter().map(|(_, texts)| 0..texts.len()).collect::<Vec<_>>()
}

fn record(answers: &[usize]) -> Incident {
    let settings: Vec<_> =
        ANSWERS.iter().zip(answers).map(|((path, texts), nth)| (*path, texts[*nth])).collect();
    with(&settings)
}

fn is_open(nth: usize, answers: &[usize]) -> bool {
    // A duration that is given overrules the one read off the record: it is no missing answer while that is known.
    let is_duration = ANSWERS[nth].0 == "impact.duration" && answers[15] >= 2;
    answers[nth] <= 1 && !is_duration
}

fn flipped(before: Verdict, after: Verdict) -> bool {
    matches!((before, after), (Verdict::Met, Verdict::NotMet) | (Verdict::NotMet, Verdict::Met))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn answering_what_is_missing_never_turns_an_answer_round(
        answers in any_answers(),
        picks in prop::collection::vec((0..ANSWERS.len(), 0..7usize), 1..6),
        with_base: bool,
    ) {
        let mut policy = Policy::default();
        policy.daily_average.transactions = with_base.then(|| Positive::of(Count::whole(100_000)));
        let customer_base = with_base.then(|| Count::whole(1_000_000));
        let rules = Rules { policy: &policy, customer_base, now: now() };
        let mut later = answers.clone();
        for (nth, choice) in picks {
            if is_open(nth, &later) {
                later[nth] = choice % ANSWERS[nth].1.len();
            }
        }
        let (before, after) = (rules.classify(&record(&answers)), rules.classify(&record(&later)));
        prop_assert!(!flipped(before.major, after.major), "{} -> {}", before.why, after.why);
        for (one, next) in before.criteria.iter().zip(&after.criteria) {
            prop_assert!(!flipped(one.verdict, next.verdict), "{}: {} -> {}", one.article, one.why, next.why);
        }
        // What is not computable says what it hangs on, and nothing else does.
        prop_assert_eq!(before.major == Verdict::NotComputable, !before.missing.is_empty(), "{}", before.why);
        for one in &before.criteria {
            prop_assert_eq!(one.verdict == Verdict::NotComputable, !one.missing.is_empty(), "{}", one.why);
        }
    }

    /// More incidents of the same cause never make the group milder.
    #[test]
    fn a_further_incident_never_takes_a_recurrence_back(one in any_answers(), other in any_answers(), third in any_answers()) {
        let policy = Policy::default();
        let rules = Rules { policy: &policy, customer_base: None, now: now() };
        let mut incidents: Vec<Incident> = [one, other, third].iter().map(|answers| record(answers)).collect();
        for (nth, incident) in incidents.iter_mut().enumerate() {
            incident.id = format!("2023-03-27-number-{nth}").parse().unwrap();
            incident.root_cause = crate::answer::Answer::Known(vec!["disk".parse().unwrap()]);
        }
        let [first, second, third] = incidents.as_slice() else { unreachable!() };
        let two = rules.recurring(first, &[first, second]);
        let three = rules.recurring(first, &[first, second, third]);
        prop_assert!(two.major != Verdict::Met || three.major == Verdict::Met, "{} -> {}", two.why, three.why);
        prop_assert!(!flipped(two.major, three.major) || two.major == Verdict::NotMet);
        prop_assert_eq!(three.major == Verdict::NotComputable, !three.missing.is_empty(), "{}", three.why);
    }
}
