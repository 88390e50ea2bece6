//! The parts of the benchmark: each a question, and beside what it is measured.

use std::fs;
use std::io::Write as _;
use std::process::Command;

use crate::contest::{Side, contest};
use crate::history::History;
use crate::memory;
use crate::table::Table;
use crate::tools::{PYTHON, drop_pages, has};

/// A part: it prints its lines.
type Part = fn(&mut Table, &History, usize);

/// Every part by its name.
pub const PARTS: [(&str, Part); 9] = [
    ("list", list),
    ("edited", edited),
    ("first", first),
    ("stats", stats),
    ("search", search),
    ("similar", similar),
    ("show", show),
    ("append", append),
    ("cold", cold),
];

/// As many records as an argument list or a slow tool can bear.
const MOST_FOR_SLOW: usize = 20_000;

fn filter(history: &History) -> Command {
    let mut command = history.command("inc-list");
    command.args(["--status", "investigating", "--severity", "..SEV-2", "-1"]);
    command
}

fn stat_loop(history: &History) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg("stat").arg(history.top.join("incidents"));
    command
}

fn git_status(history: &History) -> Command {
    let mut command = history.command("git");
    command.args(["status", "--porcelain"]);
    command
}

fn rg(history: &History, args: &[&str]) -> Command {
    let mut command = history.command("rg");
    command.args(args).arg("incidents");
    command
}

fn inc_stats(history: &History) -> Command {
    let mut command = history.command("inc-stats");
    command.args(["--by", "severity,month", "--format", "json"]);
    command
}

fn is_large(history: &History) -> bool {
    history.count > MOST_FOR_SLOW
}

fn absent(table: &mut Table, tool: &str) {
    table.plain(&format!("  of {tool}"), "not here");
}

/// A filter over everything, nothing changed since the last command.
fn list(table: &mut Table, history: &History, rounds: usize) {
    let (of_stat, of_rg) = if is_large(history) { (1.4, 0.5) } else { (1.3, 0.4) };
    let mut yards = vec![
        (Side::new("a bare loop of readdir and lstat", || stat_loop(history)), Some(of_stat)),
        (Side::new("git status --porcelain", || git_status(history)), Some(1.0)),
    ];
    let has_rg = has("rg", &["--version"]);
    if has_rg {
        yards.push((Side::new("rg -l", || rg(history, &["-l", "^status: investigating"])), Some(of_rg)));
    }
    let has_task = !is_large(history) && history.tasks().is_some();
    if has_task {
        let task = || {
            let mut command = history.command("task");
            command.args(["rc.verbose=nothing", "status:pending", "export"]);
            command
        };
        yards.push((Side::new("Taskwarrior's list of as many", task), Some(0.25)));
    }
    contest(table, rounds, Side::new("inc-list, a filter, nothing changed", || filter(history)), yards);
    for (tool, is_here) in [("rg -l", has_rg), ("Taskwarrior", has_task || is_large(history))] {
        if !is_here {
            absent(table, tool);
        }
    }
    lists_memory(table, history);
}

/// What a filter takes, and what every way to print all records does.
fn lists_memory(table: &mut Table, history: &History) {
    let ways = ["--count", "-1", "--format ndjson", "--format csv", "--format json", "--format table"];
    let all = ways.map(|way| {
        let mut command = history.command("inc-list");
        command.args(way.split(' '));
        (format!("  the memory of inc-list {way}, KiB"), command)
    });
    for (name, command) in [("  its memory, KiB".to_owned(), filter(history))].into_iter().chain(all) {
        match memory::peak(&command) {
            Some(peak) => table.judged(&name, &peak.to_string(), "<= 65536", peak <= 65_536),
            None => return absent(table, "GNU time, for the memory"),
        }
    }
}

/// One record changed by an editor since the last command.
fn edited(table: &mut Table, history: &History, rounds: usize) {
    let found = history.command("inc-list").args(["--format-template", "{{ id }}", "--limit", "1"]).output();
    let id = String::from_utf8(found.expect("inc-list starts").stdout).expect("text").trim().to_owned();
    let file = history.top.join(format!("incidents/{}/{id}.yaml", &id[..4]));
    let text = fs::read(&file).expect("a record");
    let edit = || {
        let mut file = fs::OpenOptions::new().append(true).open(&file).expect("a record");
        file.write_all(b"# looked at\n").expect("written");
    };
    let ours = Side::new("the same, one record changed by an editor", || filter(history)).after(edit);
    let unchanged = Side::new("the same, nothing changed", || filter(history));
    contest(table, rounds, ours, vec![(unchanged, Some(1.1))]);
    fs::write(&file, text).expect("the record as it was");
}

/// Every file of the index goes.
fn forget(history: &History) {
    let index = history.top.join(".git/inc/index");
    if index.exists() {
        fs::remove_dir_all(index).expect("removed");
    }
}

