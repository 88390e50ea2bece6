//! Entries of the timeline: adding, telling better, taking out.

use std::str::FromStr;

use super::{Refusal, not_in_future};
use crate::Stamp;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::status::Status;
use crate::text::{Prose, brief, clean_line};
use crate::timeline::{self, Entry, EntryKind, Link};

/// An entry that somebody adds.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// When it happened; now, where absent.
    pub at: Option<Instant>,
    /// What sort of entry it is.
    pub kind: EntryKind,
    /// What happened.
    pub text: Prose,
    /// Points nested below the text.
    pub details: Vec<Prose>,
    /// Evidence.
    pub links: Vec<Link>,
}

/// What changes about an entry; what is `None` or empty stays.
#[derive(Debug, Clone, Default)]
pub struct EntryEdit {
    /// The new time.
    pub at: Option<Instant>,
    /// The new sort.
    pub kind: Option<EntryKind>,
    /// The new text.
    pub text: Option<Prose>,
    /// The details from now on, where `Some`.
    pub details: Option<Vec<Prose>>,
    /// Details to add.
    pub more_details: Vec<Prose>,
    /// Links to add.
    pub more_links: Vec<Link>,
}

/// How people name an entry: its number in the list, or a part of its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntrySelector {
    /// Its number in the order of time, from 1.
    Number(usize),
    /// A part of its ULID, four characters at least, upper case.
    Part(String),
}

impl FromStr for EntrySelector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.trim_start_matches('#');
        if let Ok(number @ 1..) = digits.parse::<usize>()
            && digits.len() <= 4
        {
            return Ok(Self::Number(number));
        }
        if text.len() >= 4 && text.len() <= 26 && text.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Ok(Self::Part(text.to_ascii_uppercase()));
        }
        Err(format!(
            "`{}` names no entry: give its number, as `inc-timeline list` shows it, or at least four characters of its id",
            clean_line(text)
        ))
    }
}

impl Incident {
    pub(super) fn append(&mut self, new: NewEntry, stamp: &mut Stamp<'_>) -> Result<String, Refusal> {
        let at = new.at.unwrap_or(stamp.at);
        not_in_future("an entry", at, stamp.at)?;
        by_hand(new.kind)?;
        let subject = format!("timeline: {}", brief(new.text.as_str()));
        let entry = Entry {
            at,
            kind: new.kind,
            by: Some(stamp.by.clone()),
            text: new.text,
            change: None,
            details: new.details,
            links: new.links,
            id: Some(stamp.uid()),
        };
        timeline::insert(&mut self.timeline, entry);
        Ok(subject)
    }

    pub(super) fn amend(
        &mut self,
        selector: &EntrySelector,
        edit: EntryEdit,
        stamp: &mut Stamp<'_>,
    ) -> Result<String, Refusal> {
        let index = self.find_entry(selector)?;
        let id = self.id.clone();
        let behind = self.instant_behind(index);
        let entry = &mut self.timeline[index];
        if entry.kind.is_trace() && (edit.text.is_some() || edit.kind.is_some()) {
            return Err(Refusal::Entry(format!(
                "this entry was written by a change of {}: its words stay; add --detail, or an entry of your own",
                entry.kind.name()
            )));
        }
        if edit.at.is_some()
            && let Some(path) = behind
        {
            return Err(Refusal::Entry(format!(
                "this entry tells when {path} was: correct both with `inc-edit {id} --set {path}=TIME`"
            )));
        }
        if let Some(at) = edit.at {
            not_in_future("an entry", at, stamp.at)?;
            entry.at = at;
        }
        if let Some(kind) = edit.kind {
            by_hand(kind)?;
            entry.kind = kind;
        }
        if let Some(text) = edit.text {
            entry.text = text;
        }
        if let Some(details) = edit.details {
            entry.details = details;
        }
        entry.details.extend(edit.more_details);
        entry.links.extend(edit.more_links);
        let subject = format!("timeline: edit \"{}\"", brief(entry.text.as_str()));
        // It keeps its place in the file, with the comments around it; whoever shows a timeline sorts it by time.
        Ok(subject)
    }

    pub(super) fn strike(&mut self, selector: &EntrySelector) -> Result<String, Refusal> {
        let index = self.find_entry(selector)?;
        if self.timeline[index].kind.is_trace() {
            return Err(Refusal::Entry(format!(
                "this entry was written by a change of {} and stays: the record would contradict itself without it",
                self.timeline[index].kind.name()
            )));
        }
        let entry = self.timeline.remove(index);
        Ok(format!("timeline: remove \"{}\"", brief(entry.text.as_str())))
    }

    /// The entry's place in the file.
    ///
    /// # Errors
    /// None, or several, are named so.
    pub fn find_entry(&self, selector: &EntrySelector) -> Result<usize, Refusal> {
        let index_of = |entry: &Entry| self.timeline.iter().position(|other| std::ptr::eq(other, entry));
        match selector {
            EntrySelector::Number(number) => {
                let ordered = timeline::in_order(&self.timeline);
                let entry = number.checked_sub(1).and_then(|index| ordered.get(index).copied());
                entry.and_then(index_of).ok_or_else(|| {
                    Refusal::Entry(format!(
                        "there is no entry {number}: the timeline has {}",
                        self.timeline.len()
                    ))
                })
            }
            EntrySelector::Part(part) => {
                let holds =
                    |entry: &&Entry| entry.id.is_some_and(|id| id.to_string().contains(part.as_str()));
                let found: Vec<&Entry> = self.timeline.iter().filter(holds).collect();
                match found.as_slice() {
                    [entry] => Ok(index_of(entry).unwrap_or_default()),
                    [] => Err(Refusal::Entry(format!(
                        "no entry has `{part}` in its id: see `inc-timeline list {}`",
                        self.id
                    ))),
                    several => Err(Refusal::Entry(format!(
                        "{} entries have `{part}` in their ids: give more of it",
                        several.len()
                    ))),
                }
            }
        }
    }
}

impl Incident {
    /// The property that an entry repeats which a change wrote and which still holds, where there is one.
    fn instant_behind(&self, index: usize) -> Option<&'static str> {
        match self.timeline[index].kind {
            EntryKind::Declared => Some("declared_at"),
            EntryKind::Status if self.is_current_trace(index, Status::Mitigated) => Some("mitigated_at"),
            EntryKind::Status if self.is_current_trace(index, Status::Resolved) => Some("resolved_at"),
            _ => None,
        }
    }
}

/// Only a change itself writes the entry that tells of it.
fn by_hand(kind: EntryKind) -> Result<(), Refusal> {
    if kind.is_trace() {
        let kinds = EntryKind::BY_HAND.map(EntryKind::name).join(", ");
        return Err(Refusal::Entry(format!(
            "an entry of kind {} is written by the change that it tells of; by hand: {kinds}",
            kind.name()
        )));
    }
    Ok(())
}
