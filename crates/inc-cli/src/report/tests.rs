//! Both reports and the digest as a whole, for the talk's records, for nearly nothing and for hostile text; and what goes wrong.

use std::collections::BTreeSet;

use inc_core::SCHEMA;
use inc_core::pdca::rules::Others;
use inc_core::settings::Settings;
use inc_core::severity::{Levels, Policy};
use inc_store::yaml;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;
use crate::view::overdue::{By, OverdueView};
use crate::view::pdca_report::{Flow, OpenView};
use inc_core::pdca::Ahead;
use inc_store::store::StoreError;

const INCIDENT: &str = "incident.md.j2";
const PDCA: &str = "pdca.md.j2";
const A3: &str = "a3.md.j2";
const TALK: &str = include_str!("records/incident.yaml");
const TALK_PDCA: &str = include_str!("records/pdca.yaml");
const BARE: &str = include_str!("records/bare.yaml");
const BARE_PDCA: &str = include_str!("records/bare-pdca.yaml");
const HOSTILE: &str = include_str!("records/hostile.yaml");
const HOSTILE_PDCA: &str = include_str!("records/hostile-pdca.yaml");
const SETTINGS: &str = include_str!("records/inc.yaml");

fn record<R: DeserializeOwned>(text: &str) -> R {
    yaml::read(text, SCHEMA).unwrap()
}

fn settings() -> Settings {
    yaml::read_unversioned(SETTINGS).unwrap()
}

fn built_in_only() -> Templates {
    Templates::with(|_| Ok(None))
}

fn with_own(name: &'static str, text: &'static str) -> Templates {
    Templates::with(move |asked| Ok((asked == name).then(|| text.to_owned())))
}

fn view(text: &str) -> IncidentReport {
    view_of(&record(text))
}

fn view_of(incident: &Incident) -> IncidentReport {
    let linked = incident.pdcas.iter().map(|id| LinkedPdca {
        id: id.to_string(),
        title: Some(incident.title.to_string()),
        status: Some(inc_core::pdca::Status::CheckDone),
        status_label: Some("Check done".to_owned()),
        problem: None,
    });
    let last_edited =
        LastEdited::of("2023-09-01T11:49:00Z", "Mathieu Corbin", false, false, &incident.timezone).unwrap();
    let around = Surroundings {
        settings: &settings(),
        policy: &Policy::default(),
        pdcas: linked.collect(),
        last_edited,
    };
    IncidentReport::of(incident, around)
}

fn pdca_view(text: &str, incident: Option<&str>) -> PdcaReport {
    use inc_core::pdca::Status::{CheckDone, PlanInProgress};
    let pdca: Pdca = record(text);
    let name = if pdca.countermeasures.is_empty() { PlanInProgress } else { CheckDone };
    let open = OpenView { what: "A2 done".to_owned(), command: format!("pdca done {} A2", pdca.id) };
    let status = Standing { name, label: name.label().to_owned(), why: None, open: vec![open] };
    let incident: Option<Incident> = incident.map(record);
    let findings = findings(&pdca, incident.as_ref());
    PdcaReport::of(&pdca, status, incident.as_ref(), findings, &Levels::default(), &settings().timezone)
}

/// What lint finds a month later.
fn findings(pdca: &Pdca, incident: Option<&Incident>) -> Vec<Finding> {
    let now = inc_core::instant::Instant::parse("2023-05-06T12:00:00+02:00").unwrap();
    let others = Others::of(&[pdca], incident.into_iter().collect(), BTreeSet::default());
    pdca.lint(&others, now)
}

fn a3(text: &str, incident: Option<&str>) -> String {
    built_in_only().render(A3, &pdca_view(text, incident)).unwrap()
}

fn report(text: &str) -> String {
    built_in_only().render(INCIDENT, &view(text)).unwrap()
}

fn pdca(text: &str, incident: Option<&str>) -> String {
    built_in_only().render(PDCA, &pdca_view(text, incident)).unwrap()
}

