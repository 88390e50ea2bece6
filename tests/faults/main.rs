//! The fault test-bed: real changes, a fault at each of their system calls, and what is left.
//!
//! `cargo test --test faults -- --all` hurts every verb on both ways at every place at every point, the merge driver and
//! `inc-sync`; plain `cargo test` a sample. strace injects the faults (`inject`), the points are read off a run without any (`points`), the judge
//! compares with what a sound run leaves (`judge`), and is itself put to the test first (`selfcheck`).
//!
//! To look at one: `cargo test --test faults -- --verb declare --way unset --place clean --point 0:rename:1 --fault kill`,
//! and `--keep` to find the repository afterwards. `--list` names the scenarios, `--all --list` their points.

mod aftermath;
mod case;
mod clones;
mod figures;
mod finding;
mod inject;
mod judge;
mod meeting;
mod options;
mod points;
mod scenario;
mod seen;
mod selfcheck;
mod state;
mod world;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use case::{Case, GROUPS};
use figures::Figures;
use finding::{Finding, Kind};
use inject::{FAULTS, Fault, Tools};
use meeting::{MEETINGS, Meeting};
use options::Options;
use points::Point;
use scenario::{PLACES, Scenario, VERBS, WAYS};
use world::World;

/// How often a point is tried that chance moves: a folder of objects that another object has made already.
const TRIES: usize = 12;

