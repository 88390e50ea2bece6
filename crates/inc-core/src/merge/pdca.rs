//! PDCAs: the whys are one tree, labels follow what they name, and of two results one counts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::same::{self, Identity, record_of, uid_of, value_of};
use super::three::{KEPT, Three, items};
use super::{Merged, Unmergeable, labels, whys};
use crate::id::Uid;
use crate::pdca::{Branch, Pdca, Why, label};
use crate::text::{Line, ours as own};

/// What a countermeasure names its root causes by while it is merged: the why itself, whatever its label.
const TOKEN: &str = "why:";

/// The PDCA that two sides make together; `None` as base where both added it.
///
/// # Errors
/// Sides that are no versions of one PDCA, or that are no record together.
pub fn pdcas(base: Option<&Pdca>, ours: &Pdca, theirs: &Pdca) -> Result<Merged<Pdca>, Unmergeable> {
    same::check(base.map(identity).as_ref(), &identity(ours), &identity(theirs))?;
    if let Some(side) = same::unchanged(base, ours, theirs) {
        return Ok(Merged::silent([ours, theirs][side]));
    }
    let mut sides =
        Sides { base: base.cloned(), ours: ours.clone(), theirs: theirs.clone(), made: BTreeSet::new() };
    sides.adopt_uids();
    let before = [sides.base.clone(), Some(sides.ours.clone()), Some(sides.theirs.clone())];
    let flat = sides.each(|pdca| {
        name_causes_by_uid(pdca);
        flat(pdca)
    });
    let lists = flat.each_ref().map(|side| side.as_ref().map_or(&[][..], |(_, whys)| whys.as_slice()));
    let [base, Some((ours, _)), Some((theirs, _))] = &flat else { unreachable!("both sides are there") };
    let mut three = Three::of([None, None]);
    let mut map = three.record(base.as_ref().map(|(base, _)| base), ours, theirs);
    keep_answers(&mut map, [ours, theirs], &mut three);
    let kept = whys::merged(&mut three, lists, &causes_of(&map));
    let mut nodes = whys::planted(kept, lists, &mut three);
    labels::root_causes(&mut nodes, lists, &causes_of(&map), &mut three);
    let causes: BTreeMap<String, String> = nodes
        .iter()
        .filter_map(|node| Some((node.uid.clone(), node.part("root_cause")?.to_owned())))
        .collect();
    whys::open_ends(&mut nodes, lists, &mut three);
    for (branch, key) in [(Branch::Occurrence, "occurrence"), (Branch::NonDetection, "non_detection")] {
        map.insert(key.to_owned(), Value::Array(whys::tree(&nodes, branch.name())));
    }
    let mut merged: Pdca = record_of(Value::Object(map))?;
    if before[0].is_none() {
        merged.uid = sides.ours.uid.min(sides.theirs.uid);
    }
    for cure in &mut merged.countermeasures {
        cure.root_causes = cure.root_causes.iter().map(|cause| named(cause, &causes)).collect();
    }
    labels::items(&mut merged, before[0].as_ref(), &mut three);
    labels::targets(&mut merged, before[0].as_ref());
    settle_answers(&mut merged, &before, &mut three);
    sides.strip(&mut merged);
    let known = before[0].as_ref().map_or(&[][..], |base| &base.contested);
    let (remarks, keeps) = three.finish(&mut merged.contested, known);
    Ok(Merged { record: merged, remarks, keeps })
}

fn identity(pdca: &Pdca) -> Identity<'_> {
    Identity {
        schema: pdca.schema,
        id: pdca.id.as_str(),
        uid: pdca.uid.to_string(),
        story: vec![
            ("title", pdca.title.to_string()),
            ("the day", pdca.created_at.to_string().chars().take(10).collect()),
            ("source", value_of(&pdca.source).to_string()),
        ],
    }
}

struct Sides {
    base: Option<Pdca>,
    ours: Pdca,
    theirs: Pdca,
    /// Uids that only this merge knows, of items that have none in their files.
    made: BTreeSet<Uid>,
}

