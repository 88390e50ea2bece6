//! What stands in a text, before anybody says what it is meant to be.

use std::borrow::Cow;
use std::collections::HashSet;

/// A value with all below it.
#[derive(Debug)]
pub enum Node<'t> {
    /// A key without a value.
    Nothing,
    /// Unquoted: a text, a number, `true`, `null`, as whoever reads it wants.
    Plain(&'t str),
    /// Quoted or as a block: a text whatever it looks like.
    Text(Cow<'t, str>),
    /// A list.
    List(Vec<Node<'t>>),
    /// Keys, each once, with their values.
    Map(Vec<(&'t str, Node<'t>)>),
}

/// A map, if no key stands in it twice.
pub fn map<'t>(pairs: Vec<(&'t str, Node<'t>)>) -> Option<Node<'t>> {
    let is_twice = match pairs.len() {
        0..=40 => {
            pairs.iter().enumerate().any(|(n, (key, _))| pairs[..n].iter().any(|(other, _)| other == key))
        }
        many => pairs.iter().map(|(key, _)| key).collect::<HashSet<_>>().len() < many,
    };
    (!is_twice).then_some(Node::Map(pairs))
}
