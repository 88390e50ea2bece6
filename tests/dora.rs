//! `inc-severity dora`: each outcome as people and programs see it, the team's own policy, and what cannot be read.

use std::fs;

use serde_json::Value;

use crate::support::{ID, TestRepo};

/// Every threshold answered, none met, critical services affected.
const QUIET: &[&str] = &[
    "impact.customers=0",
    "impact.customers_percent=0",
    "impact.countries=none",
    "impact.duration=1h",
    "impact.downtime=none",
    "impact.data_losses=none",
    "impact.malicious_access=no",
    "impact.economic_impact=0",
    "impact.dora.critical_services=yes",
    "impact.dora.counterparts_percent=0",
    "impact.dora.transactions_percent=0",
    "impact.dora.transactions_amount_percent=0",
    "impact.dora.relevant_clients=no",
    "impact.dora.reputation=none",
];

fn set(repo: &TestRepo, incident: &str, settings: &[&str]) {
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let words: Vec<&str> = std::iter::once(incident).chain(settings).collect();
    repo.ok("inc-edit", &words);
}

fn quiet(settings: &[&str]) -> TestRepo {
    let repo = TestRepo::with_incident();
    set(&repo, ID, QUIET);
    set(&repo, ID, settings);
    repo
}

fn view(repo: &TestRepo) -> Value {
    repo.ok("inc-severity dora --format json", &[ID]).json()
}

#[track_caller]
fn shows(repo: &TestRepo, lines: &[&str]) {
    let shown = repo.ok("inc-severity dora", &[ID]).stdout;
    for line in lines {
        assert!(shown.contains(line), "{line:?} is not in {shown}");
    }
    let notice =
        "an aid, not legal advice: Commission Delegated Regulations\n(EU) 2024/1772 and (EU) 2025/301";
    assert!(shown.contains(notice), "{shown}");
    for line in shown.lines().filter(|line| !line.contains(ID)) {
        assert!(line.chars().count() <= 60, "{line:?}");
    }
}

#[test]
fn major_by_two_thresholds() {
    let repo = quiet(&["impact.duration=30h", "impact.countries=France, DE"]);
    shows(
        &repo,
        &[
            "major: yes\n  critical services affected, and 2 thresholds met (2\n  needed): duration and downtime; geographical spread (art.\n  8(1)(b))\n",
            "art. 9(3)     duration and downtime: met\n              duration: 30h, above 24h\n",
            "art. 9(4)     geographical spread: met\n              member states touched: DE, FR, 2 needed\n",
            "art. 9(6)     economic impact: not met\n",
            "Reports, (EU) 2025/301: it is major\n",
        ],
    );
    let view = view(&repo);
    assert_eq!((&view["major"], &view["policy"]), (&"yes".into(), &"built-in".into()));
    assert_eq!(view["alone"]["criteria"][0]["article"], "art. 6");
    assert_eq!(view["alone"]["criteria"].as_array().unwrap().len(), 8);
    assert_eq!(view["alone"]["missing"], serde_json::json!([]));
    assert_eq!(view["clock"]["applies"], "yes");
    assert!(view["notice"].as_str().unwrap().starts_with("an aid, not legal advice"));
}

#[test]
fn major_by_access_and_not_major() {
    let repo = quiet(&["impact.malicious_access=yes"]);
    shows(&repo, &["major: yes\n  critical services affected, and malicious access (art.\n  8(1)(a))\n"]);
    set(&repo, ID, &["impact.malicious_access=no", "impact.data_losses=integrity"]);
    shows(
        &repo,
        &[
            "major: no\n  no malicious access, and 1 threshold met (2 needed): data\n  losses (art. 8(1))\n",
            "  remark: art. 9(5)(a) counts losses of data with an adverse",
            "Reports, (EU) 2025/301: no reports: it is not major\n",
        ],
    );
    assert_eq!(view(&repo)["clock"], Value::Null);
    set(&repo, ID, &["impact.dora.critical_services=no", "impact.malicious_access=yes"]);
    shows(
        &repo,
        &["major: no\n  no critical services affected (art. 8(1), art. 6)\n", "remark: by art. 6(c)"],
    );
}

