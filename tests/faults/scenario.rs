//! What is hurt: a writing verb, on one of the two ways to a commit, at one place.

use std::path::PathBuf;

use clap::Command;
use inc_cli::commands::COMMANDS;

use crate::case::{Case, Group, Run};
use crate::finding::Finding;
use crate::inject::Fault;
use crate::judge;
use crate::points::Point;
use crate::state::{Dirt, State};
use crate::world::{Ended, World};

/// The incident that the verbs change, and the one that the next command writes to.
pub const CHANGED: &str = "2023-03-27-disk-full";
pub const OTHER: &str = "2023-03-27-another-team";
/// A PDCA that there is already.
pub const PDCA: &str = "2023-03-27-labels";

const NOW: &str = "2024-01-02T10:00:00+01:00";
const NEXT: &str = "2024-01-02T10:05:00+01:00";
const AGAIN: &str = "2024-01-02T10:10:00+01:00";

/// A change, and one of the same verb that works after it and without it.
pub struct Verb {
    pub name: &'static str,
    change: &'static [&'static str],
    again: &'static [&'static str],
    pub commits: bool,
    /// What it reads on stdin.
    answers: &'static str,
}

const fn verb(name: &'static str, change: &'static [&'static str], again: &'static [&'static str]) -> Verb {
    Verb { name, change, again, commits: true, answers: "" }
}

/// A record with conflict markers in it.
const MARKED: &str = "incidents/2023/2023-03-27-marked.yaml";

/// Every writing verb: new file, entry, properties, two files at once, without a commit, a whole text.
pub const VERBS: [Verb; 16] = [
    verb("declare", &["inc-declare", "A new year"], &["inc-declare", "A new year"]),
    verb("timeline", &["inc-timeline", "add", CHANGED, "We look"], &["inc-timeline", "add", CHANGED, "More"]),
    verb(
        "severity",
        &["inc-severity", "assess", CHANGED, "--customers", "120"],
        &["inc-severity", "assess", CHANGED, "--customers", "130"],
    ),
    verb(
        "status",
        &["inc-status", "set", CHANGED, "mitigated"],
        &["inc-status", "set", CHANGED, "cancelled", "--reason", "A test"],
    ),
    verb(
        "role",
        &["inc-role", "assign", CHANGED, "commander", "Ada"],
        &["inc-role", "assign", CHANGED, "scribe", "Bob"],
    ),
    verb(
        "edit",
        &["inc-edit", CHANGED, "--set", "environment=production"],
        &["inc-edit", CHANGED, "--set", "environment=staging"],
    ),
    verb(
        "settle",
        &["inc-edit", CHANGED, "--settle", "title=theirs"],
        &["inc-edit", CHANGED, "--settle", "environment=theirs"],
    ),
    verb("resolve", &["inc-merge", "resolve", MARKED], &["inc-merge", "resolve", MARKED]),
    Verb {
        name: "no-commit",
        change: &["inc-timeline", "add", "--no-commit", CHANGED, "We look"],
        again: &["inc-timeline", "add", "--no-commit", CHANGED, "More"],
        commits: false,
        answers: "",
    },
    verb(
        "pdca-new",
        &["pdca", "new", "--incident", CHANGED, "--owner", "Ada", "--title", "Learn from it"],
        &["pdca", "new", "--incident", CHANGED, "--owner", "Ada", "--title", "Learn from it"],
    ),
    verb(
        "pdca-why",
        &["pdca", "why", PDCA, "--occurrence", "It lagged"],
        &["pdca", "why", PDCA, "--occurrence", "It ran out"],
    ),
    verb(
        "countermeasure",
        &["pdca", "countermeasure", PDCA, "Measure it", "--root-cause", "RC1", "--owner", "Ada"],
        &["pdca", "countermeasure", PDCA, "Test it", "--root-cause", "RC1", "--owner", "Ada"],
    ),
    verb(
        "check",
        &["pdca", "check", PDCA, "C1", "ok", "--evidence", "It held"],
        &["pdca", "check", PDCA, "C1", "ko", "--evidence", "It came off"],
    ),
    verb(
        "act",
        &["pdca", "act", PDCA, "C2", "Everywhere", "--target", "billing"],
        &["pdca", "act", PDCA, "C2", "Elsewhere", "--target", "search"],
    ),
    verb(
        "link",
        &["pdca", "link", PDCA, CHANGED, "--as-source"],
        &["pdca", "link", PDCA, OTHER, "--as-source"],
    ),
    // One answer each, to two questions.
    Verb {
        name: "coach",
        change: &["pdca", "coach", PDCA],
        again: &["pdca", "coach", PDCA],
        commits: true,
        answers: "Nothing held it\n",
    },
];

/// Verbs that write as one of the above does: one record, by the same steps; after each the name of that one.
const LIKE: [(&str, &str); 10] = [
    ("inc-timeline edit", "timeline"),
    ("inc-timeline remove", "timeline"),
    ("inc-severity override", "severity"),
    ("inc-role release", "role"),
    ("pdca factor", "pdca-why"),
    ("pdca set", "pdca-why"),
    ("pdca done", "check"),
    ("pdca abandon", "act"),
    ("pdca resume", "act"),
    ("pdca edit", "edit"),
];

/// The verbs of the suite that write, and that nobody hurts. What writes has `--no-commit`.
pub fn without_a_row() -> Vec<String> {
    let writes = |command: &Command| command.get_arguments().any(|argument| argument.get_id() == "no_commit");
    let mut names = vec![];
    for program in COMMANDS {
        let command = (program.command)();
        names.extend(writes(&command).then(|| program.name.to_owned()));
        let verbs = command.get_subcommands().filter(|verb| writes(verb));
        names.extend(verbs.map(|verb| format!("{} {}", program.name, verb.get_name())));
    }
    let has_row = |name: &String| {
        VERBS.iter().any(|verb| format!("{} ", verb.change.join(" ")).starts_with(&format!("{name} ")))
    };
    let is_like = |name: &String| {
        LIKE.iter().any(|(verb, row)| verb == name && VERBS.iter().any(|verb| verb.name == *row))
    };
    names.retain(|name| !has_row(name) && !is_like(name));
    names
}

/// How a commit is made: as the repository asks, or through the `git` program.
pub const WAYS: [(&str, Option<&str>); 2] = [("unset", None), ("program", Some("program"))];

/// Where: a clean index; other files dirty in every manner; a linked work tree.
pub const PLACES: [&str; 3] = ["clean", "dirty", "linked"];

/// One of each.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub verb: &'static Verb,
    pub way: (&'static str, Option<&'static str>),
    pub place: &'static str,
}

/// A repository as it is before the change, and what it must be after it.
pub struct Template {
    pub scenario: Scenario,
    pub world: World,
    pub before: State,
    pub dirt: Dirt,
    /// The work tree's records right after the change.
    pub after: State,
    /// After the next command: where the change is absent, and where it is there. After the same verb once more.
    pub next: [State; 2],
    pub again: [State; 2],
}

impl Scenario {
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.verb.name, self.way.0, self.place)
    }

    pub fn change(&self) -> (&'static [&'static str], &'static str) {
        (self.verb.change, NOW)
    }

    /// A command of somebody else on another incident of the repository.
    pub fn next(&self) -> (&'static [&'static str], &'static str) {
        (&["inc-timeline", "add", OTHER, "The next command"], NEXT)
    }

    pub fn again(&self) -> (&'static [&'static str], &'static str) {
        (self.verb.again, AGAIN)
    }

    /// Prepares the repository, and runs the change unharmed once to know what is right.
    pub fn prepare(self, base: &World, folder: &std::path::Path) -> Template {
        let at = |what: &str| folder.join(format!("{}-{what}", self.name().replace('/', "-")));
        let mut world = base.copy_to(at("template"));
        match self.place {
            "dirty" => make_dirty(&world),
            "linked" => {
                world.git(&["worktree", "add", "-q", "-b", "elsewhere", "../linked"]);
                world.move_to_linked();
            }
            _ => {}
        }
        pack(&world);
        std::fs::write(world.ctl("stdin"), self.verb.answers).unwrap();
        let before = State::read(&world).unwrap();
        assert!(before.split().is_empty(), "{}: {:?}", self.name(), before.split());
        let dirt = Dirt::read(&world);
        let run = |world: &World, (line, now): (&[&str], &str)| {
            let ended = world.inc(line, now, self.way.1);
            assert!(ended.ok(), "{}: {line:?} does not work unharmed: {}", self.name(), ended.words());
            State::read(world).unwrap()
        };
        let present = world.copy_to(at("present"));
        let absent = world.copy_to(at("absent"));
        let after = run(&present, self.change());
        assert!(after.work != before.work, "{}: nothing changes", self.name());
        let next = [run(&absent, self.next()), run(&present, self.next())];
        let again = [run(&absent, self.again()), run(&present, self.again())];
        for done in [present, absent] {
            let _ = std::fs::remove_dir_all(done.root());
        }
        Template { scenario: self, world, before, dirt, after, next, again }
    }
}

