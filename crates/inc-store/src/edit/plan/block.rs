//! Entries and items on lines of their own: adding and removing them.

use super::{Child, New, Planner, Role, Slot, Spot};
use crate::edit::{emit, lines};

impl Planner<'_> {
    pub(super) fn block_children(&mut self, slot: Slot<'_>, children: &[Child], news: &[New<'_>]) {
        let Some(first) = children.first() else {
            return;
        };
        let col = lines::column(self.text, first.head);
        let offset = self.offset(children, col);
        let compact = !lines::is_first(self.text, first.head);
        let alone = children.iter().all(|child| child.removed);
        for child in &children[usize::from(compact)..] {
            if child.removed {
                let end = self.past(child.end, col);
                self.lose(lines::start(self.text, child.head)..end);
            }
        }
        if compact {
            self.compact_head(slot, children, news, col, offset);
        } else if alone && news.is_empty() {
            self.leave_empty(slot, first.head);
        }
        for new in news {
            let lines = self.lines_of(new, col, offset);
            match new.spot {
                Spot::After(index) => self.insert_lines(self.past(children[index].end, col), &lines),
                spot if compact && leads(spot, children) => {}
                Spot::Before(index) => self.insert_lines(self.above(slot, children[index].head), &lines),
                Spot::Alone => self.insert_lines(lines::start(self.text, first.head), &lines),
            }
        }
    }

    /// The first child shares its line with the dash before it, as in `- at: …`.
    fn compact_head(
        &mut self,
        slot: Slot<'_>,
        children: &[Child],
        news: &[New<'_>],
        col: usize,
        offset: usize,
    ) {
        let first = children[0];
        let leading = news.iter().filter(|new| leads(new.spot, children));
        let lines: Vec<_> = leading.flat_map(|new| self.lines_of(new, col, offset)).collect();
        let mut inserted = lines.join(self.newline).trim_start_matches(' ').to_owned();
        let next = children.iter().find(|child| !child.removed).map(|child| child.head);
        let stay = !first.removed;
        let joined = next.filter(|next| stay || self.may_join(children, *next));
        match joined {
            Some(next) => {
                if !inserted.is_empty() {
                    inserted.push_str(self.newline);
                    inserted.push_str(&emit::spaces(col));
                }
                self.plan.splices.insert_before(first.head, inserted);
                if !stay {
                    self.lose(first.head..next);
                }
            }
            None => {
                if inserted.is_empty() && next.is_none() {
                    inserted = self.empty_of(slot).into();
                }
                let before = self.text[..first.head].trim_end_matches(' ').len();
                let from = if inserted.is_empty() { before } else { first.head };
                self.plan.splices.insert_before(first.head, inserted);
                self.lose(from..lines::stop(self.text, first.end));
            }
        }
    }

    /// Whether nothing but removed lines stands between a removed first child and the next one.
    fn may_join(&self, children: &[Child], next: usize) -> bool {
        let mut at = lines::next(self.text, children[0].end);
        for child in children[1..].iter().take_while(|child| child.removed) {
            if lines::start(self.text, child.head) != at {
                return false;
            }
            at = self.past(child.end, lines::column(self.text, child.head));
        }
        lines::start(self.text, next) == at
    }

    fn leave_empty(&mut self, slot: Slot<'_>, head: usize) {
        let empty = self.empty_of(slot);
        if slot.role == Role::Root {
            let line = [empty.to_owned()];
            self.insert_lines(lines::start(self.text, head), &line);
        } else {
            let at = slot.node.props_end().unwrap_or(slot.after);
            self.plan.splices.insert(at, format!(" {empty}"));
        }
    }

    fn empty_of(&self, slot: Slot<'_>) -> &'static str {
        match slot.node.kind {
            crate::edit::tree::Kind::List { .. } => "[]",
            _ => "{}",
        }
    }

    fn lines_of(&self, new: &New<'_>, col: usize, offset: usize) -> Vec<String> {
        match new.name {
            Some(name) => emit::entry_lines(name, new.value, col, self.style),
            None => emit::item_lines(new.value, col, offset, self.style),
        }
    }

    /// How far behind its dash an item stands in this list.
    fn offset(&self, children: &[Child], col: usize) -> usize {
        let offset = |child: &Child| {
            let rest = self.text[child.head..].strip_prefix('-')?;
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let content = rest[blanks..].chars().next()?;
            let inline = blanks > 0 && !matches!(content, '\n' | '\r' | '#' | '\t' | '|' | '>');
            inline.then_some(1 + blanks)
        };
        let kept = children.iter().filter(|child| !child.removed).chain(children);
        kept.filter(|child| lines::column(self.text, child.head) == col)
            .find_map(offset)
            .filter(|offset| *offset <= 8)
            .unwrap_or(2)
    }

    /// The beginning of the line after a child that stands at `col`, and after the comments below
    /// it that are indented deeper and so belong to it.
    pub(super) fn past(&self, end: usize, col: usize) -> usize {
        let mut past = lines::next(self.text, end);
        let mut at = past;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let head = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let deeper = lines::column(self.text, head) > col;
            let stop = lines::stop(self.text, at);
            if deeper && self.comment_at(head).is_some() {
                past = lines::next(self.text, at);
            } else if head < stop {
                break;
            }
            at = lines::next(self.text, at);
        }
        past
    }

    /// The beginning of a child's line, or of the comment lines right above that are about it. At
    /// the root the topmost comments are about the file, and stay on top.
    fn above(&self, slot: Slot<'_>, head: usize) -> usize {
        match slot.role == Role::Root && head == slot.node.start {
            true => lines::start(self.text, head),
            false => self.comments_above(head),
        }
    }

    /// The beginning of a child's line, or of the comment lines right above it in its column.
    pub(super) fn comments_above(&self, head: usize) -> usize {
        let mut at = lines::start(self.text, head);
        let col = lines::column(self.text, head);
        loop {
            let before = &self.text[..at];
            let before = before.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
            let Some(before) = before else {
                return at;
            };
            let previous = lines::start(self.text, before.len());
            let comment = previous + col;
            if self.comment_at(comment).is_none() || !lines::is_first(self.text, comment) {
                return at;
            }
            at = previous;
        }
    }

    /// Put whole lines in at the beginning of a line, or behind a last line without a break. A
    /// file that had no final line break gets one only to end a block of text.
    pub(super) fn insert_lines(&mut self, at: usize, lines: &[String]) {
        // Where that last line goes, the break before it stands.
        let ends_open = !self.text.is_empty() && !self.text.ends_with(['\n', '\r']);
        let open =
            at == self.text.len() && ends_open && !self.plan.splices.deletes(lines::start(self.text, at));
        let mut new = String::new();
        for line in lines {
            if open {
                new.push_str(self.newline);
                new.push_str(line);
            } else {
                new.push_str(line);
                new.push_str(self.newline);
            }
        }
        let header = |line: &String| line.trim_end_matches(['2', '+']).ends_with('|');
        if open && lines.iter().any(header) {
            new.push_str(self.newline);
        }
        self.plan.splices.insert(at, new);
    }
}

/// Whether the place is that of the first child that will be there.
fn leads(spot: Spot, children: &[Child]) -> bool {
    match spot {
        Spot::After(_) => false,
        Spot::Before(index) => children[..index].iter().all(|child| child.removed),
        Spot::Alone => true,
    }
}
