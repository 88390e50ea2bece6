//! What a process leaves that dies in the middle, and how the next one ends it.
//!
//! Every state that a death can leave is made by hand here; `tests/faults` makes them by killing real programs.

use super::super::journal::{Intent, Journal};
use super::super::latch::Latch;
use super::super::recover::Underway;
use super::super::scratch::Scratch;
use super::super::tip::Tip;
use super::*;
use crate::file::Placement;

/// A change that died at some point: `steps` are taken, and then nothing more.
fn dead(ground: &Ground, files: &[FileChange], steps: usize) -> Underway {
    let repository = ground.repository();
    let top = repository.top();
    let scratch = Scratch::of(&repository, &Scratch::name());
    let placements = files.iter().enumerate().map(|(number, file)| {
        let plan = Placement::plan(top, &file.path, file.before.as_deref(), &file.after).unwrap();
        plan.keeping_old_at(scratch.file(&format!("old-{number}")))
    });
    let setup = repository.setup().unwrap();
    let tip = Tip::of(&repository, &setup).unwrap();
    let intent = Intent::new(&repository, "timeline: x", Some(tip.clone()), placements.collect());
    let journal = Journal::of(&repository);
    fs::create_dir_all(repository.own_folder()).unwrap();
    journal.write(&intent).unwrap();
    let underway = Underway::new(repository.clone(), intent, journal);
    let old = tip.commit(&repository).unwrap();
    let latch = |path: &Path| {
        // Forgotten, not released.
        std::mem::forget(Latch::take(&underway.journal, path, Duration::ZERO, &mut |_| {}).unwrap());
    };
    let signed = Signed { setup: &setup, author: None, at: None, include_edits: false, through_git: true };
    let mut commit = String::new();
    for step in 0..steps {
        match step {
            0 => underway.scratch.make().unwrap(),
            1 => latch(&repository.index_file()),
            2 => latch(&tip.file(&repository).unwrap()),
            3 => underway.intent.files[0].put().unwrap(),
            4 => underway.intent.files[1..].iter().for_each(|file| file.put().unwrap()),
            5 => {
                let mut program = super::super::program::Program::of(
                    &underway,
                    Signed { include_edits: true, ..signed },
                    files,
                    old.as_deref(),
                )
                .unwrap();
                commit = program.make("timeline: x\n").unwrap().unwrap();
            }
            6 => underway.scratch.mark_ready(&commit).unwrap(),
            7 => underway.install_index().unwrap(),
            8 => tip.move_to(&repository, &underway.scratch, &commit, old.as_deref()).unwrap(),
            9 => fs::remove_file(repository.common_dir().join("refs/heads/main.lock")).unwrap(),
            10 => fs::remove_file(repository.git_dir().join("index.lock")).unwrap(),
            _ => unreachable!(),
        }
    }
    underway
}

const STEPS: usize = 11;
/// The step after which the change is finished and not undone.
const READY: usize = 7;

fn both() -> [FileChange; 2] {
    [edit("title: two\n"), change(NEW, None, "title: new\n")]
}

fn recovered(ground: &Ground) -> Option<String> {
    recover(&ground.repository(), &locked(&ground.repository()), Duration::ZERO, &mut |_| {}).unwrap()
}

/// A ground on which the user has work under way.
fn with_work() -> (Ground, (String, String)) {
    let ground = Ground::new();
    ground.write("staged.txt", "staged\n");
    ground.git("add staged.txt");
    ground.write("other.txt", "dirty\n");
    let before = (ground.staged(), ground.git("diff"));
    (ground, before)
}

