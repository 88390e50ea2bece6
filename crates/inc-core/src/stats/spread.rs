//! What many durations tell together.
//!
//! Quantiles are nearest ranks (the inverse of the empirical distribution, definition 1 of R. Hyndman and Y. Fan, "Sample
//! Quantiles in Statistical Packages", 1996): the p-quantile of n values is the one of rank ceil(p · n). So each median and
//! each p90 that is told is a duration that occurred; of an even number, the median is the lower of the two in the middle.

use serde::Serialize;

/// Figures of one or more durations, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Half of them are no longer.
    pub median: i64,
    /// Nine in ten of them are no longer.
    pub p90: i64,
    /// The shortest.
    pub min: i64,
    /// The longest.
    pub max: i64,
    /// Their mean, rounded to the nearest minute.
    pub mean: i64,
}

impl Spread {
    /// The figures of these durations; `None` of none.
    pub fn of(minutes: &[i64]) -> Option<Self> {
        let mut sorted = minutes.to_vec();
        sorted.sort_unstable();
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let count = i128::try_from(sorted.len()).ok()?;
        let sum: i128 = sorted.iter().copied().map(i128::from).sum();
        let mean = i64::try_from((sum + count / 2).div_euclid(count)).ok()?;
        Some(Self { median: ranked(&sorted, 50), p90: ranked(&sorted, 90), min, max, mean })
    }
}

/// The nearest rank of so many percent.
fn ranked(sorted: &[i64], percent: usize) -> i64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// A share in tenths of a percent, rounded to the nearest; `None` of nothing.
pub fn share(part: usize, of: usize) -> Option<usize> {
    (part * 1000 + of / 2).checked_div(of)
}
