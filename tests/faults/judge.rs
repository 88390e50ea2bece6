//! What must hold after a fault: looked at right after it, after the next command, and after the same verb once more.
//!
//! The judge knows nothing of how a change is made. It has the states that an unharmed run goes through, and compares.

use crate::finding::{Finding, Kind};
use crate::inject::Fault;
use crate::points::Point;
use crate::scenario::Template;
use crate::state::{Dirt, State, Texts, commits_since};
use crate::world::{Ended, World};

/// How we say, with an exit code that is not 0, that the change stands all the same.
const SAID: [&str; 9] = [
    "[commit ",
    "is committed",
    "was committed",
    "change stands",
    "commit stands",
    "is in the record",
    "[written",
    "is written",
    "next command",
];

/// Judges a repository in which the change of `template` has just ended as `ended`.
pub fn judge(template: &Template, world: &World, ended: &Ended, point: &Point, fault: Fault) -> Vec<Finding> {
    let mut found = vec![];
    if ended.too_long {
        found.push((Kind::Blocked, format!("the change itself {}", ended.words())));
    }
    // First of all: libgit2, by which the state is read, never returns from an object that is cut.
    if !fsck(world, &mut found) {
        return done(found);
    }
    match State::read(world) {
        Ok(state) => right_after(template, &state, ended, fault, &mut found),
        Err(error) => found.push((Kind::Broken, error)),
    }
    let scenario = template.scenario;
    let run = |what: &str, (line, now): (&[&str], &str), found: &mut Vec<Finding>| {
        let ended = world.inc(line, now, scenario.way.1);
        if !ended.ok() {
            found.push((Kind::Blocked, format!("{what} `{}`: {}", line.join(" "), ended.words())));
        }
        ended.ok()
    };
    let next_ran = run("the next command", scenario.next(), &mut found);
    let (next, there) = match State::read(world) {
        Ok(state) => {
            let there = change_is_there(template, &state);
            (after_next(template, world, &state, next_ran, &mut found), there)
        }
        Err(error) => {
            found.push((Kind::Broken, error));
            return done(found);
        }
    };
    if !ended.ok() && !fault.ends_us(point) && !ended.too_long {
        if there == Some(true) && !SAID.iter().any(|words| ended.stderr.contains(words)) {
            found.push((Kind::Unsaid, ended.words()));
        }
        if ended.code.is_none_or(|code| code > 4) || ended.stderr.contains("panicked") {
            found.push((Kind::Unsaid, format!("it ended badly: {}", ended.words())));
        }
    }
    // Where the next command is blocked, this one mostly is too, and has no more to say.
    if next_ran && run("the same verb once more", scenario.again(), &mut found) && next {
        match State::read(world) {
            Ok(state) => after_again(template, world, &state, there, &mut found),
            Err(error) => found.push((Kind::Broken, error)),
        }
    }
    fsck(world, &mut found);
    done(found)
}

/// The first of each kind: what follows from the same is not told again.
pub fn done(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|(kind, _)| *kind);
    found.dedup_by_key(|(kind, _)| *kind);
    found
}

/// Each record is old or new; and what was acknowledged is there, without anybody's help.
pub fn right_after(
    template: &Template,
    state: &State,
    ended: &Ended,
    fault: Fault,
    found: &mut Vec<Finding>,
) {
    let (old, new) = (&template.before, &template.after);
    for path in old.work.keys().chain(new.work.keys()).chain(state.work.keys()) {
        let text = state.work.get(path);
        if text != old.work.get(path) && text != new.work.get(path) {
            let text = text.map_or("is gone".into(), |text| format!("holds {} bytes", text.len()));
            found.push((Kind::Half, format!("{path} is neither old nor new: it {text}")));
        }
    }
    if ended.ok() && (state.work != new.work || state.committed != new.committed) {
        let kind = if matches!(fault, Fault::Error(_)) { Kind::Swallowed } else { Kind::Absent };
        let place = if state.work == new.work { "HEAD" } else { "the work tree" };
        found.push((kind, format!("exit 0, and {place} does not hold the change")));
    }
}

/// Whether the work tree holds the change: `None` where it holds a part of it, or something else.
fn change_is_there(template: &Template, state: &State) -> Option<bool> {
    let (old, new) = (&template.before.work, &template.after.work);
    let changed: Vec<_> = new.keys().filter(|path| is_changed(template, path)).collect();
    let all_are = |texts: &Texts| changed.iter().all(|path| state.work.get(*path) == texts.get(*path));
    if all_are(old) { Some(false) } else { all_are(new).then_some(true) }
}

