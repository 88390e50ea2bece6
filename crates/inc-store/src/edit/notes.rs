//! Where comments stand: at which key or item of the record, and how one is put there or cut out.
//!
//! Places only: whether the text still reads as it did after that is for the caller to prove.

use std::ops::Range;

use inc_core::id::Uid;

use super::lines;
use super::tree::{self, Kind, Node, Tree};

/// A comment and what it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Its words, with the `#`.
    pub(crate) comment: String,
    /// What it stands at, and what that is part of, the innermost first; empty where the text holds nothing.
    pub(crate) places: Vec<String>,
    pub(crate) stands: Stands,
}

/// On which side of its place a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// On a line of its own before it.
    Above,
    /// On its line.
    Beside,
    /// On a line of its own behind its last one.
    Below,
}

/// The comments of a text, in order; `None` if it cannot be taken apart.
pub(crate) fn notes(text: &str) -> Option<Vec<Note>> {
    let tree = tree::parse(text).ok()?;
    let heads = heads(text, &tree);
    let note = |range: &Range<usize>| {
        let (head, stands) = held_by(text, &heads, range.start)?;
        let places = above(&heads, head).map(|head| head.place.clone()).collect();
        Some(Note { comment: text[range.clone()].to_owned(), places, stands })
    };
    let alone = |range: &Range<usize>| Note {
        comment: text[range.clone()].to_owned(),
        places: vec![],
        stands: Stands::Above,
    };
    Some(tree.comments.iter().map(|range| note(range).unwrap_or_else(|| alone(range))).collect())
}

/// The text with that comment at that place; `None` where the text has no such place, or no room on that line.
pub(crate) fn put(text: &str, comment: &str, place: &str, stands: Stands) -> Option<String> {
    let tree = tree::parse(text).ok()?;
    let heads = heads(text, &tree);
    let head = heads.iter().find(|head| head.place == place)?;
    let newline = lines::newline(text);
    let indent = " ".repeat(lines::column(text, head.range.start));
    let (at, words) = match stands {
        Stands::Above => {
            let start = lines::start(text, head.range.start);
            let line = &text[start..];
            let blanks = line.len() - line.trim_start_matches(' ').len();
            (start, format!("{}{comment}{newline}", &line[..blanks]))
        }
        Stands::Beside => {
            let (start, stop) = (head.range.start, lines::stop(text, head.range.start));
            if tree.comments.iter().any(|other| (start..stop).contains(&other.start)) {
                return None;
            }
            let end = start + text[start..stop].trim_end().len();
            return Some(format!("{}   {comment}{}", &text[..end], &text[stop..]));
        }
        Stands::Below => {
            let at = below(text, &tree, head);
            let broken = if text[..at].ends_with(['\n', '\r']) { "" } else { newline };
            (at, format!("{broken}{indent}{comment}{newline}"))
        }
    };
    Some(format!("{}{words}{}", &text[..at], &text[at..]))
}

/// The text without its only comment of these words; a line that held nothing else goes with it.
pub(crate) fn cut(text: &str, comment: &str) -> Option<String> {
    let comments = tree::comments(text).ok()?;
    let mut found = comments.into_iter().filter(|range| text[range.clone()] == *comment);
    let (Some(range), None) = (found.next(), found.next()) else { return None };
    let gap = match lines::is_first(text, range.start) {
        true => lines::start(text, range.start)..lines::next(text, range.end),
        false => text[..range.start].trim_end_matches([' ', '\t']).len()..range.end,
    };
    Some(format!("{}{}", &text[..gap.start], &text[gap.end..]))
}

/// A key or an item, and the bytes from its head to its end.
struct Head {
    /// What it is called, whatever moves: an item with a uid by that alone.
    place: String,
    range: Range<usize>,
    column: usize,
    is_flow: bool,
    /// The one it is part of.
    parent: Option<usize>,
}

/// All keys and items, in the order in which they begin.
fn heads(text: &str, tree: &Tree) -> Vec<Head> {
    let mut heads = vec![];
    if let Some(root) = &tree.root {
        walk(text, root, None, &mut heads);
    }
    heads
}

