//! The lifecycle of an incident: its statuses, and what each step requires.
//!
//! Only "4 - post-mortem completed" is in the talk; the other numbers are this project's assumption.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::field::Field;
use crate::id::Id;
use crate::incident::Incident;
use crate::nearest;
use crate::pdca;
use crate::severity::Levels;
use crate::text::clean_line;

/// Where in its life an incident is; the order is that of the numbers, `Cancelled` (0) first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was none, or it is told elsewhere.
    Cancelled,
    /// It hurts, and we look.
    Investigating,
    /// It no longer hurts.
    Mitigated,
    /// It is over.
    Resolved,
    /// The record is whole, and a PDCA learns from it.
    PostmortemCompleted,
    /// What was to be learned is applied.
    Closed,
}

impl Status {
    /// Every status, by number.
    pub const ALL: [Self; 6] = [
        Self::Cancelled,
        Self::Investigating,
        Self::Mitigated,
        Self::Resolved,
        Self::PostmortemCompleted,
        Self::Closed,
    ];

    /// The word in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Investigating => "investigating",
            Self::Mitigated => "mitigated",
            Self::Resolved => "resolved",
            Self::PostmortemCompleted => "postmortem-completed",
            Self::Closed => "closed",
        }
    }

    /// The number that the talk's page shows before the words.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// `4 - post-mortem completed`, as the talk's page shows it.
    pub fn label(self) -> String {
        let words = match self {
            Self::PostmortemCompleted => "post-mortem completed",
            other => other.name(),
        };
        format!("{} - {words}", self.number())
    }

    /// People still work on it: neither over nor cancelled.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Investigating | Self::Mitigated)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name);
        Self::ALL
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("unknown status `{}`; {}", clean_line(text), nearest::hint(text, &names)))
    }
}

/// One thing that a step asks of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    /// A property is answered.
    Answered(Field),
    /// Every impact property that the report shows is asked.
    Impact,
    /// The severity is not provisional.
    Severity,
    /// All four parts of the summary are written.
    Summary,
    /// A PDCA is linked, where the policy asks for one at that severity: by default SEV-3 or worse.
    Pdca,
    /// Every linked PDCA is through: act done, or abandoned with a reason.
    PdcasClosed,
}

impl Requirement {
    const WORDS: [(&'static str, Self); 5] = [
        ("impact", Self::Impact),
        ("severity", Self::Severity),
        ("summary", Self::Summary),
        ("pdca", Self::Pdca),
        ("pdcas-closed", Self::PdcasClosed),
    ];

    fn word(&self) -> String {
        match Self::WORDS.iter().find(|(_, requirement)| requirement == self) {
            Some((word, _)) => (*word).to_owned(),
            None => match self {
                Self::Answered(field) => field.path(),
                _ => String::new(),
            },
        }
    }
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some((_, requirement)) = Self::WORDS.into_iter().find(|(word, _)| *word == text) {
            return Ok(requirement);
        }
        text.parse().map(Self::Answered).map_err(|_| {
            let mut known: Vec<String> = Self::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect();
            known.extend(Field::all().iter().map(Field::path));
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let hint = match Field::by_last_word(&text) {
                Some(path) => format!("did you mean `{path}`?"),
                None => nearest::hint(&text, &known),
            };
            serde::de::Error::custom(format!("unknown requirement `{}`; {hint}", clean_line(&text)))
        })
    }
}

/// What each step requires; a team's own table in `inc.yaml` replaces a row whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Steps {
    /// To be mitigated.
    pub mitigated: Vec<Requirement>,
    /// To be resolved.
    pub resolved: Vec<Requirement>,
    /// To be post-mortem completed.
    pub postmortem_completed: Vec<Requirement>,
    /// To be closed.
    pub closed: Vec<Requirement>,
}

impl Default for Steps {
    fn default() -> Self {
        use Requirement::{Answered, Impact, Pdca, PdcasClosed, Severity, Summary};
        Self {
            mitigated: vec![Answered(Field::MitigatedAt), Answered(Field::Mitigation)],
            resolved: vec![Answered(Field::ResolvedAt), Impact, Severity],
            postmortem_completed: vec![Summary, Answered(Field::RootCause), Pdca],
            closed: vec![PdcasClosed],
        }
    }
}

