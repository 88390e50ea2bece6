//! What to change in a text: the old and the new data, walked together with the layout.
//!
//! Nothing here proves anything; `edit` holds the result against its oracle.

mod block;
mod flow;
mod moves;
mod value;

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::emit::Style;
use super::splice::{Merged, Splices};
use super::tree::{Entry, Item, Kind, Node, Tree};
use super::{EditError, Path, Step, diff, lines};

/// The changes to a text, what they may lose, and what they are about.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) splices: Splices,
    /// Nodes that go, with the lines that are theirs alone.
    lost: Vec<Range<usize>>,
    /// The path of each change and the byte where it lies.
    changes: Vec<(Vec<Step>, usize)>,
}

impl Plan {
    /// Tells whether a comment at a byte goes because the node that it stands in goes.
    pub(super) fn loses(&self) -> impl Fn(usize) -> bool {
        let (lost, deleted) = (Merged::new(&self.lost), self.splices.deleted());
        move |at| lost.contains(at) && deleted.contains(at)
    }

    /// Why the plan does not hold, told of the change that lies nearest to `path`.
    pub(super) fn refusal(&self, text: &str, path: &[Step], why: String) -> EditError {
        let shared = |change: &[Step]| change.iter().zip(path).take_while(|(a, b)| a == b).count();
        let nearest = self.changes.iter().rev().max_by_key(|(change, _)| shared(change));
        let (path, at) = nearest.map_or((path, 0), |(path, at)| (path.as_slice(), *at));
        refused(text, path, at, why)
    }
}

fn refused(text: &str, path: &[Step], at: usize, why: String) -> EditError {
    let line = lines::number(text, at);
    EditError::Refused { path: Path(path).to_string(), line, why }
}

/// Where a value stands, and what may stand in its stead.
#[derive(Clone, Copy, Debug)]
struct Slot<'a> {
    node: &'a Node,
    /// Right after the colon, the dash or `---`: where an inline value may be put.
    after: usize,
    /// The column of the key or dash, inside which lines of text are indented.
    parent: usize,
    /// The column of the entries or items of a new block value.
    child: usize,
    role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Root,
    Value,
    Item,
    /// Between brackets, where all is flow; `colon` is false after a bare key.
    Flow {
        colon: bool,
    },
}

/// A child of a collection: from its key, `?`, dash or item to the end of its content.
#[derive(Clone, Copy, Debug)]
struct Child {
    head: usize,
    end: usize,
    removed: bool,
}

/// A new child and its place among the old ones.
#[derive(Clone, Copy, Debug)]
struct New<'v> {
    spot: Spot,
    /// The key, in a map.
    name: Option<&'v str>,
    value: &'v Value,
}

/// A place among old children, all of which stay.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Spot {
    After(usize),
    Before(usize),
    /// No old child stays.
    Alone,
}

pub(super) struct Planner<'a> {
    text: &'a str,
    tree: &'a Tree,
    style: Style,
    newline: &'static str,
    path: Vec<Step>,
    plan: Plan,
}

type Result<T, E = EditError> = std::result::Result<T, E>;

impl<'a> Planner<'a> {
    pub(super) fn new(text: &'a str, tree: &'a Tree, style: Style) -> Self {
        let newline = lines::newline(text);
        Self { text, tree, style, newline, path: Vec::new(), plan: Plan::default() }
    }

    /// The changes that take the text from `before` to `after`.
    pub(super) fn plan(mut self, before: &Value, after: &Value) -> Result<Plan> {
        match &self.tree.root {
            Some(node) => {
                let root = self.tree.root_after;
                let slot = Slot { node, after: root, parent: 0, child: 0, role: Role::Root };
                self.change(slot, Some(before), after)?;
            }
            None => self.fill_empty(after),
        }
        Ok(self.plan)
    }

