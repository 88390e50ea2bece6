//! What the rules say to whoever answers: about the words, never about what a later question asks.

use super::{CurePart, Part, Question, questions};
use crate::instant::Instant;
use crate::pdca::rules::Others;
use crate::pdca::{Countermeasure, Finding, Pdca};

/// The rules that judge words and choices; the others find what is missing, which the coach asks for anyway.
const OF_WORDS: &[&str] =
    &["leaf-is-link", "why-blames", "rc-recurred", "cure-weak", "cure-too-long", "due-passed"];

/// What is found after the answer to `question`, was not found before, and is worth a word.
pub fn remarks(
    question: &Question,
    before: &Pdca,
    after: &Pdca,
    others: &Others<'_>,
    now: Instant,
) -> Vec<Finding> {
    let known = before.lint(others, now);
    let is_new = |finding: &Finding| {
        known
            .iter()
            .all(|old| (old.code, &old.label, &old.why) != (finding.code, &finding.label, &finding.why))
    };
    let is_told = |finding: &Finding| match (finding.code, question) {
        // Before the number was asked for there can be none.
        ("problem-unmeasurable", Question::Frame(Part::HowMany)) => true,
        // Before the last cause is answered, the other kind may still come.
        ("cure-one-sided", Question::Plan { lacks: CurePart::Kind, .. }) => is_answered(after),
        (code, _) => OF_WORDS.contains(&code) && is_new(finding),
    };
    after.lint(others, now).into_iter().filter(is_told).collect()
}

/// What is worth a word before the first question: a problem statement in words of its own that counts nothing.
pub fn first_remarks(pdca: &Pdca, others: &Others<'_>, now: Instant) -> Vec<Finding> {
    let is_asked = questions(pdca, now.datetime().date_naive()).contains(&Question::Frame(Part::HowMany));
    let is_early = pdca.root_causes().is_empty();
    let found = pdca.lint(others, now).into_iter();
    found.filter(|one| one.code == "problem-unmeasurable" && is_early && !is_asked).collect()
}

fn is_answered(pdca: &Pdca) -> bool {
    let causes = pdca.root_causes();
    causes.iter().all(|cause| pdca.countermeasures_for(cause.label.as_str()).any(Countermeasure::is_live))
}
