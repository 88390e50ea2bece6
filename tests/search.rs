//! `inc-search` and `inc-similar`, and what a declaration mentions.

use std::fs;
use std::process::Command;

use crate::support::terminal::Terminal;
use crate::support::{ID, Output, TestRepo, programs};

const CHECKOUT: &str = "2023-03-27-checkout-answers-500";

/// The talk's incident, and two more.
fn three() -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.ok(
        "inc-declare --environment production --set custom.ticket=OPS-12",
        &["Checkout answers 500", "--description", "The connection pool is exhausted since 13:00"],
    );
    repo.ok("inc-timeline add --kind action", &[CHECKOUT, "Restarted the pool of connections on db-3"]);
    repo.ok("inc-declare --kind drill", &["Café fermé: 数据库 down"]);
    repo
}

fn ids(output: &Output) -> Vec<String> {
    output.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn what_was_found_is_shown_where_it_stands() {
    three().ok("inc-search", &["exhausted", "pool"]).prints(&format!(
        " 1  {CHECKOUT}
    Checkout answers 500
    summary.description: The connection pool is exhausted since 13:00
"
    ));
}

#[test]
fn at_most_none_is_refused() {
    let repo = three();
    for command in ["inc-search --limit 0", "inc-similar --limit 0 --text"] {
        repo.fails(2, command, &["pool"]).says(&["--limit"]);
    }
}

#[test]
fn words_phrases_and_what_is_excluded() {
    let repo = three();
    let cafe = "2023-03-27-cafe-ferme-shu-ju-ku-down";
    for (words, expected) in [
        (&["pool"][..], &[CHECKOUT][..]),
        (&["checkout", "500"], &[CHECKOUT]),
        (&["connection pool"], &[CHECKOUT]),
        (&["POOL", "nothing"], &[CHECKOUT]),
        (&["\"connection pool\" -kubernetes"], &[CHECKOUT]),
        (&["ops-12"], &[CHECKOUT]),
        (&["db-3"], &[CHECKOUT]),
        (&["kubern"], &[ID]),
        (&["kub*", "-checkout"], &[ID]),
        (&["kub*", "-haproxy", "--since", "-2h"], &[ID]),
        (&["cafe", "ferme"], &[cafe]),
        (&["FERMÉ"], &[cafe]),
        (&["数据"], &[cafe]),
        (&["down", "--kind", "incident"], &[cafe]),
        (&["pool", "--since", "2023-03-27"], &[CHECKOUT]),
        (&["answers", "--without", "staging"], &[CHECKOUT]),
    ] {
        let found = repo.ok("inc-search -1", words);
        assert_eq!(ids(&found), expected, "{words:?}");
    }
    for (words, told) in [
        (&["exhuasted"][..], "did you mean `exhausted`?"),
        (&["pool connection"], "no record has it as it stands"),
        (&["pool", "--until", "yesterday"], "no record has any of this"),
        (&["pool", "--kind", "pdca"], "no record has any of this"),
    ] {
        repo.fails(1, "inc-search", words).prints("").says(&[told]);
    }
    repo.ok("inc-search", &["pool", "-1"]).prints(&format!("{CHECKOUT}\n"));
    repo.fails(1, "inc-search --format json", &["nothing"]).prints("[]\n");
    for (words, told) in [
        (&[][..], "nothing is searched for"),
        (&["  "], "nothing is searched for"),
        (&["-pool"], "only what must not be there is named"),
        (&["a \"b"], "a quotation mark is not closed"),
        (&["pool", "--limt", "3"], "--limt"),
        (&["pool", "--since", "someday"], "--since"),
    ] {
        repo.fails(2, "inc-search", words).prints("").says(&[told]);
    }
}

#[test]
fn programs_are_told_the_pieces() {
    let repo = three();
    let rows = repo.ok("inc-search --format json", &["pool"]).json();
    assert_eq!(rows[0]["id"], CHECKOUT);
    assert_eq!(rows[0]["rank"], 1);
    assert_eq!(rows[0]["kind"], "incident");
    assert_eq!(rows[0]["complete"], true);
    assert_eq!(rows[0]["place"], "summary.description");
    assert_eq!(
        rows[0]["excerpt"],
        serde_json::json!([
            { "text": "The connection ", "found": false },
            { "text": "pool", "found": true },
            { "text": " is exhausted since 13:00", "found": false },
        ])
    );
    let lines = repo.ok("inc-search --format ndjson", &["pool"]).stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&lines).unwrap(), rows[0]);
    assert_eq!(repo.ok("inc-search --format json --kind incident", &["down"]).json()[0]["kind"], "drill");
}

#[test]
fn pdcas_are_found_by_their_causes() {
    let repo = TestRepo::of_the_project();
    let rows = repo.ok("inc-search --format json --kind pdca", &["crossplane", "CRDs"]).json();
    assert_eq!(rows[0]["place"], "o1.1", "{rows}");
}

