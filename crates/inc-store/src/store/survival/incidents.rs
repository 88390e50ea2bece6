//! Incidents, and everything that may happen to one.

use inc_core::Stamp;
use inc_core::action::{Action, EntryEdit, EntrySelector, Move, NewEntry, NewIncident, Rules, declare};
use inc_core::dora;
use inc_core::field::{Field, Reading};
use inc_core::incident::{Incident, Kind};
use inc_core::instant::Zone;
use inc_core::role::Role;
use inc_core::settings::Settings;
use inc_core::severity::{Policy, Severity};
use inc_core::status::{Status, Steps};
use inc_core::timeline::{EntryKind, in_order};
use serde_json::json;

use super::chance::{Chance, known, now};
use super::settling::{contested, settlements};
use super::{Subject, table};

table! {
    Incident, Action;
    "append", Action::Append(_) => |_, chance| Action::Append(entry(chance));
    "amend", Action::Amend(..) => |incident, chance| {
        let edit = EntryEdit {
            at: chance.maybe(Chance::at),
            kind: None,
            text: None,
            details: None,
            more_details: chance.some(2, Chance::prose),
            more_links: chance.some(1, Chance::link),
        };
        let text = EntryEdit {
            kind: chance.maybe(|chance| *chance.pick(&EntryKind::BY_HAND)),
            text: chance.maybe(Chance::prose),
            details: chance.maybe(|chance| chance.some(3, Chance::prose)),
            ..edit.clone()
        };
        Action::Amend(selector(incident, chance), if chance.once_in(3) { edit } else { text })
    };
    "strike", Action::Strike(_) => |incident, chance| Action::Strike(selector(incident, chance));
    "set", Action::Set(_) => |incident, chance| {
        let mut settings = chance.some(2, |chance| setting(incident, chance));
        settings.push(setting(incident, chance));
        Action::Set(settings)
    };
    "assess", Action::Assess => |_, _| Action::Assess;
    "override", Action::Override { .. } => |_, chance| Action::Override {
        to: *chance.pick(&[Severity::Sev1, Severity::Sev2, Severity::Sev3, Severity::Sev4]),
        reason: chance.prose(),
    };
    "clear-override", Action::ClearOverride { .. } => |_, chance| Action::ClearOverride {
        reason: chance.maybe(Chance::prose),
    };
    "move", Action::Move(_) => |_, chance| Action::Move(Move {
        to: *chance.pick(&Status::ALL),
        at: chance.maybe(Chance::at),
        reason: Some(chance.prose()),
        force: true,
    });
    "assign", Action::Assign { .. } => |_, chance| Action::Assign { role: role(chance), to: chance.name() };
    "release", Action::Release { .. } => |incident, chance| {
        let mut held: Vec<Role> = incident.roles.keys().cloned().map(Role::Named).collect();
        held.extend(incident.commander.iter().map(|_| Role::Commander));
        held.extend(incident.responders.iter().map(|_| Role::Responder));
        let role = if held.is_empty() { role(chance) } else { chance.pick(&held).clone() };
        let responder = |chance: &mut Chance| chance.pick(&incident.responders).clone();
        let who = (role == Role::Responder && !incident.responders.is_empty()).then(|| responder(chance));
        Action::Release { role, who }
    };
    "link", Action::Link(_) => |_, chance| Action::Link(known(&format!("2023-04-0{}-learned", 1 + chance.roll(9))));
    "unlink", Action::Unlink(_) => |incident, chance| Action::Unlink(match &incident.pdcas[..] {
        [] => known("2023-04-01-learned"),
        all => chance.pick(all).clone(),
    });
    "settle", Action::Settle(_) => |incident, chance| Action::Settle(settlements(&incident.contested, chance));
    "replace", Action::Replace(_) => |incident, chance| Action::Replace(Box::new(edited(incident, chance)));
}

impl Subject for Incident {
    const SEED: &'static str = include_str!("seed-incident.yaml");

    fn step(&self, action: Action, chance: &mut Chance) -> Option<Self> {
        desk(chance, |rules, stamp| self.apply(action, rules, stamp)).ok().map(|outcome| outcome.incident)
    }

