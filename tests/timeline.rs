//! `inc-timeline`.

use crate::support::{ID, TestRepo};

#[test]
fn an_entry_is_one_commit_of_one_file() {
    let repo = TestRepo::with_incident();
    let output =
        repo.ok("inc-timeline add --at 12:30", &["kubernetes-cluster-3", "Pods are not provisioned"]);
    assert_eq!(output.stdout.trim_end().len(), 26, "the entry's id: {output:?}");
    let output = output.says(&[
        "--at: understood as 2023-03-27T12:30:00+02:00 (Europe/Paris)\n",
        "timeline: Pods are not provisioned [commit ",
    ]);
    assert_eq!(repo.message(), format!("timeline: Pods are not provisioned\n\nIncident: {ID}"));
    assert_eq!(
        repo.changed_lines(),
        [
            "+  - at: \"2023-03-27T12:30:00+02:00\"",
            "+    kind: note",
            "+    by: Mathieu Corbin",
            "+    text: Pods are not provisioned",
            &format!("+    id: {}", output.stdout.trim_end()),
        ]
    );
}

#[test]
fn the_list_is_by_time_with_days_points_and_links() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add --at 13:00 --kind decision --detail", &["first\nsecond", "We delete it"]);
    repo.ok(
        "inc-timeline add",
        &["--at", "yesterday 23:50", "Installed\nby hand", "--link", "log=https://example.com/1"],
    );
    repo.ok("inc-timeline list", &[]).prints(
        "2023-03-26 (Europe/Paris)
   1  23:50   Installed
              by hand
              > log: https://example.com/1
2023-03-27 (Europe/Paris)
   2  12:59   [declared] Incident declared
   3  13:00   [decision] We delete it
              - first
                second
",
    );
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    assert_eq!(entries[0]["number"], 1);
    assert_eq!(entries[0]["at"], "2023-03-26T23:50:00+02:00");
    assert_eq!(entries[0]["links"][0]["url"], "https://example.com/1");
    assert_eq!(entries[2]["kind"], "decision");
    assert_eq!(entries[2]["details"][0], "first\nsecond");
}

