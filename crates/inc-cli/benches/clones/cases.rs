//! Merges of one record that clones at work came to: the base, what each side made of it, and its path.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use git2::{Commit, Oid, Repository};

use crate::many::SYNCS_IN_TEN;
use crate::team::Team;

/// Three texts to merge.
pub struct Case {
    pub path: PathBuf,
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

/// The merges of a team's work: each record that both sides of a merge commit changed, each in its own way.
///
/// Where the sides have more than one base, git merges a made-up one: those are left out.
pub fn of_a_team(clones: usize, changes: usize, seed: u64) -> Vec<Case> {
    let team = Team::new(clones);
    team.work(changes, SYNCS_IN_TEN, seed);
    team.settle();
    let repository = Repository::open(&team.places[0].top).unwrap();
    let mut walk = repository.revwalk().unwrap();
    walk.push_head().unwrap();
    let files: Vec<PathBuf> = team.files().collect();
    let commits = walk.map(|id| repository.find_commit(id.unwrap()).unwrap());
    commits
        .filter(|commit| commit.parent_count() == 2)
        .flat_map(|merge| of_merge(&repository, &merge, &files))
        .collect()
}

fn of_merge(repository: &Repository, merge: &Commit<'_>, files: &[PathBuf]) -> Vec<Case> {
    let sides: Vec<Oid> = merge.parent_ids().collect();
    let bases = repository.merge_bases(sides[0], sides[1]).unwrap();
    if bases.len() != 1 {
        return vec![];
    }
    let case = |path: &PathBuf| {
        let [base, ours, theirs] =
            [bases[0], sides[0], sides[1]].map(|commit| text(repository, commit, path));
        let case = Case { path: path.clone(), base: base?, ours: ours?, theirs: theirs? };
        (BTreeSet::from([&case.base, &case.ours, &case.theirs]).len() == 3).then_some(case)
    };
    files.iter().filter_map(case).collect()
}

fn text(repository: &Repository, commit: Oid, path: &Path) -> Option<String> {
    let tree = repository.find_commit(commit).ok()?.tree().ok()?;
    let blob = repository.find_blob(tree.get_path(path).ok()?.id()).ok()?;
    String::from_utf8(blob.content().to_vec()).ok()
}
