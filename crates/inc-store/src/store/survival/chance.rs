//! What people type, by chance: names, lines, prose, times and days, all decided by one seed.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::str::FromStr;

use inc_core::id::Uid;
use inc_core::instant::Instant;
use inc_core::text::{Line, Prose};
use inc_core::timeline::Link;

use crate::edit::mangle::Dice;

/// Texts of one line that a careless writer would leave without quotes, and ordinary ones.
const LINES: [&str; 26] = [
    "Mathieu Corbin",
    "Ada",
    "The situation is now stable",
    "ASG for cluster3 are full (60/60): we scale them to 80",
    "a # b",
    "#1 on the list",
    "- not an item",
    "yes",
    "no",
    "null",
    "~",
    "12:30",
    "0x10",
    "1_000",
    "2023-03-27",
    "it's \"quoted\"",
    "C:\\temp\\new",
    "{not: a map}",
    "[nor, a list]",
    "*alias & anchor",
    "!tag",
    "key: value",
    "déjà vu 👩‍💻",
    "trailing colon:",
    "%percent @at `tick`",
    "The staging cluster is misbehaving (timeouts, pods crashing...): a lot of features branches are not working",
];

/// Texts of several lines.
const BLOCKS: [&str; 7] = [
    "- Crossplane was installed by hand\n- We reached the maximum number of nodes",
    "first\n\nafter a blank line",
    "code:\n  indented: true\n    deeper",
    "tab\there\nand there",
    "# looks like a comment\nand is none",
    "ends with a space \nand goes on",
    "---\n...",
];

/// Choices of a writer.
#[derive(Debug)]
pub(super) struct Chance {
    dice: Dice,
    minted: u64,
}

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), minted: seed.wrapping_mul(100_000) }
    }

    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.dice.roll(sides)
    }

    pub(super) fn seed(&mut self) -> u64 {
        self.dice.roll(usize::MAX) as u64
    }

    /// True once in `of` times.
    pub(super) fn once_in(&mut self, of: usize) -> bool {
        self.dice.once_in(of)
    }

    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.dice.roll(from.len())]
    }

    /// `Some` every other time.
    pub(super) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(2).then(|| make(self))
    }

    /// Up to `most` of them.
    pub(super) fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.roll(most + 1)).map(|_| make(self)).collect()
    }

    pub(super) fn line(&mut self) -> Line {
        let text = *self.pick(&LINES);
        known(text)
    }

    pub(super) fn prose(&mut self) -> Prose {
        if self.once_in(3) { known(BLOCKS[self.roll(BLOCKS.len())]) } else { self.line().into() }
    }

    pub(super) fn name(&mut self) -> Line {
        known(["Mathieu Corbin", "Ada Lovelace", "Grace Hopper", "Søren: on call"][self.roll(4)])
    }

    /// Some people, each once.
    pub(super) fn names(&mut self) -> Vec<Line> {
        let mut names = self.some(4, Self::name);
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    pub(super) fn link(&mut self) -> Link {
        let name = ["channel", "dashboard", "graph: CPU", "log"][self.roll(4)];
        Link { name: known(name), url: known(&format!("https://example.org/{}#top", self.roll(50))) }
    }

    /// A moment of the incident's day, often one that others have too.
    pub(super) fn at(&mut self) -> Instant {
        let minute = self.roll(40) * 5;
        let text = format!("2023-03-27T{:02}:{:02}:00+02:00", 12 + minute / 60, minute % 60);
        Instant::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// A day in March or April.
    pub(super) fn day<T: FromStr<Err: Debug>>(&mut self) -> T {
        known(&format!("2023-0{}-{:02}", 3 + self.roll(2), 1 + self.roll(28)))
    }

    pub(super) fn uid(&mut self) -> Uid {
        self.minted += 1;
        Uid::from_parts(1_679_914_740_000, self.minted.into())
    }
}

/// A text that is right.
pub(super) fn known<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

/// The moment at which all changes are made.
pub(super) fn now() -> Instant {
    Instant::parse("2023-05-02T10:00:00+02:00").unwrap_or_else(|error| panic!("{error}"))
}
