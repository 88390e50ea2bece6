//! Hooks that refuse, edit, linger, and a git that fails in the middle.

use super::*;

#[test]
fn a_refusing_hook_leaves_the_index_as_it_was() {
    let ground = Ground::new();
    ground.write("other.txt", "staged\n");
    ground.git("add other.txt");
    ground.hook("pre-commit", "echo to-stdout; printf '\\033[31mno\\007 records on friday\\n' >&2; exit 1");
    let repository = ground.repository();
    for (path, text) in [("new.yaml", "x\n"), (RECORD, "title: two\n")] {
        ground.write(path, text);
        let before = (ground.index(), ground.git("status --porcelain"), ground.git("rev-parse HEAD"));
        let error = try_commit(&repository, &[path]).unwrap_err();
        let GitError::CommitRefused { words } = &error else {
            panic!("{error}");
        };
        assert_eq!(words, "to-stdout\nno records on friday");
        let after = (ground.index(), ground.git("status --porcelain"), ground.git("rev-parse HEAD"));
        assert_eq!(after, before);
        assert_eq!(fs::read_to_string(ground.top().join(path)).unwrap(), text);
    }
    ground.hook("pre-commit", "exit 1");
    let error = try_commit(&repository, &["new.yaml"]).unwrap_err().to_string();
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

#[test]
fn a_commit_whose_git_dies_afterwards_counts_as_made() {
    let ground = Ground::new();
    let dies = "[ \"$1\" = committed ] && kill -TERM $PPID; exit 0";
    let repository = ground.repository();
    for (path, text) in [("new.yaml", "x\n"), (RECORD, "title: two\n")] {
        ground.write(path, text);
        ground.hook("reference-transaction", dies);
        let oid = commit(&repository, &[path]);
        fs::remove_file(ground.top().join(".git/hooks/reference-transaction")).unwrap();
        assert_eq!(oid, ground.git("rev-parse HEAD").trim());
        assert_eq!(ground.files_of_head(), [path]);
        assert_eq!(ground.git("status --porcelain"), "", "{path}");
    }
}

#[test]
fn a_git_that_fails_for_its_own_reasons_says_them() {
    let ground = Ground::new();
    ground.git("config commit.gpgSign true");
    ground.git("config gpg.program /nonexistent/gpg");
    ground.write("new.yaml", "x\n");
    let before = ground.index();
    let error = try_commit(&ground.repository(), &["new.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::Failed { what: "commit-tree", .. }), "{error}");
    assert!(error.to_string().contains("gpg"), "{error}");
    assert_eq!(ground.index(), before);
}
