//! The why-trees while they are merged: one list of whys, each of which names the one above it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::labels::given_twice;
use super::three::{At, Three};
use crate::pdca::{Branch, label};
use crate::text::{LINE_CHARS, brief};

/// A why in the list.
pub(super) struct Node {
    /// What it goes by.
    pub(super) uid: String,
    /// The uid of the why above it, or the name of the tree that it begins.
    parent: String,
    /// What it holds, without the whys below it.
    pub(super) map: Map<String, Value>,
}

impl Node {
    fn of(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { uid: text("uid"), parent: text("parent"), map: value.as_object().cloned().unwrap_or_default() }
    }

    /// A part that is a text.
    pub(super) fn part(&self, key: &str) -> Option<&str> {
        self.map.get(key).and_then(Value::as_str)
    }

    fn label(&self) -> &str {
        self.part("id").unwrap_or_default()
    }

    /// Its answer, in a few words.
    fn words(&self) -> String {
        format!("\"{}\"", brief(self.part("why").unwrap_or_default()))
    }
}

/// The whys that stay: what countermeasures answer, and what stands above a why that stays, is not taken out.
pub(super) fn merged(three: &mut Three, lists: [&[Value]; 3], causes: &BTreeSet<String>) -> Vec<Value> {
    three.needed = causes.clone();
    let told = (three.contested.len(), three.remarks.len());
    loop {
        let kept = three.items(&At::top("whys"), "uid", lists);
        let nodes: Vec<Node> = kept.iter().map(Node::of).collect();
        let is_there =
            |uid: &str| is_top(uid) || nodes.iter().any(|node| node.uid == uid) || three.needed.contains(uid);
        let mut lacking: Vec<String> =
            nodes.iter().map(|node| node.parent.clone()).filter(|parent| !is_there(parent)).collect();
        lacking.extend(taken_out_with(&nodes, lists).into_iter().filter(|uid| !is_there(uid)));
        if lacking.is_empty() {
            tell_gone(&nodes, lists, three);
            return kept.into_iter().map(|why| as_moved(why, lists)).collect();
        }
        three.needed.extend(lacking);
        three.contested.truncate(told.0);
        three.remarks.truncate(told.1);
    }
}

/// Tells which whys went below one that stays though the same side took it out: a remark on what stays does not say so.
fn tell_gone(nodes: &[Node], [base, ours, theirs]: [&[Value]; 3], three: &mut Three) {
    let was: Vec<Node> = base.iter().map(Node::of).collect();
    let has = |side: &[Value], uid: &str| side.iter().any(|why| Node::of(why).uid == uid);
    let stays = |uid: &str| nodes.iter().any(|node| node.uid == uid);
    let is_out = |uid: &str| !has(ours, uid) || !has(theirs, uid);
    let is_below_what_stays = |node: &&Node| {
        // No deeper than there are whys, should the base hold a circle.
        let above = |node: &&Node| was.iter().find(|other| other.uid == node.parent);
        std::iter::successors(above(node), above)
            .take(was.len())
            .any(|above| stays(&above.uid) && is_out(&above.uid))
    };
    let gone: Vec<String> = was
        .iter()
        .filter(|node| !stays(&node.uid))
        .filter(is_below_what_stays)
        .map(|node| format!("{} ({})", brief(node.label()), node.words()))
        .collect();
    if !gone.is_empty() {
        three.remarks.push(format!("taken out, below what is kept: {}", gone.join(", ")));
    }
}

/// A why that both sides moved has the label of the side whose place stands: a label tells the place.
fn as_moved(mut why: Value, [_, ours, theirs]: [&[Value]; 3]) -> Value {
    let of_side = |side: &[Value]| side.iter().find(|own| own.get("uid") == why.get("uid")).cloned();
    if let (Some(ours), Some(theirs)) = (of_side(ours), of_side(theirs))
        && ours.get("parent") != theirs.get("parent")
        && let Some(from) = [ours, theirs].iter().find(|side| side.get("parent") == why.get("parent"))
        && let (Some(map), Some(label)) = (why.as_object_mut(), from.get("id"))
    {
        map.insert("id".to_owned(), label.clone());
    }
    why
}

