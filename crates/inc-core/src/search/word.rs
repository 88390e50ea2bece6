//! What a word is: for the records and for what is asked alike.
//!
//! A run of letters and digits, in lower case and without accents, as ids are made (é is e, ß is ss). Words joined by one
//! of `-_./:@`, such as `OPS-12` or `db-3.example.com`, are found by their parts and as a whole. Writing without spaces
//! (Chinese, Japanese, Korean, Thai and others) is found by each character and each two that follow each other.

/// The most bytes of a word; what is longer is cut, here and in what is asked.
const MOST: usize = 64;

/// A word where it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'w> {
    /// As it is compared.
    pub text: &'w str,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Made of several that stand for themselves as well.
    pub is_joined: bool,
}

/// The same, on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is compared.
    pub text: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Made of several that stand for themselves as well.
    pub is_joined: bool,
}

/// All words of a text.
pub fn all(text: &str) -> Vec<Found> {
    let mut found = vec![];
    each(text, |word| {
        let Word { text, start, end, is_joined } = word;
        found.push(Found { text: text.to_owned(), start, end, is_joined });
    });
    found
}

/// Hands on each word of a text; one that is joined comes after its parts.
pub fn each(text: &str, take: impl FnMut(Word<'_>)) {
    let mut cutter = Cutter { take, part: Run::default(), whole: Run::default(), parts: 0, before: None };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if is_seamless(c) {
            cutter.end();
            cutter.single(c, at, end);
            continue;
        }
        cutter.before = None;
        if is_mark(c) {
            cutter.part.end = end;
        } else if c.is_alphanumeric() {
            cutter.part.push(c, at, end);
        } else if is_joiner(c) && chars.peek().is_some_and(|(_, c)| c.is_alphanumeric() && !is_seamless(*c)) {
            cutter.join(c);
        } else {
            cutter.end();
        }
    }
    cutter.end();
}

/// Whether a character belongs to writing that sets no spaces between words, or hangs endings on them.
pub fn is_seamless(c: char) -> bool {
    matches!(c,
        '\u{0E01}'..='\u{0E4E}' | '\u{0E81}'..='\u{0ECD}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FE}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Accents that follow the letter they belong to.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '/' | ':' | '@')
}

/// A word that is being read.
#[derive(Default)]
struct Run {
    text: String,
    start: usize,
    end: usize,
}

impl Run {
    fn push(&mut self, c: char, at: usize, end: usize) {
        if self.text.is_empty() {
            self.start = at;
        }
        self.end = end;
        if self.text.len() < MOST {
            fold(c, &mut self.text);
            self.text.truncate(self.text.floor_char_boundary(MOST));
        }
    }

    fn word(&self, is_joined: bool) -> Word<'_> {
        Word { text: &self.text, start: self.start, end: self.end, is_joined }
    }
}

/// A letter or digit as it is compared: at least one character. What is compared stays itself when it is folded again,
/// so that a word of a record, typed as it is shown, finds it.
fn fold(c: char, text: &mut String) {
    if c.is_ascii() {
        return text.push(c.to_ascii_lowercase());
    }
    // The table of plain letters knows fewer capitals than small letters.
    for lower in c.to_lowercase().filter(|it| !is_mark(*it)) {
        let before = text.len();
        let plain = deunicode::deunicode_char(lower).unwrap_or_default();
        text.extend(plain.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
        if text.len() == before {
            text.push(lower);
        }
    }
}

struct Cutter<F> {
    take: F,
    part: Run,
    /// What was joined so far, with the joiner at its end.
    whole: Run,
    parts: usize,
    /// The character before, where words are not told apart.
    before: Option<(char, usize)>,
}

impl<F: FnMut(Word<'_>)> Cutter<F> {
    fn join(&mut self, joiner: char) {
        if self.part.text.is_empty() {
            return self.end();
        }
        self.extend();
        self.whole.text.push(joiner);
    }

    /// Hands on the part, and adds it to the whole.
    fn extend(&mut self) {
        (self.take)(self.part.word(false));
        if self.parts == 0 {
            self.whole.start = self.part.start;
        }
        self.whole.text.push_str(&self.part.text);
        self.whole.end = self.part.end;
        self.parts += 1;
        self.part.text.clear();
    }

    fn end(&mut self) {
        if !self.part.text.is_empty() {
            self.extend();
            if self.parts > 1 && self.whole.text.len() <= MOST {
                (self.take)(self.whole.word(true));
            }
        }
        self.whole.text.clear();
        self.parts = 0;
    }

    fn single(&mut self, c: char, at: usize, end: usize) {
        let mut bytes = [0; 8];
        let one = c.encode_utf8(&mut bytes).len();
        let text = std::str::from_utf8(&bytes[..one]).unwrap_or_default();
        (self.take)(Word { text, start: at, end, is_joined: false });
        if let Some((before, start)) = self.before.replace((c, at)) {
            let pair: String = [before, c].iter().collect();
            (self.take)(Word { text: &pair, start, end, is_joined: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_alike_in_what_is_written_and_asked() {
        for (text, expected) in [
            ("Checkout answers 500!", "checkout answers 500"),
            ("see OPS-12.", "see ops 12 [ops-12]"),
            ("db-3.example.com:5432", "db 3 example com 5432 [db-3.example.com:5432]"),
            ("Café déjà fermé, Straße", "cafe deja ferme strasse"),
            ("cafe\u{301}s", "cafes"),
            ("a - b -- c_ _d", "a b c d"),
            ("l'incident", "l incident"),
            ("https://a.b/c", "https a b c [a.b/c]"),
            ("数据库down", "数 据 [数据] 库 [据库] down"),
            ("数 据", "数 据"),
            ("", ""),
            ("-- !?", ""),
        ] {
            let words = all(text).into_iter();
            let told: Vec<String> =
                words.map(|it| if it.is_joined { format!("[{}]", it.text) } else { it.text }).collect();
            assert_eq!(told.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_compared_stays_itself() {
        for c in ('\u{80}'..=char::MAX).filter(|c| c.is_alphanumeric() && !is_mark(*c) && !is_seamless(*c)) {
            let (mut once, mut twice) = (String::new(), String::new());
            fold(c, &mut once);
            once.chars().for_each(|c| fold(c, &mut twice));
            assert!(!once.is_empty() && once == twice, "{c:?}: {once:?}, {twice:?}");
        }
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "The Café-Bar: 数据";
        let places: Vec<&str> = all(text).iter().map(|it| &text[it.start..it.end]).collect();
        assert_eq!(places, ["The", "Café", "Bar", "Café-Bar", "数", "据", "数据"]);
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let long = "x".repeat(1000);
        assert_eq!(all(&long)[0].text.len(), MOST);
        let joined = format!("{long}-{long}");
        assert!(all(&joined).iter().all(|it| !it.is_joined));
    }
}
