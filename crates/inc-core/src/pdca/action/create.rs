//! Beginning a PDCA: the first record, from its source and whatever else is known.

use super::{Outcome, Refusal};
use crate::Stamp;
use crate::id::Id;
use crate::pdca::{Pdca, Source, SourceKind};
use crate::text::{Line, Prose, Title, brief};

/// What a new PDCA is begun with; only the title and the source are needed.
#[derive(Debug, Clone)]
pub struct NewPdca {
    /// What it is called; the incident's title, where it comes from one.
    pub title: Title,
    /// What it comes from.
    pub source: Source,
    /// Who drives it.
    pub owner: Option<Line>,
    /// Who takes part.
    pub participants: Vec<Line>,
    /// The cross-functional team.
    pub cft: Option<Line>,
    /// The problem, framed.
    pub problem_statement: Option<Prose>,
    /// What happened, where no incident's timeline tells it.
    pub context: Option<Prose>,
}

/// The first record of a PDCA, named `id`; the id is also what is said.
///
/// # Errors
/// A source of the kind incident that names none.
pub fn create(new: NewPdca, id: Id, stamp: &mut Stamp<'_>) -> Result<Outcome, Refusal> {
    check_source(&new.source)?;
    let mut remarks = vec![];
    if new.context.is_some() && new.source.kind == SourceKind::Incident {
        let words = "the incident's timeline is shown as the context already: no need to paste it";
        remarks.push(words.to_owned());
    }
    let subject = format!("pdca: new: {}", brief(new.title.as_str()));
    let said = Some(id.to_string());
    let pdca = Pdca {
        schema: crate::SCHEMA,
        id,
        uid: stamp.uid(),
        title: new.title,
        source: new.source,
        owner: new.owner,
        participants: new.participants,
        created_at: stamp.at,
        cft: new.cft,
        problem_statement: new.problem_statement,
        context: new.context,
        occurrence: vec![],
        occurrence_na: None,
        non_detection: vec![],
        non_detection_na: None,
        contributing_factors: vec![],
        countermeasures: vec![],
        escalation: None,
        abandoned: None,
        custom: Default::default(),
        contested: vec![],
    };
    Ok(Outcome { pdca, subject, said, remarks })
}

pub(super) fn check_source(source: &Source) -> Result<(), Refusal> {
    if source.kind != SourceKind::Incident {
        return Ok(());
    }
    let reference = source.reference.as_ref().map(Line::as_str);
    match reference.map(str::parse::<Id>) {
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(Refusal::Source(format!("{error}; name the incident with --incident ID"))),
        None => Err(Refusal::Source(
            "a PDCA that comes from an incident names it: add --incident ID, or --from red-bin, qa-return or other"
                .to_owned(),
        )),
    }
}
