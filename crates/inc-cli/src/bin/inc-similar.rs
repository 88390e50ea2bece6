//! `inc-similar`: past incidents like one.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::similar::run)
}
