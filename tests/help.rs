//! Every `--help`: a change of words shows in the diff.

use clap::{Args, Command};
use inc_cli::commands::COMMANDS;

#[test]
fn every_help_is_as_it_was_and_has_an_example() {
    let mut programs: Vec<Command> = COMMANDS.iter().map(|program| (program.command)()).collect();
    programs.push(inc_cli::full_command::<inc_cli::commands::inc::Args>());
    for program in programs {
        // The version would change every snapshot.
        let mut program = program.version("0.0.0").term_width(100);
        program.build();
        check(&mut program);
    }
}

fn check(command: &mut Command) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    assert!(help.contains("\nExample:\n"), "{name} --help has no example:\n{help}");
    insta::assert_snapshot!(name.replace(' ', "-"), help);
    for verb in command.get_subcommands_mut().filter(|verb| verb.get_name() != "help") {
        check(verb);
    }
}

#[test]
fn every_option_says_what_it_does_and_every_program_has_the_shared_ones() {
    let shared = inc_cli::session::Shared::augment_args(Command::new("shared"));
    for program in COMMANDS {
        let command = (program.command)();
        assert!(command.get_about().is_some(), "{}", program.name);
        for option in shared.get_arguments() {
            assert!(command.get_arguments().any(|own| own.get_id() == option.get_id()), "{}", program.name);
        }
        let verbs = command.get_subcommands();
        for argument in command.get_arguments().chain(verbs.flat_map(Command::get_arguments)) {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(
                !help.is_empty() && !help.ends_with('.'),
                "{}: {}: {help:?}",
                program.name,
                argument.get_id()
            );
        }
    }
}
