//! What `pdca coach` prints for programs.

use std::collections::BTreeSet;

use inc_core::pdca::coach::{self, Question, Reading};
use inc_core::pdca::{CountermeasureStatus, Pdca, Status};
use inc_core::text::clean_line;
use serde::Serialize;

use super::Tally;

/// What came of a session, and what `--next` shows.
#[derive(Debug, Serialize)]
pub(super) struct SessionView {
    pub pdca: String,
    pub status: Status,
    /// How many answers were written.
    pub answered: usize,
    /// How many questions were left open.
    pub skipped: usize,
    /// What a session of now would ask first; `null` where nothing is left to ask.
    pub next: Option<QuestionView>,
}

/// A question.
#[derive(Debug, Serialize)]
pub(super) struct QuestionView {
    /// Which sort: `go-on`, `cure`.
    pub question: &'static str,
    /// The label that it is about, or the tree.
    pub of: Option<String>,
    /// Where in the loop it stands.
    pub stage: &'static str,
    /// The question in words.
    pub label: String,
    /// What an answer may be.
    pub takes: &'static str,
    /// What the record holds around it.
    pub context: Vec<String>,
    /// The rule that teaches more.
    pub rule: &'static str,
}

impl SessionView {
    pub fn of(pdca: &Pdca, tally: &Tally, reading: Reading<'_>) -> Self {
        let next = coach::next(pdca, reading.today(), &BTreeSet::new());
        Self {
            pdca: pdca.id.to_string(),
            status: pdca.status(),
            answered: tally.answered,
            skipped: tally.skipped,
            next: next.map(|question| QuestionView::of(&question, pdca)),
        }
    }
}

impl QuestionView {
    fn of(question: &Question, pdca: &Pdca) -> Self {
        Self {
            question: question.kind(),
            of: question.of().map(str::to_owned),
            stage: question.stage(pdca),
            label: question.label(),
            takes: question.takes(),
            context: question.context(pdca),
            rule: question.rule(),
        }
    }

    pub fn text(&self) -> String {
        let context = self.context.iter().map(|line| format!("\n  {}", clean_line(line)));
        format!(
            "{}{}\n{}\n  {}",
            self.stage,
            context.collect::<String>(),
            clean_line(&self.label),
            self.takes
        )
    }
}

/// The days on which checks are due: `C1 is checked on 2023-04-14`.
pub(super) fn check_days(pdca: &Pdca) -> String {
    let done = pdca.countermeasures.iter().filter(|it| it.status() == CountermeasureStatus::Done);
    let days = done.filter_map(|it| Some((it, it.check.as_ref()?.on?)));
    days.map(|(it, on)| format!("{} is checked on {on}", it.id)).collect::<Vec<_>>().join(", ")
}
