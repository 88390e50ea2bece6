//! How values come out of a template: escaped by the template's format, and with words for a null.
//!
//! `.md` goes through [`markdown`] (labels of diagrams through [`mermaid`]), `.html` and `.svg` are escaped as HTML, `.json` and `.yaml` as JSON, all else not at all.

use minijinja::value::{Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, default_auto_escape_callback, escape_formatter,
};

use super::{markdown, mermaid};
use crate::view::property::NOT_ASKED;

/// The name of the Markdown escaper to the engine.
const MARKDOWN: &str = "markdown";

/// Teaches the engine the formats, and the filters and the function that reports need.
pub fn install(engine: &mut Environment<'_>) {
    engine.set_auto_escape_callback(escaping);
    engine.set_formatter(format);
    engine.add_filter("prose", prose);
    engine.add_filter("code", code);
    engine.add_filter("mermaid", mermaid_label);
    engine.add_function("link", link);
}

/// How a template of this file name escapes.
fn escaping(name: &str) -> AutoEscape {
    match name.strip_suffix(".j2").unwrap_or(name).rsplit('.').next() {
        Some("md" | "markdown") => AutoEscape::Custom(MARKDOWN.into()),
        Some("svg") => AutoEscape::Html,
        _ => default_auto_escape_callback(name),
    }
}

fn is_markdown(state: &State<'_, '_>) -> bool {
    matches!(state.auto_escape(), AutoEscape::Custom(name) if name == MARKDOWN)
}

/// Prints one value: a null in words, text escaped by the template's format.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if is_markdown(state) {
        let text = plain(value);
        let text = if value.is_safe() { text } else { markdown::inline(&text) };
        return out.write_str(&text).map_err(Error::from);
    }
    if value.is_none() && !matches!(state.auto_escape(), AutoEscape::Json) {
        return escape_formatter(out, state, &Value::from(NOT_ASKED));
    }
    escape_formatter(out, state, value)
}

fn plain(value: &Value) -> String {
    match value.kind() {
        ValueKind::None => NOT_ASKED.to_owned(),
        ValueKind::Bool => value.is_true().to_string(),
        _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

/// `{{ text | prose(2) }}`: text with its lines and paragraphs, those after the first indented.
fn prose(state: &mut State<'_, '_>, value: &Value, indent: Option<usize>) -> Result<Value, Error> {
    known(value)?;
    if !is_markdown(state) || value.is_safe() {
        return Ok(value.clone());
    }
    Ok(Value::from_safe_string(markdown::block(&plain(value), indent.unwrap_or(0))))
}

/// `{{ command | code }}`: text as code.
fn code(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    known(value)?;
    if !is_markdown(state) || value.is_safe() {
        return Ok(value.clone());
    }
    Ok(Value::from_safe_string(markdown::code(&plain(value))))
}

/// `"{{ text | mermaid }}"`: the label of a mermaid diagram; of a list each item is a line of it.
///
/// Escaped for mermaid in every format, and in HTML as HTML on top: there the page's reader resolves one before the other.
fn mermaid_label(state: &mut State<'_, '_>, value: &Value) -> Result<Value, Error> {
    known(value)?;
    let lines: Vec<String> = match value.kind() {
        ValueKind::Seq => value.try_iter()?.map(|line| plain(&line)).collect(),
        _ => vec![plain(value)],
    };
    let label = mermaid::label(&lines);
    Ok(if is_markdown(state) { Value::from_safe_string(label) } else { Value::from(label) })
}

/// `{{ link(name, url) }}`: a link; in other formats the words and the address.
fn link(state: &mut State<'_, '_>, words: &Value, address: &Value) -> Result<Value, Error> {
    known(words)?;
    known(address)?;
    let (words, address) = (plain(words), plain(address));
    if is_markdown(state) {
        return Ok(Value::from_safe_string(markdown::link(&words, &address)));
    }
    Ok(Value::from(format!("{words} ({address})")))
}

/// A misspelt name is an error here as well.
fn known(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { Err(ErrorKind::UndefinedError.into()) } else { Ok(()) }
}
