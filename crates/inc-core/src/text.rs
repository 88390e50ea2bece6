//! The texts that people type: one line, or prose of many lines, free of control characters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// The most characters that a [`Line`] may have: enough for a long title, too few for a pasted log.
pub const LINE_CHARS: usize = 500;
/// The most characters that a title may have.
pub const TITLE_CHARS: usize = 200;
/// The most characters that a [`Prose`] may have: a record is for people, logs belong behind a link.
pub const PROSE_CHARS: usize = 20_000;

/// Why a text was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty: write at least one word")]
    Empty,
    /// A line feed where one line is wanted.
    #[error("the text has several lines: this field takes one line")]
    ManyLines,
    /// A character that moves a cursor, hides text or ends a string.
    #[error("the text holds the control character U+{0:04X}: remove it")]
    Control(u32),
    /// Longer than the field takes.
    #[error(
        "the text has {have} characters: {most} are the most here; shorten it, or link to the long version"
    )]
    TooLong {
        /// How many it has.
        have: usize,
        /// How many are allowed.
        most: usize,
    },
}

/// One line of text: trimmed, not empty, at most [`LINE_CHARS`] characters, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line(String);

/// Text of one or more lines: trimmed at the end, not empty, no control character but line feed and tab.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prose(String);

/// A record's title: a [`Line`] of at most [`TITLE_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Title(Line);

/// Whether a character may change how a terminal shows what stands around it.
///
/// C0 and C1 controls, the line and paragraph separators, and the bidirectional overrides and isolates
/// ("Trojan Source", CVE-2021-42574).
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text with every control character but line feed and tab shown as `\u{..}`, safe for a terminal.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) && c != '\n' && c != '\t' {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The text on one line, safe for a terminal: line ends and tabs become one space each.
pub fn clean_line(text: &str) -> String {
    clean(&text.replace("\r\n", "\n")).replace(['\n', '\t'], " ")
}

/// A text shortened to one line of some sixty characters, for the first line of a commit.
pub(crate) fn brief(text: &str) -> String {
    let line = clean_line(text.lines().next().unwrap_or_default());
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}

/// One argument as a shell takes it, fit for a terminal.
pub(crate) fn shell_arg(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._/:@%+=-".contains(c);
    let text = clean_line(text);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One of the core's own words as a line.
pub(crate) fn ours(word: &str) -> Line {
    word.parse().unwrap_or_else(|_| unreachable!("our own words are a line"))
}

fn check_length(text: &str, most: usize) -> Result<(), TextError> {
    let have = text.chars().count();
    if have > most {
        return Err(TextError::TooLong { have, most });
    }
    Ok(())
}

impl FromStr for Line {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.contains(['\n', '\r']) {
            return Err(TextError::ManyLines);
        }
        if let Some(c) = text.chars().find(|c| is_control(*c)) {
            return Err(TextError::Control(u32::from(c)));
        }
        check_length(text, LINE_CHARS)?;
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for Prose {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end().trim_start_matches(['\n', ' ']);
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        if let Some(c) = text.chars().find(|c| is_control(*c) && *c != '\n' && *c != '\t') {
            return Err(TextError::Control(u32::from(c)));
        }
        check_length(text, PROSE_CHARS)?;
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for Title {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        // Before the line's own limit, which would promise more than a title may have.
        check_length(text.trim(), TITLE_CHARS)?;
        Ok(Self(text.parse()?))
    }
}

/// Texts that were held to these rules when they were put into the index, as far as its checksum vouches for them.
macro_rules! kept {
    ($($name:ident => $make:expr),*) => {$(
        impl $name {
            pub(crate) fn kept(text: &str) -> Self {
                ($make)(text.to_owned())
            }
        }
    )*};
}
kept!(Line => Line, Prose => Prose, Title => |text| Title(Line(text)));

impl Title {
    /// The title's text.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

impl Prose {
    /// The first line, for places that have room for one.
    pub fn first_line(&self) -> &str {
        self.0.lines().next().unwrap_or_default()
    }

    /// Several lines, or one that is too long for a table's cell.
    pub fn is_long(&self) -> bool {
        self.0.contains('\n')
    }
}

impl From<Line> for Prose {
    fn from(line: Line) -> Self {
        Self(line.0)
    }
}

impl Line {
    /// The line's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Display, Serialize and Deserialize by the text; reading goes through `FromStr`, so that a record typed by
/// hand is held to the same rules as an argument.
macro_rules! textual {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
textual!(Line, Prose, Title);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_clean_line() {
        let long = "x".repeat(TITLE_CHARS + 1);
        for (given, expected) in [
            ("  Disk full  ", Ok("Disk full")),
            ("a # b: \"c\" \\ d", Ok("a # b: \"c\" \\ d")),
            ("🔥🔥", Ok("🔥🔥")),
            ("", Err(TextError::Empty)),
            (" \t ", Err(TextError::Empty)),
            ("a\nb", Err(TextError::ManyLines)),
            ("a\u{1b}[31mb", Err(TextError::Control(0x1b))),
            ("a\u{202e}b", Err(TextError::Control(0x202e))),
            (&"x".repeat(10_000), Err(TextError::TooLong { have: 10_000, most: TITLE_CHARS })),
            (&long, Err(TextError::TooLong { have: TITLE_CHARS + 1, most: TITLE_CHARS })),
        ] {
            let got = given.parse::<Title>();
            assert_eq!(got.as_ref().map(Title::as_str).map_err(Clone::clone), expected, "{given:?}");
        }
    }

    #[test]
    fn prose_keeps_its_lines_and_clean_shows_what_hides() {
        assert_eq!("a\r\n  b\n\n".parse::<Prose>().unwrap().as_str(), "a\n  b");
        assert_eq!(clean_line("a\u{1b}[2Jb\r\nc\td"), "a\\u{1b}[2Jb c d");
    }
}
