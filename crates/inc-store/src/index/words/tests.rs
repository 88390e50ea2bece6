//! The search against full reads: whatever happened to the files or to the index, what is found is the same.

use std::fs;
use std::path::PathBuf;

use inc_core::incident::Incident;
use inc_core::search::Card;
use inc_core::search::query::Query;
use inc_core::search::rank::rank;
use inc_core::search::shelf::Shelf;

use super::{Files, Searched};
use crate::git::tests::Ground;
use crate::store::Store;

const WORDS: [&str; 6] = ["pool", "exhausted", "crash", "loop", "disk", "full"];

fn text(id: &str, note: usize) -> String {
    let word = |n: usize| WORDS[(note / WORDS.len().pow(n as u32)) % WORDS.len()];
    format!(
        "schema: 1\nid: {id}\nuid: 01GWHBHA90SZ60SM0KFA601FP2\ntitle: {} {}\nkind: incident\nstatus: investigating\n\
         severity: SEV-3\nassessment: {{computed: SEV-3, provisional: false, decided_by: x}}\n\
         timezone: Europe/Paris\ndeclared_at: \"2023-03-27T12:59:00+02:00\"\nsummary: {{cause: the {}}}\n",
        word(0),
        word(1),
        word(2)
    )
}

fn path(number: usize) -> String {
    format!("incidents/20{}/20{}-01-01-x{number}.yaml", 20 + number % 2, 20 + number % 2)
}

fn put(ground: &Ground, number: usize, note: usize) {
    let path = path(number);
    let id = PathBuf::from(&path).file_stem().unwrap().to_str().unwrap().to_owned();
    ground.write(&path, &text(&id, note));
}

fn ground(records: usize) -> (Ground, Store) {
    let ground = Ground::unborn();
    (0..records).for_each(|number| put(&ground, number, number));
    let store = Store::of(ground.repository());
    (ground, store)
}

/// What a question finds, with the bits of each score.
type Told = Vec<(String, bool, u64)>;

fn asked(shelf: &Shelf<'_>) -> Vec<Told> {
    let questions = [&["pool"][..], &["crash", "loop"], &["dis*", "-full"], &["the", "exhausted"], &["gone"]];
    let ask = |words: &&[&str]| {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let hits = rank(&Query::of(&words, &[]).unwrap(), shelf, |_| true);
        hits.iter().map(|it| (shelf.book(it.number).id.to_owned(), it.has_all, it.score.to_bits())).collect()
    };
    questions.iter().map(ask).collect()
}

/// What a full read finds.
fn truth(store: &Store) -> Vec<Told> {
    let all = store.all::<Incident>().unwrap();
    let cards: Vec<Card> = all.iter().flatten().map(|it| Card::of(&it.record)).collect();
    let mut shelf = Shelf::default();
    cards.iter().for_each(|card| {
        shelf.put(card.book(), &card.words);
    });
    asked(&shelf)
}

/// What the index finds, and how many records were read for it.
fn indexed(store: &Store) -> (Vec<Told>, usize) {
    let files = store.index_files::<Searched<Incident>>();
    let mut read = 0;
    let words = store.words::<Incident>(&files, &mut |done, _| read = done).unwrap();
    let mut shelf = Shelf::default();
    let entries = words.fill(&mut shelf);
    assert_eq!(entries.len(), shelf.len());
    for (number, entry) in (0..).zip(entries) {
        let stem = words.path(entry).file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(stem, shelf.book(number).id);
    }
    (asked(&shelf), read)
}

/// Longer than the clock of the file system takes to tell two changes apart.
fn wait() {
    std::thread::sleep(std::time::Duration::from_millis(40));
}

#[test]
fn edits_are_seen_at_once_and_little_is_read() {
    let (ground, store) = ground(300);
    wait();
    assert_eq!(indexed(&store), (truth(&store), 300));
    assert_eq!(indexed(&store), (truth(&store), 0));
    for round in 0..20 {
        let number = round * 7 % 300;
        match round % 4 {
            0 => put(&ground, 300 + round, round),
            1 => fs::remove_file(store.top().join(path(number))).unwrap(),
            2 => fs::write(store.top().join(path(number)), "no: [record").unwrap(),
            _ => put(&ground, number, number + round),
        }
        let (found, read) = indexed(&store);
        assert_eq!(found, truth(&store), "{round}");
        assert!(read < 100, "{read} were read in round {round}");
    }
    // More than the small table takes.
    (0..290).for_each(|number| put(&ground, number, number + 11));
    assert_eq!(indexed(&store).0, truth(&store));
    wait();
    assert_eq!(indexed(&store).0, truth(&store));
    assert_eq!(indexed(&store), (truth(&store), 0));
}

