//! What `inc-severity replay` costs beside the mere reading of the same records: it may take 1.5 times as long.
//!
//! `cargo bench -p inc-cli --bench replay`, and `-- --records N --rounds N` for other numbers.

use std::path::Path;
use std::process::{Command, ExitCode};

use beside::{Plan, Side};
use inc_core::incident::Incident;

#[path = "../beside/mod.rs"]
mod beside;
mod records;

fn main() -> ExitCode {
    Plan { records: 10_000, limit: 1.5, write: records::write, sides }.run::<Incident>()
}

fn sides(top: &Path) -> Vec<Side> {
    let severity = || Command::new(env!("CARGO_BIN_EXE_inc-severity"));
    let mut own = severity();
    own.arg("replay").arg("-C").arg(top);
    let mut stricter = severity();
    stricter.args(["replay", "--format", "json", "-C"]).arg(top);
    stricter.arg("--policy").arg(top.join(records::STRICTER));
    let mut list = Command::new(env!("CARGO_BIN_EXE_inc-list"));
    list.args(["--format", "json", "-C"]).arg(top);
    vec![
        Side::limited("inc-severity replay", own),
        Side::limited("replay --policy, where many move", stricter),
        Side::free("(inc-list --format json)", list),
    ]
}
