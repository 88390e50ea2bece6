//! The judge before the court: sound repositories pass, and each thing that may be wrong is noticed as what it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::finding::Kind;
use crate::inject::Fault;
use crate::judge;
use crate::points::Point;
use crate::scenario::{CHANGED, OTHER, PLACES, Scenario, Template, VERBS, WAYS};
use crate::state::{State, masked};
use crate::world::{Ended, World};

/// What is done to a repository in which a change and the next command have gone well.
type Harm = fn(&World);

/// Each harm, with what must be found; `None` is nothing.
const HARMS: [(&str, Option<Kind>, Harm); 17] = [
    ("none", None, |_| {}),
    ("the index is behind HEAD", Some(Kind::Phantom), |world| {
        let old = world.git(&["rev-parse", &format!("HEAD~2:{}", path(CHANGED))]);
        let entry = format!("100644,{},{}", old.trim(), path(CHANGED));
        world.git(&["update-index", "--cacheinfo", &entry]);
    }),
    ("HEAD is behind the index", Some(Kind::Split), |world| {
        world.git(&["reset", "-q", "--soft", "HEAD~2"]);
    }),
    ("the change is not committed", Some(Kind::Split), |world| {
        world.git(&["reset", "-q", "HEAD~2"]);
    }),
    ("the record is cut", Some(Kind::Half), |world| {
        let text = fs::read(world.top().join(path(CHANGED))).unwrap();
        fs::write(world.top().join(path(CHANGED)), &text[..text.len() / 2]).unwrap();
    }),
    ("another record is put back", Some(Kind::Lost), |world| {
        world.git(&["checkout", "-q", "HEAD~2", "--", &path(OTHER)]);
    }),
    ("a commit is lost", Some(Kind::Lost), |world| {
        world.git(&["reset", "-q", "--soft", "HEAD~1"]);
    }),
    ("history begins anew", Some(Kind::Lost), |world| {
        let tree = world.git(&["rev-parse", "HEAD^{tree}"]);
        let commit = world.git(&["commit-tree", "-m", "all", tree.trim()]);
        world.git(&["update-ref", "HEAD", commit.trim()]);
    }),
    ("HEAD is detached", Some(Kind::Lost), |world| {
        world.git(&["checkout", "-q", "--detach"]);
    }),
    ("another branch is there", Some(Kind::Lost), |world| {
        world.git(&["branch", "another"]);
    }),
    ("a file is staged", Some(Kind::Staged), |world| {
        world.git(&["add", "untracked"]);
    }),
    ("an edit is gone", Some(Kind::Staged), |world| {
        world.git(&["checkout", "-q", "--", "edited"]);
    }),
    ("git's lock is left", Some(Kind::Left), |world| {
        fs::write(world.common_dir().join("refs/heads/main.lock"), "").unwrap();
    }),
    ("a journal is left", Some(Kind::Left), |world| {
        fs::write(world.common_dir().join("inc/journal"), "{}").unwrap();
    }),
    ("a temporary is left", Some(Kind::Left), |world| {
        fs::write(world.top().join("incidents/2023/.inc-1-0.tmp"), "").unwrap();
    }),
    ("an unknown record is there", Some(Kind::Left), |world| {
        fs::write(world.top().join("incidents/2023/2023-03-27-x.yaml"), "").unwrap();
    }),
    ("an object is cut", Some(Kind::Broken), |world| {
        let oid = world.git(&["rev-parse", "HEAD^{tree}"]);
        let object = world.common_dir().join("objects").join(&oid[..2]).join(oid[2..].trim());
        let bytes = fs::read(&object).unwrap();
        fs::remove_file(&object).unwrap();
        fs::write(&object, &bytes[..bytes.len() / 2]).unwrap();
    }),
];

fn path(id: &str) -> String {
    format!("incidents/2023/{id}.yaml")
}

