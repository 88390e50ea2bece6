//! Instants that carry their offset, named time zones, and what people type for a time.
//!
//! There is no clock in here: whoever asks what "now" or "yesterday" means passes the present instant. The zones
//! are the tz database inside the program, so that a record reads the same on every machine; no file is opened.

mod error;
mod phrase;
mod understand;
mod zone;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use error::TimeError;
pub use understand::{understand, understand_day};
pub use zone::{Local, Zone, ZoneError};

use phrase::Phrase;

/// 9999-12-30T00:00:00Z: later than this, some offset would need a year of five digits.
const END: i64 = 253_402_128_000;

/// A point in time with the offset under which it was written.
///
/// Two instants are equal only if their offsets are too: 12:59+02:00 is not 10:59Z, so that no comparison of records
/// overlooks a rewritten offset. They are ordered by the point in time, then by the offset. Always between 1970 and
/// 9999 (in UTC, short of the last two days), with an offset of whole minutes and no leap second, so that the text
/// can be read back. Shown and serialised as RFC 3339, `2023-03-27T12:59:00+02:00`, with a fraction only where there
/// is one and `+00:00` for UTC.
#[derive(Clone, Copy)]
pub struct Instant(DateTime<FixedOffset>);

impl Instant {
    /// Takes chrono's value; an offset with seconds (Monrovia until 1972) is rounded to the minute.
    ///
    /// Errs outside the years 1970 to 9999 and on a leap second.
    pub fn new(at: DateTime<FixedOffset>) -> Result<Instant, TimeError> {
        if at.nanosecond() >= 1_000_000_000 {
            return Err(TimeError::no_such_clock(&at.time().to_string()));
        }
        if !(0..END).contains(&at.timestamp()) {
            return Err(TimeError::out_of_range(&at.to_rfc3339()));
        }
        Ok(Instant(at.with_timezone(&whole_minutes(at.offset().local_minus_utc()))))
    }

    /// Reads RFC 3339 with its offset and nothing else, as the files have it; `understand` reads what people type.
    pub fn parse(text: &str) -> Result<Instant, TimeError> {
        if !phrase::is_rfc3339(text) {
            return Err(TimeError::not_rfc3339(text));
        }
        match phrase::read(text)? {
            Phrase::Stamp(local, offset) => at_offset(local, offset, text),
            _ => Err(TimeError::not_rfc3339(text)),
        }
    }

    /// The instant in UTC that lies this many seconds after 1970-01-01T00:00:00Z; errs if negative or past 9999.
    pub fn from_unix(seconds: i64) -> Result<Instant, TimeError> {
        let at = DateTime::<Utc>::from_timestamp(seconds, 0);
        at.map_or_else(
            || Err(TimeError::out_of_range(&format!("@{seconds}"))),
            |at| Instant::new(at.fixed_offset()),
        )
    }

    /// As `from_unix`, with milliseconds.
    pub fn from_unix_millis(millis: i64) -> Result<Instant, TimeError> {
        let at = DateTime::<Utc>::from_timestamp_millis(millis);
        let absurd = || TimeError::out_of_range(&format!("{millis} ms since 1970"));
        at.map_or_else(|| Err(absurd()), |at| Instant::new(at.fixed_offset()))
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, never negative.
    pub fn unix_seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// Whole milliseconds since 1970-01-01T00:00:00Z, never negative.
    pub fn unix_millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Seconds since 1970, nanoseconds, and the minutes of its offset, which [`Instant::of_parts`] takes back.
    pub(crate) fn parts(self) -> (i64, u32, i16) {
        let minutes = self.0.offset().local_minus_utc() / 60;
        (self.0.timestamp(), self.0.nanosecond(), i16::try_from(minutes).unwrap_or_default())
    }

    /// The instant of these parts; `None` where they are none.
    pub(crate) fn of_parts(seconds: i64, nanos: u32, offset_minutes: i16) -> Option<Self> {
        let offset = FixedOffset::east_opt(i32::from(offset_minutes) * 60)?;
        Self::new(DateTime::<Utc>::from_timestamp(seconds, nanos)?.with_timezone(&offset)).ok()
    }

    /// The time elapsed from `earlier` to this instant; negative if `earlier` is in truth the later one.
    pub fn since(self, earlier: &Instant) -> TimeDelta {
        self.0 - earlier.0
    }

    /// Whole minutes elapsed from `earlier` to this instant, a started one not counted; negative if out of order.
    pub fn minutes_since(self, earlier: &Instant) -> i64 {
        self.since(earlier).num_minutes()
    }

    /// This instant moved by an elapsed time, with the same offset; `None` outside the years 1970 to 9999.
    pub fn plus(self, elapsed: TimeDelta) -> Option<Instant> {
        self.0.checked_add_signed(elapsed).and_then(|at| Instant::new(at).ok())
    }

    /// The offset from UTC under which it was written.
    pub fn offset(self) -> FixedOffset {
        *self.0.offset()
    }

    /// chrono's value, for arithmetic that is not offered here.
    pub fn datetime(self) -> DateTime<FixedOffset> {
        self.0
    }

    /// What tells two instants apart, in the order that sorts them.
    fn key(self) -> (chrono::NaiveDateTime, i32) {
        (self.0.naive_utc(), self.0.offset().local_minus_utc())
    }
}

/// The instant that a local time with its offset names; `text` is what to quote where it lies out of range.
fn at_offset(local: chrono::NaiveDateTime, offset: FixedOffset, text: &str) -> Result<Instant, TimeError> {
    let at = local.and_local_timezone(offset).single();
    at.and_then(|at| Instant::new(at).ok()).ok_or_else(|| TimeError::out_of_range(text))
}

/// The nearest offset that RFC 3339 can write.
fn whole_minutes(seconds_east: i32) -> FixedOffset {
    let rounded = (seconds_east + 30).div_euclid(60) * 60;
    FixedOffset::east_opt(rounded.clamp(-86_340, 86_340)).expect("the offset is shorter than a day")
}

impl PartialEq for Instant {
    fn eq(&self, other: &Instant) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Instant {}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Instant) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Instant) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Instant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({self})")
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        deserializer.deserialize_str(InstantVisitor)
    }
}

