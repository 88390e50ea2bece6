//! `inc-history`: what happened to a record, from git, and the record as it was.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::clones::{clone, gits};
use crate::support::{ID, IMPACT, Output, TITLE, TestRepo};

/// An incident declared at 12:59, an entry of 12:50 written at 13:00, and its severity of 13:01.
fn told() -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.ok("inc-timeline add --at 12:50", &[ID, "The API server lags"]);
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[ID]);
    repo
}

/// The facts that a program tells.
#[track_caller]
fn facts(output: &Output) -> Vec<Value> {
    output.json().as_array().unwrap().clone()
}

#[track_caller]
fn whats(output: &Output) -> Vec<String> {
    facts(output).iter().map(|fact| fact["what"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn json(repo: &TestRepo, args: &[&str]) -> Output {
    repo.ok("inc-history --format json", args)
}

#[test]
fn each_fact_has_when_it_happened_when_it_was_written_and_the_lag() {
    let repo = told();
    let added = "--author=Grace <g@example.com>";
    let text = repo.record_text(ID).replace("environment: ", "environment: x");
    fs::write(repo.path(ID), text.replace("title: \"Staging: ", "title: \"Staging, again: ")).unwrap();
    repo.git(&["commit", "-qam", "x", added, "--date=2023-03-27T14:00:00+05:30"]);

    let facts = facts(&json(&repo, &[ID]));
    assert_eq!(facts[0]["what"], format!("new incident: {TITLE} (SEV-1 provisional, investigating)"));
    let entry = &facts[1];
    assert_eq!(entry["kind"], "added");
    assert_eq!(entry["what"], "note: The API server lags");
    assert_eq!(entry["happened_at"], "2023-03-27T12:50:00+02:00");
    assert_eq!(entry["written_at"], "2023-03-27T13:00:00+02:00");
    assert_eq!((&entry["lag_minutes"], &entry["by"]), (&10.into(), &"Mathieu Corbin".into()));
    assert_eq!((&entry["committed_by"], &entry["signature"]), (&Value::Null, &Value::Null));
    assert!(facts[2]["what"].as_str().unwrap().starts_with("Severity SEV-1 (provisional) to SEV-3"));

    // A title does not happen at a time; the committer is somebody else.
    let title = facts.last().unwrap();
    assert_eq!(title["kind"], "changed");
    assert_eq!(
        title["what"],
        format!("title: \"{TITLE}\" to \"{}\"", TITLE.replace("Staging:", "Staging, again:"))
    );
    assert_eq!((&title["happened_at"], &title["lag_minutes"]), (&Value::Null, &Value::Null));
    assert_eq!(title["written_at"], "2023-03-27T14:00:00+05:30");
    assert_eq!((&title["by"], title["committed_by"].is_string()), (&"Grace".into(), true));
    assert_eq!(title["commit"], repo.head());
}

#[test]
fn people_get_a_table_and_programs_every_format() {
    let repo = told();
    let table = repo.ok("inc-history", &[ID]).stdout;
    let lines: Vec<&str> = table.lines().collect();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(lines[0]), ["HAPPENED", "WRITTEN", "LAG", "BY", "COMMIT", "WHAT"]);
    assert!(lines[2].starts_with("2023-03-27 12:50  2023-03-27 13:00  10min  Mathieu Corbin  "), "{table}");
    assert!(lines[2].ends_with("  note: The API server lags"), "{table}");

    let newest = repo.ok("inc-history --limit 1", &[ID]).stdout;
    assert!(newest.lines().count() == 2 && newest.contains("impact.countries: \"n/a\""), "{newest}");
    let reversed = repo.ok("inc-history --reverse", &[ID]).stdout;
    assert!(reversed.lines().last().unwrap().contains("new incident: "), "{reversed}");
    let ndjson = repo.ok("inc-history --format ndjson", &[ID]).stdout;
    assert!(ndjson.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["commit"].is_string()));
    assert_eq!(ndjson.lines().count(), lines.len() - 1);
    let csv = repo.ok("inc-history --format csv --limit 1", &[ID]).stdout;
    assert!(csv.starts_with("kind,what,happened_at,happened_on,written_at,lag_minutes,"), "{csv}");

    assert_eq!(whats(&json(&repo, &["--until", "2023-03-27 13:00", ID])).len(), 2);
    assert_eq!(whats(&json(&repo, &["--since", "2023-03-27 13:01", ID])).len(), table.lines().count() - 3);
    repo.ok("inc-history --since 2023-03-28", &[ID]).prints("").says(&["nothing was written in that time"]);
    repo.fails(2, "inc-history --since 2023-03-28 --until 2023-03-27", &[ID]);
    repo.fails(2, "inc-history --at now --limit 1", &[ID]);
    repo.fails(2, "inc-history --at now --format csv", &[ID]);
}

#[test]
fn what_is_not_committed_is_told_last() {
    let repo = told();
    let text = repo.record_text(ID);
    fs::write(repo.path(ID), text.replace("The API server lags", "The API server is slow")).unwrap();
    let told = facts(&json(&repo, &[ID]));
    let last = told.last().unwrap();
    let what =
        "entry \"The API server is slow\": text: \"The API server lags\" to \"The API server is slow\"";
    assert_eq!(last["what"], what);
    assert_eq!(
        (&last["commit"], &last["written_at"], &last["by"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let table = repo.ok("inc-history", &[ID]).stdout;
    assert!(table.lines().last().unwrap().contains("not committed"), "{table}");

    // A comment alone.
    fs::write(repo.path(ID), format!("# seen by Ada\n{text}")).unwrap();
    assert_eq!(whats(&json(&repo, &[ID])).last().unwrap(), "comments or layout only");
    // Line ends that git converts are no edit.
    repo.git(&["config", "core.autocrlf", "true"]);
    fs::remove_file(repo.path(ID)).unwrap();
    repo.git(&["checkout", "--quiet", "--", "."]);
    assert_eq!(repo.record_text(ID), text.replace('\n', "\r\n"));
    assert!(!whats(&json(&repo, &[ID])).contains(&"comments or layout only".to_owned()));
}

#[test]
fn nothing_committed_is_said() {
    let repo = TestRepo::without_git();
    repo.git(&["init", "--quiet", "--initial-branch=main"]);
    repo.ok("inc-declare --no-commit", &[TITLE]);
    let id = fs::read_dir(repo.top().join("incidents/2023")).unwrap().next().unwrap().unwrap();
    let id = id.file_name().into_string().unwrap().replace(".yaml", "");
    let untracked =
        repo.ok("inc-history", &[&id]).says(&["nothing of it is committed", "git add -- incidents/2023/"]);
    assert!(untracked.stdout.contains("not committed") && untracked.stdout.contains("new incident: "));
    repo.fails(1, "inc-history --at now", &[&id]).says(&["nothing of it is committed"]);
    // Others are committed, this one is not.
    repo.ok("inc-declare", &["Another"]);
    repo.ok("inc-history", &[&id]).says(&["nothing of it is committed"]);
    repo.fails(1, "inc-history --at now", &[&id]).says(&["nothing of it is committed"]);
}

#[test]
fn a_renamed_file_keeps_its_history_and_takes_no_others() {
    let repo = told();
    // Much like the first one: git's own --follow takes such a file for a copy.
    let other = repo.declare("Staging: Kubernetes cluster 4 is misbehaving");
    assert_eq!(whats(&json(&repo, &[&other])).len(), 1);

    let new = "2023-03-27-cluster-3";
    let text = repo.record_text(ID).replace(&format!("id: {ID}"), &format!("id: {new}"));
    fs::remove_file(repo.path(ID)).unwrap();
    fs::write(repo.path(new), text).unwrap();
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "-qm", "renamed by hand"]);
    let told = whats(&json(&repo, &[new]));
    assert!(told[0].starts_with("new incident: "), "{told:?}");
    assert!(told.contains(&format!("file incidents/2023/{ID}.yaml moved to incidents/2023/{new}.yaml")));
    assert_eq!(told.last().unwrap(), &format!("id: \"{ID}\" to \"{new}\""));
    let then = repo.ok("inc-history --at 13:00 --format json", &[new]).json();
    assert_eq!(then["id"], ID);
}

#[test]
fn two_branches_are_both_told_and_their_merge_is_passed_over() {
    let repo = told();
    let top = repo.top();
    gits(&repo, &top, "checkout -qb side");
    repo.ok("inc-timeline add", &[ID, "From the side"]);
    gits(&repo, &top, "checkout -q main");
    repo.ok("inc-declare", &["Something else"]);
    gits(&repo, &top, "merge -q --no-edit side");
    let merged = whats(&json(&repo, &[ID]));
    assert_eq!(merged.iter().filter(|what| *what == "note: From the side").count(), 1);
    assert!(!merged.contains(&"two histories merged".to_owned()), "{merged:?}");

    // Both sides changed the record: the merge is named, and tells nothing twice.
    gits(&repo, &top, "checkout -qb other");
    repo.ok("inc-timeline add", &[ID, "From the other"]);
    gits(&repo, &top, "checkout -q main");
    repo.ok("inc-edit --set environment=staging", &[ID]);
    gits(&repo, &top, "merge -q --no-edit other");
    let merged = whats(&json(&repo, &[ID]));
    assert_eq!(merged.iter().filter(|what| *what == "note: From the other").count(), 1);
    assert_eq!(merged.last().unwrap(), "two histories merged");
}

#[test]
fn the_record_as_it_was_known() {
    let repo = told();
    let was = repo.ok("inc-history --at 13:00", &[ID]);
    assert!(was.stdout.contains("The API server lags") && was.stdout.contains("SEV-1 (provisional)"));
    let was =
        was.says(&["as committed by Mathieu Corbin, 2023-03-27 13:00 (", "policy, settings and linked"]);
    let now = repo.ok("inc-history --at 13:01", &[ID]);
    assert!(now.stdout.contains("SEV-3") && now.stdout != was.stdout);
    assert_eq!(now.stdout, repo.ok("inc-report", &[ID]).stdout);
    let now = repo.ok("inc-history --format json --at 13:01", &[ID]);
    assert_eq!(now.stdout, repo.ok("inc-report --format json", &[ID]).stdout);
    let early = [
        "is-misbehaving as of 2023-03-27 12:58: its first commit is that of Mathieu Corbin, 2023-03-27 12:59 (",
    ];
    repo.fails(1, "inc-history --at 12:58", &[ID]).says(&early);
    repo.fails(2, "inc-history --at soon", &[ID]).says(&["--at"]);
}

#[test]
fn a_side_that_had_not_arrived_was_not_known() {
    let repo = told();
    let top = repo.top();
    let commit = |words: &str, at: &str| {
        let at = format!("2023-03-27T{at}:00+02:00");
        let mut command = repo.command("inc-timeline");
        command.args(["add", ID, words]).env("INC_NOW", at);
        assert_eq!(Output::of(&mut command).code, 0);
    };
    gits(&repo, &top, "checkout -qb side");
    commit("Seen at the side", "14:00");
    gits(&repo, &top, "checkout -q main");
    commit("Seen here", "14:10");
    gits(&repo, &top, "checkout -q side");
    repo.declare("Something else");
    gits(&repo, &top, "checkout -q main");
    gits(&repo, &top, "merge -q --no-edit side");
    let at = |time: &str| repo.ok(&format!("inc-history --at 2023-03-27T{time}:00+02:00"), &[ID]).stdout;
    let both = ["Seen here", "Seen at the side"];
    assert_eq!(both.map(|words| at("14:05").contains(words)), [false, true]);
    assert_eq!(both.map(|words| at("14:15").contains(words)), [true, false]);
    let now = repo.ok("inc-history --at 2099-01-01T00:00:00Z", &[ID]).stdout;
    assert_eq!(both.map(|words| now.contains(words)), [true, true]);
}

#[test]
fn what_cannot_be_read_is_named_in_its_line() {
    let repo = told();
    let good = repo.record_text(ID);
    repo.put_record(ID, good.replace("schema: 1", "schema: 99"));
    let broken = repo.head();
    repo.put_record(ID, good.replace("status: investigating", "status: mitigated"));
    let told = facts(&json(&repo, &[ID]));
    let bad = told.iter().find(|fact| fact["kind"] == "unreadable").unwrap();
    assert_eq!(bad["commit"], broken);
    assert!(bad["what"].as_str().unwrap().starts_with("cannot be read: line "), "{bad}");
    // The next is told against the last that could be read.
    assert_eq!(told.last().unwrap()["what"], "status: \"investigating\" to \"mitigated\"");

    fs::write(repo.path(ID), format!("<<<<<<< ours\n{good}")).unwrap();
    let marked = repo.run("inc-history", &[ID]).says(&["error: the record cannot be read as it stands now"]);
    assert_eq!(marked.code, 4);
    assert!(marked.stdout.lines().last().unwrap().contains("cannot be read: line 1"), "{marked:?}");
}

#[test]
fn a_deleted_file_is_told_and_comes_back() {
    let repo = told();
    let text = repo.record_text(ID);
    fs::remove_file(repo.path(ID)).unwrap();
    repo.git(&["commit", "-qam", "gone", "--date=2023-03-27T13:30:00+02:00"]);
    fs::create_dir_all(repo.path(ID).parent().unwrap()).unwrap();
    fs::write(repo.path(ID), text).unwrap();
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "-qm", "back"]);
    let told = whats(&json(&repo, &[ID]));
    assert_eq!(told[told.len() - 2..], ["file deleted", "file is back"]);
}

