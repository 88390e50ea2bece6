//! The PDCA's file as its people keep it: the editor, comments, edits of their own.

use std::fs;
use std::path::PathBuf;

use super::P;
use crate::support::{Output, TestRepo};

/// Runs `pdca edit` with an editor that does `work` on the file `$1`.
fn edit(repo: &TestRepo, work: &str) -> Output {
    let editor = repo.script("editor", work);
    repo.run_with("pdca edit", &[P], |command| {
        command.env("EDITOR", editor);
    })
}

#[test]
fn a_valid_edit_is_committed_as_it_was_typed() {
    let repo = TestRepo::with_plan();
    let work = r#"sed -i 's/^owner: .*/owner:  "Grace"  # for now/' "$1"
cat >>"$1" <<'END'
  - id: C3 # by hand
    root_causes: [RC1]
    title: Look at it daily
END"#;
    let output = edit(&repo, work);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(repo.message(), format!("pdca: edit by hand\n\nPdca: {P}"));
    repo.pdca_holds(&["owner:  \"Grace\"  # for now\n", "  - id: C3 # by hand\n"]);
    let view = repo.ok("pdca show --format json", &[]).json();
    assert_eq!(view["countermeasures"][2]["uid"].as_str().unwrap().len(), 26);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    let output = edit(&repo, "true");
    assert_eq!(output.code, 0, "{output:?}");
    output.says(&["nothing changed"]);
}

#[test]
fn an_invalid_edit_is_kept_and_can_be_mended() {
    let repo = TestRepo::with_plan();
    for (code, work, said) in [
        (4, "s/^owner: /onwer: /", "did you mean `owner`?"),
        (4, "s/^source:/status: plan-done\\nsource:/", "unknown key `status`"),
        (1, "s/^id: .*/id: 2023-03-27-other/", "`id` never changes"),
        (1, "s/\\[RC1\\]/[RC9]/", "C1 answers RC9, and no why has that label"),
        (1, "s/- id: C2/- id: C1/", "C1 stands twice: rename one"),
    ] {
        let output = repo
            .assert_untouched(|repo| edit(repo, &format!("sed -i '{work}' \"$1\"; echo '# mine' >>\"$1\"")));
        assert_eq!(output.code, code, "{work}: {output:?}");
        let command = format!("\nmend it there, then run: pdca edit {P} --file ");
        let (_, rest) = output.stderr.split_once(&command).unwrap_or_else(|| panic!("{output:?}"));
        let kept = PathBuf::from(rest.lines().next().unwrap());
        let text = fs::read_to_string(&kept).unwrap();
        assert!(text.ends_with("# mine\n"), "{text}");
        let name = kept.display().to_string();
        repo.fails(code, "pdca edit --file", &[&name, P]).says(&[said]);
        output.says(&[said]);
    }
    let mended = repo.pdca_text() + "# mended\n";
    let output = repo.run_with("pdca edit --file -", &[P, "--format", "json"], |command| {
        command.write_stdin(mended.clone());
    });
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(output.json()["commit"], repo.head());
    assert_eq!(repo.pdca_text(), mended);
    repo.fails(2, "pdca edit", &[P])
        .says(&["no editor: set EDITOR or VISUAL, or give the new text with --file FILE"]);
}

#[test]
fn comments_survive_every_verb_that_writes() {
    let repo = TestRepo::with_plan();
    let text = repo.pdca_text();
    let mut commented = String::new();
    for (number, line) in text.lines().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        commented.push_str(&format!("{indent}# line {number}\n{line}\n"));
    }
    commented.push_str("# the end\n");
    repo.put_pdca(&commented);
    let comments = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.trim_start().starts_with("# ")).map(str::to_owned).collect()
    };
    let before = comments(&commented);
    for (line, words) in [
        ("pdca set --owner Grace --cft Cards --problem", &["Another"][..]),
        ("pdca why --occurrence", &["Another"]),
        ("pdca why --under o1 --root-cause next", &["Another"]),
        ("pdca why --tag o2 --root-cause RC9", &[]),
        ("pdca countermeasure --root-cause RC9", &["Another"]),
        ("pdca countermeasure --edit C1 --due 2023-04-01 --stack SRE", &[]),
        ("pdca done C1", &[]),
        ("pdca check C1 ok --evidence", &["It fired"]),
        ("pdca check C2 ok", &[]),
        ("pdca act C1 --target staging", &["Everywhere"]),
        ("pdca act --edit A1 --target production", &[]),
        ("pdca done A1 --target staging", &[]),
        ("pdca act C2 --none", &["Nowhere else"]),
        ("pdca abandon --reason", &["Enough"]),
        ("pdca resume --reason", &["Not enough", P]),
    ] {
        repo.ok(line, words);
        assert_eq!(comments(&repo.pdca_text()), before, "{line}");
        assert_eq!(repo.changed_files(), [format!("pdcas/2023/{P}.yaml")], "{line}");
    }
}

