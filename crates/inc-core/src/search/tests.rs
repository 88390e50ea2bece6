//! What is found and in which order, whatever the records are read from.

use proptest::prelude::*;

use super::like::alike;
use super::packed::{Packed, Packing};
use super::passage::{Passage, Place, of_text};
use super::query::Query;
use super::rank::rank;
use super::shelf::{Book, Shelf};
use super::{counted, word};

/// A record of a title and another text.
struct Record {
    id: &'static str,
    words: Vec<(String, u32)>,
    length: u32,
}

fn record(id: &'static str, title: &str, text: &str) -> Record {
    let passage = |name, weight, text: &str| Passage {
        place: Place::Field(name),
        weight,
        text: text.to_owned().into(),
    };
    let (words, length) = counted(&[passage("title", 4, title), passage("text", 1, text)], &[]);
    Record { id, words, length }
}

fn book(record: &Record) -> Book<'_> {
    Book { id: record.id, began: 0, kind: 0, length: record.length }
}

fn found(records: &[Record], arguments: &[&str]) -> Vec<&'static str> {
    let mut shelf = Shelf::default();
    let ids: Vec<&str> = records.iter().map(|it| it.id).collect();
    records.iter().for_each(|it| {
        shelf.put(book(it), &it.words);
    });
    let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
    let query = Query::of(&arguments, &[]).unwrap();
    rank(&query, &shelf, |_| true).iter().map(|hit| ids[hit.number as usize]).collect()
}

#[test]
fn the_best_is_first() {
    let records = [
        record("title", "Connection pool exhausted", "The shop is slow"),
        record("text", "The shop is slow", "the connection pool is exhausted"),
        record("often", "The shop is slow", "pool pool pool of connections"),
        record("long", "The shop is slow", &format!("the pool {}", "and more words ".repeat(30))),
        record("other", "Disk full", "OPS-12: café fermé, 数据库"),
    ];
    for (query, expected) in [
        (&["pool"][..], &["title", "often", "text", "long"][..]),
        (&["connection", "pool"], &["title", "text", "often", "long"]),
        (&["pool", "-exhausted"], &["often", "long"]),
        (&["connect*"], &["title", "text", "often"]),
        (&["connec"], &["title", "text", "often"]),
        (&["co"], &[]),
        (&["ops-12"], &["other"]),
        (&["12"], &["other"]),
        (&["full-disk"], &["other"]),
        (&["full-pool"], &[]),
        (&["Cafe", "FERME"], &["other"]),
        (&["数据"], &["other"]),
        (&["据数"], &[]),
        (&["库"], &["other"]),
        (&["nothing"], &[]),
    ] {
        assert_eq!(found(&records, query), expected, "{query:?}");
    }
}

#[test]
fn who_has_every_word_comes_before_who_has_a_rare_one() {
    let common = "common common common common";
    let mut records = vec![record("both", "x", "rare common"), record("rare", "rare rare rare", "rare")];
    records.extend(["a", "b", "c", "d", "e"].map(|id| record(id, "x", common)));
    assert_eq!(found(&records, &["rare", "common"])[..2], ["both", "rare"]);
}

#[test]
fn of_equals_the_newest_is_first() {
    let records = ["b", "a", "c"].map(|id| record(id, "pool", ""));
    let mut shelf = Shelf::default();
    for (record, began) in records.iter().zip([5, 5, 9]) {
        shelf.put(Book { began, ..book(record) }, &record.words);
    }
    let query = Query::of(&["pool".to_owned()], &[]).unwrap();
    let ids: Vec<&str> = rank(&query, &shelf, |_| true).iter().map(|it| shelf.book(it.number).id).collect();
    assert_eq!(ids, ["c", "b", "a"]);
}

#[test]
fn what_is_like_shares_rare_words() {
    let records = [
        record("same", "Pods crash looping after the release", "kubelet evicted"),
        record("near", "Pods pending", "crash of the scheduler"),
        record("far", "Disk full", "the database is slow after the release"),
        record("none", "Certificate expired", "TLS"),
    ];
    let mut shelf = Shelf::default();
    records.iter().for_each(|it| {
        shelf.put(book(it), &it.words);
    });
    let near = alike(&of_text("the pods are crash looping"), &[], &shelf, |_| true);
    let told: Vec<(&str, Vec<&str>)> = near
        .iter()
        .map(|it| (shelf.book(it.number).id, it.words.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(told, [("same", vec!["looping", "crash", "pods"]), ("near", vec!["crash", "pods"])]);
    assert!(near.iter().all(|it| it.share > 0.0 && it.share <= 1.0));
    let near = alike(&of_text("the pods are crash looping"), &[], &shelf, |number| number != 0);
    assert_eq!(near.len(), 1);
}

#[test]
fn a_word_that_nobody_has_is_perhaps_another() {
    let record = record("a", "exhausted", "");
    let mut shelf = Shelf::default();
    shelf.put(book(&record), &record.words);
    for (given, expected) in [("exhuasted", Some("exhausted")), ("zzz", None), ("", None)] {
        assert_eq!(shelf.nearest(given).as_deref(), expected, "{given}");
    }
}

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn texts() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        Just("pool"),
        Just("Pools"),
        Just("db-3"),
        Just("OPS-12"),
        Just("café"),
        Just("数据库"),
        Just("x"),
        Just("500")
    ];
    let text = proptest::collection::vec(word, 1..8).prop_map(|words| words.join(" "));
    proptest::collection::vec(text, 1..IDS.len())
}

proptest! {
    #[test]
    fn every_word_of_a_record_finds_it(text in "\\PC{0,60}") {
        let records = [record("a", "x", &text), record("b", "y", "z")];
        for word in word::all(&text) {
            prop_assert!(found(&records, &[&word.text]).contains(&"a"), "{:?}", word);
            prop_assert!(found(&records, &[&text[word.start..word.end]]).contains(&"a"), "{:?}", word);
        }
    }

    #[test]
    fn it_does_not_matter_what_was_read_when_and_in_which_order(
        texts in texts(), packed in any::<[bool; 6]>(), stale in any::<bool>(), query in "(pool|db|ops-12|数|50|x){1,3}( pool| -x| db)?"
    ) {
        let records: Vec<Record> = IDS.iter().zip(&texts).map(|(id, text)| record(id, "x y", text)).collect();
        let arguments: Vec<String> = query.split(' ').map(str::to_owned).collect();
        let Ok(query) = Query::of(&arguments, &[]) else { return Ok(()) };
        let told = |shelf: &Shelf<'_>| -> Vec<(String, bool, u64)> {
            let hits = rank(&query, shelf, |_| true);
            hits.iter().map(|it| (shelf.book(it.number).id.to_owned(), it.has_all, it.score.to_bits())).collect()
        };
        let mut all = Shelf::default();
        records.iter().rev().for_each(|it| { all.put(book(it), &it.words); });

        let mut packing = Packing::default();
        let old = [("pool", 7), ("gone", 1)];
        if stale {
            packing.add(0, old);
        }
        for (row, record) in (1..).zip(&records).filter(|(row, _)| packed[*row as usize - 1]) {
            packing.add(row, record.words.iter().map(|(word, count)| (word.as_str(), *count)));
        }
        let postings = packing.finish(&Packed::default(), &[]);
        let mut some = Shelf::default();
        let mut rows = vec![None; records.len() + 1];
        for (place, record) in records.iter().enumerate() {
            match packed[place] {
                true => rows[place + 1] = Some(some.put(book(record), &[])),
                false => { some.put(book(record), &record.words); }
            }
        }
        some.add(&postings, rows);
        prop_assert_eq!(told(&some), told(&all));
    }
}
