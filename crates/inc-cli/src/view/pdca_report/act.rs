//! Act as rows: what is applied to the rest of systems and company, and why some is not.

use inc_core::instant::Zone;
use inc_core::pdca::{Act, Countermeasure, Pdca, Target};
use serde::Serialize;

use super::check::{day, name};

/// Something applied to the rest of systems and company.
#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    /// `A1`.
    pub id: String,
    /// What is applied.
    pub title: String,
    /// The countermeasure that it applies: its label and title.
    pub from: String,
    /// The countermeasure: its label alone.
    pub from_label: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// `Open`, `Partly` or `Done`, derived.
    pub status: &'static str,
    /// `1/2`, or nothing for an act without targets.
    pub progress: Option<String>,
    /// Where it is applied.
    pub targets: Vec<TargetView>,
    /// When it was done, for an act without targets.
    pub done_on: Option<String>,
    /// When it was decided.
    pub created_at: Option<String>,
}

/// One place where an act is applied.
#[derive(Debug, Clone, Serialize)]
pub struct TargetView {
    /// Where.
    pub name: String,
    /// When it was applied there; absent while it is not.
    pub done_on: Option<String>,
}

/// Why a countermeasure is applied nowhere else.
#[derive(Debug, Clone, Serialize)]
pub struct NoAct {
    /// The countermeasure: its label and title.
    pub from: String,
    /// Why.
    pub reason: String,
}

/// What is applied elsewhere, in the order of the record.
pub fn acts(pdca: &Pdca, zone: &Zone) -> Vec<ActRow> {
    pdca.acts().map(|(one, act)| act_row(act, one, zone)).collect()
}

fn act_row(act: &Act, one: &Countermeasure, zone: &Zone) -> ActRow {
    let (done, of) = act.progress();
    let target =
        |target: &Target| TargetView { name: target.name.to_string(), done_on: target.done_on.map(day) };
    ActRow {
        id: act.id.to_string(),
        title: act.title.to_string(),
        from: name(one),
        from_label: one.id.to_string(),
        owner: act.owner.as_ref().map(ToString::to_string),
        due: act.due.map(day),
        status: act.status().label(),
        progress: (!act.targets.is_empty()).then(|| format!("{done}/{of}")),
        targets: act.targets.iter().map(target).collect(),
        done_on: act.done_on.map(day),
        created_at: act.created_at.map(|at| zone.local(at).to_string()),
    }
}

/// Why nothing is to be applied elsewhere, in the order of the record.
pub fn no_acts(pdca: &Pdca) -> Vec<NoAct> {
    let of_one = |one: &Countermeasure| {
        one.no_act.as_ref().map(|reason| NoAct { from: name(one), reason: reason.to_string() })
    };
    pdca.countermeasures.iter().filter_map(of_one).collect()
}
