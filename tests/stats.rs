//! `inc-stats`: the seed's incident, and some more that one can count by hand.

use serde_json::{Value, json};

use crate::support::TestRepo;

/// A record of that day; `more` is its other lines.
fn put(repo: &TestRepo, number: usize, day: &str, severity: &str, minutes: Option<u32>, more: &str) {
    let end = |minutes: u32| {
        format!("resolved_at: \"{day}T{:02}:{:02}:00+02:00\"\n", 16 + minutes / 60, minutes % 60)
    };
    let status = if minutes.is_some() { "resolved" } else { "investigating" };
    let text = format!(
        "schema: 1\nid: {day}-case-{number}\nuid: 01GWH7Q3M8Z0V8T3J4K5N6P{number:03}\ntitle: Case {number}\n\
         status: {status}\nseverity: {severity}\nassessment: {{computed: {severity}, provisional: false, decided_by: x}}\n\
         timezone: Europe/Paris\nstarted_at: \"{day}T16:00:00+02:00\"\ndetected_at: \"{day}T16:05:00+02:00\"\n\
         declared_at: \"{day}T16:10:00+02:00\"\n{}{more}",
        minutes.map(end).unwrap_or_default()
    );
    std::fs::write(repo.top().join(format!("incidents/2023/{day}-case-{number}.yaml")), text).unwrap();
}

/// The seed's incident of March, and of April to June: two that took 10 and 30 minutes, one of 5 hours, one that is open,
/// a drill. The present is 7 July.
fn some() -> TestRepo {
    let repo = TestRepo::of_the_project();
    repo.on("2023-07-07");
    let hostile =
        "team: {tech_team: \"<b>&|*x*\"}\ncommander: \"A | B <script>\"\nroot_cause: [internal, change]\n";
    put(&repo, 1, "2023-04-03", "SEV-1", Some(10), hostile);
    put(&repo, 2, "2023-04-04", "SEV-1", Some(30), "root_cause: unknown\n");
    put(&repo, 3, "2023-06-02", "SEV-2", Some(300), "root_cause: [internal, change, index]\n");
    put(&repo, 4, "2023-06-03", "SEV-2", None, "");
    put(&repo, 5, "2023-06-04", "SEV-4", Some(60), "kind: drill\nenvironment: staging\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--message", "by hand"]);
    repo
}

#[test]
fn the_overview_tells_what_matters() {
    some().ok("inc-stats", &[]).prints(
        "Incidents
As of 2023-07-07 (Europe/Paris)
Apart: 1 of kind drill (--kind drill)

5 incidents: 1 open; 2023-03-27 to 2023-06-03

By severity
SEVERITY  N  SHARE  2022-08 to 2023-07
SEV-1     2  40.0%  ▁▁▁▁▁▁▁▁█▁▁▁
SEV-2     2  40.0%  ▁▁▁▁▁▁▁▁▁▁█▁
SEV-3     1  20.0%  ▁▁▁▁▁▁▁█▁▁▁▁
SEV-4     0   0.0%  ▁▁▁▁▁▁▁▁▁▁▁▁

How long (calendar hours)
TIME            N  MEDIAN    P90    MIN    MAX   MEAN
to detect       4      5m     5m     5m     5m     5m
to acknowledge  4      5m     5m     5m     5m     5m
to mitigate     1   1h11m  1h11m  1h11m  1h11m  1h11m
to resolve      4     30m     5h    10m     5h  1h44m
to detect: 1 of 5 not computable: 1 detected_at missing
to acknowledge: 1 of 5 not computable: 1 detected_at missing
to mitigate: 4 of 5 not computable: 4 mitigated_at missing
to resolve: 1 of 5 not computable: 1 resolved_at missing

PDCA: 1 of these incidents
FIGURE                             SHARE      OF  LEFT OUT
incidents with a PDCA              20.0%  1 of 5         -
with a root cause                  20.0%  1 of 5         -
with a proven countermeasure       20.0%  1 of 5         -
with all acts done                  0.0%  0 of 1         4
countermeasures done by their day      -  0 of 0         2
Checks: 2 done, 0 open, 0 overdue, 0 without a day
",
    );
}

