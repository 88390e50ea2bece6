//! Plan: the properties of the PDCA itself; giving it up, and taking it up again.

use anyhow::Result;
use clap::ValueEnum;
use inc_core::pdca::action::{Action, Setting};
use inc_core::pdca::{Escalation, EscalationKind};
use inc_core::text::{Line, Prose, Title};
use inc_core::timeline::Url;

use super::{change, refuse_both, refuse_same};
use crate::failure::Failure;
use crate::session::{Session, WriteOptions};

#[derive(Debug, clap::Args)]
pub(super) struct Set {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    title: Option<Title>,
    /// Who drives it
    #[arg(long, value_name = "NAME")]
    owner: Option<Line>,
    /// Who takes part, all of them; may be repeated
    #[arg(long = "participant", value_name = "NAME")]
    participants: Vec<Line>,
    /// Who takes part as well; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "participants")]
    add_participant: Vec<Line>,
    /// Who takes part no more; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "participants")]
    drop_participant: Vec<String>,
    /// The cross-functional team
    #[arg(long, value_name = "NAME")]
    cft: Option<Line>,
    /// The problem, framed: what, where, since when, how many, against which standard
    #[arg(long, value_name = "TEXT")]
    problem: Option<Prose>,
    /// What happened, where no incident's timeline tells it
    #[arg(long, value_name = "TEXT")]
    context: Option<Prose>,
    /// Where a problem too deep for a PDCA goes: kaizen or a3
    #[arg(long, value_name = "METHOD")]
    escalation: Option<EscalationKind>,
    /// With --escalation: where it is told
    #[arg(long, value_name = "URL", requires = "escalation")]
    link: Option<Url>,
    /// Take a property out; may be repeated
    #[arg(long, value_name = "PROPERTY")]
    clear: Vec<Clearable>,
    #[command(flatten)]
    write: WriteOptions,
}

/// A property that a PDCA may lack again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Clearable {
    Owner,
    Participants,
    Cft,
    Problem,
    Context,
    Escalation,
}

impl From<Clearable> for Setting {
    fn from(property: Clearable) -> Self {
        match property {
            Clearable::Owner => Self::Owner(None),
            Clearable::Participants => Self::Participants(vec![]),
            Clearable::Cft => Self::Cft(None),
            Clearable::Problem => Self::ProblemStatement(None),
            Clearable::Context => Self::Context(None),
            Clearable::Escalation => Self::Escalation(None),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Reasoned {
    /// Which PDCA: an id, a unique beginning or part of one
    pdca: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run_set(set: Set, session: &Session) -> Result<()> {
    let given = [
        ("owner", set.owner.is_some()),
        ("participants", !set.participants.is_empty() || !set.add_participant.is_empty()),
        ("cft", set.cft.is_some()),
        ("problem", set.problem.is_some()),
        ("context", set.context.is_some()),
        ("escalation", set.escalation.is_some()),
    ];
    refuse_both(
        &given,
        set.clear.iter().filter_map(Clearable::to_possible_value).map(|value| value.get_name().to_owned()),
    )?;
    refuse_same("--add-participant", &set.add_participant, "--drop-participant", &set.drop_participant)?;
    let mut settings: Vec<Setting> = set.clear.into_iter().map(Setting::from).collect();
    settings.extend(set.title.map(Setting::Title));
    settings.extend(set.owner.map(|owner| Setting::Owner(Some(owner))));
    settings.extend(Some(set.participants).filter(|all| !all.is_empty()).map(Setting::Participants));
    settings.extend(Some(set.add_participant).filter(|all| !all.is_empty()).map(Setting::MoreParticipants));
    settings.extend(Some(set.drop_participant).filter(|all| !all.is_empty()).map(Setting::FewerParticipants));
    settings.extend(set.cft.map(|cft| Setting::Cft(Some(cft))));
    settings.extend(set.problem.map(|problem| Setting::ProblemStatement(Some(problem))));
    settings.extend(set.context.map(|context| Setting::Context(Some(context))));
    settings.extend(set.escalation.map(|to| Setting::Escalation(Some(Escalation { to, link: set.link }))));
    if settings.is_empty() {
        return Err(Failure::usage(
            "what shall be set? Give --title, --owner, --participant, --cft, --problem, --context, --escalation or --clear",
        ));
    }
    change(set.pdca.as_deref(), &set.write, session, |_| Ok(Action::Set(settings)))
}

pub(super) fn run_abandon(abandon: Reasoned, session: &Session) -> Result<()> {
    let reason: Prose = abandon.reason.parse()?;
    change(abandon.pdca.as_deref(), &abandon.write, session, |_| Ok(Action::Abandon { reason }))
}

pub(super) fn run_resume(resume: Reasoned, session: &Session) -> Result<()> {
    let reason: Line = resume.reason.parse()?;
    change(resume.pdca.as_deref(), &resume.write, session, |_| Ok(Action::Resume { reason }))
}
