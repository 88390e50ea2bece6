//! All-day events as a feed for calendars: iCalendar, RFC 5545.
//!
//! Our own few lines, because the crates that write it fold lines to 76 octets (`ics` 0.5.8, and the last line of
//! `icalendar` 0.17.17); the second also lets a carriage return through, and turns the clock on in every crate of ours.
//! Events, and no to-dos (VTODO): few calendars show those. Deliberately absent: times, zones, alarms, people.

use chrono::{Days, NaiveDate, Utc};
use inc_core::instant::Instant;
use inc_core::text::clean;

/// The longest line, in octets, without its end.
const LINE: usize = 75;

/// One or more whole days in a calendar.
#[derive(Debug, Clone)]
pub struct Event {
    /// What it is recognised by when the feed is read anew.
    pub key: String,
    /// The first day.
    pub day: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// The line that calendars show.
    pub summary: String,
    /// The lines behind it.
    pub description: String,
}

/// The feed `name` with these events, as it is at an instant.
pub fn calendar(name: &str, events: &[Event], at: Instant) -> String {
    let stamp = at.datetime().with_timezone(&Utc).format("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//inc//inc//EN", "CALSCALE:GREGORIAN"] {
        fold(line, &mut out);
    }
    fold("METHOD:PUBLISH", &mut out);
    // Not of the RFC, and read by every calendar that can subscribe to a feed.
    fold(&format!("X-WR-CALNAME:{}", text(name)), &mut out);
    for event in events {
        for line in lines(event, &stamp) {
            fold(&line, &mut out);
        }
    }
    fold("END:VCALENDAR", &mut out);
    out
}

fn lines(event: &Event, stamp: &str) -> Vec<String> {
    let day = |day: NaiveDate| day.format("%Y%m%d").to_string();
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", text(&event.key)),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day(event.day)),
    ];
    // The end is the day after the last one; without it the event lasts for its one day.
    let end = event.last.checked_add_days(Days::new(1)).filter(|_| event.last > event.day);
    lines.extend(end.map(|end| format!("DTEND;VALUE=DATE:{}", day(end))));
    lines.extend([
        format!("SUMMARY:{}", text(&event.summary)),
        format!("DESCRIPTION:{}", text(&event.description)),
        "CATEGORIES:PDCA".to_owned(),
        // Nobody is busy all day because something is due.
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
    ]);
    lines
}

/// A value of the type TEXT; control characters, which it cannot hold, are shown as `\u{..}`.
fn text(value: &str) -> String {
    let value = clean(&value.replace("\r\n", "\n").replace('\r', "\n"));
    value.replace('\\', r"\\").replace(';', r"\;").replace(',', r"\,").replace('\n', r"\n")
}

/// Adds a line, in parts of at most [`LINE`] octets: each but the first begins with a space that readers take out again.
fn fold(line: &str, out: &mut String) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(summary: &str) -> Event {
        let day: NaiveDate = "2023-04-28".parse().unwrap();
        Event { key: "K1".into(), day, last: day, summary: summary.into(), description: "a\nb".into() }
    }

    fn feed(events: &[Event]) -> String {
        calendar("PDCA, ours", events, Instant::parse("2023-04-06T12:59:00+02:00").unwrap())
    }

    /// The value of a property, as a reader that minds the RFC has it.
    fn read(feed: &str, name: &str) -> String {
        let unfolded = feed.replace("\r\n ", "");
        let line = unfolded.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap();
        let (mut value, mut chars) = (String::new(), line[1..].chars());
        while let Some(c) = chars.next() {
            value.push(match c {
                '\\' => match chars.next().unwrap() {
                    'n' => '\n',
                    c if "\\;,".contains(c) => c,
                    c => panic!("\\{c} is no escape"),
                },
                c if ";,".contains(c) => panic!("{c} ends the value"),
                c => c,
            });
        }
        value
    }

    #[test]
    fn a_feed_byte_for_byte() {
        let late = Event { last: "2023-05-31".parse().unwrap(), ..event("late: check C1 Fix the alert") };
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//inc//inc//EN\r\nCALSCALE:GREGORIAN\r\n\
            METHOD:PUBLISH\r\nX-WR-CALNAME:PDCA\\, ours\r\n\
            BEGIN:VEVENT\r\nUID:K1\r\nDTSTAMP:20230406T105900Z\r\nDTSTART;VALUE=DATE:20230428\r\n\
            DTEND;VALUE=DATE:20230601\r\nSUMMARY:late: check C1 Fix the alert\r\nDESCRIPTION:a\\nb\r\n\
            CATEGORIES:PDCA\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nUID:K1\r\nDTSTAMP:20230406T105900Z\r\nDTSTART;VALUE=DATE:20230428\r\n\
            SUMMARY:do C2\r\nDESCRIPTION:a\\nb\r\n\
            CATEGORIES:PDCA\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(feed(&[late, event("do C2")]), expected);
    }

    #[test]
    fn text_is_escaped_and_control_characters_are_shown() {
        for (given, expected) in [
            ("a;b,c\\d:e", r"a\;b\,c\\d:e"),
            ("a\nb\r\nc\rd", r"a\nb\nc\nd"),
            (r"\n", r"\\n"),
            ("a\u{7}\u{1b}[31m\u{0}", r"a\\u{7}\\u{1b}[31m\\u{0}"),
            ("a\u{202e}b\u{2028}c", r"a\\u{202e}b\\u{2028}c"),
            ("END:VEVENT\r\nBEGIN:VALARM", r"END:VEVENT\nBEGIN:VALARM"),
            ("a\tb \"q\"", "a\tb \"q\""),
        ] {
            assert_eq!(text(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_line_is_folded_before_the_character_that_does_not_fit() {
        let folded = |line: &str| {
            let mut out = String::new();
            fold(line, &mut out);
            out
        };
        let x = |n: usize| "x".repeat(n);
        for (line, expected) in [
            (x(75), format!("{}\r\n", x(75))),
            (x(76), format!("{}\r\n x\r\n", x(75))),
            (x(149), format!("{}\r\n {}\r\n", x(75), x(74))),
            (x(150), format!("{}\r\n {}\r\n x\r\n", x(75), x(74))),
            (format!("{}🔥y", x(71)), format!("{}🔥\r\n y\r\n", x(71))),
            (format!("{}🔥y", x(72)), format!("{}\r\n 🔥y\r\n", x(72))),
            (format!("{}é", x(74)), format!("{}\r\n é\r\n", x(74))),
            (format!("{} y", x(75)), format!("{}\r\n  y\r\n", x(75))),
        ] {
            assert_eq!(folded(&line), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was_shown(given in "(\\PC|[\\\\;,\n\t🔥é]){0,200}") {
            let feed = feed(&[event(&given)]);
            prop_assert_eq!(read(&feed, "SUMMARY"), clean(&given));
            for line in feed.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE, "{}", line);
                prop_assert!(!line.contains(['\n', '\r']) && !line.is_empty(), "{:?}", line);
            }
        }
    }
}
