//! `inc-search`: find records by their texts.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::search::run)
}
