//! Named time zones: from an instant to what the clock on the wall shows there, and back.
//!
//! The only file that knows jiff, which carries the tz database.

use std::fmt;

use chrono::{
    Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike,
};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::shown;
use super::{Instant, TimeError, whole_minutes};

/// A time zone of the IANA tz database, serialised as its name.
///
/// Equal by name: `UTC` and `Etc/UTC` differ, though their clocks agree.
#[derive(Clone)]
pub struct Zone(TimeZone);

/// A name that the tz database does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a time zone: {}", advice(nearest.as_deref()))]
pub struct ZoneError {
    /// The name as it was written, without control characters and shortened.
    pub name: String,
    /// The name that it most resembles, `None` if it resembles none.
    pub nearest: Option<String>,
}

/// What calendar and clock show in a zone at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Local {
    /// The day there.
    pub date: NaiveDate,
    /// The time of day there, with whatever seconds and fraction the instant has.
    pub time: NaiveTime,
    /// The zone's offset from UTC at that instant, rounded to the minute.
    pub offset: FixedOffset,
}

impl Zone {
    /// Finds a zone by its IANA name in whatever case; `name()` is then the database's own spelling.
    ///
    /// Old names (`Europe/Kiev`) are kept, not replaced by the ones that they now stand for.
    pub fn named(name: &str) -> Result<Zone, ZoneError> {
        let found = TimeZoneDatabase::bundled().get(name).ok();
        let known = found.filter(|zone| !zone.is_unknown() && zone.iana_name().is_some());
        known.map(Zone).ok_or_else(|| ZoneError { name: shown(name), nearest: nearest(name) })
    }

    /// The zone `UTC`.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// The IANA name, such as `Europe/Paris`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the calendar and the clock on the wall show here at that instant.
    pub fn local(&self, instant: Instant) -> Local {
        let seconds_east = self.seconds_east(instant);
        let there = instant.datetime().naive_utc() + TimeDelta::seconds(seconds_east.into());
        Local { date: there.date(), time: there.time(), offset: whole_minutes(seconds_east) }
    }

    /// The same instant with this zone's offset.
    pub fn instant(&self, instant: Instant) -> Instant {
        Instant(instant.datetime().with_timezone(&whole_minutes(self.seconds_east(instant))))
    }

    /// The instant at which the clock here shows this local time.
    ///
    /// Errs where that is no single instant: `Skipped` or `Twice` around a change of the clocks, with both readings,
    /// `OutOfRange` outside the years 1970 to 9999, `NoSuchClock` on a leap second.
    pub fn resolve(&self, local: NaiveDateTime) -> Result<Instant, TimeError> {
        let out_of_range = || TimeError::out_of_range(&local.format("%Y-%m-%d %H:%M").to_string());
        let civil = civil(local)?.ok_or_else(out_of_range)?;
        let reading = |offset: jiff::tz::Offset| {
            let utc = local.checked_sub_signed(TimeDelta::seconds(offset.seconds().into()));
            let at = utc.and_then(|utc| Instant::new(FixedOffset::east_opt(0)?.from_utc_datetime(&utc)).ok());
            at.map(|at| self.instant(at)).ok_or_else(out_of_range)
        };
        match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => reading(offset),
            AmbiguousOffset::Gap { before, after } => {
                let (earlier, later) = (reading(after)?, reading(before)?);
                Err(TimeError::Skipped { local, zone: self.name().into(), earlier, later })
            }
            AmbiguousOffset::Fold { before, after } => {
                let (earlier, later) = (reading(before)?, reading(after)?);
                Err(TimeError::Twice { local, zone: self.name().into(), earlier, later })
            }
        }
    }

    fn seconds_east(&self, instant: Instant) -> i32 {
        let at = jiff::Timestamp::from_second(instant.unix_seconds());
        self.0.to_offset(at.expect("an instant lies within the years that jiff knows")).seconds()
    }
}

/// jiff's form of a local time, `None` for a year that is not between 1970 and 9999.
///
/// 1969-12-31 is let through, since west of Greenwich the first hours of 1970 fall on it.
fn civil(local: NaiveDateTime) -> Result<Option<jiff::civil::DateTime>, TimeError> {
    if local.nanosecond() >= 1_000_000_000 {
        return Err(TimeError::no_such_clock(&local.time().to_string()));
    }
    if !(1969..=9999).contains(&local.year()) {
        return Ok(None);
    }
    // Each number fits: the year was just looked at, the others are below 60, the nanoseconds below a thousand million.
    let (date, time) = (local.date(), local.time());
    Ok(jiff::civil::DateTime::new(
        date.year() as i16,
        date.month() as i8,
        date.day() as i8,
        time.hour() as i8,
        time.minute() as i8,
        time.second() as i8,
        time.nanosecond() as i32,
    )
    .ok())
}

