//! What ours is held against: plain git in a loop, the script that a person would write, a bare write and fsync.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::crowd::Place;

/// What a loop came to.
pub struct Loop {
    pub done: usize,
    pub rate: f64,
}

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

/// Loops of append and `git commit --only`, each on its own file at its pace, tried again until git takes it.
///
/// It is git as most have it: nothing synced. A script would lose changes without the retries; with them it holds
/// the index for no longer than ours has to.
pub fn commits(place: &Place, loops: usize, each: usize, pace: Duration) -> Loop {
    let start = Instant::now();
    thread::scope(|scope| {
        for number in 0..loops {
            scope.spawn(move || {
                let file = file(number);
                let mut due = Instant::now();
                for nth in 0..each {
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    due += pace;
                    append(&place.top.join(&file), &format!("change {nth}\n"), false);
                    while !commit(place, &file, &[]) {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
    });
    let done = loops * each;
    Loop { done, rate: done as f64 / start.elapsed().as_secs_f64() }
}

/// Everything on disk before git says so, as ours.
pub const SYNCED: [&str; 4] = ["-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync"];

/// One `git commit --only`, and whether git took it.
pub fn commit(place: &Place, file: &str, settings: &[&str]) -> bool {
    let mut command = place.command("git");
    command.args(settings).args(["commit", "--quiet", "--only", "--message=a change", "--", file]);
    command.output().unwrap().status.success()
}

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
