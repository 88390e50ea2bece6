//! Facts of an impact that are no numbers: a flag, and what was lost of data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::nearest;
use crate::text::clean_line;

/// Whether something is so. In files `true` or `false`; people may also type `yes` or `no`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.0 { "yes" } else { "no" })
    }
}

impl FromStr for Flag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_lowercase().as_str() {
            "true" | "yes" => Ok(Self(true)),
            "false" | "no" => Ok(Self(false)),
            _ => Err(format!("`{}` is neither `true` nor `false`", clean_line(text))),
        }
    }
}

/// What may be lost of data: the four of Commission Delegated Regulation (EU) 2024/1772, article 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataLoss {
    /// It could not be had when it was needed.
    Availability,
    /// Its source can no longer be trusted.
    Authenticity,
    /// It is wrong or incomplete.
    Integrity,
    /// Somebody saw it who must not.
    Confidentiality,
}

impl DataLoss {
    /// All four.
    pub const ALL: [Self; 4] =
        [Self::Availability, Self::Authenticity, Self::Integrity, Self::Confidentiality];

    /// The word in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Availability => "availability",
            Self::Authenticity => "authenticity",
            Self::Integrity => "integrity",
            Self::Confidentiality => "confidentiality",
        }
    }
}

impl fmt::Display for DataLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DataLoss {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|loss| loss.name().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| {
            format!(
                "`{}` is no loss of data; {}",
                clean_line(text),
                nearest::hint(text, &Self::ALL.map(Self::name))
            )
        })
    }
}
