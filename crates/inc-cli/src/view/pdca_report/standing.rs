//! Where a PDCA is, what is missing next, and how much is reached.

use inc_core::pdca::tree::RootCause;
use inc_core::pdca::{ActStatus, CheckResult, Countermeasure, Pdca, Status};
use serde::Serialize;

/// Where a PDCA is, why, and what comes next.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// The word for programs, `check-done`.
    pub name: Status,
    /// The words for people, `Check done`.
    pub label: String,
    /// Why it is this one.
    pub why: Option<String>,
    /// What is missing next, with the command for each.
    pub open: Vec<OpenView>,
}

/// Something missing, and what to type.
#[derive(Debug, Clone, Serialize)]
pub struct OpenView {
    /// What is missing.
    pub what: String,
    /// The command that supplies it.
    pub command: String,
}

impl Standing {
    /// Where a PDCA is. The only place that asks the core for it.
    pub fn of(pdca: &Pdca) -> Self {
        let standing = pdca.standing();
        let open = standing.open.into_iter().map(|open| OpenView { what: open.what, command: open.command });
        Self {
            name: standing.status,
            label: standing.status.label().to_owned(),
            why: Some(standing.why),
            open: open.collect(),
        }
    }
}

/// How many root causes are cured, and how many acts done.
pub fn reached(pdca: &Pdca) -> String {
    let is_ok = |one: &Countermeasure| one.result() == Some(CheckResult::Ok);
    let is_cured = |cause: &&RootCause<'_>| pdca.countermeasures_for(cause.label.as_str()).any(is_ok);
    let causes = pdca.root_causes();
    if causes.is_empty() {
        return "no root cause is found yet".to_owned();
    }
    let cured = causes.iter().filter(is_cured).count();
    let cured = format!("{cured} of {} cured and checked OK", counted(causes.len(), "root cause"));
    match pdca.acts().count() {
        0 => cured,
        acts => {
            let done = pdca.acts().filter(|(_, act)| act.status() == ActStatus::Done).count();
            format!("{cured}, {done} of {} done", counted(acts, "act"))
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
