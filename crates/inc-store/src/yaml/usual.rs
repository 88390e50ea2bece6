//! The usual layout, read quickly: the part of YAML that we write ourselves, and most hands too.
//!
//! A record is taken from here only where nothing about it is in doubt; whatever is not plainly the usual layout, and
//! whatever is wrong, is left to the library (`None`), which also finds the words. So there is no error in here. What
//! this reading must hold: it yields a record only where the library yields the same one. `tests` holds it to that, by
//! the records of the mangler, by odd scalars and by the corpus of the fuzzer.

mod block;
mod flow;
mod lines;
mod node;
mod scalar;
#[cfg(test)]
mod tests;
mod value;

use serde::de::DeserializeOwned;

use self::lines::Lines;
use self::node::Node;
use super::MAX_BYTES;

/// How deep lists and blocks may be nested here; the library takes more.
const DEPTH: usize = 24;

/// The record of a text in the usual layout, in a schema that we know.
pub fn read<T: DeserializeOwned>(text: &str, newest_schema: u64) -> Option<T> {
    let (root, _) = tree(text)?;
    let Node::Map(pairs) = &root else {
        return None;
    };
    let (_, stated) = pairs.iter().find(|(key, _)| *key == "schema")?;
    let Node::Plain(stated) = stated else {
        return None;
    };
    if !(1..=newest_schema).contains(&scalar::whole(stated)?) {
        return None;
    }
    T::deserialize(value::Reader(&root)).ok()
}

/// The comments of a text in the usual layout, each from its `#` to the end of its line, in their order.
pub fn comments(text: &str) -> Option<Vec<&str>> {
    tree(text).map(|(_, comments)| comments)
}

/// What a text holds, without any meaning, and its comments.
fn tree(text: &str) -> Option<(Node<'_>, Vec<&str>)> {
    if text.len() > MAX_BYTES || !text.ends_with('\n') || !lines::are_usual(text) {
        return None;
    }
    let mut lines = Lines::of(text);
    let root = block::map(&mut lines, 0, 0)?;
    lines.peek().is_none().then(|| (root, lines.into_comments()))
}