#[test]
fn whatever_a_dead_process_left_is_finished_or_undone_whole() {
    for steps in 0..=STEPS {
        let (ground, before) = with_work();
        let head = ground.git("rev-parse HEAD");
        dead(&ground, &both(), steps);
        let words = recovered(&ground);
        let is_there = text(&ground, RECORD).unwrap() == "title: two\n";
        assert_eq!(is_there, steps >= READY, "{steps}");
        assert_eq!(text(&ground, NEW).is_some(), is_there, "{steps}");
        assert_eq!(ground.git("rev-parse HEAD") != head, is_there, "{steps}");
        assert_eq!((ground.staged(), ground.git("diff")), before, "{steps}");
        assert_eq!(ground.git("status --porcelain -- incidents"), "", "{steps}");
        let expected = match steps {
            0..READY => Some("taken back"),
            READY..9 => Some("is committed now"),
            _ => None,
        };
        assert_eq!(words.is_some(), expected.is_some(), "{steps}: {words:?}");
        assert!(expected.is_none_or(|word| words.unwrap().contains(word)), "{steps}");
        if is_there {
            let reflog = ground.git("reflog --format=%gs main");
            assert_eq!(reflog.matches("commit: timeline: x").count(), 1, "{steps}: {reflog}");
        }
        is_tidy(&ground);
        assert_eq!(recovered(&ground), None);
    }
}

#[test]
fn a_user_who_removed_the_locks_and_went_on_loses_nothing() {
    for steps in 4..=STEPS {
        for goes_on in ["add other.txt", "commit -q -a -m mine", "reset -q", "stash -q", "status"] {
            let (ground, _) = with_work();
            dead(&ground, &both(), steps);
            for lock in ["refs/heads/main.lock", "index.lock"] {
                let _ = fs::remove_file(ground.top().join(".git").join(lock));
            }
            ground.git(goes_on);
            let before =
                (ground.git("show HEAD:other.txt"), text(&ground, "other.txt"), text(&ground, "staged.txt"));
            recovered(&ground);
            let here = text(&ground, RECORD);
            assert!(
                matches!(here.as_deref(), Some("title: one\n" | "title: two\n")),
                "{steps} {goes_on}: {here:?}"
            );
            // What HEAD says of the record is what the index says: nothing that the next commit would undo.
            let staged = ground.git("diff --cached --name-only -- incidents/2026");
            let is_users = goes_on == "reset -q" && steps > 8 || goes_on == "stash -q";
            assert!(staged.is_empty() || is_users, "{steps} {goes_on}: {staged}");
            let after =
                (ground.git("show HEAD:other.txt"), text(&ground, "other.txt"), text(&ground, "staged.txt"));
            assert_eq!(after, before, "{steps} {goes_on}");
            is_tidy(&ground);
            // And the next change works, or says why not.
            let before = here.unwrap();
            let next = make(&ground.repository(), &[change(RECORD, Some(&before), "title: three\n")], false);
            assert!(matches!(next, Ok(_) | Err(LandError::Edits { .. })), "{steps} {goes_on}: {next:?}");
        }
    }
}

#[test]
fn edits_since_the_crash_stay_and_are_told() {
    let (ground, _) = with_work();
    dead(&ground, &both(), 5);
    ground.write(RECORD, "title: two, and by hand\n");
    let words = recovered(&ground).unwrap();
    assert!(words.contains("was changed by someone else"), "{words}");
    assert_eq!(text(&ground, RECORD).unwrap(), "title: two, and by hand\n");
    assert_eq!(text(&ground, NEW), None);
    is_tidy(&ground);
}

#[test]
fn a_foreign_lock_is_not_taken_for_ours() {
    let (ground, _) = with_work();
    dead(&ground, &both(), 5);
    let lock = ground.top().join(".git/index.lock");
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "somebody's").unwrap();
    let error = recover(&ground.repository(), &locked(&ground.repository()), Duration::ZERO, &mut |_| {})
        .unwrap_err();
    assert!(matches!(error, GitError::IndexLocked { .. }), "{error}");
    assert_eq!(fs::read_to_string(&lock).unwrap(), "somebody's");
    fs::remove_file(&lock).unwrap();
    assert!(recovered(&ground).unwrap().contains("taken back"));
    is_tidy(&ground);
}

