//! Several programs that write at once: nothing is lost, each change is a commit.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::support::crowd::{self, Appender, Place, Tally, WAYS};
use crate::support::ledger::{Before, Found};
use crate::support::{ID, Output, TestRepo, person};

#[test]
fn six_processes_append_to_one_incident() {
    let repo = TestRepo::with_incident();
    let before = repo.commits().len();
    append_from_six(&repo, &[ID]);
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    let mut texts: Vec<_> =
        entries.as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect();
    texts.retain(|text| text.starts_with("entry "));
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 30, "{texts:?}");
    assert_eq!(repo.commits().len(), before + 30);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.git(&["fsck", "--strict", "--no-progress", "--no-dangling"]), "");
}

#[test]
fn six_processes_append_to_two_incidents_while_others_declare() {
    let repo = TestRepo::with_incident();
    let other = repo.declare("Disk full");
    let before = repo.commits().len();
    thread::scope(|scope| {
        let mut declarations = vec![];
        for _ in 0..3 {
            let mut command = repo.command("inc-declare");
            command.arg("Many saw it");
            declarations.push(scope.spawn(move || Output::of(&mut command)));
        }
        append_from_six(&repo, &[ID, &other]);
        let mut ids: Vec<String> = declarations
            .into_iter()
            .map(|declared| {
                let output = declared.join().unwrap();
                assert_eq!(output.code, 0, "{output:?}");
                output.stdout.trim_end().to_owned()
            })
            .collect();
        ids.sort();
        assert_eq!(ids, ["2023-03-27-many-saw-it", "2023-03-27-many-saw-it-2", "2023-03-27-many-saw-it-3"]);
    });
    let count = |id: &str| repo.ok("inc-timeline list --format json", &[id]).json().as_array().unwrap().len();
    assert_eq!((count(ID), count(&other)), (16, 16));
    assert_eq!(repo.commits().len(), before + 30 + 3);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

/// Thirty entries by six processes at a time, the incidents in turn.
fn append_from_six(repo: &TestRepo, incidents: &[&str]) {
    thread::scope(|scope| {
        for writer in 0..6 {
            let mut commands: Vec<_> = (0..5)
                .map(|nth| {
                    let mut command = repo.command("inc-timeline");
                    let incident = incidents[(writer + nth) % incidents.len()];
                    command
                        .args(["add", "--lock-timeout", "60", incident])
                        .arg(format!("entry {writer}.{nth}"));
                    command
                })
                .collect();
            scope.spawn(move || {
                for command in &mut commands {
                    let output = Output::of(command);
                    assert_eq!(output.code, 0, "{output:?}");
                }
            });
        }
    });
}

/// A file staged and another one edited, which no change may touch.
fn with_work_in_progress(repo: &TestRepo) {
    fs::write(repo.top().join("edited"), "before\n").unwrap();
    repo.git(&["add", "edited"]);
    repo.git(&["commit", "--quiet", "--message=edited"]);
    fs::write(repo.top().join("edited"), "after\n").unwrap();
    fs::write(repo.top().join("staged"), "staged\n").unwrap();
    repo.git(&["add", "staged"]);
}

/// All was acknowledged, all is there, a commit each.
#[track_caller]
fn assert_whole(way: &str, changes: usize, tally: &Tally, found: &Found) {
    assert_eq!(tally.refused, [""; 0], "{way}: {}", tally.pace());
    assert_eq!(found.faults, [""; 0], "{way}");
    assert_eq!((found.present, found.commits), (changes, changes), "{way}");
}

// The three that follow are the short form of `cargo bench -p inc-cli --bench writers`.

#[test]
fn entries_of_eight_processes_are_all_there() {
    for (way, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        with_work_in_progress(&repo);
        let place = Place::new(&repo, inc_git);
        let before = Before::look(&place);
        let writers = (0..8).map(|number| Appender { number, incident: ID.into(), left: 3 }).collect();
        let tally = crowd::run(&place, writers, None);
        assert_whole(way, 24, &tally, &before.check(&place, &tally));
    }
}

#[test]
fn changes_of_every_verb_by_six_processes_are_all_there() {
    for (way, inc_git) in WAYS {
        let repo = TestRepo::new();
        with_work_in_progress(&repo);
        let place = Place::new(&repo, inc_git);
        let records = crowd::prepare(&place, 6);
        let before = Before::look(&place);
        let tally = crowd::run(&place, crowd::mixed(6, 36, &records), None);
        assert_whole(way, 36, &tally, &before.check(&place, &tally));
    }
}

#[test]
fn changes_beside_a_person_at_work_are_all_there() {
    for (way, inc_git) in WAYS {
        let repo = TestRepo::new();
        let place = Place::new(&repo, inc_git);
        let records = crowd::prepare(&place, 4);
        person::arrive(&place);
        let before = Before::look(&place);
        let pace = Some(Duration::from_millis(400));
        let (tally, day) =
            person::beside(&place, false, || crowd::run(&place, crowd::mixed(4, 32, &records), pace));
        assert!(day.rounds > 0 && day.commands > day.failed.len(), "{way}: {day:?}");
        assert_whole(way, 32, &tally, &before.check_records(&place, &tally));
    }
}

#[test]
fn what_is_lost_is_noticed() {
    let record = format!("incidents/2023/{ID}.yaml");
    let ways_to_lose: [(&str, &[&[&str]]); 4] = [
        ("is not in the history", &[&["reset", "--quiet", "--hard", "HEAD~1"]]),
        ("committed, but no longer in", &[&["revert", "--no-edit", "HEAD"]]),
        // The record in the commit and not in the index: the next `git commit` would undo it.
        ("git diff --cached", &[&["reset", "--quiet", "HEAD~1", "--", &record]]),
        (
            "git status",
            &[&["checkout", "--quiet", "HEAD~1", "--", &record], &["reset", "--quiet", "--", &record]],
        ),
    ];
    for (words, commands) in ways_to_lose {
        let repo = TestRepo::with_incident();
        let place = Place::new(&repo, None);
        let before = Before::look(&place);
        let tally = crowd::run(&place, vec![Appender { number: 0, incident: ID.into(), left: 2 }], None);
        assert_whole("before", 2, &tally, &before.check(&place, &tally));
        for command in commands {
            place.git(command);
        }
        let found = before.check(&place, &tally);
        assert!(found.faults.iter().any(|fault| fault.contains(words)), "{words}: {found:?}");
    }
}