/// Panics where the judge is blind, or sees what is not there.
pub fn check(base: &World, folder: &Path) {
    let folder = folder.join("selfcheck");
    fs::create_dir(&folder).unwrap();
    assert_eq!(
        masked(b"id: 01GWHBHA904WY68FM4XZM755BV\nx: 01GWHBHA904WY68FM4XZM755B"),
        "id: <uid>\nx: 01GWHBHA904WY68FM4XZM755B"
    );
    what_strace_does(&folder);
    let verb = |name: &str| VERBS.iter().find(|verb| verb.name == name).unwrap();
    let scenario = Scenario { verb: verb("timeline"), way: WAYS[0], place: PLACES[1] };
    let template = scenario.prepare(base, &folder);
    let sound = template.world.copy_to(folder.join("sound"));
    for (line, now) in [scenario.change(), scenario.next()] {
        assert!(sound.inc(line, now, None).ok());
    }
    for (nth, (name, expected, harm)) in HARMS.iter().enumerate() {
        let world = sound.copy_to(folder.join(nth.to_string()));
        harm(&world);
        let mut found = vec![];
        if judge::fsck(&world, &mut found) {
            let state = State::read(&world).unwrap();
            judge::after_next(&template, &world, &state, true, &mut found);
        }
        match expected {
            None => assert!(found.is_empty(), "{name}: the judge sees {found:?}"),
            Some(kind) => {
                assert!(found.iter().any(|(seen, _)| seen == kind), "{name}: the judge sees {found:?}")
            }
        }
    }
    what_was_acknowledged(&template, &sound);
    half_of_two_files(&Scenario { verb: verb("pdca-new"), ..scenario }.prepare(base, &folder), &folder);
    a_blocked_next_command(&template, &folder);
    let _ = fs::remove_dir_all(&folder);
}

/// A lock that is a folder: no command can take it.
fn a_blocked_next_command(template: &Template, folder: &Path) {
    let world = template.world.copy_to(folder.join("blocked"));
    let lock = world.common_dir().join("inc/lock");
    let _ = fs::remove_file(&lock);
    fs::create_dir(&lock).unwrap();
    let [program, syscall, call] = ["inc", "write", "write"].map(str::to_owned);
    let point = Point { process: 0, program, parent: String::new(), fork: None, syscall, nth: 1, call };
    let ended = Ended { code: Some(3), ..Ended::default() };
    let found = judge::judge(template, &world, &ended, &point, Fault::Error("EIO"));
    assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::Blocked], "{found:?}");
}

/// On this we rely: a kill comes before the call has an effect, a call that fails has none, and calls are counted.
fn what_strace_does(folder: &Path) {
    let made = |what: &str| {
        let folder = folder.join(what.replace('=', "-"));
        fs::create_dir(&folder).unwrap();
        let mut strace = Command::new("strace");
        strace.args(["-o", "/dev/null", "-e", &format!("inject=?mkdir,mkdirat:{what}:when=2")]);
        strace.args(["mkdir", "1", "2", "3"]).current_dir(&folder).stderr(Stdio::null()).status().unwrap();
        let mut made: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        made.sort();
        made
    };
    assert_eq!(made("signal=KILL"), ["1"]);
    assert_eq!(made("error=ENOSPC"), ["1", "3"]);
}

/// Exit 0 and nothing there is noticed; so is a record that is neither old nor new.
fn what_was_acknowledged(template: &Template, sound: &World) {
    let ended = |code| Ended { code: Some(code), ..Ended::default() };
    let found = |state: &State, code, fault| {
        let mut found = vec![];
        judge::right_after(template, state, &ended(code), fault, &mut found);
        let mut kinds: Vec<_> = found.iter().map(|(kind, _)| *kind).collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(found(&template.before, 0, Fault::Kill), [Kind::Absent]);
    assert_eq!(found(&template.before, 0, Fault::Error("EIO")), [Kind::Swallowed]);
    assert_eq!(found(&template.before, 3, Fault::Error("EIO")), []);
    assert_eq!(found(&template.after, 0, Fault::Error("EIO")), []);
    assert_eq!(found(&template.after, 3, Fault::Kill), []);
    // The next command's entry does not belong into this change.
    assert_eq!(found(&State::read(sound).unwrap(), 3, Fault::Kill), [Kind::Half]);
}

/// One of the two files of a change is there, the other as it was.
fn half_of_two_files(template: &Template, folder: &Path) {
    let world = template.world.copy_to(folder.join("two"));
    let (line, now) = template.scenario.change();
    assert!(world.inc(line, now, None).ok());
    world.git(&["checkout", "-q", "HEAD~1", "--", &path(CHANGED)]);
    let (line, now) = template.scenario.next();
    assert!(world.inc(line, now, None).ok());
    let mut found = vec![];
    judge::after_next(template, &world, &State::read(&world).unwrap(), true, &mut found);
    assert!(found.iter().any(|(kind, _)| *kind == Kind::Half), "half of two files: the judge sees {found:?}");
}
