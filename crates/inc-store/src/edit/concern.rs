//! For tests: what of a text a change of its data concerns, and whether everything else still stands.
//!
//! This is the promise "only what changed is touched" told a second time, from the text and the two values alone: it
//! knows nothing of the planner and aligns lists by a rule of its own. A change concerns
//! - the bytes of a value that differs, where it is not two maps or two lists, which are compared part by part;
//! - the lines of an entry or item that is gone, from its head to its last line, with the comments below it that are
//!   indented deeper;
//! - between brackets, where parts come or go: the place of the part and the commas of those lines;
//! - where all children go or the first ones come: the end of the line of their parent.
//!
//! Every line that no such byte lies on must stand in the new text as it was, in the same order; of a line that has
//! some, what stands before the first and after the last of them. Items that change places are looked for one by one.
//! Comments are counted beside that, also blank lines, the line ends, the byte order mark and the end of the file.

mod lines;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde_json::Value;

use super::tree::{self, Kind, Node, Tree};

/// Holds what came of a change of `before` to `after` against the old text; the error is the complaint.
pub(crate) fn check(old: &str, new: &str, before: &Value, after: &Value) -> Result<(), String> {
    let tree = tree::parse(old).map_err(|trouble| trouble.what)?;
    let mut concern = Concern { text: old, tree: &tree, touched: vec![], loose: vec![], moved: vec![] };
    if let Some(root) = &tree.root {
        concern.value(root, root.start, Some(before), after);
    }
    concern.check_lines(new)?;
    concern.check_comments(new)?;
    concern.check_frame(new)
}

struct Concern<'a> {
    text: &'a str,
    tree: &'a Tree,
    /// Bytes that the change concerns; an empty range is a place where something may be put in.
    touched: Vec<Range<usize>>,
    /// Bytes between brackets where commas may come and go.
    loose: Vec<Range<usize>>,
    /// Items that may change places.
    moved: Vec<Range<usize>>,
}

