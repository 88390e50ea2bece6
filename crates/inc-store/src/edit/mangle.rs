//! For tests: the same data in many hands' layouts, with comments wherever YAML allows one.
//!
//! The text that comes out reads as the value that went in; how it is laid out is up to a seed.

use serde_json::{Map, Value};

use super::emit::{self, Form, Style, spaces};

/// The strict reader that tests take for the record's own.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_yaml::from_str_with_options(text, options).map_err(|error| error.to_string())
}

/// A small source of choices that a seed decides (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Choices that depend on the seed alone.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`, or 0 for none.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    /// True once in `of` times.
    pub(crate) fn once_in(&mut self, of: usize) -> bool {
        self.roll(of) == 0
    }
}

/// What a mangled text may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taste {
    /// Anchors, aliases and tags, which may make an edit in place impossible.
    pub(crate) anchors: bool,
    /// Comments; without them a text still differs in layout.
    pub(crate) comments: bool,
}

/// `value` as a text in a layout that the seed chooses.
pub(crate) fn mangle(value: &Map<String, Value>, seed: u64, taste: Taste) -> String {
    let mut mangler = Mangler {
        dice: Dice::new(seed),
        taste,
        lines: Vec::new(),
        comments: 0,
        anchored: Vec::new(),
        swallows: None,
    };
    mangler.document(value)
}

struct Mangler {
    dice: Dice,
    taste: Taste,
    lines: Vec<String>,
    comments: usize,
    /// Strings that have an anchor, with its name.
    anchored: Vec<(String, String)>,
    /// After a block of text: the column from which a comment would be part of it.
    swallows: Option<usize>,
}

impl Mangler {
    fn document(&mut self, value: &Map<String, Value>) -> String {
        let bom = self.dice.once_in(8);
        let crlf = self.dice.once_in(4);
        self.between(0);
        if self.dice.once_in(8) {
            let tail = self.trailing();
            self.lines.push(format!("---{tail}"));
            self.between(0);
        }
        if value.is_empty() || self.dice.once_in(12) {
            let text = self.flow_map(value, 0);
            let tail = self.trailing();
            self.push(format!("{text}{tail}"));
        } else {
            self.block_map(value, 0, String::new());
        }
        self.between(0);
        if self.dice.once_in(10) {
            self.lines.push("...".into());
        }
        let newline = if crlf { "\r\n" } else { "\n" };
        // Lines inside a value that was folded are separate lines already.
        let joined = self.lines.join("\n").replace('\n', newline);
        let ends_in_text = self.swallows.is_some();
        let end = if self.dice.once_in(5) && !ends_in_text { "" } else { newline };
        format!("{}{joined}{end}", if bom { "\u{feff}" } else { "" })
    }

    fn push(&mut self, line: String) {
        self.swallows = None;
        self.lines.push(line);
    }

    /// Blank lines and comments of any indentation before something that begins at `col`.
    fn between(&mut self, col: usize) {
        while self.dice.once_in(6) {
            if self.dice.once_in(2) {
                self.blank();
            } else if self.taste.comments {
                let mut indent = if self.dice.once_in(4) { self.dice.roll(col + 6) } else { col };
                if let Some(limit) = self.swallows {
                    indent = indent.min(limit.saturating_sub(1));
                }
                let comment = self.comment();
                self.lines.push(format!("{}{comment}", spaces(indent)));
            }
        }
    }

    fn blank(&mut self) {
        // Below a block of text that keeps its blank lines, one more would be content.
        if self.swallows.is_none() || !self.keeps() {
            self.lines.push(String::new());
        }
    }

    fn keeps(&self) -> bool {
        self.lines.last().is_some_and(String::is_empty)
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        let words = ["", " why", " é: [x, 'y\"", " - a: b", " # twice", " \u{85}nel"];
        let words = words[self.dice.roll(words.len())];
        format!("# c{}{words}", self.comments)
    }

    fn trailing(&mut self) -> String {
        match self.dice.roll(12) {
            0 => " ".into(),
            1..=3 if self.taste.comments => {
                let gap = [" ", "   ", "\t"][self.dice.roll(3)];
                format!("{gap}{}", self.comment())
            }
            _ => String::new(),
        }
    }

