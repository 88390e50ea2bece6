//! `inc-timeline follow`: new entries as they arrive, a line each. It never writes to the work tree.
//!
//! Files are looked at five times a second rather than watched: that works on every file system and survives the
//! renames by which editors, git and our own programs write.

mod line;
mod remote;
mod watch;

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::nearest;
use inc_core::span::Span;
use inc_core::status::Status;
use inc_core::text::clean;

use crate::failure::{say, words};
use crate::session::Session;
use line::Screen;
use remote::Note;
use watch::{Over, Watch};

/// How often the files are looked at.
const TICK: Duration = Duration::from_millis(200);
/// How many looks lie between two searches for new incidents.
const SEARCH: u32 = 10;

#[derive(Debug, clap::Args)]
pub(super) struct Follow {
    /// Which incident: an id, a unique beginning or part of one
    #[arg(conflicts_with = "all")]
    incident: Option<String>,
    /// Follow every incident that is open, and what is declared or reopened from now on, each line with its id
    #[arg(long)]
    all: bool,
    /// Also fetch this often (`15s`, `2min`), and tell what others have pushed; nothing is merged
    #[arg(long, value_name = "SPAN", value_parser = parse_often)]
    fetch_every: Option<Span>,
    /// First tell what has happened since then (`13:10`, `2h ago`, …); by default nothing
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "last")]
    since: Option<String>,
    /// First tell the last N entries
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// End once the incident is that far: mitigated, resolved, postmortem-completed or closed
    #[arg(long, value_name = "STATUS", conflicts_with = "all", value_parser = parse_until)]
    until: Option<Status>,
}

/// Tells entries until the status that was named is reached, stdout is closed, or a signal comes.
///
/// # Errors
/// No such incident, no upstream to fetch from, a record that cannot be read at the start.
pub(super) fn run(args: &Follow, session: &Session) -> Result<()> {
    let mut following = Following {
        session,
        all: args.all,
        until: args.until,
        watches: BTreeMap::new(),
        over: BTreeMap::new(),
    };
    following.begin(args)?;
    let (sender, notes) = mpsc::channel();
    if let Some(every) = args.fetch_every {
        let every = Duration::from_secs(every.seconds());
        remote::start(session, every, following.only(), sender.clone())?;
    }
    for tick in 1u32.. {
        if following.is_over() {
            return Ok(());
        }
        match notes.recv_timeout(TICK) {
            Ok(note) => following.take(note)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
        }
        following.look()?;
        if args.all && tick.is_multiple_of(SEARCH) {
            following.search()?;
        }
    }
    Ok(())
}

struct Following<'a> {
    session: &'a Session,
    all: bool,
    until: Option<Status>,
    watches: BTreeMap<Id, Watch>,
    /// With `--all`: what was over at the start, and was not reopened since.
    over: BTreeMap<Id, Over>,
}

impl Following<'_> {
    /// The one that is followed, or `None` where all are.
    fn only(&self) -> Option<Id> {
        if self.all { None } else { self.watches.keys().next().cloned() }
    }

    fn begin(&mut self, args: &Follow) -> Result<()> {
        if !self.all {
            let loaded = self.session.load_incident(args.incident.as_deref())?;
            say(&format!("following {}", loaded.record.id));
            let (watch, earlier) = Watch::of(loaded.path, &loaded.record);
            screen(self.session, self.all).tell_some(
                &loaded.record,
                &earlier,
                args.since.as_deref(),
                args.last,
            )?;
            self.watches.insert(loaded.record.id, watch);
            return Ok(());
        }
        for loaded in self.session.store()?.all::<Incident>()? {
            let loaded = match loaded {
                Ok(loaded) => loaded,
                Err(error) => {
                    say(&clean(&format!("warning: {error}")));
                    continue;
                }
            };
            if !loaded.record.status.is_open() {
                let over = Over::of(self.session.store()?, loaded.path, &loaded.record);
                self.over.insert(loaded.record.id, over);
                continue;
            }
            let (watch, earlier) = Watch::of(loaded.path, &loaded.record);
            let screen = screen(self.session, self.all);
            screen.tell_some(&loaded.record, &earlier, args.since.as_deref(), args.last)?;
            self.watches.insert(loaded.record.id, watch);
        }
        let count = self.watches.len();
        say(&format!("following {count} open incident{}", if count == 1 { "" } else { "s" }));
        Ok(())
    }

    fn look(&mut self) -> Result<()> {
        let screen = screen(self.session, self.all);
        for (id, watch) in &mut self.watches {
            watch.look(id, &screen)?;
        }
        Ok(())
    }

    /// Looks for incidents that were declared or reopened since.
    fn search(&mut self) -> Result<()> {
        let store = self.session.store()?;
        let reopened =
            self.over.iter_mut().filter_map(|(id, over)| Some((id.clone(), over.reopened(store)?)));
        for (id, watch) in reopened.collect::<Vec<_>>() {
            self.over.remove(&id);
            self.watches.insert(id, watch);
        }
        // A folder that cannot be listed at this moment can be at the next.
        let Ok(paths) = store.paths::<Incident>() else { return Ok(()) };
        for path in paths {
            let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<Id>().ok());
            let Some(id) = id else { continue };
            if let Some(over) = self.over.get_mut(&id) {
                over.is_at(path);
            } else {
                self.watches.entry(id).or_insert_with(|| Watch::new(path));
            }
        }
        Ok(())
    }

    /// Takes what came from the other end.
    fn take(&mut self, note: Note) -> Result<()> {
        let (name, incidents) = match note {
            Note::Words(words) => {
                say(&clean(&words));
                return Ok(());
            }
            Note::Incidents { name, incidents } => (name, incidents),
        };
        let screen = screen(self.session, self.all);
        for incident in incidents {
            let known = self.watches.contains_key(&incident.id);
            if !(known || self.all && incident.status.is_open()) {
                continue;
            }
            let over = self.over.remove(&incident.id);
            let fresh = || {
                over.map_or_else(|| Watch::of_other_end(&incident.id), |over| over.watch(incident.clone()))
            };
            let watch = self.watches.entry(incident.id.clone()).or_insert_with(fresh);
            watch.take(&incident, &name, &screen)?;
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        let Some(until) = self.until else { return false };
        self.watches.values().any(|watch| watch.has_reached(until))
    }
}

fn screen(session: &Session, names_incident: bool) -> Screen<'_> {
    Screen { session, names_incident }
}

fn parse_until(text: &str) -> Result<Status, String> {
    let ends = [Status::Mitigated, Status::Resolved, Status::PostmortemCompleted, Status::Closed];
    let found = ends.into_iter().find(|status| status.name() == text);
    found.ok_or_else(|| nearest::hint(text, &ends.map(Status::name)))
}

fn parse_often(text: &str) -> Result<Span, String> {
    let span: Span = text.parse()?;
    if span.seconds() == 0 {
        return Err("a second is the least".to_owned());
    }
    Ok(span)
}

/// What is said of an error where following goes on.
fn told(error: impl Into<anyhow::Error>) -> String {
    words(&error.into())
}
