//! The grammar of what people type for a time or a day: a text in, its parts out.
//!
//! What the parts mean depends on the present and the zone, which `understand` brings; nothing here knows either.
//!
//! ```text
//! time   = "now" | "@" seconds | "-" span | span "ago" | date ("T" | " ") clock [offset] | [word] clock
//! word   = "today" | "yesterday" | weekday
//! clock  = h:mm | h:mm:ss[.fraction] | h "h" [mm] | h "am" | h:mm "pm" | …
//! span   = days | elapsed
//! days   = [number ("w" | "week" | …)] [number ("d" | "day" | …)]
//! elapsed = [number ("h" | "hour" | …)] [number ("m" | "min" | …)] [number ("s" | "sec" | …)]
//! day    = date | "today" | "yesterday" | "tomorrow" | ["next"] weekday | "in" days | "+" days | days "ago"
//! ```

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::TimeError;

/// No phrase is longer; what is longer is not looked into.
const LONGEST: usize = 100;

/// What a text says of a time, before anybody asks when and where it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    Now,
    /// Seconds since 1970.
    Unix(i64),
    Ago(Span),
    /// A date and a time of day under an offset that was given.
    Stamp(NaiveDateTime, FixedOffset),
    /// A date and a time of day on the zone's clocks.
    Local(NaiveDateTime),
    Clock(NaiveTime),
    Today(NaiveTime),
    Yesterday(NaiveTime),
    On(Weekday, NaiveTime),
}

/// What a text says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayPhrase {
    Date(NaiveDate),
    /// Days from today, negative for the past.
    Shift(i64),
    Next(Weekday),
}

/// How long, never negative. Days and hours do not mix: `1 day 2 hours` would leave open which of the two is reckoned
/// first when the clocks change in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// Days of the calendar.
    Days(i64),
    /// Elapsed seconds.
    Seconds(i64),
}

/// `Ok(None)` where the text is not of the form looked for, an error where it is, but names what cannot be.
type Read<T> = Result<Option<T>, TimeError>;

/// Reads a time; errs with `NotATime`, or with what is impossible about a date, clock, offset or number.
pub(super) fn read(text: &str) -> Result<Phrase, TimeError> {
    let words = tidy(text).unwrap_or_default();
    let phrase = match words.as_bytes().first() {
        Some(b'@') => unix(&words)?,
        Some(b'-') => span(words[1..].trim_start())?.map(Phrase::Ago),
        Some(b'0'..=b'9') => match words.strip_suffix(" ago") {
            Some(ago) => span(ago)?.map(Phrase::Ago),
            None => dated(&words)?,
        },
        _ if words == "now" => Some(Phrase::Now),
        _ => worded(&words)?,
    };
    phrase.ok_or_else(|| TimeError::not_a_time(text))
}

/// Reads a day; errs with `NotADay`, or with what is impossible about a date or a number.
pub(super) fn read_day(text: &str) -> Result<DayPhrase, TimeError> {
    let words = tidy(text).unwrap_or_default();
    let shift = |spelt: &str| {
        span(spelt).map(|span| match span {
            Some(Span::Days(days)) => Some(days),
            _ => None,
        })
    };
    let phrase = match words.as_str() {
        "today" => Some(DayPhrase::Shift(0)),
        "tomorrow" => Some(DayPhrase::Shift(1)),
        "yesterday" => Some(DayPhrase::Shift(-1)),
        words => {
            if let Some(ahead) = words.strip_prefix("in ").or(words.strip_prefix('+')) {
                shift(ahead)?.map(DayPhrase::Shift)
            } else if let Some(ago) = words.strip_suffix(" ago") {
                shift(ago)?.map(|days| DayPhrase::Shift(-days))
            } else if let Some(weekday) = weekday(words.strip_prefix("next ").unwrap_or(words)) {
                Some(DayPhrase::Next(weekday))
            } else {
                let mut scan = Scan(words);
                scan.date()?.filter(|_| scan.0.is_empty()).map(DayPhrase::Date)
            }
        }
    };
    phrase.ok_or_else(|| TimeError::not_a_day(text))
}

