//! The other end: fetched again and again beside the following, and read from its branch. Nothing is merged.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_store::git::{Fetched, Repository};
use inc_store::store::{Record, Store};
use inc_store::yaml;

use super::told;
use crate::commands::sync;
use crate::session::Session;

/// What comes from the other end.
pub(super) enum Note {
    /// To be said on stderr.
    Words(String),
    /// Incidents as they are there, which have changed since they were told last.
    Incidents {
        /// The branch: `origin/main`.
        name: String,
        incidents: Vec<Incident>,
    },
}

/// Begins to fetch, `every` so often.
///
/// # Errors
/// A branch that does not say where it goes.
pub(super) fn start(session: &Session, every: Duration, only: Option<Id>, notes: Sender<Note>) -> Result<()> {
    sync::upstream(session.store()?.repository(), None)?;
    let dir = session.dir().to_owned();
    let mut fetching = Fetching { dir, only, notes, read: None, is_troubled: false };
    thread::spawn(move || {
        loop {
            match fetching.once() {
                Ok(()) => fetching.is_well(),
                Err(error) => fetching.complain(&told(error)),
            }
            thread::sleep(every);
        }
    });
    Ok(())
}

struct Fetching {
    dir: PathBuf,
    only: Option<Id>,
    notes: Sender<Note>,
    /// The commit that was read last.
    read: Option<String>,
    /// Whether the last fetch failed, and that was told.
    is_troubled: bool,
}

impl Fetching {
    fn once(&mut self) -> Result<()> {
        let store = Store::open(&self.dir)?;
        let repository = store.repository();
        // Anew each time: the branch may be another by now.
        let upstream = sync::upstream(repository, None)?;
        match repository.fetch(&upstream, false)? {
            Fetched::Done => {}
            // Another git of this clone fetches: what it brings is read the next time.
            Fetched::Busy(_) => return Ok(()),
            Fetched::Unreachable(words) => anyhow::bail!("cannot reach {}: {words}", upstream.remote),
        }
        let tip = repository.tip_of(&upstream)?;
        if let Some(tip) = tip.filter(|tip| self.read.as_ref() != Some(tip)) {
            let incidents = self.incidents(repository, &tip)?;
            self.read = Some(tip);
            self.send(Note::Incidents { name: upstream.name, incidents });
        }
        Ok(())
    }

    /// The incidents that changed between the last tip and this one; those that cannot be read are told.
    fn incidents(&self, repository: &Repository, tip: &str) -> Result<Vec<Incident>> {
        let mut files = repository.changed(self.read.as_deref(), tip)?;
        files.retain(|file| file.is_record_in(Incident::FOLDER) && self.is_meant(file.path.file_stem()));
        let mut incidents = vec![];
        for (file, (_, after)) in files.iter().zip(repository.texts(&files)?) {
            let Some(after) = after else { continue };
            match yaml::read::<Incident>(&String::from_utf8_lossy(&after), inc_core::SCHEMA) {
                Ok(incident) => incidents.push(incident),
                Err(why) => {
                    let file = file.path.display();
                    self.send(Note::Words(format!("warning: {file} at the other end cannot be read: {why}")));
                }
            }
        }
        Ok(incidents)
    }

    fn is_meant(&self, stem: Option<&OsStr>) -> bool {
        self.only.as_ref().is_none_or(|only| stem.is_some_and(|stem| stem == only.as_str()))
    }

    fn is_well(&mut self) {
        if std::mem::take(&mut self.is_troubled) {
            self.send(Note::Words("the other end can be reached again".to_owned()));
        }
    }

    /// Tells of trouble once, until it is over.
    fn complain(&mut self, words: &str) {
        if !std::mem::replace(&mut self.is_troubled, true) {
            let next = "what is written here is told all the same; fetching is tried again";
            self.send(Note::Words(format!("warning: {words}\n{next}")));
        }
    }

    /// Nobody listens any more only where the program ends.
    fn send(&self, note: Note) {
        let _ = self.notes.send(note);
    }
}
