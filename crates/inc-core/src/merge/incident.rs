//! Incidents: the timeline is one, what it tells of follows its last entry, and the severity is judged again.

mod severity;

use std::collections::BTreeSet;

use serde_json::Value;

use super::same::{self, Identity, record_of, value_of};
use super::three::Three;
use super::{Merged, Unmergeable};
use crate::id::Uid;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::settings::Settings;
use crate::severity::Policy;
use crate::status::Status;
use crate::text::Line;
use crate::timeline::{self, Change, Entry, EntryKind};

/// The incident that two sides make together; `None` as base where both added it.
///
/// Without a policy, as where the team's cannot be read, only what needs no judgement is merged.
///
/// # Errors
/// Sides that are no versions of one incident, or that the policy cannot judge together.
pub fn incidents(
    base: Option<&Incident>,
    ours: &Incident,
    theirs: &Incident,
    policy: Option<&Policy>,
    settings: &Settings,
) -> Result<Merged<Incident>, Unmergeable> {
    same::check(base.map(identity).as_ref(), &identity(ours), &identity(theirs))?;
    if let Some(side) = same::unchanged(base, ours, theirs) {
        return Ok(Merged::silent([ours, theirs][side]));
    }
    let mut sides = Sides { base: base.cloned(), ours: ours.clone(), theirs: theirs.clone() };
    sides.adopt_ids();
    let values = [value_of(&sides.ours), value_of(&sides.theirs)];
    let wrote = [&sides.ours, &sides.theirs].map(|side| wrote(sides.base.as_ref(), side));
    let mut three = Three::of(&values[0], &values[1], wrote);
    let map = three.record(sides.base.as_ref().map(value_of).as_ref(), &values[0], &values[1]);
    let mut merged: Incident = record_of(Value::Object(map))?;
    if sides.base.is_none() {
        merged.uid = sides.ours.uid.min(sides.theirs.uid);
    }
    sides.sort_timeline(&mut merged);
    sides.settle_status(&mut merged, &mut three);
    sides.settle_roles(&mut merged, &mut three);
    sides.settle_instants(&mut merged, &mut three);
    sides.settle_severity(&mut merged, &mut three, policy, settings)?;
    let (remarks, keeps) = three.finish(&mut merged.contested);
    Ok(Merged { record: merged, remarks, keeps })
}

fn identity(incident: &Incident) -> Identity<'_> {
    Identity {
        schema: incident.schema,
        id: incident.id.as_str(),
        uid: incident.uid.to_string(),
        story: vec![
            ("title", incident.title.to_string()),
            ("the day", incident.declared_at.to_string().chars().take(10).collect()),
        ],
    }
}

/// Who wrote the newest entry that the base does not have, and when it happened.
fn wrote(base: Option<&Incident>, side: &Incident) -> Option<(Option<Line>, Instant)> {
    let known: BTreeSet<Uid> =
        base.into_iter().flat_map(|base| &base.timeline).filter_map(|e| e.id).collect();
    let new = side.timeline.iter().filter(|entry| entry.id.is_some_and(|id| !known.contains(&id)));
    new.max_by_key(|entry| entry.id).map(|entry| (entry.by.clone(), entry.at))
}

/// An entry's place in a merged timeline: by time, then by id; one without an id comes last of its moment.
fn place(entry: &Entry) -> (i64, bool, Option<Uid>, String) {
    (entry.at.unix_millis(), entry.id.is_none(), entry.id, entry.text.to_string())
}

/// The last entry that tells of a change of this property.
fn last_change<'i>(incident: &'i Incident, of: &str, told: impl Fn(&Change) -> bool) -> Option<&'i Change> {
    let entries = incident
        .timeline
        .iter()
        .filter(|entry| entry.change.as_ref().is_some_and(|change| change.of.as_str() == of && told(change)));
    entries.max_by_key(|entry| place(entry)).and_then(|entry| entry.change.as_ref())
}

struct Sides {
    base: Option<Incident>,
    ours: Incident,
    theirs: Incident,
}

impl Sides {
    /// One property on the three sides.
    fn each<'s, T>(&'s self, get: impl Fn(&'s Incident) -> T) -> [Option<T>; 3] {
        [self.base.as_ref().map(&get), Some(get(&self.ours)), Some(get(&self.theirs))]
    }

    /// Whether both sides changed it, each in its own way.
    fn disputed<T: PartialEq>(values: &[Option<T>; 3]) -> bool {
        let [base, ours, theirs] = values;
        ours != theirs && base != ours && base != theirs
    }

    /// An entry typed by hand got its id on a side, or on both: it is still one entry.
    fn adopt_ids(&mut self) {
        let Some(base) = &mut self.base else { return };
        let known: BTreeSet<Uid> = base.timeline.iter().filter_map(|entry| entry.id).collect();
        for entry in base.timeline.iter_mut().filter(|entry| entry.id.is_none()) {
            let bare = entry.clone();
            let is_same = |other: &Entry| Entry { id: None, ..other.clone() } == bare;
            let is_new = |other: &Entry| other.id.is_some_and(|id| !known.contains(&id)) && is_same(other);
            let place = |side: &Incident, look: &dyn Fn(&Entry) -> bool| side.timeline.iter().position(look);
            let minted = [&self.ours, &self.theirs].map(|side| place(side, &is_new));
            let ids = [(&self.ours, minted[0]), (&self.theirs, minted[1])]
                .map(|(side, at)| at.and_then(|at| side.timeline[at].id));
            let Some(id) = ids.into_iter().flatten().min() else { continue };
            for (side, minted) in [(&mut self.ours, minted[0]), (&mut self.theirs, minted[1])] {
                if let Some(at) = minted.or_else(|| place(side, &|other| *other == bare)) {
                    side.timeline[at].id = Some(id);
                }
            }
            entry.id = Some(id);
        }
    }

