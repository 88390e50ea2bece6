//! `inc-sync`: fetch, merge and push, and tell what came in.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::sync::run)
}