/// Whether a text has the shape of RFC 3339 with an offset; whether its numbers can be is another question.
pub(super) fn is_rfc3339(text: &str) -> bool {
    let zeros = |c: char| {
        if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() }
    };
    let shape: String = text.chars().map(zeros).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else {
        return false;
    };
    let offset = match rest.strip_prefix(".0") {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    shape.len() <= LONGEST && matches!(offset, "Z" | "+00:00" | "-00:00")
}

/// The words in lower case with one blank between them; `None` if it is too long to be a phrase.
fn tidy(text: &str) -> Option<String> {
    let short = text.trim().len() <= LONGEST;
    short.then(|| text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase())
}

/// `@1679914740`
fn unix(words: &str) -> Read<Phrase> {
    let digits = &words[1..];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    number(digits, words).map(|seconds| Some(Phrase::Unix(seconds)))
}

/// `2023-03-27 12:59`, with or without an offset, or a time of day alone.
fn dated(words: &str) -> Read<Phrase> {
    let mut scan = Scan(words);
    let date = scan.date()?;
    if date.is_some() && !scan.eat('t') && !scan.eat(' ') {
        return Ok(None);
    }
    let Some(time) = scan.clock()? else {
        return Ok(None);
    };
    let offset = if date.is_some() { scan.offset()? } else { None };
    Ok(match (date, offset) {
        _ if !scan.0.is_empty() => None,
        (None, _) => Some(Phrase::Clock(time)),
        (Some(date), None) => Some(Phrase::Local(date.and_time(time))),
        (Some(date), Some(offset)) => Some(Phrase::Stamp(date.and_time(time), offset)),
    })
}

/// `yesterday 14:00`, `monday 09:00`
fn worded(words: &str) -> Read<Phrase> {
    let (day, rest) = words.split_once(' ').unwrap_or((words, ""));
    let mut scan = Scan(rest);
    let Some(time) = scan.clock()?.filter(|_| scan.0.is_empty()) else {
        return Ok(None);
    };
    Ok(match day {
        "today" => Some(Phrase::Today(time)),
        "yesterday" => Some(Phrase::Yesterday(time)),
        day => weekday(day).map(|day| Phrase::On(day, time)),
    })
}

/// `10 min`, `1h30m`, `1 hour 30 minutes`, `2 days`: each unit at most once, the greater first.
fn span(words: &str) -> Read<Span> {
    let absurd = || TimeError::out_of_range(words);
    let mut scan = Scan(words);
    let mut sum: i64 = 0;
    let (mut least, mut greater) = (1, i64::MAX);
    loop {
        let digits = scan.run(|b| b.is_ascii_digit());
        scan.eat(' ');
        let unit = seconds_in(scan.run(|b| b.is_ascii_alphabetic()));
        let Some(unit) = unit.filter(|unit| (least..greater).contains(unit) && !digits.is_empty()) else {
            return Ok(None);
        };
        let more = number(digits, words)?.checked_mul(unit);
        sum = more.and_then(|more| sum.checked_add(more)).ok_or_else(absurd)?;
        (least, greater) = (if unit < DAY { 1 } else { DAY }, unit);
        match scan.0.is_empty() {
            true if unit < DAY => return Ok(Some(Span::Seconds(sum))),
            true => return Ok(Some(Span::Days(sum / DAY))),
            false => scan.eat(' '),
        };
    }
}

/// The seconds in a day of the calendar's ordinary length, to tell the units that count days from those that do not.
const DAY: i64 = 86_400;

fn seconds_in(unit: &str) -> Option<i64> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3_600),
        "d" | "day" | "days" => Some(DAY),
        "w" | "week" | "weeks" => Some(7 * DAY),
        _ => None,
    }
}

/// A weekday by its English name or the first three letters of it.
fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let at = NAMES.iter().position(|name| word == *name || word == &name[..3])?;
    Weekday::try_from(u8::try_from(at).ok()?).ok()
}

/// A number of any length; one that does not fit is out of range, with the phrase quoted.
fn number(digits: &str, phrase: &str) -> Result<i64, TimeError> {
    digits.parse().map_err(|_| TimeError::out_of_range(phrase))
}

