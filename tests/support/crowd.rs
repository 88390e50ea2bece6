//! Many writers at once: who changes what, and which of the changes were acknowledged.
//!
//! A change is one run of a real program; it is acknowledged when that program exits 0. Whether what was acknowledged
//! is there is `ledger`'s question. Every change carries a token of its own, by which it is found again.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{TestRepo, programs};

/// The ways a change reaches git, each by its name and the value of `INC_GIT`.
pub const WAYS: [(&str, Option<&str>); 2] = [("INC_GIT unset", None), ("INC_GIT=program", Some("program"))];

/// Where the writers run: an environment that several threads can share, with a clock that stands.
#[derive(Clone)]
pub struct Place {
    pub top: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Place {
    /// The repository's fixed environment, with `INC_GIT` as given.
    pub fn new(repo: &TestRepo, inc_git: Option<&str>) -> Self {
        let mut environment = repo.environment();
        environment.push(("INC_NOW", "2023-03-27T14:00:00+02:00".into()));
        environment.extend(inc_git.map(|way| ("INC_GIT", way.into())));
        environment.extend(["AUTHOR", "COMMITTER"].into_iter().flat_map(|role| {
            let (name, email) = match role {
                "AUTHOR" => ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"),
                _ => ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
            };
            [(name, "Somebody".into()), (email, "somebody@example.com".into())]
        }));
        Self { top: repo.top(), environment }
    }

    /// A program of ours, or of the machine, at the top of the work tree.
    pub fn command(&self, program: &str) -> Command {
        let ours = programs().join(program);
        let mut command = Command::new(if ours.exists() { ours } else { program.into() });
        command.env_clear().envs(self.environment.iter().cloned()).current_dir(&self.top);
        command.stdin(Stdio::null());
        command
    }

    /// What git prints where it must succeed.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// How a change shows in its record once others have come after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Its token stays for good.
    Stays,
    /// The next change of this name takes its place.
    Replaced(&'static str),
    /// Only its commit shows it.
    CommitOnly,
}

/// One change to make.
#[derive(Clone, Debug)]
pub struct Change {
    pub token: String,
    pub trace: Trace,
    program: &'static str,
    args: Vec<String>,
}

impl Change {
    fn new(program: &'static str, trace: Trace, token: &str, args: &[&str]) -> Self {
        let args = args.iter().map(ToString::to_string).collect();
        Self { token: token.to_owned(), trace, program, args }
    }

    /// An entry for an incident's timeline.
    pub fn entry(incident: &str, token: &str) -> Self {
        Self::new("inc-timeline", Trace::Stays, token, &["add", incident, token])
    }
}

/// A change whose program exited 0, with the commit that it named.
#[derive(Debug)]
pub struct Acknowledged {
    pub change: Change,
    pub commit: String,
    /// The command, and all that it printed.
    pub told: String,
}

/// What came of a crowd's work.
#[derive(Debug, Default)]
pub struct Tally {
    pub acknowledged: Vec<Acknowledged>,
    /// Each refused change with its exit code and what it said.
    pub refused: Vec<String>,
    pub took: Duration,
    /// The longest that one change took.
    pub longest: Duration,
}

impl Tally {
    /// Acknowledged changes a second, and the longest that one took.
    pub fn pace(&self) -> String {
        format!("{:.1}; {:.1?}", self.rate(), self.longest)
    }

    /// Acknowledged changes a second.
    pub fn rate(&self) -> f64 {
        self.acknowledged.len() as f64 / self.took.as_secs_f64()
    }
}

/// One process of the crowd: what it does on its nth turn, given whether its last turn was acknowledged.
pub trait Writer: Send {
    fn next(&mut self) -> Option<Change>;
    fn acknowledged(&mut self, _change: &Change) {}
}

/// Entries for one incident.
pub struct Appender {
    pub number: usize,
    pub incident: String,
    pub left: usize,
}

impl Writer for Appender {
    fn next(&mut self) -> Option<Change> {
        self.left = self.left.checked_sub(1)?;
        Some(Change::entry(&self.incident, &format!("w{:02}c{:03}", self.number, self.left)))
    }
}

/// Every writing verb in turn, over all incidents; the status of an incident is one writer's alone, since to set it
/// twice is no change.
pub struct Mixed {
    pub number: usize,
    pub incidents: Vec<String>,
    pub pdcas: Vec<String>,
    pub turn: usize,
    pub left: usize,
    pub mitigated: bool,
}

impl Writer for Mixed {
    fn next(&mut self) -> Option<Change> {
        self.left = self.left.checked_sub(1)?;
        let token = format!("w{:02}c{:03}", self.number, self.turn);
        let verb = (self.turn + self.number) % 10;
        let place = (self.turn * 7 + self.number) % self.incidents.len();
        self.turn += 1;
        let (token, incident, pdca) = (token.as_str(), self.incidents[place].as_str(), &self.pdcas[place]);
        let own = self.incidents[self.number % self.incidents.len()].as_str();
        Some(match verb {
            0 => Change::new("inc-declare", Trace::Stays, token, &[token]),
            1 => Change::new(
                "inc-severity",
                Trace::Replaced("features"),
                token,
                &["assess", incident, "--features", token],
            ),
            2 => {
                let to = if self.turn.is_multiple_of(2) { "SEV-2" } else { "SEV-3" };
                let args = ["override", incident, "--to", to, "--reason", token];
                Change::new("inc-severity", Trace::Replaced("override"), token, &args)
            }
            3 if self.mitigated => {
                let args = ["set", own, "investigating", "--reason", token];
                Change::new("inc-status", Trace::Stays, token, &args)
            }
            3 => {
                Change::new("inc-status", Trace::CommitOnly, "status: mitigated", &["set", own, "mitigated"])
            }
            4 => Change::new("inc-role", Trace::Stays, token, &["assign", incident, "responder", token]),
            5 => {
                let setting = format!("custom.{token}={token}");
                Change::new("inc-edit", Trace::Stays, token, &[incident, "--set", &setting])
            }
            6 => {
                let setting = format!("summary.cause={token}");
                let args = [incident, "--set", &setting];
                Change::new("inc-edit", Trace::Replaced("summary.cause"), token, &args)
            }
            7 => Change::new("pdca", Trace::Stays, token, &["why", pdca, token, "--occurrence"]),
            8 => {
                let args = ["new", "--from", "other", "--ref", token, "--title", token];
                Change::new("pdca", Trace::Stays, token, &args)
            }
            _ => Change::entry(incident, token),
        })
    }

    fn acknowledged(&mut self, change: &Change) {
        if change.program == "inc-status" {
            self.mitigated = !self.mitigated;
        }
    }
}

/// Incidents with a PDCA each, made one after another before the crowd comes.
pub fn prepare(place: &Place, incidents: usize) -> (Vec<String>, Vec<String>) {
    let made = |program: &str, args: &[&str]| {
        let output = place.command(program).args(args).output().unwrap();
        assert!(output.status.success(), "{program} {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let title = |nth: usize| format!("Number {nth:02}");
    let declare = |nth| made("inc-declare", &[&title(nth), "--set", "summary.mitigation=restarted"]);
    let plan = |nth| made("pdca", &["new", "--from", "other", "--title", &title(nth)]);
    ((0..incidents).map(declare).collect(), (0..incidents).map(plan).collect())
}

/// `changes` dealt out to `writers` of every verb.
pub fn mixed(writers: usize, changes: usize, (incidents, pdcas): &(Vec<String>, Vec<String>)) -> Vec<Mixed> {
    assert!(writers <= incidents.len(), "each writer has an incident whose status is its own");
    let share = |number| changes / writers + usize::from(number < changes % writers);
    (0..writers)
        .map(|number| Mixed {
            number,
            incidents: incidents.clone(),
            pdcas: pdcas.clone(),
            turn: 0,
            left: share(number),
            mitigated: false,
        })
        .collect()
}

/// Lets all writers loose at once, each with one program after another; with `pace`, each begins a change that often
/// where it can.
pub fn run<W: Writer>(place: &Place, writers: Vec<W>, pace: Option<Duration>) -> Tally {
    let start = Instant::now();
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let all: Vec<_> =
            writers.into_iter().map(|writer| scope.spawn(move || work(place, writer, pace))).collect();
        for one in all.into_iter().map(|thread| thread.join().unwrap()) {
            tally.acknowledged.extend(one.acknowledged);
            tally.refused.extend(one.refused);
            tally.longest = tally.longest.max(one.longest);
        }
    });
    tally.took = start.elapsed();
    tally
}

fn work(place: &Place, mut writer: impl Writer, pace: Option<Duration>) -> Tally {
    let mut tally = Tally::default();
    let mut due = Instant::now();
    while let Some(change) = writer.next() {
        if let Some(pace) = pace {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due += pace;
        }
        let start = Instant::now();
        let mut command = place.command(change.program);
        let output = command.args(&change.args).args(["--format", "json"]).output().unwrap();
        tally.longest = tally.longest.max(start.elapsed());
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let told = format!(
            "{} {}: {:?}: {}",
            change.program,
            change.args.join(" "),
            output.status.code(),
            words.trim()
        );
        if output.status.success() {
            writer.acknowledged(&change);
            let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            let commit = answer["commit"].as_str().unwrap_or_default().to_owned();
            tally.acknowledged.push(Acknowledged { change, commit, told });
        } else {
            tally.refused.push(told);
        }
    }
    tally
}
