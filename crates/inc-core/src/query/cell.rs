//! One value of a list, and how it is written.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::answer::Answer;
use crate::instant::Instant;

/// The value of one column of one incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// There is none: not asked yet, or not computable.
    Nothing,
    /// `unknown`, `none` or `n/a`.
    Word(&'static str),
    /// A word with a rank, by which it is put in order: a severity, a status.
    Ranked(u8, &'static str),
    /// Text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    At(Instant),
    /// Several texts, from the first to the last.
    List(Vec<String>),
    /// Whatever a team's own key holds.
    Own(Value),
}

impl Cell {
    /// A text, where there is one.
    pub fn text(text: Option<&impl ToString>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.to_string()))
    }

    /// An answer about a property.
    pub fn answer<T>(answer: &Answer<T>, known: impl FnOnce(&T) -> Self) -> Self {
        match answer {
            Answer::Known(value) => known(value),
            other => other.word().map_or(Self::Nothing, Self::Word),
        }
    }
}

/// As CSV and tables hold it; nothing is empty.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing | Self::Own(Value::Null) => Ok(()),
            Self::Word(word) | Self::Ranked(_, word) => f.write_str(word),
            Self::Text(text) | Self::Own(Value::String(text)) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::At(at) => at.fmt(f),
            Self::List(parts) => f.write_str(&parts.join(" > ")),
            Self::Own(value) => value.fmt(f),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Word(word) | Self::Ranked(_, word) => serializer.serialize_str(word),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::At(at) => at.serialize(serializer),
            Self::List(parts) => parts.serialize(serializer),
            Self::Own(value) => value.serialize(serializer),
        }
    }
}
