//! Incident and PDCA records as YAML files in a git work tree.
//!
//! The only place that touches files and git. What a record means is `inc-core`'s; this crate never decides.

// What is said to people is said by the programs.
#![cfg_attr(not(test), deny(clippy::print_stdout, clippy::print_stderr))]

#[cfg(test)]
mod corpus;
pub mod edit;
pub mod file;
pub mod git;
pub mod index;
pub mod land;
pub mod merge;
pub mod store;
pub mod yaml;