struct InstantVisitor;

impl de::Visitor<'_> for InstantVisitor {
    type Value = Instant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quoted time with its offset, such as \"2023-03-27T12:59:00+02:00\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
        Instant::parse(text).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read from a file and written back, or a piece of the message after `!`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let json = serde_json::to_string(text).unwrap();
        let read: Result<Instant, _> = serde_json::from_str(&json);
        match (read, expected.strip_prefix('!')) {
            (Ok(at), None) => assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{expected}\"")),
            (Err(error), Some(words)) => {
                assert!(error.to_string().contains(words), "{text:?}: {error}")
            }
            (read, _) => panic!("{text:?}: {read:?}, expected: {expected}"),
        }
    }

    #[test]
    fn files_hold_rfc_3339_with_its_offset() {
        check("2023-03-27T12:59:00+02:00", "2023-03-27T12:59:00+02:00");
        check("2023-03-27T10:59:00Z", "2023-03-27T10:59:00+00:00");
        check("2023-03-27t10:59:00z", "2023-03-27T10:59:00+00:00");
        check("2023-03-27T10:59:00-00:00", "2023-03-27T10:59:00+00:00");
        check("2023-03-27T10:59:00.120Z", "2023-03-27T10:59:00.120+00:00");
        check("2023-03-27T10:59:00.000000001-03:30", "2023-03-27T10:59:00.000000001-03:30");
        check("1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00");
        check("9999-12-29T23:59:59Z", "9999-12-29T23:59:59+00:00");
        let advice = "is not a time with its offset: write it as 2023-03-27T12:59:00+02:00";
        for text in [
            "2023-03-27 12:59",
            "2023-03-27 12:59:00+02:00",
            "2023-03-27T12:59+02:00",
            "2023-03-27T12:59:00",
            "now",
            "2023-03-27T12:59:00+0200",
            "2023-03-27T12:59:00.+02:00",
            "2023-03-27",
            "12:59",
            "2 days ago",
            "@0",
        ] {
            check(text, &format!("!`{text}` {advice}"));
        }
        for text in ["", " 2023-03-27T10:59:00Z", "2023-03-27T10:59:00Z\n", "２023-03-27T10:59:00Z"] {
            check(text, &format!("!{advice}"));
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        check("2023-02-30T12:59:00+02:00", "!there is no 2023-02-30 in the calendar");
        check("2023-03-27T24:00:00Z", "!`24:00:00` is not a time of day");
        check("2016-12-31T23:59:60Z", "!`23:59:60` is not a time of day");
        check("2023-03-27T12:59:00+24:00", "!`+24:00` is not an offset");
        check("1969-12-31T23:59:59Z", "!lies outside the years 1970 to 9999");
        check("1970-01-01T00:00:00+02:00", "!lies outside the years 1970 to 9999");
        check("9999-12-30T00:00:00Z", "!lies outside the years 1970 to 9999");
        let message = serde_json::from_str::<Instant>("1679914740").unwrap_err().to_string();
        assert!(message.contains("expected a quoted time with its offset"), "{message}");
    }

    #[test]
    fn the_offset_counts() {
        let at = |text| Instant::parse(text).unwrap();
        let (paris, utc) = (at("2023-03-27T12:59:00+02:00"), at("2023-03-27T10:59:00Z"));
        assert_ne!(paris, utc);
        assert!(utc < paris && paris < at("2023-03-27T10:59:01Z"));
        assert_eq!(paris.since(&utc), TimeDelta::zero());
        assert_eq!(paris.offset().local_minus_utc(), 7_200);
        assert_eq!(std::collections::HashSet::from([paris, utc, paris]).len(), 2);
    }

    #[test]
    fn instants_are_reckoned_with() {
        let at = |text| Instant::parse(text).unwrap();
        let (start, end) = (at("2023-03-27T12:59:00+02:00"), at("2023-03-27T12:13:59.9Z"));
        assert_eq!((end.minutes_since(&start), start.minutes_since(&end)), (74, -74));
        assert_eq!((start.unix_seconds(), end.unix_millis()), (1_679_914_740, 1_679_919_239_900));
        assert_eq!(Instant::from_unix(1_679_914_740), Ok(at("2023-03-27T10:59:00Z")));
        assert_eq!(Instant::from_unix_millis(1_679_919_239_900), Ok(at("2023-03-27T12:13:59.9Z")));
        assert_eq!(start.plus(TimeDelta::minutes(74)), Some(at("2023-03-27T14:13:00+02:00")));
        assert_eq!((start.plus(TimeDelta::MAX), start.plus(TimeDelta::MIN)), (None, None));
        for absurd in [-1, END, i64::MIN, i64::MAX] {
            assert!(Instant::from_unix(absurd).is_err(), "{absurd}");
        }
        assert!(Instant::from_unix_millis(i64::MAX).is_err() && Instant::from_unix_millis(-1).is_err());
    }
}
