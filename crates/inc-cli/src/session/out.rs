//! A long answer on its way to stdout, piece by piece, so that it is never whole in memory.

use std::io::{StdoutLock, Write};

use anstream::AutoStream;
use anyhow::Result;

use super::Session;
use crate::failure::of_stdout;

/// How many bytes are gathered before they are written.
const PIECE: usize = 1 << 16;

/// Where the pieces go.
pub struct Out {
    text: String,
    to: AutoStream<StdoutLock<'static>>,
}

impl Session {
    /// Prints what `work` puts out; where it fails, what it put last may be missing.
    ///
    /// # Errors
    /// Those of `work`; a stdout that is full or closed.
    pub fn stream(&self, work: impl FnOnce(&mut Out) -> Result<()>) -> Result<()> {
        let mut out = Out { text: String::new(), to: anstream::stdout().lock() };
        work(&mut out)?;
        out.write()?;
        out.to.flush().map_err(of_stdout)
    }
}

impl Out {
    /// Puts out a text as it is; whole lines, if its end is to be seen before the next one comes.
    ///
    /// # Errors
    /// A stdout that is full or closed.
    pub fn put(&mut self, text: &str) -> Result<()> {
        self.text.push_str(text);
        if self.text.len() < PIECE { Ok(()) } else { self.write() }
    }

    /// Puts out a line.
    ///
    /// # Errors
    /// A stdout that is full or closed.
    pub fn line(&mut self, line: &str) -> Result<()> {
        self.put(line)?;
        self.put("\n")
    }

    fn write(&mut self) -> Result<()> {
        let done = self.to.write_all(self.text.as_bytes()).map_err(of_stdout);
        self.text.clear();
        done
    }
}
