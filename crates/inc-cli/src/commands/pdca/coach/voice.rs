//! Who answers: a person at a terminal, or a pipe with an answer a line.

use std::io::{BufRead, Read};

use anyhow::{Context, Result};
use inc_core::pdca::Pdca;
use inc_core::pdca::coach::Question;
use inc_core::text::clean_line;
use inquire::{InquireError, Text};

use super::super::explain::wrapped;
use crate::failure::{Failure, say};
use crate::session::Session;

/// The longest answer, in bytes: more than a text of a record may have.
const LONGEST: u64 = 100_000;

/// A question as it is shown.
pub(super) struct Asked {
    /// Where in the loop, where that is new.
    pub stage: Option<&'static str>,
    /// What stands around it.
    pub context: Vec<String>,
    pub label: String,
    pub takes: &'static str,
}

impl Asked {
    /// `stage` is the one that was shown last.
    pub fn of(question: &Question, pdca: &Pdca, stage: &mut &'static str) -> Self {
        let here = question.stage(pdca);
        let is_new = *stage != here;
        *stage = here;
        Self {
            stage: is_new.then_some(here),
            context: question.context(pdca),
            label: question.label(),
            takes: question.takes(),
        }
    }

    /// What is said before the question.
    fn before(&self) {
        if let Some(stage) = self.stage {
            say(&format!("\n{stage}"));
        }
        for line in &self.context {
            let text = wrapped(&clean_line(line));
            let depth = line.len() - line.trim_start().len();
            say(&format!("{:indent$}{}", "", text.replace('\n', "\n    "), indent = 2 + depth));
        }
    }
}

/// What was answered.
pub(super) enum Heard {
    /// A text, perhaps empty.
    Text(String),
    /// Whoever answers has had enough.
    Ended,
}

/// Who answers.
pub(super) enum Voice {
    /// A person, who is asked again where an answer makes no sense.
    Person { greeted: bool },
    /// Lines of stdin, and how many were read.
    Pipe { lines: usize },
}

impl Voice {
    pub fn of(session: &Session) -> Self {
        match session.is_interactive() {
            true => Self::Person { greeted: false },
            false => Self::Pipe { lines: 0 },
        }
    }

    pub fn is_person(&self) -> bool {
        matches!(self, Self::Person { .. })
    }

    /// Asks one question. No lock is held: people take their time.
    pub fn ask(&mut self, asked: &Asked) -> Result<Heard> {
        if let Self::Person { greeted } = self
            && !*greeted
        {
            say("Enter leaves a question open, ? teaches, quit ends; what you answer is kept at once");
            *greeted = true;
        }
        asked.before();
        let heard = match self {
            Self::Person { .. } => prompt(asked)?,
            Self::Pipe { lines } => {
                say(&clean_line(&asked.label));
                say(&format!("  {}", asked.takes));
                next_line(lines)?
            }
        };
        Ok(match heard {
            Some(text) if matches!(text.trim(), "quit" | "exit") => Heard::Ended,
            Some(text) => Heard::Text(text),
            None => Heard::Ended,
        })
    }

    /// An answer makes no sense: a person is asked again, a pipe has ended.
    pub fn wrong(&self, question: &str, why: &str, takes: &str) -> Result<()> {
        match self {
            Self::Person { .. } => {
                say(&clean_line(why));
                Ok(())
            }
            Self::Pipe { lines } => Err(Failure::usage(format!(
                "stdin line {lines}: {question} {why}; it takes: {takes}; what was answered before is kept"
            ))),
        }
    }

    /// Says so where answers are left over: they may be answers to other questions than were asked.
    pub fn leftover(&mut self) -> Result<()> {
        if let Self::Pipe { lines } = self {
            while let Some(text) = next_line(lines)? {
                if !matches!(text.trim(), "" | "quit" | "exit") {
                    say(&format!(
                        "stdin line {lines} and what follows was not needed: nothing is left to ask"
                    ));
                    break;
                }
            }
        }
        Ok(())
    }
}

/// What a person types; `None` after Esc, Ctrl-D or Ctrl-C.
fn prompt(asked: &Asked) -> Result<Option<String>> {
    let label = clean_line(&asked.label);
    match Text::new(&label).with_help_message(asked.takes).prompt_skippable() {
        Ok(text) => Ok(text),
        Err(InquireError::OperationInterrupted) => Ok(None),
        Err(error) => Err(error).context("ask on the terminal"),
    }
}

/// The next line of stdin, echoed, so that stderr reads as a transcript; `None` at its end.
fn next_line(lines: &mut usize) -> Result<Option<String>> {
    let mut bytes = vec![];
    let stdin = std::io::stdin().lock();
    stdin.take(LONGEST).read_until(b'\n', &mut bytes).context("read stdin")?;
    if bytes.is_empty() {
        return Ok(None);
    }
    *lines += 1;
    if bytes.len() as u64 == LONGEST && bytes.last() != Some(&b'\n') {
        return Err(Failure::usage(format!(
            "stdin line {lines} is too long; what was answered before is kept"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::data(format!("stdin line {lines} is not UTF-8 text; what was answered before is kept"))
    })?;
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    say(&clean_line(&format!("> {text}")));
    Ok(Some(text))
}