#[test]
fn two_groups_make_a_table_and_the_hours_are_told_apart() {
    let repo = some();
    let output = repo.ok("inc-stats --by severity,month --hours both --severity SEV-2", &[]);
    output.prints(
        "Incidents by severity and month
As of 2023-07-07 (Europe/Paris)

2 incidents: 1 open; 2023-06-02 to 2023-06-03

How many
SEVERITY  N  2023-06 to 2023-06
SEV-1     0  ▁
SEV-2     2  █
SEV-3     0  ▁
SEV-4     0  ▁

Time to resolve, SEV-2 (calendar hours)
MONTH    N  MEDIAN  P90  MIN  MAX  MEAN
2023-06  1      5h   5h   5h   5h    5h
2023-06, to resolve: 1 of 2 not computable: 1 resolved_at
  missing

Time to resolve, SEV-2 (business hours)
MONTH    N  MEDIAN  P90  MIN  MAX  MEAN
2023-06  1      2h   2h   2h   2h    2h
2023-06, to resolve: 1 of 2 not computable: 1 resolved_at
  missing
",
    );
    let view = repo.ok("inc-stats --by month --measure time-to-resolve --format json", &[]).json();
    let cells = view["kinds"][0]["cells"].as_array().unwrap();
    let counts: Vec<(&Value, &Value)> =
        cells.iter().map(|cell| (&cell["group"]["month"], &cell["count"])).collect();
    assert_eq!(json!(counts), json!([["2023-03", 1], ["2023-04", 2], ["2023-05", 0], ["2023-06", 2]]));
    assert_eq!(
        cells[3]["measures"],
        json!([{
            "measure": "time_to_resolve", "hours": "calendar", "n": 1, "median": 300, "p90": 300, "min": 300,
            "max": 300, "mean": 300, "uncomputable": 1, "missing": [{"why": "resolved_at missing", "count": 1}]
        }])
    );
    assert_eq!(
        (&view["question"], &view["today"], &view["by"]),
        (&json!("by"), &json!("2023-07-07"), &json!(["month"]))
    );
    assert_eq!(view["apart"], json!([{"kind": "drill", "count": 1}]));
}

#[test]
fn the_hours_of_the_team_are_those_of_its_settings() {
    let repo = some();
    let file = repo.top().join("inc.yaml");
    let settings = |hours: &str| {
        std::fs::write(&file, format!("timezone: Europe/Paris\nbusiness_hours: {hours}\n")).unwrap();
    };
    let resolve = || {
        let line = "inc-stats --severity SEV-2 --measure time_to_resolve --hours business --format json";
        repo.ok(line, &[]).json()["kinds"][0]["measures"][0]["median"].clone()
    };
    settings("{days: [mon..sun], from: \"00:00\", to: \"24:00\"}");
    assert_eq!(resolve(), json!(300));
    settings("{holidays: [2023-06-02]}");
    assert_eq!(resolve(), json!(0));
    settings("{to: \"17:00\"}");
    assert_eq!(resolve(), json!(60));
    for (hours, said) in [
        ("{from: \"9\"}", "inc.yaml:2:"),
        ("{from: \"9\"}", "`9` is not a time of day"),
        ("{days: [mon..fry]}", "`fry` is not a day of the week"),
        ("{from: \"22:00\", to: \"06:00\"}", "`to` 06:00 must lie after `from` 22:00"),
        ("{hollidays: []}", "hollidays"),
    ] {
        settings(hours);
        repo.fails(4, "inc-stats", &[]).prints("").says(&["inc.yaml:2:", said]);
    }
}

