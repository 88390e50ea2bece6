//! The severity policy: levels, bands, matrix, floors, dimensions, conditions and examples, as
//! `policies/severity.yaml` holds them.

mod check;
mod condition;
mod dimension;
mod example;
pub(super) mod scale;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Levels, Severity};
use crate::impact::{Amount, Breadth, Currency, Depth};
use crate::text::Line;

pub use check::{Path, PolicyError, Step};
pub(super) use condition::Holds;
pub use condition::{Condition, When};
pub use dimension::{Dimension, InputName};
pub use example::{Example, ExampleRun};
pub use scale::Type;

/// How severity follows from impact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The version of the format, [`crate::SCHEMA`].
    pub schema: u64,
    /// What each severity is called, means and demands.
    #[serde(default)]
    pub levels: Levels,
    /// Breadth: where each band ends, and its words.
    pub customer_impact: BreadthBands,
    /// Depth: the words of each band.
    pub single_customer_impact: DepthBands,
    /// The severity of each pair of bands.
    pub matrix: Matrix,
    /// What makes it at least so severe, whatever the matrix says.
    pub floors: Floors,
    /// More inputs with floors of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
    /// Bounds under circumstances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What a missing or unknown input counts as; either way the answer is provisional.
    pub unknown: Unknown,
    /// Inputs and the severity that they must give; a policy whose examples fail is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// The bands of breadth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the bands' own names")]
pub struct BreadthBands {
    #[serde(rename = "NONE")]
    pub none: BreadthBand,
    #[serde(rename = "S")]
    pub s: BreadthBand,
    #[serde(rename = "M")]
    pub m: BreadthBand,
    #[serde(rename = "L")]
    pub l: BreadthBand,
    #[serde(rename = "XL")]
    pub xl: LastBand,
}

/// A band of breadth that ends somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreadthBand {
    /// The largest share of customers, in percent, that still belongs to the band.
    pub up_to_percent: f64,
    /// What reports say.
    pub words: Line,
}

/// The widest band, which has no end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastBand {
    /// What reports say.
    pub words: Line,
}

/// The bands of depth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the bands' own names")]
pub struct DepthBands {
    #[serde(rename = "S")]
    pub s: LastBand,
    #[serde(rename = "M")]
    pub m: LastBand,
    #[serde(rename = "L")]
    pub l: LastBand,
    #[serde(rename = "XL")]
    pub xl: LastBand,
}

/// Rows by breadth; a missing one is an error of reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the bands' own names")]
pub struct Matrix {
    #[serde(rename = "NONE")]
    pub none: Row,
    #[serde(rename = "S")]
    pub s: Row,
    #[serde(rename = "M")]
    pub m: Row,
    #[serde(rename = "L")]
    pub l: Row,
    #[serde(rename = "XL")]
    pub xl: Row,
}

/// The cells of one row, by depth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the bands' own names")]
pub struct Row {
    #[serde(rename = "S")]
    pub s: Severity,
    #[serde(rename = "M")]
    pub m: Severity,
    #[serde(rename = "L")]
    pub l: Severity,
    #[serde(rename = "XL")]
    pub xl: Severity,
}

/// What makes it at least so severe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    /// By money at risk.
    pub money_at_risk: MoneyFloors,
    /// By the number of transactions.
    pub transactions: Vec<Floor<u64>>,
}

/// Floors by money, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyFloors {
    /// The currency of the floors.
    pub currency: Currency,
    /// What one unit of another currency is worth in that one; money in a currency without a rate is refused.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Currency, f64>,
    /// The floors, rising.
    pub from: Vec<Floor<Amount>>,
}

/// From this value on, at least this severity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor<T> {
    /// The value from which on it holds.
    pub from: T,
    /// The severity.
    pub level: Severity,
}

/// What a missing or unknown input counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// The worst it may turn out to be.
    AssumeWorst,
    /// Nothing: only what is known decides.
    Ignore,
}

