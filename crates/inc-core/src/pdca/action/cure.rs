//! Do: countermeasures, their plan, and that they are done.

use chrono::NaiveDate;

use super::refusal::known_are;
use super::{CountermeasureEdit, CountermeasureProperty, NewCountermeasure, Refusal, Told, replace};
use crate::pdca::label;
use crate::pdca::{Branch, Check, CheckResult, Countermeasure, Pdca, command};
use crate::text::{Line, brief, ours};

impl Pdca {
    pub(super) fn add_countermeasure(
        &mut self,
        new: NewCountermeasure,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let root_causes = self.meant(&new.root_causes)?;
        if root_causes.is_empty() {
            return Err(Refusal::NoRootCause { hint: self.root_causes_hint() });
        }
        let labels = || self.countermeasures.iter().map(|countermeasure| countermeasure.id.as_str());
        let taken = |label: &str| labels().any(|other| label::same(other, label));
        let id = ours(&label::next("C", labels(), taken));
        told.said = Some(id.to_string());
        told.remark_past(&format!("the due day of {id}"), new.due);
        if let Some(on) = new.check_on
            && on < told.today
        {
            let next = command::check(&self.id, id.as_str());
            told.remark(format!("the day of the check, {on}, is past: give its result with `{next}`"));
        }
        let names: Vec<&str> = root_causes.iter().map(Line::as_str).collect();
        let subject =
            format!("pdca: countermeasure {id} for {}: {}", names.join(", "), brief(new.title.as_str()));
        let planned = new.check_how.is_some() || new.check_on.is_some();
        let check = Check { how: new.check_how, on: new.check_on, ..Check::default() };
        self.countermeasures.push(Countermeasure {
            id,
            uid: None,
            root_causes,
            title: new.title,
            kind: new.kind,
            owner: new.owner,
            team: new.team,
            timebox: new.timebox,
            due: new.due,
            done_on: None,
            check: planned.then_some(check),
            earlier_checks: vec![],
            acts: vec![],
            no_act: None,
        });
        Ok(subject)
    }

    pub(super) fn amend(
        &mut self,
        given: &str,
        edit: CountermeasureEdit,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.countermeasure_at(given)?;
        let command = command::amend(&self.id, given, "--owner NAME");
        let mut names = self.amend_root_causes(at, &edit, told)?;
        self.unprove(at, &edit, told);
        let countermeasure = &mut self.countermeasures[at];
        if let Some(title) = edit.title {
            countermeasure.title = title;
            names.push("title");
        }
        if let Some(team) = edit.team {
            countermeasure.team = team;
            names.push("team");
        }
        told.remark_past("the due day", edit.due);
        names.extend(replace("type", &mut countermeasure.kind, edit.kind));
        names.extend(replace("owner", &mut countermeasure.owner, edit.owner));
        names.extend(replace("timebox", &mut countermeasure.timebox, edit.timebox));
        names.extend(replace("due", &mut countermeasure.due, edit.due));
        if edit.check_how.is_some() || edit.check_on.is_some() {
            let check = countermeasure.check.get_or_insert_default();
            names.extend(replace("check.how", &mut check.how, edit.check_how));
            names.extend(replace("check.on", &mut check.on, edit.check_on));
        }
        names.extend(
            edit.clear
                .into_iter()
                .filter(|property| countermeasure.clear(*property))
                .map(CountermeasureProperty::name),
        );
        match names.is_empty() {
            true => Err(Refusal::Nothing { command }),
            false => Ok(format!("pdca: edit {}: {}", countermeasure.id, names.join(", "))),
        }
    }

