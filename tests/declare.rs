//! `inc-declare`, in the order of its options.

use crate::support::{ID, TITLE, TestRepo};

#[test]
fn a_title_is_enough() {
    let repo = TestRepo::new();
    let output = repo.ok("inc-declare", &[TITLE]).prints(&format!("{ID}\n"));
    output.says(&["SEV-1 is provisional", "declare: Staging: Kubernetes cluster 3", "[commit "]);
    assert_eq!(repo.message(), format!("declare: {TITLE}\n\nIncident: {ID}"));
    assert_eq!(repo.changed_files(), [format!("incidents/2023/{ID}.yaml")]);
    assert_eq!(
        repo.git(&["log", "-1", "--format=%an <%ae> %aI"]),
        "Mathieu Corbin <mathieu@example.com> 2023-03-27T12:59:00+02:00"
    );
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn the_record_says_what_was_given_in_the_order_of_the_design() {
    let repo = TestRepo::new();
    let words = [
        TITLE,
        "--description",
        "We have performance issues\nand pods crashing",
        "--alert",
        "97562",
        "--alert",
        "97563",
        "--commander",
        "Ada Lovelace",
        "--reporter",
        "Grace Hopper",
        "--link",
        "dashboard=https://graphs.example.com/d/1",
        "--started-at",
        "12:40",
        "--set",
        "team.stack=SRE Backend / Platform",
    ];
    let output =
        repo.ok("inc-declare --environment staging --detected-via automatic-alert --customers 12", &words);
    output.says(&["--started-at: understood as 2023-03-27T12:40:00+02:00 (Europe/Paris)"]);
    let text: Vec<String> = repo
        .record_text(ID)
        .lines()
        .filter(|line| !line.starts_with("uid: ") && !line.starts_with("    id: "))
        .map(|line| format!("{line}\n"))
        .collect();
    insta::assert_snapshot!(text.concat());
}

#[test]
fn the_answer_as_json() {
    let repo = TestRepo::new();
    let answer = repo.ok("inc-declare --format json", &["Disk full"]).json();
    assert_eq!(answer["id"], "2023-03-27-disk-full");
    assert_eq!(answer["path"], "incidents/2023/2023-03-27-disk-full.yaml");
    assert_eq!(answer["commit"], repo.head());
    assert_eq!(answer["uid"].as_str().unwrap().len(), 26);
    assert!(answer["remarks"][0].as_str().unwrap().contains("provisional"));
}

#[test]
fn the_same_title_gets_a_number() {
    let repo = TestRepo::with_incident();
    assert_eq!(repo.declare(TITLE), format!("{ID}-2"));
    assert_eq!(repo.declare(TITLE), format!("{ID}-3"));
}

#[test]
fn without_a_commit_the_file_lies_there_for_the_user() {
    let repo = TestRepo::new();
    let head = repo.head();
    repo.ok("inc-declare --no-commit", &["Disk full"])
        .prints("2023-03-27-disk-full\n")
        .says(&["[written, not committed]"]);
    assert_eq!(repo.head(), head);
    assert_eq!(
        repo.git(&["status", "--porcelain", "--untracked-files=all"]),
        "?? incidents/2023/2023-03-27-disk-full.yaml"
    );
}

#[test]
fn what_the_user_staged_stays_staged() {
    let repo = TestRepo::new();
    std::fs::write(repo.top().join("notes.txt"), "staged\n").unwrap();
    repo.git(&["add", "notes.txt"]);
    std::fs::write(repo.top().join("notes.txt"), "edited since\n").unwrap();
    std::fs::write(repo.top().join("inc.yaml"), "timezone: UTC\n").unwrap();
    let staged = repo.git(&["diff", "--cached"]);
    let edited = repo.git(&["diff"]);
    repo.declare("Disk full");
    assert_eq!(repo.git(&["diff", "--cached"]), staged);
    assert_eq!(repo.git(&["diff"]), edited);
    assert_eq!(repo.changed_files(), ["incidents/2023/2023-03-27-disk-full.yaml"]);
}

#[test]
fn titles_of_any_shape_are_kept_to_the_letter() {
    let repo = TestRepo::new();
    for (title, id) in [
        (r#"He said "no" # not: a \ comment 'x'"#, "2023-03-27-he-said-no-not-a-comment-x"),
        ("- a list? {b: [c]} & *d !e |f >g %h @i `j`", "2023-03-27-a-list-b-c-d-e-f-g-h-i-j"),
        ("Café déjà fermé, 東京", "2023-03-27-cafe-deja-ferme-dong-jing"),
        ("🔥🔥", "2023-03-27-fire-fire"),
        ("👩‍🚒", "2023-03-27-incident"),
        ("no", "2023-03-27-no"),
        ("12:59", "2023-03-27-12-59"),
        ("../../etc/passwd", "2023-03-27-etc-passwd"),
        ("  spaces around  ", "2023-03-27-spaces-around"),
    ] {
        let given = repo.run("inc-declare --format json --", &[title]).json()["id"].clone();
        if title != "👩‍🚒" {
            assert_eq!(given, id, "{title}");
        }
        let given = given.as_str().unwrap();
        assert!(given.len() > "2023-03-27-".len(), "{title}: {given}");
        repo.ok("inc-timeline add", &[given, "hello"]);
        let listed = repo.ok("inc-list --format json --text", &[title.trim()]).json();
        assert_eq!(listed[0]["title"], title.trim());
    }
}

#[test]
fn bad_titles_are_refused() {
    let repo = TestRepo::new();
    for (title, words) in [
        ("", "the text is empty: write at least one word"),
        ("  \t ", "the text is empty"),
        ("a\nb", "several lines: this field takes one line"),
        ("a\u{1b}[31mb", "the control character U+001B"),
        ("a\u{202e}b", "the control character U+202E"),
        (&"x".repeat(10_000), "the text has 10000 characters: 200 are the most here"),
    ] {
        let output = repo.fails(2, "inc-declare", &[title]).prints("").says(&[words]);
        assert!(output.stderr.len() < 400, "{}", output.stderr);
        assert!(!output.stderr.contains('\u{1b}'), "{}", output.stderr);
    }
    repo.fails(2, "inc-declare", &[]).says(&["<TITLE>"]);
}

#[test]
fn other_bad_values_are_refused() {
    let repo = TestRepo::new();
    for (code, line, words) in [
        (2, "inc-declare x --customers -3", "impact.customers: `-3` is not a count: a whole number from 0"),
        (2, "inc-declare x --customers 1e9", "`1e9` is not a count"),
        (2, "inc-declare x --customers NaN", "`NaN` is not a count"),
        (2, "inc-declare x --customers 1000000000000000000000000000000", "is not a count"),
        (2, "inc-declare x --customers 1000000000001", "more than 1000000000000, the most accepted"),
        (2, "inc-declare x --customers-percent 101", "101 is not a share in percent"),
        (2, "inc-declare x --customers-percent inf", "`inf` is not a share in percent"),
        (2, "inc-declare x --money-at-risk -1", "`-1` is not an amount"),
        (2, "inc-declare x --money-at-risk 12XY", "`12XY` is not an amount"),
        (2, "inc-declare x --transactions 1.5", "`1.5` is not a count"),
        (
            2,
            "inc-declare x --customer-impact HUGE",
            "`HUGE` is no band of customer impact: NONE, S, M, L or XL",
        ),
        (2, "inc-declare x --single-customer-impact XXL", "no band of single-customer impact: S, M, L or XL"),
        (2, "inc-declare x --kind drlil", "incident, drill, near-miss"),
        (2, "inc-declare x --detected-via smoke", "known are: automatic-alert"),
        (2, "inc-declare x --link a=javascript:alert(1)", "its scheme is not safe to follow"),
        (2, "inc-declare x --link graph", "`graph` is not an address"),
        (2, "inc-declare x --started-at soon", "--started-at: `soon` is not a time: write for example"),
        (2, "inc-declare x --set titel=y", "no property `titel` can be set; did you mean `title`?"),
        (1, "inc-declare x --started-at 2023-03-28T10:00:00+02:00", "started_at cannot lie in the future"),
        (
            1,
            "inc-declare x --started-at 12:59 --set mitigated_at=12:00",
            "mitigated_at (2023-03-27T12:00:00+02:00) would lie before started_at",
        ),
    ] {
        repo.fails(code, line, &[]).prints("").says(&[words]);
    }
}

#[test]
fn local_times_that_daylight_saving_skips_or_doubles_are_refused_with_both_readings() {
    let repo = TestRepo::new();
    repo.fails(2, "inc-declare x --started-at", &["2023-03-26 02:30"]).says(&[
        "2023-03-26 02:30 does not exist in Europe/Paris",
        "2023-03-26T01:30:00+01:00 or 2023-03-26T03:30:00+02:00",
    ]);
    repo.fails(2, "inc-declare x --started-at", &["2022-10-30 02:30"]).says(&[
        "2022-10-30 02:30 comes twice in Europe/Paris",
        "2022-10-30T02:30:00+02:00 for the first or 2022-10-30T02:30:00+01:00 for the second",
    ]);
    let id = repo.ok("inc-declare x --started-at 2022-10-30T02:30:00+01:00", &[]).stdout;
    assert!(repo.record_text(id.trim_end()).contains("started_at: \"2022-10-30T02:30:00+01:00\"\n"));
}

#[test]
fn a_start_that_nobody_knows_is_kept_as_unknown() {
    let repo = TestRepo::new();
    repo.ok("inc-declare x --started-at unknown", &[]);
    let id = "2023-03-27-x";
    assert!(repo.record_text(id).contains("\nstarted_at: unknown\n"));
    let json = repo.ok("inc-report --format json", &[]).json();
    assert_eq!(json["started_at"], "unknown");
    assert_eq!(json["measures"]["time_to_declare"]["text"], "not computable: started_at unknown");
}
