//! Do, check and act: `pdca countermeasure`, `done`, `check`, `act`.

use super::P;
use crate::support::TestRepo;

#[test]
fn a_countermeasure_is_added_and_mended() {
    let repo = TestRepo::with_plan();
    let team = "--department Tech --cft Cards --stack SRE --tech-team Reliability";
    repo.ok(
        &format!("pdca countermeasure --root-cause rc1 --root-cause 2 --due friday {team}"),
        &[P, "Both: # at once"],
    )
    .prints("C3\n")
    .says(&["--due: understood as 2023-03-31"]);
    assert_eq!(repo.commits()[0], "pdca: countermeasure C3 for RC1, RC2: Both: # at once");
    repo.pdca_holds(&[
        "root_causes: [RC1, RC2]\n    title: \"Both: # at once\"\n",
        "    team:\n      department: Tech\n      cft: Cards\n      stack: SRE\n      tech_team: Reliability\n",
        "    due: \"2023-03-31\"\n",
    ]);
    repo.stands("plan-in-progress");
    let words = ["--title", "Both", "--check", "Look", "--check-on", "in 1 week", "--due", "2023-03-26"];
    repo.ok("pdca countermeasure --edit c3 --owner Grace --stack API", &words)
        .prints("")
        .says(&["the due day lies in the past: 2023-03-26"]);
    assert_eq!(repo.commits()[0], "pdca: edit C3: title, team, owner, due, check.how, check.on");
    let view = repo.ok("pdca show --format json", &[]).json()["countermeasures"][2].clone();
    assert_eq!((&view["title"], &view["owner"]), (&"Both".into(), &"Grace".into()));
    assert_eq!(view["team"]["stack"], "API");
    assert_eq!(view["team"]["department"], "Tech");
    assert_eq!(view["check"], serde_json::json!({"how": "Look", "on": "2023-04-03"}));
    repo.ok("pdca countermeasure --edit C2 --root-cause RC1", &[]);
    repo.pdca_holds(&["root_causes: [RC2, RC1]\n"]);
}

#[test]
fn countermeasures_that_cannot_be_are_refused() {
    let repo = TestRepo::with_plan();
    for (line, said) in [
        ("pdca countermeasure x", "--root-cause <RC>"),
        ("pdca countermeasure x --root-cause RC9", "there is no root cause `RC9`; did you mean `RC"),
        ("pdca countermeasure x --root-cause RC1 --due someday", "--due: `someday` is not a day"),
        ("pdca countermeasure x --root-cause RC1 --title y", "--edit <C1>"),
        ("pdca countermeasure --edit C9 --owner x", "there is no countermeasure `C9`; known are: C1, C2"),
        ("pdca countermeasure --edit C1", "nothing to change was given"),
        ("pdca countermeasure --root-cause RC1", "1 or 2 arguments are wanted, 0 given"),
    ] {
        repo.fails(2, line, &[]).prints("").says(&[said]);
    }
    repo.fails(2, "pdca countermeasure --root-cause RC1", &[P]).says(&["names a PDCA: the text is missing"]);
    let repo = TestRepo::with_pdca();
    repo.fails(2, "pdca countermeasure x --root-cause RC1", &[])
        .says(&[&format!("there is none yet: add one with `pdca why {P} --occurrence TEXT`")]);
}

#[test]
fn what_is_done_is_ticked_with_its_day() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca done", &[P, "c1", "--on", "yesterday"])
        .prints("")
        .says(&["--on: understood as 2023-03-26"]);
    assert_eq!(repo.commits()[0], "pdca: C1 done on 2023-03-26");
    repo.ok("pdca done C1 --on 2023-03-25", &[]).says(&["C1 was done on 2023-03-26; 2023-03-25 replaces it"]);
    let head = repo.head();
    repo.ok("pdca done C1", &[]).says(&["C1 was done already, on 2023-03-25", "nothing to change"]);
    assert_eq!(repo.head(), head);
    repo.fails(1, "pdca done C2 --on tomorrow", &[])
        .says(&["C2 done on 2023-03-28: that day is yet to come"]);
    repo.fails(2, "pdca done C9", &[]).says(&["there is no countermeasure `C9`"]);
    repo.fails(2, "pdca done A9", &[]).says(&["there is no act `A9`; there is none yet"]);
    repo.fails(2, "pdca done C1 --target x", &[]).says(&["there is no act `C1`"]);
    repo.fails(2, "pdca done", &[]).says(&["Usage: pdca done"]);
}

