//! Parts of rows in a form that is stored: a moment, an answer, a value of a team's own. Each comes back as it was.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::answer::Answer;
use crate::instant::Instant;

/// An instant: seconds, nanoseconds and minutes of its offset.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Moment(i64, u32, i16);

impl Moment {
    pub fn of(at: Instant) -> Self {
        let (seconds, nanos, offset) = at.parts();
        Self(seconds, nanos, offset)
    }

    pub fn instant(self) -> Option<Instant> {
        Instant::of_parts(self.0, self.1, self.2)
    }

    /// `None` only where what should be an instant is none.
    pub fn optional(at: Option<Self>) -> Option<Option<Instant>> {
        at.map_or(Some(None), |at| at.instant().map(Some))
    }
}

/// An answer about a moment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Told {
    Missing,
    Unknown,
    None,
    NotApplicable,
    Known(Moment),
}

impl Told {
    pub fn of(answer: &Answer<Instant>) -> Self {
        match answer {
            Answer::Missing => Self::Missing,
            Answer::Unknown => Self::Unknown,
            Answer::None => Self::None,
            Answer::NotApplicable => Self::NotApplicable,
            Answer::Known(at) => Self::Known(Moment::of(*at)),
        }
    }

    pub fn answer(self) -> Option<Answer<Instant>> {
        Some(match self {
            Self::Missing => Answer::Missing,
            Self::Unknown => Answer::Unknown,
            Self::None => Answer::None,
            Self::NotApplicable => Answer::NotApplicable,
            Self::Known(at) => Answer::Known(at.instant()?),
        })
    }
}

/// A value of a team's own. JSON would not do: its numbers do not always come back to the last digit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Own<'a> {
    Null,
    Flag(bool),
    Natural(u64),
    Negative(i64),
    Decimal(f64),
    #[serde(borrow)]
    Text(&'a str),
    #[serde(borrow)]
    List(Vec<Own<'a>>),
    #[serde(borrow)]
    Map(Vec<(&'a str, Own<'a>)>),
}

impl<'a> Own<'a> {
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(natural), _) => Self::Natural(natural),
                (None, Some(negative)) => Self::Negative(negative),
                _ => Self::Decimal(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(parts) => Self::List(parts.iter().map(Self::of).collect()),
            Value::Object(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.as_str(), Self::of(value))).collect())
            }
        }
    }

    pub fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Natural(number) => Value::from(*number),
            Self::Negative(number) => Value::from(*number),
            Self::Decimal(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::from(*text),
            Self::List(parts) => Value::Array(parts.iter().map(Self::value).collect()),
            Self::Map(map) => {
                Value::Object(map.iter().map(|(key, value)| ((*key).to_owned(), value.value())).collect())
            }
        }
    }
}
