//! What programs cost beside the mere reading of the same records.
//!
//! The reading is the benchmark's own file, run again with `read` as its first argument: it opens the repository, loads
//! every record as each program does, and ends. Runs are alternated, so that a noisy machine disturbs all alike; the
//! first round, which warms the disk's cache, does not count. What a start costs is told by runs over no records, and
//! beside the time on the clock stands that of the processor.

pub mod dice;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use inc_cli::output::Format;
use inc_cli::session::{Session, Shared};
use inc_store::store::Record;
use tempfile::TempDir;

/// Measure programs beside the mere reading of their records
#[derive(Parser)]
struct Options {
    /// How many records
    #[arg(long)]
    records: Option<usize>,
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

/// What is measured, and what is allowed.
pub struct Plan {
    /// How many records where nobody says.
    pub records: usize,
    /// How many times the reading may be taken by a side that is held to it.
    pub limit: f64,
    /// Makes a repository with so many records, and returns how many bytes they have.
    pub write: fn(&Path, usize) -> usize,
    /// What is run beside the reading, in the repository with this top.
    pub sides: fn(&Path) -> Vec<Side>,
}

/// One side of the comparison: its name, what is run, and what each run took.
pub struct Side {
    name: &'static str,
    command: Command,
    is_limited: bool,
    times: Vec<Duration>,
    /// The processor's time of all runs together.
    worked: Duration,
}

impl Plan {
    /// Measures, prints the table, and fails where a side takes more than is allowed.
    pub fn run<R: Record>(&self) -> ExitCode {
        let mut args = std::env::args_os().skip(1);
        if args.next().is_some_and(|first| first == "read") {
            return read::<R>(Path::new(&args.next().expect("a folder follows `read`")));
        }
        let options = Options::parse();
        let records = options.records.unwrap_or(self.records);
        let temporary = TempDir::new().expect("a temporary folder");
        let top = options.keep.clone().unwrap_or_else(|| temporary.path().join("repo"));
        let empty = temporary.path().join("empty");
        let mean = (self.write)(&top, records) / records.max(1);
        (self.write)(&empty, 0);
        println!(
            "{records} records, {mean} bytes each on average; {} alternated runs of each side",
            options.rounds
        );
        let mut starts = self.sides_at(&empty);
        run(&mut starts, 20);
        let mut full = self.sides_at(&top);
        run(&mut full, options.rounds);
        print(&full, &starts);
        let missed: Vec<&str> =
            full.iter().filter(|side| side.misses(self.limit, &full[0])).map(|side| side.name).collect();
        let word =
            if missed.is_empty() { "kept".to_owned() } else { format!("missed by {}", missed.join(", ")) };
        println!("each but those in brackets may take {} times the reading: {word}", self.limit);
        if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// The reading first: the others are compared with it.
    fn sides_at(&self, top: &Path) -> Vec<Side> {
        let mut reading = Command::new(std::env::current_exe().expect("this program has a path"));
        reading.arg("read").arg(top);
        let mut sides = vec![Side::free("(reading alone)", reading)];
        sides.extend((self.sides)(top));
        sides
    }
}

/// Reads every record below `top`, and does nothing with them.
fn read<R: Record>(top: &Path) -> ExitCode {
    let mut session = Session::new(Shared { dir: top.to_owned(), format: Format::Text });
    let read = session.all::<R>().expect("the records can be listed");
    assert_eq!(session.unread(), 0, "every record can be read");
    std::hint::black_box(&read);
    ExitCode::SUCCESS
}

fn print(full: &[Side], starts: &[Side]) {
    println!(
        "{:<38} {:>10} {:>10} {:>6} {:>10} {:>13} {:>12} {:>6}",
        "what", "median", "fastest", "ratio", "a start", "without that", "CPU, a run", "ratio"
    );
    let millis = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    let net = |side: &Side, start: &Side| side.median().saturating_sub(start.median());
    for (side, start) in full.iter().zip(starts) {
        println!(
            "{:<38} {:>10} {:>10} {:>6.3} {:>10} {:>13.3} {:>12} {:>6.3}",
            side.name,
            millis(side.median()),
            millis(side.fastest()),
            ratio(side.median(), full[0].median()),
            millis(start.median()),
            ratio(net(side, start), net(&full[0], &starts[0])),
            millis(side.worked / u32::try_from(side.times.len()).unwrap_or(1)),
            ratio(side.worked, full[0].worked),
        );
    }
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
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
    /// A side that is held to the limit.
    pub fn limited(name: &'static str, command: Command) -> Self {
        Self { is_limited: true, ..Self::free(name, command) }
    }

    /// A side that is only told; its name stands in brackets.
    pub fn free(name: &'static str, command: Command) -> Self {
        Self { name, command, is_limited: false, times: vec![], worked: Duration::ZERO }
    }

    fn misses(&self, limit: f64, reading: &Self) -> bool {
        self.is_limited && ratio(self.median(), reading.median()) > limit
    }

    fn time(&mut self) -> Duration {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = quiet.status().expect("the program starts");
        let took = start.elapsed();
        // 1 is an answer: something is late, something came back.
        assert!(matches!(status.code(), Some(0 | 1)), "{} ends with {status}", self.name);
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
