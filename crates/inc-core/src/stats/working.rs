//! Business time between two instants: the working hours of working days, as the clock on the wall shows them.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::instant::{Instant, TimeError, Zone};
use crate::settings::BusinessHours;

/// The working hours of a team in its zone; each year is laid out once.
#[derive(Debug)]
pub struct Working {
    zone: Zone,
    hours: BusinessHours,
    years: HashMap<i32, Year>,
}

/// The working hours of one year, by day; in seconds since 1970.
#[derive(Debug)]
struct Year {
    /// From when to when on each day of the year; the two are equal on a day without work.
    shifts: Vec<(i64, i64)>,
    /// How long was worked before each day, and in the whole year at the end.
    before: Vec<i64>,
}

impl Working {
    /// The working hours of these settings.
    pub fn of(zone: &Zone, hours: &BusinessHours) -> Self {
        Self { zone: zone.clone(), hours: hours.clone(), years: HashMap::new() }
    }

    /// Whole business minutes between two instants, the earlier one first; never more than the minutes of the calendar.
    ///
    /// A shift begins and ends when the clock on the wall first shows its hour, or a later one where that hour is
    /// skipped; an hour that the wall shows twice within a shift counts twice.
    pub fn minutes(&mut self, from: Instant, to: Instant) -> i64 {
        let (first, last) = (self.zone.local(from).date, self.zone.local(to).date);
        let years = (first.year() + 1..last.year()).map(|year| self.year(year).whole()).sum::<i64>();
        let start = self.year(first.year()).until(first, from.unix_seconds());
        let end = self.year(last.year()).until(last, to.unix_seconds());
        let whole = if first.year() == last.year() { 0 } else { self.year(first.year()).whole() };
        let minutes = (years + whole + end - start) / 60;
        // Instants have fractions of seconds, shifts have not.
        minutes.min(to.minutes_since(&from)).max(0)
    }

    fn year(&mut self, year: i32) -> &Year {
        let (zone, hours) = (&self.zone, &self.hours);
        self.years.entry(year).or_insert_with(|| Year::of(year, zone, hours))
    }
}

impl Year {
    fn of(year: i32, zone: &Zone, hours: &BusinessHours) -> Self {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN);
        let days = first.iter_days().take_while(|day| day.year() == year);
        let shifts: Vec<(i64, i64)> = days.map(|day| shift(day, zone, hours)).collect();
        let mut sum = 0;
        let mut before = vec![0];
        before.extend(shifts.iter().map(|(from, to)| {
            sum += to - from;
            sum
        }));
        Self { shifts, before }
    }

    fn whole(&self) -> i64 {
        self.before.last().copied().unwrap_or_default()
    }

    /// How long was worked in this year until a moment of that day.
    fn until(&self, day: NaiveDate, at: i64) -> i64 {
        let place = day.ordinal0() as usize;
        let (from, to) = self.shifts.get(place).copied().unwrap_or_default();
        self.before.get(place).copied().unwrap_or_default() + at.clamp(from, to) - from
    }
}

/// From when to when is worked on a day.
fn shift(day: NaiveDate, zone: &Zone, hours: &BusinessHours) -> (i64, i64) {
    if !hours.works_on(day.weekday()) || hours.holidays.binary_search(&day).is_ok() {
        return (0, 0);
    }
    let edge = |minutes: u16| {
        let midnight = day + Days::new(u64::from(minutes / 1440));
        first_shown(midnight.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minutes % 1440)), zone)
    };
    match (edge(hours.from.minutes()), edge(hours.to.minutes())) {
        (Some(from), Some(to)) if from < to => (from, to),
        // At the very ends of the calendar, or where the whole shift is skipped.
        _ => (0, 0),
    }
}

/// When the clock on the wall first shows this time or a later one; `None` outside the years 1970 to 9999.
fn first_shown(local: NaiveDateTime, zone: &Zone) -> Option<i64> {
    match zone.resolve(local) {
        Ok(at) => Some(at.unix_seconds()),
        Err(TimeError::Twice { earlier, .. }) => Some(earlier.unix_seconds()),
        Err(TimeError::Skipped { earlier, later, .. }) => {
            let (mut before, mut after) = (earlier.unix_seconds(), later.unix_seconds());
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                let shown = zone.local(Instant::from_unix(middle).ok()?);
                match shown.date.and_time(shown.time) >= local {
                    true => after = middle,
                    false => before = middle,
                }
            }
            Some(after)
        }
        Err(_) => None,
    }
}
