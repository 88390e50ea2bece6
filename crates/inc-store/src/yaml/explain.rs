//! What serde and the YAML library say of a record, in plain words and at the key or value to blame.
//!
//! The kind of the error comes from the library, the path from `serde_path_to_error`, the place and
//! what was found there from the outline. Decides nothing: the text has failed already.

use serde_path_to_error::{Path, Segment};
use serde_yaml::Error;
use serde_yaml::budget::BudgetBreach;
use serde_yaml::localizer::ExternalMessageSource;

use super::outline::{Content, Label, Node, Outline, Place, written};
use super::syntax;
use super::words::{listed, nearest, one_line, quoted};
use super::{MAX_ALIASED, MAX_DEPTH, ReadError};

/// How much of another type's own message is kept, in characters.
const LONGEST_MESSAGE: usize = 500;

const WRITE_OUT: &str = "write the values out: a record needs no anchors and aliases";

/// Explains why `text` did not read; `path` is how far the reading had come.
pub(super) fn explain(text: &str, error: &Error, path: &Path) -> ReadError {
    let outline = Outline::of(text);
    let scene = Scene::new(text, &outline, error, path);
    let error = innermost(error);
    if let Error::ExternalMessage { source, .. } = error
        && let ExternalMessageSource::Parser(scan) = &**source
    {
        return syntax::explain(text, scan, &outline);
    }
    if let Some(limit) = scene.limit(error) {
        return limit;
    }
    // What looks like a wrong value may be a right one, misread for lack of a quote further on.
    if let Some(scan) = &outline.syntax {
        return syntax::explain(text, scan, &outline);
    }
    scene.structure(error).unwrap_or_else(|| scene.value(error))
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::WithSnippet { error, .. } | Error::AliasError { error, .. } => innermost(error),
        other => other,
    }
}

fn place_of(at: serde_yaml::Location) -> Place {
    let number = |wide: u64| usize::try_from(wide).unwrap_or(usize::MAX).max(1);
    let width = usize::try_from(at.span().len()).unwrap_or(1).max(1);
    Place { line: number(at.line()), column: number(at.column()), width }
}

/// All that is known of where the reading stopped.
struct Scene<'a> {
    text: &'a str,
    outline: &'a Outline,
    /// Where serde was, as far as that can be followed.
    path: Vec<Label>,
    /// Whether serde stopped at a key it could not take as one.
    at_odd_key: bool,
    /// The place the library names.
    place: Option<Place>,
    /// Where the value stands that an alias repeats, if an alias is to blame.
    defined: Option<Place>,
}

