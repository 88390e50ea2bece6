//! What we show, as plain structs: the JSON that `--format json` promises, and what templates lay out.
//!
//! Sums, sorting and choice happen here, never in a template. A view and a file may age apart.

pub mod contested;
pub mod incident_report;
pub mod overdue;
pub mod pdca;
pub mod pdca_report;
pub mod policy;
pub mod property;
pub mod stats;
pub mod story;

use std::collections::{BTreeMap, BTreeSet};

use inc_core::answer::Answer;
use inc_core::dora;
use inc_core::incident::{Contested, Incident, Kind, Summary, Team};
use inc_core::instant::{Instant, Zone};
use inc_core::measure::Measures;
use inc_core::severity::{Assessment, Colour, Levels, Override, Severity};
use inc_core::status::{Missing, Status, Steps};
use inc_core::timeline::{self, Change, Entry, EntryKind, Link};
use serde::Serialize;
use serde_json::{Map, Value};

/// One incident, whole.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentView {
    /// The name that reads aloud.
    pub id: String,
    /// The name that never collides.
    pub uid: String,
    /// What it is called.
    pub title: String,
    /// An incident, a drill or a near miss.
    pub kind: Kind,
    /// Where in its life it is.
    pub status: StatusView,
    /// How severe it is, and why.
    pub severity: SeverityView,
    /// Where it happens.
    pub environment: Option<String>,
    /// The zone of its times.
    pub timezone: String,
    /// When it began to hurt, RFC 3339; `unknown` where nobody knows, `null` where not asked.
    pub started_at: Value,
    /// When it was first seen, likewise.
    pub detected_at: Value,
    /// When it was declared.
    pub declared_at: Instant,
    /// When it stopped hurting.
    pub mitigated_at: Option<Instant>,
    /// When it was over.
    pub resolved_at: Option<Instant>,
    /// Who declared it.
    pub reporter: Option<String>,
    /// The incident commander.
    pub commander: Option<String>,
    /// Who holds which other role.
    pub roles: BTreeMap<String, String>,
    /// Who responds.
    pub responders: Vec<String>,
    /// How it was noticed, as the record says it.
    pub detected_via: Value,
    /// The impact, as the record says it; `null` where not asked.
    pub impact: Map<String, Value>,
    /// The category of the root cause, as the record says it.
    pub root_cause: Value,
    /// Whose system it is.
    pub team: Team,
    /// The four parts.
    pub summary: Summary,
    /// Where to look.
    pub links: Vec<Link>,
    /// The alerts that told of it.
    pub alerts: Vec<String>,
    /// What happened, by time.
    pub timeline: Vec<EntryView>,
    /// The PDCAs that learn from it.
    pub pdcas: Vec<String>,
    /// The team's own keys.
    pub custom: Map<String, Value>,
    /// Values that did not win a merge, until someone settles them.
    pub contested: Vec<Contested>,
    /// Durations, or what they lack.
    pub measures: Measures,
    /// What keeps it from the next status, with the command for each.
    pub missing: Vec<Missing>,
}

/// A status with its number and words.
#[derive(Debug, Clone, Serialize)]
pub struct StatusView {
    /// The word in files and arguments.
    pub name: String,
    /// Its number, 0 to 5.
    pub number: u8,
    /// `4 - post-mortem completed`.
    pub label: String,
}

/// A severity and where it comes from.
#[derive(Debug, Clone, Serialize)]
pub struct SeverityView {
    /// What holds.
    pub level: Severity,
    /// The team's word for it.
    pub label: String,
    /// Its colour mark.
    pub mark: &'static str,
    /// Its colour.
    pub colour: Colour,
    /// What holds rests on missing inputs.
    pub provisional: bool,
    /// What the policy says.
    pub computed: Severity,
    /// The rule that decided.
    pub decided_by: String,
    /// A person's decision, where one stands.
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
}

