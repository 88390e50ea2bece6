//! `pdca coach`: answers from a pipe and at a terminal, sessions that end early, and others who answer meanwhile.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use inc_core::pdca::Branch;
use inc_core::pdca::coach::{ActPart, CurePart, Part, Question};

use super::P;
use super::three_ways::ANSWERS;
use crate::support::terminal::Terminal;
use crate::support::{ID, Output, TestRepo, programs};

/// A session with these answers, a line each.
fn coach(repo: &TestRepo, line: &str, answers: &[&str]) -> Output {
    repo.run_with(line, &[], |command| {
        command.write_stdin(answers.iter().map(|text| format!("{text}\n")).collect::<String>());
    })
}

#[test]
fn answers_that_end_early_are_kept_and_the_rest_makes_the_same_record() {
    let whole: Vec<&str> = ANSWERS.lines().collect();
    let text = |repo: &TestRepo| {
        let text = std::fs::read_to_string(repo.pdca_path("2023-03-27-labels-fall-off")).unwrap();
        let is_minted = |line: &&str| !line.contains("uid: ") && !line.contains("created_at: ");
        text.lines().filter(is_minted).map(|line| format!("{line}\n")).collect::<String>()
    };
    let at_once = TestRepo::new();
    coach(&at_once, "pdca coach --new", &whole);
    // Between any two answers but after a "no", which the record does not hold: that question is asked again.
    for stop in (3..whole.len()).step_by(3).filter(|stop| whole[stop - 1] != "no") {
        let repo = TestRepo::new();
        let first = coach(&repo, "pdca coach --new", &whole[..stop]);
        assert_eq!((first.code, first.stdout.as_str()), (0, "2023-03-27-labels-fall-off\n"), "{first:?}");
        assert!(first.stderr.ends_with("go on with: pdca coach 2023-03-27-labels-fall-off\n"), "{first:?}");
        let rest = coach(&repo, "pdca coach", &whole[stop..]);
        assert_eq!(rest.code, 0, "{rest:?}");
        assert_eq!(text(&repo), text(&at_once), "{stop}");
    }
}

#[test]
fn a_transcript_shows_where_it_stands_what_is_asked_and_what_was_answered() {
    let repo = TestRepo::with_pdca();
    let output = coach(&repo, "pdca coach", &["The API server was lagging", "The operator forgot the quota"]);
    assert_eq!(output.stdout, format!("{P}\n"));
    let (_, told) = output.stderr.split_once("Plan in progress: ").unwrap();
    let hint = "hint: problem: it counts nothing: how many, how often, since when? (pdca coach --explain problem-unmeasurable)\n";
    let told = told.replacen(hint, "", 1);
    assert!(output.stderr.contains(hint), "{output:?}");
    let told: Vec<&str> = told.lines().collect();
    let expected = [
        "Staging: Kubernetes cluster 3 is misbehaving",
        "",
        "Plan 2/4 · why it occurred",
        "  Pods are not scheduled",
        "Why did the problem occur?",
        "  the answer | n/a: REASON",
        "> The API server was lagging",
    ];
    assert_eq!(told[..7], expected, "{told:#?}");
    assert!(told[7].starts_with("pdca: why o1: The API server was lagging [commit "), "{told:#?}");
    let expected = [
        "  o1 The API server was lagging",
        "Why o1? Or could you act on it tomorrow?",
        "  the next why | root | out of control: REASON | unknown: REASON",
        "> The operator forgot the quota",
    ];
    assert_eq!(told[8..12], expected, "{told:#?}");
    assert_eq!(
        told[13],
        "hint: o1.1: \"forgot\" blames people: what let it happen? (pdca coach --explain why-blames)"
    );
    // What was shown for the last question is not shown again.
    assert_eq!(
        told[14..16],
        ["    o1.1 The operator forgot the quota", "Why o1.1? Or could you act on it tomorrow?"]
    );
}

