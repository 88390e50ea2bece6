//! What other programs say, made fit for our messages. It does not judge or translate it.

use crate::file::is_direction;

/// As much of git's words as a message shows.
const MOST_WORDS: usize = 8 * 1024;

/// Text without escape sequences and control characters but newlines, and not without end.
pub(super) fn cleaned(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_escape(&mut rest),
            '\t' => clean.push(' '),
            '\r' if rest.peek() != Some(&'\n') => clean.push('\n'),
            '\n' => clean.push('\n'),
            c if c.is_control() || is_direction(c) => {}
            c => clean.push(c),
        }
    }
    let clean = clean.trim();
    match clean.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{} …", &clean[..end]),
        None => clean.into(),
    }
}

/// Words behind a colon of ours: one line after a space, several each on a line of its own.
pub fn set_off(words: &str) -> String {
    let lines: Vec<&str> = words.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [one] => format!(" {one}"),
        several => several.iter().map(|line| format!("\n  {line}")).collect(),
    }
}

/// The same with what to do about it, where the words name a cause that we know.
pub(super) fn advised(words: &str) -> String {
    let words = cleaned(words);
    match words.contains("No space left on device") || words.contains("Disk quota exceeded") {
        true => format!("{words}; free some space, then try again"),
        false => words,
    }
}

/// The same with the file to remove, where git says only what it could not lock.
pub(super) fn with_lock(words: String) -> String {
    let between = |start, end| words.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    let guarded =
        between("could not lock config file ", ": File exists").or(between("could not lock '", "'"));
    let guarded = guarded.map(|(file, _)| file);
    match guarded {
        Some(file) if words.contains("File exists") && !words.contains(".lock") => {
            format!("{words}\nif no other git is at work here, remove {file}.lock")
        }
        _ => words,
    }
}

/// Skips what follows an escape character: `[…letter`, `]…BEL`, or one character.
fn skip_escape(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match rest.next() {
        Some('[') => {
            while rest.next_if(|c| !('@'..='~').contains(c) && *c != '\n').is_some() {}
            rest.next_if(|c| *c != '\n');
        }
        Some(']') => {
            while rest.next_if(|c| !matches!(c, '\u{7}' | '\u{1b}' | '\n')).is_some() {}
            rest.next_if(|c| *c == '\u{7}');
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{cleaned, set_off, with_lock};

    #[test]
    fn several_lines_stand_each_for_itself() {
        assert_eq!(set_off("no"), " no");
        assert_eq!(set_off("remote: first   \n\nremote: second"), "\n  remote: first\n  remote: second");
    }

    #[test]
    fn a_lock_that_git_only_hints_at_is_named() {
        let hinted = "error: could not lock '.git/MERGE_MSG': File exists".to_owned();
        assert!(with_lock(hinted).ends_with("remove .git/MERGE_MSG.lock"));
        let config =
            "error: could not lock config file /x/.git/config: File exists\nfatal: could not set 'a'";
        assert!(with_lock(config.to_owned()).ends_with("remove /x/.git/config.lock"));
        for words in ["error: Unable to create '/x/index.lock': File exists", "nothing"] {
            assert_eq!(with_lock(words.to_owned()), words);
        }
    }

    #[test]
    fn words_lose_colours_titles_and_control_characters() {
        for (given, clean) in [
            ("\u{1b}[31merror\u{1b}[0m: no\n", "error: no"),
            ("\u{1b}]0;title\u{7}x", "x"),
            ("a\r\nb\rc\td\u{8}\u{202e}", "a\nb\nc d"),
            ("\u{1b}[", ""),
        ] {
            assert_eq!(cleaned(given), clean, "{given:?}");
        }
        assert!(cleaned(&"x".repeat(100_000)).len() < 10_000);
    }
}