#[test]
fn a_check_has_a_result_a_day_and_whoever_made_it() {
    let repo = TestRepo::with_plan();
    let words = ["--evidence", "It fired", "--by", "Grace Hopper", "--how", "By hand", "--on", "2023-03-26"];
    repo.ok("pdca check c1 OK", &words).prints("");
    assert_eq!(repo.commits()[0], "pdca: check C1 OK on 2023-03-26");
    repo.pdca_holds(&[
        "      how: By hand\n      \"on\": \"2023-03-26\"\n      result: ok\n      evidence: It fired\n      by: Grace Hopper\n",
    ]);
    repo.ok("pdca check", &[P, "C2", "ko"]);
    repo.pdca_holds(&["      result: ko\n      by: Mathieu Corbin\n"]);
    repo.fails(1, "pdca check C2 ko", &[]).says(&["C2 is Check KO already and nothing else is new"]);
    repo.ok("pdca check C2 ok", &[]).says(&["C2: Check KO on 2023-03-27 is kept among its earlier checks"]);
    repo.fails(1, "pdca check C1 ok --on 2023-03-28", &[]).says(&["that day is yet to come"]);
    repo.fails(2, "pdca check C1 maybe", &[]).says(&["unknown result `maybe`; known are: ok, ko"]);
    repo.fails(2, "pdca check C1", &[]).says(&["2 or 3 arguments are wanted, 1 given"]);
    repo.fails(2, "pdca check C7 ok", &[]).says(&["there is no countermeasure `C7`"]);
}

#[test]
fn an_act_applies_what_is_proven() {
    let repo = TestRepo::with_plan();
    repo.fails(1, "pdca act C1 everywhere", &[])
        .says(&[&format!("C1 is not checked yet, and only what is proven is applied elsewhere: check it first, with `pdca check {P} C1 ok")]);
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca check C2 ok", &[]);
    let words = [P, "c1", "In all regions", "--target", "eu west", "--target", "us", "--target", "US"];
    repo.ok("pdca act --owner Grace --due 2023-04-03", &words)
        .prints("A1\n")
        .says(&["the target US is there already"]);
    assert_eq!(repo.commits()[0], "pdca: act A1 of C1: In all regions");
    repo.ok("pdca act --edit a1 --owner Alan --due 2023-04-10 --target asia --title", &["Everywhere"])
        .prints("");
    assert_eq!(repo.commits()[0], "pdca: edit A1: targets, title, owner, due");
    repo.fails(1, "pdca done A1", &[]).says(&[
        "A1 is ticked target by target; open: eu west, us, asia",
        "pdca done",
        "--target 'eu west'`",
    ]);
    repo.fails(2, "pdca done A1 --target mars", &[]).says(&["there is no target of A1 `mars`"]);
    for target in ["EU west", "us", "asia"] {
        repo.ok("pdca done A1 --on 2023-03-27 --target", &[target]);
    }
    repo.ok("pdca act C2 --none", &["No other system has it"]).prints("");
    assert_eq!(repo.commits()[0], "pdca: no act for C2: No other system has it");
    repo.stands("act-done");
    let view = repo.ok("pdca show --format json", &[P]).json();
    assert_eq!(view["countermeasures"][0]["acts"][0]["targets"][0]["name"], "eu west");
    assert_eq!(view["countermeasures"][0]["acts"][0]["owner"], "Alan");
    assert_eq!(view["countermeasures"][1]["no_act"], "No other system has it");
    assert_eq!(view["countermeasures"][1]["status"], "applied");

    repo.fails(1, "pdca act --none x", &[P, "C1"]).says(&["C1 has acts (A1)"]);
    repo.fails(1, "pdca abandon --reason x", &[P]).says(&["the PDCA is through (act done)"]);
    repo.ok("pdca act", &[P, "C2", "everywhere"])
        .prints("A2\n")
        .says(&["the reason for no act is taken back"]);
    repo.fails(1, "pdca done A2 --target x", &[]).says(&["A2 names no targets"]);
    repo.fails(2, "pdca act --edit A9 --owner x", &[]).says(&["there is no act `A9`"]);
    repo.fails(2, "pdca act --edit A1", &[]).says(&["nothing to change was given"]);
    repo.fails(2, "pdca act C1 --none x --owner y", &[]).says(&["cannot be used with"]);
    repo.fails(2, "pdca act C1", &[]).says(&["2 or 3 arguments are wanted, 1 given"]);
}