#[test]
fn what_is_missing_is_told_with_the_command_that_supplies_it() {
    let repo = TestRepo::with_incident();
    shows(
        &repo,
        &[
            "major: not computable\n  no threshold met (2 needed) (art. 8(1)); open: critical\n",
            "art. 9(3)     duration and downtime: not computable\n",
            &format!("  impact.countries: not asked\n    inc-severity assess {ID} --countries VALUE\n"),
            &format!("    inc-edit {ID} --set impact.dora.critical_services=VALUE\n"),
            "art. 8(2)     major: not computable\n              root_cause not asked (art. 8(2))\n",
            "Reports, (EU) 2025/301: if it is major\n  aware since 2023-03-27T12:59:00+02:00 (declared_at)\n",
            &format!("    inc-edit {ID} --set impact.dora.classified_at=now\n"),
        ],
    );
    // Each command that the answer names, followed, leaves nothing open but the future.
    for missing in view(&repo)["alone"]["missing"].as_array().unwrap() {
        let command = missing["command"].as_str().unwrap();
        let value = match missing["path"].as_str().unwrap() {
            "impact.malicious_access" | "impact.dora.critical_services" | "impact.dora.relevant_clients" => {
                "no"
            }
            path if path.ends_with("_at") => continue,
            _ => "none",
        };
        let command = command.replace("VALUE", value);
        repo.ok(&command, &[]);
    }
    assert_eq!(view(&repo)["major"], "no");
    // What is not computable is no reason to fail.
    repo.ok("inc-severity dora --check", &[ID]);
}

#[test]
fn recurring_incidents_are_major_together() {
    let half = ["impact.duration=13h", "impact.economic_impact=60000", "root_cause=internal, disk"];
    let repo = quiet(&half);
    let other = repo.declare("The disk is full again");
    set(&repo, &other, QUIET);
    set(&repo, &other, &half);
    shows(
        &repo,
        &[
            "major: yes\n  2 incidents with the same root cause within 6 months (art.\n",
            &format!("  {other}\n"),
            "duration: 26h, above 24h",
            "  remark: numbers, amounts and times are added up",
            "Reports, (EU) 2025/301: it is major\n",
        ],
    );
    let json = view(&repo);
    assert_eq!((&json["alone"]["major"], &json["recurring"]["major"]), (&"no".into(), &"yes".into()));
    assert_eq!(json["recurring"]["incidents"], serde_json::json!([ID, other]));
    // One that cannot be read is named, and the answer is given all the same.
    let file = repo.top().join(format!("incidents/2023/{other}.yaml"));
    fs::write(&file, "schema: 1\nnonsense: true\n").unwrap();
    let output = repo.run("inc-severity dora", &[ID]);
    assert_eq!(output.code, 4, "{output:?}");
    assert!(output.stdout.starts_with("major: no\n"), "{output:?}");
    output.says(&[&format!("{other}.yaml:2:1"), "1 record could not be read"]);
}

