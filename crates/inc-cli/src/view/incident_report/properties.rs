//! The properties of the talk's page, one by one, in its order.

use inc_core::answer::Answer;
use inc_core::field::custom_texts;
use inc_core::impact::{Breadth, DataLoss, Impact};
use inc_core::incident::Incident;
use inc_core::instant::{Instant, Zone};
use inc_core::measure::{Measure, Measures};
use inc_core::severity::Case;
use inc_core::span::Span;
use inc_core::text::Line;
use inc_core::timeline::Link;

use super::{LinkedPdca, Surroundings};
use crate::view::property::{Item, Property, humanised};

/// Names under which a record's link leads to the place where the response talks.
const CHANNEL: [&str; 4] = ["channel", "slack", "slack-channel", "chat"];

/// The properties of a record.
pub fn of(incident: &Incident, around: &Surroundings<'_>) -> Vec<Property> {
    let measures = Measures::of(incident);
    let mut all = vec![
        Property::known("status", "Status", incident.status.label()),
        span(incident),
        duration("time_to_resolve", "Time to resolve", &measures.time_to_resolve),
    ];
    let milestones = [
        ("time_to_detect", "Time to detect", &measures.time_to_detect),
        ("time_to_mitigate", "Time to mitigate", &measures.time_to_mitigate),
    ];
    // What nobody was asked for needs no row; what contradicts itself does.
    let told = |measure: &Measure| measure.minutes.is_some() || measure.text.contains("lies before");
    let known = milestones.into_iter().filter(|(.., measure)| told(measure));
    all.extend(known.map(|(key, label, measure)| duration(key, label, measure)));
    all.extend(impact(incident, around));
    all.push(severity(incident, around));
    all.extend(people(incident));
    all.extend(origin(incident, around));
    all.extend(ownership(incident));
    all.push(Property::known("last_edited", "Last edited", around.last_edited.words()));
    all.push(Property::of_link("channel", "Channel", channel(&incident.links)));
    all.push(pdcas(incident, &around.pdcas));
    all
}

/// When it began and ended, and how long that took.
pub fn when(incident: &Incident) -> Vec<Property> {
    let to_resolve = Measures::of(incident).time_to_resolve;
    vec![span(incident), duration("time_to_resolve", "Time to resolve", &to_resolve)]
}

/// `2023-03-27 12:59 → 14:13`, the day again only where it is another.
fn span(incident: &Incident) -> Property {
    let (key, label, zone) = ("start_end", "Start/end datetime", &incident.timezone);
    let clock = |at: Instant| zone.local(at).to_string();
    let end = match (incident.start(), incident.resolved_at) {
        (_, None) if incident.status.is_open() => "not over yet".to_owned(),
        (_, None) => "end not asked yet".to_owned(),
        (Some(start), Some(end)) if is_same_day(zone, start, end) => zone.local(end).clock(),
        (_, Some(end)) => clock(end),
    };
    let start = match &incident.started_at {
        Answer::Known(start) => clock(*start),
        Answer::Missing if incident.resolved_at.is_none() => {
            return Property::of_option::<String>(key, label, None);
        }
        Answer::Missing => "start not asked yet".to_owned(),
        _ => "start unknown".to_owned(),
    };
    Property::known(key, label, format!("{start} → {end} ({})", zone.name()))
}

fn is_same_day(zone: &Zone, one: Instant, other: Instant) -> bool {
    zone.local(one).date == zone.local(other).date
}

fn duration(key: &str, label: &str, measure: &Measure) -> Property {
    Property::known(key, label, measure.text.clone())
}

fn impact(incident: &Incident, around: &Surroundings<'_>) -> Vec<Property> {
    let (impact, policy) = (&incident.impact, around.policy);
    vec![
        Property::of_answer(
            "customers",
            "Estimated number of customers",
            &impact.customers,
            ToString::to_string,
        ),
        breadth(incident, around),
        Property::of_answer(
            "single_customer_impact",
            "Single-customer impact",
            &impact.single_customer_impact,
            |band| format!("{band} - {}", policy.depth_words(*band)),
        ),
        Property::of_answer("money_at_risk", "Money at risk", &impact.money_at_risk, ToString::to_string),
        Property::of_answer(
            "transactions",
            "Number of transactions",
            &impact.transactions,
            ToString::to_string,
        ),
    ]
    .into_iter()
    .chain(further(impact))
    .collect()
}

