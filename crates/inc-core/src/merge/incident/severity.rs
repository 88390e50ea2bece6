//! The severity of a merged incident: judged again where the sides together say something new.

use super::{Sides, last_change};
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
        self.tell_severity(merged, three);
        Ok(())
    }

    /// The override that stands.
    fn decision(&self, merged: &Incident, three: &mut Three) -> Option<Override> {
        let decisions = self.each(|side| side.assessment.overridden.clone());
        let [base, ours, theirs] = decisions.clone().map(Option::flatten);
        if !Self::disputed(&decisions) {
            return if base == ours { theirs } else { ours };
        }
        let told = last_change(merged, "severity", |change| {
            matches!(change.how, Some(How::Override | How::OverrideCleared))
        });
        let holds = |decision: &Option<Override>| match (told?.how, decision) {
            (Some(How::OverrideCleared), None) => Some(()),
            (Some(How::Override), Some(decision)) => {
                (told?.to.as_ref()?.as_str() == decision.to.name()).then_some(())
            }
            _ => None,
        };
        match (holds(&ours), holds(&theirs)) {
            (Some(()), None) => ours,
            (None, Some(())) => theirs,
            _ => {
                let values = [&ours, &theirs].map(|decision| decision.as_ref().map(value_of));
                let (winner, loser, lost) = three.winner(values[0].as_ref(), values[1].as_ref());
                three.contest("assessment.override", winner, loser, lost);
                if lost == 1 { ours } else { theirs }
            }
        }
    }

    /// Where the sides together give what no entry tells, the merge says so in the timeline.
    ///
    /// The entry is the same on every replica; its id comes when a program next writes the record.
    fn tell_severity(&self, merged: &mut Incident, three: &mut Three) {
        let severity = merged.severity;
        let told = last_change(merged, "severity", |_| true).and_then(|change| change.to.as_ref());
        let told: Option<Severity> = told.and_then(|to| to.as_str().parse().ok());
        let sides = [self.ours.severity, self.theirs.severity];
        if sides == [severity, severity] || told == Some(severity) {
            return;
        }
        let was = told.unwrap_or_else(|| sides[0].max(sides[1]));
        if was == severity {
            return;
        }
        let Some(at) = merged.timeline.iter().map(|entry| entry.at).max() else { return };
        three.remarks.push(format!("severity: {was} to {severity}, by what both sides say together"));
        let text = format!("Severity {was} to {severity}, by what two merged edits say together");
        let reason: String = merged.assessment.decided_by.as_str().chars().take(LINE_CHARS).collect();
        let entry = Entry {
            at,
            kind: EntryKind::Severity,
            by: None,
            text: own(&text).into(),
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
