//! `inc-merge resolve`: records that git left in conflict, from the versions in its index or from the markers.
//!
//! One file after the other under the lock, each settled whole or left as it is.

mod told;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use inc_store::file;
use inc_store::git::{Blocked, MergedFrom, Repository, Unmerged};
use inc_store::merge::markers;
use inc_store::merge::resolve::{Left, Marked, Origin, from_index, from_markers};
use inc_store::merge::{Clean, Texts};
use inc_store::store::{Change, Record, Store};
use inc_store::yaml::MAX_BYTES;

use super::team::Team;
use crate::failure::{self, say};
use crate::session::{Session, WriteOptions};
use told::{From, Resolved, Told};

/// What is to be mended.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which files; all records that git left in conflict or that hold markers, where none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    write: WriteOptions,
}

/// A file in conflict, with its text.
struct Conflict {
    path: PathBuf,
    work: String,
    unmerged: Option<Unmerged>,
}

/// Mends what can be mended, and says what is left.
///
/// # Errors
/// A file that is left, outside of the repository, or cannot be written.
pub(super) fn run(args: &Args, session: &Session) -> Result<()> {
    let store = session.store()?;
    let team = Team::at(store.top());
    let mut told = Told::new(args.dry_run, !args.files.is_empty());
    let unmerged = store.repository().conflicts()?;
    for path in wanted(&args.files, &unmerged, session)? {
        let unmerged = unmerged.iter().find(|one| one.path == path).cloned();
        match one(path.clone(), unmerged, &team, args, session) {
            Ok(Some(resolved)) => {
                if resolved.commit.is_some() {
                    session.note_change();
                }
                told.resolved(resolved);
            }
            Ok(None) => told.nothing(&path),
            // What the surroundings refuse, they refuse for the next file as well.
            Err(error) => match error.downcast::<Left>() {
                Ok(left) => told.left(&path, &left.to_string()),
                Err(error) => {
                    told.failed(&path, &failure::words(&error));
                    session.answer(&told, || told.words())?;
                    return Err(error);
                }
            },
        }
    }
    session.answer(&told, || told.words())?;
    told.end()
}

/// The files that are meant, from the top.
fn wanted(files: &[PathBuf], unmerged: &[Unmerged], session: &Session) -> Result<Vec<PathBuf>> {
    let store = session.store()?;
    if !files.is_empty() {
        // Messages and `git status` name files from the top.
        let inside = |path: &PathBuf| {
            let here = super::from(session, path);
            let is_here = here.symlink_metadata().is_ok();
            Ok(store.from_top(&if is_here { here } else { store.top().join(path) })?)
        };
        return files.iter().map(inside).collect();
    }
    let mut paths: Vec<PathBuf> = unmerged.iter().map(|one| one.path.clone()).collect();
    paths.retain(|path| is_record(path));
    let mut others = store.paths::<Incident>()?;
    others.extend(store.paths::<Pdca>()?);
    others.retain(|path| !paths.contains(path));
    // What cannot be read as a text is no conflict; whoever looks at the record says so.
    let text = |path: &PathBuf| file::read(store.top(), path, MAX_BYTES as u64).unwrap_or_default();
    others.retain(|path| !matches!(markers::sides(&text(path)), Ok(None)));
    paths.extend(others);
    Ok(paths)
}

fn is_record(path: &Path) -> bool {
    let is_below = path.starts_with(Incident::FOLDER) || path.starts_with(Pdca::FOLDER);
    is_below && path.extension().is_some_and(|ending| ending == "yaml")
}

