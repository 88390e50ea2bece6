//! The reporting clock: (EU) 2025/301, article 5.

use super::*;

fn clock(settings: &[(&str, &str)], present: &str) -> Clock {
    let policy = Policy::default();
    let rules = Rules { policy: &policy, customer_base: None, now: instant(present) };
    rules.clock(&with(settings), &Onset::Itself)
}

/// Aware before all that the calendar's examples tell.
const EARLY: (&str, &str) = ("detected_at", "2023-01-01T13:00:00+01:00");

fn told(report: &Report) -> (String, String) {
    (report.due_at.map(|at| at.to_string()).unwrap_or_default(), report.standing.words())
}

/// Aware at 13:00 on 27 March in Paris.
const AWARE: (&str, &str) = ("detected_at", "2023-03-27T13:00:00+02:00");

#[test]
fn the_initial_notification_is_due_by_the_earlier_of_two() {
    for (classified, due, article, rule) in [
        (
            "2023-03-27T14:00:00+02:00",
            "2023-03-27T18:00:00+02:00",
            "art. 5(1)(a)",
            "4h after the classification",
        ),
        (
            "2023-03-28T12:00:00+02:00",
            "2023-03-28T13:00:00+02:00",
            "art. 5(1)(a)",
            "24h after becoming aware",
        ),
        (
            "2023-03-28T13:00:00+02:00",
            "2023-03-28T13:00:00+02:00",
            "art. 5(1)(a)",
            "24h after becoming aware",
        ),
        ("2023-03-28T13:00:01+02:00", "2023-03-28T17:00:01+02:00", "art. 5(2)", "came later than 24h"),
        ("", "2023-03-28T13:00:00+02:00", "art. 5(1)(a)", "not classified yet: at the last 24h"),
    ] {
        let clock = clock(&[AWARE, ("impact.dora.classified_at", classified)], "2023-03-29T13:30:00+02:00");
        let report = &clock.reports[0];
        assert_eq!((told(report).0.as_str(), report.article), (due, article), "{classified}");
        assert!(report.rule.contains(rule), "{classified}: {}", report.rule);
        assert_eq!(report.missing.is_empty(), !classified.is_empty());
    }
    let id = declared().id;
    let open = clock(&[], "2023-03-27T13:30:00+02:00");
    assert_eq!(open.aware_by, "declared_at");
    assert_eq!(
        open.reports[0].missing[0].command,
        format!("inc-edit {id} --set impact.dora.classified_at=now")
    );
}

#[test]
fn each_report_is_in_time_late_or_still_due() {
    let classified = ("impact.dora.classified_at", "2023-03-27T14:00:00+02:00");
    for (notified, present, standing, late) in [
        ("", "2023-03-27T17:00:00+02:00", "due in 1h", false),
        ("", "2023-03-27T18:00:00+02:00", "due in 0s", false),
        ("", "2023-03-27T18:30:00+02:00", "LATE by 30min", true),
        ("2023-03-27T18:00:00+02:00", "2023-04-27T18:30:00+02:00", "sent in time", false),
        ("2023-03-27T20:15:00+02:00", "2023-04-27T18:30:00+02:00", "sent late, by 2h 15min", true),
    ] {
        let clock = clock(&[AWARE, classified, ("impact.dora.notified_at", notified)], present);
        let report = &clock.reports[0];
        assert_eq!((told(report).1.as_str(), report.standing.is_late()), (standing, late), "{notified}");
        let next = &clock.reports[1];
        assert_eq!(next.standing == Standing::NotComputable, notified.is_empty());
        assert_eq!(next.missing.is_empty(), !notified.is_empty());
    }
}

#[test]
fn the_next_reports_follow_the_last_ones() {
    let sent = |notified, intermediate, last, present| {
        let settings = [
            ("impact.dora.notified_at", notified),
            ("impact.dora.intermediate_at", intermediate),
            ("impact.dora.final_at", last),
        ];
        clock(&settings, present)
    };
    let it = sent("2023-03-27T14:00:00+02:00", "", "", "2023-03-30T15:00:00+02:00");
    let expected = ("2023-03-30T14:00:00+02:00".to_owned(), "LATE by 1h".to_owned());
    assert_eq!(told(&it.reports[1]), expected);
    assert_eq!(it.reports[2].missing[0].path, "impact.dora.intermediate_at");
    let it = sent("2023-03-27T14:00:00+02:00", "2023-03-30T10:00:00+02:00", "", "2023-04-01T00:00:00Z");
    assert_eq!(it.reports[1].standing, Standing::InTime);
    assert_eq!(told(&it.reports[2]).0, "2023-04-30T10:00:00+02:00");
    // The latest one may be an update of one that was in time.
    let it = sent("2023-03-27T14:00:00+02:00", "2023-04-20T10:00:00+02:00", "", "2023-04-21T00:00:00Z");
    assert_eq!((it.reports[1].standing, it.reports[1].standing.is_late()), (Standing::LatestAfter, false));
    let it =
        sent("unknown", "2023-04-20T10:00:00+02:00", "2023-05-20T10:00:01+02:00", "2023-06-21T00:00:00Z");
    assert_eq!(it.reports[1].missing[0].why, "unknown");
    assert_eq!(it.reports[2].standing.words(), "sent late, by 1s");
}

