//! The rules that a repository makes for its commits: signatures, ignored files, names, messages, modes, reflogs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use super::ground::Ground;
use super::{AUTHOR, Expect, NOW, RECORD, given};

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
    .refused(3, &["git commit-tree failed", "no-such-key"]);
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
