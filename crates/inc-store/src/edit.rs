//! Changing a YAML record in place: the text gets the new data, and every other byte stays.
//!
//! What to change comes from comparing the record before and after; the text is read only to find
//! where that stands. The result is then held against an oracle: it must read as exactly the new
//! data, and every comment outside what was removed must still be there. Where that fails, nothing
//! is written and the error says what to do by hand. Values in, values out: no files here.

#[cfg(test)]
pub(crate) mod concern;
mod diff;
mod emit;
mod lines;
#[cfg(test)]
pub(crate) mod mangle;
pub(crate) mod notes;
mod plan;
#[cfg(test)]
mod properties;
mod splice;
#[cfg(test)]
mod tests;
mod tree;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::yaml;
use plan::{Plan, Planner};
use tree::Tree;

/// Why a text cannot be edited in place; each message finishes the sentence "cannot …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is not what the reader takes.
    #[error("read the text: {0}")]
    Unreadable(String),
    /// The text does not hold the data that the change started from.
    #[error("edit the text: it no longer holds what was read from it; read it again, then repeat the change")]
    NotWhatWasRead,
    /// The text uses something that no edit in place can respect.
    #[error("edit the text in place: line {line} {what}; change the file by hand")]
    Layout {
        /// The line, from 1.
        line: usize,
        /// What stands there, as "repeats the key `id`".
        what: String,
    },
    /// One change has no place in the text as it is written.
    #[error("change `{path}` in place (line {line}): {why}; change the file by hand")]
    Refused {
        /// The path, as `timeline[3].text`.
        path: String,
        /// The line, from 1.
        line: usize,
        /// Why, as a half sentence.
        why: String,
    },
}

/// One step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// To the value of a key in a map.
    Key(String),
    /// To an item of a list, from 0.
    Index(usize),
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// Whether the whole path exists; otherwise this is the nearest ancestor that does.
    pub found: bool,
}

/// A path as people read it: `timeline[3].text`, and `the record` for the root.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a>(pub &'a [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the record");
        }
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if depth == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A new record's text: the header's lines as comments, then the value in block style.
pub fn emit(header: &str, value: &Value) -> String {
    let comment = |line: &str| match line.trim_end() {
        line if line.starts_with('#') => format!("{line}\n"),
        line => format!("{}\n", format!("# {line}").trim_end()),
    };
    let mut text: String = header.lines().map(comment).collect();
    let lines = match emit::form(value, 0, 0, emit::Style::NICE) {
        emit::Form::Inline(line) => vec![line],
        // A root that is mere text has no parent to be indented under.
        emit::Form::Literal { .. } => vec![emit::flow(value)],
        emit::Form::Lines(lines) => lines,
    };
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Change `text`, which holds `before`, so that it holds `after`, touching only what differs.
///
/// `read` is the strict reader of the record's type: the text must read as `before`, and the
/// result is returned only if it reads as `after` and lost no comment outside what was removed.
/// Keys are set whether or not the text spells them out (`before` may be a normalised record).
/// List items keep their identity by `uid`, else `id`, else their content, else `name`.
pub fn rewrite(
    text: &str,
    before: &Value,
    after: &Value,
    read: &dyn Fn(&str) -> Result<Value, String>,
) -> Result<String, EditError> {
    if read(text).map_err(EditError::Unreadable)? != *before {
        return Err(EditError::NotWhatWasRead);
    }
    rewrite_just_read(text, before, after, read)
}

/// As [`rewrite`], where `before` is what `read` has just made of this very `text`: it is not read once more.
pub fn rewrite_just_read(
    text: &str,
    before: &Value,
    after: &Value,
    read: &dyn Fn(&str) -> Result<Value, String>,
) -> Result<String, EditError> {
    if before == after {
        return Ok(text.to_owned());
    }
    let (text, before, tree) = arranged(text, before, after, read)?;
    let attempt = |style| {
        let plan = Planner::new(&text, &tree, style).plan(&before, after)?;
        proven(&text, &tree, plan, after, read)
    };
    // What reads best first; where the surroundings do not bear it, what stands anywhere.
    attempt(emit::Style::NICE).or_else(|refused| {
        let other = attempt(emit::Style::ONE_LINE).or_else(|_| attempt(emit::Style::GUARDED));
        other.map_err(|_| refused)
    })
}

/// The text with the items of its lists moved, as they stand, to the order that `after` has them in, what it holds
/// then, and its tree. Where that cannot be proven harmless the text stays, and the plan sees to the move or refuses it.
fn arranged<'t>(
    text: &'t str,
    before: &'t Value,
    after: &Value,
    read: &dyn Fn(&str) -> Result<Value, String>,
) -> Result<(Cow<'t, str>, Cow<'t, Value>, Tree), EditError> {
    // One list a round; no change moves items in more than these.
    const MOST: usize = 100;
    let (mut text, mut before) = (Cow::Borrowed(text), Cow::Borrowed(before));
    for _ in 0..MOST {
        let tree = tree::parse(&text).map_err(layout)?;
        let planner = Planner::new(&text, &tree, emit::Style::NICE);
        let Some((moved, value)) = planner.arranged(&before, after) else {
            return Ok((text, before, tree));
        };
        let comments = comments(&text, &tree);
        let keeps = |tree: &Tree| self::comments(&moved, tree) == comments;
        if read(&moved).as_ref() != Ok(&value) || !tree::parse(&moved).is_ok_and(|tree| keeps(&tree)) {
            return Ok((text, before, tree));
        }
        (text, before) = (Cow::Owned(moved), Cow::Owned(value));
    }
    let tree = tree::parse(&text).map_err(layout)?;
    Ok((text, before, tree))
}