impl Concern<'_> {
    /// `slot` is where the value would stand behind its key or dash.
    fn value(&mut self, node: &Node, slot: usize, before: Option<&Value>, after: &Value) {
        if before == Some(after) {
            return;
        }
        match (&node.kind, before, after) {
            (Kind::Map { flow, entries }, Some(Value::Object(b)), Value::Object(a))
                if !entries.is_empty() =>
            {
                let mut children = vec![];
                for entry in entries {
                    let name = entry.name().unwrap_or_default();
                    let stays = match (b.get(name), a.get(name)) {
                        (was, Some(is)) => {
                            let slot = entry.colon.map_or(entry.key.end, |colon| colon + 1);
                            self.value(&entry.value, slot, was, is);
                            true
                        }
                        (Some(_), None) => false,
                        (None, None) => true,
                    };
                    children.push((entry.head..entry.end(), stays));
                }
                let names: Vec<&str> = entries.iter().filter_map(tree::Entry::name).collect();
                let comes =
                    a.keys().filter(|key| !names.contains(&key.as_str()) && b.get(*key) != a.get(*key));
                let comes = comes.map(|key| nearest(&names, a.keys().map(String::as_str), key)).collect();
                self.children(node, slot, *flow, &children, comes);
            }
            (Kind::List { flow, items }, Some(Value::Array(b)), Value::Array(a)) if !items.is_empty() => {
                self.list(node, slot, (*flow, items), b, a);
            }
            _ => {
                let end = match node.kind {
                    // The blank lines that `|+` keeps are text, up to the last.
                    Kind::Block { .. } => self.next_line(node.end),
                    _ if node.is_block_collection() => self.past(node),
                    _ => node.end,
                };
                // A value that was left out comes behind its anchor.
                let props = node.props_end().unwrap_or(0);
                self.touched.push(node.outer_start()..end.max(node.start).max(props));
                self.touched.push(slot..slot);
            }
        }
    }

    fn list(&mut self, node: &Node, slot: usize, list: (bool, &[tree::Item]), b: &[Value], a: &[Value]) {
        let (flow, items) = list;
        let partners = partners(b, a);
        let mut children = vec![];
        for (index, item) in items.iter().enumerate() {
            if let Some(j) = partners[index] {
                let slot = item.dash.map_or(item.node.start, |dash| dash + 1);
                self.value(&item.node, slot, Some(&b[index]), &a[j]);
            }
            children.push((item.head()..item.end(), partners[index].is_some()));
        }
        let old_of = |j: usize| partners.iter().position(|partner| *partner == Some(j));
        let comes = (0..a.len()).filter(|j| old_of(*j).is_none()).map(|j| {
            let before = (0..j).rev().find_map(old_of);
            before.map(Ok).or_else(|| (j..a.len()).find_map(old_of).map(Err))
        });
        let comes = comes.collect();
        for range in out_of_order(&partners) {
            for index in range {
                let child = &children[index].0;
                let start = self.line_start(child.start);
                self.moved.push(start..self.past_end(child.end, self.column(child.start)));
                // A comment above goes with it or not, as the reader pleases.
                self.moved.extend(self.comments_above(start));
                // Between brackets the whole place is written anew.
                if flow {
                    self.touched.push(child.clone());
                }
            }
        }
        self.children(node, slot, flow, &children, comes);
    }

    /// Children that go (`false`) and the places of those that come: after the old child, before it, or alone.
    fn children(
        &mut self,
        node: &Node,
        slot: usize,
        flow: bool,
        children: &[(Range<usize>, bool)],
        comes: Vec<Option<Result<usize, usize>>>,
    ) {
        let goes = children.iter().any(|(_, stays)| !stays);
        if comes.is_empty() && !goes {
            return;
        }
        if flow {
            return self.flow_children(node, children, &comes);
        }
        let compact = !self.is_first(children[0].0.start);
        for (index, (child, _)) in children.iter().enumerate().filter(|(_, (_, stays))| !stays) {
            let end = self.past_end(child.end, self.column(child.start));
            let start = if compact && index == 0 { child.start } else { self.line_start(child.start) };
            self.touched.push(start..end);
        }
        if children.iter().all(|(_, stays)| !stays) {
            // The empty value comes behind an anchor.
            let slot = node.props_end().unwrap_or(slot);
            self.touched.push(slot..slot);
        }
        // The dash and its first key share a line: whoever comes first takes that place.
        let leads = |place: &Option<Result<usize, usize>>| !matches!(place, Some(Ok(_)));
        if compact && (!children[0].1 || comes.iter().any(leads)) {
            self.touched.push(children[0].0.start..children[0].0.start);
            if let Some((next, _)) = children.iter().find(|(_, stays)| *stays) {
                self.touched.push(self.line_start(next.start)..next.start);
            }
        }
    }

    fn flow_children(
        &mut self,
        node: &Node,
        children: &[(Range<usize>, bool)],
        comes: &[Option<Result<usize, usize>>],
    ) {
        self.loose.push(node.start..node.end);
        if children.iter().all(|(_, stays)| !stays) {
            self.touched.push(node.start + 1..node.end - 1);
            // The closing bracket may come up to the line of the opening one.
            self.touched.push(node.end - 1..node.end - 1);
        }
        for (child, _) in children.iter().filter(|(_, stays)| !stays) {
            self.touched.push(child.clone());
        }
        for place in comes {
            let at = match place {
                Some(Ok(after)) => children[*after].0.end,
                Some(Err(before)) => children[*before].0.start,
                None => node.start + 1,
            };
            self.touched.push(at..at);
        }
    }

    /// After the lines of a block collection, and the comments that are indented as deep as it is.
    fn past(&self, node: &Node) -> usize {
        self.past_end(node.end, self.column(node.start).saturating_sub(1))
    }

    /// After the line of `end` and the comments below it that stand deeper than `column`.
    fn past_end(&self, end: usize, column: usize) -> usize {
        let mut past = self.next_line(end);
        let mut at = past;
        while at < self.text.len() {
            let line = &self.text[at..self.next_line(at)];
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            let is_comment = self.tree.comments.iter().any(|comment| comment.start == at + indent);
            if is_comment && self.column(at + indent) > column {
                past = self.next_line(at);
            } else if !line.trim().is_empty() {
                break;
            }
            at = self.next_line(at);
        }
        past
    }

    /// The lines of the comments right above the line that begins at `at`.
    fn comments_above(&self, mut at: usize) -> Vec<Range<usize>> {
        let mut found = vec![];
        while let Some(above) = self.text[..at].strip_suffix('\n') {
            let start = self.line_start(above.strip_suffix('\r').unwrap_or(above).len());
            if !self.text[start..at].trim_start().starts_with('#') {
                break;
            }
            found.push(start..at);
            at = start;
        }
        found
    }

    fn line_start(&self, at: usize) -> usize {
        super::lines::start(self.text, at)
    }

    fn next_line(&self, at: usize) -> usize {
        super::lines::next(self.text, at)
    }

    fn column(&self, at: usize) -> usize {
        super::lines::column(self.text, at)
    }

    fn is_first(&self, at: usize) -> bool {
        super::lines::is_first(self.text, at)
    }
}

