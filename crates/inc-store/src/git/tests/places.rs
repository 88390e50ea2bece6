//! Where a command may be started, and which kinds of repositories it finds there.

use super::*;

#[test]
fn sub_folders_and_symbolic_links_lead_to_the_same_repository() {
    let ground = Ground::new();
    let link = ground.folder.path().join("link");
    std::os::unix::fs::symlink(ground.top(), &link).unwrap();
    for from in [ground.top().join("incidents/2026"), link.clone(), link.join("incidents")] {
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
    for path in ["incidents/out.yaml", "/etc/passwd", "../x.yaml", ".git/config", ".git"] {
        let error = try_commit(&repository, &[path]).unwrap_err();
        assert!(matches!(error, GitError::File(FileError::Outside { .. })), "{path}: {error}");
    }
    let error = try_commit(&repository, &["incidents"]).unwrap_err();
    assert!(matches!(error, GitError::File(FileError::Folder { .. })), "{error}");
    let error = try_commit(&repository, &["incidents/none.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::File(FileError::Io { .. })), "{error}");
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
        let init = ground.command(&ground.top(), &["init", "-q", "-b", "main", format]).output();
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
    assert!(error.to_string().contains("pla\\tin: run `inc init`"), "{error}");
    let error = Repository::discover(&ceiling.join("missing")).unwrap_err();
    assert!(matches!(error, GitError::Io { .. }), "{error}");
}

#[test]
fn init_makes_a_repository_once() {
    let ground = Ground::bare_ground();
    let deep = ground.folder.path().join("-a b/repo");
    let made = discover::init(&deep, ground.program()).unwrap();
    assert_eq!(made.top(), deep.canonicalize().unwrap());
    assert_eq!(ground.git_in(&deep, &["symbolic-ref", "HEAD"]), "refs/heads/main\n");
    fs::create_dir(deep.join("sub")).unwrap();
    ground.git_in(&deep, &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    for path in [deep.clone(), deep.join("sub")] {
        assert_eq!(discover::init(&path, ground.program()).unwrap().top(), made.top());
    }
    assert_eq!(ground.git_in(&deep, &["symbolic-ref", "HEAD"]), "refs/heads/trunk\n");
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
        .args(["--ignored", "--exact", "git::tests::places::commit_from_a_hook"])
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
    let Some(folder) = std::env::var_os("INC_TEST_FOLDER") else {
        return;
    };
    let folder = PathBuf::from(folder);
    commit(&Repository::discover(&folder).unwrap(), &[RECORD]);
}

#[test]
fn a_git_that_is_too_old_is_named_when_it_fails() {
    use std::os::unix::fs::PermissionsExt;
    let ground = Ground::new();
    let folder = ground.folder.path().join("old");
    fs::create_dir(&folder).unwrap();
    let script =
        "#!/bin/sh\ncase \"$*\" in *--version) echo 'git version 2.30.1 (Old)';; *) exit 129;; esac\n";
    fs::write(folder.join("git"), script).unwrap();
    fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    let repository = ground.repository().with_env(env("PATH", folder.to_str()));
    let error = try_commit(&repository, &[RECORD]).unwrap_err();
    assert!(matches!(error, GitError::TooOld { .. }), "{error}");
    assert!(error.to_string().contains("2.30.1 is too old"), "{error}");
}
