//! `inc-edit`: `--set`, and the editor, whose text is never lost.

use std::fs;
use std::path::PathBuf;

use crate::support::{ID, Output, TITLE, TestRepo};

#[test]
fn properties_are_set_and_taken_out() {
    let repo = TestRepo::with_incident();
    repo.ok(
        "inc-edit --set environment=staging --set",
        &["summary.cause=The disk: \"full\" # really", "--set", "responders=Ada Lovelace, Grace Hopper"],
    )
    .prints("")
    .says(&["edit: environment, summary.cause, responders [commit "]);
    assert_eq!(repo.message(), format!("edit: environment, summary.cause, responders\n\nIncident: {ID}"));
    let text = repo.record_text(ID);
    assert!(text.contains("environment: staging\n"), "{text}");
    assert!(text.contains("  cause: \"The disk: \\\"full\\\" # really\"\n"), "{text}");
    let answer = repo.ok("inc-edit --unset environment --format json", &[]).json();
    assert_eq!(answer["incident"], ID);
    assert_eq!(answer["changed"], true);
    assert_eq!(answer["commit"], repo.head());
    assert!(!repo.record_text(ID).contains("environment"));
    let answer = repo.ok("inc-edit --unset environment --format json", &[]).json();
    assert_eq!(answer["changed"], false);
    assert_eq!(answer["commit"], serde_json::Value::Null);
}

#[test]
fn texts_of_any_shape_are_kept_to_the_letter() {
    let repo = TestRepo::with_incident();
    let texts = [
        "# not a comment",
        "a: b",
        "- x",
        "[a, b]",
        "{a: b}",
        "\"quoted\"",
        "'quoted'",
        "back\\slash \\n \\u0041",
        "null",
        "~",
        "true",
        "0x10",
        "1e3",
        "2023-03-27",
        "12:59",
        "*alias",
        "&anchor",
        "!tag",
        "%directive",
        "@at",
        "`tick`",
        "|",
        ">",
        "---",
        "...",
        "<<",
        "=",
        "a #b",
        "a\tb",
        "trailing:",
        "é 東京 🔥",
        "lines\n  indented\n\nand # more: \"so\"\n---\n<<<<<<< HEAD",
    ];
    for text in texts {
        repo.ok("inc-edit --set", &[&format!("summary.cause={text}")]);
        repo.ok("inc-timeline add --", &[ID, text]);
        let entries = repo.ok("inc-timeline list --format json", &[]).json();
        assert_eq!(entries.as_array().unwrap().last().unwrap()["text"], text);
    }
    let edited = repo.git(&["log", "--format=%s"]);
    assert_eq!(edited.lines().filter(|line| *line == "edit: summary.cause").count(), texts.len());
}

#[test]
fn bad_properties_and_values_are_refused() {
    let repo = TestRepo::with_incident();
    for (code, words, said) in [
        (2, "titel=x", "no property `titel` can be set; did you mean `title`?"),
        (2, "title", "write PATH=VALUE"),
        (2, "title=", "title: the text is empty"),
        (2, "title=a\nb", "title: the text has several lines"),
        (2, "title=a\u{1b}b", "title: the text holds the control character U+001B"),
        (2, "id=x", "an id never changes"),
        (2, "status=closed", "use `inc-status set`"),
        (2, "severity=SEV-1", "`inc-severity assess` or `inc-severity override`"),
        (2, "commander=Ada", "inc-role assign commander"),
        (2, "impact.customers=-3", "`-3` is not a count"),
        (2, "impact.money_at_risk=10000000000000", "is not an amount: a number from 0 to 1000000000000"),
        (2, "impact.customer_impact=XXL", "no band"),
        (2, "kind=fire", "fire"),
        (2, "mitigated_at=tomorrow 10:00", "is not a time"),
        (2, "mitigated_at=2023-03-26 02:30", "does not exist in Europe/Paris"),
        (1, "mitigated_at=2023-03-28 10:00", "cannot lie in the future"),
        (1, "resolved_at=12:00", "resolved --at TIME"),
        (1, "mitigated_at=12:00", "mitigated --at TIME"),
        (2, "links.graph=javascript:x", "not safe"),
        (2, "../x=y", "no property `../x`"),
    ] {
        repo.fails(code, "inc-edit --set", &[words]).says(&[said]);
    }
    // One bad setting, and the good ones are not made either.
    repo.fails(2, "inc-edit --set environment=staging --set impact.customers=x", &[]);
    repo.fails(2, "inc-edit --unset title", &[]).says(&["title cannot be left out"]);
    repo.fails(2, "inc-edit --file x --set title=y", &[]).says(&["cannot be used with"]);
}

