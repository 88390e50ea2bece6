//! What may happen to an incident: a closed list of actions, each a pure step from one record to the next.
//!
//! An action either yields the whole new record, with the words for the commit, or a [`Refusal`] and nothing.

mod declare;
mod entries;
mod lifecycle;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use thiserror::Error;

use crate::Stamp;
use crate::field::{Field, FieldError, Reading};
use crate::id::Id;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::pdca;
use crate::role::{Role, RoleName};
use crate::severity::{Assessment, Override, Policy, Severity};
use crate::status::{Missing, Status, Steps};
use crate::text::{Line, Prose};
use crate::timeline::{self, Change, Entry, EntryKind};

pub use declare::{NewIncident, declare};
pub use entries::{EntryEdit, EntrySelector, NewEntry};

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
        /// Who; needed for responders, of whom there are several.
        who: Option<Line>,
    },
    /// A PDCA learns from the incident.
    Link(Id),
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
    /// A whole edit that changes what never changes.
    #[error("`{0}` never changes: put back its old value")]
    Fixed(&'static str),
    /// There is no override to clear.
    #[error("no override stands: the severity is the policy's answer already")]
    NoOverride,
    /// A property that cannot be set so.
    #[error(transparent)]
    Field(#[from] FieldError),
}

fn list(missing: &[Missing]) -> String {
    missing.iter().map(|lack| format!("\n  {}\n      {}", lack.what, lack.command)).collect()
}

/// How far a time may lie ahead of our clock: laptops disagree by that much.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

impl Incident {
    /// The record after `action`.
    ///
    /// # Errors
    /// A [`Refusal`] where the action is not allowed; the record is not changed.
    pub fn apply(
        &self,
        action: Action,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Outcome, Refusal> {
        let mut next = self.clone();
        let mut remarks = vec![];
        let subject = match action {
            Action::Append(entry) => next.append(entry, stamp)?,
            Action::Amend(selector, edit) => next.amend(&selector, edit, stamp)?,
            Action::Strike(selector) => next.strike(&selector)?,
            Action::Set(settings) => next.set(settings, rules, stamp, &mut remarks)?,
            Action::Assess => next.assess(rules, stamp, &mut remarks),
            Action::Override { to, reason } => next.decide(to, reason, stamp),
            Action::ClearOverride { reason } => next.clear_override(reason, rules, stamp, &mut remarks)?,
            Action::Move(step) => next.move_to(step, rules, stamp, &mut remarks)?,
            Action::Assign { role, to } => next.assign(&role, to, stamp, &mut remarks),
            Action::Release { role, who } => next.release(&role, who, stamp)?,
            Action::Link(pdca) => next.link(pdca),
            Action::Replace(edited) => {
                next = edited.replacing(self, rules, stamp, &mut remarks)?;
                "edit by hand".to_owned()
            }
        };
        next.check_order(self)?;
        next.mint_ids(stamp);
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
        self.tell_roles(&before, stamp);
        let mut said = vec![];
        if self.impact != before.impact {
            said.push(self.assess(rules, stamp, remarks));
        } else if others.is_empty() {
            said.push("impact: as it was".to_owned());
        }
        if !others.is_empty() {
            said.push(format!("edit: {}", others.join(", ")));
        }
        Ok(said.join("; "))
    }

    /// Judges the impact again; a change of what holds is told in the timeline.
    fn assess(&mut self, rules: &Rules<'_>, stamp: &mut Stamp<'_>, remarks: &mut Vec<String>) -> String {
        let overridden = self.assessment.overridden.clone();
        self.assess_beside(overridden, rules, stamp, remarks)
    }

    /// As `assess`, where this override stands from now on.
    fn assess_beside(
        &mut self,
        overridden: Option<Override>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> String {
        let judgement = rules.policy.judge(&self.impact);
        let was = self.severity;
        let was_provisional = self.assessment.is_provisional();
        self.assessment = Assessment { overridden, ..Assessment::from(&judgement) };
        self.severity = self.assessment.holds();
        remarks.extend(judgement.warnings.iter().map(|warning| format!("warning: {warning}")));
        if judgement.provisional {
            remarks.push(format!("provisional: missing {}", judgement.missing.join(", ")));
        }
        if let Some(decision) = &self.assessment.overridden
            && decision.to != judgement.severity
        {
            remarks.push(format!(
                "the override to {} stands; the policy says {}",
                decision.to, judgement.severity
            ));
        }
        let decision = self.assessment.overridden.as_ref().map(|decision| decision.reason.to_string());
        let reason = decision.unwrap_or_else(|| self.assessment.decided_by.to_string());
        if self.severity != was {
            self.tell_severity(was, was_provisional, "", &reason, stamp);
        }
        let provisional = if self.assessment.is_provisional() { " (provisional)" } else { "" };
        match self.severity == was {
            true => format!("impact: {was} stays{provisional}"),
            false => format!("severity: {was} to {}{provisional}", self.severity),
        }
    }

    fn tell_severity(
        &mut self,
        was: Severity,
        was_provisional: bool,
        how: &str,
        reason: &str,
        stamp: &mut Stamp<'_>,
    ) {
        let was_words = if was_provisional { format!("{was} (provisional)") } else { was.to_string() };
        let now_words = match self.assessment.is_provisional() {
            true => format!("{} (provisional)", self.severity),
            false => self.severity.to_string(),
        };
        let change = Change {
            of: ours("severity"),
            from: Some(ours(was.name())),
            to: Some(ours(self.severity.name())),
            reason: reason.parse().ok(),
        };
        let text = format!("Severity {was_words} to {now_words}{how}");
        self.trace(EntryKind::Severity, stamp.at, &text, &format!(": {reason}"), change, stamp);
    }

    fn decide(&mut self, to: Severity, reason: Prose, stamp: &mut Stamp<'_>) -> String {
        let (was, was_provisional) = (self.severity, self.assessment.is_provisional());
        let words = reason.to_string();
        self.assessment.overridden =
            Some(Override { to, reason, by: Some(stamp.by.clone()), at: Some(stamp.at) });
        self.severity = to;
        self.tell_severity(was, was_provisional, "", &words, stamp);
        format!("severity: {to} by decision (was {was})")
    }

    fn clear_override(
        &mut self,
        reason: Option<Prose>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let was = self.severity;
        self.assessment.overridden.take().ok_or(Refusal::NoOverride)?;
        let judgement = rules.policy.judge(&self.impact);
        self.assessment = Assessment::from(&judgement);
        self.severity = self.assessment.holds();
        if judgement.provisional {
            remarks.push(format!("provisional: missing {}", judgement.missing.join(", ")));
        }
        remarks.extend(judgement.warnings.iter().map(|warning| format!("warning: {warning}")));
        let why = reason.map_or_else(|| self.assessment.decided_by.to_string(), |reason| reason.to_string());
        self.tell_severity(was, false, ", override cleared", &why, stamp);
        Ok(format!("severity: {} again, override cleared", self.severity))
    }

    fn assign(&mut self, role: &Role, to: Line, stamp: &mut Stamp<'_>, remarks: &mut Vec<String>) -> String {
        let before = self.clone();
        match role {
            Role::Commander => self.commander = Some(to.clone()),
            Role::Named(name) => {
                self.roles.insert(name.clone(), to.clone());
            }
            Role::Responder if self.responders.contains(&to) => {}
            Role::Responder => self.responders.push(to.clone()),
        }
        if !self.tell_roles(&before, stamp) {
            remarks.push(format!("{to} is {role} already"));
        }
        format!("role: {to} is {role}")
    }

    fn release(&mut self, role: &Role, who: Option<Line>, stamp: &mut Stamp<'_>) -> Result<String, Refusal> {
        let held = match role {
            Role::Commander => self.commander.clone(),
            Role::Named(name) => self.roles.get(name).cloned(),
            Role::Responder => match &who {
                Some(who) => self.responders.iter().find(|other| *other == who).cloned(),
                None => return Err(Refusal::Role("which responder leaves? name the person".to_owned())),
            },
        };
        let holder = match (held, who) {
            (None, Some(who)) if *role == Role::Responder => {
                return Err(Refusal::Role(format!("{who} is no responder of {}", self.id)));
            }
            (None, _) => return Err(Refusal::Role(format!("nobody is {role} of {}", self.id))),
            (Some(held), Some(who)) if held != who => {
                return Err(Refusal::Role(format!("{role} of {} is {held}, not {who}", self.id)));
            }
            (Some(held), _) => held,
        };
        let before = self.clone();
        match role {
            Role::Commander => self.commander = None,
            Role::Named(name) => {
                self.roles.remove(name);
            }
            Role::Responder => self.responders.retain(|other| *other != holder),
        }
        self.tell_roles(&before, stamp);
        Ok(format!("role: {holder} is no longer {role}"))
    }

    /// Tells every change of who holds a role since `before`; `false` where there is none.
    fn tell_roles(&mut self, before: &Self, stamp: &mut Stamp<'_>) -> bool {
        let mut changes = vec![(Role::Commander, before.commander.clone(), self.commander.clone())];
        let names: BTreeSet<&RoleName> = before.roles.keys().chain(self.roles.keys()).collect();
        for name in names {
            let held = |incident: &Self| incident.roles.get(name).cloned();
            changes.push((Role::Named(name.clone()), held(before), held(self)));
        }
        let lacking = |who: &&Line, other: &Self| !other.responders.contains(who);
        let left = before.responders.iter().filter(|who| lacking(who, self));
        changes.extend(left.map(|who| (Role::Responder, Some(who.clone()), None)));
        let came = self.responders.iter().filter(|who| lacking(who, before));
        changes.extend(came.map(|who| (Role::Responder, None, Some(who.clone()))));
        changes.retain(|(_, from, to)| from != to);
        let any = !changes.is_empty();
        for (role, from, to) in changes {
            self.tell_role(&role, from, to, stamp);
        }
        any
    }

    fn tell_role(&mut self, role: &Role, from: Option<Line>, to: Option<Line>, stamp: &mut Stamp<'_>) {
        let text = match (&from, &to) {
            (Some(from), Some(to)) => format!("{from} hands over as {role} to {to}"),
            (None, Some(to)) => format!("{to} is {role}"),
            (Some(from), None) => format!("{from} is no longer {role}"),
            (None, None) => return,
        };
        let change = Change { of: ours(&role.to_string()), from, to, reason: None };
        self.trace(EntryKind::Role, stamp.at, &text, "", change, stamp);
    }

    fn link(&mut self, pdca: Id) -> String {
        let subject = format!("pdca: {pdca}");
        if !self.pdcas.contains(&pdca) {
            self.pdcas.push(pdca);
        }
        subject
    }

    /// What a person edited whole, with what follows from it: the severity is judged again where the impact changed.
    fn replacing(
        mut self,
        before: &Self,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<Self, Refusal> {
        for (name, same) in [
            ("schema", self.schema == before.schema),
            ("id", self.id == before.id),
            ("uid", self.uid == before.uid),
        ] {
            if !same {
                return Err(Refusal::Fixed(name));
            }
        }
        if self.status != before.status {
            return Err(Refusal::Field(FieldError::Unknown {
                path: "status".to_owned(),
                hint: "use `inc-status set`, which checks what the step requires".to_owned(),
            }));
        }
        self.check_future(before, stamp.at)?;
        self.check_future_entries(before, stamp.at)?;
        self.tell_roles(before, stamp);
        let typed = self.clone();
        self.severity = before.severity;
        self.assessment = before.assessment.clone();
        let decision = typed.assessment.overridden.clone();
        if self.impact != before.impact || decision != before.assessment.overridden {
            self.assess_beside(decision, rules, stamp, remarks);
        }
        self.check_computed(&typed, before)?;
        Ok(self)
    }

    /// Refuses a computed value that was typed over: it follows from the rest, and the typed one would be lost.
    fn check_computed(&self, typed: &Self, before: &Self) -> Result<(), Refusal> {
        let severities = |incident: &Self| [incident.severity, incident.assessment.computed];
        let words =
            |incident: &Self| (incident.assessment.provisional, incident.assessment.decided_by.clone());
        let (new, old) = (severities(self), severities(before));
        let lost =
            severities(typed).into_iter().enumerate().any(|(i, typed)| typed != old[i] && typed != new[i]);
        if lost || ![words(before), words(self)].contains(&words(typed)) {
            return Err(Refusal::Field(FieldError::Unknown {
                path: "severity".to_owned(),
                hint: "it is computed: use `inc-severity assess` or `inc-severity override`".to_owned(),
            }));
        }
        Ok(())
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

    /// Refuses an order of instants that this change would break; one that was broken by hand stays readable.
    fn check_order(&self, before: &Self) -> Result<(), Refusal> {
        let instants = |incident: &Self| {
            [
                ("started_at", incident.started_at),
                ("mitigated_at", incident.mitigated_at),
                ("resolved_at", incident.resolved_at),
            ]
        };
        let (now, was) = (instants(self), instants(before));
        for (first, second) in [(0, 1), (1, 2), (0, 2)] {
            let changed = now[first] != was[first] || now[second] != was[second];
            if let ((earlier, Some(earlier_at)), (later, Some(later_at))) = (now[first], now[second])
                && changed
                && later_at.since(&earlier_at) < TimeDelta::zero()
            {
                return Err(Refusal::Disorder { earlier, earlier_at, later, later_at });
            }
        }
        Ok(())
    }

    fn check_future(&self, before: &Self, now: Instant) -> Result<(), Refusal> {
        for (what, at, was) in [
            ("started_at", self.started_at, before.started_at),
            ("detected_at", self.detected_at, before.detected_at),
            ("declared_at", Some(self.declared_at), Some(before.declared_at)),
            ("mitigated_at", self.mitigated_at, before.mitigated_at),
            ("resolved_at", self.resolved_at, before.resolved_at),
        ] {
            if let Some(at) = at
                && Some(at) != was
            {
                not_in_future(what, at, now)?;
            }
        }
        Ok(())
    }

    /// Refuses a time to come in an entry that `before` does not have.
    fn check_future_entries(&self, before: &Self, now: Instant) -> Result<(), Refusal> {
        let told = |entry: &Entry| before.timeline.iter().any(|old| old.id == entry.id && old.at == entry.at);
        let mut new = self.timeline.iter().filter(|entry| !told(entry));
        new.try_for_each(|entry| not_in_future("an entry", entry.at, now))
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

fn not_in_future(what: &str, at: Instant, now: Instant) -> Result<(), Refusal> {
    if at.since(&now) > CLOCK_SKEW {
        return Err(Refusal::Future { what: what.to_owned(), at, now });
    }
    Ok(())
}

/// One of this module's own words as a line.
fn ours(word: &str) -> Line {
    word.parse().unwrap_or_else(|_| unreachable!("our own words are a line"))
}

/// A text shortened for the first line of a commit.
fn brief(text: &str) -> String {
    let line = crate::text::clean_line(text.lines().next().unwrap_or_default());
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}

#[cfg(test)]
pub(crate) mod tests;
