//! What each severity is called, looks like, means and demands.

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::span::Span;
use crate::text::Line;

/// The four levels, by the word that records keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the levels' own names")]
pub struct Levels {
    #[serde(rename = "SEV-1")]
    pub sev1: Level,
    #[serde(rename = "SEV-2")]
    pub sev2: Level,
    #[serde(rename = "SEV-3")]
    pub sev3: Level,
    #[serde(rename = "SEV-4")]
    pub sev4: Level,
}

/// One level: what it means, and what it demands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The team's own word for it: `critical`.
    pub label: Line,
    /// Its colour in terminals and reports.
    pub colour: Colour,
    /// What it means, in one line.
    pub means: Line,
    /// Who is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Line>,
    /// How often those outside are told, while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communicate_every: Option<Span>,
    /// Whether a PDCA must be linked before the post-mortem is complete.
    pub pdca: bool,
}

impl Level {
    /// What the level demands, one line each; empty where it demands nothing.
    pub fn demands(&self) -> Vec<String> {
        let mut demands = vec![];
        if !self.calls.is_empty() {
            let calls: Vec<&str> = self.calls.iter().map(Line::as_str).collect();
            demands.push(format!("call {}", calls.join(", ")));
        }
        demands.extend(self.communicate_every.map(|every| format!("communicate every {every}")));
        if self.pdca {
            demands.push("a PDCA is needed".to_owned());
        }
        demands
    }
}

/// The colours that a terminal, an emoji and a person with poor eyes can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "colours")]
pub enum Colour {
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Brown,
    Black,
    White,
}

impl Colour {
    /// The mark that reports put before a severity.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Red => "🔴",
            Self::Orange => "🟠",
            Self::Yellow => "🟡",
            Self::Green => "🟢",
            Self::Blue => "🔵",
            Self::Purple => "🟣",
            Self::Brown => "🟤",
            Self::Black => "⚫",
            Self::White => "⚪",
        }
    }
}

impl Levels {
    /// What a severity demands, as a remark: `SEV-2 (major) demands: …`; `None` where it demands nothing.
    pub fn demands(&self, severity: Severity) -> Option<String> {
        let level = self.of(severity);
        let demands = level.demands();
        (!demands.is_empty()).then(|| format!("{severity} ({}) demands: {}", level.label, demands.join("; ")))
    }

    /// The level of a severity.
    pub fn of(&self, severity: Severity) -> &Level {
        match severity {
            Severity::Sev1 => &self.sev1,
            Severity::Sev2 => &self.sev2,
            Severity::Sev3 => &self.sev3,
            Severity::Sev4 => &self.sev4,
        }
    }
}

/// The talk shows the yellow of SEV-3 and a PDCA for it; all else is this project's assumption.
impl Default for Levels {
    fn default() -> Self {
        let line = |text: &str| text.parse::<Line>().unwrap_or_else(|_| unreachable!("a constant line"));
        let level = |label, colour, means, calls: &[&str], every, pdca| Level {
            label: line(label),
            colour,
            means: line(means),
            calls: calls.iter().map(|who| line(who)).collect(),
            communicate_every: every,
            pdca,
        };
        Self {
            sev1: level(
                "critical",
                Colour::Red,
                "The business stands still, or data or money are being lost",
                &["the incident commander on duty", "management on duty"],
                Some(Span::minutes(30)),
                true,
            ),
            sev2: level(
                "major",
                Colour::Orange,
                "Many customers cannot do what they came for",
                &["the incident commander on duty"],
                Some(Span::hours(1)),
                true,
            ),
            sev3: level(
                "moderate",
                Colour::Yellow,
                "Some are hindered, or many are slightly disturbed",
                &[],
                Some(Span::hours(4)),
                true,
            ),
            sev4: level("minor", Colour::Green, "Hardly anybody notices", &[], None, false),
        }
    }
}
