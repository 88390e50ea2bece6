//! What must hold after a fault where histories meet: no side is lost, and the words of the programs lead to a sound end.
//!
//! Right after the fault it looks for what is lost for good, or would be by the user's next step. Then it does what a
//! user does: give up what stopped, remove the lock of a dead git where they are told to, and try again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case::Group;
use crate::clones::{OURS, THEIRS};
use crate::finding::{Finding, Kind};
use crate::inject::Fault;
use crate::judge::{done, fsck_at};
use crate::meeting::Prepared;
use crate::points::Point;
use crate::seen::{Seen, left};
use crate::world::{Ended, World};

/// More steps than any state asks for.
const STEPS: usize = 8;

/// How git says that files are not as HEAD has them.
const STASH: [&str; 2] = ["commit your changes or stash them", "commit or stash them"];

/// Judges a repository in which the program of `prepared` has just ended as `ended`.
pub fn judge(prepared: &Prepared, world: &World, ended: &Ended, point: &Point, fault: Fault) -> Vec<Finding> {
    let mut found = vec![];
    if ended.too_long {
        found.push((Kind::Blocked, format!("the program itself {}", ended.words())));
    }
    let ours_died = fault.ends_us(point) || ended.too_long;
    if prepared.meeting.group != Group::Driver
        && !ours_died
        && (ended.code.is_none_or(|code| code > 4) || ended.stderr.contains("panicked"))
    {
        found.push((Kind::Unsaid, format!("it ended badly: {}", ended.words())));
    }
    if prepared.meeting.group != Group::Setup {
        sound_objects(world, &mut found);
    }
    right_after(prepared, world, ended, point, fault, &mut found);
    let gits_own = |path: &Path| is_gits_own(path, point, fault);
    recover(prepared, world, &gits_own, &mut found);
    for path in left(world) {
        let kind = if gits_own(&path) { Kind::GitsOwn } else { Kind::Left };
        found.push((kind, shown(world, &path)));
        let _ = fs::remove_file(path);
    }
    if let Some(words) = Seen::of(world).differs(&prepared.after) {
        found.push((Kind::Lost, format!("at the end: {words}")));
    }
    sound_objects(world, &mut found);
    done(found)
}

fn sound_objects(world: &World, found: &mut Vec<Finding>) {
    for folder in [".", "../bare"] {
        let there = world.top().join(folder).join(if folder == "." { ".git/HEAD" } else { "HEAD" });
        if there.is_file() {
            fsck_at(world, folder, found);
        }
    }
}

/// Whether a file that was left is that of a git which was killed, or whose own clean-up failed: it would lie there as
/// well after a `git pull` that was hurt at the same point.
fn is_gits_own(path: &Path, point: &Point, fault: Fault) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    let is_lock = name.ends_with(".lock") && point.program == "git";
    let of_a_merge = name.starts_with(".merge_file_") || name == "index.lock";
    is_lock || (of_a_merge && (fault == Fault::Crash || point.program == "git"))
}

/// Nothing is lost, and what was acknowledged is there.
pub fn right_after(
    prepared: &Prepared,
    world: &World,
    ended: &Ended,
    point: &Point,
    fault: Fault,
    found: &mut Vec<Finding>,
) {
    let here = Seen::of(world);
    let (before, after) = (&prepared.before, &prepared.after);
    if ended.ok()
        && let Some(words) = without_temporaries(&here).differs(after)
    {
        let kind = if matches!(fault, Fault::Error(_)) { Kind::Swallowed } else { Kind::Absent };
        found.push((kind, format!("exit 0, and {words}")));
    }
    for (path, bytes) in here.files.iter().filter(|(path, _)| is_record(path)) {
        let has_markers = String::from_utf8_lossy(bytes).contains("<<<<<<< ");
        // A git that is ended while it checks out leaves a file in pieces, and gives it back when it is asked to.
        let by_git = prepared.meeting.group == Group::Sync && point.program == "git";
        if !prepared.knows(bytes) && !has_markers && !by_git {
            found
                .push((Kind::Half, format!("{path} is neither old nor new: it holds {} bytes", bytes.len())));
        }
    }
    if here.users != before.users && prepared.meeting.group != Group::Setup {
        found.push((Kind::Staged, "what is staged or edited is another".into()));
    }
    match prepared.meeting.group {
        Group::Driver => no_side_would_be_lost(prepared, world, &here, ended, found),
        Group::Sync => both_ends_have_theirs(prepared, world, &here, found),
        Group::Setup | Group::Verb => {}
    }
}

