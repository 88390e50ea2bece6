//! Comments, order, quoting and blank lines of a record survive every program that writes it.
//!
//! The programs write what `Incident::apply` and `Pdca::apply` make of a record, through [`rewritten`]. So: records of
//! every sort, laid out by a hand that does as it likes (comments everywhere, CRLF, a byte order mark, no final newline,
//! flow and block style, odd indents, anchors), each changed by every action there is. Where the text cannot be edited
//! in place, that is said and nothing is written; how often is counted, and bounded.
//!
//! `PROPTEST_CASES=20000 cargo test -p inc-store survival -- --nocapture` looks longer and prints the rates;
//! `INC_SHOW_REFUSALS=1` shows what was refused.

mod chance;
mod incidents;
mod merging;
mod pdcas;
mod resolving;
mod settling;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::PathBuf;

use inc_core::incident::Incident;
use inc_core::pdca::Pdca;
use serde_json::Value;

use super::write::{rewritten, value_of};
use super::{Loaded, Record};
use crate::edit::mangle::{Taste, mangle};
use crate::edit::{self, concern};
use crate::yaml;
use chance::Chance;

/// A kind of record with everything that may happen to it.
trait Subject: Record + Deeds + Clone + PartialEq + Debug {
    /// The talk's own, as the programs write it.
    const SEED: &'static str;
    /// The record after an action; `None` where the domain refuses it.
    fn step(&self, action: Self::Action, chance: &mut Chance) -> Option<Self>;
    /// A record as it begins.
    fn new(chance: &mut Chance) -> Self;
    /// The record with every property.
    fn whole(self, chance: &mut Chance) -> Self;
    /// Takes out what a person who types does not write: ids of entries, uids of items.
    fn typed_by_hand(&mut self, chance: &mut Chance);
}

/// Makes an action that fits a record.
type Maker<R> = fn(&R, &mut Chance) -> <R as Deeds>::Action;

/// The actions on a record: see [`table!`].
trait Deeds: Sized + 'static {
    type Action: Clone + Debug;
    const ALL: &'static [(&'static str, Maker<Self>)];
    /// The name of its row.
    fn name(action: &Self::Action) -> &'static str;
}

/// The table of all actions on a record: a name, the pattern of the action, and how to make one. The patterns are the
/// arms of one exhaustive match, so that an action without a row does not compile.
macro_rules! table {
    ($record:ty, $action:ty; $($name:literal, $pattern:pat => $make:expr;)+) => {
        impl super::Deeds for $record {
            type Action = $action;
            const ALL: &'static [(&'static str, super::Maker<Self>)] = &[$(($name, $make)),+];
            fn name(action: &$action) -> &'static str {
                match action {
                    $($pattern => $name),+
                }
            }
        }
    };
}
use table;

