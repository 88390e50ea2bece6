//! What is there is mended, moved, taken out and linked; and two people at once.

use super::P;
use crate::support::{ID, Output, TestRepo};

#[test]
fn a_why_is_mended_moved_and_taken_out() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca why --edit o1.1 --link graph=https://g.example/1 --text", &["Too many CRDs"])
        .prints("o1.1\n");
    assert_eq!(repo.commits()[0], "pdca: edit why o1.1: text, links");
    repo.pdca_holds(&["why: Too many CRDs", "https://g.example/1"]);
    repo.ok("pdca why --edit o1.1 --non-detection", &[]).prints("n2\n");
    repo.ok("pdca why --edit n2 --under n1", &[P]).prints("n1.1\n");
    repo.ok("pdca why --edit n1.1 --root-cause RC8", &[]).says(&["C2 answers RC8 now, which was RC2"]);
    let before = repo.pdca_text();
    for (code, line, said) in [
        (1, "pdca why --edit n1 --under n1.1", &["n1.1 stands below n1", "cannot explain itself"][..]),
        (2, "pdca why --edit n1.1 --under o7", &["no why `o7`", "known are: o1, n1, n1.1"]),
        (1, "pdca why --edit n1.1 --untag", &["C2 answers RC8", "--move"]),
        (2, "pdca why --edit n1.1 --drop-link log", &["no link of n1.1 `log`", "known are: graph"]),
        (1, "pdca why --remove n1", &["n1 holds the whys below it (n1.1)", "--remove n1 --recursive"]),
        (1, "pdca why --remove n1.1", &["n1.1 holds RC8, which C2 answers", "--recursive"]),
        (2, "pdca why --edit n1.1", &["nothing to change was given"]),
    ] {
        repo.fails(code, line, &[]).says(said);
    }
    for line in [
        "pdca why --edit o1 --remove o1",
        "pdca why --remove o1 --under n1",
        "pdca why --recursive --occurrence x",
        "pdca why --edit o1 --untag --root-cause RC4",
        "pdca why --text x --occurrence",
        "pdca why --tag o1 --under n1 --root-cause RC9",
        "pdca why --edit o1 --root-cause RC9 --move",
        "pdca why --tag o1 --root-cause RC9 --text x",
        "pdca why",
    ] {
        repo.fails(2, line, &[]);
    }
    assert_eq!(repo.pdca_text(), before, "refused whole");
    repo.ok("pdca why --remove n1.1 --recursive", &[]).says(&["taken out: n1.1, C2; git keeps"]);
    assert_eq!(repo.commits()[0], "pdca: remove why n1.1, C2");
    repo.ok("pdca why --remove o1", &[]);
}

#[test]
fn countermeasures_and_acts_are_taken_out_and_taken_back() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca countermeasure --edit C1 --due 2023-05-01 --timebox 2d --type detect", &[]);
    repo.ok("pdca countermeasure --edit C1 --clear due --clear timebox", &[]);
    assert_eq!(repo.commits()[0], "pdca: edit C1: due, timebox");
    repo.fails(2, "pdca countermeasure --edit C1 --clear deu", &[]).says(&["did you mean `due`"]);
    repo.fails(1, "pdca countermeasure --edit C1 --drop-root-cause RC1", &[])
        .says(&["C1 would answer nothing"]);
    repo.ok("pdca done C1", &[]);
    repo.ok("pdca done C1 --undo", &[]);
    repo.fails(1, "pdca done C1 --undo", &[]).says(&["C1 is not done: there is nothing to take back"]);
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca act C1 Everywhere --target staging-1 --target production", &[]).prints("A1\n");
    // As the issue has it, with the act, and with the PDCA.
    repo.ok("pdca act --target staging-1 --done", &[]);
    assert_eq!(repo.commits()[0], "pdca: A1 applied to staging-1 on 2023-03-27");
    repo.ok("pdca done A1 --target staging-1 --undo", &[]);
    repo.ok("pdca act a1 --target staging-1 --done --on 2023-03-26", &[]);
    repo.ok("pdca act --target production --done", &[P]);
    repo.ok("pdca act --edit A1 --target sandbox --drop-target production", &[])
        .says(&["production was applied on 2023-03-27: it is taken out all the same"]);
    for (code, line, said) in [
        (2, "pdca act --target nowhere --done", "no target `nowhere`; known are: sandbox, staging-1"),
        (2, "pdca act A2 --target sandbox --done", "no act `A2`"),
        (1, "pdca act A1 --done", "A1 is ticked target by target"),
        (2, "pdca act --done", "what is done? Name the act, or --target NAME"),
        (2, "pdca act --target a --target b --done", "one --target at a time"),
        (2, "pdca act C1 Title --target a --on today", "--done"),
        (1, "pdca act --remove A1", "A1 holds what is done: staging-1"),
        (1, "pdca countermeasure --remove C1", "C1 holds act A1, 1 check with a result"),
        (2, "pdca act --edit A1 --on today", "cannot be used with"),
        (2, "pdca act --done --target a --title x", "cannot be used with"),
        (2, "pdca act --edit A1 --recursive", "cannot be used with"),
        (2, "pdca countermeasure --remove C1 --edit C1", "cannot be used with"),
        (2, "pdca countermeasure --remove C1 --title x", "cannot be used with"),
        (2, "pdca countermeasure --edit C1 --recursive", "cannot be used with"),
    ] {
        repo.fails(code, line, &[]).says(&[said]);
    }
    repo.ok("pdca act --remove A1 --recursive", &[]);
    repo.ok("pdca countermeasure --remove C1 --recursive", &[])
        .says(&["nothing answers RC1 any more", "taken out: C1, with 1 check with a result"]);
    repo.ok("pdca countermeasure --remove C2", &[]);
}

