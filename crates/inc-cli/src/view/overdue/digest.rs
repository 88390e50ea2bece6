//! What is due, in groups: what `overdue.md.j2` lays out, and the tables in a terminal.

use chrono::NaiveDate;
use serde::Serialize;

use super::{By, DueView, OverdueView, StepView, UndatedView};

/// The digest for people, which `overdue.md.j2` lays out.
#[derive(Debug, Clone, Serialize)]
pub struct Digest<'a> {
    /// `3 late, 1 due within 7 days`.
    pub headline: String,
    /// The day from which days are counted.
    pub today: NaiveDate,
    /// How many are late.
    pub late: usize,
    /// How many are due from today on.
    pub soon: usize,
    /// By what it is grouped: `owner`, `day` or `pdca`.
    pub by: &'static str,
    /// The groups, in order.
    pub groups: Vec<Group<'a>>,
    /// Open steps that have no day.
    pub undated: &'a [UndatedView],
}

/// What belongs together.
#[derive(Debug, Clone, Serialize)]
pub struct Group<'a> {
    /// The owner, the day or the PDCA.
    pub name: String,
    /// `2 late, 1 soon`.
    pub counts: String,
    /// What is due, the latest first.
    pub items: Vec<Item<'a>>,
}

/// One line of a group.
#[derive(Debug, Clone, Serialize)]
pub struct Item<'a> {
    /// What is due.
    #[serde(flatten)]
    pub due: &'a DueView,
    /// Whose it is, as far as the group's name does not tell.
    pub aside: Option<String>,
}

impl OverdueView {
    /// The same in groups.
    pub fn digest(&self, by: By) -> Digest<'_> {
        let groups = self.due.chunk_by(|a, b| group_name(by, a) == group_name(by, b));
        Digest {
            headline: self.headline(),
            today: self.today,
            late: self.late,
            soon: self.soon,
            by: by.name(),
            groups: groups.map(|due| Group::of(by, due)).collect(),
            undated: &self.undated,
        }
    }

    fn headline(&self) -> String {
        let late = if self.late == 0 { "nothing late".to_owned() } else { format!("{} late", self.late) };
        match self.within_days {
            None => late,
            Some(0) => format!("{late}, {} due today", self.soon),
            Some(1) => format!("{late}, {} due by tomorrow", self.soon),
            Some(days) => format!("{late}, {} due within {days} days", self.soon),
        }
    }
}

impl<'a> Group<'a> {
    fn of(by: By, due: &'a [DueView]) -> Self {
        let late = due.iter().filter(|due| due.late).count();
        let counts = [(late, "late"), (due.len() - late, "soon")].into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        Self {
            name: due.first().map(|due| group_name(by, due)).unwrap_or_default(),
            counts: counts.join(", "),
            items: due.iter().map(|due| Item { due, aside: aside(by, &due.step) }).collect(),
        }
    }
}

fn group_name(by: By, due: &DueView) -> String {
    match by {
        By::Owner => due.step.owner_name().to_owned(),
        By::Day => due.due.to_string(),
        By::Pdca => due.step.pdca.clone(),
    }
}

fn aside(by: By, step: &StepView) -> Option<String> {
    match (by, &step.asked_as) {
        (By::Owner, note) => note.clone(),
        (_, Some(note)) => Some(format!("{}, {note}", step.owner_name())),
        (_, None) => Some(step.owner_name().to_owned()),
    }
}
