//! What the README says is so: its tour runs as it stands, and its table of programs is whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use clap::Command;
use inc_cli::commands::COMMANDS;

use crate::support::{Output, TestRepo, programs};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap()
}

/// The text below a heading, up to the next of its level.
fn section(title: &str) -> String {
    let readme = readme();
    let (_, rest) = readme.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title}"));
    rest.split("\n## ").next().unwrap().to_owned()
}

#[test]
fn the_tour_runs_as_it_stands() {
    let section = section("Five minutes");
    let (_, rest) = section.split_once("```sh\n").unwrap();
    let tour = rest.split("```").next().unwrap();
    let repo = TestRepo::without_git();
    let mut bash = assert_cmd::Command::new("bash");
    bash.args(["-eu", "-o", "pipefail", "-c", tour]).current_dir(repo.top());
    bash.env_clear().envs(repo.environment()).env("INC_NOW", "2023-03-27T12:59:00+02:00");
    let output = Output::of(bash.timeout(Duration::from_secs(60)));
    assert_eq!(output.code, 0, "{output:?}");

    let folder = repo.top().join("incidents").display().to_string();
    let git = |args: &[&str]| repo.git(&[&["-C", &folder], args].concat());
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert!(git(&["log", "--format=%s"]).starts_with("pdca: act A1 of C1: "));
    assert!(output.stdout.contains("\n# PDCA: Checkout answers 500\n"), "{}", output.stdout);
    assert!(output.stdout.contains("Do & Check"), "{}", output.stdout);
}

/// The rows of the table of programs: the name, and the words in backquotes that tell of it.
fn rows() -> Vec<(String, Vec<String>)> {
    let quoted =
        |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let table = section("The programs");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, words) = row.split_once("` | ").unwrap();
        (name.to_owned(), quoted(words))
    })
    .collect()
}

#[test]
fn the_table_of_programs_is_whole() {
    let told: BTreeSet<String> = rows().into_iter().map(|(name, _)| name).collect();
    let there = COMMANDS.iter().map(|program| program.name).chain(["inc"]).map(str::to_owned);
    assert_eq!(told, there.collect());
    for name in told {
        assert!(programs().join(&name).is_file(), "{name} is not built");
    }
}

#[test]
fn every_verb_is_in_the_table_and_every_verb_there_exists() {
    for (name, words) in rows() {
        let program = COMMANDS.iter().find(|program| program.name == name);
        let command = match program {
            Some(program) => (program.command)(),
            None => inc_cli::full_command::<inc_cli::commands::inc::Args>(),
        };
        let verbs: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        let is_verb = |word: &&str| {
            !word.starts_with("inc-") && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        };
        let told: BTreeSet<&str> = words.iter().map(String::as_str).filter(is_verb).collect();
        assert_eq!(told, verbs, "{name}");
    }
}

#[test]
fn every_program_that_the_readme_names_exists() {
    let readme = readme();
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    for name in readme.split(word).filter(|word| word.starts_with("inc-")) {
        // `inc foo` is the example of a program of somebody else; the crates are named in paths.
        let is_ours = !["inc-foo", "inc-cli", "inc-core", "inc-store"].contains(&name);
        assert!(!is_ours || programs().join(name).is_file(), "the README names {name}");
    }
}
