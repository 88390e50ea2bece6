//! Why a time, a day or a zone is refused, in words that say what to type instead.

use chrono::NaiveDateTime;

use super::Instant;

/// The longest piece of somebody's text that an error repeats, in characters.
const SHOWN: usize = 40;

/// Why a text or a local time is no instant or no day.
///
/// Texts are kept as they are shown: without control characters, and shortened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not one of the forms that `understand` reads.
    #[error(
        "`{text}` is not a time: write for example 2023-03-27T12:59:00+02:00, \"2023-03-27 12:59\", 12:59, 13h10, \
         1:10pm, \"yesterday 14:00\", \"monday 09:00\", \"10 min ago\", -15m, \"1h30m ago\", now or @1679914740"
    )]
    NotATime {
        /// What was typed.
        text: String,
    },
    /// Not one of the forms that `understand_day` reads.
    #[error(
        "`{text}` is not a day: write for example 2023-03-28, today, tomorrow, yesterday, monday, \"next monday\", \
         \"in 3 days\", \"in 2 weeks\", +7d or \"3 days ago\""
    )]
    NotADay {
        /// What was typed.
        text: String,
    },
    /// Not RFC 3339 with an offset, the one form that the files have.
    #[error("`{text}` is not a time with its offset: write it as 2023-03-27T12:59:00+02:00")]
    NotRfc3339 {
        /// What the file has.
        text: String,
    },
    /// A date that the calendar does not have.
    #[error("there is no {date} in the calendar: correct the day, the month or the year")]
    NoSuchDate {
        /// The date as it was typed.
        date: String,
    },
    /// An hour, minute or second that no clock shows.
    #[error(
        "`{text}` is not a time of day: hours go from 0 to 23 (1 to 12 with am and pm), minutes and seconds from 00 \
         to 59"
    )]
    NoSuchClock {
        /// The time of day as it was typed.
        text: String,
    },
    /// An offset of a day or more, or with more than 59 minutes.
    #[error("`{text}` is not an offset from UTC: write it as +02:00, -05:00 or Z")]
    NoSuchOffset {
        /// The offset as it was typed.
        text: String,
    },
    /// Before 1970 or after 9999, or a number too large to reckon with.
    #[error(
        "`{text}` lies outside the years 1970 to 9999: check its numbers (the one after @ counts seconds)"
    )]
    OutOfRange {
        /// What was typed, or what came out of it.
        text: String,
    },
    /// A local time that the clocks jumped over.
    #[error(
        "{} does not exist in {zone}, where the clocks jump over it: write {earlier} or {later}, whichever is meant",
        shown_local(local)
    )]
    Skipped {
        /// The local time that was asked for.
        local: NaiveDateTime,
        /// The zone's name.
        zone: String,
        /// The reading by the offset that holds after the jump.
        earlier: Instant,
        /// The reading by the offset that held before the jump.
        later: Instant,
    },
    /// A local time that the clocks showed twice.
    #[error(
        "{} comes twice in {zone}, where the clocks go back: write {earlier} for the first or {later} for the second",
        shown_local(local)
    )]
    Twice {
        /// The local time that was asked for.
        local: NaiveDateTime,
        /// The zone's name.
        zone: String,
        /// The first time that the clocks showed it.
        earlier: Instant,
        /// The second time.
        later: Instant,
    },
}

impl TimeError {
    pub(super) fn not_a_time(text: &str) -> TimeError {
        TimeError::NotATime { text: shown(text) }
    }

    pub(super) fn not_a_day(text: &str) -> TimeError {
        TimeError::NotADay { text: shown(text) }
    }

    pub(super) fn not_rfc3339(text: &str) -> TimeError {
        TimeError::NotRfc3339 { text: shown(text) }
    }

    pub(super) fn no_such_date(date: &str) -> TimeError {
        TimeError::NoSuchDate { date: shown(date) }
    }

    pub(super) fn no_such_clock(text: &str) -> TimeError {
        TimeError::NoSuchClock { text: shown(text) }
    }

    pub(super) fn no_such_offset(text: &str) -> TimeError {
        TimeError::NoSuchOffset { text: shown(text) }
    }

    pub(super) fn out_of_range(text: &str) -> TimeError {
        TimeError::OutOfRange { text: shown(text) }
    }
}

/// Somebody's text, fit for one line of a terminal: one blank for any white space, nothing that moves the cursor or
/// turns the writing direction, and no longer than a reader needs to recognise it.
pub(super) fn shown(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: Vec<char> = one_line.chars().filter(|c| !is_unseen(*c)).take(SHOWN + 1).collect();
    match clean.len() > SHOWN {
        true => clean[..SHOWN - 1].iter().chain(&['…']).collect(),
        false => clean.into_iter().collect(),
    }
}

/// Control characters, and the format characters that reorder or hide text.
fn is_unseen(c: char) -> bool {
    let hides =
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}');
    c.is_control() || hides || matches!(c, '\u{2060}'..='\u{206f}')
}

/// `2023-03-26 02:30`, with seconds only where there are some.
fn shown_local(local: &NaiveDateTime) -> String {
    let text = local.format("%Y-%m-%d %H:%M:%S%.f").to_string();
    text.strip_suffix(":00").map_or_else(|| text.clone(), str::to_owned)
}
