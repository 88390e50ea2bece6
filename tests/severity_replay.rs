//! `inc-severity replay`.

use std::fs;

use serde_json::json;

use crate::support::{Output, TestRepo};

/// Three judged incidents: `checkout` SEV-3 by the cell, `search` SEV-4, and `login` SEV-3 that an override holds at SEV-1.
fn three() -> TestRepo {
    let repo = TestRepo::new();
    declare(
        &repo,
        "Checkout",
        "--customer-impact XL --single-customer-impact S --money-at-risk 0 --transactions 0",
    );
    declare(
        &repo,
        "Search",
        "--customer-impact S --single-customer-impact S --money-at-risk 0 --transactions 0",
    );
    declare(
        &repo,
        "Login",
        "--customer-impact XL --single-customer-impact S --money-at-risk 0 --transactions 0",
    );
    repo.ok("inc-severity override login --to SEV-1 --reason x", &[]);
    repo
}

fn declare(repo: &TestRepo, title: &str, impact: &str) {
    repo.ok(&format!("inc-declare {impact}"), &[title]);
}

/// The repository's policy with `from` replaced, in a file beside the work tree; its examples are taken out.
fn policy(repo: &TestRepo, from: &str, to: &str) -> String {
    let text = fs::read_to_string(repo.top().join("policies/severity.yaml")).unwrap();
    assert!(text.contains(from), "no {from:?} in {text}");
    let text = text.replacen(from, to, 1);
    let text = text.split("\nexamples:").next().unwrap();
    let file = repo.beside("policy.yaml");
    fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// XL x S is SEV-2.
fn stricter(repo: &TestRepo) -> String {
    policy(repo, XL, &XL.replacen("S: SEV-3", "S: SEV-2", 1))
}

const XL: &str = "XL:   {S: SEV-3, M: SEV-2, L: SEV-1, XL: SEV-1}";

/// Runs a replay, which must write nothing.
#[track_caller]
fn replay(repo: &TestRepo, code: i32, words: &[&str]) -> Output {
    let output = repo.assert_untouched(|repo| repo.run("inc-severity replay", words));
    assert_eq!(output.code, code, "{words:?}: {output:?}");
    output
}

#[test]
fn nothing_moves_by_the_policy_that_judged() {
    let repo = three();
    let all = "judged 3 incidents: 0 would be worse, 0 milder, 3 as before\n";
    assert_eq!(replay(&repo, 0, &["--check"]).prints("").stderr, all);
    let empty = TestRepo::new();
    assert!(replay(&empty, 0, &["--check"]).prints("").stderr.starts_with("judged 0 incidents:"));
}

#[test]
fn what_moves_is_listed_the_newest_first() {
    let repo = three();
    let file = stricter(&repo);
    let table = "ID                   FROM   TO     DECIDED BY
2023-03-27-login     SEV-3  SEV-2  customer impact XL x single-customer impact S; the override still holds SEV-1
2023-03-27-checkout  SEV-3  SEV-2  customer impact XL x single-customer impact S
";
    let summary = "judged 3 incidents: 2 would be worse, 0 milder, 1 as before\n";
    assert_eq!(replay(&repo, 0, &["--policy", &file]).prints(table).stderr, summary);
    let refused = replay(&repo, 1, &["--policy", &file, "--check"]).prints(table);
    assert_eq!(refused.stderr, format!("{summary}error: 2 incidents would move\n"));
    let view = replay(&repo, 1, &["--policy", &file, "--check", "--format", "json"]).json();
    assert_eq!((&view["policy"], &view["against"]), (&json!(file), &json!(null)));
    assert_eq!((&view["judged"], &view["worse"], &view["milder"]), (&json!(3), &json!(2), &json!(0)));
    assert_eq!((&view["unreadable"], &view["unjudgeable"]), (&json!(0), &json!([])));
    assert_eq!(
        view["moves"][0],
        json!({
            "id": "2023-03-27-login",
            "declared_at": "2023-03-27T13:01:00+02:00",
            "from": {"level": "SEV-3", "provisional": false},
            "to": {"level": "SEV-2", "provisional": false},
            "decided_by": "customer impact XL x single-customer impact S",
            "override": "SEV-1",
        })
    );
}

#[test]
fn days_narrow_it_and_cancelled_incidents_are_judged_too() {
    let repo = three();
    repo.on("2023-03-28");
    declare(
        &repo,
        "Disk",
        "--customer-impact XL --single-customer-impact S --money-at-risk 0 --transactions 0",
    );
    repo.ok("inc-status set disk cancelled --reason x", &[]);
    let file = stricter(&repo);
    let since = |day: &str| replay(&repo, 0, &["--policy", &file, "--since", day]);
    assert!(
        since("2023-03-28")
            .says(&["judged 1 incident: 1 would be worse"])
            .stdout
            .contains("2023-03-28-disk ")
    );
    since("monday").says(&["judged 4 incidents: 3 would be worse"]);
    repo.fails(2, "inc-severity replay --since", &["soon"]).says(&["--since: "]);
}

#[test]
fn a_policy_may_come_from_stdin_or_a_pipe_and_be_compared_with_another() {
    let repo = three();
    let file = stricter(&repo);
    let text = fs::read_to_string(&file).unwrap();
    let from_stdin = repo.run_with("inc-severity replay --policy - --format json", &[], |command| {
        command.write_stdin(text.clone());
    });
    let view = from_stdin.json();
    assert_eq!((&view["policy"], &view["worse"]), (&json!("stdin"), &json!(2)));

    let pipe = repo.beside("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let (pipe, text) = (pipe.clone(), text.clone());
        move || fs::write(pipe, text).unwrap()
    });
    let pipe = pipe.display().to_string();
    // The pipe's policy is the stricter one; the repository's own is milder.
    let output = replay(&repo, 1, &["--against", &pipe, "--check"]);
    writer.join().unwrap();
    assert!(output.stdout.contains("2023-03-27-checkout  SEV-2  SEV-3  "), "{output:?}");
    output.says(&["judged 3 incidents: 0 would be worse, 2 milder, 1 as before"]);
    replay(&repo, 0, &["--policy", &file, "--against", &file, "--check"]).prints("");
    repo.fails(2, "inc-severity replay --policy - --against -", &[])
        .says(&["--policy and --against cannot both be read from stdin"]);
}

