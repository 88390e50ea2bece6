//! Values as new YAML text, read alike by YAML 1.1 and 1.2 readers.
//!
//! Block style, two spaces a level, dashes indented under their key. Text is plain only where no
//! reader could take it for something else. It never folds: one logical line stays one line.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Lists of scalars up to this column may stand on one line.
const WIDTH: usize = 100;

/// Maps that are written whole and get no further keys afterwards: they may stand between braces.
///
/// The names are needed: by its size alone a young `impact`, `team` or `summary` would do as well, and every key that
/// people add later would make its one line longer, with all line breaks of their prose as `\n`.
const WRITTEN_WHOLE: [&str; 2] = ["change", "money_at_risk"];

/// The longest text in such a map: a status, a name, a currency; a reason is easier to read on a line of its own.
const WORD: usize = 24;

/// What the surroundings allow for text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Whether a text may stand without quotes.
    pub(super) plain: bool,
    /// Whether a text may become a `|` block.
    pub(super) literal: bool,
    /// Whether such a block may keep its trailing line breaks (`|+`).
    pub(super) keep: bool,
    /// Whether a short list of scalars, or a small map, may stand on one line.
    pub(super) flow: bool,
}

impl Style {
    /// What a new file uses.
    pub(super) const NICE: Self = Self { plain: true, literal: true, keep: true, flow: true };
    /// The same without blocks of text, which may swallow comments and blank lines below them.
    pub(super) const ONE_LINE: Self = Self { literal: false, ..Self::NICE };
    /// What stands in any surroundings.
    pub(super) const GUARDED: Self = Self { plain: false, literal: false, keep: false, flow: false };
}

/// How a value is laid out below its key or dash.
#[derive(Debug, PartialEq)]
pub(super) enum Form {
    /// On the line of the key or dash.
    Inline(String),
    /// A `|` header on that line, then lines of text.
    Literal { header: String, body: Vec<String> },
    /// Lines of its own: entries or items.
    Lines(Vec<String>),
}

/// The form of `value` below a key or dash at `parent`; its own lines begin at column `col`.
pub(super) fn form(value: &Value, parent: usize, col: usize, style: Style) -> Form {
    match value {
        Value::String(text) => string(text, parent, style),
        Value::Array(items) if !items.is_empty() => Form::Lines(items_lines(items, col, style)),
        Value::Object(map) if !map.is_empty() => Form::Lines(map_lines(map, col, style)),
        other => Form::Inline(flow(other)),
    }
}

/// The lines of a map's entries, their keys at `col`.
pub(super) fn map_lines(map: &Map<String, Value>, col: usize, style: Style) -> Vec<String> {
    let entries = map.iter();
    entries.flat_map(|(name, value)| entry_lines(name, value, col, style)).collect()
}

/// The lines of a list's items, their dashes at `col`.
fn items_lines(items: &[Value], col: usize, style: Style) -> Vec<String> {
    items.iter().flat_map(|item| item_lines(item, col, 2, style)).collect()
}

/// The lines of one entry, its key at `col`.
pub(super) fn entry_lines(name: &str, value: &Value, col: usize, style: Style) -> Vec<String> {
    let lead = format!("{}{}:", spaces(col), key(name));
    if style.flow
        && let Some(short) = short_list(value, lead.chars().count()).or_else(|| small_map(name, value, col))
    {
        return vec![format!("{lead} {short}")];
    }
    match form(value, col, col + 2, style) {
        Form::Inline(text) => vec![format!("{lead} {text}")],
        Form::Literal { header, body } => with_first(format!("{lead} {header}"), body),
        Form::Lines(lines) => with_first(lead, lines),
    }
}

/// The lines of one item, its dash at `col` and what follows `offset` columns on.
pub(super) fn item_lines(value: &Value, col: usize, offset: usize, style: Style) -> Vec<String> {
    let lead = format!("{}-{}", spaces(col), spaces(offset - 1));
    match form(value, col, col + offset, style) {
        Form::Inline(text) => vec![format!("{lead}{text}")],
        Form::Literal { header, body } => with_first(format!("{lead}{header}"), body),
        Form::Lines(mut lines) => {
            if let Some(first) = lines.first_mut() {
                *first = format!("{lead}{}", first.trim_start_matches(' '));
            }
            lines
        }
    }
}

/// A value on one line, as it may stand anywhere, also between brackets.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_flow_plain(text) => text.clone(),
        Value::String(text) => double_quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<_> = map.iter().map(|(name, value)| flow_entry(name, value)).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// One entry between braces.
pub(super) fn flow_entry(name: &str, value: &Value) -> String {
    format!("{}: {}", key(name), flow(value))
}

/// A map key, quoted where it is not plainly safe.
pub(super) fn key(name: &str) -> String {
    if is_flow_plain(name) { name.to_owned() } else { double_quoted(name) }
}

