//! Texts made short enough for a label or a line.

/// The text on one line of at most so many characters, cut between words where that leaves half of it.
pub fn brief(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(most) else { return line };
    let head = &line[..end];
    let end = head.rfind(' ').filter(|at| *at * 2 >= head.len()).unwrap_or(head.len());
    format!("{}…", head[..end].trim_end_matches([' ', ',', ';', ':', '.', '(']))
}

/// The words of a text in lines of about so many characters; a longer word has a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        for (text, most, expected) in [
            ("one two", 7, "one two"),
            ("one\n two\tthree", 13, "one two three"),
            ("one two three", 10, "one two…"),
            ("one two, three", 9, "one two…"),
            ("a verylongwordindeed", 10, "a verylong…"),
            ("éééééé", 3, "ééé…"),
            ("", 3, ""),
        ] {
            assert_eq!(brief(text, most), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrapped("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(wrapped("verylongword x", 5), ["verylongword", "x"]);
        assert!(wrapped(" \n", 5).is_empty());
    }
}