#[test]
fn an_entry_is_told_better_and_taken_out() {
    let repo = TestRepo::with_incident();
    let id = repo.ok("inc-timeline add", &["Disk ful"]).stdout;
    repo.ok("inc-timeline edit 2 --at 13:01 --detail /var --text", &["Disk full"]).prints(&id);
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    assert_eq!(entries[1]["text"], "Disk full");
    assert_eq!(entries[1]["time"], "13:01");
    assert_eq!(entries[1]["details"][0], "/var");
    assert_eq!(repo.commits()[0], "timeline: edit \"Disk full\"");
    let removed = repo.ok("inc-timeline remove --format json", &["cluster-3", id.trim_end()]).json();
    assert_eq!(removed["entry"], serde_json::Value::Null);
    assert_eq!(removed["commit"], repo.head());
    assert_eq!(repo.commits()[0], "timeline: remove \"Disk full\"");
    assert_eq!(repo.ok("inc-timeline list --format json", &[]).json().as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_is_refused() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add", &["hello"]);
    let long = "x".repeat(20_001);
    for (code, line, words, said) in [
        (2, "inc-timeline add", &[""][..], "the text is empty"),
        (2, "inc-timeline add", &["a\u{7}b"], "the control character U+0007"),
        (2, "inc-timeline add", &[&long], "the text has 20001 characters: 20000 are the most"),
        (2, "inc-timeline add", &["a", "b", "c"], "unexpected value 'c'"),
        (2, "inc-timeline add", &[ID], "names an incident: what happened there?"),
        (2, "inc-timeline add --kind rumour", &["x"], "rumour"),
        (2, "inc-timeline add --at soon", &["hi"], "--at: `soon` is not a time"),
        (2, "inc-timeline add --at", &["2023-03-26 02:30", "hi"], "does not exist in Europe/Paris"),
        (2, "inc-timeline add --at", &["2022-10-30 02:30", "hi"], "comes twice in Europe/Paris"),
        (2, "inc-timeline add --at", &["25:00", "hi"], "is not a time of day"),
        (2, "inc-timeline add --at", &["2023-02-30 10:00", "hi"], "there is no 2023-02-30 in the calendar"),
        (1, "inc-timeline add --at", &["2023-03-28 10:00", "hi"], "cannot lie in the future"),
        (1, "inc-timeline edit 9 --text", &["x"], "there is no entry 9: the timeline has 2"),
        (1, "inc-timeline edit 1 --text", &["x"], "its words stay"),
        (2, "inc-timeline edit 2", &[], "what shall change?"),
        (2, "inc-timeline remove 0", &[], "`0` names no entry: give its number"),
        (2, "inc-timeline remove", &["-1"], "-1"),
        (2, "inc-timeline remove", &["!"], "!"),
    ] {
        repo.fails(code, line, words).says(&[said]);
    }
}

#[test]
fn comments_order_and_quotes_of_the_record_survive_every_program() {
    let repo = TestRepo::with_incident();
    let text = repo
        .record_text(ID)
        .replace(
            "kind: incident\n",
            "kind:   'incident'   # not a drill\n\n# who calls whom: the list is on the wall\n",
        )
        .replace("timeline:\n", "\n# --- the story ---\ntimeline:\n")
        .replace("    kind: declared\n", "    kind: declared  # by the bot\n");
    repo.put_record(ID, &text);
    for (line, words) in [
        ("inc-timeline add", &["hello"][..]),
        ("inc-timeline edit 2 --text", &["hello all"]),
        ("inc-role assign commander", &["Ada Lovelace"]),
        ("inc-severity assess --customer-impact XL --single-customer-impact S", &[]),
        ("inc-severity override --to SEV-2 --reason", &["The press has called"]),
        ("inc-edit --set", &["summary.mitigation=Scaled"]),
        ("inc-status set mitigated", &[]),
        ("inc-status set investigating --reason", &["Again"]),
        ("inc-timeline remove 2", &[]),
    ] {
        repo.ok(line, words);
        let now = repo.record_text(ID);
        for kept in [
            "# An incident, kept by inc",
            "kind:   'incident'   # not a drill\n\n# who calls whom: the list is on the wall\nstatus:",
            "\n\n# --- the story ---\ntimeline:\n",
            "    kind: declared  # by the bot\n",
        ] {
            assert!(now.contains(kept), "{line}: {kept:?} is lost in {now}");
        }
        assert_eq!(repo.git(&["status", "--porcelain"]), "", "{line}");
    }
}

#[test]
fn edits_by_hand_go_into_our_commit_only_when_asked() {
    let repo = TestRepo::with_incident();
    let edited = repo.record_text(ID).replace("title: ", "# mine\ntitle: ");
    std::fs::write(repo.path(ID), edited).unwrap();
    repo.fails(1, "inc-timeline add", &["hello"]).says(&[
        "has changes of yours that are not committed",
        "--include-edits",
        "--no-commit",
    ]);
    repo.ok("inc-timeline add --no-commit", &["hello"]).says(&["[written, not committed]"]);
    assert_eq!(repo.commits().len(), 2);
    repo.ok("inc-timeline add --include-edits", &["world"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    let lines = repo.changed_lines();
    for line in ["+# mine", "+    text: hello", "+    text: world"] {
        assert!(lines.iter().any(|found| found == line), "{line} is not in {lines:?}");
    }
    repo.fails(2, "inc-timeline add --include-edits --no-commit", &["x"]).says(&["cannot be used with"]);
}

#[test]
fn a_staged_version_of_the_record_itself_is_an_edit_too() {
    let repo = TestRepo::with_incident();
    let text = repo.record_text(ID);
    std::fs::write(repo.path(ID), text.replace("title: ", "# mine\ntitle: ")).unwrap();
    repo.git(&["add", "--all"]);
    repo.fails(1, "inc-timeline add", &["hello"]).says(&["not committed"]);
}

#[test]
fn it_works_from_a_folder_below_and_from_elsewhere() {
    let repo = TestRepo::with_incident();
    let below = repo.top().join("incidents/2023");
    let output = repo.run_with("inc-timeline add", &["from below"], |command| {
        command.current_dir(&below);
    });
    assert_eq!(output.code, 0, "{output:?}");
    for line in [
        "inc-timeline -C REPO add",
        "inc-timeline add -C REPO",
        "inc -C REPO timeline add",
        "inc -CREPO timeline add",
        "inc --dir=REPO timeline add",
    ] {
        let line = line.replace("REPO", &repo.top().display().to_string());
        let output = repo.run_with(&line, &["from elsewhere"], |command| {
            command.current_dir("/");
        });
        assert_eq!(output.code, 0, "{line}: {output:?}");
    }
    assert_eq!(repo.commits().len(), 2 + 1 + 5);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_text_cannot_forge_the_commits_trailers() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add", &["first\n\nIncident: forged\nCo-authored-by: x <x@example.com>"]);
    assert_eq!(repo.message(), format!("timeline: first\n\nIncident: {ID}"));
    repo.ok("inc-timeline add --", &[ID, "-- Incident: forged"]);
    assert_eq!(repo.git(&["log", "-1", "--format=%(trailers:key=Incident,valueonly)"]), ID);
    repo.ok("inc-timeline add", &["# no comment to git"]);
    assert_eq!(repo.commits()[0], "timeline: # no comment to git");
    repo.ok("inc-timeline add", &["long ".repeat(1_000).trim()]);
    let subject = &repo.commits()[0];
    assert!(subject.chars().count() <= 72 && subject.ends_with('…'), "{subject}");
}

#[test]
fn line_ends_and_marks_of_another_system_stay() {
    let repo = TestRepo::with_incident();
    let text = repo.record_text(ID);
    repo.put_record(ID, format!("\u{feff}{}", text.replace('\n', "\r\n")));
    repo.ok("inc-timeline add", &["hello"]);
    let text = repo.record_text(ID);
    assert!(text.starts_with("\u{feff}# An incident") && text.ends_with("\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
    assert!(text.contains("    text: hello\r\n"), "{text:?}");
}

#[test]
fn on_a_detached_head_the_commit_lies_there() {
    let repo = TestRepo::with_incident();
    let main = repo.head();
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.ok("inc-timeline add", &["hello"]);
    assert_eq!(repo.git(&["rev-parse", "main", "HEAD^"]), format!("{main}\n{main}"));
}
