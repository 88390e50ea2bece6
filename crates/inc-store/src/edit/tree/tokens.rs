//! The punctuation of a text: dashes, colons, `?` and comments, which parser events do not place.

use std::ops::Range;

use granit_parser::{Scanner, StrInput, TokenType};

use super::{Trouble, bytes, trouble, unreadable};
use crate::edit::lines;

/// The punctuation of a text, which events do not tell, in order.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) comments: Vec<Range<usize>>,
    pub(super) dashes: Vec<usize>,
    pub(super) colons: Vec<usize>,
    pub(super) questions: Vec<usize>,
    /// The ends of all that may stand before a node's content: `-`, `:`, `?`, anchor, tag, `---`.
    leaders: Vec<usize>,
}

impl Tokens {
    pub(super) fn scan(text: &str) -> Result<Self, Trouble> {
        let mut tokens = Self::default();
        let mut entries = Vec::new();
        for token in Scanner::new(StrInput::new(text)) {
            let token = token.map_err(unreadable)?;
            let range = bytes(text, token.span())?;
            match token.token_type() {
                TokenType::Comment(_) => tokens.comments.push(range),
                TokenType::BlockEntry => entries.push(range.start),
                TokenType::Value => {
                    tokens.colons.push(range.start);
                    tokens.leaders.push(range.start + 1);
                }
                TokenType::Key if text[range.clone()].starts_with('?') => {
                    tokens.questions.push(range.start);
                    tokens.leaders.push(range.start + 1);
                }
                TokenType::Anchor(_) | TokenType::Tag(..) | TokenType::DocumentStart => {
                    tokens.leaders.push(range.end);
                }
                _ => {}
            }
        }
        tokens.comments.sort_by_key(|range| range.start);
        for entry in entries {
            let dash = tokens.dash_before(text, entry)?;
            tokens.dashes.push(dash);
            tokens.leaders.push(dash + 1);
        }
        tokens.leaders.sort_unstable();
        Ok(tokens)
    }

    /// The scanner marks an entry after its dash and the blanks that follow; find the dash itself.
    fn dash_before(&self, text: &str, mut at: usize) -> Result<usize, Trouble> {
        loop {
            at = text[..at].trim_end_matches([' ', '\t', '\n', '\r']).len();
            match self.comments.binary_search_by_key(&at, |comment| comment.end) {
                Ok(index) => at = self.comments[index].start,
                Err(_) => break,
            }
        }
        match text[..at].strip_suffix('-') {
            Some(before) => Ok(before.len()),
            None => Err(trouble(text, at, "a list item has no dash that could be found")),
        }
    }

    /// From the last thing that may lead a node, over blanks and comments, to the `|` or `>`.
    pub(super) fn block_header(&self, text: &str, content: usize) -> Result<Range<usize>, Trouble> {
        let leaders = &self.leaders;
        let known = leaders.partition_point(|end| *end <= content);
        let mut at = if known == 0 { lines::start(text, 0) } else { leaders[known - 1] };
        loop {
            let rest = &text[at..];
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            match self.comments.binary_search_by_key(&at, |comment| comment.start) {
                Ok(index) => at = self.comments[index].end,
                Err(_) => break,
            }
        }
        let rest = &text[at..];
        if !rest.starts_with(['|', '>']) {
            return Err(trouble(text, at, "has a block of text without a header"));
        }
        let length = rest.len()
            - rest[1..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']).len();
        Ok(at..at + length)
    }
}
