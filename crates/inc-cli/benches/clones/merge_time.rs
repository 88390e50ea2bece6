//! What one merge by the driver takes, beside `git merge-file`: its start for short records, its run for long ones.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::longhand::{self, Story};
use crate::support::TestRepo;
use crate::support::crowd::Place;
use crate::{Scale, Table};

/// Entries of a record, and how many times git's the driver may take: of its start, then of its run.
const SIZES: [(usize, Option<f64>, Option<f64>); 2] = [(30, Some(5.0), None), (500, None, Some(3.0))];

/// The record that the driver merges, and what it makes a merge of: files of its own, in the top of a repository.
const FILES: [&str; 3] = ["O", "A", "B"];

/// Prints the medians of alternated runs, and their ratios.
pub fn merge_time(table: &mut Table, scale: Scale) {
    let repo = TestRepo::new();
    let place = Place::new(&repo, None);
    for (entries, to_start, to_run) in SIZES {
        for story in longhand::stories(entries) {
            let [ours, run, start] = measure(&place, &story, scale.of(60, 5));
            let name =
                format!("inc-merge driver, {entries} entries, {}: median (fastest to p90)", story.name);
            table.plain(&name, &ours.shown());
            ratio(table, "  of a start of git merge-file", &ours, &start, to_start);
            ratio(table, "  of git merge-file on the same files", &ours, &run, to_run);
        }
    }
}

fn ratio(table: &mut Table, name: &str, ours: &Times, git: &Times, limit: Option<f64>) {
    let ratio = ours.median().as_secs_f64() / git.median().as_secs_f64();
    let name = format!("{name}, {}", git.shown());
    match limit {
        Some(limit) => table.judged(&name, &format!("{ratio:.2}"), &format!("<= {limit}"), ratio <= limit),
        None => table.plain(&name, &format!("{ratio:.2}")),
    }
}

/// The driver, git on the same files, git on files of a line; in turn, so that a noisy machine disturbs all alike.
fn measure(place: &Place, story: &Story, rounds: usize) -> [Times; 3] {
    let mut times = [vec![], vec![], vec![]];
    let path = "incidents/2023/2023-03-27-disk-full.yaml";
    for round in 0..=rounds {
        for (nth, times) in times.iter_mut().enumerate() {
            let texts = match nth {
                2 => ["one\n", "one\n", "two\n"],
                _ => [&story.base, &story.ours, &story.theirs].map(String::as_str),
            };
            FILES.iter().zip(texts).for_each(|(file, text)| fs::write(place.top.join(file), text).unwrap());
            let mut command = match nth {
                0 => place.command("inc-merge"),
                _ => place.command("git"),
            };
            match nth {
                0 => command.args(["driver", "O", "A", "B", "7", path]),
                _ => command.args(["merge-file", "--quiet", "A", "O", "B"]),
            };
            let (took, code) = time(&mut command);
            // Git may ask where the driver does not.
            assert!(code == 0 || (nth == 1 && code < 128), "{}: {command:?}: {code}", story.name);
            // The first round warms the disk's cache.
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.map(Times::of)
}

fn time(command: &mut Command) -> (Duration, i32) {
    let start = Instant::now();
    let output = command.output().unwrap();
    (start.elapsed(), output.status.code().unwrap_or(-1))
}

/// Times of runs, sorted.
struct Times(Vec<Duration>);

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    fn shown(&self) -> String {
        let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
        let [half, first, most] = [self.median(), self.0[0], self.0[self.0.len() * 9 / 10]].map(millis);
        format!("{half} ms ({first} to {most})")
    }
}
