//! The history that the clones made together: who came after whom, and what each commit added.

use std::collections::{BTreeSet, HashMap};

use inc_core::id::Uid;

use crate::support::crowd::Place;

/// Every commit with those that it knows of, itself among them.
pub struct History {
    /// A place in the rows for each commit.
    places: HashMap<String, usize>,
    /// A bit for each commit that is an ancestor.
    rows: Vec<Vec<u64>>,
}

impl History {
    /// That of a clone's HEAD.
    pub fn of(place: &Place) -> Self {
        let listed = place.git(&["rev-list", "--topo-order", "--reverse", "--parents", "HEAD"]);
        let mut history = Self { places: HashMap::new(), rows: vec![] };
        let words = listed.lines().count().div_ceil(64);
        for line in listed.lines() {
            let mut commits = line.split(' ');
            let commit = commits.next().unwrap_or_default();
            let at = history.rows.len();
            let mut row = vec![0; words];
            row[at / 64] |= 1 << (at % 64);
            for parent in commits {
                let known = &history.rows[history.places[parent]];
                row.iter_mut().zip(known).for_each(|(word, other)| *word |= other);
            }
            history.places.insert(commit.to_owned(), at);
            history.rows.push(row);
        }
        history
    }

    /// Whether the commit is there.
    pub fn has(&self, commit: &str) -> bool {
        self.places.contains_key(commit)
    }

    /// Whether `later` knows of `earlier`; both are there.
    pub fn knows(&self, later: &str, earlier: &str) -> bool {
        let at = self.places[earlier];
        self.rows[self.places[later]][at / 64] >> (at % 64) & 1 == 1
    }
}

/// The uids that each commit but the merges added.
pub fn added(place: &Place) -> HashMap<String, BTreeSet<String>> {
    let log = place.git(&["log", "--no-merges", "--format=%x01%H", "-p", "--unified=0", "--no-renames"]);
    let commits = log.split('\u{1}').skip(1).map(|commit| {
        let mut lines = commit.lines();
        let name = lines.next().unwrap_or_default().to_owned();
        let uids = lines.filter_map(|line| line.strip_prefix('+').and_then(uid)).collect();
        (name, uids)
    });
    commits.collect()
}

/// The uid of a line such as `  - id: 01GWH…`.
fn uid(line: &str) -> Option<String> {
    let line = line.trim_start_matches([' ', '-']);
    let value = line.strip_prefix("id: ").or_else(|| line.strip_prefix("uid: "))?;
    value.trim().parse::<Uid>().ok().map(|_| value.trim().to_owned())
}