/// What git takes for merged is merged; where it refused, all is as it was.
fn no_side_would_be_lost(
    prepared: &Prepared,
    world: &World,
    here: &Seen,
    ended: &Ended,
    found: &mut Vec<Finding>,
) {
    let under_way = under_way(world);
    if !is_settled(here) {
        for stage in ["1", "2", "3"] {
            if !here.index.lines().any(|line| line.split_whitespace().nth(2) == Some(stage)) {
                found.push((Kind::Lost, format!("a conflict, and the index has no stage {stage}")));
            }
        }
    } else if under_way.is_some() {
        concluded(prepared, world, found);
    } else if !ended.ok() && ended.code.is_some() {
        // Temporaries are told by themselves.
        let words = without_temporaries(here).differs(&prepared.before);
        let whole = words.is_none() || here.differs(&prepared.after).is_none();
        if let Some(words) = words.filter(|_| !whole) {
            found.push((Kind::Split, format!("git refused, and {words}")));
        }
    }
}

/// A user who sees no conflict goes on: then both sides must be in, unless they are told no.
fn concluded(prepared: &Prepared, world: &World, found: &mut Vec<Finding>) {
    let copy = world.copy_to(world.root().with_extension("concluded"));
    let _ = fs::remove_file(copy.common_dir().join("index.lock"));
    let what = under_way(&copy).unwrap();
    let (ok, kind) = match (prepared.meeting.group, what) {
        (Group::Sync, _) => (prepared.meeting.sync(&copy, "--continue").ok(), Kind::Lost),
        (_, "merge") => (copy.git_result(&["commit", "--no-edit", "-q"]).0, Kind::Lost),
        _ => (copy.git_result(&["-c", "core.editor=:", what, "--continue"]).0, Kind::GitsSkip),
    };
    if ok && under_way(&copy).is_none() {
        for words in missing(&copy) {
            found.push((kind, format!("going on with the {what} ends well, and lacks `{words}`")));
        }
    }
    let _ = fs::remove_dir_all(copy.root());
}

/// The words of either side that HEAD lacks.
pub fn missing(world: &World) -> Vec<&'static str> {
    let has =
        |words: &&str| world.git_result(&["grep", "-q", "-F", words, "HEAD", "--", "incidents", "pdcas"]).0;
    OURS.iter().chain(&THEIRS).filter(|words| !has(words)).copied().collect()
}

/// Our branch holds what we committed, and the other end only goes forward.
fn both_ends_have_theirs(prepared: &Prepared, world: &World, here: &Seen, found: &mut Vec<Finding>) {
    let holds = |folder: &str, commit: &str| {
        world.git_result(&["-C", folder, "merge-base", "--is-ancestor", commit, "main"]).0
    };
    // A rebase makes our commits anew; the tree then says whether all is in.
    if !holds(".", &prepared.ours) && here.trees[0] != prepared.after.trees[0] {
        found.push((Kind::Lost, "our branch does not hold our commits".into()));
    }
    if !holds("../bare", &prepared.theirs) {
        found.push((Kind::Lost, "the other end does not hold the commits that it had".into()));
    }
    if under_way(world).is_some() && is_settled(here) {
        concluded(prepared, world, found);
    }
    if ![&prepared.before.trees[1], &prepared.after.trees[1]].contains(&&here.trees[1]) {
        found.push((Kind::Half, "the other end holds a part of what we have".into()));
    }
}

