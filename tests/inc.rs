//! `inc`: init, use, and the front door to the other programs.

use std::fs;

use crate::support::{ID, TestRepo};

#[test]
fn init_makes_a_repository_with_its_settings_in_one_commit() {
    let repo = TestRepo::without_git();
    let folder = repo.beside("incidents");
    let name = folder.display().to_string();
    let made = repo.ok("inc init --timezone Europe/Paris", &[&name]);
    // It has just told the clone itself.
    assert!(!made.stderr.contains("inc-merge setup"), "{made:?}");
    made.prints(&format!("{name}\n")).says(&["next: inc declare \"What is broken\""]);
    assert!(fs::read_to_string(folder.join("inc.yaml")).unwrap().contains("\ntimezone: Europe/Paris\n"));
    assert_eq!(
        repo.git(&["-C", &name, "log", "--format=%s"]),
        "inc: settings, severity policy and merge driver"
    );
    assert_eq!(
        repo.git(&["-C", &name, "show", "--format=", "--name-only"]),
        ".gitattributes\ninc.yaml\npolicies/severity.yaml"
    );
    assert_eq!(repo.git(&["-C", &name, "status", "--porcelain"]), "");
    // Everything works there at once, and a second time nothing happens.
    repo.ok("inc declare x -C", &[&name]);
    let again = repo.ok("inc init --format json", &[&name]);
    assert_eq!(again.json()["files"], serde_json::json!([]));
    again.says(&["inc.yaml is there already and stays as it is"]);
}

#[test]
fn init_leaves_what_is_there() {
    let repo = TestRepo::without_git();
    repo.git(&["init", "--quiet"]);
    fs::write(repo.top().join("README.md"), "ours\n").unwrap();
    fs::write(repo.top().join("inc.yaml"), "timezone: Asia/Tokyo\n").unwrap();
    repo.ok("inc init", &[]).says(&["inc.yaml is there already"]);
    assert_eq!(fs::read_to_string(repo.top().join("inc.yaml")).unwrap(), "timezone: Asia/Tokyo\n");
    assert_eq!(repo.changed_files(), [".gitattributes", "policies/severity.yaml"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? README.md\n?? inc.yaml");
}

#[test]
fn init_refuses_what_cannot_be() {
    let repo = TestRepo::without_git();
    repo.fails(2, "inc init --timezone Europe/Atlantis", &[]).says(&["`Europe/Atlantis` is not a time zone"]);
    fs::write(repo.top().join("file"), "x").unwrap();
    repo.fails(3, "inc init file", &[]).says(&["file"]);
    repo.fails(3, "inc init file/below", &[]).says(&["file/below"]);
}

#[test]
fn use_remembers_one_incident_outside_the_history() {
    let repo = TestRepo::with_incident();
    let other = repo.declare("Disk full");
    let head = repo.head();
    repo.fails(1, "inc use", &[]).says(&["no incident is chosen: choose one with `inc use INCIDENT`"]);
    repo.ok("inc use cluster-3", &[]).prints(&format!("{ID}\n"));
    repo.ok("inc use --format json", &[]).prints(&format!("\"{ID}\"\n"));
    repo.ok("inc-timeline add", &["hello"]);
    assert_eq!(repo.changed_files(), [format!("incidents/2023/{ID}.yaml")]);
    repo.fails(2, "inc use nothing", &[]).says(&["no incident `nothing`"]);
    repo.fails(2, "inc use ..", &[]).says(&["never paths"]);
    repo.ok("inc use", &[&other]);
    repo.ok("inc use --clear", &[]).says(&["no incident is chosen"]);
    repo.fails(2, "inc-timeline add", &["hello"]).says(&["which incident?"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.git(&["rev-parse", "HEAD^"]), head);
}

#[test]
fn a_choice_that_is_gone_is_named() {
    let repo = TestRepo::with_incident();
    repo.ok("inc use", &[ID]);
    repo.git(&["rm", "--quiet", "-r", "incidents"]);
    repo.git(&["commit", "--quiet", "--message", "gone"]);
    repo.fails(2, "inc-status show", &[]).says(&["the incident chosen by `inc use`: no incident"]);
}

#[test]
fn every_program_is_a_command_of_inc() {
    let repo = TestRepo::with_incident();
    assert_eq!(repo.ok("inc list", &[]).stdout, repo.ok("inc-list", &[]).stdout);
    repo.ok("inc --format json status show", &[]).json();
    repo.ok("inc timeline add --at 12:58", &["hello"]);
    assert!(repo.ok("inc help list", &[]).stdout.starts_with("List incidents"));
    assert_eq!(repo.ok("inc help timeline", &[]).stdout, repo.ok("inc-timeline --help", &[]).stdout);
    for program in inc_cli::commands::COMMANDS {
        let name = program.name.trim_start_matches("inc-");
        let output = repo.ok(&format!("inc {name} --help"), &[]);
        assert!(output.stdout.contains(&format!("Usage: {}", program.name)), "{output:?}");
    }
    assert!(repo.ok("inc --version", &[]).stdout.starts_with("inc 0."));
    assert!(repo.ok("inc-list --version", &[]).stdout.starts_with("inc-list 0."));
}

#[test]
fn an_unknown_command_is_a_program_of_the_path_or_refused() {
    let repo = TestRepo::with_incident();
    repo.script("inc-hello", "echo \"hello $*\"; exit 7");
    let path = std::env::join_paths([repo.beside("")]).unwrap();
    let output = repo.run_with("inc hello --open", &["a b"], |command| {
        command.env("PATH", &path);
    });
    assert_eq!((output.code, output.stdout.as_str()), (7, "hello --open a b\n"));
    repo.fails(2, "inc lst", &[]).says(&["`lst` is no command of inc", "did you mean `list`?"]);
    repo.fails(2, "inc ../list", &[]).says(&["`../list` is no command of inc"]);
    repo.fails(2, "inc", &["\u{1b}[2J"]).says(&["\\u{1b}[2J"]);
    assert_eq!(repo.run("inc", &[]).says(&["Usage: inc "]).code, 2);
}

#[test]
fn no_choice_is_null_for_programs() {
    let repo = TestRepo::with_incident();
    repo.ok("inc use --clear --format json", &[]).prints("null\n");
}
