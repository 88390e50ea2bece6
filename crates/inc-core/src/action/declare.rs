//! Declaring: the first record of an incident, from a name and whatever else is known.

use super::{Outcome, Refusal, Rules};
use crate::Stamp;
use crate::answer::Answer;
use crate::field::Field;
use crate::id::Id;
use crate::impact::Impact;
use crate::incident::{Incident, Kind, Summary, Team};
use crate::instant::{Instant, Zone};
use crate::severity::{Assessment, Case};
use crate::status::Status;
use crate::text::{Line, Prose, Title, brief};
use crate::timeline::{Entry, EntryKind};

/// What a responder tells when declaring; only the title is needed.
#[derive(Debug, Clone)]
pub struct NewIncident {
    /// What it is called.
    pub title: Title,
    /// An incident, a drill or a near miss.
    pub kind: Kind,
    /// What is happening?
    pub description: Option<Prose>,
    /// When it began to hurt.
    pub started_at: Answer<Instant>,
    /// When somebody or something first saw it.
    pub detected_at: Answer<Instant>,
    /// The incident commander.
    pub commander: Option<Line>,
    /// Who reports; the author where absent.
    pub reporter: Option<Line>,
    /// The zone of its times.
    pub timezone: Zone,
    /// Alerts that told of it.
    pub alerts: Vec<Line>,
    /// Any other property, as typed.
    pub settings: Vec<(Field, String)>,
}

/// The first record of an incident, named `id`.
///
/// # Errors
/// A time in the future, a start after the end, or a setting that is no value of its property.
pub fn declare(
    new: NewIncident,
    id: Id,
    rules: &Rules<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<Outcome, Refusal> {
    let subject = format!("declare: {}", brief(new.title.as_str()));
    let mut incident = first_record(new.clone(), id, rules, stamp)?;
    for (field, text) in &new.settings {
        rules.refuse_namesake(field)?;
        field.set(&mut incident, text, &rules.reading)?;
    }
    let judgement = rules.judge(&incident)?;
    incident.assessment = Assessment::from(&judgement);
    incident.severity = incident.assessment.holds();
    let mut remarks: Vec<String> =
        judgement.warnings.iter().map(|warning| format!("warning: {warning}")).collect();
    if judgement.provisional {
        remarks.push(format!(
            "{} is provisional: missing {}",
            judgement.severity,
            judgement.missing.join(", ")
        ));
    }
    remarks.extend(rules.policy.levels.demands(judgement.severity));
    // Its time too may be among the settings, where a declaration is told late.
    incident.timeline[0].at = incident.declared_at;
    let blank = blank_times(&incident, stamp.at);
    incident.check_future(&blank, stamp.at)?;
    incident.check_order(&blank)?;
    incident.check_instants(&blank)?;
    incident.remark_detection(&blank, &mut remarks);
    Ok(Outcome { incident, subject, remarks })
}

fn first_record(
    new: NewIncident,
    id: Id,
    rules: &Rules<'_>,
    stamp: &mut Stamp<'_>,
) -> Result<Incident, Refusal> {
    let judgement = rules.policy.judge(&Case::bare(&Impact::default()))?;
    let declared = Entry {
        at: stamp.at,
        kind: EntryKind::Declared,
        by: Some(stamp.by.clone()),
        text: "Incident declared".parse().unwrap_or_else(|_| unreachable!("our own words are a text")),
        change: None,
        details: vec![],
        links: vec![],
        id: Some(stamp.uid()),
    };
    Ok(Incident {
        schema: crate::SCHEMA,
        id,
        uid: stamp.uid(),
        title: new.title,
        kind: new.kind,
        status: Status::Investigating,
        severity: judgement.severity,
        assessment: Assessment::from(&judgement),
        environment: None,
        timezone: new.timezone,
        started_at: new.started_at,
        detected_at: new.detected_at,
        declared_at: stamp.at,
        mitigated_at: None,
        resolved_at: None,
        reporter: new.reporter.or_else(|| Some(stamp.by.clone())),
        commander: new.commander,
        roles: Default::default(),
        responders: vec![],
        detected_via: Answer::Missing,
        impact: Impact::default(),
        root_cause: Answer::Missing,
        team: Team::default(),
        summary: Summary { description: new.description, ..Summary::default() },
        links: vec![],
        alerts: new.alerts,
        timeline: vec![declared],
        pdcas: vec![],
        custom: Default::default(),
        contested: vec![],
    })
}

/// The same record without its instants, so that every one of them counts as changed.
fn blank_times(incident: &Incident, now: Instant) -> Incident {
    Incident {
        started_at: Answer::Missing,
        detected_at: Answer::Missing,
        declared_at: now,
        mitigated_at: None,
        resolved_at: None,
        ..incident.clone()
    }
}
