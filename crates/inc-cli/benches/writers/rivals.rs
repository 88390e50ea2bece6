//! What ours is held against: plain git in a loop, the script that a person would write, a bare write and fsync.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::crowd::Place;
use crate::support::person;

/// What a loop came to.
pub struct Loop {
    pub done: usize,
    pub rate: f64,
}

/// What the loops say of their commits.
const SUBJECT: &str = "a change";

fn file(number: usize) -> String {
    format!("plain/{number:02}")
}

/// A committed file for each of the loops.
pub fn arrive(place: &Place, loops: usize) {
    fs::create_dir_all(place.top.join("plain")).unwrap();
    for number in 0..loops {
        fs::write(place.top.join(file(number)), "first\n").unwrap();
    }
    place.git(&["add", "plain"]);
    place.git(&["commit", "--quiet", "--message=plain", "--", "plain"]);
}

/// What the loops of plain git came to.
pub struct Commits {
    pub rate: f64,
    /// Commits of the loops' files that are in the history.
    pub commits: usize,
    /// Commits of the person that hold a loop's file as well, changed or changed back.
    pub meddled: usize,
    /// How often git refused one, because another git held the index or had moved HEAD.
    pub again: usize,
    /// How often there was nothing to commit, because somebody's `git stash` or `git reset` had taken it away.
    pub swept: usize,
}

/// Loops of append and `git commit --only`, each on its own file at its pace, tried again until git takes it.
///
/// It is git as most have it: nothing synced. A script would lose changes without the retries; with them it holds
/// the index for no longer than ours has to.
pub fn commits(place: &Place, loops: usize, each: usize, pace: Duration) -> Commits {
    let start = Instant::now();
    let (again, swept) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..loops {
            let (again, swept) = (&again, &swept);
            scope.spawn(move || {
                let file = file(number);
                let mut due = Instant::now();
                for nth in 0..each {
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    due += pace;
                    let text = format!("change {nth}\n");
                    append(&place.top.join(&file), &text, false);
                    while let Some(words) = commit(place, &file) {
                        if words.contains("index.lock") || words.contains("cannot lock ref") {
                            again.fetch_add(1, Ordering::Relaxed);
                            thread::sleep(Duration::from_millis(20));
                        } else {
                            swept.fetch_add(1, Ordering::Relaxed);
                            append(&place.top.join(&file), &text, false);
                        }
                    }
                }
            });
        }
    });
    let took = start.elapsed().as_secs_f64();
    let log = place.git(&["log", "--format=%s", "--", "plain"]);
    let count = |subject: &str| log.lines().filter(|line| *line == subject).count();
    Commits {
        rate: (loops * each) as f64 / took,
        commits: count(SUBJECT),
        meddled: count(person::SUBJECT),
        again: again.into_inner(),
        swept: swept.into_inner(),
    }
}

/// One `git commit --only`, and what git said if it did not take it.
fn commit(place: &Place, file: &str) -> Option<String> {
    let mut command = place.command("git");
    command.args(["commit", "--quiet", "--only", "--message", SUBJECT, "--", file]);
    let output = command.output().unwrap();
    (!output.status.success())
        .then(|| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Everything on disk before git says so, as ours.
pub const SYNCED: [&str; 4] = ["-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync"];

/// Appends to a file.
pub fn append(path: &Path, text: &str, sync: bool) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    if sync {
        file.sync_all().unwrap();
    }
}

/// Writes and fsyncs a second, of one process that does nothing else, an entry's bytes each.
pub fn bare(place: &Place, times: usize) -> f64 {
    let path = place.top.join(".git/bare");
    let entry = "x".repeat(160);
    let start = Instant::now();
    for _ in 0..times {
        append(&path, &entry, true);
    }
    times as f64 / start.elapsed().as_secs_f64()
}

/// The script instead of ours: `processes` shells, each `each` times `printf >> file; git add; git commit` under
/// flock(1).
pub fn script(place: &Place, processes: usize, each: usize, settings: &[&str]) -> Loop {
    fs::write(place.top.join("log"), "").unwrap();
    let git = format!("git {}", settings.join(" "));
    let text = format!(
        "for nth in $(seq {each}); do flock .git/script sh -c \"printf 'entry %s\\n' $1.$nth >> log; {git} add log; \
         {git} commit --quiet --message 'entry'\"; done"
    );
    let count = || place.git(&["rev-list", "--count", "HEAD"]).trim().parse::<usize>().unwrap();
    let (before, start) = (count(), Instant::now());
    thread::scope(|scope| {
        for number in 0..processes {
            let mut shell = place.command("sh");
            shell.args(["-c", &text, "sh", &number.to_string()]);
            scope.spawn(move || shell.output().unwrap());
        }
    });
    let took = start.elapsed();
    let done = count() - before;
    Loop { done, rate: done as f64 / took.as_secs_f64() }
}
