//! What a command is given: the store, the clock, the author, the output format; and how it changes a record.

use std::cell::OnceCell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Args;
use inc_core::Stamp;
use inc_core::action::{self, Action, Rules};
use inc_core::field::Reading;
use inc_core::id::{Id, Uid};
use inc_core::incident::Incident;
use inc_core::instant::{Instant, Zone, understand};
use inc_core::pdca::{self, Pdca};
use inc_core::settings::Settings;
use inc_core::severity::Policy;
use inc_core::status::Status;
use inc_core::text::Line;
use inc_store::git::Author;
use inc_store::store::{Loaded, Record, Saved, Store, StoreError, Writing};
use serde::Serialize;

use crate::failure::{Failure, say};
use crate::output::Format;

/// The options of every program.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Shared {
    /// Work in the repository around DIR instead of the present folder
    #[arg(
        short = 'C',
        long = "dir",
        value_name = "DIR",
        global = true,
        default_value = ".",
        hide_default_value = true
    )]
    pub dir: PathBuf,
    /// How to print the answer: for people, or as JSON for programs
    #[arg(long, value_name = "FORMAT", global = true, default_value = "text")]
    pub format: Format,
}

/// The options of every program that changes a record.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Writing")]
pub struct WriteOptions {
    /// Write the file, and leave the commit to the user
    #[arg(long)]
    pub no_commit: bool,
    /// Commit your own uncommitted edits of the same file along with the change
    #[arg(long, conflicts_with = "no_commit")]
    pub include_edits: bool,
    /// How long to wait for another program that writes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub lock_timeout: u64,
}

/// What a command works with.
pub struct Session {
    shared: Shared,
    now: OnceCell<(Instant, bool)>,
    store: OnceCell<Store>,
    settings: OnceCell<Settings>,
    policy: OnceCell<Policy>,
    problems: usize,
}

/// What came of a change, for the answer.
#[derive(Debug)]
pub struct Changed {
    /// The record after the change.
    pub incident: Incident,
    /// The record before it; the same as after, for a declaration.
    pub before: Incident,
    /// What was said of it.
    pub subject: String,
    /// Where it was written.
    pub saved: Saved,
    /// What the user was told.
    pub remarks: Vec<String>,
}

impl Session {
    /// A session with these options; nothing is opened before it is needed.
    pub fn new(shared: Shared) -> Self {
        Self {
            shared,
            now: OnceCell::new(),
            store: OnceCell::new(),
            settings: OnceCell::new(),
            policy: OnceCell::new(),
            problems: 0,
        }
    }

    /// The folder to work in.
    pub fn dir(&self) -> &std::path::Path {
        &self.shared.dir
    }

    /// How to print the answer.
    pub fn format(&self) -> Format {
        self.shared.format
    }

    /// Whether a person can be asked: stdin and stderr are a terminal.
    pub fn is_interactive(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// The store of the repository.
    ///
    /// # Errors
    /// No repository here.
    pub fn store(&self) -> Result<&Store> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store = Store::open(&self.shared.dir)?;
        Ok(self.store.get_or_init(|| store))
    }

    /// The team's settings.
    ///
    /// # Errors
    /// An `inc.yaml` that cannot be read whole.
    pub fn settings(&self) -> Result<&Settings> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = self.store()?.settings()?;
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The severity policy.
    ///
    /// # Errors
    /// A `policies/severity.yaml` that cannot be read whole.
    pub fn policy(&self) -> Result<&Policy> {
        if let Some(policy) = self.policy.get() {
            return Ok(policy);
        }
        let policy = self.store()?.policy()?;
        Ok(self.policy.get_or_init(|| policy))
    }

