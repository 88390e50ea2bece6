//! `inc-timeline follow`: each entry once, from here and from the other end; what hurts is told and waited for.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{ID, TestRepo, programs};

/// How long anything may take; nothing waits that long where all is well.
const DEADLINE: Duration = Duration::from_secs(20);

/// A follower that runs, with the lines that it prints.
struct Following {
    child: Child,
    stdout: Option<Receiver<String>>,
    stderr: Receiver<String>,
}

impl Following {
    /// Starts one, and waits until it follows.
    fn of(repo: &TestRepo, args: &[&str]) -> Self {
        let mut following = Self::piped(repo, args);
        following.stdout = following.child.stdout.take().map(lines);
        following
    }

    /// As `of`, with a stdout that nobody has begun to read.
    fn piped(repo: &TestRepo, args: &[&str]) -> Self {
        let mut command = Command::new(programs().join("inc-timeline"));
        command.env_clear().envs(repo.environment()).env("INC_NOW", "2023-03-27T14:00:00+02:00");
        command.current_dir(repo.top()).arg("follow").args(args).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = lines(child.stderr.take().unwrap());
        let following = Self { child, stdout: None, stderr };
        following.says("following ");
        following
    }

    /// The next line on stdout.
    #[track_caller]
    fn next(&self) -> String {
        self.stdout.as_ref().unwrap().recv_timeout(DEADLINE).expect("a line")
    }

