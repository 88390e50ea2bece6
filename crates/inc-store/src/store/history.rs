//! The versions of a record in git, under all names that its file had, and the one in the work tree. What they tell is
//! the core's ([`inc_core::history`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::thread;

use inc_core::history::{Fact, Recorded, Side, Step, story};
use inc_core::id::Uid;

use super::write::value_of;
use super::{Loaded, Record, Store, StoreError};
use crate::file;
use crate::git::{Blob, Commit, Touch};
use crate::yaml;

/// Fewer versions than this are no work for another thread.
const FEW: usize = 32;

/// What git knows of a record.
#[derive(Debug)]
pub struct Past<R> {
    /// Each change of the record, the oldest first; without a commit it is the one in the work tree, the last.
    pub changes: Vec<(Option<Commit>, Vec<Fact>)>,
    /// Whether the clone is shallow, so that older commits are missing.
    pub is_shallow: bool,
    /// Whether anything of the record is committed.
    pub is_committed: bool,
    /// How many commits of these files are of another record.
    pub others: usize,
    /// The newest version that can be read.
    pub last: Option<R>,
}

/// A version of a record, and the commit that brought it.
#[derive(Debug)]
pub struct Standing<R> {
    /// The commit.
    pub commit: Commit,
    /// The record then, or why it cannot be read; `None` where the file was deleted.
    pub record: Option<Result<Loaded<R>, String>>,
}

/// The record as it was at a time, or the first commit that has it.
#[derive(Debug)]
pub enum Then<R> {
    /// It stood so.
    Stood(Box<Standing<R>>),
    /// It was not committed yet; the first commit came later, or there is none.
    NotYet(Option<Commit>),
}

