//! `inc demo`: the talk's incident, replayed by the programs themselves.

use std::fs;

use crate::support::{ID, Output, TestRepo};

/// The PDCA that the demo leaves.
const PDCA: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

/// The demo's folder is a repository with both records, in which nothing is left over.
#[track_caller]
fn assert_replayed(repo: &TestRepo, folder: &str) {
    let git = |args: &[&str]| repo.git(&[&["-C", folder], args].concat());
    assert_eq!(git(&["status", "--porcelain"]), "");
    let files = [
        ".gitattributes".to_owned(),
        "inc.yaml".to_owned(),
        format!("incidents/2023/{ID}.yaml"),
        format!("pdcas/2023/{PDCA}.yaml"),
        "policies/severity.yaml".to_owned(),
    ];
    assert_eq!(git(&["ls-files"]).lines().collect::<Vec<_>>(), files);
    assert_eq!(git(&["log", "-1", "--format=%an %ad"]), "Mathieu Corbin Thu Apr 6 15:28:00 2023 +0200");
    assert_eq!(git(&["fsck", "--strict", "--no-dangling"]), "");
    let report = repo.ok("inc-report --format json -C", &[folder, ID]).json();
    assert_eq!(report["measures"]["time_to_resolve"]["minutes"], 74);
    assert_eq!(report["severity"]["level"], "SEV-3");
    assert_eq!(report["status"]["name"], "postmortem-completed");
    let pdca = repo.ok("pdca show --format json -C", &[folder, PDCA]).json();
    assert_eq!(pdca["status"], "check-done");
}

#[test]
fn the_incident_is_replayed_in_a_new_folder() {
    let repo = TestRepo::without_git();
    let folder = repo.top().join("demo/new").display().to_string();
    let output = repo.ok("inc demo", &[&folder]);
    assert_replayed(&repo, &folder);
    for said in [
        "$ inc init . --timezone Europe/Paris\n",
        "# 12:59  Alerts fire, developers complain.",
        "$ inc-declare 'Staging: Kubernetes cluster 3 is misbehaving'",
        "$ pdca check C1 ok\n",
        "Check done  2023-04-06",
        "| Time to resolve | 1h 14min |",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in {}", output.stdout);
    }
    assert!(output.stdout.ends_with(&format!("\n$ cd {folder} && git log\n")), "{}", output.stdout);
    assert!(!output.stderr.contains("error"), "{}", output.stderr);
}

#[test]
fn without_a_folder_it_takes_a_temporary_one() {
    let repo = TestRepo::without_git();
    let temporary = repo.beside("tmp");
    fs::create_dir(&temporary).unwrap();
    let output = repo.run_with("inc demo --format json", &[], |command| {
        command.env("TMPDIR", &temporary);
    });
    assert_eq!(output.code, 0, "{output:?}");
    let folder = output.json()["folder"].as_str().unwrap().to_owned();
    assert!(folder.starts_with(&temporary.join("inc-demo-").display().to_string()), "{folder}");
    assert_replayed(&repo, &folder);
}

#[test]
fn only_an_empty_folder_outside_of_repositories_will_do() {
    let repo = TestRepo::without_git();
    fs::create_dir(repo.top().join("full")).unwrap();
    fs::write(repo.top().join("full/file"), "mine\n").unwrap();
    repo.fails(1, "inc demo full", &[])
        .prints("")
        .says(&["full is not empty: name an empty or a new folder"]);
    repo.fails(3, "inc demo full/file", &[]).says(&["full/file"]);
    repo.fails(3, "inc demo full/file/below", &[]);

    let repo = TestRepo::with_incident();
    let top = repo.top().canonicalize().unwrap().display().to_string();
    repo.fails_with(1, "inc demo", &[], |command| {
        command.env("TMPDIR", &top);
    })
    .says(&[&format!("{top} lies in the repository {top}")]);
    for folder in ["demo", "demo/below"] {
        repo.fails(1, "inc demo", &[folder])
            .prints("")
            .says(&[&format!("{folder} lies in the repository {top}: name a folder outside of it")]);
    }
}

#[test]
fn json_names_what_was_left_and_nothing_else_is_said() {
    let repo = TestRepo::without_git();
    let folder = repo.top().join("demo").display().to_string();
    let output = repo.ok("inc demo --format json", &[&folder]);
    assert_eq!(output.json(), serde_json::json!({"folder": folder, "incident": ID, "pdca": PDCA}));
    assert_eq!(output.stderr, "");
}

#[test]
fn a_hostile_environment_changes_nothing() {
    let mine = TestRepo::with_incident();
    let repo = TestRepo::without_git();
    let folder = repo.top().join("demo").display().to_string();
    let hostile = repo.beside("home/.gitconfig");
    fs::write(&hostile, "[commit]\n\tgpgsign = true\n[core]\n\thooksPath = /nowhere\n\tautocrlf = true\n")
        .unwrap();
    let output: Output = mine.assert_untouched(|mine| {
        repo.run_with("inc demo", &[&folder], |command| {
            let git = mine.top().join(".git");
            command.env_remove("HOME").env_remove("INC_AUTHOR").env_remove("INC_NOW");
            command.env("GIT_DIR", &git).env("GIT_WORK_TREE", mine.top());
            command.env("GIT_INDEX_FILE", git.join("index")).env("GIT_OBJECT_DIRECTORY", git.join("objects"));
            command.env("GIT_CONFIG_GLOBAL", &hostile).env("INC_INCIDENT", "something-else");
            command.env("EDITOR", "false").env("TZ", "Asia/Tokyo").env("CLICOLOR_FORCE", "1");
        })
    });
    assert_eq!(output.code, 0, "{output:?}");
    assert_replayed(&repo, &folder);
}
