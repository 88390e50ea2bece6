//! What a program finds around it: no repository, no git, no author, a closed pipe, a full disk, a clock that lies.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::support::{ID, Output, TITLE, TestRepo, programs};

/// One line of each program that needs a repository.
const LINES: [&str; 9] = [
    "inc-list",
    "inc-history",
    "inc-declare x",
    "inc-timeline add hello",
    "inc-timeline list",
    "inc-severity assess --customers 1",
    "inc-status show",
    "inc-role assign commander Ada",
    "inc-edit --set environment=x",
];

#[test]
fn without_a_repository_every_program_says_so() {
    let repo = TestRepo::without_git();
    for line in LINES.into_iter().chain(["inc use x"]) {
        repo.fails(3, line, &[])
            .prints("")
            .says(&["error: no git repository at or above ", "run `inc init` there"]);
    }
    repo.fails(3, "inc-list -C /nowhere", &[]).says(&["open /nowhere: No such file or directory"]);
    fs::write(repo.top().join("file"), "").unwrap();
    repo.fails(3, "inc-list -C file", &[]).says(&["file"]);
    repo.git(&["init", "--quiet", "--bare", "bare.git"]);
    repo.fails(3, "inc-list -C bare.git", &[])
        .says(&["is a bare repository, which has no files to work with"]);
}

#[test]
fn without_git_it_looks_but_does_not_write() {
    let repo = TestRepo::with_incident();
    let nothing = repo.beside("home");
    for line in LINES.into_iter().filter(|line| !line.contains("show") && !line.contains("list")) {
        repo.fails_with(3, line, &[], |command| {
            command.env("PATH", &nothing);
        })
        .prints("")
        .says(&["the program `git` is not on the PATH: install git 2.40 or newer"]);
    }
    for line in ["inc-list", "inc-status show", "inc-timeline list"] {
        let output = repo.run_with(line, &[], |command| {
            command.env("PATH", &nothing);
        });
        assert_eq!(output.code, 0, "{line}: {output:?}");
    }
    let new = repo.beside("new").display().to_string();
    repo.fails_with(3, "inc init", &[&new], |command| {
        command.env("PATH", &nothing);
    })
    .says(&["the program `git` is not on the PATH"]);
    assert!(!repo.beside("new").exists());
}

#[test]
fn an_author_must_be_a_name_and_an_address() {
    let repo = TestRepo::with_incident();
    for author in ["Ada", "Ada <ada", "<ada@example.org>", "Ada <a@b> x", "A\nda <a@b>", "... <a@b>"] {
        repo.fails_with(2, "inc-timeline add", &["hello"], |command| {
            command.env("INC_AUTHOR", author);
        })
        .says(&["INC_AUTHOR: author ", "write `Name <email>`"]);
    }
    repo.fails_with(3, "inc-timeline add", &["hello"], |command| {
        command.env_remove("INC_AUTHOR");
    })
    .says(&[
        "no name to sign the change with",
        "git config --global user.name",
        "INC_AUTHOR='Your Name <you@example.org>'",
    ]);
    // Who only looks needs no name.
    let output = repo.run_with("inc-list", &[], |command| {
        command.env_remove("INC_AUTHOR");
    });
    assert_eq!(output.code, 0, "{output:?}");
    repo.git(&["config", "user.name", "Grace Hopper"]);
    repo.git(&["config", "user.email", "grace@example.org"]);
    let output = repo.run_with("inc-timeline add", &["hello"], |command| {
        command.env_remove("INC_AUTHOR");
    });
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(repo.git(&["log", "-1", "--format=%an"]), "Grace Hopper");
    assert!(repo.record_text(ID).contains("by: Grace Hopper\n"));
}

