//! Which record is meant: the one named, the one chosen, the only open one; and all of a kind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::{self, Pdca};
use inc_core::status::Status;
use inc_core::summary::Summary;
use inc_core::text::{clean, clean_line};
use inc_store::index::{Answer, Entry};
use inc_store::store::{Loaded, Record, StoreError};

use super::Session;
use crate::failure::{Failure, say};
use crate::view::contested;

impl Session {
    /// The file of the record that was named, or of the one that is meant when none is.
    ///
    /// # Errors
    /// No such record, several, or none to choose.
    pub fn find_incident(&self, given: Option<&str>) -> Result<PathBuf> {
        let store = self.store()?;
        if let Some(given) = given {
            return Ok(store.find::<Incident>(given)?);
        }
        if let Ok(named) = std::env::var("INC_INCIDENT")
            && !named.is_empty()
        {
            return store.find::<Incident>(&named).context("INC_INCIDENT");
        }
        if let Some(chosen) = self.chosen()? {
            let id = chosen.parse().map_err(|why| StoreError::NotAnId { why });
            let found = id.and_then(|id| store.named::<Incident>(&id));
            return found.context("the incident chosen by `inc use`");
        }
        self.only_open()
    }

    /// Whether no incident is meant where none is named: none is chosen, and none open.
    ///
    /// # Errors
    /// A record that cannot be read: it may be the open one.
    pub fn is_nothing_meant(&self) -> Result<bool> {
        if std::env::var("INC_INCIDENT").is_ok_and(|named| !named.is_empty()) || self.chosen()?.is_some() {
            return Ok(false);
        }
        let files = self.store()?.index_files::<Incident>();
        let answer = self.look::<Incident>(&files)?;
        let mut statuses = answer.entries().iter().map(|entry| (*entry, status(&answer, *entry)));
        let telling = statuses.find(|(_, status)| status.is_none_or(Status::is_open));
        match telling {
            None => Ok(true),
            Some((_, Some(_))) => Ok(false),
            Some((entry, None)) => Ok(answer.readable(entry).map(|()| true)?),
        }
    }

    /// Loads the incident that was named, or the one that is meant when none is.
    ///
    /// # Errors
    /// As [`Session::find_incident`], and a record that cannot be read.
    pub fn load_incident(&self, given: Option<&str>) -> Result<Loaded<Incident>> {
        let path = self.find_incident(given)?;
        let loaded = self.store()?.load::<Incident>(&path)?;
        if let Some(drift) = loaded.record.severity_drift() {
            say(&clean(&format!("warning: {drift}")));
        }
        let incident = &loaded.record;
        for odd in incident.odd_times(self.now()?) {
            say(&clean_line(&format!("warning: {odd}")));
        }
        let edit = format!("inc-edit {}", incident.id);
        contested::remarks(incident, &incident.contested, &incident.timezone, &edit)
            .iter()
            .for_each(|line| say(line));
        Ok(loaded)
    }

    fn only_open(&self) -> Result<PathBuf> {
        let files = self.store()?.index_files::<Incident>();
        let answer = self.look::<Incident>(&files)?;
        let (mut open, mut unfinished) = (vec![], vec![]);
        for entry in answer.entries().to_vec() {
            let id = || answer.row(entry).map(|summary| summary.id);
            match status(&answer, entry) {
                // One that cannot be read may be the open one: not to be passed over.
                None => {
                    answer.readable(entry)?;
                    break;
                }
                Some(status) if status.is_open() => open.extend(id().map(|id| (id, answer.path(entry)))),
                Some(Status::Resolved | Status::PostmortemCompleted) => unfinished.extend(id()),
                Some(_) => {}
            }
        }
        match open.as_slice() {
            [(id, path)] => {
                say(&format!("incident: {id} (the only open one)"));
                Ok(path.clone())
            }
            [] => Err(Failure::usage(none_open(unfinished))),
            several => {
                let ids: String = several.iter().map(|(id, _)| format!("\n  {id}")).collect();
                Err(Failure::usage(format!(
                    "which incident? Name one, or choose with `inc use`; open are:{ids}"
                )))
            }
        }
    }

    /// Where `inc use` notes its choice: in the git folder of this work tree, never committed.
    ///
    /// # Errors
    /// No repository here.
    pub fn choice_file(&self) -> Result<PathBuf> {
        Ok(self.store()?.repository().git_dir().join("inc").join("incident"))
    }

