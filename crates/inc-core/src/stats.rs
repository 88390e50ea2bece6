//! Figures over many incidents and PDCAs, told from their summaries alone, in one pass and whatever their order: a
//! [`Census`] counts and measures by up to two [`Group`]s, [`Learning`] tells what PDCAs make of incidents.
//!
//! Nothing is guessed: what cannot be computed is counted with why, and few values are called few.

mod axis;
mod census;
mod group;
mod learning;
mod measured;
mod period;
mod spread;
mod tally;
mod trend;
mod working;

pub use axis::Key;
pub use census::{Cell, Census, Grid};
pub use group::{Group, check_groups};
pub use learning::{Learning, Share};
pub use measured::{Hours, Measured, Why};
pub use period::{Period, Unit};
pub use spread::{Spread, share};
pub use tally::{Measurement, Tally};
pub use trend::{Change, TOO_FEW, change};
pub use working::Working;

#[cfg(test)]
mod tests;
