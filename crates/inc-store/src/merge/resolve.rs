//! What becomes of a record that git left in conflict: from the versions in the index, or from its markers. Texts in,
//! a text out.

use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use thiserror::Error;

use super::markers::{self, Broken, Sides};
use super::{Clean, Doubt, Rules, Texts, texts};
use crate::store::Record;

/// Why a file stays as it is; what each says begins with what is the matter, and ends with what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Left {
    /// Somebody settled it.
    #[error("it has no conflict markers any more, so you have settled it: `git add` it")]
    ByHand,
    /// Somebody began to settle it.
    #[error(
        "it was edited since git wrote its conflict, and that would be lost: finish it by hand and `git add` it; or `git checkout --merge` it, which brings the conflict back without your edits, and try again"
    )]
    Edited,
    /// One side has no such file.
    #[error("one side took it out, or renamed it: `git add` keeps it, `git rm` takes it out")]
    Gone,
    /// It is no record, or none that can be read.
    #[error("{0}")]
    NoRecord(String),
    /// A side was committed with markers, as a forge does it: they stand within the markers of this conflict.
    #[error("{}", .0.advice())]
    Marked(Marked),
    /// Not all markers are there.
    #[error(
        "{0}: take the entries of both sides by hand, or bring back an earlier version with `git checkout`"
    )]
    Broken(#[from] Broken),
    /// The two sides are of two records, or nobody knows what they started from.
    #[error("nobody knows what its two sides started from, and without that {0}: settle it by hand")]
    NoBase(String),
    /// The merge is not certain.
    #[error("cannot merge {0}: settle it by hand, or mend that side and try again")]
    Doubt(#[from] Doubt),
}

/// Which version of a conflict was committed with conflict markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// That of the clone itself: it mends its own side first.
    Own,
    /// That of the others, or both: it has to be mended where nobody has changed it.
    Others,
    /// What both started from: each has mended it, and then changed it.
    Base,
}

impl Marked {
    /// Of what both started from, a clone's own version, and that of the others.
    pub fn of(base: Option<&[u8]>, own: &[u8], others: &[u8]) -> Option<Self> {
        let has = |side: &[u8]| {
            std::str::from_utf8(side).is_ok_and(|text| !matches!(markers::sides(text), Ok(None)))
        };
        match (has(own), has(others)) {
            (_, true) => Some(Self::Others),
            (true, false) => Some(Self::Own),
            (false, false) => base.is_some_and(has).then_some(Self::Base),
        }
    }

    /// What is the matter, and what to type: the conflict itself is not the place to mend it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Own => {
                "your side of it was committed with conflict markers: `inc-sync --abort`, `inc-merge resolve`, `inc-sync`"
            }
            Self::Others => {
                "their side of it was committed with conflict markers, as a forge may do: first `inc-sync --abort`; then, \
                 in a clone without changes of its own to it (a new one will do), `inc-sync`, `inc-merge resolve`, \
                 `inc-sync`; then `inc-sync` here"
            }
            Self::Base => {
                "what both sides started from was committed with conflict markers, so nobody knows what each has changed: \
                 keep whole entries of both sides, take out the markers, `git add` it"
            }
        }
    }
}

/// The versions that a text with markers was made from, as far as the history tells.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'t> {
    /// What both sides started from, and both sides.
    pub texts: Texts<'t>,
    /// The text that the merge itself left, where it was committed.
    pub left: Option<&'t str>,
}

/// Merges the three versions that the index holds, as the merge driver does; `work` is the file as it lies there.
///
/// # Errors
/// A [`Left`]: the file stays as it is.
pub fn from_index(work: &str, versions: Texts<'_>, rules: Rules<'_>) -> Result<Clean, Left> {
    let found = markers::sides(work)?.ok_or(Left::ByHand)?;
    let is_untouched = markers::are_of(&found, versions);
    let clean = texts(versions, rules);
    // Where git moved lines about, the sides of its own text come to the same.
    let same = || {
        let own = Texts { ours: &found.ours, theirs: &found.theirs, ..versions };
        clean.as_ref().is_ok_and(|clean| texts(own, rules).is_ok_and(|own| own.text == clean.text))
    };
    if !is_untouched && !same() {
        return Err(Left::Edited);
    }
    let clean = clean?;
    Ok(if is_turned(work, versions) { turned(clean) } else { clean })
}

/// Whether git turned the line ends for the work tree, as `core.autocrlf` asks; it turns them back when it adds the file.
fn is_turned(work: &str, versions: Texts<'_>) -> bool {
    work.contains("\r\n") && ![versions.ours, versions.theirs].iter().any(|side| side.contains('\r'))
}

fn turned(clean: Clean) -> Clean {
    Clean { text: clean.text.replace('\n', "\r\n"), ..clean }
}

/// Merges the sides of a text with markers: from the versions that they came from where the history tells them, else on
/// the base that the markers hold, else, where nobody knows the base, as two files that both sides added.
///
/// # Errors
/// A [`Left`]: the file stays as it is.
pub fn from_markers(work: &str, origin: Option<Origin<'_>>, rules: Rules<'_>) -> Result<Clean, Left> {
    if let Some(origin) = origin
        && is_turned(work, origin.texts)
    {
        return from_markers(&work.replace("\r\n", "\n"), Some(origin), rules).map(turned);
    }
    let Some(Sides { base, ours, theirs }) = markers::sides(work)? else { return Err(Left::ByHand) };
    if let Some(origin) = origin {
        let versions = match origin.left == Some(work) {
            true => origin.texts,
            // What was edited since is in the sides of the text.
            false => Texts { ours: &ours, theirs: &theirs, ..origin.texts },
        };
        return Ok(texts(versions, rules)?);
    }
    if let Some(base) = base
        && let Ok(clean) = texts(Texts { base: &base, ours: &ours, theirs: &theirs }, rules)
    {
        return Ok(clean);
    }
    // Whoever renamed it, or began another of that name, has another uid.
    let uid = |text: &str| uid_of(text);
    if let (Some(one), Some(other)) = (uid(&ours), uid(&theirs))
        && one != other
    {
        return Err(Left::NoBase("two uids are two records".to_owned()));
    }
    let both = Texts { base: "", ours: &ours, theirs: &theirs };
    let mut clean = texts(both, rules).map_err(|doubt| match doubt {
        Doubt::Unmergeable(why) => Left::NoBase(format!("they do not go together ({why})")),
        doubt => doubt.into(),
    })?;
    clean.remarks.insert(
        0,
        "nobody knows what the two sides started from: what only one of them has is in, also where the other took it out"
            .to_owned(),
    );
    Ok(clean)
}

fn uid_of(text: &str) -> Option<String> {
    let incident = super::read::<Incident>("", text).map(|record| record.uid);
    incident
        .or_else(|_| super::read::<Pdca>("", text).map(|record| record.uid))
        .ok()
        .map(|uid| uid.to_string())
}

/// The trailer of a commit that a merged text goes into, and the record's id; `None` for what is no record.
pub(crate) fn named(text: &str) -> Option<(&'static str, inc_core::id::Id)> {
    let incident = super::read::<Incident>("", text).map(|record| (Incident::TRAILER, record.id));
    incident.or_else(|_| super::read::<Pdca>("", text).map(|record| (Pdca::TRAILER, record.id))).ok()
}
