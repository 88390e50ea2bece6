//! The real programs in temporary repositories: that they are wired, what they say, and that a refusal writes nothing.
//!
//! What a record may become is tested beside the core, what happens to its text beside the store. Here a few cases
//! a program are enough.

mod support;

mod declare;
mod demo;
mod dora;
mod edit;
mod follow;
mod help;
mod history;
mod inc;
mod index;
mod list;
mod locks;
mod merge;
mod pdca;
mod private;
mod readme;
mod records;
mod records_of_the_project;
mod report;
mod role;
mod search;
mod severity;
mod severity_history;
mod severity_policy;
mod severity_prompt;
mod severity_replay;
mod severity_what_if;
mod states;
mod stats;
mod status;
mod surroundings;
mod sync;
mod timeline;
mod writers;
