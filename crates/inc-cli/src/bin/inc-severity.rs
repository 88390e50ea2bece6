//! `inc-severity`: how bad it is, and why.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::severity::run)
}
