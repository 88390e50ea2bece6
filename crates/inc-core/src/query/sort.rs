//! The order of a list.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::Column;
use crate::summary::Summary;

/// One key of an order: a column, and `-` before it for the greatest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    column: Column,
    descends: bool,
}

impl FromStr for SortKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, descends) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        Ok(Self { column: name.parse()?, descends })
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descends { "-" } else { "" }, self.column)
    }
}

impl SortKey {
    /// What is missing or unknown comes last, whichever way the key goes.
    fn compare(&self, a: &Summary, b: &Summary) -> Ordering {
        let (a, b) = (self.column.read(a), self.column.read(b));
        a.is_nothing().cmp(&b.is_nothing()).then_with(|| match self.descends {
            true => b.compare(&a),
            false => a.compare(&b),
        })
    }
}

/// Puts rows in the order of the keys; what these leave equal, by declaration, the newest first.
pub fn sort<T>(rows: &mut [T], keys: &[SortKey], summary: impl Fn(&T) -> &Summary) {
    rows.sort_by(|a, b| {
        let (a, b) = (summary(a), summary(b));
        let newest = |s: &Summary| s.moments.declared_at.unix_millis();
        let by_keys = keys.iter().map(|key| key.compare(a, b)).find(|order| order.is_ne());
        by_keys.unwrap_or_else(|| newest(b).cmp(&newest(a)).then_with(|| b.id.cmp(&a.id)))
    });
}
