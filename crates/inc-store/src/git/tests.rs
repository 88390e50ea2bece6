//! The repository against real temporary ones, in a cleaned environment: nothing of the machine's git settings,
//! and nothing of this process's environment, takes part.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Author, Blocked, CommitRequest, Committed, Detached, GitError, Repository};
use super::{discover, program::Program};
use crate::file::FileError;

const RECORD: &str = "incidents/2026/x.yaml";

/// A temporary folder with a repository in `repo`, and the environment that its gits run in.
struct Ground {
    folder: TempDir,
    env: Vec<(OsString, Option<OsString>)>,
}

impl Ground {
    /// A folder without any repository.
    fn bare_ground() -> Ground {
        let folder = TempDir::new().unwrap();
        let env = [
            ("GIT_CONFIG_GLOBAL", Some("/dev/null")),
            ("GIT_CONFIG_SYSTEM", Some("/dev/null")),
            ("GIT_CONFIG_NOSYSTEM", Some("1")),
            ("HOME", folder.path().to_str()),
            ("XDG_CONFIG_HOME", folder.path().to_str()),
            ("EMAIL", None),
            ("TZ", Some("UTC")),
        ];
        let env = env.map(|(name, value)| (name.into(), value.map(OsString::from)));
        let mut env = env.to_vec();
        for name in std::env::vars_os().map(|(name, _)| name) {
            if name.to_string_lossy().starts_with("GIT_")
                && !env.iter().any(|(set, _)| *set == name)
            {
                env.push((name, None));
            }
        }
        Ground { folder, env }
    }

    /// A repository on branch `main`, without a commit, with an identity.
    fn unborn() -> Ground {
        let ground = Ground::bare_ground();
        fs::create_dir(ground.top()).unwrap();
        ground.git("init -q -b main");
        ground.git("config user.name Ada");
        ground.git("config user.email ada@example.org");
        ground
    }

    /// The same with a record and another file committed.
    fn new() -> Ground {
        let ground = Ground::unborn();
        ground.write(RECORD, "title: one\n");
        ground.write("other.txt", "one\ntwo\n");
        ground.git("add .");
        ground.git("commit -q -m first");
        ground
    }

    fn top(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("repo")
    }

    fn repository(&self) -> Repository {
        self.repository_at(&self.top())
    }

    fn repository_at(&self, from: &Path) -> Repository {
        discover::discover(from, self.program()).unwrap()
    }

    fn program(&self) -> Program {
        let mut program = Program::default();
        program.extend_env(self.env.clone());
        program
    }

    fn command(&self, folder: &Path, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(folder).args(args).stdin(Stdio::null());
        command
    }

    /// Runs git at the top, which must succeed, and returns its output.
    fn git(&self, args: &str) -> String {
        self.git_in(&self.top(), &args.split(' ').collect::<Vec<_>>())
    }