/// The digest of what is late in a PDCA, were it not given up and nothing of it checked.
fn digest(text: &str, by: By) -> String {
    let mut pdca: Pdca = record(text);
    pdca.abandoned = None;
    for countermeasure in &mut pdca.countermeasures {
        countermeasure.check = None;
        countermeasure.no_act = None;
        for act in &mut countermeasure.acts {
            act.due = countermeasure.due;
        }
    }
    let today = "2023-05-01".parse().unwrap();
    let agenda = pdca.agenda(today, Ahead::Days(7));
    let view = OverdueView::of(today, Some(7), agenda.due, agenda.undated, by);
    built_in_only().render(OVERDUE, &view.digest(by)).unwrap()
}

#[test]
fn the_talks_incident() {
    insta::assert_snapshot!(report(TALK));
}

#[test]
fn the_talks_pdca() {
    insta::assert_snapshot!(pdca(TALK_PDCA, Some(TALK)));
}

#[test]
fn an_incident_of_which_nothing_is_known() {
    insta::assert_snapshot!(report(BARE));
}

#[test]
fn a_pdca_of_which_nothing_is_known() {
    insta::assert_snapshot!(pdca(BARE_PDCA, None));
}

#[test]
fn a_hostile_incident() {
    insta::assert_snapshot!(report(HOSTILE));
}

#[test]
fn a_hostile_pdca() {
    insta::assert_snapshot!(pdca(HOSTILE_PDCA, Some(HOSTILE)));
}

#[test]
fn the_talks_pdca_on_one_page() {
    let a3 = a3(TALK_PDCA, Some(TALK));
    assert!(a3.lines().count() <= 70, "{} lines", a3.lines().count());
    insta::assert_snapshot!(a3);
}

#[test]
fn pdcas_of_which_nothing_is_known_and_hostile_ones_on_one_page() {
    insta::assert_snapshot!(a3(BARE_PDCA, None) + "\n---\n\n" + &a3(HOSTILE_PDCA, Some(HOSTILE)));
}

#[test]
fn a_flowchart_goes_from_the_problem_to_the_acts() {
    let pdca: Pdca = record(TALK_PDCA);
    let flow = Flow::of(&pdca).unwrap();
    let edges: Vec<String> = flow.edges.iter().map(|edge| format!("{}{}", edge.from, edge.to)).collect();
    assert_eq!(
        edges,
        ["p1q1", "q1w1", "w1w2", "w2w3", "p1q2", "q2w4", "w4w5", "w5w6", "w6c1", "c1a1", "w3c2", "c2a2"]
    );
    let of = |change: fn(&mut Pdca)| {
        let mut changed = pdca.clone();
        change(&mut changed);
        (Flow::of(&changed), built_in_only().render(PDCA, &pdca_report_of(&changed)).unwrap())
    };
    let class = |flow: &Flow, id: &str| flow.nodes.iter().find(|node| node.id == id).unwrap().class;
    assert_eq!([class(&flow, "w3"), class(&flow, "c2"), class(&flow, "a2")], ["cause", "ok", "open"]);
    let (ko, _) = of(|pdca| {
        let check = pdca.countermeasures[1].check.as_mut().unwrap();
        check.result = Some(inc_core::pdca::CheckResult::Ko);
    });
    assert_eq!(class(&ko.unwrap(), "c2"), "ko");
    let (none, page) = of(|pdca| {
        pdca.occurrence.clear();
        pdca.non_detection.clear();
    });
    assert!(none.is_none() && !page.contains("mermaid") && !page.contains("flowchart"), "{page}");
    let (none, page) = of(|pdca| {
        let act = pdca.countermeasures[0].acts[0].clone();
        pdca.countermeasures[0].acts = vec![act; 150];
    });
    assert!(none.is_none() && page.contains("_The flowchart is left out: "), "{page}");
}

fn pdca_report_of(pdca: &Pdca) -> PdcaReport {
    PdcaReport::of(pdca, Standing::of(pdca), None, vec![], &Levels::default(), &settings().timezone)
}

