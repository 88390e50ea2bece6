//! A person who works in the repository on other files, as people do: without waiting for anyone.
//!
//! Every git command is run once and counted; what fails is mended afterwards, uncounted, as the person would after
//! reading git's message. `git stash` is popped again, whatever it took, and dropped where that never works.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::crowd::Place;

/// What the person says of a note's commit.
pub const SUBJECT: &str = "a note";

/// How often a person maintains the repository: every so many rounds.
const GC_EVERY: usize = 8;

/// What a person's commands came to.
#[derive(Debug, Default)]
pub struct Day {
    pub commands: usize,
    pub failed: Vec<String>,
    /// What a person could not mend by trying again for a while.
    pub stuck: Vec<String>,
    pub rounds: usize,
    pub took: Duration,
}

/// The files that the person works on, committed.
pub fn arrive(place: &Place) {
    fs::create_dir_all(place.top.join("notes")).unwrap();
    fs::write(place.top.join("notes/scratch"), "first\n").unwrap();
    place.git(&["add", "notes"]);
    place.git(&["commit", "--quiet", "--message=notes", "--", "notes"]);
}

/// Does something while the person works, and lets the person finish the round.
///
/// One who `stashes` meets git's own race: it looks up HEAD before it takes a lock, so that a commit of that moment, git's or
/// ours, drops off the branch or turns up as an edit by hand. That is measured against git, and nothing to be sure of.
pub fn beside<T>(place: &Place, stashes: bool, something: impl FnOnce() -> T) -> (T, Day) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let person = scope.spawn(|| work(place, stashes, &stop));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(something));
        stop.store(true, Ordering::Relaxed);
        let day = person.join().unwrap();
        (result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)), day)
    })
}

/// Works until told to stop, a round after the other.
fn work(place: &Place, stashes: bool, stop: &AtomicBool) -> Day {
    let start = Instant::now();
    let mut day = Day::default();
    while !stop.load(Ordering::Relaxed) {
        round(place, stashes, &mut day);
        day.rounds += 1;
    }
    day.took = start.elapsed();
    day
}

fn round(place: &Place, stashes: bool, day: &mut Day) {
    let nth = day.rounds;
    let note = format!("notes/{nth}");
    fs::write(place.top.join(&note), "a note\n").unwrap();
    day.run_and_mend(place, &["add", &note]);
    day.run(place, &["status", "--short"]);
    day.run_and_mend(place, &["commit", "--quiet", "--message", SUBJECT]);
    fs::write(place.top.join("notes/scratch"), format!("round {nth}\n")).unwrap();
    if stashes {
        stash_and_pop(place, day);
    }
    if nth % GC_EVERY == GC_EVERY / 2 {
        day.run(place, &["repack", "-d", "--quiet"]);
    }
    if nth % GC_EVERY == GC_EVERY - 1 {
        day.run(place, &["gc", "--quiet"]);
    }
}

fn stash_and_pop(place: &Place, day: &mut Day) {
    let stashed = day.run(place, &["stash", "push", "--quiet"]);
    day.run(place, &["status", "--short"]);
    // A stash that fails may have kept the work and not have taken it away.
    let kept = !place.git(&["stash", "list"]).is_empty();
    if !stashed && kept {
        day.mend(place, &["checkout", "--quiet", "--", "notes/scratch"]);
    }
    if kept && !day.run(place, &["stash", "pop", "--quiet"]) {
        // It may have been unpacked already, and not dropped.
        day.mend(place, &["checkout", "--quiet", "--", "notes/scratch"]);
        if !day.mend(place, &["stash", "pop", "--quiet"]) {
            day.mend(place, &["stash", "drop", "--quiet"]);
        }
    }
}

impl Day {
    fn run(&mut self, place: &Place, args: &[&str]) -> bool {
        let output = place.command("git").args(args).output().unwrap();
        self.commands += 1;
        let done = output.status.success();
        if !done {
            let words = String::from_utf8_lossy(&output.stderr);
            let first = words.lines().next().unwrap_or_default();
            self.failed.push(format!("git {}: {first}", args.join(" ")));
        }
        done
    }

    fn run_and_mend(&mut self, place: &Place, args: &[&str]) {
        if !self.run(place, args) {
            self.mend(place, args);
        }
    }

    fn mend(&mut self, place: &Place, args: &[&str]) -> bool {
        let stuck = patiently(place, args).err();
        let mended = stuck.is_none();
        self.stuck.extend(stuck);
        mended
    }
}

/// Tries until it works or there is nothing left to do; not counted. What it cannot mend is why.
fn patiently(place: &Place, args: &[&str]) -> Result<(), String> {
    let mut said = String::new();
    for _ in 0..200 {
        let output = place.command("git").args(args).output().unwrap();
        said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let idle =
            ["nothing to commit", "nothing added to commit", "no changes added", "No stash entries found"];
        if output.status.success() || idle.iter().any(|words| said.contains(words)) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(15));
    }
    Err(format!("git {}: {}", args.join(" "), said.trim()))
}