impl Steps {
    fn of(&self, step: Status) -> &[Requirement] {
        match step {
            Status::Cancelled | Status::Investigating => &[],
            Status::Mitigated => &self.mitigated,
            Status::Resolved => &self.resolved,
            Status::PostmortemCompleted => &self.postmortem_completed,
            Status::Closed => &self.closed,
        }
    }

    /// Whether what keeps a record from `step` depends on its PDCAs.
    pub fn asks_for_pdcas(&self, step: Status) -> bool {
        self.up_to(step).any(|requirement| *requirement == Requirement::PdcasClosed)
    }

    /// The requirements of a step and of all before it; cancelling asks for none.
    fn up_to(&self, step: Status) -> impl Iterator<Item = &Requirement> {
        Status::ALL.into_iter().filter(move |status| *status <= step).flat_map(|status| self.of(status))
    }

    /// What keeps the record from `step`: the requirements of that step and of all before it that are not met.
    ///
    /// Empty where the step may be taken. `linked` tells the status of each PDCA that the record names; one that
    /// is not told counts as not readable, and so as open. `levels` tells which severities need a PDCA.
    pub fn missing(
        &self,
        incident: &Incident,
        step: Status,
        linked: &[(Id, pdca::Status)],
        levels: &Levels,
    ) -> Vec<Missing> {
        let mut missing: Vec<Missing> = vec![];
        for requirement in self.up_to(step) {
            for lack in requirement.lacks(incident, linked, levels) {
                if !missing.contains(&lack) {
                    missing.push(lack);
                }
            }
        }
        missing
    }
}

/// Something that a record lacks, and the command that supplies it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The property, or the condition.
    pub what: String,
    /// What to type.
    pub command: String,
}

impl Requirement {
    fn lacks(&self, incident: &Incident, linked: &[(Id, pdca::Status)], levels: &Levels) -> Vec<Missing> {
        match self {
            Self::Answered(field) => lacking(incident, std::slice::from_ref(field)),
            Self::Impact => lacking(incident, &Field::IMPACT),
            Self::Summary => lacking(incident, &Field::SUMMARY),
            Self::Severity if incident.assessment.is_provisional() => vec![Missing {
                what: "a severity that is not provisional".to_owned(),
                // It names each input that is missing, and the ways out.
                command: format!("inc-severity explain {}", incident.id),
            }],
            Self::Pdca if levels.of(incident.severity).pdca && incident.pdcas.is_empty() => vec![Missing {
                what: format!("a PDCA (the policy asks for one at {})", incident.severity),
                command: format!("pdca new --incident {} --problem TEXT", incident.id),
            }],
            Self::PdcasClosed => {
                let is_closed =
                    |id: &Id| linked.iter().any(|(other, status)| other == id && status.is_closed());
                let open = incident.pdcas.iter().filter(|id| !is_closed(id));
                open.map(|id| Missing {
                    what: format!("PDCA {id} through its acts"),
                    command: format!("pdca show {id}"),
                })
                .collect()
            }
            Self::Severity | Self::Pdca => vec![],
        }
    }
}

fn lacking(incident: &Incident, fields: &[Field]) -> Vec<Missing> {
    let absent = fields.iter().filter(|field| !field.is_answered(incident));
    absent.map(|field| Missing { what: field.path(), command: supplying(field, incident) }).collect()
}

/// The command that supplies the property as the record stands now.
fn supplying(field: &Field, incident: &Incident) -> String {
    let step = match field {
        Field::MitigatedAt => Status::Mitigated,
        Field::ResolvedAt => Status::Resolved,
        _ => return field.command(&incident.id),
    };
    // Past the step, `inc-status set` would go back to it.
    match incident.status > step {
        true => format!("inc-edit {} --set {field}=TIME", incident.id),
        false => field.command(&incident.id),
    }
}

#[cfg(test)]
mod tests;
