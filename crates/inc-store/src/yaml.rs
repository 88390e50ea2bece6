//! Text to record: one YAML file read strictly, and what is wrong with it in words one can act on at 3 a.m.
//!
//! Every call to the YAML library's reader stands here. This module opens no file, knows no record
//! by name, judges no content (that is `lint`'s task), repairs nothing and writes nothing.
//!
//! How values are read, where YAML leaves a choice:
//! - Plain `no`, `yes`, `on`, `1:30` are texts; only `true` and `false` (also `True`, `TRUE`) are booleans.
//! - Into a type that takes whatever stands there (`deserialize_any`): `010` and `1_000` are texts,
//!   `1e3` is a float, `0x1F` an integer, and `.nan`, `.inf` or `1e999` are refused.
//! - Into a number: `1_000` is 1000, `0x1F` 31, a quoted `"12"` is 12, and `010`, `1e3`, `1.0` are
//!   refused as whole numbers. **`f64` takes `.nan` and `.inf`**: a type that must not hold them says so itself.
//! - A key without a value, `~` and `null` are all "nothing": `None` for an `Option`, refused for a
//!   `String`. To serde a missing key and an empty one are the same `None`.

mod check;
mod error;
mod excerpt;
mod explain;
mod outline;
mod syntax;
#[cfg(test)]
mod tests;
mod usual;
mod words;

pub use check::peek_schema;
pub use error::ReadError;
pub use excerpt::excerpt;

use inc_core::severity::Step;
use serde::de::DeserializeOwned;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// How deep lists and blocks may be nested.
pub const MAX_DEPTH: usize = 64;

/// How many keys, values, beginnings and ends a file may have; a long record has some thousands.
const MAX_EVENTS: usize = 200_000;

/// How many values all aliases of a file together may stand for.
const MAX_ALIASED: usize = 10_000;

/// Reads one record strictly.
///
/// A file in a schema above `newest_schema` is reported as that, whatever else may be wrong in it
/// by our rules; a file without `schema` is refused.
pub fn read<T: DeserializeOwned>(text: &str, newest_schema: u64) -> Result<T, ReadError> {
    match usual::read(text, newest_schema) {
        Some(record) => Ok(record),
        None => read_by_library(text, newest_schema),
    }
}

/// As [`read`], and by the library whatever the layout: for what must not rest on our own reading alone.
pub fn read_by_library<T: DeserializeOwned>(text: &str, newest_schema: u64) -> Result<T, ReadError> {
    check::text(text)?;
    check::schema(text, newest_schema)?;
    strictly(text)
}

/// The comments of a text, where it is laid out as usual, each from its `#` to the end of its line, in their order.
pub(crate) fn comments(text: &str) -> Option<Vec<&str>> {
    usual::comments(text)
}

/// As [`read`], for a text that may well be no record: what is wrong with it is not looked for.
pub(crate) fn try_read<T: DeserializeOwned>(text: &str, newest_schema: u64) -> Option<T> {
    if let Some(record) = usual::read(text, newest_schema) {
        return Some(record);
    }
    check::text(text).ok()?;
    check::schema(text, newest_schema).ok()?;
    serde_yaml::with_deserializer_from_str_with_options(text, options(), |yaml| T::deserialize(yaml)).ok()
}

/// Reads one file that states no schema, such as settings, as strictly as [`read`].
pub fn read_unversioned<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    check::text(text)?;
    strictly(text)
}

/// What is wrong with the value at `path` of a text that reads well, by the words of whoever judges it.
///
/// Where the value is absent, the nearest one above it is pointed at.
pub fn blame(text: &str, path: &[Step], problem: &str, help: &str) -> ReadError {
    let labels = labels(path);
    let outline = outline::Outline::of(text);
    let error = match outline.find(&labels) {
        Some((node, _)) if !labels.is_empty() => ReadError::at(text, node.value, problem),
        _ => ReadError::of_file(problem),
    };
    let error = error.path(outline::written(&labels));
    if help.is_empty() { error } else { error.help(help) }
}

/// Where the values of a text that reads well stand: for many of them, as it is outlined only once.
pub struct Places(outline::Outline);

impl Places {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        Self(outline::Outline::of(text))
    }

    /// Line and column, from 1, of the value at `path`; where it is absent, of the nearest one above it.
    pub fn at(&self, path: &[Step]) -> (usize, usize) {
        let found = self.0.find(&labels(path));
        found.map_or((1, 1), |(node, _)| (node.value.line, node.value.column))
    }
}

fn labels(path: &[Step]) -> Vec<outline::Label> {
    let label = |step: &Step| match step {
        Step::Key(name) => outline::Label::Key(name.clone()),
        Step::Index(index) => outline::Label::Index(*index),
    };
    path.iter().map(label).collect()
}

fn strictly<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    let mut track = serde_path_to_error::Track::new();
    serde_yaml::with_deserializer_from_str_with_options(text, options(), |yaml| {
        T::deserialize(serde_path_to_error::Deserializer::new(yaml, &mut track))
    })
    .map_err(|error| explain::explain(text, &error, &track.path()))
}

fn options() -> serde_yaml::Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_events: MAX_EVENTS,
            max_nodes: MAX_EVENTS / 2,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 100_000,
            max_documents: 2,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MAX_ALIASED },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        // Else a few dozen comment lines in a row would be too many.
        emit_comments: false,
        with_snippet: false,
    }
}
