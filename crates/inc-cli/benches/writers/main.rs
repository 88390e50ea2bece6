//! Many writers at once: that nothing they do is lost, beside whom, how fast, and against what.
//!
//! It runs the real programs as processes of their own in temporary repositories. A line says what was measured, the
//! figure, what it must reach, and whether it does; those without a threshold are for comparison. It exits non-zero
//! where one is missed. `cargo bench -p inc-cli --bench writers`, and `-- --only NAME` for the parts whose name
//! contains NAME, `-- --quick` for small numbers.

use std::process::ExitCode;

use clap::Parser;

mod counts;
mod rivals;
mod speed;
#[path = "../../../../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod support;
#[path = "../beside/table.rs"]
mod table;

use table::Table;

/// Measure many writers at once
#[derive(Parser)]
#[command(name = "writers")]
struct Options {
    /// Run only the parts whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Make fewer changes, to see that it works
    #[arg(long)]
    quick: bool,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark.
type Part = fn(&mut Table, bool);

const PARTS: [(&str, Part); 6] = [
    ("one-incident", counts::one_incident),
    ("many-incidents", counts::many_incidents),
    ("beside-a-person", counts::beside_a_person),
    ("rate", speed::rate),
    ("latency", speed::latency),
    ("script", speed::script),
];

fn main() -> ExitCode {
    let options = Options::parse();
    let wanted = |name: &str| options.only.as_deref().is_none_or(|only| name.contains(only));
    let mut table = Table::default();
    println!("{:<90} {:>18}  {:<28} verdict", "what", "figure", "to reach");
    for (_, part) in PARTS.into_iter().filter(|(name, _)| wanted(name)) {
        part(&mut table, options.quick);
    }
    for note in &table.notes {
        eprintln!("{note}");
    }
    println!("{} lines, {} missed", table.lines, table.missed);
    if table.lines == 0 || table.missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
