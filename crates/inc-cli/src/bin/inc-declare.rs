//! `inc-declare`: open an incident.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::declare::run)
}