impl Store {
    /// What git and the work tree tell of the record in a file; `signatures` are checked where they are asked for, which
    /// starts a process for each.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn past<R: Record + Recorded + Send>(
        &self,
        path: &Path,
        signatures: bool,
    ) -> Result<Past<R>, StoreError> {
        let present = file::read(self.top(), path, yaml::MAX_BYTES as u64);
        let mut versions = Versions::new();
        let trail = self.trail::<R>(path, present.as_deref().ok(), signatures, &mut versions)?;
        let (mut steps, mut commits) = (vec![], vec![]);
        let ends = self.repository().shallow_ends();
        for touch in trail.touches {
            steps.push(step(&touch, &ends, &versions));
            commits.push(Some(touch.commit));
        }
        if let Some(step) =
            self.uncommitted(path, present.map_err(|error| error.to_string()), &mut versions)?
        {
            steps.push(step);
            commits.push(None);
        }
        let facts = story(&steps, &versions.read, trail.uid);
        let others = facts.iter().filter(|facts| facts.is_empty()).count();
        let changes: Vec<_> = commits.into_iter().zip(facts).filter(|(_, facts)| !facts.is_empty()).collect();
        let is_committed = changes.iter().any(|(commit, _)| commit.is_some());
        let last = steps.iter().rev().find_map(|step| step.sides.first()?.after);
        let last = last.into_iter().chain((0..versions.read.len()).rev());
        let last = last.into_iter().find(|number| versions.is_of(*number, trail.uid));
        let last = last.and_then(|number| versions.read.swap_remove(number).ok());
        Ok(Past { changes, is_shallow: !ends.is_empty(), is_committed, others, last })
    }

    /// The record as the history stood at a second of Unix time.
    ///
    /// # Errors
    /// No `git` program, or one that fails.
    pub fn past_at<R: Record + Recorded + Send>(
        &self,
        path: &Path,
        second: i64,
    ) -> Result<Then<R>, StoreError> {
        let present = file::read(self.top(), path, yaml::MAX_BYTES as u64);
        let mut versions = Versions::<R>::new();
        let Trail { mut touches, paths, uid } =
            self.trail(path, present.as_deref().ok(), false, &mut versions)?;
        let standing = match touches.is_empty() {
            true => None,
            false => self.repository().standing_at(second, &paths)?,
        };
        let is_of = |touch: &Touch| {
            let numbers = touch.sides.iter().flat_map(|side| [&side.0, &side.1]).flatten();
            numbers.filter_map(|blob| versions.number(blob)).any(|number| versions.may_be_of(number, uid))
        };
        let place = standing.and_then(|id| touches.iter().position(|touch| touch.commit.id == id));
        let Some(place) = place.filter(|place| is_of(&touches[*place])) else {
            touches.retain(is_of);
            return Ok(Then::NotYet(touches.into_iter().next().map(|touch| touch.commit)));
        };
        let Touch { commit, sides } = touches.swap_remove(place);
        let blob = sides.into_iter().next().and_then(|side| side.1);
        let record = blob.and_then(|blob| versions.loaded(&blob, uid));
        Ok(Then::Stood(Box::new(Standing { commit, record })))
    }

    /// The commits of a record, under each name that its file had: a file that went where ours came, with our uid, was it.
    fn trail<R: Record + Recorded + Send>(
        &self,
        path: &Path,
        present: Option<&str>,
        signatures: bool,
        versions: &mut Versions<R>,
    ) -> Result<Trail, StoreError> {
        let mut paths = vec![self.from_top(&self.top().join(path))?];
        let present = present.and_then(|text| yaml::try_read::<R>(text, inc_core::SCHEMA));
        let mut trail = Trail { touches: vec![], paths: vec![], uid: Uid::from_parts(0, 0) };
        let is_empty =
            self.repository().committed(&paths[0])?.is_none() && !self.repository().has_commits()?;
        if is_empty {
            trail.uid = present.map_or(trail.uid, |record| record.uid());
            return Ok(trail);
        }
        let mut seen = BTreeSet::new();
        loop {
            trail.touches = self.repository().touches(&paths, signatures)?;
            let blobs =
                trail.touches.iter().flat_map(|touch| &touch.sides).flat_map(|side| [&side.0, &side.1]);
            self.read(blobs.flatten(), versions)?;
            let newest = || trail.touches.iter().rev().find_map(|touch| versions.uid(&touch.sides));
            trail.uid = present.as_ref().map(Recorded::uid).or_else(newest).unwrap_or(trail.uid);
            let came = trail.touches.iter().filter(|touch| touch.sides.iter().any(|side| side.0.is_none()));
            let came: Vec<&str> = came.map(|touch| touch.commit.id.as_str()).collect();
            let new: Vec<&str> = came.into_iter().filter(|id| seen.insert((*id).to_owned())).collect();
            let earlier = self.earlier_names(&new, &paths, trail.uid, versions)?;
            if earlier.is_empty() {
                trail.paths = paths;
                return Ok(trail);
            }
            paths.extend(earlier);
        }
    }

    fn earlier_names<R: Record + Recorded + Send>(
        &self,
        commits: &[&str],
        known: &[PathBuf],
        uid: Uid,
        versions: &mut Versions<R>,
    ) -> Result<BTreeSet<PathBuf>, StoreError> {
        if commits.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut gone = self.repository().taken_out(commits)?;
        gone.retain(|blob| {
            blob.path.extension().is_some_and(|ending| ending == "yaml") && !known.contains(&blob.path)
        });
        self.read(gone.iter(), versions)?;
        gone.retain(|blob| versions.number(blob).is_some_and(|number| versions.is_of(number, uid)));
        Ok(gone.into_iter().map(|blob| blob.path).collect())
    }

    /// Reads the versions that were not read yet.
    fn read<'b, R: Record + Send>(
        &self,
        blobs: impl Iterator<Item = &'b Blob>,
        versions: &mut Versions<R>,
    ) -> Result<(), StoreError> {
        let wanted = blobs.map(|blob| blob.object.clone());
        let wanted: BTreeSet<String> = wanted.filter(|name| !versions.numbers.contains_key(name)).collect();
        versions.add_all(self.repository().texts_of(&wanted)?);
        Ok(())
    }

    /// The step from HEAD to the work tree, where they differ.
    fn uncommitted<R: Record + Send>(
        &self,
        path: &Path,
        present: Result<String, String>,
        versions: &mut Versions<R>,
    ) -> Result<Option<Step>, StoreError> {
        let from_top = self.from_top(&self.top().join(path))?;
        let before = self.repository().committed(&from_top)?;
        let before = before.and_then(|object| versions.numbers.get(&object).copied());
        if let (Some(before), Ok(text)) = (before, &present)
            && versions.texts[before].as_ref() == Ok(text)
        {
            return Ok(None);
        }
        let after = versions.add(None, present);
        let same = before.is_some_and(|before| versions.say_the_same(before, after));
        // Line ends that git converts are no edit.
        if same && !self.repository().has_edits(path)? {
            return Ok(None);
        }
        let side = Side { before, after: Some(after) };
        Ok(Some(Step { sides: vec![side], ..Step::default() }))
    }
}

