//! Single values: plain, in quotes, as a block of lines.

use std::borrow::Cow;

use super::lines::Lines;
use super::node::Node;

/// A key of the usual sort before its colon, and what follows on the line.
pub fn key(text: &str) -> Option<(&str, &str)> {
    let (quote, body) = match text.strip_prefix('"') {
        Some(body) => ("\"", body),
        None => ("", text),
    };
    let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))?;
    let (key, rest) = body.split_at(end);
    let rest = rest.strip_prefix(quote)?.strip_prefix(':')?;
    // Some readers take a bare `on` for a truth; we write it in quotes.
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic()) && !(quote.is_empty() && is_special(key));
    (is_key && (rest.is_empty() || rest.starts_with(' '))).then(|| (key, rest.trim_start_matches(' ')))
}

/// The value that stands alone in the rest of a line, and the comment behind it.
pub fn of_line(text: &str) -> Option<(Node<'_>, &str)> {
    let (node, rest) = match text.as_bytes().first()? {
        b'"' => double(text)?,
        b'\'' => single(text)?,
        b'[' | b'{' => super::flow::value(text, 0)?,
        _ => plain(text)?,
    };
    let comment = rest.trim_start_matches(' ');
    let is_comment = comment.starts_with('#') && comment.len() < rest.len();
    (comment.is_empty() || is_comment).then_some((node, comment))
}

/// A plain value to the end of the line, or to a comment.
fn plain(text: &str) -> Option<(Node<'_>, &str)> {
    let first = text.chars().next()?;
    let is_usual = first.is_ascii_alphanumeric()
        || matches!(first, '(' | '/' | '_' | '$')
        || (!first.is_ascii() && first.is_alphabetic());
    let (value, rest) = text.split_at(text.find(" #").unwrap_or(text.len()));
    let value = value.trim_end_matches(' ');
    let is_plain = is_usual && !value.contains(": ") && !value.ends_with(':') && !value.contains('\t');
    is_plain.then_some((Node::Plain(value), rest))
}

/// A value in double quotes at the beginning of a text, and what follows it.
pub fn double(text: &str) -> Option<(Node<'_>, &str)> {
    let body = text.strip_prefix('"')?;
    let end = body.find(['"', '\\', '\t'])?;
    if body[end..].starts_with('"') {
        return Some((Node::Text(Cow::Borrowed(&body[..end])), &body[end + 1..]));
    }
    let (mut value, mut rest) = (String::new(), body);
    loop {
        let end = rest.find(['"', '\\', '\t'])?;
        value.push_str(&rest[..end]);
        let escape = &rest[end..];
        if let Some(behind) = escape.strip_prefix('"') {
            return Some((Node::Text(Cow::Owned(value)), behind));
        }
        let known = [("\\\"", '"'), ("\\\\", '\\'), ("\\n", '\n'), ("\\t", '\t')];
        let (code, meant) = known.into_iter().find(|(code, _)| escape.starts_with(code))?;
        value.push(meant);
        rest = &escape[code.len()..];
    }
}

/// A value in single quotes at the beginning of a text, and what follows it.
pub fn single(text: &str) -> Option<(Node<'_>, &str)> {
    let body = text.strip_prefix('\'')?;
    let end = body.find(['\'', '\t'])?;
    let behind = body[end..].strip_prefix('\'')?;
    // A quote within is doubled; nobody writes that by program, and few by hand.
    (!behind.starts_with('\'')).then(|| (Node::Text(Cow::Borrowed(&body[..end])), behind))
}

/// A block of lines with their breaks, `|` or `|-`, below a parent in this column; the current line is its header.
pub fn block<'t>(header: &str, lines: &mut Lines<'t>, parent: usize) -> Option<Node<'t>> {
    let is_stripped = match header {
        "|-" => true,
        "|" => false,
        _ => return None,
    };
    let body = lines.take_block(parent)?;
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    // Where nothing, or a blank line, comes first, it takes the whole of YAML to know the indentation.
    let first = body.first()?;
    let indent = indent_of(first);
    if indent == first.len() {
        return None;
    }
    let mut value = String::with_capacity(body.iter().map(|line| line.len() + 1).sum());
    for line in body {
        match indent_of(line) {
            own if own == line.len() && own <= indent => {}
            // Blanks beyond the indentation are content, if nothing else is.
            own if own == line.len() || own < indent => return None,
            _ => value.push_str(&line[indent..]),
        }
        value.push('\n');
    }
    value.truncate(value.trim_end_matches('\n').len());
    if !is_stripped {
        value.push('\n');
    }
    Some(Node::Text(Cow::Owned(value)))
}

/// Whether some reader takes this for something other than a text.
pub fn is_special(text: &str) -> bool {
    let words = ["true", "false", "null", "nan", "inf", "infinity", "yes", "no", "on", "off", "y", "n"];
    text.len() <= 8 && words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A whole number as people write it.
pub fn whole(text: &str) -> Option<u64> {
    let is_number = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && (text == "0" || !text.starts_with('0'))).then(|| text.parse().ok())?
}

/// A number with or without decimals as people write it.
pub fn decimal(text: &str) -> Option<f64> {
    let (left, right) = text.split_once('.').unwrap_or((text, "0"));
    whole(left)?;
    let is_usual = text.len() <= 15 && !right.is_empty() && right.bytes().all(|byte| byte.is_ascii_digit());
    is_usual.then(|| text.parse().ok())?
}
