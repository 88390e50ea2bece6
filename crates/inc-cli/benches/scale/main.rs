//! Years of incidents: what a question over all of them takes, beside git, a bare loop of `stat`, and other tools.
//!
//! It makes a repository of N incidents and N/10 PDCAs, committed, and runs each of our programs in turn with what it is
//! compared with, so that a noisy machine disturbs all alike. A ratio is the median of the rounds' own ratios, with the
//! least and the greatest; it exits non-zero where one that must reach something does not. Tools that are not on the
//! PATH are named and left out. `cargo bench -p inc-cli --bench scale`, and `-- --records 100000`, `-- --rounds N`,
//! `-- --only NAME` for the parts whose name contains NAME, `-- --keep DIR` for a repository that is made once.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod contest;
#[path = "../beside/dice.rs"]
mod dice;
mod history;
mod memory;
mod parts;
mod tools;

/// What the generators share with other benchmarks is found under the name that they know.
mod beside {
    pub(crate) use crate::dice;
}
#[path = "../replay/records.rs"]
#[expect(dead_code, reason = "the benchmark of the replay uses the rest")]
mod incidents;
#[path = "../pdcas/records.rs"]
mod pdcas;
#[path = "../beside/table.rs"]
#[expect(dead_code, reason = "other benchmarks count and list faults")]
mod table;

use history::History;
use parts::PARTS;
use table::Table;

/// Measure questions over many records
#[derive(Parser)]
#[command(name = "scale")]
struct Options {
    /// How many incidents
    #[arg(long, default_value_t = 10_000)]
    records: usize,
    /// How often each side is run
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Run only the parts whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Leave the repository in this folder, or take the one that lies there
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    if args.next().is_some_and(|first| first == "stat") {
        let top = args.next().expect("a folder follows `stat`");
        println!("{}", tools::stat_loop(std::path::Path::new(&top)));
        return ExitCode::SUCCESS;
    }
    let options = Options::parse();
    let temporary = tempfile::TempDir::new().expect("a temporary folder");
    let home = options.keep.clone().unwrap_or_else(|| temporary.path().to_owned());
    let history = History::at(&home, options.records);
    println!("{}", history.words());
    println!("{}", tools::machine());
    let mut table = Table::default();
    println!("{:<90} {:>18}  {:<28} verdict", "what", "figure", "to reach");
    let wanted = |name: &str| options.only.as_deref().is_none_or(|only| name.contains(only));
    for (_, part) in PARTS.into_iter().filter(|(name, _)| wanted(name)) {
        part(&mut table, &history, options.rounds);
    }
    for note in &table.notes {
        println!("{note}");
    }
    match (table.lines, table.missed) {
        (0, _) => {
            eprintln!("error: --only names no part: {}", PARTS.map(|(name, _)| name).join(", "));
            ExitCode::FAILURE
        }
        (_, 0) => ExitCode::SUCCESS,
        (_, missed) => {
            println!("{missed} missed");
            ExitCode::FAILURE
        }
    }
}
