//! One file a program: its arguments and what it does with them; and the catalogue of them all.

pub mod arguments;
pub mod declare;
pub mod edit;
pub mod editor;
pub mod history;
pub mod inc;
pub mod list;
pub mod merge;
pub mod pdca;
pub mod report;
pub mod role;
pub mod search;
pub mod severity;
pub mod similar;
pub mod stats;
pub mod status;
pub mod sync;
pub mod timeline;
pub mod which;

use std::ffi::OsString;
use std::process::ExitCode;

/// One program of the suite.
pub struct Program {
    /// Its name on the PATH.
    pub name: &'static str,
    /// Its arguments, for help and man pages.
    pub command: fn() -> clap::Command,
    /// Runs it on arguments, the first of which is its name.
    pub run: fn(Vec<OsString>) -> ExitCode,
}

macro_rules! programs {
    ($($name:literal: $module:ident $(by $run:path)?),* $(,)?) => {
        [$(Program {
            name: $name,
            command: crate::full_command::<$module::Args>,
            run: programs!(@run $module $($run)?),
        }),*]
    };
    (@run $module:ident) => { |args| crate::run_on($module::run, args) };
    (@run $module:ident $run:path) => { $run };
}

/// Every program but the front door, which finds the others here.
pub static COMMANDS: &[Program] = &programs! {
    "inc-declare": declare,
    "inc-report": report,
    "inc-timeline": timeline,
    "inc-severity": severity,
    "inc-status": status,
    "inc-role": role,
    "inc-edit": edit,
    "inc-list": list,
    "inc-history": history,
    "inc-stats": stats,
    // A word of its query may begin with `-`.
    "inc-search": search by search::main,
    "inc-similar": similar,
    "inc-sync": sync,
    // Its exit codes are git's, not ours.
    "inc-merge": merge by merge::main,
    "pdca": pdca,
};
