//! `inc-history`: what happened to a record, from git.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::history::run)
}
