//! One text from three: two people's edits of one record's file, with the comments, the order and the quotes of both.
//!
//! What the result holds, the core decides (`inc_core::merge`). Here a text is found that reads as exactly that and has
//! every comment of both sides: git's own text merge where it does, else a text near it that is edited in place. Where
//! there is none, or a side cannot be read, that is a [`Doubt`], and whoever asked leaves the files to git. Only `put`
//! touches a file.

mod attributes;
mod comments;
mod ends;
mod lines;
pub mod markers;
mod past;
pub mod resolve;
mod standing;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::thread;

use inc_core::incident::Incident;
use inc_core::merge::{Merged, Unmergeable, incidents, pdcas};
use inc_core::pdca::Pdca;
use inc_core::settings::Settings;
use inc_core::severity::Policy;
use thiserror::Error;

use crate::file::FileError;
use crate::store::Record;
use crate::store::write::{read_back, value_of};
use crate::{edit, yaml};
use ends::Ends;

pub(crate) use attributes::remind;
pub use attributes::{ATTRIBUTES, DRIVER, DRIVER_NAME, missing_attributes};
pub use past::{Past, Revision};

/// From so many bytes on a side is worth a thread of its own.
const LONG: usize = 16 << 10;

/// The three texts; the base is empty where both sides added the file.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'t> {
    /// What both started from.
    pub base: &'t str,
    /// One side.
    pub ours: &'t str,
    /// The other.
    pub theirs: &'t str,
}

/// What a merge is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'r> {
    /// The severity policy; `None` where the team's cannot be read.
    pub policy: Option<&'r Policy>,
    /// The team's settings.
    pub settings: &'r Settings,
    /// Who edited the record, where somebody can be asked.
    pub past: Past<'r>,
}

/// A text that holds what both sides wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// The text.
    pub text: String,
    /// What people should know.
    pub remarks: Vec<String>,
}

