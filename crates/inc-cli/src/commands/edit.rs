//! `inc-edit`: set properties one by one, settle what a merge left contested, or edit the file in an editor with validation on save.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use inc_core::action::Action;
use inc_core::field::Field;
use inc_core::incident::Incident;
use inc_core::settle::Settlement;
use inc_store::store::{Loaded, Saved};
use serde::Serialize;

use super::arguments::Setting;
use super::editor;
use crate::failure::say;
use crate::session::{Session, WriteOptions};
use crate::view::contested::{self, ContestedList};

/// Set properties of an incident, or edit its file
///
/// With --set and --unset it changes those properties and nothing else; with --settle it decides which value stands where a
/// merge kept two. Without them it opens the file in $VISUAL or
/// $EDITOR and takes the result only if it is a whole and valid record; otherwise the result is kept and named.
#[derive(Debug, Parser)]
#[command(
    name = "inc-edit",
    after_help = "Example:
  inc-edit kubernetes-cluster-3 --set summary.cause=\"The disk was full\" --set team.stack=Backend
  inc-edit --set links.dashboard=https://graphs.example.com/d/1 --unset environment
  inc-edit kubernetes-cluster-3 --settle          # what is contested since a merge
  inc-edit --settle title=theirs --settle summary.cause=\"A full disk\"
  EDITOR=vim inc-edit

Lists take commas: --set responders=\"Ada Lovelace, Grace Hopper\".
Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    /// Which incident: an id, a unique beginning or part of one
    incident: Option<String>,
    /// Set a property: title, environment, summary.cause, impact.customers, team.stack, links.NAME, custom.KEY, …
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    set: Vec<Setting>,
    /// Take a property out
    #[arg(long, value_name = "PATH", value_parser = parse_field)]
    unset: Vec<Field>,
    /// Settle a contested value: keep it (ours), take the one that did not win (theirs; of several theirs:N), or another;
    /// without a value: list them
    #[arg(
        long,
        value_name = "PATH=ours|theirs|VALUE",
        num_args = 0..=1,
        conflicts_with_all = ["set", "unset", "file"]
    )]
    settle: Option<Vec<Settlement>>,
    /// Take the whole new record from FILE (`-`: from stdin), such as one that an earlier edit kept
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "unset"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    write: WriteOptions,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Edited {
    incident: String,
    changed: bool,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Edits one incident.
///
/// # Errors
/// A property or value that is none, a result that is no valid record, a record that changed meanwhile.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let given = args.incident.as_deref();
    if let Some(settlements) = args.settle {
        if settlements.is_empty() {
            return list_contested(given, session);
        }
        let changed = session.change(given, &args.write, |_| Ok(Action::Settle(settlements)))?;
        return answer(session, changed.incident.id.as_str(), &changed.saved, changed.remarks);
    }
    if args.set.is_empty() && args.unset.is_empty() {
        return edit_whole(session, &session.load_incident(given)?, args.file.as_deref(), &args.write);
    }
    let mut settings: Vec<(Field, Option<String>)> =
        args.set.into_iter().map(|setting| (setting.field, Some(setting.text))).collect();
    settings.extend(args.unset.into_iter().map(|field| (field, None)));
    let fields: Vec<Field> = settings.iter().map(|(field, _)| field.clone()).collect();
    let changed = session.change(given, &args.write, |_| Ok(Action::Set(settings)))?;
    for field in fields {
        if let Some(at) = field.instant(&changed.incident) {
            session.echo(&field.path(), at, &changed.incident.timezone);
        }
    }
    let remarks = changed.remarks;
    answer(session, changed.incident.id.as_str(), &changed.saved, remarks)
}

fn list_contested(given: Option<&str>, session: &Session) -> Result<()> {
    let incident = session.store()?.load::<Incident>(&session.find_incident(given)?)?.record;
    if incident.contested.is_empty() {
        say(&format!("nothing is contested in {}", incident.id));
    }
    let lines = contested::lines(&incident, &incident.contested, &incident.timezone);
    let view = ContestedList { id: incident.id.to_string(), contested: incident.contested };
    session.answer(&view, || lines.join("\n"))
}

fn edit_whole(
    session: &Session,
    loaded: &Loaded<Incident>,
    file: Option<&Path>,
    options: &WriteOptions,
) -> Result<()> {
    let decide = |before: &Incident, edited: Incident| {
        let outcome = session.apply(before, Action::Replace(Box::new(edited)))?;
        Ok(editor::Taken { record: outcome.incident, subject: outcome.subject, remarks: outcome.remarks })
    };
    let command = format!("inc-edit {}", loaded.record.id);
    let edited = editor::edit(session, loaded, file, &command, options, &decide)?;
    answer(session, loaded.record.id.as_str(), &edited.saved, edited.remarks)
}

fn answer(session: &Session, incident: &str, saved: &Saved, remarks: Vec<String>) -> Result<()> {
    let view = Edited {
        incident: incident.to_owned(),
        changed: !saved.paths.is_empty(),
        commit: saved.commit.clone(),
        remarks,
    };
    session.answer(&view, String::new)
}

fn parse_field(path: &str) -> Result<Field, String> {
    path.parse().map_err(|e: inc_core::field::FieldError| e.to_string())
}
