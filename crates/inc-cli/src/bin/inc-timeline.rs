//! `inc-timeline`: what happened, when, and who says so.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::timeline::run)
}
