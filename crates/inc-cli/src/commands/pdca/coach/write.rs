//! One answer on its way into the record: under the lock, on the record as it is by then, one file and one commit.

use std::path::Path;

use anyhow::Result;
use inc_core::pdca::Pdca;
use inc_core::pdca::action::Refusal;
use inc_core::pdca::coach::{Question, questions};

use super::super::apply;
use super::reading;
use crate::failure::say;
use crate::session::{Session, WriteOptions};

/// What became of an answer.
pub(super) enum Written {
    /// It is in the record.
    Done { before: Box<Pdca>, after: Box<Pdca> },
    /// The question is not open any more: somebody else answered it. Nothing was written.
    Settled,
    /// It makes no sense, or the record refuses it. Nothing was written.
    Wrong(String),
}

pub(super) fn write(
    path: &Path,
    options: &WriteOptions,
    session: &Session,
    question: &Question,
    text: &str,
) -> Result<Written> {
    let writing = session.writing(options)?;
    let mut change = session.store()?.change(&writing, say)?;
    let loaded = session.store()?.load::<Pdca>(path)?;
    let reading = reading(session)?;
    if !questions(&loaded.record, reading.today()).contains(question) {
        return Ok(Written::Settled);
    }
    let answer = match question.read(text, &loaded.record, &reading) {
        Ok(answer) => answer,
        Err(why) => return Ok(Written::Wrong(why)),
    };
    let outcome = match apply(&loaded.record, answer.action, session) {
        Ok(outcome) => outcome,
        Err(error) => {
            return match error.downcast_ref::<Refusal>() {
                Some(refusal) => Ok(Written::Wrong(refusal.to_string())),
                None => Err(error),
            };
        }
    };
    change.update(&loaded, &outcome.pdca)?;
    let saved = change.save(&outcome.subject)?;
    if let Some(day) = answer.understood {
        say(&format!("understood as {day}"));
    }
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    Ok(Written::Done { before: Box::new(loaded.record), after: Box::new(outcome.pdca) })
}