#[test]
fn an_answer_that_makes_no_sense_ends_a_pipe_and_what_came_before_is_kept() {
    let repo = TestRepo::with_plan();
    let ok = ["", "", "", "yes"];
    for (answers, said) in [
        (vec!["2023-02-30"], "stdin line 1, \"Is C1 done?\": there is no 2023-02-30 in the calendar"),
        (vec!["maybe"], "it takes: yes (today) | the day | no; what was written before it is kept"),
        (vec!["tomorrow"], "that day is yet to come"),
        (vec!["\u{1b}[2J"], "stdin line 1"),
    ] {
        let output = repo.assert_untouched(|repo| coach(repo, "pdca coach", &answers));
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{output:?}");
        assert!(!output.stderr.contains('\u{1b}'), "{output:?}");
        output.says(&[said, &format!("go on with: pdca coach {P}\n")]);
    }
    let output = coach(&repo, "pdca coach", &["yesterday", "no", "maybe"]);
    assert_eq!(output.code, 2, "{ok:?} {output:?}");
    output.says(&["understood as 2023-03-26", "stdin line 3, \"What came out of the check of C1?\""]);
    repo.pdca_holds(&["done_on: \"2023-03-26\""]);
    for (bytes, code, said) in [
        (vec![0xff, b'\n'], 4, "stdin line 1 is not UTF-8"),
        (vec![b'x'; 200_000], 2, "stdin line 1 is too long"),
    ] {
        let output = repo.assert_untouched(|repo| {
            repo.run_with("pdca coach", &[], |command| {
                command.write_stdin(bytes);
            })
        });
        assert_eq!(output.code, code, "{output:?}");
        output.says(&[said]);
    }
}

#[test]
fn nothing_to_read_nothing_to_ask_and_nothing_to_work_on() {
    let repo = TestRepo::with_pdca();
    repo.assert_untouched(|repo| {
        let output = coach(repo, "pdca coach", &[]);
        assert_eq!((output.code, output.stdout.clone()), (0, format!("{P}\n")), "{output:?}");
        output.says(&["go on with: pdca coach"]);
        let output = coach(repo, "pdca coach --format json", &["", "quit"]);
        let view = output.json();
        assert_eq!((&view["answered"], &view["skipped"]), (&0.into(), &1.into()), "{output:?}");
        assert_eq!(view["next"]["question"], "first-why");
    });
    repo.assert_untouched(|repo| {
        let view = repo.ok("pdca coach --next --format json", &[]).json();
        assert_eq!(view["pdca"], P);
        assert_eq!(view["next"]["of"], "occurrence");
        assert_eq!(view["next"]["takes"], "the answer | n/a: REASON");
        let text = repo.ok("pdca coach --next", &[P]).stdout;
        assert!(text.starts_with("Plan 2/4 · why it occurred\n  Pods are not scheduled\nWhy did"), "{text}");
    });
    // A pipe without an end, as of `yes ''`.
    repo.assert_untouched(|repo| {
        let output = coach(repo, "pdca coach", &["\n".repeat(100_000).as_str(), "late"]);
        assert_eq!(output.code, 0, "{output:?}");
        assert!(output.stderr.lines().count() < 100, "{output:?}");
    });
    repo.assert_untouched(|repo| {
        let output = coach(repo, "pdca coach", &["", "", "", "late", "later"]);
        output.says(&["stdin line 4 and what follows was not needed: nothing is left to ask"]);
        let output = repo.run_with("pdca coach", &[], |command| {
            command.env_remove("INC_AUTHOR").write_stdin("It lagged\n");
        });
        assert_eq!(output.code, 3, "{output:?}");
        assert!(!output.stderr.contains("Why did the problem occur?"), "{output:?}");
    });
    repo.fails(2, "pdca coach --next --new", &[]).says(&["cannot be used with"]);
    repo.fails(2, "pdca coach --title x", &[]).says(&["--new"]);
    for line in [
        "pdca coach --next --title x",
        "pdca coach --explain leaf-open --from other",
        "pdca coach x --from other",
    ] {
        repo.fails(2, line, &[]).says(&["cannot be used with"]);
    }
    repo.fails(2, "pdca coach nothing", &[]).says(&["no PDCA `nothing`"]);
    repo.ok("pdca coach --explain leaf-open", &[])
        .prints(&repo.ok("pdca lint --explain leaf-open", &[]).stdout);
    repo.ok("pdca abandon --reason", &["Enough"]);
    repo.fails(1, "pdca coach", &[P]).says(&["is abandoned: take it up again with `pdca resume"]);
    repo.fails(1, "pdca coach --next", &[P]).says(&["is abandoned"]);
}

