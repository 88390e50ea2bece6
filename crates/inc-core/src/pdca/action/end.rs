//! Plan: where a branch ends without a root cause to cure, and a question that does not apply.

use super::{End, Refusal, Told};
use crate::pdca::{Branch, Pdca, Why, command};
use crate::text::{Prose, brief};

impl Why {
    /// Sets how its branch ends, in place of how it did.
    pub(super) fn put_end(&mut self, end: End) {
        (self.out_of_control, self.unknown) = match end {
            End::OutOfControl(reason) => (Some(reason), None),
            End::Unknown(reason) => (None, Some(reason)),
        };
    }

    /// Takes the end away, and tells it.
    pub(super) fn take_end(&mut self) -> Option<String> {
        let out =
            self.out_of_control.take().map(|reason| format!("out of control: {}", brief(reason.as_str())));
        let unknown = self.unknown.take().map(|reason| format!("unknown: {}", brief(reason.as_str())));
        out.or(unknown)
    }
}

impl Pdca {
    pub(super) fn end_why(
        &mut self,
        given: &str,
        end: End,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        let at = self.why_at(given)?;
        let edit = command::edit(&self.id);
        let Some(why) = self.why_mut(at) else { unreachable!("the why was found") };
        let id = why.id.to_string();
        if let Some(root_cause) = &why.root_cause {
            return Err(Refusal::IsRootCause { why: id, root_cause: root_cause.to_string(), command: edit });
        }
        if let Some(first) = why.whys.first() {
            return Err(Refusal::NotALeaf { why: id, below: first.id.to_string() });
        }
        let (words, reason) = match &end {
            End::OutOfControl(reason) => ("is out of control", reason),
            End::Unknown(reason) => ("is as deep as is known", reason),
        };
        let subject = format!("pdca: why {id} {words}: {}", brief(reason.as_str()));
        if let Some(was) = why.take_end() {
            told.remark(format!("it replaces {was}"));
        }
        why.put_end(end);
        Ok(subject)
    }

    pub(super) fn not_applicable(
        &mut self,
        branch: Branch,
        reason: Prose,
        told: &mut Told<'_, '_>,
    ) -> Result<String, Refusal> {
        if let Some(first) = self.branch(branch).first() {
            return Err(Refusal::BranchBegun {
                branch: branch.name(),
                first: first.id.to_string(),
                command: command::remove_all(&self.id, "why", first.id.as_str()),
            });
        }
        let subject = format!("pdca: {} n/a: {}", branch.name(), brief(reason.as_str()));
        if let Some(was) = self.branch_na_mut(branch).replace(reason) {
            told.remark(format!("it replaces the reason: {}", was.first_line()));
        }
        Ok(subject)
    }

    /// A first answer takes back that the question does not apply.
    pub(super) fn begin_branch(&mut self, branch: Branch, why: Why, told: &mut Told<'_, '_>) {
        if let Some(reason) = self.branch_na_mut(branch).take() {
            told.remark(format!("{} applies after all; it was n/a: {}", branch.name(), reason.first_line()));
        }
        self.branch_mut(branch).push(why);
    }
}
