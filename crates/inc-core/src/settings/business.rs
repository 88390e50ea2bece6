//! When a team works: the hours that durations can be counted in.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::clean_line;

/// The working days and hours, in the repository's zone; Monday to Friday, 09:00 to 18:00, where nobody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Given")]
pub struct BusinessHours {
    /// The days of the week, in their order, each once.
    pub days: Vec<Day>,
    /// When work begins.
    pub from: Clock,
    /// When it ends; later than it begins.
    pub to: Clock,
    /// Days without work, in their order, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<NaiveDate>,
}

/// What the file says; what it leaves out is as by default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    days: Option<Vec<Days>>,
    from: Option<Clock>,
    to: Option<Clock>,
    #[serde(default)]
    holidays: Vec<NaiveDate>,
}

/// A day of the week, written as its first three letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Weekday);

/// One day or several: `mon`, `mon..fri`.
struct Days(Vec<Weekday>);

/// A time of day in whole minutes, up to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(u16);

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl BusinessHours {
    /// Whether people work on that day of the week.
    pub fn works_on(&self, day: Weekday) -> bool {
        self.days.contains(&Day(day))
    }
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self {
            days: WEEK[..5].iter().map(|day| Day(*day)).collect(),
            from: Clock(9 * 60),
            to: Clock(18 * 60),
            holidays: vec![],
        }
    }
}

impl TryFrom<Given> for BusinessHours {
    type Error = String;

    fn try_from(given: Given) -> Result<Self, String> {
        let usual = Self::default();
        let (from, to) = (given.from.unwrap_or(usual.from), given.to.unwrap_or(usual.to));
        if to <= from {
            return Err(format!("business_hours: `to` {to} must lie after `from` {from}"));
        }
        let days = match given.days {
            None => usual.days,
            Some(days) if days.is_empty() => {
                return Err("business_hours: `days` is empty: name a working day, such as mon..fri".into());
            }
            Some(days) => {
                let named: Vec<Weekday> = days.into_iter().flat_map(|days| days.0).collect();
                WEEK.into_iter().filter(|day| named.contains(day)).map(Day).collect()
            }
        };
        let mut holidays = given.holidays;
        holidays.sort();
        holidays.dedup();
        Ok(Self { days, from, to, holidays })
    }
}

impl Clock {
    /// Minutes since midnight, at most 1440.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{}` is not a time of day: write \"09:00\", at most \"24:00\"", clean_line(text));
        let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
        let number = |part: &str| match part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) {
            true => part.parse::<u16>().map_err(|_| wrong()),
            false => Err(wrong()),
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let sum = hours * 60 + minutes;
        if minutes < 60 && sum <= 24 * 60 { Ok(Self(sum)) } else { Err(wrong()) }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    text.parse().map_err(|_| {
        format!("`{}` is not a day of the week: write mon, tue, … or mon..fri", clean_line(text))
    })
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((first, last)) = text.split_once("..") else {
            return Ok(Self(vec![weekday(text)?]));
        };
        let (first, last) = (weekday(first)?, weekday(last)?);
        let count = first.num_days_from_monday();
        let length = (last.num_days_from_monday() + 7 - count) % 7;
        Ok(Self((0..=length).map(|step| WEEK[((count + step) % 7) as usize]).collect()))
    }
}

/// Read by `FromStr`, from quoted or plain text alone.
macro_rules! read_as_text {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
read_as_text!(Days, Clock);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        weekday(&String::deserialize(deserializer)?).map(Self).map_err(de::Error::custom)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string().to_lowercase())
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, written again; or a piece of the message after `!`.
    #[track_caller]
    fn check(given: &str, expected: &str) {
        match (serde_json::from_str::<BusinessHours>(given), expected.strip_prefix('!')) {
            (Ok(hours), None) => assert_eq!(serde_json::to_string(&hours).unwrap(), expected),
            (Err(error), Some(words)) => assert!(error.to_string().contains(words), "{given}: {error}"),
            (read, _) => panic!("{given}: {read:?}, expected {expected}"),
        }
    }

    #[test]
    fn hours_are_read_strictly() {
        let usual = r#"{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"18:00"}"#;
        for (given, expected) in [
            ("{}", usual),
            (r#"{"days": ["mon..fri"]}"#, usual),
            (
                r#"{"days": ["sat..mon", "mon"], "from": "00:00", "to": "24:00"}"#,
                r#"{"days":["mon","sat","sun"],"from":"00:00","to":"24:00"}"#,
            ),
            (
                r#"{"days": ["Sunday"], "holidays": ["2023-12-25", "2023-01-01", "2023-12-25"]}"#,
                r#"{"days":["sun"],"from":"09:00","to":"18:00","holidays":["2023-01-01","2023-12-25"]}"#,
            ),
            (r#"{"days": []}"#, "!`days` is empty"),
            (r#"{"days": ["mo"]}"#, "!`mo` is not a day of the week"),
            (r#"{"days": ["mon..frog"]}"#, "!`frog` is not a day of the week"),
            (r#"{"from": "9:00"}"#, "!`9:00` is not a time of day"),
            (r#"{"to": "24:01"}"#, "!`24:01` is not a time of day"),
            (r#"{"to": "12:60"}"#, "!`12:60` is not a time of day"),
            (r#"{"from": "22:00", "to": "06:00"}"#, "!`to` 06:00 must lie after `from` 22:00"),
            (r#"{"from": "18:00"}"#, "!must lie after"),
            (r#"{"until": "18:00"}"#, "!unknown field `until`"),
            (r#"{"holidays": ["2023-02-30"]}"#, "!"),
        ] {
            check(given, expected);
        }
        assert_eq!(serde_json::from_str::<BusinessHours>("{}").unwrap(), BusinessHours::default());
    }
}
