//! An open step: a countermeasure to do, a check to make, an act to apply; whose it is, and what to type.

use chrono::NaiveDate;
use serde::Serialize;

use crate::pdca::rollout::{Asked, OwnerOf};
use crate::pdca::{Act, ActStatus, Countermeasure, CountermeasureStatus, Pdca, Target, command, label};
use crate::severity::Path;

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Carry a countermeasure out.
    Do,
    /// Find out whether it cures.
    Check,
    /// Apply it elsewhere.
    Act,
}

/// One open step; an act is one step, however many of its targets are open.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The PDCA that it belongs to.
    pub pdca: &'a Pdca,
    /// The countermeasure that is carried out, checked or applied.
    pub countermeasure: &'a Countermeasure,
    /// The act, where it is one.
    pub act: Option<&'a Act>,
    /// What it asks for.
    pub kind: StepKind,
    /// By when; `None` where nobody has said so.
    pub day: Option<NaiveDate>,
    /// Which countermeasure and which of its acts, counted from 0.
    at: (usize, usize),
}

impl<'a> Step<'a> {
    /// The label of the countermeasure or act: `C1`, `A1`.
    pub fn label(&self) -> &'a str {
        self.act.map_or(&self.countermeasure.id, |act| &act.id).as_str()
    }

    /// What sorts labels as people count: C2 before C10.
    pub fn label_order(&self) -> (String, u64) {
        label::order(self.label())
    }

    /// The title of the countermeasure or act.
    pub fn title(&self) -> &'a str {
        self.act.map_or(&self.countermeasure.title, |act| &act.title).as_str()
    }

    /// Who is asked for it: the owner of the countermeasure or act itself, else of what it belongs to; `None` where nobody is.
    pub fn asked(&self) -> Option<Asked<'a>> {
        match self.act {
            Some(act) => act.asked_in(self.countermeasure, self.pdca),
            None => self.countermeasure.asked_in(self.pdca),
        }
    }

    /// Why that person, where the step has no owner of its own: `owner of C1`, `owner of the PDCA`.
    pub fn asked_as(&self) -> Option<String> {
        match (self.asked()?.of, self.act) {
            (OwnerOf::Pdca, _) => Some("owner of the PDCA".to_owned()),
            (OwnerOf::Countermeasure, Some(_)) => Some(format!("owner of {}", self.countermeasure.id)),
            (OwnerOf::Countermeasure, None) | (OwnerOf::Act, _) => None,
        }
    }

    /// What is asked for, in words: `check C1`.
    pub fn words(&self) -> String {
        let verb = match self.kind {
            StepKind::Do => "do",
            StepKind::Check => "check",
            StepKind::Act => "apply",
        };
        format!("{verb} {}", self.label())
    }

    /// What to type once it is done.
    pub fn command(&self) -> String {
        match self.kind {
            StepKind::Do => command::done(&self.pdca.id, self.label()),
            StepKind::Check => command::check(&self.pdca.id, self.label()),
            StepKind::Act => match self.open_targets().next() {
                Some(target) => command::done_target(&self.pdca.id, self.label(), target.name.as_str()),
                None => command::done(&self.pdca.id, self.label()),
            },
        }
    }

    /// What to type to give it a day, or another one.
    pub fn day_command(&self) -> String {
        match (self.kind, &self.countermeasure.check) {
            (StepKind::Do, _) => command::amend(&self.pdca.id, self.label(), "--due DAY"),
            (StepKind::Check, Some(_)) => command::amend(&self.pdca.id, self.label(), "--check-on DAY"),
            (StepKind::Check, None) => {
                command::amend(&self.pdca.id, self.label(), "--check HOW --check-on DAY")
            }
            (StepKind::Act, _) => command::act_due(&self.pdca.id, self.label()),
        }
    }

    /// The targets of an act that are not ticked.
    pub fn open_targets(&self) -> impl Iterator<Item = &'a Target> + use<'a> {
        let targets = self.act.map_or(&[][..], |act| act.targets.as_slice());
        targets.iter().filter(|target| target.done_on.is_none())
    }

    /// The path to its day in the record.
    pub fn path(&self) -> Path {
        let countermeasure = Path::default().key("countermeasures").index(self.at.0);
        match self.kind {
            StepKind::Do => countermeasure.key("due"),
            StepKind::Check => countermeasure.key("check").key("on"),
            StepKind::Act => countermeasure.key("acts").index(self.at.1).key("due"),
        }
    }

    /// Its day, where that is before `today`.
    pub fn late(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.day.filter(|day| *day < today)
    }
}

impl Pdca {
    /// Everything that is open, with or without a day, in the order of the record.
    pub fn open_steps(&self) -> impl Iterator<Item = Step<'_>> {
        let all = self.countermeasures.iter().enumerate().filter(|_| self.abandoned.is_none());
        all.flat_map(|(at, countermeasure)| self.steps_of(at, countermeasure))
    }

    fn steps_of<'a>(&'a self, at: usize, countermeasure: &'a Countermeasure) -> Vec<Step<'a>> {
        let status = countermeasure.status();
        if matches!(status, CountermeasureStatus::CheckKo | CountermeasureStatus::Applied) {
            return vec![];
        }
        let step = |kind, day| Step { pdca: self, countermeasure, act: None, kind, day, at: (at, 0) };
        let mut steps = vec![];
        if status == CountermeasureStatus::Planned {
            steps.push(step(StepKind::Do, countermeasure.due));
        }
        if countermeasure.result().is_none() {
            let on = countermeasure.check.as_ref().and_then(|check| check.on);
            steps.push(step(StepKind::Check, on));
        }
        let acts = countermeasure.acts.iter().enumerate();
        let open = acts.filter(|(_, act)| act.status() != ActStatus::Done);
        steps.extend(open.map(|(n, act)| {
            let step = step(StepKind::Act, act.due);
            Step { act: Some(act), at: (at, n), ..step }
        }));
        steps
    }
}