    /// Entries at `col`; `lead` stands on the first one's line, such as `  - `.
    fn block_map(&mut self, map: &Map<String, Value>, col: usize, mut lead: String) {
        for (name, value) in map {
            let here = if lead.is_empty() {
                self.between(col);
                spaces(col)
            } else {
                std::mem::take(&mut lead)
            };
            let key = self.key(name);
            if self.dice.once_in(25) {
                let tail = self.trailing();
                self.push(format!("{here}? {key}{tail}"));
                self.value(value, col, format!("{}:", spaces(col)), false);
            } else {
                let gap = if self.dice.once_in(12) { " " } else { "" };
                self.value(value, col, format!("{here}{key}{gap}:"), false);
            }
        }
    }

    fn key(&mut self, name: &str) -> String {
        match self.dice.roll(6) {
            0 => emit::double_quoted(name),
            1 => emit::single_quoted(name).unwrap_or_else(|| emit::key(name)),
            _ => emit::key(name),
        }
    }

    /// Items with their dashes at `col`.
    fn block_list(&mut self, items: &[Value], col: usize, mut lead: String) {
        let gap = [1, 1, 1, 2, 3][self.dice.roll(5)];
        for item in items {
            let here = if lead.is_empty() {
                self.between(col);
                spaces(col)
            } else {
                std::mem::take(&mut lead)
            };
            match item {
                Value::Object(map) if !map.is_empty() && !self.dice.once_in(8) => {
                    self.block_map(map, col + 1 + gap, format!("{here}-{}", spaces(gap)));
                }
                Value::Array(list) if !list.is_empty() && self.dice.once_in(2) => {
                    self.block_list(list, col + 1 + gap, format!("{here}-{}", spaces(gap)));
                }
                other => self.value(other, col, format!("{here}-"), true),
            }
        }
    }

    /// A value behind `lead` (a key's colon or a dash) at `col`.
    fn value(&mut self, value: &Value, col: usize, lead: String, item: bool) {
        let deeper = col + 1 + self.dice.roll(4);
        match value {
            Value::Object(map) if !map.is_empty() && !self.dice.once_in(5) => {
                let tail = self.trailing();
                self.push(format!("{lead}{tail}"));
                self.block_map(map, deeper, String::new());
            }
            Value::Array(list) if !list.is_empty() && !self.dice.once_in(3) => {
                let tail = self.trailing();
                self.push(format!("{lead}{tail}"));
                let dashes = if !item && self.dice.once_in(3) { col } else { deeper };
                self.block_list(list, dashes, String::new());
            }
            Value::Object(map) => {
                let text = self.flow_map(map, col + 2);
                self.line(&lead, &text, col);
            }
            Value::Array(list) => {
                let text = self.flow_list(list, col + 2);
                self.line(&lead, &text, col);
            }
            Value::String(text) => self.text(text, col, &lead),
            Value::Null if self.dice.once_in(3) => {
                let tail = self.trailing();
                self.push(format!("{lead}{tail}"));
            }
            Value::Null => self.line(&lead, ["null", "~", "Null"][self.dice.clone().roll(3)], col),
            other => self.line(&lead, &other.to_string(), col),
        }
    }

    /// A value on the line of its lead, or now and then on the next.
    fn line(&mut self, lead: &str, text: &str, col: usize) {
        let tail = self.trailing();
        if self.dice.once_in(15) {
            let head_tail = self.trailing();
            self.push(format!("{lead}{head_tail}"));
            self.push(format!("{}{text}{tail}", spaces(col + 2)));
        } else {
            let gap = [" ", " ", " ", "   "][self.dice.roll(4)];
            self.push(format!("{lead}{gap}{text}{tail}"));
        }
    }

    fn text(&mut self, text: &str, col: usize, lead: &str) {
        if self.taste.anchors && self.dice.once_in(4) {
            return self.anchored(text, col, lead);
        }
        let value = Value::String(text.to_owned());
        if self.dice.once_in(2)
            && let Form::Literal { header, body } = emit::form(&value, col, col + 2, Style::NICE)
        {
            return self.literal(&header, &body, col, lead);
        }
        let words = self.scalar(text, col + 1 + self.dice.clone().roll(3));
        self.line(lead, &words, col);
    }

