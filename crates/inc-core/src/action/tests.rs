//! Actions, step by step, on the seed's incident; the helpers here are shared by the tests of fields and statuses.

mod declare;
mod entries;
mod lifecycle;
mod properties;
mod replace;
mod roles;
mod set;
mod settle;
mod severity;
mod times;

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::answer::Answer;
use crate::id::Uid;
use crate::incident::Kind;
use crate::instant::Zone;
use crate::settings::Settings;

/// That time of the seed's day, in its zone.
pub(crate) fn at(clock: &str) -> Instant {
    Instant::parse(&format!("2023-03-27T{clock}:00+02:00")).unwrap()
}

pub(crate) fn zone() -> Zone {
    Zone::named("Europe/Paris").unwrap()
}

fn line(text: &str) -> Line {
    text.parse().unwrap()
}

pub(crate) fn prose(text: &str) -> Prose {
    text.parse().unwrap()
}

/// Runs `body` with the default rules and a stamp of that time; each id is minted once in a run of the tests.
fn at_desk<T>(
    clock: &str,
    linked: &[(Id, pdca::Status)],
    body: impl FnOnce(&Rules<'_>, &mut Stamp<'_>) -> T,
) -> T {
    static MINTED: AtomicU64 = AtomicU64::new(1);
    let mut mint = || Uid::from_parts(1_679_914_740_000, u128::from(MINTED.fetch_add(1, Ordering::Relaxed)));
    let (policy, steps, zone, settings) = (Policy::default(), Steps::default(), zone(), Settings::default());
    let reading = Reading { now: at(clock), zone: &zone, settings: &settings };
    let rules = Rules { policy: &policy, steps: &steps, linked, reading };
    body(&rules, &mut Stamp { at: at(clock), by: line("Mathieu Corbin"), mint: &mut mint })
}

fn newly(title: &str) -> NewIncident {
    NewIncident {
        title: title.parse().unwrap(),
        kind: Kind::Incident,
        description: None,
        started_at: Answer::Missing,
        detected_at: Answer::Missing,
        commander: None,
        reporter: None,
        timezone: zone(),
        alerts: vec![],
        settings: vec![],
    }
}

fn try_declare(new: NewIncident) -> Result<Outcome, Refusal> {
    let id = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving".parse().unwrap();
    at_desk("12:59", &[], |rules, stamp| declare(new, id, rules, stamp))
}

/// The seed's incident as it was declared at 12:59.
pub(crate) fn declared() -> Incident {
    let new = NewIncident {
        description: Some(prose("We have performance issues and pods crashing")),
        started_at: Answer::Known(at("12:59")),
        commander: Some(line("Mathieu Corbin")),
        settings: fields(&[("environment", "staging"), ("detected_via", "automatic-alert")]),
        ..newly("Staging: Kubernetes cluster 3 is misbehaving")
    };
    try_declare(new).unwrap().incident
}

fn fields(settings: &[(&str, &str)]) -> Vec<(Field, String)> {
    settings.iter().map(|(path, text)| (path.parse().unwrap(), (*text).to_owned())).collect()
}

/// `inc-edit --set`; an empty text takes the property out.
fn set(settings: &[(&str, &str)]) -> Action {
    let settings = fields(settings).into_iter();
    Action::Set(settings.map(|(field, text)| (field, Some(text).filter(|text| !text.is_empty()))).collect())
}

/// The seed's impact, which is SEV-3.
pub(crate) fn seed_impact() -> Action {
    set(&[
        ("impact.customer_impact", "XL"),
        ("impact.single_customer_impact", "S"),
        ("impact.customers", "0"),
        ("impact.money_at_risk", "0"),
        ("impact.transactions", "0"),
        ("impact.features", "none"),
        ("impact.countries", "n/a"),
    ])
}

fn note(at: Option<&str>, text: &str) -> Action {
    Action::Append(NewEntry {
        at: at.map(self::at),
        kind: EntryKind::Note,
        text: prose(text),
        details: vec![],
        links: vec![],
    })
}

pub(crate) fn apply(incident: &Incident, clock: &str, action: Action) -> Result<Outcome, Refusal> {
    at_desk(clock, &[], |rules, stamp| incident.apply(action, rules, stamp))
}

/// The whole outcome of an action at 14:30 that must be allowed.
#[track_caller]
fn outcome(incident: &Incident, action: Action) -> Outcome {
    apply(incident, "14:30", action).unwrap_or_else(|refusal| panic!("refused: {refusal}"))
}

/// The record after an action at 14:30 that must be allowed.
#[track_caller]
fn done(incident: &Incident, action: Action) -> Incident {
    outcome(incident, action).incident
}

/// The words with which an action at 14:30 is refused; each of `words` must be among them.
#[track_caller]
fn refused(incident: &Incident, action: Action, words: &[&str]) -> Refusal {
    match apply(incident, "14:30", action) {
        Ok(outcome) => panic!("allowed: {}", outcome.subject),
        Err(refusal) => {
            for word in words {
                assert!(refusal.to_string().contains(word), "`{word}` is not in: {refusal}");
            }
            refusal
        }
    }
}

/// What the timeline tells, in the file's order.
fn texts(incident: &Incident) -> Vec<&str> {
    incident.timeline.iter().map(|entry| entry.text.as_str()).collect()
}
