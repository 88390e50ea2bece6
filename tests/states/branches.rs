//! Which branch HEAD leads to, if any.

use super::{Expect, given};

#[test]
fn on_a_branch_with_other_work_under_way_a_change_is_kept() {
    given(|_| {}).kept();
}

#[test]
fn on_a_branch_with_nothing_else_under_way_a_change_is_kept() {
    given(|_| {}).alone().then(|ground, _| assert_eq!(ground.git("status --porcelain"), "")).kept();
}

#[test]
fn on_a_branch_with_folders_in_its_name_a_change_is_kept() {
    given(|ground| {
        ground.git("switch --quiet --create team/é/records");
    })
    .then(|ground, _| assert_eq!(ground.git("symbolic-ref HEAD"), "refs/heads/team/é/records"))
    .kept();
}

#[test]
fn on_a_branch_without_commits_a_declaration_makes_the_first_one() {
    let kept = given(|ground| {
        ground.git("add inc.yaml policies");
    });
    let words = &["has changes of yours that are not committed", "--include-edits"];
    kept.unborn().expect(Expect::Refused(1, words), Expect::Kept);
}

#[test]
fn on_a_branch_without_commits_a_staged_record_is_kept_with_include_edits() {
    given(|ground| {
        ground.git("add --all");
        ground.options.push("--include-edits");
    })
    .unborn()
    .append_kept();
}

#[test]
fn on_a_detached_head_a_change_is_kept() {
    given(|ground| {
        ground.git("switch --quiet --detach");
    })
    .kept();
}

#[test]
fn on_a_detached_head_it_is_said_how_to_hold_on_to_the_change() {
    given(|ground| {
        ground.git("switch --quiet --detach");
    })
    .remarks(&["HEAD is detached", "git switch -c"])
    .kept();
}

#[test]
fn on_a_branch_named_like_a_tag_the_branch_moves() {
    given(|ground| {
        ground.git("tag main");
        ground.git("tag refs/heads/main");
    })
    .kept();
}

#[test]
fn on_a_branch_that_stands_for_another_the_other_moves() {
    given(|ground| {
        ground.git("symbolic-ref refs/heads/alias refs/heads/main");
        ground.git("symbolic-ref HEAD refs/heads/alias");
    })
    .then(|ground, _| {
        assert_eq!(ground.git("symbolic-ref refs/heads/alias"), "refs/heads/main");
        assert_eq!(ground.git("rev-parse refs/heads/main"), ground.head());
    })
    .kept();
}

#[test]
fn on_a_branch_that_another_branch_leaves_no_room_for_a_change_is_refused() {
    given(|ground| {
        ground.git("symbolic-ref HEAD refs/heads/main/records");
        ground.options.push("--include-edits");
    })
    .alone()
    .refused(3, &["refs/heads/main/records"]);
}

#[test]
fn on_a_branch_that_somebody_locked_a_change_is_refused() {
    given(|ground| {
        std::fs::write(ground.git_path("refs/heads/main.lock"), "").unwrap();
        ground.options.extend(["--lock-timeout", "0"]);
    })
    .refused(3, &["main.lock"]);
}
