//! Items that change places: their lines move as they stand, before anything else is changed.
//!
//! An item takes its comments with it, those above it too. What stands between two items apart from them (blank lines,
//! a comment on its own) stays where it is. Only lists with each item on lines of its own are arranged so.

use std::ops::Range;

use serde_json::Value;

use super::Planner;
use crate::edit::tree::{Item, Kind, Node};
use crate::edit::{diff, lines};

impl Planner<'_> {
    /// The text and the data with the items of one list in the order that `after` has them in; `None` where none moves.
    pub(in crate::edit) fn arranged(&self, before: &Value, after: &Value) -> Option<(String, Value)> {
        self.arrange(self.tree.root.as_ref()?, before, after)
    }

    fn arrange(&self, node: &Node, before: &Value, after: &Value) -> Option<(String, Value)> {
        match (&node.kind, before, after) {
            _ if before == after => None,
            (Kind::Map { entries, .. }, Value::Object(before), Value::Object(after)) => {
                entries.iter().find_map(|entry| {
                    let name = entry.name()?;
                    let (text, value) = self.arrange(&entry.value, before.get(name)?, after.get(name)?)?;
                    let mut arranged = before.clone();
                    arranged.insert(name.to_owned(), value);
                    Some((text, Value::Object(arranged)))
                })
            }
            (Kind::List { flow, items }, Value::Array(before), Value::Array(after)) => {
                if items.len() != before.len() {
                    return None;
                }
                if let (false, Some(order)) = (*flow, diff::rearranged(before, after)) {
                    let text = self.in_order(items, &order)?;
                    return Some((text, order.iter().map(|index| before[*index].clone()).collect()));
                }
                let pairs = diff::align(before, after).pairs;
                pairs.into_iter().find_map(|(i, j)| {
                    let (text, value) = self.arrange(&items[i].node, &before[i], &after[j])?;
                    let mut arranged = before.clone();
                    arranged[i] = value;
                    Some((text, Value::Array(arranged)))
                })
            }
            _ => None,
        }
    }

    /// The text with the blocks of these items in another order.
    fn in_order(&self, items: &[Item], order: &[usize]) -> Option<String> {
        let blocks: Vec<Range<usize>> =
            items.iter().map(|item| self.block_of(item)).collect::<Option<_>>()?;
        if blocks.windows(2).any(|pair| pair[0].end > pair[1].start) {
            return None;
        }
        let mut text = String::with_capacity(self.text.len() + 2);
        let mut at = 0;
        for (place, index) in blocks.iter().zip(order) {
            let block = &blocks[*index];
            text.push_str(&self.text[at..place.start]);
            text.push_str(&self.text[block.start..self.last_break(block)]);
            // A file without a final line break keeps that, whichever item comes last.
            text.push_str(&self.text[self.last_break(place)..place.end]);
            at = place.end;
        }
        text.push_str(&self.text[at..]);
        Some(text)
    }

    /// The lines of an item with the comments that belong to it; `None` where it shares a line with another.
    fn block_of(&self, item: &Item) -> Option<Range<usize>> {
        let head = item.head();
        let own = lines::is_first(self.text, head);
        own.then(|| self.comments_above(head)..self.past(item.end(), lines::column(self.text, head)))
    }

    /// Where the last line break of a block begins, or its end where it has none.
    fn last_break(&self, block: &Range<usize>) -> usize {
        let text = &self.text[block.clone()];
        block.start + lines::without_break(text).unwrap_or(text).len()
    }
}