#[test]
fn a_month_is_one_of_the_calendar_and_the_clocks_may_change_in_it() {
    for (sent, due) in [
        // To the month's last day, over the change to summer time: the same time of day, another offset.
        ("2023-01-31T10:00:00+01:00", "2023-02-28T10:00:00+01:00"),
        ("2023-03-01T10:00:00+01:00", "2023-04-01T10:00:00+02:00"),
        ("2023-10-15T10:00:00+02:00", "2023-11-15T10:00:00+01:00"),
        // 02:30 on 26 March is skipped, 02:30 on 29 October comes twice: the earlier reading.
        ("2023-02-26T02:30:00+01:00", "2023-03-26T01:30:00+01:00"),
        ("2023-09-29T02:30:00+02:00", "2023-10-29T02:30:00+02:00"),
    ] {
        let clock = clock(&[EARLY, ("impact.dora.intermediate_at", sent)], "2023-12-01T00:00:00Z");
        assert_eq!(told(&clock.reports[2]).0, due, "{sent}");
    }
    // Hours are hours: 72 of them over the change of the clocks.
    let clock =
        clock(&[EARLY, ("impact.dora.notified_at", "2023-03-24T12:00:00+01:00")], "2023-12-01T00:00:00Z");
    assert_eq!(told(&clock.reports[1]).0, "2023-03-27T13:00:00+02:00");
}

/// Each row: the four times, the present, the standings, and what is told of which report.
#[test]
fn a_time_that_cannot_be_true_counts_as_not_sent() {
    const LATER: &str = "2023-05-10T12:00:00+02:00";
    for (times, standings, (of, words)) in [
        (
            ["27T14:00", "2099", "", ""],
            ["overdue", "not-computable", "not-computable"],
            (
                0,
                "impact.dora.notified_at, 2099-01-01T00:00:00+01:00, lies in the future: it cannot be true, and counts",
            ),
        ),
        (
            ["27T14:00", "27T12:58", "", ""],
            ["overdue", "not-computable", "not-computable"],
            (0, "lies before detected_at"),
        ),
        (
            ["2099", "", "", ""],
            ["overdue", "not-computable", "not-computable"],
            (0, "nothing is reckoned from it"),
        ),
        (
            ["27T14:00", "27T15:00", "27T14:30", ""],
            ["in-time", "overdue", "not-computable"],
            (1, "lies before impact.dora.notified_at"),
        ),
        (
            ["27T14:00", "27T15:00", "2099", "30T15:00"],
            ["in-time", "overdue", "not-computable"],
            (1, "lies in the future"),
        ),
        (
            ["27T14:00", "27T15:00", "29T15:00", "28T15:00"],
            ["in-time", "in-time", "overdue"],
            (2, "lies before impact.dora.intermediate_at"),
        ),
        (
            ["27T14:00", "27T15:00", "29T15:00", "2099"],
            ["in-time", "in-time", "overdue"],
            (2, "lies in the future"),
        ),
    ] {
        let paths = ["classified_at", "notified_at", "intermediate_at", "final_at"];
        let time = |text: &str| match text {
            "" => String::new(),
            "2099" => "2099-01-01T00:00:00+01:00".to_owned(),
            text => format!("2023-03-{text}:00+02:00"),
        };
        let settings: Vec<(String, String)> = std::iter::zip(paths, times)
            .map(|(path, text)| (format!("impact.dora.{path}"), time(text)))
            .collect();
        let mut pairs = vec![AWARE];
        pairs.extend(settings.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let it = clock(&pairs, LATER);
        let found: Vec<&str> = it.reports.iter().map(|one| one.standing.key()).collect();
        assert_eq!(found, standings, "{times:?}");
        let told = &it.reports[of].contradictions;
        assert!(told.len() == 1 && told[0].contains(words), "{times:?}: {told:?}");
        let others = it.reports.iter().map(|one| one.contradictions.len()).sum::<usize>();
        assert_eq!(others, 1, "{times:?}");
    }
    // What follows from such a time is not computable, and names it.
    let it = clock(&[AWARE, ("impact.dora.notified_at", "2099-01-01T00:00:00+01:00")], LATER);
    let [missing] = it.reports[1].missing.as_slice() else { panic!("{:?}", it.reports[1]) };
    let expected = ("impact.dora.notified_at", "2099-01-01T00:00:00+01:00 lies in the future");
    assert_eq!((missing.path.as_str(), missing.why.as_str()), expected);
    // Less than a minute is the minute that people round to.
    let rounded = [
        ("detected_at", "2023-03-27T13:00:30+02:00"),
        ("impact.dora.notified_at", "2023-03-27T13:00:00+02:00"),
    ];
    assert_eq!(clock(&rounded, LATER).reports[0].contradictions, [] as [String; 0]);
}

#[test]
fn a_notification_before_the_classification_is_sent_and_remarked() {
    let notified = ("impact.dora.notified_at", "2023-03-27T14:00:00+02:00");
    let classified = ("impact.dora.classified_at", "2023-03-27T16:00:00+02:00");
    let it = clock(&[AWARE, classified, notified], "2023-03-28T12:00:00+02:00");
    let report = &it.reports[0];
    assert_eq!((report.standing, report.contradictions.len()), (Standing::InTime, 0));
    assert!(report.remarks[0].contains("voluntary notification"), "{:?}", report.remarks);
    let classified = ("impact.dora.classified_at", "2023-03-27T12:00:00+02:00");
    let it = clock(&[AWARE, classified], "2023-03-28T12:00:00+02:00");
    assert!(it.reports[0].remarks[0].contains("lies before detected_at"), "{:?}", it.reports[0].remarks);
}