#[test]
fn a_trend_says_where_it_says_nothing() {
    let output = some().ok("inc-stats --trend quarter --measure time_to_resolve", &[]);
    output.prints(
        "Incidents, each quarter against the one before
As of 2023-07-07 (Europe/Paris)
Apart: 1 of kind drill (--kind drill)

5 incidents: 1 open; 2023-03-27 to 2023-06-03

How many
PERIOD   N  CHANGE  REMARK
2023-Q1  1       -
2023-Q2  4      +3  too few
too few: fewer than 5 on either side; the change says
  nothing.

Time to resolve (calendar hours)
PERIOD   N  MEDIAN  CHANGE  REMARK
2023-Q1  1   1h14m       -
2023-Q2  3     30m    -44m  too few
too few: fewer than 5 on either side; the change says
  nothing.
2023-Q2, to resolve: 1 of 4 not computable: 1 resolved_at
  missing
",
    );
    let repo = some();
    repo.on("2023-06-10");
    let view = repo.ok("inc-stats --trend month --format json --since 2023-04-04", &[]).json();
    let rows = view["kinds"][0]["trend"].as_array().unwrap();
    let told: Vec<Value> = rows
        .iter()
        .map(|row| json!([row["period"], row["count"], row["change"]["by"], row["so_far"], row["in_part"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["2023-04", 1, null, false, true],
            ["2023-05", 0, -1, false, false],
            ["2023-06", 2, 2, true, false]
        ])
    );
    assert_eq!(rows[1]["change"], json!({"by": -1, "too_few": true}));
    assert_eq!(rows[1]["measures"][3]["median"], Value::Null);
}

#[test]
fn causes_are_counted_as_deep_as_was_asked() {
    let repo = some();
    repo.ok("inc-stats --pareto --depth 2", &[]).prints(
        "Root causes
As of 2023-07-07 (Europe/Paris)
Apart: 1 of kind drill (--kind drill)

5 incidents: 1 open; 2023-03-27 to 2023-06-03

3 with a known root cause
ROOT CAUSE                 N  SHARE     SUM
internal > change          2  66.7%   66.7%
internal > system-failure  1  33.3%  100.0%
Left out: 1 answered unknown
Left out: 1 not asked yet
",
    );
    repo.ok("inc-stats --pareto --depth 2 --format csv", &[]).prints(
        "kind,root_cause,count,percent,cumulative_percent
incident,internal > change,2,66.7,66.7
incident,internal > system-failure,1,33.3,100.0
incident,unknown,1,,
incident,,1,,
",
    );
    let view = repo.ok("inc-stats --pareto --format json", &[]).json();
    assert_eq!(view["kinds"][0]["pareto"]["words"], json!({"unknown": 1}));
    assert_eq!(view["kinds"][0]["pareto"]["not_asked"], 1);
    assert_eq!(view["kinds"][0]["pareto"]["causes"][2]["percent"], 33.3);
}

#[test]
fn drills_stand_apart() {
    let repo = some();
    let view = repo.ok("inc-stats --kind drill --kind incident --by status --format json", &[]).json();
    let told: Vec<Value> =
        view["kinds"].as_array().unwrap().iter().map(|it| json!([it["kind"], it["count"]])).collect();
    assert_eq!(json!(told), json!([["incident", 5], ["drill", 1]]));
    repo.ok("inc-stats --severity SEV-4", &[])
        .says(&["none of kind incident, but 1 of kind drill: --kind asks for them"]);
    repo.ok("inc-stats --by month --kind drill --format csv --measure time_to_resolve", &[]).prints(
        "kind,month,count,measure,hours,n,median,p90,min,max,mean,uncomputable,missing
drill,2023-06,1,time_to_resolve,calendar,1,60,60,60,60,60,0,
",
    );
}

#[test]
fn the_filters_are_those_of_the_list() {
    let repo = some();
    for (filter, words) in [
        ("--open", &[][..]),
        ("--severity ..SEV-2", &[]),
        ("--root-cause internal", &[]),
        ("-F crossplane", &[]),
        ("--text", &["Case 1"]),
        ("--where", &["severity == 'SEV-1' and time_to_acknowledge == 5"]),
        ("--since 2023-06-01", &[]),
    ] {
        let listed = repo.ok(&format!("inc-list --kind incident --count {filter}"), words).stdout;
        let view = repo.ok(&format!("inc-stats --format json {filter}"), words).json();
        assert_eq!(view["kinds"][0]["count"].to_string(), listed.trim(), "{filter}");
        assert_ne!(listed, "0\n", "{filter}");
    }
    let none = repo.ok("inc-stats --format json --environment moon", &[]);
    assert_eq!(none.json()["kinds"][0]["count"], 0);
    none.says(&["no incident matches: 6 incidents, none with environment moon"]);
}

#[test]
fn hostile_text_stays_text() {
    let repo = some();
    let page = repo.ok("inc-stats --by team,commander --format markdown", &[]).stdout;
    assert!(page.contains("| \\<b>&\\|\\*x\\* | A \\| B \\<script> |"), "{page}");
    assert!(!page.replace("\\<", "").contains('<'), "{page}");
    let chart = repo.ok("inc-stats --by commander,team --format svg", &[]).stdout;
    assert!(chart.contains("&lt;b&gt;&amp;|*x*") && !chart.contains("<script"), "{chart}");
    let lines = repo.ok("inc-stats --by team,commander --format csv", &[]).stdout;
    assert!(lines.contains("incident,<b>&|*x*,A | B <script>,1,time_to_resolve"), "{lines}");
}

#[test]
fn the_page_and_the_chart_are_as_they_were() {
    let repo = some();
    insta::assert_snapshot!("the_page", repo.ok("inc-stats --format markdown", &[]).stdout);
    let line = "inc-stats --by severity,month --format svg";
    let chart = repo.ok(line, &[]).stdout;
    insta::assert_snapshot!("the_chart", chart);
    assert_eq!(repo.ok(line, &[]).stdout, chart);
    for line in [
        "inc-stats",
        "inc-stats --pdca",
        "inc-stats --pareto",
        "inc-stats --trend year",
        "inc-stats --by status",
    ] {
        let chart = repo.ok(&format!("{line} --format svg"), &[]).stdout;
        assert!(
            chart.starts_with("<svg ") && chart.ends_with("</svg>\n") && chart.contains("<rect"),
            "{chart}"
        );
    }
}

#[test]
fn every_line_fits_sixty_columns() {
    let repo = some();
    for line in [
        "inc-stats --hours both",
        "inc-stats --by team,commander --hours both",
        "inc-stats --by root_cause",
        "inc-stats --pareto",
        "inc-stats --trend month --hours both",
        "inc-stats --by month,team",
    ] {
        let text = repo.ok(line, &[]).stdout;
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{line}\n{text}");
    }
}

#[test]
fn one_bad_record_does_not_hide_the_others() {
    let repo = some();
    let bad = repo.top().join("incidents/2023/2023-06-09-bad.yaml");
    std::fs::write(bad, "schema: 1\nstatus: sleeping\n").unwrap();
    let output = repo.fails(4, "inc-stats --format json", &[]);
    assert_eq!(output.json()["kinds"][0]["count"], 5);
    output.says(&["2023-06-09-bad.yaml", "1 record could not be read; the answer leaves it out"]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let repo = some();
    for (line, said) in [
        ("inc-stats --by sevrity", "unknown group `sevrity`; did you mean `severity`?"),
        ("inc-stats --by severity,severity", "--by: severity stands twice"),
        ("inc-stats --by month --by year", "--by: month and year are both of the calendar"),
        ("inc-stats --by month,team,status", "--by: 3 groups are given: two at the most"),
        ("inc-stats --measure time_to_resolv", "did you mean `time_to_resolve`?"),
        ("inc-stats --hours night", "[possible values: calendar, business, both]"),
        ("inc-stats --trend week", "[possible values: month, quarter, year]"),
        ("inc-stats --pareto --pdca", "cannot be used with"),
        ("inc-stats --pareto --measure time_to_resolve", "cannot be used with"),
        ("inc-stats --by month --trend month", "cannot be used with"),
        ("inc-stats --depth 2", "--depth: it goes with --pareto or --by root_cause"),
        ("inc-stats --pareto --depth 0", "0 is not in 1..="),
        ("inc-stats --since today --until yesterday", "--until 2023-07-06 lies before --since 2023-07-07"),
        ("inc-stats --format xml", "[possible values: text, json, csv, markdown, svg]"),
    ] {
        repo.fails(2, line, &[]).prints("").says(&[said]);
    }
    repo.fails(1, "inc-stats --by team --severity SEV-2", &[]).prints("").says(&[
        "nothing to group: none of the 2 incidents has team.tech_team; `inc-edit --set team.tech_team=… ID`",
    ]);
    repo.fails(1, "inc-stats --pareto --open", &[]).says(&["the 1 incident does not have root_cause"]);
}

#[test]
fn a_repository_without_anything_answers() {
    let repo = TestRepo::without_git();
    repo.git(&["init", "--quiet", "--initial-branch=main"]);
    for line in [
        "inc-stats",
        "inc-stats --by team,month",
        "inc-stats --trend year",
        "inc-stats --pareto",
        "inc-stats --pdca",
    ] {
        repo.ok(line, &[]).says(&["this repository has no incident"]);
        for format in ["json", "csv", "markdown", "svg"] {
            assert!(!repo.ok(&format!("{line} --format {format}"), &[]).stdout.is_empty(), "{line} {format}");
        }
    }
}

#[test]
fn the_docs_name_every_group_and_duration() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/stats.md")).unwrap();
    let help = TestRepo::without_git().ok("inc-stats --help", &[]).stdout;
    let groups = inc_core::stats::Group::NAMES.iter().map(|(name, _)| *name);
    for name in groups.chain(inc_core::stats::Measured::all().map(|it| it.name())) {
        assert!(docs.contains(&format!("`{name}`")), "docs: {name}");
        assert!(help.split_whitespace().any(|word| word.trim_end_matches(',') == name), "help: {name}");
    }
}
