//! Incident and PDCA records as YAML files in a git work tree.

pub mod edit;
