//! Which records a query finds, the best first: BM25 over counts that the weight of their fields has been applied to.
//!
//! Of a word that `n` of `N` records have, a record that has it `c` times, and is `l` long where `m` is usual, gets
//! `ln(1 + (N - n + 0.5) / (n + 0.5)) * c * (K1 + 1) / (c + K1 * (1 - B + B * l / m))`.

use std::cmp::Ordering;

use super::query::{Query, Term};
use super::shelf::Shelf;

/// How soon more of the same word counts for nothing. The usual value, as in Lucene.
pub const K1: f64 = 1.2;
/// How much the length of a record matters, from 0 to 1. The usual value, as in Lucene.
pub const B: f64 = 0.75;
/// What a word counts that only begins as the one that was asked for.
const BEGINNING: f64 = 0.5;
/// What a part counts of a word that was asked for as a whole.
const EXTRA: f64 = 0.25;

/// A record that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its number on the shelf.
    pub number: u32,
    /// It has all that was wanted.
    pub has_all: bool,
    /// The higher the better; comparable within one question only.
    pub score: f64,
}

/// What a query finds among the records that `passes` lets through: first those that have every word, then those that
/// have some; of each the best first, of equals the newest.
pub fn rank(query: &Query, shelf: &Shelf<'_>, passes: impl Fn(u32) -> bool) -> Vec<Hit> {
    let mut scores = vec![0.0; shelf.len()];
    let mut has = vec![0u64; shelf.len()];
    for (place, wanted) in query.wanted.iter().enumerate() {
        let found = counts(shelf, &wanted.term);
        let share = if wanted.is_extra { EXTRA } else { 1.0 };
        let rarity = rarity(shelf, found.len());
        for (number, count) in found {
            let number = number as usize;
            has[number] |= 1 << place;
            scores[number] += share * rarity * saturated(shelf, number as u32, count);
        }
    }
    let mask = |test: &dyn Fn(&super::query::Wanted) -> bool| {
        let bits = query.wanted.iter().enumerate().filter(|(_, it)| test(it));
        bits.fold(0u64, |mask, (place, _)| mask | 1 << place)
    };
    let (all, must, parts) = (mask(&|it| !it.is_extra), mask(&|it| it.must), mask(&|it| it.is_extra));
    // One part of a word that was asked for whole is nothing.
    let is_near = |has: u64| has & all != 0 || parts != 0 && has & parts == parts;
    let out = without(query, shelf);
    let hits = (0..).zip(has.iter().zip(&scores)).filter(|(number, (has, _))| {
        is_near(**has) && **has & must == must && !out[*number as usize] && passes(*number)
    });
    let mut hits: Vec<Hit> =
        hits.map(|(number, (has, score))| Hit { number, has_all: has & all == all, score: *score }).collect();
    hits.sort_by(|a, b| order(shelf, a, b));
    hits
}

/// Which records have a word that must not be there.
fn without(query: &Query, shelf: &Shelf<'_>) -> Vec<bool> {
    let mut out = vec![false; shelf.len()];
    for term in &query.without {
        counts(shelf, term).into_iter().for_each(|(number, _)| out[number as usize] = true);
    }
    out
}

/// The order of hits.
pub fn order(shelf: &Shelf<'_>, a: &Hit, b: &Hit) -> Ordering {
    let newest = |hit: &Hit| (shelf.book(hit.number).began, shelf.book(hit.number).id);
    let better = b.has_all.cmp(&a.has_all).then(b.score.total_cmp(&a.score));
    better.then_with(|| newest(b).cmp(&newest(a)))
}

/// Who has a word how often; each record once, in their order.
fn counts(shelf: &Shelf<'_>, term: &Term) -> Vec<(u32, f64)> {
    let exact = shelf.find(&term.text).into_iter().map(|(number, count)| (number, f64::from(count)));
    if !term.is_beginning {
        return exact.collect();
    }
    let mut counts = vec![0.0; shelf.len()];
    exact.for_each(|(number, count)| counts[number as usize] += count);
    for word in shelf.beginning(&term.text).into_iter().filter(|word| *word != term.text) {
        for (number, count) in shelf.find(word) {
            counts[number as usize] += BEGINNING * f64::from(count);
        }
    }
    (0..).zip(counts).filter(|(_, count)| *count > 0.0).collect()
}

/// What it tells that a record has a word which so many have. Never negative.
pub fn rarity(shelf: &Shelf<'_>, having: usize) -> f64 {
    let (all, having) = (shelf.len() as f64, having as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// What a count is worth in a record of this length.
pub fn saturated(shelf: &Shelf<'_>, number: u32, count: f64) -> f64 {
    let length = f64::from(shelf.book(number).length) / shelf.usual_length();
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}
