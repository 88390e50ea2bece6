//! Where lines begin and end in a text. It knows nothing of YAML beyond its line breaks:
//! `\n`, `\r\n` and a lone `\r` (NEL, LS and PS are content in YAML 1.2).

/// The first line break of `text`, which new lines take over, or `\n` where there is none.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Where the line of `at` begins, after a byte order mark if it is the first line.
pub(super) fn start(text: &str, at: usize) -> usize {
    match text[..at].rfind(['\n', '\r']) {
        Some(found) => found + 1,
        None if text.starts_with('\u{feff}') => '\u{feff}'.len_utf8().min(at),
        None => 0,
    }
}

/// Where the line of `at` ends, before its line break.
pub(super) fn stop(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |found| at + found)
}

/// Where the line after that of `at` begins, or the end of the text.
pub(super) fn next(text: &str, at: usize) -> usize {
    let stop = stop(text, at);
    if text[stop..].starts_with("\r\n") { stop + 2 } else { (stop + 1).min(text.len()) }
}

/// The text without the line break that it ends in, of whichever kind; `None` if it ends in none.
pub(super) fn without_break(text: &str) -> Option<&str> {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r']))
}

/// The column of `at` in characters, from 0.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[start(text, at)..at].chars().count()
}

/// The number of the line of `at`, from 1.
pub(super) fn number(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let breaks = before.bytes().filter(|b| matches!(b, b'\n' | b'\r')).count();
    1 + breaks - before.matches("\r\n").count()
}

/// Whether only spaces stand between the beginning of the line and `at`.
pub(super) fn is_first(text: &str, at: usize) -> bool {
    text[start(text, at)..at].bytes().all(|b| b == b' ')
}

/// Whether nothing but blanks and line breaks stands in `text`.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}
