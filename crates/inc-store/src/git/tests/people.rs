//! Who signs a commit, when, and what is read back of it.

use super::*;

#[test]
fn author_and_date_are_those_given() {
    let ground = Ground::new();
    let repository = ground.repository();
    ground.write(RECORD, "title: two\n");
    let author = Author::parse("Émilie du Châtelet <emilie@example.org>").unwrap();
    commit_as(&repository, &[RECORD], Some(&author), Some("2023-03-27T12:59:00+02:00")).unwrap();
    let who = ground.git("log -1 --format=%an|%ae|%aI|%cn|%ce|%cI");
    let one = "Émilie du Châtelet|emilie@example.org|2023-03-27T12:59:00+02:00";
    assert_eq!(who, format!("{one}|{one}\n"));
    let change = repository.last_change(Path::new(RECORD)).unwrap().unwrap();
    assert_eq!(change.at, "2023-03-27T12:59:00+02:00");
    assert_eq!(change.by, "Émilie du Châtelet");
}

#[test]
fn without_an_identity_nothing_is_touched() {
    let ground = Ground::new();
    ground.git("config --unset user.name");
    let repository = ground.repository();
    assert_eq!(repository.identity().unwrap(), None);
    ground.write("new.yaml", "x\n");
    let before = ground.index();
    let error = try_commit(&repository, &["new.yaml"]).unwrap_err();
    assert!(matches!(error, GitError::NoIdentity), "{error}");
    assert!(error.to_string().contains("INC_AUTHOR"), "{error}");
    assert_eq!(ground.index(), before);

    let author = Author::parse("Ada <ada@b>").unwrap();
    repository.vet(&["new.yaml".into()], Some(&author)).unwrap();
    let named = repository.with_env(env("GIT_AUTHOR_NAME", Some("Grace")));
    assert_eq!(named.identity().unwrap().unwrap().to_string(), "Grace <ada@example.org>");
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
    ground.git("add -N new.yaml");
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
        &["commit", "-q", "-a", "-m", "later", "--author=Bob <b@c>", "--date=2030-01-02T03:04:05+01:00"],
    );
    let repository = ground.repository();
    let by = |path: &str| repository.last_change(Path::new(path)).unwrap().unwrap();
    assert_eq!(by(RECORD).by, "Ada");
    assert_eq!(
        (by("other.txt").by.as_str(), by("other.txt").at.as_str()),
        ("Bob", "2030-01-02T03:04:05+01:00")
    );
    assert_eq!(repository.last_change(Path::new("none.yaml")).unwrap(), None);
}
