//! What of the record stands around a question.

use super::Question;
use crate::pdca::{Branch, CheckResult, Countermeasure, Pdca, Why, label};

impl Question {
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

fn statement(pdca: &Pdca) -> Vec<String> {
    pdca.problem_statement.iter().flat_map(|text| text.as_str().lines()).map(str::to_owned).collect()
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
