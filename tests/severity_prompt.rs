//! `inc-severity assess` on a terminal asks for what the policy misses.

use std::process::Command;

use crate::support::terminal::Terminal;
use crate::support::{ID, TestRepo, programs};

fn assess(repo: &TestRepo) -> Terminal {
    let mut command = Command::new(programs().join("inc-severity"));
    command.arg("assess").env_clear().envs(repo.environment()).env("TERM", "xterm").current_dir(repo.top());
    Terminal::run(command)
}

#[test]
fn each_missing_input_is_asked_for_and_wrong_answers_are_asked_again() {
    let repo = TestRepo::with_incident();
    repo.ok("inc-severity assess --customer-impact XL", &[]);
    let mut terminal = assess(&repo);
    terminal
        .shows("Enter leaves a question open")
        .shows("single-customer impact (not asked):")
        .types("huge\r");
    terminal.shows("is no band of single-customer impact").types("S\r");
    terminal
        .shows("money at risk (not asked):")
        .types("12 USD\r")
        .shows("has no rate for it")
        .types("none\r");
    terminal.shows("transactions (not asked):").types("\r");
    assert_eq!(terminal.ends(), (0, "SEV-1 (provisional)\n".to_owned()));
    let record = repo.record_text(ID);
    assert!(
        record.contains("single_customer_impact: S") && record.contains("money_at_risk: none"),
        "{record}"
    );
    assert!(!record.contains("\n  transactions:"), "{record}");
}

#[test]
fn who_has_had_enough_keeps_what_was_answered_and_who_interrupts_writes_nothing() {
    let repo = TestRepo::with_incident();
    repo.assert_untouched(|repo| {
        let mut terminal = assess(repo);
        terminal.shows("customer impact (not asked):").types("XL\r");
        terminal.shows("single-customer impact (not asked):").types("\u{3}");
        terminal.shows("interrupted: nothing was written");
        assert_eq!(terminal.ends(), (1, String::new()));
    });
    let mut terminal = assess(&repo);
    terminal.shows("customer impact (not asked):").types("XL\r");
    terminal.shows("single-customer impact (not asked):").types("\u{1b}");
    assert_eq!(terminal.ends(), (0, "SEV-1 (provisional)\n".to_owned()));
    assert!(repo.record_text(ID).contains("customer_impact: XL"));
}
