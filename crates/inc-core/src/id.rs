//! The two names of a record: the `Id` that reads aloud, and the `Uid` that never collides between clones.
//!
//! An id is never a path: its alphabet has no dot and no slash, so that joining it to a folder stays inside.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// The most characters of an id, the length of the talk's channel name.
pub const ID_CHARS: usize = 80;

/// `<date>-<slug>`, in `[a-z0-9-]`, at most [`ID_CHARS`] characters, starting with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Nothing there.
    #[error("an id cannot be empty")]
    Empty,
    /// A character outside the alphabet, `/` and `.` among them.
    #[error("`{0}` is not an id: ids hold only a-z, 0-9 and `-`, and are never paths")]
    Alphabet(String),
    /// Longer than a channel's name may be.
    #[error("an id has at most 80 characters, this one has {0}")]
    TooLong(usize),
}

impl Id {
    /// The id of a record with this title, the `attempt`-th of its name (1 is the first, 2 ends in `-2`, …).
    ///
    /// The title is transliterated (é -> e); what is left of a title without a letter or digit is `fallback`.
    pub fn for_title(on: NaiveDate, title: &str, attempt: usize, fallback: &str) -> Self {
        let suffix = if attempt > 1 { format!("-{attempt}") } else { String::new() };
        let date = on.format("%Y-%m-%d").to_string();
        let room = ID_CHARS - date.len() - 1 - suffix.len();
        let slug = match slug(title, room) {
            slug if slug.is_empty() => fallback.to_owned(),
            slug => slug,
        };
        Self(format!("{date}-{slug}{suffix}"))
    }

    /// An id that was one when it was put into the index.
    pub(crate) fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The four digits that the id begins with, the name of the record's folder; `None` for an id without a date.
    pub fn year(&self) -> Option<&str> {
        self.0.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// Lower-case ASCII words joined by `-`, cut at a word's end where that loses less than a third of the room.
fn slug(title: &str, room: usize) -> String {
    let mut slug = String::new();
    for c in deunicode::deunicode(title).chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => slug.push(c),
            // An apostrophe joins: "can't" is one word.
            '\'' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    if slug.len() > room {
        // A cut inside a word reads badly; one that takes most of the slug reads worse.
        let cut = match slug[..=room].rfind('-') {
            Some(at) if at * 3 >= room * 2 => at,
            _ => room,
        };
        slug.truncate(cut);
    }
    slug.trim_end_matches('-').to_owned()
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        let inside = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
        if !text.chars().all(inside) || text.starts_with('-') {
            return Err(IdError::Alphabet(crate::text::clean_line(text)));
        }
        if text.len() > ID_CHARS {
            return Err(IdError::TooLong(text.len()));
        }
        Ok(Self(text.to_owned()))
    }
}

/// A ULID: minted once, never changed; what merges go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uid(ulid::Ulid);

impl Uid {
    /// The id of a moment (milliseconds since 1970) and 80 random bits; the caller brings both.
    pub fn from_parts(unix_millis: u64, random: u128) -> Self {
        Self(ulid::Ulid::from_parts(unix_millis, random))
    }

    /// The id as a number, which [`Uid::of_bits`] takes back.
    pub(crate) fn bits(self) -> u128 {
        self.0.0
    }

    /// The id of a number.
    pub(crate) fn of_bits(bits: u128) -> Self {
        Self(ulid::Ulid(bits))
    }

    /// The milliseconds since 1970 that it was made with: what the clock of its maker said.
    pub fn unix_millis(self) -> u64 {
        self.0.timestamp_ms()
    }
}

impl FromStr for Uid {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ulid::Ulid::from_string(text)
            .map(Self)
            .map_err(|_| format!("`{}` is not a ULID (26 letters and digits)", crate::text::clean_line(text)))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Serialize for Uid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_aloud() {
        let on = NaiveDate::from_ymd_opt(2023, 3, 27).unwrap();
        for (title, attempt, expected) in [
            (
                "Staging: Kubernetes cluster 3 is misbehaving",
                1,
                "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving",
            ),
            ("Café déjà fermé", 1, "2023-03-27-cafe-deja-ferme"),
            ("Can't log in", 2, "2023-03-27-cant-log-in-2"),
            ("../../etc/passwd", 1, "2023-03-27-etc-passwd"),
            ("東京", 1, "2023-03-27-dong-jing"),
            ("!?", 1, "2023-03-27-incident"),
        ] {
            assert_eq!(Id::for_title(on, title, attempt, "incident").as_str(), expected);
        }
        let long = Id::for_title(on, &"very long words ".repeat(20), 12, "incident");
        assert!(long.as_str().len() <= ID_CHARS && long.as_str().ends_with("-12"), "{long}");
        assert_eq!(long.as_str().parse::<Id>().unwrap(), long);
        let emoji = Id::for_title(on, "🔥🔥", 1, "incident");
        assert!(emoji.as_str().parse::<Id>().is_ok(), "{emoji}");
    }

    #[test]
    fn an_id_is_never_a_path() {
        for bad in ["", "a/b", "..", "a.b", "A", "é", "-a", "a b", "a\nb"] {
            assert!(bad.parse::<Id>().is_err(), "{bad:?}");
        }
    }
}
