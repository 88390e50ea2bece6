//! Roles: taken, handed over and left, each with its entry in the timeline.

use std::collections::BTreeSet;

use super::Refusal;
use crate::Stamp;
use crate::incident::Incident;
use crate::role::{Role, RoleName};
use crate::text::{Line, ours};
use crate::timeline::{Change, EntryKind};

impl Incident {
    pub(super) fn assign(
        &mut self,
        role: &Role,
        to: Line,
        stamp: &mut Stamp<'_>,
        remarks: &mut Vec<String>,
    ) -> String {
        let before = self.clone();
        match role {
            Role::Commander => self.commander = Some(to.clone()),
            Role::Named(name) => {
                self.roles.insert(name.clone(), to.clone());
            }
            Role::Responder if self.responders.contains(&to) => {}
            Role::Responder => self.responders.push(to.clone()),
        }
        if !self.tell_roles(&before, stamp) {
            remarks.push(format!("{to} is {role} already"));
        }
        format!("role: {to} is {role}")
    }

    /// The one responder, who need not be named.
    fn only_responder(&self) -> Result<Option<Line>, Refusal> {
        match self.responders.as_slice() {
            [] | [_] => Ok(self.responders.first().cloned()),
            several => {
                let names: Vec<&str> = several.iter().map(Line::as_str).collect();
                Err(Refusal::Role(format!("which responder leaves? Name one of: {}", names.join(", "))))
            }
        }
    }

    pub(super) fn release(
        &mut self,
        role: &Role,
        who: Option<Line>,
        stamp: &mut Stamp<'_>,
    ) -> Result<String, Refusal> {
        let held = match role {
            Role::Commander => self.commander.clone(),
            Role::Named(name) => self.roles.get(name).cloned(),
            Role::Responder => match &who {
                Some(who) => self.responders.iter().find(|other| *other == who).cloned(),
                None => self.only_responder()?,
            },
        };
        let holder = match (held, who) {
            (None, Some(who)) if *role == Role::Responder => {
                return Err(Refusal::Role(format!("{who} is no responder of {}", self.id)));
            }
            (None, _) => return Err(Refusal::Role(format!("nobody is {role} of {}", self.id))),
            (Some(held), Some(who)) if held != who => {
                return Err(Refusal::Role(format!("{role} of {} is {held}, not {who}", self.id)));
            }
            (Some(held), _) => held,
        };
        let before = self.clone();
        match role {
            Role::Commander => self.commander = None,
            Role::Named(name) => {
                self.roles.remove(name);
            }
            Role::Responder => self.responders.retain(|other| *other != holder),
        }
        self.tell_roles(&before, stamp);
        Ok(format!("role: {holder} is no longer {role}"))
    }

    /// Tells every change of who holds a role since `before`; `false` where there is none.
    pub(super) fn tell_roles(&mut self, before: &Self, stamp: &mut Stamp<'_>) -> bool {
        let mut changes = vec![(Role::Commander, before.commander.clone(), self.commander.clone())];
        let names: BTreeSet<&RoleName> = before.roles.keys().chain(self.roles.keys()).collect();
        for name in names {
            let held = |incident: &Self| incident.roles.get(name).cloned();
            changes.push((Role::Named(name.clone()), held(before), held(self)));
        }
        let lacking = |who: &&Line, other: &Self| !other.responders.contains(who);
        let left = before.responders.iter().filter(|who| lacking(who, self));
        changes.extend(left.map(|who| (Role::Responder, Some(who.clone()), None)));
        let came = self.responders.iter().filter(|who| lacking(who, before));
        changes.extend(came.map(|who| (Role::Responder, None, Some(who.clone()))));
        changes.retain(|(_, from, to)| from != to);
        let any = !changes.is_empty();
        for (role, from, to) in changes {
            self.tell_role(&role, from, to, stamp);
        }
        any
    }

    fn tell_role(&mut self, role: &Role, from: Option<Line>, to: Option<Line>, stamp: &mut Stamp<'_>) {
        let text = match (&from, &to) {
            (Some(from), Some(to)) => format!("{from} hands over as {role} to {to}"),
            (None, Some(to)) => format!("{to} is {role}"),
            (Some(from), None) => format!("{from} is no longer {role}"),
            (None, None) => return,
        };
        let change = Change { of: ours(&role.to_string()), from, to, how: None, reason: None };
        self.trace(EntryKind::Role, stamp.at, &text, "", change, stamp);
    }
}