#[test]
fn a_ko_is_kept_and_the_loop_goes_round() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca check C1 ko --evidence", &["Silent"])
        .says(&["RC1 lacks a countermeasure again, or a deeper why"]);
    repo.stands("plan-in-progress");
    repo.on("2023-03-30");
    repo.ok("pdca check C1 ok --evidence", &["It fired"])
        .says(&["C1: Check KO on 2023-03-27 (Silent) is kept among its earlier checks"]);
    let view = repo.ok("pdca show --format json", &[]).json();
    let earlier = &view["countermeasures"][0]["earlier_checks"][0];
    assert_eq!(
        (&earlier["result"], &earlier["on"], &earlier["evidence"]),
        (&"ko".into(), &"2023-03-27".into(), &"Silent".into())
    );
    assert_eq!(earlier["uid"].as_str().unwrap().len(), 26);
    // The label moves to a deeper cause: what was proven, was proven against the other one.
    repo.ok("pdca why --under n1", &["Nobody tests alerts"]);
    repo.ok("pdca why --tag n1.1 --root-cause RC1 --move", &[])
        .says(&["C1: Check OK on 2023-03-30 (It fired) no longer counts, as RC1 is n1.1 now, it was n1"]);
    repo.pdca_holds(&["superseded: RC1 is n1.1 now, it was n1"]);
    repo.stands("plan-in-progress");
    repo.ok("pdca countermeasure --edit C1 --check-on 2023-04-30", &[]);
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca check C1 ko --correct", &[])
        .says(&["C1: Check KO on 2023-03-30 replaces Check OK on 2023-03-30"]);
    assert_eq!(
        repo.ok("pdca show --format json", &[]).json()["countermeasures"][0]["earlier_checks"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    repo.fails(1, "pdca check C2 ok --correct", &[]).says(&["C2 has no result to correct"]);
}

#[test]
fn factors_and_participants_come_and_go() {
    let repo = TestRepo::with_pdca();
    repo.ok("pdca factor --link calendar=https://c.example/1", &["It was Friday"]).prints("F1\n");
    repo.ok("pdca factor", &[P, "Nobody was there"]).prints("F2\n");
    repo.ok("pdca factor --edit f1 --text", &["It was Friday evening"]);
    repo.ok("pdca factor --remove F2", &[]);
    assert_eq!(repo.commits()[0], "pdca: remove F2: Nobody was there");
    repo.pdca_holds(&["contributing_factors:", "factor: It was Friday evening"]);
    repo.fails(2, "pdca factor --edit F7 --text x", &[])
        .says(&["no contributing factor `F7`; known are: F1"]);
    repo.fails(2, "pdca factor --remove F1 --edit F1", &[]);
    repo.ok("pdca set --add-participant", &["Grace Hopper", "--add-participant", "Alan"]);
    repo.ok("pdca set --drop-participant", &["grace hopper"]);
    assert_eq!(repo.ok("pdca show --format json", &[]).json()["participants"], serde_json::json!(["Alan"]));
    repo.fails(2, "pdca set --drop-participant Ada", &[]).says(&["no participant `Ada`; known are: Alan"]);
    repo.ok("pdca set --clear participants --clear owner --escalation a3 --link https://a.example/3", &[]);
    repo.ok("pdca set --clear escalation", &[]);
    assert!(!repo.pdca_text().contains("participants") && !repo.pdca_text().contains("owner:"));
    repo.fails(2, "pdca set --clear title", &[]).says(&["possible values: owner"]);
}

#[test]
fn a_pdca_and_an_incident_are_linked_in_both_directions() {
    let repo = TestRepo::with_incident();
    let bin = repo
        .ok("pdca new --from red-bin --ref BIN-12 --title", &["Labels fall off"])
        .stdout
        .trim()
        .to_owned();
    repo.ok("pdca link", &[ID]).says(&["it came from red-bin BIN-12 before"]);
    assert_eq!(repo.commits()[0], format!("pdca: link to {ID}"));
    assert!(repo.record_text(ID).contains(&format!("pdcas: [{bin}]")));
    assert_eq!(repo.ok("pdca show --format json", &[]).json()["source"]["ref"], ID);
    let codes = |repo: &TestRepo| -> Vec<String> {
        let rows = repo.run("pdca lint --level note --format json", &[]).json();
        let links =
            rows.as_array().unwrap().iter().filter(|row| row["code"].as_str().unwrap().starts_with("link"));
        links.map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&repo), [""; 0]);
    let other = repo.declare("Another");
    repo.ok("pdca link another", &[]).says(&[&format!("{bin} comes from {ID} still; --as-source")]);
    assert_eq!(codes(&repo), ["link-shared"]);
    repo.ok("pdca link another --as-source", &[]);
    repo.fails(1, "pdca link another --remove", &[])
        .says(&[&format!("{bin} comes from {other}: give it another")]);
    repo.ok("pdca link --remove", &[&bin, ID]);
    assert!(!repo.record_text(ID).contains("pdcas"));
    assert_eq!(codes(&repo), [""; 0]);
    repo.ok("pdca link --remove", &[&bin, ID]).says(&["does not name"]);
    repo.fails(2, "pdca link no-such-incident", &[]).says(&["no incident `no-such-incident`"]);
}

