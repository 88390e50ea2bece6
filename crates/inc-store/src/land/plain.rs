//! A commit made in process, through libgit2, for a repository in which that is to the byte what git would make.
//!
//! Everything is looked at before a file is touched, and whatever is not plain makes `of` say no: then the user's git
//! is asked. It writes objects and the next index, both synced, and moves no ref.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;
use git2::{FileMode, Index, IndexEntry, IndexTime, ObjectType, Oid, Signature, Tree};
use inc_core::instant::Instant;

use super::recover::Underway;
use super::{FileChange, LandError, Signed};
use crate::file::sync_folder_of;
use crate::git::{GitError, Repository, refused};

/// How often objects are written again.
const AGAIN: usize = 3;

/// A commit or a tree of more bytes is left to the user's git.
const LARGEST_OBJECT: u64 = 64 << 20;

/// All that it takes to make the commit.
pub(super) struct Plain<'a> {
    underway: &'a Underway,
    opened: git2::Repository,
    /// The copy of the user's index in the scratch folder: read once, as reading takes long where there are many files.
    index: Index,
    old: Option<Oid>,
    author: Signature<'static>,
    committer: Signature<'static>,
    files: Vec<Entry>,
}

/// A file of the commit.
struct Entry {
    /// From the top, its parts parted by `/`.
    path: String,
    place: PathBuf,
    mode: u32,
    text: String,
}

impl<'a> Plain<'a> {
    /// Whether the commit can be made in process, and all that it takes; `None` where the user's git is needed.
    ///
    /// # Errors
    /// A file that git is told to ignore.
    pub(super) fn of(
        underway: &'a Underway,
        signed: Signed<'_>,
        files: &[FileChange],
        old: Option<&str>,
    ) -> Result<Option<Plain<'a>>, LandError> {
        let repository = &underway.repository;
        if signed.through_git || signed.setup.not_plain(repository).is_some() {
            return Ok(None);
        }
        let Some(ready) = prepare(underway, signed, files, old) else {
            return Ok(None);
        };
        if has_attributes(&ready, repository)? {
            return Ok(None);
        }
        for (entry, file) in ready.files.iter().zip(files) {
            let path = PathBuf::from(&entry.path);
            if file.before.is_none()
                && let Some(rule) = repository.ignored_by(&path)?
            {
                return Err(GitError::Ignored { path, rule }.into());
            }
        }
        Ok(Some(ready))
    }

    /// Writes the objects and the next index; returns the commit, or `None` where there is nothing to commit.
    pub(super) fn make(&mut self, message: &str) -> Result<Option<String>, GitError> {
        // A `git gc` that removes an empty folder of objects may do so just when one of ours was to go there.
        let mut made = self.commit(message);
        for _ in 0..AGAIN {
            if made.is_err() {
                made = self.commit(message);
            }
        }
        let made = made.map_err(refused("commit"))?;
        let Some((commit, blobs)) = made else {
            return Ok(None);
        };
        sync_folder_of(&self.opened.commondir().join("objects/pack"))?;
        self.write_index(&blobs)?;
        Ok(Some(commit.to_string()))
    }

    fn commit(&self, message: &str) -> Result<Option<(Oid, Vec<Oid>)>, git2::Error> {
        let opened = &self.opened;
        let parent = self.old.map(|old| opened.find_commit(old)).transpose()?;
        let old_tree = parent.as_ref().map(git2::Commit::tree).transpose()?;
        let mut tree = old_tree.clone();
        let mut blobs = vec![];
        for file in &self.files {
            let blob = opened.blob(file.text.as_bytes())?;
            let parts: Vec<&str> = file.path.split('/').collect();
            let root = with(opened, tree.as_ref(), &parts, blob, file.mode)?;
            tree = Some(opened.find_tree(root)?);
            blobs.push(blob);
        }
        let (Some(tree), true) = (&tree, tree.as_ref().map(Tree::id) != old_tree.as_ref().map(Tree::id))
        else {
            return Ok(None);
        };
        let message = git2::message_prettify(message, None)?;
        let parents: Vec<_> = parent.iter().collect();
        let commit = opened.commit(None, &self.author, &self.committer, &message, tree, &parents)?;
        Ok(Some((commit, blobs)))
    }

    /// The user's index with the new entries, and all others as they are.
    fn write_index(&mut self, blobs: &[Oid]) -> Result<(), GitError> {
        let next = self.underway.scratch.index();
        let entries = self.files.iter().zip(blobs).map(|(file, blob)| entry(file, *blob));
        let entries: Vec<IndexEntry> = entries.collect::<Result<_, _>>()?;
        let written_at = self.underway.repository.index_file().metadata().ok().and_then(|m| modified(&m));
        let racy = racy(&self.index, written_at);
        let added = racy.iter().chain(&entries).try_for_each(|entry| self.index.add(entry));
        added.and_then(|()| self.index.write()).map_err(refused("index"))?;
        let synced = File::open(&next).and_then(|file| file.sync_all());
        synced.map_err(GitError::io("write", &next))
    }
}

