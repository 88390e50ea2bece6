//! The layout of a YAML text: which node stands at which bytes, and where the comments are.
//!
//! Used to find places only. What a node *means* (is `0x10` a number?) is the reader's business.

mod tokens;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle};

use super::lines;
use tokens::Tokens;

/// One document: its root, if it has any content, and its comments in order.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Option<Node>,
    /// Where an inline root would stand: after `---` if there is one.
    pub(super) root_after: usize,
    /// Where the document ends: at `...` or the end of the text.
    pub(super) end: usize,
    pub(super) comments: Vec<Range<usize>>,
}

/// A node and the bytes of its own content, without anchor, tag and trailing comment.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The first byte: of the scalar, its `|`, the bracket, or the first key or dash.
    pub(super) start: usize,
    /// After the last byte of content; blank lines and comments that follow are outside.
    pub(super) end: usize,
    /// What stands before the content, if anything does.
    pub(super) props: Option<Box<Props>>,
}

/// What may stand before a node's content.
#[derive(Debug)]
pub(super) struct Props {
    /// From the first byte of `&anchor` and `!tag` to the last.
    pub(super) range: Range<usize>,
    pub(super) anchor: Option<String>,
    pub(super) tagged: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar {
        style: ScalarStyle,
    },
    /// A `|` or `>` scalar; `header` is the indicator with its digits and chomping.
    Block {
        header: Range<usize>,
        empty: bool,
    },
    Alias,
    List {
        flow: bool,
        items: Vec<Item>,
    },
    Map {
        flow: bool,
        entries: Vec<Entry>,
    },
}

#[derive(Debug)]
pub(super) struct Item {
    /// The dash, in a block list.
    pub(super) dash: Option<usize>,
    pub(super) node: Node,
}

#[derive(Debug)]
pub(super) struct Entry {
    /// Where the entry begins: its `?`, its key's anchor or its key.
    pub(super) head: usize,
    pub(super) key: Node,
    /// The key as text, if it is a scalar.
    name: Option<Box<str>>,
    /// The colon; a flow key, or a `?` key, may lack it.
    pub(super) colon: Option<usize>,
    pub(super) value: Node,
}

/// What lies at one place in the text and cannot be edited.
#[derive(Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) line: usize,
    pub(super) what: String,
}

impl Node {
    /// Whether the node is a value that was left out, such as after `summary:`.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self.kind, Kind::Scalar { style: ScalarStyle::Plain, .. }) && self.start == self.end
    }

    /// Whether children stand on lines of their own rather than between brackets.
    pub(super) fn is_block_collection(&self) -> bool {
        matches!(self.kind, Kind::List { flow: false, .. } | Kind::Map { flow: false, .. })
    }

    /// Whether its last lines are those of a `|` or `>` scalar, which a final line break belongs to.
    pub(super) fn ends_in_block(&self) -> bool {
        match &self.kind {
            Kind::Block { .. } => true,
            Kind::Map { flow: false, entries } => {
                entries.last().is_some_and(|entry| entry.value.ends_in_block())
            }
            Kind::List { flow: false, items } => items.last().is_some_and(|item| item.node.ends_in_block()),
            _ => false,
        }
    }

    /// Where the node begins, its anchor and tag included.
    pub(super) fn outer_start(&self) -> usize {
        self.props.as_ref().map_or(self.start, |props| props.range.start.min(self.start))
    }

    /// After its anchor and tag, if it has any.
    pub(super) fn props_end(&self) -> Option<usize> {
        self.props.as_ref().map(|props| props.range.end)
    }
}

impl Entry {
    /// The key as text, if it is a scalar.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// After the last byte of the entry.
    pub(super) fn end(&self) -> usize {
        let colon = self.colon.map_or(self.key.end, |colon| colon + 1);
        self.value.end.max(colon).max(self.value.props_end().unwrap_or(0))
    }
}

impl Item {
    /// Where the item begins: its dash, or in a flow list its node.
    pub(super) fn head(&self) -> usize {
        self.dash.unwrap_or_else(|| self.node.outer_start())
    }

    /// After the last byte of the item.
    pub(super) fn end(&self) -> usize {
        let dash = self.dash.map_or(0, |dash| dash + 1);
        self.node.end.max(dash).max(self.node.props_end().unwrap_or(0))
    }
}

/// Read the layout of `text`.
///
/// Refused, with the line: what the parser refuses, several documents, duplicate keys, merge keys.
pub(super) fn parse(text: &str) -> Result<Tree, Trouble> {
    let tokens = Tokens::scan(text)?;
    let options = granit_parser::options! { emit_anchor_events: true, emit_comments: false };
    // Its events are taken as they come: to keep them all would cost more than to read them.
    let events = Parser::new_from_str_with_options(text, options);
    Builder { text, tokens, events, dashes: 0 }.document()
}