fn main() -> ExitCode {
    let options = Options::read(std::env::args().skip(1));
    let mut wanted: Vec<Wanted> = scenarios(&options).into_iter().map(Wanted::Verb).collect();
    wanted.extend(meetings(&options).map(Wanted::Meeting));
    if options.list && !options.all {
        for one in &wanted {
            println!("{}: test", one.name());
        }
        return ExitCode::SUCCESS;
    }
    if wanted.is_empty() {
        // A filter that cargo hands to all test programs may well mean another.
        println!("faults: no scenario is meant");
        return if options.all || options.chosen() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let untold = scenario::without_a_row();
    assert!(untold.is_empty(), "verbs that write, and have no row in scenario::VERBS: {untold:?}");
    let folder = folder();
    let tools = match Tools::find(folder.path()) {
        Ok(tools) => tools,
        Err(why) => {
            println!("faults: left out: {why}");
            return if options.all { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    run(&options, &wanted, &tools, folder)
}

/// What is to be prepared.
enum Wanted {
    Verb(Scenario),
    Meeting(&'static Meeting),
}

impl Wanted {
    fn name(&self) -> String {
        match self {
            Self::Verb(scenario) => scenario.name(),
            Self::Meeting(meeting) => meeting.name.to_owned(),
        }
    }

    fn prepare(&self, base: &World, folder: &Path) -> Box<dyn Case + Send> {
        match self {
            Self::Verb(scenario) => Box::new(scenario.prepare(base, folder)),
            Self::Meeting(meeting) => Box::new(meeting.prepare(base, folder)),
        }
    }
}

/// Memory where there is some to be had: nothing here outlives the machine, so a disk would only be slow.
fn folder() -> tempfile::TempDir {
    let new = |at: &Path| tempfile::Builder::new().prefix("inc-faults-").tempdir_in(at);
    let asked = std::env::var_os("TMPDIR").is_some();
    let memory = Path::new("/dev/shm");
    let memory = if !asked && has_room(memory) { new(memory).ok() } else { None };
    memory.unwrap_or_else(|| new(&std::env::temp_dir()).unwrap())
}

/// 256 MiB, four times what a run takes; a container's memory folder often has less.
fn has_room(folder: &Path) -> bool {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    free.is_some_and(|kib| kib >= 256 << 10)
}

/// All that are wanted; in a sample each verb once, each way and place in turn.
fn scenarios(options: &Options) -> Vec<Scenario> {
    let mut all = vec![];
    for (nth, verb) in VERBS.iter().enumerate() {
        for (way_nth, way) in WAYS.into_iter().enumerate() {
            for (place_nth, place) in PLACES.into_iter().enumerate() {
                let sampled =
                    (nth + way_nth).is_multiple_of(WAYS.len()) && (nth / 2 + place_nth) % PLACES.len() == 0;
                let wanted = options.all || options.chosen() || sampled;
                if wanted && options.wants(verb.name, way.0, place) {
                    all.push(Scenario { verb, way, place });
                }
            }
        }
    }
    all
}

/// The meetings that are wanted; in a sample those of which each run makes the same calls, and quickly.
fn meetings(options: &Options) -> impl Iterator<Item = &'static Meeting> {
    let sampled = ["driver-merge", "sync-merge", "setup"];
    MEETINGS.iter().filter(move |meeting| {
        let wanted = options.all || options.chosen() || sampled.contains(&meeting.name);
        // They know one way and one place.
        wanted && options.wants(meeting.name, WAYS[0].0, PLACES[0])
    })
}

/// One fault at one point of one case.
struct Injection<'a> {
    case: &'a dyn Case,
    point: &'a Point,
    fault: Fault,
}

fn run(options: &Options, wanted: &[Wanted], tools: &Tools, folder: tempfile::TempDir) -> ExitCode {
    let start = Instant::now();
    // Twice the processors: some only wait for a lock.
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let jobs = options.jobs.unwrap_or(2 * processors).max(1);
    let base = scenario::base(folder.path().join("base"));
    selfcheck::check(&base, folder.path());
    let prepared: Vec<(Box<dyn Case + Send>, Vec<Point>)> = in_parallel(jobs, wanted, |nth, one| {
        let case = one.prepare(&base, folder.path());
        let points = tools.points(&*case, &folder.path().join(format!("listing-{nth}")));
        assert!(!points.is_empty(), "{}: strace saw no change", case.name());
        (case, points)
    });
    let mut injections = vec![];
    for (case, points) in &prepared {
        let case = &**case;
        for point in points {
            if options.list {
                println!("{} {} {} {}", case.name(), point.spec(), point.program, point.call);
            }
            for fault in FAULTS {
                let wanted = options
                    .fault
                    .as_deref()
                    .is_none_or(|names| names.split(',').any(|name| name == fault.name()));
                let meant = options.point.as_deref().is_none_or(|spec| spec == point.spec());
                if wanted && meant && fault.fits(point) {
                    injections.push(Injection { case, point, fault });
                }
            }
        }
    }
    if options.list {
        return ExitCode::SUCCESS;
    }
    let listed = injections.len();
    if !options.all && !options.chosen() {
        injections = sample(injections);
    }
    if let Some(every) = options.every {
        injections = injections.into_iter().step_by(every.max(1)).collect();
    }
    if injections.is_empty() {
        println!("faults: no such point or fault");
        return ExitCode::FAILURE;
    }
    let done = AtomicUsize::new(0);
    let found: Vec<Vec<Finding>> = in_parallel(jobs, &injections, |nth, injection| {
        let found = hurt(options, tools, injection, &folder.path().join(format!("hurt-{nth}")));
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(1000) {
            eprintln!("faults: {done} of {} in {} s", injections.len(), start.elapsed().as_secs());
        }
        found
    });
    let points = prepared.iter().map(|(_, points)| points.len()).sum();
    let mut figures = Figures::new(wanted.len(), points, listed, options.show.unwrap_or(3));
    for (injection, found) in injections.iter().zip(found) {
        let Injection { case, point, fault } = *injection;
        figures.add(case, point, fault, &reproduction(injection), found);
    }
    let sound = figures.print(start.elapsed(), jobs);
    if options.keep {
        println!("kept: {}", folder.keep().display());
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Some of each group, evenly, by a step that meets every fault: of a point in git there are five, of one of ours four.
fn sample(injections: Vec<Injection<'_>>) -> Vec<Injection<'_>> {
    let mut sampled = vec![];
    let mut rest = injections;
    for (group, _, size) in GROUPS {
        let (own, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|injection| injection.case.group() == group);
        rest = others;
        let mut step = (own.len() / size).max(1);
        while step > 1 && (step.is_multiple_of(5) || step.is_multiple_of(2)) {
            step += 1;
        }
        sampled.extend(own.into_iter().step_by(step));
    }
    sampled
}

/// Makes one injection in a copy of its own, and judges what is left.
fn hurt(options: &Options, tools: &Tools, injection: &Injection<'_>, folder: &Path) -> Vec<Finding> {
    let Injection { case, point, fault } = *injection;
    let mut met = String::new();
    for attempt in 0..TRIES {
        let world = case.world().copy_to(folder.with_extension(attempt.to_string()));
        let injected = tools.inject(case, &world, point, fault);
        let found = injected.map(|ended| case.judge(&world, &ended, point, fault));
        let keep =
            options.keep && found.as_ref().is_ok_and(|found| found.iter().any(|(kind, _)| kind.is_failure()));
        if !keep {
            let _ = std::fs::remove_dir_all(world.root());
        }
        match found {
            Ok(mut found) => {
                if keep {
                    found
                        .iter_mut()
                        .for_each(|(_, words)| *words = format!("{words} (in {:?})", world.root()));
                }
                return found;
            }
            Err(other) => met = other,
        }
    }
    vec![(Kind::Missed, format!("not met in {TRIES} runs; in the last one: {met}"))]
}

/// The command line by which one injection is made again.
fn reproduction(injection: &Injection<'_>) -> String {
    format!(
        "cargo test --test faults -- {} --point {} --fault {}",
        injection.case.chosen_by(),
        injection.point.spec(),
        injection.fault.name()
    )
}

/// Does `work` with every item, `jobs` at a time, and returns the results in the items' order.
fn in_parallel<T: Sync, R: Send>(jobs: usize, items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(nth) else { break };
                    let result = work(nth, item);
                    results.lock().unwrap().push((nth, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(nth, _)| *nth);
    results.into_iter().map(|(_, result)| result).collect()
}