impl Sides {
    fn each<T>(&mut self, mut act: impl FnMut(&mut Pdca) -> T) -> [Option<T>; 3] {
        [self.base.as_mut().map(&mut act), Some(act(&mut self.ours)), Some(act(&mut self.theirs))]
    }

    /// Gives every item something to go by.
    ///
    /// An item of the base that has no uid is the one at the same label on each side, whatever uid was minted for it
    /// there. What is new on a side and has none gets one that no other item has.
    fn adopt_uids(&mut self) {
        let [base, ours, theirs] = self.each(uids);
        let known: BTreeSet<Uid> = base.iter().flat_map(BTreeMap::values).flatten().copied().collect();
        let mut adopted: BTreeMap<String, (Uid, Vec<Uid>)> = BTreeMap::new();
        for (name, _) in base.iter().flatten().filter(|(_, uid)| uid.is_none()) {
            let minted = [&ours, &theirs].map(|side| side.as_ref()?.get(name).copied().flatten());
            let minted: Vec<Uid> = minted.into_iter().flatten().filter(|uid| !known.contains(uid)).collect();
            // Made from words, not one of those that were minted: which of the sides are there is not always the same.
            let uid = uid_of(&format!("{}/{name}", self.ours.uid), self.ours.uid.unix_millis());
            if minted.is_empty() {
                self.made.insert(uid);
            }
            adopted.insert(name.clone(), (uid, minted));
        }
        let mut made = BTreeSet::new();
        self.each(|pdca| {
            let text = value_of(pdca).to_string();
            let mut count = Count::default();
            pdca.each_uid(&mut |name, uid| {
                let name = count.single(name);
                match (adopted.get(&name), *uid) {
                    (Some((adopted, minted)), own) if own.is_none_or(|own| minted.contains(&own)) => {
                        *uid = Some(*adopted);
                    }
                    (_, None) => {
                        let own = uid_of(&format!("{name}\n{text}"), 0);
                        made.insert(own);
                        *uid = Some(own);
                    }
                    _ => {}
                }
            });
        });
        self.made.extend(made);
    }

    /// Takes out the uids that only this merge knew.
    fn strip(&self, merged: &mut Pdca) {
        merged.each_uid(&mut |_, uid| {
            if uid.is_some_and(|own| self.made.contains(&own)) {
                *uid = None;
            }
        });
    }
}

/// How often each name was met: a label that a hand gave twice is two names.
#[derive(Default)]
struct Count(BTreeMap<String, usize>);

impl Count {
    fn single(&mut self, name: String) -> String {
        let count = self.0.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 { format!("{name}#{count}") } else { name }
    }
}

fn uids(pdca: &mut Pdca) -> BTreeMap<String, Option<Uid>> {
    let (mut found, mut count) = (BTreeMap::new(), Count::default());
    pdca.each_uid(&mut |name, uid| {
        found.insert(count.single(name), *uid);
    });
    found
}

/// Lets the countermeasures name the whys themselves, as a label may be another why's on the other side.
fn name_causes_by_uid(pdca: &mut Pdca) {
    let causes: Vec<(String, Option<Uid>)> = pdca
        .root_causes()
        .into_iter()
        .map(|cause| (label::root_cause_key(cause.label.as_str()), cause.why.uid))
        .collect();
    for named in pdca.countermeasures.iter_mut().flat_map(|cure| &mut cure.root_causes) {
        let key = label::root_cause_key(named.as_str());
        let uid = causes.iter().find(|(own, _)| *own == key).and_then(|(_, uid)| *uid);
        if let Some(uid) = uid {
            *named = own(&format!("{TOKEN}{uid}"));
        }
    }
}

/// A root cause as people name it again.
fn named(cause: &Line, causes: &BTreeMap<String, String>) -> Line {
    let label = cause.as_str().strip_prefix(TOKEN).and_then(|uid| causes.get(uid));
    label.and_then(|label| label.parse().ok()).unwrap_or_else(|| cause.clone())
}

