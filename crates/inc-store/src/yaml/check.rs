//! What is looked at before a text is read as YAML: its size, merge markers, forbidden characters, its schema.
//!
//! Each has a message of its own, because the parser's would mislead. Judges no key but `schema`.

use granit_parser::{Event, Parser};

use super::excerpt::lines;
use super::outline::{Place, parser_options, place};
use super::words::{one_line, quoted};
use super::{MAX_BYTES, MAX_EVENTS, ReadError};

/// Refuses what is no text of a record at all.
pub(super) fn text(text: &str) -> Result<(), ReadError> {
    if text.len() > MAX_BYTES {
        let size = text.len().div_ceil(1024);
        let problem = format!("is too large: {size} KiB, and {} KiB are the most", MAX_BYTES / 1024);
        return Err(ReadError::of_file(problem)
            .help("move logs and other attachments to a place of their own and link to it"));
    }
    markers(text)?;
    characters(text)?;
    let blank = |line: &str| matches!(line.trim(), "" | "---" | "...");
    let comment = |line: &str| line.trim_start().starts_with('#');
    if lines(text).all(|line| blank(line) || comment(line)) {
        let problem = match lines(text).all(blank) {
            true => "is empty",
            false => "holds only comments",
        };
        return Err(ReadError::of_file(problem).help(
            "bring back an earlier version with `git log -- FILE` and `git restore`, or remove the file",
        ));
    }
    Ok(())
}

/// A line that git left from a merge, by its first character.
fn marker(line: &str) -> Option<char> {
    let first = line.chars().next().filter(|first| "<|=>".contains(*first))?;
    let rest = line.trim_start_matches(first);
    let count = line.len() - rest.len();
    let bare = rest.trim_end().is_empty();
    let labelled = rest.starts_with(' ') && first != '=';
    (count == 7 && (bare || labelled)).then_some(first)
}

/// Refuses a merge that nobody has finished: `<<<<<<<`, later `=======`, later `>>>>>>>`, at the line start.
fn markers(text: &str) -> Result<(), ReadError> {
    let mut begun = None;
    let mut halved = false;
    let mut first = None;
    let mut count = 0;
    for (nth, line) in lines(text).enumerate() {
        match marker(line) {
            Some('<') => (begun, halved) = (Some((nth + 1, line)), false),
            Some('=') if begun.is_some() => halved = true,
            Some('>') if halved => {
                if let Some((start, line)) = begun.take() {
                    count += 1;
                    first.get_or_insert((start, line, nth + 1));
                }
                halved = false;
            }
            _ => {}
        }
    }
    let Some((start, line, end)) = first else {
        return Ok(());
    };
    let problem = match count {
        1 => {
            format!("an unfinished merge: git's conflict markers stand from line {start} to {end}")
        }
        _ => {
            format!("{count} unfinished merges: git's conflict markers, the first from line {start} to {end}")
        }
    };
    let place = Place { line: start, column: 1, width: line.chars().count() };
    Err(ReadError::at(text, place, problem).help(FINISH_MERGE))
}

/// In a help, where the file is not known yet.
pub(super) const RESOLVE: &str = "inc-merge resolve FILE";

const FINISH_MERGE: &str = "`inc-merge resolve FILE` brings both sides together; or keep the lines that are right, delete \
     the marker lines (<<<<<<<, =======, >>>>>>>), `git add` the file, then run the command again";

/// A marker that a half-finished merge left behind; asked only once the YAML has failed.
pub(super) fn leftover_marker(text: &str) -> Option<ReadError> {
    let (nth, line) = lines(text).enumerate().find(|(_, line)| marker(line).is_some())?;
    let place = Place { line: nth + 1, column: 1, width: line.chars().count() };
    let problem = "a conflict marker that a merge left behind";
    Some(ReadError::at(text, place, problem).help(FINISH_MERGE))
}

