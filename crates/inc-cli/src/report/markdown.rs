//! Text from outside as Markdown that shows it, and never acts.
//!
//! An escaped text is safe wherever a template puts it: in a paragraph, a list item, a heading, a table's cell or a
//! link's words, at the beginning of a line or inside one. What cannot act there is left alone, so that the source
//! reads as prose. Bare addresses stay bare: a renderer that makes links of them shows where they lead.
//! Deliberately absent: Markdown that people typed; it is shown as they typed it.

use inc_core::text::clean;
use inc_core::timeline::Url;

/// The text on one line: line ends become spaces, blank lines ` / `, control characters show as `\u{..}`.
pub fn inline(text: &str) -> String {
    let text = clean(&text.replace("\r\n", "\n"));
    let mut out = String::with_capacity(text.len());
    let mut paragraphs = paragraphs(&text).into_iter().peekable();
    if paragraphs.peek().is_some() && text.starts_with(is_space) {
        out.push(' ');
    }
    while let Some(lines) = paragraphs.next() {
        out.push_str(&lines.join(" "));
        if paragraphs.peek().is_some() {
            out.push_str(" / ");
        }
    }
    if text.ends_with(is_space) && !out.ends_with(' ') {
        out.push(' ');
    }
    escape_line(&out)
}

/// The text with its lines and paragraphs, each line after the first indented by `indent` spaces, for the body of a
/// page or of a list item. Its own indentation is not kept.
pub fn block(text: &str, indent: usize) -> String {
    let text = clean(&text.replace("\r\n", "\n"));
    let pad = " ".repeat(indent);
    let paragraphs = paragraphs(&text).into_iter().map(|lines| {
        let lines: Vec<String> = lines.iter().map(|line| escape_line(line)).collect();
        lines.join(&format!("\\\n{pad}"))
    });
    paragraphs.collect::<Vec<_>>().join(&format!("\n\n{pad}"))
}

/// The text as code on one line; what no code span can hold everywhere is escaped as prose.
pub fn code(text: &str) -> String {
    let line = paragraphs(&clean(&text.replace("\r\n", "\n"))).concat().join(" ");
    // In a table's cell a `|` ends the cell, even inside code; elsewhere its escape would show.
    if line.is_empty() || line.contains('|') {
        return inline(text);
    }
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// A link; an address that is not safe to follow is shown beside the words instead.
pub fn link(words: &str, address: &str) -> String {
    let Ok(url) = address.parse::<Url>() else {
        return format!("{} ({})", inline(words), inline(address));
    };
    let url = url.as_str();
    if words == url && is_autolink(url) {
        return format!("<{url}>");
    }
    let mut target = url.replace('(', "\\(").replace(')', "\\)");
    if target.contains(';') {
        // It may read as an entity. Of the ways to say that it is none, all readers agree on this one.
        target = target.replace('&', "&amp;");
    }
    format!("[{}]({target})", inline(words))
}

/// The lines of each paragraph, white space inside them cut down to single spaces.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut paragraphs = vec![vec![]];
    for line in text.split('\n') {
        let line = line.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match (line.is_empty(), paragraphs.last_mut()) {
            (false, Some(lines)) => lines.push(line),
            (true, Some(lines)) if !lines.is_empty() => paragraphs.push(vec![]),
            _ => {}
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

/// The white space that Markdown counts as such.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}

/// One line with a backslash before every character that would act.
fn escape_line(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let start = chars.iter().take_while(|c| **c == ' ').count();
    let marker = block_marker(&chars[start..]).map(|at| start + at);
    let closing = closing_hashes(&chars);
    let mut out = String::with_capacity(line.len() + 8);
    for (index, c) in chars.iter().enumerate() {
        if marker == Some(index) || closing == Some(index) || acts(&chars, index) {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// Whether the character acts inside a line.
fn acts(chars: &[char], index: usize) -> bool {
    let before = index.checked_sub(1).map(|index| chars[index]);
    let after = chars.get(index + 1).copied();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match chars[index] {
        '`' | '*' | '[' | ']' | '|' => true,
        // What follows the text is not known, and may be punctuation.
        '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
        // Between letters it neither opens nor closes emphasis.
        '_' => !(is_word(before) && is_word(after)),
        // `about ~1000` may open a strike-through, and nothing left unescaped can close it.
        '~' => !(before == Some(' ') && is_word(after)),
        '<' => after != Some(' '),
        '&' => is_entity(&chars[index..]),
        _ => false,
    }
}

/// Whether a text begins with something like `&amp;` or `&#35;`.
fn is_entity(chars: &[char]) -> bool {
    let name = chars.iter().skip(1);
    let name: Vec<&char> = name.take_while(|c| c.is_ascii_alphanumeric() || **c == '#').collect();
    !name.is_empty() && chars.get(name.len() + 1) == Some(&';')
}

/// The character that makes a line more than a line of a paragraph: heading, quote, list, rule, table, code.
fn block_marker(line: &[char]) -> Option<usize> {
    let is_end = |at: usize| line.get(at).is_none_or(|c| *c == ' ');
    let run = |of: fn(&char) -> bool| line.iter().take_while(|c| of(c)).count();
    let is_only = |of: &[char]| line.iter().all(|c| of.contains(c));
    let acts = match line.first()? {
        '>' => true,
        '#' => is_end(run(|c| *c == '#')),
        '+' => is_end(1),
        '-' => is_end(1) || is_only(&['-', ':', ' ']),
        ':' => is_end(1) || is_only(&['-', ':', ' ']),
        '=' => is_only(&['=', ' ']),
        '0'..='9' => {
            let digits = run(char::is_ascii_digit);
            let is_item = matches!(line.get(digits), Some('.' | ')')) && is_end(digits + 1);
            return is_item.then_some(digits);
        }
        _ => false,
    };
    acts.then_some(0)
}

/// The first of the `#` that a heading's end would swallow.
fn closing_hashes(line: &[char]) -> Option<usize> {
    let end = line.iter().rposition(|c| *c != ' ')? + 1;
    let hashes = line[..end].iter().rev().take_while(|c| **c == '#').count();
    let first = end - hashes;
    (hashes > 0 && first > 0 && line[first - 1] == ' ').then_some(first)
}

/// Whether `<…>` around an address makes a link of it.
fn is_autolink(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default();
    (2..=32).contains(&scheme.len())
}

#[cfg(test)]
mod tests;
