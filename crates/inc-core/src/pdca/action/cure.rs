//! Do and Check: countermeasures, and whether they cure.

use chrono::NaiveDate;

use super::refusal::known_are;
use super::{CountermeasureEdit, NewCheck, NewCountermeasure, Refusal, Told, replace};
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
        let more = self.meant(&edit.more_root_causes)?;
        let command = command::amend(&self.id, given, "--owner NAME");
        let countermeasure = &mut self.countermeasures[at];
        let mut names = vec![];
        for label in more {
            let known = &mut countermeasure.root_causes;
            let key = label::root_cause_key(label.as_str());
            if !known.iter().any(|other| label::root_cause_key(other.as_str()) == key) {
                known.push(label);
            }
            names.push("root_causes");
        }
        names.dedup();
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
        match names.is_empty() {
            true => Err(Refusal::Nothing { command }),
            false => Ok(format!("pdca: edit {}: {}", countermeasure.id, names.join(", "))),
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

    pub(super) fn check(&mut self, new: NewCheck, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let at = self.countermeasure_at(&new.countermeasure)?;
        let countermeasure = &mut self.countermeasures[at];
        let was = countermeasure.check.clone().unwrap_or_default();
        let (id, result) = (countermeasure.id.clone(), new.result);
        let check = checked(&was, new, told);
        if check == was {
            return Err(Refusal::SameResult { countermeasure: id.to_string(), state: result.label() });
        }
        if let Some(replaced) = was.result {
            told.remark(format!("{id}: {} replaces {}", words_of(result, &check), words_of(replaced, &was)));
        }
        let on = check.on.map(|on| format!(" on {on}")).unwrap_or_default();
        countermeasure.check = Some(check);
        if result == CheckResult::Ko {
            self.remark_on_ko(at, told);
        } else if self.countermeasures[at].check.as_ref().is_some_and(|check| check.how.is_none()) {
            let next = command::amend(&self.id, id.as_str(), "--check HOW");
            told.remark(format!("how {id} was checked is not told: {next}"));
        }
        Ok(format!("pdca: check {id} {}{on}", result.name().to_uppercase()))
    }

    /// A KO sends the loop round, and what was rolled out was not proven.
    fn remark_on_ko(&self, at: usize, told: &mut Told<'_, '_>) {
        let countermeasure = &self.countermeasures[at];
        for root_cause in &countermeasure.root_causes {
            let label = root_cause.as_str();
            let answered = self.countermeasures_for(label).any(Countermeasure::is_live);
            if !answered {
                let next = command::countermeasure(&self.id, label);
                told.remark(format!("{label} lacks a countermeasure again, or a deeper why: {next}"));
            }
        }
        if !countermeasure.acts.is_empty() {
            let acts: Vec<&str> = countermeasure.acts.iter().map(|act| act.id.as_str()).collect();
            told.remark(format!(
                "what was not proven is applied elsewhere by {}: look at it",
                acts.join(", ")
            ));
        }
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

/// The check after a new result: what was planned stays, what showed another result goes.
fn checked(was: &Check, new: NewCheck, told: &Told<'_, '_>) -> Check {
    let repeats = was.result == Some(new.result);
    let turns = was.result.is_some() && !repeats;
    let planned = match turns {
        true => None,
        false => was.on.filter(|on| repeats || *on <= told.today),
    };
    let kept = if turns { None } else { was.evidence.clone() };
    let by = if repeats { was.by.clone() } else { Some(told.stamp.by.clone()) };
    // Only an amendment may leave the day as a hand left it: absent, or yet to come.
    let today = if repeats { None } else { Some(told.today) };
    Check {
        how: new.how.or_else(|| was.how.clone()),
        on: new.on.or(planned).or(today),
        result: Some(new.result),
        evidence: new.evidence.or(kept),
        by: new.by.or(by),
    }
}

fn words_of(result: CheckResult, check: &Check) -> String {
    let on = check.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let evidence = check.evidence.as_ref().map(|text| format!(" ({})", brief(text.as_str())));
    format!("{}{on}{}", result.label(), evidence.unwrap_or_default())
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
