//! One incident that is followed: its file, and what was told of it; and one that is over, until it is reopened.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use inc_core::follow::{Event, Follower, Place};
use inc_core::id::{Id, Uid};
use inc_core::incident::Incident;
use inc_core::status::Status;
use inc_core::text::clean;
use inc_core::timeline::Entry;
use inc_store::store::{Record, Store};

use super::line::Screen;
use super::told;
use crate::failure::say;

/// How long a file is read again after it changed: two writes of one moment may leave the same times and size.
const RESTLESS: Duration = Duration::from_secs(1);
/// How long a file may be absent before that is told, and how often it is then searched for elsewhere: some editors
/// write by removing it first.
const ABSENT: Duration = Duration::from_secs(1);

/// How old a file is that nobody wrote while all were read.
const SETTLED: Duration = Duration::from_secs(60);

/// What tells one state of a file from another.
#[derive(Debug, PartialEq, Eq)]
struct Signature {
    length: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

/// An incident that was over when the following began. There may be thousands: no more is kept than it takes to see
/// that it was reopened, and to tell then only what is new.
pub(super) struct Over {
    path: PathBuf,
    signature: Option<Signature>,
    known: BTreeSet<Uid>,
}

impl Over {
    /// Keeps in mind what is there now.
    pub(super) fn of(store: &Store, path: PathBuf, incident: &Incident) -> Self {
        let known = incident.timeline.iter().filter_map(|entry| entry.id).collect();
        // A file that was written just now may have changed since it was read: it is read again.
        let signature = Signature::at(store, &path).filter(Signature::is_settled);
        Self { signature, path, known }
    }

    /// It lies there now.
    pub(super) fn is_at(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// A watch that knows the same, where the file has changed and the incident is open again. What cannot be read at
    /// this moment is looked at again.
    pub(super) fn reopened(&mut self, store: &Store) -> Option<Watch> {
        let found = Signature::at(store, &self.path);
        if found.is_none() || found == self.signature {
            return None;
        }
        let incident = store.load::<Incident>(&self.path).ok()?.record;
        if !incident.status.is_open() {
            self.signature = found;
            return None;
        }
        Some(self.watch(incident))
    }

    /// A watch that knows, of this incident, what was there when the following began.
    pub(super) fn watch(&self, mut incident: Incident) -> Watch {
        incident.timeline.retain(|entry| entry.id.is_none_or(|id| self.known.contains(&id)));
        Watch::of(self.path.clone(), &incident).0
    }
}

/// One incident that is followed.
pub(super) struct Watch {
    path: PathBuf,
    signature: Option<Signature>,
    /// When the signature was seen to change, or the absent file was last searched for.
    changed: Instant,
    follower: Follower,
    /// As it was last seen here, and at the other end.
    here: Option<Status>,
    there: Option<Status>,
    /// Whether something was told of a file that cannot be read, or is gone.
    trouble: bool,
}

impl Watch {
    /// A watch to which all is new.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            signature: None,
            changed: Instant::now(),
            follower: Follower::default(),
            here: None,
            there: None,
            trouble: false,
        }
    }

    /// A watch of an incident that is only at the other end so far: its file is found once it is here.
    pub(super) fn of_other_end(id: &Id) -> Self {
        Self::new(Path::new(Incident::FOLDER).join(format!("{id}.yaml")))
    }

    /// A watch that knows what is there now; and that, by time.
    pub(super) fn of(path: PathBuf, incident: &Incident) -> (Self, Vec<Entry>) {
        let mut watch = Self::new(path);
        watch.here = Some(incident.status);
        let earlier = watch.follower.look(Place::Here, &incident.timeline);
        let earlier = earlier.into_iter().map(|(_, entry)| entry.clone()).collect();
        (watch, earlier)
    }

    /// Whether it has come that far, here or there, or was cancelled.
    pub(super) fn has_reached(&self, until: Status) -> bool {
        let mut seen = self.here.iter().chain(&self.there);
        seen.any(|status| *status >= until || *status == Status::Cancelled)
    }

    /// Looks at the file, and tells what is new.
    pub(super) fn look(&mut self, id: &Id, screen: &Screen<'_>) -> Result<()> {
        let store = screen.session.store()?;
        let found = Signature::at(store, &self.path);
        let is_same = found == self.signature;
        if !is_same {
            self.signature = found;
            self.changed = Instant::now();
        }
        if self.signature.is_none() {
            self.find(store, id);
            return Ok(());
        }
        if is_same && self.changed.elapsed() > RESTLESS {
            return Ok(());
        }
        match store.load::<Incident>(&self.path) {
            Ok(loaded) => self.read(&loaded.record, screen),
            Err(error) => {
                self.complain(id, &format!("cannot be read now, goes on when it can be: {}", told(error)));
                Ok(())
            }
        }
    }

    fn read(&mut self, incident: &Incident, screen: &Screen<'_>) -> Result<()> {
        if std::mem::take(&mut self.trouble) {
            say(&format!("{}: can be read again", incident.id));
        }
        self.here = Some(incident.status);
        let news = self.follower.look(Place::Here, &incident.timeline);
        screen.tell(incident, &news, None)
    }

    /// Takes the incident as it is at the other end.
    pub(super) fn take(&mut self, incident: &Incident, name: &str, screen: &Screen<'_>) -> Result<()> {
        self.there = Some(incident.status);
        let news: Vec<(Event, &Entry)> = self.follower.look(Place::There, &incident.timeline);
        screen.tell(incident, &news, Some(name))
    }

    /// Searches for the file elsewhere; where it is nowhere, waits: a checkout may bring it back.
    fn find(&mut self, store: &Store, id: &Id) {
        if self.changed.elapsed() < ABSENT {
            return;
        }
        self.changed = Instant::now();
        match store.named::<Incident>(id) {
            Ok(path) => self.path = path,
            Err(_) if self.here.is_none() => {}
            Err(_) => {
                let file = self.path.display().to_string();
                self.complain(
                    id,
                    &format!("{file} is gone: a checkout, or whoever moved it, may bring it back"),
                );
            }
        }
    }

    /// Tells of trouble once, until it is over.
    fn complain(&mut self, id: &Id, words: &str) {
        if !std::mem::replace(&mut self.trouble, true) {
            say(&clean(&format!("warning: {id}: {words}")));
        }
    }
}

impl Signature {
    fn is_settled(&self) -> bool {
        let age = self.modified.and_then(|modified| modified.elapsed().ok());
        age.is_some_and(|age| age > SETTLED)
    }

    fn at(store: &Store, path: &Path) -> Option<Self> {
        store.top().join(path).metadata().ok().map(|found| Self::of(&found))
    }

    #[cfg(unix)]
    fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { length: found.len(), modified: found.modified().ok(), inode: found.ino() }
    }

    #[cfg(not(unix))]
    fn of(found: &Metadata) -> Self {
        Self { length: found.len(), modified: found.modified().ok(), inode: 0 }
    }
}
