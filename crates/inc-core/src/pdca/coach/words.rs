//! The coach's words: what is asked, what an answer may be, what stands around it, and which rule teaches more.

use super::{ActPart, CurePart, Part, Question};
use crate::pdca::{Branch, CheckResult, Countermeasure, Pdca, Why, label};

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
                format!("{} did not cure {root_cause}: why {why}, deeper?", failed.join(", "))
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
            Self::Below { .. } => "the deeper why | no, it is the cause",
            Self::Cure { .. } => "what is done | the label of a countermeasure, as C1",
            Self::Plan { lacks: CurePart::Kind, .. } => "prevent | detect | contain",
            Self::Plan { lacks: CurePart::Timebox, .. } => "how long (4h, 2d, 1w)",
            Self::Plan { lacks: CurePart::Due | CurePart::On, .. }
            | Self::Act { lacks: ActPart::Due, .. } => "a day (2023-04-14, friday, in 2 weeks)",
            Self::Done { .. } | Self::ActDone { .. } | Self::Target { .. } => "yes (today) | the day | no",
            Self::Result { .. } => "ok | ko, each also as ok: WHAT SHOWS IT",
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

    /// What of the record one wants to see while answering, a line each; texts as they stand in the record.
    pub fn context(&self, pdca: &Pdca) -> Vec<String> {
        match self {
            Self::Owner | Self::Context => vec![pdca.title.to_string()],
            Self::Frame(_) => statement(pdca),
            Self::FirstWhy(_) => statement(pdca),
            Self::Another { branch, .. } => tree(pdca, *branch),
            Self::GoOn { why, .. } | Self::Below { why, .. } => chain(pdca, why),
            Self::Cure { root_cause, .. } => {
                let causes = pdca.root_causes();
                let cause = causes.iter().find(|cause| label::same(cause.label.as_str(), root_cause));
                let own = cause.map(|cause| format!("{root_cause} ({}): {}", cause.why.id, cause.why.why));
                own.into_iter().chain(pdca.countermeasures.iter().map(cure)).collect()
            }
            Self::Plan { countermeasure, .. }
            | Self::Done { countermeasure }
            | Self::Rollout { countermeasure } => {
                pdca.find_countermeasure(countermeasure).map(cure).into_iter().collect()
            }
            Self::Result { countermeasure } | Self::Evidence { countermeasure } => {
                pdca.find_countermeasure(countermeasure).map(check).unwrap_or_default()
            }
            Self::Act { act, .. } | Self::ActDone { act } | Self::Target { act, .. } => {
                let found = pdca.find_act(act);
                found.map(|(it, act)| format!("{} of {}: {}", act.id, it.id, act.title)).into_iter().collect()
            }
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

fn statement(pdca: &Pdca) -> Vec<String> {
    pdca.problem_statement.iter().flat_map(|text| text.as_str().lines()).map(str::to_owned).collect()
}

fn branch_of(pdca: &Pdca, why: &str) -> Option<Branch> {
    pdca.whys().find(|node| label::same(node.why.id.as_str(), why)).map(|node| node.branch)
}

fn line(depth: usize, why: &Why) -> String {
    let tag = why.root_cause.as_ref().map(|tag| format!("[{tag}] ")).unwrap_or_default();
    format!("{}{} {tag}{}", "  ".repeat(depth), why.id, why.why)
}

/// The tree, and beside it what is known and no cause: it need not be asked for again.
fn tree(pdca: &Pdca, branch: Branch) -> Vec<String> {
    let whys = pdca.whys().filter(|node| node.branch == branch).map(|node| line(node.depth, node.why));
    let factors =
        pdca.contributing_factors.iter().map(|it| format!("{} (contributes): {}", it.id, it.factor));
    whys.chain(factors).collect()
}

/// A why and those above it, the first one first.
fn chain(pdca: &Pdca, why: &str) -> Vec<String> {
    let mut above: Vec<&Why> = vec![];
    for node in pdca.whys() {
        above.truncate(node.depth);
        above.push(node.why);
        if label::same(node.why.id.as_str(), why) {
            return above.iter().enumerate().map(|(depth, why)| line(depth, why)).collect();
        }
    }
    vec![]
}

fn cure(it: &Countermeasure) -> String {
    let causes: String = it.root_causes.iter().map(|cause| format!("[{cause}]")).collect();
    let failed = if it.result() == Some(CheckResult::Ko) { " (Check KO)" } else { "" };
    format!("{} {causes} {}{failed}", it.id, it.title)
}

fn check(it: &Countermeasure) -> Vec<String> {
    let how = it.check.as_ref().and_then(|check| check.how.as_ref());
    let on = it.check.as_ref().and_then(|check| check.on).map(|on| format!(" ({on})")).unwrap_or_default();
    let how = how.map(|how| format!("  check{on}: {how}"));
    let earlier = it.earlier_checks.iter().map(|was| {
        let on = was.on.map(|on| format!(" ({on})")).unwrap_or_default();
        format!("  earlier{on}: {}", was.result.label())
    });
    std::iter::once(cure(it)).chain(earlier).chain(how).collect()
}
