//! Act: what is proven is applied to the rest of systems and company.

use chrono::NaiveDate;

use super::cure::tick;
use super::{ActEdit, ActProperty, NewAct, Refusal, Told, replace};
use crate::pdca::label;
use crate::pdca::{Act, CheckResult, Pdca, Target, command};
use crate::text::{Line, Prose, brief, ours};

impl Pdca {
    pub(super) fn add_act(&mut self, new: NewAct, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let at = self.proven(&new.countermeasure)?;
        let labels = || self.acts().map(|(_, act)| act.id.as_str());
        let taken = |label: &str| labels().any(|other| label::same(other, label));
        let id = ours(&label::next("A", labels(), taken));
        told.said = Some(id.to_string());
        told.remark_past(&format!("the due day of {id}"), new.due);
        let mut targets: Vec<Target> = vec![];
        add_targets(&mut targets, new.targets, told);
        let countermeasure = &mut self.countermeasures[at];
        if let Some(reason) = countermeasure.no_act.take() {
            told.remark(format!("the reason for no act is taken back: {}", reason.first_line()));
        }
        let subject = format!("pdca: act {id} of {}: {}", countermeasure.id, brief(new.title.as_str()));
        countermeasure.acts.push(Act {
            id,
            uid: None,
            title: new.title,
            owner: new.owner,
            due: new.due,
            done_on: None,
            targets,
            created_at: Some(told.stamp.at),
        });
        Ok(subject)
    }

    pub(super) fn amend_act(
        &mut self,
        given: &str,
        edit: ActEdit,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let (c, a) = self.act_at(given)?;
        let mut names = vec![];
        for given in &edit.fewer_targets {
            let at = self.target_at(&self.countermeasures[c].acts[a], given)?;
            let gone = self.countermeasures[c].acts[a].targets.remove(at);
            if let Some(on) = gone.done_on {
                told.remark(format!("{} was applied on {on}: it is taken out all the same", gone.name));
            }
            names.push("targets");
        }
        names.dedup();
        let act = &mut self.countermeasures[c].acts[a];
        if !edit.more_targets.is_empty() {
            if act.targets.is_empty() && act.done_on.is_some() {
                told.remark(format!("{} was done already: from now on its targets count", act.id));
            }
            add_targets(&mut act.targets, edit.more_targets, told);
            if !names.contains(&"targets") {
                names.push("targets");
            }
        }
        if let Some(title) = edit.title {
            act.title = title;
            names.push("title");
        }
        told.remark_past(&format!("the due day of {}", act.id), edit.due);
        names.extend(
            edit.clear.iter().filter(|property| act.clear(**property)).map(|property| property.name()),
        );
        names.extend(replace("owner", &mut act.owner, edit.owner));
        names.extend(replace("due", &mut act.due, edit.due));
        let id = act.id.clone();
        match names.is_empty() {
            true => Err(Refusal::Nothing { command: command::amend_act(&self.id, id.as_str()) }),
            false => Ok(format!("pdca: edit {id}: {}", names.join(", "))),
        }
    }

    pub(super) fn done_act(
        &mut self,
        given: &str,
        target: Option<&str>,
        on: Option<NaiveDate>,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let (c, a) = self.act_at(given)?;
        let act = &self.countermeasures[c].acts[a];
        let id = act.id.clone();
        let target = match target {
            Some(target) => Some(self.target_at(act, target)?),
            None => None,
        };
        let Some(target) = target else {
            self.refuse_untold_target(act)?;
            let on = tick(id.as_str(), &mut self.countermeasures[c].acts[a].done_on, on, told);
            return Ok(format!("pdca: {id} done on {on}"));
        };
        let target = &mut self.countermeasures[c].acts[a].targets[target];
        let name = target.name.to_string();
        let on = tick(&format!("{id} for {name}"), &mut target.done_on, on, told);
        Ok(format!("pdca: {id} applied to {} on {on}", brief(&name)))
    }

    pub(super) fn no_act(
        &mut self,
        given: &str,
        reason: Prose,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.proven(given)?;
        let countermeasure = &self.countermeasures[at];
        let id = countermeasure.id.clone();
        if let Some(first) = countermeasure.acts.first() {
            let acts: Vec<&str> = countermeasure.acts.iter().map(|act| act.id.as_str()).collect();
            return Err(Refusal::HasActs {
                countermeasure: id.to_string(),
                acts: acts.join(", "),
                done: command::done(&self.id, first.id.as_str()),
                edit: command::edit(&self.id),
            });
        }
        let subject = format!("pdca: no act for {id}: {}", brief(reason.as_str()));
        if let Some(was) = self.countermeasures[at].no_act.replace(reason) {
            told.remark(format!("it replaces the reason: {}", was.first_line()));
        }
        Ok(subject)
    }

