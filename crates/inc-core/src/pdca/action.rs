//! What may happen to a PDCA: a closed list of actions, each a pure step from one record to the next.
//!
//! An action either yields the whole new record, with the words for the commit, or a [`Refusal`] and nothing. There is
//! no action that sets a status: it follows from the content. "Today" is the day that [`Stamp::at`] shows under its own
//! offset; the caller brings it in the repository's zone.

mod acts;
mod create;
mod cure;
mod end;
mod plan;
mod refusal;
mod replace;

use chrono::NaiveDate;

use super::label;
use super::{Branch, CheckResult, CountermeasureKind, Escalation, Pdca, command};
use crate::Stamp;
use crate::incident::Team;
use crate::span::Span;
use crate::text::{Line, Prose, Title, brief};
use crate::timeline::Link;

pub use create::{NewPdca, create};
pub use refusal::Refusal;

/// What may happen to a PDCA once it is begun. Labels are taken without regard to case.
#[derive(Debug, Clone)]
pub enum Action {
    /// Plan: an answer to "why?".
    AddWhy(NewWhy),
    /// Plan: a why is a root cause.
    TagRootCause {
        /// The why's label.
        why: String,
        /// Its label as a root cause.
        root_cause: Tag,
        /// Take the label from the why that has it, as the real cause lies deeper.
        moving: bool,
    },
    /// Plan: a why ends its branch, without a root cause.
    EndWhy {
        /// The why's label.
        why: String,
        /// How it ends.
        end: End,
    },
    /// Plan: one of the two questions does not apply.
    NotApplicable {
        /// Which one.
        branch: Branch,
        /// Why not.
        reason: Prose,
    },
    /// Do: a new countermeasure.
    AddCountermeasure(NewCountermeasure),
    /// Do: a countermeasure is told better, or what its plan lacks is added.
    Amend {
        /// The countermeasure's label.
        countermeasure: String,
        /// What changes.
        edit: Box<CountermeasureEdit>,
    },
    /// Do: a countermeasure is done.
    Done {
        /// The countermeasure's label.
        countermeasure: String,
        /// On which day; today, where absent.
        on: Option<NaiveDate>,
    },
    /// Check: what came out.
    Check(NewCheck),
    /// Act: what is proven is applied elsewhere.
    AddAct(NewAct),
    /// Act: an act is told better, or finds more targets.
    AmendAct {
        /// The act's label.
        act: String,
        /// What changes.
        edit: ActEdit,
    },
    /// Act: it is applied to a target, or done where it names none.
    DoneAct {
        /// The act's label.
        act: String,
        /// Which target; needed where the act has some.
        target: Option<String>,
        /// On which day; today, where absent.
        on: Option<NaiveDate>,
    },
    /// Act: nothing is to be rolled out.
    NoAct {
        /// The countermeasure's label.
        countermeasure: String,
        /// Why not.
        reason: Prose,
    },
    /// Properties of the PDCA itself are set.
    Set(Vec<Setting>),
    /// The PDCA is given up.
    Abandon {
        /// Why.
        reason: Prose,
    },
    /// A PDCA that was given up is taken up again.
    Resume {
        /// Why; the commit keeps it.
        reason: Line,
    },
    /// A person edited the file whole.
    Replace(Box<Pdca>),
}

/// An answer to "why?" that somebody adds.
#[derive(Debug, Clone)]
pub struct NewWhy {
    /// Where it goes.
    pub parent: WhyParent,
    /// The answer.
    pub why: Prose,
    /// Its label, where it is a root cause.
    pub root_cause: Option<Tag>,
    /// How it ends its branch, where it is none.
    pub end: Option<End>,
    /// Evidence, fixes.
    pub links: Vec<Link>,
}

/// How a branch ends where there is no root cause to cure, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Nobody of us can act on it.
    OutOfControl(Prose),
    /// It cannot be found out.
    Unknown(Prose),
}

