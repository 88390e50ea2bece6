//! Plan: root causes and their answers; causes that came back.

use std::collections::BTreeMap;

use chrono::Months;

use super::{Found, Look, Node, Rule, cure};
use crate::pdca::finding::Level;
use crate::pdca::recurrence::Within;
use crate::pdca::{command, label};

/// For how long a cure is expected to hold.
const HOLDS: Within = Within::Months(Months::new(6));

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "rc-duplicate",
        level: Level::Error,
        title: "two whys have one root cause's label",
        teaches: "A label names one cause: else nobody knows what a countermeasure answers. The numbers may have gaps and \
                  any order.",
        bad: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}\n\
              \x20 - {id: o2, why: Nothing limits the CRDs, root_cause: RC1}",
        good: "occurrence:\n  - {id: o1, why: 890 CRDs were installed, root_cause: RC1}\n\
               \x20 - {id: o2, why: Nothing limits the CRDs, root_cause: RC7}",
        look: duplicate,
    },
    Rule {
        code: "rc-dangling",
        level: Level::Error,
        title: "a countermeasure names a root cause that no why has",
        teaches: "What a countermeasure answers must stand in a why-tree. Tag the why, or correct the label.",
        bad: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}\n\
              countermeasures:\n  - {id: C1, root_causes: [RC2], title: Allow only some CRDs}",
        good: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}\n\
               countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs}",
        look: dangling,
    },
    Rule {
        code: "rc-unanswered",
        level: Level::Warning,
        title: "a root cause has no countermeasure",
        teaches: "A cause that is known and left alone comes back. Answer it with a simple, timeboxed action; or, if nobody \
                  can act on it, it is out of control and no root cause.",
        bad: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}",
        good: "occurrence:\n  - {id: o1, why: Nothing limits the CRDs, root_cause: RC1}\n\
               countermeasures:\n  - {id: C1, root_causes: [RC1], title: Allow only some CRDs}",
        look: unanswered,
    },
    Rule {
        code: "rc-recurred",
        level: Level::Warning,
        title: "the same cause was cured, and came back within six months",
        teaches: "An earlier PDCA has this cause, with a countermeasure that was checked OK: the cure did not hold, was not \
                  applied here, or the cause lies deeper. A label that is more than a number is the same tag everywhere; \
                  RC1, RC2 … belong to their own PDCA, so of those the words are compared. A tag in words is typed by hand, with \
                  `pdca edit`.",
        bad: "# Another PDCA, begun in January, has the root cause tag `missing-alert`, with a check OK in February.\n\
              non_detection:\n  - {id: n1, why: Nothing watches the group, root_cause: missing-alert}",
        good: "# The other PDCA's cause is another one.\n\
               non_detection:\n  - {id: n1, why: The alert was muted during the test, root_cause: muted-alert}",
        look: recurred,
    },
];

fn tagged<'a, 'l>(look: &'l Look<'a>) -> impl Iterator<Item = (&'l Node<'a>, &'a str)> {
    look.whys.iter().filter_map(|node| Some((node, node.why.root_cause.as_ref()?.as_str())))
}

fn duplicate(look: &Look<'_>) -> Vec<Found> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut all = vec![];
    for (node, root_cause) in tagged(look) {
        let first = *seen.entry(label::root_cause_key(root_cause)).or_insert(node.why.id.as_str());
        if first != node.why.id.as_str() {
            all.push(Found {
                path: node.path.key("root_cause"),
                label: node.why.id.to_string(),
                why: format!("{root_cause} is {first} already: take another label"),
                help: vec![command::edit_why(look.id(), node.why.id.as_str(), "--root-cause next")],
            });
        }
    }
    all
}

fn dangling(look: &Look<'_>) -> Vec<Found> {
    let known: Vec<String> = tagged(look).map(|(_, root_cause)| label::root_cause_key(root_cause)).collect();
    let mut all = vec![];
    for (c, it) in look.pdca.countermeasures.iter().enumerate() {
        for (n, root_cause) in it.root_causes.iter().enumerate() {
            if !known.contains(&label::root_cause_key(root_cause.as_str())) {
                all.push(Found {
                    path: cure(c).key("root_causes").index(n),
                    label: it.id.to_string(),
                    why: format!("it answers {root_cause}, and no why has that label"),
                    help: vec![command::tag(look.id(), "WHY", root_cause.as_str()), command::edit(look.id())],
                });
            }
        }
    }
    all
}

fn unanswered(look: &Look<'_>) -> Vec<Found> {
    let open =
        tagged(look).filter(|(_, root_cause)| look.pdca.countermeasures_for(root_cause).next().is_none());
    open.map(|(node, root_cause)| Found {
        path: node.path.key("root_cause"),
        label: root_cause.to_owned(),
        why: "no countermeasure answers it".to_owned(),
        help: vec![command::countermeasure(look.id(), root_cause)],
    })
    .collect()
}

fn recurred(look: &Look<'_>) -> Vec<Found> {
    let begun = look.pdca.created_at.datetime().date_naive();
    let mut all = vec![];
    for (node, root_cause) in tagged(look) {
        let like = look.others.causes.like(root_cause, node.why.why.as_str()).into_iter();
        let cured = like.filter(|cause| cause.is_before(look.pdca)).find_map(|cause| {
            let cures = cause.cures_by(begun).into_iter().map(|cure| (cause.day_of(&cure), cure));
            let (on, cure) = cures.max_by_key(|(on, _)| *on)?;
            HOLDS.holds(on, begun).then_some((cause, cure, on))
        });
        if let Some((cause, cure, on)) = cured {
            let (id, cure) = (&cause.pdca.id, &cure.countermeasure.id);
            all.push(Found {
                path: node.path.key("root_cause"),
                label: root_cause.to_owned(),
                why: format!("the cure did not hold: {cure} of {id} was checked OK on {on}"),
                help: vec![command::show(id), command::why_under(look.id(), node.why.id.as_str())],
            });
        }
    }
    all
}
