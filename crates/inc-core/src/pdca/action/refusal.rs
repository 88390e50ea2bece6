//! Why an action on a PDCA was refused, each with what to do next.

use chrono::NaiveDate;
use thiserror::Error;

use crate::nearest;
use crate::pdca::Status;
use crate::settle::Unsettled;
use crate::text::clean_line;

/// Why an action was refused. The record stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A label that nothing has.
    #[error("there is no {what} `{given}`; {hint}")]
    Unknown {
        /// What was looked for.
        what: String,
        /// What was given.
        given: String,
        /// The nearest known label and the list of them.
        hint: String,
    },
    /// A label that several have.
    #[error("several have the label `{given}` as a {what}: rename all but one with `{command}`")]
    Ambiguous {
        /// What was looked for.
        what: String,
        /// What was given.
        given: String,
        /// What to type.
        command: String,
    },
    /// A root cause's label that is none.
    #[error(
        "`{given}` is not the label of a root cause: write RC and a number, such as {next}, the next free one"
    )]
    NotALabel {
        /// What was given.
        given: String,
        /// The next free label.
        next: String,
    },
    /// A root cause's label that another why has.
    #[error("{root_cause} is {why} already: take {next}, or move the label with `{command}`")]
    Taken {
        /// The label.
        root_cause: String,
        /// The why that has it.
        why: String,
        /// The next free label.
        next: String,
        /// What to type.
        command: String,
    },
    /// The why is a root cause under another label.
    #[error(
        "{why} is {root_cause} already, and countermeasures name it so: change the label with `{command}`"
    )]
    Tagged {
        /// The why.
        why: String,
        /// The label that it has.
        root_cause: String,
        /// What to type.
        command: String,
    },
    /// A root cause cannot end its branch in another way as well.
    #[error("{why} is {root_cause}, a root cause that countermeasures may name: change it with `{command}`")]
    IsRootCause {
        /// The why.
        why: String,
        /// Its label.
        root_cause: String,
        /// What to type.
        command: String,
    },
    /// Only a leaf ends its branch.
    #[error("{why} has {below} below it, so its branch does not end there: say it of a leaf")]
    NotALeaf {
        /// The why.
        why: String,
        /// The first why below it.
        below: String,
    },
    /// A question that is answered applies.
    #[error(
        "the {branch} tree is begun ({first}), so its question applies: take its whys out first, with `{command}`"
    )]
    BranchBegun {
        /// The tree.
        branch: &'static str,
        /// Its first why.
        first: String,
        /// What to type.
        command: String,
    },
    /// A tree that has no end.
    #[error(
        "the tree is {most} whys deep: a problem that deep is for a kaizen or an A3; say so with `{command}`"
    )]
    TooDeep {
        /// How deep a tree may be.
        most: usize,
        /// What to type.
        command: String,
    },
    /// A label typed by hand that leaves no room for one below it.
    #[error("the label of {under} is too long to hang a why below it: shorten it with `{command}`")]
    LabelTooLong {
        /// The label, shortened.
        under: String,
        /// What to type.
        command: String,
    },
    /// A countermeasure against nothing.
    #[error("a countermeasure answers one root cause at least: add --root-cause LABEL; {hint}")]
    NoRootCause {
        /// The known root causes, or how to get one.
        hint: String,
    },
    /// An act for what is not proven.
    #[error("{countermeasure} is {state}, and only what is proven is applied elsewhere: {advice}")]
    NotProven {
        /// The countermeasure.
        countermeasure: String,
        /// Where it is.
        state: &'static str,
        /// What to do, with the command.
        advice: String,
    },
    /// The same result a second time.
    #[error(
        "{countermeasure} is {state} already and nothing else is new: add --evidence TEXT, --on DAY or --how TEXT, or give the other result"
    )]
    SameResult {
        /// The countermeasure.
        countermeasure: String,
        /// Where it is.
        state: &'static str,
    },
    /// A day that has not come.
    #[error(
        "{what} on {on}: that day is yet to come, today is {today}; give the day on which it happened, with --on DAY"
    )]
    Future {
        /// What is said to have happened.
        what: String,
        /// When.
        on: NaiveDate,
        /// The present day.
        today: NaiveDate,
    },
    /// An act with targets, and none is named.
    #[error("{act} is ticked target by target; open: {open}; name one: `{command}`")]
    WhichTarget {
        /// The act.
        act: String,
        /// The targets left.
        open: String,
        /// What to type.
        command: String,
    },
    /// A target of an act that has none.
    #[error("{act} names no targets: say that it is done with `{command}`")]
    NoTargets {
        /// The act.
        act: String,
        /// What to type.
        command: String,
    },
    /// A reason for no act beside acts.
    #[error(
        "{countermeasure} has acts ({acts}), which a reason for none would contradict: finish them with `{done}`, or take them out with `{edit}`"
    )]
    HasActs {
        /// The countermeasure.
        countermeasure: String,
        /// Its acts.
        acts: String,
        /// How to finish the first one.
        done: String,
        /// How to take them out.
        edit: String,
    },
    /// Something hangs on what shall be taken out.
    #[error("{label} holds {what}: to take it out with all of that, type `{command}`")]
    Holds {
        /// What shall be taken out.
        label: String,
        /// What hangs on it.
        what: String,
        /// What to type.
        command: String,
    },
    /// A why cannot explain itself.
    #[error(
        "{under} stands below {why}, or is it: a why cannot explain itself; name a why of another branch"
    )]
    Cycle {
        /// The why that shall move.
        why: String,
        /// Where to.
        under: String,
    },
    /// A label that countermeasures name cannot go.
    #[error("{cures} answers {root_cause}: move the label to the why that is the cause, with `{command}`")]
    Answered {
        /// The label.
        root_cause: String,
        /// The countermeasures that answer it.
        cures: String,
        /// What to type.
        command: String,
    },
    /// A countermeasure answers one root cause at least.
    #[error(
        "{countermeasure} would answer nothing: give it another with --root-cause, or take it out with `{command}`"
    )]
    LastRootCause {
        /// The countermeasure.
        countermeasure: String,
        /// What to type.
        command: String,
    },
    /// There is no result to put right.
    #[error("{countermeasure} has no result to correct: give its first with `{command}`")]
    NoResult {
        /// The countermeasure.
        countermeasure: String,
        /// What to type.
        command: String,
    },
    /// What shall be taken back was never said.
    #[error("{what} is not done: there is nothing to take back")]
    NotDone {
        /// The countermeasure, act or target.
        what: String,
    },
    /// Several acts name the target.
    #[error("{acts} name the target {target}: say which, as in `{command}`")]
    WhichAct {
        /// The target.
        target: String,
        /// The acts.
        acts: String,
        /// What to type.
        command: String,
    },
    /// The PDCA was given up.
    #[error("the PDCA is abandoned: take it up again with `{command}`")]
    Abandoned {
        /// What to type.
        command: String,
    },
    /// There is nothing to take up again.
    #[error("the PDCA is not abandoned but at `{status}`: go on with it")]
    NotAbandoned {
        /// Where it is.
        status: Status,
    },
    /// There is nothing to give up.
    #[error(
        "the PDCA is through (act done): there is nothing to abandon; if it is not, correct it with `{command}`"
    )]
    Through {
        /// What to type.
        command: String,
    },
    /// A source that is not told.
    #[error("{0}")]
    Source(String),
    /// A change that changes nothing.
    #[error("nothing to change was given: name a property and its value, as in `{command}`")]
    Nothing {
        /// What to type.
        command: String,
    },
    /// A whole edit that changes what never changes.
    #[error("`{0}` never changes: put back its old value")]
    Fixed(&'static str),
    /// Contested values that cannot be settled so.
    #[error("{0}")]
    Unsettled(#[from] Unsettled),
    /// A whole edit that makes the record contradict itself.
    #[error("the edited record contradicts itself; correct it and save again:{}", list(.0))]
    Edited(Vec<String>),
}

/// How many labels a message lists.
const MOST_LISTED: usize = 20;

impl Refusal {
    /// A label that nothing has; `first` is how to get the first one.
    pub(super) fn unknown(what: &str, given: &str, known: &[&str], first: &str) -> Self {
        let hint = match (nearest::nearest(given, known.iter().copied()), known) {
            (_, []) => format!("there is none yet: add one with `{first}`"),
            (Some(word), _) => format!("did you mean `{word}`? {}", known_are(known)),
            (None, _) => known_are(known),
        };
        Self::Unknown { what: what.to_owned(), given: clean_line(given), hint }
    }
}

/// `known are: RC1, RC2`, of many the first ones.
pub(super) fn known_are(known: &[&str]) -> String {
    let listed = known[..known.len().min(MOST_LISTED)].join(", ");
    match known.len().saturating_sub(MOST_LISTED) {
        0 => format!("known are: {listed}"),
        more => format!("known are: {listed} and {more} more"),
    }
}

fn list(faults: &[String]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}
