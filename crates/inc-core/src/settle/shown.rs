//! A contested value as people read it: a line, cut where it is long.

use serde_json::Value;

use crate::impact::Money;
use crate::severity::Override;
use crate::text::brief;

/// The value in words: `nothing`, a text, `1200 EUR`, `SEV-2 (the board)`, a list with commas; the rest as JSON.
pub fn shown(value: &Value) -> String {
    let words = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => of_object(value).unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    };
    brief(&words)
}

fn of_object(value: &Value) -> Option<String> {
    if let Ok(money) = serde_json::from_value::<Money>(value.clone()) {
        return Some(money.to_string());
    }
    let decision: Override = serde_json::from_value(value.clone()).ok()?;
    Some(format!("{} ({})", decision.to, decision.reason.first_line()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        for (value, words) in [
            (Value::Null, "nothing"),
            (json!("A full disk"), "A full disk"),
            (json!(12), "12"),
            (json!({"amount": 1200, "currency": "EUR"}), "1200 EUR"),
            (json!({"to": "SEV-2", "reason": "the board"}), "SEV-2 (the board)"),
            (json!(["Change", "Deploy"]), "Change, Deploy"),
            (json!({"a": 1}), r#"{"a":1}"#),
        ] {
            assert_eq!(shown(&value), words);
        }
    }
}
