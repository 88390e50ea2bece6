//! What following prints: a line an entry, or a JSON object a line.

use anyhow::{Context, Result};
use inc_core::follow::Event;
use inc_core::incident::Incident;
use inc_core::text::clean_line;
use inc_core::timeline::{Entry, EntryKind, in_order};
use serde::Serialize;

use crate::output::Format;
use crate::session::Session;
use crate::view::{self, EntryView};

/// What `--format json` prints, a line each.
#[derive(Debug, Serialize)]
struct Told<'a> {
    /// The id of the incident.
    incident: &'a str,
    /// `new` or `corrected`.
    event: &'static str,
    /// The branch at the other end where it was seen first, or `null` for this work tree.
    from: Option<&'a str>,
    /// The entry, with its number in the timeline where it was seen.
    entry: &'a EntryView,
}

/// Where entries are told.
pub(super) struct Screen<'a> {
    pub(super) session: &'a Session,
    /// Whether each line begins with the id of its incident.
    pub(super) names_incident: bool,
}

impl Screen<'_> {
    /// Tells, of the entries that were there at the start, those that are asked for.
    pub(super) fn tell_some(
        &self,
        incident: &Incident,
        earlier: &[Entry],
        since: Option<&str>,
        last: Option<usize>,
    ) -> Result<()> {
        let since =
            since.map(|text| self.session.understand("--since", text, &incident.timezone)).transpose()?;
        let skipped = match (last, since) {
            (Some(last), _) => earlier.len().saturating_sub(last),
            (None, Some(_)) => 0,
            (None, None) => earlier.len(),
        };
        let is_late = |entry: &Entry| since.is_none_or(|since| entry.at.unix_millis() >= since.unix_millis());
        let asked = earlier.iter().skip(skipped).filter(|entry| is_late(entry));
        self.tell(incident, &asked.map(|entry| (Event::New, entry)).collect::<Vec<_>>(), None)
    }

    /// Tells entries, by time.
    pub(super) fn tell(
        &self,
        incident: &Incident,
        news: &[(Event, &Entry)],
        from: Option<&str>,
    ) -> Result<()> {
        if news.is_empty() {
            return Ok(());
        }
        let ordered = in_order(&incident.timeline);
        let views = view::entries(&incident.timeline, &incident.timezone);
        for (event, entry) in news {
            let place = ordered.iter().position(|known| known == entry);
            if let Some(entry) = place.and_then(|place| views.get(place)) {
                self.tell_one(incident, *event, entry, from)?;
            }
        }
        Ok(())
    }

    fn tell_one(
        &self,
        incident: &Incident,
        event: Event,
        entry: &EntryView,
        from: Option<&str>,
    ) -> Result<()> {
        let line = match self.session.format() {
            Format::Json => {
                let event = if event == Event::New { "new" } else { "corrected" };
                let told = Told { incident: incident.id.as_str(), event, from, entry };
                serde_json::to_string(&told).context("write the JSON")?
            }
            _ => self.line(incident, event, entry)?,
        };
        self.session.print(&line)
    }

    /// `13:10 [decision] We scale the group; 60 of 60 instances (Ada)`; the day where it is another than today.
    fn line(&self, incident: &Incident, event: Event, entry: &EntryView) -> Result<String> {
        let mut line = String::new();
        if self.names_incident {
            line.push_str(&format!("{}: ", incident.id));
        }
        let today = incident.timezone.local(self.session.now_in(&incident.timezone)?).day();
        if entry.day != today {
            line.push_str(&format!("{} ", entry.day));
        }
        line.push_str(&format!("{} ", entry.time));
        if event == Event::Corrected {
            line.push_str("corrected: ");
        }
        if entry.kind != EntryKind::Note {
            line.push_str(&format!("[{}] ", entry.kind.name()));
        }
        line.push_str(&entry.text);
        line.extend(entry.details.iter().map(|detail| format!("; {detail}")));
        line.extend(
            entry.links.iter().map(|link| format!("; {}: {}", link.name.as_str(), link.url.as_str())),
        );
        line.extend(entry.by.iter().map(|by| format!(" ({by})")));
        let words: Vec<&str> = line.split_whitespace().collect();
        Ok(clean_line(&words.join(" ")))
    }
}
