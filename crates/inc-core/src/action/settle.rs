//! Settling contested values of an incident: as a whole edit, from which follows what follows from any other.

use super::{Refusal, Rules};
use crate::Stamp;
use crate::field::Field;
use crate::incident::Incident;
use crate::settle::{self, Decided, Settlement, Unsettled, Wanted};
use crate::severity::Override;
use crate::text::shell_arg;

/// Where the decision of a person about the severity stands.
const OVERRIDE: &str = "assessment.override";

impl Incident {
    pub(super) fn settle(
        &mut self,
        settlements: Vec<Settlement>,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let before = self.clone();
        let all = settle::decided(self.id.as_str(), &self.contested, settlements)?;
        let mut edited = before.clone();
        for one in &all {
            edited = edited.with(one, rules)?;
        }
        settle::take_out(&mut edited.contested, &all);
        *self = edited.replacing(&before, rules, stamp, remarks)?;
        for one in &all {
            self.settle_override(one, rules, stamp, remarks)?;
        }
        Ok(settle::subject(self, &all))
    }

    /// The record with one value in its place, except where an entry must tell of it first.
    fn with(mut self, one: &Decided, rules: &Rules<'_>) -> Result<Self, Refusal> {
        let command = format!("inc-edit {}", self.id);
        match (&one.value, one.path.as_str()) {
            (Wanted::Standing, _) | (Wanted::Value(_), OVERRIDE) => {}
            (value, "status") => {
                let status = shell_arg(&value.as_word().unwrap_or("STATUS".to_owned()));
                return Err(follows(one, format!("inc-status set {} {status}", self.id)));
            }
            (value, "severity" | OVERRIDE) => {
                let level = shell_arg(&value.as_word().unwrap_or("SEV-N".to_owned()));
                return Err(follows(one, format!("inc-severity override {} {level} --reason TEXT", self.id)));
            }
            (_, path) if path.starts_with("assessment") => {
                return Err(follows(one, format!("inc-severity assess {}", self.id)));
            }
            (Wanted::Typed(text, _), path) if let Ok(field) = path.parse::<Field>() => {
                rules.refuse_namesake(&field)?;
                field.set(&mut self, text, &rules.reading)?;
            }
            _ => self = settle::put(&self, one, &command)?,
        }
        Ok(self)
    }

    /// A decision is taken and cleared as by `inc-severity`, so that the timeline tells of it.
    fn settle_override(
        &mut self,
        one: &Decided,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let (Wanted::Value(value), OVERRIDE) = (&one.value, one.path.as_str()) else { return Ok(()) };
        let read = serde_json::from_value::<Option<Override>>(value.clone());
        let wanted = read.map_err(|error| Unsettled::NoValue {
            path: one.path.clone(),
            value: settle::shown(value),
            why: error.to_string(),
            is_typed: false,
        })?;
        match wanted {
            wanted if wanted == self.assessment.overridden => {}
            None => drop(self.clear_override(None, rules, stamp, remarks)?),
            Some(decision) => drop(self.decide(decision.to, decision.reason, rules, stamp, remarks)),
        }
        Ok(())
    }
}

fn follows(one: &Decided, command: String) -> Refusal {
    Unsettled::Follows { path: one.path.clone(), command }.into()
}