/// Where the comments of `text` are, in order, as [`parse`] finds them.
pub(super) fn comments(text: &str) -> Result<Vec<Range<usize>>, Trouble> {
    Ok(Tokens::scan(text)?.comments)
}

fn trouble(text: &str, at: usize, what: impl Into<String>) -> Trouble {
    Trouble { line: lines::number(text, at), what: what.into() }
}

fn unreadable(error: ScanError) -> Trouble {
    Trouble { line: error.marker().line(), what: error.to_string() }
}

fn bytes(text: &str, span: Span) -> Result<Range<usize>, Trouble> {
    span.byte_range()
        .filter(|range| text.get(range.clone()).is_some())
        .ok_or_else(|| Trouble { line: span.start.line(), what: "has no place in the text".into() })
}

struct Builder<'a> {
    text: &'a str,
    tokens: Tokens,
    events: Parser<'a, StrInput<'a>>,
    dashes: usize,
}

impl<'a> Builder<'a> {
    fn document(mut self) -> Result<Tree, Trouble> {
        let text = self.text;
        let mut tree =
            Tree { root: None, root_after: lines::start(text, 0), end: text.len(), comments: Vec::new() };
        if text.starts_with('\u{feff}') {
            tree.root_after = '\u{feff}'.len_utf8();
        }
        self.next_if(|event| matches!(event, Event::StreamStart))?;
        if let Some((start, span)) = self.next_if(|event| matches!(event, Event::DocumentStart(..)))? {
            if matches!(start, Event::DocumentStart(true, _)) {
                tree.root_after = bytes(text, span)?.end;
            }
            tree.root = Some(self.node()?.0);
            if let Some((_, span)) = self.next_if(|event| matches!(event, Event::DocumentEnd))? {
                let range = bytes(text, span)?;
                if range.start < range.end {
                    tree.end = range.start;
                }
            }
        }
        if let Some((_, span)) = self.next_if(|event| !matches!(event, Event::StreamEnd))? {
            let at = bytes(text, span)?.start;
            return Err(trouble(text, at, "begins a second document, and a record is one"));
        }
        tree.comments = self.tokens.comments;
        Ok(tree)
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Trouble> {
        let ended = || trouble(self.text, self.text.len(), "ends before its last node does");
        self.events.next_event().ok_or_else(ended)?.map_err(unreadable)
    }

    /// The next event, if it is what `wanted` says; else it stays the next one.
    fn next_if(&mut self, wanted: fn(&Event<'a>) -> bool) -> Result<Option<(Event<'a>, Span)>, Trouble> {
        match self.events.peek().transpose().map_err(unreadable)? {
            Some((event, _)) if wanted(event) => self.next().map(Some),
            _ => Ok(None),
        }
    }

    /// A node and, if it is a scalar, its text.
    fn node(&mut self) -> Result<(Node, Option<Cow<'a, str>>), Trouble> {
        let text = self.text;
        let (event, span) = self.next()?;
        let range = bytes(text, span)?;
        if !event.is_node() {
            return Err(trouble(text, range.start, "has something else where a node must be"));
        }
        let props = self.props(span)?;
        let mut value = None;
        let (kind, start, end) = match event {
            Event::Scalar(scalar, style, ..) => {
                value = Some(scalar);
                self.scalar(style, range)?
            }
            Event::SequenceStart(style, ..) => self.list(style == StructureStyle::Flow, range)?,
            Event::MappingStart(style, ..) => self.map(style == StructureStyle::Flow, range)?,
            // No other node is left: unresolved aliases are not asked for.
            _ => (Kind::Alias, range.start, range.end),
        };
        Ok((Node { kind, start, end, props }, value))
    }

    /// The anchor follows its node's event; the tag is told by the span.
    fn props(&mut self, span: Span) -> Result<Option<Box<Props>>, Trouble> {
        let mut range: Option<Range<usize>> = None;
        let mut widen = |more: Range<usize>| {
            range = Some(match &range {
                Some(old) => old.start.min(more.start)..old.end.max(more.end),
                None => more,
            });
        };
        let tagged = span.tag_start().is_some();
        if tagged {
            let tag = span.tag_span().ok_or_else(|| Trouble {
                line: span.start.line(),
                what: "has a tag of unknown length".into(),
            })?;
            widen(bytes(self.text, tag)?);
        }
        let mut anchor = None;
        if let Some((Event::Anchor(_, name), span)) =
            self.next_if(|event| matches!(event, Event::Anchor(..)))?
        {
            widen(bytes(self.text, span)?);
            anchor = Some(name.to_string());
        }
        Ok(range.map(|range| Box::new(Props { range, anchor, tagged })))
    }

    fn scalar(&self, style: ScalarStyle, range: Range<usize>) -> Result<(Kind, usize, usize), Trouble> {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return Ok((Kind::Scalar { style }, range.start, range.end));
        }
        let header = self.tokens.block_header(self.text, range.start)?;
        let keep = self.text[header.clone()].contains('+');
        let content = &self.text[range.clone()];
        let trimmed = if keep {
            let body = content.trim_end_matches([' ', '\t']);
            body.strip_suffix('\n').map_or(body, |body| body.strip_suffix('\r').unwrap_or(body))
        } else {
            content.trim_end_matches([' ', '\t', '\n', '\r'])
        };
        let empty = trimmed.is_empty();
        let end = if empty { header.end } else { range.start + trimmed.len() };
        Ok((Kind::Block { header: header.clone(), empty }, header.start, end))
    }

    fn list(&mut self, flow: bool, open: Range<usize>) -> Result<(Kind, usize, usize), Trouble> {
        let mut items = Vec::new();
        loop {
            if let Some((_, span)) = self.next_if(|event| matches!(event, Event::SequenceEnd))? {
                let close = bytes(self.text, span)?;
                let (start, end) = match (items.first(), items.last()) {
                    (Some(first), Some(last)) if !flow => (Item::head(first), Item::end(last)),
                    _ => (open.start, close.end),
                };
                return Ok((Kind::List { flow, items }, start, end));
            }
            let dash = if flow { None } else { Some(self.dash()?) };
            let (node, _) = self.node()?;
            items.push(Item { dash, node });
        }
    }

    /// Dashes come in the order of the items they lead.
    fn dash(&mut self) -> Result<usize, Trouble> {
        let dash = self.tokens.dashes.get(self.dashes).copied();
        self.dashes += 1;
        dash.ok_or_else(|| trouble(self.text, self.text.len(), "has an item without a dash"))
    }

    fn map(&mut self, flow: bool, open: Range<usize>) -> Result<(Kind, usize, usize), Trouble> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            if let Some((_, span)) = self.next_if(|event| matches!(event, Event::MappingEnd))? {
                let close = bytes(self.text, span)?;
                self.check_keys(&entries)?;
                let (start, end) = match (entries.first(), entries.last()) {
                    (Some(first), Some(last)) if !flow => (first.head, last.end()),
                    _ => (open.start, close.end),
                };
                return Ok((Kind::Map { flow, entries }, start, end));
            }
            entries.push(self.entry(entries.last().map_or(open.start, Entry::end))?);
        }
    }

    fn entry(&mut self, from: usize) -> Result<Entry, Trouble> {
        let (key, name) = self.node()?;
        let (mut value, _) = self.node()?;
        let colons = &self.tokens.colons;
        let next = colons.partition_point(|colon| *colon < key.end);
        let colon = colons.get(next).copied().filter(|colon| *colon <= value.outer_start());
        if value.is_absent() {
            // It stands right after its colon, wherever the parser puts it.
            value.start = colon.map_or(key.end, |colon| colon + 1);
            value.end = value.start;
        }
        let questions = &self.tokens.questions;
        let next = questions.partition_point(|question| *question < from);
        let start = key.outer_start();
        let head = questions.get(next).copied().filter(|question| *question < start).unwrap_or(start);
        // A block of text is no name.
        let name = name.filter(|_| matches!(key.kind, Kind::Scalar { .. })).map(Box::from);
        Ok(Entry { head, key, name, colon, value })
    }

    fn check_keys(&self, entries: &[Entry]) -> Result<(), Trouble> {
        /// So few names are sooner compared with each other than put into a set.
        const FEW: usize = 16;
        let mut seen = HashSet::new();
        for (nth, entry) in entries.iter().enumerate() {
            let Some(name) = entry.name() else { continue };
            if name == "<<" && matches!(entry.key.kind, Kind::Scalar { style: ScalarStyle::Plain }) {
                return Err(trouble(self.text, entry.head, "merges keys with `<<`"));
            }
            let is_new = match entries.len() {
                ..=FEW => entries[..nth].iter().all(|other| other.name() != Some(name)),
                _ => seen.insert(name),
            };
            if !is_new {
                return Err(trouble(self.text, entry.head, format!("repeats the key `{name}`")));
            }
        }
        Ok(())
    }
}