#[test]
fn a_pinned_clock_must_be_an_instant() {
    let repo = TestRepo::with_incident();
    for now in ["yesterday", "2023-03-27", "2023-03-27T12:59:00", "2023-02-30T12:59:00Z", "@0", " "] {
        for line in ["inc-timeline add hello", "inc-declare x", "inc-list"] {
            repo.fails_with(2, line, &[], |command| {
                command.env("INC_NOW", now);
            })
            .prints("")
            .says(&["INC_NOW: "]);
        }
    }
}

#[test]
fn the_way_to_commit_must_be_a_known_one() {
    let repo = TestRepo::with_incident();
    for line in ["inc-timeline add hello", "inc-declare x"] {
        repo.fails_with(2, line, &[], |command| {
            command.env("INC_GIT", "plain");
        })
        .prints("")
        .says(&["INC_GIT: `plain` is not known: `program` makes every commit through your git"]);
    }
    let output = repo.run_with("inc-timeline add", &["hello"], |command| {
        command.env("INC_GIT", "");
    });
    assert_eq!(output.code, 0, "{output:?}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let repo = TestRepo::with_incident();
    for line in [
        "inc-list",
        "inc-list --format json",
        "inc-history",
        "inc-list --help",
        "inc-timeline list",
        "inc-severity explain",
    ] {
        let mut words = line.split_whitespace();
        let mut command = Command::new(programs().join(words.next().unwrap()));
        command.args(words).env_clear().envs(repo.environment()).current_dir(repo.top());
        // The reader is gone before the first byte.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(Stdio::from(writer)).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{line}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{line}: {stderr}");
    }
}

#[test]
fn a_full_disk_behind_stdout_is_said() {
    let repo = TestRepo::with_incident();
    for line in [
        "inc-list",
        "inc-status show --format json",
        "inc-list --help",
        "inc-list --version",
        "inc use --help",
    ] {
        let mut words = line.split_whitespace();
        let mut command = Command::new(programs().join(words.next().unwrap()));
        command.args(words).env_clear().envs(repo.environment()).current_dir(repo.top());
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.stdout(Stdio::from(full)).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{line}: {stderr}");
        assert!(stderr.contains("error: write to stdout: No space left on device"), "{line}: {stderr}");
    }
}

/// A disk without room, as a limit of 0 bytes a file with its signal ignored: every write fails.
fn without_room(repo: &TestRepo, line: &str) -> Output {
    let mut limited = assert_cmd::Command::new("sh");
    limited.env_clear().envs(repo.environment()).env("INC_NOW", "2023-03-27T13:00:00+02:00");
    // What it prints goes through pipes, which have no limit.
    limited.current_dir(repo.top()).args(["-c", &format!("trap '' XFSZ; ulimit -f 0; exec {line}")]);
    Output::of(&mut limited)
}

#[test]
fn without_room_a_change_is_refused_and_nothing_is_left() {
    let repo = TestRepo::with_incident();
    for line in [
        "inc-timeline add hello",
        "inc-declare x",
        "inc-status set cancelled --reason x",
        "inc-edit --set environment=x",
        "inc-timeline add --no-commit hello",
    ] {
        let output = repo.assert_untouched(|repo| without_room(repo, line));
        assert_eq!(output.code, 3, "{line}: {output:?}");
        assert_eq!(output.stdout, "", "{line}");
        output.says(&["error: ", "File too large"]);
    }
    repo.ok("inc-timeline add", &["There is room again"]);
}

#[test]
fn on_a_full_file_system_a_change_is_refused_and_nothing_is_left() {
    let repo = TestRepo::with_incident();
    let Some(disk) = Disk::mount(&repo) else {
        println!("skipped: no tmpfs can be mounted here");
        return;
    };
    // The whole repository on a disk that is then filled to the last byte.
    let status = Command::new("cp").arg("-a").arg(repo.top().join(".")).arg(&disk.folder).status().unwrap();
    assert!(status.success());
    let record = disk.folder.join(format!("incidents/2023/{ID}.yaml"));
    let before = fs::read(&record).unwrap();
    let _ = fs::write(disk.folder.join(".git/fill"), vec![0; 64 << 20]);
    let folder = disk.folder.display().to_string();
    for line in ["inc-timeline add", "inc-declare"] {
        let long = format!("hello {}", "x".repeat(9_000));
        let words = if line == "inc-declare" { ["-C", &folder, TITLE] } else { ["-C", &folder, &long] };
        let output = repo.run(line, &words);
        assert_eq!(output.code, 3, "{line}: {output:?}");
        output.says(&["No space left on device"]);
    }
    assert_eq!(fs::read(&record).unwrap(), before);
    assert_eq!(fs::read_dir(record.parent().unwrap()).unwrap().count(), 1);
    fs::remove_file(disk.folder.join(".git/fill")).unwrap();
    assert_eq!(repo.git(&["-C", &folder, "status", "--porcelain"]), "");
    repo.ok("inc-timeline add There-is-room-again -C", &[&folder]);

    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.folder).status();
    if remounted.is_ok_and(|status| status.success()) {
        repo.fails(3, "inc-timeline add hello -C", &[&folder]).says(&["Read-only file system"]);
        repo.ok("inc-list -C", &[&folder]);
    }
}