/// How often each action was tried, refused by the domain, and refused by the editor.
#[derive(Debug, Default)]
struct Count(BTreeMap<&'static str, [usize; 3]>);

impl Count {
    fn note(&mut self, name: &'static str, what: usize) {
        self.0.entry(name).or_default()[what] += 1;
    }

    /// The editor's refusals in parts of a thousand, of all that came to it.
    fn rate(&self) -> usize {
        let sum = |what: usize| self.0.values().map(|counts| counts[what]).sum::<usize>();
        sum(REFUSED) * 1000 / (sum(DONE) + sum(REFUSED)).max(1)
    }
}

const DONE: usize = 0;
const NOT_ALLOWED: usize = 1;
const REFUSED: usize = 2;

fn cases(usual: u64) -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

/// A record of any sort: the talk's, one just begun, one with every property, one that much happened to.
fn record<R: Subject>(chance: &mut Chance) -> R {
    let mut record = match chance.roll(4) {
        0 => yaml::read(R::SEED, inc_core::SCHEMA).unwrap_or_else(|error| panic!("{error}")),
        1 => R::new(chance),
        _ => R::new(chance).whole(chance),
    };
    for _ in 0..[0, 0, 4, 12][chance.roll(4)] {
        let (_, make) = chance.pick(R::ALL);
        let action = make(&record, chance);
        record = record.step(action, chance).unwrap_or(record);
    }
    if chance.once_in(2) {
        record.typed_by_hand(chance);
    }
    record
}

/// The record as a file that some hand laid out, read strictly.
fn laid_out<R: Subject>(record: R, taste: Taste, chance: &mut Chance) -> Loaded<R> {
    let Value::Object(map) = value_of(&record) else { unreachable!("a record is a map") };
    // Now and then as the programs themselves write it.
    let text = match chance.once_in(6) {
        true => edit::emit(R::HEADER, &Value::Object(map)),
        false => mangle(&map, chance.seed(), taste),
    };
    let path = PathBuf::from(R::FOLDER).join(format!("{}.yaml", record.id()));
    match yaml::read::<R>(&text, inc_core::SCHEMA) {
        Ok(read) => assert_eq!(read, record, "{text}"),
        Err(error) => panic!("{error}\n{text}"),
    }
    Loaded { path, text, record }
}

/// Writes what one action makes of the record, and looks at every line of the result.
fn act<R: Subject>(
    loaded: Loaded<R>,
    action: R::Action,
    count: &mut Count,
    chance: &mut Chance,
) -> Loaded<R> {
    let name = R::name(&action);
    let Some(after) = loaded.record.step(action.clone(), chance) else {
        count.note(name, NOT_ALLOWED);
        return loaded;
    };
    let text = match rewritten(&loaded, &after) {
        Ok(text) => text,
        Err(error) => {
            if std::env::var_os("INC_SHOW_REFUSALS").is_some() {
                println!("--- {error}\n--- {action:?}\n{}", loaded.text);
            }
            count.note(name, REFUSED);
            return loaded;
        }
    };
    count.note(name, DONE);
    let old = &loaded.text;
    match yaml::read::<R>(&text, inc_core::SCHEMA) {
        Ok(read) => assert_eq!(read, after, "{action:?}\n{old}\n->\n{text}"),
        Err(error) => panic!("{error}: {action:?}\n{old}\n->\n{text}"),
    }
    if let Err(why) = concern::check(old, &text, &value_of(&loaded.record), &value_of(&after)) {
        panic!("{why}\n{old}\n->\n{text}\nby {action:?}");
    }
    Loaded { path: loaded.path, text, record: after }
}

/// Each action, or several in a row, on records in any layout; gives the rate of refusals.
fn run<R: Subject>(seeds: u64, taste: Taste, in_a_row: usize) -> usize {
    let mut count = Count::default();
    for seed in 0..seeds {
        let mut chance = Chance::new(seed);
        let record: R = record(&mut chance);
        let loaded = laid_out(record, taste, &mut chance);
        let first = chance.roll(R::ALL.len());
        let deeds =
            (0..if in_a_row > 1 { 1 } else { R::ALL.len().min(4) }).map(|n| (first + n) % R::ALL.len());
        for deed in deeds {
            let mut loaded = loaded.clone();
            for step in 0..in_a_row {
                let deed = if step == 0 { deed } else { chance.roll(R::ALL.len()) };
                let (name, make) = R::ALL[deed];
                let action = make(&loaded.record, &mut chance);
                assert_eq!(R::name(&action), name);
                loaded = act(loaded, action, &mut count, &mut chance);
            }
        }
    }
    println!("{}, {in_a_row} in a row, {taste:?}: [done, not allowed, refused]", R::NAME);
    for (name, _) in R::ALL {
        let counts = count.0.get(name).copied().unwrap_or_default();
        println!("  {name:15} {counts:?}");
        assert!(counts[DONE] > 0, "{name} was never tried in earnest");
    }
    println!("  {} of 1000 refused", count.rate());
    count.rate()
}

const QUIET: Taste = Taste { anchors: false, comments: true };
const ANCHORED: Taste = Taste { anchors: true, comments: true };

#[test]
fn an_incident_survives_every_action() {
    assert!(run::<Incident>(cases(60), QUIET, 1) < 20);
}

#[test]
fn a_pdca_survives_every_action() {
    assert!(run::<Pdca>(cases(80), QUIET, 1) < 20);
}

#[test]
fn an_incident_survives_actions_in_a_row() {
    assert!(run::<Incident>(cases(40), QUIET, 5) < 20);
}

#[test]
fn a_pdca_survives_actions_in_a_row() {
    assert!(run::<Pdca>(cases(150), QUIET, 5) < 20);
}

#[test]
fn with_anchors_an_edit_is_exact_or_refused() {
    assert!(run::<Incident>(cases(30), ANCHORED, 1) < 400);
    assert!(run::<Pdca>(cases(80), ANCHORED, 1) < 400);
}
