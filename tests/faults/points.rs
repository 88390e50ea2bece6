//! Every state-changing system call of a change: read off a run under strace without faults.
//!
//! A point is (process, system call, n): strace counts by process and by call, from the start of the program. So we
//! count the same way, all calls of that name, from the last `execve` on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The calls that may change a file, a folder or a pipe. `?`: where the machine has it.
const CHANGING: &str = "?open,openat,?openat2,?creat,write,pwrite64,writev,?pwritev,?pwritev2,?sendfile,\
?copy_file_range,fsync,fdatasync,?sync_file_range,?syncfs,?sync,?rename,?renameat,renameat2,?link,linkat,?symlink,\
symlinkat,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?mknod,?mknodat,truncate,ftruncate,?fallocate,?chmod,fchmod,fchmodat,\
?chown,fchown,?lchown,fchownat,?utime,?utimes,?futimesat,utimensat";
/// Those by which we tell who is who.
const STARTING: &str = "execve,clone,?clone3,?fork,?vfork";

/// What strace is to write down.
pub fn traced() -> String {
    format!("{CHANGING},{STARTING}")
}

/// One place to hurt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// 0 is the program itself; 1 the first that was started by it or below it, and so on.
    pub process: usize,
    /// What it is called: `inc-sync`, `git`, `inc-merge`.
    pub program: String,
    /// And the one above it, shells left out.
    pub parent: String,
    /// A process or thread that the one above forked: it is found by this path, which it alone should touch.
    pub fork: Option<String>,
    pub syscall: String,
    /// The how-manieth of its name.
    pub nth: usize,
    /// The call with its paths, without what chance decides; by it we know that the right call was hit.
    pub call: String,
}

impl Point {
    /// As `--point` takes it.
    pub fn spec(&self) -> String {
        let fork = if self.fork.is_some() { "f" } else { "" };
        format!("{}{fork}:{}:{}", self.process, self.syscall, self.nth)
    }
}

/// One call in a log.
struct Call {
    at: f64,
    name: String,
    text: String,
    answer: String,
}

/// Reads the logs `<prefix>.<pid>` of a whole run; `root` is where the repository lay, `git` the real program.
pub fn read(folder: &Path, prefix: &str, root: &Path, git: &Path) -> Vec<Point> {
    let mut logs: BTreeMap<u32, Vec<Call>> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let Some(pid) = name.strip_prefix(prefix).and_then(|pid| pid.strip_prefix('.')?.parse().ok()) else {
            continue;
        };
        logs.insert(pid, fs::read_to_string(entry.path()).unwrap().lines().filter_map(parse).collect());
    }
    let executed =
        |calls: &[Call]| calls.iter().rposition(|call| call.name == "execve" && call.answer == "0");
    // Programs in the order of their start: ours first, then each git.
    let mut programs: Vec<(f64, u32)> = vec![];
    for (pid, calls) in &logs {
        if let Some(nth) = executed(calls) {
            programs.push((calls[nth].at, *pid));
        }
    }
    programs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let file_of = |pid: &u32| {
        let calls = &logs[pid];
        let paths = paths(&calls[executed(calls).unwrap()].text);
        PathBuf::from(paths.first().expect("a program has a path"))
    };
    let first = programs[0].1;
    // A shell that git starts only starts others.
    let shells: Vec<u32> =
        programs.iter().map(|(_, pid)| *pid).filter(|pid| file_of(pid).ends_with("sh")).collect();
    programs.retain(|(_, pid)| !shells.contains(pid));
    for (_, pid) in programs.iter().filter(|(_, pid)| *pid != first) {
        let file = file_of(pid);
        assert!(file == git || file.ends_with("inc-merge"), "the bed cannot reach into {file:?}: teach it");
    }
    let nth_of: BTreeMap<u32, usize> =
        programs.iter().enumerate().map(|(nth, (_, pid))| (*pid, nth)).collect();
    let parent_of = |child: u32| {
        let started = |call: &Call| {
            ["clone", "clone3", "fork", "vfork"].contains(&&*call.name) && call.answer == child.to_string()
        };
        logs.iter().find(|(_, calls)| calls.iter().any(started)).map(|(pid, _)| *pid)
    };
    let name_of = |pid: &u32| file_of(pid).file_name().unwrap().to_string_lossy().into_owned();
    let program_above = |pid: u32| {
        let mut above = parent_of(pid);
        while let Some(pid) = above.filter(|pid| !nth_of.contains_key(pid)) {
            above = parent_of(pid);
        }
        above.map(|pid| name_of(&pid)).unwrap_or_default()
    };
    let mut points = vec![];
    let mut order: Vec<u32> = programs.iter().map(|(_, pid)| *pid).collect();
    order.extend(logs.keys().filter(|pid| !nth_of.contains_key(pid)));
    for pid in order {
        let calls = &logs[&pid];
        let from = executed(calls).map_or(0, |nth| nth + 1);
        let mut ancestor = pid;
        while !nth_of.contains_key(&ancestor) && !shells.contains(&ancestor) {
            ancestor = parent_of(ancestor).unwrap_or_else(|| panic!("nobody started {pid}"));
        }
        if shells.contains(&ancestor) {
            let change = calls[from..].iter().find(|call| changes(call)).map(|call| &call.text);
            assert_eq!(change, None, "a shell changes something: teach the bed to reach into it");
            continue;
        }
        let is_fork = ancestor != pid;
        let mut counts: BTreeMap<(&str, Option<String>), usize> = BTreeMap::new();
        for call in &calls[from..] {
            let fork = is_fork.then(|| paths(&call.text).first().cloned().unwrap_or_default());
            let count = counts.entry((&call.name, fork.clone())).or_default();
            *count += 1;
            // A pipe of a fork has a number for a name, which is another one in each run.
            let is_nameless = fork.as_ref().is_some_and(|path| path.starts_with("pipe:"));
            if changes(call) && !is_nameless {
                points.push(Point {
                    process: nth_of[&ancestor],
                    program: name_of(&ancestor),
                    parent: program_above(ancestor),
                    fork: fork.map(|path| path.replace(root.to_str().unwrap(), "~")),
                    syscall: call.name.clone(),
                    nth: *count,
                    call: normal(&call.name, &call.text, root),
                });
            }
        }
    }
    points
}

