//! Moving an incident through its life: forward by requirements, back and out with a reason.

use super::{Move, Refusal, Rules, not_in_future, ours};
use crate::Stamp;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::status::{Missing, Status};
use crate::timeline::{Change, EntryKind};

impl Incident {
    pub(super) fn move_to(
        &mut self,
        step: Move,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let (from, to) = (self.status, step.to);
        let at = step.at.unwrap_or(stamp.at);
        not_in_future("a change of status", at, stamp.at)?;
        if from == to {
            return Ok(self.correct_instant(&step, remarks));
        }
        if let Some(what) = asks_why(from, to)
            && step.reason.is_none()
        {
            return Err(Refusal::ReasonNeeded(what.to_owned()));
        }
        self.set_instants(&step, at, remarks);
        let missing = rules.steps.missing(self, to, rules.linked);
        let missing = if to > from || from == Status::Cancelled { missing } else { vec![] };
        if !missing.is_empty() {
            self.check_force(&step, &missing)?;
            remarks.push(format!("forced, without: {}", names(&missing)));
        }
        self.status = to;
        self.tell_status(from, &step, at, &missing, stamp);
        Ok(format!("status: {from} to {to}"))
    }

    /// The status stays; only the moment at which it came to be may be corrected.
    fn correct_instant(&mut self, step: &Move, remarks: &mut Vec<String>) -> String {
        let instant = match step.to {
            Status::Mitigated => Some(&mut self.mitigated_at),
            Status::Resolved => Some(&mut self.resolved_at),
            _ => None,
        };
        match (instant, step.at) {
            (Some(instant), Some(at)) if *instant != Some(at) => {
                *instant = Some(at);
                format!("status: {} at {at}", step.to)
            }
            _ => {
                remarks.push(format!("{} is {} already", self.id, step.to));
                format!("status: {}", step.to)
            }
        }
    }

    /// Going forward sets the step's own instant; going back takes out what is no longer true.
    fn set_instants(&mut self, step: &Move, at: Instant, remarks: &mut Vec<String>) {
        let instant = match step.to {
            Status::Mitigated => Some(&mut self.mitigated_at),
            Status::Resolved => Some(&mut self.resolved_at),
            _ => None,
        };
        if let Some(instant) = instant
            && (step.at.is_some() || instant.is_none())
        {
            *instant = Some(at);
        }
        let back = step.to < self.status || self.status == Status::Cancelled;
        if step.to == Status::Cancelled || !back {
            return;
        }
        let mut withdraw = |name: &str, instant: &mut Option<Instant>| {
            if let Some(was) = instant.take() {
                remarks.push(format!("{name} ({was}) is taken back; git keeps the old record"));
            }
        };
        if step.to < Status::Resolved {
            withdraw("resolved_at", &mut self.resolved_at);
        }
        if step.to < Status::Mitigated {
            withdraw("mitigated_at", &mut self.mitigated_at);
        }
    }

    fn check_force(&self, step: &Move, missing: &[Missing]) -> Result<(), Refusal> {
        if !step.force {
            return Err(Refusal::Missing { id: self.id.clone(), step: step.to, missing: missing.to_vec() });
        }
        match step.reason {
            Some(_) => Ok(()),
            None => Err(Refusal::ReasonNeeded("--force".to_owned())),
        }
    }

    fn tell_status(
        &mut self,
        from: Status,
        step: &Move,
        at: Instant,
        missing: &[Missing],
        stamp: &mut Stamp<'_>,
    ) {
        let because = step.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let forced =
            if missing.is_empty() { String::new() } else { format!(" (forced, without {})", names(missing)) };
        let change = Change {
            of: ours("status"),
            from: Some(ours(from.name())),
            to: Some(ours(step.to.name())),
            reason: step.reason.clone(),
        };
        let text = format!("Status {from} to {}{forced}", step.to);
        self.trace(EntryKind::Status, at, &text, &because, change, stamp);
    }
}

fn names(missing: &[Missing]) -> String {
    missing.iter().map(|lack| lack.what.as_str()).collect::<Vec<_>>().join(", ")
}

/// What the move is called where it must be explained.
fn asks_why(from: Status, to: Status) -> Option<&'static str> {
    match (from, to) {
        (_, Status::Cancelled) => Some("cancelling"),
        (Status::Cancelled, _) => Some("taking up a cancelled incident"),
        (from, to) if to < from => Some("going back (reopening)"),
        _ => None,
    }
}
