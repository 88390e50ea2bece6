//! The lines of a text that hold something, each with how far it is indented.

/// A line without its indentation, the blanks at its end and its line break.
#[derive(Debug, Clone, Copy)]
pub struct Line<'t> {
    /// How many blanks stand before it.
    pub indent: usize,
    /// What it holds; never empty.
    pub text: &'t str,
    /// The same with the blanks at its end.
    full: &'t str,
}

/// A walk through a text.
pub struct Lines<'t> {
    rest: &'t str,
    next: Option<Line<'t>>,
    comments: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    /// The lines of a text that ends with a line break.
    pub fn of(text: &'t str) -> Self {
        let mut lines = Self { rest: text, next: None, comments: vec![] };
        lines.advance();
        lines
    }

    /// The next line that is neither blank nor a comment.
    pub fn peek(&self) -> Option<Line<'t>> {
        self.next
    }

    /// Goes on to the line after it.
    pub fn advance(&mut self) {
        self.next = None;
        while let Some((line, rest)) = self.rest.split_once('\n') {
            self.rest = rest;
            let text = line.trim_start_matches(' ');
            if text.starts_with('#') {
                self.comments.push(text);
            } else if !text.is_empty() {
                let indent = line.len() - text.len();
                self.next = Some(Line { indent, text: text.trim_end_matches(' '), full: text });
                return;
            }
        }
    }

    /// Notes the comment that ends a line, if one does.
    pub fn note(&mut self, line: Line<'t>, comment: &str) {
        if !comment.is_empty() {
            self.comments.push(&line.full[line.text.len() - comment.len()..]);
        }
    }

    /// The comments met so far, each from its `#` to the end of its line.
    pub fn into_comments(self) -> Vec<&'t str> {
        self.comments
    }

    /// The lines from behind the current one that are indented deeper than `parent`, or blank, as they stand; the
    /// current line then is the first behind them. `None` where it is not plain where they end.
    pub fn take_block(&mut self, parent: usize) -> Option<Vec<&'t str>> {
        let mut lines = vec![];
        while let Some((line, rest)) = self.rest.split_once('\n') {
            let text = line.trim_start_matches(' ');
            let indent = line.len() - text.len();
            if !text.is_empty() && indent <= parent {
                break;
            }
            if text.starts_with('\t') {
                return None;
            }
            lines.push(line);
            self.rest = rest;
        }
        self.advance();
        Some(lines)
    }
}

/// As many values as no record has, by what parts them; far below what the library takes.
const MOST: usize = 40_000;

/// Whether a text is no longer than records are, and has only characters of which nobody doubts whether they are
/// content or break a line.
pub fn are_usual(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.iter().filter(|byte| matches!(byte, b'\n' | b',')).count() > MOST {
        return false;
    }
    let odd = |(n, byte): (usize, &u8)| match byte {
        b'\n' | b'\t' | b' '..=b'~' => false,
        0..=0x1F | 0x7F => true,
        // U+0080 to U+009F.
        0xC2 => bytes[n + 1] < 0xA0,
        // U+2028 and U+2029.
        0xE2 => bytes[n + 1] == 0x80 && matches!(bytes[n + 2], 0xA8 | 0xA9),
        // A byte order mark; U+FFFE and U+FFFF.
        0xEF => matches!((bytes[n + 1], bytes[n + 2]), (0xBB, 0xBF) | (0xBF, 0xBE | 0xBF)),
        _ => false,
    };
    !bytes.iter().enumerate().any(odd)
}