    fn new(chance: &mut Chance) -> Self {
        let new = NewIncident {
            title: known(
                ["Staging: cluster 3 is misbehaving", "Disk full", "yes", "# 3: 100 % down"][chance.roll(4)],
            ),
            kind: *chance.pick(&Kind::ALL),
            description: chance.maybe(Chance::prose),
            started_at: chance.maybe(Chance::at).into(),
            detected_at: chance.maybe(Chance::at).into(),
            commander: chance.maybe(Chance::name),
            reporter: chance.maybe(Chance::name),
            timezone: zone(),
            alerts: (0..chance.roll(4)).map(|n| known(&format!("9756{n}"))).collect(),
            settings: vec![],
        };
        let id = known("2023-03-27-staging-cluster-3");
        desk(chance, |rules, stamp| declare(new, id, rules, stamp))
            .unwrap_or_else(|error| panic!("{error}"))
            .incident
    }

    fn whole(mut self, chance: &mut Chance) -> Self {
        for field in Field::all() {
            let action = Action::Set(vec![(field.clone(), Some(typed(&field, chance)))]);
            self = self.step(action, chance).unwrap_or(self);
        }
        self.responders = vec![known("Ada Lovelace"), known("Grace Hopper")];
        self.roles.insert(known("scribe"), chance.name());
        for _ in 0..3 {
            self = self.step(Action::Append(entry(chance)), chance).unwrap_or(self);
        }
        let overriding = Action::Override { to: Severity::Sev2, reason: chance.prose() };
        self = self.step(overriding, chance).unwrap_or(self);
        self.links = vec![chance.link()];
        self.custom.insert(
            "ticket".into(),
            json!({"id": "OPS-12", "labels": ["a", "b: c"], "open": true, "none": null}),
        );
        self.custom.insert("cost".into(), json!(12.5));
        let (wins, loses) = (chance.prose().to_string(), chance.line().to_string());
        self.contested = [
            ("summary.cause", json!(wins), json!(loses)),
            ("title", json!("the disk"), json!("the other disk")),
            ("custom.cost", json!(12.5), json!(["a", 1, null])),
            ("environment", json!("staging"), json!(null)),
            ("roles.scribe", json!("Ada"), json!("Grace")),
        ]
        .into_iter()
        .map(|(path, ours, theirs)| contested(path, ours, theirs, chance))
        .collect();
        self
    }

    fn typed_by_hand(&mut self, chance: &mut Chance) {
        for entry in &mut self.timeline {
            if chance.once_in(3) {
                entry.id = None;
            }
        }
    }
}

fn zone() -> Zone {
    Zone::named("Europe/Paris").unwrap_or_else(|error| panic!("{error}"))
}

fn desk<T>(chance: &mut Chance, act: impl FnOnce(&Rules<'_>, &mut Stamp<'_>) -> T) -> T {
    let (policy, steps, zone, settings) = (Policy::default(), Steps::default(), zone(), Settings::default());
    let reading = Reading { now: now(), zone: &zone, settings: &settings };
    let rules = Rules { policy: &policy, steps: &steps, linked: &[], reading };
    let by = chance.name();
    act(&rules, &mut Stamp { at: now(), by, mint: &mut || chance.uid() })
}

fn entry(chance: &mut Chance) -> NewEntry {
    NewEntry {
        at: chance.maybe(Chance::at),
        kind: *chance.pick(&EntryKind::BY_HAND),
        text: chance.prose(),
        details: chance.some(2, Chance::prose),
        links: chance.some(2, Chance::link),
    }
}

fn selector(incident: &Incident, chance: &mut Chance) -> EntrySelector {
    let ordered = in_order(&incident.timeline);
    let by_hand: Vec<usize> = (0..ordered.len()).filter(|index| !ordered[*index].kind.is_trace()).collect();
    match by_hand.as_slice() {
        [] => EntrySelector::Number(1 + chance.roll(ordered.len())),
        some if !chance.once_in(6) => EntrySelector::Number(1 + chance.pick(some)),
        _ => EntrySelector::Number(1 + chance.roll(ordered.len())),
    }
}

fn role(chance: &mut Chance) -> Role {
    match chance.roll(4) {
        0 => Role::Commander,
        1 => Role::Responder,
        _ => Role::Named(known(["scribe", "communications"][chance.roll(2)])),
    }
}

/// A property that is set, or now and then taken out.
fn setting(incident: &Incident, chance: &mut Chance) -> (Field, Option<String>) {
    let mut fields = Field::all();
    fields.push(Field::Link(known(["channel", "dashboard"][chance.roll(2)])));
    fields.push(Field::Custom(["ticket", "cost", "who: knows"][chance.roll(3)].into()));
    fields.push(Field::ImpactCustom(["security", "tons"][chance.roll(2)].into()));
    let field = chance.pick(&fields).clone();
    let clears = chance.once_in(4) && field.is_answered(incident);
    let value = (!clears).then(|| typed(&field, chance));
    (field, value)
}

