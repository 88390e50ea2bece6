//! `pdca`: plan, do, check, act.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::pdca::run)
}
