//! What the rules say of an answer that was just given: about its words, never about what a later question asks.

use super::{Part, Question};
use crate::pdca::Finding;

/// The rules that judge words and choices; the others find what is missing, which the coach asks for anyway.
const OF_WORDS: &[&str] = &[
    "leaf-is-link",
    "why-blames",
    "rc-recurred",
    "cure-weak",
    "cure-one-sided",
    "cure-too-long",
    "due-passed",
];

/// What is found after the answer to `question`, was not found before, and is worth a word.
pub fn remarks(question: &Question, before: &[Finding], after: Vec<Finding>) -> Vec<Finding> {
    let is_new = |finding: &Finding| {
        before
            .iter()
            .all(|old| (old.code, &old.label, &old.why) != (finding.code, &finding.label, &finding.why))
    };
    let is_told = |finding: &Finding| match finding.code {
        // Before the number was asked for there can be none.
        "problem-unmeasurable" => *question == Question::Frame(Part::HowMany),
        code => OF_WORDS.contains(&code) && is_new(finding),
    };
    after.into_iter().filter(is_told).collect()
}
