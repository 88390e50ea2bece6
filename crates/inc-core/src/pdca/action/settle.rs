//! Settling contested values of a PDCA: as a whole edit, which must not contradict itself where it did not before.

use super::{Refusal, Told};
use crate::pdca::{Branch, Pdca, command};
use crate::settle::{self, Settlement, Unsettled, Wanted};
use crate::text::shell_arg;

impl Pdca {
    pub(super) fn settle(
        &mut self,
        settlements: Vec<Settlement>,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let before = self.clone();
        let all = settle::decided(self.id.as_str(), &self.contested, settlements)?;
        let mut edited = before.clone();
        for one in all.iter().filter(|one| one.value != Wanted::Standing) {
            edited = settle::put(&edited, one, &command::edit(&self.id))?;
        }
        settle::take_out(&mut edited.contested, &all);
        let known = before.contradictions();
        let new: Vec<String> =
            edited.contradictions().into_iter().filter(|one| !known.contains(one)).collect();
        if !new.is_empty() {
            let ours = all.iter().map(|one| shell_arg(&format!("{}=ours", one.path)));
            let ours = ours.collect::<Vec<_>>().join(" --settle ");
            return Err(Unsettled::Contradicts { faults: new, ours }.into());
        }
        *self = edited.replacing(&before, told)?;
        Ok(settle::subject(self, &all))
    }

    /// Where an answer stands beside a reason why there is none; a merge keeps the answer and contests the reason.
    fn contradictions(&self) -> Vec<String> {
        let mut found = vec![];
        for branch in Branch::ALL {
            if self.branch_na(branch).is_some() && !self.branch(branch).is_empty() {
                let name = branch.name();
                found.push(format!(
                    "the {name} tree is begun, so its question applies: take its whys out first"
                ));
            }
        }
        for node in self.whys() {
            let why = node.why;
            let ends = [&why.out_of_control, &why.unknown].into_iter().flatten().count();
            let goes_on = why.root_cause.is_some() || !why.whys.is_empty();
            if ends > 1 || ends > 0 && goes_on {
                let first = match why.whys.first() {
                    Some(below) => command::remove(&self.id, "why", below.id.as_str()),
                    None => command::edit_why(&self.id, why.id.as_str(), "--untag"),
                };
                found.push(format!(
                    "{} ends its branch in two ways, or not at all, and one is enough: `{first}` first",
                    why.id
                ));
            }
        }
        for cure in self.countermeasures.iter().filter(|cure| cure.no_act.is_some()) {
            if let Some(act) = cure.acts.first() {
                found.push(format!(
                    "{} has an act, {}: take it out before nothing is to be rolled out",
                    cure.id, act.id
                ));
            }
        }
        found
    }
}
