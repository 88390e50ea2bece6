//! Where a PDCA is, read off its content: nobody types a status, so none can drift.
//!
//! Each stage stands on the one before it. A countermeasure that was checked KO is no longer live: its root cause
//! lacks one again, and the loop goes round. Whatever a hand typed out of order (a result without a day of doing, an
//! act before its check) has a status too.

use serde::{Deserialize, Serialize};

use super::rules::lacks_verdict;
use super::tree::{Branch, RootCause};
use super::{Act, Check, CheckResult, Countermeasure, Pdca};
use super::{command, label};

/// Where a PDCA is, derived from its content and never typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The plan lacks something.
    PlanInProgress,
    /// Every root cause has a countermeasure, and every countermeasure says how it will be checked.
    PlanDone,
    /// Every countermeasure is done.
    DoDone,
    /// Every root cause has a countermeasure that was checked OK.
    CheckDone,
    /// What was proven is applied everywhere, or there is a reason why not.
    ActDone,
    /// Given up, with a reason.
    Abandoned,
}

impl Status {
    /// The loop is through, or given up with a reason.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::ActDone | Self::Abandoned)
    }

    /// The words as the talk's table shows them: `Plan done`.
    pub fn label(self) -> &'static str {
        match self {
            Self::PlanInProgress => "Plan in progress",
            Self::PlanDone => "Plan done",
            Self::DoDone => "Do done",
            Self::CheckDone => "Check done",
            Self::ActDone => "Act done",
            Self::Abandoned => "Abandoned",
        }
    }
}

/// Where one countermeasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountermeasureStatus {
    /// Not done yet.
    Planned,
    /// Done, and not checked.
    Done,
    /// Checked, and it cures.
    CheckOk,
    /// Checked, and it does not.
    CheckKo,
    /// It cures, and is applied everywhere, or there is a reason why not.
    Applied,
}

impl CountermeasureStatus {
    /// The words for people: `Check OK`, as in the talk's table.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Done => "Done",
            Self::CheckOk => "Check OK",
            Self::CheckKo => "Check KO",
            Self::Applied => "Applied",
        }
    }
}

/// Where one act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActStatus {
    /// Applied nowhere yet.
    Open,
    /// Applied to some of its targets.
    Partly,
    /// Applied to every target, or simply done where it names none.
    Done,
}

impl ActStatus {
    /// The words for people: `Partly`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Partly => "Partly",
            Self::Done => "Done",
        }
    }
}

/// Where a PDCA is, why, and what comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The status.
    pub status: Status,
    /// Why it is this one, in a sentence without a full stop.
    pub why: String,
    /// What is missing next, in the order of the record.
    pub open: Vec<Open>,
}

/// Something missing, and what to type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// What is missing.
    pub what: String,
    /// The command that supplies it.
    pub command: String,
    /// The next status waits for it; `false` for advice, such as a why-tree that nobody has begun.
    pub blocks: bool,
}

impl Open {
    fn blocking(what: String, command: String) -> Self {
        Self { what, command, blocks: true }
    }
}

impl CheckResult {
    /// The words for people: `Check OK`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ok => "Check OK",
            Self::Ko => "Check KO",
        }
    }
}

impl Countermeasure {
    /// Where it is, by what it holds.
    pub fn status(&self) -> CountermeasureStatus {
        match self.result() {
            Some(CheckResult::Ko) => CountermeasureStatus::CheckKo,
            Some(CheckResult::Ok) if self.is_applied() => CountermeasureStatus::Applied,
            Some(CheckResult::Ok) => CountermeasureStatus::CheckOk,
            None if self.done_on.is_some() => CountermeasureStatus::Done,
            None => CountermeasureStatus::Planned,
        }
    }

    /// What came out of its check, where there was one.
    pub fn result(&self) -> Option<CheckResult> {
        self.check.as_ref().and_then(|check| check.result)
    }

    /// Not checked KO: it still counts as an answer to its root causes.
    pub fn is_live(&self) -> bool {
        self.result() != Some(CheckResult::Ko)
    }

    fn is_applied(&self) -> bool {
        let all_done = || self.acts.iter().all(|act| act.status() == ActStatus::Done);
        self.no_act.is_some() || (!self.acts.is_empty() && all_done())
    }
}

impl Act {
    /// Where it is: by its targets, or by its own day where it names none.
    pub fn status(&self) -> ActStatus {
        match self.progress() {
            (done, all) if done == all => ActStatus::Done,
            (0, _) => ActStatus::Open,
            _ => ActStatus::Partly,
        }
    }

