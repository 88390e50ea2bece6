//! What another YAML parser reads in a text: libyaml, by way of `serde_norway`.

use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::editing::Kind;

/// The data of a text as libyaml sees it; `None` where it does not take the text.
pub fn of(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Incident => typed::<Incident>(text),
        Kind::Pdca => typed::<Pdca>(text),
        Kind::Any => typed::<Value>(text),
    }
}

fn typed<T: Serialize + DeserializeOwned>(text: &str) -> Option<Value> {
    // Told that it is UTF-8, libyaml counts a byte order mark as a column.
    let text = text.trim_start_matches('\u{feff}');
    serde_json::to_value(serde_norway::from_str::<T>(text).ok()?).ok()
}
