//! What a change promises, whichever way it is committed.

use super::*;

#[test]
fn a_change_is_one_commit_of_its_files_and_nothing_else() {
    for way in WAYS {
        let ground = Ground::new();
        ground.write("staged.txt", "staged\n");
        ground.write("other.txt", "staged\ntwo\n");
        ground.git("add staged.txt other.txt");
        ground.write("other.txt", "staged\ndirty\n");
        ground.write("untracked.txt", "?");
        ground.write("intended.txt", "!");
        ground.git("add -N intended.txt");
        let before = (ground.staged(), ground.git("diff"));
        let commit = made(&ground, &[edit("title: two\n"), change(NEW, None, "title: new\n")], way);
        assert_eq!(commit, ground.git("rev-parse HEAD").trim());
        assert_eq!(ground.files_of_head(), [RECORD, NEW]);
        assert_eq!(ground.git(&format!("show HEAD:{RECORD}")), "title: two\n");
        assert_eq!(text(&ground, NEW).unwrap(), "title: new\n");
        assert_eq!((ground.staged(), ground.git("diff")), before, "through git: {way}");
        assert_eq!(ground.git("status --porcelain -- incidents"), "");
        assert_eq!(ground.git("log -1 --format=%an|%cn|%B"), "Ada|Ada|timeline: x\n\nIncident: x\n\n");
        is_tidy(&ground);
    }
}

#[test]
fn the_index_knows_the_files_as_unchanged_without_looking_into_them() {
    for way in WAYS {
        let ground = Ground::new();
        made(&ground, &[edit("title: two\n"), change(NEW, None, "title: new\n")], way);
        // Plumbing that compares dates only.
        assert_eq!(ground.git(&format!("diff-files -- {RECORD} {NEW}")), "", "through git: {way}");
    }
}

#[test]
fn both_ways_make_the_same_commit() {
    let commits = WAYS.map(|way| {
        let ground = Ground::new();
        made(&ground, &[edit("title: zwei\n"), change(NEW, None, "title: é\n")], way);
        let tree = ground.git("rev-parse HEAD^{tree}");
        let raw = ground.git("cat-file commit HEAD");
        let without_times = |line: &str| line.split('>').next().unwrap_or_default().to_owned();
        let lines: Vec<String> = raw.lines().map(without_times).collect();
        (tree, lines, ground.index())
    });
    assert_eq!(commits[0].0, commits[1].0);
    // The parents differ by their dates.
    assert_eq!(commits[0].1[2..], commits[1].1[2..]);
    assert_eq!(commits[0].2, commits[1].2);
}

#[test]
fn the_reflogs_say_what_was_committed() {
    for way in WAYS {
        let ground = Ground::new();
        made(&ground, &[edit("title: two\n")], way);
        for name in ["HEAD", "main"] {
            assert_eq!(
                ground.git(&format!("reflog -1 --format=%gs|%gn|%ge {name}")),
                "commit: timeline: x|Ada|ada@example.org\n"
            );
        }
        assert_eq!(ground.git("rev-parse HEAD@{1}"), ground.git("rev-parse HEAD~1"));
    }
}

#[test]
fn the_first_commit_leaves_what_is_staged_beside_it() {
    for way in WAYS {
        for has_index in [true, false] {
            let ground = Ground::unborn();
            if has_index {
                ground.write("staged.txt", "staged\n");
                ground.git("add staged.txt");
            }
            let before = ground.staged();
            made(&ground, &[change(RECORD, None, "title: one\n")], way);
            assert_eq!(ground.git("ls-tree -r --name-only HEAD"), format!("{RECORD}\n"));
            assert_eq!(ground.staged(), before);
            assert_eq!(ground.git("reflog -1 --format=%gs"), "commit (initial): timeline: x\n");
            assert_eq!(ground.git("status --porcelain -- incidents"), "");
            is_tidy(&ground);
        }
    }
}

#[test]
fn a_detached_head_and_a_linked_work_tree_take_commits() {
    for way in WAYS {
        let ground = Ground::new();
        ground.git("switch -q --detach");
        made(&ground, &[edit("title: two\n")], way);
        assert_eq!(ground.git("log -1 --format=%s HEAD"), "timeline: x\n");
        assert_eq!(ground.git("log -1 --format=%s main"), "first\n");
        assert_eq!(ground.git("reflog -1 --format=%gs"), "commit: timeline: x\n");

        ground.git("worktree add -q ../linked -b topic/linked main");
        let top = ground.top().with_file_name("linked");
        let linked = ground.repository_at(&top);
        make(&linked, &[edit("title: linked\n")], way).unwrap();
        assert_eq!(ground.git("show topic/linked:incidents/2026/x.yaml"), "title: linked\n");
        assert_eq!(ground.git_in(&top, &["status", "--porcelain"]), "");
        assert_eq!(ground.git("reflog -1 --format=%gs topic/linked"), "commit: timeline: x\n");
        is_tidy(&ground);
    }
}

#[test]
fn packed_refs_and_packed_objects_are_as_good_as_loose_ones() {
    for way in WAYS {
        let ground = Ground::new();
        ground.git("switch -q -c deep/branch");
        ground.git("gc -q");
        assert!(!ground.top().join(".git/refs/heads/deep/branch").exists());
        made(&ground, &[edit("title: two\n")], way);
        assert_eq!(ground.git("log --format=%s deep/branch"), "timeline: x\nfirst\n");
        is_tidy(&ground);
    }
}

