//! The repository that everything is asked of: incidents of 4 to 6 KB in folders by year, PDCAs, one commit, and the same
//! data as other tools want it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::incidents::{Shape, write_one, write_policies};
use crate::pdcas;

/// Twenty to thirty entries, most of them short.
const SHAPE: Shape = Shape { notes: [9, 6], more: [6, 4], is_terse: true };

/// A repository with many records.
pub struct History {
    /// The folder around it.
    pub home: PathBuf,
    /// The repository.
    pub top: PathBuf,
    /// How many incidents it has.
    pub count: usize,
    /// The id of one of them.
    pub id: String,
    bytes: usize,
}

impl History {
    /// The history that lies in `home`, or a new one.
    pub fn at(home: &Path, count: usize) -> Self {
        let note = home.join(format!("made-{count}"));
        let mut history =
            Self { home: home.to_owned(), top: home.join("repo"), count, id: String::new(), bytes: 0 };
        let Ok(made) = fs::read_to_string(&note) else {
            assert!(!history.top.exists(), "{} holds another repository", home.display());
            history.make();
            fs::write(note, format!("{} {}", history.bytes, history.id)).expect("a note");
            return history;
        };
        let (bytes, id) = made.split_once(' ').expect("two words");
        (history.bytes, history.id) = (bytes.parse().expect("a number"), id.to_owned());
        history
    }

    /// What it is.
    pub fn words(&self) -> String {
        format!(
            "{} incidents of {} bytes on average, {} PDCAs, in one commit",
            self.count,
            self.bytes / self.count.max(1),
            self.count / 10
        )
    }

    /// One incident a line, as JSON.
    pub fn ndjson(&self) -> PathBuf {
        self.home.join("incidents.ndjson")
    }

    /// A program of ours, or of others, in the repository, apart from the machine's settings.
    pub fn command(&self, program: &str) -> Command {
        let ours = Path::new(env!("CARGO_BIN_EXE_inc")).with_file_name(program);
        let mut command = if ours.exists() { Command::new(ours) } else { Command::new(program) };
        command.current_dir(&self.top).env("HOME", &self.home);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env("INC_NOW", pdcas::NOW).env("INC_AUTHOR", "Ada Lovelace <ada@example.org>");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ada")
                .env(format!("GIT_{role}_EMAIL"), "ada@example.org");
        }
        command.env("TASKDATA", self.home.join("task")).env("TASKRC", self.home.join("taskrc"));
        command
    }

    fn make(&mut self) {
        fs::create_dir_all(&self.home).expect("a folder");
        pdcas::write(&self.top, self.count / 10);
        write_policies(&self.top);
        let (workers, count, top) = (4, self.count, &self.top);
        let parts: Vec<(usize, String, String)> = thread::scope(|scope| {
            let hands: Vec<_> = (0..workers)
                .map(|worker| scope.spawn(move || write_part(top, count, worker, workers)))
                .collect();
            hands.into_iter().map(|hand| hand.join().expect("a part")).collect()
        });
        let mut lines = BufWriter::new(fs::File::create(self.ndjson()).expect("a file"));
        for (bytes, text, id) in parts {
            lines.write_all(text.as_bytes()).expect("written");
            self.bytes += bytes;
            self.id = id;
        }
        lines.flush().expect("written");
        let run = |args: &[&str]| {
            let done = self.command("git").args(args).output().expect("git starts");
            assert!(done.status.success(), "git {args:?}: {done:?}");
        };
        run(&["add", "--all"]);
        run(&["commit", "--quiet", "--message=Years of incidents"]);
        // As it is after a while: the objects packed, the index no younger than any file.
        run(&["gc", "--quiet"]);
    }
}

/// Every so-manieth incident: how many bytes, as lines of JSON, and the last one's id.
fn write_part(top: &Path, count: usize, worker: usize, workers: usize) -> (usize, String, String) {
    let (mut bytes, mut lines, mut id) = (0, String::new(), String::new());
    for number in (worker..count).step_by(workers) {
        let (incident, length) = write_one(top, number, SHAPE, &mut Dice::from(number as u64));
        bytes += length;
        writeln!(lines, "{}", serde_json::to_value(&incident).expect("JSON")).expect("written");
        id = incident.id.to_string();
    }
    (bytes, lines, id)
}

impl History {
    /// The incidents as tasks, for Taskwarrior: `None` where it is not here.
    pub fn tasks(&self) -> Option<()> {
        self.command("task").arg("--version").output().ok()?;
        let note = self.home.join("tasks-are-in");
        if note.exists() {
            return Some(());
        }
        fs::write(self.home.join("taskrc"), "confirmation=off\nhooks=off\ngc=off\n").ok()?;
        let text = fs::read_to_string(self.ndjson()).ok()?;
        let mut tasks = String::new();
        for line in text.lines() {
            let incident: Value = serde_json::from_str(line).ok()?;
            let is_open = incident["status"] == "investigating";
            let stamp = "20230327T105900Z";
            let notes = incident["timeline"].as_array().into_iter().flatten().enumerate().map(|(n, entry)| {
                json!({"entry": format!("20230327T{:02}{:02}00Z", 11 + n / 60 % 10, n % 60), "description": entry["text"]})
            });
            let mut task = json!({
                "description": incident["title"], "entry": stamp, "tags": [incident["severity"]],
                "status": if is_open { "pending" } else { "completed" }, "annotations": notes.collect::<Vec<_>>(),
            });
            if !is_open {
                task["end"] = json!(stamp);
            }
            writeln!(tasks, "{task}").ok()?;
        }
        let file = self.home.join("tasks.json");
        fs::write(&file, tasks).ok()?;
        let done = self.command("task").arg("import").arg(&file).output().ok()?;
        done.status.success().then(|| fs::write(note, "").ok())?
    }
}
