//! Changes: one commit each, and every file as it was where they fail.

use super::*;
use crate::file::FileError;
use crate::git::Author;

/// What must not change where a change is refused.
fn state(ground: &Ground) -> (String, String, String, String) {
    (head(ground), ground.index(), ground.git("status --porcelain --untracked-files=all"), ground.staged())
}

/// Creates an incident and its PDCA as one change.
fn both(store: &Store, writing: &Writing) -> Result<Saved, StoreError> {
    let mut change = store.change(writing, |_| ())?;
    change.create(&incident(DISK))?;
    change.create(&pdca("2023-04-06-disk-full"))?;
    change.save("pdca: new: Disk full")
}

#[test]
fn a_new_record_is_one_file_and_one_commit_and_reads_back() {
    let (ground, store, path) = with_incident();
    assert_eq!(path, PathBuf::from(format!("incidents/2023/{DISK}.yaml")));
    assert_eq!(ground.files_of_head(), [path.to_str().unwrap()]);
    assert_eq!(ground.git("log -1 --format=%B").trim(), format!("declare: it\n\nIncident: {DISK}"));
    assert_eq!(ground.git("status --porcelain"), "");
    let loaded = store.load::<Incident>(&path).unwrap();
    assert_eq!(loaded.record, incident(DISK));
    assert!(loaded.text.starts_with("# An incident, kept by inc"), "{}", loaded.text);
    let before = state(&ground);
    says(create(&store, &incident(DISK), &writing()), &["already exists", DISK]);
    assert_eq!(state(&ground), before);
}

#[test]
fn two_records_are_one_commit_of_two_files_with_both_trailers() {
    let (ground, store) = ground();
    ground.write("README", "staged\n");
    ground.git("add README");
    let staged = ground.staged();
    let author = Author::parse("Ada <ada@example.org>").unwrap();
    let at = Some("2023-04-06T15:01:00+02:00".to_owned());
    let saved = both(&store, &Writing { author: Some(author), at, ..writing() }).unwrap();
    assert_eq!(saved.commit.as_deref(), Some(head(&ground).as_str()));
    let files: Vec<PathBuf> = ground.files_of_head().iter().map(PathBuf::from).collect();
    assert_eq!(files, saved.paths);
    let trailers = ground.git("log -1 --format=%(trailers)%aI%cn");
    let expected = format!("Incident: {DISK}\nPdca: 2023-04-06-disk-full\n2023-04-06T15:01:00+02:00Ada");
    assert_eq!(trailers.replace("\n\n", "\n").trim(), expected);
    assert_eq!(ground.staged(), staged);
}

#[test]
fn a_refused_commit_puts_everything_back() {
    let (ground, store, path) = with_incident();
    ground.hook("pre-commit", "echo not on friday >&2; exit 1");
    let before = (state(&ground), text(&ground, &path));
    let error = says(retitle(&store, &path, "Other", &writing()), &["not on friday", "nothing was written"]);
    assert!(matches!(error, StoreError::NotCommitted { .. }), "{error}");
    assert_eq!((state(&ground), text(&ground, &path)), before);
    let mut change = store.change(&writing(), |_| ()).map(drop);
    change = change.and_then(|()| {
        let writing = writing();
        let mut change = store.change(&writing, |_| ())?;
        change.create(&incident(CLUSTER))?;
        change.create(&pdca("2024-04-06-disk-full"))?;
        change.save("pdca: new").map(drop)
    });
    says(change, &["not on friday"]);
    assert_eq!((state(&ground), text(&ground, &path)), before);
    assert!(!ground.top().join("pdcas").exists(), "folders made for a record go with it");
    assert!(!ground.top().join(format!("incidents/2023/{CLUSTER}.yaml")).exists());
}

#[test]
fn a_hook_that_edits_and_refuses_is_told_with_what_it_left() {
    let (ground, store, path) = with_incident();
    let tidies = format!("echo '# tidied' >> {}; echo formatted, add it >&2; exit 1", path.display());
    ground.hook("pre-commit", &tidies);
    let words = ["formatted, add it", "could not be taken back", "was changed by someone else", "git diff"];
    let error = says(retitle(&store, &path, "Other", &writing()), &words);
    assert!(!error.to_string().contains("nothing was written"), "{error}");
    let left = text(&ground, &path);
    assert!(left.contains("title: \"Other\"") && left.ends_with("# tidied\n"), "{left}");
}

#[test]
fn of_two_files_the_first_is_put_back_where_the_second_cannot_be_written() {
    let obstacles: [(&str, &[&str]); 2] = [("pdcas", &["pdcas"]), ("pdcas/2023", &["pdcas/2023"])];
    for commit in [true, false] {
        for (obstacle, words) in obstacles {
            let (ground, store) = ground();
            ground.write(obstacle, "a file where a folder is needed\n");
            let before = state(&ground);
            says(both(&store, &Writing { commit, ..writing() }), words);
            assert_eq!(state(&ground), before, "{obstacle}");
            assert!(!ground.top().join("incidents").exists(), "{obstacle}");
        }
    }
}