/// Opens the repository and looks at HEAD, index and files; `None` at the first thing that is not plain.
fn prepare<'a>(
    underway: &'a Underway,
    signed: Signed<'_>,
    files: &[FileChange],
    old: Option<&str>,
) -> Option<Plain<'a>> {
    let opened = open(underway)?;
    // A replaced commit is another one to git than to libgit2.
    if opened.references_glob("refs/replace/*").ok()?.next().is_some() {
        return None;
    }
    let index = copy_of_index(underway)?;
    let old = old.map(str::parse::<Oid>).transpose().ok()?;
    let tree = match old {
        Some(old) => {
            only_sound_objects(&opened, old, &underway.paths())?;
            Some(opened.find_commit(old).ok()?.tree().ok()?)
        }
        None => None,
    };
    let minds_modes = signed.setup.is_on("core.filemode", true);
    let minds_case = !signed.setup.is_on("core.ignorecase", false);
    let entries = files.iter().zip(underway.paths()).map(|(file, path)| {
        if file.before.is_none() && !minds_case {
            return None;
        }
        plain_entry(underway.repository.top(), file, &path, tree.as_ref(), &index, minds_modes)
    });
    let entries: Vec<Entry> = entries.collect::<Option<_>>()?;
    let author = signature(underway, signed, "AUTHOR")?;
    let committer = signature(underway, signed, "COMMITTER")?;
    drop(tree);
    Some(Plain { underway, opened, index, old, author, committer, files: entries })
}

/// The repository with settings of our own: sync every object.
fn open(underway: &Underway) -> Option<git2::Repository> {
    let settings = underway.scratch.file("settings");
    fs::write(&settings, "[core]\n\tfsyncObjectFiles = true\n").ok()?;
    let opened = git2::Repository::open(underway.repository.top()).ok()?;
    let mut config = git2::Config::new().ok()?;
    config.add_file(&settings, git2::ConfigLevel::App, true).ok()?;
    opened.set_config(&config).ok()?;
    (opened.path().canonicalize().ok()? == underway.repository.git_dir()).then_some(opened)
}

/// The user's index, copied into the scratch folder and read; none of the kinds that libgit2 would not keep as it is.
fn copy_of_index(underway: &Underway) -> Option<Index> {
    let (index, next) = (underway.repository.index_file(), underway.scratch.index());
    if index.symlink_metadata().is_ok() {
        let bytes = fs::read(&index).ok()?;
        let version = bytes.get(4..8)?;
        let is_odd = |word: &[u8]| matches!(word, b"UNTR" | b"FSMN" | b"link" | b"sdir");
        if !bytes.starts_with(b"DIRC") || !matches!(version, [0, 0, 0, 2 | 3]) || bytes.windows(4).any(is_odd)
        {
            return None;
        }
        fs::write(&next, bytes).ok()?;
    }
    Index::open(&next).ok()
}

/// The objects that libgit2 is about to read are whole: on one that a power cut has shortened it never returns.
fn only_sound_objects(opened: &git2::Repository, commit: Oid, paths: &[PathBuf]) -> Option<()> {
    is_sound(opened, commit)?;
    let root = opened.find_commit(commit).ok()?.tree_id();
    is_sound(opened, root)?;
    for path in paths {
        let mut tree = opened.find_tree(root).ok()?;
        for folder in path.parent()?.iter() {
            let Some(below) = tree.get_name(folder.to_str()?).map(|entry| entry.id()) else { break };
            is_sound(opened, below)?;
            let Ok(found) = opened.find_tree(below) else { break };
            tree = found;
        }
    }
    Some(())
}

