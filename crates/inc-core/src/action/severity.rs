//! Severity: judged again when the impact changes, and decided by a person where the policy does not fit.

use super::{Refusal, Rules};
use crate::Stamp;
use crate::incident::Incident;
use crate::severity::{Assessment, Override, Severity};
use crate::text::{Prose, ours};
use crate::timeline::{Change, EntryKind, How};

impl Incident {
    /// Judges the impact again; a change of what holds is told in the timeline.
    pub(super) fn assess(
        &mut self,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let overridden = self.assessment.overridden.clone();
        self.assess_beside(overridden, rules, stamp, remarks)
    }

    /// As `assess`, where this override stands from now on.
    pub(super) fn assess_beside(
        &mut self,
        overridden: Option<Override>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let judgement = rules.judge(self)?;
        let was = self.severity;
        let was_provisional = self.assessment.is_provisional();
        // Where what holds changes, an override that stands is a new one: the old one would hold what it held.
        let how = match (&self.assessment.overridden, &overridden) {
            (_, Some(_)) => How::Override,
            (Some(_), None) => How::OverrideCleared,
            (None, None) => How::Policy,
        };
        self.assessment = Assessment { overridden, ..Assessment::from(&judgement) };
        self.severity = self.assessment.holds();
        remarks.extend(judgement.warnings.iter().map(|warning| format!("warning: {warning}")));
        if judgement.provisional {
            remarks.push(format!("provisional: missing {}", judgement.missing.join(", ")));
        }
        if let Some(decision) = &self.assessment.overridden
            && decision.to != judgement.severity
        {
            remarks.push(format!(
                "the override to {} stands; the policy says {}",
                decision.to, judgement.severity
            ));
        }
        let decision = self.assessment.overridden.as_ref().map(|decision| decision.reason.to_string());
        let reason = decision.unwrap_or_else(|| self.assessment.decided_by.to_string());
        if self.severity != was {
            remarks.extend(rules.policy.levels.demands(self.severity));
            self.tell_severity(was, was_provisional, how, &reason, stamp);
        }
        let provisional = if self.assessment.is_provisional() { " (provisional)" } else { "" };
        Ok(match self.severity == was {
            true => format!("impact: {was} stays{provisional}"),
            false => format!("severity: {was} to {}{provisional}", self.severity),
        })
    }

    fn tell_severity(
        &mut self,
        was: Severity,
        was_provisional: bool,
        how: How,
        reason: &str,
        stamp: &mut Stamp<'_>,
    ) {
        let was_words = if was_provisional { format!("{was} (provisional)") } else { was.to_string() };
        let now_words = match self.assessment.is_provisional() {
            true => format!("{} (provisional)", self.severity),
            false => self.severity.to_string(),
        };
        let change = Change {
            of: ours("severity"),
            from: Some(ours(was.name())),
            to: Some(ours(self.severity.name())),
            how: Some(how),
            reason: reason.parse().ok(),
        };
        let cleared = if how == How::OverrideCleared { ", override cleared" } else { "" };
        let text = format!("Severity {was_words} to {now_words}{cleared}");
        self.trace(EntryKind::Severity, stamp.at, &text, &format!(": {reason}"), change, stamp);
    }

    pub(super) fn decide(
        &mut self,
        to: Severity,
        reason: Prose,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> String {
        let (was, was_provisional) = (self.severity, self.assessment.is_provisional());
        let words = reason.to_string();
        self.assessment.overridden =
            Some(Override { to, reason, by: Some(stamp.by.clone()), at: Some(stamp.at) });
        self.severity = to;
        if to != was {
            remarks.extend(rules.policy.levels.demands(to));
        }
        self.tell_severity(was, was_provisional, How::Override, &words, stamp);
        format!("severity: {to} by decision (was {was})")
    }

    pub(super) fn clear_override(
        &mut self,
        reason: Option<Prose>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let was = self.severity;
        self.assessment.overridden.take().ok_or(Refusal::NoOverride)?;
        let judgement = rules.judge(self)?;
        self.assessment = Assessment::from(&judgement);
        self.severity = self.assessment.holds();
        if judgement.provisional {
            remarks.push(format!("provisional: missing {}", judgement.missing.join(", ")));
        }
        remarks.extend(judgement.warnings.iter().map(|warning| format!("warning: {warning}")));
        let why = reason.map_or_else(|| self.assessment.decided_by.to_string(), |reason| reason.to_string());
        self.tell_severity(was, false, How::OverrideCleared, &why, stamp);
        Ok(format!("severity: {} again, override cleared", self.severity))
    }
}
