//! A repository in which histories meet, as its user sees it: files, index, commits at both ends, settings.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::state::{files, locks};
use crate::world::World;

/// What a sound run leaves is this, to the letter; the tree of each commit counts, not its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Every file of the work tree.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The index, with all stages of what is unmerged.
    pub index: String,
    /// HEAD: the branch that it names.
    pub branch: String,
    /// Tree and subject of each commit of `main`, in an order that does not depend on how they came together.
    pub history: Vec<String>,
    /// The tree of `main` here, and at the other end.
    pub trees: [String; 2],
    pub stashed: String,
    /// What is staged and edited, of files that are no records.
    pub users: [String; 2],
    /// What the clone is told of the driver; what else git puts there is its own affair.
    pub settings: String,
}

impl Seen {
    /// Reads it all; what is not there is empty.
    pub fn of(world: &World) -> Self {
        let ask = |line: &str| {
            let (ok, text) = world.git_result(&line.split(' ').collect::<Vec<_>>());
            if ok { text.trim_end().to_owned() } else { String::new() }
        };
        let mut history: Vec<String> = ask("log --format=%T%x20%s main").lines().map(str::to_owned).collect();
        history.sort();
        let others = "-- . :!incidents :!pdcas";
        let name = |path: PathBuf| path.strip_prefix(world.top()).unwrap().to_string_lossy().into_owned();
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).unwrap_or_default();
            (name(path), bytes)
        };
        Self {
            files: files(&world.top()).into_iter().map(read).collect(),
            index: ask("ls-files --stage"),
            branch: ask("symbolic-ref HEAD"),
            history,
            trees: [ask("rev-parse --verify main^{tree}"), ask("-C ../bare rev-parse --verify main^{tree}")],
            stashed: ask("stash list --format=%T"),
            users: [
                ask(&format!("diff --cached --binary --full-index {others}")),
                ask(&format!("diff --binary --full-index {others}")),
            ],
            settings: ask("config --local --get-regexp ^merge\\."),
        }
    }

    /// The first thing that differs.
    pub fn differs(&self, other: &Seen) -> Option<String> {
        let paths = self.files.keys().chain(other.files.keys());
        if let Some(path) = paths.into_iter().find(|path| self.files.get(*path) != other.files.get(*path)) {
            let words = |seen: &Seen| {
                seen.files.get(path).map_or("absent".to_owned(), |bytes| format!("{} bytes", bytes.len()))
            };
            return Some(format!("{path}: {}, expected {}", words(self), words(other)));
        }
        let parts = |seen: &Seen| {
            [
                ("the index", seen.index.clone()),
                ("HEAD", seen.branch.clone()),
                ("the history", seen.history.join(", ")),
                ("the trees", seen.trees.join(" and at the other end ")),
                ("the stash", seen.stashed.clone()),
                ("what is staged", seen.users[0].clone()),
                ("what is edited", seen.users[1].clone()),
                ("the settings", seen.settings.clone()),
            ]
        };
        let pairs = parts(self).into_iter().zip(parts(other));
        let differs = pairs.into_iter().find(|((_, here), (_, there))| here != there)?;
        let ((what, here), (_, there)) = differs;
        Some(format!("{what}: {}, expected {}", here.replace('\n', " | "), there.replace('\n', " | ")))
    }
}

/// Locks and journals of both ends, and git's and our temporary files in the work tree.
pub fn left(world: &World) -> Vec<PathBuf> {
    let mut left: Vec<PathBuf> = vec![];
    for folder in [world.common_dir(), world.root().join("bare")] {
        if folder.is_dir() {
            left.extend(locks(&folder));
        }
    }
    let is_temporary = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        [".inc-", ".merge_file_"].iter().any(|start| name.starts_with(start))
    };
    left.extend(files(&world.top()).into_iter().filter(is_temporary));
    left
}