/// Refuses the characters that YAML forbids anywhere.
fn characters(text: &str) -> Result<(), ReadError> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        return Ok(());
    }
    for (nth, line) in lines(text).enumerate() {
        if let Some((before, found)) = line.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            let place = Place { line: nth + 1, column: before + 1, width: 1 };
            let name = match found {
                '\0' => "a NUL character".to_owned(),
                '\u{1B}' => "an escape character (U+001B, part of a terminal's colours)".to_owned(),
                other => format!("the control character U+{:04X}", u32::from(other)),
            };
            let help = "delete it; within double quotes it can be written as an escape such as \"\\x1b\"";
            return Err(ReadError::at(text, place, format!("{name} cannot stand in YAML")).help(help));
        }
    }
    Ok(())
}

/// What a text says of its schema.
enum Stated {
    /// A value of `schema`, as written.
    Value(String, Place),
    /// `schema` with a list or a block below it.
    NoNumber(Place),
    /// A record without the key.
    Missing,
    /// No record, or no YAML: the strict reading says what is wrong.
    Unclear,
}

/// The number that stands at the top-level key `schema`, if it is one; the largest `u64` for one beyond it.
///
/// Reads no further than to that key, and so answers even where the rest is not valid.
pub fn peek_schema(text: &str) -> Option<u64> {
    match stated(text) {
        Stated::Value(value, _) => number(&value),
        _ => None,
    }
}

fn number(value: &str) -> Option<u64> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| value.parse().unwrap_or(u64::MAX))
}

fn stated(text: &str) -> Stated {
    if text.len() > MAX_BYTES {
        return Stated::Unclear;
    }
    let mut depth = 0_usize;
    let mut at_key = true;
    let mut found = false;
    let mut events = Parser::new_from_str_with_options(text, parser_options());
    for _ in 0..MAX_EVENTS {
        let Some(Ok((event, span))) = events.next_event() else {
            return Stated::Unclear;
        };
        match event {
            Event::DocumentEnd => return Stated::Missing,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            Event::MappingStart(..) if depth == 0 => {
                depth = 1;
                continue;
            }
            ref node if node.is_node() && depth == 0 => return Stated::Unclear,
            Event::Scalar(ref value, ..) if depth == 1 && found => {
                return Stated::Value(value.to_string(), place(&span));
            }
            ref node if node.is_node() && depth == 1 && found => {
                return Stated::NoNumber(place(&span));
            }
            Event::Scalar(ref value, ..) if depth == 1 && at_key => found = value == "schema",
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::Scalar(..) | Event::Alias(_) => {}
            _ => continue,
        }
        if depth == 1 {
            at_key = !at_key;
        }
    }
    Stated::Unclear
}

/// Refuses a schema newer than ours, and a record that states none.
pub(super) fn schema(text: &str, newest: u64) -> Result<(), ReadError> {
    let (place, problem, help) = match stated(text) {
        Stated::Unclear => return Ok(()),
        Stated::Missing => {
            return Err(ReadError::of_file("missing key `schema`")
                .path("schema")
                .help(format!("add the line `schema: {newest}` at the top")));
        }
        Stated::Value(value, place) => match number(&value) {
            Some(stated) if (1..=newest).contains(&stated) => return Ok(()),
            Some(0) => (place, "there is no schema 0".to_owned(), format!("schemas are 1 to {newest}")),
            Some(_) => {
                let value = one_line(&value, 30);
                let problem = format!("is written in schema {value}, newer than this program's {newest}");
                let error = ReadError::at(text, place, problem);
                return Err(error.help("upgrade inc; the file was left untouched"));
            }
            // A text cut short by a syntax error may look like a value; let the parser speak first.
            None if !readable(text) => return Ok(()),
            None if matches!(value.as_str(), "" | "~" | "null") => {
                (place, "`schema` has no value".to_owned(), format!("write `schema: {newest}`"))
            }
            None => (
                place,
                format!("`schema` must be a whole number, found {}", quoted(&value)),
                format!("write `schema: {newest}`"),
            ),
        },
        Stated::NoNumber(place) => {
            (place, "`schema` must be a whole number".to_owned(), format!("write `schema: {newest}`"))
        }
    };
    Err(ReadError::at(text, place, problem).path("schema").help(help))
}

fn readable(text: &str) -> bool {
    let mut events = Parser::new_from_str_with_options(text, parser_options());
    events.by_ref().take(MAX_EVENTS).all(|event| event.is_ok())
}