/// Whether a loose object holds what its name says; one in a pack is believed, as packs are synced and checked by git.
fn is_sound(opened: &git2::Repository, object: Oid) -> Option<()> {
    let name = object.to_string();
    let file = opened.commondir().join("objects").join(&name[..2]).join(&name[2..]);
    let Ok(packed) = File::open(file) else {
        return Some(());
    };
    let mut bytes = vec![];
    ZlibDecoder::new(packed).take(LARGEST_OBJECT).read_to_end(&mut bytes).ok()?;
    let (head, body) = bytes.split_at_checked(bytes.iter().position(|byte| *byte == 0)? + 1)?;
    let kind = if head.starts_with(b"commit ") { ObjectType::Commit } else { ObjectType::Tree };
    (Oid::hash_object(kind, body).ok()? == object).then_some(())
}

/// The file as it goes into the commit, if HEAD, index and work tree agree about it.
fn plain_entry(
    top: &Path,
    file: &FileChange,
    path: &Path,
    tree: Option<&Tree<'_>>,
    index: &Index,
    minds_modes: bool,
) -> Option<Entry> {
    let place = top.join(path);
    // No symbolic link on the way.
    if top.join(&file.path) != place || path.components().any(|part| part.as_os_str().to_str().is_none()) {
        return None;
    }
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let path = parts.join("/");
    let committed = tree.and_then(|tree| tree.get_path(Path::new(&path)).ok());
    let staged = (0..=3).find_map(|stage| index.get_path(Path::new(&path), stage));
    let mode = match (&file.before, committed, staged) {
        (None, None, None) => {
            only_folders_above(tree, index, &parts)?;
            u32::from(FileMode::Blob)
        }
        (Some(before), Some(committed), Some(staged)) => {
            let blob = Oid::hash_object(ObjectType::Blob, before.as_bytes()).ok()?;
            let mode = u32::try_from(committed.filemode()).ok()?;
            let is_file = mode == u32::from(FileMode::Blob) || mode == u32::from(FileMode::BlobExecutable);
            // Stage, "assume unchanged" and "extended" are flags; the rest is the length of the path.
            let is_usual = staged.flags & 0xf000 == 0 && staged.flags_extended == 0;
            let agree = committed.id() == blob && staged.id == blob && staged.mode == mode;
            let has_mode =
                !minds_modes || is_executable(&place) == (mode == u32::from(FileMode::BlobExecutable));
            (is_file && is_usual && agree && has_mode).then_some(mode)?
        }
        _ => return None,
    };
    Some(Entry { path, place, mode, text: file.after.clone() })
}

/// Nothing but folders may stand where the new file's folders are.
fn only_folders_above(tree: Option<&Tree<'_>>, index: &Index, parts: &[&str]) -> Option<()> {
    let path = parts.join("/");
    for (at, _) in path.match_indices('/') {
        let above = Path::new(&path[..at]);
        let in_tree = tree.and_then(|tree| tree.get_path(above).ok());
        if in_tree.is_some_and(|entry| entry.kind() != Some(ObjectType::Tree))
            || index.get_path(above, 0).is_some()
        {
            return None;
        }
    }
    index.find_prefix(format!("{path}/")).is_err().then_some(())
}

#[cfg(unix)]
fn is_executable(place: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    place.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    false
}

/// Whether an attribute changes what git makes of one of the files. Git is asked, if there can be any.
fn has_attributes(plain: &Plain<'_>, repository: &Repository) -> Result<bool, GitError> {
    let paths: Vec<&str> = plain.files.iter().map(|file| file.path.as_str()).collect();
    let in_index = |path: &Path| plain.index.get_path(path, 0).is_some();
    if !repository.may_have_attributes(&paths, &in_index) {
        return Ok(false);
    }
    let has_returns = plain.files.iter().any(|file| file.text.contains('\r'));
    repository.attributes_convert(&paths, has_returns)
}

