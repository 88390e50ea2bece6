//! A bar on stderr while many records are read: on a terminal alone, and only where that takes longer than a second.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// What takes no longer passes without a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far the reading has come.
pub struct Bar {
    what: &'static str,
    begun: Instant,
    shown: Option<ProgressBar>,
}

impl Bar {
    /// Nothing is shown yet.
    pub fn new(what: &'static str) -> Self {
        Self { what, begun: Instant::now(), shown: None }
    }

    /// So many of so many have been read.
    pub fn tell(&mut self, done: usize, all: usize) {
        if self.shown.is_none() && (self.begun.elapsed() < PATIENCE || !stderr().is_terminal()) {
            return;
        }
        let bar = self.shown.get_or_insert_with(|| {
            let style = ProgressStyle::with_template(&format!(
                "reading {}s {{bar:30}} {{pos}} of {{len}}",
                self.what
            ));
            ProgressBar::new(all as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_position(done as u64);
    }

    /// Leaves no trace on the terminal.
    pub fn end(self) {
        if let Some(bar) = self.shown {
            bar.finish_and_clear();
        }
    }
}
