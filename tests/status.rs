//! `inc-status`.

use crate::support::{ID, TestRepo};

/// The seed's incident, with all that resolving it asks for.
fn ready_to_resolve() -> TestRepo {
    let repo = TestRepo::with_incident();
    repo.ok("inc-edit --set", &["summary.mitigation=Deleting crossplane"]);
    repo.ok(
        "inc-severity assess --customer-impact XL --single-customer-impact S --customers 0 --money-at-risk 0 \
         --transactions 0 --features none --countries n/a",
        &[],
    );
    repo
}

#[test]
fn a_step_that_lacks_something_is_refused_with_the_command_for_each() {
    let repo = TestRepo::with_incident();
    repo.fails(1, "inc-status set", &[ID, "mitigated"]).prints("").says(&[
        &format!("error: {ID} cannot become mitigated yet; missing:\n"),
        &format!("  summary.mitigation\n      inc-edit {ID} --set summary.mitigation=VALUE\n"),
    ]);
    repo.fails(1, "inc-status set", &[ID, "resolved"]).says(&[
        &format!("  impact.customers\n      inc-severity assess {ID} --customers VALUE\n"),
        "  a severity that is not provisional",
    ]);
    repo.ok("inc-status show", &[]).prints(&format!(
        "1 - investigating  {ID}
next: 2 - mitigated; missing:
  mitigated_at
      inc-status set {ID} mitigated --at TIME
  summary.mitigation
      inc-edit {ID} --set summary.mitigation=VALUE
"
    ));
    let view = repo.ok("inc-status show --format json", &[]).json();
    assert_eq!(view["status"]["name"], "investigating");
    assert_eq!(view["next"]["number"], 2);
    assert_eq!(view["missing"][1]["what"], "summary.mitigation");
}

#[test]
fn from_investigating_to_resolved_and_back() {
    let repo = ready_to_resolve();
    repo.ok("inc-status set mitigated --at 13:00", &[]).prints("mitigated\n").says(&[
        "--at: understood as 2023-03-27T13:00:00+02:00",
        "status: investigating to mitigated [commit ",
    ]);
    assert_eq!(repo.message(), format!("status: investigating to mitigated\n\nIncident: {ID}"));
    let moved = repo.ok("inc-status set resolved --format json", &[]).json();
    assert_eq!(moved["status"]["label"], "3 - resolved");
    assert_eq!(moved["was"]["name"], "mitigated");
    assert_eq!(moved["commit"], repo.head());
    let text = repo.record_text(ID);
    for line in [
        "status: resolved\n",
        "mitigated_at: \"2023-03-27T13:00:00+02:00\"\n",
        "resolved_at: \"2023-03-27T13:03:00+02:00\"\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    repo.fails(1, "inc-status set", &[ID, "investigating"]).says(&["reopening", "--reason"]);
    repo.ok("inc-status set", &[ID, "investigating", "--reason", "The alert: \"fires\" again"])
        .says(&["resolved_at (2023-03-27T13:03:00+02:00) is taken back"]);
    let entries = repo.ok("inc-timeline list --format json", &[]).json();
    let last = entries.as_array().unwrap().last().unwrap();
    assert_eq!(last["change"]["reason"], "The alert: \"fires\" again");
    assert!(!repo.record_text(ID).contains("resolved_at"));
}

#[test]
fn force_passes_and_is_recorded() {
    let repo = TestRepo::with_incident();
    repo.fails(2, "inc-status set resolved --force", &[]).says(&["--reason <TEXT>"]);
    repo.ok("inc-status set resolved --force --reason", &["A false alarm"])
        .says(&["forced, without: mitigated_at, summary.mitigation"]);
    assert!(repo.record_text(ID).contains("A false alarm"));
}

#[test]
fn cancelling_needs_a_reason() {
    let repo = TestRepo::with_incident();
    repo.fails(1, "inc-status set cancelled", &[]).says(&["cancelling needs a reason: add --reason TEXT"]);
    repo.ok("inc-status set cancelled --reason", &["A planned test"]).prints("cancelled\n");
}

#[test]
fn times_in_disorder_or_in_the_future_are_refused() {
    let repo = ready_to_resolve();
    repo.fails(1, "inc-status set mitigated --at 12:00", &[]).says(&[
        "mitigated_at (2023-03-27T12:00:00+02:00) would lie before started_at (2023-03-27T12:59:00+02:00)",
    ]);
    repo.fails(1, "inc-status set mitigated --at 2023-03-28T10:00:00+02:00", &[]).says(&["in the future"]);
    repo.ok("inc-status set mitigated", &[]);
    repo.fails(1, "inc-status set resolved --at 13:00", &[])
        .says(&["this change (", "would lie before the last change of status"]);
    repo.fails(2, "inc-status set resolved --at", &["2023-03-26 02:30"]).says(&["does not exist"]);
    repo.fails(2, "inc-status set resolved --at", &["2022-10-30 02:30"]).says(&["comes twice"]);
}

#[test]
fn unknown_words_are_refused_with_those_that_are_known() {
    let repo = TestRepo::with_incident();
    repo.fails(2, "inc-status set resolvd", &[])
        .says(&["unknown status `resolvd`; did you mean `resolved`?"]);
    repo.fails(2, "inc-status set done", &[])
        .says(&["unknown status `done`; known are: cancelled, investigating"]);
    repo.fails(2, "inc-status set", &[ID, "resolved", "now"]).says(&["unexpected value 'now'"]);
    repo.fails(2, "inc-status set", &[]).says(&["Usage: inc-status set"]);
    repo.fails(2, "inc-status shwo", &[]).says(&["'show'"]);
}
