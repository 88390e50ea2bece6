//! What a hand did to the record since its last commit, in the work tree or in the index.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::ground::Ground;
use super::{Change, RECORD, given};

const EDITED: &[&str] =
    &["has changes of yours that are not committed", "git add incidents/", "--include-edits", "--no-commit"];

/// What a hand may have done to the record.
const BY_HAND: [fn(&Ground); 4] = [
    |ground| ground.edit_record("by hand"),
    |ground| {
        ground.edit_record("by hand");
        ground.git("add incidents");
    },
    |ground| {
        ground.edit_record("staged");
        ground.git("add incidents");
        ground.edit_record("by hand");
    },
    // Staged, and then as it was: only the index differs.
    |ground| {
        let before = ground.read(RECORD);
        ground.edit_record("staged");
        ground.git("add incidents");
        ground.write(RECORD, &before);
    },
];

#[test]
fn a_record_edited_or_staged_by_hand_is_refused_with_the_three_ways_on() {
    for by_hand in BY_HAND {
        given(move |ground| by_hand(ground)).append_refused(1, EDITED);
    }
}

#[test]
fn a_record_edited_or_staged_by_hand_is_kept_whole_with_include_edits() {
    for by_hand in BY_HAND {
        given(move |ground| {
            by_hand(ground);
            ground.options.push("--include-edits");
        })
        .then(|ground, _| {
            let committed = ground.git_words(&["show", &format!("HEAD:{RECORD}")]) + "\n";
            assert_eq!(committed, ground.read(RECORD));
        })
        .append_kept();
    }
}

#[test]
fn a_record_whose_mode_is_staged_is_refused() {
    given(|ground| {
        ground.git_words(&["update-index", "--chmod=+x", RECORD]);
    })
    .append_refused(1, EDITED);
}

#[test]
fn a_record_that_is_executable_stays_so() {
    given(|ground| {
        let path = ground.top.join(RECORD);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        ground.commit_all();
    })
    .then(|ground, _| {
        let mode = fs::metadata(ground.top.join(RECORD)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
    })
    .kept();
}

#[test]
fn a_record_that_is_executable_where_git_does_not_look_stays_as_committed() {
    given(|ground| {
        ground.config("core.fileMode", "false");
        fs::set_permissions(ground.top.join(RECORD), fs::Permissions::from_mode(0o755)).unwrap();
    })
    .kept();
}

#[test]
fn a_record_removed_from_the_work_tree_is_not_found() {
    for line in ["rm --quiet incidents -r", "rm --quiet incidents -r --cached"] {
        let gone = !line.contains("--cached");
        let set_up = move |ground: &mut Ground| {
            ground.git(line);
        };
        match gone {
            true => given(set_up).append_refused(2, &["no incident `2023-03-27-staging"]),
            false => given(set_up).append_refused(1, EDITED),
        }
    }
    given(|ground| fs::remove_file(ground.top.join(RECORD)).unwrap()).append_refused(2, &["no incident `"]);
}

#[test]
fn a_record_typed_by_hand_and_not_yet_committed_is_refused() {
    for line in ["status", "add --intent-to-add incidents", "add incidents"] {
        given(move |ground| {
            ground.git("rm --quiet -r --cached incidents");
            ground.git("commit --quiet --message gone");
            ground.git(line);
        })
        .append_refused(1, EDITED);
    }
}

#[test]
fn a_record_typed_by_hand_and_not_yet_committed_is_kept_with_include_edits() {
    for line in ["status", "add --intent-to-add incidents", "add incidents"] {
        given(move |ground| {
            ground.git("rm --quiet -r --cached incidents");
            ground.git("commit --quiet --message gone");
            ground.git(line);
            ground.options.push("--include-edits");
        })
        .append_kept();
    }
}

#[test]
fn a_record_assumed_unchanged_is_refused() {
    given(|ground| {
        ground.git_words(&["update-index", "--assume-unchanged", RECORD]);
    })
    .append_refused(1, &["assume", "git update-index --no-assume-unchanged -- incidents/2023/"]);
}

#[test]
fn a_record_whose_work_tree_is_skipped_is_refused() {
    given(|ground| {
        ground.git_words(&["update-index", "--skip-worktree", RECORD]);
    })
    .append_refused(1, &["git update-index --no-skip-worktree -- incidents/2023/"]);
}

#[test]
fn without_an_index_only_a_new_record_is_kept_and_all_else_stays_removed() {
    given(|ground| fs::remove_file(ground.git_path("index")).unwrap()).alone().append_refused(1, EDITED);
}

#[test]
fn a_record_declared_without_a_commit_is_refused_until_it_is_committed() {
    given(|ground| {
        ground.git("rm --quiet -r incidents");
        ground.git("commit --quiet --message none");
        let declared = ground.start("inc-declare", &["--no-commit", super::TITLE]);
        assert_eq!(declared.code, 0, "{declared:?}");
    })
    .append_refused(1, EDITED);
}

#[test]
fn a_change_without_a_commit_leaves_the_index_and_the_history_alone() {
    for way in [None, Some("program")] {
        let mut ground = Ground::new(&[], way, false);
        ground.stage_and_edit_neighbours();
        ground.options.push("--no-commit");
        let question = ["rev-parse HEAD", "ls-files --stage", "reflog", "diff --cached --binary"];
        let before = question.map(|line| ground.git(line));
        for change in [Change::Append, Change::Declare] {
            let output = ground.run(change);
            assert_eq!(output.code, 0, "{output:?}");
        }
        assert_eq!(question.map(|line| ground.git(line)), before);
        assert!(ground.git("status --porcelain").contains(super::DECLARED));
        assert!(ground.git("diff --name-only").contains(RECORD));
    }
}
