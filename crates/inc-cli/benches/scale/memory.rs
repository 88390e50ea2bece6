//! How much memory a program takes at most, as the kernel counts it.

use std::process::Command;

/// The greatest resident set of a run, in KiB, by GNU time; `None` where that is not here.
pub fn peak(command: &Command) -> Option<u64> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["--format", "%M"]).arg(command.get_program()).args(command.get_args());
    timed.current_dir(command.get_current_dir()?);
    for (name, value) in command.get_envs() {
        timed.env(name, value?);
    }
    let done = timed.output().ok()?;
    String::from_utf8_lossy(&done.stderr).lines().last()?.trim().parse().ok()
}
