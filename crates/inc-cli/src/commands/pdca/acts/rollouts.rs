//! What `pdca acts` shows by countermeasure: what is proven with its acts, and what is applied and not proven.

use chrono::NaiveDate;
use inc_core::pdca::rollout::{Asked, OwnerOf, Spread};
use inc_core::pdca::{Act, ActStatus, Countermeasure, Pdca};
use inc_core::text::clean_line;
use serde::Serialize;

use crate::commands::pdca::wanted::days;

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
    checked_on: Option<NaiveDate>,
    /// How far it has come: open, unsaid (neither an act nor a reason), applied, declined (there is a reason).
    pub(super) state: Spread,
    /// Who is asked where nothing is said: its owner, else the PDCA's.
    pub(super) owner: Option<String>,
    pub(super) owner_of: Option<OwnerOf>,
    /// Why it is applied nowhere else, where that was said.
    no_act: Option<String>,
    pub(super) acts: Vec<ActRow>,
    /// What to type where nothing is said; else each act tells its own.
    next: Vec<String>,
}

/// One act of what is proven.
#[derive(Debug, Serialize)]
pub(super) struct ActRow {
    /// Its label.
    pub(super) act: String,
    pub(super) title: String,
    status: ActStatus,
    /// How many targets are done; an act that names none counts as one.
    done: usize,
    /// Of how many.
    all: usize,
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
    pdca: String,
    countermeasure: String,
    title: String,
    /// Why it is not.
    why: String,
    pub(super) acts: Vec<AppliedAct>,
}

/// One act of what is not proven.
#[derive(Debug, Serialize)]
pub(super) struct AppliedAct {
    act: String,
    title: String,
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
        let late = act.due.filter(|_| act.is_late(today));
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

    /// `due 2023-05-01, 3 days late`.
    pub(super) fn due_words(&self) -> String {
        match (self.due, self.late_days) {
            (None, _) => "no due day".to_owned(),
            (Some(due), None) => format!("due {due}"),
            (Some(due), Some(late)) => format!("due {due}, {} late", days(late)),
        }
    }

    fn line(&self) -> String {
        let progress = match (self.is_through(), self.open.is_empty()) {
            (true, _) if self.applied.is_empty() => "done".to_owned(),
            (true, _) => format!("applied to all: {}", self.applied.join(", ")),
            (false, true) => "open, names no target".to_owned(),
            (false, false) => format!("{} of {}, lacks {}", self.done, self.all, self.open.join(", ")),
        };
        let words = match self.is_through() {
            true => String::new(),
            false => format!("; {}; {}", owner_words(self.owner.as_deref(), self.owner_of), self.due_words()),
        };
        format!("  {} {}: {progress}{words}", self.act, self.title)
    }
}

/// `Ada`, `Ada (of the countermeasure)`, `nobody`.
pub(super) fn owner_words(owner: Option<&str>, of: Option<OwnerOf>) -> String {
    let of = match of {
        None => return "nobody".to_owned(),
        Some(OwnerOf::Act) => "",
        Some(OwnerOf::Countermeasure) => " (of the countermeasure)",
        Some(OwnerOf::Pdca) => " (of the PDCA)",
    };
    format!("{}{of}", owner.unwrap_or_default())
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

/// By countermeasure, with a heading where there is more than one sort.
pub(super) fn text_of(view: &ActsView) -> String {
    let mut lines = vec![];
    for row in &view.proven {
        let on = row.checked_on.map(|on| format!(" on {on}")).unwrap_or_default();
        lines.push(format!("{} {} {}, checked OK{on}", row.pdca, row.countermeasure, row.title));
        if row.state == Spread::Unsaid {
            let owner = owner_words(row.owner.as_deref(), row.owner_of);
            lines.push(format!("  applied nowhere, and nobody said why; {owner}"));
            lines.extend(row.next.iter().map(|command| format!("      {command}")));
        }
        lines.extend(row.no_act.iter().map(|reason| format!("  to be applied nowhere else: {reason}")));
        lines.extend(row.acts.iter().map(ActRow::line));
    }
    lines.extend(not_proven_lines(&view.not_proven, !view.proven.is_empty()));
    lines.iter().map(|line| clean_line(line)).collect::<Vec<_>>().join("\n")
}

/// What was applied and is not proven, below its heading.
pub(super) fn not_proven_lines(rows: &[NotProven], is_below: bool) -> Vec<String> {
    let mut lines = vec![];
    if rows.is_empty() {
        return lines;
    }
    lines.extend(is_below.then(String::new));
    lines.push("Applied, and not proven (any more)".to_owned());
    for row in rows {
        lines.push(format!("{} {} {}: {}", row.pdca, row.countermeasure, row.title, row.why));
        lines.extend(row.acts.iter().map(|act| {
            let places = if act.applied.is_empty() { "done".to_owned() } else { act.applied.join(", ") };
            format!("  {} {}: applied to {places}", act.act, act.title)
        }));
    }
    lines
}