    /// The present, to the second, and whether `INC_NOW` pins it.
    fn clock(&self) -> Result<(Instant, bool)> {
        if let Some(now) = self.now.get() {
            return Ok(*now);
        }
        let now = match std::env::var("INC_NOW") {
            Ok(text) if !text.is_empty() => {
                let pinned = Instant::parse(&text);
                (pinned.map_err(|e| Failure::usage(format!("INC_NOW: {e}")))?, true)
            }
            _ => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                (Instant::from_unix(i64::try_from(since.as_secs())?)?, false)
            }
        };
        Ok(*self.now.get_or_init(|| now))
    }

    /// The present, in the repository's zone.
    ///
    /// # Errors
    /// An `INC_NOW` that is no instant.
    pub fn now(&self) -> Result<Instant> {
        let (now, _) = self.clock()?;
        Ok(self.settings()?.timezone.instant(now))
    }

    /// What people typed for a time, echoed on stderr as understood.
    ///
    /// # Errors
    /// A phrase that is no time, or one that daylight saving makes two or none.
    pub fn understand(&self, option: &str, text: &str, zone: &Zone) -> Result<Instant> {
        let now = self.now()?;
        let at = understand(text, zone.instant(now), zone).with_context(|| option.to_owned())?;
        say(&format!("{option}: understood as {at} ({})", zone.name()));
        Ok(at)
    }

    /// What typed values are read with.
    ///
    /// # Errors
    /// Settings that cannot be read.
    pub fn reading<'a>(&'a self, zone: &'a Zone) -> Result<Reading<'a>> {
        Ok(Reading { now: zone.instant(self.now()?), zone, settings: self.settings()? })
    }

    /// Whoever runs the command: `INC_AUTHOR`, else git's settings.
    ///
    /// # Errors
    /// An `INC_AUTHOR` that is no name and address, or nobody set.
    pub fn author(&self) -> Result<Author> {
        if let Some(author) = self.given_author()? {
            return Ok(author);
        }
        match self.store()?.identity()? {
            Some(author) => Ok(author),
            None => Err(StoreError::from(inc_store::git::GitError::NoIdentity).into()),
        }
    }

    fn given_author(&self) -> Result<Option<Author>> {
        match std::env::var("INC_AUTHOR") {
            Ok(text) if !text.is_empty() => {
                Ok(Some(Author::parse(&text).map_err(|e| Failure::usage(format!("INC_AUTHOR: {e}")))?))
            }
            _ => Ok(None),
        }
    }

    /// How this session writes.
    ///
    /// # Errors
    /// As [`Session::author`].
    pub fn writing(&self, options: &WriteOptions) -> Result<Writing> {
        // Known before anything is written.
        self.author()?;
        self.writing_unsigned(options)
    }

    /// How this session writes where it is left to git to know who signs.
    ///
    /// # Errors
    /// An `INC_AUTHOR` that is no name and address, an `INC_NOW` that is no instant.
    pub fn writing_unsigned(&self, options: &WriteOptions) -> Result<Writing> {
        let (now, pinned) = self.clock()?;
        Ok(Writing {
            commit: !options.no_commit,
            include_edits: options.include_edits,
            author: self.given_author()?,
            at: pinned.then(|| now.to_string()),
            patience: Duration::from_secs(options.lock_timeout),
        })
    }

    /// Does `work` with a stamp of this moment.
    ///
    /// # Errors
    /// Those of `work`, and an author or a clock that cannot be had.
    pub fn stamped<T>(&self, zone: &Zone, work: impl FnOnce(&mut Stamp<'_>) -> Result<T>) -> Result<T> {
        let by: Line = self.author()?.name().parse().context("the author's name")?;
        let at = zone.instant(self.now()?);
        let mut mint = || new_uid(at);
        work(&mut Stamp { at, by, mint: &mut mint })
    }

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

    /// Loads the incident that was named, or the one that is meant when none is.
    ///
    /// # Errors
    /// As [`Session::find_incident`], and a record that cannot be read.
    pub fn load_incident(&self, given: Option<&str>) -> Result<Loaded<Incident>> {
        let path = self.find_incident(given)?;
        Ok(self.store()?.load(&path)?)
    }

    fn only_open(&self) -> Result<PathBuf> {
        let (mut open, mut unfinished) = (vec![], vec![]);
        for loaded in self.store()?.all::<Incident>()? {
            // One that cannot be read may be the open one: not to be passed over.
            let loaded = loaded?;
            match loaded.record.status {
                status if status.is_open() => open.push(loaded),
                Status::Resolved | Status::PostmortemCompleted => unfinished.push(loaded.record.id),
                _ => {}
            }
        }
        match open.as_slice() {
            [one] => {
                say(&format!("incident: {} (the only open one)", one.record.id));
                Ok(one.path.clone())
            }
            [] => Err(Failure::usage(none_open(unfinished))),
            several => {
                let ids: String = several.iter().map(|one| format!("\n  {}", one.record.id)).collect();
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
        let mut good = vec![];
        for loaded in self.store()?.all::<R>()? {
            match loaded {
                Ok(loaded) => good.push(loaded),
                Err(error) => {
                    say(&inc_core::text::clean(&format!("error: {error}")));
                    self.problems += 1;
                }
            }
        }
        Ok(good)
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

    /// The end of a command: exit code 4 where records could not be read.
    ///
    /// # Errors
    /// Records that could not be read.
    pub fn finish(&self) -> Result<()> {
        match self.problems {
            0 => Ok(()),
            1 => Err(Failure::data("1 record could not be read; the answer leaves it out")),
            n => Err(Failure::data(format!("{n} records could not be read; the answer leaves them out"))),
        }
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

    /// Changes one incident: under the lock, one file and one commit.
    ///
    /// `decide` is given the record as it is and says what shall happen to it.
    ///
    /// # Errors
    /// A refused action, or a change that could not be written; the file is then as it was.
    pub fn change(
        &self,
        given: Option<&str>,
        options: &WriteOptions,
        decide: impl FnOnce(&Incident) -> Result<Action>,
    ) -> Result<Changed> {
        let path = self.find_incident(given)?;
        let writing = self.writing(options)?;
        let mut change = self.store()?.change(&writing, &mut |waiting| say(waiting))?;
        let loaded = self.store()?.load::<Incident>(&path)?;
        let action = decide(&loaded.record)?;
        let outcome = self.apply(&loaded.record, action)?;
        change.update(&loaded, &outcome.incident)?;
        let saved = change.save(&outcome.subject)?;
        self.tell(&outcome.subject, &outcome.remarks, &saved);
        Ok(Changed {
            incident: outcome.incident,
            before: loaded.record,
            subject: outcome.subject,
            saved,
            remarks: outcome.remarks,
        })
    }

    /// What an action makes of a record; nothing is written.
    ///
    /// # Errors
    /// A refused action.
    pub fn apply(&self, incident: &Incident, action: Action) -> Result<action::Outcome> {
        let zone = &incident.timezone;
        let linked = match &action {
            Action::Move(step) => self.linked(incident, step.to)?,
            _ => vec![],
        };
        let rules = Rules {
            policy: self.policy()?,
            steps: &self.settings()?.steps,
            linked: &linked,
            reading: self.reading(zone)?,
        };
        self.stamped(zone, |stamp| Ok(incident.apply(action, &rules, stamp)?))
    }

    /// Says on stderr what was changed, and what the user should know.
    pub fn tell(&self, subject: &str, remarks: &[String], saved: &Saved) {
        for remark in remarks {
            say(&inc_core::text::clean(remark));
        }
        let place = match (&saved.commit, saved.paths.is_empty()) {
            (Some(oid), _) => format!("commit {}", oid.get(..10).unwrap_or(oid)),
            (None, false) => "written, not committed".to_owned(),
            (None, true) => "nothing to change".to_owned(),
        };
        say(&inc_core::text::clean(&format!("{subject} [{place}]")));
    }

    /// Prints the answer: the text for people, or the view as JSON.
    ///
    /// # Errors
    /// A stdout that is full or closed.
    pub fn answer<V: Serialize>(&self, view: &V, text: impl FnOnce() -> String) -> Result<()> {
        match self.format() {
            Format::Text => self.print(&text()),
            Format::Json => {
                let json = serde_json::to_string_pretty(view).context("write the JSON")?;
                self.print(&json)
            }
        }
    }

    /// Prints text on stdout, with one line feed at its end.
    ///
    /// # Errors
    /// A stdout that is full or closed.
    pub fn print(&self, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let mut out = anstream::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        write!(out, "{text}{end}").context("write to stdout")?;
        out.flush().context("write to stdout")
    }
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

/// A new id at the session's moment, with bits that the system's randomness seeds.
fn new_uid(at: Instant) -> Uid {
    let random = |_| u128::from(RandomState::new().build_hasher().finish());
    let bits = (0..2).map(random).fold(0, |bits, part| bits << 64 | part);
    Uid::from_parts(u64::try_from(at.unix_millis()).unwrap_or_default(), bits & ((1 << 80) - 1))
}

/// Words that may be one fewer than `N + 1`: a record that may be left out, and `N` that may not.
///
/// # Errors
/// Too many or too few.
pub fn incident_and<const N: usize>(words: Vec<String>) -> Result<(Option<String>, [String; N])> {
    let mut words = words;
    let incident = (words.len() == N + 1).then(|| words.remove(0));
    let rest = <[String; N]>::try_from(words);
    rest.map(|rest| (incident, rest)).map_err(|words| {
        Failure::usage(format!("{N} or {} arguments are wanted, {} given: see --help", N + 1, words.len()))
    })
}
