//! `inc-merge resolve`: what clones without the driver and forges leave comes to what the driver would have made.

use std::fs;
use std::path::{Path, PathBuf};

use super::{both_append, git, gits, path, text};
use crate::support::{ID, Output, TestRepo};

/// A record in conflict in a clone that does not know the driver, and what the driver makes of it.
fn conflict(style: &str) -> (TestRepo, PathBuf, String) {
    let (repo, clone) = both_append();
    gits(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    let wanted = text(&clone);
    gits(&repo, &clone, "reset --quiet --hard HEAD^1");
    gits(&repo, &clone, "config --remove-section merge.inc");
    gits(&repo, &clone, &format!("config merge.conflictStyle {style}"));
    let stopped = git(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(text(&clone).contains("<<<<<<<"));
    (repo, clone, wanted)
}

fn resolve(repo: &TestRepo, clone: &Path, words: &[&str]) -> Output {
    let shown = clone.display().to_string();
    let mut all = vec![shown.as_str()];
    all.extend(words);
    repo.run("inc-merge resolve -C", &all)
}

fn file() -> String {
    format!("incidents/2023/{ID}.yaml")
}

/// A commit of the conflict as it stands, markers and all, as a forge or a hurried hand makes it.
fn commit_markers(repo: &TestRepo, clone: &Path) {
    gits(repo, clone, "commit --quiet --all --message=merged");
    assert!(text(clone).contains("<<<<<<<"));
}

/// The same, as one commit on top of ours.
fn squash_markers(repo: &TestRepo, clone: &Path) {
    let marked = text(clone);
    gits(repo, clone, "merge --abort");
    fs::write(path(clone), marked).unwrap();
    commit_markers(repo, clone);
}

#[test]
fn a_clone_without_the_driver_comes_to_the_bytes_of_one_with_it() {
    for style in ["merge", "diff3", "zdiff3"] {
        let (repo, clone, wanted) = conflict(style);
        let head = gits(&repo, &clone, "rev-parse HEAD").stdout;
        fs::write(clone.join("beside.txt"), "mine").unwrap();
        let dry = resolve(&repo, &clone, &["--dry-run"]);
        assert_eq!(dry.code, 0, "{style}: {dry:?}");
        assert!(dry.stderr.contains("would come together from the index"), "{dry:?}");
        assert!(text(&clone).contains("<<<<<<<"), "{style}");
        let output = resolve(&repo, &clone, &[]);
        assert_eq!(output.code, 0, "{style}: {output:?}");
        assert_eq!(output.stdout, format!("{}\n", file()));
        assert!(output.stderr.contains("came together from the index [added to the index]"), "{output:?}");
        assert_eq!(text(&clone), wanted, "{style}");
        assert_eq!(gits(&repo, &clone, "rev-parse HEAD").stdout, head, "the merge is not ours to commit");
        let status = gits(&repo, &clone, "status --porcelain").stdout;
        assert_eq!(status, format!("M  {}\n?? beside.txt\n", file()));
        gits(&repo, &clone, "commit --quiet --no-edit");
        assert_eq!(text(&clone), wanted);
    }
}

#[test]
fn line_ends_of_the_work_tree_stay() {
    let (repo, clone, wanted) = conflict("merge");
    gits(&repo, &clone, "merge --abort");
    gits(&repo, &clone, "config core.autocrlf true");
    fs::remove_file(path(&clone)).unwrap();
    gits(&repo, &clone, "checkout --quiet HEAD -- .");
    git(&repo, &clone, "pull --quiet --no-rebase --no-edit");
    assert!(text(&clone).contains("<<<<<<< HEAD\r\n"), "{}", text(&clone));
    let output = resolve(&repo, &clone, &[]);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(text(&clone), wanted.replace('\n', "\r\n"));
    gits(&repo, &clone, "commit --quiet --no-edit");
    let stored = gits(&repo, &clone, &format!("show HEAD:{}", file())).stdout;
    assert_eq!(stored, wanted);
}

#[test]
fn markers_that_a_merge_committed_come_to_the_same_bytes() {
    for style in ["merge", "zdiff3"] {
        let (repo, clone, wanted) = conflict(style);
        commit_markers(&repo, &clone);
        let shown = clone.display().to_string();
        repo.fails(4, "inc-status show -C", &[&shown, ID])
            .says(&[&format!("`inc-merge resolve {}`", file())]);
        let answer = resolve(&repo, &clone, &["--format", "json", &file()]);
        assert_eq!(answer.code, 0, "{style}: {answer:?}");
        let answer = answer.json();
        assert_eq!(answer["resolved"][0]["from"], "markers");
        assert_eq!(answer["left"], serde_json::json!([]));
        let head = gits(&repo, &clone, "rev-parse HEAD").stdout;
        assert_eq!(answer["resolved"][0]["commit"], head.trim_end());
        assert_eq!(text(&clone), wanted, "{style}");
        let message = gits(&repo, &clone, "log -1 --format=%B").stdout;
        assert_eq!(message.trim_end(), format!("merge: conflict markers settled\n\nIncident: {ID}"));
        assert_eq!(gits(&repo, &clone, "status --porcelain").stdout, "");
        resolve(&repo, &clone, &[]).prints("").says(&["no record is in conflict"]);
    }
}

#[test]
fn what_was_settled_is_shared_where_it_is_asked_for() {
    let (repo, clone, _) = conflict("merge");
    commit_markers(&repo, &clone);
    let shared = resolve(&repo, &clone, &["--sync"]);
    assert_eq!(shared.code, 0, "{shared:?}");
    // The other end is no bare repository, and refuses: that is told, and fails nothing.
    shared.says(&["came together from its markers [commit ", "recorded; not shared yet: "]);
}

#[test]
fn what_was_edited_around_committed_markers_stays() {
    let (repo, clone, _) = conflict("merge");
    commit_markers(&repo, &clone);
    let marked = text(&clone);
    fs::write(
        path(&clone),
        marked.replace("status: investigating", "environment: staging\nstatus: investigating"),
    )
    .unwrap();
    gits(&repo, &clone, "commit --quiet --all --message=more");
    assert_eq!(resolve(&repo, &clone, &[]).code, 0);
    for words in ["environment: staging", "Pods are being killed", "We scale the group"] {
        assert!(text(&clone).contains(words), "{words}: {}", text(&clone));
    }
}

#[test]
fn markers_in_one_commit_go_by_the_base_that_they_hold_or_by_none() {
    for style in ["merge", "diff3", "zdiff3"] {
        let (repo, clone, wanted) = conflict(style);
        squash_markers(&repo, &clone);
        let output = resolve(&repo, &clone, &[]);
        assert_eq!(output.code, 0, "{style}: {output:?}");
        assert_eq!(text(&clone), wanted, "{style}");
        assert_eq!(output.stderr.contains("nobody knows what the two sides started from"), style == "merge");
    }
    // Without a base, two titles are two stories.
    let (repo, clone, _) = conflict("merge");
    squash_markers(&repo, &clone);
    let marked = text(&clone);
    let titles = "<<<<<<< a\ntitle: One\n=======\ntitle: Two\n>>>>>>> b\n";
    let line = marked.lines().find(|line| line.starts_with("title: ")).unwrap();
    fs::write(path(&clone), marked.replace(&format!("{line}\n"), titles)).unwrap();
    gits(&repo, &clone, "commit --quiet --all --message=more");
    let output = resolve(&repo, &clone, &[]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.contains("title differs"), "{output:?}");
}

#[test]
fn what_somebody_edited_is_left_with_what_to_do() {
    let (repo, clone, wanted) = conflict("merge");
    let marked = text(&clone);
    for (edited, said) in [
        (marked.replace("We scale the group", "We scale the whole group"), "it was edited since"),
        (marked.replace("=======\n", ""), "its conflict markers are not whole: line "),
        (wanted.clone(), "so you have settled it: `git add` it"),
    ] {
        fs::write(path(&clone), &edited).unwrap();
        let output = resolve(&repo, &clone, &[]);
        assert_eq!(output.code, 1, "{said}: {output:?}");
        assert!(output.stderr.contains(said), "{said}: {output:?}");
        assert!(output.stderr.contains(&format!("left as it was: {}", file())), "{output:?}");
        assert_eq!(text(&clone), edited);
        assert!(gits(&repo, &clone, "status --porcelain").stdout.starts_with("UU "));
    }
    gits(&repo, &clone, &format!("checkout --merge -- {}", file()));
    assert_eq!(resolve(&repo, &clone, &[]).code, 0);
    assert_eq!(text(&clone), wanted);
}

#[test]
fn markers_that_nobody_committed_are_the_users_own() {
    let (repo, clone, wanted) = conflict("diff3");
    let marked = text(&clone);
    gits(&repo, &clone, "merge --abort");
    fs::write(path(&clone), &marked).unwrap();
    let refused = resolve(&repo, &clone, &["--format", "json"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("--include-edits"), "{refused:?}");
    let view = refused.json();
    assert_eq!((&view["left"][0]["file"], &view["resolved"]), (&file().into(), &serde_json::json!([])));
    assert_eq!(text(&clone), marked);
    let output = resolve(&repo, &clone, &["--no-commit"]);
    assert!(output.stderr.contains("came together from its markers [written, not committed]"), "{output:?}");
    assert_eq!(text(&clone), wanted);
}

#[test]
fn what_is_no_record_or_not_here_is_left() {
    let (repo, clone, wanted) = conflict("merge");
    let shown = clone.display().to_string();
    let output = resolve(&repo, &clone, &["README.md"]);
    assert!(output.code != 0, "{output:?}");
    fs::write(clone.join("notes.txt"), "<<<<<<< a\n=======\n>>>>>>> b\n").unwrap();
    let output = resolve(&repo, &clone, &["notes.txt", &file()]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.contains("notes.txt: it is no file of a record"), "{output:?}");
    assert_eq!(text(&clone), wanted, "the other one came together");
    let output = resolve(&repo, &clone, &["/etc/hostname"]);
    assert_eq!(output.code, 4, "{output:?}");
    repo.fails(2, "inc-merge resolve --what -C", &[&shown]);
    assert_eq!(repo.run("inc-merge driver --what", &[]).code, 129);
}

#[test]
fn a_side_that_is_no_record_or_not_there_is_left() {
    let (repo, clone) = both_append();
    gits(&repo, &clone, "config --remove-section merge.inc");
    let broken = text(&clone).replace("status: investigating", "status: [");
    fs::write(path(&clone), broken).unwrap();
    gits(&repo, &clone, "commit --quiet --all --message=broken");
    assert_eq!(git(&repo, &clone, "pull --quiet --no-rebase --no-edit").code, 1);
    let output = resolve(&repo, &clone, &[]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.contains("cannot merge our side as a record"), "{output:?}");
    gits(&repo, &clone, "merge --abort");
    gits(&repo, &clone, &format!("rm --quiet {}", file()));
    gits(&repo, &clone, "commit --quiet --message=gone");
    assert_eq!(git(&repo, &clone, "pull --quiet --no-rebase --no-edit").code, 1);
    let output = resolve(&repo, &clone, &[]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.contains("one side took it out, or renamed it"), "{output:?}");
}

#[test]
fn a_file_that_one_side_moved_comes_together_where_it_is_now() {
    let (repo, clone) = both_append();
    gits(&repo, &clone, "config --remove-section merge.inc");
    fs::create_dir_all(clone.join("incidents/old")).unwrap();
    let moved = format!("incidents/old/{ID}.yaml");
    gits(&repo, &clone, &format!("mv {} {moved}", file()));
    gits(&repo, &clone, "commit --quiet --message=moved");
    assert_eq!(git(&repo, &clone, "pull --quiet --no-rebase --no-edit").code, 1);
    let output = resolve(&repo, &clone, &[]);
    assert_eq!(output.code, 0, "{output:?}");
    let text = fs::read_to_string(clone.join(&moved)).unwrap();
    assert!(text.contains("Pods are being killed") && text.contains("We scale the group"), "{text}");
    gits(&repo, &clone, "commit --quiet --no-edit");
}

#[test]
fn a_rebase_and_a_stash_come_together_too() {
    let (repo, clone, wanted) = conflict("merge");
    gits(&repo, &clone, "merge --abort");
    assert_eq!(git(&repo, &clone, "rebase --quiet FETCH_HEAD").code, 1);
    assert_eq!(resolve(&repo, &clone, &[]).code, 0);
    assert_eq!(text(&clone), wanted);
    gits(&repo, &clone, "-c core.editor=true rebase --continue");
    assert_eq!(gits(&repo, &clone, "status --porcelain").stdout, "");
    let (repo, clone, wanted) = conflict("merge");
    gits(&repo, &clone, "merge --abort");
    gits(&repo, &clone, "reset --quiet --soft HEAD~1");
    gits(&repo, &clone, "stash");
    gits(&repo, &clone, "merge --quiet --ff-only FETCH_HEAD");
    assert_eq!(git(&repo, &clone, "stash pop").code, 1);
    assert_eq!(resolve(&repo, &clone, &[]).code, 0);
    assert_eq!(text(&clone), wanted);
}

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let repo = TestRepo::with_incident();
    repo.fails(1, "inc-merge resolve nosuch.yaml", &[]).says(&["nosuch.yaml: no such file"]);
}