#[test]
fn a_shallow_clone_says_where_its_history_begins() {
    let repo = told();
    let folder = repo.beside("shallow");
    let from = format!("file://{}", repo.top().display());
    repo.git(&["clone", "--quiet", "--depth=1", &from, &folder.display().to_string()]);
    let folder = folder.display().to_string();
    let output = json(&repo, &["-C", &folder, ID]).says(&["this clone is shallow", "git fetch --unshallow"]);
    let told = facts(&output);
    assert_eq!((told.len(), &told[0]["kind"], &told[0]["by"]), (1, &"begins".into(), &Value::Null));
    let what = told[0]["what"].as_str().unwrap();
    assert!(what.starts_with("older than this shallow clone, or new: Staging: "), "{what}");
    repo.fails(1, "inc-history --at 12:59 -C", &[&folder, ID]).says(&["this clone is shallow"]);
}

#[test]
fn a_pdca_has_a_history_too() {
    let repo = told();
    let pdca = repo.ok("pdca new --owner Ada --problem x --incident", &[ID]).stdout.trim_end().to_owned();
    repo.ok("pdca why --occurrence", &["Crossplane was there"]);
    // On this day the incident has the same name: its own comes first.
    assert_eq!(pdca, ID);
    let both =
        repo.ok("inc-history --limit 1", &[ID]).says(&["the incident 2023-03-27-staging", "add --pdca"]);
    assert!(both.stdout.contains("pdcas: "), "{both:?}");
    let told = whats(&repo.ok("inc-history --pdca --format json", &[]));
    assert_eq!(told.last().unwrap(), "why o1: Crossplane was there");
    assert!(told[0].starts_with("new PDCA: Staging: "), "{told:?}");

    let red = repo.ok("pdca new --from red-bin --title", &["Labels fall off"]).stdout.trim_end().to_owned();
    let then = repo.ok("inc-history --format json --at 2099-01-01T00:00:00Z", &["labels"]);
    assert_eq!(then.stdout, repo.ok("pdca show --format json", &[&red]).stdout);
    let then = repo.ok("inc-history --at 2099-01-01T00:00:00Z", &[&red]).stdout;
    assert_eq!(then, repo.ok("pdca show", &[&red]).stdout);
    repo.fails(2, "inc-history", &["nothing-like-it"]).says(&["no incident or PDCA `nothing-like-it`"]);
}

