//! Check: what a countermeasure was proven by, and until when that counts.
//!
//! A result is of one countermeasure, by one way of checking, against the root causes that it answered then. Where one
//! of them changes, or a later check comes, the result goes to `earlier_checks`: it is kept, and proves nothing any more.

use chrono::NaiveDate;

use super::{NewCheck, Refusal, Told};
use crate::pdca::{Check, CheckResult, Countermeasure, EarlierCheck, Pdca, command};
use crate::text::{Prose, brief, ours};

impl Pdca {
    pub(super) fn check(&mut self, new: NewCheck, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        let at = self.countermeasure_at(&new.countermeasure)?;
        let countermeasure = &mut self.countermeasures[at];
        let was = countermeasure.check.clone().unwrap_or_default();
        let (id, result) = (countermeasure.id.clone(), new.result);
        if new.correct && was.result.is_none() {
            return Err(Refusal::NoResult {
                countermeasure: id.to_string(),
                command: command::result(&self.id, id.as_str()),
            });
        }
        if let (Some(on), Some(counts)) = (new.on, was.on)
            && was.result.is_some()
            && on < counts
            && counts <= told.today
            && !new.correct
        {
            if countermeasure.knows(&new, on) {
                return Err(Refusal::SameResult { countermeasure: id.to_string(), state: result.label() });
            }
            return Ok(countermeasure.keep_older(&was, new, on, told));
        }
        let is_another = !new.correct && is_another(&was, &new);
        let check = match is_another {
            true => anew(&was, new, told),
            false => checked(&was, new, told),
        };
        if check == was {
            return Err(Refusal::SameResult { countermeasure: id.to_string(), state: result.label() });
        }
        if is_another {
            told.remark(format!("{id}: {} is kept among its earlier checks", words_of(&was)));
            countermeasure.earlier_checks.extend(EarlierCheck::of(&was, None));
        } else if was.result.is_some() {
            told.remark(format!("{id}: {} replaces {}", words_of(&check), words_of(&was)));
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
        remark_on_acts(countermeasure, told);
    }

    /// The result of a countermeasure no longer counts, for this reason; it is kept, and the check waits to be made anew.
    ///
    /// Nothing happens where there is no result.
    pub(super) fn retire(&mut self, at: usize, reason: &str, told: &mut Told<'_, '_>) {
        let countermeasure = &mut self.countermeasures[at];
        let Some(check) = &mut countermeasure.check else { return };
        let Some(earlier) = EarlierCheck::of(check, Some(reason)) else { return };
        let next = command::amend(&self.id, countermeasure.id.as_str(), "--check-on DAY");
        told.remark(format!(
            "{}: {} no longer counts, as {reason}; plan the next check: {next}",
            countermeasure.id,
            words_of(check)
        ));
        *check = Check { how: check.how.take(), ..Check::default() };
        countermeasure.earlier_checks.push(earlier);
        remark_on_acts(countermeasure, told);
    }
}

impl Countermeasure {
    /// Whether that check is among the earlier ones already, and nothing new is told of it.
    fn knows(&self, new: &NewCheck, on: NaiveDate) -> bool {
        self.earlier_checks.iter().any(|earlier| {
            (earlier.on, earlier.result) == (Some(on), new.result)
                && new.evidence.as_ref().is_none_or(|evidence| earlier.evidence.as_ref() == Some(evidence))
        })
    }

    /// A check told late, older than the one that counts: it goes to its place among the earlier ones.
    fn keep_older(
        &mut self,
        counts: &Check,
        new: NewCheck,
        on: NaiveDate,
        told: &mut Told<'_, '_>,
    ) -> String {
        let subject = format!("pdca: earlier check {} {} on {on}", self.id, new.result.name().to_uppercase());
        told.remark(format!(
            "{}: {} still counts, as it is later; if its day was meant to be put right, use --correct, and take this check \
             out with `pdca edit`",
            self.id,
            words_of(counts)
        ));
        let by = new.by.unwrap_or_else(|| told.stamp.by.clone());
        let how = new.how.or_else(|| counts.how.clone());
        let at = self.earlier_checks.partition_point(|earlier| earlier.on.is_none_or(|other| other <= on));
        self.earlier_checks.insert(
            at,
            EarlierCheck {
                uid: None,
                how,
                on: Some(on),
                result: new.result,
                evidence: new.evidence,
                by: Some(by),
                superseded: None,
            },
        );
        subject
    }
}

impl EarlierCheck {
    /// A check that had a result, as it is kept; with the reason where what it proved has changed.
    fn of(check: &Check, superseded: Option<&str>) -> Option<Self> {
        let Check { how, on, result, evidence, by } = check.clone();
        Some(Self {
            uid: None,
            how,
            on,
            result: result?,
            evidence,
            by,
            superseded: superseded.map(|why| ours(why).into()),
        })
    }
}

/// Whether what is told is another check than the one that counts: another result, or another day.
fn is_another(was: &Check, new: &NewCheck) -> bool {
    was.result.is_some_and(|result| result != new.result || new.on.is_some() && new.on != was.on)
}

/// Another check: only the way to check stays.
fn anew(was: &Check, new: NewCheck, told: &Told<'_, '_>) -> Check {
    Check {
        how: new.how.or_else(|| was.how.clone()),
        on: new.on.or(Some(told.today)),
        result: Some(new.result),
        evidence: new.evidence,
        by: new.by.or_else(|| Some(told.stamp.by.clone())),
    }
}

/// The check with its first result, or put right: what was planned stays, what showed another result goes.
fn checked(was: &Check, new: NewCheck, told: &Told<'_, '_>) -> Check {
    let repeats = was.result == Some(new.result);
    let turns = was.result.is_some() && !repeats;
    // Only a first result takes the planned day with care: that day may be yet to come.
    let planned = was.on.filter(|on| was.result.is_some() || *on <= told.today);
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

fn remark_on_acts(countermeasure: &Countermeasure, told: &mut Told<'_, '_>) {
    if !countermeasure.acts.is_empty() {
        let acts: Vec<&str> = countermeasure.acts.iter().map(|act| act.id.as_str()).collect();
        told.remark(format!("what was not proven is applied elsewhere by {}: look at it", acts.join(", ")));
    }
}

fn words_of(check: &Check) -> String {
    let result = check.result.map_or("no result", CheckResult::label);
    let on = check.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let evidence = check.evidence.as_ref().map(|text: &Prose| format!(" ({})", brief(text.as_str())));
    format!("{result}{on}{}", evidence.unwrap_or_default())
}
