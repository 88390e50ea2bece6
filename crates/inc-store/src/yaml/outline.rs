//! The shape of a text: which key, item and value stands where.
//!
//! Made only once a text has failed to read, to say where and to name what was found there. Values
//! stay text; nothing is judged. Bounded in depth and size, and without recursion.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::MAX_DEPTH;

/// How many nodes are looked at.
const MAX_NODES: usize = 50_000;

/// A stretch of one line; `line` and `column` count from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
    pub width: usize,
}

/// What a node is called within its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// The whole document.
    Root,
    Key(String),
    Index(usize),
    /// A key that is no plain text.
    Other,
}

/// What stands at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A scalar as read; `plain` if it stands without quotes.
    Text {
        value: String,
        plain: bool,
    },
    List,
    Block,
    Alias,
}

#[derive(Debug)]
pub(super) struct Node {
    parent: Option<usize>,
    pub label: Label,
    /// Where its key stands, if it has one.
    pub key: Option<Place>,
    pub value: Place,
    pub content: Content,
}

/// The nodes of the first document, parents before children.
pub(super) struct Outline {
    nodes: Vec<Node>,
    open: Vec<Frame>,
    /// Why the parser gave up, if it did.
    pub syntax: Option<ScanError>,
    /// The byte up to which nodes were recognised.
    pub read_until: usize,
}

struct Frame {
    node: usize,
    /// The opening bracket, for a list or block in brackets.
    bracket: Option<Place>,
    is_key: bool,
    next: Next,
}

enum Next {
    Item(usize),
    Key,
    Value(Label, Option<Place>),
}

impl Outline {
    pub(super) fn of(text: &str) -> Self {
        let mut outline = Self { nodes: Vec::new(), open: Vec::new(), syntax: None, read_until: 0 };
        let mut events = Parser::new_from_str_with_options(text, parser_options());
        while outline.nodes.len() < MAX_NODES {
            match events.next_event() {
                Some(Ok((event, span))) => {
                    if matches!(event, Event::DocumentEnd) {
                        break;
                    }
                    outline.take(text, event, span);
                }
                Some(Err(error)) => {
                    outline.syntax = Some(error);
                    break;
                }
                None => break,
            }
        }
        outline
    }