fn walk(text: &str, node: &Node, parent: Option<usize>, heads: &mut Vec<Head>) {
    let prefix = parent.map(|parent| heads[parent].place.clone()).unwrap_or_default();
    let mut child = |place: String, range: Range<usize>, is_flow: bool, node: &Node| {
        let column = lines::column(text, range.start);
        heads.push(Head { place, range, column, is_flow, parent });
        let at = heads.len() - 1;
        walk(text, node, Some(at), heads);
    };
    match &node.kind {
        Kind::Map { flow, entries } => {
            for entry in entries {
                let place = format!("{prefix}.{}", entry.name().unwrap_or_default());
                child(place, entry.head..entry.end(), *flow, &entry.value);
            }
        }
        Kind::List { flow, items } => {
            for item in items {
                let name = name(text, &item.node);
                let place = match name.parse::<Uid>() {
                    Ok(_) => name,
                    Err(_) => format!("{prefix}[{name}]"),
                };
                child(place, item.head()..item.end(), *flow, &item.node);
            }
        }
        _ => {}
    }
}

/// What an item goes by: its uid, label or name, else all that it holds.
fn name(text: &str, node: &Node) -> String {
    let bare = |node: &Node| text[node.start..node.end].trim_matches(['"', '\'']).to_owned();
    if let Kind::Map { entries, .. } = &node.kind {
        let named = |key: &&str| entries.iter().find(|entry| entry.name() == Some(key));
        if let Some(entry) = ["uid", "id", "name"].iter().find_map(named) {
            return bare(&entry.value);
        }
    }
    bare(node)
}

/// A head and those that it is part of, the innermost first.
fn above(heads: &[Head], at: usize) -> impl Iterator<Item = &Head> {
    std::iter::successors(Some(at), |at| heads[*at].parent).map(|at| &heads[at])
}

/// What a comment at these bytes stands at.
fn held_by(text: &str, heads: &[Head], comment: usize) -> Option<(usize, Stands)> {
    let next = heads.partition_point(|head| head.range.start < comment);
    let before = (0..next).rev();
    if !lines::is_first(text, comment) {
        // An item and its first key share a line, which is the key's.
        let own = before.clone().find(|at| !heads[*at].is_flow)?;
        return Some((own, Stands::Beside));
    }
    let column = lines::column(text, comment);
    if heads.get(next).is_some_and(|head| head.column >= column || next == 0) {
        return Some((next, Stands::Above));
    }
    let last = before.clone().next()?;
    let chain = || std::iter::successors(Some(last), |at| heads[*at].parent);
    let level = chain().find(|at| heads[*at].column == column);
    let at = level.or_else(|| chain().find(|at| heads[*at].column < column)).unwrap_or(last);
    Some((at, Stands::Below))
}

/// Behind the last line of a key or an item, and the comments there that belong to it.
fn below(text: &str, tree: &Tree, head: &Head) -> usize {
    let mut at = lines::next(text, head.range.end.max(head.range.start + 1) - 1);
    while at < text.len() {
        let line = &text[at..lines::stop(text, at)];
        let start = at + line.len() - line.trim_start_matches(' ').len();
        let is_own = tree.comments.iter().any(|comment| comment.start == start);
        if !is_own || start - at < head.column {
            break;
        }
        at = lines::next(text, at);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# head
title: T   # beside
list:
  # above
  - id: 01GWH7Q3M8Z0V8T3J4K5N6P7RA   # id
    text: x
    # in it
  - {id: b, text: y}   # flow
  # behind
# above last
last: |
  # text
";

    #[test]
    fn a_comment_stands_at_a_key_or_an_item() {
        let item = "01GWH7Q3M8Z0V8T3J4K5N6P7RA";
        let own = format!("{item}.text");
        let found = notes(TEXT).unwrap();
        let found: Vec<(&str, &str, Stands)> =
            found.iter().map(|note| (note.comment.as_str(), note.places[0].as_str(), note.stands)).collect();
        let expected = [
            ("# head", ".title", Stands::Above),
            ("# beside", ".title", Stands::Beside),
            ("# above", item, Stands::Above),
            ("# id", "01GWH7Q3M8Z0V8T3J4K5N6P7RA.id", Stands::Beside),
            ("# in it", own.as_str(), Stands::Below),
            ("# flow", ".list[b]", Stands::Beside),
            ("# behind", ".list[b]", Stands::Below),
            ("# above last", ".last", Stands::Above),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_cut_comes_back_to_where_it_stood() {
        for note in notes(TEXT).unwrap() {
            let without = cut(TEXT, &note.comment).unwrap();
            assert!(!without.contains(&format!("{}\n", note.comment)), "{without}");
            let back = put(&without, &note.comment, &note.places[0], note.stands).unwrap();
            assert_eq!(back, TEXT, "{note:?}");
        }
        assert_eq!(put(TEXT, "# two", ".title", Stands::Beside), None, "there is one");
        assert_eq!(put(TEXT, "# new", ".none", Stands::Above), None);
    }
}
