//! Labels: what people and commands name things by.

use std::collections::BTreeSet;

use super::acts::acts;
use super::{Found, Look, Rule, cure, top};
use crate::pdca::finding::Level;
use crate::pdca::{command, label};
use crate::severity::Path;

pub(super) const RULES: &[Rule] = &[Rule {
    code: "label-twice",
    level: Level::Error,
    title: "two whys, countermeasures, acts or factors have one label",
    teaches: "A label names one thing: else no command can tell which is meant, and people talk past each other. It comes of \
              copies made by hand.",
    bad: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}\n\
          \x20 - {id: o1, why: Nothing limits the CRDs, root_cause: RC2}",
    good: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}\n\
           \x20 - {id: o2, why: Nothing limits the CRDs, root_cause: RC2}",
    look: twice,
}];

fn twice(look: &Look<'_>) -> Vec<Found> {
    let mut labels: Vec<(Path, &str, &str)> = vec![];
    labels.extend(look.whys.iter().map(|node| (node.path.clone(), node.why.id.as_str(), "why")));
    let factors = look.pdca.contributing_factors.iter().enumerate();
    labels.extend(
        factors.map(|(n, it)| (top("contributing_factors").index(n), it.id.as_str(), "contributing factor")),
    );
    let cures = look.pdca.countermeasures.iter().enumerate();
    labels.extend(cures.map(|(n, it)| (cure(n), it.id.as_str(), "countermeasure")));
    labels.extend(acts(look).map(|(path, act)| (path, act.id.as_str(), "act")));
    let mut seen = BTreeSet::new();
    let again = labels.into_iter().filter(|(_, id, what)| !seen.insert((*what, label::fold(id))));
    again
        .map(|(path, id, what)| Found {
            path: path.key("id"),
            label: id.to_owned(),
            why: format!("another {what} has this label already"),
            help: vec![command::edit(look.id())],
        })
        .collect()
}