/// The zone that a misspelt name most resembles, as a whole or by its last part: `pariss` is near Europe/Paris.
fn nearest(name: &str) -> Option<String> {
    let wanted: String = name.trim().replace(' ', "_").to_lowercase();
    let tolerated = (wanted.chars().count() / 4).clamp(1, 8);
    let distance = |known: &str| {
        let whole = strsim::damerau_levenshtein(&wanted, known);
        let city = known.rsplit('/').next().unwrap_or(known);
        whole.min(strsim::damerau_levenshtein(&wanted, city))
    };
    if wanted.len() > 64 {
        return None; // no zone's name is half as long, and the comparison takes the square of it
    }
    let zones = TimeZoneDatabase::bundled();
    let measured =
        zones.available().map(|known| (distance(&known.as_str().to_lowercase()), known.as_str().to_owned()));
    measured.filter(|(far, _)| *far <= tolerated).min().map(|(_, name)| name)
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("did you mean {name}?"),
        None => "take a name of the IANA database, such as Europe/Paris, America/New_York or UTC".into(),
    }
}

impl Local {
    /// The day, as `2023-03-27`.
    pub fn day(&self) -> String {
        self.date.format("%Y-%m-%d").to_string()
    }

    /// The time of day cut to the minute, as `12:59`.
    pub fn clock(&self) -> String {
        self.time.format("%H:%M").to_string()
    }
}

/// Day and time cut to the minute, as `2023-03-27 12:59`.
impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.day(), self.clock()))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        deserializer.deserialize_str(ZoneVisitor)
    }
}

struct ZoneVisitor;

impl de::Visitor<'_> for ZoneVisitor {
    type Value = Zone;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a time zone, such as Europe/Paris")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Zone, E> {
        Zone::named(name).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name found, or the message.
    #[track_caller]
    fn check(name: &str, expected: &str) {
        let said = Zone::named(name).map_or_else(|error| error.to_string(), |zone| zone.name().to_owned());
        assert_eq!(said, expected, "{name:?}");
    }

    #[test]
    fn names_are_found_or_corrected() {
        check("Europe/Paris", "Europe/Paris");
        check("europe/PARIS", "Europe/Paris");
        check("utc", "UTC");
        check("Europe/Kiev", "Europe/Kiev");
        check("Europe/Pariss", "`Europe/Pariss` is not a time zone: did you mean Europe/Paris?");
        check("paris", "`paris` is not a time zone: did you mean Europe/Paris?");
        check("New York", "`New York` is not a time zone: did you mean America/New_York?");
        check("America/NewYork", "`America/NewYork` is not a time zone: did you mean America/New_York?");
        let advice = "take a name of the IANA database, such as Europe/Paris, America/New_York or UTC";
        check("", &format!("`` is not a time zone: {advice}"));
        check("+02:00", &format!("`+02:00` is not a time zone: {advice}"));
        check("Etc/Unknown", &format!("`Etc/Unknown` is not a time zone: {advice}"));
        check("../../etc/\u{1b}passwd", &format!("`../../etc/passwd` is not a time zone: {advice}"));
        check(&"x".repeat(1_000), &format!("`{}…` is not a time zone: {advice}", "x".repeat(39)));
    }

    #[test]
    fn the_wall_shows_day_and_clock() {
        let at = Instant::parse("2023-03-27T22:59:30.5Z").unwrap();
        let local = Zone::named("Europe/Paris").unwrap().local(at);
        assert_eq!(local.to_string(), "2023-03-28 00:59");
        assert_eq!((local.day(), local.clock()), ("2023-03-28".into(), "00:59".into()));
        assert_eq!((local.time.second(), local.offset.local_minus_utc()), (30, 7_200));
        assert_eq!(Zone::utc().instant(at), at);
    }

    #[test]
    fn an_offset_with_seconds_is_rounded() {
        let monrovia = Zone::named("Africa/Monrovia").unwrap();
        let start = Instant::from_unix(0).unwrap();
        assert_eq!(monrovia.local(start).to_string(), "1969-12-31 23:15"); // 44 min 30 s behind
        assert_eq!(monrovia.instant(start).to_string(), "1969-12-31T23:16:00-00:44");
        assert_eq!(Instant::parse("1969-12-31T23:16:00-00:44"), Ok(monrovia.instant(start)));
    }

    #[test]
    fn a_leap_second_and_absurd_years_are_refused() {
        let day = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap();
        let leap = day(2016).and_hms_milli_opt(23, 59, 59, 1_500).unwrap();
        for local in [leap, NaiveDateTime::MIN, NaiveDateTime::MAX, day(1969).into(), day(10_000).into()] {
            assert!(Zone::utc().resolve(local).is_err(), "{local}");
        }
    }

    #[test]
    fn a_zone_is_written_as_its_name() {
        let zone: Zone = serde_json::from_str("\"europe/paris\"").unwrap();
        assert_eq!(serde_json::to_string(&zone).unwrap(), "\"Europe/Paris\"");
        let message = serde_json::from_str::<Zone>("\"Europe/Lodnon\"").unwrap_err().to_string();
        assert!(message.contains("did you mean Europe/London?"), "{message}");
        let message = serde_json::from_str::<Zone>("2").unwrap_err().to_string();
        assert!(message.contains("expected the name of a time zone"), "{message}");
    }
}
