//! Impact: how many are touched, how badly, and what it costs.

mod band;
mod fact;
mod money;
mod number;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::dora;
use crate::span::Span;
use crate::text::Line;

pub use band::{Breadth, Depth};
pub use fact::{DataLoss, Flag};
pub use money::{Amount, Currency, Money};
pub use number::{Count, Percent};

/// The largest count, transaction number or amount accepted: above it, a typing error is likelier than the truth.
pub const MOST: u64 = 1_000_000_000_000;

/// Everything that the severity is computed from, and the words beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// How many customers are touched.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customers: Answer<Count>,
    /// Which share of all customers that is.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customers_percent: Answer<Percent>,
    /// Breadth: given, or read off `customers_percent`.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub customer_impact: Answer<Breadth>,
    /// Depth: how bad it is for one customer.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub single_customer_impact: Answer<Depth>,
    /// Money that may be lost.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub money_at_risk: Answer<Money>,
    /// Transactions that failed or hang.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub transactions: Answer<Count>,
    /// Features that do not work.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub features: Answer<Vec<Line>>,
    /// Countries where it is felt.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub countries: Answer<Vec<Line>>,
    /// Suppliers that are part of it.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub third_parties: Answer<Vec<Line>>,
    /// How long it lasted, where that is not from the start to the end.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub duration: Answer<Span>,
    /// How long a service could not be used at all.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub downtime: Answer<Span>,
    /// What was lost of data: its availability, authenticity, integrity or confidentiality.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub data_losses: Answer<Vec<DataLoss>>,
    /// Whether somebody got in, with malice and without authorisation.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub malicious_access: Answer<Flag>,
    /// What it cost, directly and indirectly.
    #[serde(default, skip_serializing_if = "Answer::is_missing")]
    pub economic_impact: Answer<Money>,
    /// What only the regulator of the EU's financial sector asks for.
    #[serde(default, skip_serializing_if = "dora::Facts::is_empty")]
    pub dora: dora::Facts,
    /// A team's own inputs, which its policy names and gives a type.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
}

impl Impact {
    /// No property has been asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests;
