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
fn what_was_over_and_is_reopened_is_told_from_there_on() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add", &[ID, "Known"]);
    repo.ok("inc-status set cancelled --reason drill", &[]);
    let all = Following::of(&repo, &["--all"]);
    repo.ok("inc-timeline add", &[ID, "Nobody follows what is over"]);
    repo.ok("inc-status set", &[ID, "investigating", "--reason", "again"]);
    assert!(all.next().ends_with("Nobody follows what is over (Mathieu Corbin)"));
    let line = all.next();
    assert!(line.starts_with(&format!("{ID}: ")) && line.contains("[status]"), "{line}");
    repo.ok("inc-timeline add --at 12:10", &[ID, "And on"]);
    assert_eq!(all.next(), format!("{ID}: 12:10 And on (Mathieu Corbin)"));
}

/// A second clone of a bare remote that both push to; the paths of the two.
fn shared(repo: &TestRepo) -> [String; 2] {
    let [origin, clone] = ["bare.git", "there"].map(|name| repo.beside(name).display().to_string());
    repo.git(&["clone", "--quiet", "--bare", ".", &origin]);
    repo.git(&["remote", "add", "origin", &origin]);
    repo.git(&["push", "--quiet", "-u", "origin", "main"]);
    repo.git(&["clone", "--quiet", &origin, &clone]);
    [origin, clone]
}

#[test]
fn no_control_character_reaches_the_screen_from_here_or_there() {
    let repo = TestRepo::with_incident();
    let [_, clone] = shared(&repo);
    let all = Following::of(&repo, &["--fetch-every", "1s"]);
    let whole = fs::read_to_string(record(&repo)).unwrap();
    let entry = |text: &str| format!("timeline:\n  - at: 2023-03-27T12:10:00+02:00\n    text: {text}\n");
    let with = |text: &str| whole.replacen("timeline:\n", &entry(text), 1);
    for (text, told) in [
        ("\"a\\e[31mred\"", "cannot be read now"),
        ("\"a\u{1b}]0;title\u{7}\"", "cannot be read now"),
        ("\"a\\u009b31m\"", "cannot be read now"),
    ] {
        fs::write(record(&repo), with(text)).unwrap();
        is_clean(&all.says(told));
        fs::write(record(&repo), &whole).unwrap();
        is_clean(&all.says("can be read again"));
    }
    // A key and a file's name are text from outside, too.
    fs::write(record(&repo), format!("{whole}\"x\\e[2J\": 1\n")).unwrap();
    is_clean(&all.says("cannot be read now"));
    fs::write(record(&repo), &whole).unwrap();
    all.says("can be read again");
    let there = PathBuf::from(&clone).join(format!("incidents/2023/{ID}.yaml"));
    fs::write(&there, with("\"b\\e[31mred\"")).unwrap();
    let commit = ["-c", "user.name=B", "-c", "user.email=b@x", "commit", "--quiet", "--all", "-m", "x"];
    repo.git(&[&["-C", &clone][..], &commit].concat());
    repo.git(&["-C", &clone, "push", "--quiet"]);
    is_clean(&all.says("at the other end cannot be read"));
    // The entries after it are told.
    repo.ok("inc-timeline add --at 12:20", &[ID, "Stable"]);
    let line = all.next();
    is_clean(&line);
    assert!(line.contains("Stable"), "{line}");
}

#[track_caller]
fn is_clean(line: &str) {
    let shown = |c: char| !c.is_control() && c != '\u{202e}';
    assert!(line.chars().all(shown), "{line:?}");
}

#[test]
fn ssh_asks_nobody_while_following_and_the_users_own_command_stays() {
    let repo = TestRepo::with_incident();
    repo.git(&["remote", "add", "origin", "ada@example.com:incidents.git"]);
    repo.git(&["config", "branch.main.remote", "origin"]);
    repo.git(&["config", "branch.main.merge", "refs/heads/main"]);
    let log = repo.beside("log").display().to_string();
    let fake = format!("echo \"$0 $* askpass=$SSH_ASKPASS/$SSH_ASKPASS_REQUIRE\" >> {log}; exit 255");
    fs::create_dir(repo.beside("bin")).unwrap();
    let [ssh, own] = ["bin/ssh", "own-ssh"].map(|name| repo.script(name, &fake));
    let asked = |set: &[(&str, &str)]| {
        let _ = fs::remove_file(&log);
        let path = format!("{}:{}", repo.beside("bin").display(), std::env::var("PATH").unwrap());
        let output = repo.run_with("inc-sync", &[], |command| {
            command.env("PATH", path).envs(set.iter().copied());
        });
        assert_eq!(output.code, 3, "{output:?}");
        fs::read_to_string(&log).unwrap()
    };
    let told = asked(&[]);
    assert!(told.contains(&format!("{ssh} -o BatchMode=yes ")) && told.contains("askpass=/\n"), "{told}");
    let command = format!("{own} -i key");
    for told in [asked(&[("GIT_SSH_COMMAND", &command)]), {
        repo.git(&["config", "core.sshCommand", &command]);
        asked(&[])
    }] {
        assert!(told.contains(&format!("{own} -i key ")) && told.contains("askpass=false/force"), "{told}");
        assert!(!told.contains("BatchMode"), "{told}");
    }
    let told = asked(&[("SSH_ASKPASS", "window")]);
    assert!(told.contains("askpass=window/force"), "{told}");
    let told = asked(&[("SSH_ASKPASS_REQUIRE", "never")]);
    assert!(told.contains("askpass=/never"), "{told}");
    // As following does.
    let _ = fs::remove_file(&log);
    let all = Following::of(&repo, &["--fetch-every", "1s"]);
    all.says("cannot reach origin");
    let told = fs::read_to_string(&log).unwrap();
    assert!(told.contains("askpass=false/force"), "{told}");
}

#[test]
fn what_others_push_is_told_and_nothing_is_merged() {
    let repo = TestRepo::with_incident();
    let bare = repo.beside("bare.git");
    let [_, clone] = shared(&repo);
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
