//! The phrases, row by row, and what holds of any text, instant and zone.

use proptest::prelude::*;

use super::*;

const PARIS: &str = "Europe/Paris";
/// A Monday.
const NOW: &str = "2023-03-27T14:30:00+02:00";

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// What is understood, or the error's message; `expected` is the instant, or a piece of the message after `!`.
#[track_caller]
fn check(text: &str, now: &str, zone_name: &str, expected: &str) {
    let said = understand(text, at(now), &zone(zone_name));
    compare(text, said.map(|at| at.to_string()), expected);
}

#[track_caller]
fn check_day(text: &str, now: &str, expected: &str) {
    let said = understand_day(text, at(now), &zone(PARIS));
    compare(text, said.map(|day| day.to_string()), expected);
}

#[track_caller]
fn compare(text: &str, said: Result<String, TimeError>, expected: &str) {
    match (said, expected.strip_prefix('!')) {
        (Ok(said), None) => assert_eq!(said, expected, "{text:?}"),
        (Err(error), Some(words)) => {
            assert!(error.to_string().contains(words), "{text:?}: {error}, expected: {words}");
        }
        (said, _) => panic!("{text:?}: {said:?}, expected: {expected}"),
    }
}

#[test]
fn each_form_is_understood() {
    for (text, expected) in [
        ("2023-03-27T12:59:00+02:00", "2023-03-27T12:59:00+02:00"),
        ("2023-03-27 12:59:00+02:00", "2023-03-27T12:59:00+02:00"),
        ("2023-03-27T10:59:00Z", "2023-03-27T10:59:00+00:00"),
        ("2023-03-27t10:59:00.250z", "2023-03-27T10:59:00.250+00:00"),
        ("2023-03-27T10:59Z", "2023-03-27T10:59:00+00:00"),
        ("2023-03-27 05:59:00 -0500", "2023-03-27T05:59:00-05:00"),
        ("2023-03-27 12:59:00+02", "2023-03-27T12:59:00+02:00"),
        ("2023-03-27 12:59", "2023-03-27T12:59:00+02:00"),
        ("2023-03-27 12:59:30", "2023-03-27T12:59:30+02:00"),
        ("2023-03-27T12:59", "2023-03-27T12:59:00+02:00"),
        ("2023-01-27 12:59", "2023-01-27T12:59:00+01:00"),
        ("2023-03-27 1:10pm", "2023-03-27T13:10:00+02:00"),
        ("2024-02-29 00:00", "2024-02-29T00:00:00+01:00"),
        ("2051-04-02 12:59", "2051-04-02T12:59:00+02:00"),
        ("12:59", "2023-03-27T12:59:00+02:00"),
        ("14:30", "2023-03-27T14:30:00+02:00"),
        ("14:31", "2023-03-26T14:31:00+02:00"),
        ("12:59:30", "2023-03-27T12:59:30+02:00"),
        ("9:05", "2023-03-27T09:05:00+02:00"),
        ("13h10", "2023-03-27T13:10:00+02:00"),
        ("13H", "2023-03-27T13:00:00+02:00"),
        ("0h05", "2023-03-27T00:05:00+02:00"),
        ("1:10pm", "2023-03-27T13:10:00+02:00"),
        ("1:10 PM", "2023-03-27T13:10:00+02:00"),
        ("1pm", "2023-03-27T13:00:00+02:00"),
        ("12am", "2023-03-27T00:00:00+02:00"),
        ("12pm", "2023-03-27T12:00:00+02:00"),
        ("11pm", "2023-03-26T23:00:00+02:00"),
        ("yesterday 14:00", "2023-03-26T14:00:00+02:00"),
        ("Yesterday  1pm", "2023-03-26T13:00:00+02:00"),
        ("today 14:00", "2023-03-27T14:00:00+02:00"),
        ("today 18:00", "2023-03-27T18:00:00+02:00"),
        ("monday 09:00", "2023-03-27T09:00:00+02:00"),
        ("mon 14:30", "2023-03-27T14:30:00+02:00"),
        ("monday 14:31", "2023-03-20T14:31:00+01:00"),
        ("tuesday 09:00", "2023-03-21T09:00:00+01:00"),
        ("SUN 09:00", "2023-03-26T09:00:00+02:00"),
        ("10 min ago", "2023-03-27T14:20:00+02:00"),
        ("2 minutes ago", "2023-03-27T14:28:00+02:00"),
        ("-15m", "2023-03-27T14:15:00+02:00"),
        ("-1h30m", "2023-03-27T13:00:00+02:00"),
        ("1h30m ago", "2023-03-27T13:00:00+02:00"),
        ("1h 30m ago", "2023-03-27T13:00:00+02:00"),
        ("1 hour 30 minutes ago", "2023-03-27T13:00:00+02:00"),
        ("90s ago", "2023-03-27T14:28:30+02:00"),
        ("0 min ago", "2023-03-27T14:30:00+02:00"),
        ("2 days ago", "2023-03-25T14:30:00+01:00"),
        ("1 week ago", "2023-03-20T14:30:00+01:00"),
        ("1 week 2 days ago", "2023-03-18T14:30:00+01:00"),
        ("48 hours ago", "2023-03-25T13:30:00+01:00"),
        ("now", "2023-03-27T14:30:00+02:00"),
        ("  NOW\n", "2023-03-27T14:30:00+02:00"),
        ("@1679914740", "2023-03-27T12:59:00+02:00"),
        ("@0", "1970-01-01T01:00:00+01:00"),
    ] {
        check(text, NOW, PARIS, expected);
    }
}