#[test]
fn two_people_tick_targets_at_once_and_both_are_kept() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca check C1 ok", &[]);
    let targets: Vec<String> = (1..=6).map(|n| format!("--target=cluster-{n}")).collect();
    let words: Vec<&str> = targets.iter().map(String::as_str).collect();
    repo.ok("pdca act C1 Everywhere", &words);
    std::thread::scope(|scope| {
        // Two and two the same target: ticked once, and said so to the second.
        for n in [1, 2, 3, 3, 4, 5, 6, 6] {
            let mut command = repo.command("pdca");
            command.args(["act", "--done", "--target", &format!("cluster-{n}"), "A1"]);
            scope.spawn(move || assert_eq!(Output::of(&mut command).code, 0));
        }
    });
    let acts = repo.ok("pdca show --format json", &[]).json()["countermeasures"][0]["acts"].clone();
    let targets = acts[0]["targets"].as_array().unwrap().clone();
    assert!(targets.iter().all(|target| target["done_on"] == "2023-03-27"), "{targets:?}");
    let ticks = repo.commits().iter().filter(|subject| subject.contains("A1 applied to")).count();
    assert_eq!(ticks, 6);
}

#[test]
fn what_is_given_and_taken_out_at_once_is_refused() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca act C1 Everywhere --target staging", &[]);
    repo.ok("pdca act --target staging --done", &[]);
    for line in [
        "pdca set --owner x --clear owner",
        "pdca set --problem x --clear problem",
        "pdca set --participant x --clear participants",
        "pdca set --add-participant Grace --drop-participant grace",
        "pdca countermeasure --edit C1 --owner x --clear owner",
        "pdca countermeasure --edit C1 --type detect --clear type",
        "pdca countermeasure --edit C1 --root-cause RC2 --drop-root-cause rc2",
        "pdca act --edit A1 --due friday --clear due",
        "pdca act --edit A1 --target Staging --drop-target staging",
    ] {
        repo.fails(2, line, &[]).says(&["give"]);
    }
    repo.fails(2, "pdca report --format json --template a3", &[]).says(&["--format json has no layout"]);
    repo.fails(2, "inc-report --format json --template other", &[ID]).says(&["--format json has no layout"]);
}

#[test]
fn the_deepest_tree_that_is_allowed_can_be_written_with_links() {
    let repo = TestRepo::with_pdca();
    let mut text = repo.pdca_text() + "occurrence:\n";
    let mut label = "o1".to_owned();
    for depth in 0..29 {
        let pad = " ".repeat(depth * 4);
        text += &format!("{pad}- id: {label}\n{pad}  why: Because\n{pad}  whys:\n");
        label += ".1";
    }
    let pad = " ".repeat(29 * 4);
    text += &format!("{pad}- id: {label}\n{pad}  why: Because\n");
    std::fs::write(repo.pdca_path(P), text).unwrap();
    repo.git(&["commit", "--quiet", "--all", "--message=deep"]);
    repo.ok("pdca why --link graph=https://g.example/1 --edit", &[&label]);
    repo.fails(1, "pdca why --under", &[&label, "Because"]).says(&["30 whys deep", "--escalation kaizen"]);
}
