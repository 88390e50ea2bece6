//! Who does what in the response: the incident commander, and whatever other roles a team names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::clean_line;

/// A role in the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Coordinates, mitigates first, communicates, completes the record, owns the follow-up.
    Commander,
    /// Responds; several people may.
    Responder,
    /// A role of the team's own: `communications`, `scribe`, …
    Named(RoleName),
}

/// What [`Role`] and the record know by other means, so that nobody holds it twice.
const OWN_KEYS: [&str; 5] = ["commander", "incident-commander", "ic", "responder", "reporter"];

/// The name of a role: lower-case letters, digits and `-`, at most 40 characters; not `commander` or the like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String);

impl FromStr for RoleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if OWN_KEYS.contains(&text) {
            return Err(format!(
                "`{text}` has a key of its own in the record and is none of the named roles"
            ));
        }
        let inside = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        if starts && text.len() <= 40 && text.chars().all(inside) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "`{}` is not a role's name: lower-case letters, digits and `-`, such as communications or scribe",
            clean_line(text)
        ))
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "commander" | "incident-commander" | "ic" => Ok(Self::Commander),
            "responder" => Ok(Self::Responder),
            "reporter" => {
                Err("the reporter is whoever declared: change it with `inc-edit --set reporter=NAME`".into())
            }
            other => other.parse().map(Self::Named),
        }
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commander => f.pad("commander"),
            Self::Responder => f.pad("responder"),
            Self::Named(name) => name.fmt(f),
        }
    }
}

impl Serialize for RoleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
