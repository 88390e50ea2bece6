//! Which item of an old list is which item of the new one.

use std::collections::{HashMap, HashSet, VecDeque};

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
    let movers = movers(before, after, &identical);
    let (gone, come): (HashSet<usize>, HashSet<usize>) = movers.iter().copied().unzip();
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (k, l) in identical.into_iter().chain([(before.len(), after.len())]) {
        // What stands elsewhere now did not become another item.
        let old = (i..k).filter(|i| !gone.contains(i));
        let new = (j..l).filter(|j| !come.contains(j)).collect();
        pair_gap(before, after, old, new, &mut pairs);
        if k < before.len() {
            pairs.push((k, l));
        }
        (i, j) = (k + 1, l + 1);
    }
    Alignment { pairs, moved: !movers.is_empty() }
}

/// The longest common subsequence by identity; among equals the one with more unchanged items.
fn common(before: &[Value], after: &[Value]) -> Vec<(usize, usize)> {
    let certain = |(a, b): &(&Value, &Value)| is_surely_same(a, b);
    let head = before.iter().zip(after).take_while(certain).count();
    let rest = before[head..].iter().rev().zip(after[head..].iter().rev());
    let tail = rest.take_while(certain).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let mut pairs: Vec<_> = (0..head).map(|i| (i, i)).collect();
    pairs.extend(middle(old, new).into_iter().map(|(i, j)| (head + i, head + j)));
    pairs.extend((0..tail).map(|k| (before.len() - tail + k, after.len() - tail + k)));
    pairs
}

/// The same for what is left between equal beginnings and ends.
fn middle(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    // The exact answer takes a table of this many cells; no timeline is changed at so many places.
    const MOST: usize = 4_000_000;
    if old.len().saturating_mul(new.len()) <= MOST { subsequence(old, new) } else { in_order(old, new) }
}

