//! What git is in the middle of: a merge, a rebase, a series of picks, a search.

use std::fs;

use super::given;
use super::ground::Ground;

/// Both changes are refused in the state that `begin` leads to from a fork, with the words for how to end it.
#[track_caller]
fn refused_amid(words: &'static [&'static str], begin: impl Fn(&Ground) + 'static) {
    given(move |ground| {
        ground.fork();
        begin(ground);
    })
    .refused(1, words);
}

#[test]
fn amid_a_merge_with_a_conflict_a_change_is_refused() {
    refused_amid(&["`git merge --continue`", "`git merge --abort`"], |ground| {
        ground.git_fails("merge side");
    });
}

#[test]
fn amid_a_merge_that_only_lacks_its_commit_a_change_is_refused() {
    refused_amid(&["`git merge --continue`", "`git merge --abort`"], |ground| {
        ground.git("merge --quiet --no-ff --no-commit --strategy=ours side");
    });
}

#[test]
fn amid_a_rebase_with_a_conflict_a_change_is_refused() {
    for line in ["rebase side", "rebase --apply side"] {
        refused_amid(&["`git rebase --continue`", "`git rebase --abort`"], |ground| ground.git_fails(line));
    }
}

#[test]
fn amid_a_rebase_that_stopped_to_edit_a_change_is_refused() {
    refused_amid(&["`git rebase --continue`", "`git rebase --abort`"], |ground| {
        let edit = "sequence.editor=sed -i s/^pick/edit/";
        ground.git_words(&["-c", edit, "rebase", "--quiet", "--interactive", "HEAD~1"]);
    });
}

#[test]
fn amid_a_rebase_between_two_commits_a_change_is_refused() {
    refused_amid(&["`git rebase --continue`", "`git rebase --abort`"], |ground| {
        let edit = "sequence.editor=sed -i 1ibreak";
        ground.git_words(&["-c", edit, "rebase", "--quiet", "--interactive", "HEAD~1"]);
    });
}

#[test]
fn amid_a_cherry_pick_with_a_conflict_a_change_is_refused() {
    refused_amid(&["`git cherry-pick --continue`", "`git cherry-pick --abort`"], |ground| {
        ground.git_fails("cherry-pick side");
    });
}

#[test]
fn amid_a_series_of_picks_between_two_a_change_is_refused() {
    refused_amid(&["`git cherry-pick --continue`", "`git cherry-pick --abort`"], |ground| {
        ground.git("switch --quiet side");
        ground.write("third.txt", "3\n");
        ground.commit_all();
        ground.git("switch --quiet main");
        ground.git_fails("cherry-pick side~1 side");
        ground.git("add docs/a.md");
        ground.git("commit --quiet --allow-empty --message settled");
    });
}

#[test]
fn amid_a_revert_with_a_conflict_a_change_is_refused() {
    refused_amid(&["`git revert --continue`", "`git revert --abort`"], |ground| {
        ground.write("docs/a.md", "again\n");
        ground.commit_all();
        ground.git_fails("revert HEAD~1");
    });
}

#[test]
fn amid_a_series_of_reverts_between_two_a_change_is_refused() {
    refused_amid(&["`git revert --continue`", "`git revert --abort`"], |ground| {
        for text in ["again\n", "and again\n"] {
            ground.write("docs/a.md", text);
            ground.commit_all();
        }
        ground.git_fails("revert HEAD~1 HEAD~2");
        ground.git("add docs/a.md");
        ground.git("commit --quiet --allow-empty --message settled");
    });
}

#[test]
fn amid_the_patches_of_git_am_a_change_is_refused() {
    refused_amid(&["`git am --continue`", "`git am --abort`"], |ground| {
        let patch = ground.git("format-patch --stdout main..side") + "\n";
        fs::write(ground.beside("patch"), patch).unwrap();
        ground.git_fails(&format!("am --quiet {}", ground.beside("patch").display()));
    });
}

