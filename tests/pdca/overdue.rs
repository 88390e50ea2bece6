//! `pdca overdue`: who is late, in which formats it is told, and its exit codes.

use std::fs;

use super::P;
use crate::support::{ID, TestRepo};

/// The talk's PDCA.
const TALK: &str = "2023-04-06-staging-kubernetes-cluster-3-is-misbehaving";

/// Late on 30 March: a check of Bob's, and a countermeasure and a target of nobody's own, so of Ada's; Bob has more to do.
fn with_days() -> TestRepo {
    let repo = TestRepo::with_plan();
    repo.ok("pdca countermeasure --edit C2 --owner Bob --due 2023-04-02", &[]);
    repo.ok("pdca countermeasure --root-cause RC2 --due 2023-03-29", &["Refuse the rest"]);
    repo.ok("pdca check C1 ok", &[]);
    repo.ok("pdca act C1 Everywhere --due 2023-03-28 --target staging --target", &["eu west"]);
    repo.ok("pdca done A1 --target staging", &[]);
    repo.on("2023-03-30");
    repo
}

#[test]
fn what_is_late_is_told_by_owner() {
    let repo = with_days();
    let head = format!("{:1$}  TITLE", "PDCA", P.len());
    repo.fails(1, "pdca overdue --within 7d", &[])
        .prints(&format!(
            "Ada: 2 late
DUE         WHEN         WHAT                 {head}
2023-03-28  2 days late  apply A1 to eu west  {P}  Everywhere (owner of C1)
2023-03-29  1 day late   do C3                {P}  Refuse the rest (owner of the PDCA)

Bob: 1 late, 1 soon
DUE         WHEN         WHAT      {head}
2023-03-27  3 days late  check C2  {P}  Allow only some CRDs
2023-04-02  in 3 days    do C2     {P}  Allow only some CRDs
"
        ))
        .says(&[
            "1 open step has no day, and cannot be late; --format markdown tells which\n",
            "error: 3 late in 1 of 1 PDCA; --format markdown tells what to type for each\n",
        ]);
    let whats = |options: &str| -> Vec<String> {
        let rows = repo.run(&format!("pdca overdue --format json {options}"), &[]).json();
        rows["due"].as_array().unwrap().iter().map(|row| row["what"].as_str().unwrap().to_owned()).collect()
    };
    for (options, expected) in [
        ("", &["apply A1 to eu west", "do C3", "check C2"][..]),
        ("--by day", &["check C2", "apply A1 to eu west", "do C3"]),
        ("--by pdca --within 3d", &["check C2", "apply A1 to eu west", "do C3", "do C2"]),
        ("--within 2d --owner bob", &["check C2"]),
        ("--within 3d --owner bob", &["check C2", "do C2"]),
    ] {
        assert_eq!(whats(options), expected, "{options}");
    }
    // Only whose it is counts for the exit code, and what is done is not late any more.
    repo.ok("pdca countermeasure --edit C2 --check-on 2023-04-03", &[]);
    repo.ok("pdca overdue --owner BOB", &[]).prints("").says(&["nothing is late in 1 PDCA\n"]);
    repo.fails(1, "pdca overdue --owner bob --owner ada", &[]);
    repo.ok("pdca done A1 --target", &["eu west"]);
    repo.fails(1, "pdca overdue", &[]).says(&["error: 1 late in 1 of 1 PDCA"]);
    repo.ok("pdca countermeasure --edit C3 --due 2023-03-30", &[]);
    repo.ok("pdca overdue", &[]).prints("");
    let today = repo.ok("pdca overdue --within 0d --by day", &[]).stdout;
    assert!(today.starts_with("2023-03-30: 1 soon\nWHEN   WHAT   OWNER"), "{today}");
    assert!(today.contains("\ntoday  do C3  Ada, owner of the PDCA  "), "{today}");
}

#[test]
fn a_wrong_owner_has_nothing_and_is_told_who_has() {
    let repo = with_days();
    repo.ok("pdca overdue --owner xyz\u{1b}", &[])
        .prints("")
        .says(&["nothing open is owned by xyz\\u{1b}; open steps are of: Ada, Bob\n"]);
    repo.ok("pdca overdue --owner nobody", &[]).says(&["nothing open is owned by nobody"]);
    repo.ok("pdca new --from other --title Lids", &[]);
    repo.ok("pdca why lids --occurrence --root-cause RC1 x", &[]);
    repo.ok("pdca countermeasure lids --root-cause RC1 --due 2023-03-30 Glue", &[]);
    repo.on("2023-04-01");
    let late = repo.fails(1, "pdca overdue --owner nobody", &[]).stdout;
    assert!(
        late.starts_with("nobody: 1 late\n") && late.contains(" do C1  2023-03-30-lids  Glue\n"),
        "{late}"
    );
    let all = repo.fails(1, "pdca overdue", &[]).says(&["error: 4 late in 2 of 2 PDCAs; "]).stdout;
    let heads: Vec<&str> = all.lines().filter(|line| line.ends_with(" late")).collect();
    assert_eq!(heads, ["Ada: 2 late", "Bob: 1 late", "nobody: 1 late"]);
    // What is given up is nobody's.
    repo.ok("pdca abandon lids --reason x", &[]);
    repo.ok("pdca overdue --owner nobody", &[]);
}