/// A file system of 2 MiB, until it is dropped.
struct Disk {
    folder: std::path::PathBuf,
}

impl Disk {
    fn mount(repo: &TestRepo) -> Option<Self> {
        let folder = repo.beside("disk");
        fs::create_dir(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(&folder).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self { folder })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.folder).status();
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_said() {
    let repo = TestRepo::with_incident();
    let folder = repo.top().join("incidents/2023");
    let permit = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    permit(0o555);
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).unwrap();
        println!("skipped: this user may write everywhere");
    } else {
        repo.fails(3, "inc-timeline add", &["hello"]).says(&["Permission denied", "check who owns it"]);
        repo.fails(3, "inc-declare", &["x"]).says(&["Permission denied"]);
    }
    permit(0o755);
}

#[test]
fn a_hook_that_refuses_leaves_everything_as_it_was() {
    let repo = TestRepo::with_incident();
    let hooks = repo.top().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    let hook = hooks.join("commit-msg");
    fs::write(&hook, "#!/bin/sh\necho 'a ticket is missing' >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    for line in ["inc-timeline add hello", "inc-declare x", "inc-edit --set environment=x"] {
        repo.fails(1, line, &[]).prints("").says(&["git refused the commit", "a ticket is missing"]);
    }
}

#[test]
fn in_the_middle_of_a_merge_nothing_is_committed() {
    let repo = TestRepo::with_incident();
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.git(&["commit", "--quiet", "--allow-empty", "-m", "other"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--no-commit", "other"]);
    repo.fails(1, "inc-timeline add", &["hello"]).says(&["merge"]);
    repo.fails(1, "inc-declare", &["x"]).says(&["merge"]);
    repo.ok("inc-timeline add --no-commit", &["hello"]);
}

#[test]
fn a_lock_that_another_holds_is_waited_for_and_then_named() {
    let repo = TestRepo::with_incident();
    let lock = repo.top().join(".git/inc/lock");
    let held = fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    repo.fails(3, "inc-timeline add --lock-timeout 1", &["hello"]).says(&[
        "could not get the lock ",
        "within 1 s: another inc has it",
        "wait for it or end it",
    ]);
    drop(held);
    repo.ok("inc-timeline add --lock-timeout 0", &["hello"]);
    // Git's own lock.
    fs::write(repo.top().join(".git/index.lock"), "").unwrap();
    repo.fails(3, "inc-timeline add --lock-timeout 1", &["hello"])
        .says(&["another git is at work in this repository", "index.lock"]);
}

#[test]
fn an_ignored_file_is_refused_with_the_rule() {
    let repo = TestRepo::new();
    fs::write(repo.top().join(".gitignore"), "incidents/\n").unwrap();
    repo.fails(1, "inc-declare", &["x"])
        .says(&["git ignores incidents/2023/2023-03-27-x.yaml because of the rule"]);
}
