//! What is searched for: words, phrases, and what must not be there.

use thiserror::Error;

use super::word;

/// The most words of one query.
pub const MOST_WORDS: usize = 60;
/// From how many characters on the last word is taken for a beginning as well.
const BEGINNING: usize = 3;

/// Why a query makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueryError {
    /// No word.
    #[error("nothing is searched for: give a word, such as `inc-search timeout`")]
    Empty,
    /// Only what must not be there.
    #[error(
        "only what must not be there is named: give a word that must be, such as `inc-search pool -redis`"
    )]
    OnlyWithout,
    /// `"pool exhausted`
    #[error("a quotation mark is not closed: write \"{0}\"")]
    Open(String),
    /// Too many words.
    #[error("{0} words are too many: {MOST_WORDS} are the most")]
    TooMany(usize),
}

/// A word, or the beginning of some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As words are compared.
    pub text: String,
    /// Words that begin so are meant too.
    pub is_beginning: bool,
}

/// A word that shall be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The word.
    pub term: Term,
    /// A record without it is not found at all.
    pub must: bool,
    /// It makes a record no worse to lack this one: the part of a word that is wanted as a whole.
    pub is_extra: bool,
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What shall be there.
    pub wanted: Vec<Wanted>,
    /// Words that must follow each other in one text.
    pub phrases: Vec<Vec<String>>,
    /// What must not be there.
    pub without: Vec<Term>,
    /// Words that must not follow each other.
    pub without_phrases: Vec<Vec<String>>,
}

impl Query {
    /// The query of arguments. One that holds white space and no quotation mark is a phrase, for that is what a shell
    /// leaves of `"connection pool"`.
    ///
    /// # Errors
    /// Nothing that shall be there, an open quotation, too many words.
    pub fn of(arguments: &[String], without: &[String]) -> Result<Self, QueryError> {
        let mut query = Self::default();
        let mut pieces = vec![];
        for argument in arguments {
            pieces.extend(cut(argument)?);
        }
        let last = pieces.iter().rposition(|piece| !piece.is_without && !piece.is_phrase);
        for (place, piece) in pieces.iter().enumerate() {
            query.add(piece, Some(place) == last && place + 1 == pieces.len());
        }
        for text in without {
            query.exclude(text, text.split_whitespace().count() > 1);
        }
        let many = query.wanted.len() + query.without.len();
        match () {
            () if many > MOST_WORDS => Err(QueryError::TooMany(many)),
            () if !query.wanted.is_empty() => Ok(query),
            () if query.without.is_empty() && query.without_phrases.is_empty() => Err(QueryError::Empty),
            () => Err(QueryError::OnlyWithout),
        }
    }

    /// Whether a record's texts have to be looked at to know whether it is found.
    pub fn needs_texts(&self) -> bool {
        !self.phrases.is_empty() || !self.without_phrases.is_empty()
    }

    /// Whether the phrases stand in these texts, and those that must not do not.
    pub fn holds<'t>(&self, texts: impl Iterator<Item = &'t str>) -> bool {
        let mut found = vec![false; self.phrases.len()];
        for text in texts {
            let words = parts(text);
            let has = |phrase: &Vec<String>| words.windows(phrase.len()).any(|window| window == phrase);
            if self.without_phrases.iter().any(has) {
                return false;
            }
            for (found, phrase) in found.iter_mut().zip(&self.phrases) {
                *found |= has(phrase);
            }
        }
        found.into_iter().all(|found| found)
    }

    fn add(&mut self, piece: &Piece, is_last: bool) {
        if piece.is_without {
            return self.exclude(&piece.text, piece.is_phrase);
        }
        if piece.is_phrase {
            let words = parts(&piece.text);
            for word in &words {
                self.want(word.clone(), false, true, false);
            }
            if words.len() > 1 {
                self.phrases.push(words);
            }
            return;
        }
        let is_starred = piece.text.ends_with('*');
        let words = whole(&piece.text);
        let count = words.iter().filter(|(_, is_extra)| !is_extra).count();
        let mut nth = 0;
        for (text, is_extra) in words {
            nth += usize::from(!is_extra);
            let is_end = nth == count && !is_extra;
            let is_long = text.chars().count() >= BEGINNING;
            self.want(text, is_end && (is_starred || is_last && is_long), false, is_extra);
        }
    }

    fn want(&mut self, text: String, is_beginning: bool, must: bool, is_extra: bool) {
        if let Some(same) = self.wanted.iter_mut().find(|it| it.term.text == text) {
            same.term.is_beginning |= is_beginning;
            same.must |= must;
            same.is_extra &= is_extra;
            return;
        }
        self.wanted.push(Wanted { term: Term { text, is_beginning }, must, is_extra });
    }

    fn exclude(&mut self, text: &str, is_phrase: bool) {
        let words = parts(text);
        if is_phrase && words.len() > 1 {
            return self.without_phrases.push(words);
        }
        let is_beginning = text.ends_with('*');
        let words = whole(text).into_iter().filter(|(_, is_extra)| !is_extra);
        self.without.extend(words.map(|(text, _)| Term { text, is_beginning }));
    }
}

