//! The closed list of what the coach asks.

use super::Part;
use crate::pdca::Branch;

/// A question to the people of a PDCA. Labels are those of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Who drives it?
    Owner,
    /// What happened, where no incident's timeline tells it?
    Context,
    /// One part of the problem statement.
    Frame(Part),
    /// The first why of a tree.
    FirstWhy(Branch),
    /// Why is that so? Or does the branch end there?
    GoOn {
        /// The leaf.
        why: String,
        /// How many whys are below it that are no answers: links.
        links: usize,
    },
    /// Is there another reason?
    Another {
        /// In which tree.
        branch: Branch,
        /// How many whys there are in both: the answer may hang one anywhere.
        whys: usize,
    },
    /// A cure failed: does the root cause lie deeper?
    Below {
        /// The root cause.
        root_cause: String,
        /// The why that is tagged so.
        why: String,
        /// The countermeasures that were checked KO.
        failed: Vec<String>,
    },
    /// What is done about a root cause?
    Cure {
        /// The root cause.
        root_cause: String,
        /// The countermeasures that were checked KO.
        failed: Vec<String>,
    },
    /// What the plan of a countermeasure lacks.
    Plan {
        /// The countermeasure.
        countermeasure: String,
        /// What it lacks.
        lacks: CurePart,
    },
    /// Is it done?
    Done {
        /// The countermeasure.
        countermeasure: String,
    },
    /// What came out of the check?
    Result {
        /// The countermeasure.
        countermeasure: String,
    },
    /// What shows it?
    Evidence {
        /// The countermeasure.
        countermeasure: String,
    },
    /// It is proven: where else?
    Rollout {
        /// The countermeasure.
        countermeasure: String,
    },
    /// What an act lacks.
    Act {
        /// The act.
        act: String,
        /// What it lacks.
        lacks: ActPart,
    },
    /// Is the act done?
    ActDone {
        /// The act, which names no targets.
        act: String,
    },
    /// Is the act applied there?
    Target {
        /// The act.
        act: String,
        /// Where.
        target: String,
    },
}

/// What the plan of a countermeasure is made of, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurePart {
    /// Who does it.
    Owner,
    /// Prevent, detect or contain.
    Kind,
    /// How long it may take.
    Timebox,
    /// By when it shall be done.
    Due,
    /// How it will be proven.
    How,
    /// On which day.
    On,
}

/// What an act is made of beside its title, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActPart {
    /// Who does it.
    Owner,
    /// Where.
    Targets,
    /// By when.
    Due,
}

impl Question {
    /// What tells this question from every other one of a session.
    pub fn key(&self) -> String {
        let kind = self.kind();
        match self {
            Self::Frame(part) => format!("{kind} {}", part.head()),
            Self::FirstWhy(branch) => format!("{kind} {}", branch.name()),
            Self::GoOn { why, links } => format!("{kind} {why} {links}"),
            Self::Another { branch, whys } => format!("{kind} {} {whys}", branch.name()),
            Self::Below { root_cause, failed, .. } | Self::Cure { root_cause, failed } => {
                format!("{kind} {root_cause} {}", failed.join(" "))
            }
            Self::Plan { countermeasure, lacks } => format!("{kind} {countermeasure} {lacks:?}"),
            Self::Act { act, lacks } => format!("{kind} {act} {lacks:?}"),
            Self::Target { act, target } => format!("{kind} {act} {target}"),
            _ => format!("{kind} {}", self.of().unwrap_or_default()),
        }
    }

    /// The word for programs: `go-on`, `cure`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Context => "context",
            Self::Frame(_) => "frame",
            Self::FirstWhy(_) => "first-why",
            Self::GoOn { .. } => "go-on",
            Self::Another { .. } => "another",
            Self::Below { .. } => "below",
            Self::Cure { .. } => "cure",
            Self::Plan { .. } => "plan",
            Self::Done { .. } => "done",
            Self::Result { .. } => "result",
            Self::Evidence { .. } => "evidence",
            Self::Rollout { .. } => "rollout",
            Self::Act { .. } => "act",
            Self::ActDone { .. } => "act-done",
            Self::Target { .. } => "target",
        }
    }

    /// The label of what is asked about, or the tree.
    pub fn of(&self) -> Option<&str> {
        match self {
            Self::Owner | Self::Context | Self::Frame(_) => None,
            Self::FirstWhy(branch) | Self::Another { branch, .. } => Some(branch.name()),
            Self::GoOn { why, .. } => Some(why),
            Self::Below { root_cause, .. } | Self::Cure { root_cause, .. } => Some(root_cause),
            Self::Plan { countermeasure, .. }
            | Self::Done { countermeasure }
            | Self::Result { countermeasure }
            | Self::Evidence { countermeasure }
            | Self::Rollout { countermeasure } => Some(countermeasure),
            Self::Act { act, .. } | Self::ActDone { act } | Self::Target { act, .. } => Some(act),
        }
    }
}
