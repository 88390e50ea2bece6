//! Several writers at once.

use super::*;

#[test]
fn eight_writers_with_five_commits_each_all_land() {
    let ground = Ground::new();
    let repository = ground.repository();
    thread::scope(|scope| {
        for writer in 0..8 {
            let repository = &repository;
            scope.spawn(move || {
                for number in 0..5 {
                    let path = format!("incidents/{writer}-{}.yaml", number % 2);
                    fs::write(repository.top().join(&path), format!("{number}\n")).unwrap();
                    commit(repository, &[&path]);
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
    let error =
        repository.lock(Duration::from_millis(1200), &mut |words| told.push(words.to_owned())).unwrap_err();
    assert!(matches!(error, GitError::Locked { seconds: 1, .. }), "{error}");
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
