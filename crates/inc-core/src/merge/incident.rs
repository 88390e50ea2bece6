//! Incidents: the timeline is one, what it tells of follows its last entry, and the severity is judged again.

mod severity;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::same::{self, Identity, record_of, uid_of, value_of};
use super::three::Three;
use super::{Merged, Unmergeable};
use crate::id::Uid;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::settings::Settings;
use crate::severity::Policy;
use crate::text::Line;
use crate::timeline::{self, Change, Entry};

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
    let told = sides.take_derived();
    let values = [value_of(&sides.ours), value_of(&sides.theirs)];
    let wrote = [&sides.ours, &sides.theirs].map(|side| wrote(sides.base.as_ref(), side));
    let mut three = Three::of(wrote);
    let map = three.record(sides.base.as_ref().map(value_of).as_ref(), &values[0], &values[1]);
    let mut merged: Incident = record_of(Value::Object(map))?;
    if sides.base.is_none() {
        merged.uid = sides.ours.uid.min(sides.theirs.uid);
    }
    sides.sort_timeline(&mut merged);
    sides.settle_status(&mut merged, &mut three);
    sides.settle_roles(&mut merged, &mut three);
    sides.settle_instants(&mut merged, &mut three);
    sides.settle_severity(&mut merged, &mut three, told, policy, settings)?;
    let known = sides.base.as_ref().map_or(&[][..], |base| &base.contested);
    let (remarks, keeps) = three.finish(&mut merged.contested, known);
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
    ///
    /// Its id is made from its words, and is not one of those that were minted: which of the sides are there is not
    /// always the same.
    fn adopt_ids(&mut self) {
        let Some(base) = &mut self.base else { return };
        let known: BTreeSet<Uid> = base.timeline.iter().filter_map(|entry| entry.id).collect();
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for entry in base.timeline.iter_mut().filter(|entry| entry.id.is_none()) {
            let bare = entry.clone();
            let words = format!("{}/{}", base.uid, value_of(&bare));
            let twin = count.entry(words.clone()).or_default();
            *twin += 1;
            let is_minted = |other: &Entry| {
                other.id.is_some_and(|id| !known.contains(&id)) && Entry { id: None, ..other.clone() } == bare
            };
            let place = |side: &Incident, look: &dyn Fn(&Entry) -> bool| side.timeline.iter().position(look);
            let minted = [&self.ours, &self.theirs].map(|side| place(side, &is_minted));
            if minted == [None, None] {
                continue;
            }
            // As old as the record: of entries of one moment, what was there before comes first.
            let id = Some(uid_of(&format!("{words}{twin}"), base.uid.unix_millis()));
            for (side, minted) in [(&mut self.ours, minted[0]), (&mut self.theirs, minted[1])] {
                if let Some(at) = minted.or_else(|| place(side, &|other| *other == bare)) {
                    side.timeline[at].id = id;
                }
            }
            entry.id = id;
        }
    }

    /// Puts the entries in order: by time, then by id.
    ///
    /// Where a hand, or a corrected time, left a side in another order, that stays, with the comments around it, and only
    /// what is new, or has another time now, finds its place.
    fn sort_timeline(&self, merged: &mut Incident) {
        let sides = [self.base.as_ref(), Some(&self.ours), Some(&self.theirs)];
        if sides.into_iter().flatten().all(|side| side.timeline.is_sorted_by_key(place)) {
            return merged.timeline.sort_by_cached_key(place);
        }
        let base = self.base.as_ref().map_or(&[][..], |base| &base.timeline);
        let is_old = |entry: &Entry| {
            entry.id.is_some() && base.iter().any(|old| old.id == entry.id && old.at == entry.at)
        };
        let (old, mut new): (Vec<Entry>, Vec<Entry>) = merged.timeline.drain(..).partition(is_old);
        new.sort_by_cached_key(place);
        merged.timeline = old;
        for entry in new {
            timeline::insert(&mut merged.timeline, entry);
        }
    }

    fn contest(&self, path: &str, three: &mut Three, get: impl Fn(&Incident) -> Value) {
        let values = [&self.ours, &self.theirs].map(|side| Some(get(side)).filter(|value| !value.is_null()));
        let (winner, loser, lost) = Three::winner(values[0].as_ref(), values[1].as_ref());
        three.contest(path, winner, loser, lost);
    }
}
