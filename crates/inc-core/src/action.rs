//! What may happen to an incident: a closed list of actions, each a pure step from one record to the next.
//!
//! An action either yields the whole new record, with the words for the commit, or a [`Refusal`] and nothing.

mod declare;
mod entries;
mod lifecycle;
mod replace;
mod roles;
mod settle;
mod severity;
mod times;

use std::collections::BTreeSet;

use thiserror::Error;

use crate::Stamp;
use crate::field::{Field, FieldError, Reading};
use crate::id::Id;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::pdca;
use crate::role::Role;
use crate::settle::{Settlement, Unsettled, by_hand, drop_settled};
use crate::severity::{Case, Judgement, Policy, Severity, Unjudgeable};
use crate::status::{Missing, Status, Steps};
use crate::text::{Line, Prose};
use crate::timeline::{self, Change, Entry, EntryKind};

pub use declare::{NewIncident, declare};
pub use entries::{EntryEdit, EntrySelector, NewEntry};
use times::not_in_future;

/// What may happen to an incident once it is declared.
#[derive(Debug, Clone)]
pub enum Action {
    /// Something happened: a new entry of the timeline.
    Append(NewEntry),
    /// An entry is told better.
    Amend(EntrySelector, EntryEdit),
    /// An entry is taken out.
    Strike(EntrySelector),
    /// Properties are set (`Some`) or taken out (`None`); a changed impact is judged again.
    Set(Vec<(Field, Option<String>)>),
    /// The severity is judged again, whatever changed.
    Assess,
    /// A person decides the severity.
    Override {
        /// What holds from now on.
        to: Severity,
        /// Why.
        reason: Prose,
    },
    /// The policy's answer holds again.
    ClearOverride {
        /// Why, where it is told.
        reason: Option<Prose>,
    },
    /// The status changes.
    Move(Move),
    /// Somebody takes a role; whoever held it hands it over.
    Assign {
        /// Which role.
        role: Role,
        /// Who.
        to: Line,
    },
    /// Somebody leaves a role.
    Release {
        /// Which role.
        role: Role,
        /// Who; needed where several hold it.
        who: Option<Line>,
    },
    /// A PDCA learns from the incident.
    Link(Id),
    /// A PDCA does not learn from the incident after all.
    Unlink(Id),
    /// Values that a merge left contested are settled.
    Settle(Vec<Settlement>),
    /// A person edited the file whole.
    Replace(Box<Incident>),
}

/// A change of status.
#[derive(Debug, Clone)]
pub struct Move {
    /// The new status.
    pub to: Status,
    /// When it came to be; now, where absent.
    pub at: Option<Instant>,
    /// Why; needed to reopen, to cancel and to force.
    pub reason: Option<Prose>,
    /// Pass though requirements are not met, and record it.
    pub force: bool,
}

/// What an action is judged by.
pub struct Rules<'a> {
    /// How severity follows from impact.
    pub policy: &'a Policy,
    /// What each status requires.
    pub steps: &'a Steps,
    /// The status of each PDCA that the incident names, where the action is a step that asks for them.
    pub linked: &'a [(Id, pdca::Status)],
    /// How typed values are read.
    pub reading: Reading<'a>,
}

impl Rules<'_> {
    /// What the policy says of a record.
    pub(crate) fn judge(&self, incident: &Incident) -> Result<Judgement, Refusal> {
        Ok(self.policy.judge(&Case::of(incident, self.reading.settings))?)
    }

    /// Refuses `custom.security` where the policy's input of that name stands below `impact`: it would count for nothing.
    fn refuse_namesake(&self, field: &Field) -> Result<(), Refusal> {
        let Field::Custom(key) = field else { return Ok(()) };
        if !self.policy.own_inputs().contains(&key.as_str()) {
            return Ok(());
        }
        let why = format!("the policy's input of that name is impact.{field}: set that");
        Err(FieldError::Value { path: field.path(), why }.into())
    }

    /// Whether the policy looks at something that differs between two records.
    fn sees_a_difference(&self, before: &Incident, after: &Incident) -> bool {
        let case = |incident| Case::of(incident, self.reading.settings);
        self.policy.sees_a_difference(&case(before), &case(after))
    }
}

