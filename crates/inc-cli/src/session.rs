//! What a command is given: the store, the clock, the author, the output format; and how it changes a record.

mod change;
mod out;
mod progress;
mod select;
mod summaries;
mod words;

use std::cell::{Cell, OnceCell};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Args;
use inc_core::Stamp;
use inc_core::field::Reading;
use inc_core::id::Uid;
use inc_core::instant::{Instant, Zone, understand};
use inc_core::settings::Settings;
use inc_core::severity::Policy;
use inc_core::text::{Line, clean, clean_line};
use inc_store::git::{Author, GitError};
use inc_store::store::{Store, StoreError, Writing};
use serde::Serialize;

use crate::commands::sync;
use crate::failure::{Failure, of_stdout, say};
use crate::output::Format;

pub use change::Changed;
pub use out::Out;
pub use progress::Bar;
pub use summaries::made;
pub use words::{Shelved, WordFiles};

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
    #[arg(
        long,
        value_name = "FORMAT",
        global = true,
        default_value = "text",
        value_parser = Format::everywhere()
    )]
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
    /// Then fetch, merge and push as `inc-sync` does; a network that fails does not fail the change
    #[arg(long, conflicts_with = "no_commit")]
    pub sync: bool,
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
    /// The built-in policy, where the team's cannot be read.
    substitute: OnceCell<Policy>,
    problems: usize,
    /// Ids that several files have.
    twice: usize,
    /// Whether to sync once the command is over, and how long to wait for the lock.
    sync: Cell<Option<Duration>>,
    /// Whether a change has landed.
    has_changed: Cell<bool>,
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
            substitute: OnceCell::new(),
            problems: 0,
            twice: 0,
            sync: Cell::new(None),
            has_changed: Cell::new(false),
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
        store.mend(say);
        Ok(self.store.get_or_init(|| store))
    }

    /// Whether there is a repository around the folder.
    ///
    /// # Errors
    /// A repository that cannot be opened.
    pub fn is_in_repository(&self) -> Result<bool> {
        match self.store() {
            Ok(_) => Ok(true),
            Err(error) => match error.downcast_ref::<StoreError>() {
                Some(StoreError::Git(GitError::NoRepository { .. })) => Ok(false),
                _ => Err(error),
            },
        }
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

    /// The policy, or the built-in one where the team's cannot be read: for what must be possible whatever somebody did
    /// to that file, and for what only shows its labels. Said once.
    ///
    /// # Errors
    /// No repository here.
    pub fn policy_at_hand(&self) -> Result<&Policy> {
        self.store()?;
        if let Some(policy) = self.substitute.get() {
            return Ok(policy);
        }
        match self.policy() {
            Ok(policy) => Ok(policy),
            Err(error) => {
                say(&clean(&format!("warning: {error:#}")));
                say("warning: the built-in severity policy is used until that is mended");
                Ok(self.substitute.get_or_init(Policy::default))
            }
        }
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

    /// Looks at the clock anew from now on, for a command that a person takes hours over.
    pub fn tick(&mut self) {
        self.now = OnceCell::new();
    }

    /// The present, in the repository's zone.
    ///
    /// # Errors
    /// An `INC_NOW` that is no instant.
    pub fn now(&self) -> Result<Instant> {
        let (now, _) = self.clock()?;
        Ok(self.settings()?.timezone.instant(now))
    }

    /// The present in a zone, for what needs no repository.
    ///
    /// # Errors
    /// An `INC_NOW` that is no instant.
    pub fn now_in(&self, zone: &Zone) -> Result<Instant> {
        Ok(zone.instant(self.clock()?.0))
    }

    /// What people typed for a time, echoed on stderr as understood.
    ///
    /// # Errors
    /// A phrase that is no time, or one that daylight saving makes two or none.
    pub fn understand(&self, option: &str, text: &str, zone: &Zone) -> Result<Instant> {
        let now = self.now()?;
        let at = understand(text, zone.instant(now), zone).with_context(|| option.to_owned())?;
        self.echo(option, at, zone);
        Ok(at)
    }

    /// Says on stderr how a time was understood; one typed with another offset, also as the zone shows it.
    pub fn echo(&self, option: &str, at: Instant, zone: &Zone) {
        let name = zone.name();
        match zone.instant(at) == at {
            true => say(&format!("{option}: understood as {at} ({name})")),
            false => say(&format!("{option}: understood as {at} ({} in {name})", zone.local(at))),
        }
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
            None => Err(StoreError::from(GitError::NoIdentity).into()),
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

    /// Who signs and when, as far as `INC_AUTHOR` and `INC_NOW` say it.
    ///
    /// # Errors
    /// An `INC_AUTHOR` that is no name and address, an `INC_NOW` that is no instant.
    pub fn given_signature(&self) -> Result<(Option<Author>, Option<String>)> {
        let (now, pinned) = self.clock()?;
        Ok((self.given_author()?, pinned.then(|| now.to_string())))
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
        let patience = Duration::from_secs(options.lock_timeout);
        self.sync.set(options.sync.then_some(patience));
        Ok(Writing {
            commit: !options.no_commit,
            include_edits: options.include_edits,
            author: self.given_author()?,
            at: pinned.then(|| now.to_string()),
            through_git: through_git()?,
            patience,
        })
    }

    /// Shares what was changed, where `--sync` asks for it: after the answer, and without the lock.
    pub fn share(&self) {
        if let Some(patience) = self.sync.get().filter(|_| self.has_changed.get()) {
            sync::after_change(self, patience);
        }
    }

    /// Does `work` with a stamp of this moment.
    ///
    /// # Errors
    /// Those of `work`, and an author or a clock that cannot be had.
    pub fn stamped<T>(&self, zone: &Zone, work: impl FnOnce(&mut Stamp<'_>) -> Result<T>) -> Result<T> {
        let by: Line = self.author()?.name().parse().context("the author's name")?;
        let at = zone.instant(self.now()?);
        let (_, is_pinned) = self.clock()?;
        let mut last = 0;
        let mut mint = || {
            let now = if is_pinned { at.unix_millis() } else { unix_millis() };
            last = u64::try_from(now).unwrap_or_default().max(last + 1);
            new_uid(last)
        };
        work(&mut Stamp { at, by, mint: &mut mint })
    }

    /// The end of a command: exit code 4 where records could not be read, or several files have one id.
    ///
    /// # Errors
    /// Records that could not be read, ids of several files.
    pub fn finish(&self) -> Result<()> {
        let unread = match self.problems {
            0 => None,
            1 => Some("1 record could not be read; the answer leaves it out".to_owned()),
            n => Some(format!("{n} records could not be read; the answer leaves them out")),
        };
        let twice = match self.twice {
            0 => None,
            1 => Some("1 id stands in several files; the first one counts".to_owned()),
            n => Some(format!("{n} ids stand in several files; the first one of each counts")),
        };
        let words: Vec<String> = unread.into_iter().chain(twice).collect();
        if words.is_empty() { Ok(()) } else { Err(Failure::data(words.join("; "))) }
    }

    /// Prints the answer: the text for people, or the view as JSON.
    ///
    /// # Errors
    /// A stdout that is full or closed.
    pub fn answer<V: Serialize>(&self, view: &V, text: impl FnOnce() -> String) -> Result<()> {
        match self.format() {
            Format::Json => {
                let json = serde_json::to_string_pretty(view).context("write the JSON")?;
                self.print(&json)
            }
            _ => self.print(&text()),
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
        write!(out, "{text}{end}").and_then(|()| out.flush()).map_err(of_stdout)
    }
}

/// Whether `INC_GIT` asks for commits by the user's git alone.
fn through_git() -> Result<bool> {
    match std::env::var_os("INC_GIT") {
        None => Ok(false),
        Some(value) if value.is_empty() => Ok(false),
        Some(value) if value == "program" => Ok(true),
        Some(value) => Err(Failure::usage(format!(
            "INC_GIT: `{}` is not known: `program` makes every commit through your git, and without INC_GIT it is used \
             where the repository asks for it",
            clean_line(&value.to_string_lossy())
        ))),
    }
}

/// The clock of the machine, in milliseconds: ids tell what came first within a second, as the record's times do not.
fn unix_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A new id of a moment, with bits that the system's randomness seeds.
fn new_uid(unix_millis: u64) -> Uid {
    let random = |_| u128::from(RandomState::new().build_hasher().finish());
    let bits = (0..2).map(random).fold(0, |bits, part| bits << 64 | part);
    Uid::from_parts(unix_millis, bits & ((1 << 80) - 1))
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