#[test]
fn signatures_are_told_where_they_are_asked_for() {
    let repo = told();
    let unsigned = facts(&json(&repo, &["--signatures", ID]));
    assert!(unsigned.iter().all(|fact| fact["signature"] == "none"));
    // One that git has no set-up to check passes for none with git.
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    fs::write(repo.path(ID), repo.record_text(ID).replace("title: \"Staging", "title: \"Signed")).unwrap();
    repo.git(&["commit", "-qam", "x"]);
    assert_ne!(tree, repo.git(&["rev-parse", "HEAD^{tree}"]));
    let (head, message) = repo
        .git(&["cat-file", "commit", "HEAD"])
        .split_once("\n\n")
        .map(|(head, message)| (head.to_owned(), message.to_owned()))
        .unwrap();
    let signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----";
    let file = repo.beside("commit");
    fs::write(&file, format!("{head}\n{signature}\n\n{message}\n")).unwrap();
    let signed = repo.git(&["hash-object", "-t", "commit", "-w", &file.display().to_string()]);
    repo.git(&["reset", "--quiet", "--hard", &signed]);
    let told = facts(&json(&repo, &["--signatures", ID]));
    assert_eq!(told.last().unwrap()["signature"], "cannot be checked");
    let table = repo.ok("inc-history --signatures", &[ID]).stdout;
    assert!(table.lines().next().unwrap().contains("SIGNATURE"), "{table}");
}