    /// Puts the entries in order: by time, then by id.
    ///
    /// Where a hand, or a corrected time, left a side in another order, that stays, with the comments around it, and only
    /// what is new finds its place.
    fn sort_timeline(&self, merged: &mut Incident) {
        let sides = [self.base.as_ref(), Some(&self.ours), Some(&self.theirs)];
        if sides.into_iter().flatten().all(|side| side.timeline.is_sorted_by_key(place)) {
            return merged.timeline.sort_by_cached_key(place);
        }
        let base = self.base.as_ref().map_or(&[][..], |base| &base.timeline);
        let is_old = |entry: &Entry| entry.id.is_some() && base.iter().any(|old| old.id == entry.id);
        let (old, mut new): (Vec<Entry>, Vec<Entry>) = merged.timeline.drain(..).partition(is_old);
        new.sort_by_cached_key(place);
        merged.timeline = old;
        for entry in new {
            timeline::insert(&mut merged.timeline, entry);
        }
    }

    /// The last entry that tells of a status decides; without one, a side that was written to last.
    fn settle_status(&self, merged: &mut Incident, three: &mut Three) {
        let statuses = self.each(|side| side.status);
        if !Self::disputed(&statuses) {
            return;
        }
        let told = last_change(merged, "status", |_| true).and_then(|change| change.to.as_ref());
        let told = Status::ALL.into_iter().find(|status| told.is_some_and(|to| to.as_str() == status.name()));
        match told.filter(|told| statuses[1..].contains(&Some(*told))) {
            Some(told) => merged.status = told,
            None => self.contest("status", three, |side| value_of(&side.status)),
        }
    }

    /// The last entry that tells of a role decides who has it.
    fn settle_roles(&self, merged: &mut Incident, three: &mut Three) {
        let commanders = self.each(|side| side.commander.clone());
        if Self::disputed(&commanders) {
            match told_holder(merged, "commander", &commanders) {
                Some(holder) => merged.commander = holder,
                None => self.contest("commander", three, |side| value_of(&side.commander)),
            }
        }
        let names: BTreeSet<_> = self.ours.roles.keys().chain(self.theirs.roles.keys()).cloned().collect();
        for name in names {
            let holders = self.each(|side| side.roles.get(&name).cloned());
            if !Self::disputed(&holders) {
                continue;
            }
            match told_holder(merged, &name.to_string(), &holders) {
                Some(Some(holder)) => drop(merged.roles.insert(name, holder)),
                Some(None) => drop(merged.roles.remove(&name)),
                None => {
                    let path = format!("roles.{name}");
                    self.contest(&path, three, |side| value_of(&side.roles.get(&name)));
                }
            }
        }
    }

    /// The instants of the steps go with the status: one that the incident has not come to has none.
    fn settle_instants(&self, merged: &mut Incident, three: &mut Three) {
        let mitigated = self.each(|side| side.mitigated_at);
        let resolved = self.each(|side| side.resolved_at);
        merged.mitigated_at = self.instant(merged, three, Status::Mitigated, "mitigated_at", mitigated);
        merged.resolved_at = self.instant(merged, three, Status::Resolved, "resolved_at", resolved);
    }

    fn instant(
        &self,
        merged: &Incident,
        three: &mut Three,
        step: Status,
        name: &str,
        values: [Option<Option<Instant>>; 3],
    ) -> Option<Instant> {
        let [_, ours, theirs] = values.map(Option::flatten);
        let plain = if name == "mitigated_at" { merged.mitigated_at } else { merged.resolved_at };
        if merged.status == Status::Cancelled {
            return plain;
        }
        if merged.status < step {
            // Only where a side came to the step, and the last word is another status; the timeline tells both.
            return None;
        }
        if plain.is_none() || ours.is_none() || theirs.is_none() {
            return plain.or(ours).or(theirs);
        }
        if Self::disputed(&values) {
            let mut told = merged.timeline.iter().filter(|entry| {
                let to = entry.change.as_ref().and_then(|change| change.to.as_ref());
                entry.kind == EntryKind::Status && to.is_some_and(|to| to.as_str() == step.name())
            });
            return match told
                .next_back()
                .map(|entry| entry.at)
                .filter(|at| [ours, theirs].contains(&Some(*at)))
            {
                Some(at) => Some(at),
                None => {
                    let get = |side: &Incident| match step {
                        Status::Mitigated => side.mitigated_at,
                        _ => side.resolved_at,
                    };
                    self.contest(name, three, |side| value_of(&get(side)));
                    plain
                }
            };
        }
        plain
    }

    fn contest(&self, path: &str, three: &mut Three, get: impl Fn(&Incident) -> Value) {
        let values = [&self.ours, &self.theirs].map(|side| Some(get(side)).filter(|value| !value.is_null()));
        let (winner, loser, lost) = three.winner(values[0].as_ref(), values[1].as_ref());
        three.contest(path, winner, loser, lost);
    }
}

/// Who has a role by its last entry, where that is one of those whom the sides name.
fn told_holder(merged: &Incident, role: &str, holders: &[Option<Option<Line>>; 3]) -> Option<Option<Line>> {
    let told = last_change(merged, role, |_| true).map(|change| change.to.clone())?;
    holders[1..].contains(&Some(told.clone())).then_some(told)
}