#[test]
fn a_check_is_asked_about_from_its_day_on_and_a_ko_goes_round() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca countermeasure --edit C1 --check-on 2023-03-29", &[]);
    coach(&repo, "pdca coach", &["yes", "yes", "ok: refused", "none: nowhere else"])
        .says(&["nothing is left to ask today; open: the check of C1 (C1 is checked on 2023-03-29)"]);
    repo.stands("do-done");
    repo.on("2023-03-29");
    let output = coach(
        &repo,
        "pdca coach",
        &["ko: it stayed silent", "The alert was muted", "root", "Alert when one is muted", "quit"],
    );
    output.says(&[
        "C1 did not cure RC1: is there a why below n1?",
        "What else is done about RC1?",
        "C3: who does it?",
    ]);
    repo.stands("plan-in-progress");
    repo.pdca_holds(&[
        "why: The alert was muted\n        root_cause: RC1\n",
        "result: ko\n",
        "root_causes: [RC1]",
    ]);
}

#[test]
fn a_pdca_is_begun_from_an_incident_and_nothing_is_written_before_that() {
    let repo = TestRepo::with_incident();
    repo.assert_untouched(|repo| {
        for (answers, code, said) in [
            (vec![], 1, "the answers ended at \"What does it come from?\", before there is a PDCA: nothing was written"),
            (vec![""], 2, "stdin line 1, \"What does it come from?\": without it there is no PDCA"),
            (vec!["redbin"], 2, "did you mean `red-bin`?"),
            (vec!["incident", "nothing"], 2, "stdin line 2, \"Which incident?\": no incident `nothing`"),
            (vec!["other", "quit"], 1, "the answers ended at \"What is it called?\""),
        ] {
            let output = coach(repo, "pdca coach --new", &answers);
            assert_eq!(output.code, code, "{answers:?} {output:?}");
            output.says(&[said, "nothing was written"]);
        }
    });
    let output = coach(&repo, "pdca coach --new", &["incident", "cluster-3", "Ada", "It hurts"]);
    let output = output.says(&[&format!("Without a PDCA, the newest first:\n  {ID}\nWhich incident?\n")]);
    assert_eq!((output.code, output.stdout.clone()), (0, format!("{P}\n")), "{output:?}");
    assert!(repo.record_text(ID).contains(&format!("pdcas: [{P}]")));
    repo.pdca_holds(&["owner: Ada\n", "problem_statement: \"What: It hurts\"\n"]);
    let output = coach(&repo, "pdca coach --new --incident cluster-3 --title Second --format json", &[]);
    assert_eq!(output.json()["pdca"], "2023-03-27-second");
    let output = coach(&repo, "pdca coach --new --from other --ref X-1 --title Third", &["Ada"]);
    assert_eq!(output.stdout, "2023-03-27-third\n");
}

#[test]
fn somebody_else_may_answer_meanwhile() {
    let repo = TestRepo::with_pdca();
    let mut command = Command::new(programs().join("pdca"));
    command.args(["coach", P]).env_clear().envs(repo.environment()).current_dir(repo.top());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut answers, mut told) = (child.stdin.take().unwrap(), BufReader::new(child.stderr.take().unwrap()));
    let mut until = |words: &str| {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "{words:?} is not said");
        }
    };
    until("the answer | n/a: REASON");
    repo.ok("pdca why --occurrence", &["Theirs"]);
    answers.write_all(b"Mine\n").unwrap();
    until("somebody else has settled that meanwhile: the answer was not written");
    until("Why o1? Or could you act on it tomorrow?");
    answers.write_all(b"root\n").unwrap();
    drop(answers);
    until("go on with");
    assert!(child.wait().unwrap().success());
    repo.pdca_holds(&["why: Theirs\n    root_cause: RC1\n"]);
    assert!(!repo.pdca_text().contains("Mine"));
}