/// The policy of a repository that has none of its own.
///
/// Stated by the talk: XL begins above 15 %, and XL x S without money or transactions gives SEV-3. All else is this
/// project's assumption. Unknown inputs count as their worst case, because the field's rule for doubt is to treat
/// an incident as the higher of the levels it may have (PagerDuty Incident Response, "Severity Levels").
impl Default for Policy {
    fn default() -> Self {
        use Severity::{Sev1, Sev2, Sev3, Sev4};
        let words = |text: &str| text.parse::<Line>().unwrap_or_else(|_| unreachable!("a constant line"));
        let band = |up_to_percent, text| BreadthBand { up_to_percent, words: words(text) };
        let last = |text| LastBand { words: words(text) };
        let row = |s, m, l, xl| Row { s, m, l, xl };
        let money = |amount, level| Floor { from: Amount::whole(amount), level };
        let count = |from, level| Floor { from, level };
        Self {
            schema: crate::SCHEMA,
            levels: Levels::default(),
            customer_impact: BreadthBands {
                none: band(0.0, "No customers"),
                s: band(1.0, "Up to 1% of customers"),
                m: band(5.0, "Over 1% and up to 5% of customers"),
                l: band(15.0, "Over 5% and up to 15% of customers"),
                xl: last("Over 15% of customers"),
            },
            single_customer_impact: DepthBands {
                s: last("no or slight disturbance for the customer"),
                m: last("a feature is degraded, the customer can work around it"),
                l: last("a feature that the customer needs cannot be used"),
                xl: last("the customer can use nothing, or loses money or data"),
            },
            matrix: Matrix {
                none: row(Sev4, Sev4, Sev4, Sev4),
                s: row(Sev4, Sev4, Sev3, Sev2),
                m: row(Sev4, Sev3, Sev3, Sev2),
                l: row(Sev4, Sev3, Sev2, Sev1),
                xl: row(Sev3, Sev2, Sev1, Sev1),
            },
            floors: Floors {
                money_at_risk: MoneyFloors {
                    currency: Currency::EUR,
                    rates: BTreeMap::new(),
                    from: vec![money(10_000, Sev3), money(100_000, Sev2), money(1_000_000, Sev1)],
                },
                transactions: vec![count(100, Sev3), count(1_000, Sev2), count(10_000, Sev1)],
            },
            dimensions: vec![],
            conditions: vec![],
            unknown: Unknown::AssumeWorst,
            examples: default_examples(),
        }
    }
}

impl Policy {
    /// The severity of a pair of bands.
    pub fn cell(&self, breadth: Breadth, depth: Depth) -> Severity {
        let row = match breadth {
            Breadth::None => &self.matrix.none,
            Breadth::S => &self.matrix.s,
            Breadth::M => &self.matrix.m,
            Breadth::L => &self.matrix.l,
            Breadth::Xl => &self.matrix.xl,
        };
        match depth {
            Depth::S => row.s,
            Depth::M => row.m,
            Depth::L => row.l,
            Depth::Xl => row.xl,
        }
    }

    /// The band of a share of customers; a boundary belongs to the lower band.
    pub fn breadth_at(&self, percent: f64) -> Breadth {
        let bands = &self.customer_impact;
        let ends = [
            (Breadth::None, &bands.none),
            (Breadth::S, &bands.s),
            (Breadth::M, &bands.m),
            (Breadth::L, &bands.l),
        ];
        let band = ends.into_iter().find(|(_, band)| percent <= band.up_to_percent);
        band.map_or(Breadth::Xl, |(band, _)| band)
    }

    /// What reports say of a band of breadth.
    pub fn breadth_words(&self, band: Breadth) -> &Line {
        let bands = &self.customer_impact;
        match band {
            Breadth::None => &bands.none.words,
            Breadth::S => &bands.s.words,
            Breadth::M => &bands.m.words,
            Breadth::L => &bands.l.words,
            Breadth::Xl => &bands.xl.words,
        }
    }

    /// What reports say of a band of depth.
    pub fn depth_words(&self, band: Depth) -> &Line {
        let bands = &self.single_customer_impact;
        match band {
            Depth::S => &bands.s.words,
            Depth::M => &bands.m.words,
            Depth::L => &bands.l.words,
            Depth::Xl => &bands.xl.words,
        }
    }
}

/// The talk's incident, a boundary, a floor and a doubt.
fn default_examples() -> Vec<Example> {
    let example =
        |name: &str, impact: serde_json::Value, environment: Option<&str>, expect, provisional| Example {
            name: name.parse().unwrap_or_else(|_| unreachable!("a constant line")),
            impact: serde_json::from_value(impact).unwrap_or_else(|_| unreachable!("a constant impact")),
            environment: environment.and_then(|name| name.parse().ok()),
            kind: crate::incident::Kind::Incident,
            customer_base: None,
            expect,
            provisional,
        };
    use serde_json::json;
    let nothing = json!({"amount": 0, "currency": "EUR"});
    vec![
        example(
            "A staging cluster misbehaves: all developers slightly disturbed",
            json!({"customers": 0, "customer_impact": "XL", "single_customer_impact": "S",
                   "money_at_risk": nothing, "transactions": 0}),
            Some("staging"),
            Severity::Sev3,
            Some(false),
        ),
        example(
            "15 % is still L: a boundary belongs to the lower band",
            json!({"customers_percent": 15, "single_customer_impact": "S", "money_at_risk": nothing, "transactions": 0}),
            Some("production"),
            Severity::Sev4,
            Some(false),
        ),
        example(
            "Few customers, but a thousand transactions hang",
            json!({"customer_impact": "S", "single_customer_impact": "S", "money_at_risk": nothing, "transactions": 1000}),
            Some("production"),
            Severity::Sev2,
            Some(false),
        ),
        example(
            "Nothing is known yet: treated as the worst that it may be",
            json!({}),
            None,
            Severity::Sev1,
            Some(true),
        ),
    ]
}
