//! Locks in bad shape, and two that write at the same moment: waited for, told, never removed; nothing is written.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::support::crowd::WAYS;
use crate::support::{ID, Output, TestRepo, programs};

/// The user and group that own nothing.
const NOBODY: u32 = 65_534;

/// Sets `INC_GIT`, or leaves it out.
fn by(inc_git: Option<&str>) -> impl FnOnce(&mut assert_cmd::Command) {
    let inc_git = inc_git.map(ToOwned::to_owned);
    move |command| {
        if let Some(way) = inc_git {
            command.env("INC_GIT", way);
        }
    }
}

/// How many entries with this text the incident has.
fn entries(repo: &TestRepo, text: &str) -> usize {
    let entries = repo.ok("inc-timeline list --format json", &[ID]).json();
    entries.as_array().unwrap().iter().filter(|entry| entry["text"] == text).count()
}

#[test]
fn a_stopped_process_that_holds_the_lock_is_named_and_goes_on_later() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let (slow, begun) = (repo.beside("home/slow"), repo.beside("home/begun"));
        fs::write(&slow, "").unwrap();
        let hook = "touch $HOME/begun\nwhile test -e $HOME/slow; do sleep 0.05; done";
        let hook = repo.script("hook", hook);
        let hooks = repo.top().join(".git/hooks");
        fs::create_dir_all(&hooks).unwrap();
        fs::rename(hook, hooks.join("pre-commit")).unwrap();

        let mut first = Command::new(programs().join("inc-timeline"));
        first.env_clear().envs(repo.environment()).env("INC_NOW", "2023-03-27T13:05:00+02:00");
        first.envs(inc_git.map(|way| ("INC_GIT", way))).current_dir(repo.top());
        first.args(["add", "first"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut first = Stopped { child: first.spawn().unwrap(), slow: &slow };
        let patience = Instant::now();
        while !begun.exists() {
            assert!(patience.elapsed() < Duration::from_secs(30), "the hook never ran");
            thread::sleep(Duration::from_millis(10));
        }
        first.signal("-STOP");

        let start = Instant::now();
        let words = ["--lock-timeout", "1", "second"];
        let process = format!("(process {0}, which is stopped: `kill -CONT {0}`", first.child.id());
        repo.fails_with(3, "inc-timeline add", &words, by(inc_git)).says(&[".git/inc/lock", &process]);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        // Who only looks does not wait.
        assert_eq!(entries(&repo, "second"), 0);

        first.signal("-CONT");
        fs::remove_file(&slow).unwrap();
        assert!(first.child.wait().unwrap().success());
        repo.ok("inc-timeline add second", &[]);
        assert_eq!((entries(&repo, "first"), entries(&repo, "second")), (1, 1));
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
    }
}

/// A process that a test has stopped, and that ends with the test in any case.
struct Stopped<'a> {
    child: Child,
    /// While this file is there, its hook goes on.
    slow: &'a Path,
}

impl Stopped<'_> {
    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success(), "kill {signal}");
    }
}

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.slow);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_lock_that_is_no_file_is_told_and_left() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let inc = repo.top().join(".git/inc");
        let lines = ["inc-timeline add --lock-timeout 1 hello", "inc-declare --lock-timeout 1 x"];

        fs::remove_file(inc.join("lock")).unwrap();
        fs::create_dir(inc.join("lock")).unwrap();
        for line in lines {
            repo.fails_with(3, line, &[], by(inc_git)).says(&[".git/inc/lock", "Is a directory"]);
        }
        assert!(inc.join("lock").is_dir());

        fs::remove_dir_all(&inc).unwrap();
        fs::write(&inc, "not ours").unwrap();
        for line in lines {
            repo.fails_with(3, line, &[], by(inc_git)).says(&[".git/inc"]);
        }
        assert_eq!(fs::read_to_string(&inc).unwrap(), "not ours");

        fs::remove_file(&inc).unwrap();
        assert_eq!(repo.run_with("inc-timeline add", &[ID, "hello"], by(inc_git)).code, 0);
        assert_eq!(entries(&repo, "hello"), 1);
    }
}

