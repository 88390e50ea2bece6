//! Which way is taken: in process only where that makes the very commit that the user's git would make.

use super::*;

/// Sets something up and makes a change of the record; whether it went through git.
fn goes_through_git(set_up: impl FnOnce(&Ground)) -> bool {
    let ground = Ground::new();
    set_up(&ground);
    let landed = make(&ground.repository(), &[edit("title: two\n")], false).unwrap();
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n");
    assert_eq!(ground.git(&format!("status --porcelain -- {RECORD}")), "");
    is_tidy(&ground);
    landed.through_git
}

#[test]
fn a_plain_repository_is_committed_to_in_process() {
    assert!(!goes_through_git(|_| {}));
    for setting in [
        "core.autocrlf false",
        "core.logAllRefUpdates true",
        "core.untrackedCache keep",
        "core.sharedRepository umask",
        "commit.gpgSign no",
        "filter.lfs.clean git-lfs",
        "extensions.worktreeConfig true",
        "user.signingKey x",
        "remote.origin.url https://example.org",
        "merge.inc.driver true",
    ] {
        assert!(!goes_through_git(|ground| drop(ground.git(&format!("config {setting}")))), "{setting}");
    }
    for attributes in
        ["*.md text eol=crlf\n", "*.yaml merge=inc diff=yaml\n", "* text=auto\n", "*.yaml -text\n"]
    {
        assert!(!goes_through_git(|ground| ground.write(".gitattributes", attributes)), "{attributes}");
    }
    assert!(!goes_through_git(|ground| ground.write(".git/hooks/pre-commit.sample", "")));
}

#[test]
fn whatever_asks_for_git_gets_git() {
    for setting in [
        "core.autocrlf input",
        "core.splitIndex true",
        "core.untrackedCache true",
        "core.sharedRepository group",
        "core.hooksPath /dev/null",
        "core.neverHeardOf 1",
        "core.logAllRefUpdates false",
        "feature.manyFiles true",
        "extensions.partialClone origin",
        "remote.origin.promisor true",
        "hook.x.command true",
        "index.version 4",
        "user.name ,Ada",
        "author.name Grace",
    ] {
        assert!(goes_through_git(|ground| drop(ground.git(&format!("config {setting}")))), "{setting}");
    }
    for attributes in [
        "*.yaml eol=crlf\n",
        "incidents/** ident\n",
        "*.yaml filter=none\n",
        "* working-tree-encoding=UTF-8\n",
    ] {
        assert!(goes_through_git(|ground| ground.write(".git/info/attributes", attributes)), "{attributes}");
    }
    assert!(goes_through_git(|ground| ground.hook("post-commit", "true")));
    for command in [
        "update-index --index-version 4",
        "update-index --split-index",
        "update-index --force-untracked-cache",
        "sparse-checkout set incidents",
    ] {
        assert!(goes_through_git(|ground| drop(ground.git(command))), "{command}");
    }
}

#[test]
fn a_commit_that_replaces_another_is_minded() {
    assert!(goes_through_git(|ground| {
        ground.write("other.txt", "replaced\n");
        ground.git("commit -q -a -m second");
        ground.git("replace HEAD HEAD~1");
    }));
}

#[test]
fn line_ends_that_are_converted_are_left_to_git() {
    let ground = Ground::new();
    ground.write(".gitattributes", "*.yaml text\n");
    ground.write(RECORD, "title: one\r\n");
    ground.git("add .");
    ground.git("commit -q -m crlf");
    let landed =
        make(&ground.repository(), &[change(RECORD, Some("title: one\r\n"), "title: two\r\n")], false)
            .unwrap();
    assert!(landed.through_git);
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n");
    assert_eq!(text(&ground, RECORD).unwrap(), "title: two\r\n");
    assert_eq!(ground.git("status --porcelain"), "");
}

#[test]
fn a_hook_that_rewrites_the_record_has_the_last_word_and_leaves_nothing_half_staged() {
    let ground = Ground::new();
    ground.hook("pre-commit", &format!("echo '# tidied' >> {RECORD}; git add {RECORD}"));
    made(&ground, &[edit("title: two\n")], false);
    assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n# tidied\n");
    assert_eq!(ground.git("status --porcelain"), "");
    is_tidy(&ground);
}

#[test]
fn a_hook_that_adds_whatever_it_finds_finds_nothing_of_ours() {
    let ground = Ground::new();
    ground.hook("pre-commit", "git add incidents");
    made(&ground, &[edit("title: two\n"), change(NEW, None, "title: new\n")], false);
    assert_eq!(ground.files_of_head(), [RECORD, NEW]);
    assert_eq!(ground.git("status --porcelain"), "");
    is_tidy(&ground);
}

#[test]
fn an_ignored_new_file_is_refused_with_the_rule() {
    for way in WAYS {
        let ground = Ground::new();
        ground.write(".gitignore", "2027/\n");
        let error = make(&ground.repository(), &[change(NEW, None, "x\n")], way).unwrap_err();
        assert!(matches!(error, LandError::Git(GitError::Ignored { .. })), "{error}");
        assert!(!ground.top().join("incidents/2027").exists());
        is_tidy(&ground);
    }
}

#[test]
fn an_object_that_a_power_cut_has_shortened_is_told_and_not_waited_for() {
    for name in ["HEAD", "HEAD^{tree}", "HEAD:incidents", "HEAD:incidents/2026"] {
        let ground = Ground::new();
        let id = ground.git(&format!("rev-parse {name}"));
        let file = ground.top().join(".git/objects").join(&id[..2]).join(id[2..].trim());
        let whole = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let error = make(&ground.repository(), &[edit("title: two\n")], false).unwrap_err();
        assert!(matches!(&error, LandError::Git(_) | LandError::NotCommitted { .. }), "{name}: {error}");
        assert_eq!(text(&ground, RECORD).unwrap(), "title: one\n");
        assert_eq!(leftovers(&ground.top()), Vec::<PathBuf>::new());
        fs::remove_file(&file).unwrap();
        fs::write(&file, &whole).unwrap();
        made(&ground, &[edit("title: two\n")], false);
    }
}
