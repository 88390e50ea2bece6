//! `inc-edit`: set properties one by one, or edit the file in an editor with validation on save.
//!
//! What a person typed is never lost: a result that cannot be taken is kept in a file that is named.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Parser;
use inc_core::action::Action;
use inc_core::field::Field;
use inc_core::incident::Incident;
use inc_core::text::{clean, clean_line};
use inc_store::store::{Loaded, Saved, StoreError};
use inc_store::yaml;
use serde::Serialize;

use super::arguments::Setting;
use crate::failure::{self, Failure, say};
use crate::session::{Session, WriteOptions};

/// Set properties of an incident, or edit its file
///
/// With --set and --unset it changes those properties and nothing else. Without them it opens the file in $VISUAL or
/// $EDITOR and takes the result only if it is a whole and valid record; otherwise the result is kept and named.
#[derive(Debug, Parser)]
#[command(
    name = "inc-edit",
    after_help = "Example:
  inc-edit kubernetes-cluster-3 --set summary.cause=\"The disk was full\" --set team.stack=Backend
  inc-edit --set links.dashboard=https://graphs.example.com/d/1 --unset environment
  EDITOR=vim inc-edit

Lists take commas: --set responders=\"Ada Lovelace, Grace Hopper\". Without INCIDENT: $INC_INCIDENT, else the one chosen
by `inc use`, else the only open one."
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
    if let Some(file) = &args.file {
        let loaded = session.load_incident(given)?;
        let text = read_whole(file)?;
        let name = if file == Path::new("-") { Path::new("stdin") } else { file };
        return take(session, &loaded, &text, name, &args.write);
    }
    if args.set.is_empty() && args.unset.is_empty() {
        return run_editor(session, &session.load_incident(given)?, &args.write);
    }
    let mut settings: Vec<(Field, Option<String>)> =
        args.set.into_iter().map(|setting| (setting.field, Some(setting.text))).collect();
    settings.extend(args.unset.into_iter().map(|field| (field, None)));
    let changed = session.change(given, &args.write, |_| Ok(Action::Set(settings)))?;
    let remarks = changed.remarks;
    answer(session, changed.incident.id.as_str(), &changed.saved, remarks)
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

fn read_whole(file: &Path) -> Result<String> {
    let mut bytes = vec![];
    let limit = yaml::MAX_BYTES as u64 + 1;
    if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("read stdin")?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("read {}", file.display()))?;
        opened.take(limit).read_to_end(&mut bytes).with_context(|| format!("read {}", file.display()))?;
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::data(format!("{} is not UTF-8 text: save it as UTF-8", file.display())))
}

/// Opens a copy of the record in the user's editor, and takes what comes back.
fn run_editor(session: &Session, loaded: &Loaded<Incident>, options: &WriteOptions) -> Result<()> {
    let editor = editor(session)?;
    let folder = session.store()?.repository().git_dir().join("inc");
    std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    // The ending lets editors colour it; the process id keeps two editors apart.
    let copy = folder.join(format!("{}.{}.yaml", loaded.record.id, std::process::id()));
    std::fs::write(&copy, &loaded.text).with_context(|| format!("write {}", copy.display()))?;
    let result = edit_until_valid(session, &editor, &copy, loaded, options);
    // Nothing is lost with a copy that was never touched, as where the editor did not even start.
    if result.is_ok() || std::fs::read(&copy).is_ok_and(|text| text == loaded.text.as_bytes()) {
        let _ = std::fs::remove_file(&copy);
    } else {
        say(&kept(&copy, loaded));
    }
    result
}

fn kept(copy: &Path, loaded: &Loaded<Incident>) -> String {
    format!(
        "not taken over; your text is kept: mend it, then run\n  inc-edit {} --file '{}'",
        loaded.record.id,
        clean_line(&copy.display().to_string())
    )
}

fn edit_until_valid(
    session: &Session,
    editor: &str,
    copy: &Path,
    loaded: &Loaded<Incident>,
    options: &WriteOptions,
) -> Result<()> {
    loop {
        open_editor(editor, copy)?;
        let text = read_whole(copy)?;
        match take(session, loaded, &text, copy, options) {
            Err(error) if session.is_interactive() && is_the_texts_fault(&error) => {
                say(&clean(&format!("error: {}", failure::words(&error))));
                say("Edit again? [Y/n]");
                let mut line = String::new();
                std::io::stdin().read_line(&mut line).context("read the answer")?;
                if line.trim().to_lowercase().starts_with('n') {
                    return Err(error);
                }
            }
            other => return other,
        }
    }
}

/// Whether another round in the editor can help.
fn is_the_texts_fault(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<inc_core::action::Refusal>()
            || matches!(
                cause.downcast_ref::<StoreError>(),
                Some(StoreError::Read { .. } | StoreError::Edit { .. })
            )
    })
}

fn editor(session: &Session) -> Result<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    if let Some(editor) = named.into_iter().find(|editor| !editor.trim().is_empty()) {
        return Ok(editor);
    }
    if session.is_interactive() {
        return Ok("vi".to_owned());
    }
    Err(Failure::usage("no editor: set EDITOR, or use --set PATH=VALUE, or --file FILE"))
}

/// Runs the editor as git does: its command may have arguments, so a shell reads it; the file is never part of it.
fn open_editor(editor: &str, file: &Path) -> Result<()> {
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$@\""))
        .arg("editor")
        .arg(file)
        .status()
        .with_context(|| format!("run the editor `{editor}`"))?;
    if !status.success() {
        return Err(Failure::refused(format!("the editor `{editor}` ended with {status}")));
    }
    Ok(())
}

/// Takes over the whole text of a record, if it is valid and the record has not changed since it was `loaded`.
///
/// `source` is where the text stands, for what is said of its lines.
fn take(
    session: &Session,
    loaded: &Loaded<Incident>,
    text: &str,
    source: &Path,
    options: &WriteOptions,
) -> Result<()> {
    let writing = session.writing(options)?;
    let mut change = session.store()?.change(&writing, &mut |waiting| say(waiting))?;
    let now = session.store()?.load::<Incident>(&loaded.path)?;
    if now.text != loaded.text {
        return Err(Failure::refused(format!(
            "{} was changed by somebody else while you edited: look at `git diff`, and carry your change over",
            loaded.path.display()
        )));
    }
    if text == now.text {
        say("nothing changed");
        return answer(session, loaded.record.id.as_str(), &Saved { paths: vec![], commit: None }, vec![]);
    }
    let shown = |error| StoreError::Read { path: source.into(), error: Box::new(error) };
    let edited: Incident = yaml::read(text, inc_core::SCHEMA).map_err(shown)?;
    let outcome = session.apply(&now.record, Action::Replace(Box::new(edited.clone())))?;
    // What follows from the edit (a severity, ids of new entries) is put into the edited text in its turn.
    let follow = Loaded { path: now.path.clone(), text: text.to_owned(), record: edited };
    change.revise(&now, &follow, &outcome.incident)?;
    let saved = change.save(&outcome.subject)?;
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    answer(session, loaded.record.id.as_str(), &saved, outcome.remarks)
}

fn parse_field(path: &str) -> Result<Field, String> {
    path.parse().map_err(|e: inc_core::field::FieldError| e.to_string())
}