    /// How many of how many targets are done; an act without targets counts as one.
    pub fn progress(&self) -> (usize, usize) {
        match self.targets.is_empty() {
            true => (usize::from(self.done_on.is_some()), 1),
            false => {
                let done = self.targets.iter().filter(|target| target.done_on.is_some());
                (done.count(), self.targets.len())
            }
        }
    }
}

impl Pdca {
    /// Where it is.
    pub fn status(&self) -> Status {
        self.standing().status
    }

    /// Where it is, why, and what is missing next with the command that supplies it.
    pub fn standing(&self) -> Standing {
        if let Some(reason) = &self.abandoned {
            let why = format!("abandoned: {}", reason.first_line());
            return Standing { status: Status::Abandoned, why, open: vec![] };
        }
        let stages: [(Status, Vec<Open>); 4] = [
            (Status::PlanInProgress, self.plan_lacks()),
            (Status::PlanDone, self.do_lacks()),
            (Status::DoDone, self.check_lacks()),
            (Status::CheckDone, self.act_lacks()),
        ];
        let holds_back = |open: &[Open]| open.iter().any(|open| open.blocks);
        let first = stages.into_iter().find(|(_, open)| holds_back(open));
        let (status, open) = first.unwrap_or_else(|| (Status::ActDone, self.act_lacks()));
        let why = self.because(status, &open);
        Standing { status, why, open }
    }

    fn live(&self) -> impl Iterator<Item = &Countermeasure> {
        self.countermeasures.iter().filter(|countermeasure| countermeasure.is_live())
    }

    fn plan_lacks(&self) -> Vec<Open> {
        let mut open = vec![];
        if self.problem_statement.is_none() {
            open.push(Open::blocking("a problem statement".to_owned(), command::problem(&self.id)));
        }
        open.extend(self.branches_lacking());
        let leaves = self.leaves_lacking();
        let causes = self.root_causes();
        if causes.is_empty() && leaves.is_empty() {
            open.push(self.no_root_cause());
        }
        open.extend(leaves);
        for cause in &causes {
            open.extend(self.answer_lacks(cause));
        }
        for countermeasure in self.live() {
            open.extend(self.plan_of(countermeasure));
        }
        open
    }

    /// A branch ends in a root cause, or where nobody can act or know more; below a cause whose cures failed, its label may
    /// belong to the deeper why.
    fn leaves_lacking(&self) -> Vec<Open> {
        let leaves = self.whys().map(|node| node.why).filter(|why| lacks_verdict(why));
        leaves
            .flat_map(|why| {
                let label = why.id.as_str();
                let what =
                    format!("an end of the branch at {label}: a root cause, if you could act on it tomorrow");
                let is_it = match self.uncured_above(label) {
                    Some(root_cause) => command::move_tag(&self.id, label, root_cause),
                    None => command::tag(&self.id, label, "next"),
                };
                let or = |what: String, command: String| Open { what, command, blocks: false };
                [
                    Open::blocking(what, is_it),
                    or(format!("or the next why: why is {label} so?"), command::why_under(&self.id, label)),
                    or(
                        format!("or nobody can act on {label}, or know more (--unknown)"),
                        command::end(&self.id, label, "--out-of-control"),
                    ),
                ]
            })
            .collect()
    }

    /// The nearest root cause above a why, where there were countermeasures against it and none counts.
    pub(super) fn uncured_above(&self, why: &str) -> Option<&str> {
        let mut above = vec![];
        for node in self.whys() {
            above.truncate(node.depth);
            if label::same(node.why.id.as_str(), why) {
                break;
            }
            above.push(node.why);
        }
        let root_cause = above.iter().rev().find_map(|why| why.root_cause.as_ref())?.as_str();
        let mut answers = self.countermeasures_for(root_cause).peekable();
        let failed = answers.peek().is_some() && !answers.any(Countermeasure::is_live);
        failed.then_some(root_cause)
    }

    /// No why is tagged: the deepest one is the nearest to a root cause.
    fn no_root_cause(&self) -> Open {
        match self.whys().max_by_key(|node| node.depth) {
            Some(node) => Open::blocking(
                "a root cause: a leaf of a why-tree that is tagged".to_owned(),
                command::tag(&self.id, node.why.id.as_str(), "RC1"),
            ),
            None => Open::blocking(
                "a root cause: ask why, until the answer can be cured".to_owned(),
                command::why(&self.id, Branch::Occurrence.name()),
            ),
        }
    }

    fn answer_lacks(&self, cause: &RootCause<'_>) -> Vec<Open> {
        let label = cause.label.as_str();
        if self.countermeasures_for(label).any(Countermeasure::is_live) {
            return vec![];
        }
        let command = command::countermeasure(&self.id, label);
        let failed = labels(self.countermeasures_for(label));
        if failed.is_empty() {
            return vec![Open::blocking(format!("a countermeasure for {label}"), command)];
        }
        let what = format!("a new countermeasure for {label} ({failed} checked KO)");
        let deeper = Open {
            what: format!("or a new why below {}, should {label} not be the root cause", cause.why.id),
            command: command::why_under(&self.id, cause.why.id.as_str()),
            blocks: false,
        };
        vec![Open::blocking(what, command), deeper]
    }

