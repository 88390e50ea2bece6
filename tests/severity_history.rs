//! `inc-severity history`.

use serde_json::json;

use crate::support::{ID, TestRepo};

const IMPACT: &str =
    "--customer-impact XL --single-customer-impact S --customers 0 --money-at-risk 0 --transactions 0";

/// SEV-1 at 12:59, SEV-3 at 13:00, SEV-2 by decision at 13:01, SEV-3 again at 13:02.
fn eventful() -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.ok(&format!("inc-severity assess {IMPACT}"), &[]);
    repo.ok("inc-severity override --to SEV-2", &["--reason", "The press: \"down\"\nagain"]);
    repo.ok("inc-severity override --clear", &[]);
    repo
}

#[test]
fn each_change_the_peak_and_the_times_are_told() {
    let repo = eventful();
    let output = repo.assert_untouched(|repo| repo.ok("inc-severity history", &[ID]));
    output.prints(&format!(
        "SEV-3 moderate  {ID}
at declaration: SEV-1
peak: SEV-1

TIME              FROM   TO     HOW               BY              WHY
2023-03-27 13:00  SEV-1  SEV-3  policy            Mathieu Corbin  customer impact XL x single-customer impact S
2023-03-27 13:01  SEV-3  SEV-2  override          Mathieu Corbin  The press: \"down\" again
2023-03-27 13:02  SEV-2  SEV-3  override cleared  Mathieu Corbin  customer impact XL x single-customer impact S

Time in each, from the declaration, 2023-03-27 12:59, so far:
  SEV-1  1min
  SEV-2  1min
  SEV-3  2min
"
    ));
    let view = repo.ok("inc-severity history --format json", &[]).json();
    assert_eq!((&view["incident"], &view["timezone"]), (&json!(ID), &json!("Europe/Paris")));
    assert_eq!(view["severity"]["level"], "SEV-3");
    assert_eq!(view["at_declaration"], json!({"severity": "SEV-1", "text": "SEV-1"}));
    assert_eq!(view["peak"]["severity"], "SEV-1");
    assert_eq!(view["changes"][1]["at"], "2023-03-27T13:01:00+02:00");
    assert_eq!(view["changes"][1]["how"], "override");
    assert_eq!(view["changes"][1]["by"], "Mathieu Corbin");
    assert_eq!(view["changes"][1]["reason"], "The press: \"down\"\nagain");
    assert_eq!(view["changes"][2]["how"], "override-cleared");
    assert_eq!((&view["until"], &view["so_far"]), (&json!("now"), &json!(true)));
    let minutes: Vec<_> = (0..4).map(|n| view["spent"][n]["time"]["minutes"].clone()).collect();
    assert_eq!(minutes, [json!(1), json!(1), json!(3), json!(0)]);
    assert_eq!(
        view["spent"][3],
        json!({"severity": "SEV-4", "time": {"minutes": 0, "text": "0s", "missing": []}})
    );
    assert_eq!(view["remarks"], json!([]));
}

#[test]
fn without_changes_it_says_so() {
    let repo = TestRepo::with_incident();
    let told = repo.ok("inc-severity history", &[]).stdout;
    assert!(told.contains("\nNo change since the declaration.\n"), "{told}");
    assert!(told.ends_with("2023-03-27 12:59, so far:\n  SEV-1  1min\n"), "{told}");
    // The project's own: its only change lies before the time of such entries.
    let told = TestRepo::of_the_project().ok("inc-severity history", &[ID]).stdout;
    assert!(told.contains("to the resolution, 2023-03-27 14:13:\n  SEV-3  1h 14min\n"), "{told}");
}

#[test]
fn an_end_stops_the_clock() {
    let repo = eventful();
    repo.ok("inc-status set --reason x", &[ID, "cancelled"]);
    repo.ok("inc-severity override --to SEV-4 --reason x", &[ID]);
    let told = repo.ok("inc-severity history", &[ID]).stdout;
    assert!(told.contains("2023-03-27 13:04  SEV-3  SEV-4  override "), "{told}");
    let times =
        "to the cancellation, 2023-03-27 13:03:\n  SEV-1  1min\n  SEV-2  1min\n  SEV-3  2min\n  SEV-4  0s\n";
    assert!(told.ends_with(times), "{told}");
}

#[test]
fn what_hands_typed_is_named_and_nothing_is_guessed() {
    let repo = eventful();
    let typed = "  - at: \"2023-03-27T13:02:30+02:00\"\n    kind: severity\n    text: \"worse, I think\"\n";
    let text = repo.record_text(ID);
    repo.put_record(ID, format!("{text}{typed}"));
    let output = repo.ok("inc-severity history", &[ID]);
    let why = "the entry \"worse, I think\" of 2023-03-27 13:02 does not say from which severity to which";
    for line in [
        format!("remark: {why}\n"),
        "2023-03-27 13:02  -      -      -                 -               worse, I think\n".to_owned(),
        format!("so far:\n  not computable: {why}\n"),
        "peak: SEV-1\n".to_owned(),
    ] {
        assert!(output.stdout.contains(&line), "{line:?} is not in {}", output.stdout);
    }
    let view = repo.ok("inc-severity history --format json", &[ID]).json();
    let text = format!("not computable: {why}");
    assert_eq!(view["spent"][0]["time"], json!({"minutes": null, "text": text, "missing": ["timeline"]}));
    assert_eq!(view["changes"][3]["from"], json!(null));

    repo.put_record(ID, text_without(&repo, "Severity SEV-3 to SEV-2"));
    let told = repo.ok("inc-severity history", &[ID]).stdout;
    let gap = "remark: the change of 2023-03-27 13:02 is from SEV-2, and SEV-3 held before it\n";
    assert!(told.contains(gap), "{told}");
}

#[test]
fn no_incident_and_a_record_that_cannot_be_read_are_refused() {
    let repo = eventful();
    repo.fails(2, "inc-severity history nothing", &[]).says(&["no incident `nothing`"]);
    repo.mangle(ID, "status: investigating", "status: sleeping");
    repo.fails(4, "inc-severity history", &[ID]).says(&["unknown value `sleeping`"]);
}

/// The record's text without the entry that holds these words.
fn text_without(repo: &TestRepo, words: &str) -> String {
    let text = repo.record_text(ID);
    let entries: Vec<&str> = text.split("  - at: ").collect();
    let kept: Vec<&str> = entries.into_iter().filter(|entry| !entry.contains(words)).collect();
    kept.join("  - at: ")
}
