//! The numbers of the rules and their words, as `policies/dora.yaml` holds them.
//!
//! Every value checks itself while it is read, so that an absurd one is refused with its place in the file.

mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::countries::MemberStates;
use crate::impact::{Amount, Count, Currency, Money, Percent};
use crate::span::Span;
use crate::text::Line;

pub use value::{Number, Positive, Rate};

/// When an incident is major, and when its reports are due.
///
/// The built-in one ([`Default`]) holds the numbers of (EU) 2024/1772 and (EU) 2025/301.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The version of the format, [`crate::SCHEMA`].
    pub schema: u64,
    /// What the classification begins with (article 6).
    pub critical_services: Worded,
    /// What makes it major by itself, where critical services are affected (article 9(5)(b)).
    pub malicious_access: Worded,
    /// How many of the six thresholds make it major, where critical services are affected (article 8(1)(b)).
    pub needed: Number<1, 6>,
    /// The thresholds of article 9.
    pub thresholds: Thresholds,
    /// The daily averages by which numbers become shares.
    #[serde(default, skip_serializing_if = "DailyAverage::is_empty")]
    pub daily_average: DailyAverage,
    /// Incidents that are major only together (article 8(2)).
    pub recurring: Recurrence,
    /// When the reports are due ((EU) 2025/301, article 5).
    pub clock: Limits,
}

/// Something that is so or not, and what it is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worded {
    /// What the answers call it.
    pub words: Line,
}

/// A threshold: met above it, not at it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Over<T> {
    /// The largest value that does not meet it.
    pub above: T,
    /// What the answers call the value.
    pub words: Line,
}

/// The thresholds of (EU) 2024/1772, article 9.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Share of the clients, in percent.
    pub clients_percent: Over<Percent>,
    /// Number of clients.
    pub clients: Over<Count>,
    /// Share of the financial counterparts, in percent.
    pub counterparts_percent: Over<Percent>,
    /// Share of the daily average number of transactions, in percent.
    pub transactions_percent: Over<Percent>,
    /// Share of the daily average amount of transactions, in percent.
    pub transactions_amount_percent: Over<Percent>,
    /// Clients or counterparts that count as relevant.
    pub relevant_clients: Worded,
    /// Media, complaints, requirements, clients lost.
    pub reputation: Worded,
    /// From the start to the end.
    pub duration: Over<Positive<Span>>,
    /// Of services that support critical or important functions.
    pub downtime: Over<Positive<Span>>,
    /// How many member states, and which there are.
    pub member_states: MemberStates,
    /// Availability, authenticity, integrity, confidentiality.
    pub data_losses: Worded,
    /// What it cost.
    pub economic_impact: Costs,
}

/// The threshold of the costs, and what other currencies are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RawCosts")]
pub struct Costs {
    /// The largest amount that does not meet it.
    pub above: Money,
    /// What the answers call the value.
    pub words: Line,
    /// What one unit of another currency is worth in the threshold's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Currency, Rate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCosts {
    above: Money,
    words: Line,
    #[serde(default)]
    rates: BTreeMap<Currency, Rate>,
}

impl TryFrom<RawCosts> for Costs {
    type Error = String;

    fn try_from(RawCosts { above, words, rates }: RawCosts) -> Result<Self, String> {
        match rates.contains_key(&above.currency) {
            true => {
                Err(format!("the threshold is in {} itself: a rate for it contradicts that", above.currency))
            }
            false => Ok(Self { above, words, rates }),
        }
    }
}

impl Costs {
    /// Money in the threshold's currency, in hundredths.
    ///
    /// # Errors
    /// A currency without a rate.
    pub fn worth(&self, money: Money) -> Result<u64, String> {
        let hundredths = money.amount.hundredths();
        if money.currency == self.above.currency || hundredths == 0 {
            return Ok(hundredths);
        }
        let base = self.above.currency;
        match self.rates.get(&money.currency) {
            Some(rate) => Ok((hundredths as f64 * rate.get()).round() as u64),
            None => Err(format!("{money} is not in {base}, and policies/dora.yaml gives no rate for it")),
        }
    }
}

/// What a day brings on average.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DailyAverage {
    /// The number of transactions, by which `impact.transactions` becomes a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<Positive<Count>>,
    /// Their amount, by which `impact.dora.transactions_amount` becomes a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Positive<Money>>,
}

impl DailyAverage {
    /// Neither is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// When incidents are assessed together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// How many there must be.
    pub at_least: Number<2, 1000>,
    /// Within how many calendar months.
    pub within_months: Number<1, 120>,
}

/// The time limits of the reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The initial notification, after the classification as major.
    pub after_classification: Positive<Span>,
    /// The initial notification, after becoming aware.
    pub after_awareness: Positive<Span>,
    /// The intermediate report, after the initial notification.
    pub intermediate: Positive<Span>,
    /// The final report, in calendar months after the latest intermediate one.
    pub final_months: Number<1, 120>,
}

impl Default for Policy {
    fn default() -> Self {
        let line = |text: &str| text.parse::<Line>().unwrap_or_else(|_| unreachable!("a constant line"));
        let worded = |text| Worded { words: line(text) };
        let share = |percent, text| Over { above: Percent::whole(percent), words: line(text) };
        let hours = |hours| Positive::of(Span::hours(hours));
        Self {
            schema: crate::SCHEMA,
            critical_services: worded("critical services"),
            malicious_access: worded("malicious unauthorised access that may lead to data losses"),
            needed: Number::constant(2),
            thresholds: Thresholds {
                clients_percent: share(10, "share of the clients who use the service"),
                clients: Over { above: Count::whole(100_000), words: line("clients") },
                counterparts_percent: share(30, "share of the financial counterparts"),
                transactions_percent: share(10, "share of the daily average number of transactions"),
                transactions_amount_percent: share(10, "share of the daily average amount of transactions"),
                relevant_clients: worded("clients or counterparts that count as relevant"),
                reputation: worded("signs of reputational impact"),
                duration: Over { above: hours(24), words: line("duration") },
                downtime: Over { above: hours(2), words: line("downtime of critical or important services") },
                member_states: MemberStates::default(),
                data_losses: worded("losses of data"),
                economic_impact: Costs {
                    above: Money { amount: Amount::whole(100_000), currency: Currency::EUR },
                    words: line("costs and losses"),
                    rates: BTreeMap::new(),
                },
            },
            daily_average: DailyAverage::default(),
            recurring: Recurrence { at_least: Number::constant(2), within_months: Number::constant(6) },
            clock: Limits {
                after_classification: hours(4),
                after_awareness: hours(24),
                intermediate: hours(72),
                final_months: Number::constant(1),
            },
        }
    }
}
