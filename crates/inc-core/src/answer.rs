//! The four kinds of nothing: not asked, unknown, none, not applicable; and the answer itself.
//!
//! `0` is an answer. A key that is absent (or left empty) was not asked yet; `unknown` was asked and nobody
//! knows; `none` and `n/a` were asked and there is nothing to tell.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is known about one property of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Answer<T> {
    /// Not asked yet: the key is absent.
    #[default]
    Missing,
    /// Asked, and not known (yet).
    Unknown,
    /// Asked: there is none.
    None,
    /// Asked: does not apply.
    NotApplicable,
    /// Asked and answered; zero and the empty list are answers.
    Known(T),
}

impl<T> Answer<T> {
    /// The value, where there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Not asked yet. (Used to leave the key out of a file.)
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Asked, whatever came out, even `unknown`.
    pub fn is_asked(&self) -> bool {
        !self.is_missing()
    }

    /// Something that numbers can be computed from: a value, or the statement that there is nothing.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::None | Self::NotApplicable | Self::Known(_))
    }

    /// The words `unknown`, `none`, `n/a`, or nothing for the other two.
    pub fn word(&self) -> Option<&'static str> {
        match self {
            Self::Unknown => Some("unknown"),
            Self::None => Some("none"),
            Self::NotApplicable => Some("n/a"),
            Self::Missing | Self::Known(_) => None,
        }
    }

    /// The same answer about another value.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Answer<U> {
        match self {
            Self::Missing => Answer::Missing,
            Self::Unknown => Answer::Unknown,
            Self::None => Answer::None,
            Self::NotApplicable => Answer::NotApplicable,
            Self::Known(value) => Answer::Known(f(value)),
        }
    }

    fn from_word(text: &str) -> Option<Self> {
        match text {
            "unknown" => Some(Self::Unknown),
            "none" => Some(Self::None),
            "n/a" => Some(Self::NotApplicable),
            _ => None,
        }
    }
}

/// What is absent was not asked.
impl<T> From<Option<T>> for Answer<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::Known)
    }
}

/// `not asked`, `unknown`, `none`, `n/a`, or the value.
impl<T: fmt::Display> fmt::Display for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Missing => f.write_str("not asked"),
            other => f.write_str(other.word().unwrap_or_default()),
        }
    }
}

/// What people type: one of the three words (any case), else the value.
impl<T: FromStr> FromStr for Answer<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        let text = text.trim();
        match Self::from_word(&text.to_lowercase()) {
            Some(word) => Ok(word),
            None => text.parse().map(Self::Known),
        }
    }
}

impl<T: Serialize> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::Missing => serializer.serialize_none(),
            other => serializer.serialize_str(other.word().unwrap_or_default()),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor(std::marker::PhantomData))
    }
}

struct AnswerVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnswerVisitor<T> {
    type Value = Answer<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or `unknown`, `none` or `n/a`")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Answer<T>, E> {
        Ok(Answer::Missing)
    }

    fn visit_none<E: de::Error>(self) -> Result<Answer<T>, E> {
        Ok(Answer::Missing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Answer<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Answer<T>, E> {
        match Answer::from_word(text) {
            Some(word) => Ok(word),
            None => T::deserialize(text.into_deserializer()).map(Answer::Known),
        }
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Answer<T>, E> {
        T::deserialize(value.into_deserializer()).map(Answer::Known)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Answer<T>, E> {
        T::deserialize(value.into_deserializer()).map(Answer::Known)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Answer<T>, E> {
        T::deserialize(value.into_deserializer()).map(Answer::Known)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Answer<T>, E> {
        T::deserialize(value.into_deserializer()).map(Answer::Known)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Answer<T>, A::Error> {
        T::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Answer::Known)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Answer<T>, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Answer::Known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_four_kinds_of_nothing_stay_apart() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Record {
            #[serde(default, skip_serializing_if = "Answer::is_missing")]
            count: Answer<u64>,
        }
        for (value, expected) in [
            (json!({}), Answer::Missing),
            (json!({"count": "unknown"}), Answer::Unknown),
            (json!({"count": "none"}), Answer::None),
            (json!({"count": "n/a"}), Answer::NotApplicable),
            (json!({"count": 0}), Answer::Known(0)),
        ] {
            let record: Record = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(record.count, expected, "{value}");
            assert_eq!(serde_json::to_value(&record).unwrap(), value);
        }
        let empty: Record = serde_json::from_value(json!({"count": null})).unwrap();
        assert_eq!(empty.count, Answer::Missing);
        assert!(serde_json::from_value::<Record>(json!({"count": "many"})).is_err());
    }
}
