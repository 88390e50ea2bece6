//! Bands: breadth, the share of customers touched, and depth, how bad it is for one of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::clean_line;

/// Breadth: the share of customers touched. The order is that of the harm: `NONE` < `S` < … < `XL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Breadth {
    /// Nobody.
    #[serde(rename = "NONE")]
    None,
    /// Small.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large: by the talk, over 15 % of customers.
    #[serde(rename = "XL")]
    Xl,
}

impl Breadth {
    /// Every band, mildest first.
    pub const ALL: [Self; 5] = [Self::None, Self::S, Self::M, Self::L, Self::Xl];

    /// The band's letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::S => "S",
            Self::M => "M",
            Self::L => "L",
            Self::Xl => "XL",
        }
    }
}

/// Depth: how bad it is for one customer. The order is that of the harm: `S` < … < `XL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Depth {
    /// By the talk: no or slight disturbance for the customer.
    S,
    /// Medium.
    M,
    /// Large.
    L,
    /// Extra large.
    #[serde(rename = "XL")]
    Xl,
}

impl Depth {
    /// Every band, mildest first.
    pub const ALL: [Self; 4] = [Self::S, Self::M, Self::L, Self::Xl];

    /// The band's letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::M => "M",
            Self::L => "L",
            Self::Xl => "XL",
        }
    }
}

impl fmt::Display for Breadth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Breadth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let band = Self::ALL.into_iter().find(|band| band.name().eq_ignore_ascii_case(text.trim()));
        band.ok_or_else(|| {
            format!("`{}` is no band of customer impact: NONE, S, M, L or XL", clean_line(text))
        })
    }
}

impl FromStr for Depth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let band = Self::ALL.into_iter().find(|band| band.name().eq_ignore_ascii_case(text.trim()));
        band.ok_or_else(|| {
            format!("`{}` is no band of single-customer impact: S, M, L or XL", clean_line(text))
        })
    }
}
