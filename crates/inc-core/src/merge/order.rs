//! In which order the items of a merged list stand, whichever side is called ours.

use std::collections::{BTreeMap, BTreeSet};

/// The items of `kept` in the order of the base, or of the one side that changed it; behind them the new ones, sorted.
pub(super) fn order(base: &[String], ours: &[String], theirs: &[String], kept: &[String]) -> Vec<String> {
    let places = places(base);
    let (mut old, mut new): (Vec<String>, Vec<String>) =
        kept.iter().cloned().partition(|key| places.contains_key(key.as_str()));
    let guide = match (moves(base, ours), moves(base, theirs)) {
        (true, false) => ours,
        (false, true) => theirs,
        _ => base,
    };
    let guide = self::places(guide);
    old.sort_by_key(|key| places.get(key.as_str()));
    let (mut sorted, missing): (Vec<String>, Vec<String>) =
        old.iter().cloned().partition(|key| guide.contains_key(key.as_str()));
    sorted.sort_by_key(|key| guide.get(key.as_str()));
    // What that side took out, and stays, stands behind what it stood behind in the base.
    for key in missing {
        let before = old.iter().take_while(|other| **other != key).last();
        let at = before.and_then(|before| sorted.iter().position(|other| other == before));
        sorted.insert(at.map_or(0, |at| at + 1), key);
    }
    let mut old = sorted;
    new.sort();
    old.extend(new);
    old
}

/// Where each key stands first.
fn places(list: &[String]) -> BTreeMap<&str, usize> {
    let mut places = BTreeMap::new();
    for (at, key) in list.iter().enumerate() {
        places.entry(key.as_str()).or_insert(at);
    }
    places
}

/// Whether a side has the items that it kept in another order.
fn moves(base: &[String], side: &[String]) -> bool {
    let (known, has): (BTreeSet<&String>, BTreeSet<&String>) = (base.iter().collect(), side.iter().collect());
    let kept = base.iter().filter(|key| has.contains(key));
    !kept.eq(side.iter().filter(|key| known.contains(key)))
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn the_order_goes_by_the_base_the_side_that_moved_and_then_by_the_key() {
        for (base, ours, theirs, kept, expected) in [
            ("abc", "abcz", "abcx", "abczx", "abcxz"),
            ("abc", "cab", "abcx", "abcx", "cabx"),
            ("abc", "abcx", "cab", "abcx", "cabx"),
            ("abc", "cab", "bca", "abc", "abc"),
            ("abc", "ac", "cba", "ac", "ca"),
            ("abcd", "dcb", "abcdx", "abcdx", "adcbx"),
            ("abcd", "dcb", "abcd", "abd", "adb"),
            ("", "b", "a", "ba", "ab"),
        ] {
            let list = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
            let got = order(&list(base), &list(ours), &list(theirs), &list(kept)).concat();
            assert_eq!(got, expected, "{base} {ours} {theirs}");
        }
    }
}