#[test]
fn a_record_from_before_an_input_is_judged_and_marked() {
    let repo = three();
    let asking = "unknown: assume-worst\ndimensions:\n  - input: countries\n    floors: [{from: 1, level: SEV-4}, {from: 5, level: SEV-2}]";
    let file = policy(&repo, "unknown: assume-worst", asking);
    let output = replay(&repo, 1, &["--policy", &file, "--check"]).says(&[
        "judged 3 incidents: 3 would be worse, 0 milder, 0 as before\n",
        "3 incidents would become provisional, for want of: countries (3)\n",
    ]);
    assert!(
        output
            .stdout
            .contains("2023-03-27-search    SEV-4  SEV-2?  countries (not asked: worst case SEV-2)\n")
    );
    let view = replay(&repo, 0, &["--policy", &file, "--format", "json"]).json();
    assert_eq!(view["became_provisional"], 3);
    assert_eq!(view["lacks"], json!([{"name": "countries", "path": "impact.countries", "count": 3}]));
    assert_eq!(view["moves"][0]["to"], json!({"level": "SEV-2", "provisional": true}));
}

#[test]
fn what_cannot_be_judged_or_read_is_named_counted_and_exits_with_4() {
    let repo = three();
    repo.mangle("2023-03-27-search", "{amount: 0, currency: EUR}", "{amount: 12, currency: USD}");
    let file = stricter(&repo);
    let named = "error: 2023-03-27-search: impact.money_at_risk: 12 USD is not in EUR";
    let output = replay(&repo, 4, &["--policy", &file, "--check"]).says(&[
        named,
        "judged 2 incidents: 2 would be worse",
        "\nerror: 1 incident could not be judged; the answer leaves it out\n",
    ]);
    assert_eq!(output.stdout.lines().count(), 3, "the others are told: {output:?}");

    repo.mangle("2023-03-27-login", "status: investigating", "status: \"sleeping\\e[2J\"");
    let output = replay(&repo, 4, &["--policy", &file]).says(&[
        "error: incidents/2023/2023-03-27-login.yaml:",
        named,
        "judged 1 incident: 1 would be worse",
        "error: 1 incident could not be judged, 1 record could not be read; the answer leaves them out\n",
    ]);
    assert!(!output.stderr.contains('\u{1b}'), "{output:?}");
    let view = replay(&repo, 4, &["--policy", &file, "--format", "json"]).json();
    assert_eq!((&view["unreadable"], &view["judged"]), (&json!(1), &json!(1)));
    assert_eq!(view["unjudgeable"][0]["path"], "impact.money_at_risk");
    assert_eq!(view["unjudgeable"][0]["by_other"], false);

    let rated = policy(&repo, "currency: EUR", "currency: EUR\n    rates: {USD: 0.9}");
    replay(&repo, 4, &["--policy", &rated])
        .says(&["judged 2 incidents", "error: 1 record could not be read; the answer leaves it out\n"]);
    replay(
        &repo,
        4,
        &["--policy", &rated, "--against", &repo.top().join("policies/severity.yaml").display().to_string()],
    )
    .says(&["the answer leaves them out", "(by the policy of --against)\n"]);
}

