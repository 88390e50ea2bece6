//! What is said of conflicts: what helps with each file, and what stands in the way of giving up.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{ID, Team, clone};
use crate::support::clones;

impl Team {
    /// Both change the record, here so that no program can read it; the other clone has pushed.
    fn break_here(&self) {
        self.add(&self.there, "Pods are being killed");
        self.syncs(&self.there);
        let text = fs::read_to_string(self.repo.path(ID)).unwrap();
        fs::write(self.repo.path(ID), text.replace("status: ", "status: [").trim_end()).unwrap();
        self.git(&self.here(), "commit --quiet --all --message=broken");
    }
}

#[test]
fn each_conflict_is_told_with_what_helps_there() {
    let team = Team::new();
    team.break_here();
    let stopped = team.sync(&team.here(), &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(!stopped.stderr.contains("inc-merge resolve"), "{stopped:?}");
    stopped.says(&["one side cannot be read (line ", "take out the markers", "`git add -- incidents/2023/"]);
    // One side takes the record out, the other changes it.
    let team = Team::new();
    team.git(&team.there, &format!("rm --quiet incidents/2023/{ID}.yaml"));
    team.git(&team.there, "commit --quiet --message=gone");
    team.git(&team.there, "push --quiet");
    team.add(&team.here(), "We scale the group");
    let stopped = team.sync(&team.here(), &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(!stopped.stderr.contains("inc-merge resolve"), "{stopped:?}");
    stopped.says(&["one side took it out", "`git add -- incidents/2023/", "`git rm -- incidents/2023/"]);
}

#[test]
fn markers_that_a_forge_committed_are_mended_where_nobody_has_changed_the_record() {
    for rebase in ["false", "true"] {
        let team = Team::new();
        let here = team.here();
        team.git(&here, &format!("config pull.rebase {rebase}"));
        // The forge merges the lines, and commits what that leaves.
        let forge = clone(&team.repo, "forge");
        for (folder, title) in [(&team.there, "There"), (&forge, "Forge"), (&here, "Here")] {
            team.repo.ok(&format!("inc-edit -C {} --set title={title}", folder.display()), &[ID]);
        }
        team.syncs(&team.there);
        team.git(&forge, "fetch --quiet");
        assert_eq!(clones::git(&team.repo, &forge, "merge --quiet origin/main").code, 1);
        let text = fs::read_to_string(forge.join(format!("incidents/2023/{ID}.yaml"))).unwrap();
        assert!(text.contains("<<<<<<<"), "{text}");
        team.git(&forge, "commit --quiet --all --message=forged");
        team.git(&forge, "push --quiet");
        let stopped = team.sync(&here, &[]);
        assert_eq!(stopped.code, 1, "{stopped:?}");
        let advice = ["their side of it was committed with conflict markers", "first `inc-sync --abort`"];
        stopped.says(&advice);
        let left = team.repo.run("inc-merge resolve", &[]);
        assert_eq!(left.code, 1, "{left:?}");
        left.says(&advice);
        // As it says.
        assert_eq!(team.sync(&here, &["--abort"]).code, 0);
        let fresh = clone(&team.repo, "fresh");
        assert_eq!(team.sync(&fresh, &[]).code, 0);
        team.repo.ok(&format!("inc-merge resolve -C {}", fresh.display()), &[]);
        team.syncs(&fresh);
        team.syncs(&here);
        let listed = team.repo.ok(&format!("inc-edit {ID} --settle"), &[]).stdout;
        for title in ["Here", "There", "Forge"] {
            assert!(listed.contains(title), "{rebase}: {listed}");
        }
    }
}

#[test]
fn two_who_mended_the_same_markers_settle_by_hand_what_they_changed_then() {
    let team = Team::new();
    let (here, there) = (team.here(), team.there.clone());
    let marked = format!(
        "<<<<<<< a\nenvironment: one\n=======\nenvironment: two\n>>>>>>> b\n{}",
        team.repo.record_text(ID)
    );
    let marked: Vec<&str> = marked.lines().filter(|line| !line.starts_with("environment: s")).collect();
    fs::write(team.repo.path(ID), marked.join("\n") + "\n").unwrap();
    team.git(&here, "commit --quiet --all --message=marked");
    team.git(&here, "push --quiet");
    team.git(&there, "pull --quiet");
    for (folder, title) in [(&there, "There"), (&here, "Here")] {
        team.repo.ok(&format!("inc-merge resolve -C {}", folder.display()), &[]);
        team.repo.ok(&format!("inc-edit -C {} --set title={title}", folder.display()), &[ID]);
    }
    team.syncs(&there);
    let stopped = team.sync(&here, &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    let advice = ["what both sides started from was committed with conflict markers", "take out the markers"];
    stopped.says(&advice);
    let left = team.repo.run("inc-merge resolve", &[]);
    assert_eq!(left.code, 1, "{left:?}");
    left.says(&advice);
}

#[test]
fn what_stands_in_the_way_of_giving_up_is_named() {
    for (rebase, said) in
        [("false", "git merge --abort would lose"), ("true", "git rebase --abort would lose")]
    {
        let team = Team::new();
        team.quarrel();
        team.add(&team.there, "Pods are being killed");
        team.syncs(&team.there);
        team.git(&team.here(), &format!("config pull.rebase {rebase}"));
        assert_eq!(team.sync(&team.here(), &[]).code, 1);
        let record = format!("incidents/2023/{ID}.yaml");
        team.repo.ok("inc-timeline add --no-commit", &[ID, "Meanwhile"]);
        let stuck = team.repo.assert_untouched(|_| team.sync(&team.here(), &["--abort"]));
        assert_eq!(stuck.code, 1, "{stuck:?}");
        assert!(!stuck.stderr.contains("uptodate"), "{stuck:?}");
        stuck.says(&[said, &record, &format!("`git checkout -- {record}`")]);
        team.git(&team.here(), &format!("checkout -- {record}"));
        assert_eq!(team.sync(&team.here(), &["--abort"]).code, 0);
    }
}

#[test]
fn markers_that_go_in_with_another_file_are_remarked_on() {
    let team = Team::new();
    team.quarrel();
    assert_eq!(team.sync(&team.here(), &[]).code, 1);
    fs::write(team.here().join("notes.txt"), "a\nb\n<<<<<<< HEAD\nc\n").unwrap();
    team.git(&team.here(), "add notes.txt");
    let done = team.sync(&team.here(), &["--continue"]);
    assert_eq!(done.code, 0, "{done:?}");
    done.says(&["remark: notes.txt, line 3: a conflict marker is still there"]);
}

#[test]
fn a_rebase_that_stops_says_it_once_and_in_our_words() {
    let team = Team::new();
    team.quarrel();
    team.git(&team.here(), "config pull.rebase true");
    let stopped = team.sync(&team.here(), &[]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert_eq!(stopped.stderr.to_lowercase().matches("could not apply").count(), 1, "{stopped:?}");
    assert!(!stopped.stderr.contains("hint:"), "{stopped:?}");
}

#[test]
fn what_is_contested_is_told_once_with_the_command() {
    let team = Team::new();
    for (folder, cost) in [(&team.there, "900 EUR"), (&team.here(), "1200 EUR")] {
        let line = format!("inc-edit -C {}", folder.display());
        team.repo.ok(&line, &[ID, "--set", &format!("impact.economic_impact={cost}")]);
    }
    team.syncs(&team.there);
    let output = team.syncs(&team.here());
    let told = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(told.matches("economic_impact").count(), 1, "{told}");
    assert!(output.stdout.contains("contested: impact.economic_impact (2 values)"), "{told}");
    let command = format!("inc-edit {ID} --settle");
    output.says(&[&format!("`{command}` lists it")]);
    let listed = team.repo.ok(&command, &[]);
    assert!(listed.stdout.starts_with("impact.economic_impact: stands 1200 EUR; not 900 EUR"), "{listed:?}");
}

#[test]
fn what_a_hook_says_and_which_lock_to_remove_stand_on_lines_of_their_own() {
    let team = Team::new();
    let here = team.here();
    team.add(&team.there, "Pods are being killed");
    team.syncs(&team.there);
    team.add(&here, "We scale the group");
    team.git(&here, "config pull.rebase true");
    let lock = here.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let stopped = team.sync(&here, &[]);
    let stopped =
        stopped.says(&["index.lock': File exists.\n", "\n  if no other git is at work here, remove "]);
    assert!(!stopped.stderr.contains("Another git process"), "{stopped:?}");
    fs::remove_file(&lock).unwrap();
    let hook = here.join(".git/hooks/pre-push");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho first >&2; echo second >&2; exit 1\n").unwrap();
    fs::set_permissions(&hook, PermissionsExt::from_mode(0o755)).unwrap();
    team.sync(&here, &[]).says(&["to be pushed:\n  first\n  second\n"]);
}

#[test]
fn two_stories_of_one_name_are_told_with_what_to_do_each_time() {
    let team = Team::new();
    for (folder, title) in [(&team.there, "One"), (&team.here(), "Two")] {
        let line = |program: &str| format!("{program} -C {}", folder.display());
        let id = team.repo.ok(&line("inc-declare"), &["Disk full"]).stdout.trim().to_owned();
        team.repo.ok(&line("inc-edit"), &[&id, "--set", &format!("title={title}")]);
    }
    team.syncs(&team.there);
    for _ in 0..2 {
        let stopped = team.sync(&team.here(), &[]);
        assert_eq!(stopped.code, 1, "{stopped:?}");
        stopped.says(&[
            "both sides added it",
            "if it is one story",
            "if it is two",
            "then `git add -- incidents/",
        ]);
    }
}
