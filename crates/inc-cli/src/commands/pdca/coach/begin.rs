//! `pdca coach --new`: what a PDCA comes from is asked before there is one; nothing is written until that is known.

use std::path::PathBuf;

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::pdca::{Pdca, SourceKind};
use inc_core::status::Status;
use inc_core::text::{Line, Title};

use super::super::begin::{New, begin};
use super::voice::{Asked, Heard, Voice};
use crate::failure::Failure;
use crate::session::{Session, WriteOptions};

/// What the command line says already.
pub(super) struct Given {
    pub incident: Option<String>,
    pub from: Option<SourceKind>,
    pub reference: Option<Line>,
    pub title: Option<Title>,
}

/// Begins one, and returns its file.
pub(super) fn run(
    given: Given,
    write: &WriteOptions,
    voice: &mut Voice,
    session: &Session,
) -> Result<PathBuf> {
    let kind = match (&given.incident, given.from) {
        (Some(_), _) => SourceKind::Incident,
        (None, Some(kind)) => kind,
        (None, None) => until(voice, vec![], "What does it come from?", SOURCES, |text| {
            text.to_lowercase().parse::<SourceKind>()
        })?,
    };
    let new = match kind {
        SourceKind::Incident => of_incident(given, write, voice, session)?,
        kind => of_other(kind, given, write, voice)?,
    };
    let (outcome, _) = begin(&new, session)?;
    Ok(session.store()?.named::<Pdca>(&outcome.pdca.id)?)
}

const SOURCES: &str = "incident | red-bin | qa-return | other";

fn of_incident(given: Given, write: &WriteOptions, voice: &mut Voice, session: &Session) -> Result<New> {
    let incident = match given.incident {
        Some(incident) => incident,
        None => until(voice, candidates(session)?, "Which incident?", "an id or a part of one", |text| {
            let found = session.store().and_then(|store| Ok(store.find::<Incident>(text)?));
            found.map(|_| text.to_owned()).map_err(|error| format!("{error:#}"))
        })?,
    };
    Ok(New::from_incident(incident, given.title, write.clone()))
}

/// The newest incidents that no PDCA has learnt from; one that cannot be read is only not proposed.
fn candidates(session: &Session) -> Result<Vec<String>> {
    let all = session.store()?.all::<Incident>()?.into_iter().flatten();
    let bare =
        all.filter(|loaded| loaded.record.pdcas.is_empty() && loaded.record.status != Status::Cancelled);
    let mut ids: Vec<String> = bare.map(|loaded| format!("  {}", loaded.record.id)).collect();
    ids.sort_by(|a, b| b.cmp(a));
    ids.truncate(5);
    if !ids.is_empty() {
        ids.insert(0, "Without a PDCA, the newest first:".to_owned());
    }
    Ok(ids)
}

fn of_other(kind: SourceKind, given: Given, write: &WriteOptions, voice: &mut Voice) -> Result<New> {
    let title = match given.title {
        Some(title) => title,
        None => until(voice, vec![], "What is it called?", "a title", |text| {
            text.parse::<Title>().map_err(|error| error.to_string())
        })?,
    };
    let reference = match given.reference {
        Some(reference) => Some(reference),
        None => once(voice, "What does the source call itself?", "such as a ticket's number")?,
    };
    Ok(New::from_source(kind, reference, title, write.clone()))
}

/// Asks until there is an answer that makes sense: without it there is no PDCA.
fn until<T>(
    voice: &mut Voice,
    context: Vec<String>,
    label: &str,
    takes: &'static str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T> {
    let mut question = Asked { context, ..asked(label, takes) };
    loop {
        let text = hear(voice, &question)?;
        question.context.clear();
        let read = match text.trim() {
            "" | "?" => Err("without it there is no PDCA".to_owned()),
            text => read(text),
        };
        match read {
            Ok(answer) => return Ok(answer),
            Err(why) => voice.wrong(&question, &why, NOTHING)?,
        }
    }
}

/// Asks until the answer is empty or a line.
fn once(voice: &mut Voice, label: &str, takes: &'static str) -> Result<Option<Line>> {
    let question = asked(label, takes);
    loop {
        let text = hear(voice, &question)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        match text.parse() {
            Ok(line) => return Ok(Some(line)),
            Err(error) => voice.wrong(&question, &error.to_string(), NOTHING)?,
        }
    }
}

/// What is said of answers before there is a PDCA.
const NOTHING: &str = "nothing was written";

fn asked(label: &str, takes: &'static str) -> Asked {
    Asked { label: label.to_owned(), takes, ..Asked::default() }
}

fn hear(voice: &mut Voice, question: &Asked) -> Result<String> {
    match voice.ask(question)? {
        Heard::Text(text) => Ok(text),
        Heard::Ended => Err(Failure::refused(format!(
            "the answers ended at \"{}\", before there is a PDCA: {NOTHING}",
            question.label
        ))),
    }
}
