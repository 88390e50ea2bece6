//! What is late or due soon over all PDCAs, sorted; and the same in groups, for people.

mod digest;

use std::cmp::Ordering;

use chrono::NaiveDate;
use clap::ValueEnum;
use inc_core::pdca::rollout::OwnerOf;
use inc_core::pdca::{Due, Step, StepKind};
use serde::Serialize;

pub use digest::{Digest, Group, Item};

/// What people call the owner of a step that has none.
pub const NOBODY: &str = "nobody";

/// By what the answer is sorted and grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// By owner, what nobody owns last
    Owner,
    /// By day
    Day,
    /// By PDCA
    Pdca,
}

/// Everything that is late or due soon.
#[derive(Debug, Clone, Serialize)]
pub struct OverdueView {
    /// The day from which days are counted.
    pub today: NaiveDate,
    /// How many days ahead was looked; `null`: only back.
    pub within_days: Option<u64>,
    /// How many steps are late.
    pub late: usize,
    /// How many are due from today on.
    pub soon: usize,
    /// Each of them.
    pub due: Vec<DueView>,
    /// Open steps that have no day, and so can be neither.
    pub undated: Vec<UndatedView>,
}

/// One step, or one target of an act, that is due.
#[derive(Debug, Clone, Serialize)]
pub struct DueView {
    /// Which step.
    #[serde(flatten)]
    pub step: StepView,
    /// Its target, for an act that names targets.
    pub target: Option<String>,
    /// Its day.
    pub due: NaiveDate,
    /// How many days from today; negative where it is late.
    pub days: i64,
    /// Whether its day is past.
    pub late: bool,
    /// The same for people: `3 days late`.
    pub when: String,
    /// What to type once it is done.
    pub command: String,
}

/// One open step without a day.
#[derive(Debug, Clone, Serialize)]
pub struct UndatedView {
    /// Which step.
    #[serde(flatten)]
    pub step: StepView,
    /// What to type to give it a day.
    pub command: String,
}

/// Which step, and whose.
#[derive(Debug, Clone, Serialize)]
pub struct StepView {
    /// The PDCA's id.
    pub pdca: String,
    /// The PDCA's title.
    pub pdca_title: String,
    /// `do`, `check` or `act`.
    pub step: &'static str,
    /// The label of the countermeasure or act.
    pub label: String,
    /// What is asked for, in words: `apply A1 to staging`.
    pub what: String,
    /// The title of the countermeasure or act.
    pub title: String,
    /// Whose it is; `null` where nobody owns it.
    pub owner: Option<String>,
    /// What that person owns: the `act`, its `countermeasure` or the `pdca`; `null` where nobody owns it.
    pub owner_of: Option<OwnerOf>,
    /// Why that person, where the step has no owner of its own.
    #[serde(skip)]
    pub asked_as: Option<String>,
}

impl OverdueView {
    /// The view of what is due; both lists come in any order.
    pub fn of(
        today: NaiveDate,
        within_days: Option<u64>,
        mut due: Vec<Due<'_>>,
        mut undated: Vec<Step<'_>>,
        by: By,
    ) -> Self {
        due.sort_by(|a, b| compare(by, (&a.step, Some(a.day)), (&b.step, Some(b.day))));
        undated.sort_by(|a, b| compare(by, (a, None), (b, None)));
        let late = due.iter().filter(|due| due.is_late()).count();
        Self {
            today,
            within_days,
            late,
            soon: due.len() - late,
            due: due.iter().map(DueView::of).collect(),
            undated: undated.iter().map(UndatedView::of).collect(),
        }
    }
}

impl By {
    /// The word in arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Day => "day",
            Self::Pdca => "pdca",
        }
    }
}

impl DueView {
    fn of(due: &Due<'_>) -> Self {
        Self {
            step: StepView::of(&due.step, due.words()),
            target: due.target.map(|target| target.name.to_string()),
            due: due.day,
            days: due.days,
            late: due.is_late(),
            when: when(due.days),
            command: due.command(),
        }
    }
}

impl UndatedView {
    fn of(step: &Step<'_>) -> Self {
        Self { step: StepView::of(step, step.words()), command: step.day_command() }
    }
}

impl StepView {
    fn of(step: &Step<'_>, what: String) -> Self {
        let asked = step.asked();
        Self {
            pdca: step.pdca.id.to_string(),
            pdca_title: step.pdca.title.to_string(),
            step: StepKind::name(step.kind),
            label: step.label().to_owned(),
            what,
            title: step.title().to_owned(),
            owner: asked.map(|asked| asked.owner.to_string()),
            owner_of: asked.map(|asked| asked.of),
            asked_as: step.asked_as(),
        }
    }

    /// The owner's name, or the word for none.
    pub fn owner_name(&self) -> &str {
        self.owner.as_deref().unwrap_or(NOBODY)
    }
}

/// `3 days late`, `today`, `in 2 days`.
fn when(days: i64) -> String {
    match days {
        -1 => "1 day late".to_owned(),
        ..0 => format!("{} days late", days.unsigned_abs()),
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("in {days} days"),
    }
}

type Dated<'a, 'b> = (&'a Step<'b>, Option<NaiveDate>);

/// The order of the answer: nobody behind everybody, labels as people count. Targets keep the record's order.
fn compare(by: By, (one, day): Dated<'_, '_>, (other, other_day): Dated<'_, '_>) -> Ordering {
    let owner = || owner_order(one).cmp(&owner_order(other));
    let day = || day.cmp(&other_day);
    let pdca = || one.pdca.id.cmp(&other.pdca.id);
    let label = || (one.label_order(), one.kind).cmp(&(other.label_order(), other.kind));
    match by {
        By::Owner => owner().then_with(day).then_with(pdca).then_with(label),
        By::Day => day().then_with(owner).then_with(pdca).then_with(label),
        By::Pdca => pdca().then_with(day).then_with(label),
    }
}

/// Without regard to case, but the same name in two spellings stays in two groups.
fn owner_order<'a>(step: &Step<'a>) -> (bool, String, Option<&'a str>) {
    let name = step.asked().map(|asked| asked.owner.as_str());
    (name.is_none(), name.unwrap_or_default().to_lowercase(), name)
}