// -- the editor ------------------------------------------------------------------------------------------------------

/// Runs `inc-edit` with an editor that does `work` on the file `$1`.
fn edit(repo: &TestRepo, work: &str) -> Output {
    let editor = repo.script("editor", work);
    repo.run_with("inc-edit", &[ID], |command| {
        command.env("EDITOR", editor);
    })
}

/// As `edit`, where the record must stay as it is.
fn edit_in_vain(repo: &TestRepo, code: i32, work: &str) -> Output {
    let output = repo.assert_untouched(|repo| edit(repo, work));
    assert_eq!(output.code, code, "{output:?}");
    output
}

/// The file that holds the user's text, as stderr names it.
fn kept(output: &Output) -> PathBuf {
    let words = format!("\nmend it there, then run: inc-edit {ID} --file ");
    let (_, rest) = output.stderr.split_once(&words).unwrap_or_else(|| panic!("no file named: {output:?}"));
    PathBuf::from(rest.lines().next().unwrap())
}

/// What lies beside the repository's own files: copies that were kept.
fn copies(repo: &TestRepo) -> Vec<PathBuf> {
    let entries = fs::read_dir(repo.top().join(".git/inc")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect()
}

#[test]
fn a_valid_edit_is_committed_as_it_was_typed() {
    let repo = TestRepo::with_incident();
    let output = edit(
        &repo,
        r#"sed -i 's/^title: .*/title:   "Cluster 3 is down"   # so it seems/; s/^kind: /\n# a drill?\nkind: /' "$1""#,
    );
    assert_eq!(output.code, 0, "{output:?}");
    output.says(&["edit by hand [commit "]);
    assert_eq!(repo.message(), format!("edit by hand\n\nIncident: {ID}"));
    let text = repo.record_text(ID);
    for kept in ["title:   \"Cluster 3 is down\"   # so it seems\n", "\n\n# a drill?\nkind: incident\n"] {
        assert!(text.contains(kept), "{kept:?} is not in {text}");
    }
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(copies(&repo), [] as [PathBuf; 0]);
}

#[test]
fn what_follows_from_an_edit_is_put_in_too() {
    let repo = TestRepo::with_incident();
    let output = edit(
        &repo,
        r#"cat >>"$1" <<'END'
  # typed by hand
  - at: "2023-03-27T12:30:00+02:00"
    kind: note
    text: Somebody saw it first
END
sed -i 's/^timeline:/impact: {customers: 0, customer_impact: NONE, single_customer_impact: S, money_at_risk: none, transactions: none}\n&/' "$1""#,
    );
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(repo.ok("inc-severity show", &[]).stdout, "SEV-4\n");
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    assert_eq!(entries[0]["text"], "Somebody saw it first");
    assert_eq!(entries[0]["id"].as_str().unwrap().len(), 26);
    assert!(repo.record_text(ID).contains("  # typed by hand\n"));
}

#[test]
fn an_invalid_edit_is_kept_and_can_be_mended() {
    let repo = TestRepo::with_incident();
    let work = r#"sed -i 's/^status: .*/status: sleeping/; s/^title: /# mine\ntitle: /' "$1""#;
    let output = edit_in_vain(&repo, 4, work);
    let file = kept(&output);
    let name = file.display().to_string();
    output.says(&[
        "not taken over; your text is kept",
        &format!("{name}:8:9: unknown value `sleeping` for `status`"),
    ]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("# mine\n"), "{text}");

    repo.fails(4, "inc-edit --file", &[&name, ID]).says(&["unknown value `sleeping`"]);
    fs::write(&file, text.replace("sleeping", "investigating")).unwrap();
    repo.ok("inc-edit --file", &[&name, ID]);
    assert!(repo.record_text(ID).contains("# mine\ntitle: "));
    assert_eq!(repo.commits().len(), 3);
}

#[test]
fn an_edit_that_is_refused_is_kept_too() {
    let repo = TestRepo::with_incident();
    for (code, work, said) in [
        (1, "s/^id: .*/id: 2023-03-27-other/", "`id` never changes"),
        (1, "s/^uid: .*/uid: 01GWHBHA90QDFEXEXZQERR7Y8B/", "`uid` never changes"),
        (1, "s/^started_at: .*/started_at: \"2024-03-27T12:59:00+02:00\"/", "future"),
        (4, "s/^title: .*/title: [/", "a bracket is not closed"),
        (4, "s/^title: /titel: /", "did you mean `title`?"),
        (4, "1,$d", "is empty"),
    ] {
        let output = edit_in_vain(&repo, code, &format!("sed -i '{work}' \"$1\""));
        let file = kept(&output);
        assert!(file.exists());
        output.says(&[said]);
    }
    assert_eq!(copies(&repo).len(), 6);
}

#[test]
fn an_editor_that_fails_or_changes_nothing_leaves_nothing() {
    let repo = TestRepo::with_incident();
    edit_in_vain(&repo, 1, "exit 3").says(&["the editor `", "ended with exit status: 3"]);
    edit_in_vain(&repo, 0, "true").says(&["nothing changed"]);
    edit_in_vain(&repo, 0, r#"touch "$1""#);
    repo.fails_with(1, "inc-edit", &[ID], |command| {
        command.env("EDITOR", "/nowhere/editor");
    })
    .says(&["the editor `/nowhere/editor` ended with exit status: 127"]);
    repo.fails(2, "inc-edit", &[ID]).says(&["no editor: set EDITOR", "--file FILE"]);
    assert_eq!(copies(&repo), [] as [PathBuf; 0]);
    // But a text that was saved before the editor fell over is the user's.
    let output = edit_in_vain(&repo, 1, "echo '# mine' >>\"$1\"; kill -9 $$");
    assert!(fs::read_to_string(kept(&output)).unwrap().ends_with("# mine\n"));
}

#[test]
fn visual_goes_before_editor_and_may_have_arguments() {
    let repo = TestRepo::with_incident();
    let editor = repo.script("editor", r#"sed -i "s/^title: .*/title: $1/" "$2""#);
    let output = repo.run_with("inc-edit", &[ID], |command| {
        command.env("EDITOR", "false").env("VISUAL", format!("{editor} Changed"));
    });
    assert_eq!(output.code, 0, "{output:?}");
    assert!(repo.record_text(ID).contains("title: Changed\n"));
}

#[test]
fn a_record_that_changed_meanwhile_is_not_overwritten() {
    let repo = TestRepo::with_incident();
    let work = format!("inc-timeline add {ID} \"from elsewhere\" >/dev/null && echo '# mine' >>\"$1\"");
    let output = edit(&repo, &work);
    assert_eq!(output.code, 1, "{output:?}");
    let file = kept(&output);
    output.says(&["was changed by somebody else while you edited"]);
    assert!(fs::read_to_string(&file).unwrap().ends_with("# mine\n"));
    let text = repo.record_text(ID);
    assert!(text.contains("from elsewhere") && !text.contains("# mine"), "{text}");
    assert_eq!(repo.commits()[0], "timeline: from elsewhere");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");

    // To follow the advice must not undo what came in meanwhile.
    let again = repo.fails(1, "inc-edit --file", &[file.to_str().unwrap()]);
    again.says(&["has changed since this text was begun", "git diff --no-index", ".base"]);
    let carried_over = format!("{text}# mine\n");
    fs::write(&file, &carried_over).unwrap();
    fs::remove_file(file.with_extension("base")).unwrap();
    repo.ok("inc-edit --file", &[file.to_str().unwrap()]);
    assert_eq!(repo.record_text(ID), carried_over);
}

#[test]
fn a_record_that_was_edited_in_place_meanwhile_is_not_overwritten() {
    let repo = TestRepo::with_incident();
    let path = repo.path(ID).display().to_string();
    let output = edit(&repo, &format!("echo '# theirs' >>{path}; echo '# mine' >>\"$1\""));
    assert_eq!(output.code, 1, "{output:?}");
    assert!(kept(&output).exists());
    assert!(repo.record_text(ID).ends_with("# theirs\n"));
}

#[test]
fn a_whole_record_comes_from_stdin() {
    let repo = TestRepo::with_incident();
    let text = repo.record_text(ID).replace(TITLE, "Cluster 3 is down");
    let output = repo.run_with("inc-edit --file -", &[ID], |command| {
        command.write_stdin(text.clone());
    });
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(repo.record_text(ID), text);
    repo.fails_with(4, "inc-edit --file -", &[ID], |command| {
        command.write_stdin("");
    })
    .says(&["stdin: is empty"]);
    repo.fails_with(4, "inc-edit --file -", &[ID], |command| {
        command.write_stdin(b"caf\xe9".to_vec());
    })
    .says(&["not UTF-8"]);
    repo.fails(3, "inc-edit --file /nowhere/file", &[ID]).says(&["read /nowhere/file: No such file"]);
}

#[test]
fn what_a_merge_left_contested_is_settled_in_one_commit() {
    let repo = TestRepo::with_incident();
    let contested = "contested:
  - {path: title, ours: One, theirs: Two, by: Ada}
  - {path: environment, ours: staging, theirs: test}
  - {path: environment, ours: staging, theirs: production} # of the third clone
  - path: status
    ours: investigating
    theirs: mitigated
";
    repo.put_record(ID, format!("{}{contested}", repo.record_text(ID)));
    repo.git(&["commit", "--quiet", "--all", "--message=merged"]);
    let warned = format!(
        "warning: 3 values are contested since a merge:\n  \
         title: stands Staging: Kubernetes cluster 3 is misbeha…; not Two (by Ada)\n  \
         environment: stands staging; not test (theirs:1), not production (theirs:2)\n  \
         status: stands investigating; not mitigated\n  \
         settle: `inc-edit {ID} --settle PATH=ours`, or PATH=theirs, of several PATH=theirs:1\n"
    );
    let shown = repo.ok("inc-status show --format json", &[]);
    assert!(shown.stderr.ends_with(&warned), "{shown:?}");
    for line in ["inc-status show", "inc-role show", "inc-severity show", "inc-severity explain"]
        .into_iter()
        .chain(["inc-severity history", "inc-severity dora"])
    {
        let view = repo.ok(&format!("{line} --format json"), &[]).json();
        assert_eq!(view["contested"][0]["theirs"], "Two", "{line}: {view}");
    }
    assert_eq!(repo.ok("inc-list --format json", &[]).json()[0]["contested"], true);
    let listed = repo.ok(&format!("inc-edit {ID} --settle"), &[]);
    assert_eq!(listed.stdout.lines().count(), 3, "{listed:?}");
    assert!(!listed.stderr.contains("warning"), "{listed:?}");
    let view = repo.ok(&format!("inc-edit {ID} --settle --format json"), &[]).json();
    assert_eq!((&view["id"], &view["contested"][2]["theirs"]), (&ID.into(), &"production".into()));
    for (code, words, said) in [
        (2, &["title"][..], "--settle at the end, alone, lists"),
        (2, &["titel=ours"], "did you mean `title`?"),
        (2, &["title=theirs", "--settle", "environment=theirs"], "environment=theirs:2  production"),
        (1, &["title=theirs", "--settle", "status=theirs"], "inc-status set"),
        (2, &["title="], "title: "),
        (2, &["title=ours", "--set", "title=x"], "cannot be used with"),
    ] {
        let refused = repo.assert_untouched(|repo| repo.run("inc-edit --settle", words));
        assert_eq!(refused.code, code, "{words:?}: {refused:?}");
        assert!(refused.stderr.contains(said), "{words:?}: {refused:?}");
    }
    let answer =
        repo.ok("inc-edit --format json --settle title=theirs --settle environment=theirs:2", &[]).json();
    assert_eq!((&answer["changed"], &answer["commit"]), (&true.into(), &repo.head().into()));
    let subject = "settle: title is now Two; environment is now production";
    assert_eq!(repo.message(), format!("{subject}\n\nIncident: {ID}"));
    let text = repo.record_text(ID);
    assert!(text.contains("title: \"Two\"\n") && text.contains("environment: production\n"), "{text}");
    assert!(
        text.ends_with("contested:\n  - path: status\n    ours: investigating\n    theirs: mitigated\n"),
        "{text}"
    );
    repo.ok("inc-edit --settle status=ours", &[]).says(&["settle: status stays investigating [commit "]);
    assert!(!repo.record_text(ID).contains("contested"));
    repo.fails(1, "inc-edit --settle status=ours", &[]).says(&["nothing is contested in 2023-03-27"]);
    repo.ok("inc-edit --settle", &[]).prints("").says(&["nothing is contested in 2023-03-27"]);
}

#[test]
fn to_set_what_is_contested_settles_it() {
    let repo = TestRepo::with_incident();
    let contested = "contested:
  - {path: title, ours: One, theirs: Two}
  - {path: impact.customers, ours: 12, theirs: 3}
";
    repo.put_record(ID, format!("{}{contested}", repo.record_text(ID)));
    repo.git(&["commit", "--quiet", "--all", "--message=merged"]);
    let said = repo.ok("inc-edit --set title=Three", &[]).says(&["settles title: Three stands, not Two"]);
    assert!(said.stderr.contains("edit: title; settles title [commit "), "{said:?}");
    assert_eq!(repo.message(), format!("edit: title; settles title\n\nIncident: {ID}"));
    repo.ok("inc-severity assess --customers 7", &[]).says(&["settles impact.customers: 7 stands, not 3"]);
    assert!(!repo.record_text(ID).contains("contested"), "{}", repo.record_text(ID));
}
