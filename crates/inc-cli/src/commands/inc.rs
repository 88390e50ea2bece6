//! `inc`: the front door. `init`, `use`, `demo` and `index` are its own; `inc NAME …` is `inc-NAME …`.

mod demo;
mod index;
mod init;

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser, Subcommand};
use inc_core::incident::Incident;
use inc_core::nearest;

use super::{COMMANDS, Program};
use crate::failure::{Failure, end, say};
use crate::session::Session;

/// Incidents as files in git: declare, record, classify, report and learn
///
/// Every other program is also a command here: `inc declare` is `inc-declare`, `inc pdca` is `pdca`. An unknown
/// `inc foo` runs `inc-foo` from the PATH.
#[derive(Debug, Parser)]
#[command(name = "inc", after_help = AFTER)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

const AFTER: &str = "Programs:
  declare    open an incident                     role    who does what in the response
  timeline   what happened, when                  edit    set properties, or edit the file
  severity   how bad it is, and why               report  one incident as Markdown or JSON
  status     where in its life it is              list    look at many
  search     find records by their texts          similar past incidents like one
  pdca       plan, do, check, act                 merge   git's merge driver for records

Example:
  inc init ~/incidents --timezone Europe/Paris
  inc declare \"Checkout answers 500\"
  inc declare --help";

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a repository ready for incidents: settings, severity policy, and one commit of them
    #[command(after_help = "Example:
  inc init ~/incidents --timezone Europe/Paris")]
    Init(init::Args),
    /// Choose the incident that commands mean when none is named; without one, show the choice
    #[command(after_help = "Example:
  inc use kubernetes-cluster-3
  inc use --clear")]
    Use {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
        /// Choose none
        #[arg(long, conflicts_with = "incident")]
        clear: bool,
    },
    /// Replay a real incident in a fresh repository, step by step, and leave it to explore
    #[command(after_help = "Example:
  inc demo")]
    Demo(demo::Args),
    /// Look at the index of the records, compare it with them, or build it anew
    ///
    /// Lists and figures ask the index, and read only the records that changed. It lies in git's folder, is never
    /// committed, and may be deleted at any time.
    #[command(after_help = "Example:
  inc index
  inc index --verify
  inc index --rebuild")]
    Index(index::Args),
}

/// The program itself: runs one of the others, or what is its own.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    match dispatch(&args) {
        Some(code) => code,
        None => crate::run_on(run, args),
    }
}

/// Runs `inc NAME …` as the program of that name, if it is not one of `inc`'s own verbs.
fn dispatch(args: &[OsString]) -> Option<ExitCode> {
    let (place, name) = verb_of(args)?;
    if name == "help"
        && let Some(program) = args.get(place + 1).and_then(|name| program(name.to_str()?))
    {
        return Some((program.run)(vec![program.name.into(), "--help".into()]));
    }
    if Args::command().get_subcommands().any(|own| own.get_name() == name) || name == "help" {
        return None;
    }
    let mut rest: Vec<OsString> = args[1..place].to_vec();
    rest.extend_from_slice(&args[place + 1..]);
    if let Some(program) = program(name) {
        rest.insert(0, program.name.into());
        return Some((program.run)(rest));
    }
    Some(run_from_path(name, &rest))
}

/// The program that `inc NAME` runs, if it is one of ours.
fn program(name: &str) -> Option<&'static Program> {
    let full = if name == "pdca" { name.to_owned() } else { format!("inc-{name}") };
    COMMANDS.iter().find(|program| program.name == full)
}

/// The first word that is no option of `inc` itself, and its place.
fn verb_of(args: &[OsString]) -> Option<(usize, &str)> {
    let mut place = 1;
    loop {
        match args.get(place)?.to_str()? {
            "-C" | "--dir" | "--format" => place += 2,
            option if option.starts_with('-') => {
                // `-h`, `--version`, `--dir=x`, `-Cx`: only the last two lead on to a verb.
                (option.contains('=') || option.starts_with("-C")).then_some(())?;
                place += 1;
            }
            name => return Some((place, name)),
        }
    }
}

/// `inc foo` runs `inc-foo` from the PATH, as git does.
fn run_from_path(name: &str, rest: &[OsString]) -> ExitCode {
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let unknown = || {
        let mut known: Vec<&str> =
            COMMANDS.iter().map(|program| program.name.trim_start_matches("inc-")).collect();
        known.extend(["init", "use", "demo", "index"]);
        let name = inc_core::text::clean_line(name);
        Failure::usage(format!(
            "`{name}` is no command of inc, and there is no program inc-{name} on the PATH; {}",
            nearest::hint(&name, &known)
        ))
    };
    if !is_name {
        return end(Err(unknown()));
    }
    let error = Command::new(OsStr::new(&format!("inc-{name}"))).args(rest).exec();
    match error.kind() {
        std::io::ErrorKind::NotFound => end(Err(unknown())),
        _ => end(Err(Failure::surroundings(format!("cannot run inc-{name}: {error}")))),
    }
}

/// Runs one of `inc`'s own verbs.
///
/// # Errors
/// Those of the verb.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Init(args) => init::run(args, session),
        Verb::Demo(args) => demo::run(args, session),
        Verb::Index(args) => index::run(&args, session),
        Verb::Use { incident, clear } => run_use(incident, clear, session),
    }
}

fn run_use(incident: Option<String>, clear: bool, session: &Session) -> Result<()> {
    let file = session.choice_file()?;
    if clear {
        return match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("forget the choice")
            }
            _ => {
                say("no incident is chosen");
                session.answer(&None::<String>, String::new)
            }
        };
    }
    let Some(given) = incident else {
        let chosen = session.chosen()?;
        return match &chosen {
            Some(id) => session.answer(&chosen, || id.clone()),
            None => Err(Failure::refused("no incident is chosen: choose one with `inc use INCIDENT`")),
        };
    };
    let path = session.find_incident(Some(&given))?;
    let id = session.store()?.load::<Incident>(&path)?.record.id.to_string();
    write_choice(&file, &id)?;
    session.answer(&id, || id.clone())
}

fn write_choice(file: &PathBuf, id: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    }
    std::fs::write(file, format!("{id}\n")).with_context(|| format!("write {}", file.display()))
}
