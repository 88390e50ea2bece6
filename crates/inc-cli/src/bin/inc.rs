//! `inc`: the front door to the suite.
fn main() -> std::process::ExitCode {
    inc_cli::commands::inc::main()
}