    /// Change one value; `before` is `None` where the old record left it out as empty.
    fn change(&mut self, slot: Slot<'_>, before: Option<&Value>, after: &Value) -> Result<()> {
        let empty = slot.node.is_absent() || self.is_empty_flow(slot.node);
        let fill = empty && !matches!(slot.role, Role::Flow { .. });
        let bare = self.is_bare_pair(slot.node);
        match (&slot.node.kind, before, after) {
            _ if fill || bare => self.replace(slot, after),
            (Kind::Map { flow, entries }, Some(Value::Object(before)), Value::Object(after)) => {
                self.map(slot, *flow, entries, before, after)?;
            }
            (Kind::List { flow, items }, Some(Value::Array(before)), Value::Array(after)) => {
                if items.len() != before.len() {
                    return Err(self.refuse(slot.node.start, "the list is not written item by item"));
                }
                self.list(slot, *flow, items, before, after)?;
            }
            _ => self.replace(slot, after),
        }
        Ok(())
    }

    fn map(
        &mut self,
        slot: Slot<'_>,
        flow: bool,
        entries: &[Entry],
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Result<()> {
        let mut children = Vec::new();
        for entry in entries {
            let name = entry.name().unwrap_or_default();
            let removed = before.contains_key(name) && !after.contains_key(name);
            children.push(Child { head: entry.head, end: entry.end(), removed });
            if removed {
                self.note_at(Step::Key(name.into()), entry.head);
            } else if let Some(value) = after.get(name)
                && before.get(name) != Some(value)
            {
                if flow && self.is_key_without_mark(entry) {
                    let why = "its key spans lines, and has neither a colon nor a `?`";
                    return Err(self.refuse(entry.head, why));
                }
                let slot = self.value_slot(slot.role, flow, entry);
                self.at(Step::Key(name.into()), |it| it.change(slot, before.get(name), value))?;
            }
        }
        let places: HashMap<&str, usize> =
            entries.iter().enumerate().filter_map(|(index, entry)| Some((entry.name()?, index))).collect();
        let old: Vec<_> = after.keys().map(|key| places.get(key.as_str()).copied()).collect();
        let spots = spots_among(&old);
        let mut news = Vec::new();
        for (index, (name, value)) in after.iter().enumerate() {
            if old[index].is_none() && before.get(name) != Some(value) {
                news.push(New { spot: spots[index], name: Some(name), value });
                self.note_at(Step::Key(name.clone()), slot.node.start);
            }
        }
        self.children(slot, flow, &children, &news);
        Ok(())
    }

    fn list(
        &mut self,
        slot: Slot<'_>,
        flow: bool,
        items: &[Item],
        before: &[Value],
        after: &[Value],
    ) -> Result<()> {
        let alignment = diff::align(before, after);
        if alignment.moved && self.has_comments(slot.node) {
            return Err(
                self.refuse(slot.node.start, "its items change places, and its comments could not follow")
            );
        }
        let mut old_of = vec![None; after.len()];
        let mut stays = vec![false; before.len()];
        for (i, j) in alignment.pairs {
            (old_of[j], stays[i]) = (Some(i), true);
            if before[i] != after[j] {
                let slot = self.item_slot(slot.role, flow, &items[i]);
                self.at(Step::Index(i), |it| it.change(slot, Some(&before[i]), &after[j]))?;
            }
        }
        let mut children = Vec::new();
        for (index, item) in items.iter().enumerate() {
            children.push(Child { head: item.head(), end: item.end(), removed: !stays[index] });
            if !stays[index] {
                self.note_at(Step::Index(index), item.head());
            }
        }
        let spots = spots_among(&old_of);
        let mut news = Vec::new();
        for (index, value) in after.iter().enumerate().filter(|(index, _)| old_of[*index].is_none()) {
            news.push(New { spot: spots[index], name: None, value });
            self.note_at(Step::Index(index), slot.node.start);
        }
        self.children(slot, flow, &children, &news);
        Ok(())
    }

    fn children(&mut self, slot: Slot<'_>, flow: bool, children: &[Child], news: &[New<'_>]) {
        if news.is_empty() && children.iter().all(|child| !child.removed) {
            return;
        }
        if flow {
            self.flow_children(slot.node, children, news);
        } else {
            self.block_children(slot, children, news);
        }
    }

