//! Which of two values is the greater one: numbers, amounts and sizes by what they mean, all else by its text.
//!
//! Of an impact the worse one stands so until somebody settles it: a merge must not make light of what one side knows.

use std::cmp::Ordering;

use serde_json::Value;

/// The sizes of an impact, the lightest first.
const SIZES: [&str; 5] = ["NONE", "S", "M", "L", "XL"];

/// A value as it is weighed against another; what counts comes after words such as `unknown`.
#[derive(Debug, PartialEq)]
pub(super) struct Weight {
    number: Option<f64>,
    text: String,
}

impl Eq for Weight {}

impl PartialOrd for Weight {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Weight {
    fn cmp(&self, other: &Self) -> Ordering {
        let number = match (self.number, other.number) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        number.then_with(|| self.text.cmp(&other.text))
    }
}

impl Weight {
    pub(super) fn of(value: &Value) -> Self {
        let size = |text: &str| SIZES.iter().position(|size| *size == text);
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::Object(map) => map.get("amount").and_then(Value::as_f64),
            Value::String(text) => size(text).map(|at| at as f64),
            _ => None,
        };
        Self { number, text: value.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_worse_one_is_the_greater_one() {
        for (less, more) in [
            (json!(8), json!(500_000)),
            (json!(3), json!(20.5)),
            (json!("S"), json!("XL")),
            (json!("L"), json!("XL")),
            (json!("NONE"), json!("M")),
            (json!({"amount": 900, "currency": "EUR"}), json!({"amount": 10_000, "currency": "EUR"})),
            (json!({"amount": 900, "currency": "EUR"}), json!({"amount": 900, "currency": "USD"})),
            (json!("unknown"), json!(0)),
            (json!(false), json!(true)),
            (json!("a title"), json!("b title")),
        ] {
            assert!(Weight::of(&less) < Weight::of(&more), "{less} {more}");
        }
    }
}
