//! A whole PDCA from an empty repository by the coach alone, by verbs alone, and by the editor alone: the files say the same.

use serde_json::Value;

use crate::support::TestRepo;

pub(super) const LABELS: &str = "2023-03-27-labels-fall-off";

/// What is answered, a line each, in the order in which the coach asks.
pub(super) const ANSWERS: &str = "red-bin
Labels fall off
BIN-12
Ada Lovelace
Three boxes came back without labels
Labels fall off boxes
Line 3 of the packing hall
Monday, 27 March, 06:00
40 of 800 boxes
Every box leaves with its label
The glue was cold
The heater had failed in the night
Nothing tells that the heater is off
root
no
The last camera looks at the barcode of the next box
RC2
no
Ring when the heater is off
Ada Lovelace
prevent
2d
tomorrow
Unplug the heater: it must ring within a minute
today
Compare the barcode with the box's own number
Grace Hopper
detect
1w
friday
Send ten boxes without labels: ten must be thrown out
2023-03-27
yes
yes
ok: It rang after 40 s
ok
Ten of ten were thrown out
The same alarm on every line
Ada Lovelace
line 1, line 2
in 2 weeks
yes
yes
none: No other line has a camera
";

const PROBLEM: &str = "What: Labels fall off boxes
Where: Line 3 of the packing hall
Since: Monday, 27 March, 06:00
How many: 40 of 800 boxes
Standard: Every box leaves with its label";

fn by_coach() -> TestRepo {
    let repo = TestRepo::new();
    let output = repo.run_with("pdca coach --new", &[], |command| {
        command.write_stdin(ANSWERS);
    });
    assert_eq!((output.code, output.stdout.as_str()), (0, format!("{LABELS}\n").as_str()), "{output:?}");
    assert!(!output.stderr.contains("hint: "), "{output:?}");
    // Each answer is a commit; a title, a reference and a source are one, and two times "no" is none.
    let first = repo.commits().iter().position(|subject| subject.starts_with("pdca: new")).unwrap();
    assert_eq!(first, ANSWERS.lines().count() - 3 - 2);
    repo
}

fn by_verbs() -> TestRepo {
    let repo = TestRepo::new();
    let begun = ["--problem", PROBLEM, "--context", "Three boxes came back without labels"];
    let begun =
        [&["--title", "Labels fall off", "--ref", "BIN-12", "--owner", "Ada Lovelace"][..], &begun].concat();
    repo.ok("pdca new --from red-bin", &begun).prints(&format!("{LABELS}\n"));
    repo.ok("pdca why --occurrence", &["The glue was cold"]);
    repo.ok("pdca why --under o1", &["The heater had failed in the night"]);
    repo.ok("pdca why --under o1.1 --root-cause RC1", &["Nothing tells that the heater is off"]);
    repo.ok(
        "pdca why --non-detection --root-cause RC2",
        &["The last camera looks at the barcode of the next box"],
    );
    repo.ok(
        "pdca countermeasure --root-cause RC1 --type prevent --timebox 2d --due tomorrow --check-on today",
        &[
            "Ring when the heater is off",
            "--owner",
            "Ada Lovelace",
            "--check",
            "Unplug the heater: it must ring within a minute",
        ],
    );
    repo.ok(
        "pdca countermeasure --root-cause RC2 --type detect --timebox 1w --due friday --check-on today",
        &[
            "Compare the barcode with the box's own number",
            "--owner",
            "Grace Hopper",
            "--check",
            "Send ten boxes without labels: ten must be thrown out",
        ],
    );
    repo.ok("pdca done C1", &[]);
    repo.ok("pdca done C2", &[]);
    repo.ok("pdca check C1 ok --evidence", &["It rang after 40 s"]);
    repo.ok("pdca check C2 ok --evidence", &["Ten of ten were thrown out"]);
    let act = ["--owner", "Ada Lovelace", "--target", "line 1", "--target", "line 2", "--due", "in 2 weeks"];
    repo.ok("pdca act C1", &[&["The same alarm on every line"][..], &act].concat());
    repo.ok("pdca done A1 --target", &["line 1"]);
    repo.ok("pdca done A1 --target", &["line 2"]);
    repo.ok("pdca act C2 --none", &["No other line has a camera"]);
    repo
}

/// What a person types below the head of the file.
const TYPED: &str = r#"owner: Ada Lovelace
context: Three boxes came back without labels
problem_statement: |
  What: Labels fall off boxes
  Where: Line 3 of the packing hall
  Since: Monday, 27 March, 06:00
  How many: 40 of 800 boxes
  Standard: Every box leaves with its label
occurrence:
  - id: o1
    why: The glue was cold
    whys:
      - id: o1.1
        why: The heater had failed in the night
        whys: [{id: o1.1.1, why: Nothing tells that the heater is off, root_cause: RC1}]
non_detection:
  - id: n1
    why: The last camera looks at the barcode of the next box
    root_cause: RC2
countermeasures:
  - id: C1
    root_causes: [RC1]
    title: Ring when the heater is off
    type: prevent
    owner: Ada Lovelace
    timebox: 2d
    due: 2023-03-28
    done_on: 2023-03-27
    check:
      how: "Unplug the heater: it must ring within a minute"
      on: 2023-03-27
      result: ok
      evidence: It rang after 40 s
      by: Mathieu Corbin
    acts:
      - id: A1
        title: The same alarm on every line
        owner: Ada Lovelace
        due: 2023-04-10
        targets: [{name: line 1, done_on: 2023-03-27}, {name: line 2, done_on: 2023-03-27}]
        created_at: "2023-03-27T13:00:00+02:00"
  - id: C2
    root_causes: [RC2]
    title: Compare the barcode with the box's own number
    type: detect
    owner: Grace Hopper
    timebox: 1w
    due: 2023-03-31
    done_on: 2023-03-27
    check:
      how: "Send ten boxes without labels: ten must be thrown out"
      on: 2023-03-27
      result: ok
      evidence: Ten of ten were thrown out
      by: Mathieu Corbin
    no_act: No other line has a camera
"#;

fn by_editor() -> TestRepo {
    let repo = TestRepo::new();
    repo.ok("pdca new --from red-bin --ref BIN-12 --title", &["Labels fall off"]);
    let editor = repo.script("editor", &format!("cat >>\"$1\" <<'END'\n{TYPED}END"));
    let output = repo.run_with("pdca edit", &[], |command| {
        command.env("EDITOR", editor);
    });
    assert_eq!(output.code, 0, "{output:?}");
    repo
}

/// What a record says, without what differs each time: the ids that were minted, and when.
fn said(repo: &TestRepo) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| key != "uid" && key != "created_at");
                map.values_mut().for_each(strip);
            }
            Value::Array(all) => all.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut view = repo.ok("pdca show --format json", &[LABELS]).json();
    strip(&mut view);
    view
}

#[test]
fn the_three_files_say_the_same() {
    let [coach, verbs, editor] = [by_coach(), by_verbs(), by_editor()].map(|repo| {
        repo.ok("pdca lint --level note", &[]).prints("");
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
        said(&repo)
    });
    assert_eq!(coach["status"], "act-done");
    assert_eq!(coach["problem_statement"], PROBLEM);
    assert_eq!(coach, verbs);
    assert_eq!(verbs, editor);
}
