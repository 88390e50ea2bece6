//! Tells the sources apart that a program was built of: what one program wrote down in the index, another made of other
//! sources may understand differently.
#![allow(clippy::disallowed_methods, reason = "the core reads no file; who builds it does")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src");
    let mut hasher = DefaultHasher::new();
    hash(Path::new("src"), &mut hasher);
    println!("cargo::rustc-env=INC_SOURCES={:016x}", hasher.finish());
}

fn hash(folder: &Path, hasher: &mut DefaultHasher) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => hash(&path, hasher),
            false => (path.to_string_lossy(), fs::read(&path).unwrap_or_default()).hash(hasher),
        }
    }
}
