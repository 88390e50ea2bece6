//! Listing the files of a kind: every `*.yaml` below its folder, whatever the sub-folder, but nothing hidden.
//!
//! The one walk of the store. What cannot be a record, such as a folder `x.yaml` or a link to a folder elsewhere, is
//! taken for one all the same, so that it is reported and not skipped in silence.

use std::collections::BTreeSet;
use std::ffi::{CStr, OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, open, statat};

use crate::file;
use crate::git::GitError;
use crate::store::StoreError;

/// What a file's name ends in.
pub const ENDING: &[u8] = b".yaml";

/// The records of one folder.
#[derive(Debug)]
pub struct Folder {
    /// Where it is, from the top.
    pub path: PathBuf,
    /// The names of its plain files, each ended by a zero, as `lstat` wants them.
    names: Vec<u8>,
    /// Where each name begins.
    starts: Vec<u32>,
    /// All else that is taken for a record.
    pub odd: Vec<OsString>,
}

impl Folder {
    /// How many plain files it has.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The name of a plain file, in the order in which the system lists them.
    pub fn name(&self, place: usize) -> &CStr {
        let from = self.starts[place] as usize;
        let to = self.starts.get(place + 1).map_or(self.names.len(), |end| *end as usize);
        CStr::from_bytes_with_nul(&self.names[from..to]).unwrap_or_default()
    }

    /// The names of its plain files from a place on, each ended by a zero.
    pub fn names_from(&self, place: usize) -> &[u8] {
        self.starts.get(place).map_or(&[], |start| &self.names[*start as usize..])
    }

    fn push(&mut self, name: &CStr) {
        self.starts.push(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.extend_from_slice(name.to_bytes_with_nul());
    }

    /// The paths of what has such a name, without its ending, from the top.
    pub fn named(&self, test: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
        let plain = (0..self.len()).map(|place| self.name(place).to_bytes());
        let names = plain.chain(self.odd.iter().map(|name| name.as_bytes()));
        let is_wanted =
            |name: &&[u8]| name.strip_suffix(ENDING).is_some_and(|stem| str::from_utf8(stem).is_ok_and(test));
        names.filter(is_wanted).map(|name| self.path.join(OsStr::from_bytes(name))).collect()
    }

    /// The paths of all that it holds, from the top.
    pub fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let plain =
            (0..self.len()).map(|place| self.path.join(OsStr::from_bytes(self.name(place).to_bytes())));
        plain.chain(self.odd.iter().map(|name| self.path.join(name)))
    }
}

/// How many names are handed on at once: few enough for the system to have their files still at hand.
const PIECE: usize = 512;

/// Is told of a folder while it is listed that its plain files from this place on are known.
pub type Listed<'l> = dyn FnMut(&Folder, usize) + 'l;

/// All folders of a kind, in no order that means anything. Below a link everything is odd: a link may lead elsewhere
/// tomorrow without a trace on the files.
///
/// # Errors
/// A folder that cannot be listed.
pub fn folders(top: &Path, kind: &str) -> Result<Vec<Folder>, StoreError> {
    walk(top, kind, &mut |_, _| {})
}

/// The same; the plain files are handed on as they are listed.
///
/// # Errors
/// A folder that cannot be listed.
pub fn walk(top: &Path, kind: &str, listed: &mut Listed<'_>) -> Result<Vec<Folder>, StoreError> {
    let mut walk = Walk { top, seen: BTreeSet::new(), folders: vec![], listed };
    let folder = PathBuf::from(kind);
    let full = top.join(&folder);
    if full.symlink_metadata().is_ok() {
        let place = file::resolve(top, &folder)?;
        walk.folder(folder, place != full)?;
    }
    Ok(walk.folders)
}

struct Walk<'w, 'l> {
    top: &'w Path,
    /// The folders on the way, so that a link to one of them ends the walk.
    seen: BTreeSet<PathBuf>,
    folders: Vec<Folder>,
    listed: &'w mut Listed<'l>,
}

/// What an entry of a folder is to us.
enum Sort {
    Plain,
    Folder,
    /// A link, or whatever else has to be looked at.
    Unclear,
}

impl Walk<'_, '_> {
    fn folder(&mut self, path: PathBuf, is_linked: bool) -> Result<(), StoreError> {
        let full = self.top.join(&path);
        let failed = |source| GitError::Io { verb: "list", path: full.clone(), source };
        let place = if is_linked { full.canonicalize().map_err(failed)? } else { full.clone() };
        if !self.seen.insert(place) {
            return Ok(());
        }
        let mut folder = Folder { path, names: vec![], starts: vec![], odd: vec![] };
        let (mut below, mut unclear) = (vec![], vec![]);
        let mut told = 0;
        list(&full, |sort, name| match sort {
            Sort::Plain if is_linked => folder.odd.push(os(name)),
            Sort::Plain => {
                folder.push(name);
                if folder.len() - told == PIECE {
                    (self.listed)(&folder, told);
                    told += PIECE;
                }
            }
            Sort::Folder => below.push(os(name)),
            Sort::Unclear => unclear.push(os(name)),
        })
        .map_err(failed)?;
        if folder.len() > told {
            (self.listed)(&folder, told);
        }
        // Links last, so that what a link leads to is told under its own name where it has one here.
        below.sort();
        unclear.sort();
        let mut links = vec![];
        for name in unclear {
            self.unclear(name, &full, &mut folder, &mut links);
        }
        let path = folder.path.clone();
        self.folders.push(folder);
        below.into_iter().try_for_each(|name| self.folder(path.join(name), is_linked))?;
        links.into_iter().try_for_each(|name| self.folder(path.join(name), true))
    }

    fn unclear(&self, name: OsString, full: &Path, folder: &mut Folder, links: &mut Vec<OsString>) {
        let there = full.join(&name);
        // A link to nothing may be the folder of a year that somebody moved.
        if !there.exists() || name.as_bytes().ends_with(ENDING) {
            folder.odd.push(name);
        } else if there.is_dir() {
            match file::resolve(self.top, &folder.path.join(&name)) {
                Ok(_) => links.push(name),
                Err(_) => folder.odd.push(name),
            }
        }
    }
}

/// Lists what may be a record, or a folder of some.
fn list(full: &Path, mut take: impl FnMut(Sort, &CStr)) -> std::io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let here = open(full, flags, Mode::empty())?;
    for entry in Dir::read_from(&here)? {
        let entry = entry?;
        let (name, bytes) = (entry.file_name(), entry.file_name().to_bytes());
        if bytes.starts_with(b".") {
            continue;
        }
        let sort = match entry.file_type() {
            // Some file systems do not tell.
            FileType::Unknown => {
                FileType::from_raw_mode(statat(&here, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode)
            }
            told => told,
        };
        match (sort, bytes.ends_with(ENDING)) {
            (FileType::RegularFile, true) => take(Sort::Plain, name),
            (FileType::RegularFile, false) => {}
            (FileType::Directory, false) => take(Sort::Folder, name),
            _ => take(Sort::Unclear, name),
        }
    }
    Ok(())
}

fn os(name: &CStr) -> OsString {
    OsStr::from_bytes(name.to_bytes()).to_owned()
}
