//! How long a cure is looked after: days, or the months of the calendar.

use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};

use crate::span::Span;
use crate::text::clean_line;

/// A length of time on the calendar: `6mo`, `1y`, `90d`, `12 weeks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// To the same day of a later month, or to its last.
    Months(Months),
    /// So many days.
    Days(Days),
}

impl Within {
    /// Whether the later day is not after that time.
    pub fn holds(self, from: NaiveDate, to: NaiveDate) -> bool {
        let until = match self {
            Self::Months(months) => from.checked_add_months(months),
            Self::Days(days) => from.checked_add_days(days),
        };
        until.is_none_or(|until| to <= until)
    }
}

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{}` is no time in days, weeks, months or years: such as 90d, 6mo or 1y",
                clean_line(text)
            )
        };
        let text = text.trim().to_lowercase();
        let word = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = text[..text.len() - word.len()].parse::<u32>();
        let months = match word.trim_start() {
            "mo" | "month" | "months" => 1,
            "y" | "year" | "years" => 12,
            _ => {
                let days = text.parse::<Span>().map_err(|_| wrong())?.seconds();
                // `6m` would be six minutes.
                let is_whole = days > 0 && days % 86_400 == 0;
                return is_whole.then(|| Self::Days(Days::new(days / 86_400))).ok_or_else(wrong);
            }
        };
        let months = number.ok().filter(|number| (1..=1200).contains(number)).map(|number| number * months);
        months.map(|months| Self::Months(Months::new(months))).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_on_the_calendar() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        for (text, until) in [
            ("6mo", "2023-07-31"),
            ("6 months", "2023-07-31"),
            ("1y", "2024-01-31"),
            ("90d", "2023-05-01"),
            ("2 weeks", "2023-02-14"),
            ("1 Month", "2023-02-28"),
        ] {
            let within: Within = text.parse().unwrap();
            let until = day(until);
            assert!(within.holds(day("2023-01-31"), until), "{text}");
            assert!(!within.holds(day("2023-01-31"), until.succ_opt().unwrap()), "{text}");
        }
        for wrong in [
            "6m",
            "6",
            "mo",
            "0mo",
            "0d",
            "36h",
            "",
            "6mo 3d",
            "9999999999mo",
            "-6mo",
            "6 \u{1b}mo",
            "ymo",
            "éy",
        ] {
            let error = wrong.parse::<Within>().unwrap_err();
            assert!(error.contains("6mo or 1y") && !error.contains('\u{1b}'), "{error}");
        }
    }
}