/// The first run, without an index.
fn first(table: &mut Table, history: &History, rounds: usize) {
    let rounds = if is_large(history) { 1 } else { rounds.min(3) };
    let mut yards = vec![];
    if !is_large(history) && has("jaq", &["--version"]) {
        let script = "find incidents -name '*.yaml' -print0 | xargs -0 jaq --from yaml 'select(.status == \"investigating\") | .id'";
        let jaq = || {
            let mut command = history.command("sh");
            command.args(["-c", script]);
            command
        };
        yards.push((Side::new("jaq --from yaml", jaq), Some(0.7)));
    }
    if !is_large(history) && has("python3", &["-c", "import yaml; yaml.CSafeLoader"]) {
        let python = || {
            let mut command = history.command("python3");
            command.args(["-c", PYTHON]);
            command
        };
        yards.push((Side::new("python with PyYAML's C loader", python), Some(0.1)));
    }
    if !is_large(history) && has("jq", &["--version"]) {
        let jq = || {
            let mut command = history.command("jq");
            command.args(["-r", "select(.status == \"investigating\") | .id"]).arg(history.ndjson());
            command
        };
        yards.push((Side::new("jq over JSON lines", jq), None));
    }
    let ours = Side::new("inc-list, the first run, no index", || filter(history)).after(|| forget(history));
    contest(table, rounds, ours, yards);
}

/// Figures by severity and month.
fn stats(table: &mut Table, history: &History, rounds: usize) {
    let mut yards = vec![];
    if has("duckdb", &["--version"]) {
        let query = format!(
            "select severity, strftime(started_at, '%Y-%m') as month, count(*), median(epoch(resolved_at) - epoch(started_at)),
             quantile_cont(epoch(resolved_at) - epoch(started_at), 0.9) from read_json('{}', format = 'newline_delimited',
             columns = {{severity: 'VARCHAR', started_at: 'TIMESTAMPTZ', resolved_at: 'TIMESTAMPTZ'}}) group by all order by all",
            history.ndjson().display()
        );
        let duckdb = move || {
            let mut command = history.command("duckdb");
            command.args(["-c", &query]);
            command
        };
        let limit = if is_large(history) { 0.6 } else { 0.15 };
        yards.push((Side::new("duckdb over JSON lines", duckdb), Some(limit)));
    } else {
        absent(table, "duckdb");
    }
    contest(table, rounds, Side::new("inc-stats --by severity,month", || inc_stats(history)), yards);
}

/// A ranked search in all texts.
fn search(table: &mut Table, history: &History, rounds: usize) {
    if !has("rg", &["--version"]) {
        return absent(table, "rg -c");
    }
    let limit = (!is_large(history)).then_some(1.0);
    let words = |words: &'static str| {
        move || {
            let mut command = history.command("inc-search");
            command.args(words.split(' '));
            command
        }
    };
    let rg = |pattern: &'static str| Side::new("rg -c", move || rg(history, &["-ci", pattern]));
    contest(
        table,
        rounds,
        Side::new("inc-search, one frequent word", words("autoscaling")),
        vec![(rg("autoscaling"), limit)],
    );
    contest(
        table,
        rounds,
        Side::new("inc-search, three words", words("pool connections exhausted")),
        vec![(rg("pool|connections|exhausted"), limit)],
    );
}

/// Incidents like one.
fn similar(table: &mut Table, history: &History, rounds: usize) {
    let ours = || {
        let mut command = history.command("inc-similar");
        command.arg(&history.id);
        command
    };
    let rg = Side::new("rg -c", || rg(history, &["-ci", "autoscaling"]));
    contest(table, rounds, Side::new("inc-similar", ours), vec![(rg, None)]);
}

/// One incident.
fn show(table: &mut Table, history: &History, rounds: usize) {
    let ours = || {
        let mut command = history.command("inc-status");
        command.args(["show", &history.id]);
        command
    };
    let git = || {
        let mut command = history.command("git");
        command.args(["rev-parse", "HEAD"]);
        command
    };
    let limit = (!is_large(history)).then_some(1.5);
    let rounds = rounds * 3;
    contest(
        table,
        rounds,
        Side::new("inc-status show", ours),
        vec![(Side::new("git rev-parse HEAD", git), limit)],
    );
}

/// One entry more, committed, beside the commands that a person would type, which sync nothing.
fn append(table: &mut Table, history: &History, rounds: usize) {
    let add = |through_git: bool| {
        move || {
            let mut command = history.command("inc-timeline");
            command.args(["add", &history.id, "the queue is empty again"]);
            if through_git {
                command.env("INC_GIT", "program");
            }
            command
        }
    };
    let by_hand = || {
        let file = format!("incidents/{}/{}.yaml", &history.id[..4], history.id);
        let mut command = history.command("sh");
        let script =
            format!("printf '# by hand\\n' >> {file} && git add {file} && git commit -q -m 'by hand'");
        command.args(["-c", &script]);
        command
    };
    let yard = || Side::new("printf >> file; git add; git commit, unsynced", by_hand);
    contest(
        table,
        rounds,
        Side::new("append one entry, synced and committed", add(false)),
        vec![(yard(), Some(0.6))],
    );
    contest(
        table,
        rounds,
        Side::new("the same through the user's git", add(true)),
        vec![(yard(), Some(1.5))],
    );
}

/// Everything, after the kernel has forgotten the files.
fn cold(table: &mut Table, history: &History, rounds: usize) {
    if !drop_pages() || !has("rg", &["--version"]) {
        return table.plain("cold pages: needs root and rg", "not here");
    }
    let cold = || {
        drop_pages();
    };
    let rg = Side::new("rg -l, cold", || rg(history, &["-l", "^status: investigating"])).after(cold);
    let ours = Side::new("inc-list, a filter, cold pages", || filter(history)).after(cold);
    contest(table, rounds.min(5), ours, vec![(rg, Some(0.1))]);
}