/// What somebody might type for a property.
fn typed(field: &Field, chance: &mut Chance) -> String {
    let words = |words: &[&str], chance: &mut Chance| (*chance.pick(words)).to_owned();
    match field {
        Field::Title | Field::Environment | Field::Reporter => chance.line().to_string(),
        Field::Kind => words(&["incident", "drill", "near-miss"], chance),
        Field::StartedAt | Field::DetectedAt | Field::DeclaredAt | Field::MitigatedAt | Field::ResolvedAt => {
            chance.at().to_string()
        }
        Field::Responders | Field::Alerts => words(&["", "Ada", "Ada, Grace", "97562, 97563, 97564"], chance),
        Field::DetectedVia => words(&["automatic-alert", "customer-report", "unknown", "n/a"], chance),
        Field::Customers | Field::Transactions => words(&["0", "12", "100000", "unknown", "none"], chance),
        Field::CustomersPercent => words(&["0", "0.5", "15.1", "unknown"], chance),
        Field::CustomerImpact => words(&["none", "S", "XL", "unknown"], chance),
        Field::SingleCustomerImpact => words(&["S", "M", "XL", "unknown", "n/a"], chance),
        Field::Duration | Field::Downtime => words(&["45min", "2h 30min", "unknown"], chance),
        Field::DataLosses => words(&["integrity", "availability, confidentiality", "none"], chance),
        Field::MaliciousAccess => words(&["true", "no", "unknown"], chance),
        Field::Dora(field) => match field {
            dora::Field::CriticalServices | dora::Field::RelevantClients => {
                words(&["yes", "no", "unknown"], chance)
            }
            dora::Field::CounterpartsPercent
            | dora::Field::TransactionsPercent
            | dora::Field::TransactionsAmountPercent => words(&["0", "12.5", "n/a"], chance),
            dora::Field::TransactionsAmount => words(&["12.50", "1000000 USD", "none"], chance),
            dora::Field::Reputation => words(&["media", "complaints, clients-lost", "none"], chance),
            dora::Field::ClassifiedAt
            | dora::Field::NotifiedAt
            | dora::Field::IntermediateAt
            | dora::Field::FinalAt => chance.at().to_string(),
        },
        Field::ImpactCustom(_) => words(&["yes", "12", "2.5", "unknown", "slow: very"], chance),
        Field::MoneyAtRisk | Field::EconomicImpact => {
            words(&["0", "12.50", "1000000 USD", "unknown", "none"], chance)
        }
        Field::Features | Field::Countries | Field::ThirdParties | Field::RootCause => words(
            &["none", "n/a", "unknown", "a", "France, Germany", "internal, system-failure, yes"],
            chance,
        ),
        Field::Department | Field::Cft | Field::Stack | Field::TechTeam => {
            words(&["SRE Backend / Platform", "unknown", "none", "no"], chance)
        }
        Field::Description | Field::Cause | Field::ImpactSummary | Field::Mitigation | Field::Custom(_) => {
            chance.prose().to_string()
        }
        Field::Link(_) => chance.link().url.as_str().to_owned(),
    }
}

/// The record as a person might leave it in an editor.
fn edited(incident: &Incident, chance: &mut Chance) -> Incident {
    let mut edited = incident.clone();
    for _ in 0..=chance.roll(3) {
        match chance.roll(7) {
            0 if !edited.timeline.is_empty() => {
                let index = chance.roll(edited.timeline.len());
                edited.timeline.remove(index);
            }
            1 if !edited.timeline.is_empty() => {
                let index = chance.roll(edited.timeline.len());
                edited.timeline[index].text = chance.prose();
            }
            2 => edited.summary.cause = Some(chance.prose()),
            3 => edited.title = known(["Another title", "on: fire"][chance.roll(2)]),
            4 => drop(edited.custom.insert("added".into(), json!([{"name": "x", "at": [1, 2]}, "no"]))),
            5 => edited.responders = chance.names(),
            _ => {
                let action = Action::Set(vec![setting(&edited, chance)]);
                edited = edited.step(action, chance).unwrap_or(edited);
            }
        }
    }
    edited
}
