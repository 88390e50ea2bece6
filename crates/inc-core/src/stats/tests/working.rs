//! Business minutes, over nights, weekends, holidays and changes of the clocks.

use super::*;
use crate::instant::Zone;

fn hours(json: &str) -> BusinessHours {
    serde_json::from_str(json).unwrap()
}

/// Business minutes between two local times of Paris, with their offsets.
#[track_caller]
fn check(given: &str, from: &str, to: &str, expected: i64) {
    let mut working = Working::of(&zone(), &hours(given));
    let (from, to) = (instant(from), instant(to));
    assert_eq!(working.minutes(from, to), expected, "{given}: {from} to {to}");
}

#[test]
fn only_working_hours_of_working_days_count() {
    // 2023-03-27 is a Monday.
    for (from, to, expected) in [
        ("2023-03-27T12:59:00+02:00", "2023-03-27T14:13:00+02:00", 74),
        ("2023-03-27T08:00:00+02:00", "2023-03-27T09:30:00+02:00", 30),
        ("2023-03-27T17:30:00+02:00", "2023-03-28T09:30:00+02:00", 60),
        ("2023-03-27T18:00:00+02:00", "2023-03-28T09:00:00+02:00", 0),
        ("2023-03-24T17:00:00+01:00", "2023-03-27T10:00:00+02:00", 120),
        ("2023-03-25T10:00:00+01:00", "2023-03-26T20:00:00+02:00", 0),
        ("2023-03-27T00:00:00+02:00", "2023-04-03T00:00:00+02:00", 5 * 540),
        ("2022-12-30T17:00:00+01:00", "2023-01-02T10:00:00+01:00", 120),
        ("2021-12-31T00:00:00+01:00", "2023-01-01T00:00:00+01:00", 261 * 540),
        ("2023-03-27T07:00:00Z", "2023-03-27T16:00:00Z", 540),
        ("2023-03-27T12:00:00+02:00", "2023-03-27T12:00:59+02:00", 0),
    ] {
        check("{}", from, to, expected);
    }
}

#[test]
fn a_holiday_is_no_working_day() {
    let given = r#"{"holidays": ["2023-03-28"]}"#;
    check(given, "2023-03-27T17:00:00+02:00", "2023-03-29T10:00:00+02:00", 120);
    check(given, "2023-03-28T09:00:00+02:00", "2023-03-28T18:00:00+02:00", 0);
}

#[test]
fn the_clock_on_the_wall_decides_when_it_is_changed() {
    let always = r#"{"days": ["mon..sun"], "from": "00:00", "to": "24:00"}"#;
    // 23 and 25 hours.
    check(always, "2023-03-26T00:00:00+01:00", "2023-03-27T00:00:00+02:00", 23 * 60);
    check(always, "2023-10-29T00:00:00+02:00", "2023-10-30T00:00:00+01:00", 25 * 60);
    check(always, "2020-01-01T00:00:00+01:00", "2023-01-01T00:00:00+01:00", 1096 * 1440);
    // 02:30 does not exist: the shift begins, or ends, at 03:00 of summer, 01:00Z.
    let late = r#"{"days": ["sun"], "from": "02:30", "to": "04:00"}"#;
    check(late, "2023-03-26T00:00:00+01:00", "2023-03-27T00:00:00+02:00", 60);
    let early = r#"{"days": ["sun"], "from": "01:00", "to": "02:30"}"#;
    check(early, "2023-03-26T00:00:00+01:00", "2023-03-27T00:00:00+02:00", 60);
    // 02:00 to 03:00 exists twice.
    let night = r#"{"days": ["sun"], "from": "01:00", "to": "04:00"}"#;
    check(night, "2023-10-29T00:00:00+02:00", "2023-10-30T00:00:00+01:00", 4 * 60);
    // The office hours of both weeks are as long.
    check("{}", "2023-03-24T09:00:00+01:00", "2023-03-24T18:00:00+01:00", 540);
    check("{}", "2023-03-27T09:00:00+02:00", "2023-03-27T18:00:00+02:00", 540);
}

#[test]
fn the_ends_of_the_calendar_are_no_trouble() {
    let mut working = Working::of(&Zone::named("Pacific/Kiritimati").unwrap(), &hours("{}"));
    let (first, last) = (instant("1970-01-01T00:00:00Z"), instant("9999-12-29T23:59:59Z"));
    let whole = working.minutes(first, last);
    assert!(whole > 8000 * 260 * 540 && whole < last.minutes_since(&first), "{whole}");
}