#[test]
fn a_change_is_seen_at_once_and_by_any_hand() {
    let repo = three();
    repo.fails(1, "inc-search", &["zebra"]);
    repo.ok("inc-timeline add", &[ID, "A zebra stands in the way"]);
    repo.ok("inc-search -1", &["zebra"]).prints(&format!("{ID}\n"));
    let path = repo.path(CHECKOUT);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("exhausted", "unicorned")).unwrap();
    repo.ok("inc-search -1", &["unicorned"]).prints(&format!("{CHECKOUT}\n"));
    repo.fails(1, "inc-search", &["exhausted"]);
    fs::remove_file(&path).unwrap();
    repo.fails(1, "inc-search", &["unicorned"]);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_others_are_searched() {
    let repo = three();
    repo.put_record(ID, "no: [record");
    repo.fails(4, "inc-search -1", &["pool"]).prints(&format!("{CHECKOUT}\n")).says(&[ID]);
    repo.fails(4, "inc-search", &["nothing"]).says(&[ID, "no record has any of this"]);
    repo.fails(4, "inc-similar --text", &["connection pool"]).says(&[ID]);
}

#[test]
fn hostile_text_stays_text() {
    let repo = three();
    let hostile = "a\u{1b}[31mb\u{202e}";
    let output = repo.fails(1, "inc-search", &[&format!("x{hostile}")]);
    assert!(!output.stderr.contains('\u{1b}') && !output.stderr.contains('\u{202e}'), "{output:?}");
    repo.mangle(CHECKOUT, "ticket: OPS-12", "ticket: \"zebra \\e[31m\"");
    let output = repo.ok("inc-search", &["zebra"]);
    assert!(output.stdout.contains("custom.ticket: zebra \\u{1b}[31m"), "{output:?}");
    let long = "word ".repeat(10_000);
    repo.ok("inc-search", &["pool", &long.replace(' ', "")]);
}

#[test]
fn surroundings_that_lack_something() {
    let repo = TestRepo::without_git();
    repo.fails(3, "inc-search", &["pool"]);
    let repo = TestRepo::new();
    repo.fails(1, "inc-search", &["pool"]).says(&["no record has any of this"]);
    repo.fails(1, "inc-similar --text", &["pool"]).says(&["no incident is like this"]);
    repo.fails(2, "inc-similar --text", &[" "]).says(&["--text is empty"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let repo = three();
    let script = format!("{}/inc-search checkout | true", programs().display());
    let mut sh = assert_cmd::Command::new("sh");
    sh.args(["-c", &script]).current_dir(repo.top()).env_clear().envs(repo.environment());
    let output = Output::of(&mut sh);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
}

/// A past incident that was mitigated, and one like it.
fn past() -> TestRepo {
    let repo = three();
    repo.ok("inc-status set --force --reason x", &[CHECKOUT, "mitigated"]);
    repo
}

#[test]
fn past_incidents_tell_what_mitigated_them() {
    let repo = past();
    let again = "Basket answers 502: connection pool exhausted";
    let again = repo.ok("inc-declare", &[again]).says(&[]).stdout.trim().to_owned();
    let output = repo.ok("inc-similar", &[&again]);
    for words in [CHECKOUT, "mitigated, 2023-03-27", "exhausted", "mitigated by (13:"] {
        assert!(output.stdout.contains(words), "{words}: {output:?}");
    }
    assert!(output.stdout.contains("Restarted the pool of connections on db-3"), "{output:?}");
    assert!(!output.stdout.contains(&again), "never itself: {output:?}");
    let rows = repo.ok("inc-similar --format json --text", &["the connection pool is exhausted"]).json();
    let all: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(all, [again.as_str(), CHECKOUT]);
    assert_eq!(rows[1]["mitigation"]["text"], "Restarted the pool of connections on db-3");
    assert_eq!(rows[0]["mitigation"], serde_json::Value::Null);
    repo.fails(1, "inc-similar --text", &["zebra"]).says(&["no incident is like this"]);
    repo.ok("inc-edit --set", &["summary.mitigation=A larger pool", CHECKOUT]);
    let rows = repo.ok("inc-similar --format json", &[&again]).json();
    assert_eq!(rows[0]["mitigation"], serde_json::json!({ "text": "A larger pool", "at": null }));
}

#[test]
fn a_declaration_mentions_what_is_like_it_to_people_alone() {
    let repo = past();
    let title = "Basket answers 502: connection pool exhausted";
    repo.ok("inc-search", &["pool"]);
    let mut command = Command::new(programs().join("inc-declare"));
    command.arg(title).env_clear().envs(repo.environment()).env("TERM", "xterm").current_dir(repo.top());
    let mut terminal = Terminal::run(command);
    terminal.shows(&format!("like {CHECKOUT} (")).shows("what mitigated them: inc-similar ");
    let (code, stdout) = terminal.ends();
    assert_eq!((code, stdout.lines().count()), (0, 1), "{stdout}");
    let output = repo.ok("inc-declare", &["Search answers 502: connection pool exhausted"]);
    assert!(!output.stderr.contains("like "), "{output:?}");
}
