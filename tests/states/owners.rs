//! Who may touch the repository: somebody else's, one that may only be read, a file system that takes nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::ground::Ground;
use super::{Change, given, proof};
use crate::support::programs;

/// Gives the whole repository to somebody else, if this user may.
fn give_away(folder: &Path) -> bool {
    let mut command = Command::new("chown");
    command.args(["--recursive", "--no-dereference", "12345:12345"]).arg(folder).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether this user may give files away, which only root may.
fn may_give_away() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let may = chown(folder.path(), Some(12345), None).is_ok();
    if !may {
        println!("skipped: this user may not give files away");
    }
    may
}

#[test]
fn in_somebody_elses_repository_a_change_is_refused_with_what_git_wants() {
    if may_give_away() {
        given(|ground| assert!(give_away(&ground.top)))
            .refused(3, &["dubious ownership", "git config --global --add safe.directory"]);
    }
}

#[test]
fn in_somebody_elses_repository_that_is_declared_safe_a_change_is_kept() {
    if !may_give_away() {
        return;
    }
    for by_file in [true, false] {
        given(move |ground| {
            assert!(give_away(&ground.top));
            let top = ground.top.display().to_string();
            if by_file {
                let config = ground.beside("home/.gitconfig");
                fs::write(config, format!("[safe]\n\tdirectory = {top}\n")).unwrap();
                ground.unset_env("GIT_CONFIG_GLOBAL");
            } else {
                ground.set_env("GIT_CONFIG_COUNT", "1");
                ground.set_env("GIT_CONFIG_KEY_0", "safe.directory");
                ground.set_env("GIT_CONFIG_VALUE_0", top);
            }
        })
        .kept();
    }
}

#[test]
fn by_a_user_who_may_read_but_not_write_a_change_is_refused() {
    let mut probe = Command::new("setpriv");
    probe.args(["--reuid=12345", "--clear-groups"]).arg(programs().join("inc")).arg("--version");
    if !probe.output().is_ok_and(|output| output.status.success()) {
        println!("skipped: no other user can run our programs here");
        return;
    }
    given(|ground| {
        fs::set_permissions(ground.top_of_test(), fs::Permissions::from_mode(0o755)).unwrap();
        ground.starter =
            ["/usr/bin/env", "setpriv", "--reuid=12345", "--clear-groups"].map(ToOwned::to_owned).into();
        ground.set_env("GIT_CONFIG_COUNT", "1");
        ground.set_env("GIT_CONFIG_KEY_0", "safe.directory");
        ground.set_env("GIT_CONFIG_VALUE_0", "*");
    })
    .refused(3, &["Permission denied", "check who owns it"]);
}

/// A folder that is mounted read-only on itself, until it is dropped.
struct ReadOnly(PathBuf);

impl ReadOnly {
    fn mount(folder: &Path) -> Option<Self> {
        let mount = |options: &str| {
            let mut command = Command::new("mount");
            command.args(["-o", options]).arg(folder).arg(folder).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let mounted = mount("bind").then(|| Self(folder.to_owned()));
        let read_only = mounted.filter(|_| mount("remount,bind,ro"));
        if read_only.is_none() {
            println!("skipped: nothing can be mounted read-only here");
        }
        read_only
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn on_a_read_only_file_system_a_change_is_refused_and_looking_is_not() {
    for part in ["", ".git", "incidents"] {
        for way in [None, Some("program")] {
            let ground = Ground::new(&[], way, false);
            ground.stage_and_edit_neighbours();
            let Some(_mounted) = ReadOnly::mount(&ground.top.join(part)) else {
                return;
            };
            let standing = proof::Standing::of(&ground);
            for change in [Change::Append, Change::Declare] {
                standing.prove_refused(&ground, change, 3, &["Read-only file system", "mounted read-only"]);
            }
            let listed = ground.start("inc-list", &[]);
            assert_eq!(listed.code, 0, "{part}: {listed:?}");
        }
    }
}
