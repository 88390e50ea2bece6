//! `inc-edit`: set properties, or edit the file with validation.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::edit::run)
}
