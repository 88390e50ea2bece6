//! The coach's words: where in the loop it stands, what is asked, what an answer may be, and which rule teaches more.

use super::{ActPart, CurePart, Part, Question};
use crate::pdca::{Branch, Pdca, label};

impl Question {
    /// Where in the loop it stands: `Plan 2/4 · why it occurred`.
    pub fn stage(&self, pdca: &Pdca) -> &'static str {
        let branch = match self {
            Self::FirstWhy(branch) | Self::Another { branch, .. } => Some(*branch),
            Self::GoOn { why, .. } | Self::Below { why, .. } => branch_of(pdca, why),
            _ => None,
        };
        match (branch, self) {
            (Some(Branch::Occurrence), _) => "Plan 2/4 · why it occurred",
            (Some(Branch::NonDetection), _) => "Plan 3/4 · why it was not seen sooner",
            (None, Self::Owner | Self::Context | Self::Frame(_)) => "Plan 1/4 · the problem",
            (None, Self::Done { .. }) => "Do",
            (None, Self::Result { .. } | Self::Evidence { .. }) => "Check",
            (None, Self::Rollout { .. } | Self::Act { .. } | Self::ActDone { .. } | Self::Target { .. }) => {
                "Act"
            }
            (None, _) => "Plan 4/4 · countermeasures",
        }
    }

    /// The question itself; texts of the record are in [`Question::context`].
    pub fn label(&self) -> String {
        match self {
            Self::Owner => "Who drives this PDCA?".to_owned(),
            Self::Context => "What happened, in some sentences?".to_owned(),
            Self::Frame(part) => frame(*part).to_owned(),
            Self::FirstWhy(branch) => branch.question().to_owned(),
            Self::GoOn { why, .. } => format!("Why {why}? Or could you act on it tomorrow?"),
            Self::Another { .. } => "Is there another reason?".to_owned(),
            Self::Below { root_cause, why, failed } => {
                let last = failed.last().map(String::as_str).unwrap_or_default();
                format!("{last} did not cure {root_cause}: is there a why below {why}?")
            }
            Self::Cure { root_cause, failed } if failed.is_empty() => {
                format!("What is done about {root_cause}?")
            }
            Self::Cure { root_cause, .. } => format!("What else is done about {root_cause}?"),
            Self::Plan { countermeasure, lacks } => format!("{countermeasure}: {}", plan(*lacks)),
            Self::Done { countermeasure } => format!("Is {countermeasure} done?"),
            Self::Result { countermeasure } => format!("What came out of the check of {countermeasure}?"),
            Self::Evidence { countermeasure } => format!("{countermeasure}: what was seen that shows it?"),
            Self::Rollout { countermeasure } => {
                format!("{countermeasure} is proven: what is applied elsewhere?")
            }
            Self::Act { act, lacks } => format!("{act}: {}", act_part(*lacks)),
            Self::ActDone { act } => format!("Is {act} done?"),
            Self::Target { act, target } => format!("Is {act} applied to {target}?"),
        }
    }

    /// What an answer may be, beside nothing, which leaves it open.
    pub fn takes(&self) -> &'static str {
        match self {
            Self::Owner
            | Self::Act { lacks: ActPart::Owner, .. }
            | Self::Plan { lacks: CurePart::Owner, .. } => "a name",
            Self::FirstWhy(_) => "the answer | n/a: REASON",
            Self::GoOn { .. } => "the next why | root | out of control: REASON | unknown: REASON",
            Self::Another { .. } => "another why | LABEL: the why below that one | no",
            Self::Below { .. } => "the deeper why | no",
            Self::Cure { .. } => "what is done | the label of a countermeasure, as C1",
            Self::Plan { lacks: CurePart::Kind, .. } => "prevent | detect | contain",
            Self::Plan { lacks: CurePart::Timebox, .. } => "how long (4h, 2d, 1w)",
            Self::Plan { lacks: CurePart::Due | CurePart::On, .. }
            | Self::Act { lacks: ActPart::Due, .. } => "a day (2023-04-14, friday, in 2 weeks)",
            Self::Done { .. } | Self::ActDone { .. } | Self::Target { .. } => "yes (today) | the day | no",
            Self::Result { .. } => "ok | ko | ok: WHAT SHOWS IT | ko: WHAT WAS SEEN",
            Self::Rollout { .. } => "what is applied | none: REASON",
            Self::Act { lacks: ActPart::Targets, .. } => "names, with commas between",
            Self::Plan { lacks: CurePart::How, .. } => "text: provoke it, and see that it is stopped or seen",
            Self::Evidence { .. } => "text: a log line, a link, what one saw",
            Self::Context => "text: for those who were not there",
            Self::Frame(part) => example(*part),
        }
    }

    /// The code of the rule that teaches more.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Frame(Part::HowMany | Part::Standard) => "problem-unmeasurable",
            Self::Context | Self::Frame(_) => "problem-missing",
            Self::FirstWhy(_) => "branch-missing",
            Self::GoOn { .. } => "leaf-open",
            Self::Another { .. } => "why-blames",
            Self::Below { .. } => "ko-unanswered",
            Self::Cure { .. } => "cure-weak",
            Self::Owner | Self::Plan { lacks: CurePart::Owner, .. } => "cure-no-owner",
            Self::Plan { lacks: CurePart::Kind, .. } => "cure-one-sided",
            Self::Plan { lacks: CurePart::Timebox, .. } => "cure-too-long",
            Self::Plan { lacks: CurePart::How, .. } => "check-missing",
            Self::Plan { lacks: CurePart::On, .. } => "check-no-day",
            Self::Plan { lacks: CurePart::Due, .. } | Self::Done { .. } | Self::ActDone { .. } => {
                "due-passed"
            }
            Self::Result { .. } => "check-no-result",
            Self::Evidence { .. } => "check-no-evidence",
            Self::Rollout { .. } => "ok-no-act",
            Self::Act { lacks: ActPart::Owner, .. } => "act-no-owner",
            Self::Act { lacks: ActPart::Due, .. } => "act-no-due",
            Self::Act { lacks: ActPart::Targets, .. } | Self::Target { .. } => "act-targets-open",
        }
    }
}

fn frame(part: Part) -> &'static str {
    match part {
        Part::What => "What deviates, whatever the cause?",
        Part::Where => "Where: which system, place or part?",
        Part::Since => "Since when, and until when?",
        Part::HowMany => "How many, how often, how long?",
        Part::Standard => "Against which standard: how should it be?",
    }
}

fn example(part: Part) -> &'static str {
    match part {
        Part::What => "text, such as: labels fall off boxes",
        Part::Where => "text, such as: line 3 of the packing hall",
        Part::Since => "text, such as: 27 March, 12:59 to 14:13",
        Part::HowMany => "text, such as: 40 of 800 boxes",
        Part::Standard => "text, such as: every box leaves with its label",
    }
}

fn plan(part: CurePart) -> &'static str {
    match part {
        CurePart::Owner => "who does it?",
        CurePart::Kind => "does it prevent, detect or contain?",
        CurePart::Timebox => "how long may it take?",
        CurePart::Due => "by when shall it be done?",
        CurePart::How => "how will you prove that it cures?",
        CurePart::On => "on which day will it be checked?",
    }
}

fn act_part(part: ActPart) -> &'static str {
    match part {
        ActPart::Owner => "who does it?",
        ActPart::Targets => "where is it applied?",
        ActPart::Due => "by when shall it be done?",
    }
}

fn branch_of(pdca: &Pdca, why: &str) -> Option<Branch> {
    pdca.whys().find(|node| label::same(node.why.id.as_str(), why)).map(|node| node.branch)
}
