//! The rules of a good PDCA, and the look at one record by all of them.
//!
//! Each rule is a row: its stable code, its level, what it teaches, and the function that looks. A rule never refuses
//! anything. What is odd and legitimate passes: a check before the PDCA was begun, RC numbers in any order, acts that
//! were done late.

mod acts;
mod causes;
mod checks;
mod contested;
mod cures;
mod days;
mod labels;
mod leaves;
mod links;
mod problem;
#[cfg(test)]
mod tests;
pub(super) mod wording;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::finding::{Finding, Level};
use super::recurrence::Causes;
use super::{Branch, Pdca, Why};
use crate::id::Id;
use crate::incident::Incident;
use crate::instant::Instant;
use crate::severity::Path;

pub(super) use leaves::lacks_verdict;
pub(super) use wording::is_placeholder;

/// One rule: what it looks for, and how it is taught.
#[derive(Debug)]
pub struct Rule {
    /// The stable code: kebab-case words, first of what, then what is wrong with it.
    pub code: &'static str,
    /// How grave its findings are.
    pub level: Level,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters and what to do, in some sentences.
    pub teaches: &'static str,
    /// A part of a record, as YAML, in which it finds something.
    pub bad: &'static str,
    /// The same part as it should be.
    pub good: &'static str,
    look: fn(&Look<'_>) -> Vec<Found>,
}

/// Every rule, by theme, in the order of a record.
const THEMES: [&[Rule]; 10] = [
    problem::RULES,
    leaves::RULES,
    causes::RULES,
    cures::RULES,
    checks::RULES,
    acts::RULES,
    days::RULES,
    links::RULES,
    labels::RULES,
    contested::RULES,
];

/// Every rule, in the order of a record.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    THEMES.into_iter().flatten()
}

/// What else the repository holds, for the rules that look over one record's edge.
#[derive(Debug, Default)]
pub struct Others<'a> {
    incidents: Vec<&'a Incident>,
    unread: BTreeSet<Id>,
    causes: Causes<'a>,
}

impl<'a> Others<'a> {
    /// All PDCAs and incidents, the PDCAs that are looked at among them; `unread` are the incidents that are there and
    /// cannot be read, of which nothing is said.
    pub fn of(pdcas: &[&'a Pdca], incidents: Vec<&'a Incident>, unread: BTreeSet<Id>) -> Self {
        Self { incidents, unread, causes: Causes::of(pdcas) }
    }
}

/// What one rule found.
struct Found {
    path: Path,
    label: String,
    why: String,
    help: Vec<String>,
}

/// What a rule looks at.
struct Look<'a> {
    pdca: &'a Pdca,
    others: &'a Others<'a>,
    today: NaiveDate,
    whys: Vec<Node<'a>>,
}

/// A why, where it stands, and what it explains.
struct Node<'a> {
    branch: Branch,
    why: &'a Why,
    path: Path,
}

impl Pdca {
    /// Everything that the rules find, in the order of the rules; "today" is the day that `now` shows under its own
    /// offset.
    ///
    /// Of a PDCA that was given up only contradictions are told: nobody works on it.
    pub fn lint(&self, others: &Others<'_>, now: Instant) -> Vec<Finding> {
        let look = Look { pdca: self, others, today: now.datetime().date_naive(), whys: nodes(self) };
        let rules = rules().filter(|rule| self.abandoned.is_none() || rule.level == Level::Error);
        let found = rules.flat_map(|rule| (rule.look)(&look).into_iter().map(move |found| (rule, found)));
        found
            .map(|(rule, found)| Finding {
                code: rule.code,
                level: rule.level,
                path: found.path,
                label: found.label,
                why: found.why,
                help: found.help,
            })
            .collect()
    }
}

impl Look<'_> {
    fn id(&self) -> &Id {
        &self.pdca.id
    }
}

/// The path to a key at the top.
fn top(key: &str) -> Path {
    Path::default().key(key)
}

/// The path to a countermeasure.
fn cure(index: usize) -> Path {
    top("countermeasures").index(index)
}

/// The key of a tree in the file.
fn key_of(branch: Branch) -> &'static str {
    match branch {
        Branch::Occurrence => "occurrence",
        Branch::NonDetection => "non_detection",
    }
}

/// Every why with its path, each before those below it.
fn nodes(pdca: &Pdca) -> Vec<Node<'_>> {
    fn walk<'a>(branch: Branch, whys: &'a [Why], list: &Path, nodes: &mut Vec<Node<'a>>) {
        for (index, why) in whys.iter().enumerate() {
            let path = list.index(index);
            let below = path.key("whys");
            nodes.push(Node { branch, why, path });
            walk(branch, &why.whys, &below, nodes);
        }
    }
    let mut nodes = vec![];
    for branch in Branch::ALL {
        walk(branch, pdca.branch(branch), &top(key_of(branch)), &mut nodes);
    }
    nodes
}
