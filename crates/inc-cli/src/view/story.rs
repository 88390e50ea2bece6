//! A timeline as a report tells it: by day, in the record's zone, with what a reader needs beside each time.

use inc_core::incident::Incident;
use inc_core::timeline::{EntryKind, Link};
use serde::Serialize;

use super::{EntryView, entries};

/// A timeline by day.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineView {
    /// The zone of its clock, `Europe/Paris`.
    pub zone: String,
    /// The days, in order.
    pub days: Vec<DayView>,
}

/// The entries of one day.
#[derive(Debug, Clone, Serialize)]
pub struct DayView {
    /// `2023-03-27`.
    pub day: String,
    /// What happened, in order.
    pub entries: Vec<StoryView>,
}

/// One entry as a report tells it.
#[derive(Debug, Clone, Serialize)]
pub struct StoryView {
    /// The entry, as `--format json` shows it.
    pub entry: EntryView,
    /// The clock, `12:59`.
    pub time: String,
    /// What sort of entry, and who tells it, where that tells something.
    pub aside: Option<String>,
    /// What happened.
    pub text: String,
    /// Points below the text, a reason that the text leaves out among them.
    pub details: Vec<String>,
    /// Evidence.
    pub links: Vec<Link>,
}

impl TimelineView {
    /// The timeline of a record, by day.
    pub fn of(incident: &Incident) -> Self {
        let zone = &incident.timezone;
        let entries = entries(&incident.timeline, zone);
        let first = entries.iter().find_map(|entry| entry.by.clone());
        // One voice needs no name behind every sentence.
        let is_choir = entries.iter().any(|entry| entry.by != first);
        let mut days: Vec<DayView> = vec![];
        for entry in entries {
            if days.last().is_none_or(|day| day.day != entry.day) {
                days.push(DayView { day: entry.day.clone(), entries: vec![] });
            }
            if let Some(day) = days.last_mut() {
                day.entries.push(StoryView::of(entry, is_choir));
            }
        }
        Self { zone: zone.name().to_owned(), days }
    }
}

impl StoryView {
    fn of(entry: EntryView, is_choir: bool) -> Self {
        let kind = EntryKind::BY_HAND.contains(&entry.kind) && entry.kind != EntryKind::Note;
        let kind = kind.then(|| entry.kind.name().to_owned());
        let by = entry.by.clone().filter(|_| is_choir);
        let aside: Vec<String> = kind.into_iter().chain(by).collect();
        let mut details = entry.details.clone();
        let reason = entry.change.as_ref().and_then(|change| change.reason.as_ref());
        details.extend(
            reason
                .filter(|reason| !entry.text.contains(reason.as_str()))
                .map(|reason| format!("Reason: {reason}")),
        );
        Self {
            time: entry.time.clone(),
            aside: (!aside.is_empty()).then(|| aside.join(", ")),
            text: entry.text.clone(),
            details,
            links: entry.links.clone(),
            entry,
        }
    }
}
