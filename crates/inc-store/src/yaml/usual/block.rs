//! Maps and lists by indentation.

use super::lines::{Line, Lines};
use super::node::{self, Node};
use super::{DEPTH, scalar};

/// The map whose keys stand in this column, from the current line on.
pub fn map<'t>(lines: &mut Lines<'t>, column: usize, depth: usize) -> Option<Node<'t>> {
    let mut pairs = vec![];
    while let Some(line) = lines.peek() {
        if line.indent < column || line.text.starts_with("- ") {
            break;
        }
        if line.indent > column {
            return None;
        }
        let (key, rest) = scalar::key(line.text)?;
        pairs.push((key, value(line, rest, lines, column, depth)?));
    }
    node::map(pairs)
}

/// What stands behind a key in this column, on its line or below; the current line is the key's.
fn value<'t>(
    line: Line<'t>,
    rest: &'t str,
    lines: &mut Lines<'t>,
    column: usize,
    depth: usize,
) -> Option<Node<'t>> {
    if rest.starts_with('|') {
        return scalar::block(rest, lines, column);
    }
    if !rest.is_empty() && !rest.starts_with('#') {
        return alone(line, rest, lines);
    }
    lines.note(line, rest);
    lines.advance();
    match lines.peek() {
        _ if depth >= DEPTH => None,
        Some(Line { indent, text, .. }) if indent >= column && text.starts_with("- ") => {
            list(lines, indent, indent == column, depth + 1)
        }
        Some(Line { indent, .. }) if indent > column => map(lines, indent, depth + 1),
        _ => Some(Node::Nothing),
    }
}

/// The value that ends its line.
fn alone<'t>(line: Line<'t>, rest: &'t str, lines: &mut Lines<'t>) -> Option<Node<'t>> {
    let (node, comment) = scalar::of_line(rest)?;
    lines.note(line, comment);
    lines.advance();
    Some(node)
}

/// The list whose dashes stand in this column; below a key in the same column the next key ends it.
fn list<'t>(lines: &mut Lines<'t>, column: usize, is_level: bool, depth: usize) -> Option<Node<'t>> {
    let mut items = vec![];
    while let Some(line) = lines.peek() {
        if line.indent < column {
            break;
        }
        let Some(rest) = line.text.strip_prefix("- ").filter(|_| line.indent == column) else {
            // A line further in, or a key where only a dash can stand.
            if is_level && line.indent == column && scalar::key(line.text).is_some() {
                break;
            }
            return None;
        };
        let item = rest.trim_start_matches(' ');
        items.push(match scalar::key(item) {
            _ if depth >= DEPTH => return None,
            Some(first) => {
                let inner = column + line.text.len() - item.len();
                item_map(line, first, lines, inner, depth + 1)?
            }
            None if item.starts_with('|') => scalar::block(item, lines, column)?,
            None => alone(line, item, lines)?,
        });
    }
    Some(Node::List(items))
}

/// The map that begins behind a dash, with its other keys in this column.
fn item_map<'t>(
    line: Line<'t>,
    (key, rest): (&'t str, &'t str),
    lines: &mut Lines<'t>,
    column: usize,
    depth: usize,
) -> Option<Node<'t>> {
    let mut pairs = vec![(key, value(line, rest, lines, column, depth)?)];
    let Node::Map(others) = map(lines, column, depth)? else {
        return None;
    };
    pairs.extend(others);
    node::map(pairs)
}