    /// The incident chosen by `inc use`.
    ///
    /// # Errors
    /// A note that cannot be read.
    pub fn chosen(&self) -> Result<Option<String>> {
        let file = self.choice_file()?;
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(text.trim().to_owned()).filter(|id| !id.is_empty())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {}", file.display())),
        }
    }

    /// All records of a kind that can be read; the others are told on stderr, and the command ends with exit code 4.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn all<R: Record>(&mut self) -> Result<Vec<Loaded<R>>> {
        Ok(self.all_where::<R>(|_| true)?.0)
    }

    /// All records of a kind that can be read, and the files of the others; of these, the ones that do not `matter` are
    /// only warned about.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn all_where<R: Record>(
        &mut self,
        matters: impl Fn(&Path) -> bool,
    ) -> Result<(Vec<Loaded<R>>, Vec<PathBuf>)> {
        let (mut good, mut bad) = (vec![], vec![]);
        let paths = self.store()?.paths::<R>()?;
        for path in paths {
            match self.store()?.load(&path) {
                Ok(loaded) => good.push(loaded),
                Err(error) => {
                    let matters = matters(&path);
                    let word = if matters { "error" } else { "warning" };
                    say(&clean(&format!("{word}: {error}")));
                    self.problems += usize::from(matters);
                    bad.push(path);
                }
            }
        }
        self.tell_twice(&mut good);
        Ok((good, bad))
    }

    /// Names each id that several files have; of these the first one stays.
    fn tell_twice<R: Record>(&mut self, loaded: &mut Vec<Loaded<R>>) {
        let mut files: BTreeMap<Id, Vec<PathBuf>> = BTreeMap::new();
        loaded.retain(|it| {
            let files = files.entry(it.record.id().clone()).or_default();
            files.push(it.path.clone());
            files.len() == 1
        });
        for (id, paths) in files.into_iter().filter(|(_, paths)| paths.len() > 1) {
            let error = StoreError::Twice { kind: R::NAME, id: id.to_string(), paths };
            say(&clean(&format!("error: {error}")));
            self.twice += 1;
        }
    }

    /// How many records could not be read so far.
    pub fn unread(&self) -> usize {
        self.problems
    }

    /// The first id, by attempt from 1, that no record of the kind has. The lock is held.
    ///
    /// # Errors
    /// A folder that cannot be listed; thousands of records of one title and day.
    pub fn free_id<R: Record>(&self, id: impl Fn(usize) -> Id) -> Result<Id> {
        for attempt in 1..10_000 {
            let id = id(attempt);
            if !self.store()?.exists::<R>(&id)? {
                return Ok(id);
            }
        }
        Err(Failure::refused(format!(
            "there are 10,000 {}s of this title and day: choose another title",
            R::NAME
        )))
    }

    /// Loads the record that the record `from` names by its whole id.
    ///
    /// # Errors
    /// A record that cannot be read; one that is missing makes `from` invalid.
    pub fn follow<R: Record>(&self, id: &Id, from: &Id) -> Result<Loaded<R>> {
        let path = self.store()?.named::<R>(id).map_err(|error| match error {
            StoreError::NoSuch { .. } => Failure::data(format!("{from} names its {}: {error}", R::NAME)),
            other => other.into(),
        })?;
        self.store()?.load(&path).with_context(|| format!("the {} of {from}", R::NAME))
    }

    /// The status of each PDCA that an incident names, where `step` asks for them; one that cannot be read is an
    /// error then, and holds up nothing else.
    ///
    /// # Errors
    /// A PDCA that is missing or cannot be read.
    pub fn linked(&self, incident: &Incident, step: Status) -> Result<Vec<(Id, pdca::Status)>> {
        let mut linked = vec![];
        if self.settings()?.steps.asks_for_pdcas(step) {
            for id in &incident.pdcas {
                linked.push((id.clone(), self.follow::<Pdca>(id, &incident.id)?.record.status()));
            }
        }
        Ok(linked)
    }
}

/// The status of an incident; `None` of one that cannot be read.
fn status(answer: &Answer<'_, Summary>, entry: Entry) -> Option<Status> {
    let (table, row) = answer.place(entry)?;
    answer.tables()[table].status(row)
}

/// What is said where no incident is open: those that are over and not closed are likely to be meant.
fn none_open(mut unfinished: Vec<Id>) -> String {
    unfinished.sort_by(|a, b| b.cmp(a));
    let words = "which incident? None is open: name one (`inc-list` shows them), or declare one with `inc-declare TITLE`";
    let ids: String = unfinished.iter().take(5).map(|id| format!("\n  {id}")).collect();
    match ids.is_empty() {
        true => words.to_owned(),
        false => format!("{words}; over and not closed are:{ids}"),
    }
}