#[test]
fn a_file_that_is_missing_or_no_policy_is_refused() {
    let repo = three();
    repo.fails(3, "inc-severity replay --policy nowhere.yaml", &[])
        .says(&["read nowhere.yaml: No such file"]);
    repo.fails(3, "inc-severity replay --against nowhere.yaml", &[]).says(&["read nowhere.yaml"]);
    repo.fails(3, "inc-severity replay --policy policies", &[]).says(&["read policies: "]);
    repo.fails(4, "inc-severity replay --policy inc.yaml", &[]).says(&["error: inc.yaml"]);
    let incomplete = policy(&repo, XL, "XL:   {S: SEV-3, M: SEV-2, L: SEV-1}");
    repo.fails(4, "inc-severity replay --policy", &[&incomplete]).says(&["policy.yaml:", "XL"]);
    for (bytes, words) in [
        (&b"schema: 1\n\xff"[..], "is not UTF-8 text"),
        (&b""[..], "error: stdin: "),
        (&b"schema: 1\nfloors: [\x1b[2J]\n"[..], "error: stdin:"),
        (&[b' '; (1 << 20) + 2][..], "error: stdin: "),
    ] {
        let output = repo.fails_with(4, "inc-severity replay --policy -", &[], |command| {
            command.write_stdin(bytes);
        });
        assert!(!output.says(&[words]).stderr.contains('\u{1b}'));
    }
    // One whose examples fail: the matrix says otherwise than they do.
    let text = fs::read_to_string(repo.top().join("policies/severity.yaml")).unwrap();
    fs::write(repo.beside("failing.yaml"), text.replacen("S: SEV-3, M: SEV-2", "S: SEV-2, M: SEV-2", 1))
        .unwrap();
    let failing = repo.beside("failing.yaml").display().to_string();
    let line = 1 + text.lines().position(|line| line.contains("expect: SEV-3")).unwrap();
    repo.fails(4, "inc-severity replay --policy", &[&failing])
        .says(&[&format!("failing.yaml:{line}:"), "gives SEV-2, not SEV-3"]);
    // The repository's own is read as strictly.
    fs::copy(&failing, repo.top().join("policies/severity.yaml")).unwrap();
    repo.fails(4, "inc-severity replay", &[]).says(&["policies/severity.yaml:", "gives SEV-2, not SEV-3"]);
}
