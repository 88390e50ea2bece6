//! A file that a person edited whole: what must not change, what must hold together, and the uids of its items.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refusal, Told};
use crate::Stamp;
use crate::id::Uid;
use crate::pdca::label;
use crate::pdca::tree::each_why;
use crate::pdca::{Branch, Countermeasure, Pdca, RootCause, command};
use crate::text::Prose;

impl Pdca {
    /// The edited record, where it holds together as well as the one before it.
    ///
    /// Faults that stood in the record before are left to `lint`: whoever corrects one shall not be held up by another.
    pub(super) fn replacing(mut self, before: &Self, told: &mut Told<'_, '_>) -> Result<Self, Refusal> {
        for (name, same) in [
            ("schema", self.schema == before.schema),
            ("id", self.id == before.id),
            ("uid", self.uid == before.uid),
        ] {
            if !same {
                return Err(Refusal::Fixed(name));
            }
        }
        let known: BTreeSet<String> = before.faults().into_iter().collect();
        let mut faults = self.faults();
        faults.retain(|fault| !known.contains(fault));
        if !faults.is_empty() {
            return Err(Refusal::Edited(faults));
        }
        let left: BTreeSet<String> = self.items().into_iter().map(|(name, _)| name).collect();
        let gone: Vec<String> =
            before.items().into_iter().map(|(name, _)| name).filter(|name| !left.contains(name)).collect();
        if !gone.is_empty() {
            told.remark(format!("taken out: {}; git keeps the old record", gone.join(", ")));
        }
        self.restore_uids(before);
        self.remark_on_kept_proofs(before, told);
        Ok(self)
    }

    /// A hand that changes what was proven and leaves the result is asked whether it still holds.
    fn remark_on_kept_proofs(&self, before: &Self, told: &mut Told<'_, '_>) {
        for cure in &self.countermeasures {
            let (Some(check), Some(was)) = (&cure.check, before.find_countermeasure(cure.id.as_str())) else {
                continue;
            };
            let Some(was_check) = &was.check else { continue };
            let is_kept =
                check.result.is_some() && (check.result, check.on) == (was_check.result, was_check.on);
            let changed = match () {
                () if check.how != was_check.how => "the way to check",
                () if self.causes_of(cure) != before.causes_of(was) => "a root cause that it answers",
                () => continue,
            };
            if is_kept {
                let next = command::amend(&self.id, cure.id.as_str(), "--check-on DAY");
                told.remark(format!(
                    "{} keeps its result, and {changed} is another one; if it is not proven any more: {next}",
                    cure.id
                ));
            }
        }
    }

    /// The words of the root causes that a countermeasure answers, in their order.
    fn causes_of(&self, cure: &Countermeasure) -> Vec<&Prose> {
        let is_named = |cause: &RootCause<'_>| {
            let key = label::root_cause_key(cause.label.as_str());
            cure.root_causes.iter().any(|label| label::root_cause_key(label.as_str()) == key)
        };
        self.root_causes().into_iter().filter(is_named).map(|cause| &cause.why.why).collect()
    }

    /// Where the record contradicts itself: labels and uids that stand twice, answers to no root cause.
    fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let mut names = vec![];
        let mut uids: BTreeMap<Uid, Vec<String>> = BTreeMap::new();
        for (name, uid) in self.items() {
            if let Some(uid) = uid {
                uids.entry(uid).or_default().push(name.clone());
            }
            names.push(name);
        }
        faults.extend(twice(names).into_iter().map(|name| format!("{name} stands twice: rename one")));
        for (uid, names) in uids.into_iter().filter(|(_, names)| names.len() > 1) {
            let names = names.join(" and ");
            faults.push(format!(
                "{names} have the same uid, {uid}: take it out of the copy, and a new one is minted"
            ));
        }
        let causes = self.root_causes();
        let keys: Vec<String> =
            causes.iter().map(|cause| label::root_cause_key(cause.label.as_str())).collect();
        for countermeasure in &self.countermeasures {
            if countermeasure.root_causes.is_empty() {
                faults.push(format!("{} answers no root cause", countermeasure.id));
            }
            for label in &countermeasure.root_causes {
                if !keys.contains(&label::root_cause_key(label.as_str())) {
                    faults.push(format!("{} answers {label}, and no why has that label", countermeasure.id));
                }
            }
        }
        let tags = twice(keys)
            .into_iter()
            .map(|key| format!("the root cause {key} is two whys: take another label"));
        faults.extend(tags);
        faults
    }

    /// An item whose uid a hand took out, or that was typed anew under its label, is still the same one.
    fn restore_uids(&mut self, before: &Self) {
        let mut used: BTreeSet<Uid> = self.items().into_iter().filter_map(|(_, uid)| uid).collect();
        let was: BTreeMap<String, Uid> =
            before.items().into_iter().filter_map(|(name, uid)| Some((name, uid?))).collect();
        self.each_uid(&mut |name, uid| {
            if uid.is_none()
                && let Some(was) = was.get(&name)
                && used.insert(*was)
            {
                *uid = Some(*was);
            }
        });
    }

    pub(super) fn mint_missing_uids(&mut self, stamp: &mut Stamp<'_>) {
        self.each_uid(&mut |_, uid| {
            uid.get_or_insert_with(|| stamp.uid());
        });
    }

    /// Every item that people add, by its name for people and its uid.
    fn items(&self) -> Vec<(String, Option<Uid>)> {
        let mut items = vec![];
        // One walk for reading and writing: the two cannot come to differ.
        self.clone().each_uid(&mut |name, uid| items.push((name, *uid)));
        items
    }

    pub(crate) fn each_uid(&mut self, visit: &mut dyn FnMut(String, &mut Option<Uid>)) {
        for branch in Branch::ALL {
            each_why(self.branch_mut(branch), &mut |why| {
                visit(format!("why {}", label::fold(why.id.as_str())), &mut why.uid);
            });
        }
        for factor in &mut self.contributing_factors {
            visit(factor.id.as_str().to_uppercase(), &mut factor.uid);
        }
        for countermeasure in &mut self.countermeasures {
            let name = countermeasure.id.as_str().to_uppercase();
            visit(name.clone(), &mut countermeasure.uid);
            for (at, earlier) in countermeasure.earlier_checks.iter_mut().enumerate() {
                visit(format!("earlier check {} of {name}", at + 1), &mut earlier.uid);
            }
            for act in &mut countermeasure.acts {
                let name = act.id.as_str().to_uppercase();
                visit(name.clone(), &mut act.uid);
                for target in &mut act.targets {
                    visit(format!("{name} for {}", label::fold(target.name.as_str())), &mut target.uid);
                }
            }
        }
    }
}

/// What stands in the list more than once.
fn twice(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    let mut found: Vec<String> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
    found.dedup();
    found
}