    fn literal(&mut self, header: &str, body: &[String], col: usize, lead: &str) {
        let tail = self.trailing();
        self.push(format!("{lead} {header}{tail}"));
        self.lines.extend(body.iter().cloned());
        self.swallows = Some(col + 1);
    }

    fn anchored(&mut self, text: &str, col: usize, lead: &str) {
        if let Some((_, name)) = self.anchored.iter().find(|(old, _)| old == text) {
            let alias = format!("*{name}");
            return self.line(lead, &alias, col);
        }
        let words = emit::double_quoted(text);
        let name = format!("a{}", self.anchored.len());
        let tag = if self.dice.once_in(3) { "!!str " } else { "" };
        self.anchored.push((text.to_owned(), name.clone()));
        self.line(lead, &format!("&{name} {tag}{words}"), col);
    }

    /// A text in any quotes, now and then folded over two lines, the second at `col`.
    fn scalar(&mut self, text: &str, col: usize) -> String {
        let plain = emit::is_plain(text).then(|| text.to_owned());
        let written = match self.dice.roll(4) {
            0 => emit::single_quoted(text),
            1 => Some(emit::double_quoted(text)),
            _ => plain,
        };
        let written = written.unwrap_or_else(|| emit::double_quoted(text));
        if self.dice.once_in(6) { fold(&written, col) } else { written }
    }

    fn flow_list(&mut self, items: &[Value], col: usize) -> String {
        let texts: Vec<_> = items.iter().map(|item| self.flow(item, col + 2)).collect();
        self.brackets(texts, '[', ']', col)
    }

    fn flow_map(&mut self, map: &Map<String, Value>, col: usize) -> String {
        let mut texts = Vec::new();
        for (name, value) in map {
            let key = self.key(name);
            let value = self.flow(value, col + 2);
            texts.push(if value.is_empty() { key } else { format!("{key}: {value}") });
        }
        self.brackets(texts, '{', '}', col)
    }

    fn flow(&mut self, value: &Value, col: usize) -> String {
        match value {
            Value::Object(map) => self.flow_map(map, col),
            Value::Array(list) => self.flow_list(list, col),
            Value::String(text) => match self.dice.roll(3) {
                0 => emit::single_quoted(text).unwrap_or_else(|| emit::double_quoted(text)),
                _ => emit::flow(value),
            },
            other => other.to_string(),
        }
    }

    fn brackets(&mut self, texts: Vec<String>, open: char, close: char, col: usize) -> String {
        let trailing = if !texts.is_empty() && self.dice.once_in(5) { "," } else { "" };
        if texts.is_empty() || !self.dice.once_in(4) {
            let pad = if self.dice.once_in(4) { " " } else { "" };
            let comma = [", ", ", ", ",  "][self.dice.roll(3)];
            return format!("{open}{pad}{}{trailing}{pad}{close}", texts.join(comma));
        }
        let mut out = String::from(open);
        let count = texts.len();
        for (index, text) in texts.into_iter().enumerate() {
            let tail = self.trailing();
            let comma = if index + 1 < count { "," } else { trailing };
            out.push_str(&format!(
                "{}\n{}{text}{comma}",
                if index == 0 { tail } else { String::new() },
                spaces(col)
            ));
            out.push_str(&self.trailing());
        }
        let indent = if self.dice.once_in(2) { col } else { col.saturating_sub(1).max(1) };
        format!("{out}\n{}{close}", spaces(indent))
    }
}

/// Break a one-line scalar at its first single space between letters, as YAML would fold it back.
fn fold(written: &str, col: usize) -> String {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let place = written
        .match_indices(' ')
        .map(|(at, _)| at)
        .find(|at| letter(written[..*at].chars().next_back()) && letter(written[at + 1..].chars().next()));
    place
        .map_or(written.to_owned(), |at| format!("{}\n{}{}", &written[..at], spaces(col), &written[at + 1..]))
}
