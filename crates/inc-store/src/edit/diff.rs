//! Which item of an old list is which item of the new one.

use serde_json::{Map, Value};

/// Old and new items that belong together, in order; all others were removed or added.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Alignment {
    pub(super) pairs: Vec<(usize, usize)>,
    /// Whether an item stands in both lists but at another place among its neighbours.
    pub(super) moved: bool,
}

/// Align two lists: by identity first, then what is left between two such pairs in order.
pub(super) fn align(before: &[Value], after: &[Value]) -> Alignment {
    let identical = common(before, after);
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (k, l) in identical.into_iter().chain([(before.len(), after.len())]) {
        pair_gap(before, after, (i, k), (j, l), &mut pairs);
        if k < before.len() {
            pairs.push((k, l));
        }
        (i, j) = (k + 1, l + 1);
    }
    let moved = has_moved(before, after, &pairs);
    Alignment { pairs, moved }
}

/// The longest common subsequence by identity; among equals the one with more unchanged items.
fn common(before: &[Value], after: &[Value]) -> Vec<(usize, usize)> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let rest = before[head..].iter().rev().zip(after[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let mut pairs: Vec<_> = (0..head).map(|i| (i, i)).collect();
    pairs.extend(subsequence(old, new).into_iter().map(|(i, j)| (head + i, head + j)));
    pairs.extend((0..tail).map(|k| (before.len() - tail + k, after.len() - tail + k)));
    pairs
}

fn subsequence(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    const UNCHANGED: u32 = 1;
    const SAME: u32 = 1_000_000;
    let weight = |i: usize, j: usize| match (&old[i], &new[j]) {
        (a, b) if !is_same(a, b) => 0,
        (a, b) if a == b => SAME + UNCHANGED,
        _ => SAME,
    };
    let weights: Vec<Vec<u32>> =
        (0..old.len()).map(|i| (0..new.len()).map(|j| weight(i, j)).collect()).collect();
    let mut best = vec![vec![0_u64; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let both = best[i + 1][j + 1] + u64::from(weights[i][j]);
            best[i][j] = both.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        let matched = weights[i][j] > 0;
        if matched && best[i][j] == best[i + 1][j + 1] + u64::from(weights[i][j]) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Pair what is left between two identical items: one was edited into the other.
fn pair_gap(
    before: &[Value],
    after: &[Value],
    (from, to): (usize, usize),
    (mut next, end): (usize, usize),
    pairs: &mut Vec<(usize, usize)>,
) {
    for i in from..to {
        if let Some(j) = (next..end).find(|j| may_become(&before[i], &after[*j])) {
            pairs.push((i, j));
            next = j + 1;
        }
    }
}

/// Whether two items are one and the same, perhaps edited.
fn is_same(a: &Value, b: &Value) -> bool {
    let (Value::Object(x), Value::Object(y)) = (a, b) else {
        return a == b;
    };
    for key in ["uid", "id"] {
        if let (Some(a), Some(b)) = (x.get(key), y.get(key)) {
            return a == b;
        }
    }
    if has_id(x) || has_id(y) {
        return without_ids(x) == without_ids(y);
    }
    match (x.get("name"), y.get("name")) {
        (Some(a), Some(b)) => a == b,
        _ => x == y,
    }
}

/// Whether an item could have been edited into another: nothing that identifies them differs.
fn may_become(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let differs = |key: &&str| matches!((x.get(*key), y.get(*key)), (Some(a), Some(b)) if a != b);
            !["uid", "id", "name"].iter().any(|key| differs(&key))
        }
        (Value::Array(_), Value::Array(_)) => true,
        (a, b) => is_scalar(a) && is_scalar(b),
    }
}

fn has_moved(before: &[Value], after: &[Value], pairs: &[(usize, usize)]) -> bool {
    let left = |i: &usize| !pairs.iter().any(|pair| pair.0 == *i);
    let added = |j: &usize| !pairs.iter().any(|pair| pair.1 == *j);
    let added: Vec<_> = (0..after.len()).filter(added).collect();
    (0..before.len()).filter(left).any(|i| added.iter().any(|j| is_same(&before[i], &after[*j])))
}

fn has_id(map: &Map<String, Value>) -> bool {
    map.contains_key("uid") || map.contains_key("id")
}

fn without_ids(map: &Map<String, Value>) -> Map<String, Value> {
    let others = map.iter().filter(|(key, _)| *key != "uid" && *key != "id");
    others.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}