/// Mends one file; `None` where it has no conflict.
fn one(
    path: PathBuf,
    unmerged: Option<Unmerged>,
    team: &Team,
    args: &Args,
    session: &Session,
) -> Result<Option<Resolved>> {
    let store = session.store()?;
    if unmerged.is_none() && store.top().join(&path).symlink_metadata().is_err() {
        return Err(Left::NoRecord("no such file".to_owned()).into());
    }
    if !is_record(&path) {
        let why = "it is no record: settle it by hand, and `git add` it";
        return match unmerged.is_some() {
            true => Err(Left::NoRecord(why.to_owned()).into()),
            false => Err(Left::NoRecord("it is no file of a record".to_owned()).into()),
        };
    }
    let is_signed = unmerged.is_none() && store.repository().blocked().is_none();
    let writing = match (args.dry_run, is_signed) {
        (true, _) => None,
        (_, true) => Some(session.writing(&args.write)?),
        _ => Some(session.writing_unsigned(&args.write)?),
    };
    let change = writing.as_ref().map(|writing| store.change(writing, say)).transpose()?;
    if unmerged.is_some() && store.top().join(&path).symlink_metadata().is_err() {
        return Err(Left::Gone.into());
    }
    let work = file::read(store.top(), &path, MAX_BYTES as u64)?;
    if unmerged.is_none() && markers::sides(&work) == Ok(None) {
        return Ok(None);
    }
    let conflict = Conflict { path, work, unmerged };
    let clean = merged(&conflict, team, store.repository())?;
    let from = if conflict.unmerged.is_some() { From::Index } else { From::Markers };
    let mut resolved = Resolved::new(&conflict.path, from, clean.remarks.clone());
    if let Some(change) = change {
        settle(change, conflict, &clean, store, &mut resolved)?;
    }
    Ok(Some(resolved))
}

fn merged(conflict: &Conflict, team: &Team, repository: &Repository) -> Result<Clean> {
    let text = |bytes: &Vec<u8>| {
        String::from_utf8(bytes.clone())
            .map_err(|_| Left::NoRecord("one of its versions is no UTF-8 text: settle it by hand".to_owned()))
    };
    let past = || repository.revisions(&conflict.path).unwrap_or_default();
    if let Some(Unmerged { versions: [base, ours, theirs], .. }) = &conflict.unmerged {
        let (Some(ours), Some(theirs)) = (ours, theirs) else { return Err(Left::Gone.into()) };
        if let Some(marked) = marked([base.as_ref(), Some(ours), Some(theirs)], repository)
            && markers::sides(&conflict.work) != Ok(None)
        {
            return Err(Left::Marked(marked).into());
        }
        let base = base.as_ref().map(text).transpose()?.unwrap_or_default();
        let (ours, theirs) = (text(ours)?, text(theirs)?);
        let versions = Texts { base: &base, ours: &ours, theirs: &theirs };
        return Ok(from_index(&conflict.work, versions, team.rules(&past))?);
    }
    let has_markers = |bytes: &[u8]| {
        std::str::from_utf8(bytes).is_ok_and(|text| matches!(markers::sides(text), Ok(Some(_))))
    };
    let Some(MergedFrom { base, sides, left }) = repository.merged_from(&conflict.path, has_markers)? else {
        return Ok(from_markers(&conflict.work, None, team.rules(&past))?);
    };
    let base = base.as_ref().map(text).transpose()?.unwrap_or_default();
    let (ours, theirs) = (text(&sides[0])?, text(&sides[1])?);
    let left = left.as_ref().map(text).transpose()?;
    let texts = Texts { base: &base, ours: &ours, theirs: &theirs };
    let origin = Origin { texts, left: left.as_deref() };
    Ok(from_markers(&conflict.work, Some(origin), team.rules(&past))?)
}

/// Whether a version was committed with markers; in a rebase git calls the branch of the others ours.
pub(crate) fn marked(versions: [Option<&Vec<u8>>; 3], repository: &Repository) -> Option<Marked> {
    let [base, ours, theirs] = versions.map(|version| version.map(Vec::as_slice));
    match repository.blocked() {
        Some(Blocked::Rebase) => Marked::of(base, theirs?, ours?),
        _ => Marked::of(base, ours?, theirs?),
    }
}

/// Writes the file, then adds it to the index where something is under way, else commits it.
fn settle(
    mut change: Change<'_>,
    conflict: Conflict,
    clean: &Clean,
    store: &Store,
    resolved: &mut Resolved,
) -> Result<()> {
    let Conflict { path, work, unmerged } = conflict;
    let repository = store.repository();
    if unmerged.is_none() && repository.blocked().is_none() {
        change.mend(path, work, clean.text.clone());
        let saved = change.save("merge: conflict markers settled")?;
        resolved.remarks.extend(saved.remarks);
        resolved.commit = saved.commit;
        return Ok(());
    }
    let place = store.top().join(&path);
    file::exchange(&place, &work, &clean.text)?;
    if let Err(error) = repository.add(change.lock(), &path) {
        file::exchange(&place, &clean.text, &work).context("put the conflict back")?;
        return Err(error.into());
    }
    resolved.staged = true;
    Ok(())
}