#[test]
fn an_edit_that_nobody_has_seen_yet_is_not_hidden_by_our_index() {
    for way in WAYS {
        let ground = Ground::new();
        for number in 0..10 {
            // Same size, in the same tick as the index: its dates alone do not show it.
            ground.write("other.txt", &format!("{number}\nTWO\n"));
            ground.git("add other.txt");
            ground.write("other.txt", &format!("{number}\ntwo\n"));
            let before = format!("title: {number}\n");
            let first = if number == 0 { "title: one\n" } else { &before };
            made(&ground, &[change(RECORD, Some(first), &format!("title: {}\n", number + 1))], way);
            assert_eq!(ground.git("diff --name-only"), "other.txt\n", "through git: {way}");
        }
    }
}

#[test]
fn edits_by_hand_are_refused_and_kept() {
    for way in WAYS {
        for staged in [false, true] {
            let ground = Ground::new();
            ground.write(RECORD, "title: by hand\n");
            if staged {
                ground.git(&format!("add {RECORD}"));
            }
            let before = (ground.index(), ground.git("rev-parse HEAD"));
            let file = change(RECORD, Some("title: by hand\n"), "title: both\n");
            let error = make(&ground.repository(), &[file], way).unwrap_err();
            assert!(matches!(error, LandError::Edits { .. }), "{error}");
            assert_eq!((ground.index(), ground.git("rev-parse HEAD")), before);
            assert_eq!(text(&ground, RECORD).unwrap(), "title: by hand\n");
            is_tidy(&ground);
        }
    }
}

#[test]
fn a_file_that_changed_or_appeared_meanwhile_is_left_as_it_is() {
    for way in WAYS {
        let ground = Ground::new();
        ground.write(RECORD, "title: someone was faster\n");
        ground.write(NEW, "theirs\n");
        let before = (ground.index(), ground.git("rev-parse HEAD"));
        let error = make(&ground.repository(), &[edit("title: two\n")], way).unwrap_err();
        assert!(matches!(error, LandError::File(FileError::ChangedMeanwhile { .. })), "{error}");
        let error = make(&ground.repository(), &[change(NEW, None, "ours\n")], way).unwrap_err();
        assert!(matches!(error, LandError::File(FileError::AlreadyExists { .. })), "{error}");
        assert_eq!((ground.index(), ground.git("rev-parse HEAD")), before);
        assert_eq!(text(&ground, NEW).unwrap(), "theirs\n");
        is_tidy(&ground);
    }
}

#[test]
fn a_lock_of_another_git_is_waited_for_told_and_left() {
    for way in WAYS {
        for lock in [".git/index.lock", ".git/refs/heads/main.lock"] {
            let ground = Ground::new();
            let lock = ground.top().join(lock);
            fs::write(&lock, "").unwrap();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(300));
                    fs::remove_file(&lock).unwrap();
                });
                made(&ground, &[edit("title: two\n")], way);
            });
            let held = fs::File::create(&lock).unwrap();
            let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3700);
            held.set_modified(hour_ago).unwrap();
            let setup = ground.repository().setup().unwrap();
            let signed =
                Signed { setup: &setup, author: None, at: None, include_edits: false, through_git: way };
            let files = [change(RECORD, Some("title: two\n"), "title: three\n")];
            let landing =
                Landing { files: &files, message: "m\n", commit: Some(signed), patience: Duration::ZERO };
            let repository = ground.repository();
            let error =
                land(&repository, &locked(&repository), &landing, &mut |_| {}).unwrap_err().to_string();
            let name = lock.file_name().unwrap().to_str().unwrap();
            for word in
                ["another git is at work", name, "made 1 h ago", "open in process ", "remove that file"]
            {
                assert!(error.contains(word), "{word}: {error}");
            }
            assert!(lock.exists(), "what is not ours is not removed");
            assert_eq!(text(&ground, RECORD).unwrap(), "title: two\n");
            fs::remove_file(&lock).unwrap();
            is_tidy(&ground);
        }
    }
}

#[test]
fn nothing_to_change_is_no_commit() {
    for way in WAYS {
        let ground = Ground::new();
        let head = ground.git("rev-parse HEAD");
        let same = edit("title: one\n");
        assert_eq!(make(&ground.repository(), &[same], way).unwrap().commit, None);
        assert_eq!(ground.git("rev-parse HEAD"), head);
        is_tidy(&ground);
    }
}

#[test]
fn a_commit_that_a_reset_of_the_same_moment_took_off_the_branch_is_named_once() {
    for way in WAYS {
        let ground = Ground::new();
        let before = ground.git("rev-parse HEAD");
        let lost = made(&ground, &[edit("title: two\n")], way);
        // As git's race leaves it: HEAD looked up before our commit, the branch put back after it.
        ground.git_in(
            &ground.top(),
            &["update-ref", "-m", "reset: moving to HEAD", "refs/heads/main", before.trim()],
        );
        ground.git("read-tree --reset -u HEAD");
        let next = make(&ground.repository(), &[edit("title: three\n")], way).unwrap();
        assert_eq!(next.dropped, Some(lost.clone()));
        let words = crate::land::dropped(&lost);
        assert!(words.contains(&format!("git cherry-pick {}", &lost[..10])), "{words}");
        let third = change(RECORD, Some("title: three\n"), "title: four\n");
        assert_eq!(make(&ground.repository(), &[third], way).unwrap().dropped, None);
        // A reset that somebody means says nothing.
        ground.git("reset -q --hard HEAD~1");
        ground.git("reset -q --hard");
        let fourth = change(RECORD, Some("title: three\n"), "title: five\n");
        assert_eq!(make(&ground.repository(), &[fourth], way).unwrap().dropped, None);
    }
}
