//! What a phrase means, said now and in this zone.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

use super::phrase::{self, DayPhrase, Phrase, Span};
use super::{Instant, TimeError, Zone, at_offset};

/// Reads what people type for a time: RFC 3339, `2023-03-27 12:59`, `12:59`, `13h10`, `1:10pm`, `yesterday 14:00`,
/// `monday 09:00`, `10 min ago`, `-15m`, `1h30m ago`, `now`, `@1679914740`; case and blanks around do not matter.
///
/// A time of day alone is today's, or yesterday's if that lies in the future; a weekday is the last one on which that
/// time has passed, today included. Hours, minutes and seconds ago are elapsed time; days and weeks ago are days of
/// the calendar, at the same local time. A full date and `today` may lie in the future: the caller decides.
///
/// A time that was given its offset keeps it; every other has the zone's. Errs on anything else, and with both
/// readings where the zone's clocks skip the local time or show it twice, even if only today's reading of a time of
/// day is such a one: nothing is guessed.
pub fn understand(text: &str, now: Instant, zone: &Zone) -> Result<Instant, TimeError> {
    let today = zone.local(now).date;
    let on = |date: Option<NaiveDate>, time: NaiveTime| {
        let date = date.ok_or_else(|| TimeError::out_of_range(text))?;
        zone.resolve(date.and_time(time))
    };
    let passed = |date: Option<NaiveDate>, time: NaiveTime, period: i64| match on(date, time)? {
        at if at.since(&now) > TimeDelta::zero() => on(date.and_then(|date| shifted(date, -period)), time),
        at => Ok(at),
    };
    match phrase::read(text)? {
        Phrase::Now => Ok(zone.instant(now)),
        Phrase::Unix(seconds) => {
            Instant::from_unix(seconds).map(|at| zone.instant(at)).map_err(|_| TimeError::out_of_range(text))
        }
        Phrase::Ago(span) => ago(span, text, now, zone),
        Phrase::Stamp(local, offset) => at_offset(local, offset, text),
        Phrase::Local(local) => zone.resolve(local),
        Phrase::Clock(time) => passed(Some(today), time, 1),
        Phrase::Today(time) => on(Some(today), time),
        Phrase::Yesterday(time) => on(today.pred_opt(), time),
        Phrase::On(weekday, time) => passed(shifted(today, -days_since(weekday, today)), time, 7),
    }
}

/// Reads what people type for a day: `2023-03-28`, `today`, `tomorrow`, `yesterday`, `in 3 days`, `in 2 weeks`, `+7d`,
/// `3 days ago`, `monday` or `next monday`, in whatever case.
///
/// Days are mostly due dates, so a weekday is here the next one, with or without `next`, and never today: said on a
/// Monday, `monday` is in seven days. (In `understand` it is the past one.) Errs on anything else, on a date that the
/// calendar does not have, and outside the years 1970 to 9999.
pub fn understand_day(text: &str, now: Instant, zone: &Zone) -> Result<NaiveDate, TimeError> {
    let today = zone.local(now).date;
    let date = match phrase::read_day(text)? {
        DayPhrase::Date(date) => Some(date),
        DayPhrase::Shift(days) => shifted(today, days),
        DayPhrase::Next(weekday) => shifted(today, 7 - days_since(weekday, today)),
    };
    date.filter(|date| (1970..=9999).contains(&date.year())).ok_or_else(|| TimeError::out_of_range(text))
}

fn ago(span: Span, text: &str, now: Instant, zone: &Zone) -> Result<Instant, TimeError> {
    let out_of_range = || TimeError::out_of_range(text);
    match span {
        // Today's own local time needs no resolving: it may be one that comes twice.
        Span::Days(0) => Ok(zone.instant(now)),
        Span::Days(days) => {
            let local = zone.local(now);
            let date = shifted(local.date, -days).ok_or_else(out_of_range)?;
            let at = zone.resolve(date.and_time(local.time));
            at.map_err(|error| quoting(error, text))
        }
        Span::Seconds(seconds) => {
            let elapsed = TimeDelta::try_seconds(-seconds);
            let at = elapsed.and_then(|elapsed| now.plus(elapsed));
            at.map(|at| zone.instant(at)).ok_or_else(out_of_range)
        }
    }
}

/// Out of range is said of what was typed, not of the date that it led to.
fn quoting(error: TimeError, text: &str) -> TimeError {
    match error {
        TimeError::OutOfRange { .. } => TimeError::out_of_range(text),
        other => other,
    }
}

fn shifted(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    date.checked_add_signed(TimeDelta::try_days(days)?)
}

/// How many days ago that weekday last was, 0 to 6; 0 is today.
fn days_since(weekday: Weekday, today: NaiveDate) -> i64 {
    today.weekday().days_since(weekday).into()
}

#[cfg(test)]
mod tests;
