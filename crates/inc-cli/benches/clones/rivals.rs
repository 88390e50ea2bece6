//! The same edits merged by others: git's own merge of the lines, its union, and mergiraf, beside ours.
//!
//! The cases are the merges that clones at work came to. Each tool gets the same three files, so that no tool has to go
//! on with what another broke. mergiraf is looked for on the PATH, and as `MERGIRAF`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cases::{self, Case};
use crate::judge;
use crate::support::TestRepo;
use crate::support::crowd::Place;
use crate::{Scale, Table};

/// A tool's name and how it is called on the files O, A and B, for a record of this path; the result goes to A.
type Tool = (&'static str, fn(&Place, &Path) -> Command);

const TOOLS: [Tool; 4] = [
    ("inc-merge", |place, path| call(place, "inc-merge", &["driver", "O", "A", "B", "7"], Some(path))),
    ("git merge-file", |place, _| call(place, "git", &["merge-file", "--quiet", "A", "O", "B"], None)),
    ("git merge-file --union", |place, _| {
        call(place, "git", &["merge-file", "--quiet", "--union", "A", "O", "B"], None)
    }),
    ("mergiraf", |place, path| {
        let program = std::env::var("MERGIRAF").unwrap_or_else(|_| "mergiraf".to_owned());
        let mut command =
            call(place, &program, &["merge", "O", "A", "B", "--output", "A", "--path-name"], None);
        command.arg(path);
        command
    }),
];

fn call(place: &Place, program: &str, args: &[&str], path: Option<&Path>) -> Command {
    let mut command = place.command(program);
    command.args(args).args(path);
    command
}

/// What a tool's merges came to.
#[derive(Default)]
struct Tally {
    clean: usize,
    conflicts: usize,
    /// What was damaged without a word, by kind, and the first of each.
    damage: BTreeMap<String, (usize, String)>,
}

/// Prints a line a tool.
pub fn rivals(table: &mut Table, scale: Scale) {
    let cases = cases::of_a_team(8, scale.of(60, 8), scale.seed);
    let most = scale.of(600, 40);
    let cases = &cases[..cases.len().min(most)];
    table.judged(
        "merges of one record that both sides changed",
        &cases.len().to_string(),
        ">= 300",
        scale.quick || cases.len() >= 300,
    );
    let repo = TestRepo::new();
    let place = Place::new(&repo, None);
    for (name, tool) in TOOLS {
        match run(&place, cases, tool) {
            Some(tally) => tally.print(table, name, cases.len()),
            None => table.plain(&format!("  {name}"), "not installed"),
        }
    }
}

fn run(place: &Place, cases: &[Case], tool: fn(&Place, &Path) -> Command) -> Option<Tally> {
    let mut tally = Tally::default();
    for case in cases {
        for (name, text) in [("O", &case.base), ("A", &case.ours), ("B", &case.theirs)] {
            fs::write(place.top.join(name), text).unwrap();
        }
        let output = tool(place, &case.path).output().ok()?;
        let merged = fs::read_to_string(place.top.join("A")).unwrap();
        match output.status.code() {
            Some(0) => tally.judge(case, &merged),
            Some(1..=127) => tally.conflicts += 1,
            code => panic!("{code:?}: {output:?}"),
        }
    }
    Some(tally)
}

impl Tally {
    fn judge(&mut self, case: &Case, merged: &str) {
        match judge::damage(case, merged) {
            None => self.clean += 1,
            Some(words) => {
                let kind = words.split(':').next().unwrap_or_default().to_owned();
                let slot =
                    self.damage.entry(kind).or_insert((0, format!("{}: {words}", case.path.display())));
                slot.0 += 1;
            }
        }
    }

    fn print(&self, table: &mut Table, name: &str, all: usize) {
        let percent = |count: usize| format!("{count} ({:.1} %)", 100.0 * count as f64 / all as f64);
        let damaged: usize = self.damage.values().map(|(count, _)| count).sum();
        let ours = name == "inc-merge";
        for (what, count) in [("conflicts", self.conflicts), ("silent damage", damaged)] {
            let line = format!("  {name}: {what}");
            match ours {
                true => table.judged(&line, &percent(count), "0", count == 0),
                false => table.plain(&line, &percent(count)),
            }
        }
        for (kind, (count, first)) in &self.damage {
            table.plain(&format!("  {name}: {kind}"), &count.to_string());
            table.note(std::slice::from_ref(first));
        }
    }
}