    fn plan_of(&self, countermeasure: &Countermeasure) -> Vec<Open> {
        let none = Check::default();
        let check = countermeasure.check.as_ref().unwrap_or(&none);
        let label = countermeasure.id.as_str();
        [
            (countermeasure.owner.is_some(), "an owner of", "--owner NAME"),
            (check.how.is_some(), "how to check", "--check HOW"),
            (check.on.is_some(), "on which day to check", "--check-on DAY"),
        ]
        .into_iter()
        .filter(|(is_there, ..)| !is_there)
        .map(|(_, what, option)| {
            Open::blocking(format!("{what} {label}"), command::amend(&self.id, label, option))
        })
        .collect()
    }

    fn do_lacks(&self) -> Vec<Open> {
        let planned =
            self.live().filter(|countermeasure| countermeasure.status() == CountermeasureStatus::Planned);
        planned
            .map(|countermeasure| {
                let label = countermeasure.id.as_str();
                Open::blocking(format!("{label} done"), command::done(&self.id, label))
            })
            .collect()
    }

    fn check_lacks(&self) -> Vec<Open> {
        let unchecked = self.live().filter(|countermeasure| countermeasure.result().is_none());
        unchecked
            .map(|countermeasure| {
                let label = countermeasure.id.as_str();
                Open::blocking(format!("the check of {label}"), command::check(&self.id, label))
            })
            .collect()
    }

    /// What is proven and not applied; acts left open beside a reason for none are told, and hold nothing back.
    fn act_lacks(&self) -> Vec<Open> {
        let mut open = vec![];
        for countermeasure in self.live().filter(|countermeasure| countermeasure.result().is_some()) {
            let label = countermeasure.id.as_str();
            if countermeasure.acts.is_empty() && countermeasure.no_act.is_none() {
                let what = format!("an act that applies {label} elsewhere");
                open.push(Open::blocking(what, command::act(&self.id, label)));
                let what = format!("or the reason why {label} is applied nowhere else");
                open.push(Open { what, command: command::no_act(&self.id, label), blocks: false });
            }
            let blocks = countermeasure.no_act.is_none();
            for act in &countermeasure.acts {
                open.extend(self.rest_of(act).into_iter().map(|rest| Open { blocks, ..rest }));
            }
        }
        open
    }

    fn rest_of(&self, act: &Act) -> Vec<Open> {
        let label = act.id.as_str();
        if act.targets.is_empty() && act.done_on.is_none() {
            return vec![Open::blocking(format!("{label} done"), command::done(&self.id, label))];
        }
        let rest = act.targets.iter().filter(|target| target.done_on.is_none());
        rest.map(|target| {
            let command = command::done_target(&self.id, label, target.name.as_str());
            Open::blocking(format!("{label} applied to {}", target.name), command)
        })
        .collect()
    }

    /// Both questions belong to a plan; one that needs no cure is still answered, by a why without a root cause, or by
    /// the reason why it does not apply.
    fn branches_lacking(&self) -> Vec<Open> {
        let absent = Branch::ALL
            .into_iter()
            .filter(|branch| self.branch(*branch).is_empty() && self.branch_na(*branch).is_none());
        absent
            .map(|branch| {
                let what = format!("the {} tree: {}", branch.name(), branch.question());
                Open::blocking(what, command::why(&self.id, branch.name()))
            })
            .collect()
    }

    fn because(&self, status: Status, open: &[Open]) -> String {
        let lacks: Vec<&str> =
            open.iter().filter(|open| open.blocks).map(|open| open.what.as_str()).collect();
        let lacks = lacks.join("; ");
        match status {
            Status::PlanInProgress => format!("the plan lacks {lacks}"),
            Status::PlanDone => {
                format!("every root cause has a countermeasure with an owner and a check; missing: {lacks}")
            }
            Status::DoDone => format!("every countermeasure is done; missing: {lacks}"),
            Status::CheckDone => {
                format!("every root cause has a countermeasure that was checked OK; missing: {lacks}")
            }
            Status::ActDone => {
                let proven = labels(self.live());
                format!("what was checked OK ({proven}) is applied, or there is a reason why not")
            }
            Status::Abandoned => "abandoned".to_owned(),
        }
    }
}

fn labels<'a>(countermeasures: impl Iterator<Item = &'a Countermeasure>) -> String {
    countermeasures.map(|countermeasure| countermeasure.id.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