/// What a new why answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyParent {
    /// Why did the problem occur?
    Occurrence,
    /// Why didn't we detect it sooner?
    NonDetection,
    /// Why is that why so? By its label.
    Under(String),
}

/// How a root cause gets its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// The number after the highest one.
    NextFree,
    /// The user's own: `RC2`, in any order.
    Named(String),
}

impl From<Option<String>> for Tag {
    /// `None` is an option without a value.
    fn from(label: Option<String>) -> Self {
        label.map_or(Self::NextFree, Self::Named)
    }
}

/// A countermeasure that somebody adds.
#[derive(Debug, Clone)]
pub struct NewCountermeasure {
    /// What is done.
    pub title: Line,
    /// The root causes that it answers, one at least.
    pub root_causes: Vec<String>,
    /// What it does against the cause.
    pub kind: Option<CountermeasureKind>,
    /// Who does it.
    pub owner: Option<Line>,
    /// Whose system it is.
    pub team: Team,
    /// How long it may take.
    pub timebox: Option<Span>,
    /// By when it shall be done.
    pub due: Option<NaiveDate>,
    /// How it will be checked.
    pub check_how: Option<Prose>,
    /// On which day it will be checked, or was.
    pub check_on: Option<NaiveDate>,
}

/// What changes about a countermeasure; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct CountermeasureEdit {
    /// The new title.
    pub title: Option<Line>,
    /// Root causes to add.
    pub more_root_causes: Vec<String>,
    /// What it does against the cause.
    pub kind: Option<CountermeasureKind>,
    /// The new owner.
    pub owner: Option<Line>,
    /// The new team.
    pub team: Option<Team>,
    /// How long it may take.
    pub timebox: Option<Span>,
    /// The new due day.
    pub due: Option<NaiveDate>,
    /// How it will be checked from now on.
    pub check_how: Option<Prose>,
    /// The day of the check.
    pub check_on: Option<NaiveDate>,
}

/// What came out of a check.
#[derive(Debug, Clone)]
pub struct NewCheck {
    /// The countermeasure's label.
    pub countermeasure: String,
    /// OK or KO.
    pub result: CheckResult,
    /// On which day; else the planned one unless it is yet to come, else today.
    pub on: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Option<Prose>,
    /// Who checked; the author, where absent.
    pub by: Option<Line>,
    /// How it was checked; as planned, where absent.
    pub how: Option<Prose>,
}

/// An act that somebody adds.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// The label of the countermeasure that it applies.
    pub countermeasure: String,
    /// What is applied.
    pub title: Line,
    /// Who does it.
    pub owner: Option<Line>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// Where.
    pub targets: Vec<Line>,
}

/// What changes about an act; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct ActEdit {
    /// The new title.
    pub title: Option<Line>,
    /// The new owner.
    pub owner: Option<Line>,
    /// The new due day.
    pub due: Option<NaiveDate>,
    /// Targets to add.
    pub more_targets: Vec<Line>,
}

/// A property of the PDCA itself and its new value; `None` takes it out.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// What it is called.
    Title(Title),
    /// Who drives it.
    Owner(Option<Line>),
    /// Who takes part, all of them.
    Participants(Vec<Line>),
    /// The cross-functional team.
    Cft(Option<Line>),
    /// The problem, framed.
    ProblemStatement(Option<Prose>),
    /// What happened, where no incident's timeline tells it.
    Context(Option<Prose>),
    /// Where a problem too deep for a PDCA goes.
    Escalation(Option<Escalation>),
}

impl Setting {
    /// The key in the file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Owner(_) => "owner",
            Self::Participants(_) => "participants",
            Self::Cft(_) => "cft",
            Self::ProblemStatement(_) => "problem_statement",
            Self::Context(_) => "context",
            Self::Escalation(_) => "escalation",
        }
    }
}

