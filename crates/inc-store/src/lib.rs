//! Incident and PDCA records as YAML files in a git work tree.

pub mod file;
pub mod git;