#[test]
fn everything_else_is_refused_with_what_to_type() {
    for text in [
        "",
        " ",
        "soon",
        "14",
        "yesterday",
        "yesterday 14",
        "monday",
        "tomorrow 09:00",
        "in 10 min",
        "last monday 09:00",
        "10 min",
        "10 ago",
        "ago",
        "-15",
        "-",
        "- ago",
        "5m 5m ago",
        "5m 1h ago",
        "1 day 2 hours ago",
        "2 hours 1 day ago",
        "1w5s ago",
        "1.5 hours ago",
        "1 month ago",
        "-10 min ago",
        "+10m",
        "13h5",
        "13h10m",
        "13h10pm",
        "1:1",
        "12:59 14:00",
        "12:59Z",
        "27/03/2023 12:59",
        "2023-3-27 12:59",
        "2023-03-27",
        "2023-03-27x12:59",
        "2023-03-27T",
        "12023-03-27 12:59",
        "@",
        "@-5",
        "@1.5",
        "now ago",
        "noww",
        "١٢:٥٩",
        "12：59",
        "2023-03-27 12:59 0200",
        "2023-03-27 12:59 +2",
    ] {
        check(
            text,
            NOW,
            PARIS,
            &format!("!`{}` is not a time: write for example 2023-03-27T12:59:00+02:00", text.trim()),
        );
    }
}

#[test]
fn what_cannot_be_is_named() {
    for (text, words) in [
        ("2023-02-30 12:00", "there is no 2023-02-30 in the calendar"),
        ("2023-02-29 12:00", "there is no 2023-02-29 in the calendar"),
        ("2023-13-01T12:00:00Z", "there is no 2023-13-01"),
        ("25:00", "`25:00` is not a time of day"),
        ("24:00", "`24:00` is not a time of day"),
        ("12:60", "`12:60` is not a time of day"),
        ("13pm", "`13pm` is not a time of day"),
        ("0am", "`0am` is not a time of day"),
        ("99h", "`99h` is not a time of day"),
        ("2023-03-27T12:59:60Z", "`12:59:60` is not a time of day"),
        ("2023-03-27 12:59+99:00", "`+99:00` is not an offset"),
        ("2023-03-27 12:59-02:75", "`-02:75` is not an offset"),
        ("@99999999999999999999", "`@99999999999999999999` lies outside"),
        ("@1679914740000", "`@1679914740000` lies outside the years 1970 to 9999"),
        ("99999999999999999999 min ago", "lies outside"),
        ("9223372036854775807 weeks ago", "lies outside"),
        ("9223372036854775807s ago", "`9223372036854775807s ago` lies outside"),
        ("99999999999 days ago", "`99999999999 days ago` lies outside"),
        ("-1000000h", "`-1000000h` lies outside"),
        ("20000 days ago", "`20000 days ago` lies outside"),
        ("0000-01-01 00:00", "`0000-01-01 00:00` lies outside"),
        ("9999-12-31T23:59:59Z", "`9999-12-31T23:59:59Z` lies outside"),
        ("1969-12-31 23:00:00Z", "`1969-12-31 23:00:00Z` lies outside"),
    ] {
        check(text, NOW, PARIS, &format!("!{words}"));
    }
}

