//! Words for messages: values in backquotes, lists, the nearest known name, and characters made harmless.
//!
//! Knows nothing of YAML; it only makes text that came from a file fit to be shown on one line.

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// How long a name may be for a nearest one to be sought.
const LONGEST_NAME: usize = 60;

/// `character`, or a stand-in if it would disturb the line it is shown in.
pub(super) fn printable(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        // Marks that turn the direction of writing, by which a line can be made to read otherwise.
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => '\u{FFFD}',
        other if other.is_control() => '\u{FFFD}',
        other => other,
    }
}

/// `text` on one line of at most `longest` characters, each of them harmless.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let mut shown: String = text.chars().take(longest).map(printable).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// `value` in backquotes, shortened.
pub(super) fn quoted(value: &str) -> String {
    format!("`{}`", one_line(value, SHOWN))
}

/// The names in backquotes, joined by commas.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// The one of `known` that `name` was plausibly meant to be.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        return None;
    }
    let name = folded(name);
    let (distance, likeness, best) = known
        .iter()
        .map(|candidate| {
            let other = folded(candidate);
            let distance = strsim::damerau_levenshtein(&name, &other);
            (distance, strsim::jaro_winkler(&name, &other), *candidate)
        })
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))?;
    let close = distance <= (length / 3).max(1) && distance < length;
    (close || likeness >= 0.9).then_some(best)
}

/// `name` with case and the choice of `-`, `_` or space taken out of the comparison.
fn folded(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}