/// A common subsequence, perhaps not the longest, taken greedily by what identifies items.
fn in_order(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let mark = |value: &Value| match value {
        Value::Object(map) => map.get("uid").or_else(|| map.get("id")).unwrap_or(value).to_string(),
        other => other.to_string(),
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    for (j, value) in new.iter().enumerate().rev() {
        places.insert(mark(value), j);
    }
    let (mut pairs, mut next) = (Vec::new(), 0);
    for (i, value) in old.iter().enumerate() {
        if let Some(j) = places.get(&mark(value)).copied().filter(|j| *j >= next)
            && is_same(value, &new[j])
        {
            pairs.push((i, j));
            next = j + 1;
        }
    }
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
    old: impl Iterator<Item = usize>,
    mut new: VecDeque<usize>,
    pairs: &mut Vec<(usize, usize)>,
) {
    for i in old {
        if let Some(found) = new.iter().position(|j| may_become(&before[i], &after[*j])) {
            pairs.push((i, new[found]));
            new.drain(..=found);
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

/// The same, but not by a name alone, which two items may share.
fn is_surely_same(a: &Value, b: &Value) -> bool {
    let (Value::Object(x), Value::Object(y)) = (a, b) else {
        return a == b;
    };
    if has_id(x) || has_id(y) { is_same(a, b) } else { x == y }
}

/// Whether an item could have been edited into another: nothing that identifies them differs.
fn may_become(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let differs = |key: &&str| matches!((x.get(*key), y.get(*key)), (Some(a), Some(b)) if a != b);
            !["uid", "id", "name"].iter().any(differs)
        }
        (Value::Array(_), Value::Array(_)) => true,
        (a, b) => is_scalar(a) && is_scalar(b),
    }
}

/// The order of the old items, by their places in `before`, in which those that stay stand as in `after`; one that goes
/// stays behind its predecessor. `None` where they stand so already.
pub(super) fn rearranged(before: &[Value], after: &[Value]) -> Option<Vec<usize>> {
    let identical = common(before, after);
    let movers = movers(before, after, &identical);
    if movers.is_empty() {
        return None;
    }
    let mut place = vec![None; before.len()];
    for (i, j) in identical.into_iter().chain(movers) {
        place[i] = Some(j);
    }
    let mut order: Vec<usize> = (0..before.len()).filter(|i| place[*i].is_some()).collect();
    order.sort_by_key(|i| place[*i]);
    for i in (0..before.len()).filter(|i| place[*i].is_none()) {
        let after = i.checked_sub(1).and_then(|previous| order.iter().position(|other| *other == previous));
        order.insert(after.map_or(0, |at| at + 1), i);
    }
    (!order.is_sorted()).then_some(order)
}

/// Items that stand in both lists, but at another place among those of `identical`.
fn movers(before: &[Value], after: &[Value], identical: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (old, new): (HashSet<_>, HashSet<_>) = identical.iter().copied().unzip();
    let mut added: HashMap<Mark<'_>, VecDeque<usize>> = HashMap::new();
    for j in (0..after.len()).filter(|j| !new.contains(j)) {
        for mark in marks(&after[j]) {
            added.entry(mark).or_default().push_back(j);
        }
    }
    let mut taken = HashSet::new();
    let mut movers = Vec::new();
    for i in (0..before.len()).filter(|i| !old.contains(i)) {
        let mut first = None;
        for mark in marks(&before[i]) {
            let Some(places) = added.get_mut(&mark) else { continue };
            while places.front().is_some_and(|j| taken.contains(j)) {
                places.pop_front();
            }
            let found = places.iter().find(|j| !taken.contains(*j) && is_same(&before[i], &after[**j]));
            first = first.into_iter().chain(found.copied()).min();
        }
        if let Some(j) = first {
            taken.insert(j);
            movers.push((i, j));
        }
    }
    movers
}

/// What an item may be known by. Two that are the same, as `is_same` says, have one of these in common, so that not all
/// need to be compared with all.
#[derive(PartialEq, Eq, Hash)]
enum Mark<'v> {
    Uid(&'v Value),
    Id(&'v Value),
    Name(&'v Value),
    /// All but the ids.
    Rest(Map<String, Value>),
    Whole(&'v Value),
}

fn marks(value: &Value) -> Vec<Mark<'_>> {
    let Value::Object(map) = value else {
        return vec![Mark::Whole(value)];
    };
    let name = map.get("name").filter(|_| !has_id(map));
    let known = [map.get("uid").map(Mark::Uid), map.get("id").map(Mark::Id), name.map(Mark::Name)];
    known.into_iter().flatten().chain([Mark::Rest(without_ids(map))]).collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(before: Value, after: Value, pairs: &[(usize, usize)], moved: bool) {
        let (before, after) = (before.as_array().expect("a list"), after.as_array().expect("a list"));
        assert_eq!(align(before, after), Alignment { pairs: pairs.to_vec(), moved });
    }

    #[test]
    fn items_are_known_by_uid_id_content_or_name() {
        check(json!([{"uid": 1, "id": 1}]), json!([{"uid": 1, "id": 2}]), &[(0, 0)], false);
        check(json!([{"uid": 1, "id": 1}]), json!([{"uid": 2, "id": 1}]), &[], false);
        check(json!([{"id": 1}, {"id": 2}]), json!([{"id": 2, "a": 1}]), &[(1, 0)], false);
        check(json!([{"a": 1}, {"a": 2}]), json!([{"a": 0}, {"a": 2, "id": 9}]), &[(0, 0), (1, 1)], false);
        check(json!([{"name": 1, "a": 1}]), json!([{"name": 1, "a": 2}]), &[(0, 0)], false);
        check(json!([{"name": 1}]), json!([{"name": 2}]), &[], false);
        check(json!([1, 2, 3]), json!([1, 4, 3]), &[(0, 0), (1, 1), (2, 2)], false);
        check(json!([1, {"a": 1}]), json!([{"a": 2}]), &[(1, 0)], false);
        check(json!([1, 2]), json!([2, 1]), &[(1, 0)], true);
        check(json!([1, 2, 3]), json!([2, 1]), &[(1, 0)], true);
    }

    #[test]
    fn a_long_list_is_aligned_in_order() {
        let item = |n: usize| json!({"id": n, "text": n % 7});
        let before: Vec<_> = (0..3000).map(item).collect();
        let mut after: Vec<_> = (1..2999).map(item).collect();
        after[5]["text"] = json!("other");
        after.push(item(5000));
        let pairs: Vec<_> = (1..2999).map(|i| (i, i - 1)).collect();
        assert_eq!(align(&before, &after), Alignment { pairs, moved: false });
    }

    /// Items that share much, so that many are alike in one way or another.
    fn item() -> impl Strategy<Value = Value> {
        let few = || prop_oneof![4 => Just(None), 1 => (0..3).prop_map(Some), 1 => Just(Some(-1))];
        prop_oneof![
            1 => (0..3).prop_map(|n| json!(n)),
            1 => prop_oneof![Just(json!(0.0)), Just(json!(-0.0)), Just(json!([1])), Just(Value::Null)],
            6 => (few(), few(), few(), few(), any::<bool>()).prop_map(|(uid, id, name, a, turned)| {
                let mut parts = [("uid", uid), ("id", id), ("name", name), ("a", a)];
                if turned {
                    parts.reverse();
                }
                let parts = parts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?))));
                Value::Object(parts.collect())
            }),
        ]
    }

    proptest! {
        #[test]
        fn movers_are_those_that_comparing_all_with_all_finds(
            before in prop::collection::vec(item(), 0..12),
            after in prop::collection::vec(item(), 0..12),
        ) {
            for identical in [common(&before, &after), vec![]] {
                let (old, new): (HashSet<_>, HashSet<_>) = identical.iter().copied().unzip();
                let mut added: Vec<_> = (0..after.len()).filter(|j| !new.contains(j)).collect();
                let mut expected = Vec::new();
                for i in (0..before.len()).filter(|i| !old.contains(i)) {
                    if let Some(found) = added.iter().position(|j| is_same(&before[i], &after[*j])) {
                        expected.push((i, added.remove(found)));
                    }
                }
                prop_assert_eq!(movers(&before, &after, &identical), expected);
            }
        }
    }
}