/// Runs a program as somebody who is not root and owns the repository, so that permissions count; `None` where that
/// cannot be done.
fn as_owner(repo: &TestRepo, inc_git: Option<&str>, line: &str) -> Option<Output> {
    let folder = repo.beside("");
    let owner = fs::metadata(&folder).unwrap();
    let mut command = if owner.uid() == 0 { as_nobody(repo, line)? } else { plain(line) };
    command.env_clear().envs(repo.environment()).env("INC_NOW", "2023-03-27T13:30:00+02:00");
    command.current_dir(repo.top());
    by(inc_git)(&mut command);
    let output = Output::of(&mut command);
    if owner.uid() == 0 {
        give(&folder, owner.uid(), owner.gid());
    }
    Some(output)
}

fn plain(line: &str) -> assert_cmd::Command {
    let mut line = line.split_whitespace();
    let mut command = assert_cmd::Command::new(programs().join(line.next().unwrap()));
    command.args(line);
    command
}

/// Gives everything to nobody, and becomes nobody.
fn as_nobody(repo: &TestRepo, line: &str) -> Option<assert_cmd::Command> {
    let nobody = NOBODY.to_string();
    let become_nobody = ["--reuid", &nobody, "--regid", &nobody, "--clear-groups"];
    let mut probe = Command::new("setpriv");
    probe.args(become_nobody).arg(programs().join("inc")).arg("--version").stderr(Stdio::null());
    if !probe.stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        println!("skipped: root may do everything, and cannot become nobody here");
        return None;
    }
    give(&repo.beside(""), NOBODY, NOBODY);
    let mut command = assert_cmd::Command::new("setpriv");
    command.args(become_nobody).args(line.split_whitespace());
    Some(command)
}

/// Gives a folder and all that is in it to somebody.
fn give(path: &Path, user: u32, group: u32) {
    chown(path, Some(user), Some(group)).unwrap();
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| give(&entry.unwrap().path(), user, group));
    }
}

/// Sets the mode of everything below a folder, and of the folder.
fn permit(path: &Path, write: bool) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| permit(&entry.unwrap().path(), write));
    }
    let mode = fs::metadata(path).unwrap().permissions().mode();
    let mode = if write { mode | 0o200 } else { mode & !0o222 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_lock_that_may_not_be_opened_is_told() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let lock = repo.top().join(".git/inc/lock");
        let mode = |mode| fs::set_permissions(&lock, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o000);
        let output = repo.assert_untouched(|repo| as_owner(repo, inc_git, "inc-timeline add hello"));
        mode(0o644);
        let Some(output) = output else { return };
        assert_eq!(output.code, 3, "{output:?}");
        output.says(&["error: ", ".git/inc/lock", "Permission denied"]);
        let output = as_owner(&repo, inc_git, "inc-timeline add hello").unwrap();
        assert_eq!(output.code, 0, "{output:?}");
    }
}

#[test]
fn a_git_folder_that_may_not_be_written_is_told_and_the_record_stays() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let git = repo.top().join(".git");
        // Once as a whole, once with the lock that we could take.
        for open in [None, Some(git.join("inc"))] {
            for line in ["inc-timeline add hello", "inc-declare x"] {
                let output = repo.assert_untouched(|repo| {
                    permit(&git, false);
                    open.iter().for_each(|folder| permit(folder, true));
                    let output = as_owner(repo, inc_git, line);
                    permit(&git, true);
                    output
                });
                let Some(output) = output else { return };
                assert_eq!((output.code, output.stdout.as_str()), (3, ""), "{line}: {output:?}");
                let lower = output.stderr.to_lowercase();
                assert!(lower.contains("permission"), "{line}: {output:?}");
                // Nobody else is at work, and there is nothing to wait for.
                assert!(!lower.contains("another git"), "{line}: {output:?}");
            }
        }
        let output = as_owner(&repo, inc_git, "inc-timeline add hello").unwrap();
        assert_eq!(output.code, 0, "{output:?}");
    }
}