#[test]
fn a_damaged_index_never_answers_wrongly() {
    let (ground, store) = ground(300);
    wait();
    indexed(&store);
    put(&ground, 3, 77);
    wait();
    indexed(&store);
    let expected = truth(&store);
    let folder = store.repository().git_dir().join("inc/index");
    let names = ["incidents.words", "incidents.words.recent"];
    let sound = names.map(|name| fs::read(folder.join(name)).unwrap());
    let mut dice = 1u64;
    let mut roll = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % sides
    };
    for round in 0..1000 {
        for (name, bytes) in names.iter().zip(&sound) {
            fs::write(folder.join(name), bytes).unwrap();
        }
        let which = roll(2);
        let mut bytes = sound[which].clone();
        match roll(4) {
            0 => bytes.truncate(roll(bytes.len())),
            1 => bytes.extend_from_slice(b"more"),
            2 => {
                let (from, upto) = (roll(bytes.len()), roll(64));
                let end = (from + upto).min(bytes.len());
                bytes[from..end].fill(0xff);
            }
            _ => {
                let at = roll(bytes.len());
                bytes[at] ^= 1 << roll(8);
            }
        }
        fs::write(folder.join(names[which]), bytes).unwrap();
        // A full read of all costs too much to be made for every one of them.
        if which == 0 && round % 10 > 0 {
            let files = store.index_files::<Searched<Incident>>();
            assert!(files.base.is_empty() || files.base == sound_rest(&sound[0]), "{round}");
            continue;
        }
        assert_eq!(indexed(&store).0, expected, "{round}");
    }
}

/// What is handed on of a file: all but its header.
fn sound_rest(file: &[u8]) -> &[u8] {
    &file[36..]
}

#[test]
fn without_a_place_to_write_it_works_all_the_same() {
    let (_ground, store) = ground(300);
    fs::write(store.repository().git_dir().join("inc"), "in the way").unwrap();
    assert_eq!(indexed(&store), (truth(&store), 300));
    assert_eq!(indexed(&store), (truth(&store), 300));
}

#[test]
fn the_words_are_compared_with_a_full_read() {
    let (ground, store) = ground(300);
    let differ = || {
        let files = store.index_files::<Searched<Incident>>();
        store.words_that_differ::<Incident>(&files, &mut |_, _| {}).unwrap()
    };
    let to_read = || store.words_to_read::<Incident>(&store.index_files::<Searched<Incident>>()).unwrap();
    assert_eq!(to_read().1.len(), 300);
    wait();
    assert_eq!(differ(), (300, vec![]));
    assert_eq!(to_read(), (300, vec![]));
    put(&ground, 7, 100);
    assert_eq!(to_read(), (300, vec![crate::index::Why::Changed]));
    assert_eq!(differ(), (300, vec![]));

    // An index that is sound and wrong: another word stands where one was.
    wait();
    (0..300).for_each(|number| put(&ground, number, number));
    wait();
    indexed(&store);
    let Files { mut base, recent } = store.index_files::<Searched<Incident>>();
    for at in 0..base.len() - 4 {
        if base[at..].starts_with(b"pool") {
            base[at..at + 4].copy_from_slice(b"poom");
        }
    }
    let told = store.words_that_differ::<Incident>(&Files { base, recent }, &mut |_, _| {}).unwrap();
    let has_word = |path: &PathBuf| fs::read_to_string(store.top().join(path)).unwrap().contains("pool");
    let expected: Vec<_> = store.paths::<Incident>().unwrap().into_iter().filter(has_word).collect();
    assert!((30..270).contains(&expected.len()), "{}", expected.len());
    assert_eq!(told, (300, expected));
}