#[test]
fn of_an_edit_and_a_new_file_the_edit_is_put_back() {
    for commit in [true, false] {
        let (ground, store, path) = with_incident();
        let writing = Writing { commit, ..writing() };
        let before = (head(&ground), text(&ground, &path));
        let mut change = store.change(&writing, |_| ()).unwrap();
        let loaded = store.load::<Incident>(&path).unwrap();
        let mut linked = loaded.record.clone();
        linked.pdcas.push(id("2023-04-06-disk-full"));
        change.update(&loaded, &linked).unwrap();
        change.create(&pdca("2023-04-06-disk-full")).unwrap();
        // Somebody without the lock is faster.
        ground.write("pdcas/2023/2023-04-06-disk-full.yaml", "theirs\n");
        let error = says(change.save("pdca: new"), &["already exists"]);
        assert!(matches!(error, StoreError::File(FileError::AlreadyExists { .. })), "{error}");
        assert_eq!((head(&ground), text(&ground, &path)), before);
        assert_eq!(text(&ground, Path::new("pdcas/2023/2023-04-06-disk-full.yaml")), "theirs\n");
    }
}

#[test]
fn a_file_that_changed_since_it_was_read_is_left_alone() {
    let (ground, store, path) = with_incident();
    let writing = Writing { commit: false, ..writing() };
    let mut change = store.change(&writing, |_| ()).unwrap();
    let loaded = store.load::<Incident>(&path).unwrap();
    let mut incident = loaded.record.clone();
    incident.title = "Other".parse().unwrap();
    change.update(&loaded, &incident).unwrap();
    let theirs = format!("{}# theirs\n", loaded.text);
    ground.write(path.to_str().unwrap(), &theirs);
    says(change.save("edit: title"), &["changed by someone else"]);
    assert_eq!(text(&ground, &path), theirs);
}

#[test]
fn edits_by_hand_are_committed_only_where_that_is_said() {
    let (ground, store, path) = with_incident();
    let edited = text(&ground, &path) + "# by hand\n";
    ground.write(path.to_str().unwrap(), &edited);
    let before = (head(&ground), text(&ground, &path));
    let words = ["not committed", "git add incidents/2023", "--include-edits", "--no-commit"];
    says(retitle(&store, &path, "Other", &writing()), &words);
    assert_eq!((head(&ground), text(&ground, &path)), before);
    let saved = retitle(&store, &path, "Other", &Writing { include_edits: true, ..writing() }).unwrap();
    assert!(saved.commit.is_some());
    assert!(text(&ground, &path).ends_with("# by hand\n"));
    assert_eq!(ground.git("status --porcelain"), "");
}

#[test]
fn without_a_commit_only_the_file_changes() {
    let (ground, store, path) = with_incident();
    let no_commit = Writing { commit: false, ..writing() };
    let before = (head(&ground), ground.index());
    // Nobody asks who signs what nobody commits, nor whether a hook agrees.
    ground.hook("pre-commit", "exit 1");
    ground.git("config --unset user.name");
    let saved = retitle(&store, &path, "Other", &no_commit).unwrap();
    assert_eq!(saved, Saved { paths: vec![path.clone()], ..Saved::default() });
    retitle(&store, &path, "Another", &no_commit).unwrap();
    create(&store, &incident(CLUSTER), &no_commit).unwrap();
    assert_eq!((head(&ground), ground.index()), before);
    assert_eq!(store.load::<Incident>(&path).unwrap().record.title.as_str(), "Another");
    assert_eq!(ground.git("status --porcelain").lines().count(), 2);
}

#[test]
fn no_change_is_no_write_and_no_commit() {
    let (ground, store, path) = with_incident();
    let before = state(&ground);
    let title = incident(DISK).title.to_string();
    let saved = retitle(&store, &path, &title, &writing()).unwrap();
    assert_eq!(saved, Saved::default());
    assert_eq!(state(&ground), before);
}

#[test]
fn a_text_edited_whole_takes_the_place_of_the_old_one() {
    let (ground, store, path) = with_incident();
    let writing = writing();
    let mut change = store.change(&writing, |_| ()).unwrap();
    let loaded = store.load::<Incident>(&path).unwrap();
    let text = loaded.text.replace("environment: staging\n", "environment: 'lab' # moved\n");
    let mut edited = Loaded { text, ..loaded.clone() };
    edited.record.environment = Some("lab".parse().unwrap());
    let mut after = edited.record.clone();
    after.commander = None;
    change.revise(&loaded, &edited, &after).unwrap();
    change.save("edit by hand").unwrap();
    let text = self::text(&ground, &path);
    assert!(text.contains("environment: 'lab' # moved\n") && !text.contains("commander:"), "{text}");
    assert_eq!(store.load::<Incident>(&path).unwrap().record, after);
}