    fn take(&mut self, text: &str, event: Event<'_>, span: Span) {
        if event.is_node()
            && let Some(bytes) = span.byte_range()
        {
            self.read_until = self.read_until.max(bytes.end);
        }
        let bracket = span.slice(text).filter(|source| source.starts_with(['[', '{'])).map(|_| place(&span));
        match event {
            Event::Scalar(value, style, ..) => {
                let plain = matches!(style, ScalarStyle::Plain);
                let value = value.into_owned();
                self.leaf(Content::Text { value, plain }, &span);
            }
            Event::Alias(_) => self.leaf(Content::Alias, &span),
            Event::SequenceStart(..) => self.begin(Content::List, &span, bracket, Next::Item(0)),
            Event::MappingStart(..) => self.begin(Content::Block, &span, bracket, Next::Key),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
    }

    fn leaf(&mut self, content: Content, span: &Span) {
        if let Some(frame) = self.open.last_mut()
            && matches!(frame.next, Next::Key)
        {
            let label = match content {
                Content::Text { value, .. } => Label::Key(value),
                _ => Label::Other,
            };
            frame.next = Next::Value(label, Some(place(span)));
            return;
        }
        self.add(content, span);
    }

    fn begin(&mut self, content: Content, span: &Span, bracket: Option<Place>, next: Next) {
        let is_key = self.open.last().is_some_and(|frame| matches!(frame.next, Next::Key));
        let node = self.add(content, span);
        self.open.push(Frame { node, bracket, is_key, next });
    }

    fn end(&mut self) {
        if let Some(closed) = self.open.pop()
            && closed.is_key
            && let Some(frame) = self.open.last_mut()
        {
            let key = self.nodes[closed.node].value;
            frame.next = Next::Value(Label::Other, Some(key));
        }
    }

    fn add(&mut self, content: Content, span: &Span) -> usize {
        let mut label = Label::Root;
        let mut key = None;
        let parent = self.open.last_mut().map(|frame| {
            match std::mem::replace(&mut frame.next, Next::Key) {
                Next::Item(index) => {
                    label = Label::Index(index);
                    frame.next = Next::Item(index + 1);
                }
                Next::Value(name, at) => (label, key) = (name, at),
                Next::Key => label = Label::Other,
            }
            frame.node
        });
        self.nodes.push(Node { parent, label, key, value: place(span), content });
        self.nodes.len() - 1
    }

    /// The node at the end of `path`, or the last one on the way to it that exists.
    pub(super) fn find(&self, path: &[Label]) -> Option<(&Node, bool)> {
        let mut at = 0;
        for label in path {
            let below = |(_, node): &(usize, &Node)| node.parent == Some(at) && node.label == *label;
            match self.nodes.iter().enumerate().skip(at + 1).find(below) {
                Some((next, _)) => at = next,
                None => return self.nodes.get(at).map(|node| (node, false)),
            }
        }
        self.nodes.get(at).map(|node| (node, true))
    }

    /// The node whose key or value begins at the place.
    pub(super) fn starting_at(&self, line: usize, column: usize) -> Option<&Node> {
        let here = |place: &Place| place.line == line && place.column == column;
        let by_key = self.nodes.iter().find(|node| node.key.as_ref().is_some_and(here));
        by_key.or_else(|| self.nodes.iter().rfind(|node| here(&node.value)))
    }

    /// The first sibling before `node` with its label.
    pub(super) fn namesake(&self, node: &Node) -> Option<&Node> {
        self.nodes
            .iter()
            .find(|other| other.parent == node.parent && other.label == node.label && other.key != node.key)
    }

    /// The keys that stand directly below `parent`.
    pub(super) fn keys_below(&self, parent: &Node) -> Vec<&str> {
        let below = |node: &&Node| node.parent.is_some_and(|up| std::ptr::eq(&self.nodes[up], parent));
        let name = |node| match node {
            &Node { label: Label::Key(ref name), .. } => Some(name.as_str()),
            _ => None,
        };
        self.nodes.iter().filter(below).filter_map(name).collect()
    }

    /// The labels from the top down to `node`.
    pub(super) fn path_to(&self, node: &Node) -> Vec<Label> {
        let mut path = Vec::new();
        let mut current = Some(node);
        while let Some(node) = current.filter(|node| node.label != Label::Root) {
            path.push(node.label.clone());
            current = node.parent.map(|up| &self.nodes[up]);
        }
        path.reverse();
        path
    }

    /// The innermost bracket that is open where the parser gave up.
    pub(super) fn open_bracket(&self) -> Option<Place> {
        self.open.last().and_then(|frame| frame.bracket)
    }
}

/// `impact.customer_impact`, `timeline[3].at`; empty for the whole document.
pub(super) fn written(path: &[Label]) -> String {
    let mut text = String::new();
    for label in path {
        match label {
            Label::Root => {}
            Label::Index(index) => text.push_str(&format!("[{index}]")),
            Label::Key(_) | Label::Other => {
                if !text.is_empty() {
                    text.push('.');
                }
                match label {
                    Label::Key(name) => text.push_str(name),
                    _ => text.push('?'),
                }
            }
        }
    }
    text
}

/// The parser's options for everything but the strict reading itself.
pub(super) fn parser_options() -> granit_parser::Options {
    granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// Where `span` begins and how much of its first line it covers.
pub(super) fn place(span: &Span) -> Place {
    let (start, end) = (span.start, span.end);
    let one_line = start.line() == end.line();
    Place { line: start.line(), column: start.col() + 1, width: if one_line { span.len().max(1) } else { 1 } }
}
