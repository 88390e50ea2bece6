//! `inc-merge`: git's merge driver for incidents and PDCAs.
fn main() -> std::process::ExitCode {
    inc_cli::commands::merge::main(std::env::args_os().collect())
}