#[test]
fn a_quoted_text_is_short_and_harmless() {
    check("\u{1b}[31mred\u{7}", NOW, PARIS, "!`[31mred` is not a time");
    check("a\u{202e}b\u{200b}c", NOW, PARIS, "!`abc` is not a time");
    check(&"x".repeat(5_000), NOW, PARIS, &format!("!`{}…` is not a time", "x".repeat(39)));
}

#[test]
fn midnight_and_the_turn_of_the_year_are_crossed() {
    for (text, now, expected) in [
        ("23:50", "2023-03-28T00:10:00+02:00", "2023-03-27T23:50:00+02:00"),
        ("00:05", "2023-03-28T00:10:00+02:00", "2023-03-28T00:05:00+02:00"),
        ("23:50", "2024-01-01T00:10:00+01:00", "2023-12-31T23:50:00+01:00"),
        ("15 min ago", "2024-01-01T00:10:00+01:00", "2023-12-31T23:55:00+01:00"),
        ("yesterday 23:00", "2024-01-01T00:10:00+01:00", "2023-12-31T23:00:00+01:00"),
        ("sunday 23:00", "2024-01-01T00:10:00+01:00", "2023-12-31T23:00:00+01:00"),
        ("23:50", "2024-03-01T00:10:00+01:00", "2024-02-29T23:50:00+01:00"),
        ("1 day ago", "2024-03-01T12:00:00+01:00", "2024-02-29T12:00:00+01:00"),
        ("1 day ago", "2023-03-01T12:00:00+01:00", "2023-02-28T12:00:00+01:00"),
        // The day is the zone's: in Paris it is tomorrow already.
        ("00:05", "2023-03-27T22:10:00Z", "2023-03-28T00:05:00+02:00"),
        ("now", "2023-03-27T22:10:00.5Z", "2023-03-28T00:10:00.500+02:00"),
    ] {
        check(text, now, PARIS, expected);
    }
}

