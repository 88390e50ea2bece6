//! `inc-merge`: what two clones make of one record comes together wherever git merges, and nothing is lost where it cannot.

mod bad;
mod orders;
mod resolve;
mod ways;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::clones::{self, git, gits, path, text};
use crate::support::{ID, Output, TestRepo};

/// Both add to the timeline: the clone first.
fn both_append() -> (TestRepo, PathBuf) {
    let repo = TestRepo::with_incident();
    let clone = clones::told(&repo, Path::new("."), "clone");
    let shown = clone.display().to_string();
    repo.ok("inc-timeline add -C", &[&shown, "Pods are being killed"]);
    repo.ok("inc-timeline add", &["We scale the group"]);
    (repo, clone)
}

#[track_caller]
fn holds_both(repo: &TestRepo, folder: &Path) {
    let shown = folder.display().to_string();
    let story = repo.ok("inc-timeline list -C", &[&shown]).stdout;
    let places = ["Pods are being killed", "We scale the group"].map(|words| story.find(words));
    assert!(places[0].is_some() && places[0] < places[1], "{story}");
    assert_eq!(gits(repo, folder, "status --porcelain").stdout, "");
}

#[test]
fn a_timeline_of_two_clones_is_one_wherever_git_merges() {
    for line in ["pull --quiet --no-rebase --no-edit", "pull --quiet --rebase"] {
        let (repo, clone) = both_append();
        gits(&repo, &clone, line);
        holds_both(&repo, &clone);
    }
    let (repo, clone) = both_append();
    gits(&repo, &clone, "fetch --quiet");
    gits(&repo, &clone, "cherry-pick origin/main");
    holds_both(&repo, &clone);
    let (repo, clone) = both_append();
    gits(&repo, &clone, "reset --quiet --soft HEAD~1");
    gits(&repo, &clone, "stash");
    gits(&repo, &clone, "pull --quiet --rebase");
    gits(&repo, &clone, "stash pop");
    gits(&repo, &clone, "commit --quiet --all --message=popped");
    holds_both(&repo, &clone);
}

#[test]
fn both_clones_come_to_the_same_bytes() {
    let (repo, clone) = both_append();
    let shown = clone.display().to_string();
    gits(&repo, &repo.top(), &format!("fetch --quiet {shown} main"));
    gits(&repo, &clone, "fetch --quiet");
    gits(&repo, &repo.top(), "merge --quiet --no-edit FETCH_HEAD");
    gits(&repo, &clone, "merge --quiet --no-edit origin/main");
    assert_eq!(text(&repo.top()), text(&clone));
}

#[test]
fn impact_of_both_is_judged_together_and_titles_are_contested() {
    let repo = TestRepo::with_incident();
    let clone = clones::told(&repo, Path::new("."), "clone");
    let shown = clone.display().to_string();
    repo.ok("inc-severity assess --customer-impact XL --customers 0 --money-at-risk 0 -C", &[&shown]);
    repo.ok("inc-edit --set title=One -C", &[&shown]);
    repo.ok("inc-severity assess --single-customer-impact XL --transactions 0", &[]);
    repo.ok("inc-edit --set title=Two", &[]);
    let pulled = gits(&repo, &clone, "pull --no-rebase --no-edit");
    assert!(pulled.stderr.contains("contested: title: Two stands; not One"), "{pulled:?}");
    let view = repo.ok("inc-report --format json -C", &[&shown]).json();
    assert_eq!(view["severity"]["level"], "SEV-1", "{view}");
    let text = text(&clone);
    assert!(text.contains("contested:\n  - path: title\n"), "{text}");
    let report = repo.ok("inc-report -C", &[&shown]).stdout;
    assert!(report.contains("title") && report.contains("One") && report.contains("Two"), "{report}");
    let said = ["1 value is contested since a merge", "title: stands Two; not One (by ", "`inc-edit "];
    repo.ok("inc-status show -C", &[&shown]).says(&said);
    repo.ok("inc-list -C", &[&shown]).says(&["contested since a merge: ", "inc-edit ID --settle"]);
}

