//! The severity of a merged incident: judged again where the sides together say something new.

use super::{Sides, last_change, place};
use crate::incident::Incident;
use crate::merge::Unmergeable;
use crate::merge::same::value_of;
use crate::merge::three::Three;
use crate::settings::Settings;
use crate::severity::{Assessment, Case, Override, Policy, Severity};
use crate::text::{LINE_CHARS, ours as own};
use crate::timeline::{self, Change, Entry, EntryKind, How};

impl Sides {
    /// The severity follows from what the sides say together, and from the last decision of a person.
    pub(super) fn settle_severity(
        &self,
        merged: &mut Incident,
        three: &mut Three,
        drift: [Option<Severity>; 2],
        policy: Option<&Policy>,
        settings: &Settings,
    ) -> Result<(), Unmergeable> {
        let computed = |side: &Incident| Assessment { overridden: None, ..side.assessment.clone() };
        let sees = |side: &Incident| {
            let (one, other) = (Case::of(side, settings), Case::of(merged, settings));
            policy.map_or(one != other, |policy| policy.sees_a_difference(&one, &other))
        };
        let (ours, theirs) = (computed(&self.ours), computed(&self.theirs));
        let judged = match (sees(&self.ours), sees(&self.theirs)) {
            (false, true) => ours,
            (true, false) => theirs,
            (false, false) if ours == theirs => ours,
            _ => {
                let lacking = || Unmergeable::Unjudgeable("it cannot be read".to_owned());
                let judgement = policy.ok_or_else(lacking)?.judge(&Case::of(merged, settings));
                Assessment::from(&judgement.map_err(|error| Unmergeable::Unjudgeable(error.to_string()))?)
            }
        };
        let overridden = self.decision(merged, three);
        merged.assessment = Assessment { overridden, ..judged };
        merged.severity = merged.assessment.holds();
        self.tell_severity(merged, three, drift);
        Ok(())
    }

    /// The override that stands: what the last entry about a decision tells, where both sides came to one.
    fn decision(&self, merged: &Incident, three: &mut Three) -> Option<Override> {
        let decisions = self.each(|side| side.assessment.overridden.clone());
        let [base, ours, theirs] = decisions.clone().map(Option::flatten);
        let is_decision = |change: &Change| {
            change.of.as_str() == "severity"
                && matches!(change.how, Some(How::Override | How::OverrideCleared))
        };
        if !self.decides(&decisions, is_decision) {
            return if base == ours { theirs } else { ours };
        }
        let told = merged.timeline.iter().filter(|entry| entry.change.as_ref().is_some_and(is_decision));
        let told = told.max_by_key(|entry| place(entry));
        let stands = told.and_then(|entry| told_decision(entry, [&ours, &theirs]));
        stands.unwrap_or_else(|| {
            let values = [&ours, &theirs].map(|decision| decision.as_ref().map(value_of));
            let (winner, loser, lost) = Three::winner(values[0].as_ref(), values[1].as_ref());
            three.contest("assessment.override", winner, loser, lost);
            if lost == 1 { ours } else { theirs }
        })
    }

    /// Takes out what earlier merges told of the severity, to tell it anew of all that came together since the base; gives
    /// the severity of each side that no entry of it tells, as a hand typed it.
    pub(super) fn take_derived(&mut self) -> [Option<Severity>; 2] {
        let drift = |side: &Incident| {
            Some(side.severity).filter(|severity| told(side).is_some_and(|told| told != *severity))
        };
        let found = [&self.ours, &self.theirs].map(drift);
        let base = self.base.as_ref().map_or(&[][..], |base| &base.timeline);
        for side in [&mut self.ours, &mut self.theirs] {
            side.timeline.retain(|entry| !is_derived(entry) || base.contains(entry));
        }
        found
    }

    /// Where the sides together give what no entry tells, the merge says so in the timeline.
    ///
    /// The entry is the same on every replica; its id comes when a program next writes the record.
    fn tell_severity(&self, merged: &mut Incident, three: &mut Three, drift: [Option<Severity>; 2]) {
        let severity = merged.severity;
        let base = self.base.as_ref().map(|base| base.severity);
        let was = told(merged).or(base).unwrap_or_else(|| self.ours.severity.max(self.theirs.severity));
        if was == severity || drift.contains(&Some(severity)) {
            return;
        }
        let Some(at) = merged.timeline.iter().map(|entry| entry.at).max() else { return };
        three.remarks.push(format!("severity: {was} to {severity}, by what both sides say together"));
        let reason: String = merged.assessment.decided_by.as_str().chars().take(LINE_CHARS).collect();
        let entry = Entry {
            at,
            kind: EntryKind::Severity,
            by: None,
            text: own(&format!("Severity {was} to {severity}{DERIVED}")).into(),
            change: Some(Change {
                of: own("severity"),
                from: Some(own(was.name())),
                to: Some(own(severity.name())),
                how: Some(if merged.assessment.overridden.is_some() { How::Override } else { How::Policy }),
                reason: reason.parse().ok(),
            }),
            details: vec![],
            links: vec![],
            id: None,
        };
        timeline::insert(&mut merged.timeline, entry);
    }
}

/// What the text of an entry ends with that a merge made.
const DERIVED: &str = ", by what two merged edits say together";

/// Whether a merge made this entry, and no program has written the record since.
fn is_derived(entry: &Entry) -> bool {
    let is_bare = entry.id.is_none() && entry.by.is_none() && entry.kind == EntryKind::Severity;
    is_bare && entry.text.as_str().ends_with(DERIVED)
}

/// The severity that the last entry about one tells.
fn told(incident: &Incident) -> Option<Severity> {
    last_change(incident, "severity", |_| true)?.to.as_ref()?.as_str().parse().ok()
}

/// The decision that an entry tells of: that of a side where it is the same, even if a hand has worded it anew.
fn told_decision(entry: &Entry, sides: [&Option<Override>; 2]) -> Option<Option<Override>> {
    let change = entry.change.as_ref()?;
    if change.how == Some(How::OverrideCleared) {
        return Some(None);
    }
    let to: Severity = change.to.as_ref()?.as_str().parse().ok()?;
    let told = Override { to, reason: change.reason.clone()?, by: entry.by.clone(), at: Some(entry.at) };
    let is_told =
        |decision: &&Override| decision.to == to && decision.by == told.by && decision.at == told.at;
    let of_side =
        sides.into_iter().flatten().filter(is_told).max_by_key(|decision| decision.reason.to_string());
    Some(Some(of_side.cloned().unwrap_or(told)))
}