#[test]
fn no_commit_and_include_edits_are_the_users_choice() {
    let repo = TestRepo::with_plan();
    let head = repo.head();
    repo.ok("pdca set --owner Grace --no-commit", &[]).says(&["pdca: set owner [written, not committed]"]);
    assert_eq!(repo.head(), head);
    assert_eq!(repo.git(&["status", "--porcelain"]), format!("M pdcas/2023/{P}.yaml"));
    repo.fails(1, "pdca done C1", &[]).says(&["has changes of yours that are not committed"]);
    repo.ok("pdca done C1 --include-edits", &[]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    repo.fails(2, "pdca done C1 --include-edits --no-commit", &[]).says(&["cannot be used with"]);
}

#[test]
fn what_a_merge_left_contested_is_settled() {
    let repo = TestRepo::with_plan();
    let path = repo.pdca_path(P);
    let text = fs::read_to_string(&path).unwrap();
    let contested = "contested:\n  - {path: 'countermeasures[C1].title', ours: x, theirs: Page us}\n";
    fs::write(&path, format!("{text}{contested}")).unwrap();
    repo.git(&["commit", "--quiet", "--all", "--message=merged"]);
    let shown = repo.ok("pdca show --format json", &[]);
    assert_eq!(shown.json()["contested"][0]["theirs"], "Page us");
    let ours = format!("settle: `pdca edit {P} --settle 'countermeasures[C1].title=ours'`, or 'counter");
    shown.says(&["1 value is contested", "  'countermeasures[C1].title': stands", "; not Page us", &ours]);
    let listed = repo.ok(&format!("pdca edit {P} --settle"), &[]);
    assert!(listed.stdout.starts_with("'countermeasures[C1].title': stands "), "{listed:?}");
    for (word, said) in [
        ("countermeasures[C1].title=", "cannot be an empty text: "),
        ("countermeasures[C1].titel=ours", "is not contested"),
    ] {
        repo.fails(2, "pdca edit --settle", &[word]).says(&[said]);
    }
    let ready = format!("`pdca edit {P} --settle 'countermeasures[C1].title=theirs'`");
    let found = repo.fails(1, "pdca lint", &[]).stdout;
    assert!(found.contains(&ready[1..ready.len() - 1]), "{found}");
    let answer = repo.ok("pdca edit --format json --settle countermeasures[C1].title=theirs", &[]).json();
    assert_eq!(answer["commit"], repo.head());
    assert_eq!(repo.message(), format!("settle: countermeasures[C1].title is now Page us\n\nPdca: {P}"));
    repo.pdca_holds(&["    title: Page us\n"]);
    repo.fails(1, "pdca edit --settle owner=ours", &[]).says(&["nothing is contested"]);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}contested:\n  - {{path: 'countermeasures[C1].due', theirs: x}}\n"))
        .unwrap();
    repo.git(&["commit", "--quiet", "--all", "--message=merged"]);
    repo.fails(2, "pdca edit --settle countermeasures[C1].due=soon", &[])
        .says(&["countermeasures[C1].due: "]);
    let day = repo.ok("pdca edit --settle", &["countermeasures[C1].due=in 3 weeks"]);
    day.says(&["countermeasures[C1].due: understood as 2023-"]);
    repo.pdca_holds(&["    due: \"2023-04-17\"\n"]);
}
