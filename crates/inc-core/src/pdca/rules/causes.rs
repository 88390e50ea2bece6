//! Plan: root causes and their answers; causes that came back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};

use super::{Found, Look, Node, Rule, cure, wording};
use crate::pdca::finding::Level;
use crate::pdca::{CheckResult, Pdca, SourceKind, command, label};

/// For how long a cure is expected to hold, in months.
const HOLDS_MONTHS: Months = Months::new(6);

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
                  RC1, RC2 … belong to their own PDCA, so of those the words are compared.",
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

/// A root cause that a countermeasure cured.
#[derive(Debug)]
pub(super) struct Cured<'a> {
    pdca: &'a Pdca,
    label: &'a str,
    words: BTreeSet<String>,
    cure: &'a str,
    /// The last day on which it was seen.
    on: NaiveDate,
}

impl<'a> Cured<'a> {
    /// Those of one PDCA.
    pub(super) fn of(pdca: &'a Pdca) -> Vec<Self> {
        let begun = pdca.created_at.datetime().date_naive();
        let cured = pdca.root_causes().into_iter().filter_map(|cause| {
            let label = cause.label.as_str();
            let proven = pdca.countermeasures.iter().filter(|cure| cure.result() == Some(CheckResult::Ok));
            let answers = proven.filter(|cure| {
                cure.root_causes
                    .iter()
                    .any(|one| label::root_cause_key(one.as_str()) == label::root_cause_key(label))
            });
            let days = answers.map(|cure| {
                let on = cure.check.as_ref().and_then(|check| check.on);
                (cure.id.as_str(), on.unwrap_or(begun))
            });
            let (cure, on) = days.max_by_key(|(_, on)| *on)?;
            Some(Self { pdca, label, words: wording::set_of(cause.why.why.as_str()), cure, on })
        });
        cured.collect()
    }

    /// Whether it was begun and cured before that PDCA, at most six months, and that is not a second try.
    fn is_before(&self, pdca: &Pdca) -> bool {
        let is_same_story = pdca.source.kind == SourceKind::Incident && pdca.source == self.pdca.source;
        let is_earlier = self.pdca.created_at.unix_millis() < pdca.created_at.unix_millis();
        let begun = pdca.created_at.datetime().date_naive();
        let until = self.on.checked_add_months(HOLDS_MONTHS);
        let is_recent = self.on <= begun && until.is_some_and(|until| begun <= until);
        self.pdca.uid != pdca.uid && is_earlier && is_recent && !is_same_story
    }
}

fn recurred(look: &Look<'_>) -> Vec<Found> {
    let before: Vec<&Cured<'_>> =
        look.others.cured.iter().filter(|cured| cured.is_before(look.pdca)).collect();
    let mut all = vec![];
    for (node, root_cause) in tagged(look) {
        let words = wording::set_of(node.why.why.as_str());
        let is_tag = label::spell_root_cause(root_cause).is_none();
        let is_same = |cured: &&&Cured<'_>| {
            is_tag && label::same(root_cause, cured.label) || wording::alike(&words, &cured.words)
        };
        if let Some(cured) = before.iter().find(is_same) {
            let id = &cured.pdca.id;
            all.push(Found {
                path: node.path.key("root_cause"),
                label: root_cause.to_owned(),
                why: format!("the cure did not hold: {} of {id} was checked OK on {}", cured.cure, cured.on),
                help: vec![command::show(id), command::why_under(look.id(), node.why.id.as_str())],
            });
        }
    }
    all
}
