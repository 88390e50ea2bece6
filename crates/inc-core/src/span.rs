//! How long something lasts: `45min`, `2h 30min`, `3d`. Never negative, to the second.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::clean_line;

/// The longest span, in seconds: above ten years a typing error is likelier than the truth.
const MOST: u64 = 10 * 366 * 86_400;

/// An elapsed time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span(u64);

impl Span {
    /// So many hours.
    pub const fn hours(hours: u64) -> Self {
        Self(hours * 3600)
    }

    /// So many minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes * 60)
    }

    /// The seconds.
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// The days, where it is whole days.
    pub fn whole_days(self) -> Option<u64> {
        self.0.is_multiple_of(86_400).then_some(self.0 / 86_400)
    }

    /// What lies between two instants; `None` where it is negative.
    pub fn of(elapsed: TimeDelta) -> Option<Self> {
        u64::try_from(elapsed.num_seconds()).ok().map(Self)
    }

    /// As the calendar's arithmetic takes it.
    pub fn delta(self) -> TimeDelta {
        TimeDelta::seconds(i64::try_from(self.0).unwrap_or(i64::MAX / 1000))
    }

    /// The two together; more than ten years stay ten years.
    pub fn plus(self, other: Self) -> Self {
        Self((self.0 + other.0).min(MOST))
    }
}

impl TryFrom<u64> for Span {
    type Error = String;

    /// From seconds.
    fn try_from(seconds: u64) -> Result<Self, String> {
        if seconds > MOST {
            return Err("more than ten years is not accepted here".to_owned());
        }
        Ok(Self(seconds))
    }
}

/// `2h 30min`; every part that is not zero, `0s` where none is.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.0 / 86_400, "d"),
            (self.0 / 3600 % 24, "h"),
            (self.0 / 60 % 60, "min"),
            (self.0 % 60, "s"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(number, _)| *number != 0)
            .map(|(number, unit)| format!("{number}{unit}"))
            .collect();
        f.pad(if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }.as_str())
    }
}

/// Whole numbers with their units, largest first: `2h`, `1h30min`, `90 min`, `2 days 3 hours`.
impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{}` is not a length of time: numbers with their units, such as 45min, 2h 30min or 3d",
                clean_line(text)
            )
        };
        let mut rest = text.trim();
        let mut total = 0u64;
        let mut last_unit = u64::MAX;
        if rest.is_empty() {
            return Err(wrong());
        }
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            rest = rest[digits..].trim_start();
            let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            let unit = unit(&rest[..letters].to_ascii_lowercase()).ok_or_else(wrong)?;
            if unit >= last_unit {
                return Err(wrong());
            }
            last_unit = unit;
            rest = rest[letters..].trim_start();
            total = number.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
        }
        total.try_into()
    }
}

fn unit(word: &str) -> Option<u64> {
    match word {
        "w" | "week" | "weeks" => Some(7 * 86_400),
        "d" | "day" | "days" => Some(86_400),
        "h" | "hour" | "hours" => Some(3600),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        _ => None,
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_write_them_and_survive() {
        for (text, seconds, written) in [
            ("45min", 2700, "45min"),
            ("2h 30min", 9000, "2h 30min"),
            ("1h30m", 5400, "1h 30min"),
            ("90 minutes", 5400, "1h 30min"),
            ("2 days 3 hours", 183_600, "2d 3h"),
            ("24h", 86_400, "1d"),
            ("0s", 0, "0s"),
            ("61s", 61, "1min 1s"),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!((span.seconds(), span.to_string().as_str()), (seconds, written), "{text}");
            assert_eq!(written.parse::<Span>(), Ok(span));
        }
    }

    #[test]
    fn days_are_whole_or_none() {
        for (text, days) in
            [("7d", Some(7)), ("2w", Some(14)), ("24h", Some(1)), ("0d", Some(0)), ("36h", None)]
        {
            assert_eq!(text.parse::<Span>().unwrap().whole_days(), days, "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for bad in ["", "2", "-2h", "h", "2h 3h", "3min 2h", "1.5h", "99999999999w", "11000d", "2 hh", "２h"]
        {
            assert!(bad.parse::<Span>().is_err(), "{bad}");
        }
    }
}
