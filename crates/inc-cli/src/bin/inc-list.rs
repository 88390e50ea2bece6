//! `inc-list`: look at many incidents.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::list::run)
}
