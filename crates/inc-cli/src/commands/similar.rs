//! `inc-similar`: past incidents like one, with what mitigated them.

mod shown;

use std::io::IsTerminal;
use std::num::NonZeroUsize;

use anyhow::Result;
use clap::Parser;
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_core::search::Searchable;
use inc_core::search::like::{Alike, alike};
use inc_core::search::passage::{Passage, of_text};
use inc_core::text::{clean, clean_line};
use inc_store::store::StoreError;

use self::shown::{Linked, Row, text};
use crate::failure::{Failure, say};
use crate::output::Format;
use crate::session::{Session, Shelved};

/// How many records a declaration may have to read for its mention of others.
const AT_HAND: usize = 128;
/// How many it mentions.
const MENTIONED: usize = 3;
/// Below this share it mentions none.
const NEAR: f64 = 0.15;

/// Past incidents like one, with what mitigated them
///
/// Likeness is a guess by words: the rare words of title, summary, causes and timeline, and the same root cause, stack,
/// team or way of being noticed. Nothing else is read into it. The incident itself is left out; drills and near misses
/// are marked. Exit code 1 where none is like it.
#[derive(Debug, Parser)]
#[command(
    name = "inc-similar",
    after_help = "Example:
  inc-similar
  inc-similar kubernetes-cluster-3 --limit 3
  inc-similar --text \"pods are crash looping after the release\""
)]
pub struct Args {
    /// Which incident: an id, a unique beginning or part of one; by default the one that is meant
    #[arg(value_name = "INCIDENT")]
    incident: Option<String>,
    /// Incidents like this text instead
    #[arg(long, value_name = "TEXT", conflicts_with = "incident", allow_hyphen_values = true)]
    text: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value = "5")]
    limit: NonZeroUsize,
}

/// Finds them, and prints what is to be learnt of each.
///
/// # Errors
/// None is like it; an incident that is not there; records that cannot be read (after the answer).
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let own = match &args.text {
        Some(_) => None,
        None => Some(session.load_incident(args.incident.as_deref())?.record),
    };
    let passages = match (&own, &args.text) {
        (Some(own), _) => own.passages(),
        (None, text) => of_text(text.as_deref().unwrap_or_default()),
    };
    if passages.iter().all(|it| it.text.trim().is_empty()) {
        return Err(Failure::usage("--text is empty: describe in a few words what is happening"));
    }
    let files = session.word_files()?;
    let library = session.library(&files, true, false)?;
    let shelved = library.shelved();
    let mut near = near(own.as_ref(), &passages, &shelved);
    near.truncate(args.limit.get());
    let rows = near.iter().map(|it| row(it, &shelved, session)).collect::<Result<Vec<_>>>()?;
    if rows.is_empty() && session.format() == Format::Json {
        session.print("[]")?;
    }
    match (rows.is_empty(), session.unread()) {
        (true, 0) => Err(Failure::refused("no incident is like this one in more than common words")),
        (true, _) => Ok(()),
        (false, _) => {
            let zone = session.settings()?.timezone.clone();
            let width = super::list::width().unwrap_or(shown::WIDTH);
            session.answer(&rows, || text(&rows, &zone, width))
        }
    }
}

/// The incidents that are like these texts, but for the one that they are of.
fn near(own: Option<&Incident>, passages: &[Passage<'_>], shelved: &Shelved<'_>) -> Vec<Alike> {
    let features = own.map(Searchable::features).unwrap_or_default();
    let is_other = |number: u32| own.is_none_or(|own| shelved.shelf.book(number).id != own.id.as_str());
    alike(passages, &features, &shelved.shelf, is_other)
}

fn row(near: &Alike, shelved: &Shelved<'_>, session: &Session) -> Result<Row> {
    let store = session.store()?;
    let incident = store.load::<Incident>(&shelved.path(near.number))?.record;
    let linked = incident.pdcas.iter().map(|id| {
        let read = store.named::<Pdca>(id).and_then(|path| store.load::<Pdca>(&path));
        if let Err(error) = &read {
            tell_unread(error);
        }
        Linked::of(id, read.ok().map(|it| it.record))
    });
    let linked = linked.collect();
    Ok(Row::of(&incident, near, linked, &session.policy_at_hand()?.levels))
}

fn tell_unread(error: &StoreError) {
    say(&clean(&format!("warning: {error}")));
}

/// Mentions the incidents most like one that was just declared: to a person at a terminal, and only where that costs
/// next to nothing. Whatever fails here concerns nobody.
pub fn mention(incident: &Incident, session: &Session) {
    if session.format() != Format::Text || !std::io::stderr().is_terminal() {
        return;
    }
    let Ok(files) = session.word_files() else { return };
    let Some(library) = session.words_at_hand(&files, AT_HAND) else { return };
    let shelved = library.shelved();
    let near = near(Some(incident), &incident.passages(), &shelved);
    let near: Vec<&Alike> = near.iter().filter(|it| it.share >= NEAR).take(MENTIONED).collect();
    for it in &near {
        let words = it.words.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(", ");
        say(&clean_line(&format!("like {} ({words})", shelved.shelf.book(it.number).id)));
    }
    if !near.is_empty() {
        say(&format!("what mitigated them: inc-similar {}", incident.id));
    }
}