/// Where a path lies in `text`: a key at its first character, an item at its content.
///
/// A path that the text does not hold gives the nearest ancestor that it holds, with `found`
/// false. `None` if the text is empty or cannot be parsed.
pub fn locate(text: &str, path: &[Step]) -> Option<Place> {
    let tree = tree::parse(text).ok()?;
    let mut node = tree.root.as_ref()?;
    let mut at = node.outer_start();
    let mut found = true;
    for step in path {
        match step_into(node, step) {
            Some((place, child)) => (at, node) = (place, child),
            None => {
                found = false;
                break;
            }
        }
    }
    Some(Place { line: lines::number(text, at), column: lines::column(text, at) + 1, found })
}

/// The comments of a text that the strict reader takes, each with how often it stands there; `None` if it cannot even
/// be taken apart.
pub fn comments_of(text: &str) -> Option<BTreeMap<String, usize>> {
    let found = yaml::comments(text).or_else(|| scanned_comments(text))?;
    let counts = counted(found.into_iter());
    Some(counts.into_iter().map(|(comment, count)| (comment.to_owned(), count)).collect())
}

/// The comments of a text in any layout, in their order.
pub(crate) fn scanned_comments(text: &str) -> Option<Vec<&str>> {
    // What else a tree would refuse, the strict reader refuses.
    let ranges = tree::comments(text).ok()?;
    Some(ranges.into_iter().map(|range| &text[range]).collect())
}

fn step_into<'a>(node: &'a tree::Node, step: &Step) -> Option<(usize, &'a tree::Node)> {
    match (step, &node.kind) {
        (Step::Key(key), tree::Kind::Map { entries, .. }) => {
            let entry = entries.iter().find(|entry| entry.name() == Some(key))?;
            Some((entry.key.start, &entry.value))
        }
        (Step::Index(index), tree::Kind::List { items, .. }) => {
            let item = items.get(*index)?;
            Some((item.node.outer_start(), &item.node))
        }
        _ => None,
    }
}

/// Make the planned changes and let the result pass the oracle, or refuse.
fn proven(
    text: &str,
    tree: &Tree,
    plan: Plan,
    after: &Value,
    read: &dyn Fn(&str) -> Result<Value, String>,
) -> Result<String, EditError> {
    let loses = plan.loses();
    let kept = |comment: &&std::ops::Range<usize>| !loses(comment.start);
    let kept = counted(tree.comments.iter().filter(kept).map(|range| &text[range.clone()]));
    let refuse = |path: &[Step], why: String| plan.refusal(text, path, why);
    let Some(new) = plan.splices.clone().apply(text) else {
        return Err(refuse(&[], "its place is not a whole character".into()));
    };
    let check = |new: &str| -> Result<(), EditError> {
        match read(new) {
            Err(error) => {
                return Err(refuse(&[], format!("the new text could not be read ({error})")));
            }
            Ok(value) if value != *after => {
                let path = first_difference(&value, after);
                return Err(refuse(&path, "the new text would read otherwise there".into()));
            }
            Ok(_) => {}
        }
        // What else a tree would refuse, the strict reading has refused: comments are all that it cannot tell.
        let comments = tree::comments(new).map_err(|trouble| refuse(&[], trouble.what))?;
        debug_assert!(tree::parse(new).is_ok(), "{new}");
        match counted(comments.into_iter().map(|range| &new[range])) == kept {
            true => Ok(()),
            false => Err(refuse(&[], "a comment would be lost".into())),
        }
    };
    // Where the last lines of a file without a final line break go, what is last then has none either. Its own break
    // need not be of the kind that new lines get.
    if !text.is_empty()
        && !text.ends_with(['\n', '\r'])
        && let Some(open) = lines::without_break(&new)
        && !ends_in_block(open)
        && check(open).is_ok()
    {
        return Ok(open.to_owned());
    }
    check(&new)?;
    Ok(new)
}

fn ends_in_block(text: &str) -> bool {
    let root = tree::parse(text).ok().and_then(|tree| tree.root);
    root.is_some_and(|root| root.ends_in_block())
}

fn comments<'t>(text: &'t str, tree: &Tree) -> BTreeMap<&'t str, usize> {
    counted(tree.comments.iter().map(|range| &text[range.clone()]))
}

fn counted<'a>(comments: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for comment in comments {
        *counts.entry(comment).or_insert(0) += 1;
    }
    counts
}

/// The path to the first place where two values differ.
fn first_difference(a: &Value, b: &Value) -> Vec<Step> {
    let deeper = |step: Step, a: &Value, b: &Value| {
        let mut path = vec![step];
        path.extend(first_difference(a, b));
        path
    };
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys = x.keys().chain(y.keys());
            let differs = |key: &&String| x.get(*key) != y.get(*key);
            keys.into_iter().find(differs).map_or(Vec::new(), |key| {
                let null = &Value::Null;
                let step = Step::Key(key.clone());
                deeper(step, x.get(key).unwrap_or(null), y.get(key).unwrap_or(null))
            })
        }
        (Value::Array(x), Value::Array(y)) => x
            .iter()
            .zip(y)
            .position(|(a, b)| a != b)
            .map_or(Vec::new(), |index| deeper(Step::Index(index), &x[index], &y[index])),
        _ => Vec::new(),
    }
}

fn layout(trouble: tree::Trouble) -> EditError {
    EditError::Layout { line: trouble.line, what: trouble.what }
}
