//! Moving an incident through its life: forward by requirements, back and out with a reason.

use chrono::TimeDelta;

use super::{Move, Refusal, Rules, not_in_future};
use crate::Stamp;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::status::{Missing, Status};
use crate::text::ours;
use crate::timeline::{self, Change, Entry, EntryKind};

impl Incident {
    pub(super) fn move_to(
        &mut self,
        step: Move,
        rules: &Rules<'_>,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let (from, to) = (self.status, step.to);
        // What was told before, with `inc-edit --set mitigated_at=…`, is when it came to be.
        let told = if to > from { self.instant_of(to).and_then(|instant| *instant) } else { None };
        let at = step.at.or(told).unwrap_or(stamp.at);
        not_in_future("a change of status", at, stamp.at)?;
        if from == to {
            return Ok(self.correct_instant(&step, remarks));
        }
        if let Some(what) = asks_why(from, to)
            && step.reason.is_none()
        {
            return Err(Refusal::ReasonNeeded(what.to_owned()));
        }
        self.check_after_last_move(at)?;
        self.set_instants(&step, at, remarks);
        let missing = rules.steps.missing(self, to, rules.linked, &rules.policy.levels);
        let missing = if to > from || from == Status::Cancelled { missing } else { vec![] };
        if !missing.is_empty() {
            self.check_force(&step, &missing)?;
            remarks.push(format!("forced, without: {}", names(&missing)));
        }
        self.status = to;
        self.tell_status(from, &step, at, &missing, stamp);
        Ok(format!("status: {from} to {to}"))
    }

    /// The status stays; only the moment at which it came to be may be corrected, here and in the timeline.
    fn correct_instant(&mut self, step: &Move, remarks: &mut Vec<String>) -> String {
        if let (Some(instant), Some(at)) = (self.instant_of(step.to), step.at)
            && *instant != Some(at)
        {
            *instant = Some(at);
            self.correct_trace(step.to, at);
            return format!("status: {} at {at}", step.to);
        }
        remarks.push(format!("{} is {} already", self.id, step.to));
        format!("status: {}", step.to)
    }

    /// The property that says when the incident came to that status.
    fn instant_of(&mut self, status: Status) -> Option<&mut Option<Instant>> {
        match status {
            Status::Mitigated => Some(&mut self.mitigated_at),
            Status::Resolved => Some(&mut self.resolved_at),
            _ => None,
        }
    }

    /// Refuses a step that would lie before the one it follows: the timeline would tell them the wrong way round.
    fn check_after_last_move(&self, at: Instant) -> Result<(), Refusal> {
        let moves =
            self.timeline.iter().filter(|entry| entry.kind == EntryKind::Status).map(|entry| entry.at);
        match moves.max_by_key(|at| at.unix_millis()) {
            Some(last) if at.since(&last) < TimeDelta::zero() => Err(Refusal::Disorder {
                earlier: "the last change of status",
                earlier_at: last,
                later: "this change",
                later_at: at,
            }),
            _ => Ok(()),
        }
    }

    /// Refuses an instant of a status that the incident has not come to, and to take out one that it has.
    pub(super) fn check_instants(&self, before: &Self) -> Result<(), Refusal> {
        for (status, name, now, was) in [
            (Status::Mitigated, "mitigated_at", self.mitigated_at, before.mitigated_at),
            (Status::Resolved, "resolved_at", self.resolved_at, before.resolved_at),
        ] {
            let has_come = self.status >= status;
            if now != was && now.is_some() != has_come {
                let id = &self.id;
                return Err(Refusal::Entry(match has_come {
                    false => {
                        format!("{name} is told with the status: `inc-status set {id} {status} --at TIME`")
                    }
                    true => {
                        format!("{name} stays while {id} is {}: go back with `inc-status set`", self.status)
                    }
                }));
            }
        }
        Ok(())
    }

    /// Refuses a correction that would tell the changes of status in another order.
    pub(super) fn check_moves(&self, before: &Self) -> Result<(), Refusal> {
        let moves = |incident: &Self| -> Vec<_> {
            let ordered = timeline::in_order(&incident.timeline).into_iter();
            ordered.filter(|entry| entry.kind == EntryKind::Status).map(|entry| entry.id).collect()
        };
        let (was, now) = (moves(before), moves(self));
        let known = now.iter().filter(|id| was.contains(id));
        if known.eq(was.iter().filter(|id| now.contains(id))) {
            return Ok(());
        }
        Err(Refusal::Entry(
            "at that time it would stand before an earlier change of status, or behind a later one: see `inc-timeline list`"
                .to_owned(),
        ))
    }

    /// Whether that entry tells of coming to `status`, which still holds.
    pub(super) fn is_current_trace(&self, index: usize, status: Status) -> bool {
        self.status >= status && self.trace_of(status) == Some(index)
    }

    /// The place of the latest entry that tells of coming to `status`.
    fn trace_of(&self, status: Status) -> Option<usize> {
        let tells = |entry: &Entry| {
            let to = entry.change.as_ref().and_then(|change| change.to.as_ref());
            entry.kind == EntryKind::Status && to.is_some_and(|to| to.as_str() == status.name())
        };
        let told = self.timeline.iter().enumerate().filter(|(_, entry)| tells(entry));
        told.max_by_key(|(_, entry)| entry.at.unix_millis()).map(|(index, _)| index)
    }

    /// Keeps the timeline in step with instants that were corrected since `before`.
    pub(super) fn correct_traces(&mut self, before: &Self) {
        for (status, now, was) in [
            (Status::Mitigated, self.mitigated_at, before.mitigated_at),
            (Status::Resolved, self.resolved_at, before.resolved_at),
        ] {
            if let Some(at) = now.filter(|at| Some(*at) != was) {
                self.correct_trace(status, at);
            }
        }
        if self.declared_at != before.declared_at
            && let Some(entry) = self.timeline.iter_mut().find(|entry| entry.kind == EntryKind::Declared)
        {
            entry.at = self.declared_at;
        }
    }

    /// Corrects the time of the latest entry that tells of coming to `status`; its place in the file stays.
    fn correct_trace(&mut self, status: Status, at: Instant) {
        if let Some(index) = self.trace_of(status) {
            self.timeline[index].at = at;
        }
    }

    /// Going forward sets the step's own instant; going back takes out what is no longer true.
    fn set_instants(&mut self, step: &Move, at: Instant, remarks: &mut Vec<String>) {
        if let Some(instant) = self.instant_of(step.to)
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
            how: None,
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
