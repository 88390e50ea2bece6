//! The lines of a text as an editor counts them, and the excerpt that shows a place in one of them.
//!
//! No colours, and nothing that could move the cursor: what is shown comes from files others wrote.

use super::words::printable;

/// How many characters of a line an excerpt shows.
const SHOWN: usize = 100;

/// The line `line` (1-based) of `text` with `width` characters underlined from `column` (1-based, characters).
///
/// Three lines joined by `\n`, none at the end; a long line is cut around the place. Empty if the
/// text has no such line. A column past the end marks the end. Characters count as one column each.
///
/// ```text
///    |
/// 12 |   custmer_impact: XL
///    |   ^^^^^^^^^^^^^^
/// ```
pub fn excerpt(text: &str, line: usize, column: usize, width: usize) -> String {
    let Some(content) = line.checked_sub(1).and_then(|nth| lines(text).nth(nth)) else {
        return String::new();
    };
    let length = content.chars().count();
    let start = column.saturating_sub(1).min(length);
    let from =
        if length <= SHOWN || start <= SHOWN / 2 { 0 } else { (start - SHOWN / 2).min(length - SHOWN) };
    let until = length.min(from + SHOWN);
    let before = if from > 0 { "…" } else { "" };
    let after = if until < length { "…" } else { "" };
    let shown: String = content.chars().skip(from).take(until - from).map(printable).collect();
    let indent = " ".repeat(start - from + before.chars().count());
    let marks = "^".repeat(width.clamp(1, (until - start).max(1)));
    let number = line.to_string();
    let gutter = " ".repeat(number.len());
    format!("{gutter} |\n{number} | {before}{shown}{after}\n{gutter} | {indent}{marks}").replace(" \n", "\n")
}

/// The lines of a text without their ends (`\n`, `\r\n`, `\r`) and without a byte order mark.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    std::iter::from_fn(move || {
        let whole = rest?;
        let Some(end) = whole.find(['\n', '\r']) else {
            rest = None;
            return Some(whole);
        };
        let skip = if whole[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&whole[end + skip..]);
        Some(&whole[..end])
    })
}