#[test]
fn a_diagrams_label_is_escaped_for_the_format_around_it() {
    let view = json!({"text": "a\"<b>", "lines": ["x", "`y`"]});
    for (name, expected) in [
        ("x.md.j2", "a#quot;#lt;b#gt; x<br/>#96;y#96;\n"),
        ("x.html.j2", "a#quot;#lt;b#gt; x&lt;br/&gt;#96;y#96;\n"),
        ("x.mmd.j2", "a#quot;#lt;b#gt; x<br/>#96;y#96;\n"),
    ] {
        let own = with_own(name, "{{ text | mermaid }} {{ lines | mermaid }}");
        assert_eq!(own.render(name, &view).unwrap().replace("&#x2f;", "/"), expected, "{name}");
    }
    // What is marked as safe Markdown is not safe here.
    let own = with_own("x.md.j2", "{{ text | safe | mermaid }}");
    assert_eq!(own.render("x.md.j2", &view).unwrap(), "a#quot;#lt;b#gt;\n");
    let own = with_own("x.md.j2", "{{ txet | mermaid }}");
    assert!(own.render("x.md.j2", &view).unwrap_err().to_string().contains("undefined value"));
}

#[test]
fn a_hostile_digest() {
    insta::assert_snapshot!(digest(HOSTILE_PDCA, By::Owner));
}

/// Whatever stands in the records, the reports have no more markup than their templates.
#[test]
fn hostile_text_adds_no_markup() {
    use comrak::nodes::NodeValue;
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    let pages = [report(HOSTILE), pdca(HOSTILE_PDCA, Some(HOSTILE)), a3(HOSTILE_PDCA, Some(HOSTILE))];
    let flow = Flow::of(&record(HOSTILE_PDCA)).unwrap();
    let mut charts = 0;
    let digests = [By::Owner, By::Day, By::Pdca].map(|by| digest(HOSTILE_PDCA, by));
    for report in pages.into_iter().chain(digests) {
        let arena = comrak::Arena::new();
        for node in comrak::parse_document(&arena, &report, &options).descendants() {
            match &node.data.borrow().value {
                NodeValue::Link(link) => assert!(link.url.starts_with("https://good.example/"), "{link:?}"),
                NodeValue::Heading(heading) => assert!(heading.level <= 4),
                // Head, boxes, arrows and classes: a line for each that we wrote.
                NodeValue::CodeBlock(code) => {
                    let lines = 1 + flow.nodes.len() + flow.edges.len() + 8;
                    assert_eq!((code.info.as_str(), code.literal.lines().count()), ("mermaid", lines));
                    assert_eq!(code.literal.matches('"').count(), flow.nodes.len() * 2);
                    charts += 1;
                }
                NodeValue::Document
                | NodeValue::TaskItem(_)
                | NodeValue::Text(_)
                | NodeValue::Paragraph
                | NodeValue::List(_)
                | NodeValue::Item(_)
                | NodeValue::Table(_)
                | NodeValue::TableRow(_)
                | NodeValue::TableCell
                | NodeValue::BlockQuote
                | NodeValue::LineBreak
                | NodeValue::SoftBreak
                | NodeValue::Emph
                | NodeValue::Code(_)
                | NodeValue::Strong => {}
                other => panic!("{other:?} in:\n{report}"),
            }
        }
        let html = comrak::markdown_to_html(&report, &options);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<!-- raw"), "{html}");
        assert_eq!(inc_core::text::clean(&report), report, "control characters came through");
    }
    assert_eq!(charts, 1);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(report(TALK), report(TALK));
    assert_eq!(pdca(TALK_PDCA, Some(TALK)), pdca(TALK_PDCA, Some(TALK)));
}

#[test]
fn a_teams_own_part_replaces_that_part_alone() {
    let own = with_own("_timeline.md.j2", "\n## Story\n\n{{ timeline.zone }}\n");
    let ours = own.render(INCIDENT, &view(TALK)).unwrap();
    let built_in = report(TALK);
    let (before, rest) = built_in.split_once("\n## Timeline\n").unwrap();
    let after = &rest[rest.find("\n## Links").unwrap()..];
    assert_eq!(ours, format!("{before}\n## Story\n\nEurope/Paris\n{after}"));
    assert!(own.render(PDCA, &pdca_view(TALK_PDCA, Some(TALK))).unwrap().contains("## Story"));
}

