//! A damaged index is rebuilt, or right: never a wrong answer, never a panic.

use super::*;
use crate::edit::mangle::Dice;

/// What happens to a file.
fn damage(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let length = bytes.len();
    match dice.roll(7) {
        0 => bytes.truncate(dice.roll(length)),
        1 => bytes.extend(vec![dice.roll(256) as u8; 1 + dice.roll(100)]),
        // Parts change places.
        2 => {
            let (a, b, wide) = (dice.roll(length), dice.roll(length), 1 + dice.roll(64));
            for step in 0..wide {
                bytes.swap((a + step) % length, (b + step) % length);
            }
        }
        3 => {
            let from = dice.roll(length);
            bytes[from..].fill(0);
        }
        // Another file's beginning or end.
        4 if !other.is_empty() => {
            let at = dice.roll(length.min(other.len()));
            bytes[..at].copy_from_slice(&other[..at]);
        }
        // Another magic, format, program or length.
        5 => bytes[dice.roll(36.min(length))] ^= 1 << dice.roll(8),
        _ => {
            for _ in 0..=dice.roll(3) {
                bytes[dice.roll(length)] ^= 1 << dice.roll(8);
            }
        }
    }
}

#[test]
fn a_thousand_damages_never_show() {
    let (ground, store) = ground(300);
    settle(&store);
    put(&ground, "2020-01-01-x0", 9);
    settle(&store);
    let files = ["incidents", "incidents.recent"].map(|name| index_file(&ground, name));
    let sound = files.clone().map(|file| fs::read(file).unwrap());
    let expected = truth::<Incident>(&store);
    let mut dice = Dice::new(7);
    let mut rebuilt = 0;
    for round in 0..1000 {
        let which = dice.roll(2);
        let mut bytes = sound[which].clone();
        damage(&mut bytes, &sound[1 - which], &mut dice);
        fs::write(&files[1 - which], &sound[1 - which]).unwrap();
        fs::write(&files[which], &bytes).unwrap();
        // What is not read again on the way costs no time here: only the look at the files.
        let read = store.index_files::<Incident>();
        let is_seen = (bytes != sound[which]) == [read.base.is_empty(), read.recent.is_empty()][which];
        assert!(is_seen, "{round}");
        if round % 20 == 0 {
            let (told, anew) = told::<Incident>(&store);
            assert_eq!(told, expected, "{round}");
            rebuilt += usize::from(anew > 0);
        }
    }
    assert!(rebuilt > 10, "{rebuilt}");
}

/// What the checksum cannot know: a table that another program would have written so.
#[test]
fn a_table_that_makes_no_sense_is_none() {
    let (ground, store) = ground(5);
    settle(&store);
    let read = store.index_files::<Incident>();
    let mut dice = Dice::new(8);
    for _ in 0..1000 {
        let mut base = read.recent.clone();
        damage(&mut base, b"", &mut dice);
        let files = super::super::Files { base, recent: vec![] };
        let answer = store.ask::<Incident>(&files, &mut |_, _| {}).unwrap();
        answer.entries().iter().for_each(|entry| drop(answer.row(*entry)));
    }
    drop(ground);
}
