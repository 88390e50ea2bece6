//! The severity policy: bands, matrix and floors, as `policies/severity.yaml` holds them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Severity;
use crate::impact::{Amount, Breadth, Currency, Depth};
use crate::text::Line;

/// How severity follows from impact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The version of the format, [`crate::SCHEMA`].
    pub schema: u64,
    /// Breadth: where each band ends, and its words.
    pub customer_impact: BreadthBands,
    /// Depth: the words of each band.
    pub single_customer_impact: DepthBands,
    /// The severity of each pair of bands.
    pub matrix: Matrix,
    /// What makes it at least so severe, whatever the matrix says.
    pub floors: Floors,
    /// What a missing or unknown input counts as; either way the answer is provisional.
    pub unknown: Unknown,
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
    /// The currency of the amounts; money in another one is not judged, and said.
    pub currency: Currency,
    /// The floors, rising.
    pub from: Vec<Floor<Amount>>,
}

impl MoneyFloors {
    /// The floor that `amount` reaches, and where it begins.
    pub(super) fn at(&self, amount: Amount) -> Option<(String, Severity)> {
        let reached = self.from.iter().filter(|floor| amount >= floor.from).min_by_key(|floor| floor.level);
        reached.map(|floor| (format!("{} {}", floor.from, self.currency), floor.level))
    }

    /// The worst floor.
    pub(super) fn worst(&self) -> Option<Severity> {
        self.from.iter().map(|floor| floor.level).min()
    }
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

/// Why a policy that reads well is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// A band that ends before or where the one below it does, or outside 0..100.
    #[error("band {0} must end above the band before it, and at 100 % at the most")]
    Falling(&'static str),
    /// A floor that begins before or where the one before it does.
    #[error("the floors of {0} must rise: each begins above the one before it")]
    FallingFloor(&'static str),
    /// A higher value that would be milder.
    #[error("the floors of {0} must get worse as they rise")]
    MilderFloor(&'static str),
    /// A wider or deeper band that would be milder.
    #[error("the matrix must get no milder to the right or downwards: cell {0}")]
    MilderCell(String),
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
                    from: vec![money(10_000, Sev3), money(100_000, Sev2), money(1_000_000, Sev1)],
                },
                transactions: vec![count(100, Sev3), count(1_000, Sev2), count(10_000, Sev1)],
            },
            unknown: Unknown::AssumeWorst,
        }
    }
}

impl Policy {
    /// Checks what types cannot: bands and floors that rise, and a matrix that never gets milder as harm grows.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), PolicyError> {
        self.check_bands()?;
        self.check_matrix()?;
        let money = &self.floors.money_at_risk.from;
        check_floors("money_at_risk", money.iter().map(|floor| (floor.from, floor.level)))?;
        check_floors("transactions", self.floors.transactions.iter().map(|floor| (floor.from, floor.level)))
    }

    fn check_bands(&self) -> Result<(), PolicyError> {
        let bands = &self.customer_impact;
        let ends = [("NONE", &bands.none), ("S", &bands.s), ("M", &bands.m), ("L", &bands.l)];
        let mut below = -1.0;
        for (name, band) in ends {
            let rises = band.up_to_percent > below && (0.0..=100.0).contains(&band.up_to_percent);
            if !rises {
                return Err(PolicyError::Falling(name));
            }
            below = band.up_to_percent;
        }
        Ok(())
    }

    fn check_matrix(&self) -> Result<(), PolicyError> {
        for breadth in Breadth::ALL {
            for depth in Depth::ALL {
                let cell = self.cell(breadth, depth);
                let wider =
                    Breadth::ALL.into_iter().filter(|wider| *wider > breadth).map(|wider| (wider, depth));
                let deeper =
                    Depth::ALL.into_iter().filter(|deeper| *deeper > depth).map(|deeper| (breadth, deeper));
                if let Some((b, d)) = wider.chain(deeper).find(|(b, d)| self.cell(*b, *d) > cell) {
                    return Err(PolicyError::MilderCell(format!("{b} x {d}")));
                }
            }
        }
        Ok(())
    }

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

fn check_floors<T: PartialOrd + Copy>(
    name: &'static str,
    floors: impl Iterator<Item = (T, Severity)> + Clone,
) -> Result<(), PolicyError> {
    for ((from, level), (next, worse)) in floors.clone().zip(floors.skip(1)) {
        if next <= from {
            return Err(PolicyError::FallingFloor(name));
        }
        if worse > level {
            return Err(PolicyError::MilderFloor(name));
        }
    }
    Ok(())
}
