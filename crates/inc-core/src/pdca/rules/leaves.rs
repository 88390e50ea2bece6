//! Plan: where the why-trees end, and in which words.

use super::{Found, Look, Node, Rule, wording};
use crate::pdca::finding::Level;
use crate::pdca::tree::Branch;
use crate::pdca::{SourceKind, Why, command};
use crate::text::Line;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "leaf-open",
        level: Level::Warning,
        title: "a branch ends without a verdict",
        teaches: "Ask why until the answer can be cured, and tag it as a root cause. Where nobody of us can act on it, say \
                  that it is out of control; where it cannot be found out, that it is unknown. Could you act on it \
                  tomorrow?",
        bad: "occurrence:\n  - id: o1\n    why: The API server was lagging",
        good: "occurrence:\n  - id: o1\n    why: The API server was lagging\n    whys:\n\
               \x20     - {id: o1.1, why: Nothing limits the CRDs of a cluster, root_cause: RC1}\n\
               \x20     - {id: o1.2, why: The provider's disks were slow, out_of_control: Their own hardware}",
        look: open,
    },
    Rule {
        code: "leaf-is-link",
        level: Level::Warning,
        title: "a leaf is a link, not a cause",
        teaches: "A pull request, a ticket or an address answers no why. Put it into `links` of the why above, or make it \
                  the countermeasure that it is, and take the leaf out.",
        bad: "non_detection:\n  - id: n1\n    why: A regression of the metric\n    root_cause: RC1\n    whys:\n\
              \x20     - {id: n1.1, why: PR to fix it}",
        good: "non_detection:\n  - id: n1\n    why: A regression of the metric\n    root_cause: RC1\n\
               \x20   links: [{name: PR to fix it, url: \"https://example.com/pulls/12\"}]",
        look: link,
    },
    Rule {
        code: "leaf-contradiction",
        level: Level::Error,
        title: "a branch ends in two ways, or ends and goes on",
        teaches: "A why is a root cause, out of control, or unknown: one of the three. And where it is out of control or \
                  unknown, no other why follows below it.",
        bad: "occurrence:\n  - id: o1\n    why: The provider's disks were slow\n    root_cause: RC1\n\
              \x20   out_of_control: Their own hardware",
        good: "occurrence:\n  - id: o1\n    why: The provider's disks were slow\n    out_of_control: Their own hardware",
        look: contradiction,
    },
    Rule {
        code: "why-blames",
        level: Level::Warning,
        title: "a why blames a person",
        teaches: "People err, and will again: \"forgot\" and \"human error\" end the search where it begins. Ask what let \
                  the slip through, or made it likely: a default, a missing guard, a page at 3 a.m. Nobody is named in \
                  a why.",
        bad: "occurrence:\n  - {id: o1, why: The operator forgot to scale the group, root_cause: RC1}",
        good: "occurrence:\n  - {id: o1, why: Nothing scales the group before it is full, root_cause: RC1}",
        look: blame,
    },
];

/// A why below which no further answer stands: links are none.
fn is_leaf(why: &Why) -> bool {
    why.whys.iter().all(is_link)
}

fn is_link(why: &Why) -> bool {
    why.whys.is_empty()
        && why.out_of_control.is_none()
        && why.unknown.is_none()
        && wording::is_link(why.why.as_str())
}

/// A leaf, and nothing says how its branch ends.
pub(in crate::pdca) fn lacks_verdict(why: &Why) -> bool {
    let has_end = why.root_cause.is_some() || why.out_of_control.is_some() || why.unknown.is_some();
    is_leaf(why) && !is_link(why) && !has_end
}

fn found(node: &Node<'_>, key: &str, why: String, help: Vec<String>) -> Found {
    Found { path: node.path.key(key), label: node.why.id.to_string(), why, help }
}

