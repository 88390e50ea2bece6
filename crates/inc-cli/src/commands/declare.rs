//! `inc-declare`: open an incident.

use anyhow::Result;
use clap::Parser;
use inc_core::action::{self, NewIncident, Rules};
use inc_core::answer::Answer;
use inc_core::field::Field;
use inc_core::id::Id;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::Instant;
use inc_core::text::{Line, Prose, Title};
use inc_core::timeline::Link;
use inc_store::store::Change;
use serde::Serialize;

use super::arguments::{ImpactOptions, Setting, each_once, parse_kind};
use super::similar;
use crate::failure::say;
use crate::session::{Session, WriteOptions};

/// Declare an incident and print its id
///
/// Anyone may, at any time: a title is enough. The rest can follow from inc-timeline, inc-severity, inc-status,
/// inc-role and inc-edit. The incident starts now unless --started-at says otherwise.
#[derive(Debug, Parser)]
#[command(
    name = "inc-declare",
    after_help = "Example:
  id=$(inc-declare \"Checkout answers 500\" -m \"Since the release of 13:00\" --environment production)
  inc-declare \"Disk full on db-3\" --started-at \"20 min ago\" --alert 97562 --commander \"Ada Lovelace\""
)]
pub struct Args {
    /// What it is called, in one line
    title: Title,
    /// What is happening
    #[arg(long, short = 'm', value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<Prose>,
    /// Where it happens: production, staging, …
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The incident commander
    #[arg(long, value_name = "NAME")]
    commander: Option<Line>,
    /// Who reports, if not you
    #[arg(long, value_name = "NAME")]
    reporter: Option<Line>,
    /// How it was noticed: a word of inc.yaml, by default automatic-alert, customer-report, employee-report, …
    #[arg(long, value_name = "WORD")]
    detected_via: Option<String>,
    /// When it began to hurt (`12:59`, `10 min ago`, …), or `unknown`; by default now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    started_at: Option<String>,
    /// When somebody or something first saw it, or `unknown`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    detected_at: Option<String>,
    /// incident, drill or near-miss
    #[arg(long, value_name = "KIND", default_value = "incident", value_parser = parse_kind)]
    kind: Kind,
    /// An alert that told of it, by its number elsewhere; may be repeated
    #[arg(long = "alert", value_name = "NUMBER")]
    alerts: Vec<Line>,
    /// Where to look, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL")]
    links: Vec<Link>,
    /// Any other property, as inc-edit sets it; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    settings: Vec<Setting>,
    #[command(flatten)]
    impact: ImpactOptions,
    #[command(flatten)]
    write: WriteOptions,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Declared {
    id: String,
    uid: String,
    path: String,
    commit: Option<String>,
    remarks: Vec<String>,
}

/// Declares the incident and prints its id, alone, on stdout.
///
/// # Errors
/// A value that is none, a time in the future, no repository, a refused commit; nothing is then written.
pub fn run(args: Args, session: &mut Session) -> Result<()> {
    let options = args.write.clone();
    let writing = session.writing(&options)?;
    let new = new_incident(args, session)?;
    let mut change = session.store()?.change(&writing, say)?;
    let outcome = declare(new, session)?;
    change.create(&outcome.incident)?;
    let saved = save(change, &outcome.subject)?;
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    let declared = Declared {
        id: outcome.incident.id.to_string(),
        uid: outcome.incident.uid.to_string(),
        path: saved.paths.iter().map(|path| path.display().to_string()).collect(),
        commit: saved.commit,
        remarks: outcome.remarks,
    };
    session.answer(&declared, || declared.id.clone())?;
    similar::mention(&outcome.incident, session);
    Ok(())
}

fn save(change: Change<'_>, subject: &str) -> Result<inc_store::store::Saved> {
    Ok(change.save(subject)?)
}

/// The arguments as the core wants them.
fn new_incident(args: Args, session: &Session) -> Result<NewIncident> {
    let zone = session.settings()?.timezone.clone();
    let time = |option: &str, text: Option<&str>, default: Answer<Instant>| -> Result<Answer<Instant>> {
        match text {
            None => Ok(default),
            Some("unknown") => Ok(Answer::Unknown),
            Some(text) => session.understand(option, text, &zone).map(Answer::Known),
        }
    };
    let started_at = time("--started-at", args.started_at.as_deref(), Answer::Known(session.now()?))?;
    let detected_at = time("--detected-at", args.detected_at.as_deref(), Answer::Missing)?;
    let mut settings: Vec<(Field, String)> = vec![];
    settings.extend(args.environment.map(|text| (Field::Environment, text)));
    settings.extend(args.detected_via.map(|text| (Field::DetectedVia, text)));
    settings
        .extend(args.links.into_iter().map(|link| (Field::Link(link.name), link.url.as_str().to_owned())));
    settings.extend(args.impact.settings());
    settings.extend(args.settings.into_iter().map(Setting::into_pair));
    each_once(&settings)?;
    Ok(NewIncident {
        title: args.title,
        kind: args.kind,
        description: args.description,
        started_at,
        detected_at,
        commander: args.commander,
        reporter: args.reporter,
        timezone: zone,
        alerts: args.alerts,
        settings,
    })
}

/// Declares under the first id of the title that is free. The lock is held.
fn declare(new: NewIncident, session: &Session) -> Result<action::Outcome> {
    let zone = new.timezone.clone();
    // To declare must be possible whatever somebody did to the policy; the severity is provisional anyhow.
    let policy = session.policy_at_hand()?;
    let rules =
        Rules { policy, steps: &session.settings()?.steps, linked: &[], reading: session.reading(&zone)? };
    let today = zone.local(session.now()?).date;
    let id = session
        .free_id::<Incident>(|attempt| Id::for_title(today, new.title.as_str(), attempt, "incident"))?;
    session.stamped(&zone, |stamp| Ok(action::declare(new, id, &rules, stamp)?))
}