#[test]
fn text_from_outside_does_not_reach_the_terminal() {
    let repo = told();
    let evil = "--author=\u{1b}[31mEvil\u{2} \u{202e}<e@example.com>";
    let text = repo.record_text(ID).replace("title: \"Staging", "title: \"\\e[31mStaging\\n");
    fs::write(repo.path(ID), text.replace("The API server lags", "\"a\\e]0;x\\ab\"")).unwrap();
    repo.git(&["commit", "-qam", "x", evil]);
    let output = repo.run("inc-history", &[ID]);
    for stream in [&output.stdout, &output.stderr] {
        let is_bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!stream.contains(is_bad), "{stream:?}");
    }
    assert!(output.stdout.contains("Evil"), "{output:?}");
}

#[test]
fn another_record_in_a_file_of_this_name_is_left_out() {
    let repo = told();
    let uid = |text: &str| text.lines().find_map(|line| line.strip_prefix("uid: ")).unwrap().to_owned();
    let was = uid(&repo.record_text(ID));
    fs::remove_file(repo.path(ID)).unwrap();
    repo.git(&["commit", "-qam", "gone"]);
    assert_eq!(repo.declare(TITLE), ID);
    assert_ne!(uid(&repo.record_text(ID)), was);
    let output = json(&repo, &[ID]).says(&["left out: 4 commits of other records"]);
    assert_eq!(whats(&output).len(), 1);
}

#[test]
fn a_clone_tells_the_same() {
    let repo = told();
    let folder = clone(&repo, Path::new("."), "elsewhere").display().to_string();
    assert_eq!(json(&repo, &["-C", &folder, ID]).stdout, json(&repo, &[ID]).stdout);
}
