//! Hooks that refuse, edit, look, write, fail or linger.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::ground::Ground;
use super::{Change, DECLARED, Expect, RECORD, given};

#[test]
fn with_hooks_that_refuse_a_change_is_refused_in_their_words() {
    for name in ["pre-commit", "prepare-commit-msg", "commit-msg"] {
        given(move |ground| ground.hook(name, "echo 'no changes on a friday' >&2; exit 1"))
            .refused(1, &["git refused the commit", "no changes on a friday", "nothing was written"]);
    }
}

#[test]
fn with_a_hook_that_refuses_the_ref_a_change_is_refused() {
    given(|ground| {
        ground.hook("reference-transaction", "[ $1 != prepared ] || { echo frozen >&2; exit 1; }")
    })
    .refused(3, &["frozen", "nothing was written"]);
}

#[test]
fn with_a_hook_that_is_not_executable_a_change_is_kept() {
    given(|ground| {
        ground.hook("pre-commit", "exit 1");
        let hook = ground.git_path("hooks/pre-commit");
        fs::set_permissions(hook, fs::Permissions::from_mode(0o644)).unwrap();
    })
    .kept();
}

#[test]
fn a_pre_commit_hook_sees_the_record_alone() {
    given(|ground| {
        ground.hook("pre-commit", "test \"$(git diff --cached --name-only | grep -c -v ^incidents/)\" = 0");
    })
    .kept();
}

#[test]
fn a_pre_commit_hook_may_reformat_the_record_and_add_it() {
    given(|ground| {
        ground.hook(
            "pre-commit",
            "for file in $(git diff --cached --name-only); do echo '# formatted' >> $file; git add $file; done",
        );
    })
    .then(|ground, change| {
        let path = if change == Change::Append { RECORD } else { DECLARED };
        let text = ground.git_words(&["show", &format!("HEAD:{path}")]);
        assert!(text.ends_with("# formatted"), "{text}");
    })
    .kept();
}

#[test]
fn a_prepare_commit_msg_hook_may_edit_the_message() {
    given(|ground| ground.hook("prepare-commit-msg", "sed -i '1s/^/[ops] /' \"$1\""))
        .message(|message| format!("[ops] {message}"))
        .kept();
}

#[test]
fn a_commit_msg_hook_may_add_a_trailer() {
    given(|ground| {
        ground.hook("commit-msg", "git interpret-trailers --in-place --trailer 'Change-Id: I1' \"$1\"");
    })
    .message(|message| format!("{message}\nChange-Id: I1"))
    .kept();
}

#[test]
fn a_post_commit_hook_may_look_with_our_programs() {
    given(|ground| {
        let seen = ground.beside("seen").display().to_string();
        ground.hook("post-commit", &format!("inc-list --format json > {seen} 2>&1 || echo failed >> {seen}"));
    })
    .then(|ground, _| {
        let seen = fs::read_to_string(ground.beside("seen")).unwrap();
        assert!(seen.starts_with('[') && !seen.contains("failed"), "{seen}");
    })
    .kept();
}

#[test]
fn a_post_commit_hook_that_writes_with_our_programs_finds_the_lock_free_and_runs_once() {
    for way in [None, Some("program")] {
        let ground = Ground::new(&[], way, false);
        let seen = ground.beside("seen").display().to_string();
        let add = "inc-timeline add --lock-timeout 0 kubernetes 'from the hook'";
        ground.hook("post-commit", &format!("{add} >> {seen} 2>&1; echo \"exit $?\" >> {seen}"));
        assert_eq!(ground.run(Change::Append).code, 0);
        let seen = fs::read_to_string(&seen).unwrap();
        assert!(seen.ends_with("exit 0\n") && seen.matches("exit").count() == 1, "{seen}");
        assert!(ground.git("log -1 --format=%s").contains("from the hook"));
        assert_eq!(ground.git("status --porcelain -- incidents"), "");
    }
}

#[test]
fn a_post_commit_hook_that_leaves_a_process_behind_holds_nobody_up() {
    given(|ground| ground.hook("post-commit", "sleep 5 & exit 0")).expect(Expect::Kept, Expect::Untried);
    let ground = Ground::new(&[], None, false);
    ground.hook("post-commit", "sleep 5 & exit 0");
    let start = Instant::now();
    // The second one needs the lock of the first.
    for change in [Change::Append, Change::Declare] {
        assert_eq!(ground.run(change).code, 0);
    }
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[test]
fn a_post_commit_hook_that_fails_changes_nothing() {
    given(|ground| ground.hook("post-commit", "exit 1")).kept();
}

#[test]
fn a_reference_transaction_hook_is_told_of_the_new_commit() {
    given(|ground| {
        let seen = ground.beside("seen").display().to_string();
        ground.hook("reference-transaction", &format!("[ $1 != committed ] || cat >> {seen}"));
    })
    .then(|ground, _| {
        let seen = fs::read_to_string(ground.beside("seen")).unwrap();
        assert!(seen.contains(&format!("{} refs/heads/main", ground.head())), "{seen}");
    })
    .kept();
}

#[test]
fn hooks_in_another_folder_are_run() {
    for is_absolute in [true, false] {
        given(move |ground| {
            let folder = ground.top.join("hooks");
            fs::create_dir(&folder).unwrap();
            ground.script(&folder.join("commit-msg"), "sed -i '1s/^/[ops] /' \"$1\"");
            let folder = if is_absolute { folder.display().to_string() } else { "hooks".into() };
            ground.config("core.hooksPath", &folder);
            ground.from = ground.top.join("docs");
        })
        .message(|message| format!("[ops] {message}"))
        .kept();
    }
}

#[test]
fn hooks_that_a_handed_down_setting_names_are_run() {
    given(|ground| {
        let folder = ground.beside("hooks");
        fs::create_dir(&folder).unwrap();
        ground.script(&folder.join("commit-msg"), "echo 'a ticket is missing' >&2; exit 1");
        ground.set_env("GIT_CONFIG_COUNT", "1");
        ground.set_env("GIT_CONFIG_KEY_0", "core.hooksPath");
        ground.set_env("GIT_CONFIG_VALUE_0", folder);
    })
    .refused(1, &["a ticket is missing"]);
}
