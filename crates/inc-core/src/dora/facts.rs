//! What the record says for the regulator alone, under `impact.dora`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::impact::{Flag, Money, Percent};
use crate::instant::Instant;
use crate::nearest;
use crate::text::clean_line;

/// The facts of an incident that only the classification and the reports under DORA ask for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Whether critical services are affected, as (EU) 2024/1772 article 6 describes them.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub critical_services: Answer<Flag>,
    /// Whether clients or counterparts are touched that count as relevant (article 1(3)).
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub relevant_clients: Answer<Flag>,
    /// Which share of the financial counterparts is touched.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub counterparts_percent: Answer<Percent>,
    /// The transactions touched, as a share of the daily average number.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub transactions_percent: Answer<Percent>,
    /// The amount of the transactions touched.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub transactions_amount: Answer<Money>,
    /// The same, as a share of the daily average amount.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub transactions_amount_percent: Answer<Percent>,
    /// How the incident showed outside (article 2).
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub reputation: Answer<Vec<Reputation>>,
    /// When it was classified as major.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub classified_at: Answer<Instant>,
    /// When the initial notification was sent.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub notified_at: Answer<Instant>,
    /// When the latest intermediate report was sent.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub intermediate_at: Answer<Instant>,
    /// When the final report was sent.
    #[serde(skip_serializing_if = "Answer::is_missing")]
    pub final_at: Answer<Instant>,
}

impl Facts {
    /// No property has been asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What reputational impact is made of: the four of (EU) 2024/1772, article 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reputation {
    /// The media told of it.
    Media,
    /// Clients or counterparts complained again and again.
    Complaints,
    /// Regulatory requirements cannot be met, or are likely not to be.
    Requirements,
    /// Clients or counterparts are lost, or are likely to be.
    ClientsLost,
}

impl Reputation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Media, Self::Complaints, Self::Requirements, Self::ClientsLost];

    /// The word in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Complaints => "complaints",
            Self::Requirements => "requirements",
            Self::ClientsLost => "clients-lost",
        }
    }
}

impl fmt::Display for Reputation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Reputation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| {
            format!(
                "`{}` is no sign of reputational impact; {}",
                clean_line(text),
                nearest::hint(text, &Self::ALL.map(Self::name))
            )
        })
    }
}
