//! What it costs to start a program: each one's `--help` against an empty clap program that has git2 linked.
//!
//! The empty program is this very file, run again with `empty` as its first argument. Runs are alternated, so that
//! a noisy machine disturbs both sides alike. Print the table with `cargo bench -p inc-cli --bench startup`.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;

/// How often each side is run.
const ROUNDS: usize = 200;

/// An empty program
#[derive(Parser)]
#[command(name = "empty")]
struct Empty {
    /// Nothing in particular
    #[arg(long)]
    nothing: Option<String>,
}

fn main() {
    let mut args = std::env::args();
    if args.nth(1).as_deref() == Some("empty") {
        return empty(args.collect());
    }
    println!("{ROUNDS} alternated runs each; a ratio is that of the medians");
    println!("{:<14} {:>10} {:>10} {:>6}", "program", "--help", "empty", "ratio");
    for program in programs() {
        let (ours, base) = measure(&program);
        let ratio = ours.as_secs_f64() / base.as_secs_f64();
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{name:<14} {:>7} us {:>7} us {ratio:>6.2}", ours.as_micros(), base.as_micros());
    }
}

/// Parses, and asks git2 for its version so that it is linked.
fn empty(args: Vec<String>) {
    let version = git2::Version::get().libgit2_version();
    let words = std::iter::once("empty".to_owned()).chain(args);
    match Empty::try_parse_from(words) {
        Ok(empty) => println!("{:?} {version:?}", empty.nothing),
        Err(error) => drop(error.print()),
    }
}

/// Every program, built by cargo beside this one.
fn programs() -> Vec<PathBuf> {
    let front = PathBuf::from(env!("CARGO_BIN_EXE_inc"));
    let others = inc_cli::commands::COMMANDS.iter().map(|program| front.with_file_name(program.name));
    std::iter::once(front.clone()).chain(others).collect()
}

/// The medians of a program's `--help` and of the empty program's.
fn measure(program: &PathBuf) -> (Duration, Duration) {
    let this = std::env::current_exe().expect("this program has a path");
    let (mut ours, mut base) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        ours.push(time(Command::new(program).arg("--help")));
        base.push(time(Command::new(&this).args(["empty", "--help"])));
    }
    (median(ours), median(base))
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("the program starts").success(), "--help succeeds");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
