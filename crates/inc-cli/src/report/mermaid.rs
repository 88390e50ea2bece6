//! Text from outside as a label of a mermaid diagram that shows it, and never acts.
//!
//! A label stands inside `"…"`, on the one line that the template writes. Only what means nothing to mermaid, to Markdown
//! and to HTML is left as it is; all else is an entity code of mermaid's own (`#quot;`, `#35;`), which it resolves after it has
//! read the diagram, its directives and the Markdown in labels. The colon is one of them: mermaid cuts the last `;` off a
//! line that reads like `style …:…#…;`, wherever that stands. What it looks for after that (icons, formulas, `\n`, its own marks
//! for entities) is broken by a space of no width. Tried on mermaid 11.17 with random texts: what is shown is what stood there.
//! Source: <https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>, `encodeEntities` in its `utils.ts`.

use inc_core::text::clean;

/// What begins and ends an entity inside mermaid: typed by somebody, it would pass for one, even as a code.
const MARKS: [char; 2] = ['\u{FB02}', '\u{B6}'];
/// A space of no width.
const GAP: &str = "#8203;";
/// A label without a text is a syntax error.
const NOTHING: &str = "#160;";

/// The lines of a label, each escaped, with line breaks between them; no line end, quote or backtick is left.
pub fn label<T: AsRef<str>>(lines: &[T]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|line| escape(line.as_ref())).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { NOTHING.to_owned() } else { lines.join("<br/>") }
}

