//! The reader's promises, held against any bytes.
//!
//! It never panics; what it refuses it explains, at a line of the text where there is one to blame, in words that move no
//! cursor; what it takes can be written anew and read back as the same.

use std::fmt::Debug;

use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::settings::Settings;
use inc_core::severity::Policy;
use inc_core::text::is_control;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::edit;
use crate::store::Record;
use crate::yaml::{self, ReadError};

/// Reads the bytes as each kind of file.
///
/// # Panics
/// A promise is broken.
pub fn check(data: &[u8]) {
    // A file that is not UTF-8 is refused before the reader sees it.
    let text = &String::from_utf8_lossy(data);
    let _ = yaml::peek_schema(text);
    versioned::<Incident>(text, Incident::HEADER);
    versioned::<Pdca>(text, Pdca::HEADER);
    if let Some(policy) = explained(text, yaml::read::<Policy>(text, inc_core::SCHEMA))
        && policy.check().is_ok()
    {
        reads_back(&policy, "", |text| yaml::read(text, inc_core::SCHEMA));
    }
    for_any::<Settings>(text);
    for_any::<Value>(text);
}

fn versioned<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, header: &str) {
    let read = yaml::read::<T>(text, inc_core::SCHEMA);
    // What is read without the library is what the library reads.
    match (&read, yaml::read_by_library::<T>(text, inc_core::SCHEMA)) {
        (Ok(ours), Ok(theirs)) => assert_eq!(*ours, theirs, "for {text:?}"),
        (Err(_), Err(_)) => {}
        (ours, theirs) => panic!("{ours:?}\nhere and\n{theirs:?}\nby the library, for {text:?}"),
    }
    if let Some(record) = explained(text, read) {
        reads_back(&record, header, |text| yaml::read(text, inc_core::SCHEMA));
    }
}

fn for_any<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) {
    if let Some(value) = explained(text, yaml::read_unversioned::<T>(text)) {
        reads_back(&value, "", yaml::read_unversioned);
    }
}

fn explained<T>(text: &str, result: Result<T, ReadError>) -> Option<T> {
    match result {
        Ok(value) => return Some(value),
        Err(error) => explains(text, &error),
    }
    None
}

/// What an error must be.
fn explains(text: &str, error: &ReadError) {
    let (line, shown) = (error.to_string(), error.render("incidents/x.yaml"));
    assert!(!line.contains(is_control), "{line:?}\nfor {text:?}");
    assert!(!shown.replace('\n', "").contains(is_control), "{shown:?}\nfor {text:?}");
    assert!(shown.starts_with("incidents/x.yaml:"), "{shown:?}\nfor {text:?}");
    assert!(!error.problem.trim().is_empty(), "{shown:?}\nfor {text:?}");
    match (error.line, error.column) {
        (Some(line), Some(column)) => {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
            assert!((1..=lines).contains(&line) && column > 0, "of {lines} lines:\n{shown}\nfor {text:?}");
        }
        // Nothing in the text is to blame for what is not there.
        _ => {
            const OF_FILE: [&str; 4] = ["is empty", "holds only comments", "is too large", "missing key"];
            let fits = OF_FILE.iter().any(|words| error.problem.starts_with(words));
            assert!(fits && error.line.is_none(), "no line:\n{shown}\nfor {text:?}");
        }
    }
}

/// What was read, written as a new file, must read as the same; and written again be the same text.
fn reads_back<T: Serialize + PartialEq + Debug>(
    read: &T,
    header: &str,
    reader: impl Fn(&str) -> Result<T, ReadError>,
) {
    let value = serde_json::to_value(read).unwrap_or_else(|error| panic!("{error}: {read:?}"));
    if has_long_key(&value) {
        return;
    }
    let text = edit::emit(header, &value);
    match reader(&text) {
        Ok(again) => assert_eq!(again, *read, "written as\n{text}"),
        Err(error) => panic!("{}\nwritten from {value}\nas\n{text}", error.render("new")),
    }
}

/// Whether a key is longer than YAML takes one before a `:` on its line. Such a record is not written by inc: what a new
/// file would read as is looked at first.
fn has_long_key(value: &Value) -> bool {
    const MOST: usize = 1024;
    match value {
        Value::Array(items) => items.iter().any(has_long_key),
        Value::Object(map) => {
            let written = |key: &String| edit::emit("", &Value::from(key.as_str())).chars().count();
            map.iter().any(|(key, value)| written(key) >= MOST || has_long_key(value))
        }
        _ => false,
    }
}
