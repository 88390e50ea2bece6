//! What the verbs that look at all PDCAs cost beside the mere reading of the same records: each may take twice as long.
//!
//! `cargo bench -p inc-cli --bench pdcas`, and `-- --records N --rounds N` for other numbers.

use std::path::Path;
use std::process::{Command, ExitCode};

use beside::{Plan, Side};
use inc_core::pdca::Pdca;

#[path = "../beside/mod.rs"]
mod beside;
mod records;

/// What is held to the limit: each verb as typed, after `pdca`.
const LIMITED: &[&str] = &[
    "board",
    "board --by team --all",
    "board --all --format json",
    "acts",
    "acts --by target --all --format json",
    "recur",
    "recur --format json",
    "overdue",
];
/// What is only told, for the sake of comparison.
const TOLD: &[&str] = &["(list)", "(lint --level error)"];

fn main() -> ExitCode {
    Plan { records: 1_000, limit: 2.0, write: records::write, sides }.run::<Pdca>()
}

fn sides(top: &Path) -> Vec<Side> {
    let pdca = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pdca"));
        command.args(line.split(' ')).arg("-C").arg(top).env("INC_NOW", records::NOW);
        command
    };
    let limited = LIMITED.iter().map(|line| Side::limited(line, pdca(line)));
    let told = TOLD.iter().map(|line| Side::free(line, pdca(line.trim_matches(['(', ')']))));
    limited.chain(told).collect()
}
