//! What can be hurt: a program that runs in a repository, and somebody who judges what is left.

use std::ffi::OsString;

use crate::finding::Finding;
use crate::inject::Fault;
use crate::points::Point;
use crate::world::{Ended, World};

/// Of which row of the figures it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A command that writes a record.
    Verb,
    /// `inc-merge driver`, as git starts it.
    Driver,
    /// `inc-sync`, with all of git below it, at both ends.
    Sync,
    /// What tells a repository and a clone of the driver.
    Setup,
}

/// With the words of the table, and how many injections a sample makes.
pub const GROUPS: [(Group, &str, usize); 4] = [
    (Group::Verb, "verbs", 120),
    (Group::Driver, "merge driver", 24),
    (Group::Sync, "sync", 24),
    (Group::Setup, "setup and init", 12),
];

/// What is run.
pub struct Run {
    pub line: &'static [&'static str],
    pub now: &'static str,
    pub env: Vec<(&'static str, OsString)>,
}

/// A program in a repository.
pub trait Case: Sync {
    fn name(&self) -> String;
    fn group(&self) -> Group;
    /// The repository before it.
    fn world(&self) -> &World;
    fn run(&self) -> Run;
    /// How it ends unharmed.
    fn code(&self) -> i32 {
        0
    }
    /// Whether a point of it is meant.
    fn hurts(&self, _point: &Point) -> bool {
        true
    }
    /// The options that choose it.
    fn chosen_by(&self) -> String;
    fn judge(&self, world: &World, ended: &Ended, point: &Point, fault: Fault) -> Vec<Finding>;
}