#[test]
fn changes_of_the_clocks_are_never_guessed_at() {
    let skipped = "!2023-03-26 02:30 does not exist in Europe/Paris, where the clocks jump over it: write \
                   2023-03-26T01:30:00+01:00 or 2023-03-26T03:30:00+02:00";
    let twice = "!2023-10-29 02:30 comes twice in Europe/Paris, where the clocks go back: write \
                 2023-10-29T02:30:00+02:00 for the first or 2023-10-29T02:30:00+01:00 for the second";
    for (text, now, expected) in [
        ("2023-03-26 02:30", NOW, skipped),
        ("2023-10-29 02:30", NOW, twice),
        ("02:30", "2023-03-26T12:00:00+02:00", skipped),
        ("02:30", "2023-10-29T12:00:00+01:00", twice),
        ("02:30", "2023-10-29T01:00:00+02:00", twice),
        ("02:30", "2023-10-30T01:00:00+01:00", twice),
        ("yesterday 2:30am", NOW, skipped),
        ("sunday 02:30", NOW, skipped),
        ("1 day ago", "2023-03-27T02:30:00+02:00", skipped),
        ("2023-03-26 01:59:59", NOW, "2023-03-26T01:59:59+01:00"),
        ("2023-03-26 03:00", NOW, "2023-03-26T03:00:00+02:00"),
        ("2023-03-26 02:00:30", NOW, "!2023-03-26 02:00:30 does not exist"),
        ("2023-10-29 01:59", NOW, "2023-10-29T01:59:00+02:00"),
        ("2023-10-29 03:00", NOW, "2023-10-29T03:00:00+01:00"),
        // Elapsed time knows no doubt.
        ("1 hour ago", "2023-03-26T03:15:00+02:00", "2023-03-26T01:15:00+01:00"),
        ("1 hour ago", "2023-10-29T02:30:00+01:00", "2023-10-29T02:30:00+02:00"),
        ("now", "2023-10-29T02:30:00+01:00", "2023-10-29T02:30:00+01:00"),
        ("0 days ago", "2023-10-29T02:30:00+01:00", "2023-10-29T02:30:00+01:00"),
        ("24 hours ago", "2023-03-26T12:00:00+02:00", "2023-03-25T11:00:00+01:00"),
        ("1 day ago", "2023-03-26T12:00:00+02:00", "2023-03-25T12:00:00+01:00"),
        // An offset that was given settles it.
        ("2023-10-29 02:30+01:00", NOW, "2023-10-29T02:30:00+01:00"),
    ] {
        check(text, now, PARIS, expected);
    }
    let elsewhere = "2023-12-01T00:00:00Z";
    for (zone_name, text, expected) in [
        (
            "Australia/Sydney",
            "2023-10-01 02:30",
            "!write 2023-10-01T01:30:00+10:00 or 2023-10-01T03:30:00+11:00",
        ),
        (
            "Australia/Sydney",
            "2023-04-02 02:30",
            "!write 2023-04-02T02:30:00+11:00 for the first or 2023-04-02T02:30:00+10:00",
        ),
        (
            "Australia/Lord_Howe",
            "2023-10-01 02:15",
            "!write 2023-10-01T01:45:00+10:30 or 2023-10-01T02:45:00+11:00",
        ),
        (
            "Australia/Lord_Howe",
            "2023-04-02 01:45",
            "!write 2023-04-02T01:45:00+11:00 for the first or 2023-04-02T01:45:00+10:30",
        ),
        ("Asia/Kolkata", "2023-03-27 12:59", "2023-03-27T12:59:00+05:30"),
        ("Asia/Kathmandu", "now", "2023-12-01T05:45:00+05:45"),
        ("America/New_York", "21:00", "2023-11-29T21:00:00-05:00"),
        ("Pacific/Apia", "2011-12-30 12:00", "!write 2011-12-29T12:00:00-10:00 or 2011-12-31T12:00:00+14:00"),
        ("UTC", "2023-03-26 02:30", "2023-03-26T02:30:00+00:00"),
    ] {
        check(text, elsewhere, zone_name, expected);
    }
}

#[test]
fn days_are_understood() {
    for (text, expected) in [
        ("2023-03-28", "2023-03-28"),
        (" 2024-02-29 ", "2024-02-29"),
        ("today", "2023-03-27"),
        ("Yesterday", "2023-03-26"),
        ("TOMORROW", "2023-03-28"),
        ("monday", "2023-04-03"),
        ("next monday", "2023-04-03"),
        ("tue", "2023-03-28"),
        ("next  sun", "2023-04-02"),
        ("in 3 days", "2023-03-30"),
        ("in 1 day", "2023-03-28"),
        ("in 2 weeks", "2023-04-10"),
        ("+7d", "2023-04-03"),
        ("3 days ago", "2023-03-24"),
        ("in 0 days", "2023-03-27"),
        ("2023-02-30", "!there is no 2023-02-30 in the calendar"),
        ("2023-02-29", "!there is no 2023-02-29 in the calendar"),
        ("0000-01-01", "!`0000-01-01` lies outside the years 1970 to 9999"),
        ("in 99999999999999999999 days", "!lies outside"),
        ("in 9999999 days", "!`in 9999999 days` lies outside"),
        ("99999 days ago", "!`99999 days ago` lies outside"),
        ("", "!`` is not a day"),
        ("2023-03-28 12:00", "!`2023-03-28 12:00` is not a day: write for example 2023-03-28"),
        ("28/03/2023", "!is not a day"),
        ("in 3 hours", "!is not a day"),
        ("3 days", "!is not a day"),
        ("last monday", "!is not a day"),
        ("next week", "!is not a day"),
        ("now", "!is not a day"),
    ] {
        check_day(text, NOW, expected);
    }
    check_day("today", "2023-12-31T23:30:00Z", "2024-01-01");
    check_day("tomorrow", "2024-02-28T12:00:00+01:00", "2024-02-29");
}

const ZONES: [&str; 9] = [
    PARIS,
    "UTC",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Africa/Monrovia",
];

fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(&ZONES[..]).prop_map(zone)
}

/// Any instant under any offset, most of them in our days.
fn any_instant() -> impl Strategy<Value = Instant> {
    let seconds = prop_oneof![3 => 1_000_000_000_i64..2_000_000_000, 1 => 0_i64..253_402_127_999];
    let nanos = prop_oneof![Just(0_i64), Just(250_000_000), 0_i64..1_000_000_000];
    (seconds, nanos, -1_439_i32..=1_439).prop_map(|(seconds, nanos, minutes)| {
        let utc = Instant::from_unix(seconds).unwrap().plus(TimeDelta::nanoseconds(nanos)).unwrap();
        let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        Instant::new(utc.datetime().with_timezone(&offset)).unwrap()
    })
}

/// Nearly a phrase: pieces of the grammar, with a wild one now and then.
fn nearly_a_phrase() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => prop::sample::select(&["now", "ago", "monday", "yesterday", "in", "next", "@", "-", "+", ":", "h", "m", "d", "am",
            "pm", " ", ".", "T", "Z", "2023-03-26", "02:30", "12", "9", "00", "min", "99999999999"][..]).prop_map(String::from),
        2 => "[0-9]{1,25}",
        1 => ".{1,3}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics(text in prop_oneof![any::<String>(), nearly_a_phrase()], now in any_instant(), zone in any_zone()) {
        let _ = understand(&text, now, &zone).map_err(|error| error.to_string());
        let _ = understand_day(&text, now, &zone).map_err(|error| error.to_string());
        let _ = Instant::parse(&text).map_err(|error| error.to_string());
        let _ = Zone::named(&text).map_err(|error| error.to_string());
    }

    #[test]
    fn what_is_shown_is_understood(instant in any_instant(), now in any_instant(), zone in any_zone()) {
        prop_assert_eq!(understand(&instant.to_string(), now, &zone), Ok(instant));
        prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
    }

    #[test]
    fn a_time_of_day_is_the_last_that_passed(hour in 0..24, minute in 0..60, now in any_instant(), zone in any_zone()) {
        if let Ok(at) = understand(&format!("{hour:02}:{minute:02}"), now, &zone) {
            let minutes = now.minutes_since(&at);
            prop_assert!(now.since(&at) >= TimeDelta::zero() && minutes <= 25 * 60, "{at} at {now} in {zone}");
        }
    }

    #[test]
    fn a_weekday_is_within_the_week(day in prop::sample::select(&["mon", "wed", "sun"][..]), now in any_instant(), zone in any_zone()) {
        if let Ok(at) = understand(&format!("{day} 14:00"), now, &zone) {
            prop_assert!(now.since(&at) >= TimeDelta::zero() && now.minutes_since(&at) <= (7 * 24 + 1) * 60);
        }
        let due = understand_day(day, now, &zone);
        if let Ok(due) = due {
            prop_assert!((1..=7).contains(&(due - zone.local(now).date).num_days()));
        }
    }

    #[test]
    fn local_and_resolve_are_inverse(instant in any_instant(), zone in any_zone()) {
        let here = zone.instant(instant);
        let local = zone.local(instant);
        match zone.resolve(local.date.and_time(local.time)) {
            Ok(at) => prop_assert_eq!(at, here),
            Err(TimeError::Twice { earlier, later, .. }) => prop_assert!(earlier < later && (here == earlier || here == later)),
            // The other of two readings may lie before 1970.
            Err(error) => prop_assert!(matches!(error, TimeError::OutOfRange { .. }), "{error}"),
        }
    }

    #[test]
    fn the_readings_that_are_offered_can_be_typed_back(minutes in 0_i64..30_000_000, zone in any_zone(), now in any_instant()) {
        let local = NaiveDate::from_ymd_opt(1975, 1, 1).unwrap().and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
        if let Err(TimeError::Skipped { earlier, later, .. } | TimeError::Twice { earlier, later, .. }) = zone.resolve(local) {
            prop_assert!(earlier < later);
            for reading in [earlier, later] {
                prop_assert_eq!(understand(&reading.to_string(), now, &zone), Ok(reading));
                prop_assert_eq!(zone.instant(reading), reading);
            }
        }
    }
}
