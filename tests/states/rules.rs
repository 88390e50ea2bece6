//! The rules that a repository makes for its commits: hooks, signatures, ignored files, names, messages, reflogs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::ground::Ground;
use super::{AUTHOR, Change, DECLARED, Expect, NOW, RECORD, given};

#[test]
fn with_signing_by_an_ssh_key_the_commit_is_signed() {
    let may_sign = Command::new("ssh-keygen").arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if may_sign.is_err() {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    given(|ground| {
        let key = ground.beside("home/key");
        let mut make = Command::new("ssh-keygen");
        make.args(["-q", "-t", "ed25519", "-N", "", "-C", "mathieu@example.com", "-f"]).arg(&key);
        assert!(make.stdin(Stdio::null()).status().unwrap().success());
        let public = fs::read_to_string(key.with_extension("pub")).unwrap();
        let allowed = ground.beside("home/allowed");
        fs::write(&allowed, format!("mathieu@example.com {public}")).unwrap();
        for (name, value) in [
            ("gpg.format", "ssh".to_owned()),
            ("user.signingKey", key.display().to_string()),
            ("gpg.ssh.allowedSignersFile", allowed.display().to_string()),
            ("commit.gpgSign", "true".to_owned()),
        ] {
            ground.config(name, &value);
        }
    })
    .then(|ground, _| assert_eq!(ground.git("log -1 --format=%G?%GS"), "Gmathieu@example.com"))
    .kept();
}

#[test]
fn with_a_key_that_is_missing_a_change_is_refused() {
    given(|ground| {
        ground.config("gpg.format", "ssh");
        ground.config("user.signingKey", &ground.beside("no-such-key").display().to_string());
        ground.config("commit.gpgSign", "true");
    })
    .refused(3, &["git commit failed", "no-such-key"]);
}

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
#[ignore = "git commit --only leaves the text of before the hook in the user's index: `MM`"]
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
fn a_post_commit_hook_that_writes_with_our_programs_is_told_of_the_lock_and_harms_nothing() {
    given(|ground| {
        let seen = ground.beside("seen").display().to_string();
        let add = "inc-timeline add --lock-timeout 0 kubernetes 'from the hook'";
        ground.hook("post-commit", &format!("{add} > {seen} 2>&1; echo \"exit $?\" >> {seen}"));
    })
    .then(|ground, _| {
        let seen = fs::read_to_string(ground.beside("seen")).unwrap();
        assert!(seen.contains("has held the lock") && seen.ends_with("exit 3\n"), "{seen}");
    })
    .append_kept();
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

#[test]
fn ignored_records_are_refused_with_the_rule_and_tracked_ones_are_kept() {
    let words = &["git ignores incidents/2023/2023-03-27-disk-full.yaml", ".gitignore:1: incidents/"];
    given(|ground| ground.write(".gitignore", "incidents/\n"))
        .expect(Expect::Kept, Expect::Refused(1, words));
    given(|ground| {
        let info = ground.git_path("info");
        fs::create_dir_all(&info).unwrap();
        fs::write(info.join("exclude"), "*.yaml\n").unwrap();
    })
    .expect(Expect::Kept, Expect::Refused(1, &["git ignores incidents/", ".git/info/exclude:1: *.yaml"]));
    given(|ground| {
        let rules = ground.beside("ignored");
        fs::write(&rules, "2023*\n").unwrap();
        ground.config("core.excludesFile", &rules.display().to_string());
    })
    .expect(Expect::Kept, Expect::Refused(1, &["git ignores incidents/", "ignored:1: 2023*"]));
}

#[test]
fn records_ignored_and_taken_back_in_are_kept() {
    given(|ground| ground.write(".gitignore", "*.yaml\n!incidents/**/*.yaml\n")).kept();
}

#[test]
fn without_a_name_a_change_is_refused() {
    given(|ground| ground.unset_env("INC_AUTHOR"))
        .refused(3, &["no name to sign the change with", "git config --global user.name", "INC_AUTHOR="]);
}

#[test]
fn names_of_the_settings_and_of_the_environment_sign_the_commit() {
    let ada = |ground: &mut Ground| {
        ground.unset_env("INC_AUTHOR");
        ground.config("user.name", "Ada");
        ground.config("user.email", "ada@example.org");
    };
    let one = format!("Ada <ada@example.org> {NOW}");
    given(ada).signed(format!("{one}, {one}")).kept();
    given(move |ground| {
        ada(ground);
        ground.set_env("GIT_AUTHOR_NAME", "Émilie");
        ground.config("committer.name", "The Robot");
    })
    .signed(format!("Émilie <ada@example.org> {NOW}, The Robot <ada@example.org> {NOW}"))
    .kept();
    // INC_AUTHOR names both, whatever else is said.
    given(|ground| {
        for role in ["AUTHOR", "COMMITTER"] {
            ground.set_env(&format!("GIT_{role}_NAME"), "Nobody");
            ground.set_env(&format!("GIT_{role}_EMAIL"), "nobody@example.com");
            ground.set_env(&format!("GIT_{role}_DATE"), "2001-01-01T00:00:00Z");
        }
    })
    .kept();
}

#[test]
fn dates_of_the_environment_hold_where_the_clock_is_not_pinned() {
    given(|ground| {
        ground.unset_env("INC_NOW");
        ground.set_env("GIT_AUTHOR_DATE", "2023-03-27T15:00:00+02:00");
        ground.set_env("GIT_COMMITTER_DATE", "@1679925600 -0500");
    })
    .signed(format!("{AUTHOR} 2023-03-27T15:00:00+02:00, {AUTHOR} 2023-03-27T09:00:00-05:00"))
    .kept();
}

#[test]
fn settings_for_messages_do_not_change_ours() {
    for (name, value) in [
        ("commit.template", "inc.yaml"),
        ("commit.cleanup", "strip"),
        ("commit.cleanup", "scissors"),
        ("commit.verbose", "true"),
        ("commit.status", "true"),
        ("core.commentChar", "t"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("format.signOff", "true"),
        ("core.editor", "false"),
    ] {
        given(move |ground| ground.config(name, value)).append_kept();
    }
}

#[test]
fn a_title_that_looks_like_a_comment_and_is_not_ascii_stays_whole_whatever_the_settings() {
    for way in [None, Some("program")] {
        let ground = Ground::new(&[], way, false);
        ground.config("commit.cleanup", "strip");
        ground.config("core.commentString", "declare:");
        ground.config("i18n.commitEncoding", "ISO-8859-1");
        let output = ground.start("inc-declare", &["# é 深刻"]);
        assert_eq!(output.code, 0, "{output:?}");
        assert_eq!(ground.git("log -1 --format=%s"), "declare: # é 深刻");
        let commit = ground.command(&["cat-file", "commit", "HEAD"]).output().unwrap().stdout;
        assert!(!String::from_utf8(commit).unwrap().contains("\nencoding "));
    }
}

#[test]
fn with_a_shared_repository_what_is_written_is_open_to_the_group() {
    given(|_| {})
        .init(&["--shared=group"])
        .then(|ground, _| {
            let head = ground.head();
            let blob = ground.git_words(&["rev-parse", &format!("HEAD:{RECORD}")]);
            for object in [head, blob] {
                let path = ground.git_path("objects").join(&object[..2]);
                let folder = fs::metadata(&path).unwrap().permissions().mode();
                let file = fs::metadata(path.join(&object[2..])).unwrap().permissions().mode();
                assert_eq!((folder & 0o2070, file & 0o060), (0o2070, 0o040), "{folder:o} {file:o}");
            }
            for name in ["index", "refs/heads/main", "logs/HEAD", "logs/refs/heads/main"] {
                let mode = fs::metadata(ground.git_path(name)).unwrap().permissions().mode();
                assert_eq!(mode & 0o060, 0o060, "{name} {mode:o}");
            }
        })
        .kept();
}

#[test]
fn without_reflogs_a_change_is_kept_and_none_is_made() {
    given(|ground| {
        fs::remove_dir_all(ground.git_path("logs")).unwrap();
        ground.config("core.logAllRefUpdates", "false");
    })
    .without_reflog()
    .then(|ground, _| assert!(!ground.git_path("logs").exists()))
    .kept();
}

#[test]
fn where_new_reflogs_are_not_wanted_those_that_are_there_go_on() {
    given(|ground| ground.config("core.logAllRefUpdates", "false")).kept();
}

#[test]
fn with_reflogs_of_everything_a_change_is_kept() {
    given(|ground| ground.config("core.logAllRefUpdates", "always")).kept();
}
