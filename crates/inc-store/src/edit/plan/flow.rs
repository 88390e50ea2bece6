//! Entries and items between brackets: adding and removing them, with their commas.

use super::{Child, New, Planner, Spot};
use crate::edit::tree::Node;
use crate::edit::{emit, lines};

impl Planner<'_> {
    pub(super) fn flow_children(&mut self, node: &Node, children: &[Child], news: &[New<'_>]) {
        let inside = node.start + 1..node.end - 1;
        let alone = children.iter().all(|child| child.removed);
        let commented = self.tree.comments.iter().any(|comment| inside.contains(&comment.start));
        if alone && !commented {
            self.lose(inside.clone());
            self.plan.splices.insert(inside.start, joined(news));
            return;
        }
        let commas: Vec<_> = children.iter().map(|child| self.comma_after(child.end)).collect();
        let survives = survivors(children, &commas);
        for (index, child) in children.iter().enumerate() {
            if let (Some(comma), false) = (commas[index], survives[index]) {
                self.plan.splices.delete(comma..comma + 1);
            }
            if child.removed {
                let last = !children[index..].iter().any(|child| !child.removed);
                self.remove_flow(*child, commas[index], last);
            }
        }
        for (index, child) in children.iter().enumerate() {
            let here =
                |spot: Spot| news.iter().filter(move |new| new.spot == spot).copied().collect::<Vec<_>>();
            let before = here(Spot::Before(index));
            if !before.is_empty() {
                let gap = if lines::is_first(self.text, child.head) {
                    self.break_at(child.head)
                } else {
                    " ".into()
                };
                self.plan.splices.insert_before(child.head, format!("{},{gap}", joined_by(&before, &gap)));
            }
            let after = here(Spot::After(index));
            if !after.is_empty() {
                self.insert_after(*child, commas[index].filter(|_| survives[index]), &after);
            }
        }
        if alone {
            let at = children.first().map_or(inside.start, |child| child.head);
            self.plan.splices.insert(at, joined(news));
        }
    }

    /// Put new children behind one that stays; `comma` is the one behind it, if it stays too.
    fn insert_after(&mut self, child: Child, comma: Option<usize>, news: &[New<'_>]) {
        let from = comma.map_or(child.end, |comma| comma + 1);
        let stop = lines::stop(self.text, from);
        let rest = self.text[from..stop].trim_start_matches([' ', '\t']);
        let ends_line = rest.is_empty() || self.comment_at(stop - rest.len()).is_some();
        // Right behind the colon of a value that was left out, libyaml takes no comma.
        let lead = if self.text[..child.end].ends_with(':') { " ," } else { "," };
        if !(lines::is_first(self.text, child.head) && ends_line) {
            return self.plan.splices.insert(child.end, format!("{lead} {}", joined_by(news, " ")));
        }
        // One child a line: the comment on the line stays with its own child.
        let gap = self.break_at(child.head);
        let (lead, trail) = if comma.is_some() { ("", ",") } else { (lead, "") };
        self.plan.splices.insert(child.end, lead);
        self.plan.splices.insert(stop, format!("{gap}{}{trail}", joined_by(news, &gap)));
    }

    /// Take out a child, and the line or the blanks that only it needed.
    fn remove_flow(&mut self, child: Child, comma: Option<usize>, last: bool) {
        let text = self.text;
        let after = comma.map_or(child.end, |comma| comma + 1);
        let first = lines::is_first(text, child.head);
        self.lose(child.head..child.end);
        if first
            && lines::is_blank(&text[after..lines::stop(text, after)])
            && lines::next(text, after) < text.len()
        {
            let gap = &text[child.end..after];
            if gap.bytes().all(|b| matches!(b, b' ' | b',')) {
                return self.plan.splices.delete(lines::start(text, child.head)..lines::next(text, after));
            }
        }
        if last {
            let before = text[..child.head].trim_end_matches([' ', '\t']).len();
            if !first && !self.begins_comment(after) {
                self.plan.splices.delete(before..child.head);
            }
            return;
        }
        let rest = &text[after..];
        let next = after + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !text[next..].starts_with(['\n', '\r', '#']) {
            self.plan.splices.delete(after..next);
        }
    }

    /// Whether a comment follows on the line.
    fn begins_comment(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        let next = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.comment_at(next).is_some()
    }

    /// The comma after a child, over blanks and comments.
    fn comma_after(&self, mut at: usize) -> Option<usize> {
        loop {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            match self.comment_at(at) {
                Some(comment) => at = comment.end,
                None => return self.text[at..].starts_with(',').then_some(at),
            }
        }
    }

    /// A line break and the indentation of the line of `at`.
    fn break_at(&self, at: usize) -> String {
        let start = lines::start(self.text, at);
        format!("{}{}", self.newline, emit::spaces(at - start))
    }
}

/// Which commas stay: those behind a child that stays and before another, or one that trails.
fn survivors(children: &[Child], commas: &[Option<usize>]) -> Vec<bool> {
    let trailing = commas.last().is_some_and(Option::is_some);
    let later = |index: usize| children[index + 1..].iter().any(|child| !child.removed);
    (0..children.len()).map(|index| !children[index].removed && (trailing || later(index))).collect()
}

fn joined(news: &[New<'_>]) -> String {
    joined_by(news, " ")
}

fn joined_by(news: &[New<'_>], gap: &str) -> String {
    let texts: Vec<_> = news.iter().map(text_of).collect();
    texts.join(&format!(",{gap}"))
}

fn text_of(new: &New<'_>) -> String {
    match new.name {
        Some(name) => emit::flow_entry(name, new.value),
        None => emit::flow(new.value),
    }
}
