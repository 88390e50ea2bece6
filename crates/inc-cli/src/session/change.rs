//! Changing one incident: under the lock, load, decide, edit, write, commit; then say what happened.

use anyhow::Result;
use inc_core::action::{self, Action, Rules};
use inc_core::incident::Incident;
use inc_core::severity::Policy;
use inc_core::text::clean;
use inc_store::store::Saved;

use super::{Session, WriteOptions};
use crate::failure::say;

/// What came of a change, for the answer.
#[derive(Debug)]
pub struct Changed {
    /// The record after the change.
    pub incident: Incident,
    /// The record before it; the same as after, for a declaration.
    pub before: Incident,
    /// What was said of it.
    pub subject: String,
    /// Where it was written.
    pub saved: Saved,
    /// What the user was told.
    pub remarks: Vec<String>,
}

impl Session {
    /// Changes one incident: under the lock, one file and one commit.
    ///
    /// `decide` is given the record as it is and says what shall happen to it.
    ///
    /// # Errors
    /// A refused action, or a change that could not be written; the file is then as it was.
    pub fn change(
        &self,
        given: Option<&str>,
        options: &WriteOptions,
        decide: impl FnOnce(&Incident) -> Result<Action>,
    ) -> Result<Changed> {
        let path = self.find_incident(given)?;
        let writing = self.writing(options)?;
        let mut change = self.store()?.change(&writing, say)?;
        let loaded = self.store()?.load::<Incident>(&path)?;
        let action = decide(&loaded.record)?;
        let outcome = self.apply(&loaded.record, action)?;
        change.update(&loaded, &outcome.incident)?;
        let saved = change.save(&outcome.subject)?;
        self.tell(&outcome.subject, &outcome.remarks, &saved);
        Ok(Changed {
            incident: outcome.incident,
            before: loaded.record,
            subject: outcome.subject,
            saved,
            remarks: outcome.remarks,
        })
    }

    /// What an action makes of a record; nothing is written.
    ///
    /// # Errors
    /// A refused action.
    pub fn apply(&self, incident: &Incident, action: Action) -> Result<action::Outcome> {
        let zone = &incident.timezone;
        let linked = match &action {
            Action::Move(step) => self.linked(incident, step.to)?,
            _ => vec![],
        };
        let judges = matches!(
            action,
            Action::Set(_)
                | Action::Assess
                | Action::ClearOverride { .. }
                | Action::Settle(_)
                | Action::Replace(_)
        );
        // A mistake in the policy must not stop the timeline of an incident, nor its way to the end.
        let unread = Policy::default();
        let policy = match action {
            _ if judges => self.policy()?,
            Action::Move(_) | Action::Override { .. } => self.policy_at_hand()?,
            _ => &unread,
        };
        let rules =
            Rules { policy, steps: &self.settings()?.steps, linked: &linked, reading: self.reading(zone)? };
        self.stamped(zone, |stamp| Ok(incident.apply(action, &rules, stamp)?))
    }

    /// Says on stderr what was changed, and what the user should know.
    pub fn tell(&self, subject: &str, remarks: &[String], saved: &Saved) {
        for remark in remarks.iter().chain(&saved.remarks) {
            say(&clean(remark));
        }
        let place = match (&saved.commit, saved.paths.is_empty()) {
            (Some(oid), _) => format!("commit {}", oid.get(..10).unwrap_or(oid)),
            (None, false) => "written, not committed".to_owned(),
            (None, true) => "nothing to change".to_owned(),
        };
        say(&clean(&format!("{subject} [{place}]")));
        self.note_change();
    }

    /// Notes that something landed, which `--sync` shares.
    pub fn note_change(&self) {
        self.has_changed.set(true);
    }
}