#[test]
fn a_side_that_cannot_be_read_is_left_to_git() {
    let (repo, clone) = both_append();
    let broken = text(&clone).replace("status: investigating", "status: [");
    fs::write(path(&clone), broken).unwrap();
    gits(&repo, &clone, "commit --quiet --all --message=broken");
    let merged = git(&repo, &clone, "pull --no-rebase --no-edit");
    assert_eq!(merged.code, 1, "{merged:?}");
    assert!(merged.stderr.contains("git merges its lines"), "{merged:?}");
    let text = text(&clone);
    for words in ["<<<<<<<", ">>>>>>>", "Pods are being killed", "We scale the group"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn without_the_driver_or_its_program_git_asks_and_no_side_is_lost() {
    for setting in [None, Some("inc-merge-that-is-nowhere")] {
        let (repo, clone) = both_append();
        match setting {
            None => drop(gits(&repo, &clone, "config --remove-section merge.inc")),
            Some(program) => {
                let driver = gits(&repo, &clone, "config merge.inc.driver").stdout;
                let driver = driver.trim().replace("inc-merge", program);
                repo.git(&["-C", &clone.display().to_string(), "config", "merge.inc.driver", &driver]);
            }
        }
        let merged = git(&repo, &clone, "pull --no-rebase --no-edit");
        assert_eq!(merged.code, 1, "{merged:?}");
        let text = text(&clone);
        for words in ["<<<<<<<", "Pods are being killed", "We scale the group"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

#[test]
fn a_program_that_cannot_be_run_leaves_both_sides() {
    for mode in [0o644, 0o755] {
        let (repo, clone) = both_append();
        let bin = repo.beside("a bin");
        fs::create_dir_all(&bin).unwrap();
        // No machine runs this.
        fs::write(bin.join("nothing"), b"\x7fELF\x02\x01\x01\0\0").unwrap();
        fs::set_permissions(bin.join("nothing"), PermissionsExt::from_mode(mode)).unwrap();
        let driver = gits(&repo, &clone, "config merge.inc.driver").stdout;
        let program = format!("\"{}\"", bin.join("nothing").display());
        let driver = driver.trim().replace("inc-merge", &program);
        repo.git(&["-C", &clone.display().to_string(), "config", "merge.inc.driver", &driver]);
        let merged = git(&repo, &clone, "pull --no-rebase --no-edit");
        assert_eq!(merged.code, 1, "{mode:o}: {merged:?}");
        let text = text(&clone);
        for words in ["<<<<<<<", "Pods are being killed", "We scale the group"] {
            assert!(text.contains(words), "{mode:o}, {words}: {text}");
        }
    }
}

#[test]
fn a_driver_that_dies_leaves_both_sides() {
    let (repo, clone) = both_append();
    let before = text(&clone);
    repo.git(&["-C", &clone.display().to_string(), "config", "merge.inc.driver", "kill -9 $$"]);
    let merged = git(&repo, &clone, "pull --no-rebase --no-edit");
    assert!(merged.code != 0, "{merged:?}");
    assert_eq!(text(&clone), before);
    assert!(gits(&repo, &clone, "show origin/main").stdout.contains("We scale the group"));
    // The next try, with a driver that lives, brings it together.
    repo.ok("inc-merge setup -C", &[&clone.display().to_string()]);
    let _ = git(&repo, &clone, "merge --abort");
    gits(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    holds_both(&repo, &clone);
}

#[test]
fn a_disk_that_takes_nothing_more_leaves_both_sides() {
    let repo = TestRepo::new();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/two-appends");
    for (side, to) in [("base", "O"), ("ours", "A"), ("theirs", "B")] {
        fs::copy(case.join(format!("{side}.yaml")), repo.top().join(to)).unwrap();
    }
    let before = fs::read_to_string(repo.top().join("A")).unwrap();
    // With the signal and without it, which is a refused write.
    for trap in ["", "trap '' XFSZ; "] {
        let script = format!("{trap}ulimit -f 0; exec inc-merge driver O A B 7 x.yaml");
        let mut command = assert_cmd::Command::new("sh");
        command.env_clear().envs(repo.environment()).current_dir(repo.top());
        let output = Output::of(command.args(["-c", &script]));
        // -1: ended by the signal, which the shell that git runs makes more than 128 of.
        assert!(output.code == -1 || output.code > 128, "{output:?}");
        assert_eq!(fs::read_to_string(repo.top().join("A")).unwrap(), before);
    }
}

#[test]
fn a_criss_cross_comes_together() {
    let (repo, clone) = both_append();
    let shown = clone.display().to_string();
    gits(&repo, &repo.top(), &format!("fetch --quiet {shown} main"));
    gits(&repo, &clone, "fetch --quiet");
    gits(&repo, &repo.top(), "merge --quiet --no-edit FETCH_HEAD");
    gits(&repo, &clone, "merge --quiet --no-edit origin/main");
    repo.ok("inc-timeline add", &["It is stable here"]);
    repo.ok("inc-timeline add -C", &[&shown, "It is stable there"]);
    gits(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    holds_both(&repo, &clone);
    let text = text(&clone);
    for words in ["It is stable here", "It is stable there", "Pods are being killed"] {
        assert_eq!(text.matches(words).count(), 1, "{words}: {text}");
    }
}

/// `INC_CLONES=8 INC_CHANGES=100` looks longer.
#[test]
fn many_clones_come_together_without_a_question() {
    let number = |name: &str, usual: usize| {
        std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
    };
    let (clones, changes) = (number("INC_CLONES", 3), number("INC_CHANGES", 6));
    let repo = TestRepo::with_incident();
    let remote = clones::bare(&repo, "remote");
    let folders: Vec<PathBuf> =
        (0..clones).map(|n| clones::told(&repo, &remote, &format!("clone{n}"))).collect();
    let sync = |folder: &Path| {
        gits(&repo, folder, "pull --quiet --no-rebase --no-edit");
        gits(&repo, folder, "push --quiet");
    };
    for change in 0..changes {
        // A day a round: the clock of these tests counts the commands of a day.
        let day = format!("2023-{:02}-{:02}", 4 + change / 28, 1 + change % 28);
        repo.on(Box::leak(day.into_boxed_str()));
        for (n, folder) in folders.iter().enumerate() {
            let shown = folder.display().to_string();
            repo.ok("inc-timeline add -C", &[&shown, &format!("change {change} of clone {n}.")]);
            match (change + n) % 4 {
                0 => drop(repo.ok("inc-edit -C", &[&shown, "--set", &format!("title=Title {change} {n}")])),
                1 => drop(repo.ok("inc-severity assess -C", &[&shown, "--customers", &change.to_string()])),
                2 => drop(repo.ok("inc-role assign -C", &[&shown, "commander", &format!("Clone {n}")])),
                _ => {}
            }
            if (change * 7 + n * 3) % 5 < 3 {
                sync(folder);
            }
        }
    }
    for folder in folders.iter().chain(&folders) {
        sync(folder);
    }
    let heads: Vec<String> =
        folders.iter().map(|folder| gits(&repo, folder, "rev-parse HEAD").stdout).collect();
    assert!(heads.iter().all(|head| *head == heads[0]), "{heads:?}");
    let text = text(&folders[0]);
    for change in 0..changes {
        for n in 0..clones {
            let words = format!("text: change {change} of clone {n}.");
            assert_eq!(text.matches(&words).count(), 1, "{words}\n{text}");
        }
    }
    // Only what two clones set is contested.
    let view = repo.ok("inc-report --format json -C", &[&folders[0].display().to_string()]).json();
    let contested = view["contested"].as_array().cloned().unwrap_or_default();
    let paths: Vec<&str> = contested.iter().filter_map(|one| one["path"].as_str()).collect();
    assert!(paths.iter().all(|path| ["title", "impact.customers"].contains(path)), "{paths:?}");
}

#[test]
fn a_file_that_one_side_renamed_is_one_record() {
    let (repo, clone) = both_append();
    gits(&repo, &clone, &format!("mv incidents/2023/{ID}.yaml incidents/{ID}.yaml"));
    gits(&repo, &clone, "commit --quiet --message=moved");
    gits(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    holds_both(&repo, &clone);
}

#[test]
fn a_wrong_call_is_a_failure_and_no_conflict() {
    let repo = TestRepo::with_incident();
    for line in ["inc-merge", "inc-merge driver one", "inc-merge driver a b c d e f g", "inc merge nonsense"]
    {
        assert_eq!(repo.run(line, &[]).code, 129, "{line}");
    }
    // Files that are not there: git merge-file fails as well.
    assert_eq!(repo.run("inc-merge driver a b c", &[]).code, 129);
    assert_eq!(repo.run("inc-merge --help", &[]).code, 0);
}

#[test]
fn a_clone_that_does_not_know_the_driver_is_told_once() {
    let repo = TestRepo::with_incident();
    let shown = clones::clone(&repo, Path::new("."), "clone").display().to_string();
    for expected in [true, false] {
        let output = repo.ok("inc-timeline add -C", &[&shown, "x"]);
        assert_eq!(output.stderr.contains("`inc-merge setup`"), expected, "{output:?}");
    }
    let here = repo.ok("inc-timeline add", &["x"]);
    assert!(!here.stderr.contains("inc-merge"), "{here:?}");
}

#[test]
fn a_repository_of_before_learns_of_the_driver() {
    let repo = TestRepo::with_incident();
    assert!(repo.git(&["config", "merge.inc.driver"]).starts_with("if command -v inc-merge"));
    assert!(repo.ok("inc-merge setup", &[]).stdout.contains("knows the merge driver already"));
    repo.git(&["config", "--unset", "merge.inc.driver"]);
    repo.git(&["rm", "--quiet", ".gitattributes"]);
    repo.git(&["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=old"]);
    let output = repo.ok("inc-merge setup", &[]);
    assert!(output.stdout.contains("set merge.inc.driver"), "{output:?}");
    assert!(output.stderr.contains("incidents/**/*.yaml merge=inc"), "{output:?}");
    repo.ok("inc init", &[]);
    assert!(fs::read_to_string(repo.top().join(".gitattributes")).unwrap().contains("merge=inc"));
}

/// Each folder is a case: `base`, `ours`, `theirs` and what is expected of both directions; `remarks.txt`, where it is
/// there, holds what stderr says.
#[test]
fn cases() {
    let repo = TestRepo::new();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut count = 0;
    for case in fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected = fs::read_to_string(case.join("expected.yaml")).unwrap_or_default();
        let remarks = fs::read_to_string(case.join("remarks.txt")).ok();
        for [ours, theirs] in [["ours", "theirs"], ["theirs", "ours"]] {
            for (side, to) in [("base", "O"), (ours, "A"), (theirs, "B")] {
                fs::copy(case.join(format!("{side}.yaml")), repo.top().join(to)).unwrap();
            }
            let output = repo.run("inc-merge driver O A B 7", &[&name]);
            let merged = fs::read_to_string(repo.top().join("A")).unwrap();
            if std::env::var_os("INC_UPDATE_CASES").is_some() {
                if ours == "ours" {
                    fs::write(case.join("expected.yaml"), &merged).unwrap();
                    if remarks.is_some() {
                        fs::write(case.join("remarks.txt"), &output.stderr).unwrap();
                    }
                }
                continue;
            }
            // Where the sides are left to git, its markers are what is expected, from our side.
            let is_conflict = expected.contains("<<<<<<<");
            assert_eq!(output.code, i32::from(is_conflict), "{name}: {output:?}");
            if !is_conflict || ours == "ours" {
                assert_eq!(merged, expected, "{name}, {ours} first");
                let told = remarks.as_ref().unwrap_or(&output.stderr);
                assert_eq!(output.stderr, *told, "{name}, {ours} first");
            }
        }
        count += 1;
    }
    assert!(count >= 10, "{count} cases");
}
