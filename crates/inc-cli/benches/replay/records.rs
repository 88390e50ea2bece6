//! Incidents as a team leaves them over the years: declared, judged, told, resolved, by the core's own actions.

use std::fs;
use std::path::Path;

use inc_core::Stamp;
use inc_core::action::{Action, Move, NewEntry, NewIncident, Rules, declare};
use inc_core::answer::Answer;
use inc_core::field::{Field, Reading};
use inc_core::id::Uid;
use inc_core::incident::{Incident, Kind};
use inc_core::instant::{Instant, Zone};
use inc_core::settings::Settings;
use inc_core::severity::{Policy, Severity};
use inc_core::status::{Status, Steps};
use inc_core::timeline::EntryKind;
use inc_store::edit;
use inc_store::store::{POLICY, Record};

use crate::beside::dice::Dice;

/// A policy by which many of them move, from the top of the repository.
pub const STRICTER: &str = "stricter.yaml";

const SYSTEMS: [&str; 8] = [
    "checkout",
    "card payments",
    "the login",
    "search",
    "the ledger",
    "Kubernetes cluster 3",
    "e-mail",
    "onboarding",
];
const TROUBLES: [&str; 6] =
    ["answers 500", "is slow", "drops one request in ten", "is down", "shows stale data", "times out"];
const PEOPLE: [&str; 6] =
    ["Mathieu Corbin", "Ada Lovelace", "Grace Hopper", "Jörg Müller", "Анна Иванова", "Jane Doe"];
const NOTES: [&str; 8] = [
    "the error rate on the dashboard went from 0.1 % to 12 % within two minutes of the deployment; we roll back",
    "after investigations we found that the pool of connections is exhausted: every worker waits for the same lock",
    "restarted the pods one by one, since a rolling restart would have dropped the requests that are still in flight",
    "the provider confirms a problem on their side (ticket #48213): no estimate yet, next news in half an hour",
    "we noticed that the autoscaling group is full (60/60 instances): scaled to 80, first nodes are ready",
    "queue length falls again, 14,000 messages left at 300 a second; customers see their transfers with a delay",
    "everything is deleted except 3 CRDs that are stuck: finalizers removed by hand\nkubectl patch crd … --type=merge",
    "support has 17 tickets of this kind since the morning, all of customers with more than one account",
];

/// How much happens in one incident.
#[derive(Clone, Copy)]
pub struct Shape {
    /// At least so many notes before it is judged anew, and after.
    pub notes: [u64; 2],
    /// Up to so many more.
    pub more: [u64; 2],
    /// Of each note its first words only, without details and links.
    pub is_terse: bool,
}

/// A dozen long notes.
pub const LONG: Shape = Shape { notes: [2, 1], more: [6, 5], is_terse: false };

/// Makes a repository with so many incidents, uncommitted, and returns how many bytes they have.
pub fn write(top: &Path, count: usize) -> usize {
    write_policies(top);
    let mut dice = Dice::default();
    let bytes = (0..count).map(|number| write_one(top, number, LONG, &mut dice).1);
    bytes.sum()
}

/// A repository with both policies.
pub fn write_policies(top: &Path) {
    fs::create_dir_all(top.join("policies")).expect("a folder");
    git2::Repository::init(top).expect("a repository");
    let policy = Policy::default();
    let mut stricter = policy.clone();
    (stricter.matrix.xl.s, stricter.matrix.l.s, stricter.matrix.m.m) =
        (Severity::Sev2, Severity::Sev3, Severity::Sev2);
    (stricter.matrix.l.m, stricter.matrix.xl.m) = (Severity::Sev2, Severity::Sev2);
    (stricter.matrix.m.l, stricter.matrix.m.s) = (Severity::Sev2, Severity::Sev4);
    stricter.dimensions = serde_json::from_value(serde_json::json!([
        {"input": "duration", "optional": true, "floors": [{"from": "4h", "level": "SEV-3"}]},
        {"input": "countries", "floors": [{"from": 3, "level": "SEV-2"}]},
    ]))
    .expect("dimensions");
    stricter.examples = vec![];
    let text = |policy: &Policy| edit::emit("A policy", &serde_json::to_value(policy).expect("JSON"));
    fs::write(top.join(POLICY), text(&policy)).expect("a policy");
    fs::write(top.join(STRICTER), text(&stricter)).expect("a policy");
}

/// Writes the incident of this number, and returns it with the length of its file.
pub fn write_one(top: &Path, number: usize, shape: Shape, dice: &mut Dice) -> (Incident, usize) {
    let (policy, steps, settings) = (Policy::default(), Steps::default(), Settings::default());
    let zone = Zone::named("Europe/Paris").expect("a zone");
    let reading = Reading { now: at(u64::MAX >> 33, &zone), zone: &zone, settings: &settings };
    let rules = Rules { policy: &policy, steps: &steps, linked: &[], reading };
    let incident = incident(number, shape, dice, &rules);
    let text = edit::emit(Incident::HEADER, &serde_json::to_value(&incident).expect("JSON"));
    let folder = top.join(Incident::FOLDER).join(incident.id.year().unwrap_or("none"));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{}.yaml", incident.id)), &text).expect("a record");
    (incident, text.len())
}

fn at(seconds: u64, zone: &Zone) -> Instant {
    zone.instant(Instant::from_unix(i64::try_from(seconds).expect("a time")).expect("a time"))
}