struct Trail {
    touches: Vec<Touch>,
    paths: Vec<PathBuf>,
    uid: Uid,
}

/// The versions of a record, each read once however many commits have it.
struct Versions<R> {
    numbers: BTreeMap<String, usize>,
    texts: Vec<Result<String, String>>,
    read: Vec<Result<R, String>>,
}

/// What a text says. What is wrong with it is looked for only in one that cannot be read.
fn parsed<R: Record>(text: &Result<String, String>) -> Result<R, String> {
    let text = text.as_ref().map_err(Clone::clone)?;
    match yaml::try_read(text, inc_core::SCHEMA) {
        Some(record) => Ok(record),
        None => yaml::read(text, inc_core::SCHEMA).map_err(|error| error.to_string()),
    }
}

impl<R: Record + Send> Versions<R> {
    fn new() -> Self {
        Self { numbers: BTreeMap::new(), texts: vec![], read: vec![] }
    }

    fn add(&mut self, object: Option<String>, text: Result<String, String>) -> usize {
        let read = parsed(&text);
        self.push(object, text, read)
    }

    /// As [`Versions::add`], of many at once: a long history takes its time to be read.
    fn add_all(&mut self, texts: BTreeMap<String, Result<String, String>>) {
        let texts: Vec<(String, Result<String, String>)> = texts.into_iter().collect();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let part = texts.len().div_ceil(threads).max(FEW);
        let read: Vec<Result<R, String>> = thread::scope(|scope| {
            let read = |part: &[(String, Result<String, String>)]| -> Vec<Result<R, String>> {
                part.iter().map(|(_, text)| parsed(text)).collect()
            };
            let mut parts = texts.chunks(part);
            let here = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
            let mut all = read(here);
            for other in others {
                all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        });
        for ((object, text), read) in texts.into_iter().zip(read) {
            self.push(Some(object), text, read);
        }
    }

    fn push(
        &mut self,
        object: Option<String>,
        text: Result<String, String>,
        read: Result<R, String>,
    ) -> usize {
        let number = self.texts.len();
        self.texts.push(text);
        self.read.push(read);
        self.numbers.extend(object.map(|object| (object, number)));
        number
    }

    fn number(&self, blob: &Blob) -> Option<usize> {
        self.numbers.get(&blob.object).copied()
    }

    fn say_the_same(&self, one: usize, other: usize) -> bool {
        match (&self.read[one], &self.read[other]) {
            (Ok(one), Ok(other)) => value_of(one) == value_of(other),
            _ => false,
        }
    }
}

impl<R: Record + Recorded + Send> Versions<R> {
    fn is_of(&self, number: usize, uid: Uid) -> bool {
        self.read[number].as_ref().is_ok_and(|record| record.uid() == uid)
    }

    /// As [`Versions::is_of`]; one that cannot be read may be of any record.
    fn may_be_of(&self, number: usize, uid: Uid) -> bool {
        self.read[number].as_ref().map_or(true, |record| record.uid() == uid)
    }

    /// The uid of what a commit left, where it can be read.
    fn uid(&self, sides: &[(Option<Blob>, Option<Blob>)]) -> Option<Uid> {
        let number = self.number(sides.first()?.1.as_ref()?)?;
        self.read[number].as_ref().ok().map(Recorded::uid)
    }

    fn loaded(&mut self, blob: &Blob, uid: Uid) -> Option<Result<Loaded<R>, String>> {
        let number = self.number(blob).filter(|number| self.may_be_of(*number, uid))?;
        let text = self.texts[number].clone().unwrap_or_default();
        let read = self.read.swap_remove(number);
        Some(read.map(|record| Loaded { path: blob.path.clone(), text, record }))
    }
}

fn step<R: Record + Send>(touch: &Touch, ends: &BTreeSet<String>, versions: &Versions<R>) -> Step {
    let number = |blob: &Option<Blob>| blob.as_ref().and_then(|blob| versions.number(blob));
    let sides =
        touch.sides.iter().map(|(before, after)| Side { before: number(before), after: number(after) });
    let moved = match touch.sides.as_slice() {
        [(Some(before), Some(after))] if before.path != after.path => {
            Some((file::shown(&before.path), file::shown(&after.path)))
        }
        _ => None,
    };
    Step { sides: sides.collect(), moved, begins: ends.contains(&touch.commit.id) }
}