#[test]
fn programs_get_a_view() {
    let repo = with_days();
    let view = repo.fails(1, "pdca overdue --within 1w --format json", &[]).json();
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().map(ToOwned::to_owned).collect()
    };
    assert_eq!(keys(&view), ["today", "within_days", "late", "soon", "due", "undated"]);
    let counts = [&view["today"], &view["within_days"], &view["late"], &view["soon"]];
    assert_eq!(counts, [&"2023-03-30".into(), &7.into(), &3.into(), &1.into()] as [&serde_json::Value; 4]);
    assert_eq!(
        view["due"][0],
        serde_json::json!({
            "pdca": P,
            "pdca_title": "Staging: Kubernetes cluster 3 is misbehaving",
            "step": "act",
            "label": "A1",
            "what": "apply A1 to eu west",
            "title": "Everywhere",
            "owner": "Ada",
            "owner_of": "countermeasure",
            "target": "eu west",
            "due": "2023-03-28",
            "days": -2,
            "late": true,
            "when": "2 days late",
            "command": format!("pdca done {P} A1 --target 'eu west'"),
        })
    );
    assert_eq!(view["undated"].as_array().unwrap().len(), 1);
    assert_eq!(view["undated"][0]["what"], "check C3");
    assert_eq!(
        view["undated"][0]["command"],
        format!("pdca countermeasure {P} --edit C3 --check HOW --check-on DAY")
    );
    assert_eq!(repo.fails(1, "pdca --format json overdue --within 7d", &[]).json(), view);
    let empty = TestRepo::new();
    let view = empty.ok("pdca overdue --format json", &[]).says(&["no PDCA to look at\n"]).json();
    empty.ok("pdca overdue --owner ada", &[]).says(&["nothing open is owned by ada; nothing is open\n"]);
    assert_eq!((&view["within_days"], &view["due"]), (&serde_json::Value::Null, &serde_json::json!([])));
}

#[test]
fn a_chat_gets_a_digest_that_the_team_lays_out() {
    let repo = with_days();
    let digest = repo.fails(1, "pdca overdue --within 7d --format markdown", &[]).stdout;
    let title = "Staging: Kubernetes cluster 3 is misbehaving";
    assert_eq!(
        digest,
        format!(
            "# PDCA: 3 late, 1 due within 7 days

As of 2023-03-30.

## Ada: 2 late

- [ ] **2 days late** (2023-03-28): apply A1 to eu west, Everywhere (owner of C1)
  - {title}: `pdca done {P} A1 --target 'eu west'`
- [ ] **1 day late** (2023-03-29): do C3, Refuse the rest (owner of the PDCA)
  - {title}: `pdca done {P} C3`

## Bob: 1 late, 1 soon

- [ ] **3 days late** (2023-03-27): check C2, Allow only some CRDs
  - {title}: `pdca check {P} C2 ok --evidence TEXT`
- [ ] **in 3 days** (2023-04-02): do C2, Allow only some CRDs
  - {title}: `pdca done {P} C2`

## Open without a day: 1

What has no day cannot be late.

- check C3, Refuse the rest (Ada): `pdca countermeasure {P} --edit C3 --check HOW --check-on DAY`
"
        )
    );
    assert_eq!(repo.fails(1, "pdca --format markdown overdue --within 7d", &[]).stdout, digest);
    repo.ok("pdca overdue --format md --owner zoe", &[])
        .prints("# PDCA: nothing late\n\nAs of 2023-03-30.\n");
    fs::create_dir(repo.top().join("templates")).unwrap();
    let own = "{{ headline }}: {% for group in groups %}@{{ group.name }} {% endfor %}\n";
    fs::write(repo.top().join("templates/overdue.md.j2"), own).unwrap();
    repo.fails(1, "pdca overdue --format markdown", &[]).prints("3 late: @Ada @Bob\n");
}