    fn git_in(&self, folder: &Path, args: &[&str]) -> String {
        let output = self.command(folder, args).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {words}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs git at the top, which must fail (a merge with a conflict).
    fn git_fails(&self, args: &str) {
        let args: Vec<_> = args.split(' ').collect();
        let output = self.command(&self.top(), &args).output().unwrap();
        assert!(!output.status.success(), "git {args:?} succeeded");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.top().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn hook(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.top().join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// All entries of the index with their flags, but not the times that a refresh may change.
    fn index(&self) -> String {
        let entries = self.git("ls-files --stage --debug");
        let kept = |line: &&str| !line.starts_with("  ") || line.contains("flags:");
        let flags = |line: &str| line.rsplit("flags:").next().unwrap_or_default().to_owned();
        entries
            .lines()
            .filter(kept)
            .map(flags)
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn staged(&self) -> String {
        self.git("diff --cached --binary")
    }

    fn files_of_head(&self) -> Vec<String> {
        let names = self.git("show --format= --name-only -z HEAD");
        names
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A commit of the branch `side` that changes `other.txt`, and one of `main` that conflicts with it.
    fn fork(&self) {
        self.git("switch -q -c side");
        self.write("other.txt", "side\ntwo\n");
        self.git("commit -q -a -m side");
        self.git("switch -q main");
        self.write("other.txt", "main\ntwo\n");
        self.git("commit -q -a -m main");
    }
}

/// Commits paths with a plain message, and expects a new commit.
fn commit(repository: &Repository, paths: &[&str]) -> String {
    match try_commit(repository, paths).unwrap() {
        Committed::Made { oid } => oid,
        Committed::Nothing => panic!("nothing was committed"),
    }
}

fn try_commit(repository: &Repository, paths: &[&str]) -> Result<Committed, GitError> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    repository.commit(&CommitRequest {
        paths: &paths,
        message: "resolve x\n\n# not a comment\n\nIncident: x\n",
        author: None,
        at: None,
    })
}

fn env(name: &str, value: Option<&str>) -> [(OsString, Option<OsString>); 1] {
    [(name.into(), value.map(OsString::from))]
}

// ---- what is committed, and what is left alone

#[test]
fn only_the_record_is_committed_whatever_else_is_staged_or_dirty() {
    let ground = Ground::new();
    ground.write("staged.txt", "staged\n");
    ground.write("other.txt", "staged\ntwo\n");
    ground.git("add staged.txt other.txt");
    ground.write("other.txt", "staged\ndirty\n");
    ground.write("untracked.txt", "?");
    ground.write("intended.txt", "!");
    ground.git("add -N intended.txt");
    ground.write("removed.txt", "");
    let before = (ground.staged(), ground.git("diff"));

    ground.write(RECORD, "title: two\n");
    let oid = commit(&ground.repository(), &[RECORD]);

    assert_eq!(oid, ground.git("rev-parse HEAD").trim());
    assert_eq!(ground.files_of_head(), [RECORD]);
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n");
    assert_eq!((ground.staged(), ground.git("diff")), before);
    assert!(
        ground
            .git("status --porcelain")
            .contains("?? untracked.txt")
    );
}

#[test]
fn a_staged_removal_and_a_staged_rename_stay_staged() {
    let ground = Ground::new();
    ground.write("a.txt", "a long enough text\n");
    ground.git("add a.txt");
    ground.git("commit -q -m a");
    ground.git("rm -q --cached other.txt");
    ground.git("mv a.txt b.txt");
    let before = ground.staged();
    ground.write(RECORD, "title: two\n");
    commit(&ground.repository(), &[RECORD]);
    assert_eq!(ground.staged(), before);
}

#[test]
fn a_record_staged_in_part_is_committed_whole() {
    let ground = Ground::new();
    ground.write(RECORD, "title: two\n");
    ground.git(&format!("add {RECORD}"));
    ground.write(RECORD, "title: two\nkind: drill\n");
    commit(&ground.repository(), &[RECORD]);
    assert_eq!(ground.git("status --porcelain"), "");
    assert_eq!(
        ground.git(&format!("show HEAD:{RECORD}")),
        "title: two\nkind: drill\n"
    );
}

#[test]
fn the_message_arrives_as_written_with_its_trailers() {
    let ground = Ground::new();
    ground.git("config commit.cleanup strip");
    ground.git("config i18n.commitEncoding latin1");
    ground.git("config core.commentChar r");
    ground.write(RECORD, "title: é\n");
    commit(&ground.repository(), &[RECORD]);
    let body = ground.git("log -1 --format=%B%(trailers:key=Incident)");
    assert_eq!(
        body,
        "resolve x\n\n# not a comment\n\nIncident: x\nIncident: x\n\n"
    );
}

#[test]
fn a_new_pdca_and_its_incident_make_one_commit() {
    let ground = Ground::new();
    ground.write(RECORD, "title: linked\n");
    ground.write("pdcas/2026/x.yaml", "title: new\n");
    commit(&ground.repository(), &[RECORD, "pdcas/2026/x.yaml"]);
    assert_eq!(ground.files_of_head(), [RECORD, "pdcas/2026/x.yaml"]);
    assert_eq!(ground.git("status --porcelain"), "");
}

#[test]
fn a_removed_record_is_committed_as_removed() {
    let ground = Ground::new();
    fs::remove_file(ground.top().join(RECORD)).unwrap();
    commit(&ground.repository(), &[RECORD]);
    assert_eq!(ground.git("ls-files"), "other.txt\n");
}

#[test]
fn nothing_to_commit_is_no_error_and_no_commit() {
    let ground = Ground::new();
    let head = ground.git("rev-parse HEAD");
    ground.write("other.txt", "staged\n");
    ground.git("add other.txt");
    let before = ground.index();
    let repository = ground.repository();
    assert_eq!(
        try_commit(&repository, &[RECORD]).unwrap(),
        Committed::Nothing
    );
    assert_eq!(try_commit(&repository, &[]).unwrap(), Committed::Nothing);
    ground.git(&format!("rm -q --cached {RECORD}"));
    let removed = ground.index();
    assert_eq!(
        try_commit(&repository, &[RECORD]).unwrap(),
        Committed::Nothing
    );
    assert_eq!(ground.index(), removed, "the user's removal stays staged");
    assert_ne!(before, removed);
    assert_eq!(ground.git("rev-parse HEAD"), head);
}

#[test]
fn the_first_commit_leaves_what_is_staged_beside_it() {
    let ground = Ground::unborn();
    ground.write("staged.txt", "staged\n");
    ground.git("add staged.txt");
    let before = ground.staged();
    ground.write(RECORD, "title: one\n");
    let repository = ground.repository();
    assert_eq!(repository.last_change(Path::new(RECORD)).unwrap(), None);
    commit(&repository, &[RECORD]);
    assert_eq!(
        ground.git("ls-tree -r --name-only HEAD"),
        format!("{RECORD}\n")
    );
    assert_eq!(ground.staged(), before);
    assert_eq!(ground.git("symbolic-ref HEAD"), "refs/heads/main\n");
}

#[test]
fn odd_names_mean_just_themselves() {
    let ground = Ground::new();
    let repository = ground.repository();
    let odd = [
        "incidents/a b.yaml",
        "incidents/*.yaml",
        "-rf.yaml",
        "--all",
        ":(top)x.yaml",
        "incidents/new\nline.yaml",
        "incidents/[ab]?.yaml",
        "incidents/\"quote\\.yaml",
        "incidents/é.yaml",
        "!x.yaml",
        " ",
    ];
    ground.write("incidents/bystander.yaml", "left alone\n");
    for name in odd {
        ground.write(name, "one\n");
        commit(&repository, &[name]);
        ground.write(name, "two\n");
        assert!(repository.has_edits(Path::new(name)).unwrap(), "{name:?}");
        commit(&repository, &[name]);
        assert_eq!(ground.files_of_head(), [name]);
        assert!(repository.is_tracked(Path::new(name)).unwrap(), "{name:?}");
        assert!(!repository.has_edits(Path::new(name)).unwrap(), "{name:?}");
        assert!(
            repository.last_change(Path::new(name)).unwrap().is_some(),
            "{name:?}"
        );
    }
    assert_eq!(
        ground.git("status --porcelain"),
        "?? incidents/bystander.yaml\n"
    );
}

// ---- where it works from

#[test]
fn sub_folders_and_symbolic_links_lead_to_the_same_repository() {
    let ground = Ground::new();
    let link = ground.folder.path().join("link");
    std::os::unix::fs::symlink(ground.top(), &link).unwrap();
    for from in [
        ground.top().join("incidents/2026"),
        link.clone(),
        link.join("incidents"),
    ] {
        let repository = ground.repository_at(&from);
        assert_eq!(repository.top(), ground.top());
        assert_eq!(repository.git_dir(), ground.top().join(".git"));
    }
    ground.write(RECORD, "title: two\n");
    let through = link.join(RECORD);
    commit(&ground.repository_at(&link), &[through.to_str().unwrap()]);
    assert_eq!(ground.files_of_head(), [RECORD]);
}

#[test]
fn a_symbolic_link_inside_is_followed_and_one_outside_refused() {
    let ground = Ground::new();
    ground.write("data/x.yaml", "one\n");
    std::os::unix::fs::symlink("../data/x.yaml", ground.top().join("incidents/in.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", ground.top().join("incidents/out.yaml")).unwrap();
    let repository = ground.repository();
    commit(&repository, &["incidents/in.yaml"]);
    assert_eq!(ground.files_of_head(), ["data/x.yaml"]);
    for path in [
        "incidents/out.yaml",
        "/etc/passwd",
        "../x.yaml",
        ".git/config",
        ".git",
    ] {
        let error = try_commit(&repository, &[path]).unwrap_err();
        assert!(
            matches!(error, GitError::File(FileError::Outside { .. })),
            "{path}: {error}"
        );
    }
    let error = try_commit(&repository, &["incidents"]).unwrap_err();
    assert!(
        matches!(error, GitError::File(FileError::Folder { .. })),
        "{error}"
    );
    let error = try_commit(&repository, &["incidents/none.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::NoSuchFile { .. }), "{error}");
}

#[test]
fn a_detached_head_takes_commits_and_is_said() {
    let ground = Ground::new();
    let repository = ground.repository();
    assert_eq!(repository.detached(), None);
    ground.git("switch -q --detach");
    ground.write(RECORD, "title: two\n");
    commit(&repository, &[RECORD]);
    assert_eq!(repository.detached(), Some(Detached::Head));
    ground.git("switch -q main");
    ground.git("bisect start");
    assert_eq!((repository.blocked(), repository.detached()), (None, None));
    ground.git("switch -q --detach");
    assert_eq!(repository.detached(), Some(Detached::Bisect));
    assert!(Detached::Bisect.to_string().contains("git branch"));
}

#[test]
fn linked_work_trees_share_the_lock_and_commit_to_their_own_branch() {
    let ground = Ground::new();
    ground.git("worktree add -q ../linked -b linked");
    let top = ground.top().with_file_name("linked");
    let linked = ground.repository_at(&top.join("incidents"));
    let main = ground.repository();
    assert_eq!(linked.top(), top);
    assert_eq!(linked.common_dir(), main.common_dir());
    assert_ne!(linked.git_dir(), main.git_dir());

    fs::write(top.join(RECORD), "title: linked\n").unwrap();
    commit(&linked, &[RECORD]);
    assert_eq!(ground.git("log -1 --format=%s linked"), "resolve x\n");
    assert_eq!(ground.git("log -1 --format=%s main"), "first\n");

    let held = main.lock(Duration::ZERO, &mut |_| {}).unwrap();
    let error = linked.lock(Duration::ZERO, &mut |_| {}).unwrap_err();
    let us = format!("process {}", std::process::id());
    assert!(error.to_string().contains(&us), "{error}");
    drop(held);
    linked.lock(Duration::ZERO, &mut |_| {}).unwrap();
}

#[test]
fn a_work_tree_of_a_bare_repository_works_and_the_bare_one_is_refused() {
    let ground = Ground::new();
    let folder = ground.top().parent().unwrap().to_path_buf();
    ground.git("clone -q --bare . ../bare.git");
    let bare = folder.join("bare.git");
    ground.git_in(&bare, &["worktree", "add", "-q", "../tree"]);
    let error = Repository::discover(&bare).unwrap_err();
    assert!(matches!(error, GitError::Bare { .. }), "{error}");
    assert!(error.to_string().contains("clone"), "{error}");
    let tree = ground.repository_at(&folder.join("tree")).with_env([
        ("GIT_AUTHOR_NAME".into(), Some("A".into())),
        ("GIT_AUTHOR_EMAIL".into(), Some("a@b".into())),
        ("GIT_COMMITTER_NAME".into(), Some("A".into())),
        ("GIT_COMMITTER_EMAIL".into(), Some("a@b".into())),
    ]);
    assert_eq!(tree.common_dir(), bare);
    fs::write(folder.join("tree").join(RECORD), "title: two\n").unwrap();
    commit(&tree, &[RECORD]);
}

#[test]
fn formats_that_libgit2_does_not_read_are_left_to_git() {
    let ground = Ground::bare_ground();
    for format in ["--ref-format=reftable", "--object-format=sha256"] {
        let _ = fs::remove_dir_all(ground.top());
        fs::create_dir(ground.top()).unwrap();
        let init = ground
            .command(&ground.top(), &["init", "-q", "-b", "main", format])
            .output();
        if !init.unwrap().status.success() {
            continue; // an older git
        }
        ground.git("config user.name Ada");
        ground.git("config user.email ada@example.org");
        ground.write(RECORD, "title: one\n");
        let repository = ground.repository_at(&ground.top().join("incidents"));
        assert_eq!(repository.top(), ground.top());
        commit(&repository, &[RECORD]);
        ground.write("other.txt", "x\n");
        ground.git("add other.txt");
        ground.git("commit -q -m other");
        ground.fork();
        ground.git_fails("cherry-pick side");
        assert_eq!(repository.blocked(), Some(Blocked::CherryPick), "{format}");
        assert_eq!(repository.detached(), None, "{format}");
    }
}

#[test]
fn a_record_outside_of_a_sparse_checkout_is_committed() {
    let ground = Ground::new();
    ground.write("docs/a.md", "a\n");
    ground.git("add docs");
    ground.git("commit -q -m docs");
    ground.git("sparse-checkout set docs");
    ground.write("incidents/2026/new.yaml", "title: new\n");
    commit(&ground.repository(), &["incidents/2026/new.yaml"]);
    assert_eq!(ground.files_of_head(), ["incidents/2026/new.yaml"]);
}

#[test]
fn no_repository_and_no_folder_say_so() {
    let ground = Ground::bare_ground();
    let ceiling = ground.folder.path().canonicalize().unwrap();
    let plain = ceiling.join("pla\tin");
    fs::create_dir(&plain).unwrap();
    let error = discover::discover(&plain, ground.program()).unwrap_err();
    assert!(matches!(error, GitError::NoRepository { .. }), "{error}");
    assert!(
        error.to_string().contains("pla\\tin: run `inc init`"),
        "{error}"
    );
    let error = Repository::discover(&ceiling.join("missing")).unwrap_err();
    assert!(matches!(error, GitError::Io { .. }), "{error}");
}

#[test]
fn init_makes_a_repository_once() {
    let ground = Ground::bare_ground();
    let deep = ground.folder.path().join("-a b/repo");
    let made = discover::init(&deep, ground.program()).unwrap();
    assert_eq!(made.top(), deep.canonicalize().unwrap());
    assert_eq!(
        ground.git_in(&deep, &["symbolic-ref", "HEAD"]),
        "refs/heads/main\n"
    );
    fs::create_dir(deep.join("sub")).unwrap();
    ground.git_in(&deep, &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    for path in [deep.clone(), deep.join("sub")] {
        assert_eq!(
            discover::init(&path, ground.program()).unwrap().top(),
            made.top()
        );
    }
    assert_eq!(
        ground.git_in(&deep, &["symbolic-ref", "HEAD"]),
        "refs/heads/trunk\n"
    );
}

#[test]
fn a_missing_git_is_named_and_leaves_nothing_behind() {
    let ground = Ground::new();
    let nowhere = ground.folder.path().to_str();
    let repository = ground.repository().with_env(env("PATH", nowhere));
    ground.write("new.yaml", "x\n");
    let before = ground.index();
    let error = try_commit(&repository, &["new.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::Missing), "{error}");
    assert!(error.to_string().contains("install git 2.40"), "{error}");
    assert_eq!(ground.index(), before);

    let mut program = ground.program();
    program.extend_env(env("PATH", nowhere));
    let folder = ground.folder.path().join("fresh/repo");
    let error = discover::init(&folder, program).unwrap_err();
    assert!(matches!(error, GitError::Missing), "{error}");
    assert!(!folder.parent().unwrap().exists());
}

#[test]
fn hooks_do_not_inherit_what_we_set_for_ourselves() {
    let ground = Ground::new();
    let seen = ground.folder.path().join("seen");
    ground.hook("post-commit", &format!("env > '{}'", seen.display()));
    ground.write(RECORD, "title: two\n");
    commit(&ground.repository(), &[RECORD]);
    let seen = fs::read_to_string(&seen).unwrap();
    assert!(seen.contains("GIT_INDEX_FILE"), "{seen}");
    for variable in ["PATHSPECS", "GIT_OPTIONAL_LOCKS", "LC_ALL=C\n"] {
        assert!(!seen.contains(variable), "{variable}: {seen}");
    }
}

#[test]
fn the_environment_of_a_hook_leads_to_no_other_index_or_repository() {
    let ground = Ground::new();
    let foreign = ground.folder.path().join("foreign");
    ground.git("clone -q . ../foreign");
    ground.write(RECORD, "title: two\n");
    let mut child = Command::new(std::env::current_exe().unwrap());
    for (name, value) in ground.env.iter().filter(|(_, value)| value.is_some()) {
        child.env(name, value.as_ref().unwrap());
    }
    let output = child
        .args(["--ignored", "--exact", "git::tests::commit_from_a_hook"])
        .env("INC_TEST_FOLDER", ground.top())
        .env("GIT_DIR", foreign.join(".git"))
        .env("GIT_WORK_TREE", &foreign)
        .env("GIT_INDEX_FILE", foreign.join("index"))
        .env("GIT_OBJECT_DIRECTORY", foreign.join(".git/objects"))
        .env("GIT_PREFIX", "incidents/")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(words.contains("1 passed"), "{words}");
    assert_eq!(ground.files_of_head(), [RECORD]);
    assert_eq!(ground.git("status --porcelain"), "");
    assert_eq!(ground.git_in(&foreign, &["status", "--porcelain"]), "");
    assert!(!foreign.join("index").exists());
}

#[test]
#[ignore = "started by the_environment_of_a_hook_leads_to_no_other_index_or_repository"]
fn commit_from_a_hook() {
    let folder = PathBuf::from(std::env::var_os("INC_TEST_FOLDER").unwrap());
    commit(&Repository::discover(&folder).unwrap(), &[RECORD]);
}

// ---- what is refused, early

#[test]
fn operations_under_way_refuse_a_commit() {
    let operations = [
        ("merge side", Blocked::Merge),
        ("rebase side", Blocked::Rebase),
        ("rebase --apply side", Blocked::Rebase),
        ("cherry-pick side", Blocked::CherryPick),
        ("revert HEAD~1", Blocked::Revert),
    ];
    for (operation, blocked) in operations {
        let ground = Ground::new();
        ground.fork();
        if operation.starts_with("revert") {
            ground.write("other.txt", "again\ntwo\n");
            ground.git("commit -q -a -m again");
        }
        let repository = ground.repository();
        assert_eq!(repository.blocked(), None);
        ground.git_fails(operation);
        assert_eq!(repository.blocked(), Some(blocked), "{operation}");

        let before = (ground.index(), ground.git("rev-parse HEAD"));
        ground.write("new.yaml", "x\n");
        let error = try_commit(&repository, &["new.yaml"]).unwrap_err();
        assert!(
            matches!(error, GitError::Blocked(found) if found == blocked),
            "{operation}: {error}"
        );
        assert!(error.to_string().contains("--abort"), "{error}");
        assert_eq!((ground.index(), ground.git("rev-parse HEAD")), before);
    }
}

#[test]
fn a_series_of_picks_between_two_is_still_under_way() {
    let ground = Ground::new();
    ground.fork();
    ground.git("switch -q side");
    ground.write("third.txt", "3\n");
    ground.git("add third.txt");
    ground.git("commit -q -m third");
    ground.git("switch -q main");
    ground.git_fails("cherry-pick side~1 side");
    ground.git("add other.txt");
    ground.git("commit -q -m settled --allow-empty");
    assert_eq!(ground.repository().blocked(), Some(Blocked::CherryPick));
}

#[test]
fn an_ignored_record_is_refused_with_the_rule() {
    let ground = Ground::new();
    ground.write(".gitignore", "# ours\n*.yaml\n!/incidents/kept/*.yaml\n");
    let repository = ground.repository();
    let path = PathBuf::from("incidents/2026/new.yaml");
    for there in [false, true] {
        if there {
            ground.write("incidents/2026/new.yaml", "x\n");
        }
        let error = repository
            .may_commit(std::slice::from_ref(&path), None)
            .unwrap_err();
        assert!(matches!(error, GitError::Ignored { .. }), "{error}");
        assert!(
            error.to_string().contains(".gitignore:2: *.yaml"),
            "{error}"
        );
    }
    let kept = PathBuf::from("incidents/kept/x.yaml");
    repository.may_commit(&[kept, RECORD.into()], None).unwrap();
    ground.write(RECORD, "title: tracked, so not ignored\n");
    commit(&repository, &[RECORD]);
}

#[test]
fn a_record_with_conflicts_or_assumed_unchanged_is_refused() {
    let ground = Ground::new();
    let repository = ground.repository();
    ground.write(RECORD, "title: stashed\n");
    ground.git("stash -q");
    ground.write(RECORD, "title: committed since\n");
    commit(&repository, &[RECORD]);
    ground.git_fails("stash pop");
    let error = try_commit(&repository, &[RECORD]).unwrap_err();
    assert!(matches!(error, GitError::Unmerged { .. }), "{error}");
    ground.write("other.txt", "beside the conflict\n");
    commit(&repository, &["other.txt"]);

    ground.git(&format!("checkout -q HEAD -- {RECORD}"));
    ground.git(&format!("update-index --assume-unchanged {RECORD}"));
    ground.write(RECORD, "title: git will not see this\n");
    let error = try_commit(&repository, &[RECORD]).unwrap_err();
    assert!(
        matches!(error, GitError::AssumedUnchanged { .. }),
        "{error}"
    );
}

// ---- hooks

#[test]
fn a_refusing_hook_leaves_the_index_as_it_was() {
    let ground = Ground::new();
    ground.write("other.txt", "staged\n");
    ground.git("add other.txt");
    ground.hook(
        "pre-commit",
        "echo to-stdout; printf '\\033[31mno\\007 records on friday\\n' >&2; exit 1",
    );
    let repository = ground.repository();
    for (path, text) in [("new.yaml", "x\n"), (RECORD, "title: two\n")] {
        ground.write(path, text);
        let before = (
            ground.index(),
            ground.git("status --porcelain"),
            ground.git("rev-parse HEAD"),
        );
        let error = try_commit(&repository, &[path]).unwrap_err();
        let GitError::CommitRefused { words } = &error else {
            panic!("{error}");
        };
        assert_eq!(words, "to-stdout\nno records on friday");
        let after = (
            ground.index(),
            ground.git("status --porcelain"),
            ground.git("rev-parse HEAD"),
        );
        assert_eq!(after, before);
        assert_eq!(fs::read_to_string(ground.top().join(path)).unwrap(), text);
    }
    ground.hook("pre-commit", "exit 1");
    let error = try_commit(&repository, &["new.yaml"])
        .unwrap_err()
        .to_string();
    assert!(error.contains("exit code 1 and said nothing"), "{error}");
}

#[test]
fn a_refusing_hook_before_the_first_commit_leaves_the_index_as_it_was() {
    let ground = Ground::unborn();
    ground.hook("commit-msg", "exit 1");
    ground.write("new.yaml", "x\n");
    let before = ground.index();
    try_commit(&ground.repository(), &["new.yaml"]).unwrap_err();
    assert_eq!(ground.index(), before);
}

#[test]
fn a_hook_may_edit_the_message_and_sees_only_the_record() {
    let ground = Ground::new();
    ground.write("staged.txt", "staged\n");
    ground.git("add staged.txt");
    ground.hook("pre-commit", "test \"$(git diff --cached --name-only -- '*.yaml')\" = new.yaml && test \"$(git diff --cached --name-only | wc -l)\" -eq 1");
    ground.hook("commit-msg", "sed -i.bak 's/^resolve/RESOLVE/' \"$1\"");
    ground.write("new.yaml", "x\n");
    commit(&ground.repository(), &["new.yaml"]);
    assert_eq!(ground.git("log -1 --format=%s"), "RESOLVE x\n");
}

#[test]
fn a_hook_that_leaves_a_process_behind_does_not_hold_us() {
    let ground = Ground::new();
    ground.hook("post-commit", "sleep 20 & exit 0");
    ground.write(RECORD, "title: two\n");
    let start = Instant::now();
    commit(&ground.repository(), &[RECORD]);
    assert!(start.elapsed() < Duration::from_secs(15));
}

// ---- who and when

#[test]
fn author_and_date_are_those_given() {
    let ground = Ground::new();
    let repository = ground.repository();
    ground.write(RECORD, "title: two\n");
    let paths = [PathBuf::from(RECORD)];
    let author = Author::parse("Émilie du Châtelet <emilie@example.org>").unwrap();
    let request = CommitRequest {
        paths: &paths,
        message: "m\n",
        author: Some(&author),
        at: Some("2023-03-27T12:59:00+02:00"),
    };
    repository.commit(&request).unwrap();
    let who = ground.git("log -1 --format=%an|%ae|%aI|%cn|%ce|%cI");
    let one = "Émilie du Châtelet|emilie@example.org|2023-03-27T12:59:00+02:00";
    assert_eq!(who, format!("{one}|{one}\n"));
    let change = repository.last_change(&paths[0]).unwrap().unwrap();
    assert_eq!(change.at, "2023-03-27T12:59:00+02:00");
    assert_eq!(change.by, "Émilie du Châtelet");
}

#[test]
fn without_an_identity_nothing_is_touched() {
    let ground = Ground::new();
    ground.git("config --unset user.name");
    let repository = ground.repository();
    assert_eq!(repository.identity(), None);
    ground.write("new.yaml", "x\n");
    let before = ground.index();
    let error = try_commit(&repository, &["new.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::NoIdentity), "{error}");
    assert!(error.to_string().contains("INC_AUTHOR"), "{error}");
    assert_eq!(ground.index(), before);

    let author = Author::parse("Ada <ada@b>").unwrap();
    repository
        .may_commit(&["new.yaml".into()], Some(&author))
        .unwrap();
    let named = repository.with_env(env("GIT_AUTHOR_NAME", Some("Grace")));
    assert_eq!(
        named.identity().unwrap().to_string(),
        "Grace <ada@example.org>"
    );
}

#[test]
fn edits_are_seen_staged_or_not() {
    let ground = Ground::new();
    let repository = ground.repository();
    let edits = |path: &str| repository.has_edits(Path::new(path)).unwrap();
    assert!(!edits(RECORD));
    ground.write("other.txt", "elsewhere\n");
    assert!(!edits(RECORD));
    ground.write(RECORD, "title: by hand\n");
    assert!(edits(RECORD));
    ground.git(&format!("add {RECORD}"));
    assert!(edits(RECORD));
    ground.write(RECORD, "title: one\n");
    assert!(edits(RECORD), "staged, though the file is as before");
    ground.write("new.yaml", "x\n");
    ground.write(".gitignore", "ignored.yaml\n");
    ground.write("ignored.yaml", "x\n");
    assert!(edits("new.yaml") && edits("ignored.yaml"));
    assert!(!repository.is_tracked(Path::new("new.yaml")).unwrap());
    repository.add_intent(&["new.yaml".into()]).unwrap();
    assert!(repository.is_tracked(Path::new("new.yaml")).unwrap());
    assert!(edits("new.yaml"));
}

#[test]
fn the_last_change_is_that_of_the_file() {
    let ground = Ground::new();
    ground.git("config log.showSignature true");
    ground.write("other.txt", "two\n");
    ground.git_in(
        &ground.top(),
        &[
            "commit",
            "-q",
            "-a",
            "-m",
            "later",
            "--author=Bob <b@c>",
            "--date=2030-01-02T03:04:05+01:00",
        ],
    );
    let repository = ground.repository();
    let by = |path: &str| repository.last_change(Path::new(path)).unwrap().unwrap();
    assert_eq!(by(RECORD).by, "Ada");
    assert_eq!(
        (by("other.txt").by.as_str(), by("other.txt").at.as_str()),
        ("Bob", "2030-01-02T03:04:05+01:00")
    );
    assert_eq!(
        repository.last_change(Path::new("none.yaml")).unwrap(),
        None
    );
}

// ---- several at once

#[test]
fn eight_writers_with_five_commits_each_all_land() {
    let ground = Ground::new();
    let repository = ground.repository();
    thread::scope(|scope| {
        for writer in 0..8 {
            let repository = &repository;
            scope.spawn(move || {
                for number in 0..5 {
                    let lock = repository
                        .lock(Duration::from_secs(120), &mut |_| {})
                        .unwrap();
                    let path = format!("incidents/{writer}-{}.yaml", number % 2);
                    fs::write(repository.top().join(&path), format!("{number}\n")).unwrap();
                    commit(repository, &[&path]);
                    drop(lock);
                }
            });
        }
    });
    assert_eq!(ground.git("rev-list --count HEAD"), "41\n");
    assert_eq!(ground.git("status --porcelain"), "");
    ground.git("fsck --strict");
}

#[test]
fn waiting_for_the_lock_is_told_once_and_ends() {
    let ground = Ground::new();
    let repository = ground.repository();
    let _held = repository.lock(Duration::ZERO, &mut |_| {}).unwrap();
    let mut told = Vec::new();
    let error = repository
        .lock(Duration::from_millis(1200), &mut |words| {
            told.push(words.to_owned())
        })
        .unwrap_err();
    assert!(
        matches!(error, GitError::Locked { seconds: 1, .. }),
        "{error}"
    );
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("waiting for another inc"), "{told:?}");
}

#[test]
fn an_index_held_by_another_git_is_waited_for() {
    let ground = Ground::new();
    let repository = ground.repository();
    let held = ground.top().join(".git/index.lock");
    fs::write(&held, "").unwrap();
    ground.write("new.yaml", "x\n");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            fs::remove_file(&held).unwrap();
        });
        commit(&repository, &["new.yaml"]);
    });
    fs::write(&held, "").unwrap();
    ground.write(RECORD, "title: two\n");
    let error = try_commit(&repository, &[RECORD]).unwrap_err();
    assert!(matches!(error, GitError::IndexLocked { .. }), "{error}");
}
