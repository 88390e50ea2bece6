//! What the timeline tells last, on every replica alike: status, roles, and the instants of the steps.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Sides, last_change, place};
use crate::incident::Incident;
use crate::instant::Instant;
use crate::merge::same::value_of;
use crate::merge::three::Three;
use crate::status::Status;
use crate::text::Line;
use crate::timeline::{Change, Entry, EntryKind};

impl Sides {
    /// Whether the timeline decides: both sides have another value, or both tell of a change.
    pub(super) fn decides<T: PartialEq>(
        &self,
        values: &[Option<T>; 3],
        told: impl Fn(&Change) -> bool,
    ) -> bool {
        let known: BTreeSet<_> = self.base.iter().flat_map(|base| &base.timeline).map(|e| e.id).collect();
        let is_new = |entry: &Entry| !known.contains(&entry.id) && entry.change.as_ref().is_some_and(&told);
        let both = [&self.ours, &self.theirs].into_iter().all(|side| side.timeline.iter().any(is_new));
        both || Self::disputed(values)
    }

    /// The last entry that tells of a status decides.
    pub(super) fn settle_status(&self, merged: &mut Incident, three: &mut Three) {
        if !self.decides(&self.each(|side| side.status), |change| change.of.as_str() == "status") {
            return;
        }
        let get = |side: &Incident| value_of(&side.status);
        match told_status(merged) {
            Some(told) => {
                merged.status = told;
                let is_told = |side: &Incident| told_status(side) == Some(side.status);
                self.keep_typed("status", three, &get(merged), get, is_told);
            }
            None => self.contest("status", three, get),
        }
    }

    /// The last entry that tells of a role decides who has it.
    pub(super) fn settle_roles(&self, merged: &mut Incident, three: &mut Three) {
        let names: BTreeSet<_> = self.ours.roles.keys().chain(self.theirs.roles.keys()).cloned().collect();
        let holder = |side: &Incident| side.commander.clone();
        if let Some(holder) = self.holder(merged, three, "commander", "commander", holder) {
            merged.commander = holder;
        }
        for name in names {
            let holder = |side: &Incident| side.roles.get(&name).cloned();
            match self.holder(merged, three, &name.to_string(), &format!("roles.{name}"), holder) {
                Some(Some(holder)) => drop(merged.roles.insert(name.clone(), holder)),
                Some(None) => drop(merged.roles.remove(&name)),
                None => {}
            }
        }
    }

    /// Who has a role, where the timeline decides and tells it.
    fn holder(
        &self,
        merged: &Incident,
        three: &mut Three,
        role: &str,
        path: &str,
        get: impl Fn(&Incident) -> Option<Line>,
    ) -> Option<Option<Line>> {
        if !self.decides(&self.each(&get), |change| change.of.as_str() == role) {
            return None;
        }
        let told = told_holder(merged, role);
        let value = |side: &Incident| value_of(&get(side));
        match &told {
            Some(holder) => {
                let is_told = |side: &Incident| told_holder(side, role) == Some(get(side));
                self.keep_typed(path, three, &value_of(holder), value, is_told);
            }
            None => self.contest(path, three, value),
        }
        told
    }

    /// A value that a hand typed, so that no entry tells of it, is not lost to what the timeline tells.
    fn keep_typed(
        &self,
        path: &str,
        three: &mut Three,
        stands: &Value,
        get: impl Fn(&Incident) -> Value,
        is_told: impl Fn(&Incident) -> bool,
    ) {
        let present = |value: Value| Some(value).filter(|value| !value.is_null());
        for (at, side) in [&self.ours, &self.theirs].into_iter().enumerate() {
            let value = get(side);
            if value != *stands && self.base.as_ref().map(&get).as_ref() != Some(&value) && !is_told(side) {
                three.contest(path, present(stands.clone()).as_ref(), present(value).as_ref(), at);
            }
        }
    }

    /// The instants of the steps go with the status: one that the incident has not come to has none.
    pub(super) fn settle_instants(&self, merged: &mut Incident, three: &mut Three) {
        let mitigated = |side: &Incident| side.mitigated_at;
        let resolved = |side: &Incident| side.resolved_at;
        merged.mitigated_at = self.instant(merged, three, Status::Mitigated, "mitigated_at", mitigated);
        merged.resolved_at = self.instant(merged, three, Status::Resolved, "resolved_at", resolved);
    }

    fn instant(
        &self,
        merged: &Incident,
        three: &mut Three,
        step: Status,
        name: &str,
        get: impl Fn(&Incident) -> Option<Instant>,
    ) -> Option<Instant> {
        let values = self.each(&get);
        let sides = [get(&self.ours), get(&self.theirs)];
        let plain = get(merged);
        if merged.status == Status::Cancelled {
            return plain;
        }
        if merged.status < step {
            // Only where a side came to the step, and the last word is another status; the timeline tells both.
            return None;
        }
        let is_step = |change: &Change| {
            change.of.as_str() == "status" && change.to.as_ref().is_some_and(|to| to.as_str() == step.name())
        };
        let told = merged
            .timeline
            .iter()
            .filter(|entry| entry.kind == EntryKind::Status && entry.change.as_ref().is_some_and(is_step))
            .max_by_key(|entry| place(entry))
            .map(|entry| entry.at)
            .filter(|at| sides.contains(&Some(*at)));
        let Some(plain) = plain else {
            return told.or_else(|| sides.into_iter().flatten().max_by_key(|at| at.unix_millis()));
        };
        if !self.decides(&values, is_step) || sides[0] == sides[1] {
            return Some(plain);
        }
        if told.is_none() {
            self.contest(name, three, |side| value_of(&get(side)));
        }
        told.or(Some(plain))
    }
}

/// The status that the last entry about one tells.
fn told_status(incident: &Incident) -> Option<Status> {
    let told = last_change(incident, "status", |_| true)?.to.as_ref()?;
    Status::ALL.into_iter().find(|status| told.as_str() == status.name())
}

/// Who has a role by the last entry about it: `Some(None)` is nobody.
fn told_holder(incident: &Incident, role: &str) -> Option<Option<Line>> {
    last_change(incident, role, |_| true).map(|change| change.to.clone())
}
