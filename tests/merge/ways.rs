//! One pair of edits through every way in which git merges: the same bytes, and nothing lost.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::clones::{self, git, gits, path, text};
use crate::support::{ID, TestRepo};

/// What must stand in the record, once.
const WORDS: [&str; 5] =
    ["Pods are being killed", "# asked the provider", "We scale the group", "# noted by Ada", "title: "];

/// The repository, where much was written and committed, and a clone with edits of its own in one commit.
fn apart() -> (TestRepo, PathBuf) {
    let repo = TestRepo::with_incident();
    let clone = clones::told(&repo, Path::new("."), "clone");
    let shown = clone.display().to_string();
    repo.ok("inc-timeline add", &["Pods are being killed"]);
    repo.ok("inc-severity assess --customer-impact XL --customers 0", &[]);
    repo.ok("inc-edit --set title=Here", &[]);
    repo.mangle(ID, "timezone:", "# asked the provider\ntimezone:");
    repo.ok("inc-timeline add --no-commit -C", &[&shown, "We scale the group"]);
    repo.ok("inc-severity assess --no-commit --single-customer-impact XL -C", &[&shown]);
    repo.ok("inc-edit --no-commit --set title=There -C", &[&shown]);
    fs::write(path(&clone), text(&clone).replace("status:", "# noted by Ada\nstatus:")).unwrap();
    gits(&repo, &clone, "commit --quiet --all --message=mine");
    gits(&repo, &clone, "fetch --quiet");
    (repo, clone)
}

/// The commands of each way, run in the clone.
const WAYS: [(&str, &[&str]); 5] = [
    ("merge", &["merge --quiet --no-edit origin/main"]),
    ("rebase", &["rebase --quiet origin/main"]),
    ("cherry-pick", &["branch mine", "reset --quiet --hard origin/main", "cherry-pick mine"]),
    (
        "stash pop",
        &["reset --quiet --soft HEAD~1", "stash", "merge --quiet --ff-only origin/main", "stash pop"],
    ),
    // The other side is ours there.
    (
        "merge, the other way round",
        &["branch mine", "reset --quiet --hard origin/main", "merge --quiet --no-edit mine"],
    ),
];

#[test]
fn every_way_gives_the_same_bytes() {
    let (repo, clone) = apart();
    let begin = gits(&repo, &clone, "rev-parse HEAD").stdout.trim().to_owned();
    let mut first: Option<String> = None;
    for (name, lines) in WAYS {
        gits(&repo, &clone, &format!("reset --quiet --hard {begin}"));
        let _ = git(&repo, &clone, "branch -D mine");
        for line in lines {
            gits(&repo, &clone, line);
        }
        let merged = text(&clone);
        for words in WORDS {
            assert_eq!(merged.matches(words).count(), 1, "{name}: {words}: {merged}");
        }
        assert!(merged.contains("contested:\n  - path: title\n"), "{name}: {merged}");
        assert_eq!(first.get_or_insert_with(|| merged.clone()), &merged, "{name}");
        gits(&repo, &clone, "diff --check");
    }
}

