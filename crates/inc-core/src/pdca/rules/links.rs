//! Links between a PDCA and its incident, which hold in both directions.

use super::{Found, Look, Rule, top};
use crate::id::Id;
use crate::incident::Incident;
use crate::pdca::finding::Level;
use crate::pdca::{SourceKind, command};

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "source-missing",
        level: Level::Error,
        title: "the incident that a PDCA comes from is not there",
        teaches: "`source.ref` names an incident by its whole id. It is mistyped, or the incident's file was renamed or taken \
                  out.",
        bad: "source: {kind: incident, ref: 2023-03-27-nothing-has-this-id}",
        good: "source: {kind: red-bin, ref: BIN-12}",
        look: source_missing,
    },
    Rule {
        code: "link-one-way",
        level: Level::Warning,
        title: "PDCA and incident do not name each other",
        teaches: "The PDCA names its incident as `source`, the incident its PDCAs in `pdcas`; `pdca new` writes both. With one \
                  of them missing, an incident is closed before its PDCA is through, or a report is silent.",
        bad: "# The incident's record has no `pdcas`.\n\
              source: {kind: incident, ref: 2023-03-27-staging-is-slow}",
        good: "# The incident's record has `pdcas: [2023-04-06-x]`, the id of this one.\n\
               source: {kind: incident, ref: 2023-03-27-staging-is-slow}",
        look: one_way,
    },
    Rule {
        code: "link-shared",
        level: Level::Note,
        title: "an incident names a PDCA that comes from another one",
        teaches: "One PDCA may learn from several incidents: it names one of them as its source, and each names it. That is \
                  as it should be where all have the same causes; else one of the links is mistyped.",
        bad: "# Another incident's record has `pdcas: [2023-04-06-x]`, the id of this one.\n\
              source: {kind: incident, ref: 2023-03-27-staging-is-slow}",
        good: "# Only that incident's record has `pdcas: [2023-04-06-x]`.\n\
               source: {kind: incident, ref: 2023-03-27-staging-is-slow}",
        look: shared,
    },
];

fn source<'a>(look: &Look<'a>) -> Option<&'a str> {
    let source = &look.pdca.source;
    let is_incident = source.kind == SourceKind::Incident;
    source.reference.as_ref().filter(|_| is_incident).map(|id| id.as_str())
}

fn source_incident<'a>(look: &Look<'a>) -> Option<&'a Incident> {
    let id = source(look)?;
    look.others.incidents.iter().find(|incident| incident.id.as_str() == id).copied()
}

fn found(look: &Look<'_>, why: String, help: String) -> Found {
    let key = if look.pdca.source.reference.is_some() { "ref" } else { "kind" };
    Found { path: top("source").key(key), label: "source".to_owned(), why, help: vec![help] }
}

fn source_missing(look: &Look<'_>) -> Vec<Found> {
    if look.pdca.source.kind != SourceKind::Incident || source_incident(look).is_some() {
        return vec![];
    }
    let is_unread = |id: &str| look.others.unread.iter().any(|unread| unread.as_str() == id);
    let why = match source(look) {
        None => "it comes from an incident, and names none".to_owned(),
        Some(id) if is_unread(id) => return vec![],
        Some(id) => format!("there is no incident {id}"),
    };
    vec![found(look, why, command::edit(look.id()))]
}

fn one_way(look: &Look<'_>) -> Vec<Found> {
    let id: &Id = look.id();
    if let Some(incident) = source_incident(look) {
        let is_named = incident.pdcas.contains(id);
        let why = || format!("the incident {} does not name it: add it to its `pdcas`", incident.id);
        return (!is_named)
            .then(|| found(look, why(), command::link(id, &incident.id)))
            .into_iter()
            .collect();
    }
    if look.pdca.source.kind == SourceKind::Incident {
        // That it names none, or none that is there, is told already.
        return vec![];
    }
    let mut naming = look.others.incidents.iter().filter(|incident| incident.pdcas.contains(id));
    let named = naming.next().map(|incident| {
        let kind = look.pdca.source.kind;
        let why = format!("the incident {} names it, and its source is `{kind}`", incident.id);
        found(look, why, command::link(id, &incident.id))
    });
    named.into_iter().collect()
}

fn shared(look: &Look<'_>) -> Vec<Found> {
    let Some(source) = source(look) else { return vec![] };
    let id = look.id();
    let others =
        look.others.incidents.iter().filter(|one| one.id.as_str() != source && one.pdcas.contains(id));
    others
        .map(|incident| {
            let why = format!("the incident {} names it as well", incident.id);
            found(look, why, command::unlink(id, &incident.id))
        })
        .collect()
}