#[test]
fn amid_a_merge_in_a_repository_with_reftable_a_change_is_refused() {
    for (line, words) in [
        ("merge side", &["`git merge --continue`"]),
        ("cherry-pick side", &["`git cherry-pick --continue`"]),
        ("revert HEAD~1", &["`git revert --continue`"]),
    ] {
        given(move |ground| {
            ground.fork();
            if line.starts_with("revert") {
                ground.write("docs/a.md", "again\n");
                ground.commit_all();
            }
            ground.git_fails(line);
        })
        .init(&["--ref-format=reftable"])
        .refused(1, words);
    }
}

#[test]
fn amid_a_merge_in_another_work_tree_a_change_is_kept() {
    given(|ground| {
        ground.fork();
        ground.git("worktree add --quiet ../other side");
        let other = ground.beside("other").display().to_string();
        ground.git_fails(&format!("-C {other} merge main"));
    })
    .kept();
}

#[test]
fn amid_a_merge_a_change_in_another_work_tree_is_kept() {
    given(|ground| {
        ground.fork();
        ground.git("worktree add --quiet -b third ../other");
        ground.git_fails("merge side");
        ground.go_to(&ground.beside("other"));
    })
    .kept();
}

#[test]
fn after_an_aborted_merge_a_change_is_kept() {
    given(|ground| {
        ground.fork();
        ground.git_fails("merge side");
        ground.git("merge --abort");
    })
    .kept();
}

#[test]
fn after_a_merge_without_its_history_a_change_is_kept_and_what_it_staged_stays() {
    given(|ground| {
        ground.git("switch --quiet --create side");
        ground.write("side.txt", "side\n");
        ground.commit_all();
        ground.git("switch --quiet main");
        ground.git("merge --quiet --squash side");
    })
    .then(|ground, _| assert!(ground.git("diff --cached --name-only").contains("side.txt")))
    .kept();
}

#[test]
fn amid_a_bisect_on_a_branch_a_change_is_kept() {
    given(|ground| {
        ground.git("bisect start");
    })
    .kept();
}

/// Two good commits and a bad one, of which git has checked out the one between.
fn bisect(ground: &mut Ground) {
    for text in ["2\n", "3\n", "4\n"] {
        ground.write("docs/a.md", text);
        ground.commit_all();
    }
    ground.git("bisect start HEAD HEAD~3");
}

#[test]
fn amid_a_bisect_on_no_branch_a_change_is_kept() {
    given(bisect).kept();
}

#[test]
fn amid_a_bisect_it_is_said_how_to_hold_on_to_the_change() {
    given(bisect).remarks(&["`git bisect`", "git branch <name>"]).kept();
}

#[test]
fn with_a_conflict_of_a_stash_in_another_file_a_change_is_kept_and_the_conflict_stays() {
    given(|ground| {
        ground.write("docs/a.md", "stashed\n");
        ground.git("stash --quiet");
        ground.write("docs/a.md", "committed since\n");
        ground.commit_all();
        ground.git_fails("stash pop --quiet");
    })
    .alone()
    .then(|ground, _| assert_eq!(ground.git("diff --name-only --diff-filter=U"), "docs/a.md"))
    .kept();
}

#[test]
fn with_a_conflict_of_a_stash_in_the_record_its_change_is_refused() {
    given(|ground| {
        ground.edit_record("stashed");
        ground.git("stash --quiet");
        ground.edit_record("committed since");
        ground.commit_all();
        ground.git_fails("stash pop --quiet");
        // Settled in the file, but not said to git.
        ground.git_words(&["checkout", "--quiet", "--ours", "--", super::RECORD]);
    })
    .alone()
    .append_refused(1, &["unsettled conflicts", "git add -- incidents/2023/"]);
}

#[test]
fn with_conflict_marks_in_the_record_its_change_is_refused_as_unreadable() {
    given(|ground| {
        ground.edit_record("stashed");
        ground.git("stash --quiet");
        ground.edit_record("committed since");
        ground.commit_all();
        ground.git_fails("stash pop --quiet");
    })
    .alone()
    .append_refused(4, &["conflict"]);
}
