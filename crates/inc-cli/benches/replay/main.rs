//! What `inc-severity replay` costs beside the mere reading of the same records: it may take 1.5 times as long.
//!
//! The reading is this very file, run again with `read` as its first argument: it opens the repository, loads every
//! incident as each program does, and ends. Runs are alternated, so that a noisy machine disturbs all alike; the first
//! round, which warms the disk's cache, does not count. What a start costs is told by runs over no records, and beside
//! the time on the clock stands that of the processor.
//! `cargo bench -p inc-cli --bench replay`, and `-- --records N --rounds N` for other numbers.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use inc_cli::output::Format;
use inc_cli::session::{Session, Shared};
use inc_core::incident::Incident;
use tempfile::TempDir;

mod records;

/// How many times the reading a replay may take.
const LIMIT: f64 = 1.5;

/// Measure a replay of the severity policy
#[derive(Parser)]
#[command(name = "replay")]
struct Options {
    /// How many records
    #[arg(long, default_value_t = 10_000)]
    records: usize,
    /// How often each side is run
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Leave the repository in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// One side of the comparison: its name, what is run, and what each run took.
struct Side {
    name: &'static str,
    command: Command,
    times: Vec<Duration>,
    /// The processor's time of all runs together.
    worked: Duration,
}

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    if args.next().is_some_and(|first| first == "read") {
        return read(Path::new(&args.next().expect("a folder follows `read`")));
    }
    let options = Options::parse();
    let temporary = TempDir::new().expect("a temporary folder");
    let top = options.keep.clone().unwrap_or_else(|| temporary.path().join("repo"));
    let empty = temporary.path().join("empty");
    let bytes = records::write(&top, options.records);
    records::write(&empty, 0);
    let mean = bytes / options.records.max(1);
    println!(
        "{} records, {mean} bytes each on average; {} alternated runs of each side",
        options.records, options.rounds
    );

    let mut starts = sides(&empty);
    run(&mut starts, 20);
    let mut full = sides(&top);
    run(&mut full, options.rounds);

    println!(
        "{:<34} {:>10} {:>10} {:>6} {:>10} {:>13} {:>12} {:>6}",
        "what", "median", "fastest", "ratio", "a start", "without that", "CPU, a run", "ratio"
    );
    let millis = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    let mut missed = false;
    for (side, start) in full.iter().zip(&starts) {
        let net = |side: &Side, start: &Side| side.median().saturating_sub(start.median());
        println!(
            "{:<34} {:>10} {:>10} {:>6.3} {:>10} {:>13.3} {:>12} {:>6.3}",
            side.name,
            millis(side.median()),
            millis(side.fastest()),
            ratio(side.median(), full[0].median()),
            millis(start.median()),
            ratio(net(side, start), net(&full[0], &starts[0])),
            millis(side.worked / u32::try_from(side.times.len()).unwrap_or(1)),
            ratio(side.worked, full[0].worked),
        );
        missed |= side.name.contains("replay") && ratio(side.median(), full[0].median()) > LIMIT;
    }
    println!("a replay may take {LIMIT} times the reading: {}", if missed { "missed" } else { "kept" });
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Reads every incident below `top`, and does nothing with them.
fn read(top: &Path) -> ExitCode {
    let mut session = Session::new(Shared { dir: top.to_owned(), format: Format::Text });
    let read = session.all::<Incident>().expect("the incidents can be listed");
    assert_eq!(session.unread(), 0, "every record can be read");
    std::hint::black_box(&read);
    ExitCode::SUCCESS
}

/// The reading first: the others are compared with it.
fn sides(top: &Path) -> [Side; 4] {
    let this = std::env::current_exe().expect("this program has a path");
    let severity = || Command::new(env!("CARGO_BIN_EXE_inc-severity"));
    let mut reading = Command::new(this);
    reading.arg("read").arg(top);
    let mut own = severity();
    own.arg("replay").arg("-C").arg(top);
    let mut stricter = severity();
    stricter
        .args(["replay", "--format", "json", "-C"])
        .arg(top)
        .arg("--policy")
        .arg(top.join(records::STRICTER));
    let mut list = Command::new(env!("CARGO_BIN_EXE_inc-list"));
    list.args(["--format", "json", "-C"]).arg(top);
    [
        ("reading alone", reading),
        ("inc-severity replay", own),
        ("replay --policy, where many move", stricter),
        ("inc-list --format json", list),
    ]
    .map(|(name, command)| Side { name, command, times: vec![], worked: Duration::ZERO })
}

fn run(sides: &mut [Side], rounds: usize) {
    for round in 0..=rounds {
        for side in &mut *sides {
            let before = worked();
            let took = side.time();
            if round > 0 {
                side.times.push(took);
                side.worked += worked().saturating_sub(before);
            }
        }
    }
}

/// What the processor worked for the processes that have ended, in Linux's ticks of 10 ms; elsewhere nothing.
///
/// Others on the machine lengthen the time on the clock, and this one far less.
fn worked() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may hold anything, the 14th and 15th are the children's time in user and system mode.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

impl Side {
    fn time(&mut self) -> Duration {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = quiet.status().expect("the program starts");
        let took = start.elapsed();
        assert!(status.success(), "{} ends with {status}", self.name);
        took
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    fn fastest(&self) -> Duration {
        self.times.iter().min().copied().unwrap_or_default()
    }
}
