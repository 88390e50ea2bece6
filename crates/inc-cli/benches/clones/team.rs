//! Clones of one repository with a bare remote between them, each worked on by somebody else.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::dice::Dice;
use crate::hand::{Hand, Made};
use crate::support::crowd::{self, Place};
use crate::support::{TestRepo, clones};

/// The records: the first of each kind is everybody's favourite.
pub const RECORDS: usize = 4;

/// The clones, which live as long as the repository from which they were made.
pub struct Team {
    pub places: Vec<Place>,
    /// Incidents and PDCAs, by their ids.
    pub records: (Vec<String>, Vec<String>),
    clock: AtomicU64,
    /// Its folder lives as long as the team, whose threads have no use for it.
    _repo: Mutex<TestRepo>,
}

/// One sync.
pub struct Sync {
    pub code: i32,
    pub tries: u64,
    pub conflicts: usize,
    pub took: Duration,
    pub words: String,
}

/// What the clones did.
#[derive(Default)]
pub struct Work {
    pub made: Vec<Made>,
    pub syncs: Vec<Sync>,
}

impl Team {
    /// So many clones of a repository with a few records.
    pub fn new(clones: usize) -> Self {
        let repo = TestRepo::new();
        let place = Place::new(&repo, None);
        let records = crowd::prepare(&place, RECORDS);
        for pdca in &records.1 {
            prepare(&place, pdca);
        }
        let remote = clones::bare(&repo, "remote.git");
        let places = (0..clones).map(|number| {
            let top = clones::told(&repo, &remote, &format!("clone{number}"));
            let mut own = place.clone();
            own.top = top;
            own
        });
        Self { places: places.collect(), records, clock: AtomicU64::new(0), _repo: Mutex::new(repo) }
    }

    /// Every clone makes `changes`, and syncs so many times of ten after one; all at once, each in its own order.
    pub fn work(&self, changes: usize, syncs_in_ten: u64, seed: u64) -> Work {
        let mut all = Work::default();
        thread::scope(|scope| {
            let hands: Vec<_> = (0..self.places.len())
                .map(|number| scope.spawn(move || self.one(number, changes, syncs_in_ten, seed)))
                .collect();
            for work in hands.into_iter().map(|hand| hand.join().unwrap()) {
                all.made.extend(work.made);
                all.syncs.extend(work.syncs);
            }
        });
        all
    }

    fn one(&self, number: usize, changes: usize, syncs_in_ten: u64, seed: u64) -> Work {
        let mut dice = Dice::from(seed * 1_000 + number as u64);
        let mut hand = Hand::new(number, self);
        let mut work = Work::default();
        for _ in 0..changes {
            work.made.push(hand.change(&mut dice));
            if dice.in_ten(syncs_in_ten) {
                work.syncs.push(self.sync(number));
            }
        }
        work
    }

    /// One sync of one clone.
    pub fn sync(&self, number: usize) -> Sync {
        let start = Instant::now();
        let output = self.run(number, "inc-sync", &["--format", "json"]);
        let took = start.elapsed();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        Sync {
            code: output.status.code().unwrap_or(-1),
            tries: told["tries"].as_u64().unwrap_or_default(),
            conflicts: told["conflicts"].as_array().map_or(0, Vec::len),
            took,
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Everybody syncs until nothing moves.
    pub fn settle(&self) -> Vec<Sync> {
        let mut syncs = vec![];
        // Two rounds bring everything everywhere; a third shows that nothing moves.
        for _ in 0..10 {
            let before = self.heads();
            syncs.extend((0..self.places.len()).map(|number| self.sync(number)));
            if before == self.heads() {
                break;
            }
        }
        syncs
    }

    /// The commit of each clone.
    pub fn heads(&self) -> Vec<String> {
        self.places.iter().map(|place| place.git(&["rev-parse", "HEAD"]).trim().to_owned()).collect()
    }

    /// A program in a clone, a second after the one before.
    pub fn run(&self, number: usize, program: &str, args: &[&str]) -> Output {
        let second = self.clock.fetch_add(1, Ordering::Relaxed);
        let (hour, minute, second) = (13 + second / 3600, second / 60 % 60, second % 60);
        let now = format!("2023-03-27T{hour:02}:{minute:02}:{second:02}Z");
        let by = format!("clone{number} <clone{number}@example.com>");
        let mut command = self.places[number].command(program);
        command.args(args).env("INC_NOW", now).env("INC_AUTHOR", by).output().unwrap()
    }

    /// The files of all records, from the top of a clone.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let [incidents, pdcas] = [("incidents", &self.records.0), ("pdcas", &self.records.1)]
            .map(|(folder, ids)| ids.iter().map(move |id| file(folder, id)));
        incidents.chain(pdcas)
    }
}

/// Where a record lies.
pub fn file(folder: &str, id: &str) -> PathBuf {
    Path::new(folder).join(&id[..4]).join(format!("{id}.yaml"))
}

/// A PDCA with a cause and a countermeasure that works, for others to add to.
fn prepare(place: &Place, pdca: &str) {
    let lines: [&[&str]; 3] = [
        &["why", pdca, "The disk was full", "--occurrence", "--root-cause", "RC1"],
        &[
            "countermeasure",
            pdca,
            "Watch it",
            "--root-cause",
            "RC1",
            "--check",
            "Fill it",
            "--check-on",
            "today",
        ],
        &["done", pdca, "C1"],
    ];
    for line in lines {
        let output = place.command("pdca").args(line).output().unwrap();
        assert!(output.status.success(), "pdca {line:?}: {output:?}");
    }
    let args = ["check", pdca, "C1", "ok", "--evidence", "It called"];
    let output = place.command("pdca").args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