/// What a user does until the program ends as it does unharmed: at most `STEPS` of what they are told.
fn recover(prepared: &Prepared, world: &World, gits_own: &dyn Fn(&Path) -> bool, found: &mut Vec<Finding>) {
    let mut words = String::new();
    for _ in 0..STEPS {
        let is_done = without_temporaries(&Seen::of(world)).differs(&prepared.after).is_none();
        if is_done && prepared.meeting.group == Group::Driver {
            return;
        }
        let gives_up = prepared.meeting.group == Group::Driver && under_way(world).is_some();
        let (ok, said) = match gives_up {
            true => world.git_result(prepared.meeting.give_up),
            false => {
                let ended = prepared.meeting.run_in(world);
                (ended.code == Some(prepared.sound_code()), ended.words())
            }
        };
        words = said;
        if ok && gives_up {
            let here = without_temporaries(&Seen::of(world));
            if let Some(words) = here.differs(&prepared.before) {
                found.push((Kind::Lost, format!("after --abort: {words}")));
            }
        } else if ok {
            return;
        } else if let Some(lock) = told_lock(prepared, world, &words) {
            let kind = if gits_own(&lock) { Kind::GitsOwn } else { Kind::Left };
            found.push((kind, format!("{}: {words}", shown(world, &lock))));
            fs::remove_file(lock).unwrap();
        } else if words.contains("inc-sync --abort") && under_way(world).is_some() {
            let given_up = prepared.meeting.sync(world, "--abort");
            if let Some(lock) = told_lock(prepared, world, &given_up.stderr) {
                let kind = if gits_own(&lock) { Kind::GitsOwn } else { Kind::Left };
                found.push((kind, format!("{}: {}", shown(world, &lock), given_up.words())));
                fs::remove_file(lock).unwrap();
            } else if !given_up.ok() {
                found.push((Kind::Blocked, format!("inc-sync --abort: {}", given_up.words())));
                return;
            }
        } else if words.contains("git cherry-pick --abort") && under_way(world) == Some("cherry-pick") {
            // What a rebase that died leaves looks like a pick; what words git finds for a lock is its affair.
            left(world).iter().filter(|path| gits_own(path)).for_each(|path| fs::remove_file(path).unwrap());
            world.git(&["cherry-pick", "--abort"]);
            found.push((Kind::GitsOwn, words.clone()));
        } else if STASH.iter().any(|told| words.contains(told)) && prepared.meeting.group == Group::Sync {
            // A git that died while it checked out.
            world.git(&["checkout", "-q", "HEAD", "--", "incidents", "pdcas"]);
            found.push((Kind::GitsOwn, words.clone()));
        } else {
            break;
        }
    }
    found.push((Kind::Blocked, words));
}

/// A lock that is there and that the words name; what words git itself finds is not for us to judge.
fn told_lock(prepared: &Prepared, world: &World, words: &str) -> Option<PathBuf> {
    // The git of the other end calls its folder `bare/.`.
    let words = words.replace("/./", "/");
    let is_told = |path: &PathBuf| {
        if prepared.meeting.group == Group::Driver {
            return true;
        }
        let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        words.contains(&format!("{}/{}", parts[1], parts[0]))
    };
    left(world).into_iter().filter(|path| path.extension().is_some_and(|end| end == "lock")).find(is_told)
}

/// What git says it is in the middle of.
fn under_way(world: &World) -> Option<&'static str> {
    let states = [
        ("MERGE_HEAD", "merge"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("sequencer", "cherry-pick"),
    ];
    states.iter().find(|(file, _)| world.common_dir().join(file).exists()).map(|(_, what)| *what)
}

/// Whether no file of the index has several stages.
fn is_settled(seen: &Seen) -> bool {
    seen.index.lines().all(|line| line.split_whitespace().nth(2) == Some("0"))
}

fn without_temporaries(seen: &Seen) -> Seen {
    let mut seen = seen.clone();
    seen.files.retain(|path, _| !path.starts_with(".merge_file_") && !path.starts_with(".inc-"));
    seen
}

fn is_record(path: &str) -> bool {
    (path.starts_with("incidents/") || path.starts_with("pdcas/")) && path.ends_with(".yaml")
}

fn shown(world: &World, path: &Path) -> String {
    path.strip_prefix(world.root()).unwrap_or(path).display().to_string()
}