    /// A line on stderr holds this, sooner or later.
    #[track_caller]
    fn says(&self, words: &str) -> String {
        loop {
            let line = self.stderr.recv_timeout(DEADLINE).unwrap_or_else(|why| panic!("{words:?}: {why}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The exit code, which comes by itself.
    #[track_caller]
    fn end(&mut self) -> i32 {
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

fn record(repo: &TestRepo) -> PathBuf {
    repo.top().join(format!("incidents/2023/{ID}.yaml"))
}

#[test]
fn entries_are_told_as_they_come_each_once_and_corrected_ones_again() {
    let repo = TestRepo::with_incident();
    let all = Following::of(&repo, &[]);
    repo.ok("inc-timeline add --at 12:10 --kind decision --detail one", &[ID, "We scale"]);
    assert_eq!(all.next(), "12:10 [decision] We scale; one (Mathieu Corbin)");
    repo.ok("inc-timeline edit 1 --text", &["We scale the group"]);
    assert_eq!(all.next(), "12:10 corrected: [decision] We scale the group; one (Mathieu Corbin)");
    // By hand, without an id; it gets one with the next change, and is not told again.
    let text = fs::read_to_string(record(&repo)).unwrap();
    let entry = "timeline:\n  - at: 2023-03-26T13:20:00+02:00\n    text: By hand\n";
    fs::write(record(&repo), text.replacen("timeline:\n", entry, 1)).unwrap();
    assert_eq!(all.next(), "2023-03-26 13:20 By hand");
    repo.ok("inc-timeline add --include-edits --at 12:30", &[ID, "Stable"]);
    assert_eq!(all.next(), "12:30 Stable (Mathieu Corbin)");
}

#[test]
fn json_is_an_object_a_line_and_the_last_ones_come_first_where_asked_for() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add", &[ID, "One"]);
    repo.ok("inc-timeline add", &[ID, "Two"]);
    let last = Following::of(&repo, &["--last", "1", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&last.next()).unwrap();
    assert_eq!((&told["incident"], &told["event"]), (&ID.into(), &"new".into()));
    assert_eq!((&told["entry"]["text"], &told["entry"]["number"]), (&"Two".into(), &3.into()));
    assert!(told["from"].is_null(), "{told}");
    let since = Following::of(&repo, &["--since", "13:00"]);
    assert_eq!([since.next(), since.next()].map(|line| line[..9].to_owned()), ["13:00 One", "13:01 Two"]);
}

#[test]
fn what_cannot_be_read_or_is_gone_is_told_once_and_waited_for() {
    let repo = TestRepo::with_incident();
    let all = Following::of(&repo, &[]);
    let whole = fs::read_to_string(record(&repo)).unwrap();
    fs::write(record(&repo), format!("{whole}oops: [\n")).unwrap();
    all.says("cannot be read now");
    fs::write(record(&repo), &whole).unwrap();
    all.says("can be read again");
    fs::remove_file(record(&repo)).unwrap();
    all.says("is gone");
    fs::create_dir(repo.top().join("incidents/moved")).unwrap();
    fs::write(repo.top().join(format!("incidents/moved/{ID}.yaml")), &whole).unwrap();
    all.says("can be read again");
    fs::rename(repo.top().join(format!("incidents/moved/{ID}.yaml")), record(&repo)).unwrap();
    repo.ok("inc-timeline add --at 12:10", &[ID, "Back"]);
    assert_eq!(all.next(), "12:10 Back (Mathieu Corbin)");
}

#[test]
fn it_ends_at_a_status_and_with_a_closed_pipe() {
    let repo = TestRepo::with_incident();
    let mut until = Following::of(&repo, &["--until", "mitigated"]);
    let mut closed = Following::piped(&repo, &[]);
    drop::<Option<ChildStdout>>(closed.child.stdout.take());
    repo.ok("inc-edit --set summary.mitigation=scaled", &[]);
    repo.ok("inc-status set mitigated", &[]);
    assert!(until.next().contains("[status]"));
    assert_eq!((until.end(), closed.end()), (0, 0));
    assert!(closed.stderr.try_iter().all(|line| !line.contains("error")));
    repo.fails(2, "inc-timeline follow --until over", &[]);
    repo.fails(2, "inc-timeline follow --fetch-every 0s", &[]);
    repo.fails(3, "inc-timeline follow --fetch-every 1s", &[]).says(&["git remote add"]);
}

#[test]
fn all_open_ones_are_told_with_their_ids_and_those_declared_since() {
    let repo = TestRepo::with_incident();
    let all = Following::of(&repo, &["--all"]);
    repo.ok("inc-timeline add --at 12:10", &[ID, "One"]);
    assert_eq!(all.next(), format!("{ID}: 12:10 One (Mathieu Corbin)"));
    repo.ok("inc-declare", &["Disk full"]);
    let line = all.next();
    assert!(line.starts_with("2023-03-27-disk-full: ") && line.contains("[declared]"), "{line}");
}

#[test]
fn what_others_push_is_told_and_nothing_is_merged() {
    let repo = TestRepo::with_incident();
    let (bare, there) = (repo.beside("bare.git"), repo.beside("there"));
    let [origin, clone] = [&bare, &there].map(|path| path.display().to_string());
    repo.git(&["clone", "--quiet", "--bare", ".", &origin]);
    repo.git(&["remote", "add", "origin", &origin]);
    repo.git(&["push", "--quiet", "-u", "origin", "main"]);
    repo.git(&["clone", "--quiet", &origin, &clone]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let all = Following::of(&repo, &["--fetch-every", "1s", "--format", "json"]);
    let told = || serde_json::from_str::<serde_json::Value>(&all.next()).unwrap();
    repo.ok(&format!("inc-timeline add --sync -C {clone} --at 12:10"), &[ID, "Pods die"]);
    let first = told();
    assert_eq!((&first["entry"]["text"], &first["from"]), (&"Pods die".into(), &"origin/main".into()));
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), head);
    assert!(!fs::read_to_string(record(&repo)).unwrap().contains("Pods die"));
    // A network that fails is told once, and local entries go on.
    fs::rename(&bare, repo.beside("away.git")).unwrap();
    all.says("cannot reach origin");
    repo.ok("inc-timeline add --at 12:20", &[ID, "Here"]);
    assert_eq!(told()["entry"]["text"], "Here");
    fs::rename(repo.beside("away.git"), &bare).unwrap();
    all.says("can be reached again");
    // What was told from the other end is not told again when it comes in, nor ours when it comes back.
    repo.ok("inc-sync", &[]);
    repo.ok(&format!("inc-sync -C {clone}"), &[]);
    repo.ok(&format!("inc-timeline edit -C {clone} --sync --text"), &["Pods are killed", ID, "2"]);
    let corrected = told();
    assert_eq!(
        (&corrected["event"], &corrected["entry"]["text"]),
        (&"corrected".into(), &"Pods are killed".into())
    );
}
