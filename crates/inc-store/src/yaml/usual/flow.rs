//! Lists and maps in one line: `[transfers, statements]`, `{amount: 15400, currency: EUR}`.

use super::node::{Node, map};
use super::{DEPTH, scalar};

/// The value at the beginning of a text, and what follows it.
pub fn value(text: &str, depth: usize) -> Option<(Node<'_>, &str)> {
    match text.as_bytes().first()? {
        _ if depth > DEPTH => None,
        b'[' => list(text, depth),
        b'{' => pairs(text, depth),
        b'"' => scalar::double(text),
        b'\'' => scalar::single(text),
        _ => plain(text),
    }
}

fn list(text: &str, depth: usize) -> Option<(Node<'_>, &str)> {
    let mut rest = text.strip_prefix('[')?.trim_start_matches(' ');
    let mut items = vec![];
    if let Some(behind) = rest.strip_prefix(']') {
        return Some((Node::List(items), behind));
    }
    loop {
        let (item, behind) = value(rest, depth + 1)?;
        items.push(item);
        let behind = behind.trim_start_matches(' ');
        if let Some(behind) = behind.strip_prefix(']') {
            return Some((Node::List(items), behind));
        }
        rest = behind.strip_prefix(", ")?.trim_start_matches(' ');
    }
}

fn pairs(text: &str, depth: usize) -> Option<(Node<'_>, &str)> {
    let mut rest = text.strip_prefix('{')?.trim_start_matches(' ');
    let mut pairs = vec![];
    if let Some(behind) = rest.strip_prefix('}') {
        return Some((Node::Map(pairs), behind));
    }
    loop {
        let (key, behind) = scalar::key(rest)?;
        let (item, behind) = value(behind, depth + 1)?;
        pairs.push((key, item));
        let behind = behind.trim_start_matches(' ');
        if let Some(behind) = behind.strip_prefix('}') {
            return Some((map(pairs)?, behind));
        }
        rest = behind.strip_prefix(", ")?.trim_start_matches(' ');
    }
}

/// A plain value of characters that mean nothing in a list or map.
fn plain(text: &str) -> Option<(Node<'_>, &str)> {
    let is_usual =
        |c: char| c.is_ascii_alphanumeric() || " _-./%()".contains(c) || (!c.is_ascii() && c.is_alphabetic());
    let end = text.find(|c| !is_usual(c))?;
    let (value, rest) = text.split_at(end);
    let is_begun = value.starts_with(|c: char| c.is_alphanumeric());
    let is_ended = rest.starts_with([',', ']', '}']);
    (is_begun && is_ended).then(|| (Node::Plain(value.trim_end_matches(' ')), rest))
}