impl Case for Template {
    fn name(&self) -> String {
        self.scenario.name()
    }

    fn group(&self) -> Group {
        Group::Verb
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn run(&self) -> Run {
        let (line, now) = self.scenario.change();
        Run { line, now, env: self.scenario.way.1.map(|way| ("INC_GIT", way.into())).into_iter().collect() }
    }

    fn chosen_by(&self) -> String {
        let Scenario { verb, way, place } = self.scenario;
        format!("--verb {} --way {} --place {place}", verb.name, way.0)
    }

    fn judge(&self, world: &World, ended: &Ended, point: &Point, fault: Fault) -> Vec<Finding> {
        judge::judge(self, world, ended, point, fault)
    }
}

/// The repository from which all start: four incidents, a PDCA, a few other files.
pub fn base(folder: PathBuf) -> World {
    let world = World::create(folder);
    world.git(&["init", "-q", "--template=", "--initial-branch=main"]);
    let minutes = std::cell::Cell::new(0);
    let run = |line: &[&str]| {
        minutes.set(minutes.get() + 1);
        let ended = world.inc(line, &format!("2023-03-27T13:{:02}:00+02:00", minutes.get()), None);
        assert!(ended.ok(), "{line:?}: {}", ended.words());
    };
    run(&["inc", "init", "--timezone", "Europe/Paris"]);
    for title in ["Disk full", "Another team", "Labels", "Marked"] {
        run(&["inc-declare", title]);
    }
    run(&["inc-timeline", "add", CHANGED, "An earlier entry"]);
    run(&["inc-timeline", "add", OTHER, "An earlier entry"]);
    run(&["pdca", "new", "--incident", PDCA, "--owner", "Ada"]);
    run(&["pdca", "why", PDCA, "--occurrence", "--root-cause", "RC1", "They fell off"]);
    run(&["pdca", "countermeasure", PDCA, "Glue", "--root-cause", "RC1", "--owner", "Ada"]);
    run(&["pdca", "countermeasure", PDCA, "Tape", "--root-cause", "RC1", "--owner", "Ada"]);
    run(&["pdca", "check", PDCA, "C2", "ok", "--evidence", "It held"]);
    run(&["inc-edit", CHANGED, "--set", "summary.mitigation=Old logs removed"]);
    for name in ["part-staged", "gone", "edited"] {
        std::fs::write(world.top().join(name), "one\n").unwrap();
    }
    merged_badly(&world);
    world.git(&["add", "--all"]);
    world.git(&["commit", "-q", "-m", "Other files"]);
    world
}

/// What merges leave: contested values, and markers.
fn merged_badly(world: &World) {
    let edit = |path: &str, edit: &dyn Fn(&str) -> String| {
        let path = world.top().join(path);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, edit(&text)).unwrap();
    };
    edit(&format!("incidents/2023/{CHANGED}.yaml"), &|text| {
        let title = "{path: title, ours: Disk full, theirs: No space}";
        format!("{text}contested:\n  - {title}\n  - {{path: environment, ours: null, theirs: staging}}\n")
    });
    edit(MARKED, &|text| {
        let titles = "<<<<<<< a\ntitle: One\n||||||| o\ntitle: Marked\n=======\ntitle: Two\n>>>>>>> b\n";
        text.replace("title: Marked\n", titles)
    });
}

/// Packs all objects, so that a change hardly ever meets a folder of objects that is there already: their names, and
/// with them the system calls, differ from run to run.
fn pack(world: &World) {
    world.git(&["repack", "-a", "-d", "-q"]);
    world.git(&["prune-packed", "-q"]);
}

/// What people have lying about: staged, staged in part, announced, removed, edited, unknown to git.
fn make_dirty(world: &World) {
    let write = |name: &str, text: &str| std::fs::write(world.top().join(name), text).unwrap();
    write("part-staged", "two\n");
    write("staged", "new\n");
    world.git(&["add", "part-staged", "staged"]);
    write("part-staged", "three\n");
    write("edited", "two\n");
    write("announced", "soon\n");
    world.git(&["add", "--intent-to-add", "announced"]);
    world.git(&["rm", "-q", "gone"]);
    write("untracked", "mine\n");
}
