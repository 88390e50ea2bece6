//! The seeds of the fuzz targets in `tests/fuzz`, and all inputs that ever broke a promise, held to the same promises.
//!
//! No fuzzing happens here: each file is looked at once. What a fuzzer found in a run of its own is not looked at.

#[path = "../../../tests/fuzz/src/change.rs"]
mod change;
#[path = "../../../tests/fuzz/src/editing.rs"]
mod editing;
#[path = "../../../tests/fuzz/src/reading.rs"]
mod reading;

use std::fs;
use std::path::Path;

/// Runs a check over each file of a folder that has a name rather than a hash, and tells how many there are.
fn over(target: &str, check: impl Fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| !is_find(&path.file_name().unwrap().to_string_lossy()));
    for path in &files {
        // So that a failure names its file.
        println!("{}", path.display());
        check(&fs::read(path).unwrap());
    }
    files.len()
}

/// The name that libFuzzer gives to what it finds: a SHA-1.
fn is_find(name: &str) -> bool {
    name.len() == 40 && name.chars().all(|c| c.is_ascii_hexdigit())
}

#[test]
fn every_seed_of_the_reader_keeps_its_promises() {
    assert!(over("reader", reading::check) > 50);
}

#[test]
fn every_seed_of_the_editor_keeps_its_promises() {
    // The second opinion is asked where it is fuzzed: here stands no other parser.
    assert!(over("editor", |data| editing::check(data, &|_, _| None)) > 50);
}