/// The text on one line, white space cut down to single spaces.
fn escape(text: &str) -> String {
    // After the white space: what is a line end to some reader becomes a space, not a code.
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = clean(&line).chars().collect();
    let mut out = String::with_capacity(line.len() + 16);
    for (index, c) in chars.iter().enumerate() {
        match c {
            _ if is_plain(&chars, index) => out.push(*c),
            '"' => out.push_str("#quot;"),
            '&' => out.push_str("#amp;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            _ => out.push_str(&format!("#{};", u32::from(*c))),
        }
        if is_half(&chars, index) {
            out.push_str(GAP);
        }
    }
    out
}

/// Whether the character shows itself, wherever it stands.
fn is_plain(chars: &[char], index: usize) -> bool {
    let before = index.checked_sub(1).map(|index| chars[index]);
    let after = chars.get(index + 1).copied();
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match chars[index] {
        ' ' | ',' | '?' | '\'' | '(' => true,
        // Neither the mark of a list, `1. x`, nor a part of an address, `www.x`.
        '.' => is_letter(before) && after.is_none_or(|c| c == ' ') || is_digit(before) && is_digit(after),
        // Nor that of `1) x`.
        ')' => is_letter(before) || is_digit(before) && chars[..index].contains(&'('),
        '-' | '/' => is_word(before) && is_word(after),
        c => !MARKS.contains(&c) && if c.is_ascii() { c.is_ascii_alphanumeric() } else { !c.is_control() },
    }
}

/// Whether the character and what follows it act even after the codes are resolved.
fn is_half(chars: &[char], index: usize) -> bool {
    let after = chars.get(index + 1).copied();
    match chars[index] {
        // An icon, `fa:fa-ban`.
        ':' => after.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_'),
        // A formula, `$$x$$`.
        '$' => after == Some('$'),
        // A line's end.
        '\\' => after == Some('n'),
        c => MARKS.contains(&c),
    }
}

#[cfg(test)]
mod tests {
    use comrak::nodes::NodeValue;
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> String {
        label(&[text])
    }

    /// What mermaid shows for a label: codes resolved, as `encodeEntities` and the browser do.
    fn shown(label: &str) -> String {
        let (mut out, mut rest) = (String::new(), label);
        while let Some(at) = rest.find('#') {
            let end = at + rest[at..].find(';').unwrap();
            out.push_str(&rest[..at]);
            out.push(match &rest[at + 1..end] {
                "quot" => '"',
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                code => char::from_u32(code.parse().unwrap()).unwrap(),
            });
            rest = &rest[end + 1..];
        }
        // What stood between two halves is not the text's.
        (out + rest).replace('\u{200b}', "")
    }

    #[test]
    fn what_acts_becomes_a_code_and_prose_stays_prose() {
        for (given, expected) in [
            ("890 CRDs, why? It's the alert's (old) limit.", "890 CRDs, why? It's the alert's (old) limit."),
            ("non-detection in eu-west/1", "non-detection in eu-west/1"),
            ("RC2 (o1.1.10), v1.5", "RC2 (o1.1.10), v1.5"),
            ("Été à Zürich 東京", "Été à Zürich 東京"),
            ("say \"x\"] --> evil", "say #quot;x#quot;#93; #45;#45;#gt; evil"),
            ("`md`", "#96;md#96;"),
            ("#quot;", "#35;quot#59;"),
            ("<script>", "#lt;script#gt;"),
            ("a<br/>b", "a#lt;br#47;#gt;b"),
            ("&lt;", "#amp;lt#59;"),
            ("%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"),
            (
                "x\n```\nclick n1 \"javascript:x\"",
                "x #96;#96;#96; click n1 #quot;javascript#58;#8203;x#quot;",
            ),
            ("1. x", "1#46; x"),
            ("- x", "#45; x"),
            ("1) x", "1#41; x"),
            ("www.evil.example", "www#46;evil#46;example"),
            ("style a:b", "style a#58;#8203;b"),
            (
                "fa:fa-ban $$x$$ **b** _e_",
                "fa#58;#8203;fa-ban #36;#8203;#36;x#36;#8203;#36; #42;#42;b#42;#42; #95;e#95;",
            ),
            ("\u{FB02}°lt¶ß", "#64258;#8203;°lt#182;#8203;ß"),
            ("a\u{202e}b\u{7}", "a#92;u#123;202e#125;b#92;u#123;7#125;"),
            ("a\u{2028}b\u{85}c\r\nd", "a b c d"),
            ("a\\nb", "a#92;#8203;nb"),
            ("at 12: 59", "at 12#58; 59"),
            ("", NOTHING),
            (" \n ", NOTHING),
        ] {
            assert_eq!(of(given), expected, "{given:?}");
        }
        assert_eq!(label(&["RC1", "", "a\nb"]), "RC1<br/>a b");
        assert_eq!(label::<&str>(&[]), NOTHING);
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_label(lines in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "[\"`#;:%{}<>/&\\]\\[()|=~*_.\\-+$ \n\r\ta1]{0,40}",
                "(```|~~~|\"\\]|#quot;|<br/>|%%\\{init|click n1|end|style x:#1;|[\n\r ]){1,6}",
            ],
            0..4,
        )) {
            let label = label(&lines);
            prop_assert!(!label.is_empty());
            let ours = label.replace("<br/>", "");
            prop_assert!(!ours.contains(|c: char| "\"`<>&:[]{}|%\\\n\r".contains(c)), "{label}");
            // Nothing that is shown is lost.
            let expected: Vec<String> = lines
                .iter()
                .map(|line| clean(&line.split_whitespace().collect::<Vec<_>>().join(" ")))
                .filter(|line| !line.is_empty())
                .map(|line| line.replace('\u{200b}', ""))
                .collect();
            let parts: Vec<String> = label.split("<br/>").map(shown).collect();
            prop_assert_eq!(parts, if expected.is_empty() { vec!["\u{a0}".to_owned()] } else { expected });
            // The fence has the lines that we wrote, and is one block of code.
            let body = format!("flowchart TD\n  n1[\"{label}\"]:::why\n  n1 --> n2\n");
            let page = format!("x\n\n```mermaid\n{body}```\n\ny\n");
            let arena = comrak::Arena::new();
            let root = comrak::parse_document(&arena, &page, &comrak::Options::default());
            let blocks: Vec<_> = root.children().collect();
            prop_assert_eq!(blocks.len(), 3);
            match &blocks[1].data.borrow().value {
                NodeValue::CodeBlock(code) => prop_assert_eq!(&code.literal, &body),
                other => prop_assert!(false, "{:?}", other),
            }
            prop_assert_eq!(body.lines().count(), 3);
            prop_assert_eq!(body.matches('"').count(), 2);
        }
    }
}
