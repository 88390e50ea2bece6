//! That nothing is lost: entries for one incident, every verb over many, and both beside a person at work.

use std::fs;
use std::time::Duration;

use crate::Table;
use crate::rivals;
use crate::support::crowd::{self, Appender, Place, Tally, WAYS};
use crate::support::ledger::{Before, Found};
use crate::support::person::{self, Day};
use crate::support::{ID, TestRepo};

const PROCESSES: usize = 16;

/// 16 processes append to one incident.
pub fn one_incident(table: &mut Table, quick: bool) {
    let each = if quick { 4 } else { 50 };
    for (way, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let place = with_work_in_progress(&repo, inc_git);
        let before = Before::look(&place);
        let writer = |number| Appender { number, incident: ID.into(), left: each };
        let tally = crowd::run(&place, (0..PROCESSES).map(writer).collect(), None);
        let found = before.check(&place, &tally);
        let name = format!("{PROCESSES} x {each} appends to one incident, {way}");
        report(table, &name, PROCESSES * each, &tally, &found);
    }
}

/// 16 processes change 16 incidents and their PDCAs by every verb.
pub fn many_incidents(table: &mut Table, quick: bool) {
    let changes = if quick { 64 } else { 1_000 };
    for (way, inc_git) in WAYS {
        let repo = TestRepo::new();
        let place = with_work_in_progress(&repo, inc_git);
        let records = crowd::prepare(&place, PROCESSES);
        let before = Before::look(&place);
        let tally = crowd::run(&place, crowd::mixed(PROCESSES, changes, &records), None);
        let found = before.check(&place, &tally);
        let name = format!("{changes} mixed changes of {PROCESSES} incidents, {way}");
        report(table, &name, changes, &tally, &found);
    }
}

/// The same beside a person, and the same person beside as many loops of plain git.
///
/// The writers keep a pace, so that the person meets as many changes in both cases; without it the slower side would
/// disturb less.
pub fn beside_a_person(table: &mut Table, quick: bool) {
    let (changes, seconds) = if quick { (48, 6) } else { (240, 30) };
    let pace = Duration::from_secs(seconds) * PROCESSES as u32 / changes as u32;
    let (git, beside_git) = {
        let repo = TestRepo::new();
        let place = Place::new(&repo, None);
        rivals::arrive(&place, PROCESSES);
        person::arrive(&place);
        person::beside(&place, true, || rivals::commits(&place, PROCESSES, changes / PROCESSES, pace))
    };
    let by = format!("{PROCESSES} loops of git commit --only, again on index.lock");
    table.plain(&format!("a person beside {by}"), &shown(&beside_git));
    table.plain("  changes a second beside which that was", &format!("{:.1}", git.rate));
    table.plain("  the loops' commits that git refused and a loop tried again", &git.again.to_string());
    table.plain("  the loops' changes that git stash took away, made anew", &git.swept.to_string());
    let there = git.commits.to_string();
    table.plain("  the loops' commits that are there", &format!("{there} of {changes}"));
    table.plain("  the person's commits that hold a loop's file as well", &git.meddled.to_string());
    table.plain("  the person's work that could not be mended", &beside_git.stuck.len().to_string());
    table.note(&beside_git.stuck);
    for (way, inc_git) in WAYS {
        let repo = TestRepo::new();
        let place = Place::new(&repo, inc_git);
        let records = crowd::prepare(&place, PROCESSES);
        person::arrive(&place);
        let before = Before::look(&place);
        let writers = crowd::mixed(PROCESSES, changes, &records);
        let (tally, day) = person::beside(&place, true, || crowd::run(&place, writers, Some(pace)));
        let found = before.check_records(&place, &tally);
        let name = format!("{changes} mixed changes beside a person, {way}");
        report(table, &name, changes, &tally, &found);
        let limit = no_worse_than(&beside_git, &day);
        let threshold = format!("<= {:.1} %: git's and chance", limit * 100.0);
        table.judged("  the person's commands that failed", &shown(&day), &threshold, share(&day) <= limit);
        table.note(&day.failed);
        let (stuck, base) = (day.stuck.len(), beside_git.stuck.len());
        let name = "  the person's work that could not be mended";
        table.judged(name, &stuck.to_string(), &format!("<= {base}: git's"), stuck <= base);
        table.note(&day.stuck);
    }
}

fn shown(day: &Day) -> String {
    format!("{}/{} = {:.1} %", day.failed.len(), day.commands, share(day) * 100.0)
}

/// Which part of the commands failed.
fn share(day: &Day) -> f64 {
    day.failed.len() as f64 / day.commands.max(1) as f64
}

/// The share of failures that still may be the same as the baseline's: two standard errors of the difference above.
fn no_worse_than(base: &Day, ours: &Day) -> f64 {
    let all = (base.commands + ours.commands).max(1) as f64;
    let both = (base.failed.len() + ours.failed.len()) as f64 / all;
    let spread =
        both * (1.0 - both) * (1.0 / base.commands.max(1) as f64 + 1.0 / ours.commands.max(1) as f64);
    share(base) + 2.0 * spread.sqrt()
}

/// A place where a file is staged and another one edited.
fn with_work_in_progress(repo: &TestRepo, inc_git: Option<&str>) -> Place {
    let place = Place::new(repo, inc_git);
    let write = |name: &str, text: &str| fs::write(place.top.join(name), text).unwrap();
    write("edited", "before\n");
    place.git(&["add", "edited"]);
    place.git(&["commit", "--quiet", "--message=edited"]);
    write("edited", "after\n");
    write("staged", "staged\n");
    place.git(&["add", "staged"]);
    place
}

fn report(table: &mut Table, name: &str, changes: usize, tally: &Tally, found: &Found) {
    table.count(&format!("{name}: present"), found.present, changes);
    table.count("  commits of records", found.commits, changes);
    table.none("  refused", &tally.refused);
    table.none("  faults: history, record, index, work tree, staged, fsck, locks", &found.faults);
    table.plain("  changes a second; the longest took", &tally.pace());
}
