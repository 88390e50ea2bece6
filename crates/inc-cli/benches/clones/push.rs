//! Eight clones that push at once, without a break: everybody gets through, after so many tries and so much time.

use std::time::Duration;

use crate::hand::Made;
use crate::many::Found;
use crate::team::{Sync, Team, Work};
use crate::{Scale, Table};

const CLONES: usize = 8;

/// Prints what came of it.
pub fn push(table: &mut Table, scale: Scale) {
    let changes = scale.of(10, 3);
    let team = Team::new(CLONES);
    let Work { made, syncs } = team.work(changes, 10, scale.seed);
    let all = CLONES * changes;
    let failed: Vec<String> =
        syncs.iter().filter(|sync| sync.code != 0).map(|sync| sync.words.clone()).collect();
    table.none(
        &format!(
            "{CLONES} clones x {changes} changes, each synced at once: syncs that ended badly, of {all}"
        ),
        &failed,
    );
    let tries: Vec<u64> = sorted(&syncs, |sync| sync.tries);
    table.plain(
        "  pushes a sync: median, p99, most",
        &format!("{} {} {}", median(&tries), p99(&tries), tries[tries.len() - 1]),
    );
    let times: Vec<Duration> = sorted(&syncs, |sync| sync.took);
    let shown = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let [half, most, last] = [median(&times), p99(&times), times[times.len() - 1]].map(shown);
    table.plain("  time a sync: median, p99, longest", &format!("{half} {most} {last}"));
    table.count("  changes that are there", there(&team, &made), all);
}

/// How many of the changes the remote has, read in a clone that syncs once more.
fn there(team: &Team, made: &[Made]) -> usize {
    assert_eq!(team.sync(0).code, 0, "a sync with nobody beside it");
    made.len() - Found::look(team, made).lost.len()
}

fn sorted<T: Ord>(syncs: &[Sync], of: impl Fn(&Sync) -> T) -> Vec<T> {
    let mut all: Vec<T> = syncs.iter().map(of).collect();
    all.sort();
    all
}

fn median<T: Copy>(sorted: &[T]) -> T {
    sorted[sorted.len() / 2]
}

/// What 99 of a hundred do not go beyond.
fn p99<T: Copy>(sorted: &[T]) -> T {
    sorted[(sorted.len() * 99).div_ceil(100).saturating_sub(1)]
}
