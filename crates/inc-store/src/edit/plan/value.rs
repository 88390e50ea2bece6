//! One value in the stead of another, with the comment on its line kept.

use std::ops::Range;

use granit_parser::ScalarStyle;
use serde_json::Value;

use super::{Planner, Role, Slot};
use crate::edit::emit::{self, Form};
use crate::edit::tree::{Kind, Node};
use crate::edit::{Step, lines};

/// Where the parts of a new value go once the old one is out.
struct Gap {
    /// Where what stands on the line goes, and whether it needs a blank before it.
    inline: usize,
    blank: bool,
    /// Where lines below it go: the beginning of a line.
    below: usize,
}

impl Planner<'_> {
    /// Put `value` in the place of the slot's node, whatever that is.
    pub(super) fn replace(&mut self, slot: Slot<'_>, value: &Value) {
        self.note(slot.node.start);
        if let Role::Flow { colon } = slot.role {
            return self.replace_flow(slot, colon, value);
        }
        let form = self.form_like(slot, value);
        if let (Role::Item, Form::Lines(_)) = (slot.role, &form)
            && self.may_be_compact(slot.node)
        {
            return self.replace_compact(slot, value);
        }
        let gap = self.take_out(slot, matches!(form, Form::Lines(_)));
        match form {
            Form::Inline(text) => self.insert_inline(&gap, &text),
            Form::Literal { header, body } => {
                self.insert_inline(&gap, &header);
                self.insert_lines(gap.below, &body);
                if gap.below == self.text.len() && !self.text.ends_with(['\n', '\r']) {
                    self.plan.splices.insert(gap.below, self.newline);
                }
            }
            Form::Lines(lines) => self.insert_lines(gap.below, &lines),
        }
    }

    /// A document without content gets its first.
    pub(super) fn fill_empty(&mut self, value: &Value) {
        let lines = match emit::form(value, 0, 0, self.style) {
            Form::Lines(lines) => lines,
            _ => vec![emit::flow(value)],
        };
        self.note(0);
        self.insert_lines(self.tree.end, &lines);
    }

    fn replace_flow(&mut self, slot: Slot<'_>, colon: bool, value: &Value) {
        let node = slot.node;
        let text = self.like_old(node, value).unwrap_or_else(|| emit::flow(value));
        if node.is_absent() {
            let lead = if colon { " " } else { ": " };
            let at = node.props_end().unwrap_or(slot.after);
            return self.plan.splices.insert(at, format!("{lead}{text}"));
        }
        let start = self.drop_tag(node);
        self.lose(start..node.end);
        self.plan.splices.insert(node.start, text);
    }

    fn insert_inline(&mut self, gap: &Gap, text: &str) {
        let blank = if gap.blank { " " } else { "" };
        self.plan.splices.insert(gap.inline, format!("{blank}{text}"));
    }

    /// The form of the new value: the old one's quotes where they fit.
    fn form_like(&self, slot: Slot<'_>, value: &Value) -> Form {
        if let (Role::Value, true, Some(Step::Key(name))) = (slot.role, self.style.flow, self.path.last())
            && let Some(text) = emit::small_map(name, value, slot.parent)
        {
            return Form::Inline(text);
        }
        let form = emit::form(value, slot.parent, slot.child, self.style);
        match (&form, self.like_old(slot.node, value)) {
            (Form::Inline(_), Some(text)) => Form::Inline(text),
            _ => form,
        }
    }

    /// A new text in the quotes of the old, if it can stand there.
    fn like_old(&self, node: &Node, value: &Value) -> Option<String> {
        let (Kind::Scalar { style }, Value::String(text)) = (&node.kind, value) else {
            return None;
        };
        match style {
            ScalarStyle::SingleQuoted => emit::single_quoted(text),
            ScalarStyle::DoubleQuoted => Some(emit::double_quoted(text)),
            _ => None,
        }
    }

    /// Take the old value out of a block slot; `lines` tells that the new one stands below.
    fn take_out(&mut self, slot: Slot<'_>, lines: bool) -> Gap {
        let (text, node) = (self.text, slot.node);
        let props = node.props_end();
        let after = props.unwrap_or(slot.after);
        if node.is_absent() {
            return Gap { inline: after, blank: true, below: lines::next(text, after) };
        }
        if node.is_block_collection() {
            return self.take_out_collection(slot, after);
        }
        let start = self.drop_tag(node);
        if let Kind::Block { header, empty } = &node.kind {
            let below = lines::next(text, header.end);
            if !empty {
                self.lose(below..lines::next(text, node.end));
            }
            self.plan.splices.delete(self.with_lead(slot, header.clone(), lines));
            return Gap { inline: header.start, blank: false, below };
        }
        let whole = self.with_lead(slot, start..node.end, lines);
        self.lose(whole);
        Gap { inline: node.start, blank: false, below: lines::next(text, node.end) }
    }

    /// The range, with the blanks before it if nothing is going to stand behind them; with the
    /// whole line if nothing else is on it.
    fn with_lead(&self, slot: Slot<'_>, range: Range<usize>, lines: bool) -> Range<usize> {
        if !lines || slot.node.props.is_some() {
            return range;
        }
        let start = lines::start(self.text, range.start);
        let below = start > slot.after || (slot.role == Role::Root && start == slot.after);
        if lines::is_first(self.text, range.start) && below {
            let stop = lines::stop(self.text, range.end);
            let blank = lines::is_blank(&self.text[range.end..stop]);
            let end = if blank { lines::next(self.text, range.end) } else { range.end };
            return if blank { start..end } else { range };
        }
        if slot.role != Role::Root && lines::is_blank(&self.text[slot.after..range.start]) {
            return slot.after..range.end;
        }
        range
    }

    fn take_out_collection(&mut self, slot: Slot<'_>, after: usize) -> Gap {
        let (text, node) = (self.text, slot.node);
        // A comment less deep than its entries or items is not the old value's.
        let col = lines::column(text, node.start).saturating_sub(1);
        let below = self.past(node.end, col.max(slot.parent));
        if lines::is_first(text, node.start) {
            let start = lines::start(text, node.start);
            self.lose(start..below);
            return Gap {
                inline: after,
                blank: slot.role != Role::Root,
                below: lines::next(text, after).min(start),
            };
        }
        self.lose(node.start..lines::stop(text, node.end));
        Gap { inline: node.start, blank: false, below: lines::next(text, node.end) }
    }

    /// Whether a new collection may begin on the line of its dash.
    fn may_be_compact(&self, node: &Node) -> bool {
        let stop = lines::stop(self.text, node.end);
        let bare = lines::is_blank(&self.text[node.end..stop]);
        node.props.is_none() && bare && !matches!(node.kind, Kind::Block { .. })
    }

    fn replace_compact(&mut self, slot: Slot<'_>, value: &Value) {
        let node = slot.node;
        let absent = node.is_absent();
        let at = if absent { slot.after } else { node.start };
        let col = lines::column(self.text, at) + usize::from(absent);
        if let Form::Lines(lines) = emit::form(value, slot.parent, col, self.style) {
            let text = lines.join(self.newline);
            let blank = if absent { " " } else { "" };
            self.lose(node.start..node.end);
            self.plan.splices.insert(at, format!("{blank}{}", text.trim_start_matches(' ')));
        }
    }

    /// Take out the tag, which was about the old value, and keep the anchor; gives the place from
    /// where the old value goes.
    fn drop_tag(&mut self, node: &Node) -> usize {
        let Some(props) = node.props.as_ref().filter(|props| props.tagged) else {
            return node.start;
        };
        if let Some(anchor) = &props.anchor {
            self.plan.splices.insert(props.range.start, format!("&{anchor} "));
        }
        self.plan.splices.delete(props.range.start..node.start);
        node.start
    }
}
