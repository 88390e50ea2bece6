//! Figures over a few incidents that one can count by hand.

mod learning;
mod properties;
mod working;

use std::sync::LazyLock;

use super::*;
use crate::action::tests::{declared, zone};
use crate::answer::Answer;
use crate::instant::Instant;
use crate::measure::TimeTo;
use crate::query::TeamField;
use crate::settings::BusinessHours;
use crate::severity::{Severity, Stay};
use crate::summary::Summary;

const RESOLVE: [(Measured, Hours); 1] = [(Measured::TimeTo(TimeTo::Resolve), Hours::Calendar)];

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// An incident that began then and took so many minutes; open where it took none.
fn incident(severity: Severity, start: &str, minutes: Option<i64>) -> Summary {
    static SOME: LazyLock<Summary> = LazyLock::new(|| Summary::of(&declared()));
    let mut of = SOME.clone();
    let start = instant(&format!("{start}T12:00:00+00:00"));
    of.severity = severity;
    of.moments.started_at = Answer::Known(start);
    of.moments.declared_at = start;
    of.moments.resolved_at = minutes.and_then(|it| start.plus(chrono::TimeDelta::minutes(it)));
    of
}

fn census(by: &[&str], asked: &[(Measured, Hours)]) -> Census {
    let groups: Vec<Group> = by.iter().map(|name| name.parse().unwrap()).collect();
    Census::by(&groups, None, asked.to_vec(), &zone(), &BusinessHours::default())
}

/// `SEV-1/2023-01 2` for each cell.
fn cells(grid: &Grid) -> Vec<String> {
    let name = |cell: &Cell| cell.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
    grid.cells.iter().map(|cell| format!("{} {}", name(cell), cell.tally.count)).collect()
}

#[test]
fn quantiles_are_durations_that_occurred() {
    let up_to = |n: i64| (1..=n).collect::<Vec<_>>();
    for (values, expected) in [
        (vec![7], (7, 7, 7, 7, 7)),
        (vec![9, 1], (1, 9, 1, 9, 5)),
        (vec![3, 1, 2], (2, 3, 1, 3, 2)),
        (vec![1, 2], (1, 2, 1, 2, 2)),
        (up_to(10), (5, 9, 1, 10, 6)),
        (up_to(11), (6, 10, 1, 11, 6)),
        (up_to(100), (50, 90, 1, 100, 51)),
        (vec![0, 0, 0, 1000], (0, 1000, 0, 1000, 250)),
        (vec![i64::MAX, i64::MAX], (i64::MAX, i64::MAX, i64::MAX, i64::MAX, i64::MAX)),
    ] {
        let it = Spread::of(&values).unwrap();
        assert_eq!((it.median, it.p90, it.min, it.max, it.mean), expected, "{values:?}");
    }
    assert_eq!(Spread::of(&[]), None);
}

#[test]
fn a_share_is_rounded_to_the_nearest_tenth() {
    for (part, of, tenths) in
        [(1, 3, Some(333)), (2, 3, Some(667)), (0, 5, Some(0)), (5, 5, Some(1000)), (0, 0, None)]
    {
        assert_eq!(share(part, of), tenths, "{part} of {of}");
    }
}

#[test]
fn periods_follow_each_other() {
    let of = |unit, day: &str| Period::of(unit, day.parse().unwrap());
    for (unit, day, name, last, next) in [
        (Unit::Month, "2023-12-31", "2023-12", "2023-12-31", "2024-01"),
        (Unit::Month, "2024-02-01", "2024-02", "2024-02-29", "2024-03"),
        (Unit::Quarter, "2023-10-01", "2023-Q4", "2023-12-31", "2024-Q1"),
        (Unit::Quarter, "2023-03-31", "2023-Q1", "2023-03-31", "2023-Q2"),
        (Unit::Year, "2023-07-01", "2023", "2023-12-31", "2024"),
    ] {
        let period = of(unit, day);
        assert_eq!(period.to_string(), name);
        assert_eq!(period.last_day().to_string(), last);
        assert_eq!(period.after(1).to_string(), next);
        assert_eq!(of(unit, &period.first_day().to_string()), period);
    }
}

#[test]
fn an_empty_period_between_others_is_told() {
    let mut census = census(&["severity", "month"], &RESOLVE);
    for (severity, start, minutes) in [
        (Severity::Sev1, "2023-01-10", Some(10)),
        (Severity::Sev1, "2023-01-11", Some(30)),
        (Severity::Sev3, "2023-03-01", None),
    ] {
        census.add(&incident(severity, start, minutes));
    }
    let grid = census.finish();
    assert_eq!(cells(&grid)[..3], ["SEV-1/2023-01 2", "SEV-1/2023-02 0", "SEV-1/2023-03 0"]);
    assert_eq!((grid.cells.len(), grid.total.count), (12, 3));
    let counts: Vec<usize> = grid.counts(1).into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [2, 0, 1]);
    let total = &grid.total.measurements(&grid.asked)[0];
    assert_eq!((total.known, total.uncomputable()), (2, 1));
    assert_eq!(total.spread.map(|it| (it.median, it.max)), Some((10, 30)));
    assert_eq!(total.hindered[0].0.to_string(), "resolved_at missing");
}

#[test]
fn a_month_begins_where_the_repository_is() {
    let mut census = census(&["month"], &[]);
    let mut of = incident(Severity::Sev1, "2023-01-01", None);
    of.moments.started_at = Answer::Known(instant("2023-01-31T23:30:00+00:00"));
    census.add(&of);
    assert_eq!(cells(&census.finish()), ["2023-02 1"]);
}

