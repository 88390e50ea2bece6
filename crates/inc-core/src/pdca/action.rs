//! What may happen to a PDCA: a closed list of actions, each a pure step from one record to the next.
//!
//! An action either yields the whole new record, with the words for the commit, or a [`Refusal`] and nothing. There is
//! no action that sets a status: it follows from the content. "Today" is the day that [`Stamp::at`] shows under its own
//! offset; the caller brings it in the repository's zone.

mod acts;
mod create;
mod cure;
mod end;
mod factor;
mod given;
mod plan;
mod proof;
mod properties;
mod refusal;
mod remove;
mod replace;
mod settle;
mod why;

use chrono::NaiveDate;

use super::label;
use super::{Branch, Pdca, command};
use crate::Stamp;
use crate::settle::{Settlement, by_hand, drop_settled};
use crate::text::{Line, Prose, brief};
use crate::timeline::Link;

pub use create::{NewPdca, create};
pub use given::{
    ActEdit, ActProperty, CountermeasureEdit, CountermeasureProperty, End, NewAct, NewCheck,
    NewCountermeasure, NewWhy, Setting, Tag, WhyEdit, WhyParent,
};
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
    /// Plan: a why is told better, or moved with all below it.
    EditWhy {
        /// The why's label.
        why: String,
        /// What changes.
        edit: WhyEdit,
    },
    /// Plan: a why is taken out.
    RemoveWhy {
        /// The why's label.
        why: String,
        /// With the whys below it, and the countermeasures that answer nothing else.
        recursive: bool,
    },
    /// Plan: something made the problem worse or likelier.
    AddFactor {
        /// What it was.
        factor: Prose,
        /// Evidence.
        links: Vec<Link>,
    },
    /// Plan: a contributing factor is told better.
    EditFactor {
        /// Its label.
        factor: String,
        /// The new words.
        text: Option<Prose>,
        /// Evidence to add.
        links: Vec<Link>,
    },
    /// Plan: a contributing factor is taken out.
    RemoveFactor {
        /// Its label.
        factor: String,
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
    /// Do: a countermeasure is not done after all.
    UndoDone {
        /// The countermeasure's label.
        countermeasure: String,
    },
    /// Do: a countermeasure is taken out.
    RemoveCountermeasure {
        /// The countermeasure's label.
        countermeasure: String,
        /// With its acts and the results of its checks.
        recursive: bool,
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
    /// Act: it is not applied after all.
    UndoAct {
        /// The act's label.
        act: String,
        /// Which target; needed where the act has some.
        target: Option<String>,
    },
    /// Act: it is taken out.
    RemoveAct {
        /// The act's label.
        act: String,
        /// With what is applied already.
        recursive: bool,
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
    /// Values that a merge left contested are settled.
    Settle(Vec<Settlement>),
    /// A person edited the file whole.
    Replace(Box<Pdca>),
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
    /// The record after `action`. A contested value that the action changes is settled by it.
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
            Action::EditWhy { why, edit } => next.edit_why(&why, edit, &mut told)?,
            Action::RemoveWhy { why, recursive } => next.remove_why(&why, recursive, &mut told)?,
            Action::AddFactor { factor, links } => next.add_factor(factor, links, &mut told),
            Action::EditFactor { factor, text, links } => next.edit_factor(&factor, text, links)?,
            Action::RemoveFactor { factor } => next.remove_factor(&factor)?,
            Action::NotApplicable { branch, reason } => next.not_applicable(branch, reason, &mut told)?,
            Action::AddCountermeasure(new) => next.add_countermeasure(new, &mut told)?,
            Action::Amend { countermeasure, edit } => next.amend(&countermeasure, *edit, &mut told)?,
            Action::Done { countermeasure, on } => next.done(&countermeasure, on, &mut told)?,
            Action::UndoDone { countermeasure } => next.undo_done(&countermeasure, &mut told)?,
            Action::RemoveCountermeasure { countermeasure, recursive } => {
                next.remove_countermeasure(&countermeasure, recursive, &mut told)?
            }
            Action::Check(check) => next.check(check, &mut told)?,
            Action::AddAct(new) => next.add_act(new, &mut told)?,
            Action::AmendAct { act, edit } => next.amend_act(&act, edit, &mut told)?,
            Action::DoneAct { act, target, on } => next.done_act(&act, target.as_deref(), on, &mut told)?,
            Action::UndoAct { act, target } => next.undo_act(&act, target.as_deref())?,
            Action::RemoveAct { act, recursive } => next.remove_act(&act, recursive, &mut told)?,
            Action::NoAct { countermeasure, reason } => next.no_act(&countermeasure, reason, &mut told)?,
            Action::Set(settings) => next.set(settings, &mut told)?,
            Action::Abandon { reason } => next.abandon(reason, &mut told)?,
            Action::Resume { reason } => next.resume(&reason, &mut told)?,
            Action::Settle(settlements) => next.settle(settlements, &mut told)?,
            Action::Replace(edited) => {
                next = edited.replacing(self, &mut told)?;
                "pdca: edit by hand".to_owned()
            }
        };
        next.check_days(self, told.today)?;
        next.mint_missing_uids(told.stamp);
        let settled = by_hand(self, &next, &next.contested);
        drop_settled(&mut next.contested, &settled);
        let subject = settled.subject(subject);
        told.remarks.extend(settled.remarks);
        Ok(Outcome { pdca: next, subject, said: told.said, remarks: told.remarks })
    }

    /// What was given up is not worked on; only its own properties may still be put right.
    fn refuse_if_abandoned(&self, action: &Action) -> Result<(), Refusal> {
        let may = matches!(
            action,
            Action::Resume { .. }
                | Action::Abandon { .. }
                | Action::Set(_)
                | Action::Settle(_)
                | Action::Replace(_)
        );
        if self.abandoned.is_some() && !may {
            return Err(Refusal::Abandoned { command: command::resume(&self.id) });
        }
        Ok(())
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
            let earlier = countermeasure.earlier_checks.iter();
            days.extend(earlier.map(|check| (format!("{label} checked earlier"), check.on)));
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
