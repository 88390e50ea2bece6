//! Finding and reading records.

use super::*;

/// A repository with these incidents, each file below `incidents/` with the text of the record of that id.
fn holding(files: &[(&str, &str)]) -> (Ground, Store) {
    let (ground, store) = ground();
    for (path, id) in files {
        let text = include_str!("../survival/seed-incident.yaml");
        let seed = seed::<Incident>(text).id;
        ground.write(&format!("incidents/{path}"), &text.replace(seed.as_str(), id));
    }
    (ground, store)
}

fn found(store: &Store, given: &str) -> Result<PathBuf, StoreError> {
    store.find::<Incident>(given)
}

#[test]
fn a_record_is_found_by_its_id_or_a_part_of_it() {
    let longer = "2023-03-27-disk-full-2";
    let (_ground, store) = holding(&[
        (&format!("2023/{DISK}.yaml"), DISK),
        (&format!("2023/{longer}.yaml"), longer),
        (&format!("old/deep/{CLUSTER}.yaml"), CLUSTER),
    ]);
    let disk = PathBuf::from(format!("incidents/2023/{DISK}.yaml"));
    let cluster = PathBuf::from(format!("incidents/old/deep/{CLUSTER}.yaml"));
    for (given, expected) in [
        (DISK, &disk),
        (CLUSTER, &cluster),
        ("2023-03-27-st", &cluster),
        ("cluster", &cluster),
        ("-cluster-", &cluster),
        ("3", &cluster),
    ] {
        match (given, found(&store, given)) {
            ("3", result) => drop(says(result, &["`3` is part of 3 incident ids", DISK])),
            (_, result) => assert_eq!(result.unwrap(), *expected, "{given}"),
        }
    }
    assert_eq!(store.named::<Incident>(&id(DISK)).unwrap(), disk);
    says(store.named::<Incident>(&id("2023-03-27-disk")), &["no incident `2023-03-27-disk`", DISK]);
    let record = store.load::<Incident>(&disk).unwrap().record;
    assert_eq!(record.id.as_str(), DISK);
    assert!(store.exists::<Incident>(&id(CLUSTER)).unwrap());
    assert!(!store.exists::<Pdca>(&id(CLUSTER)).unwrap());
    assert_eq!(
        found(&store, "Cluster").unwrap(),
        found(&store, "cluster").unwrap(),
        "capitals mean the same"
    );
    says(found(&store, "disk"), &["`disk` is part of 2 incident ids", DISK, longer, "give more"]);
    says(found(&store, "dsk-full"), &["no incident `dsk-full`", DISK]);
    says(store.find::<Pdca>("disk"), &["no PDCA `disk`", "none yet"]);
}

#[test]
fn what_is_no_id_is_refused_and_told_once() {
    let (_ground, store) = holding(&[(&format!("2023/{DISK}.yaml"), DISK)]);
    for given in ["..", "../x", "a/b", "", "x.yaml", "é", "*", "a\nb", "a\u{1b}[31m"] {
        let error = says(found(&store, given), &[]);
        assert!(matches!(error, StoreError::NotAnId { .. }), "{given:?}: {error}");
        assert_eq!(error.to_string().matches("an id").count(), 1, "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "{error:?}");
    }
}

#[test]
fn of_many_candidates_some_are_shown_and_all_are_counted() {
    let ids: Vec<String> = (10..25).map(|n| format!("2023-03-27-disk-{n}")).collect();
    let paths: Vec<String> = ids.iter().map(|id| format!("2023/{id}.yaml")).collect();
    let files: Vec<(&str, &str)> =
        paths.iter().map(String::as_str).zip(ids.iter().map(String::as_str)).collect();
    let (_ground, store) = holding(&files);
    says(found(&store, "disk"), &["part of 15 incident ids", "disk-10", "and 5 more"]);
}

#[test]
fn one_id_in_two_files_is_told() {
    let (first, second) = (format!("2023/{DISK}.yaml"), format!("archive/{DISK}.yaml"));
    let (_ground, store) = holding(&[(&first, DISK), (&second, DISK)]);
    says(found(&store, "disk"), &["in 2 files", &first, &second]);
    let error = says(create(&store, &incident(DISK), &writing()), &["already exists"]);
    assert!(matches!(error, StoreError::File(_)), "{error}");
}

#[test]
fn a_file_under_another_name_than_its_id_is_told() {
    let (_ground, store) = holding(&[("2023/copy.yaml", DISK)]);
    let path = found(&store, "copy").unwrap();
    says(store.load::<Incident>(&path), &["incidents/2023/copy.yaml", DISK, "rename"]);
}

#[test]
fn hidden_things_are_no_records_and_everything_else_that_ends_so_is_one() {
    let (ground, store) = holding(&[
        (&format!("2023/{DISK}.yaml"), DISK),
        ("2023/.hidden.yaml", "2023-03-27-hidden"),
        (".cache/2023-03-27-cached.yaml", "2023-03-27-cached"),
        (&format!("{CLUSTER}.yaml"), CLUSTER),
        ("2023/notes.txt", "2023-03-27-notes"),
    ]);
    fs::create_dir(ground.top().join("incidents/2023/x.yaml")).unwrap();
    ground.write("incidents/2023/broken.yaml", "schema: 1\nid: [\n");
    let names = |paths: Vec<PathBuf>| -> Vec<String> {
        paths.iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(store.paths::<Incident>().unwrap()), [DISK, "broken", "x", CLUSTER]);
    let all = store.all::<Incident>().unwrap();
    let errors: Vec<String> =
        all.iter().filter_map(|one| one.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].contains("incidents/2023/broken.yaml"), "{errors:?}");
    assert!(errors[1].contains("incidents/2023/x.yaml is a folder"), "{errors:?}");
    assert!(store.paths::<Pdca>().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_repository_and_told_elsewhere() {
    use std::os::unix::fs::symlink;
    let (ground, store) = holding(&[(&format!("2023/{DISK}.yaml"), DISK)]);
    let top = ground.top();
    ground.write(&format!("elsewhere/{CLUSTER}.yaml"), "schema: 1\n");
    symlink("../elsewhere", top.join("incidents/linked")).unwrap();
    symlink("../incidents", top.join("incidents/round")).unwrap();
    symlink("..", top.join("incidents/up")).unwrap();
    symlink("/", top.join("incidents/out")).unwrap();
    assert_eq!(found(&store, "cluster").unwrap(), PathBuf::from(format!("incidents/linked/{CLUSTER}.yaml")));
    let all = store.all::<Incident>().unwrap();
    let errors: Vec<String> =
        all.iter().filter_map(|one| one.as_ref().err()).map(ToString::to_string).collect();
    assert!(errors.iter().any(|error| error.contains("incidents/out is not a place")), "{errors:?}");
    fs::remove_dir_all(top.join("elsewhere")).unwrap();
    fs::rename(top.join("incidents"), top.join("moved")).unwrap();
    symlink("nowhere", top.join("incidents")).unwrap();
    says(store.paths::<Incident>(), &["incidents is a symbolic link to nowhere"]);
}
