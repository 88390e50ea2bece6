//! `inc-status`: where in its life an incident is.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::status::run)
}
