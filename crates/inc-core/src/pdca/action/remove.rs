//! What is taken out or taken back: whys, countermeasures, acts. What would be lost with it is named first.

use super::{Refusal, Told};
use crate::pdca::tree::each_why;
use crate::pdca::{Pdca, Why, command, label};
use crate::text::Line;

impl Pdca {
    pub(super) fn remove_why(
        &mut self,
        given: &str,
        recursive: bool,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.why_at(given)?;
        let id = self.why_label(at);
        let again = command::remove_all(&self.id, "why", &id);
        let Some(why) = self.whys().nth(at).map(|node| node.why.clone()) else {
            unreachable!("the why was found")
        };
        if !recursive && !why.whys.is_empty() {
            let below: Vec<&str> = why.whys.iter().map(|why| why.id.as_str()).collect();
            let what = format!("the whys below it ({})", below.join(", "));
            return Err(Refusal::Holds { label: id, what, command: again });
        }
        let mut gone = vec![];
        let mut causes = vec![];
        each_why(&mut [why], &mut |why| {
            gone.push(why.id.to_string());
            causes.extend(why.root_cause.clone());
        });
        self.take_why(at);
        // Another why may have the same label, typed by hand: then the countermeasures answer that one.
        causes.retain(|label| self.holder_of(label.as_str()).is_none());
        for label in &causes {
            let cures: Vec<String> =
                self.countermeasures_for(label.as_str()).map(|cure| cure.id.to_string()).collect();
            if !recursive && !cures.is_empty() {
                let what = format!("{label}, which {} answers", cures.join(", "));
                return Err(Refusal::Holds { label: id, what, command: again });
            }
            gone.extend(self.unanswer(label, told));
        }
        told.remark(format!("taken out: {}; git keeps the old record", gone.join(", ")));
        Ok(format!("pdca: remove why {}", gone.join(", ")))
    }

    /// Nothing answers the root cause any more; a countermeasure that answered nothing else goes, with its acts.
    fn unanswer(&mut self, root_cause: &Line, told: &mut Told<'_, '_>) -> Vec<String> {
        let key = label::root_cause_key(root_cause.as_str());
        let mut gone = vec![];
        for cure in &mut self.countermeasures {
            let count = cure.root_causes.len();
            cure.root_causes.retain(|label| label::root_cause_key(label.as_str()) != key);
            if cure.root_causes.is_empty() && count > 0 {
                gone.push(cure.id.to_string());
                gone.extend(cure.acts.iter().map(|act| act.id.to_string()));
            } else if cure.root_causes.len() < count {
                told.remark(format!("{} no longer answers {root_cause}", cure.id));
            }
        }
        self.countermeasures.retain(|cure| !gone.contains(&cure.id.to_string()));
        gone
    }

    pub(super) fn take_why(&mut self, at: usize) {
        fn take(whys: &mut Vec<Why>, left: &mut usize) -> bool {
            for index in 0..whys.len() {
                if *left == 0 {
                    whys.remove(index);
                    return true;
                }
                *left -= 1;
                if take(&mut whys[index].whys, left) {
                    return true;
                }
            }
            false
        }
        let mut left = at;
        if !take(&mut self.occurrence, &mut left) {
            take(&mut self.non_detection, &mut left);
        }
    }

    pub(super) fn remove_countermeasure(
        &mut self,
        given: &str,
        recursive: bool,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.countermeasure_at(given)?;
        let countermeasure = &self.countermeasures[at];
        let mut held: Vec<String> = countermeasure.acts.iter().map(|act| format!("act {}", act.id)).collect();
        let checks = usize::from(countermeasure.result().is_some()) + countermeasure.earlier_checks.len();
        if checks > 0 {
            held.push(format!("{checks} check{} with a result", if checks == 1 { "" } else { "s" }));
        }
        let label = countermeasure.id.to_string();
        if !recursive && !held.is_empty() {
            let command = command::remove_all(&self.id, "countermeasure", &label);
            return Err(Refusal::Holds { label, what: held.join(", "), command });
        }
        let gone = self.countermeasures.remove(at);
        for root_cause in &gone.root_causes {
            if self.countermeasures_for(root_cause.as_str()).next().is_none() {
                told.remark(format!("nothing answers {root_cause} any more"));
            }
        }
        let with = if held.is_empty() { String::new() } else { format!(", with {}", held.join(", ")) };
        told.remark(format!("taken out: {label}{with}; git keeps the old record"));
        Ok(format!("pdca: remove {label}{with}"))
    }

    pub(super) fn remove_act(
        &mut self,
        given: &str,
        recursive: bool,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let (c, a) = self.act_at(given)?;
        let act = &self.countermeasures[c].acts[a];
        let label = act.id.to_string();
        let mut ticked: Vec<&str> = act
            .targets
            .iter()
            .filter(|target| target.done_on.is_some())
            .map(|target| target.name.as_str())
            .collect();
        if act.done_on.is_some() {
            ticked.push("all of it");
        }
        if !recursive && !ticked.is_empty() {
            let what = format!("what is done: {}", ticked.join(", "));
            let command = command::remove_all(&self.id, "act", &label);
            return Err(Refusal::Holds { label, what, command });
        }
        self.countermeasures[c].acts.remove(a);
        told.remark(format!("taken out: {label}; git keeps the old record"));
        Ok(format!("pdca: remove act {label}"))
    }

    /// A countermeasure is not done after all.
    pub(super) fn undo_done(&mut self, given: &str, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let at = self.countermeasure_at(given)?;
        let countermeasure = &mut self.countermeasures[at];
        let label = countermeasure.id.to_string();
        let was = countermeasure.done_on.take().ok_or_else(|| Refusal::NotDone { what: label.clone() })?;
        if let Some(result) = countermeasure.result() {
            told.remark(format!(
                "{label} is {} all the same: a check counts whenever it was made",
                result.label()
            ));
        }
        Ok(format!("pdca: {label} is not done, it was said to be on {was}"))
    }

    /// An act, or one of its targets, is not done after all.
    pub(super) fn undo_act(&mut self, given: &str, target: Option<&str>) -> Result<String, Refusal> {
        let (c, a) = self.act_at(given)?;
        let act = &self.countermeasures[c].acts[a];
        let (what, place) = match target {
            Some(target) => {
                let at = self.target_at(act, target)?;
                (format!("{} for {}", act.id, act.targets[at].name), Some(at))
            }
            None => {
                if act.done_on.is_none() {
                    self.refuse_untold_target(act)?;
                }
                (act.id.to_string(), None)
            }
        };
        let act = &mut self.countermeasures[c].acts[a];
        let done_on = match place {
            Some(at) => &mut act.targets[at].done_on,
            None => &mut act.done_on,
        };
        let was = done_on.take().ok_or_else(|| Refusal::NotDone { what: what.clone() })?;
        Ok(format!("pdca: {what} is not done, it was said to be on {was}"))
    }
}
