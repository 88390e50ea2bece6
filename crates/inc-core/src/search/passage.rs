//! The texts of a record that are searched, each with its place and weight.

use std::borrow::Cow;

use serde_json::Value;

use crate::answer::Answer;
use crate::incident::{Incident, Team};
use crate::instant::{Instant, Zone};
use crate::pdca::{Act, Countermeasure, Pdca, Why};
use crate::text::Line;
use crate::timeline::{self, Link};

/// How often each word of a title counts.
pub const TITLE: u32 = 4;
/// The same of summaries, causes and problem statements.
pub const CAUSE: u32 = 2;
/// The same of everything else.
pub const PLAIN: u32 = 1;

/// Where in a record a text stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place<'a> {
    /// A property.
    Field(&'static str),
    /// A key of a team's own.
    Key(&'a str),
    /// An entry of the timeline.
    Entry(Instant),
    /// A part of a PDCA, by its label.
    Label(&'a str),
}

impl Place<'_> {
    /// In words: `summary.cause`, `timeline 13:05`, `o1.2`.
    pub fn words(&self, zone: &Zone) -> String {
        match self {
            Self::Field(name) => (*name).to_owned(),
            Self::Key(key) => format!("custom.{key}"),
            Self::Entry(at) => format!("timeline {}", zone.local(*at).clock()),
            Self::Label(label) => (*label).to_owned(),
        }
    }
}

/// One text.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// How often each of its words counts.
    pub weight: u32,
    /// The text.
    pub text: Cow<'a, str>,
}

/// A text that no record holds.
pub fn of_text(text: &str) -> Vec<Passage<'_>> {
    vec![Passage { place: Place::Field("text"), weight: CAUSE, text: text.into() }]
}

/// The texts of an incident.
pub fn of_incident(incident: &Incident) -> Vec<Passage<'_>> {
    let mut found = Collect::default();
    let it = incident;
    found.field("title", TITLE, it.title.as_str());
    let parts = [
        ("summary.description", &it.summary.description),
        ("summary.cause", &it.summary.cause),
        ("summary.impact", &it.summary.impact),
        ("summary.mitigation", &it.summary.mitigation),
    ];
    for (name, part) in parts {
        part.iter().for_each(|part| found.field(name, CAUSE, part.as_str()));
    }
    if let Answer::Known(path) = &it.root_cause {
        path.iter().for_each(|part| found.field("root_cause", CAUSE, part.as_str()));
    }
    for entry in timeline::in_order(&it.timeline) {
        let place = Place::Entry(entry.at);
        found.add(place, PLAIN, entry.text.as_str());
        entry.details.iter().for_each(|detail| found.add(place, PLAIN, detail.as_str()));
        let reason = entry.change.as_ref().and_then(|change| change.reason.as_ref());
        reason.iter().for_each(|reason| found.add(place, PLAIN, reason.as_str()));
        found.links(place, &entry.links);
    }
    found.lines("environment", it.environment.iter());
    found.lines("reporter", it.reporter.iter());
    found.lines("commander", it.commander.iter());
    found.lines("responders", it.responders.iter().chain(it.roles.values()));
    found.lines("detected_via", it.detected_via.known().into_iter());
    found.team(&it.team);
    found.lines("alerts", it.alerts.iter());
    found.links(Place::Field("links"), &it.links);
    it.custom.iter().for_each(|(key, value)| found.own(key, value));
    found.0
}

/// The texts of a PDCA.
pub fn of_pdca(pdca: &Pdca) -> Vec<Passage<'_>> {
    let mut found = Collect::default();
    found.field("title", TITLE, pdca.title.as_str());
    pdca.problem_statement.iter().for_each(|text| found.field("problem_statement", CAUSE, text.as_str()));
    pdca.context.iter().for_each(|text| found.field("context", PLAIN, text.as_str()));
    pdca.whys().for_each(|node| found.why(node.why));
    pdca.occurrence_na.iter().for_each(|text| found.field("occurrence_na", PLAIN, text.as_str()));
    pdca.non_detection_na.iter().for_each(|text| found.field("non_detection_na", PLAIN, text.as_str()));
    for factor in &pdca.contributing_factors {
        found.add(Place::Label(factor.id.as_str()), CAUSE, factor.factor.as_str());
        found.links(Place::Label(factor.id.as_str()), &factor.links);
    }
    pdca.countermeasures.iter().for_each(|it| found.countermeasure(it));
    pdca.abandoned.iter().for_each(|text| found.field("abandoned", PLAIN, text.as_str()));
    found.lines("owner", pdca.owner.iter());
    found.lines("participants", pdca.participants.iter());
    found.lines("cft", pdca.cft.iter());
    found.lines("source", pdca.source.reference.iter());
    pdca.custom.iter().for_each(|(key, value)| found.own(key, value));
    found.0
}

#[derive(Default)]
struct Collect<'a>(Vec<Passage<'a>>);

impl<'a> Collect<'a> {
    fn add(&mut self, place: Place<'a>, weight: u32, text: impl Into<Cow<'a, str>>) {
        self.0.push(Passage { place, weight, text: text.into() });
    }

    fn field(&mut self, name: &'static str, weight: u32, text: &'a str) {
        self.add(Place::Field(name), weight, text);
    }

    fn lines(&mut self, name: &'static str, lines: impl Iterator<Item = &'a Line>) {
        lines.for_each(|line| self.field(name, PLAIN, line.as_str()));
    }

    fn links(&mut self, place: Place<'a>, links: &'a [Link]) {
        for link in links {
            self.add(place, PLAIN, link.name.as_str());
            self.add(place, PLAIN, link.url.as_str());
        }
    }

    fn team(&mut self, team: &'a Team) {
        let parts = [&team.department, &team.cft, &team.stack, &team.tech_team];
        self.lines("team", parts.into_iter().filter_map(Answer::known));
    }

    fn own(&mut self, key: &'a str, value: &'a Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.add(Place::Key(key), PLAIN, text.as_str()),
            Value::Array(parts) => parts.iter().for_each(|part| self.own(key, part)),
            Value::Object(map) => map.values().for_each(|part| self.own(key, part)),
            other => self.add(Place::Key(key), PLAIN, other.to_string()),
        }
    }

    fn why(&mut self, why: &'a Why) {
        let place = Place::Label(why.id.as_str());
        self.add(place, CAUSE, why.why.as_str());
        let others = why.out_of_control.iter().chain(&why.unknown);
        others.for_each(|text| self.add(place, PLAIN, text.as_str()));
        self.links(place, &why.links);
    }

    fn countermeasure(&mut self, it: &'a Countermeasure) {
        let place = Place::Label(it.id.as_str());
        self.add(place, CAUSE, it.title.as_str());
        let check = it.check.iter().flat_map(|check| check.how.iter().chain(&check.evidence));
        let earlier = it.earlier_checks.iter();
        let earlier =
            earlier.flat_map(|check| check.how.iter().chain(&check.evidence).chain(&check.superseded));
        check.chain(earlier).chain(&it.no_act).for_each(|text| self.add(place, PLAIN, text.as_str()));
        it.owner.iter().for_each(|owner| self.add(place, PLAIN, owner.as_str()));
        it.acts.iter().for_each(|act| self.act(act));
    }

    fn act(&mut self, act: &'a Act) {
        let place = Place::Label(act.id.as_str());
        self.add(place, PLAIN, act.title.as_str());
        act.owner.iter().for_each(|owner| self.add(place, PLAIN, owner.as_str()));
        act.targets.iter().for_each(|target| self.add(place, PLAIN, target.name.as_str()));
    }
}
