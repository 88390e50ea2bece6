//! `inc-search`: find records by their texts.
fn main() -> std::process::ExitCode {
    inc_cli::commands::search::main(std::env::args_os().collect())
}
