//! Holding the lines of the new text against what the change concerns.

use std::ops::Range;

use super::Concern;
use crate::edit::tree;

/// The byte order mark.
const MARK: char = '\u{feff}';

/// A line of the old text: where it lies, and what must be left of it.
struct Wanted {
    at: usize,
    /// The whole line, or what stands before and after what the change concerns.
    parts: Vec<Part>,
    loose: bool,
}

enum Part {
    Whole(String),
    Begin(String),
    End(String),
}

impl Concern<'_> {
    /// What must be left of each old line.
    fn wanted(&self) -> Vec<Wanted> {
        let mut wanted = vec![];
        let mut start = 0;
        for whole in self.text.split_inclusive('\n') {
            let line = whole.trim_end_matches(['\n', '\r']);
            // The byte order mark is the file's, not the line's.
            let line = if start == 0 { line.trim_start_matches(MARK) } else { line };
            let end = start + whole.trim_end_matches(['\n', '\r']).len();
            let range = end - line.len()..end;
            let next = start + whole.len();
            // An empty range at a line's end is on that line, at its beginning too.
            let on_line = |touched: &&Range<usize>| match touched.is_empty() {
                true => range.start <= touched.start && touched.start <= range.end,
                false => touched.start < next && range.start < touched.end,
            };
            let touched = || self.touched.iter().filter(on_line);
            let parts = match (touched().map(|t| t.start).min(), touched().map(|t| t.end).max()) {
                (Some(first), Some(last)) => {
                    let begin = &self.text[range.start..first.clamp(range.start, range.end)];
                    let end = &self.text[last.clamp(range.start, range.end)..range.end];
                    vec![Part::Begin(begin.trim_end().into()), Part::End(end.trim().into())]
                }
                _ => vec![Part::Whole(line.to_owned())],
            };
            let loose = self.loose.iter().any(|loose| loose.start <= range.end && range.start < loose.end);
            wanted.push(Wanted { at: range.start, parts, loose });
            start = next;
        }
        wanted
    }

    pub(super) fn check_lines(&self, new: &str) -> Result<(), String> {
        self.check_old_lines(new)?;
        // A blank line is like any other: that those which stay are found in order does not tell that none is new.
        let blank =
            |lines: &mut dyn Iterator<Item = &str>| lines.filter(|line| line.trim().is_empty()).count();
        let new = new.trim_start_matches(MARK);
        let (had, has) = (blank(&mut self.text.trim_start_matches(MARK).lines()), blank(&mut new.lines()));
        let blocks = new.lines().any(|line| line.contains('|'));
        match has > had && !blocks {
            true => Err(format!("{had} blank lines became {has}")),
            false => Ok(()),
        }
    }

    /// What must be left of the old lines is there, in order.
    fn check_old_lines(&self, new: &str) -> Result<(), String> {
        // Behind the last line break stands one more line, if an empty one.
        let new = new.trim_start_matches(MARK);
        let lines: Vec<&str> = new.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        let wanted = self.wanted();
        let moves = |line: &Wanted| self.moved.iter().position(|moved| moved.contains(&line.at));
        let stays: Vec<&Wanted> = wanted.iter().filter(|line| moves(line).is_none()).collect();
        in_order(&stays, &lines)?;
        for index in 0..self.moved.len() {
            let item: Vec<&Wanted> = wanted.iter().filter(|line| moves(line) == Some(index)).collect();
            in_order(&item, &lines).map_err(|why| format!("in an item that moved: {why}"))?;
        }
        Ok(())
    }

    /// No comment goes but those inside what the change concerns, and none comes.
    pub(super) fn check_comments(&self, new: &str) -> Result<(), String> {
        let tree = tree::parse(new).map_err(|trouble| trouble.what)?;
        let mut left: Vec<&str> = tree.comments.iter().map(|range| &new[range.clone()]).collect();
        // Of two comments that read alike one may go and the other may not: those that must stay have the first choice.
        let may_go =
            |comment: &&Range<usize>| self.touched.iter().any(|touched| touched.contains(&comment.start));
        let (going, staying): (Vec<_>, Vec<_>) = self.tree.comments.iter().partition(may_go);
        for comment in staying.iter().chain(&going) {
            let text = &self.text[(*comment).clone()];
            match left.iter().position(|other| *other == text) {
                Some(found) => drop(left.swap_remove(found)),
                None if may_go(comment) => {}
                None => return Err(format!("the comment {text:?} is lost")),
            }
        }
        match left.as_slice() {
            [] => Ok(()),
            more => Err(format!("new comments: {more:?}")),
        }
    }

    /// Byte order mark, line ends, and how the file ends.
    pub(super) fn check_frame(&self, new: &str) -> Result<(), String> {
        let old = self.text;
        if old.starts_with(MARK) != new.starts_with(MARK) {
            return Err("the byte order mark".into());
        }
        let bare = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
        if old.contains("\r\n") && bare(old) == 0 && bare(new) > 0 {
            return Err("lines end in LF now, not in CRLF".into());
        }
        if !old.contains('\r') && new.contains('\r') {
            return Err("lines end in CR now".into());
        }
        // A block of text needs a line break at its end.
        let ends_in_block = |text: &str| {
            let tree = tree::parse(text).ok();
            tree.and_then(|tree| tree.root).is_some_and(|root| root.ends_in_block())
        };
        let may_end_so = || ends_in_block(new) || ends_in_block(old) || self.ends_in_old_blank(new);
        if old.ends_with('\n') != new.ends_with('\n') && !may_end_so() {
            return Err("the end of the file".into());
        }
        Ok(())
    }

    /// Whether the last line break is what is left of an old blank line that came to stand last: without it, that line
    /// would be missing.
    fn ends_in_old_blank(&self, new: &str) -> bool {
        new.strip_suffix('\n').is_some_and(|open| self.check_old_lines(open).is_err())
    }
}

/// Whether what must be left of these lines is there, in order; the first place that fits is as good as any.
fn in_order(wanted: &[&Wanted], lines: &[&str]) -> Result<(), String> {
    let mut at = 0;
    for line in wanted {
        for part in &line.parts {
            let found = (at..lines.len()).find(|index| part.is_in(lines[*index], line.loose));
            match (part, found) {
                (Part::Begin(text) | Part::End(text), _) if text.trim_matches([',', ' ']).is_empty() => {}
                (Part::Whole(text), _) if line.loose && text.trim_matches([',', ' ']).is_empty() => {}
                (Part::Begin(_), Some(index)) => at = index,
                (_, Some(index)) => at = index + 1,
                (Part::Whole(text) | Part::Begin(text) | Part::End(text), None) => {
                    return Err(format!("the old line at {} is touched: {text:?}", line.at));
                }
            }
        }
    }
    Ok(())
}

impl Part {
    fn is_in(&self, line: &str, loose: bool) -> bool {
        let bare = |text: &str| match loose {
            true => text.replace([',', ' ', '\t'], ""),
            false => text.trim_end().to_owned(),
        };
        match self {
            Self::Whole(text) if loose => bare(text) == bare(line),
            Self::Whole(text) => text == line,
            Self::Begin(text) => bare(line).starts_with(&bare(text)),
            Self::End(text) => bare(line).ends_with(&bare(text)),
        }
    }
}
