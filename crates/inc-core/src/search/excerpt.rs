//! The piece of a record that shows best why it was found, with the words that were asked for marked.

use std::cmp::Reverse;

use super::passage::{Passage, Place};
use super::query::{Query, Term, parts};
use super::word;

/// What is marked in texts.
#[derive(Debug, Clone)]
pub struct Marker {
    terms: Vec<Term>,
    phrases: Vec<Vec<String>>,
}

/// A place in a text that is marked: from, to, and which word of the query it is.
type Mark = (usize, usize, usize);

impl Marker {
    /// Marks what a query asks for.
    pub fn of(query: &Query) -> Self {
        let terms = query.wanted.iter().map(|wanted| wanted.term.clone()).collect();
        Self { terms, phrases: query.phrases.clone() }
    }

    /// Marks these words.
    pub fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let term = |word: &str| Term { text: word.to_owned(), is_beginning: false };
        Self { terms: words.into_iter().map(term).collect(), phrases: vec![] }
    }

    fn marks(&self, text: &str) -> Vec<Mark> {
        let mut marks = vec![];
        word::each(text, |word| {
            let is_it = |term: &Term| {
                word.text == term.text || term.is_beginning && word.text.starts_with(&term.text)
            };
            let exact = self.terms.iter().position(|term| term.text == word.text);
            if let Some(nth) = exact.or_else(|| self.terms.iter().position(is_it)) {
                marks.push((word.start, word.end, nth));
            }
        });
        // What is joined before its parts.
        marks.sort_unstable_by_key(|(start, end, nth)| (*start, Reverse(*end), *nth));
        marks
    }

    /// How good a text shows it: phrases, then how many different words, then the weight of its field.
    fn worth(&self, passage: &Passage<'_>) -> (usize, usize, u32) {
        let marks = self.marks(&passage.text);
        if marks.is_empty() {
            return (0, 0, 0);
        }
        let words = if self.phrases.is_empty() { vec![] } else { parts(&passage.text) };
        let has = |phrase: &&Vec<String>| words.windows(phrase.len()).any(|window| window == *phrase);
        (self.phrases.iter().filter(has).count(), different(&marks), passage.weight)
    }

    /// The text that shows best why a record was found; `None` where nothing is to be marked. The title, which is shown
    /// anyway, only where nothing else is.
    pub fn best<'p, 'a>(&self, passages: &'p [Passage<'a>]) -> Option<&'p Passage<'a>> {
        let worth = |passage: &'p Passage<'a>| {
            let is_title = passage.place == Place::Field("title");
            let (phrases, words, weight) = self.worth(passage);
            (words > 0).then_some(((!is_title, phrases, words, weight), passage))
        };
        let all = passages.iter().filter_map(worth);
        // The first of equals.
        let best = all.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some(best.1)
    }

    /// A text on one line, marked, and cut to so many columns around as many different words as fit.
    pub fn cut(&self, text: &str, width: usize) -> Vec<(String, bool)> {
        let line = text.replace(['\n', '\t', '\r'], " ");
        let marks = self.marks(&line);
        let (from, to) = window(&line, &marks, width.max(1));
        let mut pieces: Vec<(String, bool)> = vec![];
        let mut push = |text: &str, is_marked: bool| match pieces.last_mut() {
            _ if text.is_empty() => {}
            Some((before, same)) if *same == is_marked => before.push_str(text),
            _ => pieces.push((text.to_owned(), is_marked)),
        };
        if from > 0 {
            push("…", false);
        }
        let mut at = from;
        for (start, end, _) in marks {
            let (start, end) = (start.max(at), end.min(to));
            if start < end {
                push(&line[at..start], false);
                push(&line[start..end], true);
                at = end;
            }
        }
        push(&line[at..to.max(at)], false);
        if to < line.len() {
            push("…", false);
        }
        pieces
    }
}

fn different(marks: &[Mark]) -> usize {
    let mut words: Vec<usize> = marks.iter().map(|(_, _, nth)| *nth).collect();
    words.sort_unstable();
    words.dedup();
    words.len()
}

/// How many columns a character takes, near enough to cut by.
fn columns(c: char) -> usize {
    if word::is_seamless(c) || u32::from(c) >= 0x1F000 { 2 } else { 1 }
}

/// From where to where a text is shown: around the marks that have the most different words, the first such.
fn window(line: &str, marks: &[Mark], width: usize) -> (usize, usize) {
    let wide = |text: &str| text.chars().map(columns).sum::<usize>();
    if wide(line) <= width {
        return (0, line.len());
    }
    // Both ends may be cut.
    let room = width.saturating_sub(2).max(1);
    let fits = |from: usize, to: usize| wide(&line[from..to]) <= room;
    let mut best = (0, 0, 0);
    for (nth, (start, _, _)) in marks.iter().enumerate() {
        let inside = marks[nth..].iter().take_while(|(_, end, _)| fits(*start, (*end).max(*start)));
        let inside = inside.count();
        let end = marks[nth..nth + inside].iter().map(|(_, end, _)| *end).max().unwrap_or(*start);
        let many = different(&marks[nth..nth + inside]);
        if many > best.0 {
            best = (many, *start, end);
        }
    }
    let (_, start, end) = best;
    let spare = room.saturating_sub(wide(&line[start..end]));
    let before = back(line, start, spare / 3);
    let after = forth(line, end.max(start), room.saturating_sub(wide(&line[before..end.max(start)])));
    (before, after)
}

/// So many columns before a place, at the beginning of a word where there is one.
fn back(line: &str, from: usize, most: usize) -> usize {
    let (mut at, mut used) = (from, 0);
    for (place, c) in line[..from].char_indices().rev() {
        used += columns(c);
        if used > most {
            let space = line[at..from].find(' ').map_or(at, |gap| at + gap + 1);
            return space.min(from);
        }
        at = place;
    }
    at
}

/// So many columns after a place.
fn forth(line: &str, from: usize, most: usize) -> usize {
    let mut used = 0;
    for (place, c) in line[from..].char_indices() {
        used += columns(c);
        if used > most {
            return from + place;
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[(String, bool)]) -> String {
        pieces
            .iter()
            .map(|(text, is_marked)| if *is_marked { format!("[{text}]") } else { text.clone() })
            .collect()
    }

    #[test]
    fn a_text_is_cut_around_what_was_asked_for() {
        let long = format!(
            "{} the pool of connections is exhausted again {}",
            "word ".repeat(20),
            "end ".repeat(20)
        );
        for (query, text, width, expected) in [
            ("pool", "the Pool is full", 40, "the [Pool] is full"),
            ("pool", "two\nlines, a\tpool", 40, "two lines, a [pool]"),
            ("exhausted pool", long.as_str(), 40, "…[pool] of connections is [exhausted] again…"),
            ("nothing", "the pool", 40, "the pool"),
            ("cafe", "le Café fermé", 40, "le [Café] fermé"),
            ("数据", "我的数据库坏了", 40, "我的[数据]库坏了"),
            ("数据", "我的数据库坏了", 8, "…[数据]库…"),
            ("ops-12", "see OPS-12 now", 40, "see [OPS-12] now"),
            ("pool", "pool", 1, "[p]…"),
        ] {
            let words: Vec<String> = query.split(' ').map(str::to_owned).collect();
            let marker = Marker::of(&Query::of(&words, &[]).unwrap());
            let got = shown(&marker.cut(text, width));
            assert!(got.replace(['[', ']'], "").chars().map(columns).sum::<usize>() <= width.max(6), "{got}");
            assert_eq!(got, expected);
        }
    }
}
