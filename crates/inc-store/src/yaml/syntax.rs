//! What the YAML parser says, in plain words and at the place that caused it.
//!
//! Only texts that are not YAML come here; records that are YAML but not ours go to `explain`.

use granit_parser::{ErrorKind, ScanError};

use super::check::leftover_marker;
use super::excerpt::lines;
use super::outline::{Outline, Place};
use super::words::quoted;
use super::{MAX_DEPTH, ReadError};

/// Explains why `text` is not YAML; `outline` is the part that was.
pub(super) fn explain(text: &str, error: &ScanError, outline: &Outline) -> ReadError {
    if let Some(left) = leftover_marker(text) {
        return left;
    }
    let mark = error.marker();
    let here = Place { line: mark.line(), column: mark.col() + 1, width: 1 };
    let (place, problem, help) = match error.kind() {
        kind if is_bracket(kind) || runs_on(kind, here, outline) => bracket(kind, here, outline),
        kind if is_tab(kind) => (
            tab(text, here).unwrap_or(here),
            "a tab stands where only spaces may indent".to_owned(),
            "indent with spaces",
        ),
        kind if is_quote(kind) => (
            opening_quote(text, outline, here).unwrap_or(here),
            "the quoted text that begins here is not closed".to_owned(),
            "close the quote, or indent every line of the text more than its key",
        ),
        kind => {
            let (problem, help) = words(kind, text, here);
            (here, problem, help)
        }
    };
    ReadError::at(text, place, problem).help(help)
}

fn is_bracket(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::MismatchedFlowCollectionEnd { .. }
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::InvalidFlowScalarIndent
    )
}

/// Whether a line is taken for the inside of a bracket that an earlier line opened.
fn runs_on(kind: &ErrorKind, here: Place, outline: &Outline) -> bool {
    let misread = matches!(
        kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::BlockEntryInFlowCollection
    );
    misread && outline.open_bracket().is_some_and(|open| open.line < here.line)
}

fn bracket(kind: &ErrorKind, here: Place, outline: &Outline) -> (Place, String, &'static str) {
    let help = "close the bracket, put a comma between the values, or quote a text that contains brackets";
    if let ErrorKind::MismatchedFlowCollectionEnd { open, close } = kind {
        return (here, format!("`{open}` is closed by `{close}`"), help);
    }
    match outline.open_bracket() {
        Some(open) => (
            Place { width: 1, ..open },
            format!("the bracket opened here is not closed, or a comma is missing by line {}", here.line),
            help,
        ),
        None => (here, "a bracket is not closed, or a comma is missing".to_owned(), help),
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    )
}

/// The last tab at or before `here` in its line, else the next one that indents a line.
fn tab(text: &str, here: Place) -> Option<Place> {
    let mut rest = lines(text).enumerate().skip(here.line.checked_sub(1)?);
    let (_, line) = rest.next()?;
    let in_line = line.chars().take(here.column).enumerate();
    if let Some((before, _)) = in_line.filter(|(_, c)| *c == '\t').last() {
        return Some(Place { column: before + 1, ..here });
    }
    rest.find_map(|(nth, line)| {
        let indent = line.chars().take_while(|c| *c == ' ').count();
        line[indent..].starts_with('\t').then_some(Place { line: nth + 1, column: indent + 1, width: 1 })
    })
}

fn is_quote(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar
    )
}

/// The first quote after what was read, if it stands before the place where reading failed.
fn opening_quote(text: &str, outline: &Outline, here: Place) -> Option<Place> {
    let rest = text.get(outline.read_until..)?;
    let byte = outline.read_until + rest.find(['"', '\''])?;
    let before = &text[..byte];
    let line = lines(before).count();
    let column = lines(before).last()?.chars().count() + 1;
    let earlier = (line, column) <= (here.line, here.column);
    earlier.then_some(Place { line, column, width: 1 })
}

/// Problem and help where the parser's own place is the right one.
fn words(kind: &ErrorKind, text: &str, here: Place) -> (String, &'static str) {
    let (problem, help) = match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` stands where no key can be",
            "put a text that contains `: ` in quotes; else check the indentation",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "this is no `key: value`",
            "write a colon and a space after the key; indent the line if it continues the text above",
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingKeyNotAllowed => (
            "this does not line up with the keys above",
            "indent it exactly as its siblings are, or quote the text before it",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            "this does not line up with the list items above",
            "begin each item with `- `, all at the same indentation",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => (
            "a list item cannot begin here",
            "put `- ` on a line of its own below the key, or quote the text",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            "quote the whole text; within it write '' in single quotes, \\\" in double quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => (
            "a backslash in this text begins no escape that YAML knows",
            "write two backslashes for one, or use single quotes",
        ),
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            ("a text cannot begin with a backquote", "put the text in quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return (
                format!("a text cannot begin with {}", quoted(&character.to_string())),
                "put the text in quotes",
            );
        }
        ErrorKind::UnknownAnchor => {
            return (
                format!("{} refers to an anchor that the file does not have", quoted(&word_at(text, here))),
                "quote the text if the `*` belongs to it; else write the value out",
            );
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("this closing bracket was never opened", "delete it, or quote the text that it belongs to")
        }
        ErrorKind::InvalidBlockScalarIndent | ErrorKind::InvalidBlockScalarHeader => (
            "this text after `|` or `>` is laid out wrongly",
            "begin it on the next line, every line indented by the same spaces",
        ),
        ErrorKind::CommentInterceptedScalar | ErrorKind::CommentNotSeparated => (
            "a comment stands in the middle of a text",
            "put a space before `#`, or quote the text that contains it",
        ),
        ErrorKind::RecursionLimitExceeded => {
            return (format!("is nested deeper than {MAX_DEPTH} levels"), "flatten it");
        }
        ErrorKind::BomInsideDocument => ("a byte order mark stands inside the text", "delete it"),
        other => {
            return (format!("is not valid YAML: {other}"), "check the quotes and the indentation here");
        }
    };
    (problem.to_owned(), help)
}

/// The text from `here` to the next space, comma or bracket.
pub(super) fn word_at(text: &str, here: Place) -> String {
    let line = here.line.checked_sub(1).and_then(|nth| lines(text).nth(nth)).unwrap_or_default();
    let from = line.chars().skip(here.column.saturating_sub(1));
    from.take_while(|c| !c.is_whitespace() && !",[]{}".contains(*c)).collect()
}
