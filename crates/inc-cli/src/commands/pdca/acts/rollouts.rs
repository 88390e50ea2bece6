//! What `pdca acts` knows of each countermeasure: what is proven with its acts, and what is applied and not proven.

use chrono::NaiveDate;
use inc_core::pdca::rollout::{Asked, OwnerOf, Spread};
use inc_core::pdca::{Act, ActStatus, Countermeasure, Pdca};
use serde::Serialize;

/// What `acts --format json` prints.
#[derive(Debug, Serialize)]
pub(super) struct ActsView {
    /// The day on which this was so.
    pub(super) today: NaiveDate,
    /// What was checked OK, in the order of the records.
    pub(super) proven: Vec<Proven>,
    /// What is not proven, or not any more, and was applied elsewhere.
    pub(super) not_proven: Vec<NotProven>,
}

/// A countermeasure whose last check was OK.
#[derive(Debug, Serialize)]
pub(super) struct Proven {
    pub(super) pdca: String,
    /// Its label.
    pub(super) countermeasure: String,
    pub(super) title: String,
    /// Whose it is; `null` where neither it nor its PDCA tells.
    team: Option<String>,
    pub(super) checked_on: Option<NaiveDate>,
    /// How far it has come: open, unsaid (neither an act nor a reason), applied, declined (there is a reason).
    pub(super) state: Spread,
    /// Who is asked where nothing is said: its owner, else the PDCA's.
    pub(super) owner: Option<String>,
    pub(super) owner_of: Option<OwnerOf>,
    /// Why it is applied nowhere else, where that was said.
    pub(super) no_act: Option<String>,
    pub(super) acts: Vec<ActRow>,
    /// What to type where nothing is said; else each act tells its own.
    pub(super) next: Vec<String>,
}

/// One act of what is proven.
#[derive(Debug, Serialize)]
pub(super) struct ActRow {
    /// Its label.
    pub(super) act: String,
    pub(super) title: String,
    status: ActStatus,
    /// How many targets are done; an act that names none counts as one.
    pub(super) done: usize,
    /// Of how many.
    pub(super) all: usize,
    /// The targets that lack it.
    pub(super) open: Vec<String>,
    /// The targets that have it.
    pub(super) applied: Vec<String>,
    /// Who is asked for it: its owner, else the countermeasure's, else the PDCA's.
    pub(super) owner: Option<String>,
    pub(super) owner_of: Option<OwnerOf>,
    pub(super) due: Option<NaiveDate>,
    /// For how many days it has been late; `null` where it is not.
    pub(super) late_days: Option<i64>,
    /// What to type once it is done, at the first open target.
    next: Option<String>,
}

/// A countermeasure that is not proven, with what was applied of it all the same.
#[derive(Debug, Serialize)]
pub(super) struct NotProven {
    pub(super) pdca: String,
    pub(super) countermeasure: String,
    pub(super) title: String,
    /// Why it is not.
    pub(super) why: String,
    pub(super) acts: Vec<AppliedAct>,
}

/// One act of what is not proven.
#[derive(Debug, Serialize)]
pub(super) struct AppliedAct {
    pub(super) act: String,
    pub(super) title: String,
    /// The targets that have it; empty where the act names none and is done.
    pub(super) applied: Vec<String>,
    pub(super) owner: Option<String>,
    owner_of: Option<OwnerOf>,
}

fn names(asked: Option<Asked<'_>>) -> (Option<String>, Option<OwnerOf>) {
    (asked.map(|asked| asked.owner.to_string()), asked.map(|asked| asked.of))
}

impl Proven {
    /// The row of a countermeasure; `None` where it is not proven.
    pub(super) fn of(pdca: &Pdca, it: &Countermeasure, today: NaiveDate) -> Option<Self> {
        let state = it.spread()?;
        let (owner, owner_of) = names(it.asked_in(pdca));
        Some(Self {
            pdca: pdca.id.to_string(),
            countermeasure: it.id.to_string(),
            title: it.title.to_string(),
            team: it.team_in(pdca).map(str::to_owned),
            checked_on: it.check.as_ref().and_then(|check| check.on),
            state,
            owner,
            owner_of,
            no_act: it.no_act.as_ref().map(ToString::to_string),
            acts: it.acts.iter().map(|act| ActRow::of(pdca, it, act, today)).collect(),
            next: if state == Spread::Unsaid { it.act_commands(pdca).to_vec() } else { vec![] },
        })
    }
}

impl ActRow {
    fn of(pdca: &Pdca, it: &Countermeasure, act: &Act, today: NaiveDate) -> Self {
        let (done, all) = act.progress();
        let (owner, owner_of) = names(act.asked_in(it, pdca));
        let late = act.due.filter(|due| *due < today && act.status() != ActStatus::Done);
        Self {
            act: act.id.to_string(),
            title: act.title.to_string(),
            status: act.status(),
            done,
            all,
            open: act.open_targets().map(|target| target.name.to_string()).collect(),
            applied: act.done_targets().map(|target| target.name.to_string()).collect(),
            owner,
            owner_of,
            due: act.due,
            late_days: late.map(|due| (today - due).num_days()),
            next: act.next_command(pdca),
        }
    }

    /// Applied everywhere.
    pub(super) fn is_through(&self) -> bool {
        self.status == ActStatus::Done
    }
}

impl NotProven {
    /// The row of a countermeasure; `None` where it is proven, or applied nowhere.
    pub(super) fn of(pdca: &Pdca, it: &Countermeasure) -> Option<Self> {
        let why = it.why_unproven()?;
        let is_applied = |act: &&Act| act.status() != ActStatus::Open;
        let acts: Vec<AppliedAct> =
            it.acts.iter().filter(is_applied).map(|act| AppliedAct::of(pdca, it, act)).collect();
        (!acts.is_empty()).then(|| Self {
            pdca: pdca.id.to_string(),
            countermeasure: it.id.to_string(),
            title: it.title.to_string(),
            why,
            acts,
        })
    }
}

impl AppliedAct {
    fn of(pdca: &Pdca, it: &Countermeasure, act: &Act) -> Self {
        let (owner, owner_of) = names(act.asked_in(it, pdca));
        Self {
            act: act.id.to_string(),
            title: act.title.to_string(),
            applied: act.done_targets().map(|target| target.name.to_string()).collect(),
            owner,
            owner_of,
        }
    }
}
