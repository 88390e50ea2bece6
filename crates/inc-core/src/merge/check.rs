//! The checks of a countermeasure: of two results one counts, and the other is kept among the earlier ones.

use serde_json::{Map, Value};

use super::three::{At, Three, Values, items};

const PARTS: [&str; 5] = ["how", "on", "result", "evidence", "by"];

/// Settles `check` and `earlier_checks` of a countermeasure that both sides changed; the rest is merged already.
pub(super) fn settle(three: &mut Three, at: &At, values: Values<'_>, merged: &mut Map<String, Value>) {
    let at = &at.key("check");
    let checks = values.map(|value| value.and_then(|value| value.get("check")));
    let mut earlier: Vec<Value> = items(merged.get("earlier_checks")).to_vec();
    if super::three::unilateral(checks).is_none() {
        let (counts, other) = two(three, at, checks);
        merged.insert("check".to_owned(), counts);
        earlier.extend(other);
    }
    let known = items(values[0].and_then(|value| value.get("earlier_checks")));
    let earlier = each_once(earlier, known, merged.get("check"));
    match earlier.is_empty() {
        true => merged.shift_remove("earlier_checks"),
        false => merged.insert("earlier_checks".to_owned(), Value::Array(earlier)),
    };
}

/// The check that counts, and the other result where there are two.
fn two(three: &mut Three, at: &At, [base, ours, theirs]: Values<'_>) -> (Value, Option<Value>) {
    let result = |check: Option<&Value>| check.and_then(|check| check.get("result")).is_some();
    match (result(ours), result(theirs)) {
        (true, true) => {
            let day = |check: Option<&Value>| check.and_then(|check| check.get("on")).map(Value::to_string);
            let text = |check: Option<&Value>| check.map(Value::to_string);
            let (counts, other) = match (day(ours), text(ours)) >= (day(theirs), text(theirs)) {
                true => (ours, theirs),
                false => (theirs, ours),
            };
            let (counts, other) = (counts.cloned().unwrap_or_default(), other.cloned().unwrap_or_default());
            let is_of_base = |check: &Value| base.is_some_and(|base| same_result(base, check));
            // The same check told in other words: the words are contested, there is no second result.
            if same_result(&counts, &other) || is_of_base(&other) && is_of_base(&counts) {
                return (apart(three, at, base, ours, theirs), None);
            }
            // The base's result, corrected on one side and followed by a new check on the other, is still a result.
            (counts, Some(other))
        }
        (true, false) => (beside(three, at, base, ours, theirs, 1), None),
        (false, true) => (beside(three, at, base, theirs, ours, 0), None),
        (false, false) => (apart(three, at, base, ours, theirs), None),
    }
}

/// Part by part.
fn apart(
    three: &mut Three,
    at: &At,
    base: Option<&Value>,
    ours: Option<&Value>,
    theirs: Option<&Value>,
) -> Value {
    let mut merged = Map::new();
    let has_result =
        [base, ours, theirs].map(|check| check.is_some_and(|check| check.get("result").is_some()));
    for part in PARTS {
        let values = [base, ours, theirs].map(|check| check.and_then(|check| check.get(part)));
        let value = match super::three::unilateral(values) {
            Some(plain) => plain.cloned(),
            // Both took a proof back, and one planned the next check: the other said nothing of that.
            None if has_result == [true, false, false] && values[1].is_none() => values[2].cloned(),
            None if has_result == [true, false, false] && values[2].is_none() => values[1].cloned(),
            None => three.leaf(&at.key(part), values[1], values[2]),
        };
        merged.extend(value.map(|value| (part.to_owned(), value)));
    }
    Value::Object(merged)
}

/// A check with its result beside what the other side changed about the plan of it: the result stands as it was told.
fn beside(
    three: &mut Three,
    at: &At,
    base: Option<&Value>,
    told: Option<&Value>,
    plan: Option<&Value>,
    lost: usize,
) -> Value {
    let part = |check: Option<&Value>, part: &str| check.and_then(|check| check.get(part)).cloned();
    let mut merged = told.and_then(Value::as_object).cloned().unwrap_or_default();
    for name in PARTS {
        let (was, has, other) = (part(base, name), part(told, name), part(plan, name));
        if other == was || other == has {
            continue;
        }
        match (name, &other) {
            // How it was to be checked, where whoever checked did not say otherwise.
            ("how", Some(how)) if has == was => drop(merged.insert(name.to_owned(), how.clone())),
            // A proof was taken back on that side; that is kept among the earlier checks there.
            (_, None) => {}
            _ => three.contest(at.key(name).shown(), has.as_ref(), other.as_ref(), lost),
        }
    }
    Value::Object(merged)
}

/// Whether two checks are one: of the same day, with the same result.
fn same_result(one: &Value, other: &Value) -> bool {
    ["on", "result"].iter().all(|part| one.get(part) == other.get(part))
}

/// Earlier checks without those that both sides put there, the oldest first; what counts is none of them.
fn each_once(earlier: Vec<Value>, known: &[Value], counts: Option<&Value>) -> Vec<Value> {
    let same = |one: &Value, other: &Value| PARTS.iter().all(|part| one.get(part) == other.get(part));
    let mut kept: Vec<Value> = vec![];
    for check in earlier {
        let is_known = |check: &Value| known.iter().any(|known| known.get("uid") == check.get("uid"));
        let uid = |check: &Value| check.get("uid").map(Value::to_string);
        let twin =
            kept.iter_mut().find(|other| same(other, &check) && !(is_known(other) && is_known(&check)));
        match twin {
            None => kept.push(check),
            Some(twin) => {
                // One uid of the two, the older one; and the reason, where one side gave one.
                let rank = |check: &Value| (!is_known(check), uid(check).is_none(), uid(check));
                let (mut stays, goes) =
                    if rank(&check) < rank(twin) { (check, twin.clone()) } else { (twin.clone(), check) };
                let reasons = [&stays, &goes].map(|check| check.get("superseded").cloned());
                let reason = reasons.into_iter().flatten().max_by_key(Value::to_string);
                if let (Some(map), Some(reason)) = (stays.as_object_mut(), reason) {
                    map.insert("superseded".to_owned(), reason);
                }
                *twin = stays;
            }
        }
    }
    kept.retain(|check| {
        let is_known = known.iter().any(|known| known.get("uid") == check.get("uid"));
        is_known || check.get("superseded").is_some() || !counts.is_some_and(|counts| same(counts, check))
    });
    // Of one day those of the base as they stood, then the rest by its content: in whatever order clones meet.
    kept.sort_by_cached_key(|check| {
        let of_base = known.iter().position(|known| known.get("uid") == check.get("uid"));
        (check.get("on").map(Value::to_string), of_base.unwrap_or(usize::MAX), uid_and_text(check))
    });
    kept
}

fn uid_and_text(check: &Value) -> (Option<String>, String) {
    (check.get("uid").map(Value::to_string), check.to_string())
}
