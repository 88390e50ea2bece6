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

/// How many empty lines are passed over in search of an answer that is left over: a pipe may have no end.
const MOST_LEFT: usize = 100;

/// What is said of the answers before one that is refused.
pub(super) const KEPT: &str = "what was written before it is kept";

/// A question as it is shown.
#[derive(Default)]
pub(super) struct Asked {
    /// What stands around it, as far as the question before did not show it.
    pub context: Vec<String>,
    pub label: String,
    pub takes: &'static str,
}

/// What the question before showed.
#[derive(Default)]
pub(super) struct Shown {
    stage: &'static str,
    context: Vec<String>,
}

impl Shown {
    /// The question with what is new around it: all of it where the loop has come to another stage.
    pub fn then(&mut self, question: &Question, pdca: &Pdca) -> Asked {
        let (stage, context) = (question.stage(pdca), question.context(pdca));
        let mut new = vec![];
        if stage != self.stage {
            new.extend([String::new(), stage.to_owned()]);
            self.context.clear();
        }
        // What was shown just now is left out, but never from the middle: a tree must hang together.
        let known = context.iter().zip(&self.context).take_while(|(line, shown)| line == shown).count();
        new.extend(context[known..].iter().flat_map(|line| indented(line)));
        *self = Self { stage, context };
        Asked { context: new, label: question.label(), takes: question.takes() }
    }
}

/// A line of the record in lines of a readable width, below each other.
fn indented(line: &str) -> Vec<String> {
    let depth = line.len() - line.trim_start().len();
    let text = wrapped(&clean_line(line));
    let lines = text.lines().enumerate();
    lines.map(|(nth, line)| format!("{:depth$}  {}{line}", "", if nth == 0 { "" } else { "  " })).collect()
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
            say("Enter leaves a question open, ? teaches, quit ends.");
            say("What you answer is kept at once.");
            *greeted = true;
        }
        for line in &asked.context {
            say(line);
        }
        let heard = match self {
            Self::Person { .. } => prompt(asked)?,
            Self::Pipe { lines } => {
                say(&clean_line(&asked.label));
                say(&format!("  {}", asked.takes));
                let text = next_line(lines)?;
                // So that stderr reads as a transcript.
                text.inspect(|text| say(&clean_line(&format!("> {text}"))))
            }
        };
        Ok(match heard {
            Some(text) if text.trim() == "quit" => Heard::Ended,
            Some(text) => Heard::Text(text),
            None => Heard::Ended,
        })
    }

    /// An answer makes no sense: a person is asked again, a pipe has ended. `kept` says what became of those before.
    pub fn wrong(&self, asked: &Asked, why: &str, kept: &str) -> Result<()> {
        let (label, takes) = (&asked.label, asked.takes);
        match self {
            Self::Person { .. } => {
                say(&clean_line(why));
                Ok(())
            }
            Self::Pipe { lines } => Err(Failure::usage(format!(
                "stdin line {lines}, \"{label}\": {why}; it takes: {takes}; {kept}"
            ))),
        }
    }

    /// Says so where answers are left over: they may be answers to other questions than were asked.
    pub fn leftover(&mut self) -> Result<()> {
        if let Self::Pipe { lines } = self {
            for _ in 0..MOST_LEFT {
                let Some(text) = next_line(lines)? else { break };
                if !matches!(text.trim(), "" | "quit") {
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

/// The next line of stdin; `None` at its end.
fn next_line(lines: &mut usize) -> Result<Option<String>> {
    let mut bytes = vec![];
    let stdin = std::io::stdin().lock();
    stdin.take(LONGEST).read_until(b'\n', &mut bytes).context("read stdin")?;
    if bytes.is_empty() {
        return Ok(None);
    }
    *lines += 1;
    if bytes.len() as u64 == LONGEST && bytes.last() != Some(&b'\n') {
        return Err(Failure::usage(format!("stdin line {lines} is too long; {KEPT}")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::data(format!("stdin line {lines} is not UTF-8 text; {KEPT}")))?;
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    Ok(Some(text))
}