/// A new record, and what is said of the change.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The record after the action.
    pub pdca: Pdca,
    /// The first line of the commit.
    pub subject: String,
    /// What the user asked for, for stdout: the new label, or the id of a new PDCA.
    pub said: Option<String>,
    /// What the user should know, for stderr.
    pub remarks: Vec<String>,
}

/// What one action tells while it is applied.
struct Told<'a, 's> {
    today: NaiveDate,
    stamp: &'a mut Stamp<'s>,
    said: Option<String>,
    remarks: Vec<String>,
}

impl Told<'_, '_> {
    fn remark(&mut self, words: String) {
        self.remarks.push(words);
    }

    /// A day to come that has passed is told, not refused: late is late.
    fn remark_past(&mut self, what: &str, day: Option<NaiveDate>) {
        if let Some(day) = day
            && day < self.today
        {
            self.remark(format!("{what} lies in the past: {day}, today is {}", self.today));
        }
    }
}

impl Pdca {
    /// The record after `action`.
    ///
    /// # Errors
    /// A [`Refusal`] where the action is not allowed; the record is not changed.
    pub fn apply(&self, action: Action, stamp: &mut Stamp<'_>) -> Result<Outcome, Refusal> {
        self.refuse_if_abandoned(&action)?;
        let mut next = self.clone();
        let mut told = Told { today: stamp.at.datetime().date_naive(), stamp, said: None, remarks: vec![] };
        let subject = match action {
            Action::AddWhy(new) => next.add_why(new, &mut told)?,
            Action::TagRootCause { why, root_cause, moving } => {
                next.tag_root_cause(&why, &root_cause, moving, &mut told)?
            }
            Action::EndWhy { why, end } => next.end_why(&why, end, &mut told)?,
            Action::NotApplicable { branch, reason } => next.not_applicable(branch, reason, &mut told)?,
            Action::AddCountermeasure(new) => next.add_countermeasure(new, &mut told)?,
            Action::Amend { countermeasure, edit } => next.amend(&countermeasure, *edit, &mut told)?,
            Action::Done { countermeasure, on } => next.done(&countermeasure, on, &mut told)?,
            Action::Check(check) => next.check(check, &mut told)?,
            Action::AddAct(new) => next.add_act(new, &mut told)?,
            Action::AmendAct { act, edit } => next.amend_act(&act, edit, &mut told)?,
            Action::DoneAct { act, target, on } => next.done_act(&act, target.as_deref(), on, &mut told)?,
            Action::NoAct { countermeasure, reason } => next.no_act(&countermeasure, reason, &mut told)?,
            Action::Set(settings) => next.set(settings, &mut told)?,
            Action::Abandon { reason } => next.abandon(reason, &mut told)?,
            Action::Resume { reason } => next.resume(&reason, &mut told)?,
            Action::Replace(edited) => {
                next = edited.replacing(self, &mut told)?;
                "pdca: edit by hand".to_owned()
            }
        };
        next.check_days(self, told.today)?;
        next.mint_missing_uids(told.stamp);
        Ok(Outcome { pdca: next, subject, said: told.said, remarks: told.remarks })
    }

    /// What was given up is not worked on; only its own properties may still be put right.
    fn refuse_if_abandoned(&self, action: &Action) -> Result<(), Refusal> {
        let may = matches!(
            action,
            Action::Resume { .. } | Action::Abandon { .. } | Action::Set(_) | Action::Replace(_)
        );
        if self.abandoned.is_some() && !may {
            return Err(Refusal::Abandoned { command: command::resume(&self.id) });
        }
        Ok(())
    }

    fn set(&mut self, settings: Vec<Setting>, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        if settings.is_empty() {
            return Err(Refusal::Nothing { command: command::problem(&self.id) });
        }
        let names: Vec<&str> = settings.iter().map(Setting::name).collect();
        let subject = format!("pdca: set {}", names.join(", "));
        for setting in settings {
            match setting {
                Setting::Title(title) => self.title = title,
                Setting::Owner(owner) => self.owner = owner,
                Setting::Participants(participants) => self.participants = participants,
                Setting::Cft(cft) => self.cft = cft,
                Setting::ProblemStatement(problem) => self.problem_statement = problem,
                Setting::Context(context) => {
                    if context.is_some() {
                        self.remark_on_context(told);
                    }
                    self.context = context;
                }
                Setting::Escalation(escalation) => self.escalation = escalation,
            }
        }
        Ok(subject)
    }