    /// Root causes that it answers as well, and others that it answers no more; a proof holds for those of its time.
    fn amend_root_causes(
        &mut self,
        at: usize,
        edit: &CountermeasureEdit,
        told: &mut Told<'_, '_>,
    ) -> Result<Vec<&'static str>, Refusal> {
        let more = self.meant(&edit.more_root_causes)?;
        let id = self.countermeasures[at].id.clone();
        let known = &mut self.countermeasures[at].root_causes;
        let key = |label: &Line| label::root_cause_key(label.as_str());
        let count = known.len();
        for label in more {
            if !known.iter().any(|other| key(other) == key(&label)) {
                known.push(label);
            }
        }
        let added: Vec<String> = known[count..].iter().map(|label| brief(label.as_str())).collect();
        for given in &edit.fewer_root_causes {
            let labels: Vec<&str> = self.countermeasures[at].root_causes.iter().map(Line::as_str).collect();
            let none = || command::amend(&self.id, id.as_str(), "--root-cause RC");
            let found =
                self.pick(&format!("root cause of {id}"), given, &labels, label::root_cause_key, none)?;
            self.countermeasures[at].root_causes.remove(found);
        }
        if self.countermeasures[at].root_causes.is_empty() && !edit.fewer_root_causes.is_empty() {
            let remove = command::remove(&self.id, "countermeasure", id.as_str());
            return Err(Refusal::LastRootCause { countermeasure: id.to_string(), command: remove });
        }
        // What failed against one cause is not live again by being tried on another.
        if let Some(first) = added.first()
            && self.countermeasures[at].result() == Some(CheckResult::Ok)
        {
            self.retire(at, &format!("it answers {first} as well now"), told);
        }
        let is_asked = !edit.more_root_causes.is_empty() || !edit.fewer_root_causes.is_empty();
        Ok(if is_asked { vec!["root_causes"] } else { vec![] })
    }

    /// Another way of checking, or another day for it, asks for another proof.
    fn unprove(&mut self, at: usize, edit: &CountermeasureEdit, told: &mut Told<'_, '_>) {
        let Some(check) = &self.countermeasures[at].check else { return };
        let how = edit.check_how.as_ref().is_some_and(|how| check.how.as_ref() != Some(how));
        let on = edit.check_on.is_some_and(|on| check.on != Some(on));
        match (how, on) {
            (true, _) => self.retire(at, "it is checked in another way now", told),
            (false, true) => self.retire(at, "it is checked anew", told),
            (false, false) => {}
        }
    }

    pub(super) fn done(
        &mut self,
        given: &str,
        on: Option<NaiveDate>,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.countermeasure_at(given)?;
        let countermeasure = &mut self.countermeasures[at];
        let id = countermeasure.id.clone();
        let on = tick(id.as_str(), &mut countermeasure.done_on, on, told);
        if countermeasure.result() == Some(CheckResult::Ko) {
            told.remark(format!("{id} was checked KO: it counts again only once it is checked OK"));
        }
        Ok(format!("pdca: {id} done on {on}"))
    }

    /// The labels, as the trees have them, of the root causes that were meant; each once.
    fn meant(&self, given: &[String]) -> Result<Vec<Line>, Refusal> {
        let causes = self.root_causes();
        let mut known: Vec<&str> = causes.iter().map(|cause| cause.label.as_str()).collect();
        known.dedup_by_key(|label| label::root_cause_key(label));
        let mut meant: Vec<Line> = vec![];
        for given in given {
            let at =
                self.pick("root cause", given, &known, label::root_cause_key, || self.first_root_cause())?;
            let label = ours(known[at]);
            if !meant.contains(&label) {
                meant.push(label);
            }
        }
        Ok(meant)
    }

    fn root_causes_hint(&self) -> String {
        let causes = self.root_causes();
        let known: Vec<&str> = causes.iter().map(|cause| cause.label.as_str()).collect();
        match known.is_empty() {
            true => format!("there is none yet: add one with `{}`", self.first_root_cause()),
            false => known_are(&known),
        }
    }

    /// How to get the first root cause.
    fn first_root_cause(&self) -> String {
        match self.whys().max_by_key(|node| node.depth) {
            Some(node) => command::tag(&self.id, node.why.id.as_str(), "RC1"),
            None => command::why(&self.id, Branch::Occurrence.name()),
        }
    }
}

impl Countermeasure {
    /// Takes a property out; whether it was there.
    fn clear(&mut self, property: CountermeasureProperty) -> bool {
        match property {
            CountermeasureProperty::Type => self.kind.take().is_some(),
            CountermeasureProperty::Owner => self.owner.take().is_some(),
            CountermeasureProperty::Timebox => self.timebox.take().is_some(),
            CountermeasureProperty::Due => self.due.take().is_some(),
            CountermeasureProperty::NoAct => self.no_act.take().is_some(),
        }
    }
}

/// Marks something as done: on the day given, else on the day that it has, else today.
pub(super) fn tick(
    what: &str,
    done_on: &mut Option<NaiveDate>,
    on: Option<NaiveDate>,
    told: &mut Told<'_, '_>,
) -> NaiveDate {
    let day = on.or(*done_on).unwrap_or(told.today);
    match done_on.replace(day) {
        Some(was) if was == day => told.remark(format!("{what} was done already, on {was}")),
        Some(was) => told.remark(format!("{what} was done on {was}; {day} replaces it")),
        None => {}
    }
    day
}