/// The words of the error that a team's own part makes.
fn wrong(text: &'static str) -> String {
    with_own("_timeline.md.j2", text).render(INCIDENT, &view(TALK)).unwrap_err().to_string()
}

#[test]
fn a_template_that_goes_wrong_is_told_with_file_and_line() {
    for (text, expected) in [
        ("\n{{ timeline.zoen }}", "templates/_timeline.md.j2:2: undefined value"),
        ("\n\n{{ timeline.zoen | prose }}", "templates/_timeline.md.j2:3: undefined value"),
        ("{{ link(timeline.zoen, 1) }}", "templates/_timeline.md.j2:1: undefined value"),
        ("{% if timeline.zoen %}x{% endif %}", "templates/_timeline.md.j2:1: undefined value"),
        ("\n{% for %}", "templates/_timeline.md.j2:2: syntax error"),
        ("{{ 1 | frobnicate }}", "templates/_timeline.md.j2:1: unknown filter"),
        ("{% include \"_timeline.md.j2\" %}", "templates/_timeline.md.j2:1: "),
        ("{% include \"../inc.yaml\" %}", "templates/_timeline.md.j2:1: template not found"),
        ("{% include \"/etc/passwd\" %}", "templates/_timeline.md.j2:1: template not found"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
            "templates/_timeline.md.j2:1: the template does not come to an end",
        ),
        ("{% for a in range(9999) %}{{ \"x\" * 99999 }}{% endfor %}", "the report is longer than 16 MiB"),
    ] {
        let message = wrong(text);
        assert!(message.contains(expected), "{text}: {message}");
        let line = text.lines().find(|line| !line.is_empty()).unwrap();
        assert!(message.contains(line) || message.contains("longer"), "{text}: {message}");
    }
}

