//! Two or more sides, run in turn: how many times the one takes what the other takes, with the spread.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::table::Table;

/// One side: what is done before each run, which does not count, and what is run.
pub struct Side<'h> {
    name: String,
    before: Box<dyn FnMut() + 'h>,
    command: Box<dyn Fn() -> Command + 'h>,
    times: Vec<Duration>,
}

impl<'h> Side<'h> {
    /// A side of this name.
    pub fn new(name: &str, command: impl Fn() -> Command + 'h) -> Self {
        Self { name: name.to_owned(), before: Box::new(|| ()), command: Box::new(command), times: vec![] }
    }

    /// The same, after something.
    pub fn after(mut self, before: impl FnMut() + 'h) -> Self {
        self.before = Box::new(before);
        self
    }

    fn run(&mut self, counts: bool) {
        (self.before)();
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let took = start.elapsed();
        // 1 is an answer of `rg` and of `git diff`: nothing was found.
        assert!(matches!(status.code(), Some(0 | 1)), "{} ends with {status}", self.name);
        if counts {
            self.times.push(took);
        }
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times[times.len() / 2]
    }
}

/// Runs ours and what it is compared with, in turn, and prints a line each; a yardstick without a number is only told.
pub fn contest(
    table: &mut Table,
    rounds: usize,
    mut ours: Side<'_>,
    mut yards: Vec<(Side<'_>, Option<f64>)>,
) {
    // The first round warms what is to be warm.
    for round in 0..=rounds {
        ours.run(round > 0);
        for (yard, _) in &mut yards {
            yard.run(round > 0);
        }
    }
    table.plain(&ours.name, &millis(ours.median()));
    for (yard, limit) in &yards {
        let name = format!("  of {}, {}", yard.name, millis(yard.median()));
        let mut ratios: Vec<f64> =
            ours.times.iter().zip(&yard.times).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        let (median, least, most) = (ratios[ratios.len() / 2], ratios[0], ratios[ratios.len() - 1]);
        let figure = format!("{median:.3} ({least:.2}-{most:.2})");
        match limit {
            Some(limit) => table.judged(&name, &figure, &format!("<= {limit}"), median <= *limit),
            None => table.plain(&name, &figure),
        }
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
