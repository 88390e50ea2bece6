//! Eight clones, a hundred changes each, syncs at random: everything is everywhere at the end, and nobody was asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::hand::{Made, Mark};
use crate::history::{self, History};
use crate::record::{Record, at, says, uids};
use crate::team::{Sync, Team, Work};
use crate::{Scale, Table};

const CLONES: usize = 8;

/// Of ten changes, how many are followed by a sync.
pub const SYNCS_IN_TEN: u64 = 3;

/// Prints what came of it.
pub fn many(table: &mut Table, scale: Scale) {
    let changes = scale.of(100, 12);
    let team = Team::new(CLONES);
    let Work { made, mut syncs } = team.work(changes, SYNCS_IN_TEN, scale.seed);
    syncs.extend(team.settle());
    table.count(
        &format!("{CLONES} clones x {changes} changes, synced at random: changes made"),
        made.len(),
        CLONES * changes,
    );
    let found = Found::look(&team, &made);
    table.count("  changes that stand in every clone", made.len() - found.lost.len(), made.len());
    table.note(&found.lost);
    table.plain("  of them values that somebody replaced who had seen them", &found.replaced.to_string());
    let heads: BTreeSet<String> = team.heads().into_iter().collect();
    table.count("  commits at which the clones stand", heads.len(), 1);
    told(table, &syncs);
    table.plain("  contested values", &found.contested.to_string());
    table.none("  contested where no two clones set the same value", &found.wrongly);
    table.none("  records that cannot be read, errors that lint finds, files not committed", &found.faults);
}

/// Prints what the syncs came to.
fn told(table: &mut Table, syncs: &[Sync]) {
    let failed = |sync: &&Sync| sync.code != 0;
    let words: Vec<String> =
        syncs.iter().filter(failed).map(|sync| format!("{}: {}", sync.code, sync.words)).collect();
    table.none(&format!("  of {} syncs, ended with another code than 0", syncs.len()), &words);
    let asked = syncs.iter().map(|sync| sync.conflicts).sum();
    table.count("  files that somebody was asked to settle", asked, 0);
}

/// What was found in the clones.
pub struct Found {
    /// Changes that left no trace.
    pub lost: Vec<String>,
    replaced: usize,
    contested: usize,
    wrongly: Vec<String>,
    faults: Vec<String>,
}

impl Found {
    /// Looks into the first clone, which has synced, and whether all have committed what lies in them.
    pub fn look(team: &Team, made: &[Made]) -> Self {
        let history = History::of(&team.places[0]);
        let mut found = Self { lost: vec![], replaced: 0, contested: 0, wrongly: vec![], faults: vec![] };
        found.same_files(team);
        let values = found.read(team);
        let added = history::added(&team.places[0]);
        for one in made {
            let Some(value) = values.get(&one.file) else { continue };
            match standing(one, value, &added, &history, made) {
                Standing::There => {}
                Standing::Replaced => found.replaced += 1,
                Standing::Lost(why) => found.lost.push(format!("{one:?}: {why}")),
            }
        }
        for (file, value) in &values {
            found.judge_contested(file, value, made, &history);
        }
        found
    }

    /// What lies in a clone is what is committed there, so that one HEAD tells of all.
    fn same_files(&mut self, team: &Team) {
        for place in &team.places {
            let status = place.git(&["status", "--porcelain"]);
            if !status.is_empty() {
                self.faults.push(format!("{}: {status}", place.top.display()));
            }
        }
    }

    fn read(&mut self, team: &Team) -> BTreeMap<PathBuf, Value> {
        let mut values = BTreeMap::new();
        for file in team.files() {
            let text = fs::read_to_string(team.places[0].top.join(&file)).unwrap_or_default();
            match Record::read(&text) {
                Ok(record) => {
                    self.faults
                        .extend(record.errors().iter().map(|error| format!("{}: {error}", file.display())));
                    values.insert(file, record.value());
                }
                Err(why) => self.faults.push(format!("{}: {why}", file.display())),
            }
        }
        values
    }

    /// Each contested value is one that two clones set, neither of which knew of the other.
    fn judge_contested(&mut self, file: &PathBuf, value: &Value, made: &[Made], history: &History) {
        for contested in value["contested"].as_array().into_iter().flatten() {
            self.contested += 1;
            let path = contested["path"].as_str().unwrap_or_default();
            let set: Vec<&Made> =
                made.iter().filter(|one| one.file == *file && one.mark.sets(path)).collect();
            let apart = |a: &Made, b: &Made| {
                a.by != b.by && !history.knows(&a.commit, &b.commit) && !history.knows(&b.commit, &a.commit)
            };
            if !set.iter().any(|a| set.iter().any(|b| apart(a, b))) {
                self.wrongly.push(format!("{}: {contested}", file.display()));
            }
        }
    }
}

impl Mark {
    /// Whether a change of this kind sets the value at this path.
    fn sets(&self, path: &str) -> bool {
        match self {
            Self::Value(own) => *own == path,
            // A status comes with its instant.
            Self::Check(_) => path.contains("].check"),
            Self::Entry => matches!(path, "status" | "mitigated_at" | "resolved_at"),
            _ => false,
        }
    }
}

enum Standing {
    There,
    Replaced,
    Lost(&'static str),
}

/// Whether a change is in its record as it came to be.
fn standing(
    one: &Made,
    value: &Value,
    added: &HashMap<String, BTreeSet<String>>,
    history: &History,
    made: &[Made],
) -> Standing {
    if !history.has(&one.commit) {
        return Standing::Lost("its commit is not in the history");
    }
    let has = uids(value);
    let own = added.get(&one.commit).into_iter().flatten();
    let text = value.to_string();
    if own.clone().any(|uid| !text.contains(uid.as_str()) || has.get(uid).is_some_and(|count| *count > 1)) {
        return Standing::Lost("an entry that it added is not there just once");
    }
    let is_there = match &one.mark {
        Mark::Entry => own.count() > 0,
        Mark::Stays | Mark::Check(_) => value.to_string().contains(&format!("\"{}\"", one.token)),
        Mark::Done => value["countermeasures"].as_array().into_iter().flatten().any(|countermeasure| {
            countermeasure["title"] == one.token.as_str() && !countermeasure["done_on"].is_null()
        }),
        Mark::Value(path) => says(at(value, path), &one.token) || is_contested(value, path, &one.token),
    };
    let replaces = |other: &&Made| {
        other.file == one.file
            && other.mark == one.mark
            && other.commit != one.commit
            && history.has(&other.commit)
            && history.knows(&other.commit, &one.commit)
    };
    match is_there {
        true => Standing::There,
        false
            if matches!(one.mark, Mark::Value(_) | Mark::Check(_))
                && made.iter().any(|other| replaces(&other)) =>
        {
            Standing::Replaced
        }
        false => Standing::Lost("no trace of it is left"),
    }
}

fn is_contested(value: &Value, path: &str, token: &str) -> bool {
    let mut contested = value["contested"].as_array().into_iter().flatten();
    contested.any(|one| one["path"] == path && (says(&one["ours"], token) || says(&one["theirs"], token)))
}