/// The whys that one side took out together with one below them that stays: they stay as well, wherever it has moved to.
///
/// Else a third side that needs it where it was would bring them back, or not, by the order of the merges.
fn taken_out_with(nodes: &[Node], [base, ours, theirs]: [&[Value]; 3]) -> BTreeSet<String> {
    let was: BTreeMap<String, Node> =
        base.iter().map(Node::of).map(|node| (node.uid.clone(), node)).collect();
    let uids = |side: &[Value]| side.iter().map(|why| Node::of(why).uid).collect::<BTreeSet<_>>();
    let (ours, theirs) = (uids(ours), uids(theirs));
    let mut found = BTreeSet::new();
    for (out, other) in [(&ours, &theirs), (&theirs, &ours)] {
        for node in nodes.iter().filter(|node| was.contains_key(&node.uid) && !out.contains(&node.uid)) {
            let mut above = was[&node.uid].parent.as_str();
            while let Some(parent) = was.get(above).filter(|_| !found.contains(above)) {
                if !out.contains(above) && other.contains(above) {
                    found.insert(above.to_owned());
                }
                above = &parent.parent;
            }
        }
    }
    found
}

fn is_top(parent: &str) -> bool {
    Branch::ALL.iter().any(|branch| branch.name() == parent)
}

/// The whys as trees, without a circle, each with a label of its own that is made from the label above it.
pub(super) fn planted(kept: Vec<Value>, lists: [&[Value]; 3], three: &mut Three) -> Vec<Node> {
    let mut nodes: Vec<Node> = kept.iter().map(Node::of).collect();
    let base: BTreeMap<String, Node> =
        lists[0].iter().map(Node::of).map(|node| (node.uid.clone(), node)).collect();
    // A why that is nowhere any more stands where it stood.
    let uids: BTreeSet<String> = nodes.iter().map(|node| node.uid.clone()).collect();
    for node in &mut nodes {
        if !is_top(&node.parent) && !uids.contains(&node.parent) {
            node.parent = Branch::Occurrence.name().to_owned();
        }
    }
    let mut stayed = vec![];
    while let Some(at) = circle(&nodes) {
        let was = base.get(&nodes[at].uid).map(|node| node.parent.clone());
        let loose = Branch::Occurrence.name().to_owned();
        let is_free = |was: &String| {
            (is_top(was) || uids.contains(was)) && *was != nodes[at].parent && !is_below(&nodes, was, at)
        };
        let parent = was.filter(is_free);
        nodes[at].parent = parent.unwrap_or(loose);
        stayed.push(at);
    }
    let sides = lists.map(|list| list.iter().map(Node::of).collect::<Vec<_>>());
    relabel(&mut nodes, &sides, three);
    for at in stayed {
        let (label, words) = (brief(nodes[at].label()), nodes[at].words());
        three.remarks.push(format!(
            "{label} ({words}) stays where it was: two moves together would hang it below itself"
        ));
    }
    tell_carried(&nodes, &sides, three);
    nodes
}

/// Tells of whys that have a label which neither side gave them, as the why above has another.
fn tell_carried(nodes: &[Node], sides: &[Vec<Node>; 3], three: &mut Three) {
    for node in nodes {
        let labels: BTreeSet<&str> =
            sides[1..].iter().flatten().filter(|own| own.uid == node.uid).map(Node::label).collect();
        let is_told = three.remarks.iter().any(|told| told.ends_with(&format!(" is {} now", node.label())));
        if !labels.is_empty() && !labels.contains(node.label()) && !is_told {
            let was = labels.iter().map(|label| brief(label)).collect::<Vec<_>>().join(" or ");
            let (words, now) = (node.words(), brief(node.label()));
            three.remarks.push(format!("{was} ({words}) is {now} now, with the why above it"));
        }
    }
}

/// The why with the oldest uid that stands below itself.
fn circle(nodes: &[Node]) -> Option<usize> {
    let caught = (0..nodes.len()).filter(|at| is_below(nodes, &nodes[*at].parent, *at));
    caught.min_by_key(|at| nodes[*at].uid.clone())
}

/// Whether the why `uid` is, or stands below, the one at `at`.
fn is_below(nodes: &[Node], uid: &str, at: usize) -> bool {
    let mut uid = uid.to_owned();
    for _ in 0..=nodes.len() {
        if uid == nodes[at].uid {
            return true;
        }
        match nodes.iter().find(|node| node.uid == uid) {
            Some(node) => uid = node.parent.clone(),
            None => return false,
        }
    }
    // A circle without the one at `at`.
    false
}