impl<'a> Scene<'a> {
    fn new(text: &'a str, outline: &'a Outline, error: &Error, path: &Path) -> Self {
        let label = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(Label::Index(*index)),
            Segment::Map { key } => Some(Label::Key(key.clone())),
            Segment::Enum { variant } => Some(Label::Key(variant.clone())),
            Segment::Unknown => None,
        };
        let defined = error.locations().filter(|both| both.defined_location != both.reference_location);
        Self {
            text,
            outline,
            path: path.iter().map_while(label).collect(),
            at_odd_key: path.iter().any(|segment| matches!(segment, Segment::Unknown)),
            place: error.location().map(place_of),
            defined: defined.map(|both| place_of(both.defined_location)),
        }
    }

    fn error(&self, place: Option<Place>, path: &[Label], problem: String, help: &str) -> ReadError {
        let found = match place {
            Some(place) => ReadError::at(self.text, place, problem),
            None => ReadError::of_file(problem),
        };
        found.path(written(path)).help(help)
    }

    /// The node whose key or value begins where the library points.
    fn pointed_at(&self) -> Option<&'a Node> {
        let place = self.place?;
        self.outline.starting_at(place.line, place.column)
    }

    /// The path of the node pointed at, or serde's.
    fn path_pointed_at(&self) -> Vec<Label> {
        self.pointed_at().map_or_else(|| self.path.clone(), |node| self.outline.path_to(node))
    }

    /// Where the limits of a text are exceeded.
    fn limit(&self, error: &Error) -> Option<ReadError> {
        let (problem, help) = match error {
            Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
                (format!("is nested deeper than {MAX_DEPTH} levels"), "flatten it")
            }
            Error::Budget { .. } => (
                "holds more values, anchors or aliases than a record may".to_owned(),
                "move bulk data out of the record, and write aliases out",
            ),
            Error::AliasReplayLimitExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::AliasReplayCounterOverflow { .. } => {
                (format!("its aliases stand for more than {MAX_ALIASED} values"), WRITE_OUT)
            }
            Error::RecursiveReferencesRequireWeakTypes { .. } => {
                ("an alias refers to the very block that holds it".to_owned(), WRITE_OUT)
            }
            _ => return None,
        };
        Some(self.error(self.place, &self.path_pointed_at(), problem, help))
    }

    /// Where keys, tags or documents are not as a record has them.
    fn structure(&self, error: &Error) -> Option<ReadError> {
        let (problem, help) = match error {
            Error::SerdeUnknownField { field, expected, .. } => {
                return Some(self.unknown_key(field, expected));
            }
            Error::SerdeMissingField { field, .. } => return Some(self.missing_key(field)),
            Error::DuplicateMappingKey { key, .. } => {
                return Some(self.duplicate_key(key.as_deref()));
            }
            Error::MergeKeyNotAllowed { .. } | Error::MergeValueNotMapOrSeqOfMaps { .. } => {
                ("the merge key `<<` is not read here".to_owned(), "write out the keys that it stands for")
            }
            Error::MultipleDocuments { .. } => (
                "a second document begins here".to_owned(),
                "a file holds one record: move the second to a file of its own, or delete the `---` or `...` before it",
            ),
            Error::UnsupportedTag { tag, .. } => return Some(self.tag(tag)),
            Error::TaggedStructFieldName { tag, .. } => (
                format!("a key carries the tag {}", quoted(tag)),
                "remove the tag; quote the key if the `!` belongs to it",
            ),
            Error::UnknownAnchor { .. } => (
                format!("{} refers to an anchor that the file does not have", quoted(&self.word())),
                "quote the text if the `*` belongs to it; else write the value out",
            ),
            Error::Eof { .. } => (
                "the text ends before the record does".to_owned(),
                "bring back the part that is missing, or an earlier version",
            ),
            _ if self.at_odd_key => (
                "a key must be a plain text".to_owned(),
                "write it as `key: value`, the key on one line and not empty",
            ),
            _ => return None,
        };
        Some(self.error(self.place, &self.path_pointed_at(), problem, help))
    }

    fn word(&self) -> String {
        self.place.map(|place| syntax::word_at(self.text, place)).unwrap_or_default()
    }

    fn unknown_key(&self, key: &str, known: &[&str]) -> ReadError {
        let mut path = self.path.clone();
        if path.last() == Some(&Label::Key(key.to_owned())) {
            path.pop();
        }
        let parent = self.outline.find(&path).filter(|(_, whole)| *whole).map(|(node, _)| node);
        let present = parent.map(|node| self.outline.keys_below(node)).unwrap_or_default();
        let free: Vec<&str> = known.iter().copied().filter(|name| !present.contains(name)).collect();
        let help = match nearest(key, &free) {
            Some(name) => format!("did you mean {}?", quoted(name)),
            None if known.is_empty() => "no key can stand here".to_owned(),
            None if known.contains(&"custom") => {
                format!("the keys here are {}; a key of your own goes below `custom`", listed(known))
            }
            None => format!("the keys here are {}", listed(known)),
        };
        let problem = format!("unknown key {}{}", quoted(key), within(&path));
        path.push(Label::Key(key.to_owned()));
        let found = self.outline.find(&path).filter(|(_, whole)| *whole);
        let place = found.and_then(|(node, _)| node.key).or(self.place);
        self.error(place, &path, problem, &help)
    }

    fn missing_key(&self, key: &str) -> ReadError {
        let problem = format!("missing key {}{}", quoted(key), within(&self.path));
        let place = match self.path.is_empty() {
            true => None,
            false => self.key_place().or(self.place),
        };
        let mut path = self.path.clone();
        path.push(Label::Key(key.to_owned()));
        let at_top = if self.path.is_empty() { "at the top level" } else { "there" };
        self.error(place, &path, problem, &format!("add `{key}: …` {at_top}"))
    }

    /// The key of the node that serde was in, or the beginning of the item.
    fn key_place(&self) -> Option<Place> {
        let (node, whole) = self.outline.find(&self.path)?;
        whole.then(|| node.key.unwrap_or(node.value))
    }

    fn duplicate_key(&self, key: Option<&str>) -> ReadError {
        let again = self.pointed_at();
        let path = self.path_pointed_at();
        let (key, parent) = match path.split_last() {
            Some((Label::Key(last), parent)) => (quoted(key.unwrap_or(last)), parent),
            Some((_, parent)) => (quoted(key.unwrap_or("?")), parent),
            None => (quoted(key.unwrap_or("?")), path.as_slice()),
        };
        let place = within(parent);
        let problem = match again.and_then(|node| self.outline.namesake(node)).and_then(|node| node.key) {
            Some(first) => format!("the key {key} stands twice{place}, first on line {}", first.line),
            None => format!("the key {key} stands twice{place}"),
        };
        self.error(self.place, &path, problem, "keep one of the two and delete the other")
    }

    /// A tag; the library points behind it.
    fn tag(&self, tag: &str) -> ReadError {
        let path = self.path_pointed_at();
        let place = self.place.map(|place| {
            let line = super::excerpt::lines(self.text).nth(place.line.saturating_sub(1)).unwrap_or_default();
            let before: Vec<char> = line.chars().take(place.column.saturating_sub(1)).collect();
            match before.iter().rposition(|c| *c == '!') {
                Some(nth) => {
                    let start = before[..=nth].iter().rposition(|c| *c != '!').map_or(0, |last| last + 1);
                    let width = before[start..].iter().take_while(|c| !c.is_whitespace()).count();
                    Place { column: start + 1, width, ..place }
                }
                None => place,
            }
        });
        let problem = format!("the tag {} has no meaning here", quoted(tag));
        self.error(place, &path, problem, "remove it; quote the text if the `!` belongs to it")
    }

    /// Where a value is not what its key asks for.
    fn value(&self, error: &Error) -> ReadError {
        let node = match self.outline.find(&self.path) {
            Some((node, whole)) if whole || node.content == Content::Alias => Some(node),
            _ => self.pointed_at(),
        };
        let empty = node.is_some_and(is_empty);
        let place = match node {
            Some(node) if empty => Some(node.key.unwrap_or(node.value)),
            Some(node) => Some(node.value),
            None => self.place,
        };
        let (mut problem, help) = match wanted(error) {
            Wanted::OneOf(variant, known) if !empty => one_of(variant, known, &self.path),
            Wanted::OneOf(_, known) => {
                (empty_value(&format!("one of {}", listed(known))), REMOVE_KEY.to_owned())
            }
            Wanted::Expected(expected, _) if empty => (empty_value(&expected), REMOVE_KEY.to_owned()),
            Wanted::Expected(expected, found) => {
                let repeated =
                    self.defined.and_then(|place| self.outline.starting_at(place.line, place.column));
                let found = repeated.or(node).map(description).or(found).unwrap_or_default();
                (mismatch(&expected, &found), hint(&expected, node))
            }
            Wanted::Said(message) => (one_line(message, LONGEST_MESSAGE), String::new()),
            Wanted::Other => (format!("cannot be read: {error}"), String::new()),
        };
        if let Some(place) = self.defined {
            problem.push_str(&format!(", which the alias takes from line {}", place.line));
        }
        let result = self.error(place, &self.path, problem, &help);
        match help.is_empty() {
            true => ReadError { help: None, ..result },
            false => result,
        }
    }
}

