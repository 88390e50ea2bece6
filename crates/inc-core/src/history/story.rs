//! The facts of a whole history: each version told against the one before it, across versions that cannot be read.

use std::collections::BTreeMap;

use super::{Fact, Kind, Recorded};
use crate::id::Uid;

/// One commit of a record's file. Versions are numbers, of the versions that [`story`] is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// The file before and after, once for each parent; several of a merge that differs from all of them.
    pub sides: Vec<Side>,
    /// The file's old and new path, where they differ.
    pub moved: Option<(String, String)>,
    /// The clone holds nothing older.
    pub begins: bool,
}

/// A file before and after; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// The version before.
    pub before: Option<usize>,
    /// The version after.
    pub after: Option<usize>,
}

/// The facts of each step of the record `uid`, the oldest step first; none where a step is of another record.
///
/// A version that cannot be read stands with the reason. What comes next is told against the last one that could be.
pub fn story<R: Recorded>(steps: &[Step], versions: &[Result<R, String>], uid: Uid) -> Vec<Vec<Fact>> {
    let mut teller = Teller { versions, uid, stand_ins: BTreeMap::new(), gone: None };
    steps.iter().map(|step| teller.step(step)).collect()
}

struct Teller<'v, R> {
    versions: &'v [Result<R, String>],
    uid: Uid,
    /// What a version that cannot be read is told as: the last one before it that could be.
    stand_ins: BTreeMap<usize, Option<usize>>,
    /// The last version before the file went.
    gone: Option<usize>,
}

impl<R: Recorded> Teller<'_, R> {
    fn step(&mut self, step: &Step) -> Vec<Fact> {
        let Some(first) = step.sides.first() else { return vec![] };
        let had_any = step.sides.iter().any(|side| self.ours(side.before).is_some());
        let Some(after) = self.ours(first.after) else {
            if !had_any {
                return vec![];
            }
            self.gone = self.readable(first.before);
            let what = if first.after.is_some() { "its file holds another record" } else { "file deleted" };
            return vec![Fact::new(Kind::Removed, what, "file")];
        };
        match &self.versions[after] {
            Err(why) => {
                let before = step.sides.iter().find_map(|side| self.readable(side.before));
                self.stand_ins.insert(after, before.or(self.gone));
                vec![Fact::new(Kind::Unreadable, format!("cannot be read: {why}"), "unreadable")]
            }
            Ok(_) if step.begins && !had_any => vec![self.beginning(after)],
            Ok(_) => self.told(step, after),
        }
    }

    fn told(&mut self, step: &Step, after: usize) -> Vec<Fact> {
        let mut facts: Vec<Fact> = vec![];
        if let Some((from, to)) = &step.moved {
            facts.push(Fact::new(Kind::Moved, format!("file {from} moved to {to}"), "moved"));
        }
        let back = self.gone.take().filter(|_| step.sides.iter().all(|side| side.before.is_none()));
        if back.is_some() {
            facts.push(Fact::new(Kind::Added, "file is back", "back"));
        }
        let sides = step.sides.iter().map(|side| self.facts(self.readable(side.before).or(back), after));
        facts.extend(agreed(sides.collect()));
        if facts.is_empty() {
            facts.push(match step.sides.len() {
                1 => Fact::new(Kind::Layout, "comments or layout only", "layout"),
                _ => Fact::new(Kind::Merged, "two histories merged", "merged"),
            });
        }
        facts
    }

    fn facts(&self, before: Option<usize>, after: usize) -> Vec<Fact> {
        let record = |version: usize| self.versions[version].as_ref().ok();
        record(after).map(|after| R::facts(before.and_then(record), after)).unwrap_or_default()
    }

    fn beginning(&self, after: usize) -> Fact {
        let whole = self.versions[after].as_ref().map(R::whole).unwrap_or_default();
        Fact::new(Kind::Begins, format!("older than this shallow clone, or new: {whole}"), "begins")
    }

    /// A version of this record; one that cannot be read is taken for one.
    fn ours(&self, version: Option<usize>) -> Option<usize> {
        version
            .filter(|number| self.versions[*number].as_ref().map_or(true, |record| record.uid() == self.uid))
    }

    fn readable(&self, version: Option<usize>) -> Option<usize> {
        let number = self.ours(version)?;
        match &self.versions[number] {
            Ok(_) => Some(number),
            Err(_) => self.stand_ins.get(&number).copied().flatten(),
        }
    }
}

/// What all sides tell: what a merge brought that no side had.
fn agreed(sides: Vec<Vec<Fact>>) -> Vec<Fact> {
    let mut sides = sides.into_iter();
    let mut facts = sides.next().unwrap_or_default();
    for side in sides {
        facts.retain(|fact| side.iter().any(|other| other.mark == fact.mark));
    }
    facts
}
