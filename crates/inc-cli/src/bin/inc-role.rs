//! `inc-role`: who does what in the response.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::role::run)
}