fn incident(number: usize, shape: Shape, dice: &mut Dice, rules: &Rules<'_>) -> Incident {
    let zone = rules.reading.zone;
    let mut now = 1_546_300_800 + dice.below(5 * 365 * 86_400);
    let (system, trouble) = (dice.pick(&SYSTEMS), dice.pick(&TROUBLES));
    let declared_at = at(now, zone);
    let title = format!("{system} {trouble}");
    let id = format!("{}-{}-{number}", zone.local(declared_at).date, trouble.replace(' ', "-"));
    let mut settings = vec![
        (Field::Environment, dice.pick(&["production", "production", "staging"]).to_owned()),
        (
            field("detected_via"),
            dice.pick(&["automatic-alert", "customer-report", "employee-report"]).to_owned(),
        ),
        (field("team.tech_team"), "SRE Platform Reliability".to_owned()),
    ];
    settings.extend(impact(dice));
    let new = NewIncident {
        title: title.parse().expect("a title"),
        kind: if number % 40 == 7 { Kind::Drill } else { Kind::Incident },
        description: NOTES[number % NOTES.len()].parse().ok(),
        started_at: Answer::Known(at(now - 60 * dice.below(30), zone)),
        detected_at: Answer::Missing,
        commander: dice.pick(&PEOPLE).parse().ok(),
        reporter: None,
        timezone: zone.clone(),
        alerts: vec![],
        settings,
    };
    let mut minted = number as u128 * 1000;
    let mut stamped = |seconds: u64, by: &str, work: &mut dyn FnMut(&mut Stamp<'_>) -> Incident| {
        let mut mint = || {
            minted += 1;
            Uid::from_parts(seconds * 1000, minted)
        };
        work(&mut Stamp { at: at(seconds, zone), by: by.parse().expect("a name"), mint: &mut mint })
    };
    let mut incident = stamped(now, dice.pick(&PEOPLE), &mut |stamp| {
        declare(new.clone(), id.parse().expect("an id"), rules, stamp).expect("declared").incident
    });
    for action in story(number, shape, dice) {
        now += 60 + dice.below(900);
        incident = stamped(now, dice.pick(&PEOPLE), &mut |stamp| {
            incident.apply(action.clone(), rules, stamp).expect("done").incident
        });
    }
    incident
}

fn field(path: &str) -> Field {
    path.parse().expect("a field")
}

/// The inputs of the default policy, some left out or unknown; one in ten tells the countries.
fn impact(dice: &mut Dice) -> Vec<(Field, String)> {
    let share = dice.below(40).to_string();
    let (money, transactions) = (dice.below(30) * 700, dice.below(30) * 9);
    let mut impact = vec![
        (field("impact.customer_impact"), dice.pick(&["NONE", "S", "S", "M", "M", "L", "XL"]).to_owned()),
        (field("impact.single_customer_impact"), dice.pick(&["S", "S", "M", "L"]).to_owned()),
        (field("impact.money_at_risk"), format!("{money} EUR")),
        (field("impact.transactions"), transactions.to_string()),
        (field("impact.customers"), dice.below(20_000).to_string()),
        (field("impact.features"), "transfers, statements".to_owned()),
    ];
    match dice.below(20) {
        0 => impact[3].1 = "unknown".to_owned(),
        1 => impact.truncate(2),
        2 | 3 => impact[0] = (field("impact.customers_percent"), share),
        4 | 5 => impact.push((field("impact.countries"), "FR, DE, IT".to_owned())),
        _ => {}
    }
    impact
}

/// What happens from the declaration on: notes, judgements, a decision now and then, and the way to the end.
fn story(number: usize, shape: Shape, dice: &mut Dice) -> Vec<Action> {
    let note = |dice: &mut Dice| {
        if shape.is_terse {
            let words: Vec<&str> = dice.pick(&NOTES).split(' ').take(9).collect();
            let text = words.join(" ").parse().expect("a text");
            let (details, links) = (vec![], vec![]);
            return Action::Append(NewEntry { at: None, kind: EntryKind::Note, text, details, links });
        }
        Action::Append(NewEntry {
            at: None,
            kind: if dice.in_ten(2) { EntryKind::Action } else { EntryKind::Note },
            text: dice.pick(&NOTES).parse().expect("a text"),
            details: if dice.in_ten(3) { vec![dice.pick(&NOTES).parse().expect("a text")] } else { vec![] },
            links: vec!["dashboard=https://graphs.example/d/errors?from=now-3h".parse().expect("a link")],
        })
    };
    let to = |to| {
        let reason = "as the dashboard shows".parse().ok();
        Action::Move(Move { to, at: None, reason, force: true })
    };
    let set = |settings: &[(&str, &str)]| {
        Action::Set(settings.iter().map(|(path, text)| (field(path), Some((*text).to_owned()))).collect())
    };
    let mut story: Vec<Action> =
        (0..shape.notes[0] + dice.below(shape.more[0])).map(|_| note(dice)).collect();
    if dice.in_ten(5) {
        let words = dice.pick(&["S", "M", "L"]);
        story.push(set(&[("impact.single_customer_impact", words)]));
    }
    if dice.in_ten(1) {
        let reason = "The press has called; we treat it as worse".parse().expect("a text");
        story.push(Action::Override { to: Severity::Sev1, reason });
    }
    story.extend((0..shape.notes[1] + dice.below(shape.more[1])).map(|_| note(dice)));
    story.push(set(&[
        ("summary.cause", NOTES[number % 3 + 1]),
        ("summary.impact", "Several customers could not see their transfers for a while"),
        ("summary.mitigation", NOTES[number % 2 + 3]),
        ("root_cause", "internal, system-failure, failure-of-it-systems-in-production"),
    ]));
    match number % 25 {
        3 => story.push(to(Status::Cancelled)),
        4 => {}
        _ => story.extend([Status::Mitigated, Status::Resolved, Status::PostmortemCompleted].map(to)),
    }
    story
}