/// Text on one line: plain if that is safe and allowed, else in double quotes.
pub(super) fn inline(text: &str, style: Style) -> String {
    if style.plain && is_plain(text) { text.to_owned() } else { double_quoted(text) }
}

/// A list of scalars on one line, if it fits behind a lead of that many columns.
fn short_list(value: &Value, lead: usize) -> Option<String> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    if items.iter().any(|item| item.is_array() || item.is_object()) {
        return None;
    }
    let text = flow(value);
    (lead + 1 + text.chars().count() <= WIDTH).then_some(text)
}

/// A map that is written whole on one line, if its key is at `col` and it is a matter of a few words.
pub(super) fn small_map(name: &str, value: &Value, col: usize) -> Option<String> {
    let map = value.as_object().filter(|map| !map.is_empty() && WRITTEN_WHOLE.contains(&name))?;
    let small = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => false,
        Value::String(text) => text.chars().count() <= WORD && !text.contains('\n'),
        _ => true,
    };
    let text = flow(value);
    let width = col + name.chars().count() + 2 + text.chars().count();
    (map.values().all(small) && width <= WIDTH).then_some(text)
}

fn string(text: &str, parent: usize, style: Style) -> Form {
    let long = text.contains('\n') || (text.chars().count() > WIDTH);
    if style.literal
        && long
        && let Some(literal) = literal(text, parent, style.keep)
    {
        return literal;
    }
    Form::Inline(inline(text, style))
}

/// `text` as a `|` block two columns inside `parent`, if every reader and editor keeps it whole:
/// no leading blank line, no blanks at line ends, no odd characters.
fn literal(text: &str, parent: usize, keep: bool) -> Option<Form> {
    let content = text.trim_end_matches('\n');
    let whole = !content.is_empty() && !content.starts_with('\n');
    let clean = |line: &str| !line.ends_with([' ', '\t']) && !line.starts_with('\t');
    let odd = |c: char| (is_odd(c) && c != '\n' && c != '\t') || c == '\u{85}';
    if !whole || !content.split('\n').all(clean) || content.contains(odd) {
        return None;
    }
    let breaks = text.len() - content.len();
    let chomp = match breaks {
        0 => "-",
        1 => "",
        _ if keep => "+",
        _ => return None,
    };
    let indicator = if content.starts_with(' ') { "2" } else { "" };
    let indent = spaces(parent + 2);
    let line = |line: &str| {
        if line.is_empty() { String::new() } else { format!("{indent}{line}") }
    };
    let mut body: Vec<_> = content.split('\n').map(line).collect();
    body.extend((1..breaks).map(|_| String::new()));
    Some(Form::Literal { header: format!("|{indicator}{chomp}"), body })
}

/// `text` in single quotes, if it can stand there on one line.
pub(super) fn single_quoted(text: &str) -> Option<String> {
    (!text.contains(is_odd)).then(|| format!("'{}'", text.replace('\'', "''")))
}

/// `text` in double quotes, whatever it holds.
pub(super) fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Writing to a String cannot fail.
            c if is_odd(c) && u32::from(c) > 0xffff => drop(write!(out, "\\U{:08x}", u32::from(c))),
            c if is_odd(c) => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that are written as an escape: not printable, a line break to some reader, invisible
/// in an editor, or turning the direction of what is shown.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff)
        || u32::from(c) >= 0xe_0000
}

/// Whether no reader of YAML 1.1 or 1.2 takes `text` without quotes for anything but this text,
/// on one line in block style.
pub(super) fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let begins = first.is_alphanumeric() || matches!(first, '_' | '/' | '(');
    let ends = !text.ends_with(|c: char| c.is_whitespace() || c == ':');
    let inside = !text.contains(": ") && !text.contains(" #") && !text.contains(is_odd);
    begins && ends && inside && !is_word(text) && !is_number_like(text)
}

/// The same between brackets and in keys, where YAML 1.1 readers also trip over `?` and `:`.
pub(super) fn is_flow_plain(text: &str) -> bool {
    is_plain(text) && !text.contains([',', '[', ']', '{', '}', '?', ':'])
}

/// Booleans and nulls of YAML 1.1, 1.2 and of common readers, whatever their case.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];
    text.len() <= 8 && WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Numbers of any base, dates, instants and sexagesimals, and whatever looks a little like them.
fn is_number_like(text: &str) -> bool {
    text.starts_with(|c: char| c.is_numeric())
        && text.chars().all(|c| {
            c.is_numeric()
                || matches!(c, 'a'..='f' | 'A'..='F' | 'o' | 'O' | 'x' | 'X' | 't' | 'T' | 'z' | 'Z'
                | '+' | '-' | '.' | '_' | ':' | ',' | ' ')
        })
}

fn with_first(first: String, rest: Vec<String>) -> Vec<String> {
    std::iter::once(first).chain(rest).collect()
}

/// That many spaces.
pub(super) fn spaces(count: usize) -> String {
    " ".repeat(count)
}
