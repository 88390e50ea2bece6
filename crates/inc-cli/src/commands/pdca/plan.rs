//! Plan: whys, root causes, and the properties of the PDCA itself.

use anyhow::Result;
use inc_core::pdca::action::{Action, End, NewWhy, Setting, Tag, WhyParent};
use inc_core::pdca::{Branch, Escalation, EscalationKind};
use inc_core::text::{Line, Prose, Title};
use inc_core::timeline::{Link, Url};

use super::{change, refuse_id_as_text};
use crate::failure::Failure;
use crate::session::{Session, WriteOptions, incident_and};

pub(super) const WHY_USAGE: &str = "pdca why [OPTIONS] [PDCA] TEXT --occurrence
       pdca why [OPTIONS] [PDCA] TEXT --non-detection
       pdca why [OPTIONS] [PDCA] TEXT --under WHY [--root-cause RC]
       pdca why [OPTIONS] [PDCA] --tag WHY --root-cause RC [--move]
       pdca why [OPTIONS] [PDCA] --tag WHY --out-of-control REASON
       pdca why [OPTIONS] [PDCA] --tag WHY --unknown REASON
       pdca why [OPTIONS] [PDCA] --non-detection --na REASON";

#[derive(Debug, clap::Args)]
#[group(id = "place", args = ["occurrence", "non_detection", "under", "tag"], required = true, multiple = false)]
pub(super) struct Why {
    /// The answer; a PDCA may stand before it
    #[arg(num_args = 0..=2, value_name = "TEXT")]
    words: Vec<String>,
    /// It answers: why did the problem occur?
    #[arg(long)]
    occurrence: bool,
    /// It answers: why didn't we detect it sooner?
    #[arg(long)]
    non_detection: bool,
    /// It answers why that why is so: `o1`, `n1.2`, …
    #[arg(long, value_name = "WHY")]
    under: Option<String>,
    /// It is a root cause, for a countermeasure to answer: `RC2`, or `next` for the next free number
    #[arg(long, value_name = "RC", group = "end")]
    root_cause: Option<String>,
    /// Its branch ends here, and nobody of us can act on it, for this reason
    #[arg(long, value_name = "REASON", group = "end")]
    out_of_control: Option<Prose>,
    /// Its branch ends here, and why that is so cannot be found out, for this reason
    #[arg(long, value_name = "REASON", group = "end")]
    unknown: Option<Prose>,
    /// With --occurrence or --non-detection: the question does not apply, for this reason
    #[arg(long, value_name = "REASON", conflicts_with_all = ["under", "tag", "end", "links"])]
    na: Option<Prose>,
    /// Tag a why that is there: as a root cause, or as the end of its branch
    #[arg(long, value_name = "WHY", requires = "end")]
    tag: Option<String>,
    /// With --tag: take the label from the why that has it
    #[arg(long = "move", requires_all = ["tag", "root_cause"])]
    moving: bool,
    /// Evidence, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL", conflicts_with = "tag")]
    links: Vec<Link>,
    #[command(flatten)]
    write: WriteOptions,
}

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
    #[command(flatten)]
    write: WriteOptions,
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

pub(super) fn run_why(why: Why, session: &Session) -> Result<()> {
    let root_cause = why.root_cause.map(|label| match label.to_lowercase().as_str() {
        "next" => Tag::NextFree,
        _ => Tag::Named(label),
    });
    if let (Some(tagged), Some(root_cause)) = (why.tag.clone(), root_cause.clone()) {
        let (pdca, []) = incident_and(why.words)?;
        let action = Action::TagRootCause { why: tagged, root_cause, moving: why.moving };
        return change(pdca.as_deref(), &why.write, session, |_| Ok(action));
    }
    let end = why.out_of_control.map(End::OutOfControl).or(why.unknown.map(End::Unknown));
    if let (Some(tagged), Some(end)) = (why.tag, end.clone()) {
        let (pdca, []) = incident_and(why.words)?;
        let action = Action::EndWhy { why: tagged, end };
        return change(pdca.as_deref(), &why.write, session, |_| Ok(action));
    }
    if let Some(reason) = why.na {
        let (pdca, []) = incident_and(why.words)?;
        let branch = if why.occurrence { Branch::Occurrence } else { Branch::NonDetection };
        let action = Action::NotApplicable { branch, reason };
        return change(pdca.as_deref(), &why.write, session, |_| Ok(action));
    }
    let (pdca, [text]) = incident_and(why.words)?;
    refuse_id_as_text(pdca.as_deref(), &text, session)?;
    let parent = match why.under {
        Some(label) => WhyParent::Under(label),
        None if why.occurrence => WhyParent::Occurrence,
        None => WhyParent::NonDetection,
    };
    let new = NewWhy { parent, why: text.parse()?, root_cause, end, links: why.links };
    change(pdca.as_deref(), &why.write, session, |_| Ok(Action::AddWhy(new)))
}

pub(super) fn run_set(set: Set, session: &Session) -> Result<()> {
    let mut settings: Vec<Setting> = vec![];
    settings.extend(set.title.map(Setting::Title));
    settings.extend(set.owner.map(|owner| Setting::Owner(Some(owner))));
    settings.extend(Some(set.participants).filter(|all| !all.is_empty()).map(Setting::Participants));
    settings.extend(set.cft.map(|cft| Setting::Cft(Some(cft))));
    settings.extend(set.problem.map(|problem| Setting::ProblemStatement(Some(problem))));
    settings.extend(set.context.map(|context| Setting::Context(Some(context))));
    settings.extend(set.escalation.map(|to| Setting::Escalation(Some(Escalation { to, link: set.link }))));
    if settings.is_empty() {
        return Err(Failure::usage(
            "what shall be set? Give --title, --owner, --participant, --cft, --problem, --context or --escalation",
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