/// For each old item the new one that it is: by `uid`, else `id`, else by all that is not an id.
fn partners(before: &[Value], after: &[Value]) -> Vec<Option<usize>> {
    let mut taken = vec![false; after.len()];
    let mut partners: Vec<Option<usize>> = vec![None; before.len()];
    for same in [same_id as fn(&Value, &Value) -> bool, same_content] {
        for (i, old) in before.iter().enumerate().filter(|(i, _)| partners[*i].is_none()).collect::<Vec<_>>()
        {
            let found = (0..after.len()).find(|j| !taken[*j] && same(old, &after[*j]));
            if let Some(j) = found {
                (partners[i], taken[j]) = (Some(j), true);
            }
        }
    }
    // Of items that are alike nobody can say which one went.
    for i in 0..before.len() {
        let alike = |other: &usize| *other != i && same_content(&before[i], &before[*other]);
        if partners[i].is_some() && (0..before.len()).filter(alike).any(|other| partners[other].is_none()) {
            partners[i] = None;
        }
    }
    partners
}

fn same_id(a: &Value, b: &Value) -> bool {
    let key = if a.get("uid").is_some() { "uid" } else { "id" };
    a.get(key).is_some() && a.get(key) == b.get(key)
}

fn same_content(a: &Value, b: &Value) -> bool {
    let bare = |value: &Value| {
        let mut value = value.clone();
        for key in ["uid", "id"] {
            value.as_object_mut().map(|map| map.shift_remove(key));
        }
        value
    };
    bare(a) == bare(b)
}

/// The ranges of old items whose partners do not stand in their order.
fn out_of_order(partners: &[Option<usize>]) -> Vec<Range<usize>> {
    let known: Vec<(usize, usize)> =
        partners.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
    let mut sorted: Vec<usize> = known.iter().map(|(_, j)| *j).collect();
    sorted.sort_unstable();
    let wrong: Vec<usize> =
        known.iter().zip(&sorted).filter(|((_, j), is)| j != *is).map(|((i, _), _)| *i).collect();
    match (wrong.first(), wrong.last()) {
        (Some(first), Some(last)) => std::iter::once(*first..*last + 1).collect(),
        _ => vec![],
    }
}

/// The place of a new key among the old ones: after the nearest before it, else before the nearest after it.
fn nearest<'k>(old: &[&str], keys: impl Iterator<Item = &'k str>, key: &str) -> Option<Result<usize, usize>> {
    let keys: Vec<&str> = keys.collect();
    let index = keys.iter().position(|other| *other == key)?;
    let place = |key: &&str| old.iter().position(|other| other == key);
    let before = keys[..index].iter().rev().find_map(place);
    before.map(Ok).or_else(|| keys[index..].iter().find_map(place).map(Err))
}