/// Gives each why its label: what is left of its own behind that of the why above it, where no other has it.
fn relabel(nodes: &mut [Node], sides: &[Vec<Node>; 3], three: &mut Three) {
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut level: Vec<(String, String)> =
        Branch::ALL.iter().map(|branch| (branch.name().to_owned(), branch.prefix().to_owned())).collect();
    while !level.is_empty() {
        let mut below = vec![];
        for (parent, prefix) in level {
            let children: Vec<usize> = (0..nodes.len()).filter(|at| nodes[*at].parent == parent).collect();
            let wanted: BTreeMap<usize, String> =
                children.iter().map(|at| (*at, wanted(&nodes[*at], &prefix, sides))).collect();
            let mut order = children.clone();
            // Whoever had the label in the base keeps it, then the older one.
            order.sort_by_key(|at| {
                let had = sides[0].iter().any(|old| old.uid == nodes[*at].uid && old.label() == wanted[at]);
                (!had, nodes[*at].uid.clone())
            });
            for at in order {
                let mut label = wanted[&at].clone();
                if let Some(holder) = taken.get(&label::fold(&label)) {
                    let had = sides[0].iter().map(Node::label);
                    label = label::next(&prefix, had, |label| taken.contains_key(&label::fold(label)));
                    three.remarks.push(given_twice(&wanted[&at], holder, &nodes[at].words(), &label));
                }
                taken.insert(label::fold(&label), nodes[at].words());
                below.push((nodes[at].uid.clone(), format!("{label}.")));
                nodes[at].map.insert("id".to_owned(), Value::String(label));
            }
        }
        level = below;
    }
}

/// The label that a why would have below `prefix`.
fn wanted(node: &Node, prefix: &str, sides: &[Vec<Node>; 3]) -> String {
    let made_from = |side: &Vec<Node>| {
        let own = side.iter().find(|other| other.uid == node.uid && other.label() == node.label())?;
        let above = match side.iter().find(|other| other.uid == own.parent) {
            Some(above) => format!("{}.", above.label()),
            None => Branch::ALL.into_iter().find(|branch| branch.name() == own.parent)?.prefix().to_owned(),
        };
        own.label().strip_prefix(&above).map(str::to_owned)
    };
    let rest = sides.iter().find_map(made_from);
    let label = rest.map(|rest| format!("{prefix}{rest}")).filter(|label| label.len() <= LINE_CHARS);
    label.unwrap_or_else(|| node.label().to_owned())
}

/// A branch that one side ended, and on which the other went on, does not end there.
pub(super) fn open_ends(nodes: &mut [Node], lists: [&[Value]; 3], three: &mut Three) {
    let sides = lists.map(|list| list.iter().map(Node::of).collect::<Vec<_>>());
    let goes_on = |nodes: &[Node], node: &Node| {
        node.map.contains_key("root_cause") || nodes.iter().any(|other| other.parent == node.uid)
    };
    for at in 0..nodes.len() {
        for end in ["out_of_control", "unknown"] {
            let is_odd = |nodes: &[Node], node: &Node| node.map.contains_key(end) && goes_on(nodes, node);
            let was_odd =
                |side: &Vec<Node>| side.iter().any(|other| other.uid == nodes[at].uid && is_odd(side, other));
            if !is_odd(nodes, &nodes[at]) || sides.iter().any(was_odd) {
                continue;
            }
            let reason = nodes[at].map.shift_remove(end);
            let path = format!("whys[{}].{end}", nodes[at].label());
            three.contest(&path, None, reason.as_ref(), 0);
        }
    }
    // One side says that nobody can know, the other that nobody can act.
    for node in nodes {
        let both = |node: &Node| node.map.contains_key("out_of_control") && node.map.contains_key("unknown");
        let was_so = sides.iter().flatten().any(|other| other.uid == node.uid && both(other));
        if both(node) && !was_so {
            let reason = node.map.shift_remove("unknown");
            let path = format!("whys[{}].unknown", node.label());
            three.contest(&path, None, reason.as_ref(), 0);
        }
    }
}

/// The whys below `parent`, with all below them, as the record holds them.
pub(super) fn tree(nodes: &[Node], parent: &str) -> Vec<Value> {
    let children = nodes.iter().filter(|node| node.parent == parent);
    children
        .map(|node| {
            let mut map = node.map.clone();
            map.shift_remove("parent");
            map.insert("whys".to_owned(), Value::Array(tree(nodes, &node.uid)));
            Value::Object(map)
        })
        .collect()
}
