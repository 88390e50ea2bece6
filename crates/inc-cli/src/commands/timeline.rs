//! `inc-timeline`: what happened, when, and who says so.

mod follow;

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::{Action, EntryEdit, EntrySelector, NewEntry};
use inc_core::id::Uid;
use inc_core::incident::Incident;
use inc_core::nearest;
use inc_core::text::{Prose, clean, clean_line};
use inc_core::timeline::{EntryKind, Link};
use serde::Serialize;

use crate::failure::Failure;
use crate::session::{Changed, Session, WriteOptions, incident_and};
use crate::view::{self, EntryView};

/// Add to, look at and mend an incident's timeline
#[derive(Debug, Parser)]
#[command(
    name = "inc-timeline",
    after_help = "Example:
  inc-timeline add --at 13:10 \"Crossplane seems to be the root cause: we delete it\" --detail \"1000 CRDs\"
  inc-timeline list kubernetes-cluster-3
  inc-timeline edit 3 --at 13:12

Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add an entry, and print its id
    #[command(
        override_usage = "inc-timeline add [OPTIONS] [INCIDENT] TEXT",
        after_help = "Example:
  inc-timeline add \"The situation is now stable\"
  inc-timeline add cluster-3 --at \"2 min ago\" \"The ASG is full\" --detail \"60 of 60 instances\""
    )]
    Add(Add),
    /// Show the entries by time, numbered
    #[command(after_help = "Example:
  inc-timeline list kubernetes-cluster-3")]
    List {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
    /// Print new entries as they arrive, a line each, for a second screen or a pipe into a chat
    ///
    /// What a program, an editor or a checkout writes here is told at once, what others push with --fetch-every; each entry
    /// once, and once more, marked as corrected, where it was edited. Nothing is merged and no file is changed. A record
    /// that cannot be read, or is gone, and a network that fails are told once on stderr, and waited for; fetching never
    /// asks for a password. It ends with Ctrl-C, at --until, or when nobody reads any more. With --format json: one object
    /// a line.
    #[command(after_help = "Example:
  inc-timeline follow
  inc-timeline follow kubernetes-cluster-3 --last 5 --fetch-every 15s
  inc-timeline follow --all --format json | jq --unbuffered -r .entry.text
  inc-timeline follow cluster-3 --until resolved > story.txt")]
    Follow(follow::Follow),
    /// Tell an entry better; what is not given stays
    #[command(
        override_usage = "inc-timeline edit [OPTIONS] [INCIDENT] ENTRY",
        after_help = "Example:
  inc-timeline edit 3 --at 13:12 --detail \"890 CRDs\""
    )]
    Edit(Box<Edit>),
    /// Take an entry out; git keeps it
    #[command(
        override_usage = "inc-timeline remove [OPTIONS] [INCIDENT] ENTRY",
        after_help = "Example:
  inc-timeline remove kubernetes-cluster-3 5"
    )]
    Remove {
        /// The entry: its number in the list, or a part of its id; an incident may stand before it
        #[arg(required = true, num_args = 1..=2, value_name = "ENTRY")]
        words: Vec<String>,
        #[command(flatten)]
        write: WriteOptions,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// What happened; an incident may stand before it
    #[arg(required = true, num_args = 1..=2, value_name = "TEXT")]
    words: Vec<String>,
    /// When it happened (`13:10`, `2 min ago`, …); by default now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// note, decision, action or communication
    #[arg(long, value_name = "KIND", default_value = "note", value_parser = parse_kind)]
    kind: EntryKind,
    /// A point nested below the text; may be repeated
    #[arg(long = "detail", value_name = "TEXT", allow_hyphen_values = true)]
    details: Vec<Prose>,
    /// Evidence, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL")]
    links: Vec<Link>,
    #[command(flatten)]
    write: WriteOptions,
}

#[derive(Debug, clap::Args)]
struct Edit {
    /// The entry: its number in the list, or a part of its id; an incident may stand before it
    #[arg(required = true, num_args = 1..=2, value_name = "ENTRY")]
    words: Vec<String>,
    /// When it really happened
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// The new text
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<Prose>,
    /// note, decision, action or communication
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<EntryKind>,
    /// A point to add; may be repeated
    #[arg(long = "detail", value_name = "TEXT", allow_hyphen_values = true)]
    details: Vec<Prose>,
    /// Take all points out first
    #[arg(long)]
    no_details: bool,
    /// Evidence to add, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL")]
    links: Vec<Link>,
    #[command(flatten)]
    write: WriteOptions,
}

/// What `--format json` prints after a change.
#[derive(Debug, Serialize)]
struct ChangedView {
    incident: String,
    entry: Option<EntryView>,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Runs one verb.
///
/// # Errors
/// A refused change, an entry that is not there, a time that is none.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Add(add) => run_add(add, session),
        Verb::List { incident } => run_list(incident.as_deref(), session),
        Verb::Follow(args) => follow::run(&args, session),
        Verb::Edit(edit) => run_edit(*edit, session),
        Verb::Remove { words, write } => run_remove(words, &write, session),
    }
}

