//! What is due: each open step of a PDCA with its day, and whether that day is past or near.
//!
//! A step without a day cannot be late: it is told apart, never guessed. Of a PDCA that was given up, of a
//! countermeasure that was checked KO, and of one that is applied or need not be, nothing is open.

mod step;

use chrono::NaiveDate;

use super::{Pdca, Target, command};
use crate::id::Uid;
use crate::text::Line;

pub use step::{Step, StepKind};

/// How far ahead to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// Only back: what is late.
    Nothing,
    /// Also what is due today or within so many days from today.
    Days(u64),
    /// Everything that has a day.
    Everything,
}

/// A step, or one target of an act, that is due on a day.
#[derive(Debug, Clone, Copy)]
pub struct Due<'a> {
    /// The step.
    pub step: Step<'a>,
    /// The target where it is to be applied, for an act that names targets.
    pub target: Option<&'a Target>,
    /// By when.
    pub day: NaiveDate,
    /// How many days from today; negative where it is late.
    pub days: i64,
}

/// What is due in one PDCA, and what cannot be said to be: both in the order of the record.
#[derive(Debug, Clone, Default)]
pub struct Agenda<'a> {
    /// What is late, and what is due as far ahead as was asked for.
    pub due: Vec<Due<'a>>,
    /// Open steps without a day.
    pub undated: Vec<Step<'a>>,
}

impl Ahead {
    fn reaches(self, days: i64) -> bool {
        match self {
            _ if days < 0 => true,
            Self::Nothing => false,
            Self::Days(most) => u64::try_from(days).is_ok_and(|days| days <= most),
            Self::Everything => true,
        }
    }
}

impl Due<'_> {
    /// Whether its day is past.
    pub fn is_late(&self) -> bool {
        self.days < 0
    }

    /// What is asked for, in words: `apply A1 to staging`.
    pub fn words(&self) -> String {
        match self.target {
            Some(target) => format!("{} to {}", self.step.words(), target.name),
            None => self.step.words(),
        }
    }

    /// What to type once it is done.
    pub fn command(&self) -> String {
        match self.target {
            Some(target) => command::done_target(&self.step.pdca.id, self.step.label(), target.name.as_str()),
            None => self.step.command(),
        }
    }

    /// What names it for ever: by uids, and by labels where a hand has typed it and no uid is there yet.
    pub fn key(&self) -> String {
        let Step { pdca, countermeasure, act, kind, .. } = self.step;
        let name = |uid: &Option<Uid>, label: &Line| {
            uid.as_ref().map_or_else(|| label.to_string(), ToString::to_string)
        };
        let mut parts = vec![pdca.uid.to_string(), name(&countermeasure.uid, &countermeasure.id)];
        parts.extend(act.map(|act| name(&act.uid, &act.id)));
        parts.extend(self.target.map(|target| name(&target.uid, &target.name)));
        parts.push(kind.to_string());
        parts.join("-")
    }
}

impl Pdca {
    /// What is late, what is due as far `ahead` as is asked for, and what has no day.
    pub fn agenda(&self, today: NaiveDate, ahead: Ahead) -> Agenda<'_> {
        let mut agenda = Agenda::default();
        for step in self.open_steps() {
            let Some(day) = step.day else {
                agenda.undated.push(step);
                continue;
            };
            let days = (day - today).num_days();
            if !ahead.reaches(days) {
                continue;
            }
            let due = Due { step, target: None, day, days };
            let before = agenda.due.len();
            agenda.due.extend(step.open_targets().map(|target| Due { target: Some(target), ..due }));
            if agenda.due.len() == before {
                agenda.due.push(due);
            }
        }
        agenda
    }
}

#[cfg(test)]
mod tests;
