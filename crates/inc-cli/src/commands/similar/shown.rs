//! Incidents that are like one, as they are shown.

use inc_core::id::Id;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::{Instant, Zone};
use inc_core::pdca::{self, Pdca};
use inc_core::search::like::{Alike, mitigation};
use inc_core::severity::Levels;
use inc_core::text::clean_line;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::view::{SeverityView, StatusView};

/// How wide an answer is where stdout is no terminal.
pub const WIDTH: usize = 100;
/// How far the lines below an id stand in.
const INDENT: usize = 4;
/// How many words people are told.
const WORDS: usize = 8;
/// How many lines a mitigation takes at most.
const LINES: usize = 4;

/// One incident; the array of them is what `--format json` prints.
#[derive(Debug, Serialize)]
pub struct Row {
    id: String,
    title: String,
    kind: Kind,
    status: StatusView,
    severity: SeverityView,
    /// When it began, else when it was declared.
    began_at: Instant,
    /// How alike, from 0 to 1: its share of what the asked one itself would get.
    alike: f64,
    /// The words that both have, those first that tell most.
    words: Vec<String>,
    /// What else both have.
    same: Vec<Same>,
    /// What mitigated it; `null` where the record does not tell.
    mitigation: Option<Mitigated>,
    pdcas: Vec<Linked>,
}

#[derive(Debug, Serialize)]
struct Same {
    /// `root cause`, `stack`, `tech team` or `detected via`.
    property: String,
    /// In lower case.
    value: String,
}

#[derive(Debug, Serialize)]
struct Mitigated {
    text: String,
    /// When the timeline tells it; `null` where the summary does.
    at: Option<Instant>,
}

/// A PDCA that learns from it.
#[derive(Debug, Serialize)]
pub struct Linked {
    id: String,
    /// `null` where it cannot be read.
    title: Option<String>,
    status: Option<pdca::Status>,
    #[serde(skip)]
    label: String,
}

impl Linked {
    /// The link to a PDCA, and what it is where it can be read.
    pub fn of(id: &Id, pdca: Option<Pdca>) -> Self {
        let status = pdca.as_ref().map(Pdca::status);
        Self {
            id: id.to_string(),
            title: pdca.map(|it| it.title.to_string()),
            status,
            label: status.map_or_else(|| "cannot be read".to_owned(), |status| status.label().to_owned()),
        }
    }
}

impl Row {
    /// What is told of an incident.
    pub fn of(incident: &Incident, near: &Alike, pdcas: Vec<Linked>, levels: &Levels) -> Self {
        let same = near.features.iter();
        let told = mitigation(incident);
        Self {
            id: incident.id.to_string(),
            title: incident.title.to_string(),
            kind: incident.kind,
            status: StatusView::of(incident.status),
            severity: SeverityView::of(incident, levels),
            began_at: incident.start().unwrap_or(incident.declared_at),
            alike: (near.share * 1000.0).round() / 1000.0,
            words: near.words.clone(),
            same: same
                .map(|(property, value)| Same { property: property.clone(), value: value.clone() })
                .collect(),
            mitigation: told.map(|it| Mitigated { text: it.text.to_owned(), at: it.at }),
            pdcas,
        }
    }

    fn text(&self, place: usize, zone: &Zone, width: usize) -> String {
        let mut lines = vec![clean_line(&self.title)];
        let mut facts =
            vec![self.severity.short(), self.status.name.clone(), zone.local(self.began_at).day()];
        facts.extend((self.kind != Kind::Incident).then(|| self.kind.name().to_owned()));
        lines.push(facts.join(", "));
        lines.push(format!("alike {:.0} %: {}", self.alike * 100.0, self.why()));
        lines.push(match &self.mitigation {
            Some(Mitigated { text, at: None }) => format!("mitigated by: {text}"),
            Some(Mitigated { text, at: Some(at) }) => {
                format!("mitigated by ({}): {text}", zone.local(*at).clock())
            }
            None => "mitigated by: not told".to_owned(),
        });
        lines.extend(self.pdcas.iter().map(|it| format!("PDCA {} ({})", it.id, it.label)));
        let mut text = format!("{place:>2}  {}\n", self.id);
        for line in lines {
            for line in wrapped(&clean_line(&line), width.saturating_sub(INDENT).max(20)) {
                text += &format!("{:INDENT$}{line}\n", "");
            }
        }
        text
    }

    fn why(&self) -> String {
        let same = self.same.iter().map(|it| format!("same {}: {}", it.property, it.value));
        let words = self.words.iter().take(WORDS).cloned().collect::<Vec<_>>().join(", ");
        std::iter::once(words).chain(same).collect::<Vec<_>>().join("; ")
    }
}

/// The answer for people.
pub fn text(rows: &[Row], zone: &Zone, width: usize) -> String {
    (1..).zip(rows).map(|(place, row)| row.text(place, zone, width)).collect()
}

/// A line in lines of so many columns, broken between words; `…` where that would take too many of them.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            *line = word.to_owned();
        } else if line.width() + 1 + word.width() <= width {
            line.push(' ');
            line.push_str(word);
        } else if last + 1 < LINES {
            lines.push(word.to_owned());
        } else {
            line.push('…');
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_between_words_and_ends_somewhere() {
        for (text, expected) in [
            ("a pool", &["a pool"][..]),
            ("a pool of connections", &["a pool of", "connections"]),
            (
                "an endless tale of what was done, and when, and by whom",
                &["an endless", "tale of", "what was", "done, and…"],
            ),
        ] {
            assert_eq!(wrapped(text, 11), expected);
        }
    }
}