#[test]
fn texts_go_by_their_number_and_what_is_no_text_comes_last() {
    let mut census = census(&["detected-via"], &[]);
    let line = |text: &str| Answer::Known(text.parse().unwrap());
    for via in
        [Answer::Missing, line("b"), line("a"), Answer::Unknown, line("c"), line("c"), Answer::NotApplicable]
    {
        census.add(&Summary { detected_via: via, ..incident(Severity::Sev1, "2023-01-01", None) });
    }
    let grid = census.finish();
    assert_eq!(cells(&grid), ["c 2", "a 1", "b 1", "unknown 1", "n/a 1", "- 1"]);
    assert_eq!(grid.keys[0].iter().filter(|key| key.is_known()).count(), 3);
    assert_eq!(grid.unasked().count(), 0);
}

#[test]
fn what_nobody_was_asked_is_nothing_to_group_by() {
    let mut census = census(&["severity", "team"], &[]);
    let mut of = incident(Severity::Sev1, "2023-01-01", None);
    of.team = Default::default();
    census.add(&of);
    assert_eq!(census.finish().unasked().collect::<Vec<_>>(), [Group::Team(TeamField::TechTeam)]);
}

#[test]
fn a_root_cause_counts_as_deep_as_was_asked() {
    for (depth, expected) in [
        (None, vec!["a > b > c 1", "a > b > d 1", "unknown 1"]),
        (Some(2), vec!["a > b 2", "unknown 1"]),
        (Some(9), vec!["a > b > c 1", "a > b > d 1", "unknown 1"]),
    ] {
        let mut census = Census::by(&[Group::RootCause], depth, vec![], &zone(), &BusinessHours::default());
        for path in [Some("abc"), Some("abd"), None] {
            let parts = |path: &str| path.chars().map(|c| c.to_string().parse().unwrap()).collect();
            let root_cause = path.map_or(Answer::Unknown, |path| Answer::Known(parts(path)));
            census.add(&Summary { root_cause, ..incident(Severity::Sev1, "2023-01-01", None) });
        }
        assert_eq!(cells(&census.finish()), expected);
    }
}

#[test]
fn nothing_counted_is_nothing_and_no_failure() {
    for by in [&[][..], &["month"], &["severity", "month"], &["team", "commander"]] {
        let grid = census(by, &RESOLVE).finish();
        assert_eq!(grid.total.count, 0);
        assert_eq!(grid.total.measurements(&grid.asked)[0].spread, None);
        assert_eq!(grid.unasked().count(), 0);
    }
}

#[test]
fn time_in_a_severity_is_told_of_those_that_were_in_it() {
    let mut working = Working::of(&zone(), &BusinessHours::default());
    let mut of = incident(Severity::Sev2, "2023-01-01", None);
    of.stay =
        Stay { seconds: Ok([90, 0, 0, 0]), growing: Some((Severity::Sev2, instant("2023-01-01T12:00:00Z"))) };
    for (severity, hours, expected) in [
        (Severity::Sev1, Hours::Calendar, Ok(Some(1))),
        (Severity::Sev1, Hours::Business, Err(Why::Sum)),
        (Severity::Sev2, Hours::Calendar, Err(Why::Growing)),
        (Severity::Sev3, Hours::Calendar, Ok(None)),
    ] {
        assert_eq!(Measured::TimeIn(severity).read(&of, hours, &mut working), expected);
    }
    of.stay.seconds = Err("the entries contradict each other".into());
    let read = Measured::TimeIn(Severity::Sev1).read(&of, Hours::Calendar, &mut working);
    assert_eq!(read, Err(Why::Untold));
}

#[test]
fn a_change_of_few_says_nothing() {
    for (before, now, by, few) in [
        ((Some(10), 5), (Some(7), 6), Some(-3), false),
        ((Some(10), 4), (Some(7), 6), Some(-3), true),
        ((Some(10), 6), (Some(7), 4), Some(-3), true),
        ((None, 0), (Some(7), 6), None, true),
    ] {
        assert_eq!(change(before, now), Change { by, few });
    }
}

#[test]
fn groups_and_durations_are_named_or_corrected() {
    for (name, group) in Group::NAMES {
        assert_eq!(name.parse(), Ok(group));
        assert_eq!(group.to_string(), name);
    }
    for measured in Measured::all() {
        assert_eq!(measured.name().parse(), Ok(measured));
        assert_eq!(measured.name().replace('_', "-").parse(), Ok(measured));
    }
    let wrong = |text: &str| text.parse::<Group>().unwrap_err();
    assert!(wrong("sevrity").contains("did you mean `severity`?"));
    assert!(wrong("\u{1b}").contains("known are: severity, status, month"));
    assert!("time_to_fix".parse::<Measured>().unwrap_err().contains("time_to_"));
    let check = |names: &[&str]| {
        let groups: Vec<Group> = names.iter().map(|name| name.parse().unwrap()).collect();
        check_groups(&groups).err().unwrap_or_default()
    };
    assert_eq!(check(&[]) + &check(&["month"]) + &check(&["severity", "month"]), "");
    assert!(check(&["team", "team.tech_team"]).contains("stands twice"));
    assert!(check(&["month", "year"]).contains("both of the calendar"));
    assert!(check(&["month", "team", "status"]).contains("two at the most"));
}
