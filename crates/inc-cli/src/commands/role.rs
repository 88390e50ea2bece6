//! `inc-role`: who does what in the response.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::{Parser, Subcommand};
use inc_core::action::Action;
use inc_core::incident::{Contested, Incident};
use inc_core::role::Role;
use inc_core::text::{Line, clean_line};
use serde::Serialize;

use crate::failure::Failure;
use crate::session::{Changed, Session, WriteOptions, incident_and};

/// Assign the incident commander and other roles, hand them over, show who holds them
///
/// Roles: commander, responder (several people), and any name of your own, such as communications or scribe.
#[derive(Debug, Parser)]
#[command(
    name = "inc-role",
    after_help = "Example:
  inc-role assign commander \"Ada Lovelace\"
  inc-role assign kubernetes-cluster-3 communications \"Grace Hopper\"
  inc-role release commander

Without INCIDENT: $INC_INCIDENT, else the one chosen by `inc use`, else the only open one."
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Give a role to somebody; whoever held it hands it over
    #[command(
        override_usage = "inc-role assign [OPTIONS] [INCIDENT] ROLE NAME",
        after_help = "Example:
  inc-role assign commander \"Ada Lovelace\"
  inc-role assign kubernetes-cluster-3 responder \"Grace Hopper\""
    )]
    Assign {
        /// Which role, and who; an incident may stand before them
        #[arg(required = true, num_args = 1..=3, value_names = ["ROLE", "NAME"])]
        words: Vec<String>,
        #[command(flatten)]
        write: WriteOptions,
    },
    /// Leave a role to nobody
    #[command(
        override_usage = "inc-role release [OPTIONS] [INCIDENT] ROLE [NAME]",
        after_help = "Example:
  inc-role release commander
  inc-role release responder \"Grace Hopper\""
    )]
    Release {
        /// Which role, and who leaves it where several hold it; an incident may stand before them
        #[arg(required = true, num_args = 1..=3, value_names = ["ROLE", "NAME"])]
        words: Vec<String>,
        #[command(flatten)]
        write: WriteOptions,
    },
    /// Show who holds which role
    #[command(after_help = "Example:
  inc-role show kubernetes-cluster-3")]
    Show {
        /// Which incident: an id, a unique beginning or part of one
        incident: Option<String>,
    },
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Roles {
    incident: String,
    reporter: Option<Line>,
    commander: Option<Line>,
    roles: BTreeMap<String, Line>,
    responders: Vec<Line>,
    commit: Option<String>,
    remarks: Vec<String>,
    /// Values that did not win a merge, until someone settles them.
    contested: Vec<Contested>,
}

impl Roles {
    fn of(incident: &Incident) -> Self {
        Self {
            incident: incident.id.to_string(),
            reporter: incident.reporter.clone(),
            commander: incident.commander.clone(),
            roles: incident.roles.iter().map(|(role, who)| (role.to_string(), who.clone())).collect(),
            responders: incident.responders.clone(),
            commit: None,
            remarks: vec![],
            contested: incident.contested.clone(),
        }
    }
}

/// Runs one verb.
///
/// # Errors
/// A role or name that is none, a role that nobody holds.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    match args.verb {
        Verb::Assign { words, write } => {
            let (incident, role, who) = named(words)?;
            let changed =
                session.change(incident.as_deref(), &write, |_| Ok(Action::Assign { role, to: who }))?;
            answer(session, changed)
        }
        Verb::Release { words, write } => {
            let (incident, role, who) = released(words)?;
            let release = Action::Release { role, who };
            let changed = session.change(incident.as_deref(), &write, |_| Ok(release))?;
            answer(session, changed)
        }
        Verb::Show { incident } => {
            let roles = Roles::of(&session.load_incident(incident.as_deref())?.record);
            session.answer(&roles, || text_of(&roles))
        }
    }
}

fn named(words: Vec<String>) -> Result<(Option<String>, Role, Line)> {
    let (incident, [role, who]) = incident_and(words)?;
    Ok((incident, role.parse().map_err(Failure::usage)?, who.parse()?))
}

/// Of two words, the second is a name, unless it is one of the roles that every incident has.
fn released(words: Vec<String>) -> Result<(Option<String>, Role, Option<Line>)> {
    let role = |word: &str| word.parse::<Role>().map_err(Failure::usage);
    match words.as_slice() {
        [alone] => Ok((None, role(alone)?, None)),
        [incident, known] if matches!(known.parse(), Ok(Role::Commander | Role::Responder)) => {
            Ok((Some(incident.clone()), role(known)?, None))
        }
        _ => named(words).map(|(incident, role, who)| (incident, role, Some(who))),
    }
}

fn answer(session: &Session, changed: Changed) -> Result<()> {
    let roles =
        Roles { commit: changed.saved.commit, remarks: changed.remarks, ..Roles::of(&changed.incident) };
    session.answer(&roles, || text_of(&roles))
}

fn text_of(roles: &Roles) -> String {
    let mut lines: Vec<(String, String)> = vec![];
    lines.extend(roles.commander.iter().map(|who| ("commander".to_owned(), who.to_string())));
    lines.extend(roles.roles.iter().map(|(role, who)| (role.clone(), who.to_string())));
    lines.extend(roles.responders.iter().map(|who| ("responder".to_owned(), who.to_string())));
    lines.extend(roles.reporter.iter().map(|who| ("reporter".to_owned(), who.to_string())));
    let lines: Vec<String> =
        lines.into_iter().map(|(role, who)| format!("{role:<16} {}", clean_line(&who))).collect();
    lines.join("\n")
}