#[test]
fn each_format_escapes_in_its_own_way() {
    let text = json!({"text": "<b> *x*\ny", "nothing": null, "yes": true});
    for (name, expected) in [
        ("x.md.j2", "\\<b> \\*x\\* y not asked yet true\n"),
        ("x.html.j2", "&lt;b&gt; *x*\ny not asked yet True\n"),
        ("x.json.j2", "\"<b> *x*\\ny\" null true\n"),
        ("x.txt.j2", "<b> *x*\ny not asked yet True\n"),
    ] {
        let own = with_own(name, "{{ text }} {{ nothing }} {{ yes }}");
        assert_eq!(own.render(name, &text).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_template_that_cannot_be_read_is_an_error_of_the_store() {
    let own = Templates::with(|name| match name {
        "_timeline.md.j2" => Err(StoreError::NotAnId { why: inc_core::id::IdError::Empty }),
        _ => Ok(None),
    });
    let error = own.render(INCIDENT, &view(TALK)).unwrap_err();
    assert!(error.chain().any(|cause| cause.is::<StoreError>()), "{error:#}");
}

#[test]
fn when_it_was_last_edited_is_not_guessed() {
    let zone = settings().timezone;
    let of = |has_edits, is_shallow| {
        LastEdited::of("2023-09-01T11:49:00Z", "Ada", has_edits, is_shallow, &zone).unwrap().words()
    };
    assert_eq!(of(false, false), "2023-09-01 13:49 by Ada");
    assert_eq!(of(true, false), "2023-09-01 13:49 by Ada, with edits since that are not committed");
    assert_eq!(of(false, true), "2023-09-01 13:49 by Ada, or earlier: this clone is shallow");
    assert_eq!(LastEdited::never().words(), "not committed yet");
}

/// Deeper than anybody asks, and still within what the engine nests.
#[test]
fn a_deep_why_tree_and_a_long_timeline_have_room() {
    let mut pdca: Pdca = record(TALK_PDCA);
    let leaf = pdca.occurrence[0].clone();
    for _ in 0..25 {
        let below = std::mem::replace(&mut pdca.occurrence[0], leaf.clone());
        pdca.occurrence[0].whys = vec![below];
    }
    let mut incident: Incident = record(TALK);
    incident.timeline = incident.timeline.iter().cycle().take(3_000).cloned().collect();
    let zone = settings().timezone;
    let view = PdcaReport::of(&pdca, Standing::of(&pdca), Some(&incident), vec![], &Levels::default(), &zone);
    let report = built_in_only().render(PDCA, &view).unwrap();
    assert!(report.contains(&format!("\n{}- ", "  ".repeat(26))));
    assert!(report.lines().filter(|line| line.contains("13:44")).count() > 400);
}

/// A property of the talk's incident, changed.
fn property(key: &str, change: impl FnOnce(&mut Incident)) -> (String, Option<String>) {
    let mut incident: Incident = record(TALK);
    change(&mut incident);
    let view = view_of(&incident);
    let found = view.properties.into_iter().find(|property| property.key == key).unwrap();
    (found.value, found.note)
}

#[test]
fn start_and_end_say_what_is_known() {
    use inc_core::instant::Instant;
    use inc_core::status::Status::{Investigating, Resolved};
    let at = |text: &str| (!text.is_empty()).then(|| Instant::parse(text).unwrap());
    let (noon, later, next) = ("2023-03-27T12:59:00+02:00", "2023-03-27T12:13:00Z", "2023-03-27T22:30:00Z");
    for (status, start, end, expected) in [
        (Resolved, noon, later, "2023-03-27 12:59 → 14:13 (Europe/Paris)"),
        (Resolved, noon, next, "2023-03-27 12:59 → 2023-03-28 00:30 (Europe/Paris)"),
        (Resolved, noon, "", "2023-03-27 12:59 → end not asked yet (Europe/Paris)"),
        (Resolved, "", later, "start not asked yet → 2023-03-27 14:13 (Europe/Paris)"),
        (Investigating, noon, "", "2023-03-27 12:59 → not over yet (Europe/Paris)"),
        (Investigating, "", "", "not asked yet"),
    ] {
        let shown = property("start_end", |incident| {
            incident.status = status;
            incident.started_at = at(start).into();
            incident.resolved_at = at(end);
        });
        assert_eq!(shown.0, expected);
    }
}

#[test]
fn a_start_that_nobody_knows_is_unknown_and_not_unasked() {
    let shown = property("start_end", |incident| incident.started_at = inc_core::answer::Answer::Unknown);
    assert!(shown.0.starts_with("start unknown → "), "{}", shown.0);
}

#[test]
fn a_band_says_where_it_comes_from() {
    use inc_core::answer::Answer;
    use inc_core::impact::{Breadth, Percent};
    let percent = |number: f64| Answer::Known(Percent::try_from(number).unwrap());
    for (band, share, value, note) in [
        (Answer::Known(Breadth::M), Answer::Missing, "M - Over 1% and up to 5% of customers", None),
        (
            Answer::Known(Breadth::M),
            percent(3.5),
            "M - Over 1% and up to 5% of customers",
            Some("3.5% of customers"),
        ),
        (Answer::Missing, percent(20.0), "XL - Over 15% of customers", Some("read off 20% of customers")),
        (Answer::Unknown, Answer::Unknown, "unknown", None),
        (Answer::NotApplicable, Answer::Missing, "does not apply", None),
    ] {
        let shown = property("customer_impact", |incident| {
            incident.impact.customer_impact = band;
            incident.impact.customers_percent = share;
        });
        assert_eq!((shown.0.as_str(), shown.1.as_deref()), (value, note));
    }
}

#[test]
fn the_page_says_how_to_fill_it_until_the_post_mortem_is_completed() {
    use inc_core::status::Status;
    for status in Status::ALL {
        let mut incident: Incident = record(TALK);
        incident.status = status;
        let report = built_in_only().render(INCIDENT, &view_of(&incident)).unwrap();
        let is_open = matches!(status, Status::Investigating | Status::Mitigated | Status::Resolved);
        assert_eq!(report.contains("How to fill this page"), is_open, "{status}");
        assert_eq!(report.contains("> **Cancelled"), status == Status::Cancelled, "{status}");
        assert!(report.contains(&status.label()), "{status}");
    }
}

#[test]
fn an_incident_that_cannot_be_read_is_no_empty_context() {
    let report = pdca(TALK_PDCA, None);
    assert!(report.contains("_The incident that it comes from cannot be read here._"), "{report}");
    assert!(report.contains("(no such record can be read here)"), "{report}");
}
