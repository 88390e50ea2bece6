//! `inc demo`: the talk's incident, replayed through the programs' own code in a fresh repository.

use anyhow::Result;

use crate::session::Session;

/// What `inc demo` is told.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Replays the incident.
///
/// # Errors
/// A temporary folder that cannot be had.
pub fn run(_args: Args, _session: &Session) -> Result<()> {
    Ok(())
}
