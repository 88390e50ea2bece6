//! Records that cannot be read whole: every program says where and why, and writes nothing.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::support::{ID, Output, TestRepo};

/// Programs that look at one incident, and such as change one.
const PROGRAMS: [(&str, &[&str]); 8] = [
    ("inc-status show", &[ID]),
    ("inc-severity explain", &[ID]),
    ("inc-timeline list", &[ID]),
    ("inc-timeline add", &[ID, "hello"]),
    ("inc-severity assess --customers 1", &[ID]),
    ("inc-status set", &[ID, "cancelled", "--reason", "x"]),
    ("inc-role assign", &[ID, "commander", "Ada"]),
    ("inc-edit --set environment=staging", &[ID]),
];

/// Every program refuses the record at its place with these words.
#[track_caller]
fn all_refuse(repo: &TestRepo, said: &[&str]) {
    for (line, words) in PROGRAMS {
        let output = repo.fails(4, line, words).prints("").says(said);
        assert!(output.stderr.len() < 2_000, "{output:?}");
    }
    repo.fails(4, "inc-list", &[]).says(said).says(&["1 record could not be read; the answer leaves it out"]);
}

/// A repository whose one record has `from` replaced by `to`.
fn mangled(from: &str, to: &str) -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.mangle(ID, from, to);
    repo
}

#[test]
fn malformed_yaml_is_shown_with_line_and_column() {
    let repo = mangled("title: \"Staging", "title: \"Staging\" \"");
    all_refuse(&repo, &[&format!("error: incidents/2023/{ID}.yaml:5:"), "\n5 | title: ", "^"]);
}

#[test]
fn unknown_words_are_shown_with_those_that_are_known() {
    all_refuse(
        &mangled("status: investigating", "status: sleeping"),
        &[".yaml:7:9: unknown value `sleeping` for `status`", "`cancelled`, `investigating`, `mitigated`"],
    );
    all_refuse(
        &mangled("severity: SEV-1", "severity: SEV-9"),
        &[".yaml:8:11: unknown value `SEV-9` for `severity`", "did you mean `SEV-1`?"],
    );
    all_refuse(
        &mangled("kind: incident", "kind: incidnet"),
        &["unknown value `incidnet` for `kind`", "did you mean `incident`?"],
    );
    all_refuse(&mangled("timezone: Europe/Paris", "timezone: Mars"), &["`Mars` is not a time zone"]);
}

#[test]
fn an_unknown_key_is_shown_with_the_nearest() {
    all_refuse(
        &mangled("reporter: ", "reprter: "),
        &["unknown key `reprter`", "help: did you mean `reporter`?"],
    );
}

#[test]
fn a_duplicate_key_is_shown_with_both_places() {
    all_refuse(
        &mangled("timeline:\n", "title: x\ntimeline:\n"),
        &["the key `title` stands twice, first on line 5"],
    );
}

#[test]
fn a_newer_schema_is_left_to_a_newer_program() {
    all_refuse(
        &mangled("schema: 1", "schema: 2"),
        &[
            ".yaml:2:9: is written in schema 2, newer than this program's 1",
            "upgrade inc; the file was left untouched",
        ],
    );
}

#[test]
fn a_missing_schema_or_title_is_named() {
    all_refuse(&mangled("schema: 1\n", ""), &["missing key `schema`"]);
    all_refuse(&mangled("kind: incident\n", "").tap_title(), &["missing"]);
}

#[test]
fn conflict_markers_are_an_unfinished_merge() {
    let repo = mangled("title: ", "<<<<<<< HEAD\ntitle: x\n=======\ntitle: y\n>>>>>>> theirs\ntitle: ");
    all_refuse(
        &repo,
        &[
            ".yaml:5:1: an unfinished merge: git's conflict markers stand from line 5 to 9",
            "help: `inc-merge resolve incidents/2023/2023-03-27-",
        ],
    );
}