/// Whether the call that a log of an injection ends with is the one that was meant; or what was met instead.
pub fn was_hit(log: &Path, point: &Point, root: &Path) -> Result<(), String> {
    let log = fs::read_to_string(log).unwrap_or_default();
    let hit = log.lines().filter(|line| line.ends_with("(INJECTED)") || line.ends_with("= ?"));
    let calls = hit.filter_map(|line| {
        // With -f a line begins with a process.
        let line = line.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start();
        parse(&format!("0 {line}"))
    });
    let met: Vec<String> = calls.map(|call| normal(&call.name, &call.text, root)).collect();
    if met.contains(&point.call) {
        return Ok(());
    }
    Err(met.first().cloned().unwrap_or_else(|| format!("no call of that number, of {}", log.lines().count())))
}

/// `1700000000.123456 name(args) = answer …`; other lines are none.
fn parse(line: &str) -> Option<Call> {
    let (at, rest) = line.split_once(' ')?;
    let (name, rest) = rest.trim_start().split_once('(')?;
    let (text, answer) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(" = "))?;
    let answer = answer.split([' ', '<']).next().unwrap_or_default().to_owned();
    let known = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    known.then(|| Call {
        at: at.parse().unwrap_or(0.0),
        name: name.into(),
        text: text.trim_end().into(),
        answer,
    })
}

/// An open that neither makes nor may write a file changes nothing, and nothing changes `/dev/null`.
fn changes(call: &Call) -> bool {
    if ["execve", "clone", "clone3", "fork", "vfork"].contains(&&*call.name) {
        return false;
    }
    let writes = ["O_CREAT", "O_TRUNC", "O_WRONLY", "O_RDWR"].iter().any(|flag| call.text.contains(flag));
    (!call.name.starts_with("open") || writes) && !call.text.contains("/dev/null")
}

/// What stands between quotes and angle brackets.
fn paths(text: &str) -> Vec<String> {
    let (mut all, mut rest) = (vec![], text);
    while let Some(start) = rest.find(['"', '<']) {
        let end = if rest[start..].starts_with('"') { '"' } else { '>' };
        let Some(length) = rest[start + 1..].find(end) else { break };
        all.push(rest[start + 1..start + 1 + length].to_owned());
        rest = &rest[start + length + 2..];
    }
    all.retain(|path| !path.is_empty());
    all
}

/// The call without what differs from run to run: numbers, objects' names, random endings.
fn normal(name: &str, text: &str, root: &Path) -> String {
    let flags = text.split(", ").find(|part| part.starts_with("O_")).unwrap_or_default();
    let paths = paths(text).into_iter().map(|path| {
        let path = path.replace(root.to_str().unwrap(), "~");
        let mut parts: Vec<String> = path.split('/').map(normal_part).collect();
        if let [.., folder, name] = &mut parts[..]
            && folder == ".git"
            && name.len() == 7
            && name.starts_with('t')
        {
            // `git init` tries whether there are symbolic links.
            *name = "t".into();
        }
        parts.join("/")
    });
    format!("{name} {} {flags}", paths.collect::<Vec<_>>().join(" ")).trim_end().to_owned()
}

fn normal_part(part: &str) -> String {
    let is_hex = part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && (part.len() == 2 || part.len() >= 38) {
        return "#".into();
    }
    // The names that git, libgit2 and Rust's `tempfile` give to files that are not done yet.
    for unfinished in [".merge_file_", "tmp_obj_", "_git2_", ".tmp", "tmp_"] {
        if let Some((before, _)) = part.split_once(unfinished) {
            return format!("{}{unfinished}", digits_masked(before));
        }
    }
    digits_masked(part)
}

fn digits_masked(part: &str) -> String {
    let mut masked = String::new();
    for char in part.chars() {
        let char = if char.is_ascii_digit() { '9' } else { char };
        if char != '9' || !masked.ends_with('9') {
            masked.push(char);
        }
    }
    masked
}