/// Old or new as a whole, in HEAD, index and work tree alike; all else as it was; nothing left behind.
pub fn after_next(
    template: &Template,
    world: &World,
    state: &State,
    ran: bool,
    found: &mut Vec<Finding>,
) -> bool {
    let count = found.len();
    let there = change_is_there(template, state);
    if there.is_none() {
        found.push((Kind::Half, "after the next command a part of the change is there".into()));
    }
    let expected = &template.next[usize::from(there == Some(true))];
    if ran {
        for (path, text) in &expected.work {
            if state.work.get(path) != Some(text) && !is_changed(template, path) {
                found.push((Kind::Lost, format!("{path} is not what it was, with the next entry")));
            }
        }
        if let Some(path) =
            state.work.keys().find(|path| !expected.work.contains_key(*path) && there.is_some())
        {
            found.push((Kind::Left, format!("{path} is a record that nobody knows")));
        }
    }
    // The commits: those from before, the change's where it made one, the next command's.
    let commits = commits_since(world, template.before.head);
    let change =
        usize::from(state.committed.iter().any(|(path, text)| {
            is_changed(template, path) && template.before.committed.get(path) != Some(text)
        }));
    match commits {
        None => found.push((Kind::Lost, "the commits from before are not below HEAD".into())),
        Some(count) if ran && there.is_some() && count != change + 1 => {
            found.push((Kind::Lost, format!("{count} commits since, {} expected", change + 1)));
        }
        Some(_) => {}
    }
    for (path, split) in state.split() {
        // Without a commit of ours the changed record is the user's to commit.
        let allowed = !template.scenario.verb.commits && is_changed(template, &path) && !split.by_index;
        if !allowed {
            found.push((split.kind(), format!("{path}: {}", split.words())));
        }
    }
    users(template, world, state, found);
    left(world, state, found);
    found.len() == count
}

/// What is the user's own is as it was.
fn users(template: &Template, world: &World, state: &State, found: &mut Vec<Finding>) {
    let before = &template.before;
    if state.refs != before.refs {
        found.push((
            Kind::Lost,
            format!("HEAD or another branch moved: {:?}, was {:?}", state.refs, before.refs),
        ));
    }
    let dirt = Dirt::read(world);
    if dirt.staged != template.dirt.staged {
        found.push((Kind::Staged, "git diff --cached is another".into()));
    }
    if dirt.status != template.dirt.status {
        let words = format!("git status is {:?}, was {:?}", dirt.status, template.dirt.status);
        found.push((Kind::Staged, words));
    }
    if state.others != before.others {
        let differs = |path: &&std::path::PathBuf| state.others.get(*path) != before.others.get(*path);
        let path = state.others.keys().chain(before.others.keys()).find(differs);
        found.push((Kind::Staged, format!("{path:?} is not as it was")));
    }
}

/// Now everything is known to the letter.
fn after_again(
    template: &Template,
    world: &World,
    state: &State,
    there: Option<bool>,
    found: &mut Vec<Finding>,
) {
    let expected = &template.again[usize::from(there == Some(true))];
    if state.work != expected.work || state.committed != expected.committed {
        found.push((
            Kind::Lost,
            "after the same verb once more the records are not those of a sound run".into(),
        ));
    }
    for (path, split) in state.split().into_iter().filter(|_| template.scenario.verb.commits) {
        found.push((split.kind(), format!("after the same verb once more: {path}: {}", split.words())));
    }
    users(template, world, state, found);
    left(world, state, found);
}

fn left(world: &World, state: &State, found: &mut Vec<Finding>) {
    for path in state.left.iter().chain(&state.stray) {
        let path = path.strip_prefix(world.root()).unwrap_or(path);
        found.push((Kind::Left, path.display().to_string()));
    }
}

/// Git's own judgement of its objects, refs and index.
pub fn fsck(world: &World, found: &mut Vec<Finding>) -> bool {
    fsck_at(world, ".", found)
}

/// The same, of a repository beside it.
pub fn fsck_at(world: &World, folder: &str, found: &mut Vec<Finding>) -> bool {
    let line = ["-C", folder, "fsck", "--strict", "--no-dangling", "--no-progress"];
    let (content, said) = world.git_result(&line);
    let bad = said.lines().find(|line| !line.starts_with("notice:"));
    let sound = content && bad.is_none();
    if !sound {
        found.push((Kind::Broken, format!("git fsck: {}", bad.unwrap_or("failed without a word"))));
    }
    sound
}

fn is_changed(template: &Template, path: &str) -> bool {
    template.before.work.get(path) != template.after.work.get(path)
}