/// A new record, and what is said of the change.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The record after the action.
    pub incident: Incident,
    /// The first line of the commit.
    pub subject: String,
    /// What the user should know, for stderr.
    pub remarks: Vec<String>,
}

/// Why an action was refused. The record stays as it was.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Refusal {
    /// A step's requirements are not met.
    #[error("{id} cannot become {step} yet; missing:{}", list(.missing))]
    Missing {
        /// The incident.
        id: Id,
        /// The step.
        step: Status,
        /// What it lacks, with the commands that supply it.
        missing: Vec<Missing>,
    },
    /// A change that must be explained.
    #[error("{0} needs a reason: add --reason TEXT; the timeline keeps it")]
    ReasonNeeded(String),
    /// Two instants in the wrong order.
    #[error(
        "{later} ({later_at}) would lie before {earlier} ({earlier_at}): correct one of them, with --at or `inc-edit --set`"
    )]
    Disorder {
        /// What comes first.
        earlier: &'static str,
        /// When.
        earlier_at: Instant,
        /// What comes after.
        later: &'static str,
        /// When.
        later_at: Instant,
    },
    /// A time that has not come.
    #[error("{what} cannot lie in the future: {at} is after now, {now}")]
    Future {
        /// Which time.
        what: String,
        /// What was given.
        at: Instant,
        /// The present.
        now: Instant,
    },
    /// An entry that is not there, not single, or not to be changed so.
    #[error("{0}")]
    Entry(String),
    /// Nobody to hand over or to release.
    #[error("{0}")]
    Role(String),
    /// A whole edit that takes out what a command wrote.
    #[error(
        "the edit takes out {0} that a change of status, severity or role wrote: put them back, the record would contradict itself"
    )]
    TracesLost(String),
    /// A whole edit that changes what never changes.
    #[error("`{0}` never changes: put back its old value")]
    Fixed(&'static str),
    /// Contested values that cannot be settled so.
    #[error("{0}")]
    Unsettled(#[from] Unsettled),
    /// There is no override to clear.
    #[error("no override stands: the severity is the policy's answer already")]
    NoOverride,
    /// An impact that the policy can neither use nor leave out.
    #[error("{0}")]
    Unjudgeable(#[from] Unjudgeable),
    /// A property that cannot be set so.
    #[error(transparent)]
    Field(#[from] FieldError),
}

fn list(missing: &[Missing]) -> String {
    missing.iter().map(|lack| format!("\n  {}\n      {}", lack.what, lack.command)).collect()
}

impl Incident {
    /// The record after `action`. A contested value that the action changes is settled by it.
    ///
    /// # Errors
    /// A [`Refusal`] where the action is not allowed; the record is not changed.
    pub fn apply(
        &self,
        action: Action,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Outcome, Refusal> {
        let ids = self.timeline.iter().filter_map(|entry| entry.id).collect();
        stamp.behind(ids, |stamp| self.applied(action, rules, stamp))
    }

    fn applied(&self, action: Action, rules: &Rules<'_>, stamp: &mut Stamp<'_>) -> Result<Outcome, Refusal> {
        let mut next = self.clone();
        let mut remarks = vec![];
        let subject = match action {
            Action::Append(entry) => next.append(entry, stamp)?,
            Action::Amend(selector, edit) => next.amend(&selector, edit, stamp)?,
            Action::Strike(selector) => next.strike(&selector)?,
            Action::Set(settings) => next.set(settings, rules, stamp, &mut remarks)?,
            Action::Assess => next.assess(rules, stamp, &mut remarks)?,
            Action::Override { to, reason } => next.decide(to, reason, rules, stamp, &mut remarks),
            Action::ClearOverride { reason } => next.clear_override(reason, rules, stamp, &mut remarks)?,
            Action::Move(step) => {
                let subject = next.move_to(step, rules, stamp, &mut remarks)?;
                // A policy may look at how long it lasted.
                if rules.sees_a_difference(self, &next) {
                    next.assess(rules, stamp, &mut remarks)?;
                }
                subject
            }
            Action::Assign { role, to } => next.assign(&role, to, stamp, &mut remarks),
            Action::Release { role, who } => next.release(&role, who, stamp)?,
            Action::Link(pdca) => next.link(pdca),
            Action::Unlink(pdca) => next.unlink(&pdca, &mut remarks),
            Action::Settle(settlements) => next.settle(settlements, rules, stamp, &mut remarks)?,
            Action::Replace(edited) => {
                next = edited.replacing(self, rules, stamp, &mut remarks)?;
                "edit by hand".to_owned()
            }
        };
        next.check_order(self)?;
        next.check_moves(self)?;
        next.mint_ids(stamp);
        let settled = by_hand(self, &next, &next.contested);
        drop_settled(&mut next.contested, &settled);
        let subject = settled.subject(subject);
        remarks.extend(settled.remarks);
        Ok(Outcome { incident: next, subject, remarks })
    }

    fn set(
        &mut self,
        settings: Vec<(Field, Option<String>)>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let before = self.clone();
        let mut others = vec![];
        for (field, text) in settings {
            rules.refuse_namesake(&field)?;
            match text {
                Some(text) => field.set(self, &text, &rules.reading)?,
                None => field.clear(self)?,
            }
            let path = field.path();
            if !field.is_impact() && !others.contains(&path) {
                others.push(path);
            }
        }
        self.check_future(&before, stamp.at)?;
        self.check_instants(&before)?;
        self.correct_traces(&before);
        self.remark_detection(&before, remarks);
        self.tell_roles(&before, stamp);
        let mut said = vec![];
        if rules.sees_a_difference(&before, self) {
            said.push(self.assess(rules, stamp, remarks)?);
        } else if others.is_empty() {
            said.push("impact: as it was".to_owned());
        }
        if !others.is_empty() {
            said.push(format!("edit: {}", others.join(", ")));
        }
        Ok(said.join("; "))
    }

    fn link(&mut self, pdca: Id) -> String {
        let subject = format!("pdca: {pdca}");
        if !self.pdcas.contains(&pdca) {
            self.pdcas.push(pdca);
        }
        subject
    }

    fn unlink(&mut self, pdca: &Id, remarks: &mut Vec<String>) -> String {
        if !self.pdcas.contains(pdca) {
            remarks.push(format!("{} does not name {pdca}", self.id));
        }
        self.pdcas.retain(|known| known != pdca);
        format!("pdca: {pdca} no more")
    }

    /// Writes an entry that tells of a change, at its place in the timeline.
    ///
    /// Its text is `text` and `because`, which is left out where the two are too long together: a reason may have
    /// the greatest length that a text can have, and `change` keeps it whole.
    fn trace(
        &mut self,
        kind: EntryKind,
        at: Instant,
        text: &str,
        because: &str,
        change: Change,
        stamp: &mut Stamp<'_>,
    ) {
        let whole = format!("{text}{because}").parse().or_else(|_| text.parse());
        let entry = Entry {
            at,
            kind,
            by: Some(stamp.by.clone()),
            text: whole.unwrap_or_else(|_| unreachable!("our own words are a text")),
            change: Some(change),
            details: vec![],
            links: vec![],
            id: Some(stamp.uid()),
        };
        timeline::insert(&mut self.timeline, entry);
    }

    /// Gives an id to every entry that has none of its own: typed by hand, or copied together with its id.
    fn mint_ids(&mut self, stamp: &mut Stamp<'_>) {
        let mut seen = BTreeSet::new();
        for entry in &mut self.timeline {
            let own = entry.id.filter(|id| seen.insert(*id));
            let id = own.unwrap_or_else(|| stamp.uid());
            seen.insert(id);
            entry.id = Some(id);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