#[test]
fn a_clock_that_goes_back_loses_nothing() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        for (now, text) in [("13:30", "first"), ("13:10", "second")] {
            let output = repo.run_with("inc-timeline add", &[text], |command| {
                by(inc_git)(command);
                command.env("INC_NOW", format!("2023-03-27T{now}:00+02:00"));
            });
            assert_eq!(output.code, 0, "{output:?}");
        }
        // By time, not in the order of writing.
        let listed = repo.ok("inc-timeline list --format json", &[]).json();
        let texts: Vec<_> = listed.as_array().unwrap().iter().map(|entry| entry["text"].clone()).collect();
        assert_eq!(texts, ["Incident declared", "second", "first"]);
        assert_eq!(repo.commits()[..2], ["timeline: second", "timeline: first"]);
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
        // A step whose own time would contradict the record is refused.
        repo.ok("inc-edit --set summary.mitigation=restarted", &[]);
        repo.fails_with(1, "inc-status set mitigated", &[], |command| {
            by(inc_git)(command);
            command.env("INC_NOW", "2023-03-27T12:00:00+02:00");
        })
        .says(&["would lie before started_at"]);
    }
}

#[test]
fn two_declarations_of_one_title_in_one_second_are_two_records() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::new();
        for title in ["Disk full", "Certificate expired", "Queue stuck"] {
            let mut ids: Vec<String> = thread::scope(|scope| {
                let declare = |_| {
                    let mut command = repo.command("inc-declare");
                    by(inc_git)(&mut command);
                    command.env("INC_NOW", "2023-03-27T13:00:00+02:00").arg(title);
                    scope.spawn(move || Output::of(&mut command))
                };
                let both: Vec<_> = (0..2).map(declare).collect();
                both.into_iter().map(|one| one.join().unwrap()).map(declared).collect()
            });
            ids.sort();
            assert_eq!(ids[1], format!("{}-2", ids[0]));
            let uids: Vec<String> = ids.iter().map(|id| line_of(&repo.record_text(id), "uid: ")).collect();
            assert_ne!(uids[0], uids[1]);
            for id in &ids {
                let path = format!("HEAD:incidents/2023/{id}.yaml");
                assert_eq!(repo.git(&["show", &path]), repo.record_text(id).trim());
            }
        }
        assert_eq!(repo.commits().iter().filter(|subject| subject.starts_with("declare: ")).count(), 6);
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
    }
}

#[track_caller]
fn declared(output: Output) -> String {
    assert_eq!(output.code, 0, "{output:?}");
    output.stdout.trim().to_owned()
}

fn line_of(text: &str, key: &str) -> String {
    text.lines().find(|line| line.starts_with(key)).unwrap().to_owned()
}

#[test]
fn a_lock_of_git_that_goes_away_is_waited_for() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let lock = repo.top().join(".git/index.lock");
        fs::write(&lock, "").unwrap();
        let start = Instant::now();
        let mut command = repo.command("inc-timeline");
        by(inc_git)(&mut command);
        command.args(["add", "hello"]);
        thread::scope(|scope| {
            let writer = scope.spawn(|| Output::of(&mut command));
            thread::sleep(Duration::from_millis(500));
            fs::remove_file(&lock).unwrap();
            let output = writer.join().unwrap();
            assert_eq!(output.code, 0, "{output:?}");
        });
        assert!(start.elapsed() >= Duration::from_millis(500));
        assert_eq!(entries(&repo, "hello"), 1);
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn a_lock_of_git_that_a_dead_one_left_is_told_and_left() {
    for (_, inc_git) in WAYS {
        let repo = TestRepo::with_incident();
        let lock = repo.top().join(".git/index.lock");
        fs::write(&lock, "theirs").unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(3_600);
        File::options().write(true).open(&lock).unwrap().set_modified(long_ago).unwrap();
        let line = "inc-timeline add --lock-timeout 1 hello";
        repo.fails_with(3, line, &[], by(inc_git)).says(&[".git/index.lock"]);
        assert_eq!(fs::read_to_string(&lock).unwrap(), "theirs");
        fs::remove_file(&lock).unwrap();
        assert_eq!(repo.run_with("inc-timeline add hello", &[], by(inc_git)).code, 0);
    }
}
