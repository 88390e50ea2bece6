//! The one table of columns: what `--sort`, `--columns`, `--where`, templates, the help and the docs name.

use std::fmt;
use std::str::FromStr;

use super::Cell;
use crate::nearest;
use crate::summary::Summary;
use crate::text::clean_line;

/// A column that every incident has.
pub struct Known {
    /// Its name, as typed.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Reads it off a summary.
    pub read: fn(&Summary) -> Cell,
}

/// A column: one that every incident has, or a team's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// By its place in [`COLUMNS`].
    Known(usize),
    /// `custom.KEY`.
    Custom(String),
}

macro_rules! columns {
    ($($name:literal, $about:literal, $read:expr;)*) => {
        /// Every column but a team's own keys.
        pub static COLUMNS: &[Known] = &[$(Known { name: $name, about: $about, read: $read }),*];
    };
}

columns! {
    "id", "the name that reads aloud", |s| Cell::Text(s.id.to_string());
    "uid", "the name that never collides", |s| Cell::Text(s.uid.to_string());
    "title", "what it is called", |s| Cell::Text(s.title.to_string());
    "kind", "incident, drill or near-miss", |s| Cell::Ranked(s.kind as u8, s.kind.name());
    "status", "where in its life it is", |s| Cell::Ranked(s.status.number(), s.status.name());
    "open", "people still work on it", |s| Cell::Flag(s.status.is_open());
    "severity", "SEV-1 (worst) to SEV-4", |s| Cell::Ranked(s.severity as u8, s.severity.name());
    "provisional", "inputs of the severity are missing", |s| Cell::Flag(s.assessment.is_provisional());
    "overridden", "a person decided the severity", |s| Cell::Flag(s.assessment.overridden.is_some());
    "environment", "where it happens", |s| Cell::text(s.environment.as_ref());
    "commander", "the incident commander", |s| Cell::text(s.commander.as_ref());
    "reporter", "who declared it", |s| Cell::text(s.reporter.as_ref());
    "responders", "who responds, and who holds a role", |s| Cell::List(s.responders.clone());
    "team.department", "the department", |s| Cell::answer(&s.team.department, |l| Cell::Text(l.to_string()));
    "team.cft", "the cross-functional team", |s| Cell::answer(&s.team.cft, |l| Cell::Text(l.to_string()));
    "team.stack", "the technical stack", |s| Cell::answer(&s.team.stack, |l| Cell::Text(l.to_string()));
    "team.tech_team", "the technical team", |s| Cell::answer(&s.team.tech_team, |l| Cell::Text(l.to_string()));
    "detected_via", "how it was noticed", |s| Cell::answer(&s.detected_via, |l| Cell::Text(l.to_string()));
    "root_cause", "the category of the root cause, widest first", |s| {
        Cell::answer(&s.root_cause, |path| Cell::List(path.iter().map(ToString::to_string).collect()))
    };
    "started_at", "when it began to hurt", |s| Cell::answer(&s.moments.started_at, |at| Cell::At(*at));
    "detected_at", "when it was first seen", |s| Cell::answer(&s.moments.detected_at, |at| Cell::At(*at));
    "declared_at", "when it was declared", |s| Cell::At(s.moments.declared_at);
    "mitigated_at", "when it stopped hurting", |s| s.moments.mitigated_at.map_or(Cell::Nothing, Cell::At);
    "resolved_at", "when it was over", |s| s.moments.resolved_at.map_or(Cell::Nothing, Cell::At);
    "time_to_detect", "minutes from start to detection", |s| minutes(s.measures().time_to_detect.minutes);
    "time_to_acknowledge", "minutes from detection to declaration", |s| {
        minutes(s.measures().time_to_acknowledge.minutes)
    };
    "time_to_declare", "minutes from start to declaration", |s| minutes(s.measures().time_to_declare.minutes);
    "time_to_mitigate", "minutes from start to mitigation", |s| minutes(s.measures().time_to_mitigate.minutes);
    "time_to_resolve", "minutes from start to end", |s| minutes(s.measures().time_to_resolve.minutes);
    "last_entry_at", "when the last entry of the timeline happened", |s| {
        s.last_entry_at.map_or(Cell::Nothing, Cell::At)
    };
    "entries", "how many entries the timeline has", |s| count(s.entries);
    "pdcas", "how many PDCAs learn from it", |s| count(s.pdcas);
    "contested", "values of a merge wait to be settled", |s| Cell::Flag(s.contested);
}

fn minutes(minutes: Option<i64>) -> Cell {
    minutes.map_or(Cell::Nothing, Cell::Number)
}

fn count(number: usize) -> Cell {
    Cell::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Column {
    /// Its value for one incident.
    pub fn read(&self, summary: &Summary) -> Cell {
        match self {
            Self::Known(place) => (COLUMNS[*place].read)(summary),
            Self::Custom(key) => {
                summary.custom.get(key).map_or(Cell::Nothing, |value| Cell::Own(value.clone()))
            }
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(place) => f.pad(COLUMNS[*place].name),
            Self::Custom(key) => write!(f, "custom.{key}"),
        }
    }
}

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(key) = text.strip_prefix("custom.").filter(|key| !key.is_empty()) {
            return Ok(Self::Custom(key.to_owned()));
        }
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        let place = names.iter().position(|name| *name == text);
        place
            .map(Self::Known)
            .ok_or_else(|| format!("unknown column `{}`; {}", clean_line(text), nearest::hint(text, &names)))
    }
}