#[test]
fn an_alias_bomb_is_refused_at_once() {
    let mut bomb = "custom:\n  a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, inner) in "bcdefghijklm".chars().zip("abcdefghijkl".chars()) {
        bomb.push_str(&format!("  {name}: &{name} [{}]\n", vec![format!("*{inner}"); 9].join(", ")));
    }
    let repo = mangled("timeline:\n", &format!("{bomb}timeline:\n"));
    let begun = Instant::now();
    all_refuse(&repo, &["alias"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_file_of_five_mebibytes_is_not_read() {
    let repo = TestRepo::with_incident();
    repo.put_record(ID, format!("{}# {}\n", repo.record_text(ID), "x".repeat(5 << 20)));
    all_refuse(&repo, &["holds 5243", "at most 1048576 are read: move long logs to a linked page"]);
}

#[test]
fn what_is_no_utf_8_is_shown_with_its_byte() {
    let repo = TestRepo::with_incident();
    repo.put_record(ID, b"schema: 1\ntitle: caf\xe9\n");
    all_refuse(&repo, &["is not UTF-8 text: byte 0xe9 at line 2, column 11; save it as UTF-8"]);
}

#[test]
fn an_empty_file_is_not_an_empty_record() {
    let repo = TestRepo::with_incident();
    repo.put_record(ID, "");
    all_refuse(&repo, &["is empty", "git restore"]);
    repo.put_record(ID, "# nothing\n---\n");
    all_refuse(&repo, &["holds only comments"]);
    repo.put_record(ID, "- a list\n");
    all_refuse(&repo, &[".yaml:1:1: "]);
}

#[test]
fn control_characters_are_refused_and_not_shown() {
    let repo = mangled("kind: incident", "kind: \u{1b}[2Jincident");
    all_refuse(&repo, &[".yaml:6:7: an escape character (U+001B"]);
    let output = repo.run("inc-list", &[]);
    assert!(!output.stderr.contains('\u{1b}'), "{output:?}");
}

#[test]
fn a_name_that_is_not_the_id_is_refused() {
    let repo = mangled(&format!("id: {ID}"), "id: 2023-03-27-other");
    all_refuse(
        &repo,
        &[
            "the record's id is `2023-03-27-other`: rename the file to 2023-03-27-other.yaml, or correct the id",
        ],
    );
    let repo = mangled(&format!("id: {ID}"), "id: ../../../etc/passwd");
    all_refuse(&repo, &["`../../../etc/passwd` is not an id"]);
}

#[test]
fn a_folder_a_pipe_and_links_are_no_records() {
    let repo = TestRepo::with_incident();
    let path = repo.path(ID);
    let text = repo.record_text(ID);
    fs::remove_file(&path).unwrap();

    fs::create_dir(&path).unwrap();
    all_refuse(&repo, &[".yaml is a folder, not a file"]);
    fs::remove_dir(&path).unwrap();

    symlink("nowhere.yaml", &path).unwrap();
    all_refuse(&repo, &[".yaml is a symbolic link to nowhere.yaml, which does not exist"]);
    fs::remove_file(&path).unwrap();

    let outside = repo.beside("outside.yaml");
    fs::write(&outside, &text).unwrap();
    symlink(&outside, &path).unwrap();
    all_refuse(&repo, &["is not a place for records in the repository"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), text);
    fs::remove_file(&path).unwrap();

    symlink(ID.to_owned() + ".yaml", &path).unwrap();
    for (line, words) in PROGRAMS {
        repo.fails_any(&[3, 4], line, words);
    }
    fs::remove_file(&path).unwrap();

    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    all_refuse(&repo, &["is not a plain file but a pipe, socket or device"]);
}

#[test]
fn a_folder_of_records_that_leads_outside_is_refused() {
    let repo = TestRepo::with_incident();
    let outside = repo.beside("outside");
    fs::create_dir(&outside).unwrap();
    symlink(&outside, repo.top().join("incidents/2024")).unwrap();
    repo.fails_with(4, "inc-declare", &["A new year"], |command| {
        command.env("INC_NOW", "2024-01-01T10:00:00+01:00");
    })
    .says(&["is not a place for records"]);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn no_folder_is_passed_over_in_silence() {
    let repo = TestRepo::with_incident();
    symlink("nowhere", repo.top().join("incidents/2021")).unwrap();
    symlink(repo.beside("home"), repo.top().join("incidents/2022")).unwrap();
    let output = repo.fails(4, "inc-list --format json", &[]);
    assert_eq!(output.json().as_array().unwrap().len(), 1);
    output.says(&[
        "incidents/2021 is a symbolic link to nowhere, which does not exist",
        "incidents/2022 is not a place for records",
        "2 records could not be read",
    ]);
    // One that is named is found all the same.
    repo.ok("inc-timeline add", &[ID, "hello"]);

    let repo = TestRepo::new();
    symlink("nowhere", repo.top().join("incidents")).unwrap();
    repo.fails(4, "inc-list", &[]).says(&["incidents is a symbolic link to nowhere, which does not exist"]);
    fs::remove_file(repo.top().join("incidents")).unwrap();
    fs::write(repo.top().join("incidents"), "").unwrap();
    repo.fails(3, "inc-list", &[]).says(&["incidents: Not a directory"]);
    repo.fails(3, "inc-declare", &["x"]).says(&["incidents: Not a directory"]);
}

#[test]
fn malformed_settings_are_shown_with_their_line() {
    let repo = TestRepo::with_incident();
    let settings = repo.top().join("inc.yaml");
    for (text, said) in [
        (
            "timezone: Europe/Paris\nstepps: {}\n",
            &["inc.yaml:2:1: unknown key `stepps`", "did you mean `steps`?"][..],
        ),
        ("timezone: Mars/X\n", &["inc.yaml:1:11: `Mars/X` is not a time zone"]),
        ("timezone: [\n", &["inc.yaml:"]),
        ("steps: {mitigated: [foo]}\n", &["inc.yaml:1:21: unknown requirement `foo`; known are: impact"]),
        ("currency: euro\n", &["inc.yaml:1:11: `euro` is not a currency"]),
    ] {
        fs::write(&settings, text).unwrap();
        for line in ["inc-list", "inc-timeline add hello", "inc-declare x"] {
            repo.fails(4, line, &[]).says(said);
        }
    }
    fs::remove_file(&settings).unwrap();
    repo.ok("inc-timeline add", &["All settings have a default"]);
}

#[test]
fn a_malformed_policy_is_shown_with_its_line() {
    let repo = TestRepo::with_incident();
    let policy = repo.top().join("policies/severity.yaml");
    let good = fs::read_to_string(&policy).unwrap();
    for (text, said) in [
        (good.replace("matrix:", "matrx:"), "unknown key `matrx`"),
        (good.replace("S:    {S: SEV-4", "S:    {S: SEV-7"), "`SEV-7`"),
        (good.replace("schema: 1", "schema: 2"), "newer than this program's 1"),
        (good.replace("up_to_percent: 5,", "up_to_percent: 0.5,"), "customer_impact.M.up_to_percent"),
        (good.replace("XL:   {S: SEV-3", "XL:   {S: SEV-4, S: SEV-3"), "stands twice"),
        (String::new(), "is empty"),
    ] {
        assert_ne!(text, good);
        fs::write(&policy, text).unwrap();
        for line in ["inc-severity assess", "inc-severity explain"] {
            repo.fails(4, line, &[]).says(&["policies/severity.yaml:", said]);
        }
        // What needs no policy goes on.
        repo.ok("inc-status show", &[]);
    }
    // Nor does it stop what cannot wait.
    fs::write(&policy, "nonsense\n").unwrap();
    repo.ok("inc-timeline add", &["Rolled back"]);
    repo.ok("inc-role assign commander Ada", &[]);
    let declared = repo.ok("inc-declare", &["A second outage"]);
    declared.says(&[
        "warning: policies/severity.yaml",
        "the built-in severity policy is used until that is mended",
        "provisional",
    ]);
    repo.fails(4, "inc-severity assess second-outage", &[]).says(&["policies/severity.yaml"]);
    repo.ok("inc-status set second-outage cancelled --reason", &["A test"]);
    fs::remove_file(&policy).unwrap();
    repo.ok("inc-severity assess", &[]);
}

impl TestRepo {
    /// Takes the title out of the incident.
    fn tap_title(self) -> Self {
        let text = self.record_text(ID);
        let title = text.lines().find(|line| line.starts_with("title: ")).unwrap().to_owned();
        self.mangle(ID, &format!("{title}\n"), "");
        self
    }

    /// As `fails`, where several codes make sense.
    #[track_caller]
    fn fails_any(&self, codes: &[i32], line: &str, words: &[&str]) -> Output {
        let output = self.assert_untouched(|repo| repo.run(line, words));
        assert!(codes.contains(&output.code), "{line} {words:?}: {output:?}");
        output
    }
}
