//! What is refused before anything is written.

use super::*;

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
        assert!(matches!(error, GitError::Blocked(found) if found == blocked), "{operation}: {error}");
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
        let error = repository.vet(std::slice::from_ref(&path), None).unwrap_err();
        assert!(matches!(error, GitError::Ignored { .. }), "{error}");
        assert!(error.to_string().contains(".gitignore:2: *.yaml"), "{error}");
    }
    let kept = PathBuf::from("incidents/kept/x.yaml");
    repository.vet(&[kept, RECORD.into()], None).unwrap();
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
    assert!(matches!(error, GitError::AssumedUnchanged { .. }), "{error}");
}