#[test]
fn the_commit_may_be_left_to_the_user() {
    let repo = TestRepo::with_pdca();
    let head = repo.head();
    let output = coach(&repo, "pdca coach --no-commit", &["One", "Two", "root"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(repo.head(), head);
    repo.pdca_holds(&["why: One\n", "why: Two\n", "root_cause: RC1\n"]);
    let refused = coach(&repo, "pdca coach", &["no", "n/a: seen at once"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    refused.says(&["has changes of yours that are not committed"]);
}

fn at_terminal(repo: &TestRepo, args: &[&str]) -> Terminal {
    let mut command = Command::new(programs().join("pdca"));
    command.arg("coach").args(args).env_clear().envs(repo.environment()).env("TERM", "xterm");
    command.env("INC_NOW", "2023-03-27T14:00:00+02:00").current_dir(repo.top());
    Terminal::run(command)
}

#[test]
fn a_person_is_taught_asked_again_and_may_leave_at_any_point() {
    let repo = TestRepo::new();
    let mut terminal = at_terminal(&repo, &[]);
    terminal.shows("no PDCA is open: let us begin one").shows("What does it come from?").types("bin\r");
    terminal.shows("unknown source `bin`").shows("What does it come from?").types("red-bin\r");
    terminal.shows("What is it called?").types("Labels\r").shows("call itself?").types("\r");
    terminal.shows("Who drives this PDCA?").types("Ada\r").shows("pdca: set owner");
    terminal.shows("What happened").types("?\r").shows("problem-missing (warning)").shows("What happened");
    terminal
        .types("\r")
        .shows("What deviates")
        .types("\u{4}")
        .shows("go on with: pdca coach 2023-03-27-labels");
    assert_eq!(terminal.ends(), (0, "2023-03-27-labels\n".to_owned()));

    // What was left open is asked again.
    let mut terminal = at_terminal(&repo, &[]);
    terminal.shows("What happened").types("Three fell off\r").shows("pdca: set context");
    terminal
        .shows("What deviates")
        .types("They fall off\r")
        .shows("Where:")
        .types("\u{3}")
        .shows("go on with");
    assert_eq!(terminal.ends(), (0, "2023-03-27-labels\n".to_owned()));
    let view = repo.ok("pdca show --format json", &[]).json();
    assert_eq!((&view["owner"], &view["problem_statement"]), (&"Ada".into(), &"What: They fall off".into()));
}

/// Each question, about the labels that a first one of its sort has.
fn questions() -> Vec<Question> {
    let (rc1, c1, a1) = (|| "RC1".to_owned(), || "C1".to_owned(), || "A1".to_owned());
    let plan = |lacks| Question::Plan { countermeasure: c1(), lacks };
    let act = |lacks| Question::Act { act: a1(), lacks };
    let (cures, acts) = (
        [CurePart::Owner, CurePart::Kind, CurePart::Timebox, CurePart::Due, CurePart::How, CurePart::On],
        [ActPart::Owner, ActPart::Targets, ActPart::Due],
    );
    let mut all = vec![Question::Owner, Question::Context];
    all.extend(Part::ALL.map(Question::Frame));
    all.extend(Branch::ALL.map(Question::FirstWhy));
    all.push(Question::GoOn { why: "o1".to_owned(), links: 0 });
    all.push(Question::Another { branch: Branch::Occurrence, whys: 1 });
    all.push(Question::Cure { root_cause: rc1(), failed: vec![] });
    all.extend(cures.map(plan));
    all.push(Question::Done { countermeasure: c1() });
    all.push(Question::Result { countermeasure: c1() });
    all.push(Question::Evidence { countermeasure: c1() });
    all.push(Question::Below { root_cause: rc1(), why: "o1".to_owned(), failed: vec![c1()] });
    all.push(Question::Rollout { countermeasure: c1() });
    all.extend(acts.map(act));
    all.push(Question::ActDone { act: a1() });
    all.push(Question::Target { act: a1(), target: "production".to_owned() });
    all
}

#[test]
fn the_page_lists_the_questions_as_they_are() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pdca-coach.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |one: Question| {
        assert!(one.label().len() <= 60, "{one:?}");
        let takes = one.takes().replace('|', "\\|");
        format!("| `{}` | {} | {takes} | `{}` |", one.kind(), one.label(), one.rule())
    };
    let expected: Vec<String> = questions().into_iter().map(row).collect();
    assert_eq!(rows, expected, "docs/pdca-coach.md should hold:\n{}", expected.join("\n"));
}
