//! The values of one group: each is a small number while incidents are counted, and a [`Key`] in the answer.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use super::group::Group;
use super::period::{Period, Unit};
use crate::answer::Answer;
use crate::instant::Zone;
use crate::severity::Severity;
use crate::status::Status;
use crate::summary::Summary;
use crate::text::Line;

/// The value of a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A severity or a status, by its rank.
    Ranked(u8, &'static str),
    /// A period of the calendar.
    Period(Period),
    /// What the record says.
    Text(String),
    /// `unknown`, `none` or `n/a`.
    Word(&'static str),
    /// Nobody was asked.
    NotAsked,
}

/// One group, and the values that were met.
#[derive(Debug)]
pub(super) struct Axis {
    pub(super) group: Group,
    /// How many parts of a root cause's path count.
    depth: usize,
    texts: HashMap<String, i32>,
    /// Between what is joined to one text.
    joined: String,
}

/// What a text can be instead, by negative numbers.
const WORDS: [Key; 4] = [Key::Word("unknown"), Key::Word("none"), Key::Word("n/a"), Key::NotAsked];

impl Axis {
    pub(super) fn of(group: Group, depth: Option<usize>) -> Self {
        let depth = depth.unwrap_or(usize::MAX);
        Self { group, depth, texts: HashMap::new(), joined: String::new() }
    }

    /// The number of an incident's value.
    pub(super) fn place(&mut self, of: &Summary, zone: &Zone) -> i32 {
        match self.group {
            Group::Severity => of.severity as i32,
            Group::Status => of.status as i32,
            Group::Period(unit) => Period::of(unit, zone.local(of.began_at()).date).number,
            Group::Environment => self.line(of.environment.as_ref()),
            Group::Commander => self.line(of.commander.as_ref()),
            Group::Team(field) => self.answer(field.of(&of.team)),
            Group::DetectedVia => self.answer(&of.detected_via),
            Group::RootCause => match &of.root_cause {
                Answer::Known(path) => {
                    self.joined.clear();
                    for part in path.iter().take(self.depth) {
                        if !self.joined.is_empty() {
                            self.joined.push_str(" > ");
                        }
                        self.joined.push_str(part.as_str());
                    }
                    let joined = std::mem::take(&mut self.joined);
                    let place = self.text(&joined);
                    self.joined = joined;
                    place
                }
                other => word(other),
            },
        }
    }

    fn line(&mut self, line: Option<&Line>) -> i32 {
        line.map_or(-4, |line| self.text(line.as_str()))
    }

    fn answer(&mut self, answer: &Answer<Line>) -> i32 {
        match answer {
            Answer::Known(line) => self.text(line.as_str()),
            other => word(other),
        }
    }

    fn text(&mut self, text: &str) -> i32 {
        if let Some(place) = self.texts.get(text) {
            return *place;
        }
        let place = i32::try_from(self.texts.len()).unwrap_or(i32::MAX);
        self.texts.insert(text.to_owned(), place);
        place
    }

    /// The keys in their order, each with its number: severities from the worst on, all of them; statuses by number;
    /// periods from the first to the last, also those in which nothing happened; texts by how many there are, then by
    /// name, and what is no text at the end.
    pub(super) fn keys(&self, counts: &HashMap<i32, usize>) -> Vec<(i32, Key)> {
        match self.group {
            Group::Severity => {
                Severity::ALL.iter().map(|it| (*it as i32, Key::Ranked(*it as u8, it.name()))).collect()
            }
            Group::Status => {
                let met = Status::ALL.iter().filter(|it| counts.contains_key(&(**it as i32)));
                met.map(|it| (*it as i32, Key::Ranked(it.number(), it.name()))).collect()
            }
            Group::Period(unit) => periods(unit, counts),
            _ => self.by_count(counts),
        }
    }

    fn by_count(&self, counts: &HashMap<i32, usize>) -> Vec<(i32, Key)> {
        let mut texts: Vec<(&String, i32)> = self.texts.iter().map(|(text, place)| (text, *place)).collect();
        let count = |place: i32| counts.get(&place).copied().unwrap_or_default();
        texts.sort_by_key(|(text, place)| (Reverse(count(*place)), *text));
        let texts = texts.into_iter().map(|(text, place)| (place, Key::Text(text.clone())));
        let words = (-4..0).rev().filter(|place| counts.contains_key(place));
        texts.chain(words.map(|place| (place, WORDS[(-1 - place) as usize].clone()))).collect()
    }
}

fn periods(unit: Unit, counts: &HashMap<i32, usize>) -> Vec<(i32, Key)> {
    let (first, last) = (counts.keys().min(), counts.keys().max());
    let range = first.zip(last).map(|(first, last)| *first..=*last);
    let each = range.into_iter().flatten();
    each.map(|number| (number, Key::Period(Period { unit, number }))).collect()
}

fn word<T>(answer: &Answer<T>) -> i32 {
    let of = |word: &str| WORDS.iter().position(|key| matches!(key, Key::Word(known) if *known == word));
    let place = answer.word().and_then(of).unwrap_or(WORDS.len() - 1);
    -1 - i32::try_from(place).unwrap_or_default()
}

impl Key {
    /// Whether a value was given.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Word(_) | Self::NotAsked)
    }
}

/// As people read it; `-` where nobody was asked.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ranked(_, word) | Self::Word(word) => f.write_str(word),
            Self::Period(period) => period.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::NotAsked => f.write_str("-"),
        }
    }
}