/// One entry of the timeline.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Its number in the order of time, from 1.
    pub number: usize,
    /// When it happened.
    pub at: Instant,
    /// The day in the incident's zone, `2023-03-27`.
    pub day: String,
    /// The clock in the incident's zone, `12:59`.
    pub time: String,
    /// What sort of entry it is.
    pub kind: EntryKind,
    /// Who tells it.
    pub by: Option<String>,
    /// What happened.
    pub text: String,
    /// What it changed.
    pub change: Option<Change>,
    /// Points below the text.
    pub details: Vec<String>,
    /// Evidence.
    pub links: Vec<Link>,
    /// Its ULID; absent for an entry typed by hand until a command writes the file.
    pub id: Option<String>,
}

impl IncidentView {
    /// The view of a record; `steps` tells what its next status requires, `levels` what severities are called.
    pub fn of(
        incident: &Incident,
        steps: &Steps,
        linked: &[(inc_core::id::Id, inc_core::pdca::Status)],
        levels: &Levels,
    ) -> Self {
        let text = |line: &inc_core::text::Line| line.to_string();
        Self {
            id: incident.id.to_string(),
            uid: incident.uid.to_string(),
            title: incident.title.to_string(),
            kind: incident.kind,
            status: StatusView::of(incident.status),
            severity: SeverityView::of(incident, levels),
            environment: incident.environment.as_ref().map(text),
            timezone: incident.timezone.name().to_owned(),
            started_at: value(&incident.started_at),
            detected_at: value(&incident.detected_at),
            declared_at: incident.declared_at,
            mitigated_at: incident.mitigated_at,
            resolved_at: incident.resolved_at,
            reporter: incident.reporter.as_ref().map(text),
            commander: incident.commander.as_ref().map(text),
            roles: incident.roles.iter().map(|(role, who)| (role.to_string(), text(who))).collect(),
            responders: incident.responders.iter().map(text).collect(),
            detected_via: value(&incident.detected_via),
            impact: impact_values(incident),
            root_cause: value(&incident.root_cause),
            team: incident.team.clone(),
            summary: incident.summary.clone(),
            links: incident.links.clone(),
            alerts: incident.alerts.iter().map(text).collect(),
            timeline: entries(&incident.timeline, &incident.timezone),
            pdcas: incident.pdcas.iter().map(ToString::to_string).collect(),
            custom: incident.custom.clone(),
            contested: incident.contested.clone(),
            measures: Measures::of(incident),
            missing: next_status(incident.status)
                .map(|next| steps.missing(incident, next, linked, levels))
                .unwrap_or_default(),
        }
    }
}

impl StatusView {
    /// The view of a status.
    pub fn of(status: Status) -> Self {
        Self { name: status.name().to_owned(), number: status.number(), label: status.label() }
    }
}

impl SeverityView {
    /// The view of a record's severity.
    pub fn of(incident: &Incident, levels: &Levels) -> Self {
        Self::with(incident.severity, &incident.assessment, levels)
    }

    /// The view of the severity that holds, and where it comes from.
    pub fn with(severity: Severity, assessment: &Assessment, levels: &Levels) -> Self {
        let level = levels.of(severity);
        Self {
            level: severity,
            label: level.label.to_string(),
            mark: level.colour.mark(),
            colour: level.colour,
            provisional: assessment.is_provisional(),
            computed: assessment.computed,
            decided_by: assessment.decided_by.to_string(),
            overridden: assessment.overridden.clone(),
        }
    }

    /// `SEV-3`, with `?` behind a provisional one, and `!` behind one that a person decided.
    pub fn short(&self) -> String {
        let mark = match (&self.overridden, self.provisional) {
            (Some(_), _) => "!",
            (None, true) => "?",
            (None, false) => "",
        };
        format!("{}{mark}", self.level)
    }
}

/// The status that an incident comes to next, if it goes on.
pub fn next_status(status: Status) -> Option<Status> {
    match status {
        Status::Cancelled | Status::Closed => None,
        other => Status::ALL.into_iter().find(|next| *next > other),
    }
}