    fn value_slot<'n>(&self, role: Role, flow: bool, entry: &'n Entry) -> Slot<'n> {
        let after = entry.colon.map_or(entry.key.end, |colon| colon + 1);
        match (flow, role) {
            (false, Role::Root | Role::Value | Role::Item) => {
                self.block_slot(&entry.value, after, entry.head, Role::Value)
            }
            _ => flow_slot(&entry.value, after, entry.colon.is_some()),
        }
    }

    fn item_slot<'n>(&self, role: Role, flow: bool, item: &'n Item) -> Slot<'n> {
        let after = item.dash.map_or(item.node.start, |dash| dash + 1);
        match (flow, role) {
            (false, Role::Root | Role::Value | Role::Item) => {
                self.block_slot(&item.node, after, item.head(), Role::Item)
            }
            _ => flow_slot(&item.node, after, true),
        }
    }

    fn block_slot<'n>(&self, node: &'n Node, after: usize, head: usize, role: Role) -> Slot<'n> {
        let parent = lines::column(self.text, head);
        Slot { node, after, parent, child: parent + 2, role }
    }

    /// Run `work` one step deeper.
    fn at(&mut self, step: Step, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.path.push(step);
        let done = work(self);
        self.path.pop();
        done
    }

    /// Remember that the value at the present path changes.
    fn note(&mut self, at: usize) {
        self.plan.changes.push((self.path.clone(), at));
    }

    /// The same for a value one step deeper.
    fn note_at(&mut self, step: Step, at: usize) {
        self.path.push(step);
        self.note(at);
        self.path.pop();
    }

    fn refuse(&self, at: usize, why: &str) -> EditError {
        refused(self.text, &self.path, at, why.into())
    }

    /// Take out bytes of a node that goes, and let its comments go with it.
    fn lose(&mut self, range: Range<usize>) {
        self.plan.lost.push(range.clone());
        self.plan.splices.delete(range);
    }

    fn has_comments(&self, node: &Node) -> bool {
        let inside = node.start..lines::stop(self.text, node.end);
        self.tree.comments.iter().any(|comment| inside.contains(&comment.start))
    }

    /// The comment that begins at this byte.
    fn comment_at(&self, at: usize) -> Option<&Range<usize>> {
        let found = self.tree.comments.binary_search_by_key(&at, |comment| comment.start);
        found.ok().map(|index| &self.tree.comments[index])
    }

    fn is_empty_flow(&self, node: &Node) -> bool {
        match &node.kind {
            Kind::List { flow: true, items } => items.is_empty(),
            Kind::Map { flow: true, entries } => entries.is_empty(),
            _ => false,
        }
    }

    /// Whether an entry is a bare key over several lines: with a colon behind it, libyaml would not take it for a key.
    fn is_key_without_mark(&self, entry: &Entry) -> bool {
        let key = &self.text[entry.key.start..entry.key.end];
        entry.colon.is_none() && entry.head == entry.key.outer_start() && key.contains(['\n', '\r'])
    }

    /// Whether the node is a map of one pair without braces, as in `[a: b]`.
    fn is_bare_pair(&self, node: &Node) -> bool {
        matches!(node.kind, Kind::Map { flow: true, .. }) && !self.text[node.start..].starts_with('{')
    }
}

/// Between brackets columns say nothing, and counting them would take long where all stands on one line.
fn flow_slot(node: &Node, after: usize, colon: bool) -> Slot<'_> {
    Slot { node, after, parent: 0, child: 0, role: Role::Flow { colon } }
}

/// For each new child its place, were it not among the old ones: after the nearest old one that precedes it, else
/// before the first that follows. `old` gives the old child of each new one.
fn spots_among(old: &[Option<usize>]) -> Vec<Spot> {
    let first = old.iter().flatten().next().map_or(Spot::Alone, |index| Spot::Before(*index));
    let mut spot = first;
    let mut spots = Vec::with_capacity(old.len());
    for child in old {
        spots.push(spot);
        spot = child.map_or(spot, Spot::After);
    }
    spots
}
