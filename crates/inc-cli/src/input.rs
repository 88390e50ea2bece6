//! Text that a command is given by a file's name: any file of the user's, a pipe, or `-` for stdin.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use inc_store::yaml;

use crate::failure::Failure;

/// The text of a file that was named on the command line, `-` for stdin; at most one byte more than a record may have.
///
/// # Errors
/// A file that cannot be read, or is not UTF-8.
pub fn read_whole(file: &Path) -> Result<String> {
    let mut bytes = vec![];
    // One byte more than is read: enough for the reader to say that it is too long.
    let limit = yaml::MAX_BYTES as u64 + 1;
    if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("read stdin")?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("read {}", file.display()))?;
        opened.take(limit).read_to_end(&mut bytes).with_context(|| format!("read {}", file.display()))?;
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::data(format!("{} is not UTF-8 text: save it as UTF-8", file.display())))
}
