//! For tests: the same data in many hands' layouts.

use serde_json::Value;

/// The strict reader that tests take for the record's own.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_yaml::from_str_with_options(text, options).map_err(|error| error.to_string())
}
