//! `inc-stats`: figures over many incidents.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::stats::run)
}