fn open(look: &Look<'_>) -> Vec<Found> {
    let open = look.whys.iter().filter(|node| lacks_verdict(node.why));
    open.map(|node| {
        let label = node.why.id.as_str();
        let why = "a leaf that is no root cause, nor out of control, nor unknown";
        let help = vec![
            command::why_under(look.id(), label),
            command::tag(look.id(), label, "next"),
            command::end(look.id(), label, "--out-of-control"),
            command::end(look.id(), label, "--unknown"),
        ];
        found(node, "why", why.to_owned(), help)
    })
    .collect()
}

fn link(look: &Look<'_>) -> Vec<Found> {
    let links = look.whys.iter().filter(|node| is_link(node.why));
    links
        .map(|node| {
            let label = node.why.id.as_str();
            let is_above = |other: &&Node<'_>| other.why.whys.iter().any(|below| below.id == node.why.id);
            let (why, help) = match look.whys.iter().find(is_above) {
                Some(above) => (
                    "it is a link, not a cause: put it into `links` of the why above",
                    command::make_link(look.id(), label, above.why.id.as_str()),
                ),
                None => {
                    ("it is a link, not a cause: say why", command::edit_why(look.id(), label, "--text TEXT"))
                }
            };
            found(node, "why", why.to_owned(), vec![help])
        })
        .collect()
}

fn contradiction(look: &Look<'_>) -> Vec<Found> {
    let mut all = vec![];
    for node in &look.whys {
        let ends = [
            ("root_cause", "a root cause", node.why.root_cause.is_some()),
            ("out_of_control", "out of control", node.why.out_of_control.is_some()),
            ("unknown", "unknown", node.why.unknown.is_some()),
        ];
        let ends: Vec<(&str, &str)> =
            ends.into_iter().filter(|(.., is_there)| *is_there).map(|(key, words, _)| (key, words)).collect();
        let Some((key, words)) = ends.last().copied() else { continue };
        let why = match node.why.whys.first() {
            _ if ends.len() > 1 => format!("it is {} and {words}: one of them", ends[0].1),
            Some(below) if node.why.root_cause.is_none() => {
                format!("it is {words}, so its branch ends here, and {} goes on", below.id)
            }
            _ => continue,
        };
        all.push(found(node, key, why, vec![command::edit(look.id())]));
    }
    all
}

fn blame(look: &Look<'_>) -> Vec<Found> {
    let people = people(look);
    let blamed = look.whys.iter().filter_map(|node| {
        let text = node.why.why.as_str();
        let named = people.iter().find(|person| wording::names(text, person.as_str()));
        let why = match (named, wording::blames(text)) {
            (Some(person), _) => format!("it names {person}: what let it happen, whoever it was?"),
            (None, Some(words)) => format!("\"{words}\" blames people: what let it happen?"),
            (None, None) => return None,
        };
        let label = node.why.id.as_str();
        let help =
            vec![command::edit_why(look.id(), label, "--text TEXT"), command::why_under(look.id(), label)];
        Some(found(node, "why", why, help))
    });
    blamed.collect()
}

/// Everybody whom the PDCA or its incident names.
fn people<'a>(look: &Look<'a>) -> Vec<&'a Line> {
    let pdca = look.pdca;
    let cures = pdca.countermeasures.iter().flat_map(|cure| {
        let by = cure.check.as_ref().and_then(|check| check.by.as_ref());
        let acts = cure.acts.iter().filter_map(|act| act.owner.as_ref());
        cure.owner.iter().chain(by).chain(acts)
    });
    let mut people: Vec<&Line> = pdca.owner.iter().chain(&pdca.participants).chain(cures).collect();
    let source = pdca.source.reference.as_ref().filter(|_| pdca.source.kind == SourceKind::Incident);
    let incident =
        look.others.incidents.iter().find(|one| source.is_some_and(|id| id.as_str() == one.id.as_str()));
    if let Some(incident) = incident {
        people.extend(incident.reporter.iter().chain(&incident.commander).chain(&incident.responders));
    }
    people
}

impl Look<'_> {
    /// Whether a tree has a root cause.
    pub(super) fn has_cause(&self, branch: Branch) -> bool {
        self.whys.iter().any(|node| node.branch == branch && node.why.root_cause.is_some())
    }
}