#[test]
fn calendars_get_a_feed_that_stays_the_same_but_for_what_changed() {
    let repo = TestRepo::of_the_project();
    repo.ok("pdca act --edit A1 --owner", &["Ada; Lovelace", "--due", "2023-05-01"]);
    let lines = |owner: &str, stamp: &str, days: &str, late: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//inc//inc//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n\
             X-WR-CALNAME:PDCA\r\nBEGIN:VEVENT\r\n\
             UID:01GXBAFWQ08JWG1PT837J58KFE-01GXBAFWQ00Q1APQ509EY38M2N-01GXBBGVD0SR06ZS9WW49JAYWK-act@inc\r\n\
             DTSTAMP:{stamp}\r\n{days}\
             SUMMARY:{late}apply A1: Make sure that this alert exists and is correctly defined in all environments/all ASG\r\n\
             DESCRIPTION:Due 2023-05-01\\nOwner: {owner}\\nPDCA: Staging: Kubernetes cluster 3 is misbehaving ({TALK})\
             \\npdca done {TALK} A1\r\nCATEGORIES:PDCA\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let feed = repo.ok("pdca overdue --format ics", &[]).stdout;
    assert!(feed.split("\r\n").all(|line| line.len() <= 75), "{feed}");
    let expected = lines("Ada\\; Lovelace", "20230407T110000Z", "DTSTART;VALUE=DATE:20230501\r\n", "");
    assert_eq!(feed.replace("\r\n ", ""), expected);
    // Once it is late it lasts through today; until then it is no news to whom only looks a week ahead.
    let none = repo.ok("pdca overdue --format ics --within 7d", &[]).stdout;
    assert!(none.ends_with("X-WR-CALNAME:PDCA\r\nEND:VCALENDAR\r\n"), "{none}");
    repo.on("2023-05-03");
    let late = repo.fails(1, "pdca overdue --format ics --within 7d", &[]).stdout;
    let days = "DTSTART;VALUE=DATE:20230501\r\nDTEND;VALUE=DATE:20230504\r\n";
    assert_eq!(late.replace("\r\n ", ""), lines("Ada\\; Lovelace", "20230503T105900Z", days, "late: "));
}

#[test]
fn a_closed_incident_silences_nothing() {
    let repo = TestRepo::with_plan();
    repo.ok("inc-status set", &[ID, "closed", "--force", "--reason", "Enough"]);
    repo.on("2023-04-30");
    repo.fails(1, "pdca overdue", &[]).says(&["error: 2 late in 1 of 1 PDCA"]);
    // Nor does one that is gone or cannot be read: it is not looked at.
    fs::write(repo.path(ID), "nonsense: [").unwrap();
    repo.fails(1, "pdca overdue", &[]).says(&["error: 2 late in 1 of 1 PDCA"]);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_others_are_looked_at() {
    let repo = TestRepo::with_plan();
    repo.ok("pdca new --from other --title Lids --owner Zoe", &[]);
    repo.ok("pdca why lids --occurrence --root-cause RC1 x", &[]);
    repo.ok("pdca countermeasure lids --root-cause RC1 --due 2023-03-28 Glue", &[]);
    repo.put_pdca(&repo.pdca_text().replace("owner: ", "onwer: "));
    let named = format!("error: pdcas/2023/{P}.yaml:9:1: unknown key `onwer`");
    let unread = "error: 1 record could not be read; the answer leaves it out\n";
    repo.fails(4, "pdca overdue", &[]).says(&[&named, unread, "nothing is late in 1 PDCA"]).prints("");
    repo.on("2023-03-29");
    for format in ["text", "json", "markdown", "ics"] {
        let found = repo.fails(4, "pdca overdue --format", &[format]);
        let found = found.says(&[&named, unread, "1 late in 1 of 1 PDCA"]);
        assert!(found.stdout.contains("Glue"), "{found:?}");
    }
    repo.fails(4, "pdca overdue --owner ada", &[]).says(&[&named, "open steps are of: Zoe"]);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let repo = TestRepo::with_plan();
    for (within, said) in [
        ("4h", "a day has no hours here: give whole days or weeks, such as 7d or 2w"),
        ("1d 12h", "a day has no hours here"),
        ("soon", "is not a length of time"),
        ("7", "is not a length of time"),
        ("-7d", "is not a length of time"),
        ("11000d", "more than ten years"),
    ] {
        repo.fails(2, "pdca overdue", &[&format!("--within={within}")]).says(&[said]);
    }
    for within in ["7d", "2w", "7 days", "1 week", "24h", "0d"] {
        repo.ok("pdca overdue --within", &[within]);
    }
    repo.fails(2, "pdca overdue --by team", &[]).says(&["[possible values: owner, day, pdca]"]);
    repo.fails(2, "pdca overdue --format yaml", &[]).says(&["[possible values: text, json, markdown, ics]"]);
    // Nothing else has a feed, and what would write does not write first.
    for line in
        ["pdca list", "pdca set --owner Zoe", "pdca report", "inc-list", "inc-report", "inc declare x"]
    {
        repo.fails(2, &format!("{line} --format ics"), &[]).says(&["[possible values: text, json"]);
    }
    let report = repo.ok("pdca report", &[]).stdout;
    repo.ok("pdca report --format markdown", &[]).prints(&report);
    repo.ok("pdca list --format md", &[]);
}