/// Chrono's words for what is no day; they name neither the value nor what would be one.
const NOT_A_DAY: [&str; 6] = [
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];
const A_DAY: &str = "a day of the calendar, such as 2023-04-14";

const REMOVE_KEY: &str = "write a value, or remove the key";

/// ` in impact`, or nothing at the top.
fn within(path: &[Label]) -> String {
    match written(path) {
        path if path.is_empty() => path,
        path => format!(" in {}", one_line(&path, 100)),
    }
}

/// What an error says was wanted.
enum Wanted<'e> {
    OneOf(&'e str, &'e [&'static str]),
    /// What was expected, and what was found if the error tells.
    Expected(String, Option<String>),
    /// A type's own words.
    Said(&'e str),
    Other,
}

fn wanted(error: &Error) -> Wanted<'_> {
    let expected = |what: &str| Wanted::Expected(what.to_owned(), None);
    match error {
        Error::Message { msg, .. } if NOT_A_DAY.contains(&msg.as_str()) => expected(A_DAY),
        Error::Message { msg, .. } => Wanted::Said(msg),
        Error::SerdeUnknownVariant { variant, expected, .. } => Wanted::OneOf(variant, expected),
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            Wanted::Expected(expected.clone(), Some(unexpected.clone()))
        }
        Error::SerdeInvalidLength { len, expected, .. } => {
            Wanted::Expected(format!("{expected} (there are {len})"), None)
        }
        Error::InvalidScalar { ty, .. } => expected(number_type(ty)),
        Error::NonFiniteFloat { .. } => expected("a finite number"),
        Error::InvalidBooleanStrict { .. } => expected("`true` or `false`"),
        Error::NullIntoString { .. } | Error::TaggedScalarCannotDeserializeIntoString { .. } => {
            expected("a text")
        }
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. }
        | Error::UnexpectedValueForUnitEnumVariant { .. } => expected("a single word"),
        Error::InvalidCharNull { .. } | Error::InvalidCharNotSingleScalar { .. } => {
            expected("a single character")
        }
        Error::UnexpectedValueForUnit { .. } => expected("no value"),
        Error::Unexpected { expected: what, .. } => expected(match *what {
            "sequence start" => "a list",
            "mapping start" => "keys and values",
            // Asked for texts and numbers alike.
            "string scalar" | "scalar" => "a single value",
            other => other,
        }),
        _ => Wanted::Other,
    }
}