/// Why a merge is left to git; each message finishes the sentence "cannot merge …".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Doubt {
    /// A side that is no record as we know it.
    #[error("{side} as a record: {why}")]
    Unreadable {
        /// `the base`, `our side`, `their side`.
        side: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The records do not go together.
    #[error("the two records: {0}")]
    Unmergeable(#[from] Unmergeable),
    /// No text has it all.
    #[error("the two texts and keep every comment: take the entries of both sides by hand")]
    Layout,
}

/// Merges the file of an incident or a PDCA.
///
/// # Errors
/// A [`Doubt`]: nothing is known for certain.
pub fn texts(texts: Texts<'_>, rules: Rules<'_>) -> Result<Clean, Doubt> {
    let as_incident = || {
        together(texts, rules.past, |base: Option<&Incident>, ours, theirs| {
            incidents(base, ours, theirs, rules.policy, rules.settings)
        })
    };
    let as_pdca =
        || together(texts, rules.past, |base: Option<&Pdca>, ours, theirs| pdcas(base, ours, theirs));
    // A PDCA has a source and no status, an incident has a status and no source. Where the key is written in another
    // way than ours, the other reading tells.
    let is_pdca = texts.ours.lines().any(|line| line.starts_with("source:"));
    let first = if is_pdca { as_pdca() } else { as_incident() };
    match first {
        Err(Doubt::Unreadable { side: OURS, .. }) => {
            let other = if is_pdca { as_incident() } else { as_pdca() };
            if matches!(other, Err(Doubt::Unreadable { side: OURS, .. })) { first } else { other }
        }
        known => known,
    }
}

/// What our side is called.
const OURS: &str = "our side";

fn read<R: Record>(side: &'static str, text: &str) -> Result<R, Doubt> {
    yaml::read(text, inc_core::SCHEMA).map_err(|error| Doubt::Unreadable { side, why: error.to_string() })
}

/// A side as it was read: the record and its comments.
type Side<R> = (R, BTreeMap<String, usize>);

/// What is merged, as it was read.
struct Sides<R> {
    /// `None` where both added the file.
    base: Option<Side<R>>,
    ours: Side<R>,
    theirs: Side<R>,
}

fn side<R: Record>(name: &'static str, text: &str) -> Result<Side<R>, Doubt> {
    Ok((read(name, text)?, edit::comments_of(text).ok_or(Doubt::Layout)?))
}

/// The base, ours and theirs, long ones side by side: to read them is most of what a merge takes.
fn sides<R: Record + Send>(texts: Texts<'_>) -> Result<Sides<R>, Doubt> {
    let base = || match texts.base.trim().is_empty() {
        true => Ok(None),
        false => side("the base", texts.base).map(Some),
    };
    let (ours, theirs) = (|| side(OURS, texts.ours), || side("their side", texts.theirs));
    let (base, ours, theirs) = match texts.ours.len() < LONG {
        true => (base(), ours(), theirs()),
        false => thread::scope(|scope| {
            let (base, theirs) = (scope.spawn(base), scope.spawn(theirs));
            let ours = ours();
            (ended(base), ours, ended(theirs))
        }),
    };
    // What is wrong with our side is told first.
    let (ours, theirs) = (ours?, theirs?);
    Ok(Sides { base: base?, ours, theirs })
}

/// What a thread came to; where it panicked, so do we.
fn ended<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn together<R: Record + Send>(
    texts: Texts<'_>,
    past: Past<'_>,
    merge: impl Fn(Option<&R>, &R, &R) -> Result<Merged<R>, Unmergeable>,
) -> Result<Clean, Doubt> {
    let Sides { base, ours: (ours, our_comments), theirs: (theirs, their_comments) } = sides::<R>(texts)?;
    let mut merged = merge(base.as_ref().map(|(record, _)| record), &ours, &theirs)?;
    let (mut base, base_comments) = base.unzip();
    let known = base.as_mut().map_or(&[][..], |base| base.contested());
    past.attribute::<R>(merged.record.contested(), known, texts.base);
    let base_comments = base_comments.unwrap_or_default();
    let comments = comments::wanted([&base_comments, &our_comments, &their_comments], merged.keeps);
    let wanted = value_of(&merged.record);
    let ends = Ends::wanted(texts);
    let plain = [texts.base, texts.ours, texts.theirs].map(|text| ends.plain(text));
    let texts = Texts { base: &plain[0], ours: &plain[1], theirs: &plain[2] };
    // Which side is ours is nothing to the other clone, which shall come to the same bytes.
    let texts = match texts.ours <= texts.theirs {
        true => texts,
        false => Texts { ours: texts.theirs, theirs: texts.ours, ..texts },
    };
    let holds = |text: &str| read_back::<R>(text).as_ref() == Ok(&wanted);
    let done = |text: String, remarks: Vec<String>| {
        let turned = ends.put(text.clone());
        // What was proven was proven of plain ends.
        let text = if turned == text || holds(&turned) { turned } else { text };
        Ok(Clean { text, remarks })
    };
    let mut found = vec![];
    for (candidate, is_clean) in lines::candidates(texts) {
        let Some(had) = yaml::try_read::<R>(&candidate, inc_core::SCHEMA) else { continue };
        let had = value_of(&had);
        let Ok(text) = edit::rewrite_just_read(&candidate, &had, &wanted, &read_back::<R>) else { continue };
        let Some(has) = edit::comments_of(&text) else { continue };
        let missing = comments::missing(&has, &comments);
        if is_clean && missing.is_empty() && text == candidate {
            return done(text, merged.remarks);
        }
        let is_full = has == comments || (is_clean && missing.is_empty());
        found.push((text, missing));
        if is_full {
            break;
        }
    }
    // The first of those that lack least.
    let (text, missing) = found.into_iter().min_by_key(|(_, missing)| missing.len()).ok_or(Doubt::Layout)?;
    let (text, remarks) = comments::placed(text, missing, texts, &holds);
    let covers = edit::comments_of(&text).is_some_and(|has| comments::missing(&has, &comments).is_empty());
    match covers && holds(&text) {
        true => done(text, [merged.remarks, remarks].concat()),
        false => Err(Doubt::Layout),
    }
}

/// Writes the result over our side's file, which holds `before`.
///
/// In place and not by way of a file beside it: git reads the file only after an exit code that says that it is whole,
/// and removes it, while a file beside it would lie in the user's work tree for ever after a kill.
///
/// # Errors
/// A file that cannot be written; it is as it was, unless the disk refuses that too.
pub fn put(path: &Path, before: &str, after: &str) -> Result<(), FileError> {
    let mut file = OpenOptions::new().write(true).open(path).map_err(FileError::io("write", path))?;
    overwrite(&mut file, after).map_err(|error| {
        let _ = overwrite(&mut file, before);
        FileError::io("write", path)(error)
    })
}

fn overwrite(file: &mut File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

#[cfg(test)]
mod tests;