    /// The place of a countermeasure that is checked OK.
    fn proven(&self, given: &str) -> Result<usize, Refusal> {
        let at = self.countermeasure_at(given)?;
        let countermeasure = &self.countermeasures[at];
        let label = countermeasure.id.as_str();
        let (state, advice) = match countermeasure.result() {
            Some(CheckResult::Ok) => return Ok(at),
            None => {
                ("not checked yet", format!("check it first, with `{}`", command::check(&self.id, label)))
            }
            Some(CheckResult::Ko) => {
                let root_cause = countermeasure.root_causes.first().map_or("RC1", |label| label.as_str());
                let next = command::countermeasure(&self.id, root_cause);
                ("checked KO", format!("add one that cures, with `{next}`"))
            }
        };
        Err(Refusal::NotProven { countermeasure: label.to_owned(), state, advice })
    }

    /// The label of the act that this target is ticked of: the only one that names it, or that still has it open.
    ///
    /// # Errors
    /// A target that no act names, or that several have open.
    pub fn act_with_target(&self, given: &str) -> Result<String, Refusal> {
        let is_it = |target: &&Target| label::same(target.name.as_str(), given);
        let named: Vec<(&Act, &Target)> =
            self.acts().filter_map(|(_, act)| Some((act, act.targets.iter().find(is_it)?))).collect();
        let open: Vec<&str> = named
            .iter()
            .filter(|(_, target)| target.done_on.is_none())
            .map(|(act, _)| act.id.as_str())
            .collect();
        match (&named[..], &open[..]) {
            ([], _) => {
                let all = self.acts().flat_map(|(_, act)| &act.targets);
                let mut known: Vec<&str> = all.map(|target| target.name.as_str()).collect();
                known.sort_unstable();
                known.dedup();
                let countermeasure = self.countermeasures.first().map_or("C1", |first| first.id.as_str());
                Err(Refusal::unknown("target", given, &known, &command::act(&self.id, countermeasure)))
            }
            (_, [one]) => Ok((*one).to_owned()),
            ([(act, _)], _) => Ok(act.id.to_string()),
            (all, _) => {
                let acts =
                    if open.is_empty() { all.iter().map(|(act, _)| act.id.as_str()).collect() } else { open };
                let first = acts.first().copied().unwrap_or_default();
                Err(Refusal::WhichAct {
                    target: crate::text::clean_line(given),
                    acts: acts.join(", "),
                    command: command::done_target(&self.id, first, given),
                })
            }
        }
    }

    /// The places of an act and of its countermeasure.
    pub(super) fn act_at(&self, given: &str) -> Result<(usize, usize), Refusal> {
        let countermeasures = self.countermeasures.iter().enumerate();
        let places: Vec<(usize, usize)> =
            countermeasures.flat_map(|(c, it)| (0..it.acts.len()).map(move |a| (c, a))).collect();
        let known: Vec<&str> = self.acts().map(|(_, act)| act.id.as_str()).collect();
        let countermeasure = self.countermeasures.first().map_or("C1", |first| first.id.as_str());
        let first = || command::act(&self.id, countermeasure);
        self.pick("act", given, &known, label::fold, first).map(|at| places[at])
    }

    pub(super) fn target_at(&self, act: &Act, given: &str) -> Result<usize, Refusal> {
        let done = command::done(&self.id, act.id.as_str());
        if act.targets.is_empty() {
            return Err(Refusal::NoTargets { act: act.id.to_string(), command: done });
        }
        let known: Vec<&str> = act.targets.iter().map(|target| target.name.as_str()).collect();
        self.pick(&format!("target of {}", act.id), given, &known, label::fold, || done.clone())
    }

    /// An act with targets is done where each of them is: nobody ticks them all unseen.
    pub(super) fn refuse_untold_target(&self, act: &Act) -> Result<(), Refusal> {
        let Some(first) = act.targets.iter().find(|target| target.done_on.is_none()).or(act.targets.first())
        else {
            return Ok(());
        };
        let open = act.targets.iter().filter(|target| target.done_on.is_none());
        let open: Vec<&str> = open.map(|target| target.name.as_str()).collect();
        Err(Refusal::WhichTarget {
            act: act.id.to_string(),
            open: if open.is_empty() { "none".to_owned() } else { open.join(", ") },
            command: command::done_target(&self.id, act.id.as_str(), first.name.as_str()),
        })
    }
}

impl Act {
    /// Takes a property out; whether it was there.
    fn clear(&mut self, property: ActProperty) -> bool {
        match property {
            ActProperty::Owner => self.owner.take().is_some(),
            ActProperty::Due => self.due.take().is_some(),
        }
    }
}

/// Adds those that are not there yet: a target is ticked by its name, so no two share one.
fn add_targets(targets: &mut Vec<Target>, names: Vec<Line>, told: &mut Told<'_, '_>) {
    for name in names {
        match targets.iter().any(|other| label::same(other.name.as_str(), name.as_str())) {
            true => told.remark(format!("the target {name} is there already: it is kept once")),
            false => targets.push(Target { name, uid: None, done_on: None }),
        }
    }
}