#[test]
fn several_commits_rebased_or_picked_come_to_what_a_merge_comes_to() {
    let (repo, clone) = (TestRepo::with_incident(), "clone");
    let clone = clones::told(&repo, Path::new("."), clone);
    let shown = clone.display().to_string();
    for nth in 0..3 {
        repo.ok("inc-timeline add", &[&format!("here {nth}")]);
        repo.ok("inc-timeline add -C", &[&shown, &format!("there {nth}")]);
    }
    repo.ok("inc-severity assess --customer-impact XL", &[]);
    repo.ok("inc-role assign commander Ada -C", &[&shown]);
    gits(&repo, &clone, "fetch --quiet");
    gits(&repo, &clone, "branch mine");
    let mut texts = vec![];
    for lines in [
        &["merge --quiet --no-edit origin/main"][..],
        &["rebase --quiet origin/main"],
        &["reset --quiet --hard origin/main", "cherry-pick main..mine"],
    ] {
        gits(&repo, &clone, "reset --quiet --hard mine");
        for line in lines {
            gits(&repo, &clone, &line.replace("main..mine", "origin/main..mine"));
        }
        texts.push(text(&clone));
    }
    for nth in 0..3 {
        for side in ["here", "there"] {
            assert_eq!(texts[0].matches(&format!("text: {side} {nth}\n")).count(), 1, "{}", texts[0]);
        }
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[test]
fn both_ends_of_a_criss_cross_come_to_the_same_bytes() {
    let (repo, clone) = apart();
    let shown = clone.display().to_string();
    let here = repo.top();
    // Each merges the other's last commit, then both write again: the next merge has two bases.
    for turn in 0..2 {
        gits(&repo, &here, &format!("fetch --quiet {shown} main"));
        gits(&repo, &clone, "fetch --quiet");
        gits(&repo, &here, "merge --quiet --no-edit FETCH_HEAD");
        gits(&repo, &clone, "merge --quiet --no-edit origin/main");
        assert_eq!(text(&here), text(&clone), "turn {turn}");
        repo.ok("inc-timeline add", &[&format!("here {turn}")]);
        repo.ok("inc-timeline add -C", &[&shown, &format!("there {turn}")]);
    }
    let bases = gits(&repo, &here, &format!("fetch --quiet {shown} main"));
    assert_eq!(bases.code, 0);
    let bases = gits(&repo, &here, "merge-base --all HEAD FETCH_HEAD").stdout;
    assert_eq!(bases.lines().count(), 2, "no criss-cross: {bases}");
    gits(&repo, &here, "merge --quiet --no-edit FETCH_HEAD");
    let merged = text(&here);
    for words in
        WORDS.into_iter().chain(["text: here 0\n", "text: there 0\n", "text: here 1\n", "text: there 1\n"])
    {
        assert_eq!(merged.matches(words).count(), 1, "{words}: {merged}");
    }
}

/// Git asks no driver in an octopus; what it does then is what `docs/merge.md` says.
#[test]
fn an_octopus_takes_different_records_and_is_refused_one_that_two_appended_to() {
    let repo = TestRepo::with_incident();
    let other = repo.declare("Disk full");
    let here = repo.top();
    for (branch, incident) in [("one", ID), ("two", other.as_str()), ("three", ID)] {
        gits(&repo, &here, &format!("checkout --quiet -b {branch} main"));
        repo.ok("inc-timeline add", &[incident, &format!("by {branch}")]);
    }
    gits(&repo, &here, "checkout --quiet main");
    gits(&repo, &here, "merge --quiet --no-edit one two");
    assert!(text(&here).contains("by one") && repo.record_text(&other).contains("by two"));
    gits(&repo, &here, "reset --quiet --hard HEAD~1");
    let before = text(&here);
    let refused = git(&repo, &here, "merge --quiet --no-edit one two three");
    assert!(refused.code != 0, "{refused:?}");
    gits(&repo, &here, "reset --quiet --hard");
    assert_eq!(text(&here), before);
    // One after the other goes.
    for branch in ["one", "two", "three"] {
        gits(&repo, &here, &format!("merge --quiet --no-edit {branch}"));
    }
    assert!(["by one", "by three"].iter().all(|words| text(&here).contains(words)));
    assert!(repo.record_text(&other).contains("by two"));
}

/// Where the lines do not touch, git merges them without asking anybody: both are there, and nothing is judged.
#[test]
fn an_octopus_merges_the_lines_of_one_record_where_they_do_not_touch() {
    let repo = TestRepo::with_incident();
    let here = repo.top();
    for nth in 0..3 {
        repo.ok("inc-timeline add", &[&format!("entry {nth}")]);
    }
    for branch in ["one", "two", "three"] {
        gits(&repo, &here, &format!("checkout --quiet -b {branch} main"));
        match branch {
            "one" => drop(repo.ok("inc-timeline add", &["by one"])),
            "two" => repo.mangle(ID, "title: ", "title:  "),
            _ => drop(repo.declare("Disk full")),
        }
    }
    gits(&repo, &here, "checkout --quiet main");
    gits(&repo, &here, "merge --quiet --no-edit three two one");
    assert!(text(&here).contains("title:  ") && text(&here).contains("by one"), "{}", text(&here));
}
