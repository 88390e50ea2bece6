//! The repositories in which histories meet, made out of the one from which all start.
//!
//! The other end is a bare repository beside it, `bare`, whose own system calls are hurt like ours: to a user it is one
//! machine or the other that fails. What a git starts by itself now and then (maintenance) is off: chance has no place here.

use std::fs;

use crate::scenario::{CHANGED, PDCA};
use crate::world::World;

/// What stands only on one side: every word of it must be somewhere after any fault.
pub const OURS: [&str; 3] = ["We look at it", "We measured it", "Our own title"];
pub const THEIRS: [&str; 3] = ["They look at it", "They measured it", "Their own summary"];

/// Two branches, `main` and `theirs`, that came apart at the tag `base`: both changed an incident and a PDCA.
pub fn branches(world: &World) {
    quiet(world);
    world.git(&["tag", "base"]);
    theirs(world);
    world.git(&["branch", "theirs"]);
    world.git(&["reset", "-q", "--hard", "base"]);
    ours(world, true);
    lie_about(world);
    forget(world);
}

/// The same with no file edited: else git rebases nothing.
pub fn clean_branches(world: &World) {
    branches(world);
    world.git(&["checkout", "-q", "edited"]);
}

/// Their side cannot be read, and git marks a conflict.
pub fn doubt(world: &World) {
    branches(world);
    world.git(&["stash", "-q"]);
    world.git(&["checkout", "-q", "theirs"]);
    let path = world.top().join(format!("incidents/2023/{CHANGED}.yaml"));
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("status: ", "status: [")).unwrap();
    world.git(&["commit", "-q", "-a", "-m", "Broken"]);
    world.git(&["checkout", "-q", "main"]);
    world.git(&["stash", "pop", "-q"]);
    forget(world);
}

/// Our changes are in the stash, and theirs are committed.
pub fn stash(world: &World) {
    quiet(world);
    world.git(&["tag", "base"]);
    ours(world, false);
    world.git(&["stash", "-q"]);
    theirs(world);
    fs::write(world.top().join("untracked"), "mine\n").unwrap();
    forget(world);
}

/// Both sides have commits.
pub fn both(world: &World) {
    shared(world);
    theirs(world);
    push_away(world);
    ours(world, true);
    lie_about(world);
    forget(world);
}

/// The same, and the user's git rebases.
pub fn both_to_rebase(world: &World) {
    both(world);
    world.git(&["checkout", "-q", "edited"]);
    world.git(&["config", "pull.rebase", "true"]);
}

/// Only the others have commits.
pub fn behind(world: &World) {
    shared(world);
    theirs(world);
    push_away(world);
    lie_about(world);
    stage(world);
    forget(world);
}

/// Only we have commits.
pub fn ahead(world: &World) {
    shared(world);
    ours(world, true);
    lie_about(world);
    stage(world);
    forget(world);
}

/// A clone that was not told of the driver.
pub fn untold(world: &World) {
    quiet(world);
    world.git(&["config", "--remove-section", "merge.inc"]);
}

/// A folder with nothing in it.
pub fn empty(world: &World) {
    fs::remove_dir_all(world.top()).unwrap();
    fs::create_dir(world.top()).unwrap();
}

/// Git starts nothing by itself.
fn quiet(world: &World) {
    for setting in ["gc.auto", "maintenance.auto", "receive.autogc"] {
        world.git(&["config", setting, "0"]);
    }
}

/// A bare repository at the other end.
fn shared(world: &World) {
    quiet(world);
    world.git(&["clone", "-q", "--bare", "--template=", ".", "../bare"]);
    world.git(&["-C", "../bare", "config", "receive.autogc", "0"]);
    world.git(&["-C", "../bare", "remote", "remove", "origin"]);
    world.git(&["remote", "add", "origin", "../bare"]);
    world.git(&["fetch", "-q", "origin"]);
    world.git(&["branch", "-q", "--set-upstream-to=origin/main"]);
    world.git(&["tag", "base"]);
}

/// What was committed goes to the other end, and nothing of it stays here.
fn push_away(world: &World) {
    world.git(&["push", "-q", "origin", "main"]);
    world.git(&["reset", "-q", "--hard", "base"]);
    world.git(&["update-ref", "refs/remotes/origin/main", "base"]);
}

fn ours(world: &World, with_commits: bool) {
    let title = format!("title={}", OURS[2]);
    let lines: [&[&str]; 3] = [
        &["inc-timeline", "add", CHANGED, OURS[0]],
        &["pdca", "why", PDCA, "--occurrence", OURS[1]],
        &["inc-edit", CHANGED, "--set", &title],
    ];
    change(world, &lines, "2023-03-28T09", with_commits);
}

fn theirs(world: &World) {
    let summary = format!("summary.impact={}", THEIRS[2]);
    let lines: [&[&str]; 4] = [
        &["inc-timeline", "add", CHANGED, THEIRS[0]],
        &["inc-severity", "assess", CHANGED, "--customers", "120"],
        &["pdca", "why", PDCA, "--occurrence", THEIRS[1]],
        &["inc-edit", CHANGED, "--set", &summary],
    ];
    change(world, &lines, "2023-03-28T10", true);
}

fn change(world: &World, lines: &[&[&str]], hour: &str, with_commits: bool) {
    for (nth, line) in lines.iter().enumerate() {
        let mut line = line.to_vec();
        if !with_commits {
            line.push("--no-commit");
        }
        let ended = world.inc(&line, &format!("{hour}:{nth:02}:00+02:00"), None);
        assert!(ended.ok(), "{line:?}: {}", ended.words());
    }
}

/// What people have lying about, and a merge leaves alone.
fn lie_about(world: &World) {
    fs::write(world.top().join("edited"), "two\n").unwrap();
    fs::write(world.top().join("untracked"), "mine\n").unwrap();
}

fn stage(world: &World) {
    fs::write(world.top().join("part-staged"), "two\n").unwrap();
    world.git(&["add", "part-staged"]);
    fs::write(world.top().join("part-staged"), "three\n").unwrap();
}

/// All objects in one pack at each end, and none that nobody needs: so each run makes the same system calls.
fn forget(world: &World) {
    let _ = fs::remove_file(world.common_dir().join("ORIG_HEAD"));
    for name in ["main", "HEAD", "origin/main"] {
        world.git(&["reflog", "expire", "--expire=now", name]);
    }
    for folder in [".", "../bare"] {
        if world.top().join(folder).join("objects").is_dir() || folder == "." {
            world.git(&["-C", folder, "repack", "-a", "-d", "-q"]);
            world.git(&["-C", folder, "prune", "--expire=now"]);
        }
    }
    world.git(&["update-index", "-q", "--refresh"]);
}
