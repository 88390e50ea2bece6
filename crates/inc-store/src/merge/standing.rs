//! Where the comments of both sides stand in the merged text: at what they stood at, as long as that is there.

use super::Texts;
use crate::edit;
use crate::edit::notes::{Note, Stands, cut, notes, put};

/// The merged text on the way to having its comments in their places.
pub(super) struct Standing<'m> {
    pub(super) text: String,
    /// Whether a text holds what it must.
    holds: &'m dyn Fn(&str) -> bool,
    base: Vec<Note>,
    sides: [Vec<Note>; 2],
}

impl<'m> Standing<'m> {
    /// `None` where a side cannot be taken apart.
    pub(super) fn of(text: String, texts: Texts<'_>, holds: &'m dyn Fn(&str) -> bool) -> Option<Self> {
        let sides = [notes(texts.ours)?, notes(texts.theirs)?];
        Some(Self { text, holds, base: notes(texts.base)?, sides })
    }

    /// Puts each of these comments where a side has it, else at the end of what that is part of; gives those that found
    /// no place, and those that came to such an end.
    pub(super) fn bring(&mut self, mut missing: Vec<String>) -> [Vec<String>; 2] {
        let mut ends = vec![];
        for note in self.sides.concat() {
            let Some(at) = missing.iter().position(|comment| *comment == note.comment) else { continue };
            let stands_there =
                |has: &Note| has.comment == note.comment && has.places.first() == note.places.first();
            if notes(&self.text).is_some_and(|has| has.iter().any(stands_there)) {
                continue;
            }
            let Some((text, is_end)) = self.with(&self.text, &note, Some(&note.comment)) else { continue };
            self.text = text;
            let comment = missing.remove(at);
            if is_end {
                ends.push(comment);
            }
        }
        [missing, ends]
    }

    /// Moves each comment that is alone of its words back to what it stood at.
    pub(super) fn put_right(&mut self) {
        let Some(has) = notes(&self.text) else { return };
        for note in &has {
            let Some(wanted) = self.wanted(&note.comment).filter(|_| single(&has, &note.comment).is_some())
            else {
                continue;
            };
            if wanted.places.first() == note.places.first() {
                continue;
            }
            let Some(without) = cut(&self.text, &note.comment) else { continue };
            let Some((text, is_end)) = self.with(&without, wanted, None) else { continue };
            // What it stood at is gone: anywhere in what that was part of is as good.
            let is_near = || note.places.iter().any(|place| wanted.places[1..].contains(place));
            if !(is_end && is_near()) {
                self.text = text;
            }
        }
    }

    /// Where a comment stands by both sides: as the one has it that moved it.
    fn wanted(&self, comment: &str) -> Option<&Note> {
        let [ours, theirs] = self.sides.each_ref().map(|side| single(side, comment));
        let is_in = |side: &[Note]| side.iter().any(|note| note.comment == comment);
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let base = single(&self.base, comment);
                let is_as_in_base = |side: &Note| base.is_some_and(|base| base.places == side.places);
                match (is_as_in_base(ours), is_as_in_base(theirs)) {
                    _ if ours.places == theirs.places => Some(ours),
                    (true, _) => Some(theirs),
                    (_, true) => Some(ours),
                    _ => None,
                }
            }
            (Some(note), None) if !is_in(&self.sides[1]) => Some(note),
            (None, Some(note)) if !is_in(&self.sides[0]) => Some(note),
            _ => None,
        }
    }

    /// The text with the comment at its place, or at the end of what that was part of, and whether that is so; with
    /// `more` if the text is to have one comment more than now.
    fn with(&self, text: &str, note: &Note, more: Option<&str>) -> Option<(String, bool)> {
        let (own, outer) = note.places.split_first()?;
        let here = [note.stands, Stands::Above].map(|stands| (own, stands, false));
        let ends = outer.iter().map(|place| (place, Stands::Below, true));
        here.into_iter().chain(ends).find_map(|(place, stands, is_end)| {
            let text = put(text, &note.comment, place, stands)?;
            self.is_proven(&text, more).then_some((text, is_end))
        })
    }

    fn is_proven(&self, text: &str, more: Option<&str>) -> bool {
        let Some(mut wanted) = edit::comments_of(&self.text) else { return false };
        if let Some(comment) = more {
            *wanted.entry(comment.to_owned()).or_default() += 1;
        }
        edit::comments_of(text).as_ref() == Some(&wanted) && (self.holds)(text)
    }
}

/// The only comment of these words.
fn single<'n>(notes: &'n [Note], comment: &str) -> Option<&'n Note> {
    let mut found = notes.iter().filter(|note| note.comment == comment);
    found.next().filter(|_| found.next().is_none())
}
