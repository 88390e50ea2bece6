//! Whether everything that was acknowledged is there: in the history, in the record, in the index, in the work tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::crowd::{Acknowledged, Place, Tally, Trace};

/// How a repository stood before the crowd came.
pub struct Before {
    head: String,
    staged: String,
    status: String,
}

/// What was found afterwards.
#[derive(Debug, Default)]
pub struct Found {
    /// Acknowledged changes that are in the history and in the record.
    pub present: usize,
    /// Commits that touch a record.
    pub commits: usize,
    /// Everything that is not as it must be, in words.
    pub faults: Vec<String>,
}

/// A commit on the way from before to HEAD.
struct Commit {
    order: usize,
    message: String,
    paths: Vec<String>,
    added: String,
}

impl Before {
    pub fn look(place: &Place) -> Self {
        let ask = |args: &[&str]| place.git(args);
        Self {
            head: ask(&["rev-parse", "HEAD"]).trim().to_owned(),
            staged: ask(&["diff", "--cached"]),
            status: ask(&["status", "--porcelain"]),
        }
    }

    /// Holds the repository against the tally, including what the user had staged and edited.
    pub fn check(&self, place: &Place, tally: &Tally) -> Found {
        let mut found = self.check_records(place, tally);
        for (args, before) in
            [(&["diff", "--cached"][..], &self.staged), (&["status", "--porcelain"], &self.status)]
        {
            let now = place.git(args);
            if now != *before {
                found.faults.push(format!("git {} was {before:?} and is {now:?}", args.join(" ")));
            }
        }
        found
    }

    /// As `check`, where somebody else commits and stages other files meanwhile.
    pub fn check_records(&self, place: &Place, tally: &Tally) -> Found {
        let mut found = Found::default();
        let locks = locks_left(place);
        if !locks.is_empty() {
            found.faults.push(format!("locks left: {locks:?}"));
        }
        let commits = self.commits(place);
        let last = last_of_each(&commits, tally);
        let mut texts = BTreeMap::new();
        for (nth, acknowledged) in tally.acknowledged.iter().enumerate() {
            let change = &acknowledged.change;
            let token = &change.token;
            let Some(commit) = commits.get(&acknowledged.commit) else {
                found.faults.push(lost(place, acknowledged));
                continue;
            };
            let shown = commit.added.contains(token.as_str()) || commit.message.contains(token.as_str());
            let lasts = change.trace == Trace::Stays || last.contains(&nth);
            let in_record = commit.paths.iter().any(|path| {
                let text = texts.entry(path.clone()).or_insert_with(|| at_head(place, path));
                text.contains(token.as_str())
            });
            if commit.paths.len() != 1 || !shown {
                found.faults.push(format!("{token}: its commit holds {:?}: {}", commit.paths, commit.added));
            } else if lasts && !in_record {
                let last = place.git(&["log", "-1", "--format=%h %s", "--", &commit.paths[0]]);
                let paths = &commit.paths;
                found
                    .faults
                    .push(format!("{token}: committed, but no longer in {paths:?}; last change: {last}"));
            } else {
                found.present += 1;
            }
        }
        found.commits =
            commits.values().filter(|commit| commit.paths.iter().any(|path| is_record(path))).count();
        let named: BTreeSet<_> = tally.acknowledged.iter().map(|one| &one.commit).collect();
        if named.len() != tally.acknowledged.len() {
            found.faults.push("two changes name the same commit".to_owned());
        }
        // A record that differs between HEAD, index and work tree is what the user's next commit would undo.
        for args in [&["diff", "--cached", "--name-status"][..], &["status", "--porcelain"]] {
            let mut args = args.to_vec();
            args.extend(["--", "incidents", "pdcas", "inc.yaml"]);
            let differs = place.git(&args);
            if !differs.is_empty() {
                found.faults.push(format!("git {}: {differs}", args.join(" ")));
            }
        }
        let fsck = place.command("git").args(["fsck", "--strict", "--no-progress", "--no-dangling"]).output();
        let fsck = fsck.unwrap();
        if !fsck.status.success() || !fsck.stdout.is_empty() || !fsck.stderr.is_empty() {
            found.faults.push(format!("git fsck: {fsck:?}"));
        }
        found
    }

    /// Every commit since, by its id.
    fn commits(&self, place: &Place) -> BTreeMap<String, Commit> {
        let range = format!("{}..HEAD", self.head);
        let format = "--format=%x01%H%x02%B%x02";
        let log = place.git(&["log", "--reverse", format, "-p", "--unified=0", "--no-renames", &range]);
        let commits = log.split('\u{1}').skip(1).enumerate().map(|(order, commit)| {
            let mut parts = commit.splitn(3, '\u{2}');
            let mut next = || parts.next().unwrap_or_default().to_owned();
            let (id, message, diff) = (next(), next(), next());
            let headers = diff.lines().filter_map(|line| line.strip_prefix("diff --git a/"));
            let paths = headers.filter_map(|line| Some(line.split_once(" b/")?.1.to_owned())).collect();
            let added = diff.lines().filter(|line| line.starts_with('+')).collect::<Vec<_>>().join("\n");
            (id, Commit { order, message, paths, added })
        });
        commits.collect()
    }
}

/// A file as it was committed last; empty where a commit took it away.
fn at_head(place: &Place, path: &str) -> String {
    let output = place.command("git").args(["show", &format!("HEAD:{path}")]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An acknowledged change that the history lacks, with what moved HEAD after it.
fn lost(place: &Place, acknowledged: &Acknowledged) -> String {
    let (id, told) = (&acknowledged.commit, &acknowledged.told);
    let log = place.git(&["reflog", "--format=%H %gs"]);
    let moves: Vec<&str> = log.lines().collect();
    let at = moves.iter().position(|line| !id.is_empty() && line.starts_with(id.as_str()));
    let after = at.map(|at| moves[at.saturating_sub(2)..=at].join(" <- "));
    format!("{told}: its commit {id:?} is not in the history of HEAD; the reflog: {after:?}")
}

fn is_record(path: &str) -> bool {
    path.starts_with("incidents/") || path.starts_with("pdcas/")
}

/// Of the changes that replace one another, the last ones in the order of the history.
fn last_of_each(commits: &BTreeMap<String, Commit>, tally: &Tally) -> BTreeSet<usize> {
    let mut last: BTreeMap<(&[String], &str), (usize, usize)> = BTreeMap::new();
    for (nth, acknowledged) in tally.acknowledged.iter().enumerate() {
        if let (Trace::Replaced(name), Some(commit)) =
            (acknowledged.change.trace, commits.get(&acknowledged.commit))
        {
            let slot = last.entry((&commit.paths, name)).or_insert((commit.order, nth));
            *slot = (*slot).max((commit.order, nth));
        }
    }
    last.into_values().map(|(_, nth)| nth).collect()
}

/// The lock files of git that stay. A `git gc` that git began by itself in the background may still hold some for a
/// while, and is waited for.
fn locks_left(place: &Place) -> Vec<String> {
    let start = Instant::now();
    loop {
        let locks = locks(place.top.join(".git"));
        if locks.is_empty() || start.elapsed() > Duration::from_secs(10) {
            return locks;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn locks(git_dir: PathBuf) -> Vec<String> {
    let mut folders = vec![git_dir];
    let mut locks = vec![];
    while let Some(folder) = folders.pop() {
        // What is gone by now is no lock that stays.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "lock") || path.ends_with("gc.pid") {
                locks.push(path.display().to_string());
            }
        }
    }
    locks
}
