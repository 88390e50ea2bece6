//! A small PDCA for tests: what the rows do not say is as here.

use serde_json::{Value, json};

use super::Pdca;
use crate::id::Uid;

/// A PDCA of that name, with these keys beside or instead of its own.
pub(super) fn pdca(name: &str, keys: Value) -> Pdca {
    let number = name.bytes().fold(0u128, |number, byte| number << 8 | u128::from(byte));
    let mut whole = json!({
        "schema": 1, "id": format!("2023-04-06-{name}"), "uid": Uid::from_parts(0, number).to_string(), "title": "X",
        "source": {"kind": "other"}, "created_at": "2023-04-06T15:01:00+02:00",
    });
    whole.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap_or_else(|error| panic!("{error}: {keys}"))
}
