//! What a value is put in order by: no more than that, for a long list holds one for each incident and column.

use std::cmp::Ordering;

use serde_json::Value;

use super::Cell;
use crate::instant::Instant;

/// A value as an order sees it.
#[derive(Debug, Clone)]
pub enum Key {
    /// A rank, a number or a flag; `false` before `true`.
    Whole(i64),
    /// A moment.
    At(Instant),
    /// A number of a team's own.
    Real(f64),
    /// Text in small letters.
    Text(Box<str>),
    /// Nothing to compare: what is missing or not known, by the word for that.
    Absent(&'static str),
}

impl Key {
    /// The key of a value.
    pub fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Nothing | Cell::Own(Value::Null) => Self::Absent(""),
            Cell::Word(word) => Self::Absent(word),
            Cell::Ranked(rank, _) => Self::Whole(i64::from(*rank)),
            Cell::Number(number) => Self::Whole(*number),
            Cell::Flag(flag) => Self::Whole(i64::from(*flag)),
            Cell::At(at) => Self::At(*at),
            Cell::Own(Value::Number(number)) => Self::Real(number.as_f64().unwrap_or_default()),
            Cell::Text(_) | Cell::List(_) | Cell::Own(_) => {
                Self::Text(cell.to_string().to_lowercase().into())
            }
        }
    }

    /// Whether there is nothing to compare.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_))
    }

    /// Which comes first; of different sorts, numbers before text.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            (Self::At(a), Self::At(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Absent(a), Self::Absent(b)) => a.cmp(b),
            (a, b) => a.sort().cmp(&b.sort()),
        }
    }

    fn sort(&self) -> u8 {
        match self {
            Self::Whole(_) => 0,
            Self::Real(_) => 1,
            Self::At(_) => 2,
            Self::Text(_) => 3,
            Self::Absent(_) => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_go_before_text_and_text_in_any_case() {
        let own = |value: Value| Cell::Own(value);
        let rows = [
            own(json!(-1)),
            own(json!(9)),
            own(json!(10.5)),
            own(json!(["b"])),
            Cell::Text("Abel".into()),
            own(json!("abelard")),
            Cell::List(vec!["B".into(), "a".into()]),
            own(json!(true)),
            Cell::Nothing,
            Cell::Word("n/a"),
            Cell::Word("unknown"),
        ];
        let keys: Vec<Key> = rows.iter().map(Key::of).collect();
        for (n, a) in keys.iter().enumerate() {
            for (m, b) in keys.iter().enumerate() {
                assert_eq!(a.compare(b), n.cmp(&m), "{a:?} {b:?}");
            }
        }
        assert!(Key::of(&own(Value::Null)).compare(&Key::of(&Cell::Nothing)).is_eq());
    }
}
