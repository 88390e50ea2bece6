//! What an incident and a PDCA are, and what may happen to them: values in, values out.
//!
//! Deliberately absent: files, processes, the environment, a terminal and the clock. Whoever calls
//! brings the time, the author and the new ids in a [`Stamp`].

// What is said to people is said by the programs.
#![cfg_attr(not(test), deny(clippy::print_stdout, clippy::print_stderr))]

pub mod action;
pub mod answer;
pub mod columns;
pub mod dora;
pub mod field;
pub mod follow;
pub mod history;
pub mod id;
pub mod impact;
pub mod incident;
pub mod instant;
pub mod measure;
pub mod merge;
pub mod nearest;
pub mod news;
pub mod pdca;
pub mod query;
pub mod role;
pub mod search;
pub mod settings;
pub mod settle;
pub mod severity;
pub mod span;
pub mod stamp;
pub mod stats;
pub mod status;
pub mod summary;
pub mod text;
pub mod timeline;

pub use stamp::Stamp;

/// The version of the record formats that this code reads and writes.
pub const SCHEMA: u64 = 1;

/// Tells the sources apart that this crate was built of, for what outlives a program: an index.
pub const SOURCES: &str = env!("INC_SOURCES");