#[test]
fn a_journal_that_nobody_can_read_is_named() {
    let ground = Ground::new();
    let folder = ground.repository().own_folder();
    fs::create_dir_all(&folder).unwrap();
    for text in ["", "{", "{\"version\": 99}", "[]"] {
        fs::write(folder.join("journal"), text).unwrap();
        let error = recover(&ground.repository(), &locked(&ground.repository()), Duration::ZERO, &mut |_| {})
            .unwrap_err()
            .to_string();
        assert!(error.contains(".git/inc/journal") && error.contains("remove that file"), "{error}");
    }
}

#[test]
fn a_work_tree_that_is_gone_since_is_no_obstacle() {
    let ground = Ground::new();
    ground.git("worktree add -q ../linked");
    let top = ground.top().with_file_name("linked");
    let repository = ground.repository_at(&top);
    let placement = Placement::plan(&top, Path::new(RECORD), Some("title: one\n"), "title: two\n").unwrap();
    let setup = repository.setup().unwrap();
    let tip = Tip::of(&repository, &setup).unwrap();
    fs::create_dir_all(repository.own_folder()).unwrap();
    Journal::of(&repository).write(&Intent::new(&repository, "x", Some(tip), vec![placement])).unwrap();
    ground.git("worktree remove --force ../linked");
    assert_eq!(recovered(&ground), None);
    is_tidy(&ground);
    made(&ground, &[edit("title: two\n")], false);
}

#[test]
fn a_command_that_only_looks_mends_too_and_waits_for_nobody() {
    use crate::store::Store;
    for steps in [2, 5, READY] {
        let (ground, _) = with_work();
        dead(&ground, &both(), steps);
        let store = Store::of(ground.repository());
        let held = locked(&ground.repository());
        store.mend(|_| ());
        assert_ne!(leftovers(&ground.top()), Vec::<PathBuf>::new(), "another inc is at work");
        drop(held);
        store.mend(|_| ());
        is_tidy(&ground);
    }
}

#[test]
fn what_the_user_committed_or_staged_after_a_crash_is_no_edit_of_theirs() {
    for goes_on in ["commit -q -a -m mine", "add -A"] {
        let (ground, _) = with_work();
        dead(&ground, &[edit("title: two\n")], 5);
        for lock in ["refs/heads/main.lock", "index.lock"] {
            fs::remove_file(ground.top().join(".git").join(lock)).unwrap();
        }
        ground.git(goes_on);
        recovered(&ground);
        let is_committed = goes_on.starts_with("commit");
        let expected = if is_committed { "title: two\n" } else { "title: one\n" };
        assert_eq!(text(&ground, RECORD).unwrap(), expected, "{goes_on}");
        assert_eq!(ground.git("status --porcelain -- incidents"), "", "{goes_on}");
        made(&ground, &[change(RECORD, Some(expected), "title: three\n")], false);
        is_tidy(&ground);
    }
}

#[test]
fn the_lock_of_a_branch_goes_though_its_work_tree_is_gone() {
    let ground = Ground::new();
    ground.git("worktree add -q ../linked -b linked");
    let top = ground.top().with_file_name("linked");
    let repository = ground.repository_at(&top);
    let setup = repository.setup().unwrap();
    let tip = Tip::of(&repository, &setup).unwrap();
    fs::create_dir_all(repository.own_folder()).unwrap();
    let journal = Journal::of(&repository);
    journal.write(&Intent::new(&repository, "x", Some(tip.clone()), vec![])).unwrap();
    std::mem::forget(
        Latch::take(&journal, &tip.file(&repository).unwrap(), Duration::ZERO, &mut |_| {}).unwrap(),
    );
    ground.git("worktree remove --force ../linked");
    assert_eq!(recovered(&ground), None);
    is_tidy(&ground);
}
