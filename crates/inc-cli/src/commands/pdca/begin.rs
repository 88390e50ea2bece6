//! `pdca new`: begin a PDCA; where it comes from an incident, both records are one commit.

use anyhow::Result;
use inc_core::action::Action as IncidentAction;
use inc_core::id::Id;
use inc_core::incident::Incident;
use inc_core::pdca::action::{NewPdca, Outcome, create};
use inc_core::pdca::{Pdca, Source, SourceKind};
use inc_core::text::{Line, Prose, Title};
use inc_store::store::{Loaded, Saved};

use super::answer;
use crate::failure::{Failure, say};
use crate::session::{Session, WriteOptions};

#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The incident that it learns from; the default is the one that commands mean when none is named
    #[arg(long, value_name = "INCIDENT", conflicts_with_all = ["from", "reference", "context"])]
    incident: Option<String>,
    /// Another source than an incident: red-bin, qa-return or other
    #[arg(long, value_name = "SOURCE", requires = "title")]
    from: Option<SourceKind>,
    /// What that source calls itself, such as a ticket's number
    #[arg(long = "ref", value_name = "TEXT", requires = "from")]
    reference: Option<Line>,
    /// What happened, where no incident's timeline tells it
    #[arg(long, value_name = "TEXT", requires = "from")]
    context: Option<Prose>,
    /// What it is called; by default as the incident
    #[arg(long, value_name = "TEXT")]
    title: Option<Title>,
    /// Who drives it
    #[arg(long, value_name = "NAME")]
    owner: Option<Line>,
    /// Who takes part; may be repeated
    #[arg(long = "participant", value_name = "NAME")]
    participants: Vec<Line>,
    /// The cross-functional team
    #[arg(long, value_name = "NAME")]
    cft: Option<Line>,
    /// The problem, framed: what, where, since when, how many, against which standard
    #[arg(long, value_name = "TEXT")]
    problem: Option<Prose>,
    #[command(flatten)]
    write: WriteOptions,
}

impl New {
    /// One that learns from an incident.
    pub(super) fn from_incident(incident: String, title: Option<Title>, write: WriteOptions) -> Self {
        Self { incident: Some(incident), title, ..Self::bare(write) }
    }

    /// One that comes from another source.
    pub(super) fn from_source(
        from: SourceKind,
        reference: Option<Line>,
        title: Title,
        write: WriteOptions,
    ) -> Self {
        Self { from: Some(from), reference, title: Some(title), ..Self::bare(write) }
    }

    fn bare(write: WriteOptions) -> Self {
        Self {
            incident: None,
            from: None,
            reference: None,
            context: None,
            title: None,
            owner: None,
            participants: vec![],
            cft: None,
            problem: None,
            write,
        }
    }
}

pub(super) fn run(new: New, session: &Session) -> Result<()> {
    let (outcome, saved) = begin(&new, session)?;
    answer(outcome, saved, session)
}

/// Begins one, and says so.
pub(super) fn begin(new: &New, session: &Session) -> Result<(Outcome, Saved)> {
    let incident = match new.from {
        Some(SourceKind::Incident) => return Err(Failure::usage("name the incident: --incident INCIDENT")),
        Some(_) => None,
        None => Some(session.find_incident(new.incident.as_deref())?),
    };
    let writing = session.writing(&new.write)?;
    let store = session.store()?;
    let mut change = store.change(&writing, say)?;
    let incident: Option<Loaded<Incident>> = incident.map(|path| store.load(&path)).transpose()?;
    let pdca = new_pdca(new, incident.as_ref())?;
    let zone = session.settings()?.timezone.clone();
    let id = free_id(session, pdca.title.as_str())?;
    let mut outcome = session.stamped(&zone, |stamp| Ok(create(pdca, id.clone(), stamp)?))?;
    change.create(&outcome.pdca)?;
    if let Some(loaded) = &incident {
        if !loaded.record.pdcas.is_empty() {
            let others = loaded.record.pdcas.iter().map(Id::as_str).collect::<Vec<_>>().join(", ");
            outcome.remarks.push(format!("{} has a PDCA already: {others}", loaded.record.id));
        }
        let linked = session.apply(&loaded.record, IncidentAction::Link(id))?;
        change.update(loaded, &linked.incident)?;
    }
    let saved = change.save(&outcome.subject)?;
    session.tell(&outcome.subject, &outcome.remarks, &saved);
    Ok((outcome, saved))
}

fn new_pdca(new: &New, incident: Option<&Loaded<Incident>>) -> Result<NewPdca> {
    let source = match (incident, new.from) {
        (Some(loaded), _) => {
            Source { kind: SourceKind::Incident, reference: Some(loaded.record.id.as_str().parse()?) }
        }
        (None, kind) => Source { kind: kind.unwrap_or(SourceKind::Other), reference: new.reference.clone() },
    };
    let title = new.title.clone().or_else(|| incident.map(|loaded| loaded.record.title.clone()));
    Ok(NewPdca {
        title: title.ok_or_else(|| Failure::usage("what is it called? Give --title TEXT"))?,
        source,
        owner: new.owner.clone(),
        participants: new.participants.clone(),
        cft: new.cft.clone(),
        problem_statement: new.problem.clone(),
        context: new.context.clone(),
    })
}

/// The first id of the title that is free. The lock is held.
fn free_id(session: &Session, title: &str) -> Result<Id> {
    let today = session.settings()?.timezone.local(session.now()?).date;
    session.free_id::<Pdca>(|attempt| Id::for_title(today, title, attempt, "pdca"))
}
