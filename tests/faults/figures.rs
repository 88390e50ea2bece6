//! The figures at the end: how much was hurt, and how often something was wrong, by kind.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::case::{Case, GROUPS, Group};
use crate::finding::{Finding, KINDS, Kind};
use crate::inject::{FAULTS, Fault};
use crate::points::Point;

/// Counts, and the first failures of each kind.
pub struct Figures {
    scenarios: usize,
    points: usize,
    listed: usize,
    show: usize,
    injections: BTreeMap<&'static str, usize>,
    /// By kind and fault.
    counts: BTreeMap<(Kind, &'static str), usize>,
    /// By group and fault: made, and sound.
    groups: BTreeMap<(Group, &'static str), [usize; 2]>,
    failed: usize,
    told: BTreeMap<Kind, Vec<String>>,
}

impl Figures {
    pub fn new(scenarios: usize, points: usize, listed: usize, show: usize) -> Self {
        Self {
            scenarios,
            points,
            listed,
            show,
            injections: BTreeMap::new(),
            counts: BTreeMap::new(),
            groups: BTreeMap::new(),
            failed: 0,
            told: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, case: &dyn Case, point: &Point, fault: Fault, again: &str, found: Vec<Finding>) {
        *self.injections.entry(fault.name()).or_default() += 1;
        let failed = found.iter().any(|(kind, _)| kind.is_failure());
        self.failed += usize::from(failed);
        let group = self.groups.entry((case.group(), fault.name())).or_default();
        *group = [group[0] + 1, group[1] + usize::from(!failed)];
        let scenario = case.name();
        for (kind, words) in found {
            *self.counts.entry((kind, fault.name())).or_default() += 1;
            let told = self.told.entry(kind).or_default();
            if told.len() < self.show {
                let (fault, call) = (fault.name(), &point.call);
                told.push(format!(
                    "{scenario}: {fault} at {} ({call})\n    {words}\n    {again}",
                    point.spec()
                ));
            }
        }
    }

    /// Prints the failures and the table; whether all is sound.
    pub fn print(&self, took: Duration, jobs: usize) -> bool {
        for (kind, words) in KINDS {
            for told in self.told.get(&kind).filter(|_| kind.is_failure()).into_iter().flatten() {
                println!("{words}: {told}\n");
            }
        }
        let made: usize = self.injections.values().sum();
        println!(
            "faults: {} scenarios, {} points, {made} of {} injections made in {} s, {jobs} at a time",
            self.scenarios,
            self.points,
            self.listed,
            took.as_secs()
        );
        let row = |words: &str, count: &dyn Fn(&'static str) -> usize| {
            let cells: Vec<usize> = FAULTS.iter().map(|fault| count(fault.name())).collect();
            let cells_text: String = cells.iter().map(|cell| format!("{cell:>8}")).collect();
            println!("{words:<34}{cells_text}{:>9}", cells.iter().sum::<usize>());
        };
        let heads: String = FAULTS.iter().map(|fault| format!("{:>8}", fault.name())).collect();
        println!("{:<34}{heads}{:>9}", "", "all");
        row("injections", &|fault| self.injections.get(fault).copied().unwrap_or_default());
        for (kind, words) in KINDS {
            row(words, &|fault| self.counts.get(&(kind, fault)).copied().unwrap_or_default());
        }
        for (group, words, _) in GROUPS {
            let count = |which: usize| {
                let groups = &self.groups;
                move |fault| groups.get(&(group, fault)).copied().unwrap_or_default()[which]
            };
            if self.groups.keys().any(|(with, _)| *with == group) {
                row(&format!("{words}: injections"), &count(0));
                row(&format!("{words}: all holds after"), &count(1));
            }
        }
        println!("injections after which all holds: {} of {made}", made - self.failed);
        self.failed == 0
    }
}