fn number_type(ty: &str) -> &str {
    match ty {
        "floating point" => "a number",
        "boolean" => "`true` or `false`",
        unsigned if unsigned.starts_with('u') => "a whole number, 0 or more",
        signed if signed.starts_with('i') => "a whole number",
        other => other,
    }
}

fn one_of(value: &str, known: &[&str], path: &[Label]) -> (String, String) {
    let of = match path.last() {
        Some(Label::Key(key)) => format!(" for {}", quoted(key)),
        _ => String::new(),
    };
    let values = format!("the values are {}", listed(known));
    let help = match nearest(value, known) {
        Some(name) => format!("did you mean {}? {values}", quoted(name)),
        None => values,
    };
    (format!("unknown value {}{of}", quoted(value)), help)
}

fn mismatch(expected: &str, found: &str) -> String {
    let expected = one_line(expected, 200);
    match found {
        "" => format!("expected {expected}"),
        found => format!("expected {expected}, found {}", one_line(found, 100)),
    }
}

fn empty_value(expected: &str) -> String {
    format!("expected {}, found no value", one_line(expected, 500))
}

/// What to do about a value of the wrong kind, where that is known.
fn hint(expected: &str, node: Option<&Node>) -> String {
    let Some(Node { content: Content::Text { value, .. }, .. }) = node else {
        return String::new();
    };
    let value = value.to_ascii_lowercase();
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match (expected, value.as_str()) {
        ("a whole number, 0 or more" | "a whole number", number) if digits && number.starts_with('0') => {
            "write the number without leading zeros".to_owned()
        }
        ("a whole number, 0 or more" | "a whole number", _) if digits => "the number is too large".to_owned(),
        ("a number", number) if is_number(number) => "the number is too large".to_owned(),
        ("`true` or `false`", "yes" | "on" | "y") => "write `true`".to_owned(),
        ("`true` or `false`", "no" | "off" | "n") => "write `false`".to_owned(),
        ("a list", _) => "put each item on a line of its own after `- `, or write [item, item]".to_owned(),
        _ => String::new(),
    }
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.content, Content::Text { value, plain: true }
        if matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL"))
}

/// What stands at `node`, in words.
fn description(node: &Node) -> String {
    match &node.content {
        Content::List => "a list".to_owned(),
        Content::Block => "keys and values".to_owned(),
        Content::Alias => "an alias".to_owned(),
        Content::Text { value, plain: true } if is_number(value) => {
            format!("the number {}", quoted(value))
        }
        Content::Text { value, plain: true } if matches!(value.as_str(), "true" | "false") => quoted(value),
        Content::Text { value, .. } if value.is_empty() => "an empty text".to_owned(),
        Content::Text { value, .. } => format!("the text {}", quoted(value)),
    }
}

fn is_number(value: &str) -> bool {
    let begins = value.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    begins && value.parse::<f64>().is_ok()
}