/// What not every incident is asked for; a row only where this one was.
fn further(impact: &Impact) -> Vec<Property> {
    let losses =
        |losses: &Vec<DataLoss>| losses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let span = |key: &str, label: &str, answer: &Answer<Span>| {
        answer.is_asked().then(|| Property::of_answer(key, label, answer, ToString::to_string))
    };
    let mut rows: Vec<Property> = [
        span("duration", "Duration", &impact.duration),
        span("downtime", "Downtime", &impact.downtime),
        impact
            .data_losses
            .is_asked()
            .then(|| Property::of_answer("data_losses", "Data losses", &impact.data_losses, losses)),
        impact.malicious_access.is_asked().then(|| {
            let answer = &impact.malicious_access;
            Property::of_answer("malicious_access", "Malicious access", answer, ToString::to_string)
        }),
        impact.economic_impact.is_asked().then(|| {
            let answer = &impact.economic_impact;
            Property::of_answer("economic_impact", "Economic impact", answer, ToString::to_string)
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    rows.extend(
        custom_texts(&impact.custom)
            .into_iter()
            .map(|(key, value)| Property::known(&format!("impact_{key}"), &humanised(&key), value)),
    );
    rows
}

/// The band that was given, else the one that the share of customers falls into.
fn breadth(incident: &Incident, around: &Surroundings<'_>) -> Property {
    let (key, label, policy) = ("customer_impact", "Customer impact", around.policy);
    let impact = &incident.impact;
    let words = |band: Breadth| format!("{band} - {}", policy.breadth_words(band));
    let share = impact.customers_percent.known().map(|percent| format!("{percent}% of customers"));
    let given = &impact.customer_impact;
    let read = policy.breadth(&Case::of(incident, around.settings));
    match (given, read) {
        (Answer::Missing | Answer::Unknown, Some(band)) => {
            let base =
                around.settings.customer_base.map(|base| format!("the number of customers, of {base}"));
            let note = share.or(base).map(|of| format!("read off {of}"));
            Property::known(key, label, words(band)).noted(note)
        }
        _ => Property::of_answer(key, label, given, |band| words(*band)).noted(share),
    }
}

/// The severity that holds, and what keeps it from being the last word.
fn severity(incident: &Incident, around: &Surroundings<'_>) -> Property {
    let assessment = &incident.assessment;
    let policy = around.policy;
    let value = format!("{} {}", policy.levels.of(incident.severity).colour.mark(), incident.severity);
    let note = if let Some(decision) = &assessment.overridden {
        let by = decision.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let at = decision.at.map(|at| format!(" on {}", incident.timezone.local(at))).unwrap_or_default();
        format!("decided{by}{at}: {}; the policy says {}", decision.reason, assessment.computed)
    } else if assessment.provisional {
        let judged = policy.judge(&Case::of(incident, around.settings));
        let missing = judged.map(|judgement| judgement.missing).unwrap_or_default();
        // `customer impact (not asked)` stands in brackets already.
        let missing = missing.iter().map(|one| one.replacen(" (", " ", 1).trim_end_matches(')').to_owned());
        match missing.collect::<Vec<_>>().join(", ") {
            missing if missing.is_empty() => format!("provisional: {}", assessment.decided_by),
            missing => format!("provisional: {missing}"),
        }
    } else {
        assessment.decided_by.to_string()
    };
    Property::known("severity", "Severity", value).noted(Some(note))
}

fn people(incident: &Incident) -> Vec<Property> {
    let mut people = vec![
        Property::of_option("commander", "Incident commander", incident.commander.as_ref()),
        Property::of_texts("responders", "Response team", &incident.responders),
    ];
    people.extend(incident.roles.iter().map(|(role, who)| {
        let role = role.to_string();
        Property::known(&format!("role_{role}"), &humanised(&role), who.as_str())
    }));
    people
        .extend(incident.reporter.iter().map(|who| Property::known("reporter", "Reported by", who.as_str())));
    people
}

fn origin(incident: &Incident, around: &Surroundings<'_>) -> Vec<Property> {
    let environment = incident.environment.as_ref();
    let category =
        |words: &Vec<Line>| words.iter().map(|word| humanised(word.as_str())).collect::<Vec<_>>().join(" - ");
    let mut origin: Vec<Property> = environment
        .map(|name| Property::known("environment", "Environment", name.as_str()))
        .into_iter()
        .collect();
    origin.extend([
        Property::of_answer("detected_via", "Detected via", &incident.detected_via, |word| {
            around.settings.detection_words(word).to_owned()
        }),
        Property::of_list("third_parties", "Concerned third parties", &incident.impact.third_parties),
        Property::of_answer("root_cause", "Root cause", &incident.root_cause, category),
        Property::of_list("features", "Features impacted", &incident.impact.features),
        Property::of_list("countries", "Countries impacted", &incident.impact.countries),
    ]);
    origin
}

fn ownership(incident: &Incident) -> [Property; 4] {
    let team = &incident.team;
    [
        ("department", "Department", &team.department),
        ("cft", "CFT", &team.cft),
        ("stack", "Stack", &team.stack),
        ("tech_team", "Tech team", &team.tech_team),
    ]
    .map(|(key, label, answer)| Property::of_answer(key, label, answer, ToString::to_string))
}

fn channel(links: &[Link]) -> Option<&Link> {
    let is_named = |link: &&Link, name: &str| link.name.as_str().eq_ignore_ascii_case(name);
    CHANNEL.into_iter().find_map(|name| links.iter().find(|link| is_named(link, name)))
}

fn pdcas(incident: &Incident, linked: &[LinkedPdca]) -> Property {
    let item = |pdca: &LinkedPdca| {
        let title = pdca.title.clone().filter(|title| title != incident.title.as_str());
        let problem = pdca.problem.as_ref().map(|_| "cannot be read".to_owned());
        let about: Vec<String> = title.into_iter().chain(pdca.status_label.clone()).chain(problem).collect();
        Item { text: format!("{} ({})", pdca.id, about.join(", ")), url: None }
    };
    Property::of_items("pdca", "PDCA", linked.iter().map(item).collect())
}
