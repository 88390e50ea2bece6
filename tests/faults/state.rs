//! What a repository holds: its records in the work tree, the index and HEAD; what lies about; what is the user's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};

use crate::world::World;

/// Records by their path from the top of the work tree.
pub type Texts = BTreeMap<String, String>;

/// All that the judge looks at.
pub struct State {
    pub head: Oid,
    /// The texts in the work tree, each uid replaced: those are random.
    pub work: Texts,
    /// The same, in the commit.
    pub committed: Texts,
    ids: [BTreeMap<String, Oid>; 3],
    /// What HEAD names, and where all other branches stand.
    pub refs: Vec<String>,
    /// The bytes of files that are no records.
    pub others: BTreeMap<PathBuf, Vec<u8>>,
    /// Locks, journals and temporary files.
    pub left: Vec<PathBuf>,
    /// Files in the folders of records that are no records.
    pub stray: Vec<PathBuf>,
}

impl State {
    /// Reads it all, or says what cannot be read.
    pub fn read(world: &World) -> Result<Self, String> {
        let said = |error: git2::Error| error.message().to_owned();
        let git = Repository::open(world.top()).map_err(said)?;
        let commit = git.head().and_then(|head| head.peel_to_commit()).map_err(said)?;
        let (mut in_head, mut committed) = (BTreeMap::new(), Texts::new());
        let walked = commit.tree().map_err(said)?.walk(TreeWalkMode::PreOrder, |folder, entry| {
            let path = format!("{folder}{}", entry.name().unwrap_or("?"));
            if entry.kind() == Some(ObjectType::Blob) && is_record(&path) {
                // An object that cannot be read has no text, and so equals none.
                let text = git.find_blob(entry.id()).map(|blob| masked(blob.content())).unwrap_or_default();
                committed.insert(path.clone(), text);
                in_head.insert(path, entry.id());
            }
            TreeWalkResult::Ok
        });
        walked.map_err(said)?;
        let refs = refs(&git).map_err(said)?;
        let index = git.index().map_err(said)?;
        let entries = index.iter().map(|entry| (String::from_utf8_lossy(&entry.path).into_owned(), entry.id));
        let in_index = entries.filter(|(path, _)| is_record(path)).collect();

        let (mut in_work, mut work, mut others) = (BTreeMap::new(), Texts::new(), BTreeMap::new());
        let (mut left, mut stray) = (locks(&world.common_dir()), vec![]);
        for path in files(&world.top()) {
            let name = path.strip_prefix(world.top()).unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
            let own = path.file_name().unwrap().to_str().unwrap();
            if own.starts_with(".inc-") {
                left.push(path);
            } else if is_record(&name) {
                in_work.insert(name.clone(), Oid::hash_object(ObjectType::Blob, &bytes).map_err(said)?);
                work.insert(name, masked(&bytes));
            } else if name.starts_with("incidents/") || name.starts_with("pdcas/") {
                stray.push(path);
            } else {
                others.insert(name.into(), bytes);
            }
        }
        Ok(Self {
            head: commit.id(),
            work,
            committed,
            ids: [in_head, in_index, in_work],
            refs,
            others,
            left,
            stray,
        })
    }

    /// The records about which HEAD, index and work tree are not of one mind.
    pub fn split(&self) -> Vec<(String, Split)> {
        let [head, index, work] = &self.ids;
        let paths: BTreeSet<&String> = self.ids.iter().flat_map(BTreeMap::keys).collect();
        let all = paths.into_iter().map(|path| {
            let by_index = head.get(path) != index.get(path);
            (path.clone(), Split { by_index, by_work: head.get(path) != work.get(path) })
        });
        all.filter(|(_, split)| split.by_index || split.by_work).collect()
    }
}

/// What of a record is not as HEAD has it.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    pub by_index: bool,
    pub by_work: bool,
}

/// What the user has staged, as a patch, and what else git says of files that are no records.
#[derive(PartialEq, Eq)]
pub struct Dirt {
    pub staged: String,
    pub status: String,
}

impl Dirt {
    pub fn read(world: &World) -> Self {
        let ask = |question: &[&str]| world.git(&[question, &["--", ".", ":!incidents", ":!pdcas"]].concat());
        Self {
            staged: ask(&["diff", "--cached", "--binary", "--full-index"]),
            status: ask(&["status", "--porcelain=v2", "--untracked-files=all"]),
        }
    }
}

/// How many commits there are from `base` to HEAD, or `None` where `base` is not below HEAD.
pub fn commits_since(world: &World, base: Oid) -> Option<usize> {
    let git = Repository::open(world.top()).ok()?;
    let head = git.head().ok()?.peel_to_commit().ok()?.id();
    if head != base && !git.graph_descendant_of(head, base).ok()? {
        return None;
    }
    Some(git.graph_ahead_behind(head, base).ok()?.0)
}

fn refs(git: &Repository) -> Result<Vec<String>, git2::Error> {
    let head = git.find_reference("HEAD")?;
    let branch = head.symbolic_target().ok().flatten().unwrap_or("detached").to_owned();
    let mut all = vec![format!("HEAD -> {branch}")];
    for reference in git.references()? {
        let reference = reference?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        if name != branch {
            all.push(format!("{name} {:?}", reference.target()));
        }
    }
    all.sort();
    Ok(all)
}

fn is_record(path: &str) -> bool {
    (path.starts_with("incidents/") || path.starts_with("pdcas/")) && path.ends_with(".yaml")
}

/// Every file below a work tree's top, without git's own.
pub fn files(top: &Path) -> Vec<PathBuf> {
    let (mut all, mut folders) = (vec![], vec![top.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            if entry.file_name() == ".git" {
                continue;
            }
            let is_folder = entry.file_type().unwrap().is_dir();
            if is_folder { &mut folders } else { &mut all }.push(entry.path());
        }
    }
    all
}

/// Locks and journals below git's folder, those of linked work trees too.
pub fn locks(git_dir: &Path) -> Vec<PathBuf> {
    let is_left = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let ours = path.parent().is_some_and(|folder| folder == git_dir.join("inc"));
        name.ends_with(".lock") || (ours && (name.starts_with("journal") || name.ends_with(".tmp")))
    };
    files(git_dir).into_iter().filter(|path| is_left(path)).collect()
}

/// The text with every uid replaced by the same.
pub fn masked(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let is_uid = |word: &str| {
        word.len() == 26
            && word.starts_with("01")
            && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z'))
    };
    let mut result = String::with_capacity(text.len());
    let mut word = String::new();
    for char in text.chars().chain(['\0']) {
        if char.is_ascii_alphanumeric() {
            word.push(char);
            continue;
        }
        result.push_str(if is_uid(&word) { "<uid>" } else { &word });
        word.clear();
        if char != '\0' {
            result.push(char);
        }
    }
    result
}
