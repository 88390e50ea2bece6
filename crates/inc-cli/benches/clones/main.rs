//! Many clones, one story: that nothing is lost between them, beside whom, how they push at once, and what a merge takes.
//!
//! It runs the real programs as processes of their own in temporary clones around a bare remote. A line says what was
//! measured, the figure, what it must reach, and whether it does; those without a threshold are for comparison. It exits
//! non-zero where one is missed. `cargo bench -p inc-cli --bench clones`, and `-- --only NAME` for the parts whose name
//! contains NAME, `-- --quick` for small numbers, `-- --seed N` for other changes.

use std::process::ExitCode;

use clap::Parser;

mod cases;
#[path = "../beside/dice.rs"]
mod dice;
mod hand;
mod history;
mod judge;
mod longhand;
mod many;
mod merge_time;
mod push;
mod record;
mod rivals;
#[path = "../../../../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod support;
#[path = "../beside/table.rs"]
mod table;
mod team;

use table::Table;

/// Measure many clones of one repository
#[derive(Parser)]
#[command(name = "clones")]
struct Options {
    /// Run only the parts whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Make fewer changes, to see that it works
    #[arg(long)]
    quick: bool,
    /// Begin the draws elsewhere
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// How much is done.
#[derive(Clone, Copy)]
struct Scale {
    quick: bool,
    seed: u64,
}

impl Scale {
    /// One number, or the other where it is only to be seen that it works.
    fn of(self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

/// A part of the benchmark.
type Part = fn(&mut Table, Scale);

const PARTS: [(&str, Part); 4] = [
    ("many", many::many),
    ("rivals", rivals::rivals),
    ("push", push::push),
    ("merge-time", merge_time::merge_time),
];

fn main() -> ExitCode {
    let options = Options::parse();
    let wanted = |name: &str| options.only.as_deref().is_none_or(|only| name.contains(only));
    let mut table = Table::default();
    println!("{:<90} {:>18}  {:<28} verdict", "what", "figure", "to reach");
    for (_, part) in PARTS.into_iter().filter(|(name, _)| wanted(name)) {
        part(&mut table, Scale { quick: options.quick, seed: options.seed });
    }
    for note in &table.notes {
        eprintln!("{note}");
    }
    println!("{} lines, {} missed", table.lines, table.missed);
    if table.lines == 0 || table.missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