fn run_add(add: Add, session: &Session) -> Result<()> {
    let (incident, [text]) = incident_and(add.words)?;
    // A bare word may be a text; what looks like an id and is one was meant as the incident.
    if incident.is_none() && text.contains('-') && session.store()?.find::<Incident>(&text).is_ok() {
        return Err(Failure::usage(format!(
            "`{}` names an incident: what happened there? Add the text",
            clean_line(&text)
        )));
    }
    let text: Prose = text.parse()?;
    let changed = session.change(incident.as_deref(), &add.write, |incident| {
        let at =
            add.at.as_deref().map(|at| session.understand("--at", at, &incident.timezone)).transpose()?;
        Ok(Action::Append(NewEntry { at, kind: add.kind, text, details: add.details, links: add.links }))
    })?;
    let known: Vec<Option<Uid>> = changed.before.timeline.iter().map(|entry| entry.id).collect();
    // Entries typed by hand have got their ids in the same change: ours is the one whose words were not there.
    let new = changed.incident.timeline.iter().position(|entry| {
        !known.contains(&entry.id)
            && !changed.before.timeline.iter().any(|old| old.text == entry.text && old.id.is_none())
    });
    answer(session, &changed, new)
}

fn run_edit(edit: Edit, session: &Session) -> Result<()> {
    let (incident, [entry]) = incident_and(edit.words)?;
    let selector: EntrySelector = entry.parse().map_err(Failure::usage)?;
    let nothing = edit.at.is_none() && edit.text.is_none() && edit.kind.is_none() && !edit.no_details;
    if nothing && edit.details.is_empty() && edit.links.is_empty() {
        return Err(Failure::usage(
            "what shall change? Give --at, --text, --kind, --detail, --no-details or --link",
        ));
    }
    let changed = session.change(incident.as_deref(), &edit.write, |incident| {
        let at =
            edit.at.as_deref().map(|at| session.understand("--at", at, &incident.timezone)).transpose()?;
        let change = EntryEdit {
            at,
            kind: edit.kind,
            text: edit.text,
            details: edit.no_details.then(Vec::new),
            more_details: edit.details,
            more_links: edit.links,
        };
        Ok(Action::Amend(selector.clone(), change))
    })?;
    let uid = changed.before.find_entry(&selector).ok().and_then(|index| changed.before.timeline[index].id);
    let place = changed.incident.timeline.iter().position(|entry| uid.is_some() && entry.id == uid);
    answer(session, &changed, place)
}

fn run_remove(words: Vec<String>, write: &WriteOptions, session: &Session) -> Result<()> {
    let (incident, [entry]) = incident_and(words)?;
    let selector: EntrySelector = entry.parse().map_err(Failure::usage)?;
    let changed = session.change(incident.as_deref(), write, |_| Ok(Action::Strike(selector)))?;
    answer(session, &changed, None)
}

fn answer(session: &Session, changed: &Changed, place: Option<usize>) -> Result<()> {
    let id = place.and_then(|place| changed.incident.timeline[place].id);
    let entries = view::entries(&changed.incident.timeline, &changed.incident.timezone);
    let entry = entries.into_iter().find(|entry| id.is_some() && entry.id == id.map(|id| id.to_string()));
    let view = ChangedView {
        incident: changed.incident.id.to_string(),
        entry,
        commit: changed.saved.commit.clone(),
        remarks: changed.remarks.clone(),
    };
    session.answer(&view, || id.map(|id| id.to_string()).unwrap_or_default())
}

fn run_list(incident: Option<&str>, session: &Session) -> Result<()> {
    let loaded = session.load_incident(incident)?;
    let entries = view::entries(&loaded.record.timeline, &loaded.record.timezone);
    session.answer(&entries, || text_of(&entries, loaded.record.timezone.name()))
}

/// The entries for a terminal: days as headings, points nested.
fn text_of(entries: &[EntryView], zone: &str) -> String {
    let mut text = String::new();
    let mut day = "";
    for entry in entries {
        if entry.day != day {
            day = &entry.day;
            text.push_str(&format!("{day} ({zone})\n"));
        }
        let kind =
            if entry.kind == EntryKind::Note { String::new() } else { format!("[{}] ", entry.kind.name()) };
        let words = clean(&entry.text).replace('\n', "\n              ");
        text.push_str(&format!("{:>4}  {}   {kind}{words}\n", entry.number, entry.time));
        for detail in &entry.details {
            text.push_str(&format!(
                "              - {}\n",
                clean(detail).replace('\n', "\n                ")
            ));
        }
        for link in &entry.links {
            text.push_str(&format!(
                "              > {}: {}\n",
                clean_line(link.name.as_str()),
                link.url.as_str()
            ));
        }
    }
    text
}

fn parse_kind(text: &str) -> Result<EntryKind, String> {
    let names = EntryKind::BY_HAND.map(EntryKind::name);
    let found = EntryKind::BY_HAND.into_iter().find(|kind| kind.name() == text);
    found.ok_or_else(|| nearest::hint(text, &names))
}
