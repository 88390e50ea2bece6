//! `inc-report`: one incident as Markdown.
fn main() -> std::process::ExitCode {
    inc_cli::run(inc_cli::commands::report::run)
}
