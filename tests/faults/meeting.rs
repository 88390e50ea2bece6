//! Where histories meet: git with our merge driver, `inc-sync`, and what tells a clone of the driver.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use git2::{ObjectType, Oid};

use crate::aftermath;
use crate::case::{Case, Group, Run};
use crate::clones;
use crate::finding::Finding;
use crate::inject::Fault;
use crate::points::Point;
use crate::seen::Seen;
use crate::world::{Ended, World};

const NOW: &str = "2024-01-02T10:00:00+01:00";

/// A program that brings histories together, and the repository that it meets.
pub struct Meeting {
    pub name: &'static str,
    pub group: Group,
    line: &'static [&'static str],
    /// Makes the repository out of the one from which all start.
    prepare: fn(&World),
    /// The words by which a user gives up what stopped, where there is such a thing.
    pub give_up: &'static [&'static str],
}

/// All of them.
///
/// `driver`: each way of git's to the driver, and one where it has doubts and asks `git merge-file`. `sync`: both sides
/// have commits, with a merge and with a rebase; only the others; only we.
pub const MEETINGS: [Meeting; 12] = [
    driver("driver-merge", &["git", "merge", "--no-edit", "theirs"], clones::branches, &["merge", "--abort"]),
    driver("driver-rebase", &["git", "rebase", "theirs"], clones::clean_branches, &["rebase", "--abort"]),
    driver(
        "driver-cherry-pick",
        &["git", "cherry-pick", "base..theirs"],
        clones::branches,
        &["cherry-pick", "--abort"],
    ),
    // There is no giving up: what git did not bring in is still in the stash.
    driver("driver-stash-pop", &["git", "stash", "pop"], clones::stash, &[]),
    driver("driver-doubt", &["git", "merge", "--no-edit", "theirs"], clones::doubt, &["merge", "--abort"]),
    sync("sync-merge", clones::both),
    sync("sync-rebase", clones::both_to_rebase),
    sync("sync-forward", clones::behind),
    sync("sync-push", clones::ahead),
    setup("setup", &["inc-merge", "setup"], clones::untold),
    setup("sync-setup", &["inc-sync", "--setup"], clones::untold),
    setup("init", &["inc", "init"], clones::empty),
];

const fn driver(
    name: &'static str,
    line: &'static [&'static str],
    prepare: fn(&World),
    give_up: &'static [&'static str],
) -> Meeting {
    Meeting { name, group: Group::Driver, line, prepare, give_up }
}

const fn sync(name: &'static str, prepare: fn(&World)) -> Meeting {
    Meeting { name, group: Group::Sync, line: &["inc-sync"], prepare, give_up: &[] }
}

const fn setup(name: &'static str, line: &'static [&'static str], prepare: fn(&World)) -> Meeting {
    Meeting { name, group: Group::Setup, line, prepare, give_up: &[] }
}

/// A meeting with the repository before it and what a sound run leaves.
pub struct Prepared {
    pub meeting: &'static Meeting,
    world: World,
    pub before: Seen,
    pub after: Seen,
    /// The commits of `main` before: ours, and that of the other end.
    pub ours: String,
    pub theirs: String,
    /// Every object of a sound run: what a record may hold on the way.
    known: BTreeSet<String>,
    code: i32,
}

impl Meeting {
    /// Prepares the repository, and runs the program unharmed once to know what is right.
    pub fn prepare(&'static self, base: &World, folder: &Path) -> Prepared {
        let world = base.copy_to(folder.join(format!("{}-template", self.name)));
        (self.prepare)(&world);
        let before = Seen::of(&world);
        let sound = world.copy_to(folder.join(format!("{}-sound", self.name)));
        let ended = self.run_in(&sound);
        let doubts = self.name == "driver-doubt";
        assert_eq!(ended.ok(), !doubts, "{} does not work unharmed: {}", self.name, ended.words());
        let after = Seen::of(&sound);
        assert!(before != after, "{}: nothing changes", self.name);
        let objects = sound.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
        let known = objects.lines().map(str::to_owned).collect();
        let tip = |folder: &str| world.git(&["-C", folder, "rev-parse", "main"]).trim().to_owned();
        let (ours, theirs) = (tip("."), tip("../bare"));
        let _ = std::fs::remove_dir_all(sound.root());
        Prepared { meeting: self, world, before, after, ours, theirs, known, code: ended.code.unwrap() }
    }

    /// The program once more, unharmed.
    pub fn run_in(&self, world: &World) -> Ended {
        let mut env = world.environment(NOW, &[]);
        env.extend(self.env());
        let words: Vec<OsString> = self.line.iter().map(OsString::from).collect();
        world.run(&words, &env)
    }

    /// What `inc-sync` left under way: `--continue` or `--abort`.
    pub fn sync(&self, world: &World, what: &str) -> Ended {
        world.inc(&["inc-sync", what], NOW, None)
    }

    /// Git's own program signs as somebody, always at the same time.
    fn env(&self) -> Vec<(&'static str, OsString)> {
        let named = ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Ada".into()));
        let addressed =
            ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "ada@example.com".into()));
        let dated = [("GIT_COMMITTER_DATE", NOW.into())];
        if self.group == Group::Driver {
            named.into_iter().chain(addressed).chain(dated).collect()
        } else {
            vec![]
        }
    }
}

impl Prepared {
    /// How the program ends unharmed.
    pub fn sound_code(&self) -> i32 {
        self.code
    }

    /// Whether a record of this text was ever a version of it, in a sound run.
    pub fn knows(&self, bytes: &[u8]) -> bool {
        let name = Oid::hash_object(ObjectType::Blob, bytes).unwrap();
        self.known.contains(&name.to_string())
    }
}

impl Case for Prepared {
    fn name(&self) -> String {
        self.meeting.name.to_owned()
    }

    fn group(&self) -> Group {
        self.meeting.group
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn run(&self) -> Run {
        Run { line: self.meeting.line, now: NOW, env: self.meeting.env() }
    }

    fn code(&self) -> i32 {
        self.code
    }

    /// Below git's own commands only the driver, and what it starts, is ours to hurt. Where two gits talk to each other,
    /// chance decides in how many pieces: the first is hurt.
    fn hurts(&self, point: &Point) -> bool {
        match self.group() {
            Group::Driver => point.program == "inc-merge" || point.parent == "inc-merge",
            Group::Sync => !point.call.starts_with("write pipe:") || point.nth == 1,
            Group::Setup | Group::Verb => true,
        }
    }

    fn chosen_by(&self) -> String {
        format!("--verb {}", self.meeting.name)
    }

    fn judge(&self, world: &World, ended: &Ended, point: &Point, fault: Fault) -> Vec<Finding> {
        aftermath::judge(self, world, ended, point, fault)
    }
}
