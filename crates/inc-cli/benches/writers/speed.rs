//! How fast it goes: appends a second of eight processes, one append alone, and the script instead.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::Table;
use crate::rivals::{self, SYNCED};
use crate::support::crowd::{self, Appender, Place, WAYS};
use crate::support::ledger::Before;
use crate::support::{ID, TestRepo};

const PROCESSES: usize = 8;
/// Appends a second that are enough on any disk.
const ENOUGH: f64 = 100.0;
/// What is enough on a slow one: this part of a bare loop of write and fsync.
const PART: f64 = 0.5;

/// Appends a second, synced: to one incident, whose record grows to eight times the length, and to one each.
pub fn rate(table: &mut Table, quick: bool) {
    for (way, inc_git) in WAYS {
        rate_of(table, quick, way, inc_git, 1);
        rate_of(table, quick, way, inc_git, PROCESSES);
    }
}

fn rate_of(table: &mut Table, quick: bool, way: &str, inc_git: Option<&str>, incidents: usize) {
    let each = if quick { 5 } else { 50 };
    let repo = TestRepo::with_incident();
    let place = Place::new(&repo, inc_git);
    let ids = if incidents == 1 { vec![ID.to_owned()] } else { crowd::prepare(&place, incidents).0 };
    let before = Before::look(&place);
    let writer = |number: usize| Appender { number, incident: ids[number % incidents].clone(), left: each };
    // Before and after, since the disk is not ours alone.
    let first = rivals::bare(&place, 100);
    let tally = crowd::run(&place, (0..PROCESSES).map(writer).collect(), None);
    let bare = f64::midpoint(first, rivals::bare(&place, 100));
    let found = before.check(&place, &tally);
    let limit = ENOUGH.min(PART * bare);
    let name = format!("appends a second, {PROCESSES} processes x {each}, synced, to {incidents}, {way}");
    let threshold = format!(">= {limit:.1}: 100 or {PART} of bare");
    let rate = format!("{:.1}", tally.rate());
    // The figure is that of a plain repository; through git it is what the user's git and hooks make of it.
    match inc_git {
        None => table.judged(&name, &rate, &threshold, tally.rate() >= limit),
        Some(_) => table.plain(&name, &rate),
    }
    table.plain("  a bare loop of write + fsync, a second", &format!("{bare:.1}"));
    table.plain("  ours of bare", &format!("{:.3}", tally.rate() / bare));
    table.count("  entries present", found.present, PROCESSES * each);
    table.none("  faults", &found.faults);
}

/// One append while nobody else writes, against a synced `git commit --only` of the same file.
pub fn latency(table: &mut Table, quick: bool) {
    let rounds = if quick { 5 } else { 40 };
    let repo = TestRepo::with_incident();
    let places = WAYS.map(|(_, inc_git)| Place::new(&repo, inc_git));
    let record = format!("incidents/2023/{ID}.yaml");
    let mut times: [Vec<Duration>; 3] = Default::default();
    // In turn, so that a noisy machine and a growing record disturb all alike.
    for round in 0..rounds {
        for (place, times) in places.iter().zip(&mut times) {
            let text = format!("round {round}");
            let mut append = place.command("inc-timeline");
            times.push(time(append.args(["add", ID, &text])));
        }
        let place = &places[0];
        rivals::append(&place.top.join(&record), &format!("# by hand {round}\n"), false);
        let mut commit = place.command("git");
        commit.args(SYNCED).args(["commit", "--quiet", "--only", "--message=by hand", "--", &record]);
        times[2].push(time(&mut commit));
    }
    let [ours, program, git] = times.map(median);
    table.plain("git commit --only, core.fsync=all, alone", &format!("{git:.1?}"));
    for ((way, _), took) in WAYS.into_iter().zip([ours, program]) {
        let ratio = took.as_secs_f64() / git.as_secs_f64();
        table.plain(&format!("one append alone, {way}; of git's"), &format!("{took:.1?}; {ratio:.2}"));
    }
}

/// The script that a person would write instead.
pub fn script(table: &mut Table, quick: bool) {
    let each = if quick { 5 } else { 25 };
    for (name, settings) in [("as git is", &[][..]), ("synced", &SYNCED)] {
        let repo = TestRepo::new();
        let place = Place::new(&repo, None);
        if !place.command("flock").arg("--version").output().is_ok_and(|output| output.status.success()) {
            table.plain("flock; printf >> file; git add; git commit", "no flock(1) here");
            return;
        }
        let script = rivals::script(&place, PROCESSES, each, settings);
        let name =
            format!("flock; printf >> file; git add; git commit, {PROCESSES} processes, {name}, a second");
        table.plain(&name, &format!("{:.1}", script.rate));
        table.count("  commits", script.done, PROCESSES * each);
    }
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