/// One thing that is asked for.
struct Piece {
    text: String,
    is_phrase: bool,
    is_without: bool,
}

fn cut(argument: &str) -> Result<Vec<Piece>, QueryError> {
    if !argument.contains('"') {
        let (is_without, text) = negated(argument);
        let is_phrase = text.split_whitespace().count() > 1;
        return Ok(vec![Piece { text: text.to_owned(), is_phrase, is_without }]);
    }
    let mut pieces = vec![];
    let mut is_without = false;
    for (nth, text) in argument.split('"').enumerate() {
        if nth % 2 == 1 {
            pieces.push(Piece { text: text.to_owned(), is_phrase: true, is_without });
            is_without = false;
            continue;
        }
        for word in text.split_whitespace() {
            // The `-` of `-"a phrase"`.
            if word == "-" && text.ends_with('-') {
                is_without = true;
                continue;
            }
            let (is_without, word) = negated(word);
            pieces.push(Piece { text: word.to_owned(), is_phrase: false, is_without });
        }
    }
    match argument.matches('"').count() % 2 {
        0 => Ok(pieces),
        _ => {
            let rest = argument.rsplit('"').next().unwrap_or_default();
            Err(QueryError::Open(crate::text::clean_line(rest.trim())))
        }
    }
}

fn negated(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, text),
    }
}

/// The words of a text that stand for themselves, one after the other.
pub fn parts(text: &str) -> Vec<String> {
    word::all(text).into_iter().filter(|word| !word.is_joined).map(|word| word.text).collect()
}

/// The words of what was typed as one: the whole, and its parts as an extra.
fn whole(text: &str) -> Vec<(String, bool)> {
    let words = word::all(text);
    let inside = |one: &word::Found| {
        let around = words.iter().filter(|it| it.is_joined);
        !one.is_joined && { around }.any(|it| it.start <= one.start && one.end <= it.end)
    };
    let seamless = |one: &word::Found| one.text.chars().all(word::is_seamless);
    let kept = words.iter().filter(|one| !(inside(one) && seamless(one)));
    kept.map(|one| (one.text.clone(), inside(one))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `word`, `beg*`, `+must`, `(extra)`, then phrases and what is excluded.
    fn told(query: &Query) -> String {
        let word = |term: &Term| format!("{}{}", term.text, if term.is_beginning { "*" } else { "" });
        let wanted = query.wanted.iter().map(|it| match it {
            it if it.must => format!("+{}", word(&it.term)),
            it if it.is_extra => format!("({})", word(&it.term)),
            it => word(&it.term),
        });
        let phrases = query.phrases.iter().map(|it| format!("\"{}\"", it.join(" ")));
        let without = query.without.iter().map(|it| format!("-{}", word(it)));
        let not = query.without_phrases.iter().map(|it| format!("-\"{}\"", it.join(" ")));
        wanted.chain(phrases).chain(without).chain(not).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn arguments_become_words_phrases_and_what_is_excluded() {
        for (arguments, expected) in [
            (&["Pool", "Exhausted"][..], "pool exhausted*"),
            (&["db"], "db"),
            (&["db*", "pool"], "db* pool*"),
            (&["pool", "-redis"], "pool -redis"),
            (&["connection pool"], "+connection +pool \"connection pool\""),
            (&["\"connection pool\" timeout"], "+connection +pool timeout* \"connection pool\""),
            (&["timeout -\"connection pool\""], "timeout -\"connection pool\""),
            (&["OPS-12"], "(ops) (12) ops-12*"),
            (&["数据库"], "数据 据库"),
            (&["数"], "数"),
            (&["can't"], "can t"),
            (&["pool", "pool"], "pool*"),
        ] {
            let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(told(&Query::of(&arguments, &[]).unwrap()), expected, "{arguments:?}");
        }
    }

    #[test]
    fn a_query_of_nothing_is_refused() {
        let many = vec!["a b c d e f g".to_owned(); 10];
        assert!(Query::of(&many, &[]).is_ok(), "the same words count once");
        let many: Vec<String> = (0..61).map(|n| n.to_string()).collect();
        for (arguments, expected) in [
            (vec![], QueryError::Empty),
            (vec!["*".to_owned()], QueryError::Empty),
            (vec![" - ".to_owned()], QueryError::Empty),
            (vec!["-redis".to_owned()], QueryError::OnlyWithout),
            (vec!["a \"b c".to_owned()], QueryError::Open("b c".to_owned())),
            (many, QueryError::TooMany(61)),
        ] {
            assert_eq!(Query::of(&arguments, &[]), Err(expected), "{arguments:?}");
        }
    }

    #[test]
    fn a_phrase_stands_in_one_text() {
        let query = Query::of(&["connection pool".to_owned()], &["redis pool".to_owned()]).unwrap();
        for (texts, expected) in [
            (&["the Connection-pool is full"][..], true),
            (&["the connection", "pool is full"], false),
            (&["connection pool", "a Redis pool"], false),
        ] {
            assert_eq!(query.holds(texts.iter().copied()), expected, "{texts:?}");
        }
    }
}