#[test]
fn reports_are_due_late_or_sent() {
    let repo = quiet(&["impact.malicious_access=yes", "impact.dora.classified_at=2023-03-27T13:00:00+02:00"]);
    shows(
        &repo,
        &[
            "art. 5(1)(a)  initial notification: due in 3h 58min\n              due 2023-03-27T17:00:00+02:00\n",
        ],
    );
    repo.ok("inc-severity dora --check", &[ID]);
    repo.on("2023-03-31");
    let late = repo.fails(1, "inc-severity dora --check", &[ID]);
    late.says(&["error: late and not sent: initial notification (art. 5(1)(a), LATE by 3d 19h 59min)"]);
    repo.ok("inc-severity dora", &[ID]);
    set(&repo, ID, &["impact.dora.notified_at=2023-03-27T16:00:00+02:00"]);
    shows(
        &repo,
        &[
            "initial notification: sent in time\n",
            "intermediate report: LATE by 21h",
            "              due 2023-03-30T16:00:00+02:00\n              72h after the initial notification\n",
        ],
    );
    repo.fails(1, "inc-severity dora --check --format json", &[ID])
        .says(&["intermediate report (art. 5(1)(b)"]);
    set(&repo, ID, &["impact.dora.intermediate_at=2023-03-30T12:00:00+02:00"]);
    let reports = view(&repo)["clock"]["reports"].clone();
    let standings: Vec<&str> =
        reports.as_array().unwrap().iter().map(|one| one["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["in-time", "in-time", "due"]);
    assert_eq!(reports[2]["due_at"], "2023-04-30T12:00:00+02:00");
    repo.ok("inc-severity dora --check", &[ID]);
    // Whoever classified it as major owes the reports, whatever is computed.
    set(&repo, ID, &["impact.malicious_access=no"]);
    shows(
        &repo,
        &["major: no\n", "Reports, (EU) 2025/301: the record says that it was\nclassified as major"],
    );
}

#[test]
fn nothing_is_owed_for_what_is_no_real_incident() {
    let owing = &["impact.malicious_access=yes", "impact.dora.classified_at=2023-03-27T13:00:00+02:00"];
    for (change, why) in [
        ("kind=drill", "it is a drill"),
        ("kind=near-miss", "it is a near miss"),
        ("cancelled", "it is cancelled"),
    ] {
        let repo = quiet(owing);
        repo.on("2023-03-31");
        repo.fails(1, "inc-severity dora --check", &[ID]);
        match change {
            "cancelled" => _ = repo.ok("inc-status set", &[ID, "cancelled", "--reason", "a false alarm"]),
            _ => set(&repo, ID, &[change]),
        }
        repo.ok("inc-severity dora --check", &[ID]);
        let no_reports = format!("Reports, (EU) 2025/301: no reports: {why}\n");
        shows(&repo, &[&format!("major: no\n  {why}: nothing is to be reported; by its"), &no_reports]);
        let view = view(&repo);
        assert_eq!((&view["no_reports"], &view["clock"]), (&why.into(), &Value::Null));
        assert_eq!((&view["major"], &view["alone"]["major"]), (&"no".into(), &"yes".into()));
    }
}

#[test]
fn a_time_that_cannot_be_true_does_not_silence_the_check() {
    let repo = quiet(&["impact.malicious_access=yes", "impact.dora.notified_at=2099-01-01T00:00:00+01:00"]);
    repo.ok("inc-severity dora --check", &[ID]);
    repo.on("2023-03-31");
    shows(
        &repo,
        &[
            "initial notification: LATE by 3d",
            "              contradiction: impact.dora.notified_at,\n              2099-01-01T00:00:00+01:00, lies in the future:\n              it cannot be true, and counts as not sent\n",
            "  impact.dora.notified_at: 2099-01-01T00:00:00+01:00 lies in\n  the future\n",
        ],
    );
    repo.fails(1, "inc-severity dora --check", &[ID]).says(&["initial notification (art. 5(1)(a), LATE"]);
    let report = &view(&repo)["clock"]["reports"][0];
    assert_eq!((&report["standing"], &report["sent_at"]), (&"overdue".into(), &Value::Null));
    assert_eq!(report["contradictions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_teams_own_policy_decides_and_its_errors_have_places() {
    let repo = quiet(&["impact.economic_impact=90000 USD", "impact.countries=FR, DE"]);
    shows(
        &repo,
        &[
            "major: not computable\n",
            "  impact.economic_impact: 90000 USD is not in EUR, and\n  policies/dora.yaml gives no rate for it\n",
        ],
    );
    let built_in = repo.ok("inc-severity dora --print-policy", &[]).stdout;
    let file = repo.top().join("policies/dora.yaml");
    assert!(!file.exists(), "inc init does not write it");
    fs::write(&file, &built_in).unwrap();
    assert_eq!(view(&repo)["policy"], "built-in", "the same said aloud");
    let own = built_in.replace(
        "above: {amount: 100000, currency: EUR}",
        "rates: {USD: 0.92}, above: {amount: 80000, currency: EUR}",
    );
    fs::write(&file, own).unwrap();
    shows(
        &repo,
        &[
            "major: yes\n",
            "Classification, (EU) 2024/1772, by policies/dora.yaml:\n",
            "costs and losses: 82800 EUR, above 80000 EUR",
        ],
    );
    for (from, to, words) in [
        ("needed: 2", "needed: 0", "policies/dora.yaml:10:9: 0 is not from 1 to 6"),
        ("{above: 24h", "{above: 0h", "zero makes no sense here"),
        ("clients_percent: {above: 10,", "clients_percent: {above: 101,", "101 is not a share in percent"),
        ("clock:", "clocks:", "unknown key `clocks`"),
    ] {
        fs::write(&file, built_in.replacen(from, to, 1)).unwrap();
        repo.fails(4, "inc-severity dora", &[ID]).prints("").says(&[words]);
    }
    repo.fails(2, "inc-severity dora --print-policy --check", &[]).says(&["cannot be used with"]);
    repo.fails(2, "inc-severity dora --print-policy --format json", &[]).says(&["leave out --format json"]);
    repo.fails(2, "inc-severity dora nowhere", &[]).says(&["no incident `nowhere`"]);
}

#[test]
fn its_properties_are_set_like_the_others_and_refused_like_them() {
    let repo = TestRepo::new();
    let settings = [
        "Payments down",
        "--set",
        "impact.dora.critical_services=yes",
        "--set",
        "impact.dora.notified_at=-5m",
    ];
    let id = repo.ok("inc-declare", &settings).stdout;
    let text = repo.record_text(id.trim());
    assert!(
        text.contains(
            "  dora:\n    critical_services: true\n    notified_at: \"2023-03-27T12:54:00+02:00\"\n"
        ),
        "{text}"
    );
    for (setting, words) in [
        ("impact.dora.reputation=press", "`press` is no sign of reputational impact; known are: media"),
        ("impact.dora.counterparts_percent=101", "is not a share in percent"),
        ("impact.dora.critical_services=perhaps", "is neither `true` nor `false`"),
        ("impact.dora.critical_service=yes", "did you mean `impact.dora.critical_services`?"),
    ] {
        repo.fails(2, "inc-edit --set", &[setting]).says(&[words]);
    }
    let report = repo.ok("inc-report --format json", &[]).json();
    let impact = &report["incident"]["impact"];
    let impact = if impact.is_null() { &report["impact"] } else { impact };
    assert_eq!(impact["dora"]["critical_services"], true, "{report}");
    assert_eq!(impact["dora"]["final_at"], Value::Null);
}