/// What is left to read of a tidied text.
struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.0.strip_prefix(wanted);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Takes the longest run of such bytes, which must be ASCII.
    fn run(&mut self, of: impl Fn(u8) -> bool) -> &'a str {
        let end = self.0.bytes().position(|b| !of(b)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        run
    }

    /// Takes exactly so many digits, or nothing.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let taken = self.0.get(..count).filter(|taken| taken.bytes().all(|b| b.is_ascii_digit()))?;
        self.0 = &self.0[count..];
        taken.parse().ok()
    }

    /// `2023-03-27`; takes nothing if it is not of that shape.
    fn date(&mut self) -> Read<NaiveDate> {
        let whole = self.0;
        let mut shape = || {
            let year = self.digits(4).filter(|_| self.eat('-'))?;
            let month = self.digits(2).filter(|_| self.eat('-'))?;
            let day = self.digits(2)?;
            Some((i32::try_from(year).ok()?, month, day))
        };
        let Some((year, month, day)) = shape() else {
            self.0 = whole;
            return Ok(None);
        };
        let date = NaiveDate::from_ymd_opt(year, month, day);
        date.map(Some).ok_or_else(|| TimeError::no_such_date(&whole[..10]))
    }

    /// `12:59`, `12:59:30.5`, `13h10`, `13h`, `1:10pm`, `1 pm`
    fn clock(&mut self) -> Read<NaiveTime> {
        let whole = self.0;
        let Some(hour) = self.digits(2).or_else(|| self.digits(1)) else {
            return Ok(None);
        };
        let (mut minute, mut second, mut nanos) = (Some(0), Some(0), 0);
        let colon = self.eat(':');
        let french = !colon && self.eat('h');
        if colon {
            minute = self.digits(2);
            if self.eat(':') {
                second = self.digits(2);
                nanos = self.fraction();
            }
        } else if french && self.0.starts_with(|c: char| c.is_ascii_digit()) {
            minute = self.digits(2);
        }
        let noon = if french { None } else { self.noon() };
        let (Some(minute), Some(second)) = (minute, second) else {
            return Ok(None);
        };
        if !colon && !french && noon.is_none() {
            return Ok(None);
        }
        let hour = match noon {
            None => Some(hour),
            Some(after) => (1..=12).contains(&hour).then_some(hour % 12 + after),
        };
        let time = hour.and_then(|hour| NaiveTime::from_hms_nano_opt(hour, minute, second, nanos));
        let taken = &whole[..whole.len() - self.0.len()];
        time.map(Some).ok_or_else(|| TimeError::no_such_clock(taken))
    }

    /// The nanoseconds of `.5`; digits past the ninth are dropped, and a point without digits is left standing.
    fn fraction(&mut self) -> u32 {
        let Some(digits) =
            self.0.strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        else {
            return 0;
        };
        self.0 = digits;
        let nine = self.run(|b| b.is_ascii_digit()).bytes().chain(std::iter::repeat(b'0')).take(9);
        nine.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }

    /// The hours that `am` or `pm`, perhaps after a blank, add to an hour of the twelve.
    fn noon(&mut self) -> Option<u32> {
        let word = self.0.strip_prefix(' ').unwrap_or(self.0);
        let (rest, hours) = word
            .strip_prefix("am")
            .map(|rest| (rest, 0))
            .or(word.strip_prefix("pm").map(|rest| (rest, 12)))?;
        self.0 = rest;
        Some(hours)
    }

    /// `z`, `+02:00`, and what git and databases write: `+0200`, `+02`, after a blank or none.
    fn offset(&mut self) -> Read<FixedOffset> {
        self.eat(' ');
        let whole = self.0;
        if self.eat('z') {
            return Ok(FixedOffset::east_opt(0));
        }
        let sign = if self.eat('+') { 1 } else { -1 };
        if sign < 0 && !self.eat('-') {
            return Ok(None);
        }
        let Some(hours) = self.digits(2) else {
            return Ok(None);
        };
        let minutes = if self.eat(':') || !self.0.is_empty() { self.digits(2) } else { Some(0) };
        let Some(minutes) = minutes else {
            return Ok(None);
        };
        let seconds = i32::try_from(hours * 3_600 + minutes * 60).unwrap_or(i32::MAX);
        let offset = FixedOffset::east_opt(sign * seconds).filter(|_| minutes < 60);
        offset.map(Some).ok_or_else(|| TimeError::no_such_offset(whole))
    }
}
