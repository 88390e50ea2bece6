//! The index behind lists: what the programs say of it, and that it never stands between a file and its answer.

use std::fs;

use crate::support::{ID, TestRepo};

const OTHER: &str = "2023-03-27-checkout-answers-500";

/// Two incidents that are older than the clock is coarse, and an index of them.
fn indexed() -> TestRepo {
    let repo = TestRepo::with_incident();
    assert_eq!(repo.declare("Checkout answers 500"), OTHER);
    std::thread::sleep(std::time::Duration::from_millis(40));
    repo.ok("inc-list", &[]);
    repo
}

fn stat(repo: &TestRepo, option: &str) -> serde_json::Value {
    repo.ok(&format!("inc index --format json {option}"), &[]).json()
}

#[test]
fn it_tells_what_it_has_and_is_built_anew() {
    let repo = indexed();
    let told = stat(&repo, "");
    assert_eq!(
        (&told[0]["kind"], &told[0]["records"], &told[0]["read"]),
        (&"incident".into(), &2.into(), &0.into())
    );
    assert!(told[0]["bytes"].as_u64().unwrap() > 100, "{told}");
    assert_eq!((&told[1]["kind"], &told[1]["records"]), (&"PDCA".into(), &0.into()));
    repo.mangle(ID, "misbehaving\"", "misbehaves\"");
    assert_eq!(stat(&repo, "--stat")[0]["changed"], 1);
    assert_eq!(stat(&repo, "--rebuild")[0]["unknown"], 2);
    assert!(repo.ok("inc index", &[]).stdout.starts_with("KIND"));
    fs::remove_dir_all(repo.top().join(".git/inc/index")).unwrap();
    assert_eq!(stat(&repo, "")[0]["read"], 2);
    // Nothing of it is ever committed or left in the work tree.
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn it_is_compared_with_the_files() {
    let repo = indexed();
    repo.ok("inc index --verify", &[]).prints("the index answers for 2 files as they are\n");
    fs::write(repo.path(ID).with_file_name("broken.yaml"), "schema: [").unwrap();
    let told = repo.ok("inc index --verify --format json", &[]).json();
    assert_eq!((&told["records"], &told["differences"]), (&3.into(), &serde_json::json!([])));
    repo.fails(2, "inc index --verify --rebuild", &[]);
}

#[test]
fn the_words_of_the_search_are_told_and_compared() {
    let repo = indexed();
    let told = stat(&repo, "");
    let words = |told: &serde_json::Value| (told[2]["records"].clone(), told[2]["read"].clone());
    assert_eq!((&told[2]["kind"], &told[3]["kind"]), (&"incident words".into(), &"PDCA words".into()));
    assert_eq!((words(&told), &told[2]["bytes"]), ((2.into(), 2.into()), &0.into()));
    assert_eq!(told.as_array().unwrap().len(), 4);
    assert!(!repo.ok("inc index --verify", &[]).stderr.contains("words"));
    repo.ok("inc-search checkout", &[]);
    let told = stat(&repo, "");
    assert_eq!(words(&told), (2.into(), 0.into()));
    assert!(told[2]["bytes"].as_u64().unwrap() > 100, "{told}");
    repo.ok("inc index --verify", &[])
        .prints("the index answers for 2 files as they are\n")
        .says(&["2 incident files compared\n", "2 incident files compared with their words"]);
    repo.mangle(ID, "misbehaving\"", "misbehaves\"");
    assert_eq!(stat(&repo, "")[2]["changed"], 1);
    assert_eq!(words(&stat(&repo, "--rebuild")), (2.into(), 2.into()));
}

#[test]
fn where_it_cannot_be_written_lists_go_on() {
    let repo = TestRepo::with_incident();
    let folder = repo.top().join(".git/inc/index");
    let _ = fs::remove_dir_all(&folder);
    fs::write(&folder, "no folder").unwrap();
    repo.ok("inc-list -1", &[]).prints(&format!("{ID}\n"));
    repo.fails(3, "inc index --rebuild", &[]).says(&["cannot write the index"]);
}

#[test]
fn what_cannot_be_read_is_told_in_every_format() {
    let repo = indexed();
    fs::write(repo.path(ID), "schema: 1\nid: [\n").unwrap();
    // A copy under another name, and the same name twice.
    fs::write(repo.path("2023-03-27-copy"), repo.record_text(OTHER)).unwrap();
    fs::create_dir_all(repo.top().join("incidents/2022")).unwrap();
    fs::write(repo.top().join(format!("incidents/2022/{OTHER}.yaml")), repo.record_text(OTHER)).unwrap();
    for _ in 0..2 {
        for (line, words, rows) in [
            ("inc-list -1", &[][..], 1),
            ("inc-list --format ndjson", &[], 1),
            ("inc-list --format csv", &[], 2),
            ("inc-list --format-template", &["{{ id }}"], 1),
            ("inc-list --open -1", &[], 1),
        ] {
            let told = repo.fails(4, line, words);
            assert_eq!(told.stdout.lines().count(), rows, "{line}: {told:?}");
            told.says(&[&format!("{ID}.yaml"), "2023-03-27-copy.yaml", "2 records could not be read"]);
        }
        let told = repo.fails(4, "inc-list --count", &[]);
        assert_eq!(told.stdout, "1\n");
        std::thread::sleep(std::time::Duration::from_millis(40));
    }
}

#[test]
fn neither_the_clock_nor_a_history_matters() {
    let repo = TestRepo::without_git();
    repo.git(&["init", "--quiet"]);
    let text = TestRepo::with_incident().record_text(ID);
    fs::create_dir_all(repo.path(ID).parent().unwrap()).unwrap();
    fs::write(repo.path(ID), text.replace("investigating", "mitigated")).unwrap();
    repo.on("2023-03-28");
    repo.ok("inc-list --open --count", &[]).prints("1\n");
    std::thread::sleep(std::time::Duration::from_millis(40));
    repo.ok("inc-list --status mitigated --count", &[]).prints("1\n");
    // The clock is set back, and the text changes to one as long.
    repo.on("2022-03-28");
    fs::write(repo.path(ID), text.replace("investigating", "cancelled")).unwrap();
    repo.ok("inc-list --status mitigated --count", &[]).prints("0\n");
    repo.ok("inc-list --status cancelled --count", &[]).prints("1\n");
}

#[test]
fn one_id_in_two_files_is_named_and_counts_once() {
    let repo = indexed();
    let file = repo.top().join(format!("incidents/2023/{ID}.yaml"));
    fs::create_dir_all(repo.top().join("incidents/2024")).unwrap();
    fs::copy(file, repo.top().join(format!("incidents/2024/{ID}.yaml"))).unwrap();
    for (command, expected) in [
        ("inc-list --count", "2\n".to_owned()),
        ("inc-list -1 --sort id", format!("{OTHER}\n{ID}\n")),
        ("inc-list --format-template {{id}} --sort id", format!("{OTHER}\n{ID}\n")),
    ] {
        // The second answer comes from the index.
        for _ in 0..2 {
            let told = repo.fails(4, command, &[]);
            told.prints(&expected).says(&[
                "is in 2 files",
                "incidents/2024/",
                "1 id stands in several files; the first one counts",
            ]);
        }
    }
    assert_eq!(repo.fails(4, "inc-stats --format json", &[]).json()["kinds"][0]["count"], 2);
    fs::remove_dir_all(repo.top().join("incidents/2024")).unwrap();
    repo.ok("inc-list --count", &[]).prints("2\n");
}