/// Who signs: whom the command was given, else whom git's settings name in so many words.
fn signature(underway: &Underway, signed: Signed<'_>, role: &str) -> Option<Signature<'static>> {
    let (name, email) = match signed.author {
        Some(author) => (author.name().to_owned(), author.email().to_owned()),
        None => signed.setup.person(&underway.repository, role)?,
    };
    let signature = match signed.at {
        Some(at) => {
            let at = Instant::parse(at).ok()?;
            let minutes = at.offset().local_minus_utc() / 60;
            Signature::new(&name, &email, &git2::Time::new(at.unix_seconds(), minutes)).ok()?
        }
        None => Signature::now(&name, &email).ok()?,
    };
    // Git leaves out what a signature cannot hold; where it would, it shall do so itself.
    let is_kept = signature.name() == Ok(name.as_str()) && signature.email() == Ok(email.as_str());
    is_kept.then_some(signature)
}

/// The tree with this file in it; the trees on the way are written.
fn with(
    opened: &git2::Repository,
    tree: Option<&Tree<'_>>,
    parts: &[&str],
    blob: Oid,
    mode: u32,
) -> Result<Oid, git2::Error> {
    let mut builder = opened.treebuilder(tree)?;
    match parts {
        [name] => builder.insert(name, blob, mode as i32)?,
        [folder, rest @ ..] => {
            let below = tree.and_then(|tree| tree.get_name(folder)).map(|entry| opened.find_tree(entry.id()));
            let below = with(opened, below.transpose()?.as_ref(), rest, blob, mode)?;
            builder.insert(folder, below, i32::from(FileMode::Tree))?
        }
        [] => return Err(git2::Error::from_str("a path without a name")),
    };
    builder.write()
}

/// The index's entry of a file as it lies in the work tree now.
#[cfg(unix)]
fn entry(file: &Entry, blob: Oid) -> Result<IndexEntry, GitError> {
    use std::os::unix::fs::MetadataExt;
    let found = file.place.symlink_metadata().map_err(GitError::io("read", &file.place))?;
    // Git keeps the lower 32 bits of each of these.
    Ok(IndexEntry {
        ctime: IndexTime::new(found.ctime() as i32, found.ctime_nsec() as u32),
        mtime: IndexTime::new(found.mtime() as i32, found.mtime_nsec() as u32),
        dev: found.dev() as u32,
        ino: found.ino() as u32,
        mode: file.mode,
        uid: found.uid(),
        gid: found.gid(),
        file_size: found.size() as u32,
        id: blob,
        flags: 0,
        flags_extended: 0,
        path: file.path.clone().into_bytes(),
    })
}

/// Without the file's dates git looks at its content the next time.
#[cfg(not(unix))]
fn entry(file: &Entry, blob: Oid) -> Result<IndexEntry, GitError> {
    let never = IndexTime::new(0, 0);
    let (path, mode) = (file.path.clone().into_bytes(), file.mode);
    Ok(IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: blob,
        flags: 0,
        flags_extended: 0,
        path,
    })
}

#[cfg(unix)]
fn modified(metadata: &fs::Metadata) -> Option<i32> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.mtime() as i32)
}

#[cfg(not(unix))]
fn modified(_: &fs::Metadata) -> Option<i32> {
    None
}

/// The entries of files that were written no earlier than the index, so that an edit since may not show in their
/// dates, of which most gits compare the seconds only. The new index would be younger than they, and git would believe
/// them: they get the size 0, by which git marks an entry to be looked at (its documentation, `racy-git`).
fn racy(index: &Index, written_at: Option<i32>) -> Vec<IndexEntry> {
    let is_file = |entry: &IndexEntry| entry.mode & 0o170_000 == 0o100_000;
    let is_late =
        |entry: &IndexEntry| written_at.is_none_or(|written_at| entry.mtime.seconds() >= written_at);
    let is_racy = |entry: &IndexEntry| entry.file_size > 0 && is_file(entry) && is_late(entry);
    index.iter().filter(is_racy).map(|entry| IndexEntry { file_size: 0, ..entry }).collect()
}
