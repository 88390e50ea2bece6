//! A record that a person edited whole: what never changes stays, what follows from the edit follows.

use super::{Refusal, Rules};
use crate::Stamp;
use crate::field::FieldError;
use crate::incident::Incident;
use crate::text::brief;
use crate::timeline::Entry;

impl Incident {
    /// What a person edited whole, with what follows from it: the severity is judged again where the impact changed.
    pub(super) fn replacing(
        mut self,
        before: &Self,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<Self, Refusal> {
        for (name, same) in [
            ("schema", self.schema == before.schema),
            ("id", self.id == before.id),
            ("uid", self.uid == before.uid),
        ] {
            if !same {
                return Err(Refusal::Fixed(name));
            }
        }
        if self.status != before.status {
            return Err(Refusal::Field(FieldError::Unknown {
                path: "status".to_owned(),
                hint: "use `inc-status set`, which checks what the step requires".to_owned(),
            }));
        }
        self.check_future(before, stamp.at)?;
        self.check_future_entries(before, stamp.at)?;
        self.check_taken_out(before, remarks)?;
        self.check_instants(before)?;
        self.correct_traces(before);
        self.remark_detection(before, remarks);
        self.tell_roles(before, stamp);
        let typed = self.clone();
        self.severity = before.severity;
        self.assessment = before.assessment.clone();
        let decision = typed.assessment.overridden.clone();
        if rules.sees_a_difference(before, &self) || decision != before.assessment.overridden {
            self.assess_beside(decision, rules, stamp, remarks)?;
        }
        self.check_computed(&typed, before)?;
        Ok(self)
    }

    /// Refuses to lose the traces of changes, and names what else was taken out: a slip in an editor is quickly made.
    fn check_taken_out(&self, before: &Self, remarks: &mut Vec<String>) -> Result<(), Refusal> {
        let is_gone = |old: &&Entry| !self.timeline.iter().any(|entry| entry.id == old.id);
        let gone: Vec<&Entry> =
            before.timeline.iter().filter(|old| old.id.is_some()).filter(is_gone).collect();
        let traces: Vec<String> = gone
            .iter()
            .filter(|entry| entry.kind.is_trace())
            .map(|entry| format!("\"{}\"", entry.text))
            .collect();
        if !traces.is_empty() {
            return Err(Refusal::TracesLost(traces.join(", ")));
        }
        remarks
            .extend(gone.iter().map(|entry| format!("taken out: entry \"{}\"", brief(entry.text.as_str()))));
        let unlinked = before.pdcas.iter().filter(|id| !self.pdcas.contains(id));
        remarks.extend(unlinked.map(|id| format!("taken out: the link to PDCA {id}")));
        Ok(())
    }

    /// Refuses a computed value that was typed over: it follows from the rest, and the typed one would be lost.
    fn check_computed(&self, typed: &Self, before: &Self) -> Result<(), Refusal> {
        let severities = |incident: &Self| [incident.severity, incident.assessment.computed];
        let words =
            |incident: &Self| (incident.assessment.provisional, incident.assessment.decided_by.clone());
        let (new, old) = (severities(self), severities(before));
        let lost =
            severities(typed).into_iter().enumerate().any(|(i, typed)| typed != old[i] && typed != new[i]);
        if lost || ![words(before), words(self)].contains(&words(typed)) {
            return Err(Refusal::Field(FieldError::Unknown {
                path: "severity".to_owned(),
                hint: "it is computed: use `inc-severity assess` or `inc-severity override`".to_owned(),
            }));
        }
        Ok(())
    }
}