/// The record as plain data without its whys, and these as one list in which each names the one above it.
fn flat(pdca: &Pdca) -> (Value, Vec<Value>) {
    fn walk(whys: &[Why], parent: &str, list: &mut Vec<Value>) {
        for why in whys {
            let uid = why.uid.map(|uid| uid.to_string()).unwrap_or_default();
            let mut node = value_of(&Why { whys: vec![], ..why.clone() });
            if let Some(map) = node.as_object_mut() {
                map.insert("parent".to_owned(), json!(parent));
            }
            list.push(node);
            walk(&why.whys, &uid, list);
        }
    }
    let mut whys = vec![];
    for branch in Branch::ALL {
        walk(pdca.branch(branch), branch.name(), &mut whys);
    }
    let mut value = value_of(pdca);
    if let Some(map) = value.as_object_mut() {
        map.shift_remove("occurrence");
        map.shift_remove("non_detection");
    }
    (value, whys)
}

/// The whys that countermeasures answer, by uid.
fn causes_of(map: &Map<String, Value>) -> BTreeSet<String> {
    let cures = items(map.get("countermeasures")).iter();
    let named = cures.flat_map(|cure| items(cure.get("root_causes"))).filter_map(Value::as_str);
    named.filter_map(|cause| cause.strip_prefix(TOKEN).map(str::to_owned)).collect()
}

/// A countermeasure whose root causes were taken out by one side each still answers what either side left.
fn keep_answers(map: &mut Map<String, Value>, sides: [&Value; 2], three: &mut Three) {
    let Some(Value::Array(cures)) = map.get_mut("countermeasures") else { return };
    for cure in cures.iter_mut().filter(|cure| items(cure.get("root_causes")).is_empty()) {
        let of_side = |side: &Value| {
            let same = |other: &&Value| other.get("uid") == cure.get("uid");
            let found = items(side.get("countermeasures")).iter().find(same)?;
            Some(items(found.get("root_causes")).to_vec())
        };
        let mut left: Vec<Value> = sides.into_iter().filter_map(of_side).flatten().collect();
        left.sort_by_key(Value::to_string);
        left.dedup();
        if left.is_empty() {
            continue;
        }
        let label = cure.get("id").and_then(Value::as_str).unwrap_or_default();
        three.remarks.push(format!(
            "{KEPT} what {label} answers, as each side took out what the other left; say which it is"
        ));
        if let Some(cure) = cure.as_object_mut() {
            cure.insert("root_causes".to_owned(), Value::Array(left));
        }
    }
}

/// A question that one side answered with "does not apply", and the other in earnest: the answer stands.
fn settle_answers(merged: &mut Pdca, before: &[Option<Pdca>; 3], three: &mut Three) {
    let was_so = |odd: &dyn Fn(&Pdca) -> bool| before.iter().flatten().any(odd);
    for (branch, key) in [(Branch::Occurrence, "occurrence_na"), (Branch::NonDetection, "non_detection_na")] {
        let odd = |pdca: &Pdca| !pdca.branch(branch).is_empty() && pdca.branch_na(branch).is_some();
        if !odd(merged) || was_so(&odd) {
            continue;
        }
        let slot = match branch {
            Branch::Occurrence => &mut merged.occurrence_na,
            Branch::NonDetection => &mut merged.non_detection_na,
        };
        let reason = slot.take().map(|reason| value_of(&reason));
        three.contest(key, None, reason.as_ref(), 0);
    }
    for at in 0..merged.countermeasures.len() {
        let uid = merged.countermeasures[at].uid;
        let odd = |pdca: &Pdca| {
            let mut same = pdca.countermeasures.iter().filter(|cure| cure.uid == uid);
            same.any(|cure| !cure.acts.is_empty() && cure.no_act.is_some())
        };
        if odd(merged) && !was_so(&odd) {
            let cure = &mut merged.countermeasures[at];
            let reason = cure.no_act.take().map(|reason| value_of(&reason));
            let path = format!("countermeasures[{}].no_act", cure.id);
            three.contest(&path, None, reason.as_ref(), 0);
        }
    }
}
