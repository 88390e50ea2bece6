//! The order of a list.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::Column;
use super::key::Key;
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
    fn compare(&self, a: &Key, b: &Key) -> Ordering {
        a.is_absent().cmp(&b.is_absent()).then_with(|| match self.descends {
            true => b.compare(a),
            false => a.compare(b),
        })
    }
}

/// An item with all that its place in an order depends on, so that a long list is put in order without its rows.
#[derive(Debug, Clone)]
pub struct Placed<'i, T> {
    /// The item.
    pub item: T,
    keys: Box<[Key]>,
    declared_millis: i64,
    id: &'i str,
}

impl<'i, T> Placed<'i, T> {
    /// An item of this id, declared then.
    pub fn new(item: T, id: &'i str, declared_millis: i64) -> Self {
        Self { item, keys: Box::default(), declared_millis, id }
    }

    /// The same under these keys, which are read off its summary.
    pub fn by(mut self, keys: &[SortKey], summary: &Summary) -> Self {
        self.keys = keys.iter().map(|key| Key::of(&key.column.read(summary))).collect();
        self
    }

    /// Its id.
    pub fn id(&self) -> &'i str {
        self.id
    }
}

/// Puts items in the order of the keys that they were placed by; what these leave equal, by declaration, the newest
/// first.
pub fn sort<T>(items: &mut [Placed<'_, T>], keys: &[SortKey]) {
    items.sort_by(|a, b| {
        let cells = a.keys.iter().zip(&b.keys);
        let by_keys =
            keys.iter().zip(cells).map(|(key, (a, b))| key.compare(a, b)).find(|order| order.is_ne());
        let newest = || b.declared_millis.cmp(&a.declared_millis).then_with(|| b.id.cmp(a.id));
        by_keys.unwrap_or_else(newest)
    });
}