    fn remark_on_context(&self, told: &mut Told<'_, '_>) {
        if self.source.kind == super::SourceKind::Incident {
            told.remark(
                "the incident's timeline is shown as the context already: no need to paste it".to_owned(),
            );
        }
    }

    fn abandon(&mut self, reason: Prose, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        if self.status() == super::Status::ActDone {
            return Err(Refusal::Through { command: command::edit(&self.id) });
        }
        let subject = format!("pdca: abandon: {}", brief(reason.as_str()));
        if let Some(was) = self.abandoned.replace(reason) {
            told.remark(format!("it was abandoned already: {}", was.first_line()));
        }
        Ok(subject)
    }

    /// The reason is in the commit whole: the record has no place for it once it is worked on again.
    fn resume(&mut self, reason: &Line, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let was = self.abandoned.take().ok_or(Refusal::NotAbandoned { status: self.status() })?;
        told.remark(format!(
            "it had been abandoned: {}; it is at {} now",
            was.first_line(),
            self.status().label()
        ));
        Ok(format!("pdca: resume: {reason}"))
    }

    /// Refuses a day in the future for what is done or proven; one that was typed by hand before stays readable.
    fn check_days(&self, before: &Self, today: NaiveDate) -> Result<(), Refusal> {
        let known = before.proven_days();
        for (what, on) in self.proven_days() {
            if on > today && !known.contains(&(what.clone(), on)) {
                return Err(Refusal::Future { what, on, today });
            }
        }
        Ok(())
    }

    /// Every day on which something is said to have been done or checked.
    fn proven_days(&self) -> Vec<(String, NaiveDate)> {
        let mut days = vec![];
        for countermeasure in &self.countermeasures {
            let label = &countermeasure.id;
            let checked = countermeasure.check.as_ref().filter(|check| check.result.is_some());
            days.push((format!("{label} done"), countermeasure.done_on));
            days.push((format!("{label} checked"), checked.and_then(|check| check.on)));
            for act in &countermeasure.acts {
                days.push((format!("{} done", act.id), act.done_on));
                for target in &act.targets {
                    days.push((format!("{} applied to {}", act.id, target.name), target.done_on));
                }
            }
        }
        days.into_iter().filter_map(|(what, on)| Some((what, on?))).collect()
    }

    fn countermeasure_at(&self, given: &str) -> Result<usize, Refusal> {
        let known: Vec<&str> = self.countermeasures.iter().map(|c| c.id.as_str()).collect();
        self.pick("countermeasure", given, &known, label::fold, || command::countermeasure(&self.id, "RC1"))
    }

    /// The place of the label that was meant.
    fn pick(
        &self,
        what: &str,
        given: &str,
        known: &[&str],
        key: impl Fn(&str) -> String,
        first: impl Fn() -> String,
    ) -> Result<usize, Refusal> {
        let wanted = key(given);
        let mut found = (0..known.len()).filter(|at| key(known[*at]) == wanted);
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(at),
            (Some(_), Some(_)) => Err(Refusal::Ambiguous {
                what: what.to_owned(),
                given: crate::text::clean_line(given),
                command: command::edit(&self.id),
            }),
            (None, _) => Err(Refusal::unknown(what, given, known, &first())),
        }
    }
}

/// Replaces where there is something new, and then names what was replaced.
fn replace<T>(name: &'static str, value: &mut Option<T>, new: Option<T>) -> Option<&'static str> {
    let new = new?;
    *value = Some(new);
    Some(name)
}

#[cfg(test)]
mod tests;
