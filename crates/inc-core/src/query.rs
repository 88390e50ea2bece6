//! Questions over many incidents, told from their summaries alone: which ([`Filter`]), in which order ([`SortKey`]), and
//! what is shown of each ([`Column`]).

mod cell;
mod column;
mod filter;
mod key;
mod range;
mod sieve;
mod sort;

pub use cell::Cell;
pub use column::{COLUMNS, Column, Known};
pub use filter::{Bound, Filter, TeamField};
pub use range::SeverityRange;
pub use sieve::Sieve;
pub use sort::{Placed, SortKey, sort};

#[cfg(test)]
mod tests;
