//! Texts that come back in many rows, each held once: names, environments, causes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Texts;
use crate::answer::Answer;
use crate::text::Line;

/// Below this a number says which kind of nothing an answer is.
const KNOWN: u32 = 4;

/// The words of a table, by number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Words<'a> {
    #[serde(borrow)]
    texts: Texts<'a>,
    /// The numbers by word, made when first a word is added.
    #[serde(skip)]
    numbers: HashMap<Box<str>, u32>,
}

impl Words<'_> {
    /// The number of a word, new or not.
    pub fn number(&mut self, word: &str) -> u32 {
        if self.numbers.len() != self.texts.len() {
            self.numbers =
                (0..self.texts.len()).map(|place| (self.texts.text(place).into(), to_u32(place))).collect();
        }
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = to_u32(self.texts.len());
        self.texts.push(word.as_bytes());
        self.numbers.insert(word.into(), number);
        number
    }

    /// The word of a number.
    pub fn word(&self, number: u32) -> &str {
        self.texts.text(number as usize)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The same words, of its own.
    pub fn owned<'b>(&self) -> Words<'b> {
        Words { texts: self.texts.owned(), numbers: HashMap::new() }
    }

    /// The number of an answer about one word, or about several as one.
    pub(crate) fn answer<T>(&mut self, answer: &Answer<T>, word: impl Fn(&T) -> String) -> u64 {
        u64::from(match answer {
            Answer::Missing => 0,
            Answer::Unknown => 1,
            Answer::None => 2,
            Answer::NotApplicable => 3,
            Answer::Known(value) => self.number(&word(value)) + KNOWN,
        })
    }

    /// The answer of a number, as text.
    pub(crate) fn told(&self, number: u64) -> Answer<&str> {
        match u32::try_from(number).unwrap_or(0) {
            0 => Answer::Missing,
            1 => Answer::Unknown,
            2 => Answer::None,
            3 => Answer::NotApplicable,
            number => Answer::Known(self.word(number - KNOWN)),
        }
    }

    /// The answer of a number.
    pub(crate) fn answered<T>(&self, number: u64, read: impl Fn(&str) -> T) -> Answer<T> {
        self.told(number).map(|text| read(text))
    }

    /// How many numbers [`Words::told`] knows.
    pub(crate) fn numbers(&self) -> u64 {
        self.len() as u64 + u64::from(KNOWN)
    }

    /// The number of a line that may be missing.
    pub(crate) fn line(&mut self, line: Option<&Line>) -> u64 {
        line.map_or(0, |line| u64::from(self.number(line.as_str()) + KNOWN))
    }

    /// The line of a number.
    pub(crate) fn lined(&self, number: u64) -> Option<Line> {
        self.answered(number, Line::kept).known().cloned()
    }
}

fn to_u32(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX - KNOWN)
}