/// The entries of a timeline as a story, numbered by time.
pub fn entries(timeline: &[Entry], zone: &Zone) -> Vec<EntryView> {
    let ordered = timeline::in_order(timeline).into_iter().enumerate();
    let mut entries: Vec<EntryView> =
        ordered.map(|(index, entry)| entry_view(index + 1, entry, zone)).collect();
    tell_offsets(&mut entries, zone);
    entries
}

/// On a day when the clocks change, the clock alone does not tell which of two moments is meant.
fn tell_offsets(entries: &mut [EntryView], zone: &Zone) {
    let mut offsets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries.iter() {
        let offset = zone.local(entry.at).offset.to_string();
        offsets.entry(entry.day.clone()).or_default().insert(offset);
    }
    for entry in entries.iter_mut().filter(|entry| offsets[&entry.day].len() > 1) {
        entry.time = format!("{}{}", entry.time, zone.local(entry.at).offset);
    }
}

fn entry_view(number: usize, entry: &Entry, zone: &Zone) -> EntryView {
    let local = zone.local(entry.at);
    EntryView {
        number,
        at: entry.at,
        day: local.day(),
        time: local.clock(),
        kind: entry.kind,
        by: entry.by.as_ref().map(ToString::to_string),
        text: entry.text.to_string(),
        change: entry.change.clone(),
        details: entry.details.iter().map(ToString::to_string).collect(),
        links: entry.links.clone(),
        id: entry.id.map(|id| id.to_string()),
    }
}

/// An answer as JSON: the value, the words `unknown`, `none`, `n/a`, or `null` for not asked.
fn value<T: Serialize>(answer: &Answer<T>) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}

/// Every impact property, those not asked as `null`, so that a reader sees what could be there.
fn impact_values(incident: &Incident) -> Map<String, Value> {
    let impact = &incident.impact;
    [
        ("customers", value(&impact.customers)),
        ("customers_percent", value(&impact.customers_percent)),
        ("customer_impact", value(&impact.customer_impact)),
        ("single_customer_impact", value(&impact.single_customer_impact)),
        ("money_at_risk", value(&impact.money_at_risk)),
        ("transactions", value(&impact.transactions)),
        ("features", value(&impact.features)),
        ("countries", value(&impact.countries)),
        ("third_parties", value(&impact.third_parties)),
        ("duration", value(&impact.duration)),
        ("downtime", value(&impact.downtime)),
        ("data_losses", value(&impact.data_losses)),
        ("malicious_access", value(&impact.malicious_access)),
        ("economic_impact", value(&impact.economic_impact)),
        ("dora", dora_values(&impact.dora)),
        ("custom", Value::Object(impact.custom.clone())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Every property for the regulator; `null` where not asked.
fn dora_values(facts: &dora::Facts) -> Value {
    let asked = serde_json::to_value(facts).unwrap_or_default();
    let names = dora::Field::all().filter_map(|(path, _)| path.rsplit('.').next());
    let value = |name: &str| (name.to_owned(), asked.get(name).cloned().unwrap_or_default());
    Value::Object(names.map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_with_two_clocks_tells_them_apart() {
        let entry = |at: &str| -> Entry {
            serde_json::from_value(serde_json::json!({"at": at, "text": "x"})).unwrap()
        };
        let zone = Zone::named("Europe/Paris").unwrap();
        let night = ["2023-10-29T02:30:00+02:00", "2023-10-29T02:10:00+01:00", "2023-10-30T02:10:00+01:00"];
        let timeline: Vec<Entry> = night.into_iter().map(entry).collect();
        let times: Vec<String> = entries(&timeline, &zone).into_iter().map(|entry| entry.time).collect();
        assert_eq!(times, ["02:30+02:00", "02:10+01:00", "02:10"]);
    }
}
